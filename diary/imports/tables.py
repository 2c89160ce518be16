"""Any CSV: its encoding, what stands between its cells, its heading and its rows."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any, Self, TextIO

from django.utils.translation import gettext as _

from ..days import FIRST_DAY
from .rows import BadLine, Reading, Refused, Unreadable

ROWS_AT_MOST = 200_000
PIECE = 64 * 1024  # bytes
COLUMNS_AT_MOST = 200
BETWEEN_CELLS = ",;\t"
HEADING_AT_MOST = 20_000  # characters
ROW_AT_MOST = 500_000  # characters; a row is held whole
NAME_AT_MOST = 100

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", re.ASCII)
YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", re.ASCII)
DAY_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9}),? ([0-9]{4})", re.ASCII)
MONTH_DAY = re.compile(r"([A-Za-z]{3,9}) ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})", re.ASCII)
# One and a half to some, fifteen hundred to others: a point too where cells stand between
# semicolons, as they do where numbers have a decimal comma.
TWO_WAYS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}", re.ASCII)
TWO_WAYS_WITH_COMMAS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}", re.ASCII)
CLOCK = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?(?:[ \xa0\u202f]?([ap])\.?m\.?)?",
    re.ASCII | re.IGNORECASE,
)
HOUR = re.compile(r"(?<![0-9:])([0-9]{1,2})[ \xa0\u202f]?([ap])\.?m\b", re.ASCII | re.IGNORECASE)
# A moment as ISO 8601 and some phones write it; 10:00-11:00 alone is from then to then.
MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T| (?=[0-9:]{8}))"
    r"([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?) ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})",
    re.ASCII,
)


class NotUnicode(Exception):
    """The text is in an older encoding, which only the person can tell."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row, and the line of the file that it begins on. Cells that are missing are empty."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """How a table is written."""

    encoding: str = "utf-8-sig"
    between: str = ","  # cells


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was opened: its heading, and its rows as they are read."""

    name: str
    written: Written
    heading: tuple[str, ...]
    lines: Iterator[Line | BadLine]


class Text(io.TextIOWrapper):
    """A file as text, read as it is asked for. The file stays open for whoever reads it next."""

    def close(self) -> None:
        """Leave it open."""


class Lines:
    """The lines of a text for a reader of CSV, which is told to stop where a row never ends."""

    def __init__(self, text: TextIO) -> None:
        self._text, self._room = text, ROW_AT_MOST
        self.ended = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        """The next line. Raises Refused when its row is too long to be held."""
        line = self._text.readline(self._room + 1)
        self._room -= len(line)
        if self._room < 0:
            raise Refused(_("This file has a row that is too long."))
        if not line:
            self.ended = True
            raise StopIteration
        return line

    def row_ended(self) -> None:
        """The reader has a whole row; the next one may be as long."""
        self._room = ROW_AT_MOST


def numbered(lines: Lines, rows: Any, name: str) -> Iterator[tuple[int, list[str] | None]]:
    """The rows of a reader of CSV and the lines they begin on; None for one with stray quotes.

    Raises Refused where a quotation opens that never ends, as nobody knows what stands in it.
    """
    while True:
        lines.row_ended()
        number = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as fault:
            if lines.ended:
                raise Refused(
                    _("%(file)s can’t be read from line %(line)s on.")
                    % {"file": name, "line": number}
                ) from fault
            yield number, None
        else:
            yield number, cells


def opened(file: IO[bytes], name: str, encoding: str = "") -> Table:
    """Open a table. Raises NotUnicode, and Refused, which may come while its rows are read.

    Every column has a name of its own: one without a name, or with the name of another, is
    numbered.
    """
    text = Text(file, found := _encoding(file, encoding), newline="")
    between = max(BETWEEN_CELLS, key=text.read(HEADING_AT_MOST).partition("\n")[0].count)
    text.seek(0)
    lines = Lines(text)
    rows = csv.reader(lines, delimiter=between, strict=True)
    try:
        heading = next(rows, [])
    except csv.Error as fault:
        raise Refused(_("The heading of this table can’t be read.")) from fault
    if not heading:
        raise Refused(_("This file has no heading in its first line."))
    if len(heading) > COLUMNS_AT_MOST:
        raise Refused(_("This table has too many columns."))
    names = _named(heading)
    return Table(name, Written(found, between), names, _lines(lines, rows, name, names))


def read(
    table: Table, of_cells: Callable[[int, dict[str, str]], Iterable[Reading]]
) -> Iterator[Reading | BadLine]:
    """What each row says, by its line and its cells; a row that can't be read is named instead."""
    for line in table.lines:
        if isinstance(line, BadLine):
            yield line
            continue
        try:
            yield from of_cells(line.number, line.cells)
        except Unreadable as fault:
            yield BadLine(table.name, line.number, str(fault))


