"""How long a twitch lasted: the choices, and what each stands for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words


@dataclass(frozen=True, slots=True)
class Duration:
    """One choice. `seconds` is what it counts as when lengths are compared; None is unknown."""

    key: str
    name: "Words"  # lazy, lower case: it follows the place
    seconds: float | None
    longest: int | None  # an exact length up to this many seconds falls under this choice
    mark: int  # height of its mark in the day strip, in px of 32


DURATIONS = {
    duration.key: duration
    for duration in (
        Duration("seconds", _("a few seconds"), 4, 14, 14),
        Duration("under-minute", _("under a minute"), 30, 59, 20),
        Duration("minutes", _("1 to 5 minutes"), 150, 300, 26),
        Duration("longer", _("longer"), 900, 2 * 60 * 60, 32),
        Duration("hours", _("on and off for hours"), 4 * 60 * 60, None, 32),
        Duration("unsure", _("not sure"), None, None, 14),
    )
}
ALL_DAY, UNSURE = "hours", "unsure"
USUAL = "seconds"  # of a place that was never noted before
LONGEST_S = 24 * 60 * 60  # an exact length


def choice_for(seconds: int) -> str:
    """The choice that an exact length in seconds falls under."""
    for duration in DURATIONS.values():
        if duration.longest is not None and seconds <= duration.longest:
            return duration.key
    return ALL_DAY


def length_text(seconds: int) -> str:
    """An exact length as it can be typed: 90 s is 1:30, 120 s is 2 min."""
    if seconds % 3600 == 0:
        return f"{seconds // 3600} h"
    if seconds % 60 == 0:
        return f"{seconds // 60} min"
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60}:{seconds % 60:02d}"
