"""The rows of a table, for templates: a week has hundreds of cells."""

from collections.abc import Iterable, Sequence

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.utils.html import escape

register = template.Library()


class TableRows(Node):
    """A row for each; its first cell names it."""

    def __init__(self, rows: FilterExpression, numbers: FilterExpression) -> None:
        self.rows = rows
        self.numbers = numbers

    def render(self, context: Context) -> str:
        """All rows, every cell escaped."""
        start = '<td class="n">' if self.numbers.resolve(context) else "<td>"
        rows: Iterable[Sequence[str]] = self.rows.resolve(context)
        return "".join(
            f'<tr><th scope="row">{escape(name)}</th>'
            + "".join(f"{start}{escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for name, *cells in rows
        )


@register.tag
def table_rows(parser: Parser, token: Token) -> TableRows:
    """`{% table_rows table.rows table.numbers %}`."""
    _, rows, numbers = token.split_contents()
    return TableRows(parser.compile_filter(rows), parser.compile_filter(numbers))
