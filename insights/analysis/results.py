"""What an analysis answers: small frozen values that are stored as JSON and drawn as they are."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .series import Course, DayStatus, Own


class Level(StrEnum):
    """How firmly a comparison stands, lowest first; each is tied to an error rate."""

    INSUFFICIENT = "insufficient"
    NONE = "none"
    WEAK = "weak"
    MODERATE = "moderate"
    STRONG = "strong"


class Gate(StrEnum):
    """Why there is no comparison yet."""

    FEW_DAYS = "few-days"  # kept days
    FEW_KEPT = "few-kept"  # share of days kept, in days of the window
    FEW_NOTE_DAYS = "few-note-days"  # days with a note
    FEW_NOTES = "few-notes"
    ALL_ALIKE = "all-alike"  # every kept day has the same number of notes
    FEW_FACTOR_DAYS = "few-factor-days"  # kept days on which this factor is known
    FEW_TRIED_DAYS = "few-tried-days"  # days of an experiment that were kept, of either kind
    HARDLY_VARIES = "hardly-varies"  # days on which this factor differs from its usual value


@dataclass(frozen=True, slots=True)
class Refusal:
    """Too little to compare: what there is, and what is needed."""

    gate: Gate
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Group:
    """Days on one side of a split."""

    days: int
    days_with_notes: int
    counts: tuple[int, ...]  # notes of each day, oldest first


@dataclass(frozen=True, slots=True)
class Split:
    """A picture of the comparison: days above the person's own middle value, and the others."""

    threshold: float  # higher days are strictly above
    higher: Group
    other: Group


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference in notes a day between higher and other days, as the model sees it."""

    best: float
    quantiles: tuple[float, ...]  # 20 equally likely answers: 2.5 %, 7.5 %, … 97.5 %
    ranges: tuple[tuple[float, float], ...]  # the middle 33, 66 and 90 %


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate ratio for one unit more of a factor, with its 95 % range."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Reach:
    """What this diary can see of a factor."""

    smallest_ratio: float | None  # the smallest ratio per unit it would now find in 4 of 5 diaries
    moderate_effect_on: date | None  # when a moderate effect would show at the present pace


@dataclass(frozen=True, slots=True)
class Finding:
    """One factor beside twitching."""

    factor: str
    lag: int
    unit: float
    level: Level
    days_used: int
    estimate: Estimate | None
    p: float | None
    lag_clear: bool  # False: the same day or the day after, it cannot be told which
    capped: bool  # True: too many blank days for more than a hint
    refusal: Refusal | None  # present exactly when the level is INSUFFICIENT
    split: Split | None
    difference: Difference | None
    reverse: Estimate | None  # does a twitchy day come before more of the factor?
    reach: Reach | None
    own: Own | None = None  # how the person named the factor, where it is one of their own


@dataclass(frozen=True, slots=True)
class Tested:
    """What the days of an experiment said: those with the change beside those as usual."""

    level: Level
    refusal: Refusal | None  # present exactly when the level is INSUFFICIENT
    split: Split  # the higher days are those with the change
    estimate: Estimate | None  # of the rate with the change over that without
    difference: Difference | None
    p: float | None


@dataclass(frozen=True, slots=True)
class DaySummary:
    """One day as the charts draw it."""

    day: date
    status: DayStatus
    notes: int
    factors: dict[str, float]


@dataclass(frozen=True, slots=True)
class WeekCount:
    """One week in numbers; the five kinds of day add up to the days that have passed."""

    first: date
    notes: int
    days_with_notes: int
    clear_days: int
    blank_days: int
    break_days: int

    @property
    def kept(self) -> int:
        """Days that say something about twitching."""
        return self.days_with_notes + self.clear_days

    @property
    def is_known(self) -> bool:
        """Whether there is a number of twitches; what was noted on a break is told as well."""
        return self.kept > 0 or self.notes > 0


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """How often a place was noted."""

    place: str
    notes: int
    days: int


class Trend(StrEnum):
    """Whether the last weeks had fewer or more notes than those before."""

    TOO_EARLY = "too-early"
    STEADY = "steady"
    FEWER = "fewer"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class WeekReport:
    """Everything the page of one week shows. Places and hours cover the six weeks."""

    first: date
    last: date  # of the week; days after the last finished day are not in `days`
    finished: bool  # False: what was noted so far, without findings
    days: tuple[DaySummary, ...]  # up to six weeks, oldest first, ending with this week
    weeks: tuple[WeekCount, ...]  # oldest first, ending with this week
    trend: Trend
    places: tuple[PlaceCount, ...]  # most notes first
    blocks: tuple[int, ...]  # notes in eight three-hour blocks from 06:00
    untimed: int  # notes without a time, in none of the blocks
    window_first: date | None  # first day of the comparisons
    window_kept: int  # kept days in the comparisons
    window_blank: int  # blank days left out of them
    kept_needed: int  # kept days that the comparisons need
    findings: tuple[Finding, ...]  # one per factor, in the order of the factors
    durations: tuple[Finding, ...]  # the same for how long twitches last
    regions: tuple["RegionFindings", ...]  # only where enough was noted
    cramps: int = 0  # noted in this week, apart from twitches
    tremors: int = 0
    courses: tuple[Course, ...] = ()  # medicines and supplements of the six weeks


@dataclass(frozen=True, slots=True)
class RegionFindings:
    """The comparisons for one part of the body."""

    region: str
    findings: tuple[Finding, ...]
