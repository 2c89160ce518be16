"""All tables of a diary in one file, with their meaning and the settings."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ..filters import Filter
from ..models import Break, Diary
from .csv import HOW_WRITTEN, Value, stream
from .more import more_tables
from .rows import (
    CHECK_COLUMNS,
    MEDICINE_COLUMNS,
    Column,
    check_rows,
    day_columns,
    day_rows,
    medicine_rows,
    note_columns,
    note_rows,
)

SETTINGS = (
    "zone",
    "day_start_hour",
    "glass_ml",
    "theme",
    "language",
    "week_start",
    "clock",
    "caffeine_in",
    "drinks_in",
    "every_drink",
    "noting",
    "quiet",
    "shortcuts",
    "bedside_from",
    "bedside_until",
    "remind_at",
)
FORMAT = "ebb-1"  # of the archive as a whole; a reader can tell it by that
IN_MEMORY = 2_000_000  # bytes; beyond, it grows on disk
PIECE = 64 * 1024  # bytes
NO_DATE = (1980, 1, 1, 0, 0, 0)  # the same diary gives the same bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: what it is called, what a row is, its columns and its rows."""

    key: str
    title: str | Promise
    about: str | Promise
    columns: Sequence[Column]
    rows: Iterator[Sequence[Value]]


def sheets(diary: Diary, last: date) -> list[Sheet]:
    """The tables of a diary up to a day. Their rows are read when they are asked for."""
    owner, everything = diary.owner, Filter()
    notes, kept = note_columns(diary.ever_noted), day_columns(diary.ever_noted)
    return [
        Sheet(
            "notes",
            _("notes"),
            _(
                "One row for each note, oldest first. The values of the day are as they stood when "
                "you saved the note."
            ),
            notes,
            note_rows(owner, everything, last, notes),
        ),
        Sheet(
            "days",
            _("days"),
            _("One row for each day from your first one to today, blank days too."),
            kept,
            day_rows(owner, everything, last, kept),
        ),
        Sheet(
            "checks",
            _("symptoms checks"),
            _(
                "One row for each time you answered the six questions, oldest first. A question "
                "you left open is empty."
            ),
            CHECK_COLUMNS,
            check_rows(owner, last),
        ),
        Sheet(
            "medicines",
            _("medicines and supplements"),
            _("One row for each entry of your list, whole, whatever days you choose."),
            MEDICINE_COLUMNS,
            medicine_rows(owner),
        ),
        *(
            Sheet(more.key, more.title, more.about, more.columns, more.rows(owner, last))
            for more in more_tables().values()
        ),
    ]


def archive(diary: Diary, last: date) -> Iterator[bytes]:
    """A ZIP file with every table, the settings, and a text that explains them, piece by piece.

    It is made when the first piece is asked for, and grows on disk: memory stays the same.
    """
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        _write(file, diary, sheets(diary, last))
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _write(file: IO[bytes], diary: Diary, tables: Sequence[Sheet]) -> None:
    with ZipFile(file, "w") as zipped:
        zipped.writestr(_entry("README.txt"), _readme(tables))
        zipped.writestr(
            _entry("settings.json"), json.dumps(settings_of(diary), indent=1, ensure_ascii=False)
        )
        for table in tables:
            with zipped.open(_entry(f"{table.key}.csv"), "w", force_zip64=True) as member:
                for part in stream([column.name for column in table.columns], table.rows):
                    member.write(part)


def settings_of(diary: Diary) -> dict[str, object]:
    """The settings as plain values, with the factors that were made and the breaks."""
    rests = Break.objects.of(diary.owner).order_by("first")
    return {
        "format": FORMAT,
        "sample": diary.is_sample,
        **{name: getattr(diary, name) for name in SETTINGS},
        "more_factors": diary.more_factors,
        "usual_places": diary.usual_places,
        "usual_drinks": diary.usual_drinks,
        "breaks": [[rest.first.isoformat(), rest.last.isoformat()] for rest in rests],
    }


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, NO_DATE)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _readme(tables: Sequence[Sheet]) -> str:
    """What each file and each column holds."""
    lines = [
        _("The tables of a muscle-twitch diary."),
        *map(str, HOW_WRITTEN),
        _("settings.json holds the settings, the factors that were made, and the breaks."),
    ]
    for table in tables:
        lines += ["", f"{table.key}.csv: {table.about}"]
        lines += [f"  {column.name}: {column.meaning}" for column in table.columns]
    return "\n".join(lines) + "\n"
