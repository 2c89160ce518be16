"""The one door for writing: pages, imports and commands all save through here.

Every change marks the diary stale in its own transaction, so that an entry and its mark stand or
fall together. Nothing here talks to the queue.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import F, Model

from . import days
from .drinks import CUPS_AT_MOST, Cup
from .durations import ALL_DAY, UNSURE
from .factors import (
    FACTORS,
    FURTHER_AT_MOST,
    OPTIONAL,
    OWN_AT_MOST,
    Further,
    OwnFactor,
    as_stored,
    further_of,
    own_key,
)
from .kept import DAY_FIELDS, FIRST, LAST, NOW, OWNER
from .kinds import NoteKind
from .models import (
    Break,
    Check,
    Day,
    Diary,
    Experiment,
    Medicine,
    Overall,
    Twitch,
    User,
    as_columns,
)
from .models.owner import stale_mark
from .questions import Change, Question

ANSWERS = uuid5(NAMESPACE_URL, "once a day")  # the ids of answers follow from their day
BOUNCE = timedelta(seconds=2)  # a thumb that lands twice on the same tile means one note


class ReadOnly(Exception):
    """The sample diary is never written to by a visitor."""


class HasNotes(Exception):
    """A day with notes can't be marked as clear."""


class TooMany(Exception):
    """More factors than a diary can hold, or compare with any hope; `most` is how many it may."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most}")
        self.most = most


class UnderWay(Exception):
    """There is an experiment already that is not over."""


class StaleEdit(Exception):
    """What was edited has changed since the page was loaded; `current` is how it stands."""

    def __init__(self, current: Twitch | Day | Medicine) -> None:
        super().__init__("changed in the meantime")
        self.current = current


@dataclass(frozen=True, slots=True)
class When:
    """When a twitch was: a moment, or only its day when the time is not known."""

    day: date
    started_at: datetime | None
    zone: str

    @classmethod
    def at(cls, moment: datetime, diary: Diary) -> "When":
        """A known moment, on the diary's own day."""
        day = days.local_day(moment, diary.tz, diary.day_start_hour)
        return cls(day, moment, diary.zone)


@dataclass(frozen=True, slots=True)
class NoteText:
    """What a person says of a twitch, apart from its place."""

    when: When
    duration: str
    duration_s: int | None = None
    words: str = ""
    kind: NoteKind = NoteKind.TWITCH


