"""How the amounts of a day are written and read: 6 h 30, 180 mg, 5 glasses.

Stored values are whole minutes, mg, ml and points of the stress scale. What is written here can
be typed back in and means the same.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .factors import DRINKS, Factor, as_remembered

COFFEE_MG = DRINKS["coffee"].caffeine_mg

NUMBER = r"(-?[0-9]{1,6}(?:[.,][0-9]{1,2})?)"  # digits of ASCII alone; 1,200 is no number
CLOCK = re.compile(r"(-?[0-9]{1,4}) ?[:h] ?([0-5]?[0-9])(?: ?m(?:in)?)?")
HOURS = re.compile(NUMBER + r" ?h?")
WITH_UNIT = re.compile(NUMBER + r" ?([^\W0-9_][^0-9]*)?")
POINTS = re.compile(r"-?[0-9]{1,6}")


def read(factor: Factor, text: str, glass_ml: int) -> int:
    """The stored value that a text stands for, in range or not. Raises ValueError if it is none.

    Drinks without a unit are glasses.
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
        units = {"": 1, "mg": 1}
    elif factor.key == "hydration":
        units = {
            "": glass_ml,
            "ml": 1,
            "l": 1000,
            _("glass").lower(): glass_ml,
            _("glasses").lower(): glass_ml,
        }
    else:
        units = {"": factor.scale, str(factor.unit).lower(): factor.scale}
    if not found or (found[2] or "") not in units:
        raise ValueError(text)
    return round(_decimal(found[1]) * units[(found[2] or "")])


def written(factor: Factor, stored: int, glass_ml: int) -> str:
    """A stored value in the way it is typed; of an answer that is chosen, its words."""
    if factor.key == "stress":
        return str(stored)
    if factor.points:
        return str(factor.points[stored])
    if factor.key == "sleep":
        hours, minutes = divmod(stored, 60)
        return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
    if factor.key == "hydration":
        glasses = Decimal(stored) / glass_ml
        if glasses != round(glasses, 2):
            return f"{stored} ml"
        # A part of a glass takes the plural, as in 0.5 glasses.
        count = int(glasses) if glasses == int(glasses) else 2
        return ngettext("%(count)s glass", "%(count)s glasses", count) % {"count": _short(glasses)}
    return f"{_short(Decimal(stored) / factor.scale)} {factor.unit}".strip()


def about(key: str, stored: int) -> str:
    """The same amount in other words, where that helps; else empty."""
    if key == "caffeine" and stored and stored % COFFEE_MG == 0:
        count = stored // COFFEE_MG
        return ngettext("about %(count)s coffee", "about %(count)s coffees", count) % {
            "count": count
        }
    if key == "hydration":
        litres = f"{(Decimal(stored) / 1000).normalize():f}"
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
    values: Mapping[str, int | None], factors: Mapping[str, Factor], glass_ml: int
) -> list[str]:
    """What is known of a day, such as 7 h sleep and 180 mg caffeine.

    `values` are stored values by column.
    """
    sentences = {
        "sleep": _("%(amount)s sleep"),
        "caffeine": _("%(amount)s caffeine"),
        "hydration": _("%(amount)s to drink"),
        "stress": _("stress %(amount)s"),
        "exercise": _("%(amount)s of exercise"),
        "alcohol": _("%(amount)s with alcohol"),
    }
    return [
        sentences.get(factor.key, _("%(factor)s: %(amount)s"))
        % {"factor": factor.name, "amount": written(factor, stored, glass_ml)}
        for factor in as_remembered(factors)
        if (stored := values.get(factor.column)) is not None
    ]


def summary(values: Mapping[str, int | None], factors: Mapping[str, Factor], glass_ml: int) -> str:
    """What is known of a day in one line; empty if nothing is."""
    return ", ".join(known(values, factors, glass_ml))


def _short(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _minutes(text: str) -> int:
    if found := CLOCK.fullmatch(text):
        hours, minutes = int(found[1]), int(found[2])
        return hours * 60 + (-minutes if text.startswith("-") else minutes)
    if found := HOURS.fullmatch(text):
        return round(_decimal(found[1]) * 60)
    raise ValueError(text)
