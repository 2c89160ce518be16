"""A PostgreSQL cluster of the test run's own, in a temporary folder, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 1_000_000_000  # bytes
SMALL = ("-c", "max_wal_size=128MB", "-c", "min_wal_size=32MB")


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, newest first; None where it is not installed."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return max(folders, default=None)


class Server:
    """A server on a free port, with an empty database."""

    def __init__(
        self,
        *options: str,
        superuser: str = "ebb",
        auth: str = "trust",
        within: Path | None = None,
    ) -> None:
        folder = programs()
        assert folder is not None
        self.folder, self.owner = folder, owner()
        self.data = Path(tempfile.mkdtemp(prefix="ebb-postgres-", dir=within))
        if self.owner:
            shutil.chown(self.data, self.owner)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = str(probe.getsockname()[1])
        self.options = options
        self.address = f"postgres://{superuser}@127.0.0.1:{self.port}/ebb"
        who = ["--auth-local", "trust", "--auth-host", auth, "-U", superuser]
        self._run("initdb", *self._where, *who, "-E", "UTF8")
        self.start()
        self._run("createdb", "-h", str(self.data), "-p", self.port, "-U", superuser, "ebb")

    @property
    def _where(self) -> tuple[str, str]:
        return "-D", str(self.data / "db")

    def start(self) -> None:
        """Start, and wait until it answers."""
        where = ["-p", self.port, "-c", "listen_addresses=127.0.0.1", "-k", str(self.data)]
        with (self.data / "log").open("ab") as log:
            # A child of ours, so that it is gone when it was killed: a zombie holds its lock.
            self.process = subprocess.Popen(
                [str(self.folder / "postgres"), *self._where, *where, *self.options],
                user=self.owner,
                cwd=self.data,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        ready = [str(self.folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", self.port]
        while subprocess.call(ready) != 0:
            assert self.process.poll() is None, (self.data / "log").read_text()
            time.sleep(0.05)

    def told(self, script: str) -> None:
        """Run a script as the superuser, from within the machine."""
        where = ["-h", str(self.data), "-p", self.port, "-d", "ebb", "-v", "ON_ERROR_STOP=1", "-q"]
        superuser = self.address.partition("//")[2].partition("@")[0]
        command = [str(self.folder / "psql"), *where, "-U", superuser]
        subprocess.run(command, input=script, text=True, check=True, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        """End it and each of its processes with kill -9, and wait until they are gone."""
        os.kill(self.process.pid, signal.SIGSTOP)  # so that it starts no more of them
        children = _children(self.process.pid)
        for pid in (self.process.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        while any(map(_lives, children)):
            time.sleep(0.01)

    def remove(self) -> None:
        """End it and forget what it held."""
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.data, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.folder / program), *arguments]
        subprocess.run(
            command, user=self.owner, cwd=self.data, check=True, stdout=subprocess.DEVNULL
        )


@contextlib.contextmanager
def cluster(*, in_memory: bool = False) -> Iterator[str]:
    """Start a server and yield the address of an empty database.

    In memory, where there is room, it keeps every promise of a disk but waits for none.
    """
    has_room = in_memory and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    server = Server(*SMALL, within=MEMORY) if has_room else Server()
    try:
        yield server.address
    finally:
        server.remove()


def _children(leader: int) -> list[int]:
    tasks = Path(f"/proc/{leader}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def _lives(pid: int) -> bool:
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        return stat.rpartition(")")[2].split()[0] != "Z"
    return False


def owner() -> str | None:
    """The server refuses to run as root; Debian's package brings an account for it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return None