@dataclass(frozen=True, slots=True)
class MedicineText:
    """What a person says of a medicine or supplement."""

    name: str
    kind: str
    first: date | None
    last: date | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class ExperimentText:
    """What a person chooses of an experiment; the order of its parts is drawn."""

    idea: str
    first: date
    part_days: int
    on_today: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a note did."""

    notes: tuple[Twitch, ...]
    lifted_clear: bool  # the day had been marked clear; the note took the mark away


@transaction.atomic
def note(
    owner: User,
    form: UUID,
    places: Sequence[str],
    text: NoteText,
    now: datetime,
    *,
    factors: Mapping[str, int | None] | None = None,
) -> Saved:
    """Save one note for each place.

    The ids follow from the form's own id, so sending a form again, even at the same time, finds
    the notes of the first time. `factors` are stored values of the day by column; columns that
    are not named stay as they are. Raises ReadOnly.
    """
    hold(owner, now, text.when.day)
    return _note(owner, form, places, text, now, factors)


def _note(
    owner: User,
    form: UUID,
    places: Sequence[str],
    text: NoteText,
    now: datetime,
    factors: Mapping[str, int | None] | None = None,
) -> Saved:
    day, values = _day_with(owner, text.when.day, factors)
    # By the diary as the form knew it, from which the day of the note comes too.
    late = days.is_late(text.when.day, owner.diary.today(now))
    notes = tuple(
        _once(
            owner,
            uuid5(form, place),
            **_columns(text),
            **as_columns(values, {}),
            group=form,
            place=place,
            added_later=late,
            created_at=now,
        )
        for place in dict.fromkeys(places)
    )
    lifted = (
        text.kind is NoteKind.TWITCH
        and day is not None
        and day.clear
        and any(created for _, created in notes)
    )
    if lifted:
        _lift_clear(owner, text.when.day)
    return Saved(tuple(twitch for twitch, _ in notes), lifted)


@transaction.atomic
def note_again(owner: User, form: UUID, place: str, text: NoteText, now: datetime) -> Saved:
    """Save the note of a tile, unless the same tile made one a moment ago. Raises ReadOnly."""
    # Held before looking: two taps at once must not both find nothing.
    hold(owner, now, text.when.day)
    bounced = (
        Twitch.objects.of(owner)
        .twitches()
        .filter(place=place, day=text.when.day, created_at__gt=now - BOUNCE, created_at__lte=now)
    )
    if twitch := bounced.order_by("-created_at").first():
        return Saved((twitch,), lifted_clear=False)
    return _note(owner, form, [place], text, now)


def _once(owner: User, uuid: UUID, **columns: Any) -> tuple[Twitch, bool]:
    """A new note, or the one of this id. Most are new, so it is not looked for first."""
    try:
        with transaction.atomic():
            return Twitch.objects.create(owner=owner, uuid=uuid, **columns), True
    except IntegrityError:
        if found := Twitch.objects.filter(owner=owner, uuid=uuid).first():
            return found, False
        raise


@transaction.atomic
def edit(
    twitch: Twitch,
    version: int,
    place: str,
    text: NoteText,
    now: datetime,
) -> None:
    """Change a note, if it is still the version that was on the page.

    It keeps the time it was first saved and the day's values of then. Raises StaleEdit with the
    note as it stands, or ReadOnly.
    """
    diary = opened(twitch.owner, now, twitch.day, text.when.day)
    moved = text.when.day != twitch.day
    changed = Twitch.objects.of(twitch.owner).filter(pk=twitch.pk, version=version)
    if not changed.update(
        **_columns(text),
        place=place,
        added_later=days.is_late(text.when.day, diary.today(now)) if moved else twitch.added_later,
        edited_at=now,
        version=F("version") + 1,
    ):
        twitch.refresh_from_db()
        raise StaleEdit(twitch)
    if text.kind is NoteKind.TWITCH:
        _lift_clear(twitch.owner, text.when.day)


@transaction.atomic
def remove(
    twitches: Sequence[Twitch], owner: User, now: datetime, *, clear_again: bool = False
) -> None:
    """Take notes out of the diary; they can be brought back. Removing twice is once.

    `clear_again` marks days as clear on which that leaves no twitch.
    """
    hold(owner, now, *(twitch.day for twitch in twitches))
    found = Twitch.objects.of(owner).filter(pk__in=[twitch.pk for twitch in twitches])
    _say_where_they_are(owner, found, twitches, now)
    found.update(removed_at=now, version=F("version") + 1)
    if clear_again:
        theirs = {twitch.day for twitch in twitches}
        left = Twitch.objects.of(owner).twitches().filter(day__in=theirs)
        for day in theirs.difference(left.values_list("day", flat=True)):
            mark_clear(owner, day, now)


@transaction.atomic
def restore(twitches: Sequence[Twitch], owner: User, now: datetime) -> None:
    """Bring removed notes back. The clear mark of their day, if any, is lifted."""
    hold(owner, now, *(twitch.day for twitch in twitches))
    back = list(
        Twitch.objects.removed_by(owner, now).filter(pk__in=[twitch.pk for twitch in twitches])
    )
    _say_where_they_are(owner, back, twitches, now)
    Twitch.objects.filter(pk__in=[twitch.pk for twitch in back]).update(
        removed_at=None, version=F("version") + 1
    )
    for day in {twitch.day for twitch in back if twitch.is_twitch}:
        _lift_clear(owner, day)


@transaction.atomic
def mark_clear(owner: User, day: date, now: datetime) -> None:
    """Mark a day as clear: no twitches. Raises HasNotes or ReadOnly."""
    diary = opened(owner, now, day)
    if Twitch.objects.of(owner).twitches().filter(day=day).exists():
        raise HasNotes
    row, _ = Day.objects.get_or_create(owner=owner, day=day)
    Day.objects.filter(pk=row.pk, clear=False).update(
        clear=True,
        added_later=days.is_late(day, diary.today(now)),
        version=F("version") + 1,
    )


@transaction.atomic
def unmark_clear(owner: User, day: date, now: datetime) -> None:
    """Take the clear mark back: the day is blank again. Raises ReadOnly."""
    hold(owner, now, day)
    _lift_clear(owner, day)


@transaction.atomic
def answer_day(
    owner: User, day: date, overall: Overall | None, places: Sequence[str], now: datetime
) -> None:
    """Keep how a whole day was: clear (None), or how much it twitched and where.

    Each place becomes a note without a time. An answer replaces the one before it, and leaves the
    other notes of the day alone. Raises HasNotes for a clear day that has such notes, or ReadOnly.
    """
    diary = opened(owner, now, day)
    group = uuid5(ANSWERS, day.isoformat())
    answered = Twitch.objects.filter(owner=owner, group=group)
    alone = Twitch.objects.of(owner).twitches().filter(day=day).exclude(group=group)
    noted = set(alone.values_list("place", flat=True))
    wanted = [place for place in places if place not in noted] if overall else []
    gone = answered.filter(removed_at=None).exclude(place__in=wanted)
    gone.update(removed_at=now, version=F("version") + 1)
    if overall is None:
        mark_clear(owner, day, now)
        Day.objects.of(owner).filter(day=day).update(overall="")
        return
    duration = ALL_DAY if overall is Overall.MOST else UNSURE
    note(owner, group, wanted, NoteText(When(day, None, diary.zone), duration), now)
    answered.filter(place__in=wanted).update(duration=duration, removed_at=None, day=day)
    Day.objects.update_or_create(owner=owner, day=day, defaults={"overall": overall})
    _lift_clear(owner, day)


@transaction.atomic
def note_once(owner: User, day: date, place: str, now: datetime) -> None:
    """Keep the notes of a place on a day as one, which went on and off for hours.

    It is the first of them, one with a time before those without; the others can be put back.
    Raises ReadOnly.
    """
    hold(owner, now, day)
    notes = Twitch.objects.of(owner).twitches().filter(day=day, place=place)
    by_time = F("started_at").asc(nulls_last=True)  # databases differ in where these go
    first, *others = notes.order_by(by_time, "created_at") or [None]
    if first is None or not others:
        return
    notes.filter(pk=first.pk).update(
        duration=ALL_DAY, duration_s=None, edited_at=now, version=F("version") + 1
    )
    notes.exclude(pk=first.pk).update(removed_at=now, version=F("version") + 1)


@transaction.atomic
def change_day(
    owner: User,
    day: date,
    changes: Mapping[str, int | str | None],
    was: Mapping[str, int | str | None],
    now: datetime,
    *,
    cup: Cup | None = None,
) -> Day:
    """Change some values of a day: factors by column, as they are stored, or its words.

    A `cup` is what changed the caffeine: it is drunk, whatever stood there of drinks, and noted
    with its time on the day that is running.

    `was` holds what stood on the page for the same names (None or "" where nothing did), so two
    changes collide only where they touch the same thing. Sending a change twice is once. Raises
    StaleEdit with the day as it stands, or ReadOnly.
    """
    hold(owner, now, day)
    row, _ = Day.objects.get_or_create(owner=owner, day=day)
    stands = row.stored_factors() | {"words": row.words}
    if all(stands.get(name) == value for name, value in changes.items()):
        return row
    if any(stands.get(name) != was[name] for name in changes):
        raise StaleEdit(row)
    if cup:
        changes = {**changes, **_with_cup(row, cup, owner.diary, now)}
    # The version is asked for again: on PostgreSQL another change may have slipped in between.
    columns = as_columns(changes, row.more) | {"version": row.version + 1}
    if not Day.objects.filter(pk=row.pk, version=row.version).update(**columns):
        row.refresh_from_db()
        raise StaleEdit(row)
    for name, value in columns.items():
        setattr(row, name, value)
    return row


@transaction.atomic
def take_break(owner: User, first: date, last: date, now: datetime) -> None:
    """Rest from the diary, first to last day included. Raises ReadOnly."""
    hold(owner, now)
    Break.objects.update_or_create(owner=owner, first=first, defaults={"last": last})


@transaction.atomic
def end_break(owner: User, today: date, now: datetime) -> None:
    """Go on with the diary today; days already rested stay a break. Raises ReadOnly."""
    hold(owner, now)
    running = Break.objects.of(owner).filter(last__gte=today)
    running.filter(first__gte=today).delete()
    running.update(last=today - timedelta(days=1))


@transaction.atomic
def change_settings(owner: User, changes: Mapping[str, object], now: datetime) -> None:
    """Change settings of the diary. What is already written stays as it is. Raises ReadOnly."""
    hold(owner, now)
    Diary.objects.of(owner).update(**changes)


@transaction.atomic
def switch_factor(owner: User, key: str, on: bool, now: datetime) -> None:
    """Begin or stop to note a factor; what was noted of it stays.

    Raises TooMany, KeyError for a factor that this diary does not know, or ReadOnly.
    """
    further = {entry.key: entry for entry in _further(owner, now)}
    if key in FACTORS:
        further.pop(key, None)
        hidden = [] if on else [Further(key, on=False)]
        _keep_further(owner, [*further.values(), *hidden])
        return
    entry = further.get(key) or (Further(key) if key in OPTIONAL else further[key])
    further[key] = replace(entry, on=on)
    if on and sum(one.on for one in further.values()) > FURTHER_AT_MOST:
        raise TooMany(FURTHER_AT_MOST)
    _keep_further(owner, further.values())


@transaction.atomic
def make_factor(owner: User, own: OwnFactor, now: datetime) -> None:
    """Begin to note a factor of one's own. Sending it twice is once. Raises TooMany or ReadOnly."""
    further = _further(owner, now)
    made = [entry for entry in further if entry.own]
    if any(entry.own == own and entry.on for entry in made):
        return
    if sum(entry.on for entry in further) >= FURTHER_AT_MOST:
        raise TooMany(FURTHER_AT_MOST)
    if len(made) >= OWN_AT_MOST:
        raise TooMany(OWN_AT_MOST)
    _keep_further(owner, [*further, Further(own_key(len(made) + 1), own=own)])


