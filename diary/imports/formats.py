"""Which reader a file is for, and what only the person can tell before it can be read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import msgspec
from django.utils.translation import gettext as _

from ..models import Batch
from . import apple, bearable, daylio, mapped, own, plain, tables, track_graph
from .plain import Columns
from .rows import BadLine, Reading, Refused, Row, Target
from .zipped import opened

ARCHIVE = b"PK\x03\x04"
Source = Batch.Source

APPS: Mapping[str, Any] = {
    Source.BEARABLE: bearable,
    Source.DAYLIO: daylio,
    Source.TRACK_GRAPH: track_graph,
}


class Ask(Exception):
    """The file can't be read before the person has answered: `about` what, and what to show."""

    def __init__(self, about: str, **shown: Any) -> None:
        super().__init__(about)
        self.about, self.shown = about, shown


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person has said of their file so far."""

    encoding: str = ""
    columns: Columns | None = None
    names: Mapping[str, str] | None = None


def answers_of(stored: Mapping[str, Any]) -> Answers:
    """What a batch keeps of the answers."""
    return msgspec.convert(dict(stored), Answers)


def source_of(file: IO[bytes], encoding: str = "") -> str:
    """The key of the source that a file comes from. Raises Refused or Ask."""
    if _is_archive(file):
        with opened(file) as archive:
            return Source.APPLE if apple.is_in(archive) else Source.EBB
    columns = _table(file, "", encoding).heading
    if own.table_with(columns):
        return Source.EBB
    heading = frozenset(name.lower() for name in columns)
    return next((key for key, app in APPS.items() if app.is_it(heading)), Source.TABLE)


def read(file: IO[bytes], name: str, answers: Answers, target: Target) -> Iterator[Row | BadLine]:
    """The rows of a file of any source. Raises Refused, also while reading, or Ask."""
    source = source_of(file, answers.encoding)
    if source == Source.EBB:
        if _is_archive(file):
            return own.read(file, target)
        table = _table(file, "", answers.encoding)
        file.seek(0)
        return own.read_table(str(own.table_with(table.heading)), file, target, table.written)
    if source == Source.APPLE:
        return apple.read(file, target)
    again = _readings(source, file, name, answers, target)
    if answers.names is None:
        if not (names := mapped.names_in(again())):
            raise Refused(_no_row(again()))
        raise Ask("names", names=names)
    whole_day = bool(answers.columns and answers.columns.whole_day)
    return mapped.rows(source, name, again(), answers.names, target, whole_day=whole_day)


def _is_archive(file: IO[bytes]) -> bool:
    file.seek(0)
    return file.read(len(ARCHIVE)) == ARCHIVE


def _no_row(readings: Iterator[Reading | BadLine]) -> str:
    bad = next((reading for reading in readings if isinstance(reading, BadLine)), None)
    if bad is None:
        return _("There is no row in this file that can be read.")
    return _("No row of this file can be read. Line %(line)s: %(reason)s") % {
        "line": bad.line,
        "reason": bad.reason,
    }


def _readings(
    source: str, file: IO[bytes], name: str, answers: Answers, target: Target
) -> Callable[[], Iterator[Reading | BadLine]]:
    """What a table says, as often as it is asked for. Raises Refused or Ask."""

    def again() -> Iterator[Reading | BadLine]:
        table = _table(file, name, answers.encoding)
        if source in APPS:
            found: Iterator[Reading | BadLine] = APPS[source].readings(table, target)
            return found
        columns = answers.columns
        if columns is None or not columns.apart <= {*table.heading}:
            raise Ask("columns", **_columns_in(table))
        return plain.readings(table, target, columns)

    return again


def _table(file: IO[bytes], name: str, encoding: str) -> tables.Table:
    try:
        return tables.opened(file, name, encoding)
    except tables.NotUnicode as fault:
        if encoding:
            raise Refused(_("This file can’t be read in that encoding.")) from fault
        raise Ask("encoding") from fault


def _columns_in(table: tables.Table) -> dict[str, Any]:
    """The columns of a table with some of their cells, and how its days seem to be written."""
    cells: dict[str, list[str]] = {name: [] for name in table.heading}
    days: dict[str, bool] = {}
    for line in table.lines:
        if isinstance(line, BadLine):
            continue
        for name, cell in line.cells.items():
            found = cells[name]
            if (
                cell
                and len(found) < mapped.EXAMPLES
                and cell[: mapped.EXAMPLE_AT_MOST] not in found
            ):
                found.append(cell[: mapped.EXAMPLE_AT_MOST])
            if tables.YEAR_LAST.match(cell):
                days[name] = days.get(name, True) and tables.is_month_first([cell])
    if not any(tables.is_day(cell) for found in cells.values() for cell in found):
        raise Refused(
            _("This is neither a file that Ebb knows nor a table with a day in its rows.")
        )
    return {
        "columns": [{"name": name, "examples": found} for name, found in cells.items()],
        "month_first": days,
    }
