"""From a save to the page that follows it: a real web process, scheduler, broker and worker."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from uuid import uuid4

from django.conf import settings

from benchmarks import people, processes
from benchmarks.measures import Asked, Line
from benchmarks.server import Visitor, running
from benchmarks.worker import broker, running_worker
from insights import compute

WITHIN = 120.0  # seconds
SECONDS = 3.0
SAVES = 12  # at most
LONG_AGO = timedelta(days=60)
PART = {"HX-Request": "true"}


def lines(asked: Asked) -> Iterator[Line]:
    """A note of now, and one of two months ago, in the longest diary; the sweep is part of it."""
    size, today = max(asked.sizes), asked.now.date()
    person = people.person("fresh", size, today)
    compute.recompute(person.pk, asked.now)
    with broker() as address:
        environment = {**asked.environment, "EBB_BROKER_URL": address}
        with (
            running(environment, settings.SESSION_COOKIE_NAME) as served,
            running_worker(environment, 1),
            _scheduler(environment),
        ):
            visitor = Visitor(served, people.session_of(person))
            visitor.ask("/today/")
            _save(visitor, {"when": "0"})  # the processes are up when this one is followed
            for what, when in (
                ("a note of now", {"when": "0"}),
                (
                    "a note of two months ago",
                    {"when": "other", "day": str(today - LONG_AGO), "time": "12:00"},
                ),
            ):
                took = [_save(visitor, when) for _ in range(min(asked.rounds, SAVES))]
                yield Line(
                    f"from {what} to its page",
                    size,
                    {"median s": median(took), "longest s": max(took)},
                    median(took) / SECONDS,
                    f"{SECONDS:g} s",
                    1.0,
                )


def _save(visitor: Visitor, when: Mapping[str, str]) -> float:
    """Seconds until the weekly page has followed, as a script of the page asks."""
    note = {"form": str(uuid4()), "place": "calf-l", "duration": "seconds", **when}
    start = time.monotonic()
    if visitor.ask("/log/", note).status != 303:
        raise RuntimeError("the note was not saved")
    processes.wait_until(
        lambda: visitor.ask("/insights/", headers=PART).status == 200, WITHIN, "the summary"
    )
    if b'id="behind"' in visitor.ask("/insights/").body:
        raise RuntimeError("the page still waits")
    return time.monotonic() - start


@contextmanager
def _scheduler(environment: Mapping[str, str]) -> Iterator[None]:
    """The sweep every two seconds, as shipped."""
    beat = ["beat", "--scheduler", "config.celery:Scheduler", "--loglevel", "ERROR"]
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "--quiet", "-A", "config", *beat],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)
