"""The quiet view: no counts and no colours, and nothing else is gone."""

import re
from html import unescape

import pytest

from diary.models import Diary

from .conftest import TODAY, back

pytestmark = pytest.mark.usefixtures("monday_evening", "berlin")
COUNT = re.compile(r"\b([0-9]+|one)\s(more )?(notes?|clear days?|blank)\b", re.IGNORECASE)


@pytest.fixture
def kept(berlin, write):
    """Three days with something on them."""
    for hour in range(14):
        write.note(back(1), hour=6 + hour)
    write.note(TODAY)
    write.note(TODAY, place="calf-r")
    write.clear(back(2))
    return berlin


def words(response):
    """What a person reads, and what is read out."""
    html = response.content.decode()
    named = " ".join(re.findall(r'aria-label="([^"]*)"', html))
    return re.sub(r"[\s|]*\|[\s|]*", " | ", unescape(re.sub(r"<[^>]+>", " | ", html) + named))


@pytest.mark.parametrize(
    "path", ["/today/", "/diary/", "/diary/where/", f"/days/{back(1)}/", "/insights/"]
)
def test_a_quiet_view_counts_nothing(page, kept, path):
    loud = words(page.get(path))
    Diary.objects.of(kept).update(quiet=True)
    assert not COUNT.search(words(page.get(path))), path
    if path in ("/today/", "/diary/"):
        assert COUNT.search(loud)


def test_a_quiet_calendar_has_no_colours_and_still_says_which_days_have_notes(page, kept):
    Diary.objects.of(kept).update(quiet=True)
    html = page.get("/diary/").content.decode()
    assert not re.search(r'class="l[1-4]', html)
    assert html.count('class="some') == 2
    assert "Sunday 22 November: noted" in words(page.get("/diary/"))
    assert "Saturday 21 November: clear" in words(page.get("/diary/"))


def test_a_quiet_summary_is_shown_once_to_who_asks(page, kept):
    Diary.objects.of(kept).update(quiet=True)
    told = page.get("/insights/")
    assert "Your view is quiet" in words(told)
    assert "data-figure" not in told.content.decode()
    assert "Your view is quiet" not in words(page.get("/insights/?show=once"))


def test_notes_are_made_and_exported_as_ever_in_a_quiet_view(page, kept):
    before = page.get("/export/notes.csv").getvalue()
    Diary.objects.of(kept).update(quiet=True)
    assert page.get("/export/notes.csv").getvalue() == before
    assert "Left calf" in words(page.get("/today/"))
