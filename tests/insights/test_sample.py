from collections import Counter
from datetime import date, timedelta

import pytest

from diary.check import QUESTIONS, Answer
from diary.days import Week
from diary.durations import DURATIONS
from diary.factors import FACTORS
from diary.kinds import NoteKind
from diary.models import Day, Diary, Twitch, User
from diary.places import PLACES
from insights import collect, compute, sample
from insights.analysis.results import Level
from insights.models import WeekSummary
from tests.insights.entries import NOW

SUNDAY = date(2026, 11, 22)


def test_the_made_up_days_cover_26_weeks_with_clear_and_blank_ones_among_them():
    made = sample.sample_days(SUNDAY)
    assert made[-1].day <= SUNDAY
    assert (SUNDAY - made[0].day).days >= 7 * 26 - 3
    kinds = Counter(day.clear for day in made)
    assert kinds[True] > 20
    assert kinds[False] > 80
    assert len(made) < 7 * 26 - 5


def test_the_same_last_day_gives_the_same_diary():
    assert sample.sample_days(SUNDAY) == sample.sample_days(SUNDAY)


def test_what_is_made_up_is_what_a_person_could_have_written():
    for day in sample.sample_days(SUNDAY):
        assert day.clear is not any(note.kind is NoteKind.TWITCH for note in day.notes)
        for note in day.notes:
            assert note.place in PLACES
            assert note.duration in DURATIONS
        for factor in FACTORS.values():
            value = day.values[factor.column]
            assert value is None or (
                factor.stored(factor.minimum) <= value <= factor.stored(factor.maximum)
            )


@pytest.mark.django_db
def test_the_sample_is_nobody_s_account_and_is_made_once():
    owner = sample.ready(NOW)
    assert not owner.has_usable_password()
    assert Diary.objects.get(owner=owner).is_sample
    days = Day.objects.of(owner).count()
    assert sample.ready(NOW + timedelta(days=1)) == owner
    assert Day.objects.of(owner).count() == days
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_the_sample_holds_two_symptoms_checks_the_earlier_with_no_to_all_six():
    owner = sample.ready(NOW)
    newest, oldest = collect.checks(owner)
    assert set(oldest.answers) == set(newest.answers) == set(QUESTIONS)
    assert oldest.in_short == "no to all six"
    assert newest.answers["lasting"] is Answer.UNSURE
    assert SUNDAY - oldest.day < timedelta(weeks=sample.WEEKS)
    later = NOW + timedelta(days=30)
    sample.ready(later)
    assert len(collect.checks(owner)) == 2


@pytest.mark.django_db
def test_a_sample_older_than_a_week_is_made_anew_up_to_yesterday():
    owner = sample.ready(NOW)
    later = NOW + timedelta(days=30)
    sample.ready(later)
    newest = Day.objects.of(owner).latest("day").day
    assert later.date() - newest < timedelta(days=4)
    assert Twitch.objects.of(owner).earliest("day").day > SUNDAY - timedelta(days=160)


@pytest.mark.django_db
def test_the_analysis_finds_what_was_planted_and_nothing_else():
    owner = sample.ready(NOW)
    compute.recompute(owner.pk, NOW)
    last = WeekSummary.objects.of(owner).for_week(Week.of(SUNDAY)).get()
    found = {finding.factor: finding for finding in last.report.findings}
    assert set(found) == {*FACTORS, *(further.key for further in sample.FURTHER)}
    shown = {Level.WEAK, Level.MODERATE, Level.STRONG}
    assert {factor for factor in found if found[factor].level in shown} == set(sample.PLANTED)
    for factor, ratio in sample.PLANTED.items():
        estimate = found[factor].estimate
        assert (estimate.ratio > 1) == (ratio > 1)
        assert estimate.low <= ratio <= estimate.high
        assert found[factor].lag == 0
