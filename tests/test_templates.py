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
    assert "autoescape off" not in source
    assert " style=" not in source
    for handler in (" onclick=", " onload=", " onerror=", " onsubmit=", "hx-on"):
        assert handler not in source
