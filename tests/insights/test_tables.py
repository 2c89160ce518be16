"""Tables of pages."""

from django.template import Context, Engine

from insights.charts.chart import Table

ENGINE = Engine(libraries={"tables": "insights.templatetags.tables"})


def cells(*rows, head=("Factor", "Days"), numbers=True):
    source = "{% load tables %}{% table_cells table %}"
    table = Table("Caption", head, rows, numbers=numbers)
    return ENGINE.from_string(source).render(Context({"table": table}))


def test_the_first_cell_names_its_row_and_the_others_are_numbers_or_words():
    assert cells(("Stress", "3")) == (
        '<thead><tr><th scope="col">Factor</th><th scope="col" class="n">Days</th></tr></thead>'
        '<tbody><tr><th scope="row">Stress</th><td class="n">3</td></tr></tbody>'
    )
    assert cells(("Stress", "high"), numbers=False) == (
        '<thead><tr><th scope="col">Factor</th><th scope="col">Days</th></tr></thead>'
        '<tbody><tr><th scope="row">Stress</th><td>high</td></tr></tbody>'
    )


def test_what_somebody_named_is_shown_as_text():
    shown = cells(("<b>Tea</b>", "<i>3</i>"), head=("", "<u>Tea</u>"), numbers=False)
    assert "&lt;u&gt;Tea&lt;/u&gt;" in shown
    assert "&lt;b&gt;Tea&lt;/b&gt;" in shown
    assert "&lt;i&gt;3&lt;/i&gt;" in shown
    assert not any(tag in shown for tag in ("<b>", "<i>", "<u>"))
