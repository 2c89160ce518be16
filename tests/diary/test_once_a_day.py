"""Once a day: one question in place of the tiles, and what its answer becomes."""

import csv
import io
import re

import pytest

from diary.models import Day, Diary, Twitch
from insights.collect import collect

from .conftest import TODAY, back, words

pytestmark = pytest.mark.usefixtures("monday_evening", "berlin")
ASKED = f"/days/{TODAY}/answer/"


@pytest.fixture
def daily(berlin):
    """Alice, who notes once a day."""
    Diary.objects.of(berlin).update(noting="daily")
    return berlin


def test_today_asks_one_question_in_place_of_the_tiles(page, daily):
    told = words(page.get("/today/"))
    assert "How was today?" in told
    for answer in ("Clear", "A few", "Several", "Most of the day", "Left calf", "Somewhere else"):
        assert answer in told
    assert "Felt one just now?" not in told
    assert "No twitches today" not in told


def test_an_answer_is_a_note_of_each_place_without_a_time(page, daily):
    sent = {"overall": "most", "place": ["calf-l", "eyelid-r", "calf-l"], "next": "/today/"}
    answer = page.post(ASKED, sent, follow=True)
    assert "Monday 23 November: most of the day, Left calf, Right eyelid." in words(answer)
    notes = Twitch.objects.of(daily).order_by("place")
    assert [(note.place, note.started_at, note.duration) for note in notes] == [
        ("calf-l", None, "hours"),
        ("eyelid-r", None, "hours"),
    ]
    assert Day.objects.get(owner=daily).overall == "most"
    html = answer.content.decode()
    assert re.search(r'value="most"[^>]*checked', html)
    assert re.search(r'value="calf-l" data-mirror="calf-l" checked', html)


def test_a_place_that_was_noted_by_itself_is_not_noted_again(page, daily, write):
    write.note(TODAY)
    page.post(ASKED, {"overall": "few", "place": ["calf-l", "calf-r"]})
    notes = Twitch.objects.of(daily).order_by("place")
    assert [(note.place, note.started_at is None) for note in notes] == [
        ("calf-l", False),
        ("calf-r", True),
    ]


def test_a_place_that_was_answered_and_then_noted_by_itself_is_one_note(page, daily, write):
    page.post(ASKED, {"overall": "few", "place": ["calf-l", "calf-r"]})
    write.note(TODAY)
    page.post(ASKED, {"overall": "several", "place": ["calf-l", "calf-r"]})
    notes = Twitch.objects.of(daily).order_by("place")
    assert [(note.place, note.started_at is None) for note in notes] == [
        ("calf-l", False),
        ("calf-r", True),
    ]


def test_answering_anew_replaces_the_answer_and_sending_it_twice_is_once(page, daily):
    page.post(ASKED, {"overall": "few", "place": ["calf-l", "calf-r"]})
    for _ in range(2):
        page.post(ASKED, {"overall": "several", "place": ["calf-r", "thumb-l"]})
    assert {note.place for note in Twitch.objects.of(daily)} == {"calf-r", "thumb-l"}
    page.post(ASKED, {"overall": "few", "place": ["calf-l"]})
    assert [note.place for note in Twitch.objects.of(daily)] == ["calf-l"]
    assert Day.objects.get(owner=daily).overall == "few"


def test_a_clear_day_takes_the_places_of_an_earlier_answer_back(page, daily):
    page.post(ASKED, {"overall": "few", "place": ["calf-l"]})
    page.post(ASKED, {"overall": "clear", "place": ["calf-l"]})
    day = Day.objects.get(owner=daily)
    assert (day.clear, day.overall) == (True, "")
    assert not Twitch.objects.of(daily).exists()
    page.post(ASKED, {"overall": "few", "place": ["calf-l"]})
    assert not Day.objects.get(owner=daily).clear