def in_lower_case(cells: Mapping[str, str]) -> dict[str, str]:
    """Cells by the names of their columns as an app is recognised by them."""
    return {name.lower(): cell for name, cell in cells.items()}


def day_of(text: str, *, month_first: bool = False) -> date:
    """Read the day of a text that may go on with a time: 2026-07-27, 8th Dec 2021, 27.7.2026.

    `month_first` tells which number of 7/8/2026 is the month. Raises Unreadable.
    """
    try:
        if found := YEAR_FIRST.match(text):
            day = date(int(found[1]), int(found[2]), int(found[3]))
        elif found := YEAR_LAST.match(text):
            first, second = int(found[1]), int(found[2])
            if month_first:
                first, second = second, first
            day = date(int(found[3]), second, first)
        elif found := DAY_MONTH.match(text):
            day = date(int(found[3]), _month(found[2]), int(found[1]))
        elif found := MONTH_DAY.match(text):
            day = date(int(found[3]), _month(found[1]), int(found[2]))
        else:
            raise ValueError(text)
        if day < FIRST_DAY:
            raise ValueError(text)
    except ValueError as fault:
        raise Unreadable(_("Its day can’t be read.")) from fault
    return day


def is_day(text: str) -> bool:
    """Whether a day can be read, whichever of its numbers is the month."""
    for month_first in (False, True):
        try:
            day_of(text, month_first=month_first)
        except Unreadable:
            continue
        return True
    return False


def time_of(text: str) -> time | None:
    """Read the time of a text that may begin with a day: 13:48, 8:30 am, 8 am. None without one.

    Raises Unreadable for a time that no clock shows.
    """
    if found := CLOCK.search(text):
        hour, minute, second, half = found.groups()
    elif found := HOUR.search(text):
        hour, minute, second, half = found[1], "0", "0", found[2]
    else:
        return None
    return _time(int(hour), int(minute), int(second or 0), (half or "").lower())


def moment_of(text: str) -> datetime | None:
    """Read a moment that is told with its difference to UTC: 2026-07-27T13:48:00Z. Else None.

    Raises Unreadable for one that never was.
    """
    if not (found := MOMENT.fullmatch(text)):
        return None
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3].replace('UTC', 'Z')}")
    except ValueError as fault:
        raise Unreadable(_("Its time can’t be read.")) from fault


def _time(hour: int, minute: int, second: int, half: str) -> time:
    try:
        if half and not 1 <= hour <= 12:
            raise ValueError(hour)
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        return time(hour, minute, second)
    except ValueError as fault:
        raise Unreadable(_("Its time can’t be read.")) from fault


def is_month_first(texts: Iterable[str]) -> bool:
    """Guess how days such as 7/8/2026 are written, from all of them."""
    for text in texts:
        found = YEAR_LAST.match(text)
        if found and int(found[1]) > 12:
            return False
        if found and "/" not in found[0]:
            return False  # 8.7.2026 and 8-7-2026 are written where the day comes first
    return True


def _encoding(file: IO[bytes], said: str) -> str:
    """The encoding in which all of a file can be read. Raises NotUnicode or Refused."""
    file.seek(0)
    wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    file.seek(0)
    encoding = said or ("utf-16" if wide else "utf-8-sig")
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(PIECE):
            if b"\0" in piece and not wide:
                raise Refused(_("This is not a file that Ebb can read."))
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError as fault:
        raise NotUnicode from fault
    file.seek(0)
    return encoding


def _named(heading: Sequence[str]) -> tuple[str, ...]:
    names: list[str] = []
    for number, said in enumerate(heading, 1):
        name = said.strip()[:NAME_AT_MOST] or _("column %(number)s") % {"number": number}
        names.append(f"{name} ({number})" if name in names else name)
    return tuple(names)


def _lines(
    lines: Lines, rows: Any, name: str, heading: tuple[str, ...]
) -> Iterator[Line | BadLine]:
    for count, (number, cells) in enumerate(numbered(lines, rows, name), 1):
        if count > ROWS_AT_MOST:
            raise Refused(_("This file has too many rows."))
        if cells is None:
            yield BadLine(name, number, _("It is not written as a row of a table."))
        elif len(cells) > len(heading) and any(cells[len(heading) :]):
            yield BadLine(name, number, _("It has more cells than the heading."))
        elif any(cell.strip() for cell in cells):
            known = dict.fromkeys(heading, "") | dict(zip(heading, cells, strict=False))
            yield Line(number, {key: cell.strip() for key, cell in known.items()})


def _month(text: str) -> int:
    return MONTHS.index(text[:3].lower()) + 1
