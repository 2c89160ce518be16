"""The one bridge from the diary to the analysis: querysets in, consecutive days out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Subquery

from diary import factors
from diary.check import Answered
from diary.days import minute_of
from diary.durations import DURATIONS
from diary.factors import COLUMNS
from diary.kept import FIRST, LAST, OWNER, TODAY
from diary.kinds import NoteKind
from diary.models import Break, Check, Day, Diary, Experiment, Medicine, Twitch, User
from diary.places import REGION_OF
from diary.questions import Question
from diary.shown import Noting

from .analysis.series import Course, DayRecord, DayStatus, DiarySeries, Factor, Note, Own, Trial
from .reports.report import Apart, Earlier, Noted, Taken, Words

SAME_SPELL = timedelta(minutes=10)  # the same place again within this time is one twitch going on


def begins(owner: User) -> date | None:
    """The first day of the diary that is stored at all; None when nothing is written yet."""
    ((of_notes, of_days),) = _first_days().ask(owner=owner.pk)
    return min((day for day in (of_notes, of_days) if day), default=None)


@cache
def _first_days() -> Question:
    firsts = (
        Subquery(model.objects.of(OWNER).order_by("day").values("day")[:1])
        for model in (Twitch, Day)
    )
    return Question(Diary.objects.of(OWNER).values_list(*firsts))


def collect(diary: Diary, last: date, first: date | None = None) -> DiarySeries:
    """The diary from its first day to `last`, none left out; empty when nothing is written yet.

    With `first`, a day since the diary began, only the days from there on. Five queries at most,
    whatever the length. A day that nobody recorded stays blank: it is unknown.
    """
    noted, compared = diary.factors, declared(diary)
    first = first or begins(diary.owner)
    if first is None or first > last:
        return DiarySeries((), compared)
    notes: dict[date, list[_Written]] = defaultdict(list)
    asked = {"owner": diary.owner.pk, "first": first, "last": last}
    for note in map(_Written._make, _notes().ask(**asked)):
        notes[note.day].append(note)
    columns = (*OF_A_DAY, "more") if diary.more_factors else OF_A_DAY
    rows = {row[0]: dict(zip(columns, row, strict=True)) for row in _rows(columns).ask(**asked)}
    resting = {
        day
        for begun, over in _rests().ask(**asked)
        for day in _days(max(begun, first), min(over, last))
    }
    return DiarySeries(
        tuple(
            _record(
                day,
                notes.get(day, ()),
                rows.get(day),
                noted,
                resting=day in resting,
                daily=diary.noting == Noting.DAILY,
            )
            for day in _days(first, last)
        ),
        compared,
        courses=courses(diary.owner),
    )


def earlier(owner: User, first: date, places: Iterable[str], enough: int) -> Earlier:
    """What there is before a day: its beginning, kept days up to `enough`, which of the places.

    However long the diary, a few rows are read: a place that is noted often is found at once.
    """
    day = OuterRef("day")
    resting = Exists(Break.objects.of(owner).filter(first__lte=day, last__gte=day))
    noted = Twitch.objects.of(owner).twitches().filter(day__lt=first).order_by("day")
    clear = Day.objects.of(owner).filter(day__lt=first, clear=True).order_by("day")
    kept = {
        day
        for some in (noted, clear)
        for day in some.exclude(resting).values_list("day", flat=True).distinct()[:enough]
    }
    return Earlier(
        began=noted.values_list("day", flat=True).first(),
        kept=len(kept),
        places=frozenset(
            place for place in places if noted.filter(place=place).reverse()[:1].exists()
        ),
    )


OF_A_DAY = ("day", "clear", "added_later", *COLUMNS)


@cache
def _notes() -> Question:
    by_time = Twitch.objects.of(OWNER).within(FIRST, LAST).order_by("started_at", "pk")
    return Question(by_time.values_list(*_Written._fields))


@cache
def _rows(columns: tuple[str, ...]) -> Question:
    return Question(Day.objects.of(OWNER).within(FIRST, LAST).values_list(*columns))


@cache
def _rests() -> Question:
    return Question(Break.objects.of(OWNER).touching(FIRST, LAST).values_list("first", "last"))


class _Written(NamedTuple):
    """What the analysis reads of a note; whole rows take three times as long."""

    day: date
    started_at: datetime | None
    zone: str
    place: str
    kind: str
    duration: str
    duration_s: int | None
    added_later: bool


def declared(diary: Diary) -> tuple[Factor, ...]:
    """The factors that are compared in this diary: those it notes, but for mere names."""
    made = {entry.key: entry.own for entry in factors.further_of(diary.more_factors)}
    return tuple(
        Factor(factor.key, factor.per, factor.lags, _own(made.get(factor.key)))
        for factor in diary.factors.values()
        if factor.lags
    )


def _own(made: factors.OwnFactor | None) -> Own | None:
    return Own(made.name, made.shape, made.when, made.unit, made.step) if made else None


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _record(
    day: date,
    notes: Sequence[_Written],
    row: Mapping[str, Any] | None,
    noted: Mapping[str, factors.Factor],
    *,
    resting: bool,
    daily: bool,
) -> DayRecord:
    kinds = [note.kind for note in notes]
    twitches = [note for note in notes if note.kind == NoteKind.TWITCH]
    kept = _counted(twitches, daily=daily)
    if resting:
        status = DayStatus.BREAK
    elif kept:
        status = DayStatus.NOTES
    else:
        status = DayStatus.CLEAR if row and row["clear"] else DayStatus.BLANK
    return DayRecord(
        day=day,
        status=status,
        notes=tuple(_note(written) for written in kept),
        factors=factors.in_own_units(row | row.get("more", {}), noted) if row else {},
        counted=(
            (status is DayStatus.NOTES and not any(written.added_later for written in kept))
            or (status is DayStatus.CLEAR and row is not None and not row["added_later"])
        ),
        cramps=kinds.count(NoteKind.CRAMP),
        tremors=kinds.count(NoteKind.TREMOR),
    )


class _Timed(Protocol):
    """A note with its place and time, in whatever shape it was read."""

    @property
    def place(self) -> str: ...
    @property
    def started_at(self) -> datetime | None: ...


def _counted[N: _Timed](twitches: Sequence[N], *, daily: bool) -> Sequence[N]:
    """Those notes of a day that count.

    Who notes once a day has each place once on every day, also on those before: days that were
    kept in two ways must not look different for that alone. The first with a time stands for all.
    """
    if not daily:
        return _spells(twitches)
    once: dict[str, N] = {}
    for note in sorted(twitches, key=lambda note: note.started_at is None):
        once.setdefault(note.place, note)
    return list(once.values())


def _spells[N: _Timed](notes: Sequence[N]) -> Sequence[N]:
    """Leave out a note that follows one of the same place within ten minutes: one twitch."""
    if len(notes) < 2:
        return notes
    kept: list[N] = []
    by_place: dict[str, list[N]] = defaultdict(list)
    for note in notes:
        by_place[note.place].append(note)
    for same in by_place.values():
        timed = [note for note in same if note.started_at is not None]
        kept += [note for note in same if note.started_at is None]
        kept += timed[:1]
        for before, note in pairwise(timed):
            if note.started_at - before.started_at > SAME_SPELL:  # type: ignore[operator]
                kept.append(note)
    return kept


def _note(written: _Written) -> Note:
    zone = ZoneInfo(written.zone)
    return Note(
        place=written.place,
        region=REGION_OF[written.place],
        minute=minute_of(written.started_at, zone) if written.started_at else None,
        seconds=written.duration_s or DURATIONS[written.duration].seconds,
    )


def checks(owner: User) -> tuple[Answered, ...]:
    """The person's symptoms checks, the newest first."""
    found = Check.objects.of(owner).order_by("-day", "-created_at")
    return tuple(check.answered for check in found)


