"""The one bridge from the diary to the analysis: querysets in, consecutive days out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from diary import factors
from diary.check import Answered
from diary.days import minute_of
from diary.durations import DURATIONS
from diary.kinds import NoteKind
from diary.models import Break, Check, Day, Diary, Medicine, Twitch, User
from diary.places import REGION_OF

from .analysis.series import Course, DayRecord, DayStatus, DiarySeries, Factor, Note, Own
from .reports.report import Apart, Taken, Words

SAME_SPELL = timedelta(minutes=10)  # the same place again within this time is one twitch going on


def collect(diary: Diary, last: date) -> DiarySeries:
    """The diary from its first day to `last`, none left out; empty when nothing is written yet.

    Five queries, whatever the length. A day that nobody recorded stays blank: it is unknown.
    """
    noted, compared = diary.factors, declared(diary)
    notes: dict[date, list[Twitch]] = defaultdict(list)
    for note in Twitch.objects.of(diary.owner).filter(day__lte=last).order_by("started_at", "pk"):
        notes[note.day].append(note)
    rows = {row.day: row for row in Day.objects.of(diary.owner).filter(day__lte=last)}
    first = min((*notes, *rows), default=None)
    if first is None:
        return DiarySeries((), compared)
    rests = Break.objects.of(diary.owner).filter(first__lte=last, last__gte=first)
    resting = {day for rest in rests for day in _days(max(rest.first, first), min(rest.last, last))}
    return DiarySeries(
        tuple(
            _record(
                day,
                notes.get(day, ()),
                rows.get(day),
                noted,
                resting=day in resting,
            )
            for day in _days(first, last)
        ),
        compared,
        courses=courses(diary.owner),
    )


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
    notes: Sequence[Twitch],
    row: Day | None,
    noted: Mapping[str, factors.Factor],
    *,
    resting: bool,
) -> DayRecord:
    kinds = Counter(note.kind for note in notes)
    kept = list(_spells(note for note in notes if note.is_twitch))
    if resting:
        status = DayStatus.BREAK
    elif kept:
        status = DayStatus.NOTES
    else:
        status = DayStatus.CLEAR if row and row.clear else DayStatus.BLANK
    return DayRecord(
        day=day,
        status=status,
        notes=tuple(_note(twitch) for twitch in kept),
        factors=row.known(noted) if row else {},
        counted=(
            (status is DayStatus.NOTES and not any(twitch.added_later for twitch in kept))
            or (status is DayStatus.CLEAR and row is not None and not row.added_later)
        ),
        cramps=kinds[NoteKind.CRAMP],
        tremors=kinds[NoteKind.TREMOR],
    )


def _spells(twitches: Iterable[Twitch]) -> Iterable[Twitch]:
    """Leave out a note that follows one of the same place within ten minutes: one twitch."""
    by_place: dict[str, list[Twitch]] = defaultdict(list)
    for twitch in twitches:
        by_place[twitch.place].append(twitch)
    for same in by_place.values():
        timed = [twitch for twitch in same if twitch.started_at is not None]
        yield from (twitch for twitch in same if twitch.started_at is None)
        yield from timed[:1]
        for before, twitch in pairwise(timed):
            if twitch.started_at - before.started_at > SAME_SPELL:  # type: ignore[operator]
                yield twitch


def _note(twitch: Twitch) -> Note:
    zone = ZoneInfo(twitch.zone)
    return Note(
        place=twitch.place,
        region=REGION_OF[twitch.place],
        minute=minute_of(twitch.started_at, zone) if twitch.started_at else None,
        seconds=twitch.duration_s or DURATIONS[twitch.duration].seconds,
    )


def checks(owner: User) -> tuple[Answered, ...]:
    """The person's symptoms checks, the newest first."""
    found = Check.objects.of(owner).order_by("-day", "-created_at")
    return tuple(check.answered for check in found)


def check(owner: User, uuid: UUID, now: datetime) -> Answered | None:
    """One symptoms check, also while it is taken back and can still be put back."""
    mine = Check.objects.of(owner) | Check.objects.removed_by(owner, now)
    found = mine.filter(uuid=uuid).first()
    return found.answered if found else None


def on_break(owner: User, day: date) -> bool:
    """Whether the person rests from the diary on this day."""
    rests = Break.objects.of(owner)
    return bool(rests.filter(first__lte=day, last__gte=day).exists())


def courses(owner: User) -> tuple[Course, ...]:
    """The same as the weekly page draws it."""
    return tuple(
        Course(taken.name, taken.supplement, taken.first, taken.last) for taken in medicines(owner)
    )


def medicines(owner: User) -> tuple[Taken, ...]:
    """Everything the person takes or took, in the order in which it was begun."""
    return tuple(
        Taken(
            medicine.name,
            medicine.kind == Medicine.Kind.SUPPLEMENT,
            medicine.first,
            medicine.last,
            medicine.words,
        )
        for medicine in Medicine.objects.of(owner).order_by("first", "pk")
    )


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
