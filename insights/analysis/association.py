"""Every factor beside an outcome, with the evidence for it: the whole method in one place.

1. Gates: is there enough?
2. Columns: each factor at its declared lags; slow drift and days of the week are taken out.
3. Each factor is judged with the others in doubt: averaged over models of the noise, and over
   which other factors matter (`selection`).
4. Once more at the rate that the first round let expect, so that a strong factor neither blurs
   the noise nor leaks into those that move with it.
5. One p per factor: the better of its lags, paid for by having looked at all of them.
6. Levels over the family of factors, and ranges.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .design import impute, lagged, nuisance, standardised
from .evidence import TEST_ALLOWANCE, as_normal, levels, p_of_best, share_outside, t_quantile
from .gates import is_capped, refuse_counts, refuse_factor, refuse_lengths
from .outcomes import Bools, Calendar, Exposure, Floats, Ints, Lengths
from .regression import Working, lengths_seen, rate_of, reduced, seen_from
from .results import Estimate, Level, Refusal
from .selection import Estimates, estimates, plausible

MOST_NOTES = 10.0  # a day counts as at most this many notes,
MOST_TIMES_A_BUSY_DAY = 5.0  # or this many times the 90th-percentile day: a slip must not decide
LARGEST_LOG = 20.0  # beyond this a ratio is not a number anybody reads


@dataclass(frozen=True, slots=True)
class Effect:
    """A log rate ratio for one unit more, as far as it is known: a t distribution."""

    mean: float
    spread: float
    df: float

    def at(self, share: float) -> float:
        """The log ratio that the truth stays below with this probability."""
        return self.mean + self.spread * t_quantile(self.df, share)

    def estimate(self, outside: float = 0.05) -> Estimate:
        """The ratio, and the range that leaves out this share."""
        low, middle, high = np.exp(
            np.clip(
                [self.at(outside / 2), self.mean, self.at(1 - outside / 2)],
                -LARGEST_LOG,
                LARGEST_LOG,
            )
        )
        return Estimate(float(middle), float(low), float(high))


@dataclass(frozen=True, slots=True)
class Cell:
    """A factor at one lag."""

    lag: int
    days_used: int
    spread: float  # standard deviation of the factor over the days compared, in its own unit
    effect: Effect  # the other lags of the factor held fixed
    alone: Effect  # as if it were the factor's only lag
    outside: float  # share of such ranges that may miss the truth


@dataclass(frozen=True, slots=True)
class Link:
    """What is known about one factor; `shown` is the cell with the most to say."""

    factor: str
    unit: float
    level: Level
    p: float
    capped: bool
    lag_clear: bool
    cells: tuple[Cell, ...]
    shown: int
    reverse: Effect | None  # notes beside the factor of the day after them

    @property
    def cell(self) -> Cell:
        """The cell that is shown."""
        return self.cells[self.shown]


@dataclass(frozen=True, slots=True)
class Refused:
    """A factor that cannot be compared yet."""

    factor: str
    unit: float
    lag: int
    days_used: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class _Column:
    """A cell before the fit."""

    exposure: Exposure
    lag: int
    days_used: int
    spread: float
    values: Floats  # standardised, nothing missing


def associate(
    counts: Floats,
    calendar: Calendar,
    exposures: Sequence[Exposure],
    *,
    families: int = 1,
    reverse: bool = False,
) -> tuple[Link | Refused, ...]:
    """Compare every factor with notes a day (NaN = not known); one answer a factor, in order.

    Where several `families` of comparisons stand side by side, they share the error rates. With
    `reverse`, each link also says whether notes come before the factor.
    """
    usable = np.isfinite(counts)
    refusal = refuse_counts(counts, calendar.resting)
    if refusal:
        return tuple(_refused(exposure, int(usable.sum()), refusal) for exposure in exposures)
    columns, refusals = _columns(exposures, usable)
    if not columns:
        return tuple(refusals[exposure.key] for exposure in exposures)
    counts = without_slips(counts)
    known = nuisance(calendar)
    factor_of = _factor_of(columns)
    cells = np.array([column.values for column in columns]).T
    plain = rate_of(counts, known)
    work = seen_from(counts, plain)
    first = estimates(reduced(cells, known, work), factor_of, beside_lags=False)
    present, expected = plausible(first, factor_of)
    rate = rate_of(counts, known, plain, cells @ expected, float(present.sum()), steps=3)
    left = reduced(cells, known, seen_from(counts, rate))
    alone = estimates(left, factor_of, beside_lags=False, expected=expected)
    beside = _beside(alone, factor_of, lambda: estimates(left, factor_of, True, expected))
    links = _judged(
        columns,
        (alone, beside),
        1.0,
        is_capped(int(usable.sum()), int((~calendar.resting).sum())),
        families,
        _reversed(columns, cells, calendar, work) if reverse else {},
    )
    return tuple(refusals.get(e.key) or links[e.key] for e in exposures)


def associate_lengths(
    lengths: Lengths, note_days: int, calendar: Calendar, exposures: Sequence[Exposure]
) -> tuple[Link | Refused, ...]:
    """The same for how long twitches last: ratios of the typical length, not of the number.

    Log durations are linear in the factors, so one round is enough.
    """
    usable = np.isfinite(lengths.mean_log)
    refusal = refuse_lengths(lengths.mean_log, note_days)
    if refusal:
        return tuple(_refused(exposure, int(usable.sum()), refusal) for exposure in exposures)
    columns, refusals = _columns(exposures, usable)
    if not columns:
        return tuple(refusals[exposure.key] for exposure in exposures)
    known = nuisance(calendar)
    factor_of = _factor_of(columns)
    work, size = lengths_seen(lengths, known)
    left = reduced(np.array([column.values for column in columns]).T, known, work)
    alone = estimates(left, factor_of, beside_lags=False)
    beside = _beside(alone, factor_of, lambda: estimates(left, factor_of, True))
    capped = is_capped(int(usable.sum()), note_days)
    links = _judged(columns, (alone, beside), size, capped, 1, {})
    return tuple(refusals.get(e.key) or links[e.key] for e in exposures)


def without_slips(counts: Floats) -> Floats:
    """Counts with an absurd day cut down to a busy one."""
    busy = float(np.quantile(counts[np.isfinite(counts)], 0.9))
    return np.minimum(counts, max(MOST_NOTES, MOST_TIMES_A_BUSY_DAY * busy))


def _refused(exposure: Exposure, days_used: int, refusal: Refusal) -> Refused:
    return Refused(exposure.key, exposure.unit, exposure.lags[0], days_used, refusal)


def _columns(
    exposures: Sequence[Exposure], usable: Bools
) -> tuple[list[_Column], dict[str, Refused]]:
    """The cells that can be compared, and the factors of which none can."""
    columns: list[_Column] = []
    refusals: dict[str, Refused] = {}
    for exposure in exposures:
        filled = impute(exposure.values)
        made = []
        for lag in exposure.lags:
            days, refusal = refuse_factor(lagged(exposure.values, lag), usable)
            if refusal:
                refusals.setdefault(exposure.key, _refused(exposure, days, refusal))
            else:
                values, spread = standardised(filled, lag, usable)
                made.append(_Column(exposure, lag, days, spread, values))
        if made:
            refusals.pop(exposure.key, None)
        columns += made
    return columns, refusals


def _factor_of(columns: Sequence[_Column]) -> Ints:
    """The number of each cell's factor."""
    keys = list(dict.fromkeys(column.exposure.key for column in columns))
    return np.array([keys.index(column.exposure.key) for column in columns], dtype=np.int64)


