"""Bringing a file: what is asked about it, and kind refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..imports import mapped
from ..imports.plain import ROW, Columns
from ..imports.rows import Target
from ..imports.tables import CLOCK, is_day
from .fields import FormIdField

CHOOSE = gettext_lazy("Choose one of the list")
TOO_LARGE = gettext_lazy("This file is larger than 20 MB. Nothing was taken from it")
SHOWN_AT_MOST = 60  # characters of a name
HINTS = {  # parts of the names of columns
    "time": ("start time", "time", "uhrzeit"),
    "length": ("duration", "dauer", "lasted", "how long"),
    "words": ("note", "comment", "words", "notiz", "bemerkung", "kommentar"),
    "names": ("place", "location", "body part", "where", "stelle", "körperteil"),
}


class ImportForm(forms.Form):
    """A file from the person's device."""

    form = FormIdField()
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Up to 20 MB."),
        error_messages={
            "required": gettext_lazy("Choose a file"),
            "missing": gettext_lazy("Choose a file"),
            "empty": gettext_lazy("This file is empty"),
        },
    )

    def __init__(self, data: Any = None, files: Any = None, *, too_large: bool = False) -> None:
        super().__init__(data, files, initial={"form": uuid4()})
        self.too_large = too_large

    def full_clean(self) -> None:
        """Say plainly when the upload was ended because it is too large."""
        super().full_clean()
        if self.is_bound and self.too_large:
            self.errors.pop("file", None)
            self.add_error("file", TOO_LARGE)

    @property
    def name(self) -> str:
        """The name of the file, as far as it can be shown."""
        said = self.cleaned_data["file"].name or ""
        return "".join(sign for sign in said if sign.isprintable()) or _("file")


