"""Whole files into a diary: the one door beside `recording`. `undo` takes them out again.

A file may hold a hundred thousand notes. They are written ten thousand at a time, each time in
a transaction of its own, marked as removed long ago, so that no page shows them. Then one short
transaction lets them in with everything else, or nothing. Who saves a note meanwhile waits a
moment and not for the whole file, and a worker that is killed leaves nothing that anybody sees.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, Model, OuterRef
from django.utils.translation import gettext as _

from .. import recording
from ..exports.more import more_tables
from ..factors import (
    COLUMNS,
    FACTORS,
    FURTHER_AT_MOST,
    OWN_AT_MOST,
    Further,
    as_stored,
    further_of,
    own_key,
)
from ..models import STAGED, Batch, Break, Check, Day, Diary, Medicine, Twitch, User, as_columns
from .insertion import Insertion
from .rows import (
    BreakRow,
    CheckRow,
    DayRow,
    MedicineRow,
    MoreRow,
    NoteRow,
    Refused,
    Row,
    SettingsRow,
)

AT_ONCE = 500  # rows
# Ids of notes fall all over an index: the more come at once, the less often its pages are written.
NOTES_AT_ONCE = 10_000
NOTES_AT_MOST = 500_000  # in the whole diary: 20 a day for 68 years; an analysis holds them all
NOTES_A_DAY_AT_MOST = 1_000  # one every minute and a half; a page reads all of a day
HELD_AT_MOST = 100_000  # days, checks and whatever else is no note; a life has 30,000 days
# Fields of a day that a file may fill.
FILLED = (*COLUMNS, "more", "words", "overall", "caffeine_at", "clear", "added_later", "version")

# Of a note, as the database has them, in their order in a row: its values come last.
NOTE_COLUMNS = (*NoteRow._fields[:-1], *COLUMNS, "more")

MODELS: Mapping[type, tuple[str, type[Model], str]] = {  # what they are, and what names one
    NoteRow: ("notes", Twitch, "uuid"),
    CheckRow: ("checks", Check, "uuid"),
    MedicineRow: ("medicines", Medicine, "uuid"),
    BreakRow: ("breaks", Break, "first"),
}

type Hold = Callable[[], None]


class Overtaken(Exception):
    """What the work was begun for has changed since: another worker has it, or the diary moved."""


@dataclass(slots=True)
class _Came:
    """What came of a file, as its batch keeps it."""

    new: dict[str, int] = field(default_factory=dict)
    there: int = 0  # rows that were in the diary before
    filled: int = 0  # days that were there, where something blank was filled
    before: dict[str, Any] = field(default_factory=dict)  # what else was changed, as it stood


def load(batch: Batch, rows: Iterable[Row], now: datetime, hold: Hold) -> None:
    """Take the rows of a file into the diary of its owner, all of them or none.

    What is there already stays as it is and what is blank there is filled, so that a file taken in
    twice is taken in once. Settings are taken by an empty diary alone. `hold` is called inside
    every transaction and raises Overtaken when the batch is not this worker's any more.

    Raises Refused, with nothing left of what was read, Overtaken or recording.ReadOnly.
    """
    batch.notes_staged().delete()
    loading = Loading(batch, hold)
    try:
        for some in batched(rows, NOTES_AT_ONCE):
            loading.take(some)
    except Refused:
        batch.notes_staged().delete()
        raise
    loading.let_in(now)


def merged(
    here: Sequence[Further], brought: Sequence[Further]
) -> tuple[tuple[Further, ...], dict[str, str]]:
    """The further factors of a diary with those of a file, and the file's keys that are others now.

    A factor of one's own is the same one when it is made the same way. One that is new is switched
    on while there is room. What the file hides stays shown. Raises Refused when there are more own
    ones than a diary holds.
    """
    all_of_them = {entry.key: entry for entry in here}
    renamed = {}
    for entry in brought:
        same = [one.key for one in here if entry.own and one.own == entry.own]
        if entry.key in FACTORS:
            continue
        if same:
            renamed[entry.key] = same[0]
        elif entry.own or entry.key not in all_of_them:
            key = entry.key
            if entry.own:
                key = own_key(1 + sum(one.own is not None for one in all_of_them.values()))
                renamed[entry.key] = key
            room = sum(one.on for one in all_of_them.values()) < FURTHER_AT_MOST
            all_of_them[key] = replace(entry, key=key, on=entry.on and room)
    if sum(entry.own is not None for entry in all_of_them.values()) > OWN_AT_MOST:
        raise Refused(_("With this file the diary would hold too many factors of your own."))
    return tuple(all_of_them.values()), renamed


class Loading:
    """Rows on their way into one diary."""

    def __init__(self, batch: Batch, hold: Hold = lambda: None) -> None:
        self._batch, self._owner, self._hold = batch, batch.owner, hold
        self._diary = Diary.objects.get(owner=self._owner)
        self._is_empty = not _is_written(self._owner)
        by_day = Twitch.objects.of(self._owner).values_list("day").annotate(Count("pk"))
        self._on_day = Counter[date]({} if self._is_empty else dict(by_day))
        self._kept = self._on_day.total()
        self._settings: Mapping[str, Any] = {}
        self._renamed: Mapping[str, str] = {}
        self._rest: dict[type, list[Any]] = {}  # all but notes
        self._held = 0
        self._came = _Came()
        staged = {"owner_id": self._owner.pk, "batch_id": batch.pk, "removed_at": STAGED}
        self._notes = Insertion(Twitch, staged, NOTE_COLUMNS)
        self._columns_of = lru_cache(self._columns)  # a day's notes share them

    @property
    def counts(self) -> dict[str, Any]:
        """The rows that are new by what they are, those that are there, and the days it fills."""
        came = self._came
        return {"new": came.new, "there": came.there, "filled": came.filled}

    def foresee(self, rows: Sequence[Row]) -> None:
        """Count what would come of rows in the diary as it is now. Nothing is written."""
        by_type: dict[type, list[Any]] = {}
        for row in rows:
            if isinstance(row, SettingsRow):
                self._take_settings(row)
            else:
                by_type.setdefault(type(row), []).append(row)
        self._make_room(sum(len(some) for kind, some in by_type.items() if kind is not NoteRow))
        for kind, (what, model, key) in MODELS.items():
            some = by_type.get(kind, [])
            new = [*_by(key, some).values()] if self._is_empty else self._new(model, key, some)
            if kind is NoteRow:
                self._crowd([row.day for row in new])
            self._count(what, len(new), len(some) - len(new))
        days = _by("day", by_type.get(DayRow, []))
        kept = [] if self._is_empty else Day.objects.of(self._owner).filter(day__in=list(days))
        gaps = [_fill(row, days[row.day], self._values(days[row.day].values)) for row in kept]
        new = [row for row in days.values() if row.says_anything]
        self._came.filled += len([gap for gap in gaps if gap])
        self._count("days", len(new) - len(gaps), len([gap for gap in gaps if not gap]))

    def take(self, rows: Sequence[Row]) -> None:
        """Stage the notes and remember everything else."""
        notes = []
        for row in rows:
            if isinstance(row, SettingsRow):
                self._take_settings(row)
            elif isinstance(row, NoteRow):
                notes.append(row)
            else:
                self._make_room(1)
                self._rest.setdefault(type(row), []).append(row)
        if notes:
            self._stage(notes)

    def _crowd(self, days: Sequence[date]) -> None:
        self._on_day.update(days)
        if any(self._on_day[day] > NOTES_A_DAY_AT_MOST for day in days):
            raise Refused(_("With this file a day would hold too many notes."))

    def _make_room(self, how_many: int) -> None:
        self._held += how_many
        if self._held > HELD_AT_MOST:
            raise Refused(_("This file has too many rows."))

    def let_in(self, now: datetime) -> None:
        """Show everything, in one transaction."""
        owner, came = self._owner, self._came
        with transaction.atomic():
            diary = recording.opened(owner, now)
            self._hold()
            moved = diary.more_factors != self._diary.more_factors
            if moved or self._is_empty is _is_written(owner):
                raise Overtaken  # the next try begins with the diary as it is then
            if self._settings:
                came.before["settings"] = {
                    key: [getattr(diary, key), value] for key, value in self._settings.items()
                }
                Diary.objects.of(owner).update(**self._settings)
            self._batch.notes_staged().update(removed_at=None)
            self._lift_clear_marks()
            self._days(self._rest.get(DayRow, []))
            for kind in (CheckRow, MedicineRow, BreakRow):
                self._each(kind, self._rest.get(kind, []))
            self._more(self._rest.get(MoreRow, []))
            Batch.objects.filter(pk=self._batch.pk).update(
                state=Batch.State.TAKEN,
                progress=100,
                taken_at=now,
                before=came.before,
                counts=self._batch.counts | self.counts,
            )
            self._batch.pieces.all().delete()

    def _take_settings(self, row: SettingsRow) -> None:
        self._columns_of.cache_clear()
        if self._is_empty:
            self._settings = row.values
            return
        here, brought = (
            further_of(stored)
            for stored in (self._diary.more_factors, row.values.get("more_factors", []))
        )
        further, self._renamed = merged(here, brought)
        if further != here:
            self._settings = {"more_factors": as_stored(further)}

    def _stage(self, rows: Sequence[NoteRow]) -> None:
        wanted = _by("uuid", rows).values()
        with transaction.atomic():
            self._hold()
            new = self._notes.insert(
                row[:-1] + self._columns_of(tuple(row.values.items())) for row in wanted
            )
        self._count("notes", new, len(rows) - new)

    def _each(self, kind: type, rows: Sequence[Any]) -> None:
        """Write the rows whose key is not there yet."""
        what, model, key = MODELS[kind]
        for some in batched(rows, AT_ONCE):
            new = self._new(model, key, some)
            model._default_manager.bulk_create(
                model(owner=self._owner, batch=self._batch, **self._fields_of(row)) for row in new
            )
            self._count(what, len(new), len(some) - len(new))

    def _new(self, model: type[Model], key: str, rows: Sequence[Any]) -> list[Any]:
        wanted = _by(key, rows)
        kept = model._default_manager.filter(owner=self._owner, **{f"{key}__in": list(wanted)})
        found = set(kept.values_list(key, flat=True))
        return [row for name, row in wanted.items() if name not in found]

    def _count(self, what: str, new: int, there: int) -> None:
        self._came.new[what] = self._came.new.get(what, 0) + new
        self._came.there += there
        if self._kept + self._came.new.get("notes", 0) > NOTES_AT_MOST:
            raise Refused(_("With this file the diary would hold too many notes."))

    def _lift_clear_marks(self) -> None:
        """A day with a twitch is not clear."""
        # Asked of each clear day: there are far fewer of them than notes in a file.
        came = Twitch.objects.of(self._owner).twitches().filter(batch=self._batch)
        noted = Exists(came.filter(day=OuterRef("day")))
        clear = Day.objects.of(self._owner).filter(noted, clear=True)
        self._came.before["lifted"] = [
            day.isoformat() for day in clear.values_list("day", flat=True)
        ]
        clear.update(clear=False, version=F("version") + 1)

    def _days(self, rows: list[DayRow]) -> None:
        """Write the days that are not there yet, and fill what is blank in those that are.

        Takes them off their list: what is kept of each for undoing it needs the same room.
        """
        while rows:
            some, rows[:AT_ONCE] = rows[:AT_ONCE], []
            wanted = {row.day: row for row in self._without_marks_beside_twitches(some)}
            kept = {
                row.day: row for row in Day.objects.of(self._owner).filter(day__in=list(wanted))
            }
            new = [row for day, row in wanted.items() if day not in kept and row.says_anything]
            Day.objects.bulk_create(
                Day(owner=self._owner, batch=self._batch, **self._fields_of(row)) for row in new
            )
            filled = {
                day: gap
                for day, row in kept.items()
                if (gap := _fill(row, wanted[day], self._values(wanted[day].values)))
            }
            Day.objects.bulk_update([kept[day] for day in filled], FILLED)
            made = {row.day: _said(row, self._values(row.values)) for row in new}
            self._came.before.setdefault("days", {}).update(
                {day.isoformat(): said for day, said in (made | filled).items()}
            )
            self._came.filled += len(filled)
            self._count("days", len(new), len(some) - len(new) - len(filled))

    def _without_marks_beside_twitches(self, rows: Sequence[DayRow]) -> list[DayRow]:
        twitches = Twitch.objects.of(self._owner).twitches()
        noted = set(
            twitches.filter(day__in=[row.day for row in rows if row.clear]).values_list(
                "day", flat=True
            )
        )
        return [
            replace(row, clear=False, added_later=False) if row.day in noted else row
            for row in rows
        ]

    def _more(self, rows: Sequence[MoreRow]) -> None:
        """Give each table of another part of Ebb its rows."""
        made: dict[str, list[int]] = {}
        for row in rows:
            owned = more_tables()[row.table].owned
            assert owned is not None  # no other table is read
            if (new := owned.load(self._owner, row.row)) is not None:
                made.setdefault(row.table, []).append(new)
        self._came.before["more"] = made

    def _columns(self, values: tuple[tuple[str, int], ...]) -> tuple[Any, ...]:
        """The values of a note as the database takes them."""
        columns = {"more": {}} | as_columns(self._values(dict(values)), {})
        return tuple(self._notes.adapted(name, columns.get(name)) for name in (*COLUMNS, "more"))

    def _fields_of(self, row: Any) -> dict[str, Any]:
        """The fields of a row as the database names them."""
        fields = {name: getattr(row, name) for name in row.__slots__}
        return fields | as_columns(self._values(fields.pop("values", {})), {})

    def _values(self, values: Mapping[str, int]) -> dict[str, int]:
        """Values by the columns that this diary has for them."""
        return {self._renamed.get(column, column): value for column, value in values.items()}


def _by(key: str, rows: Iterable[Any]) -> dict[Any, Any]:
    """The rows by what names them; of two with one name the later."""
    return {getattr(row, key): row for row in rows}


def _fill(row: Day, brought: DayRow, values: Mapping[str, int]) -> dict[str, Any]:
    """Fill what is blank in a day. Returns what was filled, and nothing if nothing was."""
    stands = row.stored_factors()
    gap: dict[str, Any] = {
        column: value for column, value in values.items() if stands.get(column) is None
    }
    for column, value in as_columns(gap, row.more).items():
        setattr(row, column, value)
    if brought.words and not row.words:
        gap["words"] = row.words = brought.words
    if brought.caffeine_at and "caffeine_mg" in gap:
        gap["caffeine_at"] = row.caffeine_at = brought.caffeine_at
    if brought.overall and not row.overall:
        gap["overall"] = row.overall = brought.overall
    if brought.clear and not row.clear:
        gap["clear"] = row.clear = True
        row.added_later = brought.added_later
    row.version += bool(gap)
    return gap


def _said(row: DayRow, values: Mapping[str, int]) -> dict[str, Any]:
    """All that a new day says, as a filled one tells what was blank in it."""
    rest = {name: getattr(row, name) for name in ("words", "overall", "caffeine_at", "clear")}
    return dict(values) | {name: said for name, said in rest.items() if said}


def _is_written(owner: User) -> bool:
    """Whether anything stands in the diary."""
    return any(
        model._default_manager.filter(owner=owner).exclude(**staged).exists()
        for model, staged in (
            (Twitch, {"removed_at": STAGED}),
            (Day, {}),
            (Check, {}),
            (Medicine, {}),
            (Break, {}),
        )
    )
