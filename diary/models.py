"""What is stored: who keeps a diary, its days and its twitches. Saved through `recording` alone."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import days
from .check import Answered, known
from .durations import DURATIONS, length_text
from .factors import COLUMNS, FACTORS, Factor, in_use, is_further, own_and_optional
from .kinds import KIND_NAMES, NoteKind
from .places import PLACES, Place

WORDS_AT_MOST = 500
NAME_AT_MOST = 100  # of a medicine
KEEP_REMOVED = timedelta(days=30)


class UserManager(BaseUserManager["User"]):
    """Makes accounts that are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None) -> "User":
        """Make an account, with its diary. Without a password nobody can sign in to it."""
        user = self.model(email=self.normalize_email(email))
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person with an account, known by an e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """An account never exists without its diary."""
        is_new = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new:
                Diary.objects.create(owner=self)

    def __str__(self) -> str:
        return f"account {self.pk}"  # never the address: this ends up in logs


class Theme(models.TextChoices):
    """How the pages are coloured."""

    SYSTEM = "system", _("As on this device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    BEDSIDE = "bedside", _("Bedside, very dim")


class DiaryQuerySet(models.QuerySet["Diary"]):
    """Diaries by owner and by what their analysis needs."""

    def of(self, owner: User) -> Self:
        """The one diary of this person."""
        return self.filter(owner=owner)

    def mark_stale(self, now: datetime) -> int:
        """Say that what was computed no longer fits. Belongs in the transaction of the change."""
        return self.update(version=F("version") + 1, stale_since=Coalesce(F("stale_since"), now))

    def stale(self, now: datetime) -> Self:
        """Diaries whose analysis is older than they are, or whose week has ended, unclaimed."""
        return self.filter(
            Q(computed_version__lt=F("version")) | Q(due_at__lte=now),
            Q(claimed_until=None) | Q(claimed_until__lt=now),
        )


class Diary(models.Model):
    """A person's settings, and how far the analysis has followed what they wrote."""

    owner = models.OneToOneField(User, models.CASCADE, primary_key=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    day_start_hour = models.PositiveSmallIntegerField(_("day starts at"), default=4)
    glass_ml = models.PositiveSmallIntegerField(_("glass size, ml"), default=250)
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    # Further factors that were ever switched on or made, in order; see `factors.Kept`.
    more_factors = models.JSONField(default=list, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    # The transactional outbox of the analysis: the mark is the queue, Celery only carries it.
    version = models.PositiveBigIntegerField(default=0, editable=False)
    computed_version = models.PositiveBigIntegerField(default=0, editable=False)
    stale_since = models.DateTimeField(null=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)  # when the running week ends
    claimed_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(day_start_hour__range=(0, 8)), name="diary_day_start_0_to_8"
            ),
            models.CheckConstraint(
                condition=Q(glass_ml__range=(50, 1000)), name="diary_glass_50_to_1000_ml"
            ),
        ]
        indexes: ClassVar = [
            # The sweep asks every two seconds; it must not read every diary for that.
            models.Index(
                "owner", condition=Q(computed_version__lt=F("version")), name="diary_stale"
            ),
            models.Index("due_at", name="diary_due"),
        ]

    def __str__(self) -> str:
        return f"diary {self.pk}"

    @property
    def tz(self) -> ZoneInfo:
        """The person's time zone."""
        return ZoneInfo(self.zone)

    def today(self, now: datetime) -> date:
        """The diary day that is running."""
        return days.local_day(now, self.tz, self.day_start_hour)

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """When a diary day starts and ends."""
        return days.day_bounds(day, self.tz, self.day_start_hour)

    @property
    def day_start(self) -> time:
        """The hour at which the day starts."""
        return time(self.day_start_hour)

    @property
    def factors(self) -> dict[str, Factor]:
        """The factors that this person notes, by key: the four of everybody, then further ones."""
        return FACTORS | in_use(self.more_factors)

    @property
    def ever_noted(self) -> dict[str, Factor]:
        """The same with those that were switched off since; what was noted of them is kept."""
        return FACTORS | own_and_optional(self.more_factors)


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to one person; every question starts with whose they are."""

    def of(self, owner: User) -> Self:
        """This person's rows."""
        return self.filter(owner=owner)

    def within(self, first: date, last: date) -> Self:
        """Rows of the days first to last, both included."""
        return self.filter(day__range=(first, last))


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

    def known(self, factors: Mapping[str, Factor]) -> dict[str, float]:
        """The known values of these factors by key, in their own units."""
        stored = self.stored_factors()
        return {
            key: factor.shown(value)
            for key, factor in factors.items()
            if (value := stored.get(factor.column)) is not None
        }


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


class RemovableQuerySet(OwnedQuerySet):
    """Rows that can be taken out and put back for a while."""

    def of(self, owner: User) -> Self:
        """This person's rows that are not removed."""
        return self.filter(owner=owner, removed_at=None)

    def removed_by(self, owner: User, now: datetime) -> Self:
        """This person's rows that were removed and can still be brought back."""
        return self.filter(owner=owner, removed_at__gt=now - KEEP_REMOVED)


class TwitchQuerySet(RemovableQuerySet):
    """Notes, where the removed ones are only found when asked for."""

    def twitches(self) -> Self:
        """Without cramps and tremors, which never count as twitches."""
        return self.filter(kind=NoteKind.TWITCH)


class Twitch(FactorValues):
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


class Day(FactorValues):
    """A diary day: its factors, its words, and whether it was marked clear."""

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    day = models.DateField()
    clear = models.BooleanField(default=False)
    added_later = models.BooleanField(default=False, editable=False)  # the clear mark
    words = models.CharField(max_length=WORDS_AT_MOST, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta(FactorValues.Meta):
        constraints: ClassVar = [
            *FactorValues.Meta.constraints,
            models.UniqueConstraint("owner", "day", name="day_once"),
        ]

    def __str__(self) -> str:
        return f"day {self.pk}"


class Break(models.Model):
    """Days on which the person takes a rest from the diary; they stay blank for comparisons."""

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    first = models.DateField()
    last = models.DateField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("owner", "first", name="break_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="break_ends_later"),
        ]

    def __str__(self) -> str:
        return f"break {self.pk}"


class Medicine(models.Model):
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

    objects = RemovableQuerySet.as_manager()

    class Meta:
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


class Check(models.Model):
    """A symptoms check: six everyday questions as they were answered on a day."""

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    uuid = models.UUIDField(editable=False)  # made with the form: twice is once
    day = models.DateField()
    answers = models.JSONField()  # question key to "yes", "no" or "unsure"; the rest are open
    words = models.CharField(max_length=WORDS_AT_MOST, blank=True)
    created_at = models.DateTimeField(editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = RemovableQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("owner", "uuid", name="check_once")]

    def __str__(self) -> str:
        return f"check {self.pk}"

    @property
    def answered(self) -> Answered:
        """What was answered, as plain values."""
        answers = known(self.answers)
        return Answered(self.uuid, self.day, answers, self.words, self.removed_at is not None)
