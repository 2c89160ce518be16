"""The report for a doctor: one object that the page, the print and every file draw on.

Pure: values in, values out. No word of it is written here, and no time is asked for; words are in
`wording.py`, positions of its drawings in `drawing.py`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from statistics import median
from uuid import UUID

from diary.check import Answer, Answered
from diary.durations import DURATIONS, UNSURE, choice_for
from diary.factors import OPTIONAL
from diary.kinds import NoteKind

from ..analysis.results import DaySummary, Finding, PlaceCount, Trend, WeekCount, WeekReport
from ..analysis.series import DayRecord, DayStatus, DiarySeries
from ..analysis.weeks import count_places, count_weeks, summaries, taken

FEW_DAYS = 7  # fewer kept days than this are said first
NEW_AFTER = 14  # kept days that must lie before a place can be called new
LATEST = timedelta(days=14)  # where the diary is no older than the report, what is new
NIGHT, MORNING, AFTERNOON, EVENING = range(4)
PART_OF_DAY = 6 * 60  # minutes
ANSWERS = ("most", "several", "few")  # of a day that was noted once
BY_WEIGHT = (Answer.YES, Answer.UNSURE, Answer.NO)  # what a clinician must not miss comes first


class Part(StrEnum):
    """What can be left out. Coverage, the summary and the days are always there."""

    NAME = "name"
    MAP = "map"
    FACTORS = "factors"
    CHECK = "check"
    MEDICINES = "medicines"
    WORDS = "words"
    QUESTIONS = "questions"


class Paper(StrEnum):
    """What a file is to be printed on."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Words:
    """Something the person wrote: on a day, beside a note or in a symptoms check."""

    key: str
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the report is to be about, and what the person adds for it alone."""

    first: date
    last: date
    parts: frozenset[Part]
    name: str = ""
    born: date | None = None
    words: tuple[str, ...] = ()  # keys of `Words`
    questions: tuple[str, ...] = ()
    paper: Paper = Paper.A4


@dataclass(frozen=True, slots=True)
class Noted:
    """One note as it was written. Only a document lists them; a sheet of paper counts them."""

    uuid: UUID
    kind: NoteKind
    day: date
    started_at: datetime | None  # on the clock of the person; None: the time is not known
    place: str
    duration: str
    seconds: int | None  # the exact length, where one was typed


@dataclass(frozen=True, slots=True)
class Taken:
    """A medicine or supplement of these days; a date that is not known is None."""

    uuid: UUID
    name: str
    supplement: bool
    first: date | None
    last: date | None  # None: still taken
    words: str = ""


@dataclass(frozen=True, slots=True)
class Apart:
    """Cramps or tremors: told beside the twitches and never counted with them."""

    kind: str
    notes: int
    days: int
    places: tuple[str, ...]  # most notes first


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a report says of the days before those that are read for it."""

    began: date | None = None  # the first day with a twitch
    kept: int = 0  # days, as far as they are asked for
    places: frozenset[str] = frozenset()  # that had been noted, of those that are asked for


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a report is made from, as it was collected."""

    series: DiarySeries  # from a year before the report, or when the diary began, to its last day
    weekly: WeekReport | None  # the latest whole week that had ended by then
    checks: tuple[Answered, ...]
    medicines: tuple[Taken, ...]
    apart: tuple[Apart, ...]
    words: tuple[Words, ...]
    today: date
    sample: bool = False
    once_a_day: bool = False  # whether the diary is noted so
    answers: Mapping[date, str] = field(default_factory=dict)  # of days that were noted once
    earlier: Earlier = Earlier()  # before the series
    every_drink: bool = False  # whether drinks with caffeine are among the drinks


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the days were kept; the four kinds add up to the days."""

    days: int
    with_notes: int
    clear: int
    blank: int
    on_break: int

    @property
    def kept(self) -> int:
        """Days that say something about twitching."""
        return self.with_notes + self.clear

    @property
    def few(self) -> bool:
        """Too few days for a report to lean on."""
        return self.kept < FEW_DAYS


@dataclass(frozen=True, slots=True)
class FactorLine:
    """One factor: its usual values, and the comparison of the weekly page."""

    factor: str
    middle: float | None
    least: float | None
    most: float | None
    days: int  # on which it is known
    days_with: int  # of those, on which it is more than nothing
    finding: Finding


@dataclass(frozen=True, slots=True)
class Told:
    """A factor whose answers are names: on how many days each was given."""

    factor: str
    days: tuple[tuple[int, int], ...]  # answer and days, the most frequent first


