"""Doorbells: a task takes an id, calls one function, and may ring twice."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from celery import Task, shared_task
from django.db.models import F
from django.utils.timezone import now
from kombu.exceptions import OperationalError

from config import health
from config.celery import publishing_connection
from config.models import Heartbeat
from diary.models import Diary

from . import compute
from .models import ReportFile
from .reports import files

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=3)  # longer than a task may run
AT_ONCE = 500  # diaries a sweep hands on; the next one follows in two seconds
LONGEST_WAIT = timedelta(hours=1)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Hand every stale diary to a worker, each to one.

    A diary is claimed by a conditional update, so two sweeps never both have it. When the queue
    can't be reached the claims are given back, and the next sweep tries again.
    """
    moment = now()
    Heartbeat.objects.tell(health.SWEEP, moment)
    stale = Diary.objects.stale(moment).order_by(F("stale_since").asc(nulls_last=True))
    waiting = list(stale.values_list("owner_id", flat=True)[:AT_ONCE])
    claims = [
        owner_id
        for owner_id in waiting
        if Diary.objects.stale(moment).filter(owner=owner_id).update(claimed_until=moment + CLAIM)
    ]
    given_back = claims[ring(claims) :]
    if given_back:
        Diary.objects.filter(owner__in=given_back).update(claimed_until=None)
        log.warning("queue out of reach; the next sweep tries again")
    _hand_on_files(moment)


def _hand_on_files(moment: datetime) -> None:
    """Remove the files whose day is over, and hand each that waits to one worker."""
    ReportFile.objects.ended(moment).delete()
    waiting = list(ReportFile.objects.waiting(moment).values_list("pk", flat=True)[:AT_ONCE])
    claims = [
        pk
        for pk in waiting
        if ReportFile.objects.waiting(moment).filter(pk=pk).update(claimed_until=moment + CLAIM)
    ]
    if claims and (given_back := claims[_ring(make_report_file, claims) :]):
        ReportFile.objects.filter(pk__in=given_back).update(claimed_until=None)


def ring(owner_ids: Sequence[int]) -> int:
    """Ring the doorbell for each of them. Returns how many got through before the queue failed."""
    return _ring(recompute_insights, owner_ids) if owner_ids else 0


def _ring(task: Task, ids: Sequence[int]) -> int:
    rung = 0
    try:
        with publishing_connection() as connection:
            for one in ids:
                task.apply_async((one,), connection=connection, retry=False)
                rung += 1
    except OperationalError:
        pass  # the caller counts
    return rung


@shared_task(ignore_result=True)
def recompute_insights(owner_id: int) -> None:
    """Make one person's summaries anew; what can't be analysed waits and holds up nobody."""
    diary = Diary.objects.filter(owner=owner_id)
    # Counted before the work: a diary that takes its worker down must not do so for ever.
    diary.update(tries=F("tries") + 1)
    try:
        compute.recompute(owner_id, now())
    except Diary.DoesNotExist:
        return
    except Exception as fault:
        tries = diary.values_list("tries", flat=True).get()
        wait = min(LONGEST_WAIT, timedelta(seconds=30 * 2**tries))
        diary.update(claimed_until=now() + wait)
        # Its text may hold what the person wrote; its kind does not.
        log.error("summary of diary %s not made: %s", owner_id, type(fault).__name__)


@shared_task(ignore_result=True)
def make_report_file(pk: int) -> None:
    """Make one report file; one that can't be made is tried a few times and then given up."""
    wanted = ReportFile.objects.filter(pk=pk, data=None)
    wanted.update(tries=F("tries") + 1)
    try:
        files.make_file(pk, now())
    except Exception as fault:
        wanted.update(claimed_until=None)
        log.error("report file %s not made: %s", pk, type(fault).__name__)
