"""A whole day at once: its factors and its words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import amounts
from .forms import DayField, WordsField, day_fields, factor_fields
from .models import Day, Diary

EMPTY: dict[str, int | str | None] = {"words": ""}


class DayForm(forms.Form):
    """What is known of a day, beside its notes.

    Each field carries what stood in it when the page was made, so that only what the person
    changed is saved, and nothing that changed elsewhere meanwhile is overwritten unseen.
    """

    use_required_attribute = False

    words = WordsField(
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
    def day_fields(self) -> list[DayField]:
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
