"""How often an experiment finds something that is not there, misses what is, and covers the truth.

Run it with `python -m tests.experiments`; `--reps` and `--seed` change how much and what is made
up. Every diary is made here, by a generator that the comparison knows nothing of.
"""

import argparse
import time
from datetime import timedelta

import numpy as np

from diary.plan import Plan
from insights.analysis.experiment import outcome_of
from insights.analysis.results import Level
from insights.analysis.series import DiarySeries, Trial
from tests.insights.analysis.diaries import FIRST, record

# base: notes a day. rho, spread: how good and bad days last, and how far apart they are. extra:
# dispersion beyond counting. week: more at weekends. drift: over the diary. missing: blank days.
# notice: how much more is noted while something is tried.
TYPICAL = {
    "base": 2.5,
    "rho": 0.6,
    "spread": 0.5,
    "extra": 0.0,
    "week": 0.3,
    "drift": 0.0,
    "missing": 0.1,
    "notice": 1.0,
}
WORLDS = {
    "typical": {},
    "independent days": {"rho": 0.0, "week": 0.0},
    "sticky": {"rho": 0.85, "spread": 0.8, "base": 4.0},
    "very sticky": {"rho": 0.95, "spread": 0.9, "base": 4.0},
    "rare": {"base": 0.6},
    "many": {"base": 25.0, "rho": 0.8, "extra": 0.3},
    "overdispersed": {"extra": 1.0},
    "weekly cycle": {"week": 1.0},
    "drift": {"drift": 1.5},
    "half blank": {"missing": 0.4},
    "notes more while trying": {"notice": 1.6},
}


def made_up(dice, days, plan_of, ratio=1.0, **world):
    """A diary that ends with an experiment, and its trial."""
    world = TYPICAL | world
    last = FIRST + timedelta(days=days - 1)
    plan = plan_of(last)
    trial = Trial({day.day: day.changed if day.counts else None for day in plan.days()})
    state = np.empty(days)
    state[0] = dice.normal()
    for n in range(1, days):
        state[n] = world["rho"] * state[n - 1] + np.sqrt(1 - world["rho"] ** 2) * dice.normal()
    dates = [FIRST + timedelta(days=n) for n in range(days)]
    weekend = np.array([day.weekday() >= 5 for day in dates])
    trying = np.array([day in trial.days for day in dates])
    changed = np.array([bool((planned := plan.on(day)) and planned.changed) for day in dates])
    log_rate = (
        np.log(world["base"])
        + world["spread"] * state
        - world["spread"] ** 2 / 2
        + world["week"] * weekend
        + world["drift"] * (np.arange(days) / days - 0.5)
        + np.log(world["notice"]) * trying
        + np.log(ratio) * changed
    )
    rate = np.exp(np.clip(log_rate, -6, 5))
    if world["extra"]:
        rate = rate * dice.gamma(1 / world["extra"], world["extra"], days)
    counts = dice.poisson(rate).astype(float)
    counts[dice.random(days) < world["missing"]] = np.nan
    rows = tuple(record(day, count, {}) for day, count in zip(dates, counts, strict=True))
    return DiarySeries(rows, ()), trial


def measured(reps, seed, days, part_days, ratio=1.0, **world):
    """Shares: compared at all; of these flagged, flagged the right way, steadier, covered."""
    dice = np.random.default_rng([seed, days, part_days, round(100 * ratio)])
    found = []
    for _ in range(reps):
        change_first = bool(dice.integers(2))

        def plan_of(last, change_first=change_first):
            return Plan(last - timedelta(days=4 * part_days - 1), part_days, change_first)

        series, trial = made_up(dice, days, plan_of, ratio, **world)
        answer = outcome_of(series, trial)
        if answer.estimate:
            found.append(answer)
    if not found:
        return 0.0, *[float("nan")] * 4
    flags = np.array([one.level is not Level.NONE for one in found])
    right = np.array([(one.estimate.ratio > 1) == (ratio > 1) for one in found])
    steadier = np.array([one.level in (Level.MODERATE, Level.STRONG) for one in found])
    covered = np.array([one.estimate.low <= ratio <= one.estimate.high for one in found])
    return (
        len(found) / reps,
        flags.mean(),
        (flags & right).mean(),
        steadier.mean(),
        covered.mean(),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = time.process_time()
    print(
        f"{'world':26}{'days':>5}{'part':>5}{'compared':>9}{'false':>7}{'steady':>7}{'covered':>8}"
    )
    every = []
    for name, world in WORLDS.items():
        for days, part_days in ((60, 3), (60, 2), (180, 3), (365, 3), (365, 2)):
            compared, flagged, _right, steadier, covered = measured(
                asked.reps, asked.seed, days, part_days, **world
            )
            print(
                f"{name:26}{days:5}{part_days:5}{compared:9.2f}{flagged:7.3f}{steadier:7.3f}{covered:8.3f}",
                flush=True,
            )
            if compared:
                every.append((compared * asked.reps, flagged, steadier, covered))
    weight, *shares = np.array(every).T
    pooled = [np.average(share, weights=weight) for share in shares]
    print("pooled: false {:.4f}, steadier {:.4f}, covered {:.3f}".format(*pooled))
    print(f"\n{'base':>5}{'days':>5}{'part':>5}{'ratio':>7}{'found':>7}{'covered':>8}")
    for base in (2.5, 8.0):
        for days, part_days in ((60, 3), (365, 3), (365, 2)):
            for ratio in (0.67, 0.5, 0.33):
                _, _, right, _, covered = measured(
                    asked.reps, asked.seed, days, part_days, ratio, base=base
                )
                print(
                    f"{base:5}{days:5}{part_days:5}{ratio:7}{right:7.2f}{covered:8.3f}", flush=True
                )
    print(f"{time.process_time() - started:.0f} s of processor time")


if __name__ == "__main__":
    main()
