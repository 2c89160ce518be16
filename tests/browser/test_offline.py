"""The app without a connection: what is noted waits on the device, and arrives once."""

import contextlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Error, expect

from diary import recording
from diary.models import Day, Diary, Twitch
from tests.browser.contexts import close

from .conftest import PHONE, faults

pytestmark = pytest.mark.django_db(transaction=True)

# A worker that could not be installed is never ready, and a promise in a page is waited for without
# an end: so it gets one.
CONTROLLED = """Promise.race([
    navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ||
        new Promise((done) => { navigator.serviceWorker.oncontrollerchange = done; })),
    new Promise((done, refuse) => setTimeout(refuse, 30_000, new Error("no worker answers"))),
]).then(() => true)"""


@pytest.fixture
def device(chromium, live_server):
    """A browser that keeps what it stores, whoever signs in on it."""
    context = chromium.new_context(viewport=PHONE, base_url=live_server.url)
    context.set_default_timeout(30_000)
    yield context
    _close(context)


def _close(context):
    """Close what may be in the middle of sending or loading anew."""
    for page in context.pages:
        with contextlib.suppress(Error):
            page.goto("about:blank")
    close(context)


def sign_in(device, live_server, client, user):
    """Have the session of this person in the browser."""
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    device.add_cookies([cookie])


@pytest.fixture
def alices(device, live_server, client, alice, in_mg):
    """The device, with Alice signed in; as the pages kept on it, she counts caffeine in mg."""
    sign_in(device, live_server, client, alice)
    return device


def opened(device, path):
    """A page whose outbox has looked at what waits."""
    page = device.new_page()
    page.goto(path)
    ready(page)
    return page


def ready(page):
    """Wait until the outbox has looked at what waits, and tried to send it."""
    page.locator("html[data-outbox=ready]").wait_for()


def kept_for_offline(device):
    """Wait until the worker has everything it needs, and answers for pages."""
    page = opened(device, "/today/")
    page.evaluate(CONTROLLED)
    return page


def status(page, text):
    """Wait for what is said in the top right corner."""
    page.locator("#outbox-link", has_text=text).wait_for()


def tap(page, place):
    page.locator(f"#tile-{place}").click()


def test_what_waits_is_kept_until_its_owner_agrees_to_new_words(alices, alice):
    page = kept_for_offline(alices)
    alices.set_offline(True)
    tap(page, "calf-l")
    status(page, "1 waiting")
    Diary.objects.filter(owner=alice).update(agreed_to=0)
    alices.set_offline(False)
    status(page, "Agree to send 1 note")
    assert not Twitch.objects.exists()
    page.locator("#outbox-link").click()
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Go on with my diary").click()
    page.locator(".noted .entry").wait_for()
    assert Twitch.objects.get().place == "calf-l"


def test_three_notes_made_offline_arrive_once_each_at_their_own_times(alices, alice):
    page = kept_for_offline(alices)
    alices.set_offline(True)
    page.reload()  # the kept page, without anybody's notes
    page.get_by_text("There is no connection").wait_for()
    ready(page)
    start = timezone.now() - timedelta(hours=4)
    page.clock.install(time=start)
    # An hour lies between the notes, on the clock of the device; two are of the same place.
    for number, place in enumerate(("calf-l", "calf-l", "eyelid-r"), 1):
        page.clock.fast_forward(3_600_000)
        tap(page, place)
        status(page, f"{number} waiting")
    page.clock.fast_forward(3_600_000)
    page.close()
    assert not Twitch.objects.exists()

    alices.set_offline(False)
    page = opened(alices, "/more/")
    status(page, "All saved")
    notes = Twitch.objects.of(alice).order_by("started_at")
    assert [note.place for note in notes] == ["calf-l", "calf-l", "eyelid-r"]
    for number, note in enumerate(notes, 1):
        assert abs(note.started_at - start - timedelta(hours=number)) < timedelta(minutes=2)
    opened(alices, "/waiting/").get_by_text("Nothing waits on this device.").wait_for()
    assert Twitch.objects.count() == 3


def test_a_note_clear_mark_and_factors_of_a_page_that_lost_its_connection_wait(alices, alice):
    page = opened(alices, "/today/")
    alices.set_offline(True)
    page.locator("#daymark").click()
    status(page, "1 waiting")
    for amount in ("90 mg", "180 mg", "270 mg"):
        page.get_by_role("button", name="One coffee more").click()
        expect(page.locator("#caffeine")).to_have_value(amount)
    status(page, "2 waiting")
    page.locator("#stress-4").check(force=True)
    status(page, "3 waiting")
    alices.set_offline(False)
    page.locator("#daymark[aria-pressed=true]").wait_for()
    day = Day.objects.get(owner=alice)
    assert (day.clear, day.caffeine_mg, day.stress) == (True, 270, 4)


