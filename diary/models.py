"""What is stored: who keeps a diary, its days and its twitches. Saved through `recording` alone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import days
from .check import Answered, known
from .drinks import drinks_of
from .durations import DURATIONS, length_text
from .factors import (
    COLUMNS,
    FACTORS,
    Factor,
    in_use,
    is_further,
    not_hidden,
    own_and_optional,
)
from .kinds import KIND_NAMES, NoteKind
from .places import PLACES, Place
from .plan import IDEAS, LONGEST, PART_DAYS, Idea, Plan, PlanDay
from .shown import Caffeine, Clock, Drinks, Hours, Language, Noting, Units, WeekStart

WORDS_AT_MOST = 500
NAME_AT_MOST = 100  # of a medicine
KEEP_REMOVED = timedelta(days=30)
BATCH_TRIES = 3
# When a note was "removed" that comes with a file and is not let in yet: longer ago than any page
# brings a note back from.
STAGED = datetime(1970, 1, 1, tzinfo=UTC)


class UserManager(BaseUserManager["User"]):
    """Makes accounts that are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None) -> "User":
        """Make an account, with its diary. Without a password nobody can sign in to it."""
        user = self.model(email=self.normalize_email(email))
        user.set_password(password)
        user.save()
        return user

    def staying(self) -> models.QuerySet["User"]:
        """Those who did not ask for the end of their account.

        A claim asks so rather than by a join: once PostgreSQL has waited for a row, it does not
        look again at conditions that stand beside a join.
        """
        return self.filter(diary__leaves_at=None)


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

    def mark_stale(self, now: datetime, *days: date) -> int:
        """Say that what was computed no longer fits. Belongs in the transaction of the change.

        `days` are those that changed; without them it may be any.
        """
        first: Case | None = None
        last: Case | None = None
        if days:
            followed = Q(computed_version=F("version"))
            first = Case(
                When(followed | Q(changed_first__gt=min(days)), then=Value(min(days))),
                default=F("changed_first"),
            )
            last = Case(
                When(followed | Q(changed_last__lt=max(days)), then=Value(max(days))),
                default=F("changed_last"),
            )
        return self.update(
            version=F("version") + 1,
            stale_since=Coalesce(F("stale_since"), now),
            changed_first=first,
            changed_last=last,
        )

    def behind(self, now: datetime) -> Self:
        """Diaries whose analysis is older than they are, or whose week has ended.

        One that is about to be deleted rests.
        """
        return self.filter(
            Q(computed_version__lt=F("version")) | Q(due_at__lte=now), leaves_at=None
        )

    def stale(self, now: datetime) -> Self:
        """Those of them that nobody has claimed."""
        return self.behind(now).filter(Q(claimed_until=None) | Q(claimed_until__lt=now))

    def handed_on(self, now: datetime) -> Self:
        """Those of them that are in the queue and were not begun."""
        return self.behind(now).filter(claimed_until__gte=now, tries=0)


