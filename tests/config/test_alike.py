"""Pieces of pages that are the same for everybody."""

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils import translation

ENGINE = Engine(
    libraries={"alike": "config.templatetags.alike", "i18n": "django.templatetags.i18n"}
)


def shown(source, **page):
    return ENGINE.from_string("{% load alike i18n %}" + source).render(Context(page))


def test_a_piece_shows_nothing_of_the_page_but_what_it_names():
    source = (
        "{% alike place=place %}{{ place }}{{ note }}{{ request }}{{ csrf_token }}{% endalike %}"
    )
    page = {"place": "calf", "note": "hers", "request": "hers", "csrf_token": "hers"}
    assert shown(source, **page) == "calf"


def test_a_piece_is_made_anew_only_for_another_value_or_language():
    template = ENGINE.from_string(
        "{% load alike i18n %}{% alike make=make key=key %}"
        "{% translate 'Today' %} {{ make }}{% endalike %}"
    )

    class Make:
        made = 0

        def __str__(self):
            Make.made += 1
            return f"{Make.made}"

    make = Make()

    def page(language, key):
        with translation.override(language):
            return template.render(Context({"make": make, "key": key}))

    assert [page("en-gb", 1), page("en-gb", 1)] == ["Today 1", "Today 1"]
    assert page("en-gb", 2) == "Today 2"
    assert page("de", 1) == "Heute 3"
    assert [page("en-gb", 1), page("en-gb", 2), page("de", 1)] == ["Today 1", "Today 2", "Heute 3"]


def test_what_a_piece_is_given_is_escaped():
    assert shown("{% alike name=name %}{{ name }}{% endalike %}", name="<b>") == "&lt;b&gt;"


def test_a_piece_takes_values_by_name_only():
    with pytest.raises(TemplateSyntaxError):
        shown("{% alike place %}{% endalike %}")
