"""What pages weigh on the wire, and which of them a browser may keep."""

import gzip
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.timezone import now

from config.offline import SHELLS
from diary.days import Week
from insights import sample
from tests.insights import sampled
from tests.insights.entries import note, running_day

ROOT = Path(__file__).resolve().parent.parent
PAGE = 15_000
LIBRARY = 400_000
OWN = ("today", "diary", "log", "insights", "report", "export", "settings", "factors", "medicines")
PLACES = ("calf-l", "eyelid-r", "thumb-l", "thigh-r", "calf-r", "foot-r", "back-shoulder-l")
FOR_EVERYBODY = ["learn", "advice", "worker", "manifest", *SHELLS]


def sent(body):
    return len(gzip.compress(body, 6))


@pytest.fixture
def visitor(client, db):
    """Somebody who looks around in the sample diary, once it is worked out."""
    client.post(reverse("sample-open"))
    sampled.ready(now())
    return client


@pytest.mark.parametrize("name", [*OWN, "learn", "claims", "suggestions", "advice", "more"])
def test_a_page_of_a_full_diary_is_light(visitor, name):
    answer = visitor.get(reverse(name))
    assert answer.status_code == 200
    assert sent(answer.content) <= PAGE


def test_a_comparison_is_light(visitor):
    week = Week.of(sample.ready(now()).diary.today(now())).shifted(-1)
    answer = visitor.get(reverse("insights-factor", args=(week, "caffeine")))
    assert answer.status_code == 200
    assert sent(answer.content) <= PAGE


def test_today_and_the_diary_stay_light_with_twelve_notes_on_each_day(page, alice):
    today = running_day(alice)
    for back in range(50):
        for hour in range(7, 19):
            note(alice, today - timedelta(days=back), PLACES[hour % 7], hour, 3 * hour)
    for name in ("today", "diary"):
        assert sent(page.get(reverse(name)).content) <= PAGE


def test_the_library_of_the_charts_is_light():
    listed = tomllib.loads((ROOT / "static/vendor/VENDOR.toml").read_text())["plotly"]
    (script,) = (name for name in listed["sha256"] if name.endswith(".js"))
    library = ROOT / "static/vendor" / listed["folder"] / script
    assert len(gzip.compress(library.read_bytes(), 9)) <= LIBRARY


@pytest.mark.parametrize("name", FOR_EVERYBODY)
def test_what_is_the_same_for_everybody_is_not_sent_twice(client, db, name):
    first = client.get(reverse(name))
    assert (first.status_code, first["Cache-Control"]) == (200, "no-cache")
    again = client.get(reverse(name), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["learn", "advice", *OWN])
def test_no_page_is_kept_of_somebody_who_is_signed_in(page, name):
    answer = page.get(reverse(name))
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer


def test_a_file_that_is_not_there_is_answered_by_a_page_that_is_not_kept_either(page):
    answer = page.get("/static/js/no-such.js")
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]
