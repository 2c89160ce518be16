from datetime import date

import pytest

from diary.factors import FACTORS, OPTIONAL
from insights import wording
from insights.analysis.results import Estimate, Gate, Group, Level
from insights.analysis.series import Own
from tests.insights.findings import finding, refused, week_of


def test_a_week_is_told_in_days_and_a_blank_day_is_in_no_sum():
    said = wording.lead(week_of(2, 1, 0, 0, None, 3, 1))
    assert said == "You noted twitches on 4 of the 6 days you kept, and marked 2 as clear."


def test_a_blank_week_is_called_blank():
    assert wording.lead(week_of(*[None] * 7, before=[1] * 7)) == "This week is blank."


def test_a_week_is_set_beside_earlier_ones_that_were_kept_as_fully():
    before = [1, 1, 1, 0, 0, 0, 0] * 2
    assert "this week had more" in wording.lead(week_of(1, 1, 1, 1, 1, 0, 0, before=before))
    assert "this week had fewer" in wording.lead(week_of(1, 1, 0, 0, 0, 0, 0, before=before))
    assert "one of your usual weeks" in wording.lead(week_of(1, 1, 1, 0, 0, 0, 0, before=before))


def test_weeks_kept_less_fully_are_not_compared_with():
    assert "earlier" not in wording.lead(
        week_of(1, 1, 1, 1, 1, 0, 0, before=[1, None, None, None, None, None, None] * 3)
    )


@pytest.mark.parametrize(
    ("level", "ratio", "words"),
    [
        (Level.NONE, 1.3, "Could go either way"),
        (Level.WEAK, 1.3, "A hint of more"),
        (Level.WEAK, 0.7, "A hint of fewer"),
        (Level.MODERATE, 1.3, "A steadier pattern: more"),
        (Level.STRONG, 0.7, "A steadier pattern: fewer"),
    ],
)
def test_each_level_has_its_words(level, ratio, words):
    assert wording.level(finding(level, ratio)) == words


@pytest.mark.parametrize("gate", list(Gate))
def test_every_refusal_says_what_there_is_or_what_is_missing(gate):
    said = wording.refusal(refused(gate, 3, 28, "sleep"))
    assert said.endswith(".")
    assert "%" not in said


def test_one_missing_day_is_not_called_days():
    assert wording.refusal(refused(Gate.FEW_DAYS, 41, 42)) == ("1 more day you keep is needed.")


def test_a_card_starts_with_its_level_and_never_says_cause():
    for level in (Level.WEAK, Level.MODERATE, Level.STRONG):
        for factor in ("caffeine", "sleep", "stress", "hydration"):
            said = wording.title(finding(level, factor=factor))
            assert said.startswith(("A hint: ", "A steadier pattern: "))
            assert "because" not in said
            assert "slightly more notes" in said


def test_frequencies_are_out_of_ten_and_equal_ones_are_said_once():
    assert wording.in_ten(finding()) == (
        "On days over 190 mg you noted a twitch about 8 times in 10. On your other days, about "
        "6 times in 10."
    )
    assert wording.tenths(Group(3, 1, (0, 0, 1))) == 3


def test_a_range_is_told_in_words_with_its_two_ends():
    assert wording.fits(finding().difference) == "0.2 fewer to 1.4 more"
    assert wording.more_or_fewer(0.04) == "no difference"


def test_the_worked_out_sentence_holds_the_ratio_and_its_range():
    said = wording.worked_out(finding())
    assert "100 mg more caffeine" in said
    assert all(number in said for number in ("1.30", "1.04", "1.62"))


def test_weeks_across_months_and_years_are_named_in_full():
    assert wording.span(date(2026, 11, 16), date(2026, 11, 22)) == "16 to 22 November"
    assert wording.span(date(2026, 11, 30), date(2026, 12, 6)) == "30 November to 6 December"
    assert wording.span(date(2025, 12, 29), date(2026, 1, 4)) == "29 December 2025 to 4 January"


COMPARED = [key for key, factor in (FACTORS | OPTIONAL).items() if factor.lags]


@pytest.mark.parametrize("key", COMPARED)
def test_every_factor_of_ours_has_words_of_its_own(key):
    found = finding(factor=key)
    name = str((FACTORS | OPTIONAL)[key].name)
    assert key in wording.CAVEATS
    for said in (wording.step_of(found), wording.title(found)):
        assert said
        assert f"“{name}”" not in said  # quoted names are for factors that a person made


@pytest.mark.parametrize(
    ("own", "step", "higher"),
    [
        (Own("Cold hands", "yes-no", "day", "", 1), "a yes for “Cold hands”", "a yes for"),
        (Own("Worry", "scale", "day", "", 1), "1 more of “Worry”", "over 190"),
        (Own("Screens", "amount", "day", "min", 15), "15 min more of “Screens”", "over 190 min"),
    ],
)
def test_a_factor_that_a_person_made_is_told_by_its_name(own, step, higher):
    found = finding(factor="own-1", own=own, unit=own.step)
    assert wording.step_of(found) == step
    assert higher in wording.higher_days(found)
    assert own.name in wording.title(found)
    assert wording.caveat(found)


@pytest.mark.parametrize(
    ("difference", "said"),
    [(0.19, "0.2 more"), (-0.76, "0.8 fewer"), (0.06, "0.1 more"), (-0.04, "no difference")],
)
def test_a_difference_is_rounded_and_never_cut_off(difference, said):
    assert wording.more_or_fewer(difference) == said


def test_the_ends_of_a_range_are_rounded_as_its_middle_is():
    estimate = Estimate(1.3855, 1.0049, 1.9677)
    said = wording.worked_out(finding(Level.STRONG, estimate=estimate))
    assert "1.39" in said
    assert "from 1.00 to 1.97 times" in said
