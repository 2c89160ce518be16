"""A figure and the pieces of one, as Plotly takes them in the browser.

Colours are names of style-sheet tokens; the browser puts the theme's values in their place.
"""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from django.utils.formats import date_format

NOTE = "var(--data-1)"
CONTROL = "var(--control)"
GREY = "var(--data-grey)"
RULE = "var(--rule)"
INK = "var(--ink)"
INK_2 = "var(--ink-2)"
ASLEEP = "var(--asleep)"

TALLEST = 220  # px; a phone shows a chart with its caption
HEIGHTS = range(60, TALLEST + 1, 20)  # px that the style sheet keeps free
PITCH = 11  # px from one dot to the one above it, so that a stack reads as one thing
AXIS = 30  # px for the words below a chart

# Plotly's Python classes check the same words, which took half of a page's time: the tests let
# them check every figure made here.
type Part = dict[str, Any]


def figure(traces: Sequence[Part], **layout: Any) -> Part:
    """A figure of these traces. `layout` is Plotly's; axes are bare unless it says otherwise."""
    axes = {
        name: {
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "ticks": "",
            "tickfont": {"color": INK_2, "size": 12},
        }
        | layout.pop(name, {})
        for name in ("xaxis", "yaxis")
    }
    return {
        "data": list(traces),
        "layout": {"margin": {"l": 4, "r": 4, "t": 6, "b": 24}, **axes, **layout},
    }


def dots(
    x: Sequence[float],
    y: Sequence[float],
    *,
    symbol: str = "circle",
    size: float = 8,
    color: str = NOTE,
) -> Part:
    """A mark at each place, `size` px across."""
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "markers",
        "cliponaxis": False,
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": color,
            "line": {"width": min(1.6, size / 4), "color": color},
        },
    }


def bar(**parts: Any) -> Part:
    """Lying bars; `parts` are Plotly's."""
    return {"type": "bar", "orientation": "h", **parts}


def line(
    x0: float, x1: float, y0: float, y1: float, color: str, *, width: float = 1, **more: Any
) -> Part:
    """A straight line between two places, `width` px thick; `more` is Plotly's."""
    line = {"color": color, "width": width}
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": line, **more}


def upright(x: float) -> Part:
    """A thin line from top to bottom, behind everything, as where a week begins."""
    return line(x, x, 0, 1, RULE, yref="paper", layer="below")


def box(x0: float, x1: float, color: str) -> Part:
    """A tint from top to bottom, behind everything, as over the hours of the night."""
    return {
        "type": "rect",
        "x0": x0,
        "x1": x1,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "fillcolor": color,
        "line": {"width": 0},
        "layer": "below",
    }


def row_words(y: float, text: str, side: str, color: str, *, weight: int = 400) -> Part:
    """Words at the left or right end of a row."""
    return {
        "x": 0 if side == "left" else 1,
        "xref": "paper",
        "xanchor": side,
        "y": y,
        "yref": "y",
        "yanchor": "middle",
        "text": escape(text, quote=False),  # Plotly takes some tags for markup
        "showarrow": False,
        "font": {"color": color, "size": 12, "weight": weight},
    }


def height(wanted: float) -> int:
    """The lowest height in px that the style sheet keeps free and that is enough, or the last."""
    return next((kept for kept in HEIGHTS if kept >= wanted), HEIGHTS[-1])


def week_starts(weeks: Sequence[date]) -> tuple[tuple[float, str], ...]:
    """Where each of these weeks begins, in percent of the width, and its day."""
    return tuple(
        (round(100 * n / len(weeks), 2), short_day(first)) for n, first in enumerate(weeks)
    )


def short_day(day: date) -> str:
    """A day as it stands below a drawing."""
    return date_format(day, "SHORT_DAY")
