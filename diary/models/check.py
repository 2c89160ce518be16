"""A symptoms check as it was answered."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from .owner import User
from .rows import WORDS_AT_MOST, Brought, RemovableQuerySet

if TYPE_CHECKING:
    from ..check import Answered


class Check(Brought):
    """A symptoms check: six everyday questions as they were answered on a day."""

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    uuid = models.UUIDField(editable=False)  # made with the form: twice is once
    day = models.DateField()
    answers = models.JSONField()  # question key to "yes", "no" or "unsure"; the rest are open
    words = models.CharField(max_length=WORDS_AT_MOST, blank=True)
    created_at = models.DateTimeField(editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = RemovableQuerySet.as_manager()

    class Meta(Brought.Meta):
        constraints: ClassVar = [models.UniqueConstraint("owner", "uuid", name="check_once")]

    def __str__(self) -> str:
        return f"check {self.pk}"

    @property
    def answered(self) -> "Answered":
        """What was answered, as plain values."""
        from ..check import Answered, known  # with the first check that somebody looks at

        answers = known(self.answers)
        return Answered(self.uuid, self.day, answers, self.words, self.removed_at is not None)
