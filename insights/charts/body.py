"""Where the notes were."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.days import days_after_on
from diary.places import PLACES

from ..analysis.results import WeekReport
from . import drawing
from .chart import Chart, Table
from .drawing import INK, INK_2, NOTE

PLACES_DRAWN = 8
ROWS_OF_DOTS = 40  # notes of one place drawn as dots; above, as a bar


def places(report: WeekReport) -> Chart:
    """A row of dots for each place, one for each note; more than forty become a bar.

    The places noted most often are drawn; the table has them all.
    """
    rows = [(PLACES[place.place].name, place) for place in report.places[:PLACES_DRAWN]]
    everywhere = [(PLACES[place.place].name, place) for place in report.places]
    reach = max(20, min(ROWS_OF_DOTS, max(place.notes for _, place in rows)))
    dots = [
        (n + 0.5, -row)
        for row, (_name, place) in enumerate(rows)
        if place.notes <= ROWS_OF_DOTS
        for n in range(place.notes)
    ]
    bars = [(row, reach) for row, (_name, place) in enumerate(rows) if place.notes > ROWS_OF_DOTS]
    figure = drawing.figure(
        [
            drawing.dots([x for x, _ in dots], [y for _, y in dots], size=8),
            drawing.bar(
                x=[x for _, x in bars],
                y=[-row for row, _ in bars],
                width=0.22,
                marker={"color": NOTE, "cornerradius": 4},
            ),
        ],
        xaxis={"visible": False, "range": [-0.1, reach + 0.5]},
        yaxis={"visible": False, "range": [-len(rows) + 0.55, 0.75]},
        annotations=[
            words
            for row, (name, place) in enumerate(rows)
            for words in (
                drawing.row_words(-row + 0.42, name, "left", INK, size=13),
                drawing.row_words(-row + 0.42, _on_days(place.notes, place.days), "right", INK_2),
            )
        ],
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
    )
    total = sum(place.notes for _, place in everywhere)
    top_name, top = rows[0]
    return Chart(
        key="places",
        figure=figure,
        height=drawing.height(44 * len(rows)),
        caption=ngettext(
            "%(total)s note in six weeks, by place. %(place)s comes up most, on %(days)s.",
            "%(total)s notes in six weeks, by place. %(place)s comes up most, on %(days)s.",
            total,
        )
        % {"total": total, "place": top_name, "days": days_after_on(top.days)},
        legend=(),
        table=Table(
            _("Notes by place"),
            (_("Place"), _("Notes"), _("Days")),
            tuple((name, str(place.notes), str(place.days)) for name, place in everywhere),
        ),
    )


def _on_days(notes: int, days: int) -> str:
    return _("%(notes)s on %(days)s") % {"notes": notes, "days": days_after_on(days)}
