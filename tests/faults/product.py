"""The real product to do harm to: on one machine, and as separate processes with two servers."""

import contextlib
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from json import loads
from pathlib import Path
from typing import Any

import psycopg
import yaml

from tests import postgres
from tests.conftest import ROOT, Running, answers, free_port, own_environment, start_ebb, wait_until

DISK = "96m"  # of a data folder that can be filled
RESTARTED_AFTER = 0.5  # seconds, as a container's restart policy would
OPEN = {"EBB_SIGNUP": "open", "EBB_LOG_LEVEL": "WARNING"}
KEY = "only-for-this-run-0123456789-0123456789-0123456789"
BACK_WITHIN = 90  # seconds until what was killed must be there again


def children(leader: int) -> list[int]:
    """The processes that a process has started and that still run."""
    with contextlib.suppress(OSError):
        tasks = Path(f"/proc/{leader}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]
    return []


def lives(pid: int) -> bool:
    """Whether a process runs, and is not only remembered."""
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[0] not in "ZX"
    return False


def kill(pid: int) -> None:
    """What nobody can prepare for."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Product(ABC):
    """What both ways to run it share: who can be hit, and what its tables say."""

    roles: tuple[str, ...]
    url: str
    has_disk = False  # one of its own, which can be filled

    @abstractmethod
    def pid(self, role: str) -> int | None:
        """The process of a role at this moment."""

    @abstractmethod
    def asked(self, question: str) -> list[tuple[Any, ...]]:
        """The rows that the database answers."""

    @abstractmethod
    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Somebody else holds what a save needs."""

    def filled(self) -> contextlib.AbstractContextManager[None]:
        """The disk has no room left. Raises RuntimeError without a disk of its own."""
        raise RuntimeError("there is no disk here that may be filled")

    def hit(self, role: str, chance: random.Random) -> bool:
        """Kill -9 a role, or one process of it; False when it was not there to be hit."""
        leader = self.pid(role)
        if leader is None or not lives(leader):
            return False
        own = children(leader)
        if role in ("web", "worker") and own and chance.random() < 0.4:
            kill(chance.choice(own))  # a part of it, as the system does when memory runs out
        elif chance.random() < 0.5:
            kill(leader)  # its children have to notice
        else:
            for pid in (leader, *own):
                kill(pid)
        return True

    def frozen(self, role: str) -> contextlib.AbstractContextManager[None]:
        """A role that is there and does nothing."""
        return frozen(self.pid(role))

    def is_whole(self) -> bool:
        """Whether every role runs, and pages are answered."""
        running = [self.pid(role) for role in self.roles]
        return all(pid and lives(pid) for pid in running) and answers(f"{self.url}healthz") == 200


@contextlib.contextmanager
def frozen(pid: int | None) -> Iterator[None]:
    """Stop a process as it stands, and let it go on."""
    if pid is None:
        yield
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


class OneMachine(Product):
    """`manage.py up`, with SQLite in a data folder of its own."""

    roles = ("web", "worker", "scheduler", "broker", "supervisor")

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="ebb-faults-"))
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "ebb-faults", str(self.data)]
        # The disk can only be filled where a small one of our own may be made.
        self.has_disk = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        self.environment = OPEN | (environment or {})
        self.port = free_port()
        self.running = self._start()
        self.url = self.running.url

    def _start(self) -> Running:
        return start_ebb(self.data, port=self.port, environment=self.environment)

    def pid(self, role: str) -> int | None:
        if role == "supervisor":
            return self.running.process.pid
        with contextlib.suppress(OSError, ValueError, StopIteration):
            record = loads((self.data / "processes.json").read_text())
            return next(int(row["pid"]) for row in record if row["name"] == role)
        return None

    def hit(self, role: str, chance: random.Random) -> bool:
        if role != "supervisor":
            return super().hit(role, chance)
        self.running.process.kill()
        self.running.ended()
        time.sleep(chance.random())
        self.running = self._start()
        return True

    @property
    def database(self) -> Path:
        """The file that holds everything."""
        return self.data / "ebb.sqlite3"

    def asked(self, question: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as connection:
            return connection.execute(question).fetchall()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def filled(self) -> Iterator[None]:
        filler = self.data / "filler"
        block = b"\0" * 65536
        try:
            with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(block)
            yield
        finally:
            filler.unlink(missing_ok=True)

    def end(self) -> None:
        """Stop it and forget what it held."""
        self.running.process.terminate()
        self.running.ended()
        if self.has_disk:
            subprocess.run(["umount", str(self.data)], check=False)
        shutil.rmtree(self.data, ignore_errors=True)


def commands(port: int) -> dict[str, list[str]]:
    """The commands of the Dockerfile and docker-compose.yml, by this Python."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    found = re.search(r"^CMD \[(.*)\]$", dockerfile, re.MULTILINE)
    assert found
    web = re.findall(r'"([^"]+)"', found[1])
    web[web.index("--port") + 1] = str(port)
    web[web.index("--host") + 1] = "127.0.0.1"
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    named = {
        "web": web,
        "worker": services["worker"]["command"],
        "scheduler": services["beat"]["command"],
    }
    return {role: [sys.executable, "-m", *command] for role, command in named.items()}


METRICS = [sys.executable, "manage.py", "metrics"]


class Servers(Product):
    """Web, worker and scheduler as containers run them, on PostgreSQL and Redis.

    What ends is started again after half a second, as a restart policy does; the database when its
    outage is over.
    """

    roles = ("web", "worker", "scheduler", "broker", "database")

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        assert program
        self.server = postgres.Server()
        self.data = Path(tempfile.mkdtemp(prefix="ebb-faults-"))
        port, broker = free_port(), free_port()
        self.url = f"http://localhost:{port}/"
        self.environment = (
            own_environment()
            | OPEN
            | {
                "EBB_SECRET_KEY": KEY,
                "EBB_DATA": str(self.data),
                "EBB_DATABASE_URL": self.server.address,
                "EBB_BROKER_URL": f"redis://127.0.0.1:{broker}/0",
                "PORT": str(port),
            }
        )
        self.environment |= environment or {}
        kept = ["--save", "", "--appendonly", "no", "--dir", str(self.data)]
        self.commands = commands(port) | {
            "broker": [program, "--port", str(broker), "--bind", "127.0.0.1", *kept]
        }
        if "EBB_METRICS_PORT" in self.environment:
            self.commands["metrics"] = METRICS
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.ending = threading.Event()
        subprocess.run(
            [sys.executable, "manage.py", "prepare"], cwd=ROOT, env=self.environment, check=True
        )
        self._keep()
        self.keeper = threading.Thread(target=self._keep_running, daemon=True)
        self.keeper.start()
        wait_until(self.is_whole, "the processes to start", seconds=60)

    def _keep_running(self) -> None:
        while not self.ending.wait(RESTARTED_AFTER):
            self._keep()

    def _keep(self) -> None:
        for role, command in self.commands.items():
            process = self.processes.get(role)
            if process and process.poll() is None:
                continue
            if process:
                _kill_group(process.pid)  # a server's own workers would keep the port
            with (self.data / f"{role}.log").open("ab") as log:
                self.processes[role] = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def pid(self, role: str) -> int | None:
        process = self.server.process if role == "database" else self.processes[role]
        return process.pid

    def hit(self, role: str, chance: random.Random) -> bool:
        if role != "database":
            return super().hit(role, chance)
        self.server.kill()
        time.sleep(2 * chance.random())
        self.server.start()
        return True

    def asked(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.server.address) as connection:
            return connection.execute(question.encode()).fetchall()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        with psycopg.connect(self.server.address) as connection:
            connection.execute("LOCK TABLE diary_diary IN EXCLUSIVE MODE")
            yield
            connection.rollback()

    def end(self) -> None:
        """Stop everything and forget what it held."""
        self.ending.set()
        self.keeper.join()
        for process in self.processes.values():
            _kill_group(process.pid)
            process.wait()
        self.server.remove()
        shutil.rmtree(self.data, ignore_errors=True)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
