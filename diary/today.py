"""What stands on Today: one reading of the last 30 days, laid out for one page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import amounts, kept
from .addresses import of_note
from .forms.answer import AnswerForm, Question
from .leaf import TOLD, cups_in_words, marks_in_words
from .models import Break, Diary, Experiment, Twitch, User
from .places import PLACES, Place
from .plan import PlanDay
from .rows import Row, rows, usual_sleep
from .shown import Noting, clock_text
from .strip import Moment, Strip, strip
from .tiles import FRESH, LOOK_BACK, Tile, Use, tiles

DAY = timedelta(days=1)
LONG_PAUSE = timedelta(days=14)
OFTEN = 6  # notes in one place on one day
WORDS_OF_A_LINE = 60  # characters


@dataclass(frozen=True, slots=True)
class QuickNote:
    """A tile with the id of its next note, and the note it has just made."""

    tile: Tile
    form: UUID
    noted: Twitch | None


@dataclass(frozen=True, slots=True)
class Noted:
    """One line of Noted today."""

    twitch: Twitch
    page: str  # where it is, as what follows
    undo: str  # takes it back, or puts back what was removed
    removed: bool
    title: str
    said: str
    at: str  # the time for machines; empty if it is not known, as is the next
    time: str
    undoes: int  # notes of its form at once; 0 on every line but one of these


@dataclass(frozen=True, slots=True)
class Yesterday:
    """Yesterday in one line. Only yesterday is ever offered, never a backlog."""

    day: date
    is_blank: bool
    words: str


@dataclass(frozen=True, slots=True)
class Trying:
    """What the experiment under way has for today."""

    experiment: Experiment
    planned: PlanDay

    @property
    def words(self) -> str:
        """The day as it is, in one line."""
        if self.planned.changed:
            return _("Today: %(what)s") % {"what": self.experiment.tried.change}
        return _("Today: as usual")


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that Today shows."""

    day: date
    title: str
    strip: Strip
    caption: str
    label: str  # of the strip, for ears
    tiles: Sequence[QuickNote]
    noted: Sequence[Noted]
    more: bool  # notes, left to the page of the day
    has_notes: bool  # a twitch that was not taken back
    clear: bool
    on_break: Break | None
    rows: Sequence[Row]
    yesterday: Yesterday | None
    question: Question | None  # once a day, in place of the tiles
    is_back: bool  # after a long pause
    often: Place | None  # noted so often today that once for the whole day would do
    trying: Trying | None


def page(owner: User, diary: Diary, now: datetime, left_blank: str | None = None) -> Page:
    """Read and lay out the running diary day, in few reads, however much is in it.

    `left_blank` is a day that is to stay as it is, as 2026-11-23.
    """
    day = diary.today(now)
    diary_days = kept.between(owner, day - LOOK_BACK, day, now, notes_from=day)
    today = diary_days.on(day)
    nights = [
        row.sleep_minutes
        for _day, row in sorted(diary_days.rows.items(), reverse=True)
        if row.day < day and row.sleep_minutes is not None
    ]
    clear = today.row is not None and today.row.clear
    twitches = today.twitches
    removed = [note for note in diary_days.removed if note.day == day]
    cups = today.row.cups if today.row else ()
    caption = _caption(clear=clear, has_notes=bool(twitches), has_cups=bool(cups))
    used, is_trying = kept.uses_and_trying(owner, day)
    quick = tiles(used, day, diary.bounds(day)[0], diary.usual_places)
    on_break = next((rest for rest in diary_days.breaks if rest.first <= day <= rest.last), None)
    is_back = not on_break and _is_back(owner, day, used, diary_days)
    return Page(
        day=day,
        title=_title(day, diary, now),
        strip=strip(
            day,
            diary.tz,
            diary.day_start_hour,
            [Moment(note.started_at, note.duration) for note in twitches if note.started_at],
            now,
            diary.clock,
            cups,
        ),
        caption=caption,
        label=_label(day, caption, twitches, cups, diary.clock),
        tiles=[QuickNote(tile, uuid4(), _just_noted(tile, twitches, now)) for tile in quick],
        noted=_noted(today.notes, removed[:TOLD], diary.clock),
        more=max(len(today.notes), len(removed)) > TOLD,
        has_notes=bool(twitches),
        clear=clear,
        on_break=on_break,
        rows=rows(today.values, diary.factors, diary.units, usual_sleep(nights)),
        # What was left blank can stay blank: of a long pause not even its last day is offered.
        yesterday=(
            None
            if is_back
            else _yesterday(owner, diary, diary_days.on(day - DAY), used, left_blank)
        ),
        question=(
            Question(AnswerForm(day=today), [tile.place for tile in quick])
            if diary.noting == Noting.DAILY
            else None
        ),
        is_back=is_back,
        often=_often(twitches),
        trying=_trying(owner, day) if is_trying and not on_break else None,
    )


