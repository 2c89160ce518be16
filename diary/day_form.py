"""A whole day at once: its factors and its words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import amounts
from .factors import FACTORS
from .fields import AmountField, StressField
from .forms import WordsField
from .models import Day

COLUMNS = {key: factor.column for key, factor in FACTORS.items()} | {"words": "words"}
EMPTY: dict[str, int | str | None] = {"words": ""}


class DayForm(forms.Form):
    """What is known of a day, beside its notes.

    Each field carries what stood in it when the page was made, so that only what the person
    changed is saved, and nothing that changed elsewhere meanwhile is overwritten unseen.
    """

    use_required_attribute = False

    stress = StressField(label=gettext_lazy("Stress, the day as a whole"), show_hidden_initial=True)
    words = WordsField(
        label=gettext_lazy("Words about the day"),
        help_text=gettext_lazy("For example: long walk, a cold, a late shift."),
        show_hidden_initial=True,
    )

    def __init__(self, data: Any = None, *, row: Day | None, glass_ml: int) -> None:
        """`row` is the day as it stands, or None where nothing is written yet."""
        self.glass_ml = glass_ml
        initial = {
            name: getattr(row, column) if row else EMPTY.get(name)
            for name, column in COLUMNS.items()
        }
        super().__init__(data, initial=initial, auto_id="%s")
        labels = {
            "sleep": (_("Sleep the night before, hours"), ""),
            "caffeine": (
                _("Caffeine, mg"),
                _("A mug of coffee is about 90 mg, tea 50, a can of cola 40."),
            ),
            "hydration": (
                _("Drinks without caffeine, glasses"),
                _("One glass is %(ml)s ml. Change this in Settings.") % {"ml": glass_ml},
            ),
        }
        for key, (label, hint) in labels.items():
            self.fields[key] = AmountField(
                key, glass_ml, label=label, help_text=hint, show_hidden_initial=True
            )
        self.order_fields((*labels, "stress", "words"))

    @property
    def changes(self) -> dict[str, int | str | None]:
        """What the person changed, by column, in stored values. Of a valid form."""
        return {COLUMNS[name]: self.cleaned_data[name] for name in self.changed_data}

    @property
    def before(self) -> dict[str, int | str | None]:
        """What stood on the page for what was changed, by column."""
        return {COLUMNS[name]: self._stood(name) for name in self.changed_data}

    @property
    def unusual(self) -> list[str]:
        """Changed amounts that are possible but worth asking about, as they are written."""
        return [
            amounts.written(name, stored, self.glass_ml)
            for name in self.changed_data
            if name in FACTORS
            and (stored := self.cleaned_data[name]) is not None
            and amounts.is_unusual(name, stored)
        ]

    @property
    def stress_before(self) -> str:
        """The hidden field that says what stood in the scale."""
        return self["stress"].as_hidden(only_initial=True)

    def meet(self, stands: Day) -> None:
        """The day had changed meanwhile: keep what was typed, show what stands, say which.

        What the person did not touch takes the new value. Sending the form once more saves.
        """
        touched = set(self.changed_data)
        data = {name: self.data.get(name, "") for name in self.data}
        for name, column in COLUMNS.items():
            stored = getattr(stands, column)
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
        stands = _("blank") if stored is None else amounts.written(name, stored, self.glass_ml)
        return _("Meanwhile this had changed to: %(amount)s. Save once more to keep yours") % {
            "amount": stands
        }
