"""What a person kept, day by day: notes, the day's own row and breaks, read together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    F,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast

from .calendar import Kind, kind_of
from .factors import COLUMNS
from .models import Break, Day, Diary, Experiment, Twitch, User
from .questions import Given, Question
from .tiles import LOOK_BACK, Use

# What the questions of a page are about.
OWNER: Any = Given("owner", BigIntegerField())
FIRST: Any = Given("first", DateField())
NOTES_FROM: Any = Given("notes_from", DateField())
LAST: Any = Given("last", DateField())
TODAY: Any = Given("today", DateField())
NOW: Any = Given("now", DateTimeField())


@dataclass(frozen=True, slots=True)
class KeptDay:
    """One diary day. `row` is None where nothing but notes, or nothing, was written."""

    day: date
    notes: tuple[Twitch, ...]  # by time; those without a time last
    row: Day | None
    on_break: bool

    @property
    def kind(self) -> Kind:
        """What the day is in calendar, filters and exports."""
        clear = self.row is not None and self.row.clear
        return kind_of(len(self.twitches), clear=clear, on_break=self.on_break)

    @property
    def twitches(self) -> tuple[Twitch, ...]:
        """Its notes without cramps and tremors: what is counted and drawn."""
        return tuple(note for note in self.notes if note.is_twitch)

    @property
    def values(self) -> dict[str, int | None]:
        """The day's factors in stored units, by column."""
        return self.row.stored_factors() if self.row else dict.fromkeys(COLUMNS)

    @property
    def words(self) -> str:
        """The day's own words."""
        return self.row.words if self.row else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read of a span of days."""

    notes: dict[date, list[Twitch]]
    rows: dict[date, Day]
    breaks: Sequence[Break]
    removed: tuple[Twitch, ...]  # can still be brought back; the latest removed first

    def on(self, day: date) -> KeptDay:
        """One day of the span."""
        return KeptDay(
            day, tuple(self.notes.get(day, ())), self.rows.get(day), is_rest(self.breaks, day)
        )

    @property
    def begins(self) -> date | None:
        """The first of its days with anything written on it."""
        written = (day for day, row in self.rows.items() if row.is_written)
        return min((*self.notes, *written), default=None)


def between(
    owner: User,
    first: date,
    last: date,
    now: datetime,
    *,
    notes_from: date | None = None,
    with_beginning: bool = False,
) -> Kept:
    """Read the days first to last, both included, and the notes removed lately, in two reads.

    Notes may begin later than the rest. `with_beginning` adds the first day of the diary, where
    that lies before the others.
    """
    asked = {
        "owner": owner.pk,
        "first": first,
        "notes_from": notes_from or first,
        "last": last,
        "now": now,
    }
    notes: dict[date, list[Twitch]] = defaultdict(list)
    removed = []
    for fields in _notes_between(with_beginning).ask(**asked):
        twitch = Twitch.from_db(None, NOTE_FIELDS, fields)
        if twitch.removed_at:
            removed.append(twitch)
        else:
            notes[twitch.day].append(twitch)
    for day in notes.values():
        day.sort(key=lambda note: (note.started_at is None, note.started_at or note.created_at))
    removed.sort(key=lambda note: str(note.removed_at), reverse=True)
    rows, breaks = {}, []
    for *values, until in _days_between(with_beginning).ask(**asked):
        row = Day.from_db(None, DAY_FIELDS, values)
        if until is None:
            rows[row.day] = row
        else:
            breaks.append(Break(pk=row.pk, owner=owner, first=row.day, last=until))
    return Kept(notes, rows, breaks, tuple(removed))


@cache
def _notes_between(with_beginning: bool) -> Question:
    shown = Twitch.objects.of(OWNER)
    asked: list[QuerySet[Twitch]] = [shown.within(NOTES_FROM, LAST)]
    asked.append(Twitch.objects.removed_by(OWNER, NOW))
    if with_beginning:
        asked.append(_first_before(FIRST, shown))
    each = [notes.values_list(*NOTE_FIELDS) for notes in asked]
    return Question(each[0].union(*each[1:], all=True))


@cache
def _days_between(with_beginning: bool) -> Question:
    days = Day.objects.of(OWNER)
    asked = [_with_until(days.within(FIRST, LAST))]
    if with_beginning:
        asked.append(_with_until(_first_before(FIRST, written(days))))
    rests = _as_days(Break.objects.of(OWNER).touching(FIRST, LAST))
    return Question(asked[0].union(*asked[1:], rests, all=True))


def _first_before[Row: (Day, Twitch)](first: date, rows: QuerySet[Row]) -> QuerySet[Row]:
    # Its key alone is looked for in order: a part of a union can't be cut short.
    earliest = rows.filter(day__lt=first).order_by("day").values("pk")[:1]
    return rows.model._default_manager.filter(pk=Subquery(earliest))


NOTE_FIELDS = tuple(field.attname for field in Twitch._meta.concrete_fields)

# Days and breaks are read together, as days; only a break has a last day.
DAY_FIELDS = tuple(field.attname for field in Day._meta.concrete_fields)
NOT_OF_A_BREAK = {
    field.attname: Value(None, output_field=field)
    for field in Day._meta.concrete_fields
    if field.name not in {"day", *(field.name for field in Break._meta.concrete_fields)}
}


def _with_until(days: QuerySet[Day]) -> QuerySet[Any, Any]:
    none = Cast(Value(None), DateField())  # PostgreSQL takes a bare NULL for text
    return days.annotate(until=none).values_list(*DAY_FIELDS, "until")


def _as_days(breaks: QuerySet[Break]) -> QuerySet[Any, Any]:
    as_days = breaks.annotate(day=F("first"), until=F("last"), **NOT_OF_A_BREAK)
    return as_days.values_list(*DAY_FIELDS, "until")


def uses(owner: User, today: date) -> list[Use]:
    """The twitches of the last 30 days, as far as tiles and usual lengths need them."""
    return [Use._make(row) for row in _recent(owner, today).values_list(*OF_A_USE)]


def uses_and_trying(owner: User, today: date) -> tuple[list[Use], bool]:
    """The same, and whether an experiment may be under way, in one read."""
    rows = list(_uses_and_plans().ask(owner=owner.pk, today=today))
    used = [Use._make(row) for row in rows if row[0]]
    return used, len(used) < len(rows)


def uses_and_values(owner: User, today: date, day: date) -> tuple[list[Use], dict[str, int | None]]:
    """The same, and the stored factors of a day by column, in one read."""
    found: list[Use] = []
    stored: dict[str, int | None] = dict.fromkeys(COLUMNS)
    rows = _uses_and_day().ask(owner=owner.pk, today=today, first=day)
    for place, on, duration, written, *known, more in rows:
        if place:
            found.append(Use(place, on, duration, written))
        else:
            stored = {**dict(zip(COLUMNS, known, strict=True)), **more}
    return found, stored


@cache
def _uses_and_plans() -> Question:
    plans = Experiment.objects.recent(OWNER, TODAY).annotate(**AS_A_USE)
    found = _recent(OWNER, TODAY).values_list(*OF_A_USE)
    return Question(found.union(plans.values_list(*OF_A_USE), all=True))


@cache
def _uses_and_day() -> Question:
    that_day = Day.objects.of(OWNER).filter(day=FIRST).annotate(**NOT_OF_A_DAY)
    columns = (*OF_A_USE, *COLUMNS, "more")
    found = _recent(OWNER, TODAY).values_list(*columns)
    return Question(that_day.values_list(*columns).union(found, all=True))


def _recent(owner: User, today: date) -> QuerySet[Twitch]:
    return Twitch.objects.of(owner).twitches().within(today - LOOK_BACK, today)


# Notes are read together with a day or with plans; only a note has a place.
OF_A_USE = ("place", "day", "duration", "created_at")
AS_A_USE = {
    "place": Value(""),
    "day": F("first"),
    "duration": Value(""),
    "created_at": F("drawn_at"),
}
NOT_OF_A_DAY = {
    field.attname: Value("" if field.attname == "place" else None, output_field=field)
    for field in Twitch._meta.concrete_fields
    if field.attname in {*OF_A_USE} - {"day"}
}


def begins(owner: User) -> date | None:
    """The first day with anything written on it; None for an empty diary."""
    return min(_outermost(owner, "day"), default=None)


def ends(owner: User) -> date | None:
    """The last day with anything written on it; None for an empty diary."""
    return max(_outermost(owner, "-day"), default=None)


def _outermost(owner: User, order: str) -> list[date]:
    found = Diary.objects.of(owner).values_list(
        Subquery(Twitch.objects.of(owner).order_by(order).values("day")[:1]),
        Subquery(written(Day.objects.of(owner)).order_by(order).values("day")[:1]),
    )
    return [day for days in found for day in days if day]


def written(days: QuerySet[Day]) -> QuerySet[Day]:
    """Days that say something: a clear mark, a factor or words."""
    known = reduce(or_, (Q(**{f"{column}__isnull": False}) for column in COLUMNS))
    return days.filter(Q(clear=True) | ~Q(words="") | ~Q(more={}) | known)


def is_rest(breaks: Iterable[Break], day: date) -> bool:
    """Whether the day lies in a break."""
    return any(rest.first <= day <= rest.last for rest in breaks)