@dataclass(frozen=True, slots=True)
class Factors:
    """The comparisons as the weekly page of the week up to `last` shows them."""

    first: date
    last: date
    kept: int
    enough: bool  # False: too early to compare anything
    needed: int
    lines: tuple[FactorLine, ...]
    told: tuple[Told, ...]  # what is named and never compared
    every_drink: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """One question of the symptoms check, with every answer of these days and its date."""

    question: str
    answer: Answer | None  # the latest
    day: date | None  # of the latest
    since: date | None  # the first day from which on nothing else was answered
    earlier: tuple[tuple[Answer, tuple[date, ...]], ...]  # a yes first, alike ones together


@dataclass(frozen=True, slots=True)
class Report:
    """What a clinician is handed, in the order in which one reads it."""

    first: date
    last: date
    today: date
    sample: bool
    parts: frozenset[Part]
    name: str
    born: date | None
    coverage: Coverage
    notes: int
    once_a_day: bool
    answers: tuple[tuple[str, int], ...]  # of days noted once, and on how many; the most first
    began: date | None  # the first day that the diary has a note of
    places: tuple[PlaceCount, ...]  # most notes first
    new_since: date | None  # None: the diary is too young to call a place new
    new_places: tuple[str, ...]
    lengths: tuple[tuple[str, int], ...]  # by choice of duration, the shortest first
    trend: Trend
    trend_until: date | None
    parts_of_day: tuple[int, int, int, int]  # night, morning, afternoon, evening
    untimed: int
    days: tuple[DaySummary, ...]
    weeks: tuple[WeekCount, ...]
    factors: Factors | None
    checks: tuple[date, ...]  # when the symptoms check was answered, newest first
    signs: tuple[Sign, ...]
    medicines: tuple[Taken, ...]
    apart: tuple[Apart, ...]
    words: tuple[Words, ...]
    questions: tuple[str, ...]


