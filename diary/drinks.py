"""Drinks with caffeine, one tap each: typical ones, or those that a person has written instead.

Stored in the diary's `usual_drinks`; an empty list stands for the typical ones.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

DRINKS_AT_MOST = 8
NAME_AT_MOST = 40
CAFFEINE_MG = (1, 500)  # of one drink
CUPS_AT_MOST = 24  # of a day, whose times are kept
SIZE_ML = (0, 1000)  # of one drink; what is eaten has none


@dataclass(frozen=True, slots=True)
class Drink:
    """A usual drink with caffeine; amounts are typical, so always shown as "about"."""

    key: str
    name: "Words"  # lazy
    caffeine_mg: int
    ml: int


@dataclass(frozen=True, slots=True)
class Cup:
    """A drink with caffeine that one tap added, or took away; `ml` more or less was drunk."""

    added: bool
    ml: int


# Typical values of the European Food Safety Authority, 2015.
DRINKS = {
    drink.key: drink
    for drink in (
        Drink("coffee", _("Coffee, mug"), 90, 200),
        Drink("espresso", _("Espresso"), 80, 60),
        Drink("tea", _("Black tea, mug"), 50, 220),
        Drink("cola", _("Cola, can"), 40, 355),
        Drink("energy", _("Energy drink"), 80, 250),
        Drink("chocolate", _("Dark chocolate, 50 g"), 25, 0),
    )
}
TYPICAL = tuple(DRINKS.values())
COFFEE = DRINKS["coffee"]


def drinks_of(stored: list[Any]) -> tuple[Drink, ...]:
    """What a diary's `usual_drinks` say. Raises ValueError if they are none."""
    if not stored:
        return TYPICAL
    from . import own_drinks  # with the first diary that has some

    return own_drinks.read(stored)
