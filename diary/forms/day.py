"""What is known of a day: all of it at once, or one factor that saves by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import amounts
from ..drinks import Cup
from ..factors import Factor, as_remembered
from ..models import Day, Diary
from ..rows import Row, drinks_typed, row, stepped
from ..shown import Caffeine, Drinks, Units
from . import fields
from .fields import INCOMPLETE

EMPTY: dict[str, int | str | None] = {"words": ""}
FIRST_NIGHT = 7 * 60  # minutes, where the sleep of somebody who never noted any starts from


@dataclass(frozen=True, slots=True)
class FactorField:
    """A factor in a form: its field, and the hidden one that says what stood in it."""

    field: forms.BoundField
    row: Row

    @property
    def before(self) -> str:
        """The hidden field; an amount brings it along by itself."""
        return self.field.as_hidden(only_initial=True)


def factor_fields(diary: Diary, labels: Mapping[str, str]) -> dict[str, forms.Field]:
    """A field for each factor of a diary, by key, that knows what stood in it."""
    in_coffees = diary.caffeine_in == Caffeine.DRINKS
    known = {
        "sleep": _("Sleep the night before, hours"),
        "caffeine": _("Caffeine, coffees") if in_coffees else _("Caffeine, mg"),
        "hydration": drinks_typed(diary.units),
        "stress": _("Stress, the day as a whole"),
        **labels,
    }
    hints = {
        "caffeine": (
            _("One coffee is about %(mg)s mg. For mg write the sign too: a tea is about 50 mg.")
            % {"mg": diary.units.coffee_mg}
            if in_coffees
            else _("A mug of coffee is about 90 mg, tea 50, a can of cola 40.")
        ),
        "hydration": (
            _("One glass is %(ml)s ml. Change this in Settings.") % {"ml": diary.glass_ml}
            if diary.drinks_in == Drinks.GLASSES
            else ""
        ),
    }
    made: dict[str, forms.Field] = {}
    for factor in as_remembered(diary.factors):
        key = factor.key
        name = f"{factor.name}, {factor.unit}" if factor.unit else str(factor.name)
        options: dict[str, Any] = {
            "label": known.get(key, name),
            "help_text": hints.get(key, "" if key in known else factor.when),
            "show_hidden_initial": True,
        }
        made[key] = (
            fields.PointsField(factor, **options)
            if factor.points
            else fields.AmountField(factor, diary.units, **options)
        )
    return made


def day_fields(form: forms.Form, factors: Mapping[str, Factor]) -> list[FactorField]:
    """The fields of a form that are factors, in its order, as the page lays them out."""
    return [
        FactorField(form[name], row(factors[name], None, Units()))
        for name in form.fields
        if name in factors
    ]


class DayForm(forms.Form):
    """What is known of a day, beside its notes.

    Each field carries what stood in it when the page was made, so that only what the person
    changed is saved, and nothing that changed elsewhere meanwhile is overwritten unseen.
    """

    use_required_attribute = False

    words = fields.WordsField(
        label=gettext_lazy("Words about the day"),
        help_text=gettext_lazy("For example: long walk, a cold, a late shift."),
        show_hidden_initial=True,
    )

    def __init__(self, data: Any = None, *, row: Day | None, diary: Diary) -> None:
        """`row` is the day as it stands, or None where nothing is written yet."""
        self.factors, self.units = diary.factors, diary.units
        self.columns = {key: factor.column for key, factor in self.factors.items()}
        self.columns["words"] = "words"
        super().__init__(data, initial=self._as_it_stands(row), auto_id="%s")
        self.fields = factor_fields(diary, {}) | self.fields

    def _as_it_stands(self, row: Day | None) -> dict[str, int | str | None]:
        """The stored values of a day by the name of their field."""
        stands = row.stored_factors() | {"words": row.words} if row else {}
        return {name: stands.get(column, EMPTY.get(name)) for name, column in self.columns.items()}

    @property
    def day_fields(self) -> list[FactorField]:
        """The fields of the factors."""
        return day_fields(self, self.factors)

    @property
    def changes(self) -> dict[str, int | str | None]:
        """What the person changed, by column, in stored values. Of a valid form."""
        return {self.columns[name]: self.cleaned_data[name] for name in self.changed_data}

    @property
    def before(self) -> dict[str, int | str | None]:
        """What stood on the page for what was changed, by column."""
        return {self.columns[name]: self._stood(name) for name in self.changed_data}

    @property
    def unusual(self) -> list[str]:
        """Changed amounts that are possible but worth asking about, as they are written."""
        return [
            amounts.written(self.factors[name], stored, self.units)
            for name in self.changed_data
            if name in self.factors
            and (stored := self.cleaned_data[name]) is not None
            and amounts.is_unusual(name, stored)
        ]

    def meet(self, stands: Day) -> None:
        """The day had changed meanwhile: keep what was typed, show what stands, say which.

        What the person did not touch takes the new value. Sending the form once more saves.
        """
        touched = set(self.changed_data)
        data = {name: self.data.get(name, "") for name in self.data}
        for name, stored in self._as_it_stands(stands).items():
            if name in touched and stored != self._stood(name) and name in self.cleaned_data:
                self.add_error(name, self._meanwhile(name, stored))
            shown = self.fields[name].prepare_value(stored)
            data[self[name].html_initial_name] = "" if shown is None else str(shown)
            if name not in touched:
                data[name] = "" if shown is None else str(shown)
        self.data = data

    def _stood(self, name: str) -> int | str | None:
        sent = self.data.get(self[name].html_initial_name)
        try:
            stood: int | str | None = self.fields[name].clean(sent)
        except ValidationError:
            return EMPTY.get(name)
        return stood

    def _meanwhile(self, name: str, stored: Any) -> str:
        if name == "words":
            if not stored:
                return _("Meanwhile the words were taken out. Save once more to keep yours")
            return _(
                "Meanwhile these words had changed, as told above. Save once more to keep yours"
            )
        stands = (
            _("blank")
            if stored is None
            else amounts.written(self.factors[name], stored, self.units)
        )
        return _("Meanwhile this had changed to: %(amount)s. Save once more to keep yours") % {
            "amount": stands
        }


@dataclass(frozen=True, slots=True)
class FactorChange:
    """One factor of a day: what it shall be, and what stood on the page before. Stored values."""

    factor: Factor
    to: int | None
    was: int | None
    cup: Cup | None = None  # that a tap added or took away


class FactorForm(forms.Form):
    """One factor of a day, which saves by itself.

    `value` is typed. A button sends `step` (-1, 1), `drink` (a key), `to` (a stored value, or
    empty to leave the day blank): what it is added to is the value on the page, and `was` says
    what that stood for, so that a tap counts once and two quick taps count twice.
    """

    factor = forms.ChoiceField(
        error_messages={
            "required": INCOMPLETE,
            "invalid_choice": INCOMPLETE,
        },
    )
    was = forms.RegexField(r"\A[0-9]{1,8}\Z", required=False)
    value = forms.CharField(
        required=False,
        error_messages={"null_characters_not_allowed": gettext_lazy("Enter the amount again")},
    )
    step = forms.ChoiceField(required=False, choices=[("-1", "-"), ("1", "+")])
    drink = forms.ChoiceField(required=False)
    to = forms.RegexField(r"\A(?:[0-9]{1,8}|blank)\Z", required=False)

    def __init__(self, data: Any, *, diary: Diary, usual_sleep: int | None) -> None:
        super().__init__(data)
        # What waited on a device since before it was hidden is kept all the same.
        self.factors, self.units = diary.ever_noted, diary.units
        self.usual_sleep = usual_sleep
        keys = [(key, key) for key in self.factors]
        self.fields["factor"].choices = keys  # type: ignore[attr-defined]
        self.drinks = {drink.key: drink for drink in diary.units.usual}
        drinks = [(key, key) for key in self.drinks]
        self.fields["drink"].choices = drinks  # type: ignore[attr-defined]
        self.change: FactorChange | None = None

    def clean(self) -> dict[str, Any]:
        """Find the new stored value."""
        if self.errors:
            return self.cleaned_data
        factor = self.factors[self.cleaned_data["factor"]]
        was = int(self.cleaned_data["was"]) if self.cleaned_data["was"] else None
        try:
            to = self._new(factor, was)
        except ValidationError as refused:
            self.add_error("value", refused)
        else:
            self.change = FactorChange(factor, to, was, self._cup(factor))
        return self.cleaned_data

    @property
    def is_tap(self) -> bool:
        """Whether a button was used rather than the field."""
        return any(self.data.get(name) for name in ("step", "drink", "to"))

    def _cup(self, factor: Factor) -> Cup | None:
        """The drink with caffeine that was tapped; its size is for who counts it as a drink."""
        said = self.cleaned_data
        taps = 1 if said["drink"] else int(said["step"] or 0)
        if factor.key != "caffeine" or not taps:
            return None
        drink = self.drinks.get(said["drink"], self.units.coffee)
        return Cup(added=taps > 0, ml=drink.ml * taps if self.units.every_drink else 0)

    def _new(self, factor: Factor, was: int | None) -> int | None:
        field = fields.AmountField(factor, self.units)
        if self.cleaned_data["to"]:
            to = self.cleaned_data["to"]
            return None if to == "blank" else fields.in_range(factor, int(to))
        typed = self.cleaned_data["value"]
        shown = None if was is None else field.write(was)
        # What still reads as it was shown is exactly what it was, however it was rounded.
        base = was if typed == (shown or "") else field.clean(typed)
        if self.cleaned_data["drink"] and factor.key == "caffeine":
            added = self.drinks[self.cleaned_data["drink"]].caffeine_mg
            return fields.in_range(factor, (base or 0) + added)
        if self.cleaned_data["step"] and not factor.points:
            if base is None and factor.key == "sleep":
                base = FIRST_NIGHT if self.usual_sleep is None else self.usual_sleep
            taps = int(self.cleaned_data["step"])
            # At the upper end the range is told.
            return fields.in_range(factor, stepped(factor, base or 0, taps, self.units))
        return base
