"""Bearable's export: a row for each thing that was rated, many on one day."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from .rows import BadLine, Reading, Target
from .tables import Table, day_of, in_lower_case, read, time_of

HEADING = {"date", "time of day", "category", "rating/amount", "detail", "notes"}
SEVERITY = re.compile(r"\((?:mild|moderate|severe|unbearable)\)$", re.IGNORECASE)
NOTES = "notes"


def is_it(heading: frozenset[str]) -> bool:
    """Whether a table with these columns, in lower case, is such an export."""
    return heading >= HEADING


def readings(table: Table, target: Target) -> Iterator[Reading | BadLine]:
    """What each row says; a note that stands beside every row of its day comes once."""
    told: set[tuple[date, str]] = set()

    def of_cells(line: int, mixed: Mapping[str, str]) -> Iterator[Reading]:
        cells = in_lower_case(mixed)
        day = day_of(cells["date"])
        # Beside times it knows parts of the day, such as am; those are no moment.
        moment = target.moment(day, time_of(cells["time of day"]))
        what = SEVERITY.sub("", cells["detail"]).rstrip() or cells["category"]
        if cells["category"] and what != cells["category"]:
            what = f"{cells['category']}: {what}"
        if cells["rating/amount"] or cells["detail"]:
            yield Reading(line, moment, what, cells["rating/amount"])
        if cells["notes"] and (day, cells["notes"]) not in told:
            told.add((day, cells["notes"]))
            yield Reading(line, target.moment(day, None), NOTES, cells["notes"])

    return read(table, of_cells)
