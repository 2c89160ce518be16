"""One factor at a time, with the others in doubt: an average over which of them matter.

A factor that is judged is left free; each other cell is either absent, or present with an effect
of a plausible size. At most two others are present at once; which ones, the diary weighs. So few
of the days are spent on factors that do nothing, and a strong neighbour still takes its share.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .outcomes import Bools, Floats, Ints
from .regression import Reduced

PRESENT = 0.2  # how likely another cell matters before the diary has spoken
EFFECT_SPREAD = 0.4  # of the log rate ratio for one usual spread of a factor that matters
PROMISING = 8  # cells among which two are tried together
WEIGHT_THAT_MATTERS = 0.01
# The scale of the noise is near one by construction; what it is believed to be before, and how
# many days that belief is worth.
SCALE = 1.3
SCALE_DAYS = 30.0
LOWEST_SCALE = 1.0
WIDE_PRECISION = 0.25  # for a factor's other lags: a prior that hardly says anything


@dataclass(frozen=True, slots=True)
class Estimates:
    """Per cell: log rate ratio for one usual spread, its variance, and days left over."""

    mean: Floats
    variance: Floats
    df: Floats


def estimates(
    reduced: Reduced, factor_of: Ints, beside_lags: bool, expected: Floats | None = None
) -> Estimates:
    """Average each cell's estimate over noise, drift, weekdays, and which other cells matter.

    `factor_of` numbers the factor of each cell. With `beside_lags` the other lags of a cell's
    factor are held fixed, without it they are taken as doing nothing. `expected` effects help to
    choose the models of noise that are looked at.
    """
    cells = factor_of.size
    kept = _likely(reduced, expected)
    gram, log_weight, used_up = (
        reduced.products[kept],
        reduced.log_weight[kept],
        reduced.used_up[kept],
    )
    first, second, size, allowed = _companions(gram, factor_of)
    # One row and column of zeros stands for "no companion".
    padded = np.zeros((len(gram), cells + 1, cells + 1))
    padded[:, :cells, :cells] = gram[:, :cells, :cells]
    score = np.zeros((len(gram), 1, cells + 1))
    score[:, 0, :cells] = gram[:, :cells, cells]
    square = gram[:, None, cells, cells]
    table, siblings = padded[:, None], 0
    if beside_lags:
        table, score, square, siblings = _hold_fixed(padded, score, square, factor_of)
    own = np.arange(cells)
    row = table[:, own if table.shape[1] > 1 else 0, own]  # (models, cells, cells + 1)
    at = score[:, own if score.shape[1] > 1 else 0, own][..., None]
    # The companions' own two-by-two system, with their prior, solved in closed form.
    a = table[..., first, first] + EFFECT_SPREAD**-2
    b = table[..., second, second] + EFFECT_SPREAD**-2
    o = table[..., first, second]
    determinant = a * b - o * o
    c1, c2, u1, u2 = row[..., first], row[..., second], score[..., first], score[..., second]
    w1, w2 = (c1 * b - c2 * o) / determinant, (c2 * a - c1 * o) / determinant
    information = np.maximum(
        np.take_along_axis(row, own[None, :, None], axis=2) - c1 * w1 - c2 * w2, 1e-6
    )
    free = at - w1 * u1 - w2 * u2
    each = free / information
    explained = (u1 * u1 * b - 2 * u1 * u2 * o + u2 * u2 * a) / determinant + free * each
    left = np.maximum(square[..., None] - explained, 1e-6) + SCALE_DAYS * SCALE
    days = reduced.days + SCALE_DAYS - 1 - siblings
    log_likelihood = (
        log_weight[:, None, None]
        - 0.5 * np.log(determinant * EFFECT_SPREAD**4)
        - 0.5 * np.log(information)
        + size * np.log(PRESENT / (1 - PRESENT))
        - 0.5 * (days - 1) * np.log(left)
    )
    log_likelihood = np.where(allowed, log_likelihood, -np.inf)
    weight = np.exp(log_likelihood - log_likelihood.max(axis=(0, 2), keepdims=True))
    weight /= weight.sum(axis=(0, 2), keepdims=True)
    spare = np.maximum(days - used_up[:, None, None] - size, 5.0)
    variance = np.maximum(left / spare, LOWEST_SCALE) / information
    mean = (weight * each).sum((0, 2))
    return Estimates(
        mean=mean,
        variance=(weight * (variance + (each - mean[:, None]) ** 2)).sum((0, 2)),
        df=(weight * spare).sum((0, 2)),
    )


def plausible(found: Estimates, factor_of: Ints) -> tuple[Floats, Floats]:
    """Per cell: the chance that it matters, and its effect pulled to zero by the doubt.

    At most one lag of a factor matters here.
    """
    prior = EFFECT_SPREAD**2
    log_odds = 0.5 * np.log(found.variance / (found.variance + prior)) + 0.5 * (
        found.mean**2 / found.variance
    ) * prior / (found.variance + prior)
    present = np.zeros(factor_of.size)
    for factor in np.unique(factor_of):
        lags = np.flatnonzero(factor_of == factor)
        top = max(float(log_odds[lags].max()), 0.0)
        odds = PRESENT * np.exp(log_odds[lags] - top)
        absent = max(1 - PRESENT * lags.size, 0.1) * np.exp(-top)
        present[lags] = odds / (odds.sum() + absent)
    return present, present * found.mean * prior / (found.variance + prior)


def _likely(reduced: Reduced, expected: Floats | None) -> Bools:
    """The models of noise, drift and weekdays that are worth looking at."""
    cells = reduced.products.shape[1] - 1
    b = np.append(np.zeros(cells) if expected is None else -expected, 1.0)
    square = np.maximum(b @ reduced.products @ b, 0.0)
    log_likelihood = reduced.log_weight - 0.5 * (reduced.days + SCALE_DAYS) * np.log(
        square + SCALE_DAYS * SCALE
    )
    weight = np.exp(log_likelihood - log_likelihood.max())
    kept: Bools = weight > WEIGHT_THAT_MATTERS * weight.sum()
    return kept


def _companions(gram: Floats, factor_of: Ints) -> tuple[Ints, Ints, Ints, Bools]:
    """The sets of other cells that are tried: none, each one, and pairs of the promising ones.

    First and second cell of each set (their number stands for none), its size, and a table of
    (cell, set): a cell is not tried beside another lag of its own factor.
    """
    cells = factor_of.size
    none = cells
    alone = gram[0, :cells, cells] ** 2 / np.maximum(np.diag(gram[0])[:cells], 1e-9)
    promising = np.sort(np.argsort(-alone, kind="stable")[:PROMISING])
    sets = [
        (none, none),
        *((cell, none) for cell in range(cells)),
        *combinations(promising.tolist(), 2),
    ]
    first, second = np.array(sets).T
    factors = np.append(factor_of, -1)
    own = factor_of[:, None]
    allowed = (factors[first] != own) & (factors[second] != own)
    return first, second, (first != none) + (second != none).astype(np.int64), allowed


def _hold_fixed(
    padded: Floats, score: Floats, square: Floats, factor_of: Ints
) -> tuple[Floats, Floats, Floats, int]:
    """Take each cell's siblings, the other lags of its factor, out of everything else."""
    cells = factor_of.size
    table = np.repeat(padded[:, None], cells, axis=1)
    score = np.repeat(score, cells, axis=1)
    square = np.repeat(square, cells, axis=1)
    most = 0
    for cell in range(cells):
        siblings = [s for s in np.flatnonzero(factor_of == factor_of[cell]) if s != cell]
        most = max(most, len(siblings))
        for sibling in siblings:
            pivot = table[:, cell, sibling, sibling] + WIDE_PRECISION
            column = table[:, cell, :, sibling] / pivot[:, None]
            share = score[:, cell, sibling].copy()
            square[:, cell] -= share**2 / pivot
            score[:, cell] -= column * share[:, None]
            table[:, cell] -= column[:, :, None] * table[:, cell, None, sibling, :].copy()
    return table, score, square, most
