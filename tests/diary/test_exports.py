"""The two files, as a spreadsheet or a program reads them."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape as from_html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary import recording
from diary.exports import rows
from diary.exports.csv import ROWS_A_CHUNK, unescape
from diary.factors import FACTORS
from diary.filters import Filter
from diary.models import Day, Diary, Twitch

from .conftest import NOW, TODAY, back
from .test_csv import FORMULAS

pytestmark = pytest.mark.usefixtures("monday_evening", "berlin")


def read(page, path):
    """A file as rows by heading."""
    answer = page.get(path)
    assert answer.status_code == 200
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_note_leaves_with_all_that_is_known_of_it(page, write):
    write.know(back(1), sleep_minutes=390, caffeine_mg=180, drinks_ml=1250, stress=3)
    note = write.note(
        back(1), "calf-l", 18, duration="minutes", duration_s=150, words="On the sofa"
    )
    assert read(page, "/export/notes.csv") == [
        {
            "id": str(note.uuid),
            "diary_day": "2026-11-22",
            "local_time": "2026-11-22T19:00:00+01:00",
            "zone": "Europe/Berlin",
            "place": "calf-l",
            "side": "left",
            "kind": "twitch",
            "duration": "minutes",
            "duration_s": "150",
            "words": "On the sofa",
            "added_later": "no",
            "saved_with": str(Twitch.objects.get().group),
            "saved_at_utc": NOW.isoformat(),
            "edited_at_utc": "",
            "sleep_h": "6.5",
            "caffeine_mg": "180",
            "drinks_ml": "1250",
            "stress_1_5": "3",
        }
    ]


def test_a_note_keeps_the_values_as_they_stood_when_it_was_saved(page, berlin, write):
    write.know(back(1), caffeine_mg=90)
    write.note(back(1))
    recording.change_day(berlin, back(1), {"caffeine_mg": 270}, {"caffeine_mg": 90}, NOW)
    assert read(page, "/export/notes.csv")[0]["caffeine_mg"] == "90"
    assert read(page, "/export/days.csv")[0]["caffeine_mg"] == "270"


def test_what_is_not_known_is_empty_and_never_zero(page, write):
    write.know(back(2), caffeine_mg=0)
    write.note(back(1), "nose", timed=False, duration="unsure")
    (note,) = read(page, "/export/notes.csv")
    assert (note["local_time"], note["duration_s"], note["sleep_h"]) == ("", "", "")
    assert (note["side"], note["duration"]) == ("middle", "unsure")
    days = read(page, "/export/days.csv")
    assert [day["caffeine_mg"] for day in days] == ["0", "", ""]


def test_each_day_from_the_first_to_today_is_a_row_and_blank_is_not_clear(page, write):
    write.note(back(5))
    write.clear(back(4))
    write.rest(back(2), back(1))
    write.note(back(1))
    days = read(page, "/export/days.csv")
    assert [(day["diary_day"], day["status"]) for day in days] == [
        ("2026-11-18", "notes"),
        ("2026-11-19", "clear"),
        ("2026-11-20", "blank"),
        ("2026-11-21", "break"),
        ("2026-11-22", "break"),
        ("2026-11-23", "blank"),
    ]
    blank = days[2]
    assert {name for name, value in blank.items() if value} == {"diary_day", "status"}


def test_headings_are_there_even_when_the_diary_is_empty(page):
    for path, columns in (
        ("/export/notes.csv", rows.note_columns(FACTORS)),
        ("/export/days.csv", rows.day_columns(FACTORS)),
    ):
        body = b"".join(page.get(path))
        assert body.startswith(b"\xef\xbb\xbf")
        heading, *rest = body.decode("utf-8-sig").splitlines()
        assert heading.split(",") == [f'"{column.name}"' for column in columns]
        assert rest == []


def test_every_factor_is_in_both_files():
    for columns in (rows.note_columns(FACTORS), rows.day_columns(FACTORS)):
        assert {factor.export for factor in FACTORS.values()} <= {column.name for column in columns}


@pytest.mark.parametrize("words", FORMULAS)
def test_words_of_notes_and_days_never_run_and_come_back_exactly(page, berlin, write, words):
    note = write.note(back(1))
    Twitch.objects.filter(pk=note.pk).update(words=words)
    Day.objects.create(owner=berlin, day=back(1), words=words)
    for path in ("/export/notes.csv", "/export/days.csv"):
        cell = read(page, path)[0]["words"]
        assert cell != words
        assert unescape(cell) == words


def test_numbers_are_numbers(page, write):
    write.know(back(1), sleep_minutes=400, caffeine_mg=180)
    write.note(back(1), duration_s=90)
    line = b"".join(page.get("/export/notes.csv")).decode().splitlines()[1]
    assert ',90,"",' in line
    assert line.endswith(",6.67,180,,")


def test_minutes_of_sleep_can_be_had_back_from_the_hours():
    sleep = FACTORS["sleep"]
    column = next(column for column in rows.factor_columns(FACTORS) if column.name == sleep.export)
    for minutes in range(24 * 60 + 1):
        assert sleep.stored(float(column.value(Day(sleep_minutes=minutes)))) == minutes


def test_the_repeated_hour_keeps_its_two_offsets(page, berlin):
    for hour in (0, 1):
        moment = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        Twitch.objects.create(
            owner=berlin,
            uuid=f"00000000-0000-0000-0000-00000000000{hour}",
            group="00000000-0000-0000-0000-000000000009",
            place="calf-l",
            started_at=moment,
            zone="Europe/Berlin",
            day=date(2026, 10, 24),
            duration="seconds",
            created_at=NOW,
        )
    assert [note["local_time"] for note in read(page, "/export/notes.csv")] == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
    ]


def test_a_note_says_when_it_was_written_down_much_later(page, write):
    write.note(back(10))
    write.note(back(1))
    assert [note["added_later"] for note in read(page, "/export/notes.csv")] == ["yes", "no"]


def test_removed_notes_do_not_leave(page, berlin, write):
    recording.remove([write.note(back(1))], berlin, NOW)
    assert read(page, "/export/notes.csv") == []


def test_the_filters_of_the_diary_apply(page, write):
    write.note(back(4), "calf-l")
    write.note(back(3), "foot-r")
    write.note(back(2), "eyelid-r")
    write.clear(back(1))
    write.rest(back(4), back(4))

    def places(query):
        return [note["place"] for note in read(page, f"/export/notes.csv?{query}")]

    def days(query):
        return [day["diary_day"][-2:] for day in read(page, f"/export/days.csv?{query}")]

    assert places("place=legs") == ["calf-l", "foot-r"]
    assert places("place=foot-r") == ["foot-r"]
    assert places("show=notes") == ["foot-r", "eyelid-r"]
    assert places("show=break") == ["calf-l"]
    assert places("show=clear") == places("show=blank") == []
    assert places("to=2026-11-20") == ["calf-l", "foot-r"]
    assert days("place=legs") == ["19", "20"]
    assert days("show=clear") == ["22"]
    assert days("show=blank") == ["23"]
    assert days("show=notes&place=legs") == ["20"]
    assert days("to=2026-11-20") == ["19", "20"]


def test_files_are_named_by_their_days_and_the_sample_by_its_name(page, berlin, write):
    assert (
        'filename="ebb-notes-2026-11-23.csv"'
        in page.get("/export/notes.csv")["Content-Disposition"]
    )
    write.note(back(10))
    name = page.get("/export/days.csv")["Content-Disposition"]
    assert name == 'attachment; filename="ebb-days-2026-11-13-to-2026-11-23.csv"'
    Diary.objects.of(berlin).update(is_sample=True)
    assert "ebb-notes-SAMPLE-2026" in page.get("/export/notes.csv")["Content-Disposition"]


def test_nobody_who_is_not_signed_in_gets_a_file(client):
    for path in ("/export/", "/export/notes.csv", "/export/days.csv"):
        assert client.get(path).status_code == 302


def many(owner, count):
    """So many notes, on days that go back from today."""
    first = datetime(2026, 11, 22, 12, tzinfo=UTC)
    Twitch.objects.bulk_create(
        Twitch(
            owner=owner,
            uuid=f"00000000-0000-0000-0000-{number:012d}",
            group="00000000-0000-0000-0000-000000000009",
            place="calf-l",
            started_at=first - timedelta(hours=number),
            zone="Europe/Berlin",
            day=(first - timedelta(hours=number)).date(),
            duration="seconds",
            created_at=NOW,
        )
        for number in range(count)
    )


def test_the_first_line_leaves_before_a_note_is_read(page, berlin):
    many(berlin, 10)
    answer = page.get("/export/notes.csv")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        parts = iter(answer.streaming_content)
        assert b"diary_day" in next(parts)
        assert len(asked) == 0
        assert next(parts).count(b"\n") == 10
        assert len(asked) == 1
        assert "LIMIT" not in asked[0]["sql"]


def test_rows_leave_a_chunk_at_a_time_and_are_not_all_in_memory(page, berlin, monkeypatch):
    many(berlin, ROWS_A_CHUNK + 500)
    made = []
    column = rows.NOTE_COLUMNS[0]
    counting = rows.Column(column.name, column.meaning, lambda note: made.append(1) or "x")
    monkeypatch.setattr(rows, "NOTE_COLUMNS", (counting, *rows.NOTE_COLUMNS[1:]))
    parts = iter(page.get("/export/notes.csv").streaming_content)
    next(parts)
    assert made == []
    assert next(parts).count(b"\n") == ROWS_A_CHUNK
    assert len(made) == ROWS_A_CHUNK
    assert next(parts).count(b"\n") == 500
    assert next(parts, None) is None


@pytest.mark.parametrize("days", [1, 400])
def test_the_days_take_the_same_few_questions_however_many_there_are(
    berlin, write, django_assert_num_queries, days
):
    write.note(back(days))
    with django_assert_num_queries(4):  # first day, breaks, notes a day, days
        assert (
            len(list(rows.day_rows(berlin, Filter(), TODAY, rows.day_columns(FACTORS)))) == days + 1
        )


def test_the_page_explains_each_column_from_the_columns_themselves(page):
    html = from_html(page.get("/export/").content.decode())
    for column in (*rows.note_columns(FACTORS), *rows.day_columns(FACTORS)):
        assert re.search(rf"<code>{column.name}</code>", html)
        assert str(column.meaning) in html
    assert "An empty cell means that nothing is known. It never means zero." in html


def test_the_page_passes_its_filter_on_to_the_files(page):
    html = page.get("/export/?place=legs&show=notes").content.decode()
    assert 'href="/export/notes.csv?place=legs&amp;show=notes"' in html
    assert 'href="/export/days.csv?place=legs&amp;show=notes"' in html
