"""What was computed: derived from the diary, made whole, and safe to throw away."""

from typing import Any, ClassVar, Self

import msgspec
from django.conf import settings
from django.db import models

from diary.days import Week

from .analysis.results import WeekReport

GIVEN_UP_AFTER = 5  # tries in a row; then the page says that the summary could not be made


class WeekSummaryQuerySet(models.QuerySet["WeekSummary"]):
    """Summaries by owner and week."""

    def of(self, owner: Any) -> Self:
        """This person's summaries."""
        return self.filter(owner=owner)

    def for_week(self, week: Week) -> Self:
        """The summary of one week."""
        return self.filter(year=week.year, number=week.number)

    def finished(self) -> Self:
        """Summaries of whole weeks."""
        return self.filter(finished=True)


class WeekSummary(models.Model):
    """One week of one diary, as it was last computed."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    year = models.PositiveSmallIntegerField()  # ISO year and week number
    number = models.PositiveSmallIntegerField()
    finished = models.BooleanField()
    recipe = models.PositiveSmallIntegerField()
    inputs = models.BinaryField(max_length=32)  # digest of everything the result was made from
    result = models.JSONField()
    computed_at = models.DateTimeField()

    objects = WeekSummaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "week summaries"
        constraints: ClassVar = [
            models.UniqueConstraint("owner", "year", "number", name="week_summary_once"),
        ]

    def __str__(self) -> str:
        return f"summary {self.pk}"

    @property
    def week(self) -> Week:
        """Which week it is about."""
        return Week(self.year, self.number)

    @property
    def report(self) -> WeekReport:
        """The stored result as values."""
        return msgspec.convert(self.result, WeekReport)