def _is_back(owner: User, day: date, used: Sequence[Use], kept_days: kept.Kept) -> bool:
    """Whether nothing was written for long, in a diary that has something."""
    since = day - LONG_PAUSE
    if any(use.day > since for use in used):
        return False
    if any(row.day > since and row.is_written for row in kept_days.rows.values()):
        return False
    last = kept.ends(owner)
    return last is not None and last <= since


def _trying(owner: User, day: date) -> Trying | None:
    experiment = Experiment.objects.under_way(owner, day)
    planned = experiment.plan.on(day) if experiment and experiment.on_today else None
    return Trying(experiment, planned) if experiment and planned else None


def _title(day: date, diary: Diary, now: datetime) -> str:
    title = date_format(day, "WEEKDAY")
    # After midnight the evening goes on until the day start.
    if now.astimezone(diary.tz).date() > day:
        return _("%(day)s, night") % {"day": title}
    return title


def _caption(*, clear: bool, has_notes: bool, has_cups: bool) -> str:
    if has_notes:  # the list below tells them; nothing on this page counts them
        said = _("Each mark is a note; a taller one lasted longer. Shaded hours are the night.")
    elif clear:
        said = _("A clear day. Shaded hours are the night.")
    else:
        said = _("Nothing noted yet. Shaded hours are the night.")
    return f"{said} {_('Circles are drinks with caffeine.')}" if has_cups else said


def _label(
    day: date, caption: str, twitches: Sequence[Twitch], cups: Sequence[time], clock: str
) -> str:
    if twitches:
        return marks_in_words(day, twitches, clock, cups)
    return f"{caption} {cups_in_words(cups, clock)}" if cups else caption


def _often(notes: Sequence[Twitch]) -> Place | None:
    """The place with the most notes, if these are so many that one would do."""
    counted = Counter(note.place for note in notes)
    place, count = counted.most_common(1)[0] if counted else ("", 0)
    return PLACES[place] if count >= OFTEN else None


def _just_noted(tile: Tile, notes: Sequence[Twitch], now: datetime) -> Twitch | None:
    mine = [
        note
        for note in notes
        if note.place == tile.place.key and note.created_at > now - FRESH and note.started_at
    ]
    return max(mine, key=lambda note: note.created_at, default=None)


def _noted(notes: Sequence[Twitch], removed: Sequence[Twitch], clock: str) -> list[Noted]:
    """The newest of the notes and the removed ones as lines, newest first."""

    def written(note: Twitch) -> tuple[datetime, datetime]:
        return note.started_at or note.created_at, note.created_at

    newest_first = sorted(notes, key=written, reverse=True)
    left = Counter(note.group for note in notes)
    offering = {note.group: note.pk for note in reversed(newest_first)}
    undoes = {offering[group]: count for group, count in left.items() if count > 1}
    return [
        _line(note, clock, undoes.get(note.pk, 0))
        for note in sorted([*newest_first[:TOLD], *removed], key=written, reverse=True)
    ]


def _line(note: Twitch, clock: str, undoes: int) -> Noted:
    removed, at = note.removed_at is not None, note.local_time
    words = Truncator(note.words).chars(WORDS_OF_A_LINE) if note.words else ""
    return Noted(
        twitch=note,
        page=of_note(note.uuid),
        undo=of_note(note.uuid, "note-restore" if removed else "note-remove"),
        removed=removed,
        title=str(note.title),
        said=_("removed") if removed else " · ".join(filter(None, (note.lasted, words))),
        at=at.isoformat() if at else "",
        time=clock_text(at, clock) if at else "",
        undoes=undoes,
    )


def _yesterday(
    owner: User,
    diary: Diary,
    yesterday: kept.KeptDay,
    used: Sequence[Use],
    left_blank: str | None,
) -> Yesterday | None:
    """The line of a day of which only the values were read; `used` has its twitches."""
    count = sum(use.day == yesterday.day for use in used)
    if diary.today(owner.date_joined) > yesterday.day and not (count or yesterday.row):
        return None  # there was no diary yet
    known = amounts.summary(yesterday.values, diary.factors, diary.units)
    if count and diary.quiet:
        said = _("noted")
    elif count:
        said = ngettext("%(count)s note", "%(count)s notes", count) % {"count": count}
    elif yesterday.row and yesterday.row.clear:
        said = _("no twitches")
    elif yesterday.on_break:
        said = _("a break")
    elif yesterday.day.isoformat() == left_blank:
        said = _("left blank")
    else:
        said = ""
    return Yesterday(
        yesterday.day,
        is_blank=not said,
        words=", ".join(part for part in (said, known) if part),
    )
