"""How days differ by themselves: counting noise, and a hidden state that lasts.

The relative residual of day t has variance v_t + tau2: v_t is what counting alone makes (1/mu_t
for a count), tau2 what good and bad days add. A share h of tau2 lasts from day to day with
autocorrelation rho. Neither is known, so seven such models stand side by side.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dpttrf, dpttrs

from .outcomes import Bools, Floats

TAU2_BOUNDS = (0.05, 4.0)


@dataclass(frozen=True, slots=True)
class Noise:
    """One model of the noise."""

    share: float  # of tau2 that lasts
    rho: float  # its autocorrelation from one day to the next


NOISES = (
    Noise(0.0, 0.0),
    *(Noise(share, rho) for rho in (0.6, 0.92) for share in (0.25, 0.55, 0.85)),
)


def cross_products(
    columns: Floats, counting: Floats, tau2: float, noise: Noise, usable: Bools
) -> tuple[Floats, float]:
    """A'V⁻¹A and log|V| over the usable days, in time linear in the days.

    The inverse of a first-order autoregression is tridiagonal, so with D the inverse variance of
    what does not last (0 on days that do not tell) and Q the precision of what lasts,
    V⁻¹ = D - D (Q + D)⁻¹ D and log|V| = log|Q + D| - log|Q| - Σ log D.
    """
    weight = np.where(usable, 1 / (counting + (1 - noise.share) * tau2), 0.0)
    weighted = weight[:, None] * columns
    products = columns.T @ weighted
    log_weight = float(np.log(weight[usable]).sum())
    if noise.share == 0.0:
        return products, -log_weight
    n, lasting = weight.size, noise.share * tau2
    c = 1.0 / (lasting * (1 - noise.rho**2))
    diagonal = np.full(n, (1 + noise.rho**2) * c)
    diagonal[0] = diagonal[-1] = c
    d, e, _ = dpttrf(diagonal + weight, np.full(n - 1, -noise.rho * c))
    solved, _ = dpttrs(d, e, weighted)
    log_q = -n * np.log(lasting) - (n - 1) * np.log(1 - noise.rho**2)
    return products - weighted.T @ solved, float(np.log(d).sum()) - log_q - log_weight


def extra_variance(
    residual: Floats, counting: Floats, usable: Bools, used_up: float, tau2: float
) -> float:
    """tau2 by moments, each day weighted by how well it tells; `used_up` parameters count."""
    n = int(usable.sum())
    square = residual**2 * n / max(n - used_up, 5.0)
    for _ in range(2):
        weight = np.where(usable, (counting + tau2) ** -2.0, 0.0)
        tau2 = float((weight * (square - counting)).sum() / weight.sum())
        tau2 = min(max(tau2, TAU2_BOUNDS[0]), TAU2_BOUNDS[1])
    return tau2
