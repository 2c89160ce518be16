"""Ebb's own archive, or one table of it, read back exactly."""

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from math import nan
from typing import IO, Any
from uuid import UUID
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from ..check import known
from ..days import DAY_STARTS, known_zones, parse_day
from ..drinks import CUPS_AT_MOST, drinks_of
from ..durations import DURATIONS, LONGEST_S
from ..exports.archive import FORMAT, SETTINGS
from ..exports.csv import unescape
from ..exports.more import more_tables
from ..exports.rows import CHECK_COLUMNS, DAY_COLUMNS, MEDICINE_COLUMNS, NOTE_COLUMNS
from ..factors import FACTORS, Factor, further_of, own_and_optional
from ..kinds import NoteKind
from ..models import NAME_AT_MOST, WORDS_AT_MOST, Medicine, Overall, Theme
from ..places import PLACES
from ..shown import GLASS_ML, HOURS, Caffeine, Clock, Drinks, Language, Noting, WeekStart
from ..tiles import TILES
from .rows import (
    BadLine,
    BreakRow,
    CheckRow,
    DayRow,
    MedicineRow,
    MoreRow,
    NoteRow,
    Refused,
    Row,
    SettingsRow,
    Target,
    Unreadable,
)
from .tables import Lines, Written, numbered
from .zipped import opened

SETTINGS_AT_MOST = 1_000_000  # bytes
OWN_ROWS_AT_MOST = 2_000_000  # a diary that was taken along comes home however long it is
COLUMNS_OF = {
    "notes.csv": NOTE_COLUMNS,
    "days.csv": DAY_COLUMNS,
    "checks.csv": CHECK_COLUMNS,
    "medicines.csv": MEDICINE_COLUMNS,
}
# Settings that an archive may be from before.
LATER: dict[str, Any] = {
    "usual_places": [],
    "usual_drinks": [],
    "every_drink": False,
    "shortcuts": False,
    "caffeine_in": Caffeine.MG.value,
    "bedside_from": None,
    "bedside_until": 7,
    "remind_at": None,
}
KINDS = frozenset(NoteKind)
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
AS_MADE = Written()
TIMES = re.compile(rf"{CLOCK}(?: {CLOCK}){{0,{CUPS_AT_MOST - 1}}}", re.ASCII)  # see Day.caffeine_at
WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?", re.ASCII)

type Cells = Mapping[str, str]


def read(file: IO[bytes], target: Target) -> Iterator[Row | BadLine]:
    """Settings first, then breaks, notes, days, checks and medicines as they stand.

    Raises Refused.
    """
    with opened(file) as archive:
        settings = _settings(archive)
        further = settings["more_factors"]
        factors = {
            factor.export: factor for factor in (FACTORS | own_and_optional(further)).values()
        }
        yield SettingsRow({key: settings[key] for key in (*SETTINGS, "more_factors", *LATER)})
        yield from _breaks(settings["breaks"])
        readers = _readers(factors, target.today) | {
            f"{key}.csv": partial(_more, key, more.owned.read)
            for key, more in more_tables().items()
            if more.owned
        }
        there = {*archive.namelist()}
        for name, of_cells in readers.items():
            if name in there:
                with archive.open(name) as member:
                    yield from _table(member, name, of_cells)


def table_with(heading: Collection[str]) -> str | None:
    """The name of the table that has this heading; None when it is not one of ours."""
    return next(
        (
            name
            for name, columns in COLUMNS_OF.items()
            if {column.name for column in columns} <= {*heading}
        ),
        None,
    )


def read_table(
    name: str, file: IO[bytes], target: Target, written: Written
) -> Iterator[Row | BadLine]:
    """The rows of one table that was taken along by itself. Raises Refused."""
    further = own_and_optional(list(target.more_factors))
    factors = {factor.export: factor for factor in (FACTORS | further).values()}
    yield from _table(file, name, _readers(factors, target.today)[name], written)


def _readers(factors: Mapping[str, Factor], today: date) -> dict[str, Callable[[Cells], Any]]:
    return {
        "notes.csv": lambda cells: _note(cells, factors, today),
        "days.csv": lambda cells: _day(cells, factors, today),
        "checks.csv": _check,
        "medicines.csv": _medicine,
    }


