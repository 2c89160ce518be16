"""Passwords that are refused beyond Django's own list: those that everybody here tries first.

And those that leaked elsewhere, where whoever runs the server has a list of them. No service is
asked about a password.
"""

import hashlib
import re
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Of what this product is about; the names of the site are added.
WORDS = ["muscle", "twitches", "twitch", "fasciculation", "diary", "tagebuch", "muskel"]
LETTERS_OF_ONES_OWN = 4


class NotTheNameOfThisPlace:
    """Refuses a password that is hardly more than names of this site and what it is about."""

    def validate(self, password: str, user: Any = None) -> None:
        """Say no where too few letters stay once those words are taken out."""
        rest = password.lower()
        for word in _words():
            rest = rest.replace(word, "")
        if rest != password.lower() and len(re.sub(r"[\W\d_]", "", rest)) < LETTERS_OF_ONES_OWN:
            raise ValidationError(self.get_help_text(), code="name_of_this_place")

    def get_help_text(self) -> str:
        """What to do instead."""
        return _("This is hardly more than a name of this site. Add a few words of your own.")


class NotLeaked:
    """Refuses a password whose hash stands in the operator's file of passwords that leaked.

    One SHA-1 hash in upper case begins each line, in order, as the lists for download have it.
    They are of many gigabytes, so that a few lines are read and never the whole.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Say no to a password that is in it."""
        if settings.LEAKED_PASSWORDS is None:
            return
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        with settings.LEAKED_PASSWORDS.open("rb") as lines:
            if _first_from(lines, digest.encode()).startswith(digest.encode()):
                raise ValidationError(self.get_help_text(), code="leaked")

    def get_help_text(self) -> str:
        """What to do instead."""
        return _("This password is known from a leak elsewhere. Choose another one.")


def _first_from(lines: IO[bytes], wanted: bytes) -> bytes:
    """The first line, of lines in order, that does not come before what is wanted."""
    low, high = 0, lines.seek(0, 2)  # every line that begins before low comes before it
    while low < high:
        middle = (low + high) // 2
        lines.seek(max(0, middle - 1))
        if middle:
            lines.readline()  # the rest of a line that began before the middle
        line = lines.readline()
        if line and line < wanted:
            low = lines.tell()
        else:
            high = middle
    lines.seek(low)
    return lines.readline()


def _words() -> list[str]:
    """The longest first, so that no part of a longer one stays behind."""
    hosts = [part for host in settings.ALLOWED_HOSTS for part in host.lower().split(".")]
    names = [settings.SITE_NAME.lower(), *(part for part in hosts if len(part) > 3), *WORDS]
    return sorted(names, key=len, reverse=True)
