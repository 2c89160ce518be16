"""Who keeps a diary: their account, their settings, how far the analysis is, their consent."""

from datetime import date, datetime, time
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import days
from ..drinks import drinks_of
from ..factors import Factor, hidden, in_use, of_everybody, own_and_optional
from ..shown import (
    GLASS_ML,
    Caffeine,
    Clock,
    Drinks,
    Hours,
    Language,
    Noting,
    Units,
    WeekStart,
)


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


def stale_mark(now: Any, between: tuple[Any, Any] | None) -> dict[str, Any]:
    """What a diary that changed is set to; `between` are the first and the last day of it."""
    first: Case | None = None
    last: Case | None = None
    if between:
        followed = Q(computed_version=F("version"))
        first = Case(
            When(followed | Q(changed_first__gt=between[0]), then=between[0]),
            default=F("changed_first"),
        )
        last = Case(
            When(followed | Q(changed_last__lt=between[1]), then=between[1]),
            default=F("changed_last"),
        )
    return {
        "version": F("version") + 1,
        "stale_since": Coalesce(F("stale_since"), now),
        "changed_first": first,
        "changed_last": last,
    }


class DiaryQuerySet(models.QuerySet["Diary"]):
    """Diaries by owner and by what their analysis needs."""

    def of(self, owner: User) -> Self:
        """The one diary of this person."""
        return self.filter(owner=owner)

    def mark_stale(self, now: datetime, *days: date) -> int:
        """Say that what was computed no longer fits. Belongs in the transaction of the change.

        `days` are those that changed; without them it may be any.
        """
        between = (Value(min(days)), Value(max(days))) if days else None
        return self.update(**stale_mark(now, between))

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
    every_drink = models.BooleanField(
        _("caffeinated drinks count as drinks"), default=False, db_default=False
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
                condition=Q(day_start_hour__range=(min(days.DAY_STARTS), max(days.DAY_STARTS))),
                name="diary_day_start_0_to_8",
            ),
            models.CheckConstraint(
                condition=Q(glass_ml__range=GLASS_ML), name="diary_glass_50_to_1000_ml"
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
        every = self.every_drink and "hydration" not in hidden(self.more_factors)
        return Units(self.drinks_in, self.glass_ml, usual, self.caffeine_in, every)

    @property
    def coffee_ml(self) -> int:
        """How large a coffee is."""
        return self.units.coffee.ml

    @property
    def factors(self) -> dict[str, Factor]:
        """The factors that this person notes, by key: those of everybody, then further ones."""
        return self._shown | in_use(self.more_factors)

    @property
    def hidden_factors(self) -> list[str]:
        """The keys of those of everybody that this person does not note."""
        hides = hidden(self.more_factors)
        return [key for key in self.of_everybody if key in hides]

    @property
    def told_factors(self) -> dict[str, Factor]:
        """Those whose values are told of a day: not the hidden ones, but further ones of before."""
        return self._shown | own_and_optional(self.more_factors)

    @property
    def ever_noted(self) -> dict[str, Factor]:
        """All that may have values: also those that were hidden or switched off since."""
        return self.of_everybody | own_and_optional(self.more_factors)

    @property
    def of_everybody(self) -> dict[str, Factor]:
        """The factors that every diary has, in the words of this one."""
        return of_everybody(every_drink=self.every_drink)

    @property
    def _shown(self) -> dict[str, Factor]:
        hides = hidden(self.more_factors)
        return {key: factor for key, factor in self.of_everybody.items() if key not in hides}