def _settings(archive: ZipFile) -> dict[str, Any]:
    """What settings.json says, checked."""
    if "settings.json" not in archive.namelist():
        raise Refused(_("This archive is not one that Ebb has made."))
    with archive.open("settings.json") as member:
        text = member.read(SETTINGS_AT_MOST)
    try:
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise Refused(_("This archive is of a kind that this version can’t read."))
        if said["sample"]:
            raise Refused(_("This is the sample diary. It is made up and can’t become yours."))
        further_of(said["more_factors"])
        said |= {name: said.get(name, as_it_was) for name, as_it_was in LATER.items()}
        if len(said["usual_places"]) > TILES or not set(said["usual_places"]) <= set(PLACES):
            raise ValueError(said)
        drinks_of(said["usual_drinks"])
        if any(said[name] not in known_values for name, known_values in _known_settings().items()):
            raise ValueError(said)
    except (ValueError, TypeError, KeyError, RecursionError, msgspec.ValidationError) as fault:
        raise Refused(_("The settings in this archive can’t be read.")) from fault
    return dict(said)


def _known_settings() -> dict[str, Any]:
    """What each setting can be."""
    least, most = GLASS_ML
    return {
        "zone": known_zones(),
        "day_start_hour": DAY_STARTS,
        "glass_ml": range(least, most + 1),
        "theme": Theme.values,
        "language": Language.values,
        "week_start": WeekStart.values,
        "clock": Clock.values,
        "caffeine_in": Caffeine.values,
        "drinks_in": Drinks.values,
        "every_drink": (True, False),
        "noting": Noting.values,
        "quiet": (True, False),
        "shortcuts": (True, False),
        "bedside_from": (None, *HOURS),
        "bedside_until": HOURS,
        "remind_at": (None, *HOURS),
    }


def _breaks(said: Any) -> Iterator[Row | BadLine]:
    for at, rest in enumerate(said if isinstance(said, list) else [], 1):
        try:
            first, last = map(parse_day, rest)
            if last < first:
                raise ValueError(rest)
        except (ValueError, TypeError):
            yield BadLine("settings.json", at, _("This break has no first and last day."))
        else:
            yield BreakRow(first, last)


def _table(
    file: IO[bytes], name: str, of_cells: Callable[[Cells], Row | None], written: Written = AS_MADE
) -> Iterator[Row | BadLine]:
    """The rows of one table, the bad ones too. A day with nothing on it is no row."""
    lines = Lines(io.TextIOWrapper(file, written.encoding, newline=""))
    rows = csv.reader(lines, delimiter=written.between, strict=True)
    try:
        _line, heading = next(numbered(lines, rows, name), (1, None))
        for count, (line, cells) in enumerate(numbered(lines, rows, name), 1):
            if count > OWN_ROWS_AT_MOST:
                raise Refused(_("This file has too many rows."))
            row = _one(name, line, heading or [], cells, of_cells)
            if row is not None:
                yield row
    except UnicodeDecodeError as fault:
        raise Refused(_("%(file)s is not UTF-8.") % {"file": name}) from fault


def _one(
    name: str,
    line: int,
    heading: list[str],
    cells: list[str] | None,
    of_cells: Callable[[Cells], Row | None],
) -> Row | BadLine | None:
    try:
        if cells is None:
            raise Unreadable(_("It is not written as a row of a table."))
        if len(cells) != len(heading):
            raise Unreadable(_("It has not as many cells as the heading."))
        if "'" in "".join(cells):  # asked of each cell it takes a tenth of all reading
            cells = [unescape(cell) for cell in cells]
        return of_cells(dict(zip(heading, cells, strict=True)))
    except Unreadable as fault:
        return BadLine(name, line, str(fault))
    except (ValueError, OverflowError, msgspec.ValidationError):
        return BadLine(name, line, _("A day, a time or an id in it can’t be read."))
    except KeyError as fault:
        return BadLine(name, line, _("The column %(name)s is missing.") % {"name": fault.args[0]})


