"""An experiment as it was drawn."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from ..plan import IDEAS, LONGEST, PART_DAYS, Idea, Plan, PlanDay
from .owner import User
from .rows import OwnedQuerySet


class ExperimentQuerySet(OwnedQuerySet):
    """Experiments by owner, and the one that is under way."""

    def recent(self, owner: User, today: date) -> Self:
        """Those that were not stopped and whose last day may not be past."""
        return self.of(owner).filter(stopped_on=None, first__gt=today - LONGEST)

    def under_way(self, owner: User, today: date) -> "Experiment | None":
        """The one that is neither over nor stopped, if there is one; it may not have begun."""
        recent = self.recent(owner, today).order_by("first", "pk")
        coming = (found for found in recent if not found.over(today))
        return next(coming, None)


class Experiment(models.Model):
    """A small experiment: the plan as it was drawn, and the days that went otherwise."""

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    uuid = models.UUIDField(editable=False)  # made with the form: twice is once
    idea = models.CharField(
        max_length=20, choices=[(idea.key, idea.name) for idea in IDEAS.values()]
    )
    first = models.DateField()
    part_days = models.PositiveSmallIntegerField()
    change_first = models.BooleanField(editable=False)  # drawn by the app
    on_today = models.BooleanField(default=True)  # a line on Today
    otherwise = models.JSONField(default=list, editable=False)  # its days that went so, sorted
    drawn_at = models.DateTimeField(editable=False)
    stopped_on = models.DateField(null=True, editable=False)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("owner", "uuid", name="experiment_once"),
            models.CheckConstraint(
                condition=Q(part_days__in=PART_DAYS), name="experiment_parts_of_known_length"
            ),
        ]

    def __str__(self) -> str:
        return f"experiment {self.pk}"

    @property
    def tried(self) -> Idea:
        """What was to be tried."""
        return IDEAS[self.idea]

    @property
    def plan(self) -> Plan:
        """Its days."""
        went = frozenset(map(date.fromisoformat, self.otherwise))
        return Plan(self.first, self.part_days, self.change_first, went)

    def over(self, today: date) -> bool:
        """Whether its last day is past."""
        return today > self.plan.last

    def day(self, day: date) -> PlanDay | None:
        """A day of its plan; none from the day on which it was stopped."""
        return None if self.stopped_on and day >= self.stopped_on else self.plan.on(day)
