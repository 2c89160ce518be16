"""What was computed: derived from the diary, made whole, and safe to throw away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from diary.days import Week
from diary.models import OwnedQuerySet, User

if TYPE_CHECKING:
    from .analysis.results import Tested, WeekReport

PIN_TRIES = 5  # wrong ones; then the link opens no more
FILE_TRIES = 3  # then the page says that the file could not be made
LATER_IS = timedelta(weeks=4)  # for which a suggestion rests
GIVEN_UP_AFTER = 5  # tries in a row; then the page says that the summary could not be made


class WeekSummaryQuerySet(OwnedQuerySet):
    """Summaries by owner and week."""

    def for_week(self, week: Week) -> Self:
        """The summary of one week."""
        return self.filter(year=week.year, number=week.number)

    def outside(self, weeks: Sequence[Week]) -> Self:
        """Summaries of other weeks than these, which follow one another."""
        if not weeks:
            return self
        first, last = weeks[0], weeks[-1]
        return self.filter(
            Q(year__lt=first.year)
            | Q(year=first.year, number__lt=first.number)
            | Q(year=last.year, number__gt=last.number)
            | Q(year__gt=last.year)
        )

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

    @cached_property
    def report(self) -> "WeekReport":
        """The stored result as values."""
        import msgspec  # with the first week that somebody looks at

        from .analysis.results import WeekReport

        return msgspec.convert(self.result, WeekReport)


class ExperimentResult(models.Model):
    """What the days of an experiment that is over said, as it was last computed."""

    experiment = models.OneToOneField("diary.Experiment", models.CASCADE, primary_key=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    recipe = models.PositiveSmallIntegerField()
    inputs = models.BinaryField(max_length=32)  # digest of everything the result was made from
    result = models.JSONField()
    computed_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"result of experiment {self.pk}"

    @property
    def tested(self) -> "Tested":
        """The stored result as values."""
        import msgspec

        from .analysis.results import Tested

        return msgspec.convert(self.result, Tested)


class Answer(models.TextChoices):
    """What the person said of a suggestion."""

    NONE = "", _("Not answered")
    TRIED = "tried", _("Tried it")
    NOT_FOR_ME = "not-for-me", _("Not for me")
    LATER = "later", _("Later")


class SuggestedQuerySet(OwnedQuerySet):
    """Suggestions by owner and by whether they were put aside."""

    def aside(self, now: datetime) -> Self:
        """Those that are not to be shown now."""
        resting = Q(answer=Answer.LATER, answered_at__gt=now - LATER_IS)
        return self.filter(Q(answer__in=(Answer.TRIED, Answer.NOT_FOR_ME)) | resting)


class Suggested(models.Model):
    """A tip that stood on a weekly page: in which weeks, and what the person said of it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    passage = models.CharField(max_length=40)  # its id in the library
    first_shown = models.DateField(null=True)  # the Monday of the first such week
    last_shown = models.DateField(null=True)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.NONE, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = SuggestedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "suggested"
        constraints: ClassVar = [
            models.UniqueConstraint("owner", "passage", name="suggested_once"),
        ]

    def __str__(self) -> str:
        return f"suggested {self.pk}"


class Share(models.Model):
    """A report that somebody else may read for a while, by a link that holds its secret.

    Only what proves the secret is kept, so who reads the database can't open the report.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    uuid = models.UUIDField(unique=True)
    # SHA-256 of the secret, which is random itself; empty once its link has ended.
    proof = models.CharField(max_length=64)
    pin = models.CharField(max_length=200, blank=True)  # as passwords are kept; empty: none
    wrong_pins = models.PositiveSmallIntegerField(default=0)
    scope = models.JSONField()  # what was chosen, frozen: see reports.report.Asked
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"share {self.pk}"

    def is_open(self, now: datetime) -> bool:
        """Whether its link still opens the report."""
        return self.revoked_at is None and self.expires_at > now and not self.is_locked

    @property
    def is_locked(self) -> bool:
        """Whether somebody tried too many PINs."""
        return self.wrong_pins >= PIN_TRIES


class Opening(models.Model):
    """One time that a shared report was opened. Nothing about who did is kept."""

    share = models.ForeignKey(Share, models.CASCADE, related_name="openings")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"opening {self.pk}"


class ReportFileQuerySet(OwnedQuerySet):
    """Files of reports by owner, and those that wait or have ended."""

    def kept(self, now: datetime) -> Self:
        """Those whose day is not over."""
        return self.filter(expires_at__gt=now)

    def ended(self, now: datetime) -> Self:
        """Those to be removed."""
        return self.filter(expires_at__lte=now)

    def waiting(self, now: datetime) -> Self:
        """Those that nobody makes at this moment and that are still worth a try."""
        unclaimed = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.filter(
            unclaimed, data=None, tries__lt=FILE_TRIES, owner__in=User.objects.staying()
        )


class ReportFile(models.Model):
    """A report as a PDF, asked for on its page, made by a task and kept for a day."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    uuid = models.UUIDField(unique=True)
    scope = models.JSONField()  # what was chosen: see reports.report.Asked
    language = models.CharField(max_length=12)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    data = models.BinaryField(null=True)  # None: not made yet
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    objects = ReportFileQuerySet.as_manager()

    def __str__(self) -> str:
        return f"report file {self.pk}"

    @property
    def is_ready(self) -> bool:
        """Whether it can be fetched."""
        return self.data is not None

    @property
    def given_up(self) -> bool:
        """Whether it is not tried any more."""
        return self.data is None and self.tries >= FILE_TRIES
