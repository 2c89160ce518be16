"""Any other table: the person says which column holds the day, and what the others hold."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, time

from django.utils.translation import gettext as _

from ..durations import LONGEST_S
from .rows import BadLine, Reading, Target, Unreadable
from .tables import TWO_WAYS, Table, day_of, moment_of, read, time_of

MIDNIGHT = time()  # beside a day it is how tables write that there is no time
ROW = ""  # what a row itself is called, where no column names it
SECONDS = {"s": 1, "min": 60, "h": 3600}
LENGTH = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,6})?|[0-9]{1,4}:[0-9]{2}(?::[0-9]{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what; an empty one is not in the table."""

    day: str
    month_first: bool = False
    time: str = ""
    length: str = ""
    length_unit: str = "min"
    names: str = ""
    words: str = ""
    whole_day: bool = False  # each amount tells of its whole day, however many rows that has

    @property
    def apart(self) -> frozenset[str]:
        """The columns that are no values of their own."""
        return frozenset((self.day, self.time, self.length, self.names, self.words)) - {""}


def readings(table: Table, target: Target, columns: Columns) -> Iterator[Reading | BadLine]:
    """What each row is, by the column that names it, then each value beside it."""

    semicolons = table.written.between == ";"

    def of_cells(line: int, cells: Mapping[str, str]) -> Iterator[Reading]:
        day = day_of(cells[columns.day], month_first=columns.month_first)
        text = cells[columns.time or columns.day]
        clock = time_of(text)
        if not columns.time and clock == MIDNIGHT:
            clock = None
        known = moment_of(text) if clock else None
        moment = target.at(known.astimezone(UTC)) if known else target.moment(day, clock)
        seconds = _seconds(cells.get(columns.length, ""), columns.length_unit)
        words = cells.get(columns.words, "")
        what = cells[columns.names] if columns.names else ROW
        if what or not columns.names:
            yield Reading(line, moment, what, "", words, seconds)
        for name, cell in cells.items():
            if cell and name not in columns.apart:
                yield Reading(line, moment, name, cell, semicolons=semicolons)

    return read(table, of_cells)


def _seconds(text: str, unit: str) -> int | None:
    """A length in whole seconds: 90, 1.5, 1:30, 0:01:30. None where none or zero is said."""
    if not text:
        return None
    if not LENGTH.fullmatch(text):
        raise Unreadable(_("How long it lasted can’t be read."))
    if TWO_WAYS.fullmatch(text):
        raise Unreadable(_("%(amount)s can be read in two ways.") % {"amount": text})
    if ":" in text:
        parts = [int(part) for part in text.split(":")]
        if len(parts) == 2:
            parts = [*parts, 0] if unit == "h" else [0, *parts]
        hours, minutes, rest = parts
        seconds = hours * 3600 + minutes * 60 + rest
    else:
        seconds = round(float(text.replace(",", ".")) * SECONDS[unit])
    if seconds > LONGEST_S:
        raise Unreadable(_("It is longer than a day."))
    return seconds or None
