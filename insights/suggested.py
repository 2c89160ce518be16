"""What becomes of suggestions: which stood on which page, and what the person said of each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache

from django.db import transaction

from diary import recording
from diary.kept import NOW, OWNER
from diary.models import User
from diary.questions import Question

from .models import Answer, Suggested


def aside(owner: User, now: datetime) -> set[str]:
    """The tips that are not to be shown now."""
    return {passage for (passage,) in _aside().ask(owner=owner.pk, now=now)}


@cache
def _aside() -> Question:
    return Question(Suggested.objects.of(OWNER).aside(NOW).values_list("passage"))


def remember(owner: User, shown: Mapping[date, Sequence[str]]) -> None:
    """Keep which tips stood on the pages of these weeks, each known by its Monday."""
    weeks: dict[str, list[date]] = defaultdict(list)
    for week, passages in shown.items():
        for passage in passages:
            weeks[passage].append(week)
    if not weeks:
        return
    rows = {row.passage: row for row in Suggested.objects.of(owner).filter(passage__in=weeks)}
    for passage, on in weeks.items():
        row = rows.setdefault(passage, Suggested(owner=owner, passage=passage))
        on += [week for week in (row.first_shown, row.last_shown) if week]
        row.first_shown, row.last_shown = min(on), max(on)
    Suggested.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["owner", "passage"],
        update_fields=["first_shown", "last_shown"],
    )


@transaction.atomic
def put_aside(owner: User, passage: str, answer: Answer, moment: datetime) -> None:
    """Keep what the person said of a tip; an empty answer brings it back. Raises ReadOnly."""
    recording.touch(owner, moment)
    Suggested.objects.update_or_create(
        owner=owner, passage=passage, defaults={"answer": answer, "answered_at": moment}
    )
