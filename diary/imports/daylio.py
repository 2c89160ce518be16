"""Daylio's export: an entry a row, with a mood, activities and a note."""

import re
from collections.abc import Iterator, Mapping
from html import unescape

from .rows import BadLine, Reading, Target
from .tables import Table, day_of, in_lower_case, read, time_of

HEADING = {"full_date", "time", "mood", "activities", "note"}
MOOD, NOTE = "mood", "note"
BREAK = re.compile(r"<br ?/?>|</(?:div|p|li)>", re.IGNORECASE)
TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
SCALE = re.compile(r"(.+?)[:=] ?([0-9]+(?:[.,][0-9]+)?)(?: ?/ ?[0-9]+)?")


def is_it(heading: frozenset[str]) -> bool:
    """Whether a table with these columns, in lower case, is such an export."""
    return heading >= HEADING


def readings(table: Table, target: Target) -> Iterator[Reading | BadLine]:
    """The mood, each activity, each scale and the note of each entry."""

    def of_cells(line: int, mixed: Mapping[str, str]) -> Iterator[Reading]:
        cells = in_lower_case(mixed)
        moment = target.moment(day_of(cells["full_date"]), time_of(cells["time"]))
        if cells["mood"]:
            yield Reading(line, moment, MOOD, cells["mood"])
        for activity in _parts(cells["activities"]):
            yield Reading(line, moment, activity, "1")
        for said in _parts(cells.get("scales", "")):
            found = SCALE.fullmatch(said)
            yield Reading(line, moment, *(found[1], found[2]) if found else (said, ""))
        words = "\n".join(filter(None, (cells.get("note_title", ""), _plain(cells["note"]))))
        if words:
            yield Reading(line, moment, NOTE, words)

    return read(table, of_cells)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _plain(note: str) -> str:
    """A note without the markup that newer versions keep in it."""
    lines = unescape(TAG.sub("", BREAK.sub("\n", note))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())
