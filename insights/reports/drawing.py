"""The days of a report as positions: values in, shapes out, for SVG and PDF alike."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..analysis.results import DaySummary, WeekCount
from ..analysis.series import DayStatus

WIDTH, HEIGHT = 720, 104
BASE = 94  # where the lowest dot stands
TOP = 22  # of the highest dot or bar; above it is room for a number, even a turned one
WIDEST_STEP = 13.2
DOTS_AT_MOST = 14  # a day; above, every day is a bar with its number
LABELS_AT_MOST = 13  # of weeks below the drawing
DIGIT = 6.4  # the width of one on a bar
DAYS_FOR_NOUGHT = 4  # kept, of a week without a note
DAILY_AT_MOST = 7  # calendar weeks; above, a week is one bar


@dataclass(frozen=True, slots=True)
class Dot:
    """One note, or a clear day as a ring."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A day or a week with its number on top."""

    x: float
    y: float
    width: float
    height: float
    notes: int

    @property
    def middle(self) -> float:
        """Where the number stands."""
        return round(self.x + self.width / 2, 1)

    @property
    def above(self) -> float:
        """Its base line."""
        return round(self.y - 3, 1)


@dataclass(frozen=True, slots=True)
class WeekMark:
    """A calendar week: its left edge, its width, and what was noted in it."""

    x: float
    width: float
    week: WeekCount
    first: date  # its first day in the report


@dataclass(frozen=True, slots=True)
class WeekLabel:
    """What stands below a week, or below the first of several; `room` is its share of the width."""

    mark: WeekMark
    room: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of a report from left to right."""

    daily: bool  # False: one bar a week
    radius: float
    dots: tuple[Dot, ...]
    rings: tuple[Dot, ...]
    dashes: tuple[Dot, ...]  # the middle of each: nothing is known
    bars: tuple[Bar, ...]
    turned: bool  # the numbers on the bars: side by side they have no room
    weeks: tuple[WeekMark, ...]
    labels: tuple[WeekLabel, ...]


def timeline(days: Sequence[DaySummary], weeks: Sequence[WeekCount]) -> Timeline:
    """Lay out the days; a long report shows weeks."""
    daily = len(weeks) <= DAILY_AT_MOST
    marks = _weeks(days, weeks, daily)
    if not daily:
        most = max((week.notes for week in weeks), default=0)
        known = [mark for mark in marks if _has_number(mark.week)]
        bars = tuple(_bar(m.x + m.width * 0.2, m.width * 0.6, m.week.notes, most) for m in known)
        dashes = tuple(
            Dot(round(mark.x + mark.width / 2, 1), BASE)
            for mark in marks
            if not _has_number(mark.week)
        )
        turned = _turned(bars, WIDTH / len(weeks))
        return Timeline(daily, 0, (), (), dashes, bars, turned, marks, _labels_below(marks))
    step = WIDTH / len(days)
    most = max((day.notes for day in days), default=0)
    places = [(round((n + 0.5) * step, 1), day) for n, day in enumerate(days)]
    as_bars = most > DOTS_AT_MOST
    apart = min(WIDEST_STEP, (BASE - TOP) / max(most - 1, 1))
    radius = round(min(5.6, apart * 0.45, step * 0.36), 1)
    bars = tuple(
        _bar(x - step * 0.32, step * 0.64, day.notes, most)
        for x, day in places
        if day.notes and as_bars
    )
    return Timeline(
        daily,
        radius,
        ()
        if as_bars
        else tuple(
            Dot(x, round(BASE - n * apart, 1)) for x, day in places for n in range(day.notes)
        ),
        tuple(Dot(x, BASE) for x, day in places if day.status is DayStatus.CLEAR),
        tuple(
            Dot(x, BASE)
            for x, day in places
            if day.status in (DayStatus.BLANK, DayStatus.BREAK) and not day.notes
        ),
        bars,
        _turned(bars, step),
        marks,
        tuple(WeekLabel(mark, round(mark.width / step)) for mark in marks),
    )


def _has_number(week: WeekCount) -> bool:
    """Whether a week tells enough for a nought: two days, or a break, are no week without any."""
    return week.notes > 0 or week.kept >= DAYS_FOR_NOUGHT


def _turned(bars: Sequence[Bar], step: float) -> bool:
    """Whether the longest number is wider than the room of a bar."""
    return max((len(str(bar.notes)) for bar in bars), default=0) * DIGIT > step - 1


def _labels_below(marks: Sequence[WeekMark]) -> tuple[WeekLabel, ...]:
    """As many as have room side by side."""
    every = max(1, -(-len(marks) // LABELS_AT_MOST))
    return tuple(
        WeekLabel(marks[n], min(every, len(marks) - n)) for n in range(0, len(marks), every)
    )


def _weeks(
    days: Sequence[DaySummary], weeks: Sequence[WeekCount], daily: bool
) -> tuple[WeekMark, ...]:
    """As wide as their days, or all alike."""
    firsts: dict[date, date] = {}
    lengths: Counter[date] = Counter()
    for day in days:
        monday = date.fromordinal(day.day.toordinal() - day.day.weekday())
        firsts.setdefault(monday, day.day)
        lengths[monday] += 1
    marks, x = [], 0.0
    for week in weeks:
        share = lengths[week.first] / len(days) if daily else 1 / len(weeks)
        marks.append(WeekMark(round(x, 1), round(WIDTH * share, 1), week, firsts[week.first]))
        x += WIDTH * share
    return tuple(marks)


def _bar(x: float, width: float, notes: int, most: int) -> Bar:
    height = round((BASE + 6 - TOP) * notes / most, 1) if most else 0
    return Bar(round(x, 1), round(BASE + 6 - height, 1), round(width, 1), height, notes)
