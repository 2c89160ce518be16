"""The report for a doctor: what it says, what it refuses, and that it is one page of paper."""

import re
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.urls import reverse

from diary import recording
from diary.check import QUESTIONS, Answer
from diary.kinds import NoteKind
from diary.models import Diary, Overall
from diary.places import PLACES
from diary.recording import MedicineText
from insights import collect, compute
from insights.models import WeekSummary
from insights.reports import making, wording
from insights.reports.choices import ReportForm
from insights.reports.making import make
from tests.insights.entries import NOW, ago, at, clear, note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_noon")]


@pytest.fixture
def kept(alice):
    """Sixty days: two of three with a note, and caffeine that varies."""
    for n in range(1, 61):
        day = ago(n)
        values = {"caffeine_mg": 90 * (n % 5), "stress": 1 + n % 4}
        recording.change_day(alice, day, values, dict.fromkeys(values), at(day, 20))
        if n % 3:
            note(alice, day, place="calf-l" if n % 2 else "eyelid-r", hour=8 + n % 12)
        else:
            clear(alice, day)
    compute.recompute(alice.pk, NOW)
    return alice


def made(owner, **choices):
    diary = Diary.objects.select_related("owner").get(owner=owner)
    form = ReportForm(choices or None, today=diary.today(NOW))
    assert not form.is_bound or form.is_valid(), form.errors
    return make(diary, form.asked(collect.words(owner, *form.days)), NOW)


def read(page, query=""):
    return page.get(f"{reverse('report')}{query}")


def plain(page):
    """The page, with the spaces that hold a number to its unit as any other."""
    return read(page).content.decode().replace("\xa0", " ")


@pytest.mark.parametrize("seed", range(5))
def test_what_lies_before_the_days_that_are_read_is_told_as_if_they_were(alice, monkeypatch, seed):
    chance = Random(seed)
    recording.take_break(alice, ago(chance.randrange(45, 60)), ago(44), NOW)
    for n in range(1, chance.choice((25, 60))):
        kind = chance.choice(("note", "note", "clear", "blank", "removed"))
        if kind == "clear":
            clear(alice, ago(n))
        elif kind != "blank":
            place = chance.choice(("calf-l", "calf-r", "nose", "thumb-l", "eyelid-r"))
            written = note(alice, ago(n), place=place, hour=8 + n % 12)
            if kind == "removed":
                recording.remove([written], alice, NOW)
    said = set()
    for days in (0, 3, 10, 1000):
        monkeypatch.setattr(making, "LOOK_BACK", timedelta(days=days))
        report = made(alice, period="dates", first=ago(12), last=ago(1))
        said.add((report.began, report.new_since, report.new_places, report.places, report.notes))
    assert len(said) == 1


def test_coverage_counts_kept_days_of_the_period(kept):
    report = made(kept)
    assert (report.first, report.last) == (ago(42), ago(1))
    assert len(report.days) == 42
    assert report.notes == sum(day.notes for day in report.days) == 28
    assert sum(week.clear_days for week in report.weeks) == 14


def test_the_numbers_of_the_factors_are_those_of_the_weekly_page(page, kept):
    finding = WeekSummary.objects.of(kept).finished().latest("year", "number").report.findings[0]
    split = finding.split
    body = plain(page)
    assert f"{split.higher.days_with_notes} of {split.higher.days}" in body
    assert f"{split.other.days_with_notes} of {split.other.days}" in body


def test_right_and_left_stand_as_a_clinician_sees_them(page, kept):
    sides = re.findall(r'<text class="side" x="(\d+)"[^>]*>(\w)<', read(page).content.decode())
    assert sides == [("18", "R"), ("122", "L"), ("18", "L"), ("122", "R")]


def test_a_no_is_told_with_its_date(page, kept):
    recording.note_check(kept, uuid4(), dict.fromkeys(QUESTIONS, Answer.NO.value), "", at(ago(9)))
    body = plain(page)
    assert "14 November" in body
    assert [sign.answer for sign in made(kept).signs] == [Answer.NO] * len(QUESTIONS)


def answered(owner, *said, about="speech"):
    """Answer one question on these days, as many days ago as are given."""
    for n, answer in said:
        recording.note_check(owner, uuid4(), {about: answer}, "", at(ago(n), 9))


def row(owner, about="speech"):
    rows = wording.sign_rows(made(owner))
    return next(row for row in rows if row.about == str(QUESTIONS[about].about))