def test_coffees_noted_on_the_kept_page_are_added_to_what_was_noted_before(alices, alice):
    page = kept_for_offline(alices)
    page.get_by_role("button", name="One coffee more").click()
    page.locator('#caffeine-value [name="was"][value="90"]').wait_for(state="attached")
    alices.set_offline(True)
    page.reload()
    ready(page)
    page.get_by_role("button", name="One coffee more").click()
    expect(page.locator("#caffeine")).to_have_value("90 mg")
    page.get_by_role("button", name="One coffee more").click()
    expect(page.locator("#caffeine")).to_have_value("180 mg")
    alices.set_offline(False)
    page.locator('#caffeine-value [name="was"][value="270"]').wait_for(state="attached")
    assert Day.objects.get(owner=alice).caffeine_mg == 270


def test_a_coffee_that_counts_as_a_drink_is_drunk_without_a_connection_too(alices, alice):
    Diary.objects.filter(owner=alice).update(every_drink=True, drinks_in="ml", glass_ml=200)
    page = kept_for_offline(alices)
    coffee = page.get_by_role("button", name="One coffee more")
    coffee.click()
    expect(page.locator("#hydration")).to_have_value("200 ml")
    alices.set_offline(True)
    coffee.click()
    expect(page.locator("#hydration")).to_have_value("400 ml")
    page.locator("#caffeine-row summary").click()
    page.get_by_role("button", name="Cola, can").click()
    expect(page.locator("#hydration")).to_have_value("755 ml")
    page.get_by_role("button", name="One glass more").click()
    expect(page.locator("#hydration")).to_have_value("955 ml")
    status(page, "2 waiting")
    alices.set_offline(False)
    page.locator('#hydration-value [name="was"][value="955"]').wait_for(state="attached")
    day = Day.objects.get(owner=alice)
    assert (day.caffeine_mg, day.drinks_ml) == (220, 955)
    alices.set_offline(True)
    page.reload()
    ready(page)
    page.get_by_role("button", name="One coffee less").click()  # of what is not known here
    page.get_by_role("button", name="One coffee more").click()
    expect(page.locator("#hydration")).to_have_value("200 ml")
    alices.set_offline(False)
    page.locator('#hydration-value [name="was"][value="1155"]').wait_for(state="attached")
    day.refresh_from_db()
    assert (day.caffeine_mg, day.drinks_ml) == (310, 1155)


def test_a_tap_while_the_one_before_is_under_way_counts_too(alices, alice):
    page = kept_for_offline(alices)
    alices.set_offline(True)
    page.reload()
    ready(page)
    more = page.get_by_role("button", name="One coffee more")
    # The tap is tried at once: what is held is the request after that one.
    with page.expect_event("requestfailed", lambda asked: "/factors/" in asked.url):
        more.click()
    expect(page.locator("#caffeine")).to_have_value("90 mg")
    status(page, "1 waiting")
    held = []
    page.route("**/factors/", lambda route: held.append(route), times=1)
    with page.expect_request("**/factors/"):
        alices.set_offline(False)
    status(page, "Sending")
    more.click()
    expect(page.locator("#caffeine")).to_have_value("180 mg")
    held[0].continue_()
    page.locator('#caffeine-value [name="was"][value="180"]').wait_for(state="attached")
    assert Day.objects.get(owner=alice).caffeine_mg == 180


def test_what_was_typed_without_a_connection_is_what_the_next_tap_adds_to(alices, alice):
    page = opened(alices, "/today/")
    alices.set_offline(True)
    for number, (key, typed, more, leads_to) in enumerate(
        (
            ("hydration", "500 ml", "One glass more", "3"),
            ("sleep", "6 h 30", "More sleep", "7 h"),
        ),
        1,
    ):
        page.locator(f"#{key}").fill(typed)
        page.locator(f"#{key}").press("Enter")
        status(page, f"{number} waiting")
        page.get_by_role("button", name=more).click()
        expect(page.locator(f"#{key}")).to_have_value(leads_to)
        status(page, f"{number} waiting")
    alices.set_offline(False)
    page.locator('#sleep-value [name="was"][value="420"]').wait_for(state="attached")
    day = Day.objects.get(owner=alice)
    assert (day.drinks_ml, day.sleep_minutes) == (750, 420)


