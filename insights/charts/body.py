"""Where the notes were."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.days import days_after_on
from diary.places import PLACES

from ..analysis.results import PlaceCount, WeekReport
from .chart import Bar, Row, RowsChart, Table

PLACES_DRAWN = 8
DOTS_AT_MOST = 40  # notes of one place drawn as dots; above, all places are bars


def places(report: WeekReport) -> RowsChart:
    """A row of dots for each place, one for each note; bars where a place has very many.

    The places noted most often are drawn; the table has them all.
    """
    everywhere = [(PLACES[place.place].name, place) for place in report.places]
    most = max(place.notes for _, place in everywhere)

    def row(name: str, place: PlaceCount) -> Row:
        told = _on_days(place.notes, place.days)
        if most > DOTS_AT_MOST:
            return Row(name, told, bar=Bar(0, round(100 * place.notes / most, 2)))
        return Row(name, told, dots="".join(f"M{n} 0h.001" for n in range(place.notes)))

    total = sum(place.notes for _, place in everywhere)
    top_name, top = everywhere[0]
    return RowsChart(
        key="places",
        rows=tuple(row(name, place) for name, place in everywhere[:PLACES_DRAWN]),
        caption=ngettext(
            "%(total)s note in six weeks, by place. %(place)s comes up most, on %(days)s.",
            "%(total)s notes in six weeks, by place. %(place)s comes up most, on %(days)s.",
            total,
        )
        % {"total": total, "place": top_name, "days": days_after_on(top.days)},
        table=Table(
            _("Notes by place"),
            (_("Place"), _("Notes"), _("Days")),
            tuple((name, str(place.notes), str(place.days)) for name, place in everywhere),
        ),
    )


def _on_days(notes: int, days: int) -> str:
    return _("%(notes)s on %(days)s") % {"notes": notes, "days": days_after_on(days)}
