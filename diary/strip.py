"""The day strip: one diary day from day start to day start, as positions for a drawing.

Pure: moments in, percentages of the width out. Drawn by `templates/diary/_strip.html`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from .days import day_bounds, instant
from .durations import DURATIONS
from .shown import Clock, hour_text

APART = 0.8  # per cent of the width that keeps two marks from touching
AT_MOST_APART = 2.4  # a mark is moved no further than this from its time

# Hours of the usual night; shaded with soft edges, because nobody writes down when they slept.
DAWN = (time(6, 0), time(7, 30))
DUSK = (time(22, 0), time(23, 30))


@dataclass(frozen=True, slots=True)
class Moment:
    """A note as far as the strip cares."""

    at: datetime
    duration: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A short upright line; `height` is in px of 32."""

    x: float
    height: int

    @property
    def top(self) -> int:
        """Where it ends, in px from the top of the 60 px above the base line."""
        return 58 - self.height

    @property
    def low_top(self) -> int:
        """The same in the low strip of the list, of 28 px above the base line."""
        return 25 - round(self.height * 0.6)


@dataclass(frozen=True, slots=True)
class Hour:
    """A labelled hour."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One drawn day. `now` is None on any day but the running one."""

    name: str  # unique on a page that shows several days
    hours: tuple[Hour, ...]
    marks: tuple[Mark, ...]
    night_until: tuple[float, float]
    night_from: tuple[float, float]
    cups: tuple[float, ...]  # rings on the base line
    now: float | None
    now_is_late: bool  # the label goes to the left of the line


def strip(
    day: date,
    zone: tzinfo,
    day_start_hour: int,
    notes: Iterable[Moment],
    now: datetime | None = None,
    clock: str = Clock.H24.value,
    cups: Iterable[time] = (),
) -> Strip:
    """Lay out a diary day. Notes outside it, made in another zone, sit at its edges.

    `cups` are when drinks with caffeine were noted, on the clock of the day.
    """
    start, end = day_bounds(day, zone, day_start_hour)
    length = end - start

    def x(moment: datetime) -> float:
        return round(min(max((moment - start) / length, 0), 1) * 100, 2)

    def at(clock: time) -> float:
        """Where a time of the wall clock is; before the day start it is tomorrow's."""
        on = day if clock >= time(day_start_hour) else day + timedelta(days=1)
        return x(instant(datetime.combine(on, clock), zone))

    def morning(clock: time) -> float:
        return x(instant(datetime.combine(day, clock), zone))

    running = now is not None and start <= now < end
    position = x(now) if running and now else None
    return Strip(
        name=f"day-{day.isoformat()}",
        hours=tuple(Hour(at(time(hour)), hour_text(hour, clock)) for hour in (6, 12, 18, 0)),
        marks=_apart(sorted((x(note.at), DURATIONS[note.duration].mark) for note in notes)),
        # A day that starts after dawn has no morning left to shade.
        night_until=(morning(DAWN[0]), morning(DAWN[1])),
        night_from=(at(DUSK[0]), at(DUSK[1])),
        cups=tuple(at(cup) for cup in cups),
        now=position,
        now_is_late=position is not None and position > 12,
    )


def _apart(places: list[tuple[float, int]]) -> tuple[Mark, ...]:
    """Marks at the same minute stand side by side."""
    marks: list[Mark] = []
    for x, height in places:
        after = marks[-1].x + APART if marks else x
        marks.append(Mark(round(min(max(x, after), x + AT_MOST_APART, 100), 2), height))
    return tuple(marks)