def test_an_amount_that_changed_elsewhere_meanwhile_is_not_overwritten(alices, alice):
    page = opened(alices, "/today/")
    alices.set_offline(True)
    page.get_by_role("button", name="One coffee more").click()
    status(page, "1 waiting")
    elsewhere = {"caffeine_mg": 50}
    Day.objects.update_or_create(
        owner=alice, day=alice.diary.today(timezone.now()), defaults=elsewhere
    )
    alices.set_offline(False)
    page.get_by_text("Meanwhile this had changed to: 50 mg.").wait_for()
    assert Day.objects.get(owner=alice).caffeine_mg == 50
    edit = page.get_by_role("link", name="Edit Caffeine 90 mg")
    assert edit.get_attribute("href").startswith("/days/")
    page.get_by_role("button", name="Remove Caffeine 90 mg").click()
    status(page, "All saved")


def test_a_clear_mark_for_a_day_that_has_notes_by_now_stays_with_its_reason(alices, alice):
    page = opened(alices, "/today/")
    alices.set_offline(True)
    tap(page, "calf-l")
    status(page, "1 waiting")
    page.locator("#daymark").click()
    status(page, "2 waiting")
    alices.set_offline(False)
    page.locator("#waiting-list li", has_text="so it is not clear.").wait_for()
    assert Twitch.objects.of(alice).count() == 1
    assert not Day.objects.filter(clear=True).exists()


def test_a_note_of_the_kept_form_arrives_with_its_words(alices, alice):
    page = kept_for_offline(alices)
    alices.set_offline(True)
    page.goto("/log/")
    ready(page)
    page.get_by_role("button", name="Save note").click()
    page.get_by_text("Choose where you felt it").wait_for()
    page.locator("[data-loc=shin-r]").click()
    page.locator("summary", has_text="A few words").click()
    page.get_by_label("What were you doing?").fill("after a run")
    page.get_by_role("button", name="Save note").click()
    page.get_by_text("Saved on this phone.").wait_for()
    page.locator("#waiting-list li", has_text="Right shin").wait_for()
    alices.set_offline(False)
    status(page, "All saved")  # sent from the kept form itself
    opened(alices, "/today/").locator(".noted .entry", has_text="Right shin").wait_for()
    assert [note.words for note in Twitch.objects.of(alice)] == ["after a run"]


def test_a_page_shows_what_another_tab_sent_after_it_was_made(alices, alice):
    page = kept_for_offline(alices)
    late = opened(alices, "/today/")  # made before the note, and open while it arrives
    alices.set_offline(True)
    tap(page, "calf-l")
    status(page, "1 waiting")
    alices.set_offline(False)
    for shown in (page, late):
        shown.locator(".noted .entry", has_text="Left calf").wait_for()
    assert Twitch.objects.of(alice).count() == 1


def test_a_refused_note_stays_with_its_reason_and_can_be_put_right(alices, alice):
    page = kept_for_offline(alices)
    alices.set_offline(True)
    page.goto("/log/")
    ready(page)
    page.locator("[data-loc=shin-r]").click()
    page.locator("label", has_text="Another time").click()
    page.locator("#day").fill("2040-01-01")
    page.get_by_role("button", name="Save note").click()
    status(page, "1 waiting")
    tap_on = opened(alices, "/today/")
    tap(tap_on, "calf-l")
    status(tap_on, "2 waiting")
    alices.set_offline(False)
    own = opened(alices, "/waiting/")
    own.get_by_text("Day must be today or earlier").wait_for()
    status(own, "1 waiting")
    assert [note.place for note in Twitch.objects.all()] == ["calf-l"]  # it holds up nobody else
    assert faults(own) == []

    own.get_by_role("link", name="Edit").click()
    expect(own.locator("#chosen")).to_have_text("Right shin")
    assert own.locator("#day").input_value() == "2040-01-01"
    own.locator("label", has_text="Just now").click()
    own.get_by_role("button", name="Save note").click()
    own.wait_for_url("**/today/")
    ready(own)
    expect(own.locator("#outbox-link")).to_have_text("All saved")
    assert Twitch.objects.of(alice).count() == 2


def test_that_all_is_saved_is_seen_from_the_start_and_read_out_only_as_news(alices):
    page = opened(alices, "/today/")
    status(page, "All saved")
    expect(page.locator("#outbox-said")).to_be_empty()
    page.route("**/log/again/", lambda route: route.abort(), times=1)
    tap(page, "calf-l")
    expect(page.locator("#outbox-said")).to_have_text("1 waiting")
    page.get_by_role("button", name="Try again Left calf").click()
    page.locator(".noted .entry").wait_for()
    status(page, "All saved")


