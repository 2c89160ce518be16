"""A diary in plain counts: per week, per place, per hour. No model, no estimate."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol

from .results import DaySummary, PlaceCount, WeekCount
from .series import DayRecord, DayStatus

WEEKS_SHOWN = 6
BLOCK_MINUTES = 180
FIRST_BLOCK = 6 * 60  # the blocks of the day are counted from 06:00


def shown(days: Sequence[DayRecord], first: date) -> tuple[DayRecord, ...]:
    """The days of the six weeks that end with the week of `first`, a Monday."""
    start = first - timedelta(weeks=WEEKS_SHOWN - 1)
    end = first + timedelta(days=6)
    return tuple(day for day in days if start <= day.day <= end)


class Dated(Protocol):
    """Something with a first and a last day."""

    @property
    def first(self) -> date | None:
        """None: since when is not known."""

    @property
    def last(self) -> date | None:
        """None: it goes on."""


def taken[One: Dated](courses: Iterable[One], first: date, last: date) -> tuple[One, ...]:
    """What was taken on any of these days, as far as is known, in the order given."""
    return tuple(
        course
        for course in courses
        if (course.first is None or course.first <= last)
        and (course.last is None or course.last >= first)
    )


def summaries(days: Iterable[DayRecord]) -> tuple[DaySummary, ...]:
    """Each day as the charts draw it."""
    return tuple(DaySummary(day.day, day.status, len(day.notes), dict(day.factors)) for day in days)


def count_weeks(days: Iterable[DayRecord]) -> tuple[WeekCount, ...]:
    """Count by week, oldest first. Each day is of one kind; what has not come yet is none."""
    by_week: dict[date, list[DayRecord]] = {}
    for day in days:
        by_week.setdefault(day.day - timedelta(days=day.day.weekday()), []).append(day)
    return tuple(_count_week(first, of_week) for first, of_week in by_week.items())


def _count_week(first: date, days: Sequence[DayRecord]) -> WeekCount:
    kinds = Counter(day.status for day in days)
    return WeekCount(
        first=first,
        notes=sum(len(day.notes) for day in days),
        days_with_notes=kinds[DayStatus.NOTES],
        clear_days=kinds[DayStatus.CLEAR],
        blank_days=kinds[DayStatus.BLANK],
        break_days=kinds[DayStatus.BREAK],
    )


def count_places(days: Iterable[DayRecord]) -> tuple[PlaceCount, ...]:
    """How often each place was noted, most often first."""
    notes: Counter[str] = Counter()
    on_days: Counter[str] = Counter()
    for day in days:
        notes.update(note.place for note in day.notes)
        on_days.update({note.place for note in day.notes})
    return tuple(
        PlaceCount(place, notes[place], on_days[place])
        for place in sorted(notes, key=lambda place: (-notes[place], place))
    )


def count_blocks(days: Iterable[DayRecord]) -> tuple[tuple[int, ...], int]:
    """Notes in eight three-hour blocks from 06:00, and how many have no time."""
    blocks = [0] * (24 * 60 // BLOCK_MINUTES)
    untimed = 0
    for day in days:
        for note in day.notes:
            if note.minute is None:
                untimed += 1
            else:
                blocks[(note.minute - FIRST_BLOCK) % (24 * 60) // BLOCK_MINUTES] += 1
    return tuple(blocks), untimed
