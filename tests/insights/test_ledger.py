"""What the articles say beside one's own diary: every verdict, and what stands with it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from insights.analysis.results import Estimate, Gate, Level, Reach
from insights.analysis.series import Course
from insights.knowledge.library import Beside, Outcome, library
from insights.ledger import Verdict, enough_on, ledger

from .findings import finding, refused, week_of

CAFFEINE = next(line for line in library().ledger if "A22" in line.claims)
LENGTHS = next(line for line in library().ledger if line.outcome is Outcome.LENGTH)


def verdict(statement, *findings, lengths=()):
    report = replace(week_of(1, 0, 2), findings=findings, durations=lengths)
    return ledger([statement], report)[0].verdict


def none(low, high):
    return finding(Level.NONE, estimate=Estimate((low * high) ** 0.5, low, high))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (finding(Level.WEAK), Verdict.HINT),
        (finding(Level.MODERATE), Verdict.FITS),
        (finding(Level.STRONG), Verdict.FITS),
        (finding(Level.WEAK, ratio=0.7), Verdict.OPPOSITE),
        (finding(Level.STRONG, ratio=0.7), Verdict.OPPOSITE),
        (none(0.9, 1.2), Verdict.NOT_SUPPORTED),  # nothing of size fits
        (none(0.5, 1.2), Verdict.NOT_SUPPORTED),  # only fewer notes still fit
        (none(0.9, 1.3), Verdict.CANNOT_TELL),
        (refused(Gate.FEW_DAYS), Verdict.CANNOT_TELL),
        (finding(Level.STRONG, factor="sleep"), Verdict.NOT_NOTED),
    ],
)
def test_a_statement_is_judged_by_the_finding_of_its_factor(found, said):
    assert verdict(CAFFEINE, found) is said


def test_fewer_notes_with_more_of_a_factor_fit_a_statement_about_less_of_it():
    about_less = replace(CAFFEINE, beside=Beside("caffeine", more=False))
    assert verdict(about_less, finding(Level.MODERATE, ratio=0.7)) is Verdict.FITS
    assert verdict(about_less, finding(Level.MODERATE)) is Verdict.OPPOSITE
    assert verdict(about_less, none(0.85, 1.6)) is Verdict.NOT_SUPPORTED
    assert verdict(about_less, none(0.7, 1.1)) is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    ("gate", "have", "need", "days_ahead"),
    [
        (Gate.FEW_DAYS, 30, 42, 16),  # 30 of 40 days: 12 more take 16
        (Gate.FEW_FACTOR_DAYS, 10, 28, 72),
        (Gate.FEW_NOTES, 5, 20, 120),
        (Gate.HARDLY_VARIES, 4, 7, 30),
        (Gate.FEW_NOTE_DAYS, 1, 10, 360),
        (Gate.FEW_NOTE_DAYS, 0, 10, None),  # no pace to go by
        (Gate.FEW_FACTOR_DAYS, 1, 28, None),  # more than a year
        (Gate.FEW_KEPT, 10, 20, None),  # a share does not grow with days
        (Gate.ALL_ALIKE, 1, 2, None),
    ],
)
def test_what_is_missing_has_a_day_by_which_it_would_be_there(gate, have, need, days_ahead):
    report = replace(week_of(1, 0, 2), window_kept=30, window_blank=10)
    found = refused(gate, have, need)
    expected = report.last + timedelta(days=days_ahead) if days_ahead else None
    assert enough_on(found, report) == expected


def test_a_statement_about_length_is_judged_by_lengths_alone():
    stress = finding(Level.STRONG, factor="stress")
    assert verdict(LENGTHS, stress) is Verdict.NOT_NOTED
    assert verdict(LENGTHS, finding(), lengths=(stress,)) is Verdict.FITS


def test_what_no_diary_can_show_says_why():
    for line in library().ledger:
        if line.beside is None:
            assert line.why_not
            assert verdict(line, finding()) is Verdict.NOT_TESTABLE


def test_before_the_first_finished_week_nothing_can_be_told():
    verdicts = {entry.verdict for entry in ledger(library().ledger, None)}
    assert verdicts == {Verdict.CANNOT_TELL, Verdict.NOT_TESTABLE}


TESTABLE = "A05 A12 A13 A15 A16 A18 A20 A22 A39 A40 A41 A42 A47 A60 A61 A63 A66 A67 A72 A73 A82"
TESTABLE += " A84 A86 B07 B11 B12 B14 B15"


def test_every_testable_claim_is_in_one_row():
    assert sorted(c for line in library().ledger for c in line.claims) == TESTABLE.split()


@pytest.mark.django_db
def test_the_page_says_what_is_missing_to_somebody_who_has_just_begun(page):
    body = page.get("/learn/claims/").content.decode()
    assert "It takes a finished week" in body
    assert "Not something a diary can show" in body


@pytest.mark.django_db
def test_the_page_tells_the_stored_finding_with_its_range_and_adds_none(page, alice, monkeypatch):
    report = replace(
        week_of(1, 0, 2),
        findings=(
            finding(Level.WEAK),
            replace(none(0.8, 1.6), factor="stress", reach=Reach(1.8, date(2027, 3, 1))),
            refused(Gate.FEW_FACTOR_DAYS, factor="hydration"),
        ),
    )
    monkeypatch.setattr("insights.views.learn._latest", lambda owner: report)
    body = page.get("/learn/claims/").content.decode()
    assert "A hint that fits" in body
    assert "100 mg more caffeine" in body
    assert "1.30 times as many notes a day, from 1.04 to 1.62" in body
    assert "a moderate link would show: by 1 March 2027" in body
    assert "Drinks is noted on 3 usable days; a comparison needs 28." in body
    assert "At the present pace, enough to compare: 17 December 2026." in body
    assert "You do not note this" in body
    assert 'href="/insights/2026-w47/caffeine/"' in body


@pytest.mark.django_db
def test_a_topic_tells_what_one_s_own_diary_says_about_it(page, client, monkeypatch):
    report = replace(week_of(1, 0, 2), findings=(finding(Level.WEAK),))
    monkeypatch.setattr("insights.views.learn._latest", lambda owner: report)
    mine = page.get("/learn/coffee-and-caffeine/").content.decode()
    assert "A hint of more. With 100 mg more caffeine" in mine
    assert "100 mg more" not in page.get("/learn/sleep/").content.decode()
    client.logout()
    assert "A hint of more" not in client.get("/learn/coffee-and-caffeine/").content.decode()


@pytest.mark.django_db
def test_medicines_and_cramps_of_the_latest_week_stand_with_their_topics(page, monkeypatch):
    courses = (Course("Magnesium", True, date(2026, 9, 27), None),)
    report = replace(week_of(1, 0, 2), courses=courses, cramps=2)
    monkeypatch.setattr("insights.views.learn._latest", lambda owner: report)
    medicines = page.get("/learn/medicines/").content.decode()
    assert "On your list in these six weeks: Magnesium, since 27 September 2026." in medicines
    assert "2 cramps" in page.get("/learn/twitch-cramp-or-tremor/").content.decode()
    report = replace(report, courses=(), cramps=0)
    assert "On your list" not in page.get("/learn/medicines/").content.decode()
