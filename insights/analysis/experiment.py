"""An experiment of a few days: those with the change beside those as usual, in one comparison.

The order was drawn, but there are only two orders, so shuffling them tells nothing. Instead the
person's own days of up to a year say how much days differ by themselves, by the same model of
daily rates as every comparison: slow drift, weekdays, counting, and good and bad days that last.
What is compared are only the days of the experiment with each other; how they differ as a whole
from the days before is taken out, for people who try something may note more carefully.
"""

from datetime import date, timedelta

import numpy as np

from .association import Effect, without_slips
from .design import Nuisance, nuisance
from .evidence import TEST_ALLOWANCE, as_normal, levels, p_of_best
from .gates import is_capped, refuse_counts, regular
from .outcomes import Floats, calendar_of, counts_of
from .pictures import difference, group
from .regression import rate_of, reduced, seen_from
from .results import Gate, Level, Refusal, Split, Tested
from .selection import estimates, plausible
from .series import WINDOW_DAYS, DiarySeries, Trial

EACH_NEEDED = 2  # days of each kind that were kept and count


def outcome_of(series: DiarySeries, trial: Trial) -> Tested:
    """Compare the two kinds of day of an experiment that is over."""
    first = trial.last - timedelta(days=WINDOW_DAYS - 1)
    window = tuple(regular([day for day in series.days if first <= day.day <= trial.last]))
    counts = counts_of(window)
    tried = np.array([_tried(trial, day.day) for day in window])
    during = np.array([float(day.day in trial.days) for day in window])
    counts = np.where((during > 0) & np.isnan(tried), np.nan, counts)
    split = _split(counts, tried)
    calendar = calendar_of(window, series.weekend)
    refusal = (refuse_counts(counts, calendar.resting) if window else None) or _refuse_tried(split)
    if refusal:
        return Tested(Level.INSUFFICIENT, refusal, split, None, None, None)
    counts = without_slips(counts)
    usual = nuisance(calendar)
    # The days of the experiment may lie higher or lower as a whole: one slow wave more.
    known = Nuisance(np.insert(usual.columns, 1, during, axis=1), usual.waves + 1)
    cells = np.nan_to_num(tried - 0.5)[:, None]
    factor_of = np.zeros(1, dtype=np.int64)
    plain = rate_of(counts, known)
    rough = estimates(reduced(cells, known, seen_from(counts, plain)), factor_of, False)
    present, expected = plausible(rough, factor_of)
    rate = rate_of(counts, known, plain, cells @ expected, float(present.sum()), steps=3)
    found = estimates(reduced(cells, known, seen_from(counts, rate)), factor_of, False, expected)
    effect = Effect(
        mean=float(found.mean[0]),
        spread=float(np.sqrt(found.variance[0])),
        df=float(found.df[0]),
    )
    z = as_normal(np.array([effect.mean / effect.spread]), effect.df)
    p = p_of_best(float(z[0]) / TEST_ALLOWANCE, 1)
    usable = int(np.isfinite(counts).sum())
    (level,) = levels(np.array([p]), is_capped(usable, int((~calendar.resting).sum())))
    picture = difference(effect, 1.0, level, counts, tried, split)
    return Tested(level, None, split, effect.estimate(), picture, p)


def _tried(trial: Trial, day: date) -> float:
    kind = trial.days.get(day)
    return np.nan if kind is None else float(kind)


def _split(counts: Floats, tried: Floats) -> Split:
    known = np.isfinite(counts)
    return Split(0.5, group(counts[known & (tried > 0.5)]), group(counts[known & (tried < 0.5)]))


def _refuse_tried(split: Split) -> Refusal | None:
    fewest = min(split.higher.days, split.other.days)
    if fewest < EACH_NEEDED:
        return Refusal(Gate.FEW_TRIED_DAYS, fewest, EACH_NEEDED)
    if not any((*split.higher.counts, *split.other.counts)):
        return Refusal(Gate.ALL_ALIKE, 1, 2)
    return None
