"""A medicine or supplement, as the person names it: never judged, never compared."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import NAME_AT_MOST, Medicine
from ..recording import MedicineText
from .fields import DayField, FormIdField, NameField, VersionField, WordsField

LONGEST_AGO = date(1900, 1, 1)


class TakenDayField(DayField):
    """A day of a life, from long before the diary on."""

    earliest = LONGEST_AGO
    too_early = gettext_lazy("Day must be in 1900 or later")


class MedicineForm(forms.Form):
    """What is taken, and from when to when as far as it is known."""

    use_required_attribute = False

    form = FormIdField()
    version = VersionField()
    name = NameField(
        NAME_AT_MOST,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As you call it, such as magnesium or hay fever tablets."),
        error_messages={"required": gettext_lazy("Enter a name")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        widget=forms.RadioSelect,
        choices=Medicine.Kind.choices,
        error_messages={
            "required": gettext_lazy("Choose medicine or supplement"),
            "invalid_choice": gettext_lazy("Choose medicine or supplement"),
        },
    )
    first = TakenDayField(
        required=False,
        label=gettext_lazy("Since"),
        help_text=gettext_lazy("Leave it empty if you do not know."),
    )
    last = TakenDayField(
        required=False,
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Leave it empty while you take it."),
    )
    words = WordsField(
        label=gettext_lazy("What for, and how much"),
        help_text=gettext_lazy("In your own words, if you like."),
    )

    def __init__(self, data: Any = None, *, today: date, medicine: Medicine | None = None) -> None:
        self.today = today
        initial: dict[str, Any] = {"form": uuid4(), "version": 0, "kind": Medicine.Kind.MEDICINE}
        if medicine:
            initial = {
                "form": medicine.uuid,
                "version": medicine.version,
                "name": medicine.name,
                "kind": medicine.kind,
                "first": medicine.first,
                "last": medicine.last,
                "words": medicine.words,
            }
        super().__init__(data, initial=initial, auto_id="%s")
        for name in ("first", "last"):
            self.fields[name].widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        """Refuse days to come, and an end before the start."""
        said = self.cleaned_data
        for name in ("first", "last"):
            if said.get(name) and said[name] > self.today:
                self.add_error(name, _("Day must be today or earlier"))
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day must not come before the first"))
        return said

    @property
    def text(self) -> MedicineText:
        """What to save. Of a valid form."""
        said = self.cleaned_data
        return MedicineText(said["name"], said["kind"], said["first"], said["last"], said["words"])
