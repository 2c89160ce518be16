"""The rows in which a day's factors are shown and changed, each one by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median_low

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import amounts
from .drinks import Drink
from .factors import Factor, Shape, as_remembered
from .shown import Caffeine, Drinks, Units, together

NIGHTS = 7  # that the usual sleep is taken from
LESS = {
    "sleep": gettext_lazy("Less sleep"),
    "caffeine": gettext_lazy("One coffee less"),
    "hydration": gettext_lazy("One glass less"),
}
MORE = {
    "sleep": gettext_lazy("More sleep"),
    "caffeine": gettext_lazy("One coffee more"),
    "hydration": gettext_lazy("One glass more"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One factor of a day as it stands, or as it was typed when that could not be saved."""

    factor: Factor
    stored: int | None
    text: str  # in the field
    about: str  # under the field
    usual: int | None = None  # offered while nothing is noted
    usual_text: str = ""
    error: str = ""
    step: int = 0  # what one tap on plus adds, in stored units
    units: Units = field(default_factory=Units)

    @property
    def per(self) -> str:
        """Stored units in one of what is shown, for scripts."""
        in_units = {"hydration": self.units.ml, "caffeine": self.units.caffeine_mg}
        return str(in_units.get(self.factor.key, self.factor.scale))

    @property
    def unit(self) -> str:
        """What stands behind the number; nothing behind a number of glasses or coffees."""
        if self.factor.key == "caffeine" and self.units.caffeine == Caffeine.DRINKS:
            return ""
        if self.factor.key != "hydration":
            return str(self.factor.unit)
        return self.units.sign

    @property
    def is_unusual(self) -> bool:
        """Saved, but worth asking about."""
        return self.stored is not None and amounts.is_unusual(self.factor.key, self.stored)

    @property
    def less(self) -> str:
        """The name of the button that takes away."""
        words = LESS.get(self.factor.key)
        return str(words) if words else _("Less: %(factor)s") % {"factor": self.factor.name}

    @property
    def more(self) -> str:
        """The name of the button that adds."""
        words = MORE.get(self.factor.key)
        return str(words) if words else _("More: %(factor)s") % {"factor": self.factor.name}

    @property
    def typed(self) -> str:
        """The name of the field."""
        if self.factor.key == "sleep":
            return _("Hours of sleep")
        if self.factor.key == "caffeine":
            return caffeine_typed(self.units)
        if self.factor.key == "hydration":
            return drinks_typed(self.units)
        return str(self.factor.name)

    @property
    def drinks(self) -> Sequence[tuple[Drink, str]]:
        """Usual drinks that add to this factor, and how much."""
        if self.factor.key != "caffeine":
            return ()
        adds = _("%(name)s, about %(mg)s mg")
        return [
            (drink, together(adds % {"name": drink.name, "mg": drink.caffeine_mg}))
            for drink in self.units.usual
        ]

    @property
    def points(self) -> tuple[tuple[int, str], ...]:
        """The answers to choose from and their words; none for an amount."""
        return tuple((point, str(words)) for point, words in self.factor.points.items())

    @property
    def ends(self) -> tuple[str, str] | None:
        """What the first and the last point of a scale mean, where the points are numbers."""
        if self.factor.key == "stress":
            return _("calm"), _("very high")
        if self.factor.own and self.factor.shape is Shape.SCALE:
            return _("least"), _("most")
        return None


def usual_sleep(nights: Sequence[int]) -> int | None:
    """The median of the last seven known nights, in minutes; `nights` begin with the latest."""
    return median_low(nights[:NIGHTS]) if nights else None


def row(
    factor: Factor,
    stored: int | None,
    units: Units,
    usual: int | None = None,
    *,
    typed: str | None = None,
    error: str = "",
) -> Row:
    """One row. `typed` stays in the field when it could not be saved."""
    usual = usual if factor.key == "sleep" else None
    usual_text = "" if usual is None else amounts.written(factor, usual, units)
    if stored is None:
        about = _("not noted")
    elif stored == usual:
        about = _("as usual")
    else:
        about = amounts.about(factor.key, stored, units)
    text = "" if stored is None else amounts.written(factor, stored, units)
    return Row(
        factor,
        stored,
        text if typed is None else typed,
        about,
        usual,
        usual_text,
        error,
        one_step(factor, units),
        units,
    )


def one_step(factor: Factor, units: Units) -> int:
    """What one tap on plus or minus changes, in stored units; of drinks it is one glass."""
    of_amounts = {"caffeine": units.coffee_mg, "hydration": units.glass_ml}
    return of_amounts.get(factor.key, factor.stored(factor.step))


def stepped(factor: Factor, base: int, taps: int, units: Units) -> int:
    """What so many taps on plus lead to, in stored units; minus is less than none.

    Below nothing there is nothing. In ounces whole ones stay whole, which their ml do not.
    """
    if factor.key == "hydration" and units.ounce_ml:
        ounces = units.ounces(base) + taps * units.ounces(units.glass_ml)
        return max(round(ounces * units.ounce_ml), 0)
    return max(base + taps * one_step(factor, units), 0)


def caffeine_typed(units: Units) -> str:
    """The name of the field of caffeine."""
    if units.caffeine == Caffeine.DRINKS:
        return _("Caffeine in coffees")
    return _("Caffeine in mg")


def drinks_typed(units: Units) -> str:
    """The name of the field of drinks."""
    every = units.every_drink
    if units.drinks == Drinks.GLASSES:
        return _("Glasses of drinks") if every else _("Glasses of drinks without caffeine")
    if units.ounce_ml:
        return (
            _("Drinks in fluid ounces") if every else _("Drinks without caffeine in fluid ounces")
        )
    return _("Drinks in ml") if every else _("Drinks without caffeine in ml")


def rows(
    values: Mapping[str, int | None],
    factors: Mapping[str, Factor],
    units: Units,
    usual: int | None = None,
) -> list[Row]:
    """The rows of a day in the order in which a day is remembered."""
    return [
        row(factor, values.get(factor.column), units, usual) for factor in as_remembered(factors)
    ]
