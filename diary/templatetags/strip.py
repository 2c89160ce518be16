"""The marks of a day strip, for templates: the list of the diary has hundreds of them."""

from typing import TYPE_CHECKING

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context

if TYPE_CHECKING:
    from ..strip import Mark

register = template.Library()


class Marks(Node):
    """A line for each mark. Their numbers are written as numbers: nothing else can get out."""

    def __init__(self, marks: FilterExpression, *, low: bool) -> None:
        self.marks = marks
        self.foot = 25 if low else 57
        self.low = low

    def render(self, context: Context) -> str:
        """The lines, one after the other."""
        return "".join(map(self._line, self.marks.resolve(context)))

    def _line(self, mark: "Mark") -> str:
        top = mark.low_top if self.low else mark.top
        return (
            f'<line class="mark" x1="{mark.x:g}%" x2="{mark.x:g}%" y1="{self.foot}" y2="{top:d}"/>'
        )


@register.tag
def marks(parser: Parser, token: Token) -> Marks:
    """`{% marks strip.marks %}`, or in the strip that is half as high `{% marks … low %}`."""
    name, given, *height = token.split_contents()
    if height not in ([], ["low"]):
        raise template.TemplateSyntaxError(f"{name} can be low, or nothing: {token.contents}")
    return Marks(parser.compile_filter(given), low=bool(height))
