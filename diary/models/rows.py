"""What the rows of a diary share: whose they are, a day's factors, the file they came with."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from ..factors import COLUMNS, FACTORS, is_further
from .owner import User

WORDS_AT_MOST = 500
NAME_AT_MOST = 100  # of a medicine, or of a file
KEEP_REMOVED = timedelta(days=30)


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to one person; every question starts with whose they are."""

    def of(self, owner: User) -> Self:
        """This person's rows."""
        return self.filter(owner=owner)

    def within(self, first: date, last: date) -> Self:
        """Rows of the days first to last, both included."""
        return self.filter(day__range=(first, last))


class RemovableQuerySet(OwnedQuerySet):
    """Rows that can be taken out and put back for a while."""

    def of(self, owner: User) -> Self:
        """This person's rows that are not removed."""
        return self.filter(owner=owner, removed_at=None)

    def removed_by(self, owner: User, now: datetime) -> Self:
        """This person's rows that were removed and can still be brought back."""
        return self.filter(owner=owner, removed_at__gt=now - KEEP_REMOVED)


class FactorValues(models.Model):
    """The factors of a day in stored units; None is unknown and never zero."""

    caffeine_mg = models.PositiveSmallIntegerField(null=True)
    sleep_minutes = models.PositiveSmallIntegerField(null=True)
    stress = models.PositiveSmallIntegerField(null=True)
    drinks_ml = models.PositiveSmallIntegerField(null=True)
    more = models.JSONField(default=dict)  # further factors by key; an unknown one is absent

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    **{
                        f"{factor.column}__range": (
                            factor.stored(factor.minimum),
                            factor.stored(factor.maximum),
                        )
                    }
                )
                | Q(**{factor.column: None}),
                name=f"%(class)s_{factor.column}_in_range",
            )
            for factor in FACTORS.values()
        ]

    def stored_factors(self) -> dict[str, int | None]:
        """Every value as it is stored, by the column of its factor."""
        stored: dict[str, int | None] = {column: getattr(self, column) for column in COLUMNS}
        stored.update(self.more)
        return stored


def as_columns(values: Mapping[str, Any], more: Mapping[str, int]) -> dict[str, Any]:
    """Stored values by column as the database keeps them: further factors are one column.

    `more` are the further factors as they stood; an unknown value takes one out.
    """
    further = {name: value for name, value in values.items() if is_further(name)}
    if not further:
        return dict(values)
    kept = {**more, **further}
    return {name: value for name, value in values.items() if name not in further} | {
        "more": {name: value for name, value in kept.items() if value is not None}
    }


class Brought(models.Model):
    """A row that may have come with a file."""

    batch = models.ForeignKey(
        "diary.Batch", models.SET_NULL, null=True, editable=False, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index("batch", condition=Q(batch__isnull=False), name="%(class)s_batch")
        ]
