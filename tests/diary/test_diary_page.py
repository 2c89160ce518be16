"""The diary: calendar, list, filters, and what was taken out lately."""

import re
from datetime import date
from html import unescape

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary import kept, recording
from diary.kinds import NoteKind
from diary.models import Break, Day, Diary, Twitch
from diary.places import PLACES

from .conftest import NOW, TODAY, Hand, back, words

pytestmark = pytest.mark.usefixtures("monday_evening", "berlin")


def listed(response):
    """The days in the list, as their headings."""
    return [
        re.sub(r"\s+", " ", unescape(heading)).strip()
        for heading in re.findall(r"<h3>(.*?)</h3>", response.content.decode(), re.S)
    ]


def squares(response):
    """The calendar's cells by day of the address: their class and their name."""
    html = response.content.decode()
    table = html[html.index('<table class="cal">') : html.index("</table>")]
    return {
        href: (kind, unescape(name))
        for kind, href, name in re.findall(
            r'<a class="([^"]*)"\s+href="([^"]*)".*?<span class="vh">([^<]*)</span></a>',
            table,
            re.S,
        )
    }


def test_an_empty_diary_shows_this_week_and_says_how_it_starts(page):
    answer = page.get("/diary/")
    assert words(answer).count("Your diary starts with your first note.") == 1
    assert squares(answer) == {"/today/": ("blank today", "Monday 23 November, today: nothing yet")}
    assert "Earlier" not in words(answer)


def test_the_calendar_prints_the_number_and_names_each_day(page, write):
    for hour in (8, 10, 12, 14, 16):
        write.note(back(1), hour=hour)
    write.note(back(2))
    write.clear(back(3))
    write.note(back(6))
    write.rest(back(5), back(4))
    cells = squares(page.get("/diary/"))
    assert cells["/days/2026-11-22/"] == ("l4", "Sunday 22 November: 5 notes")
    assert cells["/days/2026-11-21/"] == ("l1", "Saturday 21 November: 1 note")
    assert cells["/days/2026-11-20/"] == ("none", "Friday 20 November: clear")
    assert cells["/days/2026-11-19/"] == ("blank break", "Thursday 19 November: a break")
    assert cells["/days/2026-11-17/"] == ("l1", "Tuesday 17 November: 1 note")
    assert cells["/days/2026-11-16/"] == ("blank", "Monday 16 November: blank")


def test_no_square_is_coloured_for_a_day_nobody_recorded(page, write):
    write.note(back(20))
    cells = squares(page.get("/diary/"))
    assert cells["/days/2026-11-10/"] == ("blank", "Tuesday 10 November: blank")


def test_the_list_is_newest_first_and_a_week_is_told_in_one_line(page, write):
    for day in (1, 3, 3):
        write.note(back(day), hour=8 + day)
    write.clear(back(2))
    write.note(back(7))
    answer = page.get("/diary/")
    assert listed(answer) == [
        "Sunday 22 November",
        "Saturday 21 November",
        "Friday 20 November",
        "Tuesday 17 November to Thursday 19 November",
        "Monday 16 November",
    ]
    assert "16 to 22 November 4 notes on 3 days, 1 clear day, 3 blank" in words(answer)


def test_today_is_not_told_as_blank_before_it_is_over(page, write):
    write.note(back(1))
    assert listed(page.get("/diary/")) == ["Sunday 22 November"]
    write.note(TODAY)
    assert listed(page.get("/diary/"))[0] == "Monday 23 November"


def test_days_before_the_first_entry_are_no_blank_days(page, write):
    write.note(back(4))
    answer = page.get("/diary/")
    assert listed(answer) == [
        "Friday 20 November to Sunday 22 November",
        "Thursday 19 November",
    ]
    assert "1 note on 1 day, 3 blank" in words(answer)


