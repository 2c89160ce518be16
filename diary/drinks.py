"""Drinks with caffeine, one tap each: typical ones, or those that a person has written instead.

Stored in the diary's `usual_drinks`; an empty list stands for the typical ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

DRINKS_AT_MOST = 8
NAME_AT_MOST = 40
CAFFEINE_MG = (1, 500)  # of one drink
SIZE_ML = (0, 1000)  # of one drink; what is eaten has none


@dataclass(frozen=True, slots=True)
class Drink:
    """A usual drink with caffeine; amounts are typical, so always shown as "about"."""

    key: str
    name: "Words"  # lazy
    caffeine_mg: int
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


@dataclass(frozen=True, slots=True)
class _Kept:
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=16)]
    name: Annotated[str, msgspec.Meta(max_length=NAME_AT_MOST)]  # empty: as the typical one
    caffeine_mg: Annotated[int, msgspec.Meta(ge=CAFFEINE_MG[0], le=CAFFEINE_MG[1])]
    # None: as the typical one, since sizes were not always asked for
    ml: Annotated[int, msgspec.Meta(ge=SIZE_ML[0], le=SIZE_ML[1])] | None = None

    @property
    def drink(self) -> Drink:
        """With what it leaves to the typical one."""
        typical = DRINKS.get(self.key)
        ml = (typical.ml if typical else 0) if self.ml is None else self.ml
        return Drink(self.key, self.name or DRINKS[self.key].name, self.caffeine_mg, ml)


def drinks_of(stored: list[Any]) -> tuple[Drink, ...]:
    """What a diary's `usual_drinks` say. Raises ValueError if they are none."""
    if not stored:
        return TYPICAL
    kept = msgspec.convert(
        stored, Annotated[tuple[_Kept, ...], msgspec.Meta(max_length=DRINKS_AT_MOST)]
    )
    if any(not one.name and one.key not in DRINKS for one in kept):
        raise ValueError(stored)
    return tuple(one.drink for one in kept)


def as_stored(drinks: Iterable[tuple[str, str, int, int]]) -> list[Any]:
    """What a diary's `usual_drinks` shall say of these keys, names, mg and ml.

    A typical drink under its own name keeps that name in every language.
    """
    kept = [
        _Kept(key, "" if key in DRINKS and name == DRINKS[key].name else name, *amounts)
        for key, name, *amounts in drinks
    ]
    typical = [_Kept(drink.key, "", drink.caffeine_mg, drink.ml) for drink in TYPICAL]
    stored: list[Any] = [] if kept == typical else msgspec.to_builtins(kept)
    return stored
