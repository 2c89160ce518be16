"""The questions of the symptoms check, and how answers are read back."""

import re
from datetime import date
from uuid import UUID

from diary.check import ANSWER_NAMES, QUESTIONS, Answer, Answered, known

# What would make somebody examine themselves, or count.
SELF_TEST = re.compile(
    r"\b(try to|test|measure your|squeeze|stand on|walk on|hold your|press|count|watch)\b", re.I
)


def test_there_are_six_questions_each_with_three_answers():
    assert list(QUESTIONS) == ["weakness", "feeling", "smaller", "speech", "lasting", "medicine"]
    assert set(ANSWER_NAMES) == set(Answer)


def test_every_question_is_asked_from_everyday_life_and_never_as_a_test():
    for question in QUESTIONS.values():
        assert str(question.asked).endswith("?")
        assert not SELF_TEST.search(f"{question.about} {question.asked} {question.hint}")


def test_stored_answers_come_back_in_order_and_unknown_ones_stay_out():
    stored = {"medicine": "no", "weakness": "unsure", "feeling": "maybe", "mood": "yes"}
    assert list(known(stored).items()) == [("weakness", Answer.UNSURE), ("medicine", Answer.NO)]


def in_short(**answers):
    said = {key: Answer(answer) for key, answer in answers.items()}
    return Answered(UUID(int=1), date(2026, 11, 23), said).in_short


def test_answers_in_one_line_name_what_stands_out_and_count_the_rest():
    all_no = dict.fromkeys(QUESTIONS, "no")
    assert in_short(**all_no) == "no to all six"
    assert in_short(**all_no | {"medicine": "yes"}) == (
        "New or changed medicine: Yes; no to the rest"
    )
    assert in_short(weakness="no", medicine="unsure") == (
        "New or changed medicine: Not sure; no to 1; 4 not answered"
    )
