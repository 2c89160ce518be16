"""Files of other apps and plain tables: read by what they say, never guessed, never made clear."""

import io
import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from diary.imports import mapped
from diary.imports.formats import Answers, Ask, read
from diary.imports.plain import Columns
from diary.imports.rows import BadLine, DayRow, NoteRow, Refused, SettingsRow, Target
from diary.imports.tables import day_of, is_month_first, opened, time_of

TARGET = Target(
    "Europe/Berlin", 4, date(2026, 11, 23), 250, (), datetime(2026, 11, 23, 19, 40, tzinfo=UTC)
)
NEW_YORK = replace(TARGET, zone="America/New_York")

CAFFEINE = "value:caffeine:"
NOTHING_SAID = Answers()
BEARABLE = """"date","weekday","time of day","category","rating/amount","detail","notes"
"8th Dec 2025","Monday","am","Symptom","2","Twitching (eye) (Moderate)","long day"
"8th Dec 2025","Monday","21:30","Symptom","1","Twitching (eye) (Mild)","long day"
"8th Dec 2025","Monday","pm","Factors","180","Caffeine (mg)","long day"
"9th Dec 2025","Tuesday","","Sleep","7.5","Hours asleep",""
"32nd Dec 2025","Tuesday","","Sleep","7.5","Hours asleep",""
"""
DAYLIO = """full_date,date,weekday,time,mood,activities,scales,note_title,note
2026-07-27,July 27,Monday,8:30 pm,meh,coffee|eyelid | walk,Calm: 4,Title,<p>One</p><p>a &amp; b</p>
2026-07-26,July 26,Sunday,01:48,good,coffee | coffee,,,
"""
TRACK_GRAPH = """FeatureName,Timestamp,Value,Label,Note
Twitch,2026-02-05T11:10:01.808+01:00[Europe/Berlin],1.0,Calf,after a run
Twitch,2026-02-05T12:00:00Z,0.0,Calf,
Sleep,2026-02-05T07:00:00+01:00,7:30:00,,
Twitch,yesterday,1.0,Calf,
"""
ABROAD = """FeatureName,Timestamp,Value,Label,Note
Twitch,2026-02-06T03:10:00+09:00[Asia/Tokyo],1.0,,
"""


def names(text, answers=NOTHING_SAID):
    with pytest.raises(Ask) as asked:
        read(io.BytesIO(text.encode()), "file.csv", answers, TARGET)
    assert asked.value.about == "names"
    return {one["name"]: (one["count"], one["examples"]) for one in asked.value.shown["names"]}


def rows(text, meant, target=TARGET, **answers):
    """What is read when only these names are said to stand for something."""
    meant = dict.fromkeys(names(text, Answers(**answers)), "") | meant
    return list(
        read(io.BytesIO(text.encode()), "file.csv", Answers(names=meant, **answers), target)
    )


def of(kind, found):
    return [row for row in found if isinstance(row, kind)]


def values(found):
    return {row.day: dict(row.values) for row in of(DayRow, found)}


def test_bearable_s_names_come_without_their_severity_and_its_notes_once_a_day():
    assert names(BEARABLE) == {
        "Symptom: Twitching (eye)": (2, ["2", "1"]),
        "Factors: Caffeine (mg)": (1, ["180"]),
        "notes": (1, ["long day"]),
        "Sleep: Hours asleep": (1, ["7.5"]),
    }


def test_bearable_gives_notes_values_and_words_and_names_the_line_that_it_can_t_read():
    found = rows(
        BEARABLE,
        {
            "Symptom: Twitching (eye)": "twitch:eyelid-l",
            "Factors: Caffeine (mg)": "value:caffeine:",
            "Sleep: Hours asleep": "value:sleep:",
            "notes": "words",
        },
    )
    first, second = of(NoteRow, found)
    assert (first.place, first.day, first.started_at) == ("eyelid-l", date(2025, 12, 8), None)
    assert second.started_at == datetime(2025, 12, 8, 20, 30, tzinfo=UTC)
    assert first.uuid != second.uuid
    assert values(found) == {
        date(2025, 12, 8): {"caffeine_mg": 180},
        date(2025, 12, 9): {"sleep_minutes": 450},
    }
    assert [row.words for row in of(DayRow, found)] == ["long day", ""]
    assert [bad.line for bad in of(BadLine, found)] == [6]


