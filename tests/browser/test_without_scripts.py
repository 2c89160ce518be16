"""A browser that runs no scripts: every action is a link or a form."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diary.models import Day, Diary, Twitch

from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plain(browse, page):
    """Alice's phone without scripts."""
    own = browse(PHONE, page, java_script_enabled=False)
    own.set_default_timeout(15_000)
    return own


def pressed(plain, name, **how):
    """Press a button and see the page that it leads to."""
    with plain.expect_navigation():
        plain.get_by_role("button", name=name, **how).first.click()


def test_a_usual_twitch_is_noted_taken_back_and_put_back(plain, alice):
    plain.goto("/today/")
    with plain.expect_navigation():
        plain.locator("#tile-calf-l").click()
    expect(plain.locator(".noted .entry")).to_have_count(1)
    assert Twitch.objects.of(alice).get().place == "calf-l"
    pressed(plain, "Undo")
    assert not Twitch.objects.of(alice).exists()
    pressed(plain, "Put back")
    assert Twitch.objects.of(alice).count() == 1


def test_a_clear_day_is_marked_and_taken_back(plain, alice):
    plain.goto("/today/")
    pressed(plain, "No twitches today")
    assert Day.objects.get(owner=alice).clear
    pressed(plain, "Marked: no twitches today")
    assert not Day.objects.get(owner=alice).clear


def test_each_factor_of_the_day_is_noted(plain, alice):
    plain.goto("/today/")
    pressed(plain, "One coffee more")
    plain.goto("/today/")
    plain.locator("#sleep").fill("6:30")
    with plain.expect_navigation():
        plain.locator("#sleep").press("Enter")
    plain.goto("/today/")
    plain.locator("#stress-4").check(force=True)
    pressed(plain, "Save: Stress")
    day = Day.objects.get(owner=alice)
    assert (day.caffeine_mg, day.sleep_minutes, day.stress) == (90, 390, 4)


def test_a_place_from_the_list_is_noted_with_its_words_and_refused_without_a_place(plain, alice):
    plain.goto("/log/")
    plain.locator("summary", has_text="A few words").click()
    plain.locator("#words").fill("after a run")
    pressed(plain, "Save note")
    expect(plain.get_by_role("alert")).to_contain_text("Choose where you felt it")
    expect(plain.locator("#words")).to_have_value("after a run")
    plain.locator(".place-fold summary").click()
    plain.locator(".place-fold [value=shin-r]").check(force=True)
    pressed(plain, "Save note")
    note = Twitch.objects.of(alice).get()
    assert (note.place, note.words) == ("shin-r", "after a run")


def test_settings_are_saved_and_a_break_is_taken(plain, alice):
    plain.goto("/settings/")
    plain.locator("#theme [value=dark]").check(force=True)
    plain.locator("#bedside_from").select_option("21")
    pressed(plain, "Save", exact=True)
    diary = Diary.objects.get(owner=alice)
    assert (diary.theme, diary.bedside_from) == ("dark", 21)
    plain.locator("#until").fill((diary.today(timezone.now()) + timedelta(days=3)).isoformat())
    pressed(plain, "Take a break")
    expect(plain.locator("body")).to_contain_text("You are taking a break until")


def test_the_diary_is_read_a_report_made_and_the_notes_taken_along(plain, alice):
    plain.goto("/today/")
    with plain.expect_navigation():
        plain.locator("#tile-calf-l").click()
    plain.goto("/diary/?show=notes")
    expect(plain.locator(".daylist .entry")).to_have_count(1)
    plain.goto("/report/")
    expect(plain.locator("#sheet")).to_contain_text("Muscle twitch diary")
    plain.goto("/export/")
    with plain.expect_download() as fetched:
        plain.locator("a[href$='notes.csv']").first.click()
    text = fetched.value.path().read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["place"] == "calf-l"
