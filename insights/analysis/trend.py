"""Whether the last three weeks had more or fewer notes than the three before."""

from dataclasses import replace

import numpy as np

from .association import without_slips
from .design import nuisance
from .evidence import WEAK, as_normal, p_of_largest
from .gates import NOTE_DAYS_NEEDED, NOTES_NEEDED
from .outcomes import Calendar, Floats
from .regression import Averaged, without_factors
from .results import Trend

HALF_DAYS = 21
KEPT_NEEDED_IN_A_HALF = 12


def trend(counts: Floats, calendar: Calendar) -> Trend:
    """Compare the two halves of six weeks (42 days, NaN = not known), as a factor is compared.

    The level before and after is the factor, days of the week are taken out, and the days' own
    stickiness is allowed for: a run of bad days is not a rise.
    """
    usable = np.isfinite(counts)
    if counts.size < 2 * HALF_DAYS:
        return Trend.TOO_EARLY
    if min(usable[:HALF_DAYS].sum(), usable[-HALF_DAYS:].sum()) < KEPT_NEEDED_IN_A_HALF:
        return Trend.TOO_EARLY
    if (counts[usable] > 0).sum() < NOTE_DAYS_NEEDED or counts[usable].sum() < NOTES_NEEDED:
        return Trend.STEADY
    known = nuisance(calendar)
    drift = slice(1, 1 + known.waves)
    known = replace(
        known,
        columns=np.delete(known.columns, drift, axis=1),
        precision=np.delete(known.precision, drift),
        waves=0,
    )
    later = (np.arange(counts.size) >= counts.size - HALF_DAYS).astype(float)
    later = (later - later[usable].mean()) / later[usable].std()
    work = without_factors(without_slips(counts), known)
    fit = Averaged(
        np.concatenate([later[:, None], known.columns], axis=1), 1, known.precision, work
    )
    mean, spread, _ = fit.one_at_a_time([0])
    z = float(as_normal(mean / spread, fit.df)[0])
    if p_of_largest(z, 0.0, 1) > WEAK:
        return Trend.STEADY
    return Trend.MORE if mean[0] > 0 else Trend.FEWER