def test_a_day_shows_its_notes_values_and_words_in_the_list(page, write):
    write.note(back(1), "calf-l", 18, words="after a run")
    write.note(back(1), "eyelid-r", timed=False, duration="seconds")
    write.know(
        back(1), sleep_minutes=390, caffeine_mg=410, drinks_ml=2000, stress=3, words="Long walk"
    )
    read = words(page.get("/diary/"))
    assert "19:00 Left calf 1 to 5 minutes after a run" in read
    assert "no time Right eyelid A few seconds" in read
    assert "6 h 30 sleep 410 mg caffeine 8 glasses to drink stress 3" in read
    assert "Long walk" in read


def test_a_day_of_very_many_notes_does_not_fill_the_list(page, write):
    for hour in range(4, 23):
        write.note(back(1), hour=hour)
    answer = page.get("/diary/")
    html = answer.content.decode()
    assert html.count('<li class="entry">') == 3
    assert html.count('class="mark"') == 19
    assert "16 more notes" in words(answer)
    assert page.get("/days/2026-11-22/").content.decode().count('<li class="entry">') == 19


def test_blank_days_can_be_marked_clear_or_added_to_from_the_list(page, write):
    write.note(back(3))
    write.note(back(1))
    html = page.get("/diary/").content.decode()
    assert 'action="/days/2026-11-21/clear/"' in html
    assert "/log/?day=2026-11-21&amp;next=%2Fdiary%2F" in html
    answer = page.post("/days/2026-11-21/clear/", {"next": "/diary/"}, follow=True)
    assert answer.redirect_chain == [("/diary/", 303)]
    assert "No twitches" in words(answer)


def test_a_blank_day_with_values_keeps_them_in_sight(page, write):
    write.note(back(5))
    write.know(back(3), stress=4)
    assert "Friday 20 November" in listed(page.get("/diary/"))
    assert "stress 4" in words(page.get("/diary/"))


def test_a_long_break_is_one_line(page, write):
    write.note(back(10))
    write.rest(back(7), back(1))
    read = words(page.get("/diary/"))
    assert "Monday 16 November to Sunday 22 November" in read
    assert read.count("On a break, so left out of every comparison.") == 1


def test_a_place_leaves_its_notes_and_a_part_of_the_body_all_of_its_places(page, write):
    write.note(back(1), "calf-l")
    write.note(back(2), "foot-r")
    write.note(back(3), "eyelid-r")
    write.clear(back(4))
    write.note(back(1), "thumb-l", 15)
    assert listed(page.get("/diary/?place=calf-l")) == ["Sunday 22 November"]
    legs = page.get("/diary/?place=legs")
    assert listed(legs) == ["Sunday 22 November", "Saturday 21 November"]
    assert (
        "Left thumb"
        not in re.findall(r'class="entries">(.*?)</ul>', legs.content.decode(), re.S)[0]
    )
    assert squares(legs) == squares(page.get("/diary/"))


@pytest.mark.parametrize(
    ("show", "days"),
    [
        ("notes", ["Sunday 22 November"]),
        ("clear", ["Saturday 21 November"]),
        ("blank", ["Tuesday 17 November", "Thursday 19 November"]),
        ("break", ["Friday 20 November"]),
    ],
)
def test_kinds_of_day_are_filtered(page, write, show, days):
    write.know(back(6), stress=3)
    write.note(back(1))
    write.clear(back(2))
    write.rest(back(3), back(3))
    write.clear(back(5))
    found = listed(page.get(f"/diary/?show={show}"))
    assert set(days) <= set(found)
    assert not {"Sunday 22 November", "Saturday 21 November", "Friday 20 November"} - set(
        days
    ) & set(found)


def test_a_filter_that_finds_nothing_says_so_and_offers_all_days(page, write):
    write.note(back(1))
    answer = page.get("/diary/?place=eyelid-l&show=clear")
    assert "No days like this in these weeks." in words(answer)
    assert '<a class="btn" href="/diary/">Show all days</a>' in answer.content.decode()


def test_the_filter_stays_chosen_and_goes_along_to_earlier_weeks_and_the_files(page, write):
    write.note(date(2026, 3, 1))
    html = page.get("/diary/?place=legs&show=notes").content.decode()
    assert '<option value="legs" selected>' in html
    assert '<option value="notes" selected>' in html
    assert "/diary/?to=2026-10-11&amp;place=legs&amp;show=notes" in html
    assert "/export/?place=legs&amp;show=notes" in html


