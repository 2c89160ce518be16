"""Medicines and supplements: a list that the person keeps, shown over time and never compared."""

import csv
import io
from datetime import date
from uuid import uuid4

import pytest
from django.utils.html import escape

from diary import recording
from diary.models import Diary, Medicine
from diary.recording import MedicineText
from insights import charts, compute
from insights.analysis.series import Course
from insights.models import WeekSummary

from .conftest import NOW, back

pytestmark = pytest.mark.usefixtures("monday_evening")

MAGNESIUM = MedicineText("Magnesium", "supplement", back(20), None, "one a day")


def add(page, **fields):
    sent = {"form": str(uuid4()), "version": "0", "name": "Magnesium", "kind": "supplement"}
    return page.post("/medicines/", sent | fields)


@pytest.fixture
def entry(berlin):
    recording.add_medicine(berlin, uuid4(), MAGNESIUM, NOW)
    return Medicine.objects.get(owner=berlin)


def test_an_entry_is_added_once_however_often_it_is_sent(page, berlin):
    form = str(uuid4())
    for _ in range(3):
        assert add(page, form=form, first="2026-03-03").status_code == 303
    found = Medicine.objects.of(berlin).get()
    assert (found.name, found.kind, found.first, found.last) == (
        "Magnesium",
        "supplement",
        date(2026, 3, 3),
        None,
    )
    assert "since 3 March 2026" in page.get("/medicines/").content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "  "}, "Enter a name"),
        ({"name": "x" * 10_000}, "The name must be 100 characters or fewer"),
        ({"name": "a\x00b"}, "The name contains a character"),
        ({"kind": "drug"}, "Choose medicine or supplement"),
        ({"first": "2026-02-30"}, "Enter a day, such as 23 11 2026"),
        ({"first": "１２ 3 2026"}, "Enter a day, such as 23 11 2026"),
        ({"first": "1899-12-31"}, "Day must be in 1900 or later"),
        ({"first": "2026-11-24"}, "Day must be today or earlier"),
        (
            {"first": "2026-03-03", "last": "2026-03-02"},
            "The last day must not come before the first",
        ),
        ({"words": "x" * 501}, "Words must be 500 characters or fewer"),
        ({"form": "nothing"}, "Part of the form did not arrive"),
    ],
)
def test_what_cannot_be_kept_is_told_and_everything_stays(page, berlin, fields, said):
    answer = add(page, **({"name": "Kept name", "words": "kept words"} | fields))
    assert answer.status_code == 422
    body = answer.content.decode()
    assert said in body
    assert ("Kept name" in body) == ("name" not in fields)
    assert not Medicine.objects.of(berlin).exists()


def test_an_entry_is_changed_and_ended(page, berlin, entry):
    sent = {"form": str(entry.uuid), "version": "1", "name": "Magnesium", "kind": "supplement"}
    sent |= {"first": str(back(20)), "last": str(back(2))}
    assert page.post(f"/medicines/{entry.uuid}/", sent).status_code == 303
    body = page.get("/medicines/").content.decode()
    assert "What you took" in body
    assert "3 November 2026 to 21 November 2026" in body


def test_who_comes_second_is_told_and_loses_nothing(page, entry):
    recording.change_medicine(entry, 1, MAGNESIUM, NOW)
    sent = {"form": str(entry.uuid), "version": "1", "name": "Other name", "kind": "medicine"}
    answer = page.post(f"/medicines/{entry.uuid}/", sent)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "This was changed meanwhile" in body
    assert "Other name" in body
    again = sent | {"version": "2"}
    assert 'name="version" value="2"' in body
    assert page.post(f"/medicines/{entry.uuid}/", again).status_code == 303


def test_a_removed_entry_can_be_put_back(page, berlin, entry):
    for _ in range(2):
        assert page.post(f"/medicines/{entry.uuid}/remove/").status_code == 303
    assert not Medicine.objects.of(berlin).exists()
    assert "Put back" in page.get("/medicines/").content.decode()
    for _ in range(2):
        assert page.post(f"/medicines/{entry.uuid}/restore/").status_code == 303
    assert Medicine.objects.of(berlin).get().name == "Magnesium"


