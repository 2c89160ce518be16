"""Form fields for what people write: amounts, lengths, days and times.

Every pattern is strict and of ASCII digits, because int() and float() also take full-width
digits, nan and 1_0.
A field cleans to the stored value; what it can't read it names in the words of the product.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import amounts
from ..days import FIRST_DAY
from ..durations import LONGEST_S, length_text
from ..factors import Factor
from ..models import WORDS_AT_MOST
from ..shown import Caffeine, Drinks, Units, number

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

INCOMPLETE = gettext_lazy("Part of the form did not arrive. Save it once more")
TOO_LONG = 40  # characters that no amount, length, day or time needs

OUT_OF_RANGE = {
    "caffeine": gettext_lazy("Caffeine must be between 0 and 2000 mg"),
    "sleep": gettext_lazy("Sleep must be between 0 and 24 hours"),
    "hydration": gettext_lazy("Drinks must be between 0 and 10 litres"),
}
UNREADABLE = {
    "caffeine": gettext_lazy("Enter caffeine as a number, such as 180"),
    "sleep": gettext_lazy("Enter sleep in hours, such as 6.5"),
    "hydration": gettext_lazy("Enter drinks as a number of glasses, such as 5"),
    "stress": gettext_lazy("Choose how stressful the day was, from 1 to 5"),
}


class Written(forms.Field, ABC):
    """A short text that stands for a value; None when it is left empty. Each kind reads its own."""

    widget = forms.TextInput(attrs={"class": "input", "autocomplete": "off"})

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value of a text. Raises ValidationError with what to write instead."""

    def write(self, value: Any) -> str:
        """The text of a value."""
        return str(value)

    def to_python(self, value: Any) -> Any:
        """Read what was typed; values that are none of text pass."""
        if not isinstance(value, str):
            return value
        text = value.strip()
        return self.read(text[: TOO_LONG + 1]) if text else None

    def prepare_value(self, value: Any) -> Any:
        """What stands in the field: the typed text as it is, a value as its text."""
        return value if value is None or isinstance(value, str) else self.write(value)


class FormIdField(forms.UUIDField):
    """The id that a form was made with: what is sent twice is saved once."""

    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput,
            error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE},
        )


class VersionField(forms.RegexField):
    """The version of what is edited, as it was when the page was made."""

    def __init__(self) -> None:
        super().__init__(
            r"\A[0-9]{1,9}\Z",
            widget=forms.HiddenInput,
            error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE},
        )


