"""What the analysis of one person costs, beside its own arithmetic and beside bare ranks."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import numpy as np
from scipy.stats import rankdata

from benchmarks import people
from benchmarks.measures import Asked, Line, cpu_of, in_turn
from diary import recording
from diary.days import Week
from diary.models import Diary, Twitch, User
from insights import compute
from insights.analysis.report import week_report
from insights.analysis.series import WINDOW_DAYS
from insights.collect import collect
from insights.models import WeekSummary

END_TO_END = 1.5
FLAT = 1.15
EDITED_BACK = timedelta(days=60)  # in the diary of everybody


def lines(asked: Asked) -> Iterator[Line]:
    """The weekly round, everything anew, and one old entry changed."""
    yield from _weekly(asked)
    yield from _five_years(asked)
    yield from _edit(asked)


def _weekly(asked: Asked) -> Iterator[Line]:
    """A week has ended: read, compute and write what is new, as once a week for everybody."""
    days = min(WINDOW_DAYS, asked.days)
    person = people.year("weekly", days, asked.now.date(), seed=1)
    compute.recompute(person.pk, asked.now)
    arithmetic = _arithmetic(person, asked.now, weeks=2)
    whole, own, ranks = in_turn(
        (
            _after(
                lambda: people.forget_latest(person, asked.now),
                lambda: compute.recompute(person.pk, asked.now),
            ),
            arithmetic,
            _ranks(),
        ),
        asked.rounds,
    )
    yield Line(
        "one person, a week later",
        days,
        {"CPU ms": 1e3 * whole, "arithmetic ms": 1e3 * own, "an hour and core": 3600 / whole},
        whole / own,
        "its own arithmetic",
        END_TO_END,
    )
    yield Line(
        "its arithmetic",
        days,
        {"CPU ms": 1e3 * own, "ranks ms": 1e3 * ranks},
        own / ranks,
        "18 bare rank correlations",
    )


def _five_years(asked: Asked) -> Iterator[Line]:
    """All weeks of a long diary, as after an import."""
    person = people.year("imported", asked.days, asked.now.date(), seed=2)
    rounds = max(1, asked.rounds // 5)
    weeks = asked.days // 7 + 1
    whole, own = in_turn(
        (
            _after(
                lambda: WeekSummary.objects.of(person).delete(),
                lambda: compute.recompute(person.pk, asked.now),
            ),
            _arithmetic(person, asked.now, weeks),
        ),
        rounds,
        warm_up=0,
    )
    yield Line(
        "everything anew, after an import",
        asked.days,
        {"CPU s": whole, "arithmetic s": own, "weeks": weeks},
        whole / own,
        "its own arithmetic",
        END_TO_END,
    )


def _edit(asked: Asked) -> Iterator[Line]:
    """A note of two months ago is changed: what its summaries cost, at each length."""
    edits = {}
    for size in asked.sizes:
        person = people.person(f"edits-{size}", size, asked.now.date())
        compute.recompute(person.pk, asked.now)
        edits[size] = _recompute_after_edit(person, asked.now)
    taken = in_turn(edits.values(), max(1, asked.rounds // 3))
    fullest = min((size for size in edits if size >= 10_000), default=min(edits))
    base = dict(zip(edits, taken, strict=True))[fullest]
    for size, cpu in zip(edits, taken, strict=True):
        yield Line(
            "one old note changed, summaries",
            size,
            {"CPU ms": 1e3 * cpu},
            cpu / base,
            f"the same at {fullest:,}",
            FLAT,
        )


def _recompute_after_edit(person: User, now: datetime) -> Callable[[], float]:
    day = now.date() - EDITED_BACK

    def step() -> float:
        last = Twitch.objects.of(person).filter(day__lte=day).latest("day", "pk")
        recording.remove([last], person, now)
        return cpu_of(lambda: compute.recompute(person.pk, now))

    return step


def _after(first: Callable[[], object], measured: Callable[[], None]) -> Callable[[], float]:
    def step() -> float:
        first()
        return cpu_of(measured)

    return step


def _arithmetic(person: User, now: datetime, weeks: int) -> Callable[[], float]:
    """The latest weeks from values in memory: neither read nor written."""
    diary = Diary.objects.get(owner=person)
    series = collect(diary, diary.today(now))
    running = Week.of(now.date())

    def reports() -> None:
        for n in range(weeks):
            week_report(series, running.shifted(-n).first, n > 0)

    return lambda: cpu_of(reports)


def _ranks() -> Callable[[], float]:
    """Six factors at three lags against a year of counts, by ranks and one matrix product."""
    dice = np.random.default_rng(3)
    counts, factors = dice.poisson(2, 365), dice.integers(0, 6, (365, 6))

    def correlations() -> None:
        for lag in range(3):
            ranked = rankdata(factors[: 365 - lag], axis=0)
            beside = rankdata(counts[lag:])
            ranked = (ranked - ranked.mean(0)) / ranked.std(0)
            _ = ranked.T @ ((beside - beside.mean()) / beside.std()) / beside.size

    return lambda: cpu_of(correlations)
