"""When there is enough to compare, and what is missing otherwise.

Below these numbers even an analyst who knew everything about the noise would find a factor that
makes twitching half as frequent again in about one diary of seven, so nothing is said at all.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np

from .outcomes import Bools, Floats
from .results import Gate, Refusal
from .series import DayRecord, DayStatus

KEPT_NEEDED = 42
SHARE_NEEDED = 0.5  # of the days of the window that were no break
SHARE_FOR_MORE_THAN_A_HINT = 0.7
LONG_BLANK_DAYS = 60  # after so many on end, a diary may be looked at as begun anew
NOTE_DAYS_NEEDED = 10
NOTES_NEEDED = 20
FACTOR_DAYS_NEEDED = 28
OTHER_VALUE_DAYS_NEEDED = 7  # days on which a factor differs from its most frequent value
DURATION_SHARE_NEEDED = 0.5  # of the days with a note


def regular(window: Sequence[DayRecord]) -> Sequence[DayRecord]:
    """The window, or its part after a long blank, where only that part is kept regularly.

    Some old notes that came with a file would else stand for a year that was hardly kept. Looks
    at which days were kept alone, never at what stands in them, and at the longest part first.
    """
    starts, blank = [0], 0
    for number, day in enumerate(window):
        if day.counted and blank >= LONG_BLANK_DAYS:
            starts.append(number)
        blank = 0 if day.counted else blank + (day.status == DayStatus.BLANK)
    return next((window[start:] for start in starts if _is_kept(window[start:])), window)


def _is_kept(window: Sequence[DayRecord]) -> bool:
    kept = sum(day.counted for day in window)
    asked = sum(day.status != DayStatus.BREAK for day in window)
    return kept >= max(KEPT_NEEDED, SHARE_NEEDED * asked)


def refuse_counts(counts: Floats, resting: Bools) -> Refusal | None:
    """Why no factor of this diary can be compared with its counts, or None."""
    kept = counts[np.isfinite(counts)]
    asked = int((~resting).sum())
    if kept.size < KEPT_NEEDED:
        return Refusal(Gate.FEW_DAYS, kept.size, KEPT_NEEDED)
    if kept.size < SHARE_NEEDED * asked:
        return Refusal(Gate.FEW_KEPT, kept.size, ceil(SHARE_NEEDED * asked))
    note_days = int((kept > 0).sum())
    if note_days < NOTE_DAYS_NEEDED:
        return Refusal(Gate.FEW_NOTE_DAYS, note_days, NOTE_DAYS_NEEDED)
    if kept.sum() < NOTES_NEEDED:
        return Refusal(Gate.FEW_NOTES, int(kept.sum()), NOTES_NEEDED)
    if kept.min() == kept.max():
        return Refusal(Gate.ALL_ALIKE, 1, 2)
    return None


def refuse_lengths(means: Floats, note_days: int) -> Refusal | None:
    """Why no factor can be compared with how long twitches last, or None."""
    known = means[np.isfinite(means)]
    if known.size < KEPT_NEEDED:
        return Refusal(Gate.FEW_DAYS, known.size, KEPT_NEEDED)
    if known.size < DURATION_SHARE_NEEDED * note_days:
        return Refusal(Gate.FEW_KEPT, known.size, ceil(DURATION_SHARE_NEEDED * note_days))
    if known.min() == known.max():
        return Refusal(Gate.ALL_ALIKE, 1, 2)
    return None


def refuse_factor(values: Floats, usable: Bools) -> tuple[int, Refusal | None]:
    """How many days a factor can be compared on, and why that is not enough, or None.

    `values` are already shifted by the lag; `usable` are the days whose outcome is known.
    """
    known = values[usable & np.isfinite(values)]
    if known.size < FACTOR_DAYS_NEEDED:
        return known.size, Refusal(Gate.FEW_FACTOR_DAYS, known.size, FACTOR_DAYS_NEEDED)
    usual = int(np.unique(known, return_counts=True)[1].max())
    if known.size - usual < OTHER_VALUE_DAYS_NEEDED:
        return known.size, Refusal(Gate.HARDLY_VARIES, known.size - usual, OTHER_VALUE_DAYS_NEEDED)
    return known.size, None


def is_capped(known: int, asked: int) -> bool:
    """Whether so many days are blank that no more than a hint can be said."""
    return known < SHARE_FOR_MORE_THAN_A_HINT * asked
