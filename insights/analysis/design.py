"""The columns of the regression: factors at their lags, slow drift, days of the week.

Everything is a column of one matrix with a prior spread; a column's prior says how large its
effect on the log rate may be before the diary has spoken.
"""

from dataclasses import dataclass

import numpy as np

from .outcomes import Bools, Calendar, Floats

DRIFT_DAYS = 45  # one slow wave more for every 45 days
WEEKDAYS = 7


@dataclass(frozen=True, slots=True)
class Nuisance:
    """What is taken out before factors are compared, and which columns share a prior spread."""

    columns: Floats  # (days, columns): a level, the waves, the weekend, the seven weekdays
    waves: int

    def precision(self, drift: float, weekend: float, weekday: float) -> Floats:
        """The prior precision of each column for these prior spreads of log rates."""
        spreads = [1e4, *[drift] * self.waves, weekend, *[weekday] * WEEKDAYS]
        return np.array(spreads) ** -2.0


def nuisance(calendar: Calendar) -> Nuisance:
    """A level, slow waves, the weekend, and each day of the week.

    The waves are cosines of ever half a period more over the whole diary, so that a drift of any
    smooth shape is followed and a rise lasting weeks is no evidence for or against a factor.
    """
    n = calendar.weekday.size
    waves = max(1, n // DRIFT_DAYS)
    at = (np.arange(n) + 0.5) / n
    columns = [
        np.ones(n),
        *(np.sqrt(2) * np.cos(np.pi * k * at) for k in range(1, waves + 1)),
        np.isin(calendar.weekday, calendar.weekend) - len(calendar.weekend) / WEEKDAYS,
        *((calendar.weekday == day) - 1 / WEEKDAYS for day in range(WEEKDAYS)),
    ]
    return Nuisance(np.array(columns).T, waves)


def without_drift(known: Nuisance) -> Nuisance:
    """The same without the slow waves, where drift itself is the question."""
    return Nuisance(np.delete(known.columns, slice(1, 1 + known.waves), axis=1), 0)


def lagged(values: Floats, lag: int, outside: float = np.nan) -> Floats:
    """Values of `lag` days before each day (after it, if negative); `outside` beyond the diary."""
    n = values.size
    if lag < 0:
        return np.concatenate([values[-lag:], np.full(min(-lag, n), outside)])
    return np.concatenate([np.full(min(lag, n), outside), values[: max(n - lag, 0)]])


def impute(values: Floats) -> Floats:
    """Fill unknown values with what the nearest known ones let expect.

    The conditional mean of a first-order autoregression fitted to the factor alone. It knows
    nothing of the twitches, so it cannot make a link where there is none.
    """
    known = np.isfinite(values)
    if known.all():
        return values.copy()
    if known.sum() < 3:
        return np.full(values.size, values[known].mean() if known.any() else 0.0)
    mean = values[known].mean()
    off = np.where(known, values - mean, 0.0)
    variance = (off[known] ** 2).mean()
    pairs = known[1:] & known[:-1]
    r = 0.0
    if variance > 0 and pairs.sum() >= 5:
        r = float(np.clip((off[1:] * off[:-1])[pairs].mean() / variance, 0.0, 0.95))
    at = np.arange(values.size)
    last = np.maximum.accumulate(np.where(known, at, -1))
    following = np.minimum.accumulate(np.where(known, at, values.size)[::-1])[::-1]
    back = np.where(last >= 0, r ** np.maximum(at - last, 1), 0.0)
    ahead = np.where(following < values.size, r ** np.maximum(following - at, 1), 0.0)
    expected = (
        back * (1 - ahead**2) * off[np.maximum(last, 0)]
        + ahead * (1 - back**2) * off[np.minimum(following, values.size - 1)]
    ) / np.maximum(1 - back**2 * ahead**2, 1e-9)
    return np.where(known, values, mean + expected)


def standardised(filled: Floats, lag: int, usable: Bools) -> tuple[Floats, float]:
    """A factor at a lag with mean 0 and spread 1 over the usable days, and that spread."""
    column = lagged(filled, lag, filled.mean())
    spread = float(column[usable].std())
    return (column - column[usable].mean()) / spread, spread