class Diary(models.Model):
    """A person's settings, and how far the analysis has followed what they wrote."""

    owner = models.OneToOneField(User, models.CASCADE, primary_key=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    day_start_hour = models.PositiveSmallIntegerField(_("day starts at"), default=4)
    glass_ml = models.PositiveSmallIntegerField(_("glass size, ml"), default=250)
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    # The hours at which it is the bedside one whatever the theme is; None is never.
    bedside_from = models.PositiveSmallIntegerField(null=True)
    bedside_until = models.PositiveSmallIntegerField(default=7)
    language = models.CharField(
        _("language"), max_length=8, choices=Language, default=Language.DEVICE
    )
    week_start = models.PositiveSmallIntegerField(
        _("week starts on"), choices=WeekStart, default=WeekStart.MONDAY
    )
    clock = models.CharField(_("clock"), max_length=2, choices=Clock, default=Clock.H24)
    caffeine_in = models.CharField(
        _("caffeine shown in"), max_length=6, choices=Caffeine, default=Caffeine.DRINKS
    )
    drinks_in = models.CharField(
        _("drinks shown in"), max_length=8, choices=Drinks, default=Drinks.GLASSES
    )
    noting = models.CharField(_("how to note"), max_length=5, choices=Noting, default=Noting.EACH)
    quiet = models.BooleanField(_("quiet view"), default=False)
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=False)
    # At which hour of the person's own day a mail reminds of the diary; None is never. Then on
    # which day the last one was sent, how the diary stood, and how many had changed nothing.
    remind_at = models.PositiveSmallIntegerField(null=True)
    reminded_on = models.DateField(null=True, editable=False)
    reminded_version = models.PositiveBigIntegerField(null=True, editable=False)
    reminders_ignored = models.PositiveSmallIntegerField(default=0, editable=False)
    # Further factors that were ever switched on or made, in order, and those of everybody that
    # are hidden; see `factors.Further`.
    more_factors = models.JSONField(default=list, editable=False)
    usual_places = models.JSONField(default=list, editable=False)  # tiles until there are notes
    usual_drinks = models.JSONField(default=list, editable=False)  # see `drinks.drinks_of`
    is_sample = models.BooleanField(default=False, editable=False)
    # The version of the consent that holds, 0 for none: every page asks, without a query more.
    agreed_to = models.PositiveSmallIntegerField(default=0, editable=False)
    # When it is deleted for good with its account, because its owner wants that; see `leaving`.
    leaves_at = models.DateTimeField(null=True, editable=False)

    # The transactional outbox of the analysis: the mark is the queue, Celery only carries it.
    version = models.PositiveBigIntegerField(default=0, editable=False)
    computed_version = models.PositiveBigIntegerField(default=0, editable=False)
    stale_since = models.DateTimeField(null=True, editable=False)
    # While it is stale: the days between which something changed; None is any day.
    changed_first = models.DateField(null=True, editable=False)
    changed_last = models.DateField(null=True, editable=False)
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
            models.CheckConstraint(
                condition=Q(remind_at=None) | Q(remind_at__range=(0, 23)),
                name="diary_remind_at_0_to_23",
            ),
            models.CheckConstraint(
                condition=(Q(bedside_from=None) | Q(bedside_from__range=(0, 23)))
                & Q(bedside_until__range=(0, 23)),
                name="diary_bedside_hours_0_to_23",
            ),
        ]
        indexes: ClassVar = [
            # The sweep asks every two seconds; it must not read every diary for that.
            models.Index(
                "owner", condition=Q(computed_version__lt=F("version")), name="diary_stale"
            ),
            models.Index("due_at", name="diary_due"),
            models.Index("leaves_at", condition=Q(leaves_at__isnull=False), name="diary_leaving"),
            models.Index(
                "zone",
                "remind_at",
                condition=Q(remind_at__isnull=False),
                name="diary_reminded",
            ),
        ]

    def __str__(self) -> str:
        return f"diary {self.pk}"

    @property
    def changed_anywhere(self) -> bool:
        """Whether any day may have changed since the last analysis, and not only some."""
        return self.version != self.computed_version and self.changed_first is None

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

    def theme_at(self, now: datetime) -> str:
        """How pages are coloured at this moment."""
        hour = now.astimezone(self.tz).hour
        return Theme.BEDSIDE if self.bedside_hours.holds(hour) else self.theme

    @property
    def bedside_hours(self) -> Hours:
        """When the bedside theme is on by itself."""
        return Hours(self.bedside_from, self.bedside_until)

    @property
    def units(self) -> Units:
        """What drinks and caffeine are counted in, and the usual drinks with caffeine."""
        usual = drinks_of(self.usual_drinks)
        return Units(self.drinks_in, self.glass_ml, usual, self.caffeine_in)

    @property
    def factors(self) -> dict[str, Factor]:
        """The factors that this person notes, by key: those of everybody, then further ones."""
        return not_hidden(self.more_factors) | in_use(self.more_factors)

    @property
    def hidden_factors(self) -> list[str]:
        """The keys of those of everybody that this person does not note."""
        return [key for key in FACTORS if key not in self.factors]

    @property
    def told_factors(self) -> dict[str, Factor]:
        """Those whose values are told of a day: not the hidden ones, but further ones of before."""
        return not_hidden(self.more_factors) | own_and_optional(self.more_factors)

    @property
    def ever_noted(self) -> dict[str, Factor]:
        """All that may have values: also those that were hidden or switched off since."""
        return FACTORS | own_and_optional(self.more_factors)


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to one person; every question starts with whose they are."""

    def of(self, owner: User) -> Self:
        """This person's rows."""
        return self.filter(owner=owner)

    def within(self, first: date, last: date) -> Self:
        """Rows of the days first to last, both included."""
        return self.filter(day__range=(first, last))


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

    def notes_staged(self) -> "TwitchQuerySet":
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


class Brought(models.Model):
    """A row that may have come with a file."""

    batch = models.ForeignKey(
        Batch, models.SET_NULL, null=True, editable=False, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index("batch", condition=Q(batch__isnull=False), name="%(class)s_batch")
        ]


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
    def is_written(self) -> bool:
        """Whether it says something; see `kept.written`, which asks the database the same."""
        known = any(value is not None for value in self.stored_factors().values())
        return self.clear or bool(self.words) or known


class Break(Brought):
    """Days on which the person takes a rest from the diary; they stay blank for comparisons."""

    owner = models.ForeignKey(User, models.CASCADE, editable=False)
    first = models.DateField()
    last = models.DateField()

    objects = OwnedQuerySet.as_manager()

    class Meta(Brought.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("owner", "first", name="break_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="break_ends_later"),
        ]

    def __str__(self) -> str:
        return f"break {self.pk}"


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

    objects = RemovableQuerySet.as_manager()

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
    def answered(self) -> Answered:
        """What was answered, as plain values."""
        answers = known(self.answers)
        return Answered(self.uuid, self.day, answers, self.words, self.removed_at is not None)


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