def check(owner: User, uuid: UUID, now: datetime) -> Check | None:
    """One symptoms check, also while it is taken back and can still be put back."""
    mine = Check.objects.of(owner) | Check.objects.removed_by(owner, now)
    return mine.filter(uuid=uuid).select_related("batch").first()


def check_and_break(owner: User, day: date) -> tuple[date | None, bool]:
    """The day of the last check, and whether the person rests on this day, in one read."""
    ((last, resting),) = _check_and_break().ask(owner=owner.pk, today=day)
    return last, resting


@cache
def _check_and_break() -> Question:
    last = Check.objects.of(OWNER).order_by("-day").values("day")[:1]
    resting = Break.objects.of(OWNER).touching(TODAY, TODAY)
    return Question(Diary.objects.of(OWNER).values_list(Subquery(last), Exists(resting)))


def trials(owner: User) -> dict[int, Trial]:
    """The experiments that were not stopped, by their number in the database."""
    drawn = (
        Experiment(**dict(zip(OF_A_PLAN, row, strict=True))) for row in _drawn().ask(owner=owner.pk)
    )
    return {
        experiment.pk: Trial(
            {day.day: day.changed if day.counts else None for day in experiment.plan.days()}
        )
        for experiment in drawn
    }


OF_A_PLAN = ("pk", "first", "part_days", "change_first", "otherwise")


