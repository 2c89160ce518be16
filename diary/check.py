"""The symptoms check: six questions about everyday life, and the three ways to answer one.

What the answers ask for is not said here: `insights/knowledge/check.py` holds the rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _


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


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer; None where it was left open."""

    question: Question
    answer: Answer | None

    @property
    def said(self) -> str | Promise:
        """The answer in words."""
        return ANSWER_NAMES[self.answer] if self.answer else _("Not answered")

    @property
    def stands_out(self) -> bool:
        """Whether somebody who reads the answers should see this one first."""
        return self.answer in (Answer.YES, Answer.UNSURE)


@dataclass(frozen=True, slots=True)
class Answered:
    """A symptoms check as it was answered. A no with its date is worth as much as a yes."""

    uuid: UUID
    day: date
    answers: Mapping[str, Answer]
    words: str = ""
    removed: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every question in order, also those left open."""
        return tuple(Line(question, self.answers.get(key)) for key, question in QUESTIONS.items())

    @property
    def in_short(self) -> str:
        """The answers in one line: what stands out by name, the rest by number."""
        lines = self.lines
        if all(line.answer is Answer.NO for line in lines):
            return gettext("no to all six")
        parts = [f"{line.question.about}: {line.said}" for line in lines if line.stands_out]
        noes = sum(line.answer is Answer.NO for line in lines)
        if noes and len(parts) + noes == len(lines):
            parts.append(gettext("no to the rest"))
        elif noes:
            parts.append(ngettext("no to %(count)s", "no to %(count)s", noes) % {"count": noes})
        if left := sum(line.answer is None for line in lines):
            parts.append(
                ngettext("%(count)s not answered", "%(count)s not answered", left) % {"count": left}
            )
        return "; ".join(parts)
