"""Doorbells: a task takes an id, calls one function, and may ring twice."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db.models import F
from django.utils.timezone import now
from kombu.exceptions import OperationalError

from diary.models import Diary

from . import compute

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=3)  # longer than a task may run
AT_ONCE = 500  # diaries a sweep hands on; the next one follows in two seconds
TRIES = 5  # after so many the page says that the summary could not be made
LONGEST_WAIT = timedelta(hours=1)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Hand every stale diary to a worker, each to one.

    A diary is claimed by a conditional update, so two sweeps never both have it. When the queue
    can't be reached the claim is given back, and the next sweep tries again.
    """
    moment = now()
    stale = Diary.objects.stale(moment).order_by(F("stale_since").asc(nulls_last=True))
    for owner_id in list(stale.values_list("owner_id", flat=True)[:AT_ONCE]):
        claim = Diary.objects.stale(moment).filter(owner=owner_id)
        if not claim.update(claimed_until=moment + CLAIM):
            continue
        try:
            recompute_insights.delay(owner_id)
        except OperationalError:
            Diary.objects.filter(owner=owner_id).update(claimed_until=None)
            log.warning("queue out of reach; the next sweep tries again")
            return


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
