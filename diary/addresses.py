"""Where a note is. Lists say it for each line, and Django takes long to put an address together."""

from functools import cache
from uuid import UUID

from django.urls import reverse

NO_NOTE = UUID(int=0)


def of_note(note: UUID, name: str = "note") -> str:
    """The page of a note, or what else is named, such as "note-remove"."""
    return _of_no_note(name).replace(str(NO_NOTE), str(note))


@cache
def _of_no_note(name: str) -> str:
    return reverse(name, args=[NO_NOTE])
