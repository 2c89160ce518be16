"""When each medicine and supplement was taken, below the same weeks as the notes."""

from django.utils.translation import gettext as _

from diary.days import span_in_words

from ..analysis.results import WeekReport
from ..analysis.series import Course
from . import drawing
from .chart import Bar, Row, RowsChart, Table

COURSES_DRAWN = 8  # medicines and supplements; the table has them all


def courses(report: WeekReport) -> RowsChart:
    """A bar for each medicine and supplement over the six weeks; open ends run to the edge."""
    weeks = [week.first for week in report.weeks]
    reach = 7 * len(weeks)

    def bar(course: Course) -> Bar:
        begin = max((course.first - weeks[0]).days, 0) if course.first else 0
        end = min((course.last - weeks[0]).days + 1, reach) if course.last else reach
        return Bar(round(100 * begin / reach, 2), round(100 * (end - begin) / reach, 2))

    return RowsChart(
        key="courses",
        rows=tuple(
            Row(
                course.name,
                span_in_words(course.first, course.last, "SHORT_DAY_AND_YEAR"),
                bar=bar(course),
            )
            for course in report.courses[:COURSES_DRAWN]
        ),
        weeks=drawing.week_starts(weeks),
        caption=_(
            "What was on your list in these weeks. It is shown beside your notes and never "
            "compared with them."
        ),
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
