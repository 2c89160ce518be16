from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from insights.analysis.results import (
    DaySummary,
    Estimate,
    Finding,
    Level,
    Trend,
    WeekReport,
)
from insights.analysis.series import DayStatus
from insights.knowledge.library import Passage, library
from insights.knowledge.suggest import UNDER, WENT_TOGETHER, Suggestion, fitting, suggest

SUNDAY = date(2026, 11, 22)
HELPS = {"caffeine": 1.4, "sleep": 0.7, "stress": 1.4, "hydration": 0.7}  # ratios with a tip


def finding(factor: str, ratio: float | None = None, level: Level = Level.WEAK) -> Finding:
    ratio = ratio or HELPS[factor]
    return Finding(
        factor=factor,
        lag=0,
        unit=1,
        level=level,
        days_used=40,
        estimate=Estimate(ratio, ratio * 0.8, ratio * 1.2),
        p=0.01,
        lag_clear=True,
        capped=False,
        refusal=None,
        split=None,
        difference=None,
        reverse=None,
        reach=None,
    )


def week(*findings: Finding, **factors: Sequence[float | None]) -> WeekReport:
    """A finished week with these findings and the last known values of factors, None unknown."""
    length = max([14, *map(len, factors.values())])
    days = tuple(
        DaySummary(
            day=SUNDAY - timedelta(days=length - 1 - i),
            status=DayStatus.CLEAR,
            notes=0,
            factors={
                key: value
                for key, values in factors.items()
                if (value := ([None] * (length - len(values)) + [*values])[i]) is not None
            },
        )
        for i in range(length)
    )
    return WeekReport(
        first=SUNDAY - timedelta(days=6),
        last=SUNDAY,
        finished=True,
        days=days,
        weeks=(),
        trend=Trend.STEADY,
        places=(),
        blocks=(0,) * 8,
        untimed=0,
        window_first=None,
        window_kept=0,
        window_blank=0,
        kept_needed=14,
        findings=findings,
        durations=(),
        regions=(),
    )


def shown(report: WeekReport) -> list[str]:
    return [suggestion.passage.id for suggestion in suggest(report, library())]


@pytest.mark.parametrize(
    ("factor", "tip"),
    [("caffeine", "CAF1"), ("sleep", "SLP2"), ("stress", "STR1"), ("hydration", "DRK1")],
)
@pytest.mark.parametrize("level", [Level.WEAK, Level.MODERATE, Level.STRONG])
def test_a_hint_and_anything_firmer_brings_the_tip_of_its_factor(factor, tip, level):
    assert shown(week(finding(factor, level=level))) == [tip]


@pytest.mark.parametrize("factor", HELPS)
@pytest.mark.parametrize("level", [Level.NONE, Level.INSUFFICIENT])
def test_less_than_a_hint_brings_no_tip(factor, level):
    assert shown(week(finding(factor, level=level))) == []


@pytest.mark.parametrize("factor", HELPS)
def test_a_finding_that_points_the_other_way_brings_no_tip(factor):
    assert shown(week(finding(factor, ratio=1 / HELPS[factor]))) == []


def test_a_finding_that_points_nowhere_brings_no_tip():
    assert shown(week(finding("caffeine", ratio=1.0))) == []


def test_a_finding_on_a_factor_without_a_passage_brings_no_tip():
    assert shown(week(replace(finding("caffeine"), factor="own-factor"))) == []


def test_half_of_fourteen_nights_under_seven_hours_brings_the_advice_on_sleep():
    [suggestion] = suggest(week(sleep=[6.5] * 7 + [7.0] * 7), library())
    assert suggestion.passage.id == "SLP1"
    assert suggestion.finding is None
    assert suggestion.why == (
        "You noted under 7 h on 7 of 14 nights in the last two weeks.",
        "This is general advice beside your own numbers.",
    )


def test_fewer_than_half_of_the_nights_under_seven_hours_bring_none():
    assert shown(week(sleep=[6.5] * 6 + [7.0] * 8)) == []


def test_nights_of_exactly_seven_hours_are_not_under_seven():
    assert shown(week(sleep=[7.0] * 14)) == []


def test_most_days_under_eight_glasses_bring_the_advice_on_drinking():
    [suggestion] = suggest(week(hydration=[1750] * 9 + [2000] * 3), library())
    assert suggestion.passage.id == "DRK1"
    assert suggestion.passage.care
    assert "under 8 glasses of 250 ml to drink on 9 of 12 days" in suggestion.why[0]


