"""What a person may set, and the break they may take."""

import re
from datetime import date, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .fields import DayField, Written
from .models import Diary, Theme

DAY_STARTS = range(9)  # o'clock
GLASS_ML = (50, 1000)
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
    for key in sorted(available_timezones()):
        area, _slash, city = key.partition("/")
        if area in by_area and city:
            by_area[area].append((key, city.replace("_", " ").replace("/", ", ")))
    return by_area


class GlassField(Written):
    """The size of a glass in ml."""

    PATTERN = re.compile(r"([0-9]{1,5}) ?(?:ml)?")

    def read(self, text: str) -> int:
        """Whole ml from 50 to 1000."""
        found = self.PATTERN.fullmatch(text.lower())
        if not found:
            raise ValidationError(_("Enter the glass size as a number of ml, such as 250"))
        size = int(found[1])
        least, most = GLASS_ML
        if not least <= size <= most:
            raise ValidationError(
                _("Glass size must be between %(least)s and %(most)s ml")
                % {"least": least, "most": most}
            )
        return size


class DayStartField(forms.TypedChoiceField):
    """The hour at which a diary day starts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=lambda: [(hour, time_format(time(hour), "H:i")) for hour in DAY_STARTS],
            coerce=int,
            label=gettext_lazy("Day starts at"),
            error_messages={
                "required": gettext_lazy("Choose when your day starts"),
                "invalid_choice": gettext_lazy("Choose when your day starts"),
            },
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
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        choices=Theme.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a theme"),
            "invalid_choice": gettext_lazy("Choose a theme"),
        },
        show_hidden_initial=True,
    )

    def __init__(self, data: Any = None, *, diary: Diary) -> None:
        initial = {name: getattr(diary, name) for name in self.base_fields}
        super().__init__(data, initial=initial, auto_id="%s")
        known = [("UTC", "UTC"), *((area, cities) for area, cities in zones().items())]
        # A zone that came from elsewhere stays until another one is chosen.
        if not any(diary.zone == key for cities in zones().values() for key, _city in cities):
            known = [*dict.fromkeys(((diary.zone, diary.zone), known[0])), *known[1:]]
        self.fields["zone"].choices = known  # type: ignore[attr-defined]
        for name in ("zone", "day_start_hour"):
            self.fields[name].widget.attrs["class"] = "input"

    @property
    def changes(self) -> dict[str, object]:
        """What was changed and can be saved, also when another field can't."""
        return {
            name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data
        }

    @property
    def theme_before(self) -> str:
        """The hidden field that says which theme was chosen."""
        return self["theme"].as_hidden(only_initial=True)


class FirstSettingsForm(SettingsForm):
    """What is asked once, after signing up."""

    theme = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, diary: Diary) -> None:
        super().__init__(data, diary=diary)
        if data is None and diary.zone == "UTC":
            # Nobody has chosen yet: a script puts the zone of the device in.
            self.fields["zone"].widget.attrs["data-device-zone"] = ""


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