class NameField(forms.CharField):
    """A short name on one line."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("error_messages", {}).setdefault(
            "null_characters_not_allowed",
            gettext_lazy("The name contains a character that can’t be kept. Type it again"),
        )
        super().__init__(
            widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}), **kwargs
        )

    def to_python(self, value: Any) -> str:
        """One line, whatever was pasted."""
        return " ".join(str(super().to_python(value) or "").split())

    def validate(self, value: str) -> None:
        """Say by how much it is too long."""
        super().validate(value)
        if (over := len(value) - self.most) > 0:
            raise ValidationError(
                _("The name must be %(most)s characters or fewer. You have %(over)s too many")
                % {"most": self.most, "over": over}
            )


class WordsField(forms.CharField):
    """A few words of one's own."""

    widget = forms.Textarea(attrs={"class": "input", "rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            error_messages={
                "null_characters_not_allowed": gettext_lazy(
                    "Words contain a character that can’t be kept. Type them again"
                )
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        """Line ends as one character each: browsers send two."""
        return str(super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        """Say by how much it is too long."""
        super().validate(value)
        if (over := len(value) - WORDS_AT_MOST) > 0:
            raise ValidationError(
                ngettext(
                    "Words must be %(most)s characters or fewer. You have %(over)s too many",
                    "Words must be %(most)s characters or fewer. You have %(over)s too many",
                    over,
                )
                % {"most": WORDS_AT_MOST, "over": over}
            )


class AmountField(Written):
    """An amount of a factor in stored units, read as `amounts` writes it."""

    def __init__(self, factor: Factor, units: Units, **kwargs: Any) -> None:
        self.factor, self.units = factor, units
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def read(self, text: str) -> int:
        """Whole stored units within the factor's range."""
        try:
            stored = amounts.read(self.factor, text, self.units)
        except ValueError as unreadable:
            said = unreadable_as(self.factor)
            if self.in_coffees:
                said = _("Enter caffeine as a number of coffees, such as 2")
            if self.factor.key == "hydration" and self.units.drinks != Drinks.GLASSES:
                said = (
                    _("Enter drinks as a number of fl oz, such as 40")
                    if self.units.ounce_ml
                    else _("Enter drinks as a number of ml, such as 1250")
                )
            raise ValidationError(said, code="invalid") from unreadable
        if self.in_coffees and stored > self.factor.maximum and text[-1:].isdigit():
            raise ValidationError(
                _("Caffeine must be between 0 and 2000 mg. For mg write its sign, as in 180 mg"),
                code="range",
            )
        return in_range(self.factor, stored)

    @property
    def in_coffees(self) -> bool:
        """Whether it is caffeine, and a bare number of it stands for coffees."""
        return self.factor.key == "caffeine" and self.units.caffeine == Caffeine.DRINKS

    def write(self, value: int) -> str:
        """As it can be typed."""
        return amounts.written(self.factor, value, self.units)


class SizeField(Written, ABC):
    """A size in ml; where drinks are counted in fluid ounces, it is typed in these."""

    ML = re.compile(r"([0-9]{1,5}) ?(?:ml)?")
    OUNCES = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,2})?) ?(?:fl\.? ?)?(?:oz)?")
    RANGE: ClassVar[tuple[int, int]]
    IN_ML: ClassVar["Words"]  # what to write instead
    IN_OUNCES: ClassVar["Words"]
    BETWEEN: ClassVar["Words"]
    units = Units()

    def read(self, text: str) -> int:
        """Whole ml within the range."""
        found = self.ML.fullmatch(text.lower())
        if ounce_ml := self.units.ounce_ml:
            ounces = self.OUNCES.fullmatch(text.lower())
            if ounces:
                return self._in_range(round(Decimal(ounces[1].replace(",", ".")) * ounce_ml))
            if not text.lower().endswith("ml"):
                raise ValidationError(self.IN_OUNCES)
        if not found:
            raise ValidationError(self.IN_ML)
        return self._in_range(int(found[1]))

    def write(self, value: int) -> str:
        """As it is typed."""
        if not self.units.ounce_ml:
            return str(value)
        return _("%(count)s fl oz") % {"count": number(self.units.ounces(value))}

    def _in_range(self, size: int) -> int:
        least, most = self.RANGE
        if not least <= size <= most:
            raise ValidationError(self.BETWEEN % {"least": least, "most": most})
        return size


class PointsField(forms.TypedChoiceField):
    """One of the answers of a factor that is chosen and not typed, or none."""

    def __init__(self, factor: Factor, **kwargs: Any) -> None:
        super().__init__(
            choices=list(factor.points.items()),
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": unreadable_as(factor)},
            **kwargs,
        )


def unreadable_as(factor: Factor) -> str:
    """What to write or choose instead of something that is no value of this factor."""
    if factor.key in UNREADABLE:
        return str(UNREADABLE[factor.key])
    if factor.points:
        return _("Choose one of the answers for %(factor)s") % {"factor": factor.name}
    return _("Enter a number for %(factor)s, such as %(example)s") % {
        "factor": factor.name,
        "example": number(2 * factor.step),
    }


def in_range(factor: Factor, stored: int) -> int:
    """The stored value itself. Raises ValidationError when the factor's range has not got it."""
    if factor.points and stored not in factor.points:
        raise ValidationError(unreadable_as(factor), code="range")
    if not factor.stored(factor.minimum) <= stored <= factor.stored(factor.maximum):
        raise ValidationError(_out_of_range(factor), code="range")
    return stored