def _note(cells: Cells, factors: Mapping[str, Factor], today: date) -> NoteRow:
    day = _day_until(cells["diary_day"], today)
    zone = _one_of(cells, "zone", known_zones())
    started_at = _moment(cells["local_time"])
    if started_at:
        local = started_at.astimezone(ZoneInfo(zone))
        if local.isoformat() != cells["local_time"]:
            raise Unreadable(_("Its time does not fit its time zone."))
        if abs(local.date() - day).days > 1:
            raise Unreadable(_("Its time does not fit its day."))
    seconds = _whole(cells["duration_s"])
    if seconds is not None and not 1 <= seconds <= LONGEST_S:
        raise Unreadable(_("It is longer than a day."))
    saved = _moment(cells["saved_at_utc"])
    if saved is None:
        raise Unreadable(_("It does not say when it was saved."))
    return NoteRow(
        uuid=_id(cells["id"]),
        group=_id(cells["saved_with"]),
        day=day,
        started_at=started_at,
        zone=zone,
        place=_one_of(cells, "place", PLACES),
        kind=_one_of(cells, "kind", KINDS),
        duration=_one_of(cells, "duration", DURATIONS),
        duration_s=seconds,
        words=_words(cells["words"]),
        added_later=_one_of(cells, "added_later", ("yes", "no")) == "yes",
        created_at=saved,
        edited_at=_moment(cells["edited_at_utc"]),
        values=_values(cells, factors),
    )


def _day(cells: Cells, factors: Mapping[str, Factor], today: date) -> DayRow | None:
    clear = _one_of(cells, "marked_clear", ("yes", "")) == "yes"
    later = _one_of(cells, "marked_later", ("yes", "")) == "yes"
    words = _words(cells["words"])
    overall = _one_of(cells, "overall", (*Overall.values, ""))
    day, values = _day_until(cells["diary_day"], today), _values(cells, factors)
    row = DayRow(day, clear, later, words, values, overall, _times(cells.get("caffeine_at", "")))
    return row if row.says_anything else None


def _times(text: str) -> str:
    if text and not TIMES.fullmatch(text):
        raise ValueError(text)
    return text


def _check(cells: Cells) -> CheckRow:
    answered = _moment(cells["answered_at_utc"])
    if answered is None:
        raise Unreadable(_("It does not say when it was saved."))
    plain = ("id", "diary_day", "answered_at_utc", "words")
    said = {key: answer for key, answer in cells.items() if answer and key not in plain}
    if known(said) != said:
        raise Unreadable(_("An answer in it is not yes, no or unsure."))
    return CheckRow(
        _id(cells["id"]), parse_day(cells["diary_day"]), said, _words(cells["words"]), answered
    )


def _medicine(cells: Cells) -> MedicineRow:
    first, last = (
        parse_day(cells[name]) if cells[name] else None for name in ("first_day", "last_day")
    )
    if first and last and last < first:
        raise Unreadable(_("Its last day is before its first."))
    if not 1 <= len(cells["name"]) <= NAME_AT_MOST:
        raise Unreadable(_("It has no name, or a very long one."))
    kind = _one_of(cells, "kind", Medicine.Kind.values)
    words = _words(cells["words"])
    return MedicineRow(_id(cells["id"]), _words(cells["name"]), kind, first, last, words)


def _more(key: str, read_row: Callable[[Cells], Any], cells: Cells) -> MoreRow:
    return MoreRow(key, read_row(cells))


def _values(cells: Cells, factors: Mapping[str, Factor]) -> dict[str, int]:
    """The known values as they are stored, by column."""
    values = {}
    for heading, factor in factors.items():
        if not (text := cells.get(heading)):
            continue
        value = float(text) if NUMBER.fullmatch(text) else nan
        if not factor.minimum <= value <= factor.maximum:
            raise Unreadable(_("%(name)s is out of range.") % {"name": factor.name})
        values[factor.column] = factor.stored(value)
    return values


def _id(text: str) -> UUID:
    return msgspec.convert(text, UUID)  # a sixth of the time of UUID(text)


def _one_of(cells: Cells, name: str, known_keys: Any) -> str:
    if cells[name] not in known_keys:
        raise Unreadable(_("Its %(column)s is not one that Ebb knows.") % {"column": name})
    return cells[name]


def _day_until(text: str, today: date) -> date:
    day = parse_day(text)
    if day > today:
        raise Unreadable(_("This day has not come yet."))
    return day


def _words(text: str) -> str:
    if len(text) > WORDS_AT_MOST or "\0" in text:
        raise Unreadable(_("Its words are too long, or hold a sign that can’t be kept."))
    return text


def _whole(text: str) -> int | None:
    if text and not WHOLE.fullmatch(text):
        raise Unreadable(_("Its length in seconds is not a number."))
    return int(text) if text else None


def _moment(text: str) -> datetime | None:
    """A time with its difference to UTC; None where none is said."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)
