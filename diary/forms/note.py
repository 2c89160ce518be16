"""A new note, and one that is already there."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from datetime import time as wall_time
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .. import amounts, days
from ..durations import DURATIONS, USUAL, choice_for
from ..kinds import KIND_NAMES, QUESTIONS, NoteKind, told_apart
from ..models import Diary, Twitch
from ..places import AT_MOST, PLACES
from ..recording import NoteText, When
from ..shown import Caffeine, clock_text
from . import fields
from .day import FactorField, day_fields, factor_fields
from .fields import INCOMPLETE

AGO = {"0": timedelta(0), "15": timedelta(minutes=15), "60": timedelta(hours=1)}
LONGEST_WAIT = timedelta(days=60)  # of a note made without a connection
ASK = "ask"  # let the answers say which kind it was


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
    words = fields.WordsField(
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

    @property
    def note(self) -> NoteText:
        """What to save, apart from its place. Of a valid form."""
        assert self.at is not None  # a valid form has found it
        length = self.cleaned_data["length"]
        return NoteText(
            self.at,
            choice_for(length) if length else self.cleaned_data["duration"],
            length,
            self.cleaned_data["words"],
            NoteKind(self.cleaned_data["kind"] or NoteKind.TWITCH),
        )


class NoteForm(NoteFields):
    """A new note: only its place is needed."""

    form = fields.FormIdField()
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
    def day_fields(self) -> list[FactorField]:
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

    version = fields.VersionField()
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

    def clean(self) -> dict[str, Any]:
        """Keep the exact moment unless another day or time was typed."""
        self.settle_kind()
        if not {"day", "time", "which"} & set(self.changed_data):
            self.at = When(self.twitch.day, self.twitch.started_at, self.twitch.zone)
        else:
            self.at = self.resolve(self.twitch.zone)
        return self.cleaned_data

    @property
    def chosen(self) -> list[str]:
        """The key of the chosen place, also of a form that is not valid."""
        place = self["place"].value()
        return [place] if place in PLACES else []