def test_unknown_days_never_count_as_days_under_a_figure():
    [suggestion] = suggest(week(sleep=[None, 6.0] * 7), library())
    assert suggestion.own_days
    assert (suggestion.own_days.under, suggestion.own_days.known) == (7, 7)


def test_six_known_days_are_too_few_to_speak_for_two_weeks():
    assert shown(week(sleep=[6.0] * 6)) == []
    assert shown(week(sleep=[6.0] * 7)) == ["SLP1"]


def test_nights_before_the_last_two_weeks_do_not_count():
    assert shown(week(sleep=[5.0] * 28 + [8.0] * 14)) == []


def test_a_running_week_shows_no_suggestion():
    report = week(finding("caffeine"), sleep=[6.0] * 14)
    assert shown(replace(report, finished=False)) == []


def test_a_tip_beside_a_finding_takes_the_own_days_along_when_both_fit():
    [suggestion] = suggest(week(finding("sleep"), sleep=[6.0] * 14), library())
    assert suggestion.passage.id == "SLP1"
    assert suggestion.why == (
        "In your entries, more notes went together with less sleep.",
        "That is a hint, and it may be chance.",
        "You noted under 7 h on 14 of 14 nights in the last two weeks.",
        "This is general advice beside your own numbers.",
    )


def test_a_firmer_finding_is_called_a_steadier_pattern_and_still_no_reason():
    [suggestion] = suggest(week(finding("stress", level=Level.STRONG)), library())
    assert suggestion.why[1] == "That is a steadier pattern. It does not say why."


def test_at_most_three_are_shown_and_each_factor_once():
    everything = week(*map(finding, HELPS), sleep=[6.0] * 14, hydration=[500] * 14)
    factors = [suggestion.factor for suggestion in suggest(everything, library())]
    assert len(factors) == len(set(factors)) == 3


def test_firmer_findings_come_first_and_own_days_without_one_come_last():
    report = week(
        finding("caffeine"),
        finding("stress", level=Level.STRONG),
        hydration=[500] * 14,
    )
    assert shown(report) == ["STR1", "CAF1", "DRK1"]


def test_a_suggestion_knows_its_source_and_its_page():
    [suggestion] = suggest(week(finding("caffeine")), library())
    assert suggestion.topic == "coffee-and-caffeine"
    assert {source.article for source in suggestion.passage.sources} == {"A", "B"}


RULES = [passage for passage in library().passages if passage.beside or passage.figure]
BESIDE = [passage for passage in RULES if passage.beside]


def ids(found: Sequence[Suggestion]) -> set[str]:
    return {suggestion.passage.id for suggestion in found}


@pytest.mark.parametrize("passage", BESIDE, ids=lambda passage: passage.id)
def test_every_tip_fits_the_finding_it_was_written_for(passage: Passage) -> None:
    assert passage.beside
    ratio = 1.4 if passage.beside.more else 0.7
    assert passage.id in ids(fitting(week(finding(passage.beside.factor, ratio)), library()))


@pytest.mark.parametrize("passage", BESIDE, ids=lambda passage: passage.id)
def test_every_tip_stays_silent_on_the_neighbours_of_its_finding(passage: Passage) -> None:
    assert passage.beside
    ratio = 1.4 if passage.beside.more else 0.7
    key = passage.beside.factor
    silent = (
        finding(key, 1 / ratio),  # the other way round
        finding(key, ratio, Level.NONE),
        finding(key, ratio, Level.INSUFFICIENT),
        finding("illness", ratio, Level.STRONG),  # another factor
    )
    for neighbour in silent:
        assert passage.id not in ids(fitting(week(neighbour), library()))


def test_what_was_put_aside_makes_room_for_the_next_tip_of_its_factor() -> None:
    report = week(finding("stress"))
    seen: list[str] = []
    while found := suggest(report, library(), seen):
        seen += [suggestion.passage.id for suggestion in found]
    assert seen == ["STR1", "STR2", "STR3"]  # from the easiest on


def test_at_the_same_level_the_clearer_finding_comes_first() -> None:
    near = replace(finding("caffeine"), estimate=Estimate(1.2, 1.01, 1.4))
    clear = replace(finding("stress"), estimate=Estimate(1.6, 1.4, 1.9))
    assert shown(week(near, clear))[0] == "STR1"


def test_there_are_words_for_every_way_in():
    passages = library().passages
    assert {passage.beside for passage in passages if passage.beside} == set(WENT_TOGETHER)
    assert {passage.figure.factor for passage in passages if passage.figure} == set(UNDER)
