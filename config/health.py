"""Whether Ebb does its work: not only that it answers, but that results follow what is written."""

import sys
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.defaults import server_error

from diary.models import Diary

from . import unsent
from .models import Heartbeat

SWEEP = "sweep"
TOO_LONG = timedelta(seconds=180)


class MailAway(Exception):
    """A letter that somebody waits for was not sent: the mail server is away, or refuses."""


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that this process serves, whatever else is away.

    A proxy that heard otherwise would answer in our place, and what was typed would be lost.
    """
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer that all of Ebb works; 503 with one word for each part that does not."""
    try:
        wrong = not_working(timezone.now())
    except DatabaseError:
        wrong = ["database"]
    return HttpResponse(
        " ".join(wrong) or "ok", content_type="text/plain", status=503 if wrong else 200
    )


def fault(request: HttpRequest) -> HttpResponse:
    """Answer what nobody has caught: 503 with calm words while something of ours is away, or 500.

    Django asks here whichever part of a request met the fault: its session, a view, a page. What
    a form of ours sent is kept, to be sent again.
    """
    match sys.exception():
        case OperationalError() | InterfaceError():
            away = "database"
        case MailAway():
            away = "mail"
        case _:
            return server_error(request)
    context = {"away": away}
    if request.method == "POST" and unsent.is_from_ours(request):
        # With the token that came: a new one would need the request to come to its usual end.
        token = request.POST.get("csrfmiddlewaretoken", "")
        context |= {"csrf_token": token} | unsent.what_was_sent(request)
    page = render_to_string("503.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": "30"})


def not_working(now: datetime) -> list[str]:
    """The parts that do not work, one plain word each.

    A sweep is published by the scheduler, carried by the queue and run by a worker: where none ran
    lately, one of the three is silent. One diary that fails again and again is not counted: it is
    one person's trouble, and everybody else's diary goes on. Where several fail, it is not theirs.
    """
    found = []
    if (silent := sweep_age(now)) is None or silent > TOO_LONG:
        found.append("scheduler")
    waiting = oldest_waiting(now, failing=False)
    failing = _stale(failing=True).filter(stale_since__lt=now - TOO_LONG)
    if (waiting is not None and waiting > TOO_LONG) or failing.count() > 1:
        found.append("results")
    return found


def sweep_age(now: datetime) -> timedelta | None:
    """How long ago stale diaries were last looked for; None when they never were."""
    at = Heartbeat.objects.filter(name=SWEEP).values_list("at", flat=True).first()
    return now - at if at else None


def oldest_waiting(now: datetime, *, failing: bool) -> timedelta | None:
    """How long the oldest diary waits for its results: of those that fail, or of the others."""
    stale = _stale(failing=failing).order_by("stale_since")
    since = stale.values_list("stale_since", flat=True).first()
    return now - since if since else None


def _stale(*, failing: bool) -> QuerySet[Diary]:
    """Diaries that wait for their results, and whose analysis was begun in vain or not yet."""
    stale = Diary.objects.filter(
        computed_version__lt=F("version"), stale_since__isnull=False, leaves_at=None
    )
    return stale.filter(tries__gt=0) if failing else stale.filter(tries=0)
