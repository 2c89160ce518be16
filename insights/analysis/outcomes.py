"""What is compared, as arrays: one value a day, NaN where the day does not tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .series import DayRecord, Factor

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Exposure:
    """A factor over consecutive days, in its own unit; NaN where it was not noted."""

    key: str
    unit: float
    lags: tuple[int, ...]
    values: Floats


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a comparison: consecutive, oldest first."""

    weekday: Ints  # 0 = Monday
    weekend: tuple[int, ...]
    resting: Bools  # on a break: not even asked for


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long the twitches of each day lasted."""

    mean_log: Floats  # mean of log(seconds) over the notes with a known duration; NaN without one
    notes: Floats  # how many those are
    within: float  # variance of log(seconds) between notes of the same day


def calendar_of(days: Sequence[DayRecord], weekend: tuple[int, ...]) -> Calendar:
    """Weekdays and breaks of the days."""
    return Calendar(
        weekday=np.array([day.day.weekday() for day in days], dtype=np.int64),
        weekend=weekend,
        resting=np.array([day.status == "break" for day in days], dtype=np.bool_),
    )


def exposures_of(days: Sequence[DayRecord], factors: Sequence[Factor]) -> tuple[Exposure, ...]:
    """Each factor's values on the days."""
    return tuple(
        Exposure(
            factor.key,
            factor.unit,
            factor.lags,
            np.array([day.factors.get(factor.key, np.nan) for day in days], dtype=float),
        )
        for factor in factors
    )


def counts_of(days: Sequence[DayRecord], region: str | None = None) -> Floats:
    """Notes a day, of one region or of all; NaN on a day that does not count."""
    return np.array(
        [
            sum(region is None or note.region == region for note in day.notes)
            if day.counted
            else np.nan
            for day in days
        ],
        dtype=float,
    )


def lengths_of(days: Sequence[DayRecord]) -> Lengths:
    """Durations on the log scale, where a twofold length is the same step everywhere."""
    logs = [
        [
            np.log(note.seconds)
            for note in day.notes
            if note.seconds is not None and note.seconds > 0
        ]
        if day.counted
        else []
        for day in days
    ]
    means = np.array([np.mean(of_day) if of_day else np.nan for of_day in logs], dtype=float)
    notes = np.array([len(of_day) for of_day in logs], dtype=float)
    squares = sum(
        float(((np.array(of_day) - mean) ** 2).sum())
        for of_day, mean in zip(logs, means, strict=True)
        if of_day
    )
    spare = int((notes - 1).clip(0).sum())
    return Lengths(means, notes, squares / spare if spare else 0.0)
