"""Whether the last three weeks had more or fewer notes than the three before."""

import numpy as np

from .association import without_slips
from .design import nuisance, without_drift
from .evidence import TEST_ALLOWANCE, WEAK, as_normal, p_of_best
from .gates import NOTE_DAYS_NEEDED, NOTES_NEEDED
from .outcomes import Calendar, Floats
from .regression import rate_of, reduced, seen_from
from .results import Trend
from .selection import estimates

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
    known = without_drift(nuisance(calendar))
    later = (np.arange(counts.size) >= counts.size - HALF_DAYS).astype(float)
    later = (later - later[usable].mean()) / later[usable].std()
    counts = without_slips(counts)
    work = seen_from(counts, rate_of(counts, known))
    found = estimates(reduced(later[:, None], known, work), np.zeros(1, dtype=np.int64), False)
    z = float(as_normal(found.mean / np.sqrt(found.variance), found.df)[0])
    if p_of_best(z / TEST_ALLOWANCE, 1) > WEAK:
        return Trend.STEADY
    return Trend.MORE if found.mean[0] > 0 else Trend.FEWER
