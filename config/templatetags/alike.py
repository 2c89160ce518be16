"""Pieces of a page that are the same for everybody."""

from collections.abc import Mapping

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.translation import get_language

register = template.Library()


class Alike(Node):
    """A piece that is made once for each language and for each of the values that it names.

    It sees these values and nothing else of the page, not even the request. So what is kept of it
    can say nothing of a person; a form in it would have no token.
    """

    def __init__(self, nodelist: NodeList, given: Mapping[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.given = given
        self.made: dict[tuple[object, ...], str] = {}

    def render(self, context: Context) -> str:
        """The piece, from memory when it was made before."""
        values = {name: value.resolve(context) for name, value in self.given.items()}
        key = (get_language(), *values.values())
        if (made := self.made.get(key)) is None:
            alone = Context(values, context.autoescape, context.use_l10n)
            with alone.bind_template(context.template):  # type: ignore[arg-type]
                made = self.made[key] = self.nodelist.render(alone)
        return made


@register.tag
def alike(parser: Parser, token: Token) -> Alike:
    """`{% alike %}…{% endalike %}`, or with all that it may show: `{% alike icon=name %}`.

    The values must be few and the same for everybody, such as keys of places or names of pages.
    """
    name, *bits = token.split_contents()
    given = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"{name} takes values by name only: {token.contents}")
    nodelist = parser.parse(("endalike",))
    parser.delete_first_token()
    return Alike(nodelist, given)
