"""Leaving for good: asked for, taken back within 14 days, and then everything is deleted.

The mark stands in the diary, so a deletion that ends half way goes on with the next run: whatever
is gone is not looked for again, and the account itself, which carries the mark, goes last.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.models import Case, When

from config.models import Heartbeat

from . import forgetting
from .forgetting import AT_ONCE
from .models import Diary, User

log = logging.getLogger(__name__)

GRACE = timedelta(days=14)
DELETED, OVERWRITTEN = "deleted", "overwritten"  # what is noted of the last deletion
BRIEFLY_MS = 1000


def ask(owner: User, now: datetime) -> datetime:
    """Mark an account to be deleted in 14 days. Twice is once. Returns when it will be."""
    asked = Diary.objects.of(owner).filter(is_sample=False, leaves_at=None)
    if asked.update(leaves_at=now + GRACE):
        log.warning("%s is to be deleted", owner)
    leaves_at = Diary.objects.values_list("leaves_at", flat=True).get(owner=owner)
    assert leaves_at is not None
    return leaves_at


def keep(owner: User, now: datetime) -> bool:
    """Keep an account after all. False when its 14 days are over: then it is being deleted."""
    waits = Case(When(stale_since__isnull=False, then=now))  # nobody waited for it meanwhile
    kept = Diary.objects.of(owner).filter(leaves_at__gt=now)
    if not kept.update(leaves_at=None, stale_since=waits):
        return False
    log.warning("%s is kept", owner)
    return True


def due(now: datetime) -> list[int]:
    """The ids of the accounts to delete now, the longest waiting first."""
    over = Diary.objects.filter(leaves_at__lte=now).order_by("leaves_at")
    return list(over.values_list("owner", flat=True))


def owned() -> list[tuple[type[models.Model], str]]:
    """Every table with rows of a person, and by which column; what others point to comes last.

    The diary itself is not among them: it holds the mark, and goes with the account.
    """
    found = [
        (relation.related_model, relation.field.name)
        for relation in User._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and not relation.one_to_one
    ]
    pointed_to = {
        field.related_model for model, _ in found for field in model._meta.concrete_fields
    }
    return sorted(found, key=lambda one: one[0] in pointed_to)


def delete(owner_id: int, now: datetime) -> None:
    """Delete an account whose time is over, with all that belongs to it. May run twice."""
    owner = User.objects.filter(pk=owner_id, diary__leaves_at__lte=now).first()
    if owner is None:
        return
    # From here on nobody signs in; who is signed in, or about to be, is nobody.
    User.objects.filter(pk=owner_id).update(is_active=False)
    _end_sessions(owner)
    for model, column in owned():
        rows = model._base_manager.filter(**{column: owner_id})
        while some := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
            model._base_manager.filter(pk__in=some).delete()
    forgetting.tries(now)
    with transaction.atomic():
        User.objects.filter(pk=owner_id).delete()
        Heartbeat.objects.update_or_create(name=DELETED, defaults={"at": now})
    log.warning("account %s was deleted for good", owner_id)


def overwrite() -> bool:
    """Take what was deleted out of SQLite's log too. False when somebody reads: later again.

    The database file itself is overwritten as rows are deleted (`secure_delete`), but the log
    beside it keeps older pages until it is cut off. PostgreSQL does its own cleaning.
    """
    told = dict(Heartbeat.objects.values_list("name", "at"))
    last = told.get(DELETED)
    if connection.vendor != "sqlite" or last is None or told.get(OVERWRITTEN) == last:
        return True
    wait_ms = connection.settings_dict["OPTIONS"]["timeout"] * 1000
    with connection.cursor() as cursor:
        # Whoever writes waits meanwhile, so it gives up soon.
        cursor.execute(f"PRAGMA busy_timeout={BRIEFLY_MS}")
        try:
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout={wait_ms}")
    if busy:
        return False
    Heartbeat.objects.update_or_create(name=OVERWRITTEN, defaults={"at": last})
    return True


def _end_sessions(owner: User) -> None:
    """End every session that is theirs or names them, also one that no list of devices knows."""
    addresses = [
        owner.email,
        *EmailAddress.objects.filter(user=owner).values_list("email", flat=True),
    ]
    theirs = [
        session.pk
        for session in Session.objects.iterator(AT_ONCE)
        if _is_about(session.get_decoded(), str(owner.pk), addresses)
    ]
    for first in range(0, len(theirs), AT_ONCE):
        Session.objects.filter(pk__in=theirs[first : first + AT_ONCE]).delete()


def _is_about(held: dict[str, Any], pk: str, addresses: list[str]) -> bool:
    if held.get(SESSION_KEY) == pk:
        return True
    text = json.dumps(held, ensure_ascii=False, default=str).casefold()
    # Somebody between the password and the second step is named by number alone.
    return f'"user_pk": "{pk}"' in text or any(one.casefold() in text for one in addresses)