def _out_of_range(factor: Factor) -> str:
    if factor.key in OUT_OF_RANGE:
        return str(OUT_OF_RANGE[factor.key])
    return _("%(factor)s must be between %(least)s and %(most)s") % {
        "factor": factor.name,
        "least": factor.minimum,
        "most": f"{factor.maximum} {factor.unit}".strip(),
    }


class LengthField(Written):
    """An exact length such as 90 s, 2 min, 1:30 or 1 h 30, in seconds."""

    PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], float]], ...] = (
        (re.compile(r"([0-9]{1,6}) ?(?:s|sec|seconds?)"), lambda found: int(found[1])),
        (
            re.compile(r"([0-9]{1,5}(?:[.,][0-9]{1,2})?) ?(?:m|min|minutes?)"),
            lambda found: float(found[1].replace(",", ".")) * 60,
        ),
        (
            re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,2})?) ?(?:h|hours?)"),
            lambda found: float(found[1].replace(",", ".")) * 3600,
        ),
        (
            re.compile(r"([0-9]{1,4}):([0-5][0-9])"),
            lambda found: int(found[1]) * 60 + int(found[2]),
        ),
        (
            re.compile(r"([0-9]{1,4}) ?min ([0-5]?[0-9])(?: ?s)?"),
            lambda found: int(found[1]) * 60 + int(found[2]),
        ),
        (
            re.compile(r"([0-9]{1,3}) ?h ([0-5]?[0-9])(?: ?min)?"),
            lambda found: int(found[1]) * 3600 + int(found[2]) * 60,
        ),
    )

    def read(self, text: str) -> int:
        """Whole seconds, from 1 second to a day."""
        for pattern, seconds in self.PATTERNS:
            if found := pattern.fullmatch(text.lower()):
                length = round(seconds(found))
                if not 1 <= length <= LONGEST_S:
                    raise ValidationError(_("The length must be between 1 second and 24 hours"))
                return length
        raise ValidationError(_("Enter a length with its unit, such as 90 s, 2 min or 1:30"))

    def write(self, value: int) -> str:
        """As it can be typed."""
        return length_text(value)


class DayField(Written):
    """A calendar day, from 2000 on. Whether it has come yet is for the form to say."""

    ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
    SPOKEN = re.compile(r"([0-9]{1,2})[ ./]{1,2}([0-9]{1,2})[ ./]{1,2}([0-9]{4})")
    widget = forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")
    earliest = FIRST_DAY
    too_early = gettext_lazy("Day must be in 2000 or later")

    def read(self, text: str) -> date:
        """A day that exists."""
        if found := self.ISO.fullmatch(text):
            year, month, day = map(int, found.groups())
        elif found := self.SPOKEN.fullmatch(text):
            day, month, year = map(int, found.groups())
        else:
            raise ValidationError(_("Enter a day, such as 23 11 2026"))
        try:
            read = date(year, month, day)
        except ValueError as no_such_day:
            raise ValidationError(_("Enter a day, such as 23 11 2026")) from no_such_day
        if read < self.earliest:
            raise ValidationError(str(self.too_early))
        return read

    def write(self, value: date) -> str:
        """As the browser's own field wants it."""
        return value.isoformat()


class TimeField(Written):
    """A time of the wall clock, to the minute."""

    PATTERN = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,6})?)?")
    widget = forms.TimeInput(attrs={"type": "time", "class": "input"}, format="%H:%M")

    def read(self, text: str) -> time:
        """A time from 00:00 to 23:59."""
        found = self.PATTERN.fullmatch(text)
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError(_("Enter a time, such as 22:15"))
        return time(int(found[1]), int(found[2]))

    def write(self, value: time | datetime) -> str:
        """As the browser's own field wants it."""
        return value.strftime("%H:%M")
