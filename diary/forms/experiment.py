"""What is chosen of an experiment: what, from which day, how long, a line on Today or not."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..plan import AHEAD, IDEAS, PART_DAYS, PARTS
from ..recording import ExperimentText
from .fields import DayField, FormIdField

LENGTHS = [
    (
        str(days),
        format_lazy(
            gettext_lazy("Four parts of {days} days, {all} days in all"),
            days=days,
            all=PARTS * days,
        ),
    )
    for days in PART_DAYS
]


class ExperimentForm(forms.Form):
    """The one screen on which an experiment is planned."""

    use_required_attribute = False

    form = FormIdField()
    idea = forms.ChoiceField(
        label=gettext_lazy("What would you like to try?"),
        widget=forms.RadioSelect,
        choices=[(idea.key, idea.name) for idea in IDEAS.values()],
        error_messages={
            "required": gettext_lazy("Choose what to try"),
            "invalid_choice": gettext_lazy("Choose what to try"),
        },
    )
    first = DayField(
        label=gettext_lazy("From which day?"),
        error_messages={"required": gettext_lazy("Enter a day, such as 23 11 2026")},
    )
    part_days = forms.TypedChoiceField(
        label=gettext_lazy("How long?"),
        widget=forms.RadioSelect,
        choices=LENGTHS,
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose how long"),
            "invalid_choice": gettext_lazy("Choose how long"),
        },
    )
    on_today = forms.BooleanField(
        required=False,
        label=gettext_lazy("Say on Today what the day is for, in one line"),
    )

    def __init__(self, data: Any = None, *, today: date, idea: str = "") -> None:
        self.today = today
        initial = {
            "form": uuid4(),
            "idea": idea,
            "first": today + timedelta(days=1),
            "part_days": str(PART_DAYS[0]),
            "on_today": True,
        }
        super().__init__(data, initial=initial, auto_id="%s")
        self.fields["first"].widget.attrs["min"] = today.isoformat()
        self.fields["first"].widget.attrs["max"] = (today + AHEAD).isoformat()

    def clean_first(self) -> date:
        """From today on, and within two months."""
        first: date = self.cleaned_data["first"]
        if first < self.today:
            raise forms.ValidationError(_("Day must be today or later"))
        if first > self.today + AHEAD:
            raise forms.ValidationError(_("Day must be within two months"))
        return first

    @property
    def text(self) -> ExperimentText:
        """What to keep. Of a valid form."""
        said = self.cleaned_data
        return ExperimentText(said["idea"], said["first"], said["part_days"], said["on_today"])
