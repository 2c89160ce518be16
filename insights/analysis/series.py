"""What an analysis is given: the diary as consecutive days, with nothing filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WINDOW_DAYS = 365  # a comparison looks back this far, and nothing older matters


class DayStatus(StrEnum):
    """What the person said about a day. Only the first two can be counted."""

    NOTES = "notes"
    CLEAR = "clear"
    BLANK = "blank"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Note:
    """One twitch: where, when on its day, and how long."""

    place: str  # a key of the body, such as calf-l
    region: str  # the part of the body it belongs to, such as legs
    minute: int | None  # minutes after local midnight; None when the time is not known
    seconds: float | None  # None when not sure how long


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One diary day."""

    day: date
    status: DayStatus
    notes: tuple[Note, ...]
    factors: Mapping[str, float]  # by factor key, in the factor's own unit; absent = not noted
    counted: bool
    # False when the count must stay out of every comparison: the day is blank or on a break, or
    # was written down so long afterwards that memory would speak (it is still shown).
    cramps: int = 0  # noted that day; told, and in no count of twitches
    tremors: int = 0


@dataclass(frozen=True, slots=True)
class Own:
    """How a person made a factor of their own; carried along for the pages, never looked at."""

    name: str
    shape: str
    when: str
    unit: str
    step: float


@dataclass(frozen=True, slots=True)
class Factor:
    """How one factor enters the comparisons; declared in advance, never searched."""

    key: str
    unit: float  # a rate ratio is stated for this much more, such as 100 (mg)
    lags: tuple[int, ...]  # days between the factor and the twitches; 0 = the same diary day
    own: Own | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A medicine or supplement over time; shown, and in no comparison."""

    name: str
    supplement: bool
    first: date | None  # None: since when is not known
    last: date | None  # None: still taken


@dataclass(frozen=True, slots=True)
class DiarySeries:
    """A diary from its first day on: consecutive days, oldest first, none left out."""

    days: tuple[DayRecord, ...]
    factors: tuple[Factor, ...]
    weekend: tuple[int, ...] = (5, 6)  # date.weekday() numbers
    courses: tuple[Course, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """The days of an experiment: with the change or not, or None where it is left out."""

    days: Mapping[date, bool | None]

    @property
    def last(self) -> date:
        """Its last day."""
        return max(self.days)