@cache
def _drawn() -> Question:
    return Question(Experiment.objects.of(OWNER).filter(stopped_on=None).values_list(*OF_A_PLAN))


def courses(owner: User) -> tuple[Course, ...]:
    """The same as the weekly page draws it."""
    return tuple(
        Course(taken.name, taken.supplement, taken.first, taken.last) for taken in medicines(owner)
    )


def medicines(owner: User) -> tuple[Taken, ...]:
    """Everything the person takes or took, in the order in which it was begun."""
    return tuple(
        Taken(uuid, name, kind == Medicine.Kind.SUPPLEMENT, first, last, words)
        for uuid, name, kind, first, last, words in _medicines().ask(owner=owner.pk)
    )


@cache
def _medicines() -> Question:
    as_begun = Medicine.objects.of(OWNER).as_begun()
    return Question(as_begun.values_list("uuid", "name", "kind", "first", "last", "words"))


def apart(owner: User, first: date, last: date) -> tuple[Apart, ...]:
    """Cramps and tremors of these days, which no count of twitches has."""
    notes = (
        Twitch.objects.of(owner)
        .within(first, last)
        .exclude(kind=NoteKind.TWITCH)
        .values_list("kind", "day", "place")
    )
    by_kind: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for kind, day, place in notes:
        by_kind[kind].append((day, place))
    return tuple(
        Apart(
            kind=kind,
            notes=len(by_kind[kind]),
            days=len({day for day, _ in by_kind[kind]}),
            places=tuple(place for place, _ in Counter(p for _, p in by_kind[kind]).most_common()),
        )
        for kind in NoteKind
        if kind in by_kind
    )


def noted(diary: Diary, first: date, last: date) -> tuple[Noted, ...]:
    """The notes of these days one by one; of twitches exactly those that are counted."""
    by_day: dict[date, list[Noted]] = defaultdict(list)
    written = Twitch.objects.of(diary.owner).within(first, last)
    for note in written.order_by("day", "started_at", "pk"):
        by_day[note.day].append(
            Noted(
                uuid=note.uuid,
                kind=NoteKind(note.kind),
                day=note.day,
                started_at=note.local_time,
                place=note.place,
                duration=note.duration,
                seconds=note.duration_s,
            )
        )
    return tuple(
        note
        for notes in by_day.values()
        for note in (
            *_counted(
                [note for note in notes if note.kind is NoteKind.TWITCH],
                daily=diary.noting == Noting.DAILY,
            ),
            *(note for note in notes if note.kind is not NoteKind.TWITCH),
        )
    )


def answers(owner: User, first: date, last: date) -> dict[date, str]:
    """How days were that the person noted once."""
    days = Day.objects.of(owner).within(first, last).exclude(overall="")
    return dict(days.values_list("day", "overall"))


def words(owner: User, first: date, last: date) -> tuple[Words, ...]:
    """What the person wrote in these days, each once, the newest first."""
    notes = Twitch.objects.of(owner).within(first, last).exclude(words="")
    days = Day.objects.of(owner).within(first, last).exclude(words="")
    checks = Check.objects.of(owner).filter(day__range=(first, last)).exclude(words="")
    found = [
        *(Words(f"check-{check.uuid}", check.day, check.words) for check in checks),
        *(Words(f"day-{row.day.isoformat()}", row.day, row.words) for row in days),
        *(Words(f"note-{note.uuid}", note.day, note.words) for note in notes),
    ]
    found.sort(key=lambda said: said.day, reverse=True)
    # One form can save several places, each with the same words.
    once = {(said.day, said.text): said for said in reversed(found)}
    return tuple(said for said in found if once[said.day, said.text] is said)