def test_leafing_goes_six_weeks_at_a_time_and_back(page, write):
    write.note(date(2026, 3, 1))
    write.note(date(2026, 9, 15))
    newest = page.get("/diary/")
    assert "12 October to today" in words(newest)
    assert 'href="/diary/?to=2026-10-11"' in newest.content.decode()
    earlier = page.get("/diary/?to=2026-10-11")
    assert "31 August to 11 October" in words(earlier)
    assert "Tuesday 15 September" in listed(earlier)
    assert '<a class="btn-text" href="/diary/">Later</a>' in earlier.content.decode()
    assert len(squares(earlier)) == 42


def test_a_removed_note_can_be_put_back_for_thirty_days(page, berlin, write):
    note = write.note(back(1))
    recording.remove([note], berlin, NOW)
    answer = page.get("/diary/")
    assert "Recently removed" in words(answer)
    assert f"/notes/{note.uuid}/restore/" in answer.content.decode()
    answer = page.post(f"/notes/{note.uuid}/restore/", {"next": "/diary/"}, follow=True)
    assert "Recently removed" not in words(answer)
    assert "Left calf" in words(answer)


def test_of_many_removed_notes_the_latest_are_listed_and_each_day_has_its_own(page, berlin, write):
    for days in (1, 2):
        notes = [write.note(back(days), hour=8 + n // 60) for n in range(20)]
        recording.remove(notes, berlin, NOW)
    answer = page.get("/diary/")
    assert answer.content.decode().count("/restore/") == 24
    assert "What was removed before stands on the page of its day." in words(answer)
    answer = page.get(f"/days/{back(1).isoformat()}/")
    assert answer.content.decode().count("/restore/") == 20
    assert "What was removed before" not in words(answer)


@pytest.mark.parametrize(
    "query",
    [
        "to=2026-02-30",
        "to=2026-11-24",
        "to=1999-12-31",
        "to=20261120",
        "to=2026-W47-1",
        "to=２０２６-11-20",
        "to=nan",
        "to=2026-11-20%00",
        "to=" + "9" * 10_000,
        "place=xyz",
        "place=calf",
        "place=calf-l%00",
        "place=LEGS",
        "place=" + "x" * 3000,
        "show=everything",
        "show=NOTES",
        "show=%00",
    ],
)
@pytest.mark.parametrize("path", ["/diary/", "/export/", "/export/notes.csv", "/export/days.csv"])
def test_an_address_that_no_page_offers_is_not_found(page, path, query):
    assert page.get(f"{path}?{query}").status_code == 404


@pytest.mark.parametrize("place", ["legs", "face", *PLACES])
def test_each_place_can_be_asked_for(page, place):
    assert page.get(f"/diary/?place={place}").status_code == 200


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.dictionaries(st.sampled_from(["to", "place", "show", "other"]), st.text(max_size=30)))
def test_no_parameter_breaks_a_page(page, query):
    for path in ("/diary/", "/export/", "/export/days.csv"):
        assert page.get(path, query).status_code in {200, 404}


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.dates(date(2000, 1, 1), TODAY))
def test_every_day_of_the_past_can_be_leafed_to(page, write, day):
    answer = page.get("/diary/", {"to": day.isoformat()})
    assert answer.status_code == 200
    if day < TODAY:
        assert f"/days/{day.isoformat()}/" in squares(answer)


def test_another_persons_days_never_appear(page, bob):
    other = Hand(bob)
    note = other.note(back(1), "thumb-l", words="bob was here")
    other.know(back(2), words="bob's day", caffeine_mg=770)
    other.rest(back(4), back(3))
    recording.remove([other.note(back(1), "nose")], bob, NOW)
    for path in ("/diary/", "/diary/?show=break", "/export/notes.csv", "/export/days.csv"):
        answer = page.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        assert b"bob" not in body
        assert b"770" not in body
        assert str(note.uuid).encode() not in body
    assert "Your diary starts with your first note." in words(page.get("/diary/"))


