"""Every template can be read by Django, also one that no test shows."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR, "templates")
NAMES = sorted(
    str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*") if file.suffix in {".html", ".txt"}
)


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name):
    assert get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_template_marks_text_as_safe_or_carries_a_script(name):
    source = (FOLDER / name).read_text()
    assert "|safe" not in source
    # A letter is plain text: an address with an apostrophe stays as it is.
    assert "autoescape off" not in source or "/email/" in name
    assert " style=" not in source
    for handler in (" onclick=", " onload=", " onerror=", " onsubmit=", "hx-on"):
        assert handler not in source


def test_no_code_marks_text_as_safe_but_for_the_passages_that_we_wrote():
    marks = ("mark_safe", "SafeString", "SafeText", "format_html", "__html__")
    marking = {
        file.relative_to(FOLDER.parent).as_posix()
        for folder in ("config", "diary", "insights")
        for file in (FOLDER.parent / folder).rglob("*.py")
        if any(mark in file.read_text() for mark in marks)
    }
    assert marking == {"insights/knowledge/library.py"}


def test_no_script_of_ours_makes_markup_or_code_of_text():
    acts = (".innerHTML =", ".innerHTML +=", ".outerHTML", "insertAdjacentHTML", "document.write")
    acts += ("eval(", "new Function", "setTimeout('", 'setTimeout("')
    for file in (FOLDER.parent / "static" / "js").glob("*.js"):
        assert not [act for act in acts if act in file.read_text()], file.name