def test_daylio_s_entries_give_their_mood_activities_scales_and_note():
    assert names(DAYLIO) == {
        "coffee": (3, ["1"]),
        "mood": (2, ["meh", "good"]),
        "eyelid": (1, ["1"]),
        "walk": (1, ["1"]),
        "Calm": (1, ["4"]),
        "note": (1, ["Title\nOne\na & b"]),
    }


def test_daylio_s_early_hours_belong_to_the_evening_before_and_coffees_are_counted():
    found = rows(DAYLIO, {"coffee": "value:caffeine:coffees", "eyelid": "twitch:eyelid-r"})
    assert values(found) == {
        date(2026, 7, 27): {"caffeine_mg": 90},
        date(2026, 7, 25): {"caffeine_mg": 180},
    }
    (note,) = of(NoteRow, found)
    assert note.started_at == datetime(2026, 7, 27, 18, 30, tzinfo=UTC)


def test_track_and_graph_s_points_keep_their_moment_label_and_note():
    assert names(TRACK_GRAPH) == {
        "Twitch: Calf": (2, ["1.0", "0.0"]),
        "Sleep": (1, ["7:30"]),
    }
    found = rows(TRACK_GRAPH, {"Twitch: Calf": "twitch:calf-l", "Sleep": "value:sleep:"})
    (note,) = of(NoteRow, found)
    assert note.started_at == datetime(2026, 2, 5, 10, 10, 1, 808000, tzinfo=UTC)
    assert note.words == "after a run"
    assert values(found) == {date(2026, 2, 5): {"sleep_minutes": 450}}
    assert [bad.line for bad in of(BadLine, found)] == [5]


def test_a_duration_of_track_and_graph_is_how_long_a_twitch_lasted():
    table = "FeatureName,Timestamp,Value,Label,Note\n"
    for length in ("0:00:45", "0:00:00", "30:00:00"):
        table += f"Twitch,2026-02-05T12:00:00Z,{length},,\n"
    notes = of(NoteRow, rows(table, {"Twitch": "twitch:calf-l"}))
    assert [note.duration_s for note in notes] == [45, None]


def test_a_point_of_track_and_graph_is_of_the_day_that_it_was_where_it_was_noted():
    (note,) = of(NoteRow, rows(ABROAD, {"Twitch": "twitch:calf-l"}))
    assert (note.zone, note.day) == ("Asia/Tokyo", date(2026, 2, 5))
    (later,) = of(NoteRow, rows(ABROAD, {"Twitch": "twitch:calf-l"}, target=NEW_YORK))
    assert (later.zone, later.day, later.uuid) == (note.zone, note.day, note.uuid)


def test_a_file_keeps_its_ids_when_the_diary_s_zone_and_day_start_have_changed():
    here, there = (
        of(NoteRow, rows(BEARABLE, {"Symptom: Twitching (eye)": "twitch:eyelid-l"}, target=target))
        for target in (TARGET, replace(NEW_YORK, day_start_hour=0))
    )
    assert [note.zone for note in here] != [note.zone for note in there]
    assert [note.uuid for note in here] == [note.uuid for note in there]


def test_of_the_running_day_notes_are_taken_and_values_wait_for_its_end():
    text = BEARABLE.replace("8th Dec 2025", "23rd Nov 2026")
    meant = {"Symptom: Twitching (eye)": "twitch:eyelid-l", "Factors: Caffeine (mg)": CAFFEINE}
    found = rows(text, meant)
    assert len(of(NoteRow, found)) == 2
    assert not values(found)
    assert (4, "This day is not over yet.") in [
        (row.line, row.reason) for row in of(BadLine, found)
    ]