class EncodingForm(forms.Form):
    """Which older encoding a text is in."""

    encoding = forms.ChoiceField(
        label=gettext_lazy("How was the file written?"),
        help_text=gettext_lazy(
            "It is not Unicode. Look at the names on the next page: if letters such as ä or é look "
            "odd, it was the other one."
        ),
        choices=(
            ("cp1252", gettext_lazy("Windows, Western Europe and America (Windows-1252)")),
            ("cp1250", gettext_lazy("Windows, Central Europe (Windows-1250)")),
        ),
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    @property
    def answer(self) -> Any:
        """What a batch keeps of it."""
        return self.cleaned_data["encoding"]


class ColumnsForm(forms.Form):
    """Which columns of a table hold the day and what else is no value of its own."""

    def __init__(
        self,
        data: Any,
        columns: Sequence[Mapping[str, Any]],
        earlier: Mapping[str, Any] | None,
        month_first: Mapping[str, bool],
    ) -> None:
        named = [(column["name"], _with_examples(column)) for column in columns]
        if earlier and earlier["day"] in dict(named):  # another table has other columns
            guess = _as_typed(earlier)
        else:
            guess = _guessed(columns, month_first)
        super().__init__(data, initial=dict(guess), auto_id="%s")
        none = ("", _("none"))
        self._choice("day", _("Which column holds the day?"), named)
        self._choice(
            "month_first",
            _("How is a day written there?"),
            [("", _("day first, or year first: 27.8.2026")), ("yes", _("month first: 8/27/2026"))],
            _("It matters where the year comes last."),
        )
        self._choice(
            "time",
            _("Which column holds the time?"),
            [none, *named],
            _("A time in the column of the day is found without this."),
        )
        self._choice("length", _("Which column says how long it lasted?"), [none, *named])
        self._choice(
            "length_unit",
            _("In which unit?"),
            [("s", _("seconds")), ("min", _("minutes")), ("h", _("hours"))],
        )
        self._choice(
            "names",
            _("Which column says what or where it was?"),
            [none, *named],
            _("You say next what each name in it stands for."),
        )
        self._choice("words", _("Which column holds your own words?"), [none, *named])
        self._choice(
            "whole_day",
            _("If a day has several rows, what are the amounts in them?"),
            [
                ("", _("parts of the day: they are added up")),
                ("yes", _("the whole day each time: the largest counts")),
            ],
        )

    def _choice(
        self, name: str, label: str, choices: list[tuple[str, str]], hint: str = ""
    ) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            help_text=hint,
            choices=choices,
            required=name in ("day", "length_unit"),
            widget=forms.Select(attrs={"class": "input"}),
            error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a column that is to hold two things."""
        taken: set[str] = set()
        for name in ("day", "time", "length", "names", "words"):
            column = self.cleaned_data.get(name, "")
            if column and column in taken:
                self.add_error(name, _("This column is chosen for something else above"))
            taken.add(column)
        return self.cleaned_data

    @property
    def answer(self) -> dict[str, Any]:
        """What a batch keeps of it."""
        said = dict(self.cleaned_data)
        for name in ("month_first", "whole_day"):
            said[name] = bool(said[name])
        return asdict(Columns(**said))


class NamesForm(forms.Form):
    """What each name in a file stands for."""

    def __init__(
        self,
        data: Any,
        names: Sequence[Mapping[str, Any]],
        earlier: Mapping[str, str] | None,
        target: Target,
    ) -> None:
        super().__init__(data, auto_id="%s")
        self._names = {f"name-{number}": str(one["name"]) for number, one in enumerate(names)}
        choices = [
            (mapped.LEAVE_OUT, _("Leave it out")),
            (mapped.WORDS, _("Words of the day")),
            *mapped.choices(target),
        ]
        for (key, name), one in zip(self._names.items(), names, strict=True):
            self.fields[key] = forms.ChoiceField(
                required=False,
                label=_("Each row of the file") if name == ROW else name[:SHOWN_AT_MOST],
                help_text=_how_often(one),
                choices=choices,
                initial=(earlier or {}).get(name, mapped.LEAVE_OUT),
                widget=forms.Select(attrs={"class": "input"}),
                error_messages={"invalid_choice": CHOOSE},
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a file of which everything is left out."""
        if not self.errors and not any(self.cleaned_data.values()):
            self.add_error(next(iter(self._names)), _("Say of at least one what it stands for"))
        return self.cleaned_data

    @property
    def answer(self) -> dict[str, str]:
        """What a batch keeps of it."""
        return {name: self.cleaned_data[key] for key, name in self._names.items()}


def _as_typed(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What a batch keeps of the columns as the form shows it."""
    return {name: "yes" if said is True else said or "" for name, said in answer.items()}


def _with_examples(column: Mapping[str, Any]) -> str:
    """A column and some of what stands in it."""
    name = str(column["name"])[:SHOWN_AT_MOST]
    if not column["examples"]:
        return name
    return _("%(name)s, such as %(examples)s") % {
        "name": name,
        "examples": " · ".join(column["examples"]),
    }


def _how_often(one: Mapping[str, Any]) -> str:
    count = ngettext("%(count)s time", "%(count)s times", one["count"]) % {"count": one["count"]}
    if not one["examples"]:
        return count
    return _("%(count)s, such as %(examples)s") % {
        "count": count,
        "examples": " · ".join(one["examples"]),
    }


def _guessed(
    columns: Sequence[Mapping[str, Any]], month_first: Mapping[str, bool]
) -> dict[str, Any]:
    """What the names of the columns and their first cells suggest; the person has the last word."""
    found: dict[str, Any] = {}
    for column in columns:
        name = str(column["name"]).lower()
        if "day" not in found and all(map(is_day, column["examples"])) and column["examples"]:
            found["day"] = column["name"]
            found["month_first"] = "yes" if month_first.get(column["name"]) else ""
            if any(map(CLOCK.search, column["examples"])):
                found["time"] = ""  # it stands there, and what is called a time may be the end
            continue
        for key, hints in HINTS.items():
            if key not in found and any(hint in name for hint in hints):
                found[key] = column["name"]
                break
    unit = str(found.get("length", "")).lower()
    found["length_unit"] = "s" if "sec" in unit else "h" if "hour" in unit else "min"
    return found
