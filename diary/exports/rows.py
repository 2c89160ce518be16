"""What the exports hold: their columns, with their meaning, and their rows.

The same columns make the files and the page that explains them. Keys and headings are the same
in every language. Rows come one after the other and are never all in memory.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, Q
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .. import kept
from ..calendar import Kind, kind_of
from ..check import QUESTIONS, Question
from ..factors import COLUMNS, Factor, as_remembered, is_further
from ..filters import Filter
from ..models import Break, Check, Day, Medicine, Twitch, User
from ..places import PLACES
from .csv import Value

READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its heading, what it means, and its value of a stored row."""

    name: str
    meaning: str | Promise
    value: Callable[[Any], Value]
    further: bool = False  # of a factor that stands in the rows' column `more`


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day as far as its export cares. `row` holds the columns of `Day`, or None."""

    day: date
    kind: Kind
    row: Any


def _local_time(note: Any) -> str:
    """The time with its difference to UTC, such as 2026-11-20T19:44:00+01:00."""
    if note.started_at is None:
        return ""
    return str(note.started_at.astimezone(ZoneInfo(note.zone)).isoformat(timespec="seconds"))


def _dashed(uuid: str) -> str:
    """An id as the database writes it, with dashes or without, as everybody else does."""
    if len(uuid) == 36:
        return uuid
    return f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"


def _utc(moment: datetime | None) -> str:
    """A moment to the last digit, such as 2026-11-20T18:44:00.123456+00:00; empty without one."""
    return moment.astimezone(UTC).isoformat() if moment else ""


MEANINGS = {
    "sleep": _("Hours slept the night before."),
    "caffeine": _("Caffeine of the day, in mg."),
    "hydration": _("Drinks in ml; those with caffeine only where the settings count them."),
    "stress": _("Stress of the day as a whole, from 1, calm, to 5."),
}


def _factor_column(factor: Factor) -> Column:
    further, name = is_further(factor.column), factor.column

    @cache  # a factor has few values, and a diary many days
    def shown(stored: int) -> Value:
        value = round(factor.shown(stored), 2)
        return int(value) if value == int(value) else value

    def value(row: Any) -> Value:
        if row is None:
            return None
        stored = row.more.get(name) if further else getattr(row, name)
        return None if stored is None else shown(stored)

    return Column(factor.export, MEANINGS.get(factor.key) or _meaning(factor), value, further)


def _meaning(factor: Factor) -> str:
    """What the values of a further factor say."""
    if factor.points:
        answers = ", ".join(f"{point} {words}" for point, words in factor.points.items())
        return f"{factor.name}: {answers}."
    return f"{factor.name}, {factor.unit}." if factor.unit else f"{factor.name}."


def factor_columns(factors: Mapping[str, Factor]) -> list[Column]:
    """A column for each factor, in the order in which a day is remembered."""
    return [_factor_column(factor) for factor in as_remembered(factors)]


def _of_day(column: Column) -> Column:
    return Column(column.name, column.meaning, lambda line: column.value(line.row))


NOTE_COLUMNS = (
    Column(
        "id",
        _("Names the note. It stays the same when you change the note."),
        lambda note: _dashed(note.uuid_text),
    ),
    Column(
        "diary_day",
        _("The day it belongs to. Hours before your day starts belong to the day before."),
        lambda note: note.day.isoformat(),
    ),
    Column(
        "local_time",
        _(
            "When it started, on the clock where you were, with the difference to UTC. "
            "Empty when the time is not known."
        ),
        _local_time,
    ),
    Column("zone", _("The time zone you were in."), lambda note: note.zone),
    Column(
        "place",
        _("Where it was, as a key: calf-l is the left calf."),
        lambda note: note.place,
    ),
    Column(
        "side",
        _("left, right or middle. Left is always your left."),
        lambda note: PLACES[note.place].side.value,
    ),
    Column(
        "kind",
        _("twitch, cramp or tremor. Only twitches are counted and compared."),
        lambda note: note.kind,
    ),
    Column(
        "duration",
        _("How long it lasted: seconds, under-minute, minutes, longer, hours or unsure."),
        lambda note: note.duration,
    ),
    Column(
        "duration_s",
        _("The exact length in seconds, where you gave one."),
        lambda note: note.duration_s,
    ),
    Column("words", _("Your own words."), lambda note: note.words),
    Column(
        "added_later",
        _("yes when it was written down more than two days later, else no."),
        lambda note: "yes" if note.added_later else "no",
    ),
    Column(
        "saved_with",
        _("The same for notes that were saved together, such as two places at once."),
        lambda note: _dashed(note.group_text),
    ),
    Column("saved_at_utc", _("When it was first saved."), lambda note: _utc(note.created_at)),
    Column(
        "edited_at_utc",
        _("When it was last changed. Empty when it never was."),
        lambda note: _utc(note.edited_at),
    ),
)

DAY_COLUMNS = (
    Column("diary_day", _("The day."), lambda line: line.day.isoformat()),
    Column(
        "status",
        _(
            "notes, clear (you marked it: no twitches), blank (nothing is known, which is not "
            "the same as clear) or break (you took a break)."
        ),
        lambda line: line.kind.value,
    ),
    Column(
        "marked_clear",
        _("yes when you marked the day as clear, also on a break. Else empty."),
        lambda line: "yes" if line.row and line.row.clear else "",
    ),
    Column(
        "marked_later",
        _("yes when you marked it more than two days later. Else empty."),
        lambda line: "yes" if line.row and line.row.clear and line.row.added_later else "",
    ),
)
DAY_CUPS = Column(
    "caffeine_at",
    _("When you added caffeine with one tap, on the clock of that day: 08:10 13:05. Else empty."),
    lambda line: line.row.caffeine_at if line.row and line.row.caffeine_mg else "",
)
DAY_OVERALL = Column(
    "overall",
    _("How the day was, where you noted it once: few, several or most. Else empty."),
    lambda line: line.row.overall if line.row else "",
)
DAY_WORDS = Column(
    "words",
    _("Your own words about the day."),
    lambda line: line.row.words if line.row else "",
)


def note_columns(factors: Mapping[str, Factor]) -> list[Column]:
    """The columns of the notes of a diary with these factors."""
    return [*NOTE_COLUMNS, *factor_columns(factors)]


def day_columns(factors: Mapping[str, Factor]) -> list[Column]:
    """The columns of the days of a diary with these factors."""
    return [
        *DAY_COLUMNS,
        *(_of_day(column) for column in factor_columns(factors)),
        DAY_CUPS,
        DAY_OVERALL,
        DAY_WORDS,
    ]


def note_rows(
    owner: User, wanted: Filter, last: date, columns: Sequence[Column]
) -> Iterator[list[Value]]:
    """The person's notes up to the day `last`, oldest first, each as its `note_columns`.

    The factors are those of its day as they stood when it was saved.
    """
    if wanted.show in (Kind.CLEAR, Kind.BLANK):
        return  # such a day has no notes
    notes = Twitch.objects.of(owner).filter(day__lte=last)
    if wanted.places is not None:
        notes = notes.filter(place__in=wanted.places)
    if wanted.show:
        on_break = Q(pk__in=())
        for rest in Break.objects.of(owner):
            on_break |= Q(day__range=(rest.first, rest.last))
        notes = notes.filter(on_break if wanted.show is Kind.BREAK else ~on_break)
    needed = (
        "day",
        "started_at",
        "zone",
        "place",
        "kind",
        "duration",
        "duration_s",
        "words",
        "created_at",
        "edited_at",
    )
    more = ["more"] if any(column.further for column in columns) else []
    for note in (
        notes.order_by("day", "started_at", "pk")
        # As text, and only what is asked for: objects of ids and of JSON cost more than a row.
        .annotate(uuid_text=Cast("uuid", CharField()), group_text=Cast("group", CharField()))
        .values_list(
            *("uuid_text", "group_text"), *needed, "added_later", *COLUMNS, *more, named=True
        )
        .iterator(chunk_size=READ_AT_ONCE)
    ):
        yield [column.value(note) for column in columns]


def day_rows(
    owner: User, wanted: Filter, last: date, columns: Sequence[Column]
) -> Iterator[list[Value]]:
    """Every day from the first with anything on it to `last`, oldest first, blank ones too.

    Each comes as its `day_columns`. A place leaves the days with a note there.
    """
    begins = kept.begins(owner)
    if begins is None:
        return
    breaks = Break.objects.of(owner).touching(begins, last)
    notes = Twitch.objects.of(owner).twitches().filter(day__lte=last)
    if wanted.places is not None:
        notes = notes.filter(place__in=wanted.places)
    counts = _Alongside(
        notes.order_by("day")
        .values_list("day")
        .annotate(Count("pk"))
        .iterator(chunk_size=READ_AT_ONCE)
    )
    rows = _Alongside(
        (row.day, row)
        for row in Day.objects.of(owner)
        .filter(day__lte=last)
        .order_by("day")
        .values_list(
            "day",
            "clear",
            "added_later",
            "overall",
            "words",
            "caffeine_at",
            *COLUMNS,
            "more",
            named=True,
        )
        .iterator(chunk_size=READ_AT_ONCE)
    )
    for after in range((last - begins).days + 1):
        day = begins + timedelta(days=after)
        count, row = counts.on(day) or 0, rows.on(day)
        kind = kind_of(count, clear=bool(row and row.clear), on_break=kept.is_rest(breaks, day))
        if wanted.show in (None, kind) and (count or wanted.places is None):
            line = DayLine(day, kind, row)
            yield [column.value(line) for column in columns]


def _answer_column(question: Question) -> Column:
    meaning = format_lazy(_("{question}: yes, no or unsure."), question=question.about)
    return Column(question.key, meaning, lambda check: check.answers.get(question.key))


CHECK_COLUMNS = (
    Column("id", _("Names the check."), lambda check: str(check.uuid)),
    Column("diary_day", _("The day it was answered."), lambda check: check.day.isoformat()),
    Column("answered_at_utc", _("When it was saved."), lambda check: _utc(check.created_at)),
    *(_answer_column(question) for question in QUESTIONS.values()),
    Column("words", _("Your own words."), lambda check: check.words),
)


def check_rows(owner: User, last: date) -> Iterator[list[Value]]:
    """The person's symptoms checks up to the day `last`, oldest first, as `CHECK_COLUMNS`."""
    checks = Check.objects.of(owner).filter(day__lte=last).order_by("day", "created_at", "pk")
    for check in checks.iterator(chunk_size=READ_AT_ONCE):
        yield [column.value(check) for column in CHECK_COLUMNS]


