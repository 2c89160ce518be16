"""What becomes of suggestions: which stood on which page, and what the person said of each."""

from datetime import date, datetime

from django.db import transaction

from diary import recording
from diary.models import User

from .models import Answer, Suggested


def remember(owner: User, passages: list[str], week: date) -> None:
    """Keep that these tips stood on the page of the week that began on this Monday."""
    for passage in passages:
        row, _created = Suggested.objects.get_or_create(owner=owner, passage=passage)
        Suggested.objects.filter(pk=row.pk).update(
            first_shown=min(row.first_shown or week, week),
            last_shown=max(row.last_shown or week, week),
        )


@transaction.atomic
def put_aside(owner: User, passage: str, answer: Answer, moment: datetime) -> None:
    """Keep what the person said of a tip; an empty answer brings it back. Raises ReadOnly."""
    recording.touch(owner, moment)
    Suggested.objects.update_or_create(
        owner=owner, passage=passage, defaults={"answer": answer, "answered_at": moment}
    )
