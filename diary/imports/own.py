"""Ebb's own archive, or one table of it, read back exactly."""

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from math import nan
from operator import itemgetter
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
YES_OR_NO = ("yes", "no")
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
AS_MADE = Written()
TIMES = re.compile(rf"{CLOCK}(?: {CLOCK}){{0,{CUPS_AT_MOST - 1}}}", re.ASCII)  # see Day.caffeine_at
WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?", re.ASCII)

# Of a note, in the order in which they are read.
NOTE_CELLS = (
    *("id", "saved_with", "diary_day", "local_time", "zone", "place", "kind", "duration"),
    *("duration_s", "words", "added_later", "saved_at_utc", "edited_at_utc"),
)

type Cells = Mapping[str, str]
type OfRow = Callable[[list[str]], Row | None]
type OfHeading = Callable[[list[str]], OfRow]  # what reads the rows below a heading


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
            f"{key}.csv": _by_name(partial(_more, key, more.owned.read))
            for key, more in more_tables().items()
            if more.owned
        }
        there = {*archive.namelist()}
        for name, of_heading in readers.items():
            if name in there:
                with archive.open(name) as member:
                    yield from _table(member, name, of_heading)


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


def _readers(factors: Mapping[str, Factor], today: date) -> dict[str, OfHeading]:
    return {
        "notes.csv": lambda heading: _notes(heading, factors, today),
        "days.csv": _by_name(lambda cells: _day(cells, factors, today)),
        "checks.csv": _by_name(_check),
        "medicines.csv": _by_name(_medicine),
    }


def _by_name(of_cells: Callable[[Cells], Row | None]) -> OfHeading:
    """A reader of rows from one of their cells by name."""
    return lambda heading: lambda cells: of_cells(dict(zip(heading, cells, strict=True)))


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
    file: IO[bytes], name: str, of_heading: OfHeading, written: Written = AS_MADE
) -> Iterator[Row | BadLine]:
    """The rows of one table, the bad ones too. A day with nothing on it is no row."""
    lines = Lines(io.TextIOWrapper(file, written.encoding, newline=""))
    rows = csv.reader(lines, delimiter=written.between, strict=True)
    try:
        _line, heading = next(numbered(lines, rows, name), (1, None))
        heading = heading or []
        of_row = of_heading(heading)
        for count, (line, cells) in enumerate(numbered(lines, rows, name), 1):
            if count > OWN_ROWS_AT_MOST:
                raise Refused(_("This file has too many rows."))
            row = _one(name, line, len(heading), cells, of_row)
            if row is not None:
                yield row
    except UnicodeDecodeError as fault:
        raise Refused(_("%(file)s is not UTF-8.") % {"file": name}) from fault


def _one(
    name: str,
    line: int,
    how_many: int,
    cells: list[str] | None,
    of_row: OfRow,
) -> Row | BadLine | None:
    try:
        if cells is None:
            raise Unreadable(_("It is not written as a row of a table."))
        if len(cells) != how_many:
            raise Unreadable(_("It has not as many cells as the heading."))
        if "'" in "".join(cells):  # asked of each cell it takes a tenth of all reading
            cells = [unescape(cell) for cell in cells]
        return of_row(cells)
    except Unreadable as fault:
        return BadLine(name, line, str(fault))
    except (ValueError, OverflowError, msgspec.ValidationError):
        return BadLine(name, line, _("A day, a time or an id in it can’t be read."))
    except KeyError as fault:
        return BadLine(name, line, _("The column %(name)s is missing.") % {"name": fault.args[0]})


def _notes(heading: list[str], factors: Mapping[str, Factor], today: date) -> OfRow:
    """A reader of notes. There may be very many of them, so what they share is made once."""
    known_factors = {name: factor for name, factor in factors.items() if name in heading}
    picked = _picking(heading, (*NOTE_CELLS, *known_factors))
    values_of = lru_cache(partial(_values, [*known_factors.values()]))  # a day's notes share them
    return lambda cells: _note(picked(cells), values_of, today)


