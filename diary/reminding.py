"""Reminders by mail: asked for by a person, sent at most once a day, stopped by being ignored.

A reminder is claimed by one update before it is sent. So two sweeps never both send it, and one
whose worker goes down on the way is left out rather than sent twice.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.db.models import Case, F, Q, QuerySet, When
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from . import consent, kept, recording
from .models import Break, Diary, User
from .shown import Language

AT_ONCE = 100  # a sweep sends; the next one follows in a minute
IGNORED_AT_MOST = 3
SIGNER = Signer(salt="reminders off")


def due(now: datetime) -> list[int]:
    """The ids of those who want a reminder in the hour that it is where they are."""
    zones = Diary.objects.filter(remind_at__isnull=False).values_list("zone", flat=True).distinct()
    found: list[int] = []
    for zone in zones:
        here = _unreminded(now.astimezone(ZoneInfo(zone)))
        found += here.filter(zone=zone).values_list("owner", flat=True)[:AT_ONCE]
    return found[:AT_ONCE]


def remind(owner_id: int, now: datetime) -> bool:
    """Send one reminder, unless there is nothing to remind of. May run twice, or beside itself."""
    diary = Diary.objects.select_related("owner").filter(owner=owner_id).first()
    if diary is None or diary.remind_at is None:
        return False
    today = diary.today(now)
    rests = Break.objects.of(diary.owner).touching(today, today)
    if kept.ends(diary.owner) == today or rests.exists():
        return False
    here = now.astimezone(diary.tz)
    claimed = _unreminded(here).filter(owner=owner_id, zone=diary.zone)
    nothing_since = When(reminded_version=F("version"), then=F("reminders_ignored") + 1)
    if not claimed.update(
        reminded_on=here.date(),
        reminded_version=F("version"),
        reminders_ignored=Case(nothing_since, default=0),
    ):
        return False
    ignored = Diary.objects.filter(owner=owner_id, reminders_ignored__gte=IGNORED_AT_MOST)
    if ignored.update(remind_at=None):
        return False
    try:
        _letter(diary).send()
    except Exception:
        # What never arrived was not ignored.
        Diary.objects.filter(owner=owner_id).update(reminded_version=None)
        raise
    return True


def token(owner: User) -> str:
    """What stands in the link that turns the reminders of this person off."""
    return SIGNER.sign(str(owner.pk))


def person(token: str) -> User | None:
    """Whose reminders a link turns off; None for one that we did not make."""
    try:
        pk = SIGNER.unsign(token)
    except BadSignature:
        return None
    return User.objects.select_related("diary").filter(pk=pk).first()


def stop(owner: User, now: datetime) -> None:
    """Send no more. Twice is once."""
    if Diary.objects.of(owner).filter(remind_at__isnull=False).exists():
        recording.change_settings(owner, {"remind_at": None}, now)


def _unreminded(here: datetime) -> QuerySet[Diary]:
    """Diaries whose reminder belongs into this hour on the clock of their zone."""
    return Diary.objects.filter(
        Q(reminded_on=None) | Q(reminded_on__lt=here.date()),
        remind_at=here.hour,
        is_sample=False,
        agreed_to=consent.VERSION,
        leaves_at=None,
        owner__in=User.objects.filter(is_active=True),  # no join, as in `UserManager.staying`
    )


def _letter(diary: Diary) -> EmailMessage:
    """Neutral from the first to the last word: a locked screen is public."""
    language = diary.language
    if language == Language.DEVICE:
        language = settings.LANGUAGE_CODE
    off = f"{settings.ADDRESS}{reverse('account_reminders_off', args=[token(diary.owner)])}"
    with translation.override(language):
        lines = (
            _("A moment for your diary, if you like."),
            f"{settings.ADDRESS}{reverse('today')}",
            _("To get no more of these, open this page and press its button:"),
            off,
        )
        return EmailMessage(
            subject=_("A moment for your diary, if you like."),
            body="\n\n".join(lines) + "\n",
            to=[diary.owner.email],
            headers={"List-Unsubscribe": f"<{off}>", "Auto-Submitted": "auto-generated"},
        )
