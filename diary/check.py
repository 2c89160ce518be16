"""The symptoms check: six questions about everyday life, and the three ways to answer one.

What the answers ask for is not said here: `insights/knowledge/check.py` holds the rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Answer(StrEnum):
    """How a question can be answered. One that was left open has no answer at all."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


ANSWER_NAMES: dict[Answer, str | Promise] = {
    Answer.YES: pgettext_lazy("answer", "Yes"),
    Answer.NO: pgettext_lazy("answer", "No"),
    Answer.UNSURE: pgettext_lazy("answer", "Not sure"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what it is about, and how it is asked.

    None asks anybody to test their strength or to watch a muscle: looking for something makes it
    easier to find.
    """

    key: str
    about: str | Promise  # as reports name it
    asked: str | Promise
    hint: str | Promise = ""


QUESTIONS: dict[str, Question] = {
    question.key: question
    for question in (
        Question(
            "weakness",
            _("Weakness: trouble with everyday things, such as stairs or grip"),
            _("Has something everyday become hard, such as stairs, buttons or your grip?"),
            _("Go by what you notice anyway. There is nothing to try out."),
        ),
        Question(
            "feeling",
            _("Numbness, tingling or loss of feeling"),
            _("Have you noticed numbness, tingling or a loss of feeling?"),
        ),
        Question(
            "smaller",
            _("A muscle that looks smaller than before"),
            _("Have you or somebody else noticed a muscle that looks smaller than before?"),
            _("There is no need to look or to measure."),
        ),
        Question(
            "speech",
            _("Trouble speaking, chewing or swallowing"),
            _("Has speaking, chewing or swallowing become hard?"),
        ),
        Question(
            "lasting",
            _("Twitching in one place, nearly all the time, over two weeks"),
            _("Has one place been twitching nearly all the time for over two weeks?"),
        ),
        Question(
            "medicine",
            _("New or changed medicine"),
            _("Do you take a new medicine, or has one changed?"),
            _("Keep taking what was prescribed until you have asked."),
        ),
    )
}


def known(stored: Mapping[str, str]) -> dict[str, Answer]:
    """The answers among what is stored, in the order of the questions."""
    return {key: Answer(stored[key]) for key in QUESTIONS if stored.get(key) in set(Answer)}