def test_a_yes_that_became_a_no_is_bold_and_read_before_it(page, alice):
    answered(alice, (30, "no"), (20, "yes"), (18, "unsure"), (9, "no"), (2, "no"))
    said = row(alice)
    assert said.bold
    assert said.answer == "Yes on 3 Nov, not sure on 5 Nov; no since 14 Nov"
    assert said.dates == "no on 24 Oct and 14 Nov"
    assert f"<strong>{said.answer}</strong>" in plain(page)


def test_a_yes_before_a_yes_is_bold_as_well(page, alice):
    answered(alice, (30, "yes"), (20, "no"), (2, "yes"))
    said = row(alice)
    assert (said.answer, said.earlier, said.dates) == ("Yes", "yes on 24 Oct", "no on 3 Nov")
    assert '<strong class="sheet-earlier">yes on 24 Oct</strong>' in plain(page)


def test_a_no_of_many_days_is_told_with_its_first_and_its_last(alice):
    answered(alice, *((n, "no") for n in range(2, 40, 3)))
    said = row(alice)
    assert (said.answer, said.bold) == ("No", False)
    assert said.dates == "no 12 ×, 16 Oct to 18 Nov"


def test_medicines_and_cramps_stand_apart_from_twitches(page, kept):
    before = made(kept)
    recording.add_medicine(
        kept, uuid4(), MedicineText("Magnesium", "supplement", ago(20), None), NOW
    )
    diary = Diary.objects.get(owner=kept)
    when = recording.When.at(at(ago(2)), diary)
    cramp = recording.NoteText(when, "minutes", kind=NoteKind.CRAMP)
    recording.note(kept, uuid4(), ["calf-r"], cramp, NOW)
    body = plain(page)
    assert "Magnesium (supplement)" in body
    assert "1 cramp" in body
    after = made(kept)
    assert (after.days, after.weeks, after.places) == (before.days, before.weeks, before.places)


def test_every_medicine_is_named_with_its_words_what_is_taken_now_and_newest_first(page, alice):
    for n in range(10):
        text = MedicineText(f"Kept {n}", "medicine", ago(90 - n), None, f"{n} mg")
        recording.add_medicine(alice, uuid4(), text, NOW)
    text = MedicineText("Ended", "medicine", ago(20), ago(5))
    recording.add_medicine(alice, uuid4(), text, NOW)
    said = wording.medicines(made(alice))
    names = [taken.split(" (")[0] for taken in said]
    assert names == [*(f"Kept {n}" for n in range(9, -1, -1)), "Ended"]
    assert said[0] == "Kept 9 (medicine), since 3 Sep 2026: 9 mg"
    body = plain(page)
    assert all(taken in body for taken in said)


def test_what_was_noted_on_a_break_is_told_with_its_days(page, alice):
    recording.take_break(alice, ago(6), ago(2), at(ago(7)))
    for n in (3, 4, 5):
        note(alice, ago(n))
    report = made(alice)
    assert wording.in_short(report)[0].rest.startswith("3 twitches (fasciculations) on 3 days;")
    assert wording.totals(report).endswith("9 November no day kept, 16 November 3.")
    assert "16 Nov: <b>3</b>" in read(page).content.decode()


@pytest.mark.parametrize(
    ("noting", "strong"), [("daily", "Noted once a day:"), ("each", "Some days were noted once:")]
)
def test_days_that_were_noted_once_say_that_a_place_counts_once(alice, noting, strong):
    for n in (9, 10, 11):
        recording.answer_day(alice, ago(n), Overall.MOST, ["calf-l", "nose"], at(ago(n), 21))
    recording.answer_day(alice, ago(8), Overall.FEW, ["nose"], at(ago(8), 21))
    Diary.objects.of(alice).update(noting=noting)
    line = wording.in_short(made(alice))[1]
    assert (line.strong, line.rest) == (
        strong,
        "each place counts once then, however often it twitched. "
        "In all: most of the day on 3 days, a few on 1 day.",
    )


def test_where_no_day_was_kept_no_number_of_twitches_is_told(alice):
    assert wording.in_short(made(alice))[0].rest == "0 days clear, 42 blank."
    clear(alice, ago(3))
    assert wording.in_short(made(alice))[0].rest.startswith("0 twitches")


def test_days_that_are_drawn_as_bars_are_called_so(page, alice):
    note(alice, ago(2))
    assert "dot: one twitch noted" in read(page).content.decode()
    for n, place in enumerate(PLACES):
        if n < 15:
            note(alice, ago(3), place=place)
    assert "bar: twitches noted on a day" in read(page).content.decode()


