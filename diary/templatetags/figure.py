"""The drawn body, for templates."""

from collections.abc import Collection

from django import template

from .. import figure
from ..places import PLACES

register = template.Library()

VIEWS = {"front": figure.FRONT, "back": figure.BACK, "face": figure.FACE}


@register.simple_tag
def regions(view: str) -> tuple[figure.Shape, ...]:
    """The regions of a view: front, back or face."""
    return figure.shapes(VIEWS[view])


@register.filter
def holds(chosen: Collection[str] | None, place: str) -> bool:
    """Whether a place is one of those that are chosen."""
    return place in (chosen or ())


@register.inclusion_tag("_mini_figure.html")
def mini_figure(place: str) -> dict[str, object]:
    """The small figure with one place marked."""
    spot = figure.spot(PLACES[place])
    return {"place": place, "spot": spot, "half": figure.half(spot.view)}
