"""What nobody can reach any more is deleted: removed rows, sessions and counts that are over."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from config.models import Heartbeat

from .models import KEEP_REMOVED, STAGED, Check, Medicine, Twitch

REMOVABLE = (Twitch, Check, Medicine)
AT_ONCE = 500  # rows that one transaction deletes: others who write wait for that long
EVERY = timedelta(hours=1)
SIGNING_IN = timedelta(days=1)  # a device is noted before its session is saved
FORGOTTEN = "forgotten"


def now_and_then(now: datetime) -> None:
    """Forget what is over, unless that was done within the last hour."""
    lately = Heartbeat.objects.filter(name=FORGOTTEN, at__gt=now - EVERY, at__lte=now)
    if lately.exists():
        return
    forget(now)
    Heartbeat.objects.update_or_create(name=FORGOTTEN, defaults={"at": now})


def forget(now: datetime) -> None:
    """Delete what is over. May run twice, and end anywhere."""
    for model in REMOVABLE:
        # Rows of a file that is not taken in yet are marked as removed too; see `STAGED`.
        over = model.objects.filter(removed_at__gt=STAGED, removed_at__lte=now - KEEP_REMOVED)
        while some := list(over.values_list("pk", flat=True)[:AT_ONCE]):
            model.objects.filter(pk__in=some, removed_at__lte=now - KEEP_REMOVED).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    devices = UserSession.objects.filter(last_seen_at__lt=now - SIGNING_IN)
    devices.exclude(session_key__in=Session.objects.values("session_key")).delete()
    tries(now)


def tries(now: datetime) -> None:
    """Delete the counts of tries that are over: their keys hold a hash of an address.

    They count for minutes, but a table forgets nothing by itself.
    """
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        over = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [over])