def test_a_day_with_notes_of_its_own_is_not_clear_and_the_page_says_why(page, daily, write):
    write.note(TODAY)
    answer = page.post(ASKED, {"overall": "clear"})
    assert answer.status_code == 422
    assert "There are notes on Monday 23 November, so it is not clear" in words(answer)
    assert Twitch.objects.of(daily).count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose how the day was"),
        ({"overall": "awful"}, "Choose how the day was"),
        ({"overall": "few\0"}, "Choose how the day was"),
        ({"overall": "few"}, "Choose where you felt it"),
        ({"overall": "few", "place": "moon"}, "Choose a place from the list"),
        ({"overall": "few", "place": "x" * 10_000}, "Choose a place from the list"),
    ],
)
def test_a_slip_is_told_and_what_was_chosen_stays(page, daily, sent, said):
    answer = page.post(ASKED, sent)
    assert answer.status_code == 422
    assert words(answer).count(said) == 2
    if sent.get("overall") == "few":
        assert re.search(r'value="few"[^>]*checked', answer.content.decode())
    assert not Twitch.objects.exists()


def test_any_past_day_can_be_answered_from_its_own_page_and_none_that_is_to_come(page, daily):
    yesterday = back(1)
    assert f'href="/days/{yesterday}/answer/"' in page.get(f"/days/{yesterday}/").content.decode()
    assert "How was Sunday 22 November?" in words(page.get(f"/days/{yesterday}/answer/"))
    page.post(f"/days/{yesterday}/answer/", {"overall": "few", "place": ["calf-l"]})
    assert Twitch.objects.get().day == yesterday
    assert page.get(f"/days/{back(-1)}/answer/").status_code == 404


def test_a_place_counts_once_a_day_in_the_summaries_also_before(berlin, write):
    for hour in (8, 11, 14):
        write.note(back(1), hour=hour)
    write.note(back(1), place="thumb-l")
    diary = Diary.objects.get(owner=berlin)
    assert [len(day.notes) for day in collect(diary, TODAY).days] == [4, 0]
    diary.noting = "daily"
    assert [len(day.notes) for day in collect(diary, TODAY).days] == [2, 0]


def test_the_answer_is_in_the_file_of_days(page, daily):
    page.post(ASKED, {"overall": "several", "place": ["calf-l"]})
    text = page.get("/export/days.csv").getvalue().decode("utf-8-sig")
    assert [day["overall"] for day in csv.DictReader(io.StringIO(text))] == ["several"]


def test_after_six_notes_in_a_place_once_for_the_day_is_offered(page, berlin, write):
    for hour in range(5):
        write.note(TODAY, hour=6 + hour)
    assert "once for today" not in words(page.get("/today/"))
    write.note(TODAY, hour=15)
    told = words(page.get("/today/"))
    assert "You can note this place once for the whole day. Left calf: once for today" in told
    answer = page.post(f"/days/{TODAY}/once/", {"place": "calf-l"}, follow=True)
    assert "Left calf is noted once for the whole day." in words(answer)
    assert "once for today" not in words(answer)
    note = Twitch.objects.of(berlin).get()
    assert (note.duration, note.started_at.hour) == ("hours", 6)
    assert words(answer).count("Put back") == 5


@pytest.mark.parametrize("place", ["", "moon", "\0", "x" * 10_000])
def test_no_other_place_can_be_noted_once(page, place):
    assert page.post(f"/days/{TODAY}/once/", {"place": place}).status_code == 404


def test_of_many_notes_the_first_with_a_time_is_kept(page, berlin, write):
    write.note(TODAY, timed=False)
    noon = write.note(TODAY)
    page.post(f"/days/{TODAY}/once/", {"place": "calf-l"})
    assert Twitch.objects.of(berlin).get() == noon


def test_a_place_that_was_noted_once_stays_as_it_is(page, berlin, write):
    write.note(TODAY)
    for place in ("calf-l", "calf-r"):
        assert page.post(f"/days/{TODAY}/once/", {"place": place}).status_code == 303
    assert Twitch.objects.of(berlin).get().duration == "minutes"
