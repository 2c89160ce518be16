"""Diaries made of arrays: a row for each day, NaN where nothing is known."""

from datetime import date, timedelta

import numpy as np

from insights.analysis.series import DayRecord, DayStatus, DiarySeries, Factor, Note

FIRST = date(2026, 1, 5)  # a Monday
PLACES = (("calf-l", "legs"), ("eyelid-r", "face"))


def diary(counts, factors, *, lags=None, units=None, first=FIRST, seconds=4.0):
    """A diary with these notes a day and these factor values by name."""
    declared = tuple(
        Factor(name, (units or {}).get(name, 1.0), (lags or {}).get(name, (0,))) for name in factors
    )
    days = tuple(
        record(
            first + timedelta(days=n),
            count,
            {name: float(x[n]) for name, x in factors.items() if np.isfinite(x[n])},
            seconds,
        )
        for n, count in enumerate(np.asarray(counts, dtype=float))
    )
    return DiarySeries(days, declared)


def record(day, count, factors, seconds=4.0):
    known = np.isfinite(count)
    notes = int(count) if known else 0
    status = DayStatus.BLANK if not known else DayStatus.NOTES if notes else DayStatus.CLEAR
    return DayRecord(
        day=day,
        status=status,
        notes=tuple(Note(*PLACES[n % 2], 600 + n % 700, seconds) for n in range(notes)),
        factors=factors,
        counted=bool(known),
    )


def last_week(series):
    """The Monday of the last whole week; of the first one where none is whole."""
    last = series.days[-1].day
    end = last if last.weekday() == 6 else last - timedelta(days=last.weekday() + 1)
    return max(end - timedelta(days=6), series.days[0].day)


def made_up(
    seed,
    days,
    effects=None,
    *,
    base=2.5,
    sticky=0.6,
    names=("caffeine", "sleep", "stress", "hydration"),
):
    """Notes and factors with stickiness and a weekly cycle in both; log rate ratios per sd."""
    dice = np.random.default_rng(seed)
    weekday = np.arange(days) % 7
    factors = {}
    for name in names:
        x = _sticky(dice, days, 0.5) + 0.6 * (weekday >= 5)
        factors[name] = np.round((x - x.mean()) / x.std(), 2)
    log_rate = np.log(base) + 0.4 * _sticky(dice, days, sticky) + 0.3 * (weekday >= 5)
    for name, effect in (effects or {}).items():
        log_rate = log_rate + effect * factors[name]
    return dice.poisson(np.exp(np.clip(log_rate, -4, 4))).astype(float), factors


def _sticky(dice, days, rho):
    x = np.empty(days)
    x[0] = dice.normal()
    for n in range(1, days):
        x[n] = rho * x[n - 1] + np.sqrt(1 - rho**2) * dice.normal()
    return x
