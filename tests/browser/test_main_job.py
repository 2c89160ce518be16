"""The main job from end to end: the real command, the real broker and worker, a real browser."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.contexts import close
from tests.conftest import wait_until


@pytest.fixture(scope="module")
def person(chromium, running_ebb):
    """A person on a phone, and every complaint that their browser made."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, accept_downloads=True)
    page = context.new_page()
    page.complaints = []
    page.on(
        "console",
        lambda message: page.complaints.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
    page.strangers = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((running_ebb.url, "data:", "blob:"))
            else page.strangers.append(request.url)
        ),
    )
    page.set_default_timeout(15_000)
    page.goto(running_ebb.url)
    yield page
    close(context)


def rows_of(page, link):
    """Download a file by its link, and read it as a spreadsheet would."""
    with page.expect_download() as downloading:
        link.click()
    text = downloading.value.path().read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_person_keeps_a_diary_sees_a_week_and_takes_it_to_the_doctor(person, running_ebb):
    page = person

    # The first visit makes the first account; no e-mail has to be confirmed.
    page.goto(running_ebb.url + "accounts/signup/")
    page.get_by_label("E-mail").fill("first@example.org")
    page.get_by_label("Password", exact=True).fill("a quiet long password")
    page.get_by_label("I agree").check()
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile("/(welcome|today)/"))

    # Two twitches by one tap each, one through the form.
    page.goto(running_ebb.url + "today/")
    page.locator("button.tile", has_text="Left calf").click()
    page.locator(".noted .entry", has_text="Left calf").wait_for()
    page.locator("button.tile", has_text="Right eyelid").click()
    page.locator(".noted .entry", has_text="Right eyelid").wait_for()
    page.goto(running_ebb.url + "log/")
    page.locator("summary", has_text="list instead").click()
    page.locator(".place-list input[name=place][value=thumb-l]").check(force=True)
    page.locator("summary", has_text="A few words").click()
    page.get_by_label("What were you doing?").fill("=1+1 lying in bed")
    page.get_by_role("button", name="Save note").click()
    page.locator(".entry", has_text="Left thumb").wait_for()
    assert page.locator(".noted .entry").count() == 3

    # Yesterday was clear.
    yesterday = datetime.now(UTC) - timedelta(days=1, hours=4)
    page.goto(f"{running_ebb.url}days/{yesterday.date()}/")
    page.locator("button.daymark").click()
    page.locator("button.daymark[aria-pressed=true]").wait_for()

    # All of it is in the diary.
    page.goto(running_ebb.url + "diary/")
    list_of_days = page.locator(".daylist, .list-side").first.inner_text()
    for place in ("Left calf", "Right eyelid", "Left thumb", "No twitches"):
        assert place in list_of_days

    # The worker has followed, with what was noted and no comparison.
    def followed():
        page.goto(running_ebb.url + "insights/")
        return "being worked out" not in page.content() and page.locator(".plot").count()

    wait_until(followed, "the worker", seconds=30)
    assert "Did your days differ?" not in page.content() or "Too early" in page.content()

    # Both files come down and can be read back; no cell runs as a formula.
    page.goto(running_ebb.url + "export/")
    notes = rows_of(page, page.locator("a[href*='notes.csv']").first)
    assert {row["place"] for row in notes} == {"calf-l", "eyelid-r", "thumb-l"}
    assert [row["words"] for row in notes if row["words"]] == ["'=1+1 lying in bed"]
    days = rows_of(page, page.locator("a[href*='days.csv']").first)
    assert [row["status"] for row in days] == ["clear", "notes"]
    assert all(row["sleep_h"] == "" for row in days)


def test_the_sample_dashboard_draws_its_charts_in_ten_seconds(person, running_ebb):
    page = person
    page.goto(running_ebb.url + "settings/")
    page.get_by_role("button", name=re.compile("sample", re.I)).first.click()
    page.locator(".days .notes").wait_for(timeout=10_000)
    assert "None of this is yours." in page.content()
    for name in ("differ-caffeine", "times"):
        place = page.locator(f"[data-figure={name}-figure]")
        place.scroll_into_view_if_needed()
        place.locator("svg.main-svg").first.wait_for()
        assert place.locator("path.point, .barlayer path").count() > 0, name
    assert "first@example.org" not in page.content()


def test_the_browser_had_nothing_to_complain_of_and_asked_no_stranger(person):
    assert person.complaints == []
    assert person.strangers == []
