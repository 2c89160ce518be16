"""A note: a place that twitched."""

from datetime import UTC, datetime
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from ..durations import DURATIONS, length_text
from ..kinds import KIND_NAMES, NoteKind
from ..places import PLACES, Place
from .owner import User
from .rows import WORDS_AT_MOST, Brought, FactorValues, RemovableQuerySet

# When a note was "removed" that comes with a file and is not let in yet: longer ago than any page
# brings a note back from.
STAGED = datetime(1970, 1, 1, tzinfo=UTC)


class TwitchQuerySet(RemovableQuerySet):
    """Notes, where the removed ones are only found when asked for."""

    def twitches(self) -> Self:
        """Without cramps and tremors, which never count as twitches."""
        return self.filter(kind=NoteKind.TWITCH)


class Twitch(FactorValues, Brought):
    """One note: a place that twitched, when, and how long.

    The factor columns are a copy of the day's values as they stood when the note was saved.
    """

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    uuid = models.UUIDField(editable=False)  # follows from the form's id: twice is once
    group = models.UUIDField(editable=False)  # the form it came from, with its other places
    kind = models.CharField(
        max_length=8,
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        default=NoteKind.TWITCH.value,
    )
    place = models.CharField(max_length=32)
    started_at = models.DateTimeField(null=True)  # None: the time is not known
    zone = models.CharField(max_length=64)
    # The person's local day when it was written down; it stays put when they travel.
    day = models.DateField()
    duration = models.CharField(max_length=16)
    duration_s = models.PositiveIntegerField(null=True)  # an exact length, where one was typed
    words = models.CharField(max_length=WORDS_AT_MOST, blank=True)
    added_later = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = TwitchQuerySet.as_manager()

    class Meta(FactorValues.Meta):
        verbose_name_plural = "twitches"
        constraints: ClassVar = [
            *FactorValues.Meta.constraints,
            models.UniqueConstraint("owner", "uuid", name="twitch_once"),
        ]
        indexes: ClassVar = [
            *Brought.Meta.indexes,
            models.Index("owner", "day", "started_at", name="twitch_owner_day"),
            # Today and the diary ask for these each time; almost no note is one of them.
            models.Index(
                "owner",
                "removed_at",
                condition=Q(removed_at__isnull=False),
                name="twitch_removed",
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"

    @property
    def known_place(self) -> Place:
        """Where it was."""
        return PLACES[self.place]

    @property
    def is_twitch(self) -> bool:
        """Whether it counts: a cramp or a tremor does not."""
        return self.kind == NoteKind.TWITCH

    @property
    def title(self) -> str:
        """Where it was; and what, if it was no twitch."""
        place = self.known_place.name
        if self.is_twitch:
            return place
        return gettext("%(kind)s: %(place)s") % {
            "kind": KIND_NAMES[NoteKind(self.kind)],
            "place": place,
        }

    @property
    def local_time(self) -> datetime | None:
        """When it started, on the clock of the zone it was noted in."""
        return self.started_at.astimezone(ZoneInfo(self.zone)) if self.started_at else None

    @property
    def lasted(self) -> str:
        """How long in words: the exact length where one was typed, else the choice."""
        return length_text(self.duration_s) if self.duration_s else self.duration_name

    @property
    def duration_name(self) -> str:
        """The choice in words."""
        return str(DURATIONS[self.duration].name)

    @property
    def seconds(self) -> float | None:
        """How long it counts as; None when the person was not sure."""
        return self.duration_s or DURATIONS[self.duration].seconds
