"""A diary day, and a break from the diary."""

from datetime import date, time
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..drinks import CUPS_AT_MOST
from .owner import User
from .rows import WORDS_AT_MOST, Brought, FactorValues, OwnedQuerySet


class Overall(models.TextChoices):
    """How much a day with twitches had of them, as its person saw it afterwards."""

    FEW = "few", _("a few")
    SEVERAL = "several", _("several")
    MOST = "most", _("most of the day")


class Day(FactorValues, Brought):
    """A diary day: its factors, its words, and whether it was marked clear."""

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    day = models.DateField()
    clear = models.BooleanField(default=False)
    added_later = models.BooleanField(default=False, editable=False)  # the clear mark
    overall = models.CharField(max_length=7, choices=Overall, blank=True)  # once-a-day answer
    words = models.CharField(max_length=WORDS_AT_MOST, blank=True)
    # When taps added caffeine, on the clock of that day: "08:10 13:05".
    caffeine_at = models.CharField(
        max_length=CUPS_AT_MOST * 6 - 1, default="", db_default="", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta(FactorValues.Meta, Brought.Meta):
        constraints: ClassVar = [
            *FactorValues.Meta.constraints,
            models.UniqueConstraint("owner", "day", name="day_once"),
        ]

    def __str__(self) -> str:
        return f"day {self.pk}"

    @property
    def cups(self) -> tuple[time, ...]:
        """When drinks with caffeine were noted, as far as taps tell."""
        return tuple(map(time.fromisoformat, self.caffeine_at.split())) if self.caffeine_mg else ()

    @property
    def is_written(self) -> bool:
        """Whether it says something; see `kept.written`, which asks the database the same."""
        known = any(value is not None for value in self.stored_factors().values())
        return self.clear or bool(self.words) or known


class BreakQuerySet(OwnedQuerySet):
    """Breaks by owner, and those that some days lie in."""

    def touching(self, first: date, last: date) -> Self:
        """Those with any of the days first to last, both included."""
        return self.filter(first__lte=last, last__gte=first)


class Break(Brought):
    """Days on which the person takes a rest from the diary; they stay blank for comparisons."""

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    first = models.DateField()
    last = models.DateField()

    objects = BreakQuerySet.as_manager()

    class Meta(Brought.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("owner", "first", name="break_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="break_ends_later"),
        ]

    def __str__(self) -> str:
        return f"break {self.pk}"
