"""Doorbells: a task takes an id, calls one function, and may ring twice."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import batched

from celery import Task, shared_task
from django import db
from django.conf import settings
from django.db.models import F
from django.utils.timezone import now
from kombu.exceptions import OperationalError

from config import health, metrics
from config.celery import publishing_connection
from config.models import Heartbeat
from diary import forgetting, leaving, reminding
from diary.imports import work
from diary.models import Batch, Diary

from . import compute
from .models import ReportFile
from .reports import files
from .sharing import links

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=3)  # longer than a task may run
QUEUED = timedelta(seconds=30)  # how long a diary waits in the queue before it is handed on anew
AT_WORK = timedelta(seconds=15)  # what a first try may take before another worker tries as well
AT_ONCE = 500  # diaries that may be in the queue; the next sweep follows in two seconds
# People whose summaries one task makes: the queue costs as much as a tenth of one of them. Who was
# tried before, or may have changed anything, is alone in a task and can't hold up the others.
TOGETHER = 10
LONG = 5.0  # seconds; then a task gives back who has not had a turn
LONGEST_WAIT = timedelta(hours=1)
LONG_SENDING = 30.0  # seconds of one sweep


@shared_task(ignore_result=True)
def sweep() -> None:
    """Hand every stale diary to a worker, each to one.

    A diary is claimed by a conditional update, so two sweeps never both have it. When the queue
    can't be reached the claims are given back, and the next sweep tries again. A queue that loses
    its memory loses no more than half a minute: then the claims run out, and so do the messages,
    so that the same diary does not pile up in a queue that is slow.
    """
    moment = now()
    Heartbeat.objects.tell(health.SWEEP, moment)
    room = max(0, AT_ONCE - Diary.objects.handed_on(moment).count())
    stale = Diary.objects.stale(moment).order_by(F("stale_since").asc(nulls_last=True))
    taken = [
        diary
        for diary in stale[:room]
        if Diary.objects.stale(moment)
        .filter(owner=diary.owner_id)
        .update(claimed_until=moment + QUEUED)
    ]
    for diary in taken:
        if diary.stale_since:
            metrics.SWEEP_LAG.observe((moment - diary.stale_since).total_seconds())
    claims = [(diary.owner_id, diary.tries > 0 or diary.changed_anywhere) for diary in taken]
    groups = [[owner_id] for owner_id, alone in claims if alone]
    groups += map(list, batched((owner_id for owner_id, alone in claims if not alone), TOGETHER))
    given_back = [owner_id for group in groups[ring(groups) :] for owner_id in group]
    if given_back:
        Diary.objects.filter(owner__in=given_back).update(claimed_until=None)
        log.warning("queue out of reach; the next sweep tries again")
    ReportFile.objects.ended(moment).delete()
    _hand_on(ReportFile, make_report_file, moment)
    work.forget(moment)
    _hand_on(Batch, work_on_import, moment)


def _hand_on(kept: type[Batch] | type[ReportFile], task: Task, moment: datetime) -> None:
    """Hand each of these that waits to one worker, each by an update that only one sweep makes."""
    waiting = list(kept.objects.waiting(moment).values_list("pk", flat=True)[:AT_ONCE])
    claims = [
        pk
        for pk in waiting
        if kept.objects.waiting(moment).filter(pk=pk).update(claimed_until=moment + CLAIM)
    ]
    if claims and (given_back := claims[_ring(task, claims) :]):
        kept.objects.filter(pk__in=given_back).update(claimed_until=None)


def ring(groups: Sequence[Sequence[int]]) -> int:
    """Ring the doorbell for each group. Returns how many got through before the queue failed."""
    return _ring(recompute_insights, groups, QUEUED) if groups else 0


def _ring(
    task: Task, ids: Sequence[int] | Sequence[Sequence[int]], within: timedelta | None = None
) -> int:
    """Publish; a message that is not taken `within` that time is thrown away unread."""
    expires = within.total_seconds() if within else None
    rung = 0
    try:
        with publishing_connection() as connection:
            for one in ids:
                task.apply_async((one,), connection=connection, retry=False, expires=expires)
                rung += 1
    except OperationalError:
        pass  # the caller counts
    return rung


@shared_task(ignore_result=True)
def delete_due() -> None:
    """Delete for good the accounts whose time to come back is over; one holds up no other.

    Now and then, also what else nobody can reach any more.
    """
    for owner_id in leaving.due(now()):
        try:
            leaving.delete(owner_id, now())
        except Exception as fault:
            _failed("deletion of account", delete_due, owner_id, fault)
    leaving.overwrite()
    forgetting.now_and_then(now())
    links.forget(now())


@shared_task(ignore_result=True)
def remind_due() -> None:
    """Send the reminders of this hour; one that can't be sent holds up no other.

    When the mail server is slow, the next sweep sends the rest.
    """
    if not settings.HAS_MAIL:
        return
    started = time.monotonic()
    for owner_id in reminding.due(now()):
        try:
            reminding.remind(owner_id, now())
        except Exception as fault:
            _failed("reminder of account", remind_due, owner_id, fault)
        if time.monotonic() - started > LONG_SENDING:
            return


@shared_task(ignore_result=True)
def recompute_insights(owner_ids: Sequence[int]) -> None:
    """Make the summaries of some people anew, one after the other.

    When one takes long, the next sweep hands on the rest: nobody waits behind a long diary.
    """
    started = time.monotonic()
    for done, owner_id in enumerate(owner_ids):
        if done and time.monotonic() - started > LONG:
            Diary.objects.filter(owner__in=owner_ids[done:]).update(claimed_until=None)
            return
        _recompute(owner_id, alone=len(owner_ids) == 1)


def _recompute(owner_id: int, *, alone: bool) -> None:
    """Make one person's summaries anew; what can't be analysed waits and holds up nobody.

    A task that comes again because its worker went down does not try the same diary before the
    others once more: that is left to a task of its own.
    """
    diary = Diary.objects.filter(owner=owner_id)
    tries = diary.values_list("tries", flat=True).first() or 0
    # Counted before the work: a diary that takes its worker down must not do so for ever, and one
    # whose worker went down for another reason must not wait long.
    begun = {"tries": F("tries") + 1, "claimed_until": now() + _longer(AT_WORK, tries)}
    if (tries and not alone) or not diary.behind(now()).update(**begun):
        return
    try:
        compute.recompute(owner_id, now())
    except Diary.DoesNotExist:
        return
    except (db.OperationalError, db.InterfaceError) as fault:
        # Not this diary's trouble: what was claimed runs out by itself, and soon.
        _failed("summary of diary", recompute_insights, owner_id, fault)
    except Exception as fault:
        diary.update(claimed_until=now() + _longer(2 * AT_WORK, tries + 1))
        _failed("summary of diary", recompute_insights, owner_id, fault)


def _failed(what: str, task: Task, pk: int, fault: Exception) -> None:
    """Say and count it. The text of a fault may hold what a person wrote; its kind does not."""
    log.error("%s %s not made: %s", what, pk, type(fault).__name__)
    metrics.FAILURES.labels(task.name).inc()


def _longer(wait: timedelta, tries: int) -> timedelta:
    """Twice as long after each try."""
    return min(LONGEST_WAIT, wait * (1 << min(tries, 16)))


@shared_task(ignore_result=True)
def make_report_file(pk: int) -> None:
    """Make one report file; one that can't be made is tried a few times and then given up."""
    wanted = ReportFile.objects.filter(pk=pk, data=None)
    wanted.update(tries=F("tries") + 1)
    try:
        files.make_file(pk, now())
    except Exception as fault:
        wanted.update(claimed_until=None)
        _failed("report file", make_report_file, pk, fault)


@shared_task(ignore_result=True, soft_time_limit=480, time_limit=540)
def work_on_import(pk: int) -> None:
    """Read a file that was brought, or take it in; all of it or nothing."""
    batch = Batch.objects.filter(pk=pk)
    batch.update(tries=F("tries") + 1)
    try:
        work.work_on(pk, now())
    except Exception as fault:
        batch.update(claimed_until=None)
        _failed("import", work_on_import, pk, fault)
