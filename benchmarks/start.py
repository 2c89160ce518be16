"""Starting: the first tables, a web process until its first page, and what it then holds."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from django.conf import settings

from benchmarks import people, processes
from benchmarks.measures import Asked, Line
from benchmarks.server import Visitor, running

WITHIN = 120.0  # seconds
ROUNDS_AT_MOST = 7
PRODUCT, BARE = "config.settings", "benchmarks.bare"
READY, MIGRATED, IDLE, USED = 1.5, 2.0, 1.4, 1.1
PAGES = 100  # of heavy use
SETTLED = 10.0  # seconds; then all are there and idle; fewer where few rounds are asked for


@dataclass(frozen=True, slots=True)
class Started:
    """What a web process took until its first page, and holds after it."""

    cpu: float
    memory: float  # MB


def lines(asked: Asked) -> Iterator[Line]:
    """Migrations, the start of a web process, its memory idle and after heavy use."""
    rounds = min(asked.rounds, ROUNDS_AT_MOST)
    tables: dict[str, list[float]] = {PRODUCT: [], BARE: []}
    starts: dict[str, list[Started]] = {PRODUCT: [], BARE: []}
    for _ in range(rounds):
        for module in (PRODUCT, BARE):
            with TemporaryDirectory(prefix="ebb-bench-") as data:
                environment = _environment(asked, module, data)
                tables[module].append(_migrate(environment))
                # With its static files collected, as every start but the first finds them.
                ready = (
                    environment if module == BARE else {**asked.environment, **_settings(PRODUCT)}
                )
                starts[module].append(_start(ready))
    first, floor = median(tables[PRODUCT]), median(tables[BARE])
    yield Line(
        "first migration",
        1,
        {"CPU s": first, "bare CPU s": floor},
        first / floor,
        "Django's own apps",
        MIGRATED,
    )
    cpu, bare = (median(s.cpu for s in starts[module]) for module in (PRODUCT, BARE))
    yield Line(
        "a web process until its first page",
        1,
        {"CPU s": cpu, "bare CPU s": bare},
        cpu / bare,
        "a bare Django",
        READY,
    )
    held, least = (median(s.memory for s in starts[module]) for module in (PRODUCT, BARE))
    yield Line(
        "memory of an idle web process",
        1,
        {"MB": held, "bare MB": least},
        held / least,
        "a bare Django",
        IDLE,
    )
    yield _after_use(asked)
    yield from _run_command(asked, bare)


def _run_command(asked: Asked, bare: float) -> Iterator[Line]:
    """`manage.py up` on an empty folder, and again; its packages are installed already."""
    with TemporaryDirectory(prefix="ebb-bench-") as data:
        for what in ("the run command, first start", "the run command, second start"):
            cpu, wall, held = _up(asked, data)
            figures = {"CPU s": cpu, "seconds": wall}
            yield Line(what, 1, figures, cpu / bare, "a bare Django's first page")
    figures = {"MB of all": sum(held), "processes": len(held), "MB at most": max(held)}
    yield Line("memory of the run command, idle", 1, figures)


def _up(asked: Asked, data: str) -> tuple[float, float, list[float]]:
    """CPU of all its processes until a page is there, the seconds, and what each holds idle."""
    port = _free_port()
    environment = _environment(asked, PRODUCT, data)
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(port), "--data", data],
        env=_whole(environment),
        stdout=subprocess.DEVNULL,
    )
    try:
        processes.wait_until(lambda: _answers(port), WITHIN, "a first page")
        cpu, wall = processes.cpu(process.pid), time.monotonic() - began
        time.sleep(min(SETTLED, asked.rounds))
        return cpu, wall, processes.shares(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _environment(asked: Asked, module: str, data: str) -> dict[str, str]:
    ours = {name: value for name, value in asked.environment.items() if name != "EBB_DATABASE_URL"}
    return {**ours, **_settings(module), "EBB_DATA": data}


def _settings(module: str) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": module}


def _migrate(environment: Mapping[str, str]) -> float:
    """CPU of making all tables in an empty database."""
    before = _children()
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=_whole(environment), check=True, timeout=WITHIN)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _start(environment: Mapping[str, str]) -> Started:
    """A server of one worker until it has answered once."""
    with _serving(environment) as (pid, port):
        processes.wait_until(lambda: _answers(port), WITHIN, "a first page")
        return Started(processes.cpu(pid), processes.memory(pid))


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=WITHIN)
    try:
        connection.request("GET", "/accounts/login/", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


# As shipped, and as Django starts by itself.
SERVED = {
    PRODUCT: ("--interface", "asginl", "config.asgi:application"),
    BARE: ("--interface", "wsgi", "--factory", "django.core.wsgi:get_wsgi_application"),
}


@contextmanager
def _serving(environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """A server with one worker; yields its process id and port."""
    port = _free_port()
    served = SERVED[environment["DJANGO_SETTINGS_MODULE"]]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "1", "--no-ws", "--log-level", "error", *served),
        ],
        env=_whole(environment),
    )
    try:
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _whole(environment: Mapping[str, str]) -> dict[str, str]:
    # Every start but the first finds its modules compiled, unless a machine of a developer says no.
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": str(Path.cwd())}
    return {**os.environ, **environment, **compiled}


def _after_use(asked: Asked) -> Line:
    """A hundred pages and the longest diary as a file, and what stays of them in memory."""
    size = max(asked.sizes)
    person = people.person("heavy", size, asked.now.date())
    with running(asked.environment, settings.SESSION_COOKIE_NAME) as served:
        visitor = Visitor(served, people.session_of(person))
        for path in ("/today/", "/diary/", "/export/checks.csv"):
            visitor.ask(path)
        before = served.memory()
        for _ in range(PAGES):
            visitor.ask("/today/")
        visitor.fetch("/export/notes.csv")
        after = served.memory()
    return Line(
        "memory after heavy use",
        size,
        {"MB": after / 1e6, "MB before": before / 1e6},
        after / before,
        "after three pages",
        USED,
    )
