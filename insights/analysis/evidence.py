"""From test values to levels: several lags, several factors, and a page that is read every week."""

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from .gates import KEPT_NEEDED
from .outcomes import Floats
from .results import Level
from .series import WINDOW_DAYS

WEAK = 0.05  # one page: chance that any factor of a diary without links is called a hint
MODERATE = 0.05  # a whole year of weekly pages
STRONG = 0.005
# The second round is fitted to the very days that it tests, which makes its values this much too
# large in diaries where nothing is linked (measured; docs/statistics.md).
TEST_ALLOWANCE = 1.05


def _density(z: Floats) -> Floats:
    density: Floats = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    return density


def as_normal(t: Floats, df: Floats | float) -> Floats:
    """|t| with df degrees of freedom as the normal value with the same tail."""
    z: Floats = -ndtri(np.maximum(stdtr(df, -np.abs(t)), 1e-300))
    return z


def t_quantile(df: float, share: float) -> float:
    """The value that a t variable with df degrees of freedom stays below with this probability."""
    return float(stdtrit(df, share))


def p_of_best(z: float, tests: int) -> float:
    """Two-sided p of the largest of several |z|.

    What independent values would give; values that move together are never larger (Sidak 1967).
    """
    return float(-np.expm1(tests * np.log1p(-min(2 * float(ndtr(-z)), 1 - 1e-15))))


def year_proof(p: Floats) -> Floats:
    """p of one page as p of "ever this small on a weekly page of the first year".

    The chance that |B(t)|/sqrt(t) passes z between the first and the last possible page, with B a
    Brownian motion (Miller and Siegmund 1982). Closed form, so no earlier page has to be kept.
    """
    z = np.maximum(-ndtri(np.clip(p, 1e-300, 1.0) / 2), 1.2)
    span = np.log(WINDOW_DAYS / KEPT_NEEDED)
    ever: Floats = np.minimum(1.0, _density(z) * ((z - 1 / z) * span + 4 / z))
    return ever


def false_discovery_adjusted(p: Floats) -> Floats:
    """Benjamini-Hochberg: the share of false hints this factor would have to be called at."""
    order = np.argsort(p, kind="stable")
    steps = p[order] * p.size / np.arange(1, p.size + 1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return adjusted


def holm_adjusted(p: Floats) -> Floats:
    """Holm: the chance of any false finding this factor would have to be called at."""
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1)), 1.0)
    return adjusted


def levels(p: Floats, capped: bool, families: int = 1) -> list[Level]:
    """The level of each factor of a family, from its p on this page; families share the rates."""
    hints = families * false_discovery_adjusted(p) <= WEAK
    ever = families * holm_adjusted(year_proof(p))
    return [_level(bool(hint), float(once), capped) for hint, once in zip(hints, ever, strict=True)]


def _level(hint: bool, ever: float, capped: bool) -> Level:
    if not hint:
        return Level.NONE
    if capped or ever > MODERATE:
        return Level.WEAK
    return Level.STRONG if ever <= STRONG else Level.MODERATE


def share_outside(flagged: bool, all_flagged: int, family: int) -> float:
    """How often a shown range may miss: 5 %, and less where a factor is shown for its size.

    Ranges of hints are widened so that of all ranges ever shown beside hints at most 5 % miss
    (Benjamini and Yekutieli 2005).
    """
    return 0.05 * all_flagged / family if flagged else 0.05
