"""The questions of the symptoms check, and how answers are read back."""

import re

from diary.check import ANSWER_NAMES, QUESTIONS, Answer, known

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
