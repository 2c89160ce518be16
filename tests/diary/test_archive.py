"""All tables in one file: every table, whole and explained, and nobody else's."""

import csv
import io
import json
from uuid import uuid4
from zipfile import ZipFile

import pytest

from diary import recording
from diary.exports.archive import archive
from diary.exports.csv import unescape
from diary.factors import OwnFactor, Shape
from diary.kinds import NoteKind
from diary.models import Diary
from diary.recording import MedicineText

from .conftest import NOW, TODAY, back

pytestmark = pytest.mark.usefixtures("monday_evening")


@pytest.fixture
def full(berlin, write):
    recording.make_factor(berlin, OwnFactor("Cold hands", Shape.YES_NO), NOW)
    write.note(back(3), words='=1+1; "quoted",\nand a new line', duration_s=90)
    write.note(back(2), kind=NoteKind.CRAMP, timed=False)
    write.clear(back(1))
    write.know(back(1), caffeine_mg=0, **{"own-1": 1})
    write.rest(back(9), back(7))
    recording.add_medicine(
        berlin, uuid4(), MedicineText("Magnesium", "supplement", None, None), NOW
    )
    recording.note_check(berlin, uuid4(), {"weakness": "no"}, "", NOW)
    return berlin


def read(sure):
    answer = sure.get("/export/everything.zip")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def rows(zipped, name):
    return list(csv.DictReader(io.StringIO(zipped.read(name).decode("utf-8-sig"))))


def test_it_holds_every_table_as_the_single_files_have_it(sure, full):
    zipped = read(sure)
    for name in ("notes.csv", "days.csv", "checks.csv", "medicines.csv"):
        single = b"".join(sure.get(f"/export/{name}").streaming_content)
        assert zipped.read(name) == single
    assert [row["kind"] for row in rows(zipped, "notes.csv")] == ["twitch", "cramp"]
    assert unescape(rows(zipped, "notes.csv")[0]["words"]).startswith("=1+1")
    assert rows(zipped, "days.csv")[-2]["own_1_cold_hands"] == "1"


def test_the_settings_and_what_was_made_are_in_it(sure, full):
    settings = json.loads(read(sure).read("settings.json"))
    assert settings["format"] == "ebb-1"
    assert settings["zone"] == "Europe/Berlin"
    assert settings["more_factors"][0]["own"]["name"] == "Cold hands"
    assert settings["breaks"] == [[str(back(9)), str(back(7))]]


def test_it_explains_every_column(sure, full):
    zipped = read(sure)
    text = zipped.read("README.txt").decode()
    for name in ("notes.csv", "days.csv", "checks.csv", "medicines.csv"):
        assert name in text
        for column in rows(zipped, name)[0]:
            assert f"  {column}: " in text


def test_the_same_diary_gives_the_same_bytes(full):
    diary = Diary.objects.select_related("owner").get(owner=full)
    assert b"".join(archive(diary, TODAY)) == b"".join(archive(diary, TODAY))


def test_an_empty_diary_has_headings_and_nobody_else_s_rows(sure, berlin, bob):
    recording.add_medicine(bob, uuid4(), MedicineText("Theirs", "medicine", None, None), NOW)
    zipped = read(sure)
    assert rows(zipped, "notes.csv") == []
    assert b"Theirs" not in zipped.read("medicines.csv")


def test_the_sample_says_so_in_its_name(sure, berlin):
    Diary.objects.of(berlin).update(is_sample=True)
    assert "SAMPLE" in sure.get("/export/everything.zip")["Content-Disposition"]
