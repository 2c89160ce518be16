"""At which hours the notes came."""

from collections.abc import Iterable
from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.shown import Clock, clock_text, hour_text

from ..analysis.results import WeekReport
from . import drawing
from .chart import Chart, Table
from .drawing import ASLEEP, AXIS, INK, PITCH, TALLEST


def times_of_day(report: WeekReport, clock: str = Clock.H24.value) -> Chart:
    """Notes in eight three-hour blocks from 06:00, as dots in pairs with the number on top."""
    tallest = max(report.blocks)
    across = [block + 0.13 * (-1 if n % 2 == 0 else 1) for block, n in _each(report.blocks)]
    up = [n // 2 + 1 for _, n in _each(report.blocks)]
    rows, above = max(4, -(-tallest // 2)), 20  # px for the numbers
    pitch = min(PITCH, (TALLEST - AXIS - above) / rows)
    height = drawing.height(pitch * rows + AXIS + above)
    figure = drawing.figure(
        [drawing.dots(across, up, size=min(8, max(3, round(pitch) - 1)))],
        xaxis={
            "range": [-0.6, 7.6],
            "tickvals": [-0.5, 1.5, 3.5, 5.5, 7.5],
            "ticktext": [hour_text(hour, clock) for hour in (6, 12, 18, 0, 6)],
        },
        yaxis={"visible": False, "range": [0.3, 0.3 + (height - AXIS) / pitch]},
        shapes=[
            drawing.box(5.17, 7.6, ASLEEP),
            drawing.box(-0.6, -0.17, ASLEEP),
        ],  # from 23:00 to 07:00
        annotations=[
            {
                "x": block,
                "y": -(-count // 2) + 0.5,
                "yanchor": "bottom",
                "text": str(count),
                "showarrow": False,
                "font": {"color": INK, "size": 13, "weight": 600},
            }
            for block, count in enumerate(report.blocks)
        ],
        margin={"l": 10, "r": 10, "t": 4, "b": AXIS - 4},
    )
    total = sum(report.blocks)
    evening = report.blocks[4] + report.blocks[5]
    said = [
        _("Notes by three-hour blocks, over six weeks; tinted hours are the night."),
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
        height=height,
        caption=" ".join(said),
        legend=(("dot", _("one note")), ("night", _("night"))),
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
