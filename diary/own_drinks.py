"""Drinks that a person has written instead of the typical ones, as their diary stores them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from .drinks import (
    CAFFEINE_MG,
    COFFEE,
    DRINKS,
    DRINKS_AT_MOST,
    NAME_AT_MOST,
    SIZE_ML,
    TYPICAL,
    Drink,
)


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


def read(stored: list[Any]) -> tuple[Drink, ...]:
    """What a diary's `usual_drinks` say that are not empty. Raises ValueError if they are none."""
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


def with_coffee(usual: Iterable[Drink], ml: int) -> list[Any]:
    """What a diary shall say of these drinks when its coffee has this size.

    It has caffeine in proportion to a typical one.
    """
    coffee = round(COFFEE.caffeine_mg * ml / COFFEE.ml), ml
    return as_stored(
        (one.key, str(one.name), *(coffee if one.key == COFFEE.key else (one.caffeine_mg, one.ml)))
        for one in usual
    )
