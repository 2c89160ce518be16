"""A number and its unit stand on one line, on the pages too."""

import pytest
from django.template import Context, Template

from diary.shown import together

from .conftest import back


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("caffeine of 70 mg", "caffeine of 70~mg"),
        ("28 × under a minute, 3 × longer", "28~×~under a minute, 3~×~longer"),
        ("days over 1.5 litres", "days over 1.5~litres"),
        ("8 h 30 sleep", "8~h 30~sleep"),
        ("Reviewed by 2. Mustermann", "Reviewed by 2.~Mustermann"),
        ("stress 3, no time", "stress 3, no time"),
    ],
)
def test_no_line_ends_between_a_number_and_its_unit(text, kept):
    assert together(text) == kept.replace("~", "\xa0")


def test_a_template_keeps_them_together_and_still_escapes():
    page = Template("{% load shown %}{{ said|together }}")
    assert page.render(Context({"said": "70 mg <b>"})) == "70\xa0mg &lt;b&gt;"


@pytest.mark.django_db
@pytest.mark.usefixtures("monday_evening")
def test_amounts_do_on_today_and_in_the_diary(page, write):
    write.know(back(1), caffeine_mg=70)
    for path in ("/today/", "/diary/"):
        assert "70\xa0mg" in page.get(path).content.decode()
