"""A small experiment: what may be tried for a while, and on which days.

Four parts of a few days take turns between "as usual" and "with the change". Pure: values in,
values out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PARTS = 4
PART_DAYS = (3, 2)  # the longer plan first
LONGEST = timedelta(days=PARTS * max(PART_DAYS))
AHEAD = timedelta(days=60)  # how far from today one may be planned


@dataclass(frozen=True, slots=True)
class Idea:
    """Something safe to change: its name, what a day with it is, and what a day as usual is."""

    key: str
    name: str | Promise
    change: str | Promise


# Only what anybody may try. Never a medicine, a supplement, fasting or leaving out a food.
IDEAS = {
    idea.key: idea
    for idea in (
        Idea(
            "less-caffeine",
            _("Less caffeine"),
            _("about half of your usual caffeine, if you like"),
        ),
        Idea(
            "early-caffeine",
            _("No caffeine after 14:00"),
            _("caffeine before 14:00 alone, if you like"),
        ),
        Idea(
            "steady-sleep",
            _("Steadier sleep times"),
            _("to bed and up at your set times, if you like"),
        ),
        Idea(
            "regular-drinks",
            _("Regular drinks"),
            _("something to drink with each meal and between, if you like"),
        ),
        Idea(
            "calm-moment",
            _("A daily calm moment"),
            _("a few minutes of slow breathing, if you like"),
        ),
        Idea(
            "gentler-exercise",
            _("Gentler exercise"),
            _("gentle exercise or rest, if you like"),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class PlanDay:
    """One day of a plan: what it was to be, and what it was."""

    day: date
    part: int  # from 1
    planned: bool  # to be with the change
    otherwise: bool  # it went the other way
    counts: bool  # the first day of each part is left out: yesterday may still matter

    @property
    def changed(self) -> bool:
        """Whether it was a day with the change."""
        return self.planned != self.otherwise


@dataclass(frozen=True, slots=True)
class Plan:
    """The order of days that was drawn, and the days that went otherwise."""

    first: date
    part_days: int
    change_first: bool  # change, usual, usual, change; or the reverse
    otherwise: Collection[date] = ()

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first + timedelta(days=PARTS * self.part_days - 1)

    def on(self, day: date) -> PlanDay | None:
        """A day of it; None for any other day."""
        if not self.first <= day <= self.last:
            return None
        part, place = divmod((day - self.first).days, self.part_days)
        with_change = part in (0, PARTS - 1)
        return PlanDay(
            day,
            part + 1,
            planned=with_change == self.change_first,
            otherwise=day in self.otherwise,
            counts=place > 0,
        )

    def days(self) -> tuple[PlanDay, ...]:
        """All of its days, in order."""
        days = (self.on(self.first + timedelta(days=n)) for n in range(PARTS * self.part_days))
        return tuple(day for day in days if day)
