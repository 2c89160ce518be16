"""Tables of pages."""

from django.template import Context, Engine

ENGINE = Engine(libraries={"tables": "insights.templatetags.tables"})


def rows(given, *, numbers=True):
    source = "{% load tables %}{% table_rows given numbers %}"
    return ENGINE.from_string(source).render(Context({"given": given, "numbers": numbers}))


def test_the_first_cell_names_its_row_and_the_others_are_numbers_or_words():
    assert rows([("Stress", "3")]) == ('<tr><th scope="row">Stress</th><td class="n">3</td></tr>')
    assert rows([("Stress", "high")], numbers=False) == (
        '<tr><th scope="row">Stress</th><td>high</td></tr>'
    )


def test_what_somebody_named_is_shown_as_text():
    assert rows([("<b>Tea</b>", "<i>3</i>")], numbers=False) == (
        '<tr><th scope="row">&lt;b&gt;Tea&lt;/b&gt;</th><td>&lt;i&gt;3&lt;/i&gt;</td></tr>'
    )