@transaction.atomic
def rename_factor(owner: User, key: str, name: str, unit: str, step: float, now: datetime) -> None:
    """Write a factor of one's own in another way; its values stay. Raises KeyError or ReadOnly."""
    further = {entry.key: entry for entry in _further(owner, now)}
    entry = further[key]
    if entry.own is None:
        raise KeyError(key)
    further[key] = replace(entry, own=replace(entry.own, name=name, unit=unit, step=step))
    _keep_further(owner, further.values())


def touch(owner: User, now: datetime) -> None:
    """Say that something beside the diary changed what its pages show. Raises ReadOnly."""
    hold(owner, now)


@transaction.atomic
def load_sample(
    diary: Diary,
    kept: Sequence[Day],
    twitches: Sequence[Twitch],
    breaks: Sequence[Break],
    now: datetime,
    *,
    checks: Sequence[Check] = (),
    medicines: Sequence[Medicine] = (),
    further: Sequence[Further] = (),
) -> None:
    """Fill the sample diary anew, all of it or nothing. Nobody's own diary is filled this way."""
    rows: tuple[tuple[type[Model], Sequence[Model]], ...] = (
        (Day, kept),
        (Twitch, twitches),
        (Break, breaks),
        (Check, checks),
        (Medicine, medicines),
    )
    for model, made in rows:
        model._default_manager.filter(owner=diary.owner).delete()
        model._default_manager.bulk_create(made, batch_size=500)
    Diary.objects.of(diary.owner).update(is_sample=True, more_factors=as_stored(further))
    Diary.objects.of(diary.owner).mark_stale(now)


