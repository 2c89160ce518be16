"""Links that show a report to a clinician: made, opened, taken back."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, Q

from diary import recording
from diary.models import Diary, User

from ..models import Opening, Share
from ..reports.report import Asked

DAYS = (1, 30)  # for how long a link may open
SECRET_BYTES = 24


@dataclass(frozen=True, slots=True)
class Made:
    """A new link: its share, and the secret, which is told this once and never kept."""

    share: Share
    secret: str


def make(owner: User, asked: Asked, days: int, pin: str, now: datetime) -> Made:
    """Share the report of exactly these days and parts. Raises ReadOnly for the sample."""
    recording.touch(owner, now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    share = Share.objects.create(
        owner=owner,
        uuid=uuid4(),
        proof=_proof(secret),
        pin=make_password(pin) if pin else "",
        scope=msgspec.to_builtins(asked),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return Made(share, secret)


def opened(uuid: UUID, secret: str, pin: str, now: datetime) -> Share | None:
    """The share that this link opens, with the opening kept; None for whatever reason it does not.

    A wrong PIN counts only beside the right secret, so a stranger can't lock the link.
    """
    with transaction.atomic():
        share: Share | None = Share.objects.select_for_update().filter(uuid=uuid).first()
        proven = hmac.compare_digest(share.proof if share else _proof(""), _proof(secret))
        if share is None or not proven or not share.is_open(now):
            return None
        if Diary.objects.filter(owner=share.owner_id, leaves_at__isnull=False).exists():
            return None
        if share.pin and not check_password(pin, share.pin):
            if pin:  # who left it empty has tried none
                Share.objects.filter(pk=share.pk).update(wrong_pins=F("wrong_pins") + 1)
            return None
        Opening.objects.create(share=share, at=now)
        return share


def scope_of(share: Share) -> Asked:
    """What the report is about."""
    return msgspec.convert(share.scope, Asked)


def revoke(share: Share, now: datetime) -> None:
    """Take a link back. Twice is once."""
    Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=now)


def forget(now: datetime) -> None:
    """Forget whose name was on reports that open no more, and what was asked; their days stay."""
    ended = Share.objects.filter(Q(expires_at__lte=now) | Q(revoked_at__isnull=False))
    for share in ended.exclude(proof=""):
        asked = scope_of(share)
        share.scope = msgspec.to_builtins(Asked(asked.first, asked.last, frozenset()))
        share.proof = ""
        share.save(update_fields=["scope", "proof"])


def _proof(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
