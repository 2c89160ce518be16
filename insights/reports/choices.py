"""The form of the report: which days, which parts, and what the person adds for this visit."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diary.days import Week
from diary.forms.fields import DayField

from .report import Asked, Paper, Part, Words

WEEKS = {"four-weeks": 4, "six-weeks": 6, "three-months": 13}
USUAL = "six-weeks"
DATES = "dates"
PERIODS = (
    ("six-weeks", gettext_lazy("Last six weeks")),
    ("four-weeks", gettext_lazy("Last four weeks")),
    ("three-months", gettext_lazy("Last three months")),
    (DATES, gettext_lazy("Choose dates")),
)
PARTS = (
    (Part.NAME, gettext_lazy("Name line")),
    (Part.MAP, gettext_lazy("Body map")),
    (Part.FACTORS, gettext_lazy("Daily factors")),
    (Part.CHECK, gettext_lazy("Symptoms check")),
    (Part.MEDICINES, gettext_lazy("Medicines")),
    (Part.WORDS, gettext_lazy("My words")),
    (Part.QUESTIONS, gettext_lazy("My questions")),
)
PAPERS = ((Paper.A4, "A4"), (Paper.LETTER, gettext_lazy("US letter")))
SUGGESTED: dict[str, str | Promise] = {
    "closer-look": gettext_lazy("Is there anything here that needs a closer look?"),
    "blood-test": gettext_lazy("Would a blood test for minerals or vitamins be useful for me?"),
    "medicine": gettext_lazy("Could a medicine or supplement I take play a part?"),
    "sooner": gettext_lazy("What change should bring me back sooner?"),
}
FIRST_CHOSEN = ("closer-look", "blood-test", "sooner")
OWN_QUESTIONS = 3  # that can be typed
QUESTIONS_AT_MOST = 5
LONGEST = 366  # days
NAME_AT_MOST = 80
QUESTION_AT_MOST = 140
WORDS_OFFERED = 30
WORDS_CHOSEN = 5


def days_of(period: str, today: date) -> tuple[date, date]:
    """The last so many calendar weeks up to yesterday: the running day is not over."""
    last = today - timedelta(days=1)
    return Week.of(last).shifted(1 - WEEKS[period]).first, last


class TextField(forms.CharField):
    """One short line."""

    widget = forms.TextInput(attrs={"class": "input", "autocomplete": "off"})

    def __init__(self, most: int, too_long: str | Promise, **kwargs: Any) -> None:
        self.most, self.too_long = most, too_long
        super().__init__(
            required=False,
            error_messages={
                "null_characters_not_allowed": gettext_lazy(
                    "This line contains a character that can’t be kept. Type it again"
                )
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        """One line, whatever was pasted."""
        return " ".join(str(super().to_python(value) or "").split())

    def validate(self, value: str) -> None:
        """Say how long it may be."""
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(str(self.too_long) % {"most": self.most}, code="long")


class BornField(DayField):
    """A date of birth."""

    earliest = date(1900, 1, 1)
    too_early = gettext_lazy("The date of birth must be in 1900 or later")


class ReportForm(forms.Form):
    """Everything about the report that is chosen; all of it stands in the address."""

    use_required_attribute = False

    period = forms.ChoiceField(
        label=gettext_lazy("Period"),
        choices=PERIODS,
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={
            "required": gettext_lazy("Choose a period"),
            "invalid_choice": gettext_lazy("Choose a period"),
        },
    )
    first = DayField(label=gettext_lazy("First day"), required=False)
    last = DayField(label=gettext_lazy("Last day"), required=False)
    paper = forms.ChoiceField(
        label=gettext_lazy("Paper of the PDF"),
        choices=PAPERS,
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": gettext_lazy("Choose a paper")},
    )
    part = forms.MultipleChoiceField(
        label=gettext_lazy("Parts to include"),
        choices=PARTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose among the parts shown")},
    )
    name = TextField(
        NAME_AT_MOST,
        gettext_lazy("Name must be %(most)s characters or fewer"),
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Not kept in your diary. Leave it empty for a line to write on."),
    )
    born = BornField(label=gettext_lazy("Born"), required=False)
    ask = forms.MultipleChoiceField(
        label=gettext_lazy("Questions"),
        choices=list(SUGGESTED.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose among the questions shown")},
    )
    words = forms.MultipleChoiceField(
        label=gettext_lazy("My words"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        first, last = days_of(USUAL, today)
        super().__init__(
            data,
            auto_id="r-%s",
            initial={
                "period": USUAL,
                "first": first,
                "last": last,
                "paper": Paper.A4.value,
                "part": [part.value for part in Part],
                "ask": list(FIRST_CHOSEN),
            },
        )
        self.today = today
        for n in range(1, OWN_QUESTIONS + 1):
            self.fields[f"own{n}"] = TextField(
                QUESTION_AT_MOST,
                gettext_lazy("A question must be %(most)s characters or fewer"),
                label=gettext_lazy("Another question"),
            )
        # Which words there are follows from the days, which are read first.
        self.fields["words"].validate = lambda value: None  # type: ignore[method-assign]

    def clean(self) -> dict[str, Any]:
        """Refuse days that no report can be about, and more questions than a visit has room for."""
        if self.cleaned_data.get("period") == DATES:
            self._clean_days()
        if len(self._questions) > QUESTIONS_AT_MOST:
            self.add_error(
                "ask",
                ValidationError(
                    _("Choose or write at most %(most)s questions") % {"most": QUESTIONS_AT_MOST}
                ),
            )
        born = self.cleaned_data.get("born")
        if born and born > self.today:
            self.add_error("born", ValidationError(_("The date of birth cannot be after today")))
        return self.cleaned_data

    def _clean_days(self) -> None:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        for name, day, asked in (
            ("first", first, _("Choose the first day")),
            ("last", last, _("Choose the last day")),
        ):
            if day is None and name not in self.errors:
                self.add_error(name, ValidationError(asked))
        if first is None or last is None:
            return
        if last < first:
            self.add_error("last", ValidationError(_("The last day must come after the first")))
        elif last > self.today:
            self.add_error("last", ValidationError(_("The last day cannot be after today")))
        elif (last - first).days >= LONGEST:
            self.add_error(
                "last",
                ValidationError(
                    ngettext(
                        "A report covers at most %(most)s day",
                        "A report covers at most %(most)s days",
                        LONGEST,
                    )
                    % {"most": LONGEST}
                ),
            )

    @property
    def _values(self) -> dict[str, Any]:
        if self.is_bound:
            return self.cleaned_data
        return {name: self.get_initial_for_field(f, name) for name, f in self.fields.items()}

    @property
    def _questions(self) -> tuple[str, ...]:
        values = self._values
        own = (values.get(f"own{n}") for n in range(1, OWN_QUESTIONS + 1))
        chosen = values.get("ask") or ()
        suggested = (str(words) for key, words in SUGGESTED.items() if key in chosen)
        return (*suggested, *(question for question in own if question))

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the report."""
        values = self._values
        if values["period"] == DATES:
            return values["first"], values["last"]
        return days_of(values["period"], self.today)

    def asked(self, words: Sequence[Words]) -> Asked:
        """What was chosen; of the words of these days, those of the latest check at first."""
        values = self._values
        first, last = self.days
        offered = words[:WORDS_OFFERED]
        chosen = set(values["words"] or ()) if self.is_bound else usual_words(offered)
        return Asked(
            first=first,
            last=last,
            parts=frozenset(map(Part, values["part"] or ())),
            name=values["name"] or "",
            born=values["born"],
            words=tuple(said.key for said in offered if said.key in chosen)[:WORDS_CHOSEN],
            questions=self._questions,
            paper=Paper(values["paper"] or Paper.A4),
        )


def usual_words(words: Sequence[Words]) -> set[str]:
    """What is quoted unless the person chooses: what they wrote in their latest check."""
    return {said.key for said in [s for s in words if s.key.startswith("check-")][:1]}