def test_another_person_s_entry_is_not_found(page, bob):
    recording.add_medicine(bob, uuid4(), MAGNESIUM, NOW)
    theirs = Medicine.objects.get(owner=bob)
    for path in ("", "remove/", "restore/"):
        assert page.post(f"/medicines/{theirs.uuid}/{path}").status_code == 404
    assert page.get(f"/medicines/{theirs.uuid}/").status_code == 404
    assert "Magnesium" not in page.get("/medicines/").content.decode()


def test_the_sample_is_read_only(berlin):
    Diary.objects.of(berlin).update(is_sample=True)
    with pytest.raises(recording.ReadOnly):
        recording.add_medicine(berlin, uuid4(), MAGNESIUM, NOW)


def test_the_file_reads_back(page, berlin, entry):
    recording.add_medicine(
        berlin, uuid4(), MedicineText("=SUM(A1)", "medicine", None, back(3)), NOW
    )
    text = b"".join(page.get("/export/medicines.csv")).decode("utf-8-sig")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["Magnesium"]["first_day"] == str(back(20))
    assert rows["Magnesium"]["last_day"] == ""
    assert rows["'=SUM(A1)"]["last_day"] == str(back(3))
    assert "<code>first_day</code>" in page.get("/export/").content.decode()
    # What began nobody knows when stands first, whatever the database makes of it.
    assert list(rows) == ["'=SUM(A1)", "Magnesium"]


def week(owner):
    compute.recompute(owner.pk, NOW)
    return WeekSummary.objects.of(owner).latest("year", "number").report


def test_a_medicine_changes_no_comparison(berlin, write):
    for n in range(80):
        day = back(n)
        write.note(day) if n % 3 else write.clear(day)
        write.know(day, caffeine_mg=90 * (n % 4), stress=1 + n % 5)
    before = week(berlin)
    recording.add_medicine(berlin, uuid4(), MAGNESIUM, NOW)
    after = week(berlin)
    assert after.courses == (Course("Magnesium", True, back(20), None),)
    for part in ("findings", "durations", "regions", "weeks", "trend"):
        assert getattr(after, part) == getattr(before, part)


def test_the_week_shows_what_was_taken_in_its_six_weeks_alone(page, berlin, write):
    write.note(back(40))
    write.note(back(1))
    for name, first, last in (
        ("Long over", back(300), back(200)),
        ("Just ended", back(60), back(3)),
        ("No dates", None, None),
    ):
        recording.add_medicine(berlin, uuid4(), MedicineText(name, "medicine", first, last), NOW)
    assert {course.name for course in week(berlin).courses} == {"Just ended", "No dates"}
    body = page.get("/insights/").content.decode()
    assert "never compared with them" in body
    assert "Just ended" in body
    assert "Long over" not in body


def test_a_name_is_drawn_as_it_was_typed(berlin, write, page):
    write.note(back(1))
    name = "<b>K</b> & <a href=x>more</a>"
    recording.add_medicine(berlin, uuid4(), MedicineText(name, "medicine", None, None), NOW)
    chart = charts.courses(week(berlin))
    assert (chart.rows[0].name, chart.table.rows[0][0]) == (name, name)
    assert page.get("/insights/").content.decode().count(escape(name)) == 2


def test_chart_and_table_tell_the_same(berlin, write):
    write.note(back(40))
    write.note(back(1))
    recording.add_medicine(berlin, uuid4(), MAGNESIUM, NOW)
    report = week(berlin)
    chart = charts.courses(report)
    begins, long = chart.rows[0].bar
    start = report.weeks[0].first
    assert begins == pytest.approx(100 * (back(20) - start).days / 42, abs=0.01)
    assert begins + long == pytest.approx(100)  # open: still taken
    assert chart.table.rows == (("Magnesium", "Supplement", "since 3 Nov 2026"),)
