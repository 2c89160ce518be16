"""What stands on Today: one reading of the last 30 days, laid out for one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import amounts, kept
from .models import Break, Diary, Twitch, User
from .rows import Row, rows, usual_sleep
from .strip import Moment, Strip, strip
from .tiles import FRESH, LOOK_BACK, Tile, Use, tiles

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuickNote:
    """A tile with the id of its next note, and the note it has just made."""

    tile: Tile
    form: UUID
    noted: Twitch | None


@dataclass(frozen=True, slots=True)
class Noted:
    """One line of Noted today. `group` counts the notes of its form that can be undone at once."""

    twitch: Twitch
    group: int
    undoes_all: bool  # the one line of the group that offers it

    @property
    def removed(self) -> bool:
        """Whether it was taken back and can be put back here."""
        return self.twitch.removed_at is not None


@dataclass(frozen=True, slots=True)
class Yesterday:
    """Yesterday in one line. Only yesterday is ever offered, never a backlog."""

    day: date
    is_blank: bool
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that Today shows."""

    day: date
    title: str
    strip: Strip
    caption: str
    tiles: Sequence[QuickNote]
    noted: Sequence[Noted]
    clear: bool
    on_break: Break | None
    rows: Sequence[Row]
    yesterday: Yesterday | None

    @property
    def has_notes(self) -> bool:
        """Whether the day has a twitch that was not taken back."""
        return any(line.twitch.is_twitch and not line.removed for line in self.noted)


def page(owner: User, diary: Diary, now: datetime) -> Page:
    """Read and lay out the running diary day, in three reads."""
    day = diary.today(now)
    diary_days = kept.between(owner, day - LOOK_BACK, day, now)
    today = diary_days.on(day)
    uses = [
        Use(note.place, note.day, note.duration, note.created_at)
        for notes in diary_days.notes.values()
        for note in notes
        if note.is_twitch
    ]
    nights = [
        minutes
        for back in range(1, LOOK_BACK.days + 1)
        if (minutes := diary_days.on(day - back * DAY).values["sleep_minutes"]) is not None
    ]
    clear = today.row is not None and today.row.clear
    return Page(
        day=day,
        title=_title(day, diary, now),
        strip=strip(
            day,
            diary.tz,
            diary.day_start_hour,
            [Moment(note.started_at, note.duration) for note in today.twitches if note.started_at],
            now,
        ),
        caption=_caption(len(today.twitches), clear=clear),
        tiles=[
            QuickNote(tile, uuid4(), _just_noted(tile, today.twitches, now))
            for tile in tiles(uses, day, diary.bounds(day)[0])
        ],
        noted=_noted([*today.notes, *(note for note in diary_days.removed if note.day == day)]),
        clear=clear,
        on_break=next((rest for rest in diary_days.breaks if rest.first <= day <= rest.last), None),
        rows=rows(today.values, diary.factors, diary.glass_ml, usual_sleep(nights)),
        yesterday=_yesterday(owner, diary, diary_days.on(day - DAY)),
    )


def _title(day: date, diary: Diary, now: datetime) -> str:
    title = date_format(day, "l j F")
    # After midnight the evening goes on until the day start.
    if now.astimezone(diary.tz).date() > day:
        return _("%(day)s, night") % {"day": title}
    return title


def _caption(notes: int, *, clear: bool) -> str:
    if notes:
        return ngettext("One note so far.", "%(count)s notes so far.", notes) % {"count": notes}
    if clear:
        return _("A clear day. Shaded hours are the night.")
    return _("Nothing noted yet. Shaded hours are the night.")


def _just_noted(tile: Tile, notes: Sequence[Twitch], now: datetime) -> Twitch | None:
    mine = [
        note
        for note in notes
        if note.place == tile.place.key and note.created_at > now - FRESH and note.started_at
    ]
    return max(mine, key=lambda note: note.created_at, default=None)


def _noted(notes: Sequence[Twitch]) -> list[Noted]:
    newest_first = sorted(
        notes, key=lambda note: (note.started_at or note.created_at, note.created_at), reverse=True
    )
    left = [note.group for note in newest_first if note.removed_at is None]
    offering = {note.group: note.pk for note in reversed(newest_first) if note.removed_at is None}
    return [
        Noted(
            note,
            left.count(note.group),
            undoes_all=left.count(note.group) > 1 and offering[note.group] == note.pk,
        )
        for note in newest_first
    ]


def _yesterday(owner: User, diary: Diary, yesterday: kept.KeptDay) -> Yesterday | None:
    if diary.today(owner.date_joined) > yesterday.day and not (yesterday.notes or yesterday.row):
        return None  # there was no diary yet
    count = len(yesterday.twitches)
    known = amounts.summary(yesterday.values, diary.factors, diary.glass_ml)
    if count:
        said = ngettext("%(count)s note", "%(count)s notes", count) % {"count": count}
    elif yesterday.row and yesterday.row.clear:
        said = _("no twitches")
    elif yesterday.on_break:
        said = _("a break")
    else:
        said = ""
    return Yesterday(
        yesterday.day,
        is_blank=not said,
        words=", ".join(part for part in (said, known) if part),
    )
