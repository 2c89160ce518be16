"""The rows in which a day's factors are shown and changed, each one by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from django.utils.translation import gettext as _

from . import amounts
from .factors import DRINKS, Drink, Factor, Shape, as_remembered

NIGHTS = 7  # that the usual sleep is taken from


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
    glass_ml: int = 0

    @property
    def per(self) -> int:
        """Stored units in one of what is shown."""
        return self.glass_ml if self.factor.key == "hydration" else self.factor.scale

    @property
    def is_unusual(self) -> bool:
        """Saved, but worth asking about."""
        return self.stored is not None and amounts.is_unusual(self.factor.key, self.stored)

    @property
    def less(self) -> str:
        """The name of the button that takes away."""
        return {
            "sleep": _("Less sleep"),
            "caffeine": _("One coffee less"),
            "hydration": _("One glass less"),
        }.get(self.factor.key, _("Less: %(factor)s") % {"factor": self.factor.name})

    @property
    def more(self) -> str:
        """The name of the button that adds."""
        return {
            "sleep": _("More sleep"),
            "caffeine": _("One coffee more"),
            "hydration": _("One glass more"),
        }.get(self.factor.key, _("More: %(factor)s") % {"factor": self.factor.name})

    @property
    def typed(self) -> str:
        """The name of the field."""
        return {
            "sleep": _("Hours of sleep"),
            "caffeine": _("Caffeine in mg"),
            "hydration": _("Glasses of drinks without caffeine"),
        }.get(self.factor.key, str(self.factor.name))

    @property
    def drinks(self) -> Sequence[Drink]:
        """Usual drinks that add to this factor."""
        return list(DRINKS.values()) if self.factor.key == "caffeine" else ()

    @property
    def points(self) -> Sequence[tuple[int, str]]:
        """The answers to choose from and their words; none for an amount."""
        return [(point, str(words)) for point, words in self.factor.points.items()]

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
    glass_ml: int,
    usual: int | None = None,
    *,
    typed: str | None = None,
    error: str = "",
) -> Row:
    """One row. `typed` stays in the field when it could not be saved."""
    usual = usual if factor.key == "sleep" else None
    usual_text = "" if usual is None else amounts.written(factor, usual, glass_ml)
    if stored is None:
        about = _("not noted")
    elif stored == usual:
        about = _("as usual")
    else:
        about = amounts.about(factor.key, stored)
    text = "" if stored is None else amounts.written(factor, stored, glass_ml)
    return Row(
        factor,
        stored,
        text if typed is None else typed,
        about,
        usual,
        usual_text,
        error,
        one_step(factor, glass_ml),
        glass_ml,
    )


def one_step(factor: Factor, glass_ml: int) -> int:
    """What one tap on plus or minus changes, in stored units; of drinks it is one glass."""
    of_amounts = {"caffeine": DRINKS["coffee"].caffeine_mg, "hydration": glass_ml}
    return of_amounts.get(factor.key, factor.stored(factor.step))


def rows(
    values: Mapping[str, int | None],
    factors: Mapping[str, Factor],
    glass_ml: int,
    usual: int | None = None,
) -> list[Row]:
    """The rows of a day in the order in which a day is remembered."""
    return [
        row(factor, values.get(factor.column), glass_ml, usual) for factor in as_remembered(factors)
    ]