def test_what_looks_like_a_twitch_is_asked_about_first_however_rare_it_is():
    often = "".join(f"2026-11-01,mood {number}\n" * 2 for number in range(70))
    columns = Answers(columns=Columns("date", names="what"))
    asked = names(f"date,what\n{often}2026-11-02,Muskelzucken\n", columns)
    assert len(asked) == 60
    assert next(iter(asked)) == "Muskelzucken"


@pytest.mark.parametrize("stray", ['2026-03-02,"ca"lf,1', f"2026-03-02,{'x' * 200_000},1"])
def test_a_row_that_is_none_is_named_and_the_others_are_read(stray):
    text = f'date,place,x\n2026-03-01,"calf\n",1\n{stray}\n2026-03-03,calf,1\n'
    found = rows(text, {"calf": "twitch:calf-l"}, columns=Columns("date", names="place"))
    assert [note.day.day for note in of(NoteRow, found)] == [1, 3]
    assert [bad.line for bad in of(BadLine, found)] == [4]


def test_a_table_in_which_a_quotation_never_ends_is_refused():
    text = 'date,place,x\n2026-03-01,calf,1\n2026-03-02,"calf,1\n2026-03-03,calf,1\n'
    with pytest.raises(Refused, match=r"can’t be read from line 3 on"):
        rows(text, {}, columns=Columns("date", names="place"))


ATTACKS = """Start Time;Where;Lasted (minutes);Coffee;Notes
27.08.2026 13:05;left calf;1,5;2;=cmd
28.08.2026 25:05;left calf;1;;
29.08.2026;right eyelid;90;;
"""
COLUMNS = Columns("Start Time", names="Where", length="Lasted (minutes)", words="Notes")


def test_of_a_plain_table_the_columns_are_asked_first_with_what_stands_in_them():
    with pytest.raises(Ask) as asked:
        read(io.BytesIO(ATTACKS.encode()), "file.csv", Answers(), TARGET)
    assert asked.value.about == "columns"
    assert asked.value.shown["columns"][1] == {
        "name": "Where",
        "examples": ["left calf", "right eyelid"],
    }
    assert asked.value.shown["month_first"] == {"Start Time": False}


def test_a_plain_table_gives_a_note_a_row_with_its_length_and_words():
    asked = names(ATTACKS, Answers(columns=COLUMNS))
    assert set(asked) == {"left calf", "right eyelid", "Coffee"}
    found = rows(
        ATTACKS,
        {
            "left calf": "twitch:calf-l",
            "right eyelid": "cramp:eyelid-r",
            "Coffee": "value:caffeine:coffees",
        },
        columns=COLUMNS,
    )
    first, second = of(NoteRow, found)
    assert (first.duration, first.duration_s, first.words) == ("minutes", 90, "=cmd")
    assert first.started_at == datetime(2026, 8, 27, 11, 5, tzinfo=UTC)
    assert (second.kind, second.duration_s, second.started_at) == ("cramp", 5400, None)
    assert values(found) == {date(2026, 8, 27): {"caffeine_mg": 180}}
    assert [bad.line for bad in of(BadLine, found)] == [3]


def test_a_length_that_can_be_read_in_two_ways_is_named():
    table = 'date,lasted\n2026-08-27,"1,500"\n2026-08-28,"1,5"\n'
    columns = Columns("date", length="lasted", length_unit="s")
    found = rows(table, {"": "twitch:calf-l"}, columns=columns)
    assert [note.duration_s for note in of(NoteRow, found)] == [2]
    assert [bad.reason for bad in of(BadLine, found)] == ["1,500 can be read in two ways."]