def _beside(alone: Estimates, factor_of: Ints, held_fixed: Callable[[], Estimates]) -> Estimates:
    """Effects beside the factor's other lags; the same as alone where no factor has any."""
    return alone if np.unique(factor_of).size == factor_of.size else held_fixed()


def _reversed(
    columns: Sequence[_Column], cells: Floats, calendar: Calendar, work: Working
) -> dict[str, Effect]:
    """Notes beside the factors of the day after, with the factors of the days before held fixed.

    A link here says that twitchy days come before days with more of the factor, which the factor
    cannot have brought about.
    """
    factor_of = _factor_of(columns)
    compared = {column.exposure.key: column.exposure for column in columns}
    after = [standardised(impute(e.values), -1, work.usable) for e in compared.values()]
    both = np.concatenate([np.array([values for values, _ in after]).T, cells], axis=1)
    left = reduced(both, nuisance(calendar), work)
    found = estimates(left, np.append(np.arange(len(after)), factor_of), beside_lags=True)
    return {
        key: _effect(found, index, exposure.unit / spread)
        for index, ((key, exposure), (_, spread)) in enumerate(
            zip(compared.items(), after, strict=True)
        )
    }


def _judged(
    columns: Sequence[_Column],
    found: tuple[Estimates, Estimates],
    size: float,
    capped: bool,
    families: int,
    reverse: Mapping[str, Effect],
) -> dict[str, Link]:
    """Links of the factors by key; `size` turns the fit's log ratios into natural ones."""
    alone, beside = found
    z = as_normal(alone.mean / np.sqrt(alone.variance), alone.df) / TEST_ALLOWANCE
    of_factor: dict[str, list[int]] = {}
    for index, column in enumerate(columns):
        of_factor.setdefault(column.exposure.key, []).append(index)
    p = np.array([p_of_best(float(z[cells].max()), len(cells)) for cells in of_factor.values()])
    of_levels = levels(p, capped, families)
    flagged = sum(level is not Level.NONE for level in of_levels)
    links = {}
    for (key, cells), own_p, level in zip(of_factor.items(), p, of_levels, strict=True):
        shown = int(np.argmax(z[cells]))
        outside = share_outside(level is not Level.NONE, flagged, p.size * families)
        made = tuple(
            _cell(columns[i], alone, beside, i, size, outside if i == cells[shown] else 0.05)
            for i in cells
        )
        effect = made[shown].effect
        links[key] = Link(
            factor=key,
            unit=columns[cells[0]].exposure.unit,
            level=level,
            p=float(own_p),
            capped=capped,
            lag_clear=level is Level.NONE
            or len(cells) == 1
            or effect.at(0.025) > 0
            or effect.at(0.975) < 0,
            cells=made,
            shown=shown,
            reverse=reverse.get(key),
        )
    return links


def _cell(
    column: _Column,
    alone: Estimates,
    beside: Estimates,
    index: int,
    size: float,
    outside: float,
) -> Cell:
    per_unit = size * column.exposure.unit / column.spread
    return Cell(
        lag=column.lag,
        days_used=column.days_used,
        spread=column.spread,
        effect=_effect(beside, index, per_unit),
        alone=_effect(alone, index, per_unit),
        outside=outside,
    )


def _effect(found: Estimates, index: int, per_unit: float) -> Effect:
    return Effect(
        mean=float(found.mean[index] * per_unit),
        spread=float(np.sqrt(found.variance[index]) * per_unit),
        df=float(found.df[index]),
    )
