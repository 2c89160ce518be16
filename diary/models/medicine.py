"""A list of medicines and supplements."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .. import days
from .owner import User
from .rows import NAME_AT_MOST, WORDS_AT_MOST, Brought, RemovableQuerySet


class MedicineQuerySet(RemovableQuerySet):
    """Medicines and supplements by owner, in the order in which they were begun."""

    def as_begun(self) -> Self:
        """Those of which that is not known first; databases differ in where these go."""
        return self.order_by(F("first").asc(nulls_first=True), "pk")


class Medicine(Brought):
    """A medicine or supplement as the person names it, and when it was taken. Never compared."""

    class Kind(models.TextChoices):
        """What it is, as the person sees it."""

        MEDICINE = "medicine", _("Medicine")
        SUPPLEMENT = "supplement", _("Supplement")

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    uuid = models.UUIDField(editable=False)  # made with the form: twice is once
    name = models.CharField(max_length=NAME_AT_MOST)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MEDICINE)
    first = models.DateField(null=True)  # None: since when is not known
    last = models.DateField(null=True)  # None: still taken
    words = models.CharField(max_length=WORDS_AT_MOST, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = MedicineQuerySet.as_manager()

    class Meta(Brought.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("owner", "uuid", name="medicine_once"),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")) | Q(last=None) | Q(first=None),
                name="medicine_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"medicine {self.pk}"

    @property
    def span(self) -> str:
        """From when to when, in words."""
        return days.span_in_words(self.first, self.last)
