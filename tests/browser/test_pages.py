"""Pages in a real browser: nothing keeps anybody out, nothing runs over, nothing is refused."""

import re
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from diary.models import Diary
from insights import compute

pytestmark = pytest.mark.django_db(transaction=True)

OPEN = ["home", "account_login", "account_signup", "account_reset_password", "advice"]
OWN = ["today", "log", "diary", "insights", "export", "learn", "settings", "more", "welcome"]
OWN += [
    "check",
    "factors",
    "log-which",
    "account_email",
    "account_change_password",
    "account_logout",
]
SAMPLE = ["today", "diary", "insights", "settings"]

# What the browser and htmx remark on an answer that a test refuses or cuts off.
REMARKS = ("status of 401", "Code 401", "status of 422", "ERR_FAILED", "htmx:")

PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 700}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def browse(chromium, live_server):
    """Open pages at a size and in a colour scheme; what the console says is a failure."""
    said, contexts = [], []

    def open_page(viewport=PHONE, client=None, **options):
        context = chromium.new_context(viewport=viewport, base_url=live_server.url, **options)
        contexts.append(context)
        if client:
            name = settings.SESSION_COOKIE_NAME
            key = client.cookies[name].value
            context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [line for line in said if not any(remark in line for remark in REMARKS)] == []


@pytest.fixture
def sample(browse):
    """Open the sample diary as a newcomer does; its summaries are computed."""

    def open_sample(viewport=PHONE, **options):
        page = browse(viewport, **options)
        page.goto("/")
        page.get_by_role("button", name="Look around first").click()
        page.wait_for_url("**/insights/")
        compute.recompute(Diary.objects.get(is_sample=True).pk, datetime.now(UTC))
        return page

    return open_sample


def violations(page):
    """What the checker finds, each with where it is."""
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]
    ]


def runs_over(page):
    """Whether the page has to be moved sideways."""
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def fit_for_everybody(page, names):
    """Nobody is kept out of these pages, and none has to be moved sideways."""
    wrong = []
    for name in names:
        page.goto(reverse(name))
        wrong += violations(page)
        if runs_over(page):
            wrong.append(f"{page.url} is wider than the screen")
    assert not wrong, "\n".join(wrong)


def test_everybody_can_use_the_pages_before_signing_in(browse, db):
    fit_for_everybody(browse(), OPEN)
    fit_for_everybody(browse(DESK, color_scheme="dark"), OPEN[:2])


def test_everybody_can_use_the_pages_of_a_new_diary(browse, page):
    fit_for_everybody(browse(client=page), OWN)


def test_everybody_can_use_the_pages_of_a_new_diary_in_the_dark(browse, page):
    fit_for_everybody(browse(DESK, client=page, color_scheme="dark"), OWN[:3])


def test_everybody_can_use_a_diary_with_half_a_year_in_it(sample):
    fit_for_everybody(sample(), SAMPLE)
    fit_for_everybody(sample(DESK, color_scheme="dark"), SAMPLE)


def test_everybody_can_use_the_bedside_theme(browse, page, alice):
    Diary.objects.filter(owner=alice).update(theme="bedside")
    fit_for_everybody(browse(client=page), ["today", "log", "diary", "settings"])


def test_a_small_screen_needs_no_moving_sideways(browse, page, sample):
    own = browse(SMALL, client=page)
    wide = [name for name in OWN if own.goto(reverse(name)) and runs_over(own)]
    made_up = sample(SMALL)
    wide += [name for name in SAMPLE if made_up.goto(reverse(name)) and runs_over(made_up)]
    assert wide == []


def test_a_refused_form_has_the_focus_on_what_to_look_at_again(browse, page):
    own = browse(client=page)
    own.goto(reverse("log"))
    own.get_by_role("button", name="Save note").click()
    expect(own.locator("#errors")).to_be_focused()
    expect(own).to_have_title(re.compile("^Error: "))
    assert violations(own) == []

    out = browse()
    out.goto(reverse("account_login"))
    out.get_by_role("main").get_by_role("button", name="Sign in").click()
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


def test_quick_taps_count_each_and_what_is_typed_after_is_what_is_saved(browse, page):
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


def test_different_tiles_tapped_at_once_are_all_noted_and_shown(browse, page):
    own = browse(client=page)
    held = []
    own.route("**/log/again/", lambda route: held.append((route, route.fetch())))
    own.goto(reverse("today"))
    own.evaluate("document.querySelectorAll('button.tile').forEach((tile) => tile.click())")
    while len(held) < 4:
        own.wait_for_timeout(50)
    for route, answer in reversed(held):  # the answer that knows of one note is shown last
        route.fulfill(response=answer)
    own.get_by_text("4 notes so far.").first.wait_for()
    assert own.locator(".entry").count() == 4
    assert " noted at " in own.locator("#say").inner_text()


def test_a_tile_can_be_tapped_again_and_keeps_the_keyboard_where_it_was(browse, page):
    own = browse(client=page)
    own.goto(reverse("today"))
    own.locator("#tile-calf-l").click()
    own.get_by_text("One note so far.").first.wait_for()
    own.locator("#tile-calf-l").focus()
    own.wait_for_timeout(2000)  # a second tap within two seconds is a bouncing thumb
    own.keyboard.press("Enter")
    own.get_by_text("2 notes so far.").first.wait_for()
    assert own.evaluate("document.activeElement.id") == "tile-calf-l"
