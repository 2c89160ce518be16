"""An experiment: its two kinds of day beside each other, as far as so few days can tell."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from diary.plan import Plan
from insights.analysis.experiment import outcome_of
from insights.analysis.results import Gate, Level
from insights.analysis.series import DayStatus, DiarySeries, Trial
from tests import experiments
from tests.insights.analysis.diaries import diary


def ended(counts, part_days=3, change_first=True):
    """A diary whose last days are an experiment, and its trial."""
    series = diary(counts, {})
    first = series.days[-1].day - timedelta(days=4 * part_days - 1)
    days = Plan(first, part_days, change_first).days()
    return series, Trial({day.day: day.changed if day.counts else None for day in days})


def usual(days=90, seed=3, rate=3.0):
    return np.random.default_rng(seed).poisson(rate, days).astype(float)


def test_the_days_of_each_kind_are_those_that_count():
    # change 9 1 2, usual 9 4 5, usual 9 6 7, change 9 2 3; the first day of each part is left out
    counts = np.concatenate([usual(), [9, 1, 2, 9, 4, 5, 9, 6, 7, 9, 2, 3]])
    found = outcome_of(*ended(counts))
    assert found.split.higher.counts == (1, 2, 2, 3)
    assert found.split.other.counts == (4, 5, 6, 7)
    assert found.estimate.ratio < 1


def test_what_happened_on_days_that_are_left_out_does_not_matter():
    counts = np.concatenate([usual(), [9, 1, 2, 9, 4, 5, 9, 6, 7, 9, 2, 3]])
    other = counts.copy()
    other[[-12, -9, -6, -3]] = [0, 1, np.nan, 4]
    assert outcome_of(*ended(counts)) == outcome_of(*ended(other))


def test_days_after_the_experiment_do_not_matter():
    series, trial = ended(np.concatenate([usual(), [3.0] * 12]))
    longer = diary(np.concatenate([usual(), [3.0] * 12, [9.0] * 20]), {})
    assert outcome_of(series, trial) == outcome_of(longer, trial)


def test_the_reverse_order_of_the_same_days_says_the_reverse():
    counts = np.concatenate([usual(), [9, 1, 2, 9, 4, 5, 9, 6, 7, 9, 2, 3]])
    one, other = outcome_of(*ended(counts)), outcome_of(*ended(counts, change_first=False))
    assert one.estimate.ratio == pytest.approx(1 / other.estimate.ratio, rel=0.05)
    assert one.level is other.level


def test_a_level_of_all_its_days_together_is_no_difference_between_them():
    once = np.concatenate([usual(), [3, 2, 4, 3, 3, 3, 3, 2, 4, 3, 3, 3]])
    twice = np.concatenate([usual(), 3 * np.array([3, 2, 4, 3, 3, 3, 3, 2, 4, 3, 3, 3])])
    for counts in (once, twice):
        found = outcome_of(*ended(counts))
        assert found.level is Level.NONE
        assert found.estimate.ratio == pytest.approx(1, abs=0.25)


def test_without_a_hint_both_directions_are_among_the_twenty_answers():
    found = outcome_of(*ended(usual(120)))
    more = sum(answer > 0 for answer in found.difference.quantiles)
    assert found.level is Level.NONE
    assert 4 <= more <= 16


@pytest.mark.parametrize(
    ("counts", "gate"),
    [
        (np.full(12, 2.0), Gate.FEW_DAYS),
        (np.concatenate([usual(20), [1, 2] * 6]), Gate.FEW_DAYS),
        (np.concatenate([usual(), [3.0] * 3, [np.nan] * 9]), Gate.FEW_TRIED_DAYS),
        (np.concatenate([usual(), [0.0] * 12]), Gate.ALL_ALIKE),
        (np.concatenate([np.zeros(80), [1, 0, 2] * 4]), Gate.FEW_NOTE_DAYS),
    ],
)
def test_too_little_is_an_answer_of_its_own(counts, gate):
    found = outcome_of(*ended(counts))
    assert found.level is Level.INSUFFICIENT
    assert found.refusal.gate is gate
    assert (found.estimate, found.difference, found.p) == (None, None, None)


def test_an_empty_diary_is_too_little():
    _, trial = ended(usual())
    assert outcome_of(DiarySeries((), ()), trial).refusal.gate is Gate.FEW_TRIED_DAYS


def test_a_break_in_it_leaves_its_days_out():
    series, trial = ended(np.concatenate([usual(), [3.0] * 12]))
    rest = [
        replace(day, status=DayStatus.BREAK, notes=(), counted=False) if n >= 96 else day
        for n, day in enumerate(series.days)
    ]
    found = outcome_of(replace(series, days=tuple(rest)), trial)
    assert (found.split.higher.days, found.split.other.days) == (2, 2)


def test_the_same_diary_gives_the_same_answer_to_the_last_digit():
    counts = np.concatenate([usual(), [9, 1, 2, 9, 4, 5, 9, 6, 7, 9, 2, 3]])
    assert outcome_of(*ended(counts)) == outcome_of(*ended(counts))


def test_hints_where_the_change_does_nothing_are_about_one_in_twenty():
    # A small run of `python -m tests.experiments`; docs/statistics.md has the long one.
    compared, flagged, _right, _steadier, covered = experiments.measured(150, 7, 120, 3)
    assert compared > 0.9
    assert flagged <= 0.1
    assert covered >= 0.9


def test_a_large_change_is_found_more_often_than_none_and_the_right_way():
    _, flagged, right, _, _ = experiments.measured(60, 7, 120, 3, 0.25, base=8.0)
    assert right >= 0.3
    assert flagged - right <= 0.02
