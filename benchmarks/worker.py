"""A night of a real worker: people whose week has ended, handed on by the sweep in batches."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from benchmarks import people, processes
from benchmarks.measures import Asked, Line
from config.celery import app
from diary.models import Diary
from insights import compute, tasks
from insights.analysis.series import WINDOW_DAYS

TEMPLATES = 10  # different diaries; the others are copies of them
PEOPLE_A_NIGHT = 500  # nights of two processes and of one take turns; a short one is all end
EMPTY_TASKS = 200
MILLION = 1_000_000
SHARE_OF_QUEUE = 0.05
TWO_BY_ONE = 1.8
WITHIN = 1800.0  # seconds
LOOK_EVERY = 0.2  # seconds: looking takes from the cores that the worker has


@dataclass(frozen=True, slots=True)
class Night:
    """What a group of people took."""

    people: int
    wall: float
    cpu: float  # of the worker and of the sweeps
    peak: float  # MB of its largest process


def lines(asked: Asked) -> Iterator[Line]:
    """Diaries a second and core, the queue's own share, two processes beside one, memory."""
    groups = _everybody(asked)
    with broker() as address:
        app.conf.broker_url = address
        environment = {**asked.environment, "EBB_BROKER_URL": address}
        nights = [_night(asked, environment, group, 2 - n % 2) for n, group in enumerate(groups)]
        empty = _empty_task(environment)
    done = sum(night.people for night in nights)
    a_person = sum(night.cpu for night in nights) / done
    yield Line(
        "people analysed by the worker",
        done,
        {"CPU ms a person": 1e3 * a_person, "an hour and core": 3600 / a_person},
    )
    yield Line(
        "a million people a week",
        MILLION,
        {
            "core-hours": MILLION * a_person / 3600,
            "MB a process": max(night.peak for night in nights),
        },
    )
    share = empty / tasks.TOGETHER / a_person
    yield Line(
        "the queue's share of CPU",
        done,
        {"ms an empty task": 1e3 * empty, "people a task": tasks.TOGETHER, "share": share},
        share / SHARE_OF_QUEUE,
        "5 % of the CPU",
        1.0,
    )
    two, one = _speed(nights[::2]), _speed(nights[1::2])
    yield Line(
        "two processes of a worker",
        done,
        {"people/s": two[0], "cores had": two[1], "people/s of one": one[0], "cores": one[1]},
        two[0] / one[0],
        "one process",
        TWO_BY_ONE,
        at_least=True,
    )


def _speed(nights: Sequence[Night]) -> tuple[float, float]:
    """People a second of the clock, and how much of how many cores the machine let them have."""
    wall = sum(night.wall for night in nights)
    return sum(night.people for night in nights) / wall, sum(night.cpu for night in nights) / wall


def _everybody(asked: Asked) -> list[list[int]]:
    """Groups of people with a year, all of whose weeks are stored but the last two."""
    nights = 2 * max(1, asked.people // (2 * PEOPLE_A_NIGHT))
    groups: list[list[int]] = [[] for _ in range(nights)]
    templates = min(TEMPLATES, asked.people // nights)
    days = min(WINDOW_DAYS, asked.days)
    for n in range(templates):
        first = people.year(f"night-{n}", days, asked.now.date(), seed=100 + n)
        compute.recompute(first.pk, asked.now)
        people.forget_latest(first, asked.now)
        copies = people.copies(first, asked.people // templates - 1, summaries=True)
        for at, one in enumerate([first, *copies]):
            groups[at % nights].append(one.pk)
    return groups


def _night(
    asked: Asked, environment: Mapping[str, str], group: Sequence[int], at_once: int
) -> Night:
    """The week of these people has ended: sweep and work until all are followed."""
    ours = Diary.objects.filter(owner__in=group)
    with running_worker(environment, at_once) as pid:
        tasks.ring([[]])
        processes.wait_until(_queue_is_empty, WITHIN, "a first task")
        ours.update(due_at=asked.now - timedelta(minutes=1))
        before, start, sweeps = processes.cpu(pid), time.monotonic(), 0.0
        while ours.filter(due_at__lte=asked.now).exists():
            if ours.stale(timezone.now()).exists():
                own = time.process_time()
                tasks.sweep()
                sweeps += time.process_time() - own
            if time.monotonic() - start > WITHIN:
                raise RuntimeError("the worker did not come to an end")
            time.sleep(LOOK_EVERY)
        wall = time.monotonic() - start
        return Night(len(group), wall, processes.cpu(pid) - before + sweeps, processes.peak(pid))


def _empty_task(environment: Mapping[str, str]) -> float:
    """CPU of a task for nobody: of who sends it and of the worker."""
    with running_worker(environment, 1) as pid:
        tasks.ring([[]])
        processes.wait_until(_queue_is_empty, WITHIN, "a first task")
        before, own = processes.cpu(pid), time.process_time()
        tasks.ring([[]] * EMPTY_TASKS)
        sent = time.process_time() - own
        processes.wait_until(_queue_is_empty, WITHIN, "the end of the tasks")
        return (processes.cpu(pid) - before + sent) / EMPTY_TASKS


def _queue_is_empty() -> bool:
    """Whether nothing waits and nothing is being worked on."""
    with app.connection_for_read() as connection:
        client = connection.default_channel.client
        return not client.llen("celery") and not client.hlen("unacked")


@contextmanager
def running_worker(environment: Mapping[str, str], at_once: int) -> Iterator[int]:
    """As the containers run it, but for the number of processes; yields its process id."""
    pool = ["--pool", "prefork", "--concurrency", str(at_once), "--loglevel", "ERROR"]
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", *pool],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def broker() -> Iterator[str]:
    """A server of the Redis protocol on a socket of its own."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if not program:
        raise RuntimeError("a worker needs redis-server or valkey-server: install one")
    with TemporaryDirectory(prefix="ebb-bench-") as folder:
        path = Path(folder, "broker.sock")
        nothing_kept = ["--port", "0", "--unixsocket", str(path), "--save", "", "--dir", folder]
        process = subprocess.Popen([program, *nothing_kept], stdout=subprocess.DEVNULL)
        try:
            processes.wait_until(path.exists, 10, "the broker")
            yield f"redis+socket://{path}"
        finally:
            process.terminate()
            process.wait(10)
