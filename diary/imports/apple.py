"""Apple Health's export: caffeine, water and sleep of each day."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

from django.utils.translation import gettext as _

from ..factors import FACTORS
from ..shown import OUNCE_ML, Drinks
from .rows import BadLine, DayRow, Refused, Row, Target
from .zipped import opened

PIECE = 64 * 1024  # bytes
HEAD_AT_MOST = 4 * PIECE  # before the first element
ROOT = b"<HealthData"
CAFFEINE = "HKQuantityTypeIdentifierDietaryCaffeine"
WATER = "HKQuantityTypeIdentifierDietaryWater"
SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"
OF_AN_OUNCE = float(OUNCE_ML[Drinks.FL_OZ_US])  # ml
IN_OWN_UNIT = {
    CAFFEINE: {"mg": 1.0, "g": 1000.0},
    WATER: {"ml": 1.0, "l": 1000.0, "fl_oz_us": OF_AN_OUNCE, "cup_us": 8 * OF_AN_OUNCE},
}
COLUMN = {CAFFEINE: "caffeine_mg", WATER: "drinks_ml"}
# Time in bed and awake is not sleep.
ASLEEP = re.compile(r"HKCategoryValueSleepAnalysisAsleep[A-Za-z]*|[1345]")
NUMBER = re.compile(r"[0-9]{1,7}(\.[0-9]{1,20})?", re.ASCII)
EVENING = timedelta(hours=18)  # sleep that ends later belongs to the night that follows
RECORDS_AT_MOST = 500_000  # of the three kinds
# The parser holds an element until it ends, all that it stands in, and every name: a phone writes
# a few hundred bytes, five deep, and less than a hundred names.
ELEMENT_AT_MOST = 1_000_000  # bytes
DEPTH_AT_MOST = 100
NAMES_AT_MOST = 1_000

type Span = tuple[datetime, datetime]


def is_in(archive: ZipFile) -> bool:
    """Whether this is such an archive."""
    return _member(archive) is not None


def read(file: IO[bytes], target: Target) -> Iterator[Row | BadLine]:
    """A row for each day with a value, oldest first. A night belongs to the day it ended on.

    Values of one thing that were kept twice count once. Of the running day half may be missing, so
    nothing is taken. Raises Refused.
    """
    with opened(file) as archive:
        name = _member(archive)
        if name is None:
            raise Refused(_("This is not an export of Apple Health."))
        with archive.open(name) as member:
            records = _Records(name, target.day_start_hour)
            yield from records.read(member)
    days: dict[date, dict[str, int]] = defaultdict(dict)
    for (column, day), value in records.amounts.items():
        days[day][column] = round(value)
    for day, spans in records.nights.items():
        days[day]["sleep_minutes"] = round(covered(spans) / timedelta(minutes=1))
    for day in sorted(days):
        wrong = _out_of_range(days[day])
        if wrong:
            reason = _("%(name)s of %(day)s is out of range.")
            yield BadLine(name, 0, reason % {"name": wrong, "day": day.isoformat()})
        elif day < target.today:
            yield DayRow(day, clear=False, added_later=False, words="", values=days[day])


def covered(spans: Iterable[Span]) -> timedelta:
    """How long at least one of the spans lasted: what two devices saw counts once."""
    total = timedelta()
    end = None
    for start, stop in sorted(spans):
        if end is None or start > end:
            total += stop - start
            end = stop
        elif stop > end:
            total += stop - end
            end = stop
    return total


def _from_the_root(member: IO[bytes]) -> bytes:
    """The beginning of the document without its document type, which some phones wrote broken.

    Its lines stay, so that later ones keep their numbers. Raises Refused where it defines
    entities: these are how a small file becomes a large one, or reads what it should not.
    """
    head = b""
    while ROOT not in head:
        piece = member.read(PIECE)
        if not piece or len(head) > HEAD_AT_MOST:
            raise Refused(_("This is not an export of Apple Health."))
        head += piece
    before, root, rest = head.partition(ROOT)
    if b"<!ENTITY" in before:
        raise Refused(_("This file defines entities, which no export of Apple Health does."))
    return b"\n" * before.count(b"\n") + root + rest


class _Records:
    """What was read so far. The text itself is never in memory as a whole."""

    def __init__(self, name: str, day_start_hour: int) -> None:
        self._name = name
        self._day_start = timedelta(hours=day_start_hour)
        self.amounts: dict[tuple[str, date], float] = defaultdict(float)
        self.nights: dict[date, list[Span]] = defaultdict(list)
        self._seen: set[int] = set()
        self._bad: list[BadLine] = []
        self._fed = self._depth = 0
        self._names: set[str] = set()
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._element
        self._parser.EndElementHandler = self._element_ends

    def read(self, member: IO[bytes]) -> Iterator[BadLine]:
        """Read to the end; the records that can't be used come as they are found."""
        try:
            self._feed(_from_the_root(member))
            while piece := member.read(PIECE):
                self._feed(piece)
                yield from self._bad
                self._bad.clear()
            self._parser.Parse(b"", True)
        except expat.ExpatError as fault:
            raise Refused(
                _("%(file)s can’t be read from line %(line)s on.")
                % {"file": self._name, "line": fault.lineno}
            ) from fault
        yield from self._bad

    def _feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)
        self._fed += len(piece)
        self._bound(self._fed - self._parser.CurrentByteIndex <= ELEMENT_AT_MOST)

    def _bound(self, is_usual: bool) -> None:
        if not is_usual:
            raise Refused(_("This is not an export of Apple Health."))

    def _element_ends(self, tag: str) -> None:
        self._depth -= 1

    def _element(self, tag: str, about: Mapping[str, str]) -> None:
        self._depth += 1
        if tag not in self._names or not about.keys() <= self._names:
            self._names |= {tag, *about}
        self._bound(self._depth <= DEPTH_AT_MOST and len(self._names) <= NAMES_AT_MOST)
        kind = about.get("type")
        if tag != "Record" or kind not in (CAFFEINE, WATER, SLEEP):
            return
        said = tuple(
            about.get(key) for key in ("type", "sourceName", "startDate", "endDate", "value")
        )
        if hash(said) in self._seen:
            return
        self._seen.add(hash(said))
        if len(self._seen) > RECORDS_AT_MOST:
            raise Refused(_("This file has too many rows."))
        try:
            start, end = (_moment(about[key]) for key in ("startDate", "endDate"))
            if kind == SLEEP:
                self._sleep(about["value"], start, end)
            else:
                self._amount(kind, about, start)
        except (ValueError, KeyError, OverflowError):
            reason = _("An amount, a unit or a time in it can’t be read.")
            self._bad.append(BadLine(self._name, self._parser.CurrentLineNumber, reason))

    def _sleep(self, value: str, start: datetime, end: datetime) -> None:
        if not ASLEEP.fullmatch(value):
            return
        if not timedelta() < end - start <= timedelta(days=1):
            raise ValueError(value)
        self.nights[(end + timedelta(days=1) - EVENING).date()].append((start, end))

    def _amount(self, kind: str, about: Mapping[str, str], start: datetime) -> None:
        factor = IN_OWN_UNIT[kind][about["unit"].lower()]
        if not NUMBER.fullmatch(about["value"]):
            raise ValueError(about["value"])
        self.amounts[COLUMN[kind], (start - self._day_start).date()] += (
            float(about["value"]) * factor
        )


def _moment(text: str) -> datetime:
    """A time such as 2024-01-15 08:00:00 -0600, on the clock where it was."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z")


def _member(archive: ZipFile) -> str | None:
    """The name of its table; the folder is named in the language of the phone."""
    for name in archive.namelist():
        path = PurePosixPath(name)
        if path.suffix == ".xml" and len(path.parts) == 2 and not path.stem.endswith("_cda"):
            return name
    return None


def _out_of_range(values: Mapping[str, int]) -> str:
    """The name of the factor whose value no day can have, or nothing."""
    for factor in FACTORS.values():
        value = values.get(factor.column)
        if value is not None and not factor.minimum <= factor.shown(value) <= factor.maximum:
            return str(factor.name)
    return ""
