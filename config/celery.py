"""The queue: Celery is only transport, what must be done stands in the database."""

import gc
import logging
import os
import threading
import time
from functools import cached_property
from typing import Any

from celery import Celery, signals
from celery.beat import ScheduleEntry, SchedulingError
from celery.beat import Scheduler as CeleryScheduler
from kombu.connection import Connection

from . import alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

log = logging.getLogger(__name__)

app = Celery("ebb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A frozen queue must not hold up whoever publishes. The same limits on a worker's own connection
# leave it alive and deaf: one late answer, and it never takes a task again. So they are not in the
# settings, where the worker would find them, but on connections that only publish.
BOUNDED = {
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}


def publishing_connection() -> Connection:
    """A connection of its own for publishing, that gives up after about two seconds.

    Use it as a context manager; a task takes it by `apply_async(..., connection=…, retry=False)`.
    Raises kombu.exceptions.OperationalError when the queue can't be reached in time.
    """
    bounded: Connection = app.connection_for_write(connect_timeout=1, transport_options=BOUNDED)
    return bounded


class Scheduler(CeleryScheduler):
    """Publishes the static schedule, and leaves a sign of life when it got through."""

    @cached_property
    def connection(self) -> Connection:
        """Bounded, so that a frozen queue costs two seconds and not the schedule."""
        return publishing_connection()

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Publish; when the queue is out of reach say so in one line, the next tick tries again."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError:
            log.warning("queue out of reach; tried again in a moment")
        else:
            alive.tell("scheduler")


@signals.worker_ready.connect
@signals.worker_process_init.connect  # of each process that a worker forks
def _keep_what_is_loaded(**about: Any) -> None:
    """What a start makes stays: no later look for garbage goes through it again."""
    gc.freeze()


_began: dict[str, float] = {}


@signals.task_prerun.connect
def _begins(task_id: str, **about: Any) -> None:
    _began[task_id] = time.monotonic()


@signals.task_postrun.connect
def _ends(task_id: str, task: Any, **about: Any) -> None:
    from . import metrics  # which asks the settings, and they are not there before this module is

    if (began := _began.pop(task_id, None)) is not None:
        metrics.TASKS.labels(task.name).observe(time.monotonic() - began)


@signals.worker_ready.connect
@signals.task_postrun.connect
def _worker_lives(**about: Any) -> None:
    """The sweep runs every two seconds, so this is old only when no task is taken any more."""
    alive.tell("worker")


@signals.worker_ready.connect
def _watch_worker(**about: Any) -> None:
    threading.Thread(target=alive.end_when_silent, args=("worker",), daemon=True).start()


@signals.beat_init.connect
def _watch_scheduler(**about: Any) -> None:
    threading.Thread(target=alive.end_when_silent, args=("scheduler",), daemon=True).start()