@pytest.mark.parametrize(
    ("between", "cell", "stored"),
    [
        (";", "1.500", None),
        (";", "1,5", 2),
        (",", "1.500", 2),
        (",", "95.25", 95),
    ],
)
def test_a_point_before_three_digits_is_named_where_numbers_may_have_a_comma(between, cell, stored):
    table = f"date{between}coffee\n2026-08-27{between}{cell}\n"
    found = rows(table, {"coffee": CAFFEINE}, columns=Columns("date"))
    assert [bad.line for bad in of(BadLine, found)] == ([2] if stored is None else [])
    assert [day["caffeine_mg"] for day in values(found).values()] == ([stored] if stored else [])


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2026-08-27T13:48:00Z", "13:48"),
        ("2026-08-27T13:48:00.250Z", "13:48"),
        ("2026-08-27 13:48:00 UTC", "13:48"),
        ("2026-08-27T13:48-04:00", "17:48"),
        ("2026-08-27 13:48:00 +0530", "08:18"),
        ("2026-08-27 13:48:00", "11:48"),
        ("2026-08-27 13:48-14:30", "11:48"),
    ],
)
def test_a_time_with_its_difference_to_utc_is_that_moment(cell, utc):
    found = rows(f"when\n{cell}\n", {"": "twitch:calf-l"}, columns=Columns("when"))
    assert [f"{note.started_at:%H:%M}" for note in of(NoteRow, found)] == [utc]


@pytest.mark.parametrize(
    "cell", ["2026-08-27 00:00:00", "27.08.2026 00:00", "2026-08-27T00:00:00Z"]
)
def test_midnight_beside_a_day_is_no_time_but_how_tables_write_a_day(cell):
    meant = {"": "twitch:calf-l", "coffee": CAFFEINE}
    found = rows(f"day,coffee\n{cell},90\n", meant, columns=Columns("day"))
    assert [(note.day.day, note.started_at) for note in of(NoteRow, found)] == [(27, None)]
    assert values(found) == {date(2026, 8, 27): {"caffeine_mg": 90}}


def test_rows_without_a_name_can_all_stand_for_one_place():
    table = "date,pain\n2026-08-27,3\n2026-08-28,2\n"
    columns = Columns("date")
    assert names(table, Answers(columns=columns)) == {"": (2, []), "pain": (2, ["3", "2"])}
    found = rows(table, {"": "twitch:calf-l"}, columns=columns)
    assert [row.day.day for row in of(NoteRow, found)] == [27, 28]


def test_a_file_that_tells_of_twitches_makes_no_day_clear():
    found = rows(ATTACKS, {"left calf": "twitch:calf-l"}, columns=COLUMNS)
    assert not of(DayRow, found)


def test_the_same_file_gives_the_same_notes_again():
    meant = {"Symptom: Twitching (eye)": "twitch:eyelid-l"}
    once, again = (of(NoteRow, rows(BEARABLE, meant)) for _ in range(2))
    assert [row.uuid for row in once] == [row.uuid for row in again]


def test_equal_rows_of_one_file_are_notes_of_their_own():
    found = rows(
        "date,x\n2026-08-27,1\n2026-08-27,1\n", {"": "twitch:calf-l"}, columns=Columns("date")
    )
    assert len({row.uuid for row in of(NoteRow, found)}) == 2


def test_a_factor_that_was_off_is_switched_on_when_a_name_stands_for_it():
    found = rows(
        "date,ill\n2026-08-27,yes\n2026-08-28,no\n",
        {"ill": "value:illness:"},
        columns=Columns("date"),
    )
    (switched,) = of(SettingsRow, found)
    assert [entry["key"] for entry in switched.values["more_factors"]] == ["illness"]
    assert values(found) == {date(2026, 8, 27): {"illness": 1}, date(2026, 8, 28): {"illness": 0}}


@pytest.mark.parametrize(
    ("key", "cells", "stored"),
    [
        ("value:caffeine:", ["90", "0"], {"caffeine_mg": 90}),
        ("value:hydration:l", ["1,5", "0.5"], {"drinks_ml": 2000}),
        ("value:hydration:l", ["0,250", "1.250"], {"drinks_ml": 1500}),
        ("value:hydration:glasses", ["3"], {"drinks_ml": 750}),
        ("value:sleep:min", ["450"], {"sleep_minutes": 450}),
        ("value:sleep:", ["7:30"], {"sleep_minutes": 450}),
        ("value:sleep:", ["7.333333333333333"], {"sleep_minutes": 440}),
        ("value:stress:", ["2", "5"], {"stress": 4}),
        ("value:stress:", ["Calm"], {"stress": 1}),
    ],
)
def test_values_of_a_day_come_together(key, cells, stored):
    table = "date,it\n" + "".join(f'2026-08-27,"{cell}"\n' for cell in cells)
    assert values(rows(table, {"it": key}, columns=Columns("date"))) == {date(2026, 8, 27): stored}