def test_single_notes_are_not_called_noted_once(kept):
    assert not any("once" in line.strong for line in wording.in_short(made(kept)))


def test_drinks_are_told_to_be_without_caffeine_where_they_are(kept):
    said = "drinks are those without caffeine"
    assert said in wording.factor_basis(made(kept))
    recording.change_settings(kept, {"every_drink": True}, NOW)
    assert said not in wording.factor_basis(made(kept))
    recording.change_settings(kept, {"every_drink": False}, NOW)
    recording.switch_factor(kept, "hydration", False, NOW)
    compute.recompute(kept.pk, NOW)
    assert said not in wording.factor_basis(made(kept))


def test_a_place_with_less_than_half_of_the_notes_is_said_to_be_most_often(alice):
    for n, place in enumerate(("calf-l", "calf-l", "thumb-l", "nose", "eyelid-r"), 1):
        note(alice, ago(n), place=place)
    assert wording.in_short(made(alice))[1].strong == "Most often the left calf"
    note(alice, ago(9), place="calf-l")
    assert wording.in_short(made(alice))[1].strong == "Mostly the left calf"


def test_it_says_when_notes_began_and_leaves_room_for_when_it_was_first_noticed(page, alice):
    note(alice, ago(50))
    note(alice, ago(2))
    body = plain(page)
    assert "The first note is of 4 October 2026." in body
    assert "First noticed: ____" in body


def test_factors_of_other_days_than_the_report_say_so(kept):
    said = "not the same days as the report"
    whole = {"first": made(kept).factors.first.isoformat(), "last": ago(1).isoformat()}
    assert said in wording.factor_basis(made(kept))
    assert said not in wording.factor_basis(made(kept, period="dates", part=["factors"], **whole))


def test_a_young_diary_says_first_how_little_it_covers(page, alice):
    for n in range(1, 6):
        note(alice, ago(n))
    compute.recompute(alice.pk, NOW)
    assert "This diary covers 5 days." in plain(page)


def test_an_empty_diary_has_a_report_too(page, alice):
    assert read(page).status_code == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "?period=dates&first=2026-11-20&last=2026-11-10",
            "The last day must come after the first",
        ),
        ("?period=dates&first=2026-02-30&last=2026-11-10", "Enter a day, such as 23 11 2026"),
        ("?period=dates&first=2024-01-01&last=2026-11-10", "366"),
        ("?period=decade", "Choose a period"),
        ("?period=six-weeks&paper=a3", "Choose a paper"),
        ("?period=six-weeks&part=xyz", "Choose among the parts shown"),
        ("?period=six-weeks&ask=%00", "Choose among the questions shown"),
        ("?period=six-weeks&name=" + "x" * 10_000, "Name must be 80 characters or fewer"),
    ],
)
def test_choices_that_cannot_be_are_refused_in_words(page, kept, query, said):
    answer = read(page, query)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_name_is_printed_and_never_runs(page, kept):
    body = read(page, "?period=six-weeks&part=name&name=<script>alert(1)</script>").content
    assert b"<script>alert" not in body
    assert b"&lt;script&gt;alert" in body


def test_the_sample_says_so_across_the_head(page, kept):
    Diary.objects.of(kept).update(is_sample=True)
    assert "SAMPLE" in read(page).content.decode().upper()


def test_another_person_s_days_are_in_no_report(page, alice, bob):
    note(bob, ago(3), place="nose")
    recording.add_medicine(bob, uuid4(), MedicineText("Theirs", "medicine", None, None), NOW)
    body = plain(page)
    assert "Theirs" not in body
    assert made(alice).places == ()


def test_what_is_named_and_never_compared_is_told_in_days(page, kept):
    recording.switch_factor(kept, "exercised", True, NOW)
    for n, part in ((2, 1), (3, 1), (4, 2)):
        recording.change_day(kept, ago(n), {"exercised": part}, {"exercised": None}, at(ago(n)))
    compute.recompute(kept.pk, NOW)
    body = plain(page)
    assert "legs on 2 days, arms on 1 day" in body
    assert "Told, and not compared." in body
    week = page.get("/insights/").content.decode().replace("\xa0", " ")
    assert "Told and not compared:" in week
    drawn = page.get("/insights/2026-w47/exercised/")
    assert drawn.status_code == 200
    assert "the whole body" in drawn.content.decode()