def report(asked: Asked, material: Material) -> Report:
    """The report of these days. What was left out is not in it at all."""
    within = tuple(day for day in material.series.days if asked.first <= day.day <= asked.last)
    days = _all_days(within, asked.first, asked.last)
    notes = [note for day in within for note in day.notes]
    new_since, new_places = _new_places(material, asked.first, asked.last)
    weekly = material.weekly
    if weekly is not None and weekly.last < asked.first:
        weekly = None
    checks = tuple(check for check in material.checks if asked.first <= check.day <= asked.last)
    by_part = Counter(note.minute // PART_OF_DAY for note in notes if note.minute is not None)
    parts = asked.parts
    return Report(
        first=asked.first,
        last=asked.last,
        today=material.today,
        sample=material.sample,
        parts=parts,
        name=asked.name if Part.NAME in parts else "",
        born=asked.born if Part.NAME in parts else None,
        coverage=_coverage(days),
        notes=len(notes),
        once_a_day=material.once_a_day,
        answers=_answers(within, material.answers),
        began=material.earlier.began
        or next((day.day for day in material.series.days if day.notes), None),
        places=count_places(within),
        new_since=new_since,
        new_places=new_places,
        lengths=_lengths(note.seconds for note in notes),
        trend=weekly.trend if weekly else Trend.TOO_EARLY,
        trend_until=weekly.last if weekly else None,
        parts_of_day=(
            by_part[NIGHT],
            by_part[MORNING],
            by_part[AFTERNOON],
            by_part[EVENING],
        ),
        untimed=sum(note.minute is None for note in notes),
        days=summaries(days),
        weeks=count_weeks(days),
        factors=_factors(material, weekly) if weekly and Part.FACTORS in parts else None,
        checks=tuple(dict.fromkeys(check.day for check in checks)) if Part.CHECK in parts else (),
        signs=_signs(checks) if Part.CHECK in parts else (),
        medicines=_taken(material.medicines, asked) if Part.MEDICINES in parts else (),
        apart=material.apart,
        words=tuple(said for said in material.words if said.key in asked.words)
        if Part.WORDS in parts
        else (),
        questions=asked.questions if Part.QUESTIONS in parts else (),
    )


def _all_days(days: Sequence[DayRecord], first: date, last: date) -> tuple[DayRecord, ...]:
    """Every day of the span; days before the diary began are blank."""
    known = {day.day: day for day in days}
    return tuple(
        known.get(day) or DayRecord(day, DayStatus.BLANK, (), {}, counted=False)
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    )


def _coverage(days: Sequence[DayRecord]) -> Coverage:
    kinds = Counter(day.status for day in days)
    return Coverage(
        days=len(days),
        with_notes=kinds[DayStatus.NOTES],
        clear=kinds[DayStatus.CLEAR],
        blank=kinds[DayStatus.BLANK],
        on_break=kinds[DayStatus.BREAK],
    )


def _answers(days: Iterable[DayRecord], given: Mapping[date, str]) -> tuple[tuple[str, int], ...]:
    """How many days with twitches had which answer."""
    counts = Counter(given[day.day] for day in days if day.notes and day.day in given)
    return tuple((answer, counts[answer]) for answer in ANSWERS if counts[answer])


def _new_places(material: Material, first: date, last: date) -> tuple[date | None, tuple[str, ...]]:
    """Since when a place counts as new, and the places first noted since; the most often first.

    A place is new only beside enough days kept before it: those before the report, or, where the
    diary is no older, those before its last two weeks.
    """
    days, earlier = material.series.days, material.earlier
    for since in (first, last - LATEST + timedelta(days=1)):
        before = [day for day in days if day.day < since]
        kept = earlier.kept + sum(
            day.status in (DayStatus.NOTES, DayStatus.CLEAR) for day in before
        )
        if since >= first and kept >= NEW_AFTER:
            known = earlier.places | {note.place for day in before for note in day.notes}
            counted = count_places(day for day in days if since <= day.day <= last)
            return since, tuple(count.place for count in counted if count.place not in known)
    return None, ()


def _lengths(seconds: Iterable[float | None]) -> tuple[tuple[str, int], ...]:
    """How many notes lasted how long, by the choices of the form that occur."""
    counts = Counter(UNSURE if length is None else choice_for(round(length)) for length in seconds)
    return tuple((key, counts[key]) for key in DURATIONS if counts[key])


def _factors(material: Material, weekly: WeekReport) -> Factors | None:
    """Each factor with its middle value and range in the days that the weekly page compares."""
    if weekly.window_first is None or not weekly.findings:
        return None
    window = [day for day in material.series.days if weekly.window_first <= day.day <= weekly.last]
    return Factors(
        first=weekly.window_first,
        last=weekly.last,
        kept=weekly.window_kept,
        enough=weekly.window_kept >= weekly.kept_needed,
        needed=weekly.kept_needed,
        lines=tuple(
            _factor_line(
                finding,
                [
                    day.factors[finding.factor]
                    for day in window
                    if day.counted and finding.factor in day.factors
                ],
            )
            for finding in weekly.findings
        ),
        told=tuple(
            Told(key, tuple((int(answer), days) for answer, days in counts.most_common()))
            for key, factor in OPTIONAL.items()
            if not factor.lags
            and (counts := Counter(day.factors[key] for day in window if key in day.factors))
        ),
        every_drink=material.every_drink,
    )


def _factor_line(finding: Finding, values: Sequence[float]) -> FactorLine:
    return FactorLine(
        factor=finding.factor,
        middle=median(values) if values else None,
        least=min(values, default=None),
        most=max(values, default=None),
        days=len(values),
        days_with=sum(value > 0 for value in values),
        finding=finding,
    )


def _signs(checks: Sequence[Answered]) -> tuple[Sign, ...]:
    """The latest answer to each question with its date, and the earlier ones with theirs."""
    if not checks:
        return ()
    newest_first = sorted(checks, key=lambda check: check.day, reverse=True)
    return tuple(
        _sign(line.question.key, [(c.day, c.answers) for c in newest_first])
        for line in newest_first[0].lines
    )


def _sign(question: str, checks: Sequence[tuple[date, Mapping[str, Answer]]]) -> Sign:
    given = [(day, answers[question]) for day, answers in checks if question in answers]
    if not given:
        return Sign(question, None, None, None, ())
    (day, answer), rest = given[0], given[1:]
    *_, (since, _same) = takewhile(lambda one: one[1] == answer, given)
    earlier: dict[Answer, dict[date, None]] = {said: {} for said in BY_WEIGHT}
    for on, said in rest:
        earlier[said][on] = None
    told = tuple((said, tuple(on)) for said, on in earlier.items() if on)
    return Sign(question, answer, day, since, told)


def _taken(medicines: Iterable[Taken], asked: Asked) -> tuple[Taken, ...]:
    """Those of these days; what is still taken first, and of it the newest."""
    newest_first = sorted(
        taken(medicines, asked.first, asked.last),
        key=lambda one: one.first or date.min,
        reverse=True,
    )
    return tuple(sorted(newest_first, key=lambda one: one.last is not None))
