"""A factor of a person's own: what it is called, and how it is answered."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..factors import OWN_SCALE, Factor, OwnFactor, Shape, When
from ..shown import number
from .fields import NameField, Written

NAME_AT_MOST = 40
UNIT_AT_MOST = 12
STEP_AT_MOST = 1000


class StepField(Written):
    """A difference that counts, such as 10: whole, or with two decimals."""

    PATTERN = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?")

    def read(self, text: str) -> float:
        """A number from 0.01 to 1000."""
        if not self.PATTERN.fullmatch(text):
            raise ValidationError(_("Enter the step as a number, such as 1 or 10"))
        step = float(text.replace(",", "."))
        if not 1 / OWN_SCALE <= step <= STEP_AT_MOST:
            raise ValidationError(
                _("The step must be between 0.01 and %(most)s") % {"most": STEP_AT_MOST}
            )
        return step

    def write(self, value: float) -> str:
        """Without needless decimals."""
        return number(value)


class FactorNameForm(forms.Form):
    """What may change of a factor of one's own: the way it is written, never what it means."""

    use_required_attribute = False

    name = NameField(
        NAME_AT_MOST,
        label=gettext_lazy("What do you want to note?"),
        help_text=gettext_lazy("For example: screen time, cold hands, a walk."),
        error_messages={"required": gettext_lazy("Enter a name, such as screen time")},
    )
    unit = forms.CharField(
        required=False,
        label=gettext_lazy("Unit of the number"),
        help_text=gettext_lazy("For example: min, km, cups. It may stay empty."),
        error_messages={
            "null_characters_not_allowed": gettext_lazy(
                "The unit contains a character that can’t be kept. Type it again"
            ),
        },
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    step = StepField(
        required=False,
        label=gettext_lazy("A usual difference between two days"),
        help_text=gettext_lazy("Plus and minus change the number by this. 1 if it stays empty."),
    )

    def __init__(self, data: Any = None, *, taken: dict[str, Factor], **kwargs: Any) -> None:
        """`taken` are the factors whose names are in use."""
        super().__init__(data, auto_id="%s", **kwargs)
        self.taken = {str(factor.name).casefold() for factor in taken.values()}

    def clean_name(self) -> str:
        """A name that no other factor has."""
        name: str = self.cleaned_data["name"]
        if name.casefold() in self.taken:
            raise ValidationError(_("You already note something by this name"))
        return name

    def clean_unit(self) -> str:
        """A short word: numbers in it could not be told from the amount."""
        unit: str = self.cleaned_data["unit"]
        if unit and not re.fullmatch(r"[^\W0-9_][^0-9]*", unit):
            raise ValidationError(_("The unit must begin with a letter and hold no digits"))
        if len(unit) > UNIT_AT_MOST:
            raise ValidationError(
                _("The unit must be %(most)s characters or fewer") % {"most": UNIT_AT_MOST}
            )
        return unit


class OwnFactorForm(FactorNameForm):
    """A new factor of one's own."""

    shape = forms.ChoiceField(
        label=gettext_lazy("How do you answer?"),
        widget=forms.RadioSelect,
        choices=[
            (Shape.YES_NO, gettext_lazy("Yes or no")),
            (Shape.SCALE, gettext_lazy("From 1 to 5")),
            (Shape.AMOUNT, gettext_lazy("A number")),
        ],
        initial=Shape.YES_NO,
        error_messages={
            "required": gettext_lazy("Choose how you answer"),
            "invalid_choice": gettext_lazy("Choose how you answer"),
        },
    )
    when = forms.ChoiceField(
        label=gettext_lazy("Which time is it about?"),
        widget=forms.RadioSelect,
        choices=[
            (When.DAY, gettext_lazy("The same day")),
            (When.NIGHT, gettext_lazy("The night before")),
            (When.DAY_BEFORE, gettext_lazy("The day, compared with the day after it")),
        ],
        initial=When.DAY,
        error_messages={
            "required": gettext_lazy("Choose which time it is about"),
            "invalid_choice": gettext_lazy("Choose which time it is about"),
        },
    )
    field_order = ("name", "shape", "unit", "step", "when")

    @property
    def made(self) -> OwnFactor:
        """What to make. Of a valid form."""
        said = self.cleaned_data
        shape = Shape(said["shape"])
        is_number = shape is Shape.AMOUNT
        return OwnFactor(
            name=said["name"],
            shape=shape,
            when=When(said["when"]),
            unit=said["unit"] if is_number else "",
            step=(said["step"] or 1) if is_number else 1,
        )
