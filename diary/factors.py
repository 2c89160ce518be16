"""What is noted for a day beside its twitches: the one place that knows each factor.

Forms, pages, comparisons and exports all draw on `FACTORS`. A new factor is one entry here and
one column of `diary.models.FactorValues`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a day.

    `minimum`, `maximum`, `step` and `per` are in the factor's own unit (mg, h, points, ml); the
    database column holds `scale` times that value as a whole number.
    """

    key: str
    column: str
    export: str  # column of the CSV, in the own unit
    name: "Words"  # lazy
    when: "Words"  # lazy: which part of the day it is about
    unit: "Words"  # lazy, short; empty where the value is a point of a scale
    minimum: int
    maximum: int
    step: float
    scale: int
    per: float  # rate ratios are stated for this much more
    lags: tuple[int, ...]  # days between the factor and the twitches, declared in advance

    def stored(self, value: float) -> int:
        """The whole number that the database holds for a value in the own unit."""
        return round(value * self.scale)

    def shown(self, stored: int) -> float:
        """The value in the own unit."""
        return stored / self.scale


FACTORS = {
    factor.key: factor
    for factor in (
        Factor(
            key="caffeine",
            column="caffeine_mg",
            export="caffeine_mg",
            name=_("Caffeine"),
            when=_("since waking"),
            unit=_("mg"),
            minimum=0,
            maximum=2000,
            step=10,
            scale=1,
            per=100,
            lags=(0,),
        ),
        Factor(
            key="sleep",
            column="sleep_minutes",
            export="sleep_h",
            name=_("Sleep"),
            when=_("last night"),
            unit=_("h"),
            minimum=0,
            maximum=24,
            step=0.5,
            scale=60,
            per=1,
            lags=(0,),
        ),
        Factor(
            key="stress",
            column="stress",
            export="stress_1_5",
            name=_("Stress"),
            when=_("the day as a whole"),
            unit="",
            minimum=1,
            maximum=5,
            step=1,
            scale=1,
            per=1,
            lags=(0, 1),
        ),
        Factor(
            key="hydration",
            column="drinks_ml",
            export="drinks_ml",
            name=_("Drinks"),
            when=_("without caffeine"),
            unit=_("ml"),
            minimum=0,
            maximum=10_000,
            step=250,
            scale=1,
            per=500,
            lags=(0,),
        ),
    )
}
COLUMNS = tuple(factor.column for factor in FACTORS.values())

STRESS_WORDS = {
    1: _("calm"),
    2: _("mostly calm"),
    3: _("some stress"),
    4: _("a lot"),
    5: _("as much as I can imagine"),
}


@dataclass(frozen=True, slots=True)
class Drink:
    """A usual drink with caffeine; amounts are typical, so always shown as "about"."""

    key: str
    name: "Words"  # lazy
    caffeine_mg: int


# Typical values of the European Food Safety Authority, 2015.
DRINKS = {
    drink.key: drink
    for drink in (
        Drink("coffee", _("Coffee, mug"), 90),
        Drink("espresso", _("Espresso"), 80),
        Drink("tea", _("Black tea, mug"), 50),
        Drink("cola", _("Cola, can"), 40),
        Drink("energy", _("Energy drink"), 80),
        Drink("chocolate", _("Dark chocolate, 50 g"), 25),
    )
}
