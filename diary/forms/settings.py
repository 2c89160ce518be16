"""What a person may set, and the break they may take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..days import DAY_STARTS, known_zones
from ..models import Diary, Theme
from ..own_drinks import with_coffee
from ..places import PLACES
from ..shown import (
    GLASS_ML,
    HOURS,
    Caffeine,
    Clock,
    Drinks,
    Language,
    Noting,
    WeekStart,
    clock_text,
)
from ..tiles import TILES
from .fields import DayField, SizeField

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

BEDSIDE = ("bedside_from", "bedside_until")
LONGEST_BREAK = timedelta(days=366)

# Not each name of the tz database is a place where somebody lives.
AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def zones() -> dict[str, list[tuple[str, str]]]:
    """Time zones by area, each with the name of its city."""
    by_area: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for key in sorted(known_zones()):
        area, _slash, city = key.partition("/")
        if area in by_area and city:
            by_area[area].append((key, city.replace("_", " ").replace("/", ", ")))
    return by_area


class GlassField(SizeField):
    """The size of a glass."""

    RANGE = GLASS_ML
    IN_ML = gettext_lazy("Enter the glass size as a number of ml, such as 250")
    IN_OUNCES = gettext_lazy("Enter the glass size as a number of fl oz, such as 8")
    BETWEEN = gettext_lazy("Glass size must be between %(least)s and %(most)s ml")


class CoffeeField(SizeField):
    """The size of a coffee."""

    RANGE = GLASS_ML
    IN_ML = gettext_lazy("Enter the size of a coffee as a number of ml, such as 200")
    IN_OUNCES = gettext_lazy("Enter the size of a coffee as a number of fl oz, such as 7")
    BETWEEN = gettext_lazy("The size of a coffee must be between %(least)s and %(most)s ml")


class OneOfAFew(forms.TypedChoiceField):
    """A setting whose choices are all on the page; `otherwise` is said of anything else."""

    def __init__(
        self,
        label: "Words",
        choices: Sequence[tuple[Any, "Words"]],
        otherwise: "Words",
        coerce: Callable[[str], Any] = str,
        help_text: "Words" = "",
    ) -> None:
        super().__init__(
            label=label,
            choices=choices,
            coerce=coerce,
            help_text=help_text,
            widget=forms.RadioSelect,
            error_messages={"required": otherwise, "invalid_choice": otherwise},
            show_hidden_initial=True,
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that is one of a few, and the hidden field that says which one it was."""

    field: forms.BoundField

    @property
    def before(self) -> str:
        """The hidden field; any other setting brings it along by itself."""
        return self.field.as_hidden(only_initial=True)


class DayStartField(forms.TypedChoiceField):
    """The hour at which a diary day starts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[(hour, str(hour)) for hour in DAY_STARTS],
            coerce=int,
            label=gettext_lazy("Day starts at"),
            error_messages={
                "required": gettext_lazy("Choose when your day starts"),
                "invalid_choice": gettext_lazy("Choose when your day starts"),
            },
            **kwargs,
        )


class HourField(forms.TypedChoiceField):
    """A full hour of the day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[(hour, str(hour)) for hour in HOURS],
            coerce=int,
            error_messages={
                "required": gettext_lazy("Choose a full hour"),
                "invalid_choice": gettext_lazy("Choose a full hour"),
            },
            show_hidden_initial=True,
            **kwargs,
        )


