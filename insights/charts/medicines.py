"""When each medicine and supplement was taken, below the same weeks as the notes."""

from django.utils.translation import gettext as _

from diary.days import span_in_words

from ..analysis.results import WeekReport
from . import drawing
from .chart import Chart, Table
from .drawing import CONTROL, GREY, INK, INK_2

COURSES_DRAWN = 8  # medicines and supplements; the table has them all


def courses(report: WeekReport) -> Chart:
    """A bar for each medicine and supplement over the six weeks; open ends run off the edge."""
    start = report.weeks[0].first
    reach = 7 * len(report.weeks)
    shown = report.courses[:COURSES_DRAWN]
    bars = [
        (
            row,
            -0.7 if course.first is None else max((course.first - start).days - 0.45, -0.7),
            reach - 0.3
            if course.last is None
            else min((course.last - start).days + 0.45, reach - 0.3),
        )
        for row, course in enumerate(shown)
    ]
    figure = drawing.figure(
        [
            drawing.bar(
                x=[end - begin for _row, begin, end in bars],
                base=[begin for _row, begin, _end in bars],
                y=[-row for row, _begin, _end in bars],
                width=0.2,
                marker={
                    "color": [GREY if course.supplement else CONTROL for course in shown],
                    "cornerradius": 4,
                },
            )
        ],
        xaxis={
            "range": [-0.7, reach - 0.3],
            "tickvals": [7 * n - 0.5 for n in range(len(report.weeks))],
            "ticktext": [drawing.short_day(week.first) for week in report.weeks],
            "ticklabelposition": "outside right",
        },
        yaxis={"visible": False, "range": [-len(shown) + 0.6, 0.75]},
        annotations=[
            words
            for row, course in enumerate(shown)
            for words in (
                drawing.row_words(-row + 0.4, course.name, "left", INK, size=13),
                drawing.row_words(
                    -row + 0.4,
                    span_in_words(course.first, course.last, "SHORT_DAY_AND_YEAR"),
                    "right",
                    INK_2,
                ),
            )
        ],
        shapes=[drawing.upright(7 * n - 0.5) for n in range(1, len(report.weeks))],
    )
    return Chart(
        key="courses",
        figure=figure,
        height=drawing.height(44 * len(shown) + 30),
        caption=_(
            "What was on your list in these weeks. It is shown beside your notes and never "
            "compared with them."
        ),
        legend=(),
        table=Table(
            _("Medicines and supplements of these weeks"),
            (_("Name"), _("What it is"), _("When")),
            tuple(
                (
                    course.name,
                    _("Supplement") if course.supplement else _("Medicine"),
                    span_in_words(course.first, course.last, "SHORT_DAY_AND_YEAR"),
                )
                for course in report.courses
            ),
            numbers=False,
        ),
    )
