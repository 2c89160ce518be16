"""Every factor beside an outcome, with the evidence for it: the whole method in one place.

1. Gates: is there enough?
2. Columns: each factor at its declared lags, slow drift, days of the week.
3. Two tests that must agree: one seen from the fit without factors, so that no factor can flatter
   its own standard error; one at the fit with factors, so that a strong factor cannot leak into
   those that move with it.
4. One p per factor: the better of its lags, paid for by having looked at all of them.
5. Levels over the family of factors, and ranges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .design import impute, lagged, nuisance, standardised
from .evidence import as_normal, levels, p_of_largest, share_outside, t_quantile
from .gates import is_capped, refuse_counts, refuse_factor, refuse_lengths
from .outcomes import Bools, Calendar, Exposure, Floats, Lengths
from .regression import (
    MODELS,
    Averaged,
    Working,
    lengths_without_factors,
    with_factors,
    without_factors,
)
from .results import Estimate, Level, Refusal

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
    matrix = np.concatenate([np.array([c.values for c in columns]).T, known.columns], axis=1)
    start = without_factors(counts, known)
    scored = Averaged(matrix, len(columns), known.precision, start)
    refitted = with_factors(counts, matrix, len(columns), known.precision, scored, start.tau2)
    capped = is_capped(int(usable.sum()), int((~calendar.resting).sum()))
    before = _reversed(columns, matrix, known.precision, start, scored) if reverse else {}
    links = _judged(columns, (scored, refitted), 1.0, capped, families, before)
    return tuple(refusals.get(e.key) or links[e.key] for e in exposures)


def _reversed(
    columns: Sequence[_Column],
    matrix: Floats,
    nuisance_precision: Floats,
    work: Working,
    scored: Averaged,
) -> dict[str, Effect]:
    """Notes beside the factors of the day after, with everything else in the fit as it was.

    A link here says that twitchy days come before days with more of the factor, which the factor
    cannot have brought about.
    """
    compared = {column.exposure.key: column.exposure for column in columns}
    led = [standardised(impute(e.values), -1, work.usable) for e in compared.values()]
    matter = scored.weights > 0.01
    fit = Averaged(
        np.concatenate([np.array([values for values, _ in led]).T, matrix], axis=1),
        len(led) + len(columns),
        nuisance_precision,
        work,
        [model for model, matters in zip(MODELS, matter, strict=True) if matters],
        scored.weights[matter] / scored.weights[matter].sum(),
    )
    found = {}
    for index, (exposure, (_, spread)) in enumerate(zip(compared.values(), led, strict=True)):
        mean, error, _ = fit.one_at_a_time([index])
        per_unit = exposure.unit / spread
        found[exposure.key] = Effect(float(mean[0] * per_unit), float(error[0] * per_unit), fit.df)
    return found


def associate_lengths(
    lengths: Lengths, note_days: int, calendar: Calendar, exposures: Sequence[Exposure]
) -> tuple[Link | Refused, ...]:
    """The same for how long twitches last: ratios of the typical length, not of the number."""
    usable = np.isfinite(lengths.mean_log)
    refusal = refuse_lengths(lengths.mean_log, note_days)
    if refusal:
        return tuple(_refused(exposure, int(usable.sum()), refusal) for exposure in exposures)
    columns, refusals = _columns(exposures, usable)
    if not columns:
        return tuple(refusals[exposure.key] for exposure in exposures)
    known = nuisance(calendar)
    matrix = np.concatenate([np.array([c.values for c in columns]).T, known.columns], axis=1)
    work, size = lengths_without_factors(lengths, known)
    fit = Averaged(matrix, len(columns), known.precision, work)
    links = _judged(columns, (fit,), size, is_capped(int(usable.sum()), note_days), 1, {})
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


def _judged(
    columns: Sequence[_Column],
    fits: Sequence[Averaged],
    size: float,
    capped: bool,
    families: int,
    reverse: Mapping[str, Effect],
) -> dict[str, Link]:
    """Links of the factors by key; `size` turns the fits' log ratios into natural ones.

    Tests come from all fits and the least convinced decides; effects come from the last.
    """
    of_factor: dict[str, list[int]] = {}
    for index, column in enumerate(columns):
        of_factor.setdefault(column.exposure.key, []).append(index)
    tested = [_tested(cells, fits) for cells in of_factor.values()]
    p = np.array([test[0] for test in tested])
    of_levels = levels(p, capped, families)
    flagged = sum(level is not Level.NONE for level in of_levels)
    links = {}
    for (key, cells), (own_p, z), level in zip(of_factor.items(), tested, of_levels, strict=True):
        shown = int(np.argmax(z))
        outside = share_outside(level is not Level.NONE, flagged, len(tested) * families)
        made = tuple(
            _cell(columns[index], *effects, fits[-1].df, size, outside if i == shown else 0.05)
            for i, (index, effects) in enumerate(zip(cells, _effects(cells, fits[-1]), strict=True))
        )
        effect = made[shown].effect
        links[key] = Link(
            factor=key,
            unit=columns[cells[0]].exposure.unit,
            level=level,
            p=own_p,
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


def _tested(cells: Sequence[int], fits: Sequence[Averaged]) -> tuple[float, Floats]:
    """p of a factor, and the evidence of each of its lags, by the least convinced test."""
    found = []
    for fit in fits:
        mean, spread, correlation = fit.one_at_a_time(cells)
        z = as_normal(mean / spread, fit.df)
        found.append((p_of_largest(float(z.max()), correlation, len(cells)), z))
    return max(found, key=lambda test: test[0])


def _effects(cells: Sequence[int], fit: Averaged) -> list[tuple[float, float, float, float]]:
    """Per cell: mean and standard error beside the other lags, and alone."""
    mean, covariance = fit.together(cells)
    mean_alone, spread_alone, _ = fit.one_at_a_time(cells)
    return [
        (float(m), float(s), float(m1), float(s1))
        for m, s, m1, s1 in zip(
            mean, np.sqrt(np.diag(covariance)), mean_alone, spread_alone, strict=True
        )
    ]


def _cell(
    column: _Column,
    mean: float,
    error: float,
    mean_alone: float,
    error_alone: float,
    df: float,
    size: float,
    outside: float,
) -> Cell:
    per_unit = size * column.exposure.unit / column.spread
    return Cell(
        lag=column.lag,
        days_used=column.days_used,
        spread=column.spread,
        effect=Effect(mean * per_unit, error * per_unit, df),
        alone=Effect(mean_alone * per_unit, error_alone * per_unit, df),
        outside=outside,
    )