@transaction.atomic
def note_check(
    owner: User, form: UUID, answers: Mapping[str, str], words: str, now: datetime
) -> Check:
    """Keep the answers of a symptoms check under the running day; a form sent twice is once.

    A question without an answer is left out of `answers`. Raises ReadOnly.
    """
    diary = opened(owner, now)
    check, _ = Check.objects.get_or_create(
        owner=owner,
        uuid=form,
        defaults={
            "day": diary.today(now),
            "answers": dict(answers),
            "words": words,
            "created_at": now,
        },
    )
    return check


@transaction.atomic
def remove_check(check: Check, now: datetime) -> None:
    """Take the answers of a check back; they can be put back. Raises ReadOnly."""
    hold(check.owner, now)
    Check.objects.of(check.owner).filter(pk=check.pk).update(removed_at=now)


@transaction.atomic
def restore_check(check: Check, now: datetime) -> None:
    """Put the answers of a check back, as they were. Raises ReadOnly."""
    hold(check.owner, now)
    Check.objects.removed_by(check.owner, now).filter(pk=check.pk).update(removed_at=None)


@transaction.atomic
def add_medicine(owner: User, form: UUID, text: MedicineText, now: datetime) -> None:
    """Put a medicine or supplement on the list; a form sent twice is once. Raises ReadOnly."""
    hold(owner, now)
    Medicine.objects.get_or_create(owner=owner, uuid=form, defaults=asdict(text))


