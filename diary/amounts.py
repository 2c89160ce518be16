"""How the amounts of a day are written and read: 6 h 30, 180 mg, 5 glasses.

Stored values are whole minutes, mg, ml and points of the stress scale. What is written here can
be typed back in and means the same.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .factors import Factor, as_remembered
from .shown import Caffeine, Drinks, Units, number

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

NUMBER = r"(-?[0-9]{1,6}(?:[.,][0-9]{1,2})?)"  # digits of ASCII alone; 1,200 is no number
CLOCK = re.compile(r"(-?[0-9]{1,4}) ?[:h] ?([0-5]?[0-9])(?: ?m(?:in)?)?")
HOURS = re.compile(NUMBER + r" ?h?")
WITH_UNIT = re.compile(NUMBER + r" ?([^\W0-9_][^0-9]*)?")
POINTS = re.compile(r"-?[0-9]{1,6}")
SENTENCES = {
    "sleep": gettext_lazy("%(amount)s sleep"),
    "caffeine": gettext_lazy("%(amount)s caffeine"),
    "hydration": gettext_lazy("%(amount)s to drink"),
    "stress": gettext_lazy("stress %(amount)s"),
    "exercise": gettext_lazy("%(amount)s of exercise"),
    "alcohol": gettext_lazy("%(amount)s with alcohol"),
}
ANY = gettext_lazy("%(factor)s: %(amount)s")


def read(factor: Factor, text: str, units: Units) -> int:
    """The stored value that a text stands for, in range or not. Raises ValueError if it is none.

    Drinks and caffeine without a unit are in what this person counts them in.
    """
    text = text.strip().lower()
    if factor.points:
        if not POINTS.fullmatch(text):
            raise ValueError(text)
        return int(text)
    if factor.key == "sleep":
        return _minutes(text)
    found = WITH_UNIT.fullmatch(text)
    if factor.key == "caffeine":
        sizes: dict[str, Decimal | int] = {
            "": units.caffeine_mg,
            "mg": 1,
            _("coffee").lower(): units.coffee_mg,
            _("coffees").lower(): units.coffee_mg,
        }
    elif factor.key == "hydration":
        sizes = {
            "": units.ml,
            "ml": 1,
            "l": 1000,
            _("glass").lower(): units.glass_ml,
            _("glasses").lower(): units.glass_ml,
        }
        if units.ounce_ml:
            sizes |= dict.fromkeys(("fl oz", "fl. oz", "oz", _("fl oz").lower()), units.ml)
    else:
        sizes = {"": factor.scale, str(factor.unit).lower(): factor.scale}
    if not found or (found[2] or "") not in sizes:
        raise ValueError(text)
    return round(_decimal(found[1]) * sizes[(found[2] or "")])


def written(factor: Factor, stored: int, units: Units) -> str:
    """A stored value in the way it is typed; of an answer that is chosen, its words."""
    if factor.key == "stress":
        return str(stored)
    if factor.points:
        return str(factor.points[stored])
    if factor.key == "sleep":
        hours, minutes = divmod(stored, 60)
        return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
    if factor.key == "caffeine" and units.caffeine == Caffeine.DRINKS:
        return in_coffees(stored, units) or _("%(mg)s mg") % {"mg": stored}
    if factor.key == "hydration":
        if units.ounce_ml:
            return _("%(count)s fl oz") % {"count": number(units.ounces(stored))}
        glasses = Decimal(stored) / units.glass_ml
        if units.drinks == Drinks.ML or glasses != round(glasses, 2):
            return f"{stored} ml"
        plural = _plural(glasses)
        return ngettext("%(count)s glass", "%(count)s glasses", plural) % {"count": number(glasses)}
    return f"{number(Decimal(stored) / factor.scale)} {factor.unit}".strip()


def in_coffees(mg: int, units: Units) -> str:
    """Caffeine as a number of coffees; empty where no short number means these very mg."""
    count = Decimal(mg) / units.coffee_mg
    if count != round(count, 2):
        return ""
    plural = _plural(count)
    return ngettext("%(count)s coffee", "%(count)s coffees", plural) % {"count": number(count)}


def about(key: str, stored: int, units: Units) -> str:
    """The same amount in other words, where that helps; else empty."""
    if key == "caffeine" and units.caffeine == Caffeine.DRINKS:
        is_told = not stored or not in_coffees(stored, units)
        return "" if is_told else _("about %(mg)s mg") % {"mg": stored}
    if key == "caffeine" and stored and stored % units.coffee_mg == 0:
        count = stored // units.coffee_mg
        return ngettext("about %(count)s coffee", "about %(count)s coffees", count) % {
            "count": count
        }
    if key == "hydration" and not units.ounce_ml:
        litres = number(Decimal(stored) / 1000)
        return ngettext("%(count)s litre", "%(count)s litres", 1 if stored == 1000 else 2) % {
            "count": litres
        }
    return ""


def is_unusual(key: str, stored: int) -> bool:
    """Possible, but worth asking whether it is right."""
    if key == "caffeine":
        return stored > 800
    return key == "sleep" and not 2 * 60 <= stored <= 14 * 60


def known(
    values: Mapping[str, int | None], factors: Mapping[str, Factor], units: Units
) -> list[str]:
    """What is known of a day, such as 7 h sleep and 180 mg caffeine.

    `values` are stored values by column.
    """
    return [
        str(_sentence(factor, units))
        % {"factor": factor.name, "amount": written(factor, stored, units)}
        for factor in as_remembered(factors)
        if (stored := values.get(factor.column)) is not None
    ]


def _sentence(factor: Factor, units: Units) -> "Words":
    if factor.key == "caffeine" and units.caffeine == Caffeine.DRINKS:
        return _("caffeine of %(amount)s")
    return SENTENCES.get(factor.key, ANY)


def summary(values: Mapping[str, int | None], factors: Mapping[str, Factor], units: Units) -> str:
    """What is known of a day in one line; empty if nothing is."""
    return ", ".join(known(values, factors, units))


def _plural(count: Decimal) -> int:
    """The number that decides between one and many; a part takes the plural, as in 0.5 glasses."""
    return int(count) if count == int(count) else 2


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _minutes(text: str) -> int:
    if found := CLOCK.fullmatch(text):
        hours, minutes = int(found[1]), int(found[2])
        return hours * 60 + (-minutes if text.startswith("-") else minutes)
    if found := HOURS.fullmatch(text):
        return round(_decimal(found[1]) * 60)
    raise ValueError(text)