def test_the_page_costs_the_same_with_one_note_and_with_a_hundred(
    page, berlin, write, django_assert_num_queries
):
    write.note(back(1))
    page.get("/diary/")
    with django_assert_num_queries(4):  # session, person with diary; notes, days with breaks
        page.get("/diary/")
    for day in range(40):
        for hour in (8, 12, 16):
            write.note(back(day), hour=hour)
    write.rest(back(30), back(25))
    with django_assert_num_queries(4):
        assert page.get("/diary/").status_code == 200


def test_notes_after_midnight_stand_under_the_evening_before(page, write):
    write.note(back(1), hour=1)  # 02:00 in Berlin, and the day starts at 04:00
    assert "Saturday 21 November" in listed(page.get("/diary/"))


def test_a_day_is_shown_on_the_clock_it_was_lived_by(page, berlin, write):
    write.note(back(1), hour=12)
    Diary.objects.of(berlin).update(zone="America/New_York")
    assert "13:00 Left calf" in words(page.get("/diary/"))


def test_markup_in_words_stays_words(page, write):
    write.note(back(1), words='"><script>alert(1)</script>')
    write.know(back(1), words="<img src=x onerror=alert(1)>")
    html = page.get("/diary/").content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html


@pytest.mark.parametrize("ago", [3, 90, 4000])
@pytest.mark.parametrize(
    "said", [{}, {"clear": True}, {"words": "x"}, {"stress": 3}, {"more": {"alcohol": 0}}]
)
def test_the_diary_begins_with_the_first_day_that_says_anything(berlin, write, said, ago):
    write.note(back(2))
    Day.objects.create(owner=berlin, day=back(ago), **said)
    read = kept.between(berlin, back(40), TODAY, NOW, with_beginning=True)
    assert read.begins == kept.begins(berlin) == back(ago if said else 2)


def test_days_and_breaks_are_read_as_they_were_written(berlin, write):
    write.know(back(1), sleep_minutes=390, stress=3, words="Long walk")
    write.rest(back(9), back(8))
    write.rest(back(3), back(1))
    read = kept.between(berlin, back(5), TODAY, NOW)
    (row,), (rest,) = read.rows.values(), read.breaks
    assert row == Day.objects.get()
    assert row.stored_factors() == Day.objects.get().stored_factors()
    assert (row.words, row.clear, row.version) == ("Long walk", False, Day.objects.get().version)
    assert rest == Break.objects.get(first=back(3))
    assert (rest.first, rest.last, rest.owner) == (back(3), back(1), berlin)


def test_a_row_emptied_again_is_no_start_of_a_diary(page, berlin):
    Day.objects.create(owner=berlin, day=back(20))
    assert "Your diary starts with your first note." in words(page.get("/diary/"))
    assert not Twitch.objects.of(berlin).exists()
    assert timezone.now() == NOW


def test_places_are_counted_in_the_weeks_that_the_diary_shows(page, write):
    for day in (1, 2, 2):
        write.note(back(day), "eyelid-r")
    write.note(back(3))
    write.note(back(3), "thumb-l", kind=NoteKind.CRAMP)
    write.note(back(80), "thigh-l")  # long before
    answer = page.get("/diary/where/")
    assert "Right eyelid 3 2 Left calf 1 1 Back to the diary" in words(answer)
    assert "12 October to today Earlier" in words(answer)
    earlier = re.search(r'href="(/diary/where/\?to=[^"]*)">Earlier', answer.content.decode())[1]
    before = page.get(page.get(earlier).wsgi_request.get_full_path())
    assert "Left thigh 1 1" in words(before)
    assert "Right eyelid" not in words(before)


def test_places_of_weeks_without_notes_are_none(page, write):
    write.clear(back(1))
    assert "Nothing was noted in these weeks." in words(page.get("/diary/where/"))


def test_the_figures_are_of_the_weeks_that_are_shown(page, write):
    write.note(back(80))
    shown = page.get("/diary/?to=2026-09-10").content.decode()
    assert 'href="/diary/where/?to=2026-09-10"' in shown
