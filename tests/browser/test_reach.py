"""Who needs large letters, forced colours, a keyboard alone or less motion reaches everything."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diary.models import Diary, Twitch

from .conftest import DESK, PHONE, SMALL, faults

pytestmark = pytest.mark.django_db(transaction=True)

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

# What sticks out of a page to the side, unless something around it can be moved by itself.
STICKS_OUT = """() => {
    const free = (element) => {
        for (let at = element; at && at !== document.body; at = at.parentElement) {
            const { overflowX } = getComputedStyle(at);
            if (["auto", "scroll", "clip", "hidden"].includes(overflowX)) return false;
            if (at.matches(".vh, .skip")) return false;
        }
        return true;
    };
    const out = (one) => {
        const { left, right } = one.getBoundingClientRect();
        return right > innerWidth + 1 || left < -1;
    };
    const wide = document.documentElement.scrollWidth > innerWidth;
    return [...document.body.querySelectorAll("*")]
        .filter((one) => one.checkVisibility() && out(one) && free(one))
        .filter((one) => ![...one.children].some(out))
        .map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 40)}`)
        .concat(wide ? ["the page itself"] : [])
        .slice(0, 6);
}"""


LARGE = "document.documentElement.style.fontSize = '200%'"
TURNED = "document.documentElement.style.fontSize = ''; document.documentElement.dir = 'rtl'"


def test_large_letters_or_those_from_right_to_left_need_no_moving_sideways(browse, page, sample):
    wrong = []
    for opened, names in (
        (browse(SMALL), OPEN),
        (browse(SMALL, client=page), OWN),
        (sample(SMALL), SAMPLE),
    ):
        for name in names:
            opened.goto(reverse(name))
            for way in (LARGE, TURNED):
                opened.evaluate(way)
                wrong += [f"{name}: {way} {what}" for what in opened.evaluate(STICKS_OUT)]
    assert not wrong, "\n".join(wrong)


def test_with_large_letters_a_day_of_the_calendar_shows_its_number_above_that_of_its_notes(sample):
    full = sample(PHONE)
    full.goto("/diary/")
    full.evaluate(LARGE)
    noted = full.locator(".cal a:has(.v)").first
    day, notes = (noted.locator(part).bounding_box() for part in (".d", ".v"))
    assert day["y"] + day["height"] <= notes["y"] + 1
    skip = full.locator(".skip").bounding_box()
    assert skip["y"] + skip["height"] <= 0


def test_written_from_right_to_left_left_stays_left_and_time_runs_on(browse, page, sample):
    full = sample(PHONE)
    full.goto("/insights/")
    full.evaluate(TURNED)
    turned = (
        "[...document.querySelectorAll('svg, .plot')].map((one) => getComputedStyle(one).direction)"
    )
    assert set(full.evaluate(turned)) == {"ltr"}
    weeks = full.locator(".days > text")
    assert weeks.first.bounding_box()["x"] < weeks.last.bounding_box()["x"]
    own = browse(PHONE, client=page)
    own.goto("/log/")
    own.evaluate(TURNED)
    across = {
        place: own.locator(f"[data-loc={place}]").first.bounding_box()["x"]
        for place in ("calf-l", "calf-r")
    }
    assert across["calf-l"] < across["calf-r"]
    letters = own.locator(".map-body figcaption").first.locator("span")
    assert letters.all_inner_texts() == ["L", "R"]
    assert letters.first.bounding_box()["x"] < letters.last.bounding_box()["x"]


def test_in_the_rail_the_keyboard_goes_down_as_the_eye_does(browse, page):
    own = browse(DESK, client=page)
    own.goto("/today/")
    inside = own.locator(".nav :is(a, button)").filter(visible=True)
    heights = [one.bounding_box()["y"] for one in inside.all()]
    assert inside.first.inner_text().strip() == "Log a twitch"
    assert heights == sorted(heights)


def test_a_box_that_is_not_ticked_has_the_colours_of_the_theme(browse, db):
    out = browse(PHONE)
    out.goto(reverse("account_login"))
    out.evaluate("document.documentElement.dataset.theme = 'bedside'")
    box = out.locator(".check input:not(:checked)").first
    expect(box).to_have_css("background-color", "rgb(18, 13, 9)")
    expect(box).to_have_css("border-top-color", "rgb(128, 109, 84)")


def tab_to(page, selector):
    """Press Tab until this has the focus; what has it on the way is never under the bar."""
    for _ in range(80):
        page.keyboard.press("Tab")
        at, covered = page.evaluate(REACHED, selector)
        assert not covered, f"the bar covers {covered}"
        if at:
            return
    raise AssertionError(f"no key leads to {selector}")


REACHED = """(selector) => {
    const at = document.activeElement;
    const bar = document.querySelector(".nav").getBoundingClientRect();
    const { top, bottom } = at.getBoundingClientRect();
    const isBar = bar.height && bar.height < 200 && !at.closest(".nav, .skip");
    const covers = isBar && top > bar.top && bottom > top;
    return [at.matches(selector), covers ? at.outerHTML.slice(0, 120) : ""];
}"""


def test_with_the_keyboard_alone_one_notes_takes_back_and_marks_the_day(browse, page, alice, in_mg):
    own = browse(client=page)
    own.goto("/today/")
    own.keyboard.press("Tab")
    expect(own.locator(".skip")).to_be_focused()
    own.keyboard.press("Enter")
    tab_to(own, "#tile-calf-l")
    assert own.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    own.keyboard.press("Enter")
    own.locator(".noted .entry").wait_for()
    expect(own.locator("#tile-calf-l")).to_be_focused()
    tab_to(own, ".noted [id^=undo-]")
    own.keyboard.press("Enter")
    own.get_by_role("button", name="Put back Left calf").wait_for()
    own.goto("/today/")
    tab_to(own, "#daymark")
    own.keyboard.press("Enter")
    own.locator("#daymark[aria-pressed=true]").wait_for()
    expect(own.locator("#daymark")).to_be_focused()
    tab_to(own, "#caffeine")
    own.keyboard.type("120")
    own.keyboard.press("Enter")
    own.locator('#caffeine-value [name="was"][value="120"]').wait_for(state="attached")


def test_with_the_keyboard_alone_a_place_is_chosen_from_the_list_and_saved(browse, page, alice):
    own = browse(client=page)
    own.goto("/log/")
    tab_to(own, ".place-fold > summary")
    own.keyboard.press("Enter")
    tab_to(own, ".place-list [name=place]")
    own.keyboard.press("Space")
    tab_to(own, "[name=when]")
    own.keyboard.press("ArrowRight")
    assert own.locator("[name=when]:checked").get_attribute("value") == "15"
    tab_to(own, ".savebar .btn-main")
    own.keyboard.press("Enter")
    own.wait_for_url("**/today/")
    assert Twitch.objects.of(alice).count() == 1


def test_with_the_keyboard_alone_one_summary_is_read(sample):
    page = sample()
    page.goto("/insights/")
    tab_to(page, "details.as-table > summary")
    page.keyboard.press("Enter")
    expect(page.locator("details.as-table[open] table").first).to_be_visible()


def test_with_the_keyboard_alone_a_young_diary_is_printed_as_a_report(browse, page, alice):
    own = browse(client=page)
    own.add_init_script("window.print = () => { document.title = 'printed'; }")
    own.goto("/report/")
    expect(own.locator("#sheet")).to_contain_text("This diary covers 0 days.")
    tab_to(own, "[data-print]")
    own.keyboard.press("Enter")
    expect(own).to_have_title("printed")


def test_single_keys_do_nothing_until_they_are_switched_on(browse, page, alice):
    own = browse(client=page)
    own.goto("/today/")
    own.keyboard.press("n")
    own.keyboard.press("?")
    expect(own.get_by_role("dialog")).to_have_count(0)
    own.goto("/settings/")
    own.locator("#shortcuts").get_by_label("On", exact=True).check(force=True)
    own.locator("#keys").wait_for(state="attached")  # the page comes anew with its keys
    own.goto("/today/")
    own.keyboard.press("?")
    expect(own.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert faults(own) == []
    own.keyboard.press("Escape")
    expect(own.get_by_role("dialog")).to_have_count(0)
    own.keyboard.press("n")
    own.wait_for_url("**/log/")
    own.locator(".words textarea, textarea").first.evaluate(
        "one => one.closest('details').open = true"
    )
    own.locator("textarea").first.focus()
    own.keyboard.type("did nothing")
    expect(own.locator("textarea").first).to_have_value("did nothing")
    own.locator("h1").click()
    for key, path in (("t", "today"), ("d", "diary"), ("i", "insights")):
        own.keyboard.press(key)
        own.wait_for_url(f"**/{path}/")
    own.keyboard.press("Control+d")
    own.wait_for_url("**/insights/")


def test_an_open_page_gets_dim_by_itself_at_the_chosen_hours_and_light_again(browse, page, alice):
    hour = timezone.now().hour
    night = {"bedside_from": (hour + 4) % 24, "bedside_until": (hour + 8) % 24}
    Diary.objects.filter(owner=alice).update(theme="light", **night)
    own = browse(client=page)
    own.goto("/today/")
    around = own.locator("meta[name=theme-color]")
    for later, theme, paper in (
        (6, "bedside", "rgb(10, 7, 5)"),
        (10, "light", "rgb(241, 245, 245)"),
    ):
        own.clock.set_system_time(timezone.now() + timedelta(hours=later))
        own.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(own.locator("html")).to_have_attribute("data-theme", theme)
        expect(around).to_have_attribute("content", paper)


def test_in_forced_colours_what_is_chosen_has_an_outline_and_data_keep_their_colours(browse, page):
    own = browse(client=page, forced_colors="active")
    own.goto("/settings/")
    look = "(one) => [getComputedStyle(one).outlineStyle, getComputedStyle(one).outlineWidth]"
    outlined = ["solid", "3px"]
    assert own.locator("#clock input:checked + span").evaluate(look) == outlined
    own.goto("/today/")
    own.locator("#tile-calf-l").click()
    own.locator(".tile-wrap.is-noted").wait_for()
    own.locator("#stress-4").check(force=True)
    assert own.locator("#stress-4 + b").evaluate(look) == outlined
    own.mouse.move(0, 0)
    own.locator("h1").click()
    assert own.locator(".is-noted .tile").evaluate(look) == outlined
    keeps = "(one) => getComputedStyle(one).forcedColorAdjust"
    assert own.locator(".strip .mark").first.evaluate(keeps) == "none"
    own.goto("/diary/")
    assert own.locator(".cal a").first.evaluate(keeps) == "none"


def test_who_wants_less_motion_sees_none(browse, page, sample):
    moves = """() => [...document.querySelectorAll("*")].filter((one) => {
        const { transitionDuration, transitionProperty, animationName } = getComputedStyle(one);
        return animationName !== "none"
            || (transitionProperty !== "none" && parseFloat(transitionDuration) > 0);
    }).length"""
    full = sample(reduced_motion="reduce")
    for path in ("/today/", "/log/", "/insights/", "/settings/"):
        full.goto(path)
        assert full.evaluate(moves) == 0, path


def test_spaced_out_text_is_not_cut_off(browse, page):
    """The spacing that everybody may set for themselves, by WCAG 1.4.12."""
    own = browse(client=page)
    for path in ("/today/", "/log/", "/diary/", "/settings/"):
        own.goto(path)
        cut = own.evaluate(
            """() => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync(`
                    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; }
                    * { word-spacing: 0.16em !important; }
                    p { margin-block-end: 2em !important; }
                `);
                document.adoptedStyleSheets = [sheet];
                return [...document.querySelectorAll("main :is(a, button, p, span, h2)")]
                    .filter((one) => one.checkVisibility() && !one.closest(".vh, svg, [hidden]")
                        && getComputedStyle(one).overflowX === "hidden"
                        && one.scrollWidth > one.clientWidth + 1)
                    .map((one) => one.outerHTML.slice(0, 100));
            }"""
        )
        assert cut == [], path
        assert not own.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def test_nothing_that_sticks_covers_what_the_keyboard_is_at(browse, page):
    """On a small screen, where the bar at the bottom takes most."""
    covered = """() => {
        const at = document.activeElement, { x, y, width, height } = at.getBoundingClientRect();
        if (at === document.body || at.closest(".vh, .skip, .nav, .top, .savebar")) return;
        const top = document.elementFromPoint(x + width / 2, y + Math.min(height / 2, 20));
        if (top && !at.contains(top) && !top.contains(at) && top.closest(".nav, .top, .savebar"))
            return at.outerHTML.slice(0, 100);
    }"""
    own = browse(SMALL, page)
    for path in ("/today/", "/log/", "/settings/"):
        own.goto(path)
        for _stop in range(45):
            own.keyboard.press("Tab")
            assert own.evaluate(covered) is None, path


def test_who_wants_more_contrast_gets_the_second_ink_as_dark_as_the_first(browse, page):
    ink = "(one) => getComputedStyle(one).color"
    colours = {}
    for wanted in ("no-preference", "more"):
        own = browse(client=page, contrast=wanted)
        own.goto("/today/")
        colours[wanted] = (own.locator("h2").first, own.locator(".meta").first)
        colours[wanted] = tuple(one.evaluate(ink) for one in colours[wanted])
    assert colours["no-preference"][0] != colours["no-preference"][1]
    assert colours["more"][0] == colours["more"][1]


def test_help_stands_at_the_same_place_on_every_page_and_each_has_a_title_of_its_own(browse, page):
    own = browse(client=page)
    titles = []
    for name in OWN:
        own.goto(reverse(name))
        titles.append(own.title())
        last = own.locator("footer.foot a").first
        expect(last).to_have_text("When to get medical advice")
        expect(own.locator("h1")).to_have_count(1)
    assert [title for title in titles if not title.endswith(" – Ebb")] == []
    assert len({*titles}) == len(titles), titles


def test_every_part_of_the_figure_is_as_large_as_a_thumb_needs(browse, page):
    """44 regions of the body and 10 of the face, each at least 24 px wide and high."""
    own = browse(client=page)
    own.goto("/log/")
    sizes = """(views) => [...document.querySelectorAll("[data-loc]")].map((one) => {
        const { width, height } = one.getBoundingClientRect();
        return [one.dataset.loc, width, height];
    }).filter(([, width]) => width)"""
    body = own.evaluate(sizes)
    own.locator("label", has_text="Face").first.click()
    face = own.evaluate(sizes)
    small = [part for part in (*body, *face) if min(part[1:]) < 24]
    assert not small
    assert (len({part[0] for part in body}), len({part[0] for part in face})) == (44, 10)
