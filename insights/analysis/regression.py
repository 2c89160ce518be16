"""The regression: log-linear daily rates, penalised, averaged over models of noise and size.

Quasi-likelihood: only the mean and the variance of a day are modelled. Each step linearises
the mean, which leaves a linear model for a working response whose covariance `noise` knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from .design import WEEKDAYS, Nuisance
from .noise import NOISES, Noise, cross_products, extra_variance
from .outcomes import Bools, Floats, Lengths

LOG_RATE_BOUNDS = (-5.0, 7.0)
LARGEST_RESIDUAL = 30.0
LOWEST_SCALE = 0.6
FACTOR_SPREADS = (0.15, 0.6)
WEEKDAY_SPREADS = (0.2, 0.6)


@dataclass(frozen=True, slots=True)
class Model:
    """One set of assumptions: the noise, and how large effects are expected to be."""

    noise: Noise
    factor_spread: float
    weekday_spread: float


MODELS = tuple(Model(*assumed) for assumed in product(NOISES, FACTOR_SPREADS, WEEKDAY_SPREADS))


@dataclass(frozen=True, slots=True)
class Working:
    """A linearised outcome: response, counting variance and extra variance of each day."""

    response: Floats
    counting: Floats
    tau2: float
    usable: Bools


def linearised(counts: Floats, log_rate: Floats, tau2: float) -> Working:
    """Counts seen from a log rate: the response is the log rate plus the relative residual."""
    usable = np.isfinite(counts)
    log_rate = log_rate.clip(*LOG_RATE_BOUNDS)
    mu = np.exp(log_rate)
    residual = np.where(
        usable, np.minimum((np.where(usable, counts, 0.0) - mu) / mu, LARGEST_RESIDUAL), 0.0
    )
    return Working(log_rate + residual, 1 / mu, tau2, usable)


def without_factors(counts: Floats, known: Nuisance, steps: int = 6) -> Working:
    """Fit drift and weekdays only, and see the counts from there."""
    usable = np.isfinite(counts)
    columns = known.columns
    b = np.zeros(columns.shape[1])
    b[0] = np.log(max(float(np.nanmean(counts)), 0.02))
    tau2 = 0.5
    for _ in range(steps):
        work = linearised(counts, columns @ b, tau2)
        weight = np.where(usable, 1 / (work.counting + tau2), 0.0)
        gram = columns.T @ (weight[:, None] * columns)
        inverse = np.linalg.inv(gram + np.diag(known.precision))
        b = inverse @ (columns.T @ (weight * work.response))
        seen = linearised(counts, columns @ b, tau2)
        tau2 = extra_variance(
            seen.response - (columns @ b).clip(*LOG_RATE_BOUNDS),
            seen.counting,
            usable,
            float((inverse * gram).sum()),
            tau2,
        )
    return linearised(counts, columns @ b, tau2)


def lengths_without_factors(lengths: Lengths, known: Nuisance) -> tuple[Working, float]:
    """The same for mean log durations, standardised; and the size of that standard.

    Counting variance here is the variance between notes of one day over their number.
    """
    usable = np.isfinite(lengths.mean_log)
    middle = float(lengths.mean_log[usable].mean())
    size = max(float(lengths.mean_log[usable].std()), 1e-9)
    response = np.where(usable, (lengths.mean_log - middle) / size, 0.0)
    counting = lengths.within / size**2 / np.maximum(lengths.notes, 1.0)
    columns = known.columns
    tau2 = 0.5
    for _ in range(3):
        weight = np.where(usable, 1 / (counting + tau2), 0.0)
        gram = columns.T @ (weight[:, None] * columns)
        inverse = np.linalg.inv(gram + np.diag(known.precision))
        b = inverse @ (columns.T @ (weight * response))
        residual = np.where(usable, response - columns @ b, 0.0)
        tau2 = extra_variance(residual, counting, usable, float((inverse * gram).sum()), tau2)
    return Working(response, counting, tau2, usable), size


class Averaged:
    """Penalised least squares of a working response under several models, and their average.

    `columns` are the factor cells first (`cells` of them) and then the nuisance columns.
    Attributes: `weights` of the models; `coefficients` of all columns, averaged; `df`, the days
    left over to judge the noise by.
    """

    def __init__(
        self,
        columns: Floats,
        cells: int,
        nuisance_precision: Floats,
        work: Working,
        models: Sequence[Model] = MODELS,
        weights: Floats | None = None,
    ) -> None:
        days, size = int(work.usable.sum()), columns.shape[1]
        bordered = np.asfortranarray(np.concatenate([columns, work.response[:, None]], axis=1))
        crossed = {
            noise: cross_products(bordered, work.counting, work.tau2, noise, work.usable)
            for noise in dict.fromkeys(model.noise for model in models)
        }
        products = np.array([crossed[model.noise][0] for model in models])
        log_v = np.array([crossed[model.noise][1] for model in models])
        self.precision = np.array(
            [
                np.concatenate(
                    [
                        np.full(cells, model.factor_spread**-2),
                        nuisance_precision[:-WEEKDAYS],
                        np.full(WEEKDAYS, model.weekday_spread**-2),
                    ]
                )
                for model in models
            ]
        )
        gram, right, square = products[:, :-1, :-1], products[:, :-1, -1], products[:, -1, -1]
        penalised = gram.copy()
        penalised[:, np.arange(size), np.arange(size)] += self.precision
        self.inverse = np.linalg.inv(penalised)
        self.each = np.matmul(self.inverse, right[:, :, None])[:, :, 0]
        left = np.maximum(square - (self.each * right).sum(1), 1e-9)
        used_up = (self.inverse * gram).sum((1, 2))
        if weights is None:
            log_weights = -0.5 * (
                log_v
                + np.linalg.slogdet(penalised)[1]
                - np.log(self.precision).sum(1)
                + (days - 3) * np.log(left)
            )
            weights = np.exp(log_weights - log_weights.max())
            weights /= weights.sum()
        self.weights = weights
        self.scale = np.maximum(left / np.maximum(days - used_up, 1.0), LOWEST_SCALE)
        self.df = max(days - float(weights @ used_up), 3.0)
        self.coefficients: Floats = weights @ self.each

    def _unshrunk(self, cells: Sequence[int]) -> tuple[Floats, Floats]:
        """Score and information of some cells per model, with their own prior taken away.

        A factor that is being judged must not be pulled to zero by its own prior; the others are.
        """
        index = np.asarray(cells)
        information = np.linalg.inv(self.inverse[:, index][:, :, index])
        score = np.matmul(information, self.each[:, index, None])[:, :, 0]
        diagonal = np.arange(index.size)
        information[:, diagonal, diagonal] = np.maximum(
            information[:, diagonal, diagonal] - self.precision[:, index], 1e-3
        )
        return score, information

    def one_at_a_time(self, cells: Sequence[int]) -> tuple[Floats, Floats, float]:
        """Estimate and standard error of each cell as its factor's only one; their correlation."""
        score, information = self._unshrunk(cells)
        own = np.diagonal(information, axis1=1, axis2=2)
        each = score / own
        mean = self.weights @ each
        variance = self.weights @ (self.scale[:, None] / own) + self.weights @ (each - mean) ** 2
        between = 0.0
        if len(cells) == 2:
            between = float(self.weights @ (information[:, 0, 1] / np.sqrt(own[:, 0] * own[:, 1])))
        return mean, np.sqrt(variance), between

    def together(self, cells: Sequence[int]) -> tuple[Floats, Floats]:
        """Estimates of a factor's cells side by side, and their covariance."""
        score, information = self._unshrunk(cells)
        if len(cells) == 2:  # a factor may hardly change from one day to the next
            limit = 0.98 * np.sqrt(information[:, 0, 0] * information[:, 1, 1])
            information[:, 0, 1] = np.clip(information[:, 0, 1], -limit, limit)
            information[:, 1, 0] = information[:, 0, 1]
        covariance = np.linalg.inv(information)
        each = np.matmul(covariance, score[:, :, None])[:, :, 0]
        mean = self.weights @ each
        off = each - mean
        return mean, np.tensordot(self.weights * self.scale, covariance, 1) + (
            self.weights[:, None] * off
        ).T @ off


def with_factors(
    counts: Floats,
    columns: Floats,
    cells: int,
    nuisance_precision: Floats,
    start: Averaged,
    tau2: float,
) -> Averaged:
    """Refit with the factors in the mean: three steps of the likeliest model, then all others."""
    matter = start.weights > 0.01
    kept = [model for model, matters in zip(MODELS, matter, strict=True) if matters]
    weights = start.weights[matter] / start.weights[matter].sum()
    likeliest = [MODELS[int(np.argmax(start.weights))]]
    days = int(np.isfinite(counts).sum())
    b = start.coefficients
    for step in range(4):
        log_rate = (columns @ b).clip(*LOG_RATE_BOUNDS)
        seen = linearised(counts, log_rate, tau2)
        tau2 = extra_variance(
            seen.response - log_rate, seen.counting, seen.usable, days - start.df, tau2
        )
        work = Working(seen.response, seen.counting, tau2, seen.usable)
        if step == 3:
            break
        fit = Averaged(columns, cells, nuisance_precision, work, likeliest, np.ones(1))
        b = 0.5 * (b + fit.coefficients) if step == 0 else fit.coefficients
    return Averaged(columns, cells, nuisance_precision, work, kept, weights)