def test_two_tabs_send_what_waits_once(alices, alice):
    page = opened(alices, "/today/")
    alices.set_offline(True)
    for number, place in enumerate(("calf-l", "calf-r", "eyelid-l"), 1):
        tap(page, place)
        status(page, f"{number} waiting")
    page.close()
    alices.set_offline(False)
    sent = []
    alices.on("request", lambda asked: asked.method == "POST" and sent.append(asked.post_data))
    tabs = [alices.new_page() for _ in range(3)]
    for tab in tabs:
        tab.goto("/more/", wait_until="commit")
    for tab in tabs:
        ready(tab)
    assert len(sent) == len(set(sent)) == 3
    assert Twitch.objects.of(alice).count() == 3


def test_an_answer_that_was_lost_on_the_way_makes_no_second_note(alices, alice):
    page = opened(alices, "/today/")

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/log/again/", lose, times=1)
    tap(page, "calf-l")
    status(page, "1 waiting")
    assert Twitch.objects.of(alice).count() == 1
    opened(alices, "/more/")
    assert Twitch.objects.of(alice).count() == 1
    page.locator(".noted .entry", has_text="Left calf").wait_for()
    assert page.locator(".noted .entry").count() == 1


def test_what_was_not_sent_says_so_in_its_row_and_can_be_tried_again(alices, alice):
    page = opened(alices, "/today/")
    page.route("**/log/again/", lambda route: route.abort())
    tap(page, "calf-l")
    row = page.locator("#waiting-list li", has_text="Left calf")
    expect(row).to_contain_text("Not sent yet")
    again = row.get_by_role("button", name="Try again Left calf")
    with page.expect_event("requestfailed"):
        again.click()
    page.locator("#notices", has_text="It will be sent when you are online.").wait_for()
    expect(row).to_be_visible()
    page.unroute("**/log/again/")
    again.click()
    page.locator(".noted .entry", has_text="Left calf").wait_for()
    assert Twitch.objects.of(alice).count() == 1


@pytest.mark.parametrize("code", [502, 503, 504])
def test_a_server_that_does_not_answer_for_itself_loses_nothing(alices, alice, code):
    page = opened(alices, "/today/")
    page.route("**/log/again/", lambda route: route.fulfill(status=code, body="away"), times=1)
    tap(page, "calf-l")
    page.get_by_text("Saved on this phone.").wait_for()
    opened(alices, "/more/")
    assert Twitch.objects.of(alice).count() == 1


def test_who_was_signed_out_in_between_signs_in_and_then_it_is_sent(
    alices, live_server, client, alice
):
    page = opened(alices, "/today/")
    alices.set_offline(True)
    for number, place in enumerate(("calf-l", "calf-r"), 1):
        tap(page, place)
        status(page, f"{number} waiting")
    alices.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    alices.set_offline(False)
    status(page, "Sign in to send 2 notes")
    out = opened(alices, "/accounts/login/")
    status(out, "Sign in to send 2 notes")
    assert "Left calf" not in out.content()
    sign_in(alices, live_server, client, alice)
    own = opened(alices, "/today/")
    expect(own.locator(".noted .entry")).to_have_count(2)
    assert Twitch.objects.of(alice).count() == 2


def test_another_account_neither_sees_nor_sends_what_waits(alices, live_server, client, alice, bob):
    page = opened(alices, "/today/")
    alices.set_offline(True)
    tap(page, "calf-l")
    status(page, "1 waiting")
    sign_in(alices, live_server, client, bob)
    alices.set_offline(False)  # the open page of Alice tries, and is turned away
    status(page, "Sign in to send 1 note")
    bobs = opened(alices, "/waiting/")
    bobs.get_by_text("Nothing waits on this device.").wait_for()
    expect(bobs.locator("#outbox-link")).to_have_text("All saved")
    bobs.goto("/more/")
    ready(bobs)
    bobs.get_by_role("button", name="Sign out").last.click()  # without a question: nothing of Bob's
    bobs.wait_for_url(live_server.url + "/")
    assert not Twitch.objects.exists()

    sign_in(alices, live_server, client, alice)
    own = opened(alices, "/today/")
    own.locator(".noted .entry", has_text="Left calf").wait_for()
    assert Twitch.objects.of(alice).count() == 1


