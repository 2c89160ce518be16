"""What insights keep travels with the diary, and what they worked out comes out the same again."""

import csv
import io
from datetime import UTC, datetime
from uuid import uuid4
from zipfile import ZipFile

import pytest

from diary.exports.archive import archive
from diary.imports import load, own
from diary.imports.rows import BadLine, NoteRow, Target
from diary.imports.undo import undo
from diary.models import Batch, Diary
from insights import compute, sample
from insights.models import Answer, Suggested
from insights.suggested import put_aside
from tests.diary.test_round_trip import changed

from .entries import NOW

pytestmark = pytest.mark.django_db


def taken_along(owner):
    diary = Diary.objects.select_related("owner").get(owner=owner)
    return b"".join(archive(diary, NOW.date()))


def rows(file, name):
    text = ZipFile(io.BytesIO(file)).read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def bring(owner, file):
    batch = Batch.objects.create(owner=owner, uuid=uuid4(), name="x.zip", created_at=NOW)
    target = Target("Europe/Berlin", 4, NOW.date())
    load.load(batch, own.read(io.BytesIO(file), target), NOW, lambda: None)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def keeper():
    """A person whose diary is what the sample is made of: half a year, worked out."""
    owner = sample.ready(NOW)
    Diary.objects.of(owner).update(is_sample=False)
    compute.recompute(owner.pk, NOW)
    put_aside(owner, Suggested.objects.of(owner).first().passage, Answer.TRIED, NOW)
    compute.recompute(owner.pk, NOW)
    return owner


def test_half_a_year_moves_to_an_empty_diary_and_every_figure_is_the_same(keeper, bob):
    file = taken_along(keeper)
    bring(bob, file)
    compute.recompute(bob.pk, NOW)
    again = taken_along(bob)
    for name in ("notes.csv", "days.csv", "findings.csv", "suggestions.csv"):
        assert rows(again, name) == rows(file, name)
    assert again == file


def test_each_comparison_of_a_week_is_a_row_with_its_range(keeper):
    found = rows(taken_along(keeper), "findings.csv")
    told = [row for row in found if row["rate_ratio"]]
    assert told
    for row in told:
        assert float(row["low_95"]) <= float(row["rate_ratio"]) <= float(row["high_95"])
    for row in found:
        assert bool(row["missing"]) == (row["level"] == "insufficient")


def test_findings_come_as_a_file_of_their_own_up_to_the_day_asked_for(page, alice):
    assert page.get("/export/findings.csv").status_code == 200
    assert page.get("/export/suggestions.csv?to=2026-11-20").status_code == 200
    assert page.get("/export/nothing.csv").status_code == 404


def test_what_was_said_of_a_tip_is_taken_in_and_taken_out_again(keeper, bob):
    batch = bring(bob, taken_along(keeper))
    said = Suggested.objects.of(keeper).get(answer=Answer.TRIED)
    assert Suggested.objects.of(bob).get(passage=said.passage).answer == Answer.TRIED
    undo(batch, NOW)
    assert not Suggested.objects.of(bob).exists()


def test_what_was_said_here_stays_when_a_file_says_something_else(keeper, bob):
    tip = Suggested.objects.of(keeper).get(answer=Answer.TRIED).passage
    put_aside(bob, tip, Answer.LATER, datetime(2026, 11, 1, tzinfo=UTC))
    batch = bring(bob, taken_along(keeper))
    undo(batch, NOW)
    assert Suggested.objects.of(bob).get().answer == Answer.LATER


@pytest.mark.parametrize(
    ("old", "new"), [(b'"tried"', b'"hacked"'), (b'"20', b'"19'), (b"+00:00", b"")]
)
def test_a_row_of_tips_that_can_t_be_is_left_out_with_its_line(keeper, old, new):
    file = changed(taken_along(keeper), "suggestions.csv", old, new)
    found = list(own.read(file, Target("Europe/Berlin", 4, NOW.date())))
    bad = {row.file for row in found if isinstance(row, BadLine)}
    assert bad == {"suggestions.csv"}
    assert len([row for row in found if isinstance(row, NoteRow)]) > 100
