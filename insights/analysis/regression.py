"""The regression: log-linear daily rates, drift and weekdays taken out under each model.

Quasi-likelihood: only the mean and the variance of a day are modelled. The mean is linearised,
which leaves a linear model for a working response whose covariance `noise` knows.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from .design import Nuisance
from .noise import NOISES, cross_products, extra_variance
from .outcomes import Bools, Floats, Lengths

LOG_RATE_BOUNDS = (-5.0, 7.0)
LARGEST_RESIDUAL = 30.0
LOWEST_MEAN = 0.02
FIRST_TAU2 = 0.5
# How far log rates may plausibly lie apart before the diary has spoken. Each pair of a drift and
# a weekday spread is one model; the diary weighs them.
DRIFT_SPREADS = (0.3, 1.5)
WEEKDAY_SPREADS = (0.05, 0.3)
WEEKEND_SPREAD = 0.6
WIDEST = (max(DRIFT_SPREADS), WEEKEND_SPREAD, max(WEEKDAY_SPREADS))


@dataclass(frozen=True, slots=True)
class Working:
    """A linearised outcome: response, counting variance and extra variance of each day."""

    response: Floats
    counting: Floats
    tau2: float
    usable: Bools


@dataclass(frozen=True, slots=True)
class Rate:
    """A fitted log rate: what drift and weekdays give, on top of a fixed part."""

    coefficients: Floats
    log_rate: Floats
    tau2: float


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is left of factors and response when drift and weekdays are taken out, per model."""

    products: Floats  # (models, cells + 1, cells + 1): cross-products, the response last
    log_weight: Floats  # (models,) the part of the log likelihood that knows no factor
    used_up: Floats  # (models,) parameters that drift and weekdays took
    days: int


def rate_of(
    counts: Floats,
    known: Nuisance,
    start: Rate | None = None,
    fixed: Floats | None = None,
    used_up: float = 0.0,
    steps: int = 6,
) -> Rate:
    """Fit drift and weekdays to the counts, beside a fixed part of the log rate.

    `used_up` are the parameters that the fixed part took. Iteratively reweighted least squares,
    the extra variance by moments after each step.
    """
    usable = np.isfinite(counts)
    columns, prior = known.columns, np.diag(known.precision(*WIDEST))
    given = np.zeros(counts.size) if fixed is None else fixed
    if start is None:
        b = np.zeros(columns.shape[1])
        b[0] = np.log(max(float(counts[usable].mean()), LOWEST_MEAN))
        start = Rate(b, given + columns @ b, FIRST_TAU2)
    b, tau2 = start.coefficients, start.tau2
    log_rate = (given + columns @ b).clip(*LOG_RATE_BOUNDS)
    for _ in range(steps):
        mu = np.exp(log_rate)
        weight = np.where(usable, 1 / (1 / mu + tau2), 0.0)
        gram = columns.T @ (weight[:, None] * columns)
        inverse = np.linalg.inv(gram + prior)
        target = log_rate - given + _residual(counts, mu, usable)
        b = inverse @ (columns.T @ (weight * target))
        log_rate = (given + columns @ b).clip(*LOG_RATE_BOUNDS)
        mu = np.exp(log_rate)
        paid = float((inverse * gram).sum()) + used_up
        tau2 = extra_variance(_residual(counts, mu, usable), 1 / mu, usable, paid, tau2)
    return Rate(b, log_rate, tau2)


def _residual(counts: Floats, mu: Floats, usable: Bools) -> Floats:
    """Relative residuals, 0 on days that do not tell."""
    relative = (np.where(usable, counts, 0.0) - mu) / mu
    return np.where(usable, np.minimum(relative, LARGEST_RESIDUAL), 0.0)


def seen_from(counts: Floats, rate: Rate) -> Working:
    """Counts linearised at a rate: the response is the log rate plus the relative residual."""
    usable = np.isfinite(counts)
    mu = np.exp(rate.log_rate)
    return Working(rate.log_rate + _residual(counts, mu, usable), 1 / mu, rate.tau2, usable)


def lengths_seen(lengths: Lengths, known: Nuisance) -> tuple[Working, float]:
    """Mean log durations as a working response, standardised; and the size of that standard.

    Counting variance here is the variance between notes of one day over their number.
    """
    usable = np.isfinite(lengths.mean_log)
    middle = float(lengths.mean_log[usable].mean())
    size = max(float(lengths.mean_log[usable].std()), 1e-9)
    response = np.where(usable, (lengths.mean_log - middle) / size, 0.0)
    counting = lengths.within / size**2 / np.maximum(lengths.notes, 1.0)
    columns, prior = known.columns, np.diag(known.precision(*WIDEST))
    tau2 = FIRST_TAU2
    for _ in range(3):
        weight = np.where(usable, 1 / (counting + tau2), 0.0)
        gram = columns.T @ (weight[:, None] * columns)
        inverse = np.linalg.inv(gram + prior)
        b = inverse @ (columns.T @ (weight * response))
        residual = np.where(usable, response - columns @ b, 0.0)
        tau2 = extra_variance(residual, counting, usable, float((inverse * gram).sum()), tau2)
    return Working(response, counting, tau2, usable), size


def reduced(cells: Floats, known: Nuisance, work: Working) -> Reduced:
    """Take drift and weekdays out of the cells (days, cells) and the response under each model."""
    size = cells.shape[1] + 1
    bordered = np.concatenate([cells, work.response[:, None], known.columns], axis=1)
    crossed = [
        cross_products(np.asfortranarray(bordered), work.counting, work.tau2, noise, work.usable)
        for noise in NOISES
    ]
    products = np.array([found for found, _ in crossed])[:, None]
    log_v = np.array([log_det for _, log_det in crossed])[:, None]
    precision = np.array(
        [
            known.precision(drift, WEEKEND_SPREAD, weekday)
            for drift, weekday in product(DRIFT_SPREADS, WEEKDAY_SPREADS)
        ]
    )
    own, mixed = products[..., size:, size:], products[..., size:, :size]
    inverse = np.linalg.inv(own + precision[:, None, :] * np.eye(precision.shape[1]))
    log_h = -np.linalg.slogdet(inverse)[1]
    left = products[..., :size, :size] - np.swapaxes(mixed, -1, -2) @ (inverse @ mixed)
    return Reduced(
        products=left.reshape(-1, size, size),
        log_weight=(-0.5 * (log_v + log_h - np.log(precision).sum(1))).ravel(),
        used_up=(inverse * own).sum((-1, -2)).ravel(),
        days=int(work.usable.sum()),
    )
