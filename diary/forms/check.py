"""The form of a symptoms check: any of its questions may stay open, but not all."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..check import ANSWER_NAMES, QUESTIONS
from .fields import FormIdField, WordsField


class CheckForm(forms.Form):
    """Six questions, each yes, no or not sure, and one line of words."""

    use_required_attribute = False

    form = FormIdField()
    words = WordsField(
        label=gettext_lazy("In your own words, if you like"),
        widget=forms.TextInput(attrs={"class": "input"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"form": uuid4()}, auto_id="%s")
        for key, question in QUESTIONS.items():
            self.fields[key] = forms.ChoiceField(
                required=False,
                label=str(question.asked),
                help_text=str(question.hint),
                widget=forms.RadioSelect,
                choices=list(ANSWER_NAMES.items()),
                error_messages={"invalid_choice": gettext_lazy("Choose yes, no or not sure")},
            )
        self.order_fields(["form", *QUESTIONS, "words"])

    def clean(self) -> dict[str, Any]:
        """Refuse a check without any answer: it would say nothing."""
        if not self.answers and not set(QUESTIONS) & set(self.errors):
            self.add_error(
                next(iter(QUESTIONS)), ValidationError(_("Answer at least one question"))
            )
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, str]:
        """The questions that were answered."""
        return {key: self.cleaned_data[key] for key in QUESTIONS if self.cleaned_data.get(key)}

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields of the six questions, in order."""
        return [self[key] for key in QUESTIONS]

    @property
    def identity(self) -> UUID:
        """The id that the form was made with."""
        found: UUID = self.cleaned_data["form"]
        return found