@pytest.mark.parametrize(
    ("every", "named"),
    [(False, "Drinks, without caffeine, glasses"), (True, "Drinks, of every kind, glasses")],
)
def test_a_name_that_stands_for_drinks_says_which_are_meant(every, named):
    _heading, choices = mapped.choices(replace(TARGET, every_drink=every))[0]
    assert dict(choices)["value:hydration:glasses"] == named
    assert dict(choices)["value:caffeine:"] == "Caffeine, mg"


def test_amounts_that_tell_of_the_whole_day_on_each_row_are_not_added_up():
    table = "date,slept\n2026-08-27,7.5\n2026-08-27,7.5\n"
    columns = Columns("date", whole_day=True)
    found = rows(table, {"slept": "value:sleep:"}, columns=columns)
    assert values(found) == {date(2026, 8, 27): {"sleep_minutes": 450}}


@pytest.mark.parametrize(
    ("key", "cell"),
    [
        ("value:caffeine:", "nan"),
        ("value:caffeine:", "１２"),
        ("value:caffeine:", "-5"),
        ("value:caffeine:", "1_000"),
        ("value:caffeine:", "9" * 5000),
        ("value:caffeine:", "2001"),
        ("value:hydration:", "1,500"),
        ("value:sleep:", "25"),
        ("value:stress:", "6"),
        ("value:stress:", "3.5"),
        ("value:illness:", "perhaps"),
        ("words", "x" * 501),
    ],
)
def test_a_cell_that_can_t_be_a_value_is_named_and_the_others_stay(key, cell):
    table = f'date,it,drinks\n2026-08-27,"{cell}",250\n'
    found = rows(table, {"it": key, "drinks": "value:hydration:"}, columns=Columns("date"))
    assert len(of(BadLine, found)) == 1
    assert values(found) == {date(2026, 8, 27): {"drinks_ml": 250}}


def test_a_day_that_has_not_come_is_left_out():
    found = rows("date,x\n2026-11-24,1\n", {"": "twitch:calf-l"}, columns=Columns("date"))
    assert [type(row) for row in found] == [BadLine]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-07-27", date(2026, 7, 27)),
        ("2026/7/27 13:48", date(2026, 7, 27)),
        ("27.7.2026", date(2026, 7, 27)),
        ("8th Dec 2021", date(2021, 12, 8)),
        ("1st January 2022", date(2022, 1, 1)),
        ("July 27, 2026", date(2026, 7, 27)),
    ],
)
def test_days_are_read_as_the_apps_write_them(text, day):
    assert day_of(text) == day


def test_the_order_of_day_and_month_is_found_from_all_days_or_asked():
    assert is_month_first(["7/8/2026", "7/9/2026"])
    assert not is_month_first(["7/8/2026", "13/8/2026"])
    assert not is_month_first(["7.8.2026"])
    assert day_of("7/8/2026", month_first=True) == date(2026, 7, 8)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("13:48", "13:48"),
        ("8:30 am", "08:30"),
        ("8:30\u202fPM", "20:30"),
        ("12:05 AM", "00:05"),
        ("12:05 p.m.", "12:05"),
        ("2 PM", "14:00"),
        ("7/8/2026 12am", "00:00"),
        ("am", None),
        ("8th Dec 2021 am", None),
    ],
)
def test_times_are_read_on_either_clock(text, clock):
    found = time_of(text)
    assert (f"{found:%H:%M}" if found else None) == clock


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_utf_8_is_read_with_and_without_its_mark(mark):
    assert opened(io.BytesIO(mark + "Tag,Ä\n1,2\n".encode()), "x").heading == ("Tag", "Ä")


def test_utf_16_with_its_mark_is_read():
    assert opened(io.BytesIO("Tag,Ä\n1,2\n".encode("utf-16")), "x").heading == ("Tag", "Ä")


