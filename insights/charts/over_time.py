"""A factor day by day, above the notes of the same days."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diary.days import days_after_on
from diary.factors import Factor

from .. import wording
from ..analysis.results import DaySummary, WeekReport
from ..analysis.series import DayStatus
from . import drawing
from .chart import Chart, Table
from .days import DOTS_AT_MOST, HIGHEST_DRAWN
from .drawing import CONTROL, INK_2, RULE, TALLEST, Part


def factor_over_time(report: WeekReport, factor: Factor) -> Chart:
    """A factor day by day above the notes of the same days; unknown days stay empty."""
    start = report.weeks[0].first
    known = [day for day in report.days if factor.key in day.factors]
    highest = max((day.notes for day in report.days), default=0)
    values = [day.factors[factor.key] for day in known]
    notes = _days_trace(report.days, start, highest)
    for trace in notes:
        trace["yaxis"] = "y2"
    figure = drawing.figure(
        [
            drawing.dots(
                [(day.day - start).days for day in known],
                values,
                symbol="diamond",
                color="var(--data-3)",
            ),
            *notes,
        ],
        xaxis={
            "range": [-0.7, 7 * len(report.weeks) - 0.3],
            "tickvals": [7 * n - 0.5 for n in range(len(report.weeks))],
            "ticktext": [drawing.short_day(week.first) for week in report.weeks],
            "ticklabelposition": "outside right",
            "anchor": "y2",
        },
        yaxis={
            "domain": [0.52, 1],
            "rangemode": "tozero",
            "nticks": 4,
            "showgrid": True,
            "gridcolor": RULE,
            "tickfont": {"color": INK_2},
            "automargin": True,
            **_answers_axis(factor),
        },
        yaxis2={
            "domain": [0, 0.44],
            "visible": False,
            "fixedrange": True,
            "range": [0.2, max(5, min(highest, HIGHEST_DRAWN)) + 0.8],
        },
        shapes=[drawing.upright(7 * n - 0.5) for n in range(1, len(report.weeks))],
        margin={"l": 34, "r": 4, "t": 6, "b": 24},
    )
    name = str(factor.name)
    return Chart(
        key=f"time-{factor.key}",
        figure=figure,
        height=TALLEST,
        caption=_(
            "%(factor)s: day by day above, and the notes of the same days below. It is known on "
            "%(known)s of %(days)s."
        )
        % {
            "factor": _with_unit(factor),
            "known": len(known),
            "days": days_after_on(len(report.days)),
        },
        legend=(
            ("diamond", name),
            ("dot", _("one note")),
            ("none", _("marked clear")),
            ("dash", _("left blank")),
        ),
        table=Table(
            _("%(factor)s and notes, day by day") % {"factor": name},
            (_("Day"), _with_unit(factor), _("Notes")),
            tuple(
                (
                    date_format(day.day, "DAY"),
                    wording.amount(factor, day.factors[factor.key])
                    if factor.key in day.factors
                    else _("not noted"),
                    _notes_of(day),
                )
                for day in reversed(report.days)
            ),
        ),
    )


def _days_trace(days: Sequence[DaySummary], start: date, highest: int) -> list[Part]:
    many = highest > DOTS_AT_MOST
    notes = [((d.day - start).days, n + 1) for d in days for n in range(d.notes)]
    clear = [(d.day - start).days for d in days if d.status is DayStatus.CLEAR]
    unknown = {DayStatus.BLANK, DayStatus.BREAK}
    blank = [(d.day - start).days for d in days if d.status in unknown and not d.notes]
    return [
        drawing.dots(
            [x for x, _ in notes],
            [min(y, HIGHEST_DRAWN) for _, y in notes],
            symbol="line-ew-open" if many else "circle",
            size=7 if many else 8,
        ),
        drawing.dots(clear, [1] * len(clear), symbol="circle-open", color=CONTROL),
        drawing.dots(blank, [1] * len(blank), symbol="line-ew-open", size=6, color=CONTROL),
    ]


def _answers_axis(factor: Factor) -> dict[str, Any]:
    """An axis with the answers of a factor in words; nothing for an amount or for numbered points.

    Stress has its numbers: its words are longer than a phone has room for.
    """
    if not factor.points or factor.key == "stress":
        return {}
    return {
        "tickvals": list(factor.points),
        "ticktext": [str(words) for words in factor.points.values()],
        "range": [factor.minimum - 0.5, factor.maximum + 0.5],
    }


def _notes_of(day: DaySummary) -> str:
    return {
        DayStatus.NOTES: str(day.notes),
        DayStatus.CLEAR: _("clear"),
        DayStatus.BLANK: _("blank"),
        DayStatus.BREAK: _("break"),
    }[day.status]


def _with_unit(factor: Factor) -> str:
    return f"{factor.name}, {factor.unit}" if factor.unit else str(factor.name)
