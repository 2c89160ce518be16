"""Once a day: one question about the whole day, and the places."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..kept import KeptDay
from ..models import Overall
from ..places import AT_MOST, PLACES, REGIONS, Place, Region

CLEAR = "clear"


class AnswerForm(forms.Form):
    """How a day was: clear, or how much it twitched and where."""

    use_required_attribute = False

    overall = forms.ChoiceField(
        label=gettext_lazy("How was the day?"),
        widget=forms.RadioSelect,
        choices=[(CLEAR, gettext_lazy("clear")), *Overall.choices],
        error_messages={
            "required": gettext_lazy("Choose how the day was"),
            "invalid_choice": gettext_lazy("Choose how the day was"),
        },
    )
    place = forms.MultipleChoiceField(
        label=gettext_lazy("Where did you feel it?"),
        required=False,
        choices=[(key, key) for key in PLACES],
        error_messages={
            "invalid_choice": gettext_lazy("Choose a place from the list"),
            "invalid_list": gettext_lazy("Choose a place from the list"),
        },
    )

    def __init__(self, data: Any = None, *, day: KeptDay) -> None:
        row = day.row
        initial = {
            "overall": CLEAR if row and row.clear else row.overall if row and day.twitches else "",
            "place": list(dict.fromkeys(note.place for note in day.twitches)),
        }
        super().__init__(data, initial=initial, auto_id="%s")

    def clean_place(self) -> list[str]:
        """Each place once, and none of a clear day."""
        chosen = list(dict.fromkeys(self.cleaned_data["place"]))
        if self.cleaned_data.get("overall") == CLEAR:
            return []
        if "overall" in self.cleaned_data and not chosen:
            raise ValidationError(_("Choose where you felt it"))
        if len(chosen) > AT_MOST:
            raise ValidationError(_("Choose up to %(most)s places") % {"most": AT_MOST})
        return chosen

    @property
    def answer(self) -> Overall | None:
        """What to save; None for a clear day."""
        overall = self.cleaned_data["overall"]
        return None if overall == CLEAR else Overall(overall)

    @property
    def chosen(self) -> list[str]:
        """The keys of the chosen places, also of a form that is not valid."""
        return [key for key in self["place"].value() or [] if key in PLACES]


@dataclass(frozen=True, slots=True)
class Question:
    """The form as a page shows it, with the places that are offered above the list."""

    form: AnswerForm
    usual: Sequence[Place]

    @property
    def regions(self) -> Sequence[Region]:
        """All places, for the list."""
        return REGIONS

    @property
    def chosen(self) -> Sequence[str]:
        """The keys of the chosen places."""
        return self.form.chosen

    @property
    def unlisted(self) -> Sequence[str]:
        """The chosen places that are not offered above the list."""
        offered = {place.key for place in self.usual}
        return [key for key in self.chosen if key not in offered]