def test_an_older_encoding_is_asked_for_and_then_read():
    file = io.BytesIO("Tag;Ort\n27.8.2026;Fuß\n".encode("cp1252"))
    with pytest.raises(Ask) as asked:
        read(file, "x.csv", Answers(), TARGET)
    assert asked.value.about == "encoding"
    with pytest.raises(Ask) as asked:
        read(file, "x.csv", Answers(encoding="cp1252"), TARGET)
    assert asked.value.shown["columns"][1]["examples"] == ["Fuß"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"hello",
        b"a,b\n1,2\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00",
        b"<!DOCTYPE html>\n<html>\n<body>\n</body>\n</html>\n",
        b'{"a": [1,\n2]}\n',
        b'date,b\n2026-01-01,"open\n',
        b"date," + b"x" * 200_000 + b"\n2026-01-01,1\n",
        b"date\n2026-01-01" + b"9" * 200_000 + b"\n",
        b"," * 500 + b"\n2026-01-01\n",
        b"," * 3_000_000,
        b'date\n"2026-01-01",' + b'"over\nlines",' * 300_000,
    ],
)
def test_what_is_no_table_with_days_is_refused_in_words(data):
    with pytest.raises(Refused) as refused:
        list(read(io.BytesIO(data), "x.csv", Answers(), TARGET))
    assert str(refused.value)


def test_a_table_is_read_as_its_rows_are_asked_for_and_never_held():
    file = io.BytesIO(b"date,words\n" + b"2026-11-01,a line of words\n" * 50_000)
    tracemalloc.start()
    rows = sum(1 for _line in opened(file, "t").lines)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == 50_000
    assert peak < len(file.getvalue()) / 2


def test_columns_of_one_name_are_told_apart_and_short_rows_are_whole():
    table = opened(io.BytesIO(b"date,x,x,\n2026-01-01,1\n"), "t")
    assert table.heading == ("date", "x", "x (3)", "column 4")
    (line,) = table.lines
    assert line.cells == {"date": "2026-01-01", "x": "1", "x (3)": "", "column 4": ""}


def test_a_row_longer_than_its_heading_is_named():
    bad, good = opened(io.BytesIO(b"date,x\n2026-01-01,1,2,3\n2026-01-02,1,,\n"), "t").lines
    assert isinstance(bad, BadLine)
    assert good.cells["x"] == "1"


def test_rows_whose_name_was_too_rare_to_be_asked_about_are_named():
    file = b"Day,What\n" + b"".join(b"2026-01-05,name%d\n" % n for n in range(90))
    columns = Columns(day="Day", names="What")
    with pytest.raises(Ask) as asked:
        read(io.BytesIO(file), "x.csv", Answers(columns=columns), TARGET)
    names = {one["name"]: "twitch:calf-l" for one in asked.value.shown["names"]}
    rows = list(read(io.BytesIO(file), "x.csv", Answers(columns=columns, names=names), TARGET))
    assert Counter(map(type, rows)) == {NoteRow: 60, BadLine: 30}


def test_names_without_an_end_are_not_all_counted(monkeypatch):
    monkeypatch.setattr(mapped, "COUNTED_AT_MOST", 2)
    head = "full_date,date,weekday,time,mood,activities,scales,note_title,note\n"
    some = "2026-07-27,,,,,a|b|c|a|c|c,,,\n"
    assert names(head + some) == {"a": (2, ["1"]), "b": (1, ["1"])}


def test_words_of_one_day_are_gathered_each_once_in_their_order():
    head = "full_date,date,weekday,time,mood,activities,scales,note_title,note\n"
    some = "".join(f"2026-07-27,,,,,,,,{words}\n" for words in ("b", "a", "b"))
    (day,) = rows(head + some, {"note": "words"})
    assert day.words == "b\na"


def test_a_table_of_which_no_row_can_be_read_says_why():
    columns = Columns(day="Day", length="How long")
    with pytest.raises(Refused, match="Line 2: "):
        read(
            io.BytesIO(b"Day,How long\n2026-01-05,ages\n"),
            "x.csv",
            Answers(columns=columns),
            TARGET,
        )
