"""Pages in German: asked for by the device or chosen by the person, whole, and files unchanged."""

import re

import pytest
from django.utils import translation

from diary import amounts, shown
from diary.factors import FACTORS
from diary.shown import Units

pytestmark = pytest.mark.usefixtures("monday_evening")


@pytest.mark.parametrize("asked", ["de", "de-AT", "de-CH,en;q=0.5"])
def test_a_device_that_asks_for_german_is_answered_in_german(page, asked):
    answer = page.get("/today/", headers={"accept-language": asked})
    text = answer.content.decode()
    assert '<html lang="de"' in text
    assert "Montag, 23. November" in text
    assert "Gerade eine gespürt?" in text


def test_what_a_person_chose_goes_before_what_the_device_asks_for(page, alice):
    page.post("/settings/", {"language": "de", "initial-language": "device"})
    alice.diary.refresh_from_db()
    assert alice.diary.language == "de"
    answer = page.get("/settings/", headers={"accept-language": "en"})
    assert "Einstellungen" in answer.content.decode()
    assert answer["Content-Language"] == "de"


def test_the_language_of_one_person_is_not_that_of_the_next(page, alice, bob):
    type(alice.diary).objects.of(alice).update(language="de")
    assert '<html lang="de"' in page.get("/today/").content.decode()
    page.force_login(bob)
    assert '<html lang="en-gb"' in page.get("/today/").content.decode()


def test_files_have_the_same_headings_in_every_language(page, alice):
    english, german = (
        b"".join(
            page.get("/export/days.csv", headers={"accept-language": language}).streaming_content
        )
        for language in ("en", "de")
    )
    assert english == german


@pytest.mark.parametrize(
    "address",
    ["today", "log", "diary", "insights", "learn", "report", "export", "import", "more"],
)
def test_a_page_in_german_holds_no_english_sentence(page, address):
    answer = page.get(f"/{address}/", headers={"accept-language": "de"})
    assert answer.status_code == 200
    words = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    words = re.sub(r"„[^“]*“", " ", words)  # the articles keep their own titles
    assert re.findall(r"\b(?:the|your|with|and|this)\b", words) == []


def test_an_amount_is_written_with_a_comma_and_read_with_either_sign():
    units = Units(glass_ml=250)
    with translation.override("de"):
        text = amounts.written(FACTORS["hydration"], 375, units)
        assert text == "1,5 Gläser"
        assert [amounts.read(FACTORS["hydration"], said, units) for said in (text, "1.5")] == [
            375,
            375,
        ]
        assert amounts.about("hydration", 1750, units) == "1,75 Liter"
        assert shown.number(0.04, 1) == "0,0"
        assert shown.number(1200) == "1200"


def test_the_script_of_a_page_reads_an_ounce_in_every_language(page, alice):
    """It keeps what is noted without a connection, and "29,57" is no number to it."""
    type(alice.diary).objects.of(alice).update(language="de", drinks_in="fl-oz-us")
    assert 'data-drink-ml="29.5735295625"' in page.get("/today/").content.decode()