MEDICINE_COLUMNS = (
    Column("id", _("Names the entry."), lambda entry: str(entry.uuid)),
    Column("name", _("As you call it."), lambda entry: entry.name),
    Column("kind", _("medicine or supplement."), lambda entry: entry.kind),
    Column(
        "first_day",
        _("Since when. Empty when it is not known."),
        lambda entry: entry.first.isoformat() if entry.first else "",
    ),
    Column(
        "last_day",
        _("Until when. Empty while you take it."),
        lambda entry: entry.last.isoformat() if entry.last else "",
    ),
    Column("words", _("Your own words."), lambda entry: entry.words),
)


def medicine_rows(owner: User) -> Iterator[list[Value]]:
    """What the person takes or took, in the order in which it was begun, as `MEDICINE_COLUMNS`."""
    for entry in Medicine.objects.of(owner).as_begun().iterator():
        yield [column.value(entry) for column in MEDICINE_COLUMNS]


class _Alongside:
    """Values by day, read in step with the calendar."""

    def __init__(self, by_day: Iterable[tuple[date, Any]]) -> None:
        self._coming = iter(by_day)
        self._next = next(self._coming, None)

    def on(self, day: date) -> Any:
        """The value of this day, or None. Days are asked for in order."""
        while self._next and self._next[0] < day:
            self._next = next(self._coming, None)
        return self._next[1] if self._next and self._next[0] == day else None
