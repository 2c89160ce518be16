"""At which hours the notes came."""

from collections.abc import Iterable
from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.shown import Clock, clock_text, hour_text

from ..analysis.results import WeekReport
from . import drawing
from .chart import Chart, Table
from .drawing import INK


def times_of_day(report: WeekReport, clock: str = Clock.H24.value) -> Chart:
    """Notes in eight three-hour blocks from 06:00, as dots in pairs with the number on top."""
    tallest = max(report.blocks)
    x = [block + 0.15 * (-1 if n % 2 == 0 else 1) for block, n in _each(report.blocks)]
    y = [n // 2 + 1 for _, n in _each(report.blocks)]
    rows = max(5, -(-tallest // 2))
    figure = drawing.figure(
        [drawing.dots(x, y, size=8 if rows <= 14 else 4)],
        xaxis={
            "range": [-0.6, 7.6],
            "tickvals": [-0.5, 1.5, 3.5, 5.5, 7.5],
            "ticktext": [hour_text(hour, clock) for hour in (6, 12, 18, 0, 6)],
        },
        yaxis={"visible": False, "range": [0.2, rows + 1.6]},
        annotations=[
            {
                "x": block,
                "y": -(-count // 2) + 0.95,
                "text": str(count),
                "showarrow": False,
                "font": {"color": INK, "size": 13},
            }
            for block, count in enumerate(report.blocks)
        ],
        margin={"l": 10, "r": 10, "t": 4, "b": 24},
    )
    total = sum(report.blocks)
    evening = report.blocks[4] + report.blocks[5]
    said = [
        _("Notes by three-hour blocks, over six weeks."),
        _("%(evening)s of %(total)s came between %(from)s and midnight.")
        % {"evening": evening, "total": total, "from": clock_text(time(18), clock)},
    ]
    if report.untimed:
        said.append(
            ngettext(
                "%(count)s note without a time is left out.",
                "%(count)s notes without a time are left out.",
                report.untimed,
            )
            % {"count": report.untimed}
        )
    said.append(_("Being still can make twitches easier to notice."))
    untimed = ((_("no time"), str(report.untimed)),) if report.untimed else ()
    return Chart(
        key="times",
        figure=figure,
        height=220,
        caption=" ".join(said),
        legend=(),
        table=Table(
            _("Notes by time of day"),
            (_("Time"), _("Notes")),
            tuple(
                (
                    f"{clock_text(time((6 + 3 * n) % 24), clock)} – "
                    f"{clock_text(time((9 + 3 * n) % 24), clock)}",
                    str(count),
                )
                for n, count in enumerate(report.blocks)
            )
            + untimed,
        ),
    )


def _each(blocks: Iterable[int]) -> list[tuple[int, int]]:
    return [(block, n) for block, count in enumerate(blocks) for n in range(count)]
