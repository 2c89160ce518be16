"""A file that was brought, and how far it is taken in."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .note import STAGED, Twitch, TwitchQuerySet
from .owner import User
from .rows import NAME_AT_MOST, OwnedQuerySet

BATCH_TRIES = 3


class BatchQuerySet(OwnedQuerySet):
    """Imports by owner, and those that a worker should look at."""

    def waiting(self, now: datetime) -> Self:
        """Those with something to do that nobody does at this moment."""
        unclaimed = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.filter(
            unclaimed,
            state__in=(Batch.State.ASKED, Batch.State.WANTED),
            tries__lt=BATCH_TRIES,
            owner__in=User.objects.staying(),
        )

    def discard(self) -> None:
        """Forget them, with the notes that were never let in."""
        Twitch.objects.filter(batch__in=self.values("pk"), removed_at=STAGED).delete()
        self.delete()

    def unfinished(self) -> Self:
        """Those that were not taken in, and that no worker is taking in."""
        states = (
            Batch.State.ASKED,
            Batch.State.ASKING,
            Batch.State.READ,
            Batch.State.REFUSED,
        )
        return self.filter(Q(state__in=states) | Q(tries__gte=BATCH_TRIES, taken_at=None))


class Batch(models.Model):
    """One file that was brought: read by a task, shown, and taken in or left."""

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", _("waiting to be read")
        ASKING = "asking", _("waiting for your answer")
        READ = "read", _("read, not taken in")
        REFUSED = "refused", _("could not be read")
        WANTED = "wanted", _("being taken in")
        TAKEN = "taken", _("taken in")
        UNDONE = "undone", _("undone")

    class Source(models.TextChoices):
        """Where it comes from."""

        EBB = "ebb", "Ebb"
        APPLE = "apple", "Apple Health"
        BEARABLE = "bearable", "Bearable"
        DAYLIO = "daylio", "Daylio"
        TRACK_GRAPH = "track-graph", "Track & Graph"
        TABLE = "table", _("a table")

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    uuid = models.UUIDField(editable=False)  # made with the form: twice is once
    name = models.CharField(max_length=NAME_AT_MOST)  # of the file
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    refusal = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=12, choices=Source, blank=True)  # empty until it was read
    asks = models.JSONField(default=dict)  # what only the person can tell, while it is open
    answers = models.JSONField(default=dict)  # what the person told
    counts = models.JSONField(default=dict)  # rows by what they are
    problems = models.JSONField(default=list)  # the first rows left out: file, line, reason
    shown = models.JSONField(default=list)  # the first notes and days as they will be
    before = models.JSONField(default=dict)  # what else was changed, as it stood
    created_at = models.DateTimeField(editable=False)
    taken_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        constraints: ClassVar = [models.UniqueConstraint("owner", "uuid", name="batch_once")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    def notes_staged(self) -> TwitchQuerySet:
        """Its notes that were written and are not let in yet."""
        return Twitch.objects.filter(owner=self.owner, batch=self, removed_at=STAGED)

    @property
    def under_way(self) -> bool:
        """Whether a worker has it or will have it."""
        return self.state in (self.State.ASKED, self.State.WANTED) and self.tries < BATCH_TRIES

    @property
    def given_up(self) -> bool:
        """Whether no worker tries any more."""
        return self.state in (self.State.ASKED, self.State.WANTED) and self.tries >= BATCH_TRIES


class Piece(models.Model):
    """A part of the file of a batch; there is none once the file is not needed any more.

    A file in a row of its batch would be read and written with every sign of life of its worker.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, editable=False, related_name="pieces")
    number = models.PositiveSmallIntegerField(editable=False)  # from 0, in the order of the file
    data = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("batch", "number", name="piece_once")]

    def __str__(self) -> str:
        return f"piece {self.number} of import {self.batch_id}"