def test_signing_out_asks_first_while_something_waits(alices, live_server, alice):
    page = opened(alices, "/today/")
    page.route("**/log/again/", lambda route: route.abort())
    tap(page, "calf-l")
    status(page, "1 waiting")
    page.unroute("**/log/again/")
    alices.route("**/log/again/", lambda route: route.abort())
    page.goto("/more/")
    ready(page)
    page.locator("main form[data-leaves] button").click()
    page.wait_for_url("**/accounts/logout/")
    page.get_by_text("Send it first?").wait_for()
    assert faults(page) == []
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Send it and sign out").click()
    status(page, "1 waiting")  # still no way through, so nobody is signed out
    alices.unroute("**/log/again/")
    page.get_by_role("button", name="Send it and sign out").click()
    page.wait_for_url(live_server.url + "/")
    assert Twitch.objects.of(alice).count() == 1
    assert stored(page) == (0, None)


def test_signing_out_without_sending_leaves_nothing_on_the_device(alices, live_server, alice):
    page = opened(alices, "/today/")
    alices.route("**/log/again/", lambda route: route.abort())
    tap(page, "calf-l")
    status(page, "1 waiting")
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out without sending").click()
    page.wait_for_url(live_server.url + "/")
    assert stored(page) == (0, None)
    assert not Twitch.objects.exists()


def stored(page):
    """How much waits on the device, whoever it belongs to, and whom the device knows."""
    count = page.evaluate(
        """() => new Promise((done) => {
            const open = indexedDB.open("ebb");
            open.onsuccess = () => {
                const asked = open.result.transaction("outbox").objectStore("outbox").count();
                asked.onsuccess = () => { open.result.close(); done(asked.result); };
            };
        })"""
    )
    return count, page.evaluate("localStorage.getItem('ebb.device')")


def test_nothing_personal_is_in_what_the_worker_keeps(alices, alice):
    page = kept_for_offline(alices)
    tap(page, "calf-l")
    page.locator(".noted .entry").wait_for()
    account = page.evaluate("document.body.dataset.account")
    for path in ("/today/", "/diary/", "/log/", "/settings/", "/waiting/"):
        page.goto(path)
        ready(page)
    kept = page.evaluate(
        """async () => {
            const found = {};
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const asked of await cache.keys()) {
                    found[asked.url] = await (await cache.match(asked)).text();
                }
            }
            return found;
        }"""
    )
    assert any(url.endswith("/offline/today/") for url in kept)
    assert any("tokens" in url and url.endswith(".css") for url in kept)
    for url, text in kept.items():
        assert "/static/" in url or "/offline/" in url
        for own in (account, alice.email, "csrfmiddlewaretoken", "Noted at", "data-account"):
            assert own not in text or url.endswith(".js"), (url, own)


