"""What a reader finds in a file, before anybody asks whose diary it goes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from ..days import instant, local_day


class Refused(Exception):
    """The file as a whole can't be taken; the text says why, in words for a person."""


class Unreadable(Exception):
    """A row that can't be taken; the text says why, in words for a person."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A row that was left out, where it stands, and why."""

    file: str
    line: int
    reason: str


class NoteRow(NamedTuple):
    """A note; `values` are the day's stored values of then, by column.

    A tuple, as there may be a hundred thousand of them: it is made, and taken apart into columns,
    in a fraction of the time.
    """

    uuid: UUID
    group: UUID
    day: date
    started_at: datetime | None
    zone: str
    place: str
    kind: str
    duration: str
    duration_s: int | None
    words: str
    added_later: bool
    created_at: datetime
    edited_at: datetime | None
    values: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day on which something was kept beside its notes; never one on which nothing was."""

    day: date
    clear: bool
    added_later: bool
    words: str
    values: Mapping[str, int] = field(default_factory=dict)
    overall: str = ""
    caffeine_at: str = ""

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.clear or self.words or self.values or self.overall)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A symptoms check."""

    uuid: UUID
    day: date
    answers: Mapping[str, str]
    words: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MedicineRow:
    """A medicine or supplement."""

    uuid: UUID
    name: str
    kind: str
    first: date | None
    last: date | None
    words: str


@dataclass(frozen=True, slots=True)
class BreakRow:
    """Days of rest, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SettingsRow:
    """Settings of a diary by field; only an empty diary takes them."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was: its diary day, and the moment and its zone if they are known."""

    day: date
    said: str  # in the file, whatever zone and day start the diary has
    started_at: datetime | None = None
    zone: str = ""  # empty: where the diary is kept


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a file of another app says, under the name that it has there."""

    line: int
    when: Moment
    what: str
    value: str
    words: str = ""
    seconds: int | None = None
    semicolons: bool = False  # between the cells: numbers there may have a decimal comma


@dataclass(frozen=True, slots=True)
class Target:
    """What a reader must know of the diary that its rows are for."""

    zone: str
    day_start_hour: int
    today: date
    glass_ml: int = 250
    more_factors: Sequence[Any] = ()
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    every_drink: bool = False  # whether those with caffeine are among the drinks

    def moment(self, day: date, clock: time | None) -> Moment:
        """A day and a time on the clock there, if one is known."""
        if clock is None:
            return Moment(day, day.isoformat())
        wall = datetime.combine(day, clock)
        moment, zone = instant(wall, ZoneInfo(self.zone)), ZoneInfo(self.zone)
        return Moment(local_day(moment, zone, self.day_start_hour), wall.isoformat(), moment)

    def at(self, moment: datetime, zone: str = "") -> Moment:
        """A known moment, on the day it was where the person was then."""
        there = ZoneInfo(zone or self.zone)
        day = local_day(moment, there, self.day_start_hour)
        return Moment(day, moment.isoformat(), moment, zone)


@dataclass(frozen=True, slots=True)
class MoreRow:
    """A row of a table that another part of Ebb keeps, as that part has read it."""

    table: str
    row: Any


type Row = MoreRow | NoteRow | DayRow | CheckRow | MedicineRow | BreakRow | SettingsRow
