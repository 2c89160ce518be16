"""A PostgreSQL cluster of the test run's own, in a temporary folder, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, newest first; None where it is not installed."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return max(folders, default=None)


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Start a server on a free port and yield the address of an empty database."""
    folder = programs()
    assert folder is not None
    owner = _owner()
    data = Path(tempfile.mkdtemp(prefix="ebb-postgres-"))
    if owner:
        shutil.chown(data, owner)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])

    def run(program: str, *arguments: str) -> None:
        command = [str(folder / program), *arguments]
        subprocess.run(command, user=owner, cwd=data, check=True, stdout=subprocess.DEVNULL)

    where = ["-D", str(data / "db")]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {data}"
    try:
        run("initdb", *where, "-A", "trust", "-U", "ebb", "-E", "UTF8")
        run("pg_ctl", *where, "-w", "-l", str(data / "log"), "-o", options, "start")
        try:
            run("createdb", "-h", "127.0.0.1", "-p", port, "-U", "ebb", "ebb")
            yield f"postgres://ebb@127.0.0.1:{port}/ebb"
        finally:
            run("pg_ctl", *where, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _owner() -> str | None:
    """The server refuses to run as root; Debian's package brings an account for it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return None
