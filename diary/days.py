"""What a day is: from the person's day start to the next one, on their own clock.

Pure: values in, values out. Nobody else adds 24 hours or writes 23:59, because two days a year
are not that long.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from functools import cache
from zoneinfo import available_timezones

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

DAY_STARTS = range(9)  # o'clock, at which a diary day may start
FIRST_DAY = date(2000, 1, 1)  # nothing in a diary is older
WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# Written down later than this, a day is told from memory: shown, but in no comparison.
LATE_AFTER = timedelta(days=2)


@cache
def known_zones() -> frozenset[str]:
    """Every zone there is; asking the system for them takes milliseconds."""
    return frozenset(available_timezones())


class Clock(Enum):
    """How often a wall-clock time happens on its day."""

    ONCE = "once"
    TWICE = "twice"  # the hour repeated when the clocks go back
    NEVER = "never"  # the hour left out when the clocks go forward


def wall_clock(wall: datetime, zone: tzinfo) -> Clock:
    """Say whether a naive wall-clock time happens once, twice or never in this zone."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return Clock.ONCE
    happens = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
    return Clock.TWICE if happens else Clock.NEVER


def instant(wall: datetime, zone: tzinfo, *, second: bool = False) -> datetime:
    """The UTC instant of a naive wall-clock time, whatever the clocks do that day.

    Of a time that happens twice the first is meant unless `second`; a time that never happens
    is moved forward by as much as the clocks were.
    """
    fold = int(second and wall_clock(wall, zone) is Clock.TWICE)
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def local_day(moment: datetime, zone: tzinfo, day_start_hour: int) -> date:
    """The diary day of an aware moment: before the day start it still belongs to the evening."""
    wall = moment.astimezone(zone).replace(tzinfo=None)
    return (wall - timedelta(hours=day_start_hour)).date()


def day_bounds(day: date, zone: tzinfo, day_start_hour: int) -> tuple[datetime, datetime]:
    """The UTC instants at which a diary day starts and ends: start <= moment < end."""
    start_hour = time(day_start_hour)
    return (
        instant(datetime.combine(day, start_hour), zone),
        instant(datetime.combine(day + timedelta(days=1), start_hour), zone),
    )


def minute_of(moment: datetime, zone: tzinfo) -> int:
    """Minutes after midnight that a clock on the wall showed."""
    wall = moment.astimezone(zone)
    return wall.hour * 60 + wall.minute


def is_late(day: date, today: date) -> bool:
    """Whether something written today about that day counts as told from memory."""
    return today - day > LATE_AFTER


def days_after_on(count: int) -> str:
    """A number of days as it stands after on or of, which other languages inflect."""
    return npgettext("after on or of", "%(count)s day", "%(count)s days", count) % {"count": count}


def span_in_words(first: date | None, last: date | None, form: str = "DAY_AND_YEAR") -> str:
    """From when to when, where either may not be known; `form` is how Django writes a day."""
    values = {
        "first": date_format(first, form) if first else "",
        "last": date_format(last, form) if last else "",
    }
    if first and last:
        return _("%(first)s to %(last)s") % values
    if first:
        return _("since %(first)s") % values
    return _("until %(last)s") % values if last else _("dates not noted")


def parse_day(text: str) -> date:
    """Read 2026-11-23. Raises ValueError for anything else, or a day before diaries begin."""
    if not WRITTEN_DAY.fullmatch(text):
        raise ValueError(text)
    day = date.fromisoformat(text)
    if day < FIRST_DAY:
        raise ValueError(text)
    return day


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week, Monday to Sunday, written 2026-w47."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week a day belongs to."""
        year, number, _weekday = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read 2026-w47. Raises ValueError for anything else, or a week the year has not."""
        found = re.fullmatch(r"([0-9]{4})-w([0-9]{2})", text)
        if not found:
            raise ValueError(text)
        week = cls(int(found[1]), int(found[2]))
        date.fromisocalendar(week.year, week.number, 1)
        return week

    def __str__(self) -> str:
        return f"{self.year:04d}-w{self.number:02d}"

    @property
    def first(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its Sunday."""
        return date.fromisocalendar(self.year, self.number, 7)

    def shifted(self, weeks: int) -> "Week":
        """The week so many weeks later."""
        return Week.of(self.first + timedelta(weeks=weeks))