class ZoneField(forms.ChoiceField):
    """A time zone, by its area and city."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Time zone"),
            error_messages={
                "required": gettext_lazy("Choose a time zone from the list"),
                "invalid_choice": gettext_lazy("Choose a time zone from the list"),
            },
            **kwargs,
        )


class ZoneForm(forms.Form):
    """The time zone alone, as a device says it that is followed."""

    zone = ZoneField()

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["zone"].choices = list(zones().items())  # type: ignore[attr-defined]


class SettingsForm(forms.Form):
    """The settings of a diary. Each carries what stood in it, so that only changes are saved."""

    use_required_attribute = False

    zone = ZoneField(show_hidden_initial=True)
    day_start_hour = DayStartField(
        help_text=gettext_lazy("What you note before this hour belongs to the evening before."),
        show_hidden_initial=True,
    )
    glass_ml = GlassField(
        label=gettext_lazy("Glass size, ml"),
        error_messages={"required": gettext_lazy("Enter the glass size, such as 250")},
        show_hidden_initial=True,
    )
    caffeine_in = OneOfAFew(
        gettext_lazy("Caffeine shown in"),
        Caffeine.choices,
        gettext_lazy("Choose what caffeine is shown in"),
        help_text=gettext_lazy("Summaries and files always have mg."),
    )
    drinks_in = OneOfAFew(
        gettext_lazy("Drinks shown in"),
        Drinks.choices,
        gettext_lazy("Choose what drinks are shown in"),
    )
    every_drink = OneOfAFew(
        gettext_lazy("Caffeinated drinks count as drinks"),
        [(False, gettext_lazy("No")), (True, gettext_lazy("Yes"))],
        gettext_lazy("Choose whether caffeinated drinks count as drinks"),
        "True".__eq__,
        gettext_lazy(
            "If yes, a coffee that you add with one tap adds to your drinks too. What you noted "
            "stays as it is."
        ),
    )
    week_start = OneOfAFew(
        gettext_lazy("Week starts on"),
        WeekStart.choices,
        gettext_lazy("Choose the day on which your week starts"),
        int,
        gettext_lazy("In the diary. The weekly summary always runs from Monday to Sunday."),
    )
    clock = OneOfAFew(
        gettext_lazy("Clock"), Clock.choices, gettext_lazy("Choose how times are written")
    )
    noting = OneOfAFew(
        gettext_lazy("How to note"),
        Noting.choices,
        gettext_lazy("Choose how to note"),
        help_text=gettext_lazy(
            "Once a day asks one question in the evening: how was today? Less is often enough. "
            "In the summaries a place then counts once for each day."
        ),
    )
    quiet = OneOfAFew(
        gettext_lazy("Quiet view"),
        [(False, gettext_lazy("Off")), (True, gettext_lazy("On"))],
        gettext_lazy("Choose whether the view is quiet"),
        "True".__eq__,
        gettext_lazy("Hides all counts and the colours of the calendar. Notes are kept as ever."),
    )
    shortcuts = OneOfAFew(
        gettext_lazy("Keyboard shortcuts"),
        [(False, gettext_lazy("Off")), (True, gettext_lazy("On"))],
        gettext_lazy("Choose whether single keys lead to pages"),
        "True".__eq__,
        gettext_lazy(
            "Single keys outside fields: n for a new note, t for Today, d for the diary, i for "
            "Insights, ? for this list."
        ),
    )
    language = OneOfAFew(
        gettext_lazy("Language"), Language.choices, gettext_lazy("Choose a language")
    )
    theme = OneOfAFew(gettext_lazy("Theme"), Theme.choices, gettext_lazy("Choose a theme"))
    bedside_from = HourField(
        required=False,
        empty_value=None,
        label=gettext_lazy("Bedside theme from"),
        help_text=gettext_lazy("Very dim by itself at these hours, whatever the theme is."),
    )
    bedside_until = HourField(label=gettext_lazy("Bedside theme until"))
    remind_at = HourField(
        required=False,
        empty_value=None,
        label=gettext_lazy("Reminder by e-mail"),
        help_text=gettext_lazy(
            "One neutral line at this hour, on days when nothing was noted yet and never during a "
            "break. After three that nothing followed they stop by themselves."
        ),
    )

    def __init__(self, data: Any = None, *, diary: Diary) -> None:
        initial = {name: getattr(diary, name) for name in self.base_fields}
        super().__init__(data, initial=initial, auto_id="%s")
        glass = self.fields["glass_ml"]
        glass.units = diary.units  # type: ignore[attr-defined]
        if diary.units.ounce_ml:
            glass.label = _("Glass size, fl oz")
        self.fields["day_start_hour"].choices = [  # type: ignore[attr-defined]
            (hour, clock_text(time(hour), diary.clock)) for hour in DAY_STARTS
        ]
        known = [("UTC", "UTC"), *((area, cities) for area, cities in zones().items())]
        # A zone that came from elsewhere stays until another one is chosen.
        if not any(diary.zone == key for cities in zones().values() for key, _city in cities):
            known = [*dict.fromkeys(((diary.zone, diary.zone), known[0])), *known[1:]]
        self.fields["zone"].choices = known  # type: ignore[attr-defined]
        if not settings.HAS_MAIL:
            del self.fields["remind_at"]
        for field in self.fields.values():
            if isinstance(field, HourField):
                hours = [(hour, clock_text(time(hour), diary.clock)) for hour in HOURS]
                field.choices = hours if field.required else [("", _("Never")), *hours]
            if isinstance(field, DayStartField | HourField | ZoneField):
                field.widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        """Hours from one to the same are none."""
        said = self.cleaned_data
        hours = [said.get(name) for name in BEDSIDE]
        if hours[0] is not None and hours[0] == hours[1]:
            for name in BEDSIDE:
                if name in self.changed_data:
                    self.add_error(name, _("It must end at another hour than it begins"))
        return said

    @property
    def changes(self) -> dict[str, object]:
        """What was changed and can be saved, also when another field can't."""
        return {
            name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data
        }

    @property
    def few(self) -> Sequence[Setting]:
        """The settings that are one of a few, in their order."""
        names = [name for name, field in self.fields.items() if isinstance(field, OneOfAFew)]
        return [Setting(self[name]) for name in names]


