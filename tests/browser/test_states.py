"""Every state a page can be in, as a browser shows it. Offline ones are in test_offline,
charts that cannot load in test_charts.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diary import recording
from diary.models import Day, Diary, Twitch, User
from insights import compute

from .conftest import faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def write(alice):
    """Writes a note so many days ago."""

    def written(days_ago=0, place="calf-l", duration="seconds"):
        moment = timezone.now() - timedelta(days=days_ago)
        when = recording.When.at(moment, Diary.objects.get(owner=alice))
        text = recording.NoteText(when, duration)
        return recording.note(alice, uuid4(), [place], text, moment).notes[0]

    return written


def follow(owner):
    """Let the summaries catch up with the diary."""
    compute.recompute(owner.pk, datetime.now(UTC))


def shows(page, path, *texts):
    """Open a page and wait until it says all of this."""
    page.goto(path)
    for text in texts:
        expect(page.locator("body")).to_contain_text(text)
    return page


def test_the_first_day_has_the_common_places_and_nothing_noted(phone):
    shows(phone, "/today/", "Nothing noted yet.", "No twitches today")
    assert phone.locator(".tile b").all_inner_texts() == [
        "Left eyelid",
        "Right eyelid",
        "Left calf",
        "Right calf",
    ]
    expect(phone.locator(".strip .mark")).to_have_count(0)


def test_a_day_with_notes_has_them_in_a_list_and_no_day_mark(phone, write):
    write()
    shows(phone, "/today/", "Each mark is a note", "Noted today")
    expect(phone.locator("#daymark")).to_have_count(0)
    expect(phone.locator(".strip .mark")).to_have_count(1)


def test_a_clear_day_is_pressed_and_a_note_lifts_the_mark_and_says_so(phone):
    shows(phone, "/today/")
    phone.locator("#daymark").tap()
    phone.locator("#daymark[aria-pressed=true]").wait_for()
    expect(phone.locator("#daymark")).to_contain_text("Tap again to take this back.")
    phone.locator("#tile-calf-l").tap()
    expect(phone.locator("#say")).to_contain_text("The day is no longer marked as clear.")
    expect(phone.locator("#now form", has_text="no longer marked as clear")).to_be_visible()
    phone.locator("#undo-lifted").tap()
    phone.locator("#daymark[aria-pressed=true]").wait_for()


def test_back_and_forward_show_whole_pages_with_what_was_done_since(phone, write):
    write(8)
    shows(phone, "/today/")
    phone.locator("#tile-calf-l").tap()
    phone.locator(".noted .entry").wait_for()
    phone.locator(".nav").get_by_role("link", name="Diary").tap()
    phone.wait_for_url("**/diary/")
    phone.locator("#f-show").select_option("clear")
    phone.wait_for_url("**/diary/*show=clear*")
    phone.get_by_text("No days like this in these weeks.").wait_for()
    phone.locator(".nav").get_by_role("link", name="More").tap()
    phone.wait_for_url("**/more/")

    def whole(heading):
        phone.locator("html[data-outbox=ready]").wait_for()  # its scripts have run
        expect(phone.get_by_role("heading", level=1)).to_have_text(heading)
        expect(phone.locator(".nav, footer.foot, #main")).to_have_count(3)

    with phone.expect_navigation():
        phone.go_back()
    whole("Diary")
    expect(phone.locator("#f-show")).to_have_value("clear")
    with phone.expect_event("domcontentloaded"):
        phone.evaluate("history.back()")
    whole("Diary")
    expect(phone.locator(".daylist .entry")).to_have_count(2)
    with phone.expect_navigation():
        phone.go_back()
    expect(phone.locator(".noted .entry")).to_have_count(1)
    with phone.expect_navigation():
        phone.go_forward()
    whole("Diary")


LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"


def test_what_another_tab_or_device_noted_stands_on_today_without_loading_it_anew(phone, write):
    shows(phone, "/today/")
    other = phone.context.new_page()
    shows(other, "/today/")
    other.locator("#tile-calf-l").tap()
    expect(phone.locator(".noted .entry")).to_have_count(1)
    write(place="thumb-r")
    phone.evaluate(LOOKED_AT)
    expect(phone.locator(".noted .entry")).to_have_count(2)


def test_looking_again_at_what_has_not_changed_leaves_today_as_it_is(phone):
    shows(phone, "/today/")
    for status in (200, 304):  # the first answer brings a tag for the next
        with phone.expect_response("**/today/*") as looked:
            phone.evaluate(LOOKED_AT)
        assert looked.value.status == status
        expect(phone.locator("#tile-calf-l")).to_be_visible()
    phone.locator("#tile-calf-l").tap()
    expect(phone.locator(".noted .entry")).to_have_count(1)


def test_a_new_day_is_there_when_somebody_looks_at_the_page_of_yesterday(phone, alice):
    def shown_day():
        return str(Diary.objects.get(owner=alice).today(timezone.now()))

    # 26 hours lie between these two zones: it is always a later day in the second.
    Diary.objects.filter(owner=alice).update(zone="Etc/GMT+12")
    shows(phone, "/today/")
    expect(phone.locator("#now")).to_have_attribute("data-day", shown_day())
    Diary.objects.filter(owner=alice).update(zone="Etc/GMT-14")
    phone.evaluate(LOOKED_AT)
    expect(phone.locator("#now")).to_have_attribute("data-day", shown_day())
    phone.get_by_role("button", name="One coffee more").tap()
    phone.locator('#caffeine-value [name="was"][value="90"]').wait_for(state="attached")
    assert str(Day.objects.get(owner=alice).day) == shown_day()


def test_a_device_that_is_followed_takes_its_time_zone_along(phone, alice, write):
    phone.set_default_timeout(60_000)  # the list of zones is the longest page of all
    before = write()
    told = phone.context.new_cdp_session(phone)
    told.send("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
    shows(phone, "/settings/")
    phone.get_by_label("Follow this device when I travel").check()
    expect(phone.locator("#zone")).to_have_value("Asia/Tokyo")
    phone.locator(".saved", has_text="Saved").wait_for()
    told.send("Emulation.setTimezoneOverride", {"timezoneId": "America/Lima"})
    shows(phone, "/today/")
    phone.locator("body[data-zone='America/Lima']").wait_for()
    assert Diary.objects.get(owner=alice).zone == "America/Lima"
    zone = before.zone
    before.refresh_from_db()
    assert before.zone == zone
    shows(phone, "/settings/")
    phone.locator("#zone").select_option("Europe/Paris")
    phone.locator(".saved", has_text="Saved").wait_for()
    expect(phone.get_by_label("Follow this device when I travel")).not_to_be_checked()
    shows(phone, "/today/")
    expect(phone.locator("body")).to_have_attribute("data-zone", "Europe/Paris")


def test_looking_again_without_a_connection_changes_nothing_and_says_nothing(phone):
    shows(phone, "/today/")
    with phone.expect_event("requestfailed", lambda asked: "/today/" in asked.url):
        phone.route("**/today/*", lambda route: route.abort())
        phone.evaluate(LOOKED_AT)
    expect(phone.locator("#tile-calf-l")).to_be_visible()
    expect(phone.locator("#notices")).to_be_empty()


def test_an_answer_that_somebody_has_begun_to_give_stays_while_they_look_away(phone, alice):
    Diary.objects.filter(owner=alice).update(noting="daily")
    shows(phone, "/today/")
    phone.locator("label", has_text="Several").tap()
    asked = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.evaluate(LOOKED_AT)
    assert phone.evaluate("fetch('/healthz').then((answer) => answer.ok)")
    assert not [url for url in asked if "/today/" in url]
    expect(phone.locator("[name=overall][value=several]")).to_be_checked()


def test_after_midnight_the_heading_stays_on_the_evening(phone, alice):
    # In one zone of the world it is three o'clock, before a day that starts at eight.
    ahead = (3 - datetime.now(UTC).hour + 11) % 24 - 11
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
    Diary.objects.filter(owner=alice).update(zone=zone, day_start_hour=8)
    shows(phone, "/today/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text(", night")


def test_on_a_break_the_tiles_are_folded_and_still_work(phone, alice):
    today = Diary.objects.get(owner=alice).today(timezone.now())
    recording.take_break(alice, today, today + timedelta(days=8), timezone.now())
    shows(phone, "/today/", "You are taking a break until", "You can still note something.")
    expect(phone.locator("#tile-calf-l")).to_be_hidden()
    phone.locator("summary", has_text="Felt one just now?").tap()
    phone.locator("#tile-calf-l").tap()
    phone.locator(".noted .entry").wait_for()
    assert Twitch.objects.of(alice).count() == 1


def test_yesterday_is_offered_once_blank_and_told_once_kept(phone, alice):
    User.objects.filter(pk=alice.pk).update(date_joined=timezone.now() - timedelta(days=9))
    shows(phone, "/today/", "Yesterday is blank.")
    phone.get_by_role("button", name="It was clear").tap()
    expect(phone.locator("body")).to_contain_text("Yesterday: no twitches.")


def test_after_a_long_pause_one_starts_from_today(phone, write):
    write(30)
    shows(phone, "/today/", "Welcome back. Start from today; the blank days can stay blank.")
    assert faults(phone) == []
    phone.locator("#tile-calf-l").tap()
    phone.locator(".noted .entry").wait_for()
    phone.reload()
    expect(phone.locator("body")).not_to_contain_text("Welcome back")


def test_a_form_with_a_place_in_its_address_is_filled_in_and_an_edited_note_says_so(phone, write):
    shows(phone, "/log/?place=thumb-l", "Left thumb")
    expect(phone.locator("#bar-where")).to_have_text("Left thumb")
    note = write()
    shows(phone, f"/notes/{note.uuid}/", "Edit note", "Remove note")


def test_a_place_brings_along_how_long_it_lasted_there_until_a_length_is_chosen(phone, write):
    write(place="thumb-l", duration="minutes")
    shows(phone, "/log/")
    lasts = phone.locator("#duration :checked")
    phone.locator(".chip", has_text="Left thumb").first.tap()
    expect(lasts).to_have_value("minutes")
    expect(phone.locator("#bar-rest")).to_contain_text("1 to 5 minutes")
    phone.locator(".chip", has_text="Left thumb").first.tap()
    phone.locator("[data-loc=shin-r]").tap()
    expect(lasts).to_have_value("seconds")
    phone.locator("#duration .chip", has_text="Under a minute").tap()
    phone.locator("[data-loc=shin-r]").tap()
    phone.locator(".chip", has_text="Left thumb").first.tap()
    expect(lasts).to_have_value("under-minute")


def test_several_places_are_one_note_each_and_one_undo_for_all(phone, alice):
    shows(phone, "/log/")
    for place in ("shin-r", "shin-l"):
        phone.locator(f"[data-loc={place}]").tap()
    phone.get_by_role("button", name="Save note").tap()
    phone.wait_for_url("**/today/")
    expect(phone.locator(".noted .entry")).to_have_count(2)
    phone.get_by_role("button", name="Undo all 2").tap()
    expect(phone.locator(".noted .entry.is-removed")).to_have_count(2)
    assert not Twitch.objects.of(alice).exists()


def test_an_empty_diary_shows_this_week_and_one_sentence(phone):
    shows(phone, "/diary/", "Your diary starts with your first note.")
    expect(phone.locator(".cal tbody tr")).to_have_count(1)


def test_a_filter_that_finds_nothing_says_so_and_leads_back(phone, write):
    write()
    shows(phone, "/diary/?show=clear", "No days like this in these weeks.")
    phone.get_by_role("link", name="Show all days").tap()
    expect(phone.locator(".daylist .entry")).to_have_count(1)


def test_a_long_diary_is_leafed_through_six_weeks_at_a_time(phone, write):
    for days_ago in (0, 60, 120):
        write(days_ago)
    shows(phone, "/diary/")
    phone.get_by_role("link", name="Earlier", exact=True).tap()
    phone.get_by_role("link", name="Later", exact=True).wait_for()
    expect(phone.locator(".cal tbody tr")).to_have_count(6)


def test_before_the_first_summary_its_time_is_told_with_a_way_to_the_sample(phone):
    shows(phone, "/insights/", "Your first summary comes after your first week")
    expect(phone.get_by_role("button", name="See the sample diary")).to_be_visible()
    expect(phone.get_by_role("img", name="Made up: each filled dot")).to_be_visible()
    assert faults(phone) == []


def test_with_few_days_nothing_is_compared(phone, alice, write):
    for days_ago in range(1, 10):
        write(days_ago)
    follow(alice)
    shows(phone, "/insights/", "Too early to compare.", "Six weeks, one dot for each note")
    expect(phone.locator("progress")).to_have_count(0)
    phone.get_by_role("link", name="take a break").tap()
    expect(phone.locator("#break")).to_be_in_viewport()


def test_where_nothing_stands_out_that_is_said_and_a_factor_known_too_rarely_says_so(
    phone, alice, write
):
    """Notes come in threes of days, coffees in fours, and sleep was noted on four days alone."""
    today = Diary.objects.get(owner=alice).today(timezone.now())
    kept = range(1, 57)
    Day.objects.bulk_create(
        Day(
            owner=alice,
            day=today - timedelta(days=days_ago),
            clear=not days_ago % 3,
            caffeine_mg=90 + 90 * (days_ago // 2 % 2),
            sleep_minutes=400 + days_ago if days_ago < 5 else None,
        )
        for days_ago in kept
    )
    for days_ago in kept:
        if days_ago % 3:
            write(days_ago)
    follow(alice)
    shows(phone, "/insights/", "Nothing stood out this time", "That is a common and useful result.")
    row = phone.locator(".factor")
    expect(row.filter(has_text="Caffeine").first).to_contain_text("Could go either way")
    expect(row.filter(has_text="Sleep").first).to_contain_text("Too early to compare")
    expect(row.filter(has_text="Sleep").first).to_contain_text("usable days; a comparison needs")
    expect(phone.locator("body")).to_contain_text("That is all for this week")


def test_who_goes_on_is_not_called_back_by_a_summary_that_arrives_meanwhile(browse, page, write):
    write()
    own = browse(client=page)
    own.add_init_script("delete Navigator.prototype.serviceWorker")  # it would ask by itself
    own.goto("/insights/")
    own.locator("#behind").wait_for()
    held = []

    def looked(route):
        asks = "hx-request" in route.request.headers
        route.fulfill(headers={"HX-Refresh": "true"}) if asks and held else route.continue_()

    own.route("**/insights/", looked)
    own.route("**/diary/", lambda route: held.append(route))
    with own.expect_response("**/insights/") as told:
        own.evaluate("document.querySelector('.nav [href=\"/diary/\"]').click()")
    assert told.value.headers["hx-refresh"] == "true"
    held[0].continue_()
    own.wait_for_url("**/diary/")


def test_a_week_with_blank_days_only_is_called_blank(phone, alice, write):
    for days_ago in range(15, 24):
        write(days_ago)
    follow(alice)
    shows(phone, "/insights/", "This week is blank.")


def test_the_sample_says_on_every_page_that_none_of_it_is_ones_own(sample):
    page = sample()
    for path in ("/today/", "/diary/", "/insights/"):
        shows(page, path, "None of this is yours.")


def test_a_fault_of_the_server_loses_nothing_and_leads_back(phone, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("diary.views.today.page", broken)
        shows(phone, "/today/", "Something on our side did not work", "Nothing you noted is lost.")
    phone.get_by_role("link", name="Back to Today").tap()
    expect(phone.locator("#tile-calf-l")).to_be_visible()


def test_a_page_that_does_not_exist_leads_back(phone):
    shows(phone, "/nowhere/", "This page does not exist")
    phone.get_by_role("link", name="Back to Today").tap()
    expect(phone.locator("#tile-calf-l")).to_be_visible()
