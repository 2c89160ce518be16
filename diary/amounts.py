"""How the amounts of a day are written and read: 6 h 30, 180 mg, 5 glasses.

Stored values are whole minutes, mg, ml and points of the stress scale. What is written here can
be typed back in and means the same.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .factors import DRINKS, FACTORS

COFFEE_MG = DRINKS["coffee"].caffeine_mg

NUMBER = r"(-?[0-9]{1,6}(?:[.,][0-9]{1,2})?)"  # digits of ASCII alone; 1,200 is no number
CLOCK = re.compile(r"(-?[0-9]{1,4}) ?[:h] ?([0-5]?[0-9])(?: ?m(?:in)?)?")
HOURS = re.compile(NUMBER + r" ?h?")
MILLIGRAMS = re.compile(NUMBER + r" ?(?:mg)?")
VOLUME = re.compile(NUMBER + r" ?([^\W0-9_]*)")
POINTS = re.compile(r"-?[0-9]{1,6}")


def read(key: str, text: str, glass_ml: int) -> int:
    """The stored value that a text stands for, in range or not. Raises ValueError if it is none.

    Drinks without a unit are glasses.
    """
    text = text.strip().lower()
    if key == "sleep":
        return _minutes(text)
    if key == "caffeine":
        return round(_number(MILLIGRAMS, text))
    if key == "hydration":
        found = VOLUME.fullmatch(text)
        units = {
            "": glass_ml,
            "ml": 1,
            "l": 1000,
            _("glass").lower(): glass_ml,
            _("glasses").lower(): glass_ml,
        }
        if not found or found[2] not in units:
            raise ValueError(text)
        return round(_decimal(found[1]) * units[found[2]])
    if not POINTS.fullmatch(text):
        raise ValueError(text)
    return int(text)


def written(key: str, stored: int, glass_ml: int) -> str:
    """A stored value in the way it is typed."""
    if key == "sleep":
        hours, minutes = divmod(stored, 60)
        return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
    if key == "caffeine":
        return f"{stored} mg"
    if key == "hydration":
        glasses = Decimal(stored) / glass_ml
        if glasses != round(glasses, 2):
            return f"{stored} ml"
        shown = f"{glasses.normalize():f}"
        # A part of a glass takes the plural, as in 0.5 glasses.
        count = int(glasses) if glasses == int(glasses) else 2
        return ngettext("%(count)s glass", "%(count)s glasses", count) % {"count": shown}
    return str(stored)


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


def known(values: Mapping[str, int | None], glass_ml: int) -> list[str]:
    """What is known of a day, such as 7 h sleep and 180 mg caffeine.

    `values` are stored values by column.
    """
    sentences = {
        "sleep": _("%(amount)s sleep"),
        "caffeine": _("%(amount)s caffeine"),
        "hydration": _("%(amount)s to drink"),
        "stress": _("stress %(amount)s"),
    }
    return [
        sentence % {"amount": written(key, stored, glass_ml)}
        for key, sentence in sentences.items()
        if (stored := values.get(FACTORS[key].column)) is not None
    ]


def summary(values: Mapping[str, int | None], glass_ml: int) -> str:
    """What is known of a day in one line; empty if nothing is."""
    return ", ".join(known(values, glass_ml))


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _number(pattern: re.Pattern[str], text: str) -> Decimal:
    found = pattern.fullmatch(text)
    if not found:
        raise ValueError(text)
    return _decimal(found[1])


def _minutes(text: str) -> int:
    if found := CLOCK.fullmatch(text):
        hours, minutes = int(found[1]), int(found[2])
        return hours * 60 + (-minutes if text.startswith("-") else minutes)
    return round(_number(HOURS, text) * 60)