@transaction.atomic
def change_medicine(medicine: Medicine, version: int, text: MedicineText, now: datetime) -> None:
    """Change an entry of the list, if it is still the version that was on the page.

    Raises StaleEdit with the entry as it stands, or ReadOnly.
    """
    hold(medicine.owner, now)
    changed = Medicine.objects.of(medicine.owner).filter(pk=medicine.pk, version=version)
    if not changed.update(**asdict(text), version=F("version") + 1):
        medicine.refresh_from_db()
        raise StaleEdit(medicine)


@transaction.atomic
def remove_medicine(medicine: Medicine, now: datetime) -> None:
    """Take an entry off the list; it can be put back. Removing twice is once. Raises ReadOnly."""
    hold(medicine.owner, now)
    Medicine.objects.of(medicine.owner).filter(pk=medicine.pk).update(
        removed_at=now, version=F("version") + 1
    )


@transaction.atomic
def restore_medicine(medicine: Medicine, now: datetime) -> None:
    """Put an entry back on the list. Raises ReadOnly."""
    hold(medicine.owner, now)
    Medicine.objects.removed_by(medicine.owner, now).filter(pk=medicine.pk).update(
        removed_at=None, version=F("version") + 1
    )


@transaction.atomic
def start_experiment(owner: User, form: UUID, text: ExperimentText, now: datetime) -> Experiment:
    """Draw the order of an experiment and keep it; a form sent twice is once.

    Raises UnderWay while another is not over, or ReadOnly.
    """
    # Held before looking: two forms at once must not both find nothing under way.
    diary = opened(owner, now, text.first)
    found: Experiment | None = Experiment.objects.of(owner).filter(uuid=form).first()
    if found:
        return found
    if Experiment.objects.under_way(owner, diary.today(now)):
        raise UnderWay
    return Experiment.objects.create(
        owner=owner,
        uuid=form,
        change_first=secrets.choice((True, False)),
        drawn_at=now,
        **asdict(text),
    )


@transaction.atomic
def stop_experiment(experiment: Experiment, now: datetime) -> None:
    """End an experiment early; it can be gone on with. Stopping twice is once. Raises ReadOnly."""
    diary = opened(experiment.owner, now, experiment.plan.last)
    today = diary.today(now)
    if not experiment.over(today):
        mine = Experiment.objects.of(experiment.owner).filter(pk=experiment.pk, stopped_on=None)
        mine.update(stopped_on=today)


@transaction.atomic
def resume_experiment(experiment: Experiment, now: datetime) -> None:
    """Go on with an experiment that was stopped, as it was drawn; the days stay what they are.

    Raises UnderWay while another is not over, or ReadOnly. One that is over stays stopped.
    """
    diary = opened(experiment.owner, now, experiment.plan.last)
    today = diary.today(now)
    other = Experiment.objects.under_way(experiment.owner, today)
    if other and other.pk != experiment.pk:
        raise UnderWay
    if not experiment.over(today):
        Experiment.objects.of(experiment.owner).filter(pk=experiment.pk).update(stopped_on=None)