def _picking(heading: list[str], names: Sequence[str]) -> Callable[[list[str]], Sequence[str]]:
    """What gives the cells of these columns in order, and KeyError where one is missing."""
    places = {name: place for place, name in enumerate(heading)}

    def missing(cells: list[str]) -> Sequence[str]:
        raise KeyError(next(name for name in names if name not in places))

    if not places.keys() >= {*names}:
        return missing
    return itemgetter(*(places[name] for name in names))


def _note(
    cells: Sequence[str], values_of: Callable[..., Mapping[str, int]], today: date
) -> NoteRow:
    uuid, group, on_day, at, zone, place, kind, duration, *rest = cells
    length, words, added_later, saved_at, edited_at, *values = rest
    day = _day_until(on_day, today)
    _known(zone, "zone", known_zones())
    said = _moment(at)
    if said:
        local = said.astimezone(ZoneInfo(zone))
        if local.utcoffset() != said.utcoffset():
            raise Unreadable(_("Its time does not fit its time zone."))
        if abs(local.date() - day).days > 1:
            raise Unreadable(_("Its time does not fit its day."))
    seconds = _whole(length)
    if seconds is not None and not 1 <= seconds <= LONGEST_S:
        raise Unreadable(_("It is longer than a day."))
    saved = _in_utc(saved_at)
    if saved is None:
        raise Unreadable(_("It does not say when it was saved."))
    return NoteRow(  # in the order of its fields: by their names it takes twice as long
        _id(uuid),
        _id(group),
        day,
        said and said.astimezone(UTC),
        zone,
        _known(place, "place", PLACES),
        _known(kind, "kind", KINDS),
        _known(duration, "duration", DURATIONS),
        seconds,
        _words(words),
        _known(added_later, "added_later", YES_OR_NO) == "yes",
        saved,
        _in_utc(edited_at),
        values_of(*values),
    )


def _day(cells: Cells, factors: Mapping[str, Factor], today: date) -> DayRow | None:
    clear = _known(cells["marked_clear"], "marked_clear", ("yes", "")) == "yes"
    later = _known(cells["marked_later"], "marked_later", ("yes", "")) == "yes"
    words = _words(cells["words"])
    overall = _known(cells["overall"], "overall", (*Overall.values, ""))
    day = _day_until(cells["diary_day"], today)
    values = _values([*factors.values()], *map(cells.get, factors))
    row = DayRow(day, clear, later, words, values, overall, _times(cells.get("caffeine_at", "")))
    return row if row.says_anything else None


def _times(text: str) -> str:
    if text and not TIMES.fullmatch(text):
        raise ValueError(text)
    return text


def _check(cells: Cells) -> CheckRow:
    answered = _in_utc(cells["answered_at_utc"])
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
    kind = _known(cells["kind"], "kind", Medicine.Kind.values)
    words = _words(cells["words"])
    return MedicineRow(_id(cells["id"]), _words(cells["name"]), kind, first, last, words)


def _more(key: str, read_row: Callable[[Cells], Any], cells: Cells) -> MoreRow:
    return MoreRow(key, read_row(cells))


def _values(factors: Sequence[Factor], *texts: str | None) -> dict[str, int]:
    """The known values as they are stored, by column; a text for each factor."""
    values = {}
    for factor, text in zip(factors, texts, strict=True):
        if not text:
            continue
        value = float(text) if NUMBER.fullmatch(text) else nan
        if not factor.minimum <= value <= factor.maximum:
            raise Unreadable(_("%(name)s is out of range.") % {"name": factor.name})
        values[factor.column] = factor.stored(value)
    return values


def _id(text: str) -> UUID:
    return msgspec.convert(text, UUID)  # a sixth of the time of UUID(text)


def _known(text: str, column: str, known_keys: Container[str]) -> str:
    if text not in known_keys:
        raise Unreadable(_("Its %(column)s is not one that Ebb knows.") % {"column": column})
    return text


def _day_until(text: str, today: date) -> date:
    day = _day_in(text)
    if day > today:
        raise Unreadable(_("This day has not come yet."))
    return day


_day_in = lru_cache(parse_day)  # a day's notes share it


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
    return moment


def _in_utc(text: str) -> datetime | None:
    moment = _moment(text)
    return moment and moment.astimezone(UTC)
