"""The calendar of the diary: what kind of day each one is, and the weeks they stand in.

Pure: values in, values out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from .shown import WeekStart, week_starting

WEEKS = 6  # shown at a time, beside the running one
DAY = timedelta(days=1)
LEVELS = 4  # of the colours: 1, 2, 3, 4 or more notes, the same in every week


class Kind(StrEnum):
    """What a day is in calendar, filters and exports."""

    NOTES = "notes"
    CLEAR = "clear"
    BLANK = "blank"
    BREAK = "break"


def kind_of(notes: int, *, clear: bool, on_break: bool) -> Kind:
    """The kind of a day. A day on a break stays one whatever was noted: it is in no comparison."""
    if on_break:
        return Kind.BREAK
    if notes:
        return Kind.NOTES
    return Kind.CLEAR if clear else Kind.BLANK


@dataclass(frozen=True, slots=True)
class Span:
    """Whole weeks that are shown together, and where to leaf from them."""

    first: date  # on which this person's weeks start
    last: date  # on which they end, not before today when the running week is shown
    earlier: date | None  # the last day of the weeks before; None where the diary begins
    later: date | None  # the last day of the weeks after; None on the newest weeks

    @classmethod
    def ending(
        cls,
        to: date,
        today: date,
        begins: date | None,
        week_start: int = WeekStart.MONDAY.value,
    ) -> "Span":
        """The weeks up to the one that `to` is in.

        The newest span is the running week and the six before it, any other is six weeks. None
        starts before the week in which the diary `begins`; an empty diary shows this week only.
        """
        running = week_starting(today, week_start)
        shown = min(week_starting(to, week_start), running)
        newest = shown == running
        start = week_starting(begins or today, week_start)
        first = max(shown - (WEEKS if newest else WEEKS - 1) * 7 * DAY, min(start, shown))
        last = shown + 6 * DAY
        next_last = last + WEEKS * 7 * DAY
        # One week short of the running one: the newest span shows those weeks as well.
        if next_last >= running - DAY:
            next_last = today
        return cls(
            first=first,
            last=last,
            earlier=first - DAY if start < first else None,
            later=None if newest else next_last,
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the calendar."""

    day: date
    kind: Kind
    notes: int
    today: bool = False

    @property
    def level(self) -> int:
        """The step of the colour ramp, 0 without notes."""
        return min(self.notes, LEVELS)


@dataclass(frozen=True, slots=True)
class Row:
    """One week: seven places, None where the day is still to come."""

    first: date
    cells: tuple[Cell | None, ...]

    @property
    def kept(self) -> tuple[Cell, ...]:
        """Its days so far, oldest first."""
        return tuple(cell for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Tally:
    """A week in four numbers. Today counts only once something is noted for it."""

    notes: int
    days: int
    clear: int
    blank: int
    rest: int  # days on a break


def rows(span: Span, today: date, cell: Callable[[date], Cell]) -> tuple[Row, ...]:
    """The weeks of a span, oldest first. `cell` is asked for each day up to today."""
    return tuple(
        Row(
            first,
            tuple(
                cell(day) if day <= today else None
                for day in (first + number * DAY for number in range(7))
            ),
        )
        for first in _weeks(span)
    )


def tally(cells: Iterable[Cell]) -> Tally:
    """Count what a week holds."""
    known = [cell for cell in cells if not (cell.today and cell.kind is Kind.BLANK)]
    kinds = [cell.kind for cell in known]
    return Tally(
        notes=sum(cell.notes for cell in known),
        days=sum(cell.notes > 0 for cell in known),
        clear=kinds.count(Kind.CLEAR),
        blank=kinds.count(Kind.BLANK),
        rest=kinds.count(Kind.BREAK),
    )


def runs(
    cells: Iterable[Cell], alone: Callable[[date], bool]
) -> Iterator[tuple[Kind, tuple[Cell, ...]]]:
    """Neighbouring days with nothing on them as one, so that a quiet month is not a long list.

    `alone` says which days have something to show of their own; they come one by one.
    """
    counted = enumerate(cells)

    def together(item: tuple[int, Cell]) -> tuple[Kind, int]:
        place, cell = item
        quiet = cell.kind in (Kind.BLANK, Kind.BREAK) and not alone(cell.day)
        return cell.kind, -1 if quiet else place

    for (kind, _), members in groupby(counted, together):
        yield kind, tuple(cell for _, cell in members)


def _weeks(span: Span) -> Iterator[date]:
    first = span.first
    while first <= span.last:
        yield first
        first += 7 * DAY
