"""One day of the diary as it is shown, in the list and on its own page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import amounts
from .calendar import Kind, Tally
from .days import days_after_on
from .kept import KeptDay
from .models import Diary, Twitch
from .shown import clock_text
from .strip import Moment, Strip, strip

IN_LIST = 3  # notes of one day
TOLD = 24  # notes of one day on any page but its own, which has them all


@dataclass(frozen=True, slots=True)
class Leaf:
    """A day with what was written on it."""

    day: date
    kind: Kind
    clear: bool
    on_break: bool
    notes: Sequence[Twitch]
    strip: Strip | None  # only a day with twitches has one
    label: str  # what the strip shows, in words
    more: int  # notes that are left to the day's own page
    amounts: Sequence[str]  # the known factors, such as 7 h sleep
    words: str

    @property
    def has_words(self) -> bool:
        """Whether something besides notes and marks was written."""
        return bool(self.amounts or self.words)


def leaf(
    kept: KeptDay,
    diary: Diary,
    places: Collection[str] | None = None,
    now: datetime | None = None,
    at_most: int | None = None,
) -> Leaf:
    """Lay out a day.

    `places` leaves only the notes there, `now` draws the present moment, and of more notes than
    `at_most` the first ones are told; the strip has all of them.
    """
    notes = [note for note in kept.notes if places is None or note.place in places]
    twitches = [note for note in notes if note.is_twitch]
    cups = kept.row.cups if kept.row else ()
    return Leaf(
        day=kept.day,
        kind=kept.kind,
        clear=kept.row is not None and kept.row.clear,
        on_break=kept.on_break,
        notes=notes[:at_most],
        strip=_strip(kept.day, diary, twitches, now, cups) if twitches else None,
        label=marks_in_words(kept.day, twitches, diary.clock, cups),
        more=len(notes) - len(notes[:at_most]),
        amounts=amounts.known(kept.values, diary.told_factors, diary.units),
        words=kept.words,
    )


def week_in_words(week: Tally) -> str:
    """What a week holds in one line, such as 9 notes on 4 days, 3 clear days, 1 blank."""
    parts = []
    if week.notes:
        parts.append(
            _("%(notes)s on %(days)s")
            % {
                "notes": ngettext("%(count)s note", "%(count)s notes", week.notes)
                % {"count": week.notes},
                "days": days_after_on(week.days),
            }
        )
    for count, one, many in (
        (week.clear, "%(count)s clear day", "%(count)s clear days"),
        (week.blank, "%(count)s blank", "%(count)s blank"),
        (week.rest, "%(count)s day on a break", "%(count)s days on a break"),
    ):
        if count:
            parts.append(ngettext(one, many, count) % {"count": count})
    return ", ".join(parts)


def _strip(
    day: date,
    diary: Diary,
    notes: Sequence[Twitch],
    now: datetime | None,
    cups: Sequence[time],
) -> Strip:
    # On the clock that the day was lived by, wherever the person is now.
    zone = next((note.local_time.tzinfo for note in notes if note.local_time), None) or diary.tz
    moments = [Moment(note.started_at, note.duration) for note in notes if note.started_at]
    return strip(day, zone, diary.day_start_hour, moments, now, diary.clock, cups)


def marks_in_words(
    day: date, notes: Sequence[Twitch], clock: str, cups: Sequence[time] = ()
) -> str:
    """What the strip of a day shows, for ears: each note with its time, as long as that helps."""
    mark = _("%(time)s %(place)s")
    marks = [
        mark
        % {
            "time": clock_text(note.local_time, clock) if note.local_time else _("no time"),
            "place": note.known_place.name,
        }
        for note in notes[:TOLD]
    ]
    if len(notes) > TOLD:
        marks.append(_("and more"))
    told = "; ".join(marks)
    said = _("%(day)s: %(notes)s") % {"day": date_format(day, "WEEKDAY"), "notes": told}
    return f"{said}. {cups_in_words(cups, clock)}" if cups else said


def cups_in_words(cups: Sequence[time], clock: str) -> str:
    """The rings of a strip, for ears."""
    times = ", ".join(clock_text(cup, clock) for cup in cups)
    return _("Drinks with caffeine: %(times)s.") % {"times": times}
