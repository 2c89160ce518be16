"""Twitch, cramp or tremor: what each is called, and four questions that tell them apart.

Pure. Only twitches are counted and compared; the other two are noted and kept apart. What the
questions go by is told in Learn, with its sources.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words


class NoteKind(StrEnum):
    """What was felt."""

    TWITCH = "twitch"
    CRAMP = "cramp"
    TREMOR = "tremor"


KIND_NAMES: dict[NoteKind, "Words"] = {
    NoteKind.TWITCH: _("Twitch"),
    NoteKind.CRAMP: _("Cramp"),
    NoteKind.TREMOR: _("Tremor"),
}
KIND_WITHIN: dict[NoteKind, "Words"] = {
    NoteKind.TWITCH: pgettext_lazy("within a sentence", "twitch"),
    NoteKind.CRAMP: pgettext_lazy("within a sentence", "cramp"),
    NoteKind.TREMOR: pgettext_lazy("within a sentence", "tremor"),
}
ALL = frozenset(NoteKind)
SURE_FROM = 2  # answers that point somewhere; one alone tells nothing


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer, and which kinds it goes with."""

    key: str
    name: "Words"
    fits: frozenset[NoteKind] = ALL


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to remember of how it felt."""

    key: str
    text: "Words"
    choices: tuple[Choice, ...]


UNSURE = Choice("unsure", pgettext_lazy("answer", "Not sure"))

# How a twitch, a cramp and a tremor differ: claims A50, A51, A52 and B04.
QUESTIONS = (
    Question(
        "feel",
        _("How did it feel?"),
        (
            Choice(
                "painless",
                _("A flicker that did not hurt"),
                frozenset({NoteKind.TWITCH, NoteKind.TREMOR}),
            ),
            Choice("painful", _("It hardened and hurt"), frozenset({NoteKind.CRAMP})),
            UNSURE,
        ),
    ),
    Question(
        "size",
        _("How much of the muscle was it?"),
        (
            Choice("small", _("A small part of it"), frozenset({NoteKind.TWITCH})),
            Choice(
                "whole",
                _("The whole muscle, or more than one"),
                frozenset({NoteKind.CRAMP, NoteKind.TREMOR}),
            ),
            UNSURE,
        ),
    ),
    Question(
        "rhythm",
        _("Did it shake to and fro in an even rhythm?"),
        (
            Choice("yes", pgettext_lazy("answer", "Yes"), frozenset({NoteKind.TREMOR})),
            Choice(
                "no",
                pgettext_lazy("answer", "No"),
                frozenset({NoteKind.TWITCH, NoteKind.CRAMP}),
            ),
            UNSURE,
        ),
    ),
    Question(
        "hold",
        _("How long did one of them hold on?"),
        (
            Choice(
                "instant",
                _("An instant, even if it came again"),
                frozenset({NoteKind.TWITCH}),
            ),
            Choice(
                "minutes",
                _("Seconds to minutes without letting go"),
                frozenset({NoteKind.CRAMP, NoteKind.TREMOR}),
            ),
            UNSURE,
        ),
    ),
)


def told_apart(answers: Mapping[str, str]) -> NoteKind | None:
    """The one kind that every answer fits; None where they fit none, several, or say too little."""
    telling = [fits for fits in _fits(answers) if fits != ALL]
    if len(telling) < SURE_FROM:
        return None
    left = ALL.intersection(*telling)
    return next(iter(left)) if len(left) == 1 else None


def _fits(answers: Mapping[str, str]) -> Iterable[frozenset[NoteKind]]:
    for question in QUESTIONS:
        yield from (c.fits for c in question.choices if c.key == answers.get(question.key))
