"""The rules of the symptoms check, one by one and in every combination."""

from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from diary.check import QUESTIONS, Answer
from insights.knowledge.check import RULES, Level, judge, offered
from insights.knowledge.library import library

YES, NO, UNSURE = Answer.YES, Answer.NO, Answer.UNSURE
SOON = ("weakness", "feeling", "smaller", "speech")
PLAN = ("lasting", "medicine")
ALL_NO = dict.fromkeys(QUESTIONS, NO)


def every_set():
    for answers in product(Answer, repeat=len(QUESTIONS)):
        yield dict(zip(QUESTIONS, answers, strict=True))


@pytest.mark.parametrize("answer", [YES, UNSURE])
@pytest.mark.parametrize("question", SOON)
def test_one_sign_by_itself_asks_for_an_appointment_this_week(question, answer):
    assert judge(ALL_NO | {question: answer}).level is Level.SOON
    assert judge({question: answer}).level is Level.SOON  # with all the others left open


@pytest.mark.parametrize("answer", [YES, UNSURE])
@pytest.mark.parametrize("question", PLAN)
def test_a_calm_sign_by_itself_is_for_the_next_visit(question, answer):
    assert judge(ALL_NO | {question: answer}).level is Level.PLAN


def test_no_to_all_six_asks_for_nothing():
    outcome = judge(ALL_NO)
    assert outcome.nothing_asked
    assert (outcome.level, outcome.rules) == (None, ())


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_left_open_is_not_a_no(question):
    answers = {key: NO for key in QUESTIONS if key != question}
    outcome = judge(answers)
    assert outcome.level is None
    assert not outcome.nothing_asked
    assert outcome.left_open == (question,)


def test_every_set_of_answers_gets_the_highest_level_that_any_answer_leads_to():
    levels = {rule.question: rule.level for rule in RULES}
    for answers in every_set():
        expected = max((levels[key] for key, said in answers.items() if said is not NO), default=0)
        outcome = judge(answers)
        assert (outcome.level or 0) == expected
        assert outcome.nothing_asked == (expected == 0)
        assert {rule.question for rule in outcome.rules} == {
            key for key, said in answers.items() if said is not NO and levels[key] == expected
        }


def test_weakness_or_a_change_in_feeling_always_wins_over_a_reassuring_reading():
    for answers in every_set():
        if NO is answers["weakness"] is answers["feeling"]:
            continue
        outcome = judge(answers)
        assert outcome.level is Level.SOON
        assert not outcome.nothing_asked


def test_a_low_mineral_explains_no_weakness_and_no_numbness_away():
    assert judge(ALL_NO | {"weakness": UNSURE}).wins_over == ("A35",)
    assert judge(ALL_NO | {"feeling": YES}).wins_over == ("A36",)
    assert judge(ALL_NO | {"medicine": YES}).wins_over == ()


def test_no_answer_leads_to_the_emergency_number():
    """Sudden illness is told before the questions: then nobody should fill in a form."""
    assert Level.NOW not in {judge(answers).level for answers in every_set()}


def test_every_question_has_one_rule_and_every_rule_says_where_it_comes_from():
    assert [rule.question for rule in RULES] == list(QUESTIONS)
    told = {claim for passage in library().passages for claim in passage.claims}
    for rule in RULES:
        assert rule.claims or rule.outside
        assert set(rule.claims + rule.wins_over) <= told
    named = {claim for rule in RULES for claim in rule.claims}
    assert {"A30", "A88", "B26"} <= named


MONDAY = date(2026, 11, 16)


@pytest.mark.parametrize("last", [None, MONDAY - timedelta(days=100)])
def test_the_questions_are_offered_on_every_other_weekly_page_at_most(last):
    mondays = [MONDAY + timedelta(weeks=n) for n in range(120)]
    said = [offered(last, monday, monday + timedelta(days=7)) for monday in mondays]
    assert all(first is not second for first, second in pairwise(said))


def test_the_questions_are_not_offered_within_14_days_of_the_last_answers():
    monday = next(
        MONDAY + timedelta(weeks=n)
        for n in range(2)
        if offered(None, MONDAY + timedelta(weeks=n), MONDAY)
    )
    today = monday + timedelta(days=7)
    assert not offered(today, monday, today)
    assert not offered(today - timedelta(days=14), monday, today)
    assert offered(today - timedelta(days=15), monday, today)
