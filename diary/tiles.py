"""Quick notes: which places a person repeats, and how long these usually last.

Pure. The order comes from notes written before today's diary day, so that tiles stay where they
are while they are in use.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .durations import DURATIONS, USUAL
from .places import COMMON, PLACES, Place

LOOK_BACK = timedelta(days=30)
HALF_LIFE = 7.0  # days
TILES = 4
FRESH = timedelta(minutes=15)  # how long a tile says what it has just noted


class Use(NamedTuple):
    """One note as far as tiles care. `written` is when it was saved."""

    place: str
    day: date
    duration: str
    written: datetime


@dataclass(frozen=True, slots=True)
class Tile:
    """A place, and the duration that one tap saves."""

    place: Place
    duration: str

    @property
    def duration_name(self) -> str:
        """The duration in words."""
        return str(DURATIONS[self.duration].name)


def ranked(uses: Iterable[Use], today: date) -> tuple[str, ...]:
    """Places by use over the last 30 days, each note worth half as much after 7 days.

    Of two with the same weight the one noted later comes first.
    """
    weight: dict[str, float] = defaultdict(float)
    latest: dict[str, datetime] = {}
    for use in uses:
        if use.place in PLACES and today - LOOK_BACK <= use.day <= today:
            weight[use.place] += 0.5 ** ((today - use.day).days / HALF_LIFE)
            latest[use.place] = max(use.written, latest.get(use.place, use.written))
    # Rounded, so that the order of adding never decides.
    return tuple(sorted(weight, key=lambda key: (round(weight[key], 9), latest[key]), reverse=True))


def last_durations(uses: Iterable[Use]) -> dict[str, str]:
    """The duration last used for each place."""
    return {use.place: use.duration for use in sorted(uses, key=lambda use: use.written)}


def tiles(
    uses: Sequence[Use], today: date, day_start: datetime, usual: Sequence[str] = ()
) -> tuple[Tile, ...]:
    """Four tiles: the places used most before today, filled up with `usual`, then common ones."""
    order = ranked((use for use in uses if use.written < day_start), today)
    lasted = last_durations(uses)
    places = dict.fromkeys((*order, *(key for key in usual if key in PLACES), *COMMON))
    return tuple(Tile(PLACES[key], lasted.get(key, USUAL)) for key in list(places)[:TILES])
