"""What was taken along comes back exactly: into an empty diary, and only once."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary import recording
from diary.drinks import Cup
from diary.durations import DURATIONS
from diary.exports.csv import text_cell
from diary.factors import OwnFactor, Shape
from diary.imports import formats, load, own
from diary.imports.rows import BadLine, DayRow, MoreRow, NoteRow, Refused, Target
from diary.imports.undo import undo
from diary.kinds import NoteKind
from diary.models import (
    Batch,
    Check,
    Consent,
    Day,
    Diary,
    Experiment,
    Medicine,
    Overall,
    Twitch,
    User,
)
from diary.places import PLACES
from diary.plan import IDEAS, PART_DAYS
from diary.recording import ExperimentText, MedicineText, NoteText, When

from .conftest import NOW, TODAY, taken_along

TARGET = Target("Europe/Berlin", 4, TODAY)
TABLES = ("notes.csv", "days.csv", "checks.csv", "medicines.csv", "experiments.csv")
# The night in which the clocks of Berlin go back: 01:30 UTC is the second 02:30, 00:30 the first.
AUTUMN = datetime(2026, 10, 25, tzinfo=UTC)

pytestmark = pytest.mark.django_db

words = st.one_of(
    st.sampled_from(["", "=1+1", "'", "''=x", ' "a", b;=c\r\n-d', "\t@x", "\ufeffü", "\r", "a\n"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
)
moments = st.one_of(
    st.sampled_from([AUTUMN + timedelta(minutes=30), AUTUMN + timedelta(minutes=90)]),
    st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 23), timezones=st.just(UTC)),
)
notes = st.tuples(
    moments,
    st.booleans(),
    st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=2),
    st.sampled_from(sorted(DURATIONS)),
    st.none() | st.integers(1, 86_400),
    words,
    st.sampled_from(list(NoteKind)),
)
past = st.dates(date(2026, 10, 1), TODAY)
days = st.tuples(
    past,
    st.fixed_dictionaries(
        {},
        optional={
            "sleep_minutes": st.integers(0, 1440),
            "caffeine_mg": st.integers(0, 2000),
            "drinks_ml": st.integers(0, 10_000),
            "stress": st.integers(1, 5),
            "alcohol": st.integers(0, 100),
            "own-1": st.integers(0, 10_000_000),
            "words": words,
        },
    ),
)
answers = st.tuples(past, st.none() | st.sampled_from(list(Overall)))
experiments = st.tuples(
    st.integers(-30, 30),
    st.sampled_from(sorted(IDEAS)),
    st.sampled_from(PART_DAYS),
    st.booleans(),
    st.sets(st.integers(0, 7), max_size=2),
    st.booleans(),
)
diaries = st.fixed_dictionaries(
    {
        "days": st.lists(days, max_size=6),
        "notes": st.lists(notes, max_size=6),
        "clear": st.lists(past, max_size=4),
        "answers": st.lists(answers, max_size=3),
        "breaks": st.lists(past, max_size=2),
        "checks": st.lists(words, max_size=2),
        "medicines": st.lists(words.filter(bool), max_size=2),
        "experiments": st.lists(experiments, max_size=3),
        "zone": st.sampled_from(["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "UTC"]),
        "every_drink": st.booleans(),
        "cups": st.lists(st.booleans(), max_size=4),
        "removed": st.booleans(),
    }
)


def person():
    return User.objects.create_user(f"{uuid4()}@example.org", "a long enough password")


def fill(owner, plan):
    """Write a diary through the one door."""
    settings = {"zone": plan["zone"], "glass_ml": 300, "every_drink": plan["every_drink"]}
    recording.change_settings(owner, settings, NOW)
    recording.switch_factor(owner, "alcohol", True, NOW)
    recording.make_factor(owner, OwnFactor("Walk, ünd=", Shape.AMOUNT, unit="km"), NOW)
    diary = Diary.objects.get(owner=owner)
    for day, values in plan["days"]:
        row = Day.objects.of(owner).filter(day=day).first()
        stands = (row.stored_factors() | {"words": row.words}) if row else {}
        was = {name: stands.get(name, "" if name == "words" else None) for name in values}
        if values:
            recording.change_day(owner, day, values, was, NOW)
    for added in plan["cups"]:
        row = Day.objects.of(owner).filter(day=TODAY).first()
        was = row.caffeine_mg if row else None
        to = max((was or 0) + (90 if added else -90), 0)
        cup = Cup(added=added, ml=200)
        recording.change_day(
            owner, TODAY, {"caffeine_mg": min(to, 2000)}, {"caffeine_mg": was}, NOW, cup=cup
        )
    for moment, timed, places, duration, seconds, said, kind in plan["notes"]:
        when = When.at(moment, diary)
        when = when if timed else When(when.day, None, when.zone)
        row = Day.objects.of(owner).filter(day=when.day).first()
        text = NoteText(when, duration, seconds, said, kind)
        values = row.stored_factors() if row else None
        recording.note(owner, uuid4(), places, text, NOW, factors=values)
    for day in plan["clear"]:
        try:
            recording.mark_clear(owner, day, NOW)
        except recording.HasNotes:
            continue
    for day, overall in plan["answers"]:
        try:
            recording.answer_day(owner, day, overall, ["calf-l", "nose"], NOW)
        except recording.HasNotes:
            continue
    for day in plan["breaks"]:
        recording.take_break(owner, day, day + timedelta(days=2), NOW)
    for said in plan["checks"]:
        recording.note_check(owner, uuid4(), {"weakness": "no", "pain": "unsure"}, said, NOW)
    for name in plan["medicines"]:
        text = MedicineText(name, "medicine", None, TODAY, "=words")
        recording.add_medicine(owner, uuid4(), text, NOW)
    for away, idea, part_days, on_today, otherwise, stopped in plan["experiments"]:
        text = ExperimentText(idea, TODAY + timedelta(days=away), part_days, on_today)
        try:
            made = recording.start_experiment(owner, uuid4(), text, NOW + timedelta(days=away))
        except recording.UnderWay:
            continue
        for place in otherwise:
            day = made.first + timedelta(days=place)
            recording.say_how_a_day_went(made, day, NOW, otherwise=True)
        if stopped:
            recording.stop_experiment(made, NOW)
    if plan["removed"]:
        recording.remove(Twitch.objects.of(owner)[:1], owner, NOW)


def bring(owner, file):
    batch = Batch.objects.create(owner=owner, uuid=uuid4(), name="x.zip", created_at=NOW)
    rows = list(own.read(io.BytesIO(file), TARGET))
    assert [row for row in rows if isinstance(row, BadLine)] == []
    load.load(batch, rows, NOW, lambda: None)
    batch.refresh_from_db()
    return batch


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(diaries, st.lists(diaries, min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_files_undone_in_any_order_leave_the_diary_as_it_was(plan, others, chance):
    owner = person()
    fill(owner, plan)
    before = kept_of(owner)
    files = []
    for other in others:
        fill(keeper := person(), other)
        files.append(taken_along(keeper))
    batches = [bring(owner, file) for file in files]
    chance.shuffle(batches)
    assert [undo(Batch.objects.get(pk=batch.pk), NOW) for batch in batches][-1] == 0
    assert kept_of(owner) == before


def kept_of(owner):
    """The tables of a diary that a person writes."""
    with ZipFile(io.BytesIO(taken_along(owner))) as file:
        return {name: file.read(name) for name in TABLES}


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(diaries)
def test_an_archive_brought_into_an_empty_diary_gives_the_same_archive_again(plan):
    first, second = person(), person()
    fill(first, plan)
    file = taken_along(first)
    bring(second, file)
    assert taken_along(second) == file
    # What was agreed to belongs to the account; only here it was at the same moment.
    Consent.objects.of(second).update(said_at=NOW)
    old, new = (ZipFile(io.BytesIO(data)) for data in (file, taken_along(second)))
    assert new.namelist() == old.namelist()
    assert [name for name in new.namelist() if new.read(name) != old.read(name)] == ["consents.csv"]


@pytest.fixture
def alices(alice):
    fill(
        alice,
        {
            "zone": "Europe/Berlin",
            "days": [(TODAY, {"caffeine_mg": 90, "words": "=1"})],
            "notes": [
                (NOW - timedelta(days=3), True, ["calf-l"], "seconds", 5, "=x", NoteKind.TWITCH)
            ],
            "clear": [TODAY - timedelta(days=1)],
            "breaks": [TODAY - timedelta(days=20)],
            "checks": ["said"],
            "medicines": ["Magnesium"],
            "experiments": [(-2, "calm-moment", 3, True, {1}, False)],
            "answers": [],
            "every_drink": True,
            "cups": [],
            "removed": False,
        },
    )
    return alice


def test_bringing_the_same_archive_twice_doubles_nothing(alices, bob):
    file = taken_along(alices)
    bring(bob, file)
    again = bring(bob, file)
    assert set(again.counts["new"].values()) == {0}
    assert again.counts["filled"] == 0
    assert taken_along(bob) == file


def test_undoing_brings_back_the_diary_as_it_was(alices, bob):
    recording.change_settings(bob, {"zone": "Asia/Tokyo"}, NOW)
    empty = taken_along(bob)
    batch = bring(bob, taken_along(alices))
    assert taken_along(bob) != empty
    assert undo(batch, NOW) == 0
    assert taken_along(bob) == empty
    assert undo(batch, NOW) == 0


def test_a_diary_that_is_kept_already_keeps_its_settings_and_its_own_days(alices, bob):
    recording.change_day(bob, TODAY, {"caffeine_mg": 500}, {"caffeine_mg": None}, NOW)
    recording.mark_clear(bob, (NOW - timedelta(days=3)).date(), NOW)
    before = taken_along(bob)
    batch = bring(bob, taken_along(alices))
    assert Diary.objects.get(owner=bob).zone == "UTC"
    assert Day.objects.of(bob).get(day=TODAY).caffeine_mg == 500
    assert not Day.objects.of(bob).get(day=(NOW - timedelta(days=3)).date()).clear
    undo(batch, NOW)
    assert taken_along(bob) == before


def test_an_experiment_goes_along_and_is_taken_out_again(alices, bob):
    batch = bring(bob, taken_along(alices))
    (came,), (was,) = (Experiment.objects.of(owner) for owner in (bob, alices))
    assert came.plan == was.plan
    assert came.otherwise == ["2026-11-22"]
    undo(batch, NOW)
    assert not Experiment.objects.of(bob).exists()


@pytest.mark.parametrize("away", [-3, 0, 9])
def test_no_experiment_comes_beside_one_that_is_under_way(alices, bob, away):
    text = ExperimentText("less-caffeine", TODAY + timedelta(days=away), 3, True)
    here = recording.start_experiment(bob, uuid4(), text, NOW)
    bring(bob, taken_along(alices))
    assert Experiment.objects.of(bob).get() == here


def test_one_that_was_stopped_comes_beside_any_other(alices, bob):
    recording.stop_experiment(Experiment.objects.of(alices).get(), NOW)
    text = ExperimentText("less-caffeine", TODAY, 3, True)
    recording.start_experiment(bob, uuid4(), text, NOW)
    bring(bob, taken_along(alices))
    assert Experiment.objects.of(bob).count() == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"calm-moment", b"fasting"),
        (b"2026-11-21", b"2126-11-21"),
        (b"2026-11-21", b"9999-12-31"),
        (b",3,", b",30,"),
        (b"2026-11-22", b"2026-12-22"),
        (b"2026-11-22", b"soon"),
        (b"+00:00", b""),
        (b"yes", b"maybe"),
    ],
)
def test_an_experiment_that_can_t_be_is_left_out_with_its_line(alices, old, new):
    rows = list(own.read(changed(taken_along(alices), "experiments.csv", old, new), TARGET))
    bad = [row for row in rows if isinstance(row, BadLine)]
    assert [(row.file, row.line) for row in bad] == [("experiments.csv", 2)]
    assert not [row for row in rows if isinstance(row, MoreRow) and row.table == "experiments"]
    assert [row for row in rows if isinstance(row, NoteRow)]


def test_blanks_of_a_kept_day_are_filled_and_emptied_again(alices, bob):
    recording.change_day(bob, TODAY, {"sleep_minutes": 400}, {"sleep_minutes": None}, NOW)
    before = taken_along(bob)
    batch = bring(bob, taken_along(alices))
    day = Day.objects.of(bob).get(day=TODAY)
    assert (day.sleep_minutes, day.caffeine_mg, day.words) == (400, 90, "=1")
    assert batch.counts["filled"] == 1
    undo(batch, NOW)
    assert taken_along(bob) == before


def test_what_was_changed_since_in_a_filled_day_stays_when_the_file_is_undone(alices, bob):
    recording.change_day(bob, TODAY, {"sleep_minutes": 400}, {"sleep_minutes": None}, NOW)
    batch = bring(bob, taken_along(alices))
    recording.change_day(bob, TODAY, {"caffeine_mg": 200}, {"caffeine_mg": 90}, NOW)
    undo(batch, NOW)
    day = Day.objects.of(bob).get(day=TODAY)
    assert (day.sleep_minutes, day.caffeine_mg, day.words) == (400, 200, "")


def test_factors_of_two_people_s_own_are_never_taken_for_each_other(alices, bob):
    recording.change_day(alices, TODAY, {"own-1": 5}, {"own-1": None}, NOW)
    recording.make_factor(bob, OwnFactor("Tea", Shape.AMOUNT, unit="cups"), NOW)
    recording.change_day(bob, TODAY, {"own-1": 300}, {"own-1": None}, NOW)
    bring(bob, taken_along(alices))
    diary = Diary.objects.get(owner=bob)
    names = {key: factor.name for key, factor in diary.ever_noted.items() if factor.own}
    assert names == {"own-1": "Tea", "own-2": "Walk, ünd="}
    assert Day.objects.of(bob).get(day=TODAY).more == {"own-1": 300, "own-2": 5}


def test_what_is_hidden_goes_along_to_an_empty_diary_and_hides_nothing_in_another(alices, bob):
    recording.switch_factor(alices, "stress", False, NOW)
    file = taken_along(alices)
    bring(bob, file)
    assert Diary.objects.get(owner=bob).hidden_factors == ["stress"]
    recording.switch_factor(bob, "stress", True, NOW)
    bring(bob, file)
    assert Diary.objects.get(owner=bob).hidden_factors == []


def test_a_factor_made_in_the_same_way_is_the_same_one(alices, bob):
    recording.make_factor(bob, OwnFactor("Tea", Shape.AMOUNT, unit="cups"), NOW)
    recording.make_factor(bob, OwnFactor("Walk, ünd=", Shape.AMOUNT, unit="km"), NOW)
    recording.change_day(bob, TODAY, {"sleep_minutes": 400}, {"sleep_minutes": None}, NOW)
    recording.change_day(alices, TODAY, {"own-1": 5}, {"own-1": None}, NOW)
    bring(bob, taken_along(alices))
    assert Day.objects.of(bob).get(day=TODAY).more == {"own-2": 5}


def test_nothing_of_a_file_is_seen_before_all_of_it_is_there(alices, bob):
    seen = []

    def look():
        seen.append(Twitch.objects.of(bob).count())

    batch = Batch.objects.create(owner=bob, uuid=uuid4(), name="x.zip", created_at=NOW)
    rows = list(own.read(io.BytesIO(taken_along(alices)), TARGET))
    load.load(batch, rows, NOW, look)
    assert seen == [0, 0]
    assert Twitch.objects.of(bob).count() == 1


def test_a_worker_that_lost_its_file_writes_nothing_more(alices, bob):
    def lost():
        raise load.Overtaken

    before = taken_along(bob)
    batch = Batch.objects.create(owner=bob, uuid=uuid4(), name="x.zip", created_at=NOW)
    with pytest.raises(load.Overtaken):
        load.load(batch, own.read(io.BytesIO(taken_along(alices)), TARGET), NOW, lost)
    assert taken_along(bob) == before
    assert not Twitch.objects.filter(owner=bob).exists()


def test_a_file_that_breaks_off_leaves_nothing_behind(alices, bob):
    def broken():
        yield from own.read(io.BytesIO(taken_along(alices)), TARGET)
        raise Refused("broken off")

    before = taken_along(bob)
    batch = Batch.objects.create(owner=bob, uuid=uuid4(), name="x.zip", created_at=NOW)
    with pytest.raises(Refused):
        load.load(batch, broken(), NOW, lambda: None)
    assert taken_along(bob) == before
    assert not Twitch.objects.filter(owner=bob).exists()


def test_more_than_a_worker_can_hold_is_refused_at_first_sight_and_never_taken_in(
    alices, bob, monkeypatch
):
    rows = list(own.read(io.BytesIO(taken_along(alices)), TARGET))
    monkeypatch.setattr(load, "HELD_AT_MOST", 1)
    batch = Batch.objects.create(owner=bob, uuid=uuid4(), name="x.zip", created_at=NOW)
    with pytest.raises(Refused, match="too many rows"):
        load.Loading(batch).foresee(rows)
    with pytest.raises(Refused, match="too many rows"):
        load.load(batch, rows, NOW, lambda: None)
    assert not Twitch.objects.filter(owner=bob).exists()


def test_a_day_takes_in_only_so_many_notes_that_are_new(alices, bob, monkeypatch):
    rows = list(own.read(io.BytesIO(taken_along(alices)), TARGET))
    batch = Batch.objects.create(owner=bob, uuid=uuid4(), name="x.zip", created_at=NOW)
    again = [NoteRow(uuid4(), *note_fields()) for _ in range(2)]
    monkeypatch.setattr(load, "NOTES_A_DAY_AT_MOST", 2)
    load.Loading(batch).foresee(again)
    with pytest.raises(Refused, match="a day would hold too many"):
        load.Loading(batch).foresee([*again, NoteRow(uuid4(), *note_fields())])
    load.load(batch, [*rows, *again], NOW, lambda: None)
    load.Loading(batch).foresee(again)  # what is there already takes no room
    with pytest.raises(Refused, match="a day would hold too many"):
        load.Loading(batch).foresee([NoteRow(uuid4(), *note_fields())])


def test_a_diary_takes_in_only_so_many_notes_that_are_new(alices, bob, monkeypatch):
    file = taken_along(alices)
    rows = list(own.read(io.BytesIO(file), TARGET))
    how_many = sum(isinstance(row, NoteRow) for row in rows)
    batch = Batch.objects.create(owner=bob, uuid=uuid4(), name="x.zip", created_at=NOW)
    monkeypatch.setattr(load, "NOTES_AT_MOST", how_many - 1)
    with pytest.raises(Refused, match="too many notes"):
        load.Loading(batch).foresee(rows)
    with pytest.raises(Refused, match="too many notes"):
        load.load(batch, rows, NOW, lambda: None)
    assert not Twitch.objects.filter(owner=bob).exists()
    monkeypatch.setattr(load, "NOTES_AT_MOST", how_many)
    bring(bob, file)
    bring(bob, file)  # what is there already takes no room


def test_what_a_killed_worker_left_is_taken_in_by_the_next_one_once(alices, bob):
    batch = Batch.objects.create(owner=bob, uuid=uuid4(), name="x.zip", created_at=NOW)
    file = taken_along(alices)

    class Killed(Exception):
        pass

    def rows():
        yield from own.read(io.BytesIO(file), TARGET)
        yield from [NoteRow(uuid4(), *note_fields()) for _ in range(load.NOTES_AT_ONCE)]
        raise Killed

    with pytest.raises(Killed):
        load.load(batch, rows(), NOW, lambda: None)
    assert not Twitch.objects.of(bob).exists()
    load.load(batch, own.read(io.BytesIO(file), TARGET), NOW, lambda: None)
    assert taken_along(bob) == file


def note_fields():
    row = NoteRow(
        uuid4(),
        uuid4(),
        TODAY,
        NOW,
        "UTC",
        "calf-l",
        "twitch",
        "unsure",
        None,
        "",
        False,
        NOW,
        None,
    )
    return row[1:]


def test_what_was_changed_after_an_import_stays_when_it_is_undone(alices, bob):
    batch = bring(bob, taken_along(alices))
    note = Twitch.objects.of(bob).get()
    text = NoteText(When(note.day, None, "UTC"), "seconds", words="mine now")
    recording.edit(note, note.version, "calf-r", text, NOW)
    assert undo(batch, NOW) == 1
    assert Twitch.objects.of(bob).get().words == "mine now"
    assert not Check.objects.of(bob).exists()
    assert not Medicine.objects.of(bob).exists()


@pytest.mark.parametrize(
    ("name", "model"),
    [("notes.csv", Twitch), ("days.csv", Day), ("checks.csv", Check), ("medicines.csv", Medicine)],
)
def test_one_table_that_was_taken_along_comes_home_by_itself(alices, name, model):
    keeper = person()
    bring(keeper, taken_along(alices))
    with ZipFile(io.BytesIO(taken_along(alices))) as file:
        table = file.read(name)
    model.objects.filter(owner=keeper).delete()
    target = Target(
        "Europe/Berlin", 4, TODAY, more_factors=tuple(Diary.objects.get(owner=keeper).more_factors)
    )
    batch = Batch.objects.create(owner=keeper, uuid=uuid4(), name=name, created_at=NOW)
    load.load(
        batch, formats.read(io.BytesIO(table), name, formats.Answers(), target), NOW, lambda: None
    )
    with ZipFile(io.BytesIO(taken_along(keeper))) as file:
        again = file.read(name)
    assert again == table


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_ours_that_a_spreadsheet_has_written_anew_is_read_as_well(alices, encoding):
    with ZipFile(io.BytesIO(taken_along(alices))) as file:
        written = file.read("notes.csv").decode("utf-8-sig")
    written = written.replace(text_cell("=x"), text_cell("Fuß; =x"))
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=";").writerows(csv.reader(io.StringIO(written)))
    said = formats.Answers(encoding="cp1252" if encoding == "cp1252" else "")
    (row,) = formats.read(io.BytesIO(sheet.getvalue().encode(encoding)), "notes.csv", said, TARGET)
    assert (row.place, row.words) == ("calf-l", "Fuß; =x")


def test_an_archive_from_before_a_setting_brings_what_held_then(alices, bob):
    file = taken_along(alices)
    with ZipFile(io.BytesIO(file)) as archive:
        text = archive.read("settings.json")
    older = {name: said for name, said in json.loads(text).items() if name not in own.LATER}
    bring(bob, changed(file, "settings.json", text, json.dumps(older).encode()).getvalue())
    diary = Diary.objects.get(owner=bob)
    assert Diary.objects.get(owner=alices).every_drink
    assert not diary.every_drink
    assert (diary.caffeine_in, diary.usual_drinks, diary.remind_at) == ("mg", [], None)
    assert diary.zone == "Europe/Berlin"


def changed(file, name, old, new):
    """The same archive with other words in one of its files."""
    made = io.BytesIO()
    with ZipFile(io.BytesIO(file)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for member in source.namelist():
            text = source.read(member)
            target.writestr(member, text.replace(old, new) if member == name else text)
    return io.BytesIO(made.getvalue())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"calf-l"', b'"tail"'),
        (b'"seconds"', b'"ages"'),
        (b"Europe/Berlin", b"Mars/Crater"),
        (b"+01:00", b"+02:00"),
        (b"2026-11-23T19:40:00+00:00", b"0001-01-01T00:00:00+23:59"),
        (b"2026-11-20", b"2026-02-30"),
        (b"2026-11-20", b"2026-11-29"),
        (b'"2026-11-20",', b'"2026-11-17",'),
        (b",5,", b",-5,"),
        (b",5,", ",５,".encode()),
        (b"=x", b"x" * 600),
        (b"=x", b"x" * 200_000),
        (b"=x", b'x"y'),
    ],
)
def test_a_bad_row_is_left_out_with_its_line_and_the_others_stay(alices, old, new):
    rows = list(own.read(changed(taken_along(alices), "notes.csv", old, new), TARGET))
    bad = [row for row in rows if isinstance(row, BadLine)]
    assert [(row.file, row.line) for row in bad] == [("notes.csv", 2)]
    assert not [row for row in rows if isinstance(row, NoteRow)]
    assert [row for row in rows if isinstance(row, DayRow)]


def test_a_column_that_is_missing_is_named_for_each_row(alices):
    file = changed(taken_along(alices), "notes.csv", b'"saved_with"', b'"saved_without"')
    (bad,) = [row for row in own.read(file, TARGET) if isinstance(row, BadLine)]
    assert (bad.file, bad.line) == ("notes.csv", 2)
    assert "saved_with" in bad.reason


def test_a_note_of_a_file_is_kept_to_the_letter_as_one_that_was_noted(alices, bob):
    recording.switch_factor(alices, "alcohol", True, NOW)
    when = When.at(NOW, Diary.objects.get(owner=alices))
    text = NoteText(when, "seconds", words="ü=")
    values = {"alcohol": 3, "stress": 2}
    for at, saved in (
        (when, NOW + timedelta(microseconds=1)),
        (replace(when, started_at=None), NOW),
    ):
        places = ["calf-l", "nose"]
        recording.note(alices, uuid4(), places, replace(text, when=at), saved, factors=values)
    recording.edit(Twitch.objects.of(alices)[0], 1, "calf-r", text, NOW)
    Twitch.objects.of(alices).update(version=1)  # of a note that comes with a file it begins anew
    bring(bob, taken_along(alices))
    told = ", ".join(
        f'CAST("{field.column}" AS TEXT)'
        for field in Twitch._meta.concrete_fields
        if field.column not in OF_THE_DIARY
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told} FROM diary_twitch ORDER BY owner_id, uuid")
        rows = cursor.fetchall()
    assert len(rows) == 10
    assert rows[:5] == rows[5:]


OF_THE_DIARY = {"id", "owner_id", "batch_id"}


def zip_of(**members):
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name, text in members.items():
            target.writestr(name, text)
    return io.BytesIO(made.getvalue())


def test_what_is_no_whole_archive_of_ours_is_refused(alices):
    good = taken_along(alices)
    many = {f"{number}.txt": "" for number in range(51)}
    for file in (
        io.BytesIO(b"PK\x03\x04"),
        io.BytesIO(good[: len(good) // 2]),
        io.BytesIO(good[:-2000] + b"\xff" * 1000 + good[-1000:]),
        zip_of(**{"notes.csv": "id\n"}),
        zip_of(**many),
        zip_of(**{"settings.json": b"0" * 50_000_000}),
        zip_of(**{"settings.json": b"[" * 100_000}),
        changed(good, "settings.json", b'"ebb-1"', b'"ebb-9"'),
        changed(good, "settings.json", b"Europe/Berlin", b"../../etc/passwd"),
        changed(good, "settings.json", b'"sample": false', b'"sample": true'),
        changed(good, "notes.csv", b"=x", b"\xff\xfe"),
        changed(good, "notes.csv", b"=x", b'x","' * 300_000),
    ):
        with pytest.raises(Refused):
            list(own.read(file, TARGET))