class FirstSettingsForm(SettingsForm):
    """What is asked once, after signing up, in steps; the first only asks the device."""

    OF_THE_DEVICE = ("zone", "week_start", "clock")
    STEPS = (
        OF_THE_DEVICE,
        ("usual_places",),
        ("day_start_hour", "coffee_ml", "glass_ml", "drinks_in", "theme", *OF_THE_DEVICE),
        ("noting", "remind_at"),
    )

    usual_places = forms.MultipleChoiceField(
        required=False,
        label=gettext_lazy("Your usual places"),
        choices=[(key, key) for key in PLACES],
        error_messages={
            "invalid_choice": gettext_lazy("Choose a place from the list"),
            "invalid_list": gettext_lazy("Choose a place from the list"),
        },
    )

    coffee_ml = CoffeeField(
        label=gettext_lazy("Coffee size, ml"),
        help_text=gettext_lazy("A mug of 200 ml has about 90 mg of caffeine."),
        error_messages={"required": gettext_lazy("Enter the size of a coffee, such as 200")},
        show_hidden_initial=True,
    )

    def __init__(self, data: Any = None, *, diary: Diary, step: int) -> None:
        super().__init__(data, diary=diary)
        self.usual = diary.units.usual
        coffee = self.fields["coffee_ml"]
        coffee.units = diary.units  # type: ignore[attr-defined]
        if diary.units.ounce_ml:
            coffee.label = _("Coffee size, fl oz")
        asked = self.STEPS[step - 1]
        self.fields = {name: field for name, field in self.fields.items() if name in asked}
        is_unknown = diary.zone == "UTC"  # nobody has chosen yet
        for name in self.OF_THE_DEVICE:
            if step == 1 and is_unknown:
                self.fields[name].widget = forms.HiddenInput()
                self.fields[name].show_hidden_initial = False
            elif step == 1:
                del self.fields[name]
            # A script puts in what the device is set to.
            if data is None and is_unknown and name in self.fields:
                self.fields[name].widget.attrs["data-device"] = name

    @property
    def changes(self) -> dict[str, object]:
        """As of all settings; the size of a coffee stands among the usual drinks."""
        changes = super().changes
        if "coffee_ml" in changes:
            changes["usual_drinks"] = with_coffee(self.usual, self.cleaned_data["coffee_ml"])
            del changes["coffee_ml"]
        return changes

    def clean_usual_places(self) -> list[str]:
        """Not more than there are tiles."""
        places: list[str] = self.cleaned_data["usual_places"]
        if len(places) > TILES:
            raise ValidationError(_("Choose up to %(most)s places") % {"most": TILES})
        return places


class BreakForm(forms.Form):
    """Until when to rest from the diary."""

    use_required_attribute = False

    until = DayField(
        label=gettext_lazy("Until"),
        error_messages={"required": gettext_lazy("Enter a day, such as 23 11 2026")},
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, auto_id="%s")
        self.today = today
        self.fields["until"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + LONGEST_BREAK).isoformat(),
        }

    def clean_until(self) -> date:
        """A day that is still to come, and not for ever."""
        until: date = self.cleaned_data["until"]
        if until < self.today:
            raise ValidationError(_("The break must end today or later"))
        if until > self.today + LONGEST_BREAK:
            raise ValidationError(_("A break can last up to one year"))
        return until
