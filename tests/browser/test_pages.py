"""Pages in a real browser: what is tapped, typed and held is what is shown and saved."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_refused_form_has_the_focus_on_what_to_look_at_again(browse, page):
    own = browse(client=page)
    own.goto(reverse("log"))
    own.get_by_role("button", name="Save note").click()
    expect(own.locator("#errors")).to_be_focused()
    expect(own).to_have_title(re.compile("^Error: "))

    out = browse()
    out.goto(reverse("account_login"))
    out.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(out.locator("#errors")).to_be_focused()
    expect(out).to_have_title(re.compile("^Error: "))


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