def test_pages_that_need_a_connection_say_so_and_everybody_can_use_the_kept_ones(alices):
    page = kept_for_offline(alices)
    alices.set_offline(True)
    for path, heading in (
        ("/insights/", "No connection"),
        ("/today/", "Today"),
        ("/log/", "Note a twitch"),
        ("/waiting/", "Waiting"),
    ):
        page.goto(path)
        ready(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert faults(page) == []
    page.goto("/insights/")
    page.get_by_text("Summaries need a connection. Notes do not.").wait_for()


def test_a_kept_page_that_is_opened_while_connected_is_loaded_anew_once_and_stays(alices):
    page = kept_for_offline(alices)
    loads = []
    page.on("load", lambda _: loads.append(page.url))
    with page.expect_event("load", lambda _: len(loads) == 2):
        page.goto("/offline/")
    ready(page)
    for _ in range(3):
        page.evaluate("fetch('/healthz')")  # as the page asks before it is loaded anew
    assert len(loads) == 2
    page.get_by_text("Summaries need a connection. Notes do not.").wait_for()


def test_what_a_person_hides_is_not_asked_for_without_a_connection_either(alices, alice):
    for key in ("caffeine", "stress"):
        recording.switch_factor(alice, key, False, timezone.now())
    page = kept_for_offline(alices)
    alices.set_offline(True)
    for kept, asked in (("/log/", "#day-values"), ("/today/", ".rows")):
        page.goto(kept)
        ready(page)
        if kept == "/log/":
            page.locator("#day-values summary").click()
        expect(page.locator(f"{asked} #sleep")).to_be_visible()
        expect(page.locator(f"{asked} #caffeine")).to_be_hidden()
        expect(page.locator(f"{asked} .scale")).to_be_hidden()


def test_the_kept_form_takes_the_values_of_the_day_and_the_kind_along(alices, alice):
    Diary.objects.filter(owner=alice).update(drinks_in="ml", glass_ml=200, caffeine_in="drinks")
    page = kept_for_offline(alices)
    alices.set_offline(True)
    page.goto("/log/")
    ready(page)
    page.locator("[data-loc=shin-r]").click()
    page.locator("#day-values summary").click()
    page.locator("#caffeine").fill("180")
    page.locator("#hydration").fill("2,5")
    page.locator("#day-values .scale label").nth(3).click()
    page.locator("#kind > summary").click()
    page.locator("#kind label", has_text="Cramp").first.click()
    page.get_by_role("button", name="Save note").click()
    status(page, "1 waiting")
    alices.set_offline(False)
    status(page, "All saved")
    day = Day.objects.get(owner=alice)
    assert (day.caffeine_mg, day.drinks_ml, day.stress, day.sleep_minutes) == (180, 500, 4, None)
    assert Twitch.objects.of(alice).get().kind == "cramp"


def test_a_value_of_the_kept_form_takes_the_place_of_the_one_before_and_leaves_the_others(
    alices, alice
):
    page = kept_for_offline(alices)
    page.get_by_role("button", name="One coffee more").click()
    page.locator('#caffeine-value [name="was"][value="90"]').wait_for(state="attached")
    page.get_by_role("button", name="One glass more").click()
    page.locator('#hydration-value [name="was"][value="250"]').wait_for(state="attached")
    alices.set_offline(True)
    page.goto("/log/")
    ready(page)
    page.locator("[data-loc=shin-r]").click()
    page.locator("#day-values summary").click()
    page.locator("#caffeine").fill("200")
    page.get_by_role("button", name="Save note").click()
    status(page, "1 waiting")
    alices.set_offline(False)
    status(page, "All saved")
    day = Day.objects.get(owner=alice)
    assert (day.caffeine_mg, day.drinks_ml) == (200, 250)
    assert Twitch.objects.of(alice).get().place == "shin-r"


def test_the_answer_of_a_day_waits_and_arrives_once(alices, alice):
    Diary.objects.filter(owner=alice).update(noting="daily")
    page = opened(alices, "/today/")
    alices.set_offline(True)
    page.locator("label", has_text="Several").click()
    page.locator("label:has([data-mirror=calf-l])").click()
    page.locator(".answer-form .btn-main").click()
    status(page, "1 waiting")
    page.locator("#waiting-list p", has_text="Several, Left calf").wait_for()
    alices.set_offline(False)
    page.locator(".noted .entry", has_text="Left calf").wait_for()
    assert page.locator("[name=overall][value=several]").is_checked()
    assert Day.objects.get(owner=alice).overall == "several"
    assert Twitch.objects.of(alice).count() == 1


def test_a_device_is_cleared_from_settings_once_nothing_waits_any_more(alices, alice):
    page = kept_for_offline(alices)
    alices.route("**/log/again/", lambda route: route.abort())
    tap(page, "calf-l")
    status(page, "1 waiting")
    page.goto("/settings/")
    ready(page)
    clear = page.get_by_role("button", name="Clear this device")
    clear.click()
    page.get_by_text("Send it or remove it first").wait_for()
    assert stored(page)[0] == 1
    alices.unroute("**/log/again/")
    page.reload()
    ready(page)
    status(page, "All saved")
    clear.click()
    page.get_by_text("Nothing is kept on this device now.").wait_for()
    assert stored(page) == (0, None)
    assert page.evaluate("caches.keys()") == []
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )
    assert Twitch.objects.of(alice).count() == 1


def test_the_browser_takes_the_manifest_and_its_icons(alices):
    page = opened(alices, "/today/")
    session = alices.new_cdp_session(page)
    answer = session.send("Page.getAppManifest")
    assert answer["errors"] == []
    assert answer["url"].endswith("/manifest.webmanifest")
    faults = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [fault["errorId"] for fault in faults if fault["errorId"] != "in-incognito"] == []


def test_without_a_page_of_its_own_account_nobody_can_leave_notes_on_a_device(device, alice):
    page = opened(device, "/accounts/login/")
    page.evaluate(CONTROLLED)
    device.set_offline(True)
    page.goto("/today/")
    ready(page)
    tap(page, "calf-l")
    page.get_by_text("Sign in once while you are online.").wait_for()
    assert stored(page)[0] == 0
