"""Pages in a real browser: nothing keeps anybody out, nothing runs over, nothing is refused."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diary import recording, reminding
from diary.models import Diary
from insights import compute
from tests import test_access as access

from .conftest import DESK, LOOKS, PHONE, SMALL, faults, runs_over, violations

pytestmark = pytest.mark.django_db(transaction=True)

written = access.written  # a row of each kind

OPEN = ["home", "account_login", "account_signup", "account_reset_password", "advice", "privacy"]
OWN = [
    "today",
    "log",
    "diary",
    "insights",
    "export",
    "import",
    "learn",
    "settings",
    "more",
    "welcome",
]
OWN += [
    "experiments",
    "experiment-new",
    "check",
    "factors",
    "drinks",
    "log-which",
    "account_email",
    "account_change_password",
    "account_logout",
    "account_devices",
    "mfa_index",
    "mfa_list_webauthn",
]
SAMPLE = ["today", "diary", "insights", "settings"]
SAMPLE_TOO = ["report", "where", "medicines", "claims", "suggestions", "shares"]
ELSEWHERE = ["account_consent", "account_consent_withdraw", "account_leave", "day", "day-answer"]
ELSEWHERE += ["account_reminders_off", "note", "offline", "welcome-step"]  # in tests of their own
EACH_ONCE = [(SMALL, "light"), (PHONE, "bedside"), (DESK, "dark")]


def fit_for_everybody(page, names, looks=LOOKS):
    """Nobody is kept out of these pages, and none has to be moved sideways."""
    wrong = []
    for name in names:
        page.goto(reverse(name))
        wrong += faults(page, looks)
    assert not wrong, "\n".join(wrong)


def test_everybody_can_use_the_pages_before_signing_in(browse, db):
    fit_for_everybody(browse(reduced_motion="reduce"), OPEN)


def test_everybody_can_use_the_pages_of_a_new_diary(browse, page):
    fit_for_everybody(browse(client=page, reduced_motion="reduce"), OWN)


def test_everybody_can_use_the_page_that_turns_reminders_off(browse, alice):
    Diary.objects.filter(owner=alice).update(remind_at=21)
    anybody = browse(reduced_motion="reduce")
    anybody.goto(reverse("account_reminders_off", args=[reminding.token(alice)]))
    wrong = faults(anybody)
    anybody.get_by_role("button", name="Turn them off").click()
    anybody.get_by_text("They are off.").wait_for()
    wrong += faults(anybody)
    assert not wrong, "\n".join(wrong)


def test_everybody_can_use_the_pages_on_which_an_account_is_deleted_or_kept(browse, sure):
    own = browse(client=sure, reduced_motion="reduce")
    fit_for_everybody(own, ["account_leave", "account_consent", "account_consent_withdraw"])
    sure.post(reverse("account_consent_withdraw"))
    own.goto(reverse("today"))
    expect(own.get_by_role("button", name="Keep my account")).to_be_visible()
    assert not faults(own)


def test_everybody_can_use_a_diary_with_half_a_year_in_it(sample):
    full = sample(reduced_motion="reduce")
    fit_for_everybody(full, SAMPLE)
    fit_for_everybody(full, SAMPLE_TOO, EACH_ONCE)
    full.goto("/insights/")
    full.locator(".factor a").first.click()  # one comparison in full
    full.wait_for_url("**/caffeine/")
    assert not faults(full, EACH_ONCE)


def test_everybody_can_use_every_other_page_too(browse, sure, written):
    """Whatever address answers with a page and is in none of the lists above."""
    own, out = (browse(client=who, reduced_motion="reduce") for who in (sure, None))
    out.route("**/healthz", lambda route: route.abort())  # or a kept page goes back to its own
    sure.raise_request_exception = False
    wrong = []
    for name in sorted(access.TAKES.keys() - {*OPEN, *OWN, *SAMPLE, *SAMPLE_TOO, *ELSEWHERE}):
        is_open = name in access.OPEN | access.SAME_FOR_ALL | access.BY_LINK
        path = access.address(name, written)
        answer = (Client() if is_open else sure).get(path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            shown = out if is_open else own
            shown.goto(path)
            wrong += faults(shown, EACH_ONCE)
    assert not wrong, "\n".join(wrong)


def test_everybody_can_use_the_pages_in_each_of_their_states(browse, page, alice):
    own = browse(client=page, reduced_motion="reduce")
    diary, now = Diary.objects.filter(owner=alice), timezone.now()
    day = diary.get().today(now)
    wrong = []

    def look(path):
        own.goto(path)
        wrong.extend(faults(own))

    recording.mark_clear(alice, day, now)
    look("/today/")  # a clear day
    recording.unmark_clear(alice, day, now)
    for n in range(6):
        when = recording.When.at(now - timedelta(minutes=n), diary.get())
        text = recording.NoteText(when, "minutes", words="lying down")
        note = recording.note(alice, uuid4(), ["calf-l"], text, now).notes[0]
    recording.remove([note], alice, now)
    look("/today/")  # notes, one of them taken back
    recording.restore([note], alice, now)
    look("/today/")  # the offer to note it once
    look("/welcome/2/")
    look("/welcome/3/")
    look("/diary/?show=clear")  # a filter that finds nothing
    look(f"/notes/{note.uuid}/")
    look(f"/days/{day}/")
    diary.update(noting="daily")
    look("/today/")
    look(f"/days/{day}/answer/")
    diary.update(quiet=True, clock="12", week_start=6)
    look("/diary/")
    look("/insights/")
    recording.take_break(alice, day, day + timedelta(days=3), now)
    look("/today/")
    look("/settings/")
    own.goto("/today/no-such-page/")
    wrong.extend(faults(own))
    assert not wrong, "\n".join(wrong)


def test_everybody_can_use_the_pages_when_something_went_otherwise(
    browse, page, alice, monkeypatch
):
    own = browse(client=page, reduced_motion="reduce")
    wrong = []

    def look(path=None):
        if path:
            own.goto(path)
        wrong.extend(faults(own))

    own.goto("/log/")
    own.get_by_role("button", name="Save note").click()
    expect(own.locator("#errors")).to_be_focused()
    look()  # a refused note
    own.goto("/settings/drinks/")
    own.locator("#mg-coffee").fill("much")
    own.get_by_role("button", name="Save", exact=True).click()
    expect(own.locator("#errors")).to_be_focused()
    look()  # a refused setting
    own.goto("/settings/")
    own.locator("#glass_ml").fill("1")
    own.locator("#glass_ml").press("Tab")
    own.locator("#settings [aria-invalid]").wait_for()
    look()
    own.goto("/log/")
    own.locator("[data-loc=shin-r]").click()
    own.route("**/log/", lambda route: route.abort())
    own.get_by_role("button", name="Save note").click()
    own.get_by_text("Saved on this phone.").wait_for()
    look()  # not sent
    look("/offline/")
    own.unroute("**/log/")
    with monkeypatch.context() as patch:
        patch.setattr("diary.views.today.page", None)
        look("/today/")  # a fault of the server
    diary = Diary.objects.get(owner=alice)
    now = timezone.now()
    for days_ago in range(15, 24):
        when = recording.When.at(now - timedelta(days=days_ago), diary)
        recording.note(alice, uuid4(), ["calf-l"], recording.NoteText(when, "seconds"), now)
    compute.recompute(diary.pk, now)
    look("/insights/")  # a week of blank days
    ahead = (3 - now.hour + 11) % 24 - 11  # in one zone of the world it is three o'clock
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
    Diary.objects.filter(owner=alice).update(zone=zone, day_start_hour=8)
    look("/today/")  # after midnight
    own.goto("/log/")
    own.locator("[data-loc=shin-r]").click()
    own.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    own.get_by_role("button", name="Save note").click()
    own.get_by_text("You were signed out.").wait_for()
    look()
    assert not wrong, "\n".join(wrong)


def test_a_refused_form_has_the_focus_on_what_to_look_at_again(browse, page):
    own = browse(client=page)
    own.goto(reverse("log"))
    own.get_by_role("button", name="Save note").click()
    expect(own.locator("#errors")).to_be_focused()
    expect(own).to_have_title(re.compile("^Error: "))
    assert violations(own) == []

    out = browse()
    out.goto(reverse("account_login"))
    out.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(out.locator("#errors")).to_be_focused()
    expect(out).to_have_title(re.compile("^Error: "))
    assert violations(out) == []


def test_everybody_can_read_what_a_symptoms_check_asks_for(browse, page):
    for size, scheme in ((PHONE, "light"), (DESK, "dark")):
        own = browse(size, client=page, color_scheme=scheme)
        for question, answer, heading in (
            ("speech", "Not sure", "Ask for an appointment this week"),
            ("medicine", "Yes", "Plan a visit, no rush"),
            ("feeling", "No", ""),
        ):
            own.goto(reverse("check"))
            own.locator(f"#{question}").get_by_label(answer, exact=True).check(force=True)
            own.get_by_role("button", name="Save answers").click()
            own.wait_for_url("**/check/*-*/")
            headings = own.locator(".advice h2")
            assert [told.strip() for told in headings.all_inner_texts()] == [heading][
                : bool(heading)
            ]
            assert violations(own) == []
            assert not runs_over(own)


def test_a_check_without_an_answer_has_the_focus_on_what_to_look_at_again(browse, page):
    own = browse(client=page)
    own.goto(reverse("check"))
    own.get_by_role("button", name="Save answers").click()
    expect(own.locator("#errors")).to_be_focused()
    expect(own).to_have_title(re.compile("^Error: "))
    assert violations(own) == []


def test_the_figure_the_shortcuts_and_the_list_are_one_choice(browse, page):
    own = browse(client=page)
    own.goto(reverse("log"))
    own.locator("[data-loc=shin-r]").click()
    assert own.locator("[value=shin-r]").is_checked()
    assert own.locator("#chosen").inner_text() == "Right shin"
    assert "Right shin" in own.locator(".savebar").inner_text()
    own.locator("[data-loc=face]").click()
    own.locator("[data-loc=eyelid-l]").click()
    assert own.locator("#chosen").inner_text() == "Left eyelid, Right shin"
    own.get_by_role("button", name="Save note").click()
    own.wait_for_url("**/today/")
    assert own.locator(".entry").count() == 2


def test_who_was_signed_out_keeps_what_was_written(browse, page, client):
    own = browse(client=page)
    own.goto(reverse("log"))
    own.locator("[data-loc=shin-r]").click()
    own.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    own.get_by_role("button", name="Save note").click()
    own.get_by_text("You were signed out.").wait_for()
    assert own.locator("#chosen").inner_text() == "Right shin"


def test_a_note_is_removed_from_its_own_page_and_can_be_put_back(browse, page):
    own = browse(client=page)
    own.goto(reverse("today"))
    own.locator("#tile-calf-l").click()
    own.get_by_role("link", name="Add detail").click()
    own.get_by_role("button", name="Remove note").click()
    own.wait_for_url("**/today/")
    assert own.get_by_role("status").get_by_text("Note removed.").is_visible()


def test_stress_is_noted_and_left_blank_again(browse, page):
    own = browse(client=page)
    own.goto(reverse("today"))
    own.locator("#stress-4").check(force=True)
    own.get_by_role("button", name="Leave blank: Stress").click()
    own.wait_for_load_state()
    assert own.locator("#stress-row :checked").count() == 0


def test_without_a_connection_what_was_written_is_kept_and_sent_later(browse, page):
    own = browse(client=page)
    own.goto(reverse("log"))
    own.locator("[data-loc=shin-r]").click()
    own.route("**/log/", lambda route: route.abort())
    own.get_by_role("button", name="Save note").click()
    own.get_by_text("Saved on this phone.").wait_for()
    own.unroute("**/log/")
    own.goto(reverse("today"))
    own.locator(".noted .entry").wait_for()
    assert own.locator(".entry").count() == 1


def test_quick_taps_count_each_and_what_is_typed_after_is_what_is_saved(browse, page, in_mg):
    own = browse(client=page)
    own.goto(reverse("today"))
    own.evaluate(
        """() => {
            const [less, more] = document.querySelectorAll("#caffeine-row [name=step]");
            for (const tap of [more, less, more, more, more]) tap.click();
        }"""
    )
    own.get_by_text("about 3 coffees").wait_for()
    own.locator("#caffeine").fill("300")
    own.locator("#caffeine").press("Enter")
    own.locator('#caffeine-value [name="was"][value="300"]').wait_for(state="attached")
    own.reload()
    assert own.locator("#caffeine").input_value() == "300 mg"


def test_a_coffee_is_a_ring_on_the_strip_at_once(browse, page):
    own = browse(client=page)
    own.goto(reverse("today"))
    own.get_by_role("button", name="One coffee more").click()
    expect(own.locator("#now .cup")).to_have_count(1)
    own.get_by_text("Circles are drinks with caffeine.").wait_for()
    own.get_by_role("button", name="One coffee less").click()
    expect(own.locator("#now .cup")).to_have_count(0)


def test_a_stepper_goes_on_while_it_is_held_and_stops_when_let_go(browse, page, in_mg):
    own = browse(client=page)
    own.goto(reverse("today"))
    own.get_by_role("button", name="One coffee more").hover()
    own.mouse.down()
    expect(own.locator("#caffeine")).to_have_value(re.compile(r"^(?!90 |180 )\d+ mg$"))
    own.mouse.up()
    expect(own.locator("#caffeine-row .htmx-request")).to_have_count(0)
    left = own.locator("#caffeine").input_value()
    own.get_by_role("button", name="One coffee less").click()
    less = f"{int(left.removesuffix(' mg')) - 90} mg"
    expect(own.locator("#caffeine")).to_have_value(less)
    own.reload()
    expect(own.locator("#caffeine")).to_have_value(less)


def test_different_tiles_tapped_at_once_are_all_noted_and_shown(browse, page):
    own = browse(client=page)
    held = []

    def hold(route):
        held.append((route, route.fetch()))
        own.evaluate("held => document.documentElement.dataset.held = held", len(held))

    own.route("**/log/again/", hold)
    own.goto(reverse("today"))
    own.evaluate("document.querySelectorAll('button.tile').forEach((tile) => tile.click())")
    own.locator("html[data-held='4']").wait_for()
    with own.expect_response("**/today/?day=*"):  # Today is asked once more when all are in
        for route, answer in reversed(held):  # the answer that knows of one note is shown last
            route.fulfill(response=answer)
    expect(own.locator(".entry")).to_have_count(4)
    expect(own.locator(".strip .mark")).to_have_count(4)
    expect(own.locator("#say")).to_contain_text(" noted at ")


def test_a_tile_can_be_tapped_again_and_keeps_the_keyboard_where_it_was(browse, page):
    own = browse(client=page)
    own.goto(reverse("today"))
    own.locator("#tile-calf-l").click()
    own.locator(".noted .entry").wait_for()
    own.locator("#tile-calf-l").focus()
    own.wait_for_timeout(2000)  # a second tap within two seconds is a bouncing thumb
    own.keyboard.press("Enter")
    expect(own.locator(".noted .entry")).to_have_count(2)
    assert own.evaluate("document.activeElement.id") == "tile-calf-l"
