"""Tables, for templates: a week has hundreds of cells."""

from html import escape
from typing import TYPE_CHECKING

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context

if TYPE_CHECKING:
    from insights.charts.chart import Table

register = template.Library()


class TableCells(Node):
    """The head of a table, and a row for each of its rows; the first cell names its row."""

    def __init__(self, table: FilterExpression) -> None:
        self.table = table

    def render(self, context: Context) -> str:
        """Head and rows, every cell escaped."""
        table: Table = self.table.resolve(context)
        kind = ' class="n"' if table.numbers else ""
        first, *others = table.head
        head = "".join(f'<th scope="col"{kind}>{escape(cell)}</th>' for cell in others)
        rows = "".join(
            f'<tr><th scope="row">{escape(name)}</th>'
            + "".join(f"<td{kind}>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for name, *cells in table.rows
        )
        return (
            f'<thead><tr><th scope="col">{escape(first)}</th>{head}</tr></thead>'
            f"<tbody>{rows}</tbody>"
        )


@register.tag
def table_cells(parser: Parser, token: Token) -> TableCells:
    """`{% table_cells table %}`."""
    _, table = token.split_contents()
    return TableCells(parser.compile_filter(table))
