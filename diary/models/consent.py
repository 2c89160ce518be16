"""Consent to the keeping of health data."""

from typing import Any

from django.db import models

from .owner import User
from .rows import OwnedQuerySet


class Consent(models.Model):
    """What a person said to the keeping of health data: a row each time, none ever changed."""

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    version = models.PositiveSmallIntegerField(editable=False)  # of the words; see `consent`
    given = models.BooleanField(editable=False)  # False: taken back
    language = models.CharField(max_length=8, editable=False)  # in which they were read
    said_at = models.DateTimeField(editable=False)

    objects = OwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"consent {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only ever a new row."""
        super().save(*args, **{**kwargs, "force_insert": True})
