"""What people type into the diary's forms: text to values, and kind refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from datetime import time as wall_time
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from . import amounts, days, fields
from .durations import DURATIONS, USUAL, choice_for
from .factors import Factor, as_remembered
from .kinds import KIND_NAMES, QUESTIONS, NoteKind, told_apart
from .models import WORDS_AT_MOST, Diary, Twitch
from .places import AT_MOST, PLACES
from .recording import NoteText, When
from .rows import Row, row, stepped
from .shown import Caffeine, Drinks, Units, clock_text

AGO = {"0": timedelta(0), "15": timedelta(minutes=15), "60": timedelta(hours=1)}
LONGEST_WAIT = timedelta(days=60)  # of a note made without a connection
ASK = "ask"  # let the answers say which kind it was
INCOMPLETE = gettext_lazy("Part of the form did not arrive. Save it once more")
FIRST_NIGHT = 7 * 60  # where the sleep of somebody who never noted any starts from


class WordsField(forms.CharField):
    """A few words of one's own."""

    widget = forms.Textarea(attrs={"class": "input", "rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            error_messages={
                "null_characters_not_allowed": gettext_lazy(
                    "Words contain a character that can't be kept. Type them again"
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


@dataclass(frozen=True, slots=True)
class DayField:
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
        "hydration": {
            Drinks.GLASSES: _("Drinks without caffeine, glasses"),
            Drinks.ML: _("Drinks without caffeine, ml"),
        }.get(Drinks(diary.drinks_in), _("Drinks without caffeine, fl oz")),
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


def day_fields(form: forms.Form, factors: Mapping[str, Factor]) -> list[DayField]:
    """The fields of a form that are factors, in its order, as the page lays them out."""
    return [
        DayField(form[name], row(factors[name], None, Units()))
        for name in form.fields
        if name in factors
    ]


class NoteFields(forms.Form):
    """What a new note and an edited one share: day, time, length and words."""

    use_required_attribute = False

    day = fields.DayField(required=False, label=gettext_lazy("Day"))
    time = fields.TimeField(
        required=False,
        label=gettext_lazy("Time, if you know it"),
    )
    which = forms.ChoiceField(
        required=False,
        label=gettext_lazy("The clocks went back that night. Which one was it?"),
        widget=forms.RadioSelect,
        choices=[
            ("first", pgettext_lazy("of two times", "The first")),
            ("second", pgettext_lazy("of two times", "The second")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Choose the first or the second")},
    )
    duration = forms.ChoiceField(
        label=gettext_lazy("How long did it last?"),
        widget=forms.RadioSelect,
        choices=[(key, choice.name) for key, choice in DURATIONS.items()],
        error_messages={
            "required": gettext_lazy("Choose how long it lasted"),
            "invalid_choice": gettext_lazy("Choose how long it lasted"),
        },
    )
    length = fields.LengthField(
        required=False,
        label=gettext_lazy("The exact length"),
        help_text=gettext_lazy("Such as 90 s, 2 min or 1:30. It counts instead of the choice."),
    )
    kind = forms.ChoiceField(
        required=False,
        label=gettext_lazy("What was it?"),
        widget=forms.RadioSelect,
        choices=[
            *((kind.value, name) for kind, name in KIND_NAMES.items()),
            (ASK, gettext_lazy("Not sure, ask me")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Choose a twitch, a cramp or a tremor")},
    )
    words = WordsField(
        label=gettext_lazy("What were you doing?"),
        help_text=gettext_lazy("For example: after a run, lying down, at the desk."),
    )

    at: When | None = None  # when it was; None until that is clear
    asks_which = False  # the time came twice that day: the form shows the question
    moved_from: wall_time | None = None  # the time never came that day, and was moved forward

    def __init__(self, *args: Any, diary: Diary, now: datetime, **kwargs: Any) -> None:
        self.diary, self.now = diary, now
        self.zone: tzinfo = diary.tz
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
        self.fields |= {
            question.key: forms.ChoiceField(
                required=False,
                label=question.text,
                widget=forms.RadioSelect,
                choices=[(choice.key, choice.name) for choice in question.choices],
                error_messages={"invalid_choice": gettext_lazy("Choose one of the answers")},
            )
            for question in QUESTIONS
        }
        self.fields["day"].widget.attrs["max"] = now.astimezone(self.zone).date().isoformat()

    def resolve(self, zone_name: str) -> When | None:
        """When it was by the form's day and time; None, with errors added, if that can't be."""
        day, clock = self.cleaned_data.get("day"), self.cleaned_data.get("time")
        if "day" in self.errors or "time" in self.errors:
            return None
        if day is None:
            self.add_error("day", _("Enter a day, such as 23 11 2026"))
            return None
        here = self.now.astimezone(self.zone).date()
        if day > here:
            self.add_error("day", _("Day must be today or earlier"))
            return None
        if clock is None:
            # After midnight the calendar is ahead of the diary day that is running.
            return When(min(day, self.diary.today(self.now)), None, zone_name)
        wall = datetime.combine(day, clock)
        kind = days.wall_clock(wall, self.zone)
        which = self.cleaned_data.get("which")
        if kind is days.Clock.TWICE:
            self.asks_which = True
            if not which:
                if "which" not in self.errors:
                    self.add_error(
                        "which",
                        _("It was %(time)s twice that night. Choose the first or the second")
                        % {"time": clock_text(clock, self.diary.clock)},
                    )
                return None
        if kind is days.Clock.NEVER:
            self.moved_from = clock
        moment = days.instant(wall, self.zone, second=which == "second")
        if moment > self.now:
            self.add_error("time", _("Time must be now or earlier"))
            return None
        day = days.local_day(moment, self.zone, self.diary.day_start_hour)
        return When(day, moment, zone_name)

    def settle_kind(self) -> None:
        """Find out which kind the answers fit, where the person asked for that."""
        if self.cleaned_data.get("kind") != ASK:
            return
        found = told_apart({q.key: self.cleaned_data.get(q.key, "") for q in QUESTIONS})
        if found is None:
            self.add_error(
                "kind",
                _("These answers fit more than one of them. Choose what it felt most like"),
            )
        else:
            self.cleaned_data["kind"] = found.value

    @property
    def questions(self) -> list[forms.BoundField]:
        """What tells the kinds apart."""
        return [self[question.key] for question in QUESTIONS]

    @property
    def opens_kind(self) -> bool:
        """Whether the choice of kind has something to show."""
        names = ["kind", *(question.key for question in QUESTIONS)]
        chosen = self["kind"].value() not in (None, "", NoteKind.TWITCH)
        return chosen or any(name in self.errors for name in names)

    def text(self, when: When) -> NoteText:
        """What the form says of the twitch, apart from its place."""
        length = self.cleaned_data["length"]
        return NoteText(
            when,
            choice_for(length) if length else self.cleaned_data["duration"],
            length,
            self.cleaned_data["words"],
            NoteKind(self.cleaned_data["kind"] or NoteKind.TWITCH),
        )


class NoteForm(NoteFields):
    """A new note: only its place is needed."""

    form = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": INCOMPLETE,
            "invalid": INCOMPLETE,
        },
    )
    about = fields.DayField(required=False, widget=forms.HiddenInput)
    # Seconds since the note was made. Not the time itself: the clock of a device may be wrong, but
    # how long it kept the note it knows.
    waited = forms.RegexField(
        r"\A[0-9]{1,8}\Z",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": INCOMPLETE},
    )
    place = forms.MultipleChoiceField(
        label=gettext_lazy("Where did you feel it?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(key, key) for key in PLACES],
        error_messages={
            "required": gettext_lazy("Choose where you felt it"),
            "invalid_choice": gettext_lazy("Choose a place from the list"),
            "invalid_list": gettext_lazy("Choose a place from the list"),
        },
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When?"),
        widget=forms.RadioSelect,
        choices=[
            ("0", gettext_lazy("Just now")),
            ("15", gettext_lazy("15 min ago")),
            ("60", gettext_lazy("1 hour ago")),
            ("other", gettext_lazy("Another time")),
        ],
        error_messages={
            "required": gettext_lazy("Choose when it was"),
            "invalid_choice": gettext_lazy("Choose when it was"),
        },
    )
    field_order = ("form", "about", "place", "when", "day", "time", "which", "duration", "length")

    def __init__(
        self,
        data: Any = None,
        *,
        diary: Diary,
        now: datetime,
        about: date,
        values: Mapping[str, int | None],
        past: bool = False,
        place: str | None = None,
        kind: NoteKind = NoteKind.TWITCH,
        duration: str = USUAL,
    ) -> None:
        """`values` are the stored factors of the day `about`; `past` opens on that very day."""
        initial: dict[str, Any] = {
            "form": uuid4(),
            "about": about,
            "place": [place] if place else [],
            "when": "other" if past else "0",
            "day": about if past else now.astimezone(diary.tz).date(),
            "duration": duration,
            "kind": kind.value,
        }
        initial |= {key: values.get(factor.column) for key, factor in diary.factors.items()}
        super().__init__(data, diary=diary, now=now, initial=initial)
        self.factors = diary.factors
        in_coffees = diary.caffeine_in == Caffeine.DRINKS
        so_far = _("Caffeine so far, coffees") if in_coffees else _("Caffeine so far, mg")
        labels = {"sleep": _("Sleep last night, hours"), "caffeine": so_far}
        added = factor_fields(diary, labels)
        self.fields |= added
        self.order_fields((*self.field_order, *added, "words"))
        self.at: When | None = None

    def clean_place(self) -> list[str]:
        """Each place once: figure, shortcuts and list send the same one several times."""
        chosen = list(dict.fromkeys(self.cleaned_data["place"]))
        if len(chosen) > AT_MOST:
            raise ValidationError(_("Choose up to %(most)s places") % {"most": AT_MOST})
        return chosen

    def clean(self) -> dict[str, Any]:
        """Find the moment; a day and a time are only looked at when they are what was chosen."""
        self.settle_kind()
        when = self.cleaned_data.get("when")
        if when in AGO:
            for unused in ("day", "time", "which"):
                self.errors.pop(unused, None)
            if self.wait > LONGEST_WAIT:
                self.add_error("when", _("This note waited for long. Choose its day and time"))
            else:
                self.at = When.at(self.now - self.wait - AGO[when], self.diary)
        elif when == "other":
            self.at = self.resolve(self.diary.zone)
        return self.cleaned_data

    @property
    def wait(self) -> timedelta:
        """How long ago the note was made, on a device that could not send it."""
        return timedelta(seconds=int(self.cleaned_data.get("waited") or 0))

    @property
    def note(self) -> NoteText:
        """What to save for each of the chosen places."""
        assert self.at is not None  # a valid form has found it
        return self.text(self.at)

    @property
    def chosen(self) -> list[str]:
        """The keys of the chosen places, also of a form that is not valid."""
        return [key for key in self["place"].value() or [] if key in PLACES]

    def day_changes(self) -> dict[str, int | None]:
        """The stored factors that were changed in this form, by column."""
        return {
            self.factors[key].column: self.cleaned_data[key]
            for key in self.changed_data
            if key in self.factors
        }

    def day_before(self) -> dict[str, int | None]:
        """What stood in the form for the factors that were changed, by column."""
        shown = self.day_shown()
        return {column: shown[column] for column in self.day_changes()}

    def day_shown(self) -> dict[str, int | None]:
        """The stored factors that the form opened with, by column."""
        shown = {}
        for key, factor in self.factors.items():
            name = self[key].html_initial_name
            value = self.data.get(name) if self.is_bound else self.initial.get(key)
            try:
                shown[factor.column] = self.fields[key].clean(value)
            except ValidationError:
                shown[factor.column] = None
        return shown

    @property
    def has_day_errors(self) -> bool:
        """Whether something about the day has to be looked at again."""
        return any(key in self.errors for key in self.factors)

    @property
    def day_fields(self) -> list[DayField]:
        """The fields of the day's factors."""
        return day_fields(self, self.factors)

    @property
    def shown_day(self) -> date:
        """The day whose factors the form shows."""
        sent = self.cleaned_data.get("about") if self.is_bound else None
        day: date = sent or self.initial["about"]
        return day

    @property
    def day_summary(self) -> str:
        """What the form opened with of that day, in one line."""
        return amounts.summary(self.day_shown(), self.factors, self.diary.units)


class EditForm(NoteFields):
    """A note that is already there."""

    version = forms.RegexField(
        r"\A[0-9]{1,9}\Z",
        widget=forms.HiddenInput,
        error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE},
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Where did you feel it?"),
        widget=forms.RadioSelect,
        choices=[(key, key) for key in PLACES],
        error_messages={
            "required": gettext_lazy("Choose where you felt it"),
            "invalid_choice": gettext_lazy("Choose a place from the list"),
        },
    )

    field_order = ("version", "place", "day", "time", "which", "duration", "length", "words")

    def __init__(self, data: Any = None, *, twitch: Twitch, diary: Diary, now: datetime) -> None:
        self.twitch = twitch
        wall = twitch.local_time
        initial = {
            "version": twitch.version,
            "place": twitch.place,
            "day": wall.date() if wall else twitch.day,
            "time": wall.time().replace(second=0, microsecond=0) if wall else None,
            "duration": twitch.duration,
            "length": twitch.duration_s,
            "words": twitch.words,
            "kind": twitch.kind,
        }
        # A time is edited on the clock it was noted by, wherever the person is now.
        zone = ZoneInfo(twitch.zone)
        if wall and days.wall_clock(wall.replace(tzinfo=None, fold=0), zone) is days.Clock.TWICE:
            initial["which"] = "second" if wall.fold else "first"
        super().__init__(data, diary=diary, now=now, initial=initial)
        self.zone = zone
        self.asks_which = "which" in initial
        self.at: When | None = None

    def clean(self) -> dict[str, Any]:
        """Keep the exact moment unless another day or time was typed."""
        self.settle_kind()
        if not {"day", "time", "which"} & set(self.changed_data):
            self.at = When(self.twitch.day, self.twitch.started_at, self.twitch.zone)
        else:
            self.at = self.resolve(self.twitch.zone)
        return self.cleaned_data

    @property
    def note(self) -> NoteText:
        """What to save."""
        assert self.at is not None  # a valid form has found it
        return self.text(self.at)

    @property
    def chosen(self) -> list[str]:
        """The key of the chosen place, also of a form that is not valid."""
        place = self["place"].value()
        return [place] if place in PLACES else []


@dataclass(frozen=True, slots=True)
class FactorChange:
    """One factor of a day: what it shall be, and what stood on the page before. Stored values."""

    factor: Factor
    to: int | None
    was: int | None


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
            self.change = FactorChange(factor, to, was)
        return self.cleaned_data

    @property
    def is_tap(self) -> bool:
        """Whether a button was used rather than the field."""
        return any(self.data.get(name) for name in ("step", "drink", "to"))

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
