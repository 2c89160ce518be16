"""Every suggestion on a whole diary that was made for it, through the analysis itself."""

from datetime import date, timedelta

import numpy as np
import pytest

from diary.factors import FACTORS, OPTIONAL
from insights.analysis.report import week_report
from insights.analysis.series import DayRecord, DayStatus, DiarySeries, Factor, Note
from insights.knowledge.library import Passage, library
from insights.knowledge.suggest import fitting

KNOWN = FACTORS | OPTIONAL
LAST = date(2026, 11, 22)  # a Sunday
DAYS = 200
LOWER, HIGHER = 0.6, 2.4  # notes a day on the two kinds of day

TIPS = [passage for passage in library().passages if passage.beside or passage.figure]


def diary(
    key: str, *, more: bool | None, values: tuple[float, float], seed: int = 7
) -> DiarySeries:
    """Days with two values of a factor; more notes with more of it, with less, or with neither."""
    dice = np.random.default_rng(seed)
    factor = KNOWN[key]
    lag = factor.lags[0]
    high = dice.random(DAYS + 1) < 0.5
    days = []
    for n in range(DAYS):
        before = bool(high[n - lag] if n >= lag else high[-1])
        rate = 1.3 if more is None else (HIGHER if before == more else LOWER)
        count = int(dice.poisson(rate))
        days.append(
            DayRecord(
                day=LAST - timedelta(days=DAYS - 1 - n),
                status=DayStatus.NOTES if count else DayStatus.CLEAR,
                notes=tuple(Note("calf-l", "legs", 600, 30.0) for _ in range(count)),
                factors={key: values[int(high[n])]},
                counted=True,
            )
        )
    return DiarySeries(tuple(days), (Factor(factor.key, factor.per, factor.lags),))


def suggested(series: DiarySeries) -> set[str]:
    report = week_report(series, LAST - timedelta(days=6), True)
    return {suggestion.passage.id for suggestion in fitting(report, library())}


def two_values(key: str) -> tuple[float, float]:
    """A low and a high day, both on the right side of any figure that an article gives."""
    low, high = {"sleep": (7.5, 9.5), "hydration": (2100, 3100)}.get(key, (0.0, 0.0))
    factor = KNOWN[key]
    return (low, high) if high else (factor.minimum, factor.minimum + 2 * factor.per)


@pytest.mark.parametrize("tip", [t for t in TIPS if t.beside], ids=lambda tip: tip.id)
def test_a_tip_is_suggested_to_a_diary_that_gives_reason_for_it_and_to_no_other(
    tip: Passage,
) -> None:
    assert tip.beside
    key, values = tip.beside.factor, two_values(tip.beside.factor)
    if KNOWN[key].points:
        values = (min(KNOWN[key].points), max(KNOWN[key].points))
    assert tip.id in suggested(diary(key, more=tip.beside.more, values=values))
    assert tip.id not in suggested(diary(key, more=not tip.beside.more, values=values))
    assert tip.id not in suggested(diary(key, more=None, values=values))


@pytest.mark.parametrize("tip", [t for t in TIPS if t.figure], ids=lambda tip: tip.id)
def test_a_figure_is_shown_to_days_under_it_and_to_no_others(tip: Passage) -> None:
    assert tip.figure
    under, over = tip.figure.at_least * 0.8, tip.figure.at_least * 1.2
    assert tip.id in suggested(diary(tip.figure.factor, more=None, values=(under, under)))
    assert tip.id not in suggested(diary(tip.figure.factor, more=None, values=(over, over)))
