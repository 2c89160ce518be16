"""Six weeks of days side by side, in the page itself: it is there before a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from .. import wording
from ..analysis.results import DaySummary, WeekReport
from ..analysis.series import DayStatus
from . import drawing
from .chart import Table
from .drawing import AXIS, PITCH

HIGHEST_DRAWN = 30  # notes of one day that are stacked; above, its number says it
DOTS_AT_MOST = 12  # notes of one day drawn as dots; above, as thin ticks with the number on top
EXAMPLE = "2o1-3o1o12o1-41o-2o31oo1o2-12-1oo12o1o-o2o"  # six weeks of days


@dataclass(frozen=True, slots=True)
class Days:
    """Days side by side with their notes stacked, in the page itself: it is there before a script.

    Across and up are counted in days and notes; the drawing stretches, its dots do not.
    """

    across: int
    up: int
    stacks: str  # a path: where each note is
    blanks: str  # a path: where each blank day is
    rings: tuple[float, ...]  # clear days, in percent of the width
    ring_top: float  # in percent of the height
    weeks: tuple[tuple[float, str], ...]  # where each begins, in percent, and its day
    tinted: float  # where the last week begins, in days
    numbers: tuple[tuple[float, float, int], ...]  # notes of days with very many, in percent
    crowded: bool  # notes are thin lines


@dataclass(frozen=True, slots=True)
class DaysChart:
    """Days in the page itself, with everything that is said about them."""

    key: str
    days: Days
    height: int
    caption: str
    legend: tuple[tuple[str, str], ...]
    table: Table | None


def six_weeks(report: WeekReport) -> DaysChart:
    """One dot for each note, stacked by day; rings are clear days, dashes are blank ones."""
    days = _days_drawn(report.days, [week.first for week in report.weeks])
    return DaysChart(
        key="six-weeks",
        days=days,
        height=drawing.height(PITCH * min(days.up, DOTS_AT_MOST) + AXIS),
        caption=" ".join(
            filter(
                None,
                (
                    _("Every filled dot is one twitch you noted, stacked by day."),
                    _("The tinted week is this one."),
                    wording.trend(report),
                ),
            )
        ),
        legend=_days_legend(),
        table=Table(
            _("Notes and days for each week"),
            (
                _("Week"),
                _("Notes"),
                _("Days with notes"),
                _("Clear days"),
                _("Blank days"),
                _("Days on a break"),
            ),
            tuple(
                (
                    wording.span(week.first, week.first + timedelta(days=6)),
                    str(week.notes),
                    str(week.days_with_notes),
                    str(week.clear_days),
                    str(week.blank_days),
                    str(week.break_days),
                )
                for week in reversed(report.weeks)
            ),
        ),
    )


def example(monday: date) -> DaysChart:
    """The same of nobody: six made-up weeks, the last of which begins on this Monday."""
    start = monday - timedelta(weeks=5)
    unnoted = {"o": DayStatus.CLEAR, "-": DayStatus.BLANK}
    days = [
        DaySummary(
            start + timedelta(days=n),
            unnoted.get(kind, DayStatus.NOTES),
            0 if kind in unnoted else int(kind),
            {},
        )
        for n, kind in enumerate(EXAMPLE)
    ]
    return DaysChart(
        key="example",
        days=_days_drawn(days, [start + timedelta(weeks=n) for n in range(6)]),
        height=drawing.height(PITCH * 6 + AXIS),
        caption=_(
            "Made up: each filled dot is one note, stacked by day. The tinted week is the last."
        ),
        legend=_days_legend(),
        table=None,
    )


def _days_legend() -> tuple[tuple[str, str], ...]:
    return (
        ("dot", _("one note")),
        ("none", _("marked clear")),
        ("dash", _("left blank")),
    )


def _days_drawn(days: Sequence[DaySummary], weeks: Sequence[date]) -> Days:
    """`weeks` are the days on which they begin."""
    start = weeks[0]
    highest = max((day.notes for day in days), default=0)
    across, up = 7 * len(weeks), max(6, min(highest, HIGHEST_DRAWN))
    unknown = {DayStatus.BLANK, DayStatus.BREAK}
    crowded = highest > DOTS_AT_MOST
    # A dot is a line of no length with round ends, so that it stays round however wide the page.
    mark = "m-.35 0h.7" if crowded else "h.001"

    def at(day: DaySummary) -> int:
        return (day.day - start).days

    def stack(x: int, notes: int) -> str:
        return "".join([f"M{x} {up - n}{mark}" for n in range(1, min(notes, up) + 1)])

    def percent(days: float, notes: float) -> tuple[float, float]:
        return round(100 * (days + 0.5) / across, 2), round(100 * (up - notes + 0.5) / up, 2)

    return Days(
        across,
        up,
        stacks="".join(stack(at(day), day.notes) for day in days),
        blanks="".join(
            f"M{at(day)} {up - 1}m-.35 0h.7"
            for day in days
            if day.status in unknown and not day.notes
        ),
        rings=tuple(percent(at(day), 1)[0] for day in days if day.status is DayStatus.CLEAR),
        ring_top=percent(0, 1)[1],
        weeks=drawing.week_starts(weeks),
        tinted=across - 7.5,
        numbers=tuple(
            (*percent(at(day), min(day.notes, up)), day.notes)
            for day in days
            if day.notes > DOTS_AT_MOST
        ),
        crowded=crowded,
    )