@transaction.atomic
def say_how_a_day_went(
    experiment: Experiment, day: date, now: datetime, *, otherwise: bool
) -> None:
    """Keep whether a day of an experiment went the other way, or as planned. Raises ReadOnly."""
    hold(experiment.owner, now, day)
    experiment.refresh_from_db()  # only now nobody else changes it
    days = set(experiment.otherwise) - {day.isoformat()}
    if otherwise:
        days.add(day.isoformat())
    mine = Experiment.objects.of(experiment.owner).filter(pk=experiment.pk)
    mine.update(otherwise=sorted(days))


def opened(owner: User, now: datetime, *days: date) -> Diary:
    """Hold the diary as `hold` does, and read how it stands by now."""
    hold(owner, now, *days)
    return Diary.objects.get(owner=owner)


def hold(owner: User, now: datetime, *days: date) -> None:
    """Mark the diary stale and hold it for this transaction.

    `days` are those that the change may touch; without them it may be any. Raises ReadOnly.
    """
    between = {"first": min(days), "last": max(days)} if days else {}
    if not _mark(bool(days)).make(owner=owner.pk, now=now, **between):
        raise ReadOnly


@cache
def _mark(is_between_days: bool) -> Change:
    own = Diary.objects.of(OWNER).filter(is_sample=False)
    return Change(own, stale_mark(NOW, (FIRST, LAST) if is_between_days else None))


def _say_where_they_are(
    owner: User, found: Iterable[Twitch], given: Iterable[Twitch], now: datetime
) -> None:
    """Mark the days of notes that moved to another day since they were given to us."""
    if moved := {twitch.day for twitch in found} - {twitch.day for twitch in given}:
        Diary.objects.of(owner).mark_stale(now, *moved)


def _further(owner: User, now: datetime) -> tuple[Further, ...]:
    """The further factors, held until the change is made."""
    return further_of(opened(owner, now).more_factors)


def _keep_further(owner: User, further: Iterable[Further]) -> None:
    Diary.objects.of(owner).update(more_factors=as_stored(further))


def _columns(text: NoteText) -> dict[str, object]:
    return {
        "day": text.when.day,
        "started_at": text.when.started_at,
        "zone": text.when.zone,
        "duration": text.duration,
        "duration_s": text.duration_s,
        "words": text.words,
        "kind": text.kind.value,
    }


def _day_with(
    owner: User, day: date, factors: Mapping[str, int | None] | None
) -> tuple[Day | None, dict[str, int | None]]:
    """The day's row after these factors were set on it, and its values."""
    if not factors:
        rows = _one_day().ask(owner=owner.pk, first=day)
        found = next((Day.from_db(None, DAY_FIELDS, row) for row in rows), None)
        return found, found.stored_factors() if found else {}
    row, created = Day.objects.get_or_create(owner=owner, day=day, defaults=as_columns(factors, {}))
    stands = row.stored_factors()
    if not created and any(stands.get(name) != value for name, value in factors.items()):
        Day.objects.filter(pk=row.pk).update(
            **as_columns(factors, row.more), version=F("version") + 1
        )
        row.refresh_from_db()
    return row, row.stored_factors()


@cache
def _one_day() -> Question:
    """The day of a note, which every save reads while others wait."""
    return Question(Day.objects.of(OWNER).filter(day=FIRST).values_list(*DAY_FIELDS))


def _with_cup(row: Day, cup: Cup, diary: Diary, now: datetime) -> dict[str, int | str]:
    """What a day says of drinks once a cup was added or taken away."""
    said: dict[str, int | str] = {}
    if cup.ml and (row.drinks_ml is not None or cup.ml > 0):
        drunk = (row.drinks_ml or 0) + cup.ml
        said["drinks_ml"] = min(max(drunk, 0), FACTORS["hydration"].maximum)
    times = row.caffeine_at.split() if row.caffeine_mg else []
    if not cup.added:
        times = times[:-1]
    elif row.day == diary.today(now):
        times = [*times, f"{now.astimezone(diary.tz):%H:%M}"][-CUPS_AT_MOST:]
    return said | {"caffeine_at": " ".join(times)}


def _lift_clear(owner: User, day: date) -> None:
    Day.objects.of(owner).filter(day=day, clear=True).update(
        clear=False, added_later=False, version=F("version") + 1
    )
