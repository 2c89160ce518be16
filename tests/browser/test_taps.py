"""The tap budget: how many taps and keystrokes each usual task takes, counted by the browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diary.models import Day, Diary, Twitch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_noon")]

# Fields of day and time are typed here; on a phone each opens a picker with one tap.
COUNT = """
for (const [event, name] of [["pointerdown", "taps"], ["keydown", "keys"]]) {
    sessionStorage[name] ??= 0;
    const count = () => { sessionStorage[name] = Number(sessionStorage[name]) + 1; };
    addEventListener(event, count, true);
}
"""


@pytest.fixture
def hand(phone):
    """A thumb that taps what can be seen, and a count of it that goes along from page to page."""
    phone.add_init_script(COUNT)
    return phone


def opened(hand, name, **query):
    """Start at a page, with nothing tapped yet."""
    hand.goto(reverse(name, query=query))
    hand.evaluate("sessionStorage.taps = sessionStorage.keys = 0")
    return hand


def spent(hand):
    """Taps and keystrokes so far."""
    return tuple(hand.evaluate("[Number(sessionStorage.taps), Number(sessionStorage.keys)]"))


def tab(hand, name):
    """Tap an item of the bar at the bottom."""
    hand.locator(".nav").get_by_role("link", name=name, exact=True).tap()


def saved(hand):
    """Wait until the note that was just saved stands on Today."""
    hand.get_by_role("button", name="Save note").tap()
    hand.wait_for_url("**/today/")
    hand.locator(".noted .entry").first.wait_for()


def test_a_usual_twitch_takes_one_tap_from_today(hand, alice):
    opened(hand, "today")
    hand.locator("#tile-calf-l").tap()
    hand.locator(".tile-wrap.is-noted #tile-calf-l").wait_for()
    assert spent(hand) == (1, 0)
    note = Twitch.objects.of(alice).get()
    assert (note.place, note.duration) == ("calf-l", "seconds")
    assert timezone.now() - note.started_at < timedelta(minutes=1)


@pytest.mark.parametrize("start", ["diary", "insights", "more"])
def test_a_usual_twitch_takes_two_taps_from_any_page(hand, alice, start):
    opened(hand, start)
    tab(hand, "Today")
    hand.locator("#tile-calf-l").tap()
    hand.locator(".tile-wrap.is-noted #tile-calf-l").wait_for()
    assert spent(hand) == (2, 0)
    note = Twitch.objects.of(alice).get()
    assert (note.place, note.duration) == ("calf-l", "seconds")
    assert timezone.now() - note.started_at < timedelta(minutes=1)


def test_from_the_home_screen_a_usual_place_takes_a_tap_and_saving_it(hand, alice):
    """The tap on the shortcut itself is made outside the browser: it is the third."""
    manifest = hand.request.get("/manifest.webmanifest").json()
    shortcut = next(one for one in manifest["shortcuts"] if one["name"] == "Note a twitch")
    opened(hand, "today")
    hand.locator("#tile-calf-l").tap()
    hand.locator(".tile-wrap.is-noted #tile-calf-l").wait_for()
    hand.goto(shortcut["url"])
    hand.evaluate("sessionStorage.taps = sessionStorage.keys = 0")
    hand.locator(".chip", has_text="Left calf").first.tap()
    saved(hand)
    assert spent(hand) == (2, 0)
    assert [note.place for note in Twitch.objects.of(alice)] == ["calf-l", "calf-l"]


def test_taking_it_back_takes_one_tap_in_the_same_place(hand, alice):
    opened(hand, "today")
    hand.locator("#tile-calf-l").tap()
    hand.locator(".tile-wrap.is-noted .undo").tap()
    hand.get_by_role("button", name="Put back Left calf").wait_for()
    assert spent(hand) == (2, 0)
    assert not Twitch.objects.of(alice).exists()


@pytest.mark.parametrize("start", ["today", "diary", "insights", "more"])
def test_a_new_place_takes_three_taps_from_any_page(hand, alice, start):
    opened(hand, start)
    tab(hand, "Log")
    hand.locator("[data-loc=shin-r]").tap()
    saved(hand)
    assert spent(hand) == (3, 0)
    assert Twitch.objects.of(alice).get().place == "shin-r"


def test_no_tap_on_the_figure_comes_before_what_hears_it(hand):
    """On a slow line the script of the form arrives after its page."""

    def late(route):
        hand.wait_for_timeout(1_500)
        route.continue_()

    hand.route("**/js/log*.js", late)
    hand.goto(reverse("log"), wait_until="commit")
    hand.locator("[data-loc=shin-r]").tap()
    expect(hand.locator("#chosen")).to_have_text("Right shin")


def test_a_new_place_in_the_face_takes_four_taps(hand, alice):
    opened(hand, "diary")
    tab(hand, "Log")
    hand.locator("[data-loc=face]").first.tap()
    hand.locator("[data-loc=eyelid-r]").tap()
    saved(hand)
    assert spent(hand) == (4, 0)
    assert Twitch.objects.of(alice).get().place == "eyelid-r"


def fill_in(hand):
    """Open the form from the diary, and tap all that is asked for."""
    opened(hand, "diary")
    tab(hand, "Log")
    hand.locator("[data-loc=shin-r]").tap()
    hand.locator(".chip", has_text="15 min ago").tap()
    hand.locator("#duration .chip", has_text="Under a minute").tap()
    hand.locator("#day-values > summary").tap()
    hand.locator("#day-values .scale label").nth(3).tap()


def test_a_full_note_takes_seven_taps(hand, alice):
    fill_in(hand)
    saved(hand)
    assert spent(hand) == (7, 0)
    note = Twitch.objects.of(alice).get()
    assert (note.place, note.duration) == ("shin-r", "under-minute")
    assert timedelta(minutes=15) <= timezone.now() - note.started_at < timedelta(minutes=16)
    assert Day.objects.get(owner=alice).stress == 4


def test_words_take_one_tap_more_and_their_typing(hand, alice):
    fill_in(hand)
    hand.locator("summary", has_text="A few words").tap()
    expect(hand.locator("#words")).to_be_focused()
    hand.keyboard.type("after a run")
    saved(hand)
    assert spent(hand) == (8, len("after a run"))
    assert Twitch.objects.of(alice).get().words == "after a run"


def test_a_clear_day_takes_one_tap(hand, alice):
    opened(hand, "today")
    hand.locator("#daymark").tap()
    hand.locator("#daymark[aria-pressed=true]").wait_for()
    assert spent(hand) == (1, 0)
    assert Day.objects.get(owner=alice).clear


def test_one_more_coffee_takes_one_tap(hand, alice):
    opened(hand, "today")
    hand.get_by_role("button", name="One coffee more").tap()
    hand.locator('#caffeine-value [name="was"][value="90"]').wait_for(state="attached")
    assert spent(hand) == (1, 0)
    assert Day.objects.get(owner=alice).caffeine_mg == 90


def test_a_note_for_yesterday_evening_takes_six_taps(hand, alice):
    diary = Diary.objects.get(owner=alice)
    yesterday = diary.today(timezone.now()) - timedelta(days=1)
    opened(hand, "diary")
    tab(hand, "Log")
    hand.locator("[data-loc=shin-r]").tap()
    hand.locator(".chip", has_text="Another time").tap()
    hand.locator("#day").tap()
    hand.locator("#day").fill(yesterday.isoformat())
    hand.locator("#time").tap()
    hand.locator("#time").fill("22:00")
    saved_for(hand)
    assert spent(hand) == (6, 0)
    note = Twitch.objects.of(alice).get()
    assert (note.day, note.local_time.hour, note.local_time.minute) == (yesterday, 22, 0)


def saved_for(hand):
    """Save a note of another day, which is told but not listed on Today."""
    hand.get_by_role("button", name="Save note").tap()
    hand.get_by_text("Right shin noted for").wait_for()


def test_once_a_day_a_clear_day_takes_two_taps_and_a_day_with_twitches_three(hand, alice):
    Diary.objects.filter(owner=alice).update(noting="daily")
    opened(hand, "today")
    hand.locator("#overall .chip", has_text="Clear").tap()
    hand.locator(".answer-form .btn-main").tap()
    hand.get_by_text("is marked as clear.").wait_for()
    assert spent(hand) == (2, 0)
    opened(hand, "today")
    hand.locator("#overall .chip", has_text="A few").tap()
    hand.locator("label:has([data-mirror=calf-l])").tap()
    hand.locator(".answer-form .btn-main").tap()
    hand.locator(".noted .entry").wait_for()
    assert spent(hand) == (3, 0)
    assert Twitch.objects.of(alice).get().place == "calf-l"
