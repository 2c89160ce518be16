"""A diary moves: out as one file and in again, and in from a table of another app."""

import io
import re
from uuid import uuid4
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from tests.browser.contexts import close
from tests.conftest import start_ebb, stop_ebb

TABLE = """Datum;Ort;Kaffee
01.11.2026 08:30;Wade;2
02.11.2026;"=HYPERLINK(""x"")";0
31.02.2026;Wade;1
"""


@pytest.fixture(scope="module")
def person(chromium, tmp_path_factory):
    """The first person of a product of their own, with its worker."""
    running = start_ebb(tmp_path_factory.mktemp("import"))
    context = chromium.new_context(base_url=running.url)
    page = context.new_page()
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail").fill(f"{uuid4()}@example.org")
    page.get_by_label("Password", exact=True).fill("a quiet long password")
    page.get_by_label("I agree").check()
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile("/(welcome|today)/"))
    yield page
    close(context)
    stop_ebb(running)


def taken_along(page):
    page.goto("/export/")
    everything = page.get_by_role("link", name="All tables in one file")
    if "sure" not in vars(page):
        everything.click()  # the password is asked for once more
        page.get_by_label("Password").fill("a quiet long password")
        page.locator("main form button").last.click()
        page.wait_for_url("**/export/")
        page.sure = True
    with page.expect_download() as download:
        everything.click()
    return download.value.path().read_bytes()


def written(file):
    """What the person wrote; what is worked out from it follows in a moment, by itself."""
    zipped = ZipFile(io.BytesIO(file))
    follows = {"findings.csv", "suggestions.csv"}
    return {name: zipped.read(name) for name in zipped.namelist() if name not in follows}


def bring(page, name, data):
    page.goto("/import/")
    file = {"name": name, "mimeType": "text/csv", "buffer": data}
    page.get_by_label("File", exact=True).set_input_files([file])
    page.get_by_role("button", name="Look at it").click()


def test_a_table_is_brought_in_taken_along_undone_and_brought_back_as_it_was(person):
    empty = taken_along(person)
    bring(person, "zuckungen.csv", TABLE.encode())
    person.get_by_role("link", name="Say what is in it").click()
    expect(person.get_by_label("Which column holds the day?")).to_have_value("Datum")
    person.get_by_label("Which column says what or where it was?").select_option("Ort")
    person.get_by_role("button", name="Go on").click()
    person.get_by_role("link", name="Say what is in it").click()
    person.get_by_label("Wade").select_option(label="Left calf")
    person.get_by_label("Kaffee").select_option(label="Caffeine, coffees")
    person.get_by_role("button", name="Go on").click()
    expect(person.get_by_text("zuckungen.csv, line 4: Its day can’t be read.")).to_be_visible()
    person.get_by_role("button", name="Take in what can be read").click()
    expect(person.get_by_role("heading", name="What came in")).to_be_visible()
    full = taken_along(person)
    days = ZipFile(io.BytesIO(full)).read("days.csv").decode().splitlines()
    assert [line.split(",")[:2] for line in days[1:3]] == [
        ['"2026-11-01"', '"notes"'],
        ['"2026-11-02"', '"blank"'],
    ]

    person.goto("/import/")
    person.get_by_role("link", name="Look zuckungen.csv").click()
    person.get_by_role("button", name="Undo all of it").click()
    expect(person.get_by_text("was taken out again")).to_be_visible()
    assert written(taken_along(person)) == written(empty)

    bring(person, "ebb.zip", full)
    person.get_by_role("button", name="Take it in").click()
    expect(person.get_by_role("heading", name="What came in")).to_be_visible()
    assert written(taken_along(person)) == written(full)


def test_a_file_that_is_none_is_refused_and_another_can_be_brought(person):
    bring(person, "holiday.png", b"\x89PNG\r\n\x1a\n\x00\x00")
    expect(person.get_by_text("Nothing in your diary was changed.")).to_be_visible()
    expect(person.get_by_role("link", name="Bring another file")).to_be_visible()
