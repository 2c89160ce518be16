"""Track & Graph's export: a row for each point of each feature."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from ..days import known_zones
from ..durations import LONGEST_S
from .rows import BadLine, Moment, Reading, Target, Unreadable
from .tables import Table, in_lower_case, read

HEADING = {"featurename", "timestamp", "value"}
CLOCK = re.compile(r"([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])", re.ASCII)  # a feature of durations


def is_it(heading: frozenset[str]) -> bool:
    """Whether a table with these columns, in lower case, is such an export."""
    return heading >= HEADING


def readings(table: Table, target: Target) -> Iterator[Reading | BadLine]:
    """Each point, by its feature and its label if it has one."""

    def of_cells(line: int, mixed: Mapping[str, str]) -> Iterator[Reading]:
        cells = in_lower_case(mixed)
        moment = _moment(cells["timestamp"], target)
        what = cells["featurename"]
        if label := cells.get("label", ""):
            what = f"{what}: {label}"
        found = CLOCK.fullmatch(cells["value"])
        note = cells.get("note", "")
        if not found:
            yield Reading(line, moment, what, cells["value"], note)
            return
        hours, minutes, seconds = map(int, found.groups())
        length = hours * 3600 + minutes * 60 + seconds
        yield Reading(
            line,
            moment,
            what,
            f"{found[1]}:{found[2]}" if length else "0",
            note,
            length if length <= LONGEST_S else None,
        )

    return read(table, of_cells)


def _moment(text: str, target: Target) -> Moment:
    try:
        stamp, _bracket, zone = text.removesuffix("]").partition("[")
        moment = datetime.fromisoformat(stamp)
        if moment.tzinfo is None:
            raise ValueError(text)
        return target.at(moment.astimezone(UTC), zone if zone in known_zones() else "")
    except (ValueError, OverflowError) as fault:
        raise Unreadable(_("Its time can’t be read.")) from fault
