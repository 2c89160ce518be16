"""Figures of charts, for templates: a week has up to seven, which are thousands of numbers."""

from json import JSONEncoder
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import json_script

if TYPE_CHECKING:
    from insights.charts.drawing import Part

register = template.Library()


class AtOnce(JSONEncoder):
    """Ten times as fast as Django's own; texts may be lazy here too."""

    def encode(self, value: Any) -> str:
        """The value as JSON."""
        import msgspec  # with the first week that somebody looks at

        return msgspec.json.encode(value, enc_hook=str).decode()


@register.filter
def figure_for(figure: "Part", key: str) -> str:
    """`{{ chart.figure|figure_for:chart.key }}`: what the script draws in the place of this key."""
    return json_script(figure, f"{key}-figure", AtOnce)
