"""What a person kept, day by day: notes, the day's own row and breaks, read together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet, Subquery

from .calendar import Kind, kind_of
from .factors import COLUMNS
from .models import Break, Day, Diary, Twitch, User


@dataclass(frozen=True, slots=True)
class KeptDay:
    """One diary day. `row` is None where nothing but notes, or nothing, was written."""

    day: date
    notes: tuple[Twitch, ...]  # by time; those without a time last
    row: Day | None
    on_break: bool

    @property
    def kind(self) -> Kind:
        """What the day is in calendar, filters and exports."""
        clear = self.row is not None and self.row.clear
        return kind_of(len(self.twitches), clear=clear, on_break=self.on_break)

    @property
    def twitches(self) -> tuple[Twitch, ...]:
        """Its notes without cramps and tremors: what is counted and drawn."""
        return tuple(note for note in self.notes if note.is_twitch)

    @property
    def values(self) -> dict[str, int | None]:
        """The day's factors in stored units, by column."""
        return self.row.stored_factors() if self.row else dict.fromkeys(COLUMNS)

    @property
    def words(self) -> str:
        """The day's own words."""
        return self.row.words if self.row else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read of a span of days."""

    notes: dict[date, list[Twitch]]
    rows: dict[date, Day]
    breaks: Sequence[Break]
    removed: tuple[Twitch, ...]  # can still be brought back; the latest removed first

    def on(self, day: date) -> KeptDay:
        """One day of the span."""
        return KeptDay(
            day, tuple(self.notes.get(day, ())), self.rows.get(day), is_rest(self.breaks, day)
        )


def between(owner: User, first: date, last: date, now: datetime) -> Kept:
    """Read the days first to last, both included, and the notes removed lately, in three reads."""
    notes: dict[date, list[Twitch]] = defaultdict(list)
    removed = []
    shown = Twitch.objects.of(owner).within(first, last)
    for twitch in shown.union(Twitch.objects.removed_by(owner, now), all=True):
        if twitch.removed_at:
            removed.append(twitch)
        else:
            notes[twitch.day].append(twitch)
    for day in notes.values():
        day.sort(key=lambda note: (note.started_at is None, note.started_at or note.created_at))
    removed.sort(key=lambda note: str(note.removed_at), reverse=True)
    return Kept(
        notes,
        {row.day: row for row in Day.objects.of(owner).within(first, last)},
        breaks_between(owner, first, last),
        tuple(removed),
    )


def begins(owner: User) -> date | None:
    """The first day with anything written on it; None for an empty diary."""
    first_days = Diary.objects.of(owner).values_list(
        Subquery(Twitch.objects.of(owner).order_by("day").values("day")[:1]),
        Subquery(written(Day.objects.of(owner)).order_by("day").values("day")[:1]),
    )
    return min((day for days in first_days for day in days if day), default=None)


def written(days: QuerySet[Day]) -> QuerySet[Day]:
    """Days that say something: a clear mark, a factor or words."""
    known = reduce(or_, (Q(**{f"{column}__isnull": False}) for column in COLUMNS))
    return days.filter(Q(clear=True) | ~Q(words="") | ~Q(more={}) | known)


def breaks_between(owner: User, first: date, last: date) -> list[Break]:
    """Breaks that touch the days first to last."""
    return list(Break.objects.of(owner).filter(first__lte=last, last__gte=first))


def is_rest(breaks: Iterable[Break], day: date) -> bool:
    """Whether the day lies in a break."""
    return any(rest.first <= day <= rest.last for rest in breaks)
