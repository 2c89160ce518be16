"""The arithmetic of evidence, beside independent implementations and simulation."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.regression.linear_model import GLS
from statsmodels.stats.multitest import multipletests

from insights.analysis import evidence
from insights.analysis.noise import NOISES, cross_products
from insights.analysis.results import Level

DICE = np.random.default_rng(17)


def covariance(counting, tau2, noise):
    """The covariance that the noise model states, written out day by day."""
    days = np.arange(counting.size)
    lasting = noise.share * tau2 * noise.rho ** np.abs(days[:, None] - days[None, :])
    return np.diag(counting + (1 - noise.share) * tau2) + lasting


@pytest.mark.parametrize("noise", NOISES, ids=str)
def test_the_quick_algebra_of_the_noise_equals_the_matrix_written_out(noise):
    usable = DICE.random(60) > 0.2
    counting, columns = DICE.uniform(0.2, 2, 60), DICE.normal(size=(60, 4))
    products, log_determinant = cross_products(columns, counting, 0.7, noise, usable)
    known = covariance(counting, 0.7, noise)[np.ix_(usable, usable)]
    seen = columns[usable]
    assert products == pytest.approx(seen.T @ np.linalg.inv(known) @ seen)
    assert log_determinant == pytest.approx(np.linalg.slogdet(known)[1])


@pytest.mark.parametrize("noise", NOISES, ids=str)
def test_what_a_fit_is_made_of_gives_generalised_least_squares(noise):
    counting, columns = DICE.uniform(0.2, 2, 90), DICE.normal(size=(90, 5))
    response = columns @ np.linspace(-1, 1, 5) + DICE.normal(size=90)
    bordered = np.column_stack([columns, response])
    products, _ = cross_products(bordered, counting, 0.7, noise, np.ones(90, dtype=bool))
    theirs = GLS(response, columns, sigma=covariance(counting, 0.7, noise)).fit()
    ours = np.linalg.solve(products[:5, :5], products[:5, 5])
    assert ours == pytest.approx(theirs.params)
    left = products[5, 5] - ours @ products[:5, 5]
    errors = np.sqrt(np.diag(np.linalg.inv(products[:5, :5])) * left / 85)
    assert errors == pytest.approx(theirs.bse)


def test_corrections_for_several_factors_equal_those_of_another_library():
    for _ in range(20):
        p = DICE.random(7) ** 3
        assert evidence.false_discovery_adjusted(p) == pytest.approx(
            multipletests(p, method="fdr_bh")[1]
        )
        assert evidence.holm_adjusted(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_the_better_of_several_lags_is_paid_for():
    for lags in (1, 2, 3):
        for z in (1.0, 2.1, 4.0):
            one = 2 * stats.norm.sf(z)
            sidak = multipletests([one] * lags, method="sidak")[1][0]
            assert evidence.p_of_best(z, lags) == pytest.approx(sidak, rel=1e-6)


def test_a_year_of_weekly_pages_passes_the_bound_no_more_often_than_it_says():
    """Brownian paths looked at every week from day 42 to day 364."""
    looks = np.arange(42, 365, 7)
    steps = DICE.normal(size=(20_000, looks.size)) * np.sqrt(np.diff(looks, prepend=0))
    highest = np.abs(np.cumsum(steps, axis=1) / np.sqrt(looks)).max(axis=1)
    p = np.logspace(-5, -1, 400)
    ever = evidence.year_proof(p)
    for promised in (0.05, 0.005):
        z = stats.norm.isf(p[np.searchsorted(ever, promised)] / 2)
        happened = (highest >= z).mean()
        assert happened <= promised + 3 * np.sqrt(promised / highest.size)
        assert happened >= promised / 3  # and is no empty promise


def test_levels_rise_with_the_evidence_and_a_blank_diary_is_capped():
    def level_of(p, capped=False):
        return evidence.levels(np.array([p, 0.6, 0.7, 0.9]), capped)[0]

    assert [level_of(p) for p in (0.2, 0.01, 5e-4, 1e-7)] == [
        Level.NONE,
        Level.WEAK,
        Level.MODERATE,
        Level.STRONG,
    ]
    assert level_of(1e-7, capped=True) is Level.WEAK


def test_several_families_share_one_rate():
    p = np.array([0.01, 0.6])
    assert evidence.levels(p, False, families=1)[0] is Level.WEAK
    assert evidence.levels(p, False, families=4)[0] is Level.NONE
