"""How a person has their diary shown and asked. What is stored is the same for everybody."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import models
from django.utils.formats import number_format, time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .drinks import COFFEE, TYPICAL, Drink


class WeekStart(models.IntegerChoices):
    """The first day of a week, by the number that Python gives it."""

    MONDAY = 0, _("Monday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Language(models.TextChoices):
    """The language of the pages; those of the settings, and what the device asks for."""

    DEVICE = "device", _("As on this device")
    ENGLISH = "en-gb", "English"
    GERMAN = "de", "Deutsch"


class Clock(models.TextChoices):
    """How a time is written."""

    H24 = "24", _("20:40")
    H12 = "12", _("8:40 PM")


class Caffeine(models.TextChoices):
    """What caffeine is counted in."""

    DRINKS = "drinks", _("Coffees")
    MG = "mg", _("Milligrams")


class Drinks(models.TextChoices):
    """What drinks are counted in."""

    GLASSES = "glasses", _("Glasses")
    ML = "ml", _("Millilitres")
    FL_OZ_US = "fl-oz-us", _("Fluid ounces, US")
    FL_OZ_UK = "fl-oz-uk", _("Fluid ounces, UK")


GLASS_ML = (50, 1000)  # how small and how large a glass may be
OUNCE_ML = {
    Drinks.FL_OZ_US.value: Decimal("29.5735295625"),
    Drinks.FL_OZ_UK.value: Decimal("28.4130625"),
}


class Noting(models.TextChoices):
    """How much attention a diary asks for."""

    EACH = "each", _("Each twitch")
    DAILY = "daily", _("Once a day")


HOURS = range(24)


@dataclass(frozen=True, slots=True)
class Hours:
    """Some hours of each day, from a full hour until another one; over midnight too."""

    first: int | None  # None: none at all
    until: int

    def holds(self, hour: int) -> bool:
        """Whether this hour is one of them."""
        return self.first is not None and (hour - self.first) % 24 < (self.until - self.first) % 24


@dataclass(frozen=True, slots=True)
class Units:
    """What drinks and caffeine are counted in, and how large a glass and strong a drink is."""

    drinks: str = Drinks.GLASSES.value
    glass_ml: int = 250
    usual: tuple[Drink, ...] = TYPICAL  # with caffeine
    caffeine: str = Caffeine.MG.value
    every_drink: bool = False  # those with caffeine count as drinks too

    @property
    def ounce_ml(self) -> Decimal | None:
        """The ml of a fluid ounce, where drinks are counted in these."""
        return OUNCE_ML.get(self.drinks)

    @property
    def caffeine_mg(self) -> int:
        """The mg of what caffeine is counted in."""
        return self.coffee_mg if self.caffeine == Caffeine.DRINKS else 1

    @property
    def coffee_mg(self) -> int:
        """The caffeine of this person's coffee, which plus and minus go by."""
        return self.coffee.caffeine_mg

    @property
    def coffee(self) -> Drink:
        """This person's coffee, or a typical one where none is among their drinks."""
        return next((one for one in self.usual if one.key == COFFEE.key), COFFEE)

    @property
    def ml(self) -> Decimal:
        """The ml of what drinks are counted in."""
        if self.drinks == Drinks.GLASSES:
            return Decimal(self.glass_ml)
        return self.ounce_ml or Decimal(1)

    @property
    def sign(self) -> str:
        """What stands behind an amount of drinks; nothing behind a number of glasses."""
        if self.drinks == Drinks.GLASSES:
            return ""
        return gettext("fl oz") if self.ounce_ml else gettext("ml")

    def ounces(self, ml: int) -> Decimal:
        """Fluid ounces, in as few digits as still mean these very ml."""
        assert self.ounce_ml is not None  # only asked where drinks are counted in ounces
        exact = ml / self.ounce_ml
        written = (round(exact, digits) for digits in (0, 1))
        return next((few for few in written if round(few * self.ounce_ml) == ml), round(exact, 2))


# A number and its unit or what it counts, an initial and a name, and what a sign of times joins.
TOGETHER, NO_BREAK = re.compile(r"(?<=\d) (?=[^\W\d])|(?<=\d\.) (?=[A-Z])| (?=×)|(?<=×) "), "\xa0"


def together(text: str) -> str:
    """A text in which no line ends between a number and its unit."""
    return TOGETHER.sub(NO_BREAK, text)


def number(value: Decimal | float, digits: int | None = None) -> str:
    """A number in the signs of the language: with so many decimals, or without needless ones."""
    if digits is not None:
        # Django cuts off what is too much. Rounded to nothing, a number has no sign.
        return number_format(round(float(value), digits) + 0.0, digits)
    return number_format(f"{Decimal(str(value)).normalize():f}")


def clock_text(moment: datetime | time, clock: str) -> str:
    """A time of day as this person's clock writes it."""
    return time_format(moment, "g:i A") if clock == Clock.H12 else f"{moment:%H:%M}"


def hour_text(hour: int, clock: str) -> str:
    """A full hour in as little room as there is on an axis: 18, or 6 PM."""
    return time_format(time(hour), "g A") if clock == Clock.H12 else f"{hour:02}"


def week_starting(day: date, week_start: int) -> date:
    """The first day of the week that a day is in."""
    return day - timedelta(days=(day.weekday() - week_start) % 7)
