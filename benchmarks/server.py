"""The product under measurement: one real web worker, asked over real HTTP."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from pathlib import Path
from urllib.parse import urlencode

STARTS_WITHIN = 30  # seconds
PIECE = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and what it took."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    wall: float  # seconds
    cpu: float  # seconds of the worker


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that came, and what it took."""

    size: int  # bytes
    first: float  # seconds until its first byte
    wall: float
    cpu: float


class Visitor:
    """A browser as far as measuring goes: one connection, one session, one CSRF token."""

    def __init__(self, server: "Server", session: str) -> None:
        self.server = server
        self.session = session
        self.token = ""
        self.connection = HTTPConnection("127.0.0.1", server.port)

    def ask(
        self,
        path: str,
        form: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Get a page, or send a form to it."""
        before, start = self.server.cpu(), time.perf_counter()
        response, read = self.exchange(path, form, headers)
        wall = time.perf_counter() - start
        cpu = self.server.cpu() - before
        found = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, read, found, wall, cpu)

    def exchange(
        self,
        path: str,
        form: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[HTTPResponse, bytes]:
        """The same and nothing more: to look what it took costs as much as a small page."""
        cookie = f"{self.server.cookie}={self.session}; csrftoken={self.token}"
        sent = {"Cookie": cookie, "Host": f"localhost:{self.server.port}", **(headers or {})}
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": self.token}, doseq=True)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            response = self._answer(path, body, sent)
        except RemoteDisconnected:  # nothing was asked for longer than the server waits
            response = self._answer(path, body, sent)
        read = response.read()
        found = re.search(r"csrftoken=([^;]+)", response.headers.get("Set-Cookie", ""))
        if found:
            self.token = found[1]
        return response, read

    def _answer(self, path: str, body: str | None, sent: Mapping[str, str]) -> HTTPResponse:
        self.connection.request("POST" if body else "GET", path, body, sent)
        return self.connection.getresponse()

    def fetch(self, path: str) -> Fetched:
        """Get a file piece by piece, and keep none of it."""
        sent = {
            "Cookie": f"{self.server.cookie}={self.session}",
            "Host": f"localhost:{self.server.port}",
        }
        before, start = self.server.cpu(), time.perf_counter()
        self.connection.request("GET", path, headers=sent)
        response = self.connection.getresponse()
        if response.status != 200:
            raise RuntimeError(f"{path}: answered {response.status}")
        size = len(response.read1())
        first = time.perf_counter() - start
        while piece := response.read1(PIECE):
            size += len(piece)
        response.read()  # `read1` leaves an answer open whose length was told
        wall = time.perf_counter() - start
        response.close()
        return Fetched(size, first, wall, self.server.cpu() - before)


class Server:
    """A running worker."""

    def __init__(self, port: int, pid: int, cookie: str) -> None:
        self.port, self.pid, self.cookie = port, pid, cookie

    def cpu(self) -> float:
        """Seconds of CPU that the worker and its threads have used."""
        spent = 0
        for pid in (self.pid, *_children(self.pid)):
            for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                spent += int(task.read_text().split()[0])
        return spent / 1e9

    def memory(self) -> int:
        """Bytes that the worker holds."""
        pids = _children(self.pid) or [self.pid]
        statm = [Path(f"/proc/{pid}/statm").read_text().split()[1] for pid in pids]
        return max(map(int, statm)) * os.sysconf("SC_PAGE_SIZE")

    def peak(self) -> int:
        """Most bytes that the worker held since `forget_peak`."""
        pids = _children(self.pid) or [self.pid]
        status = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
        return max(int(re.findall(r"VmHWM:\s+(\d+) kB", about)[0]) for about in status) * 1024

    def forget_peak(self) -> None:
        """Begin anew to look for the most."""
        for pid in (self.pid, *_children(self.pid)):
            Path(f"/proc/{pid}/clear_refs").write_text("5")


def _children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += [int(child), *_children(int(child))]
    return found


@contextmanager
def running(environment: Mapping[str, str], cookie: str, workers: int = 1) -> Iterator[Server]:
    """Serve the product with its bare views beside it, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", str(workers), "--blocking-threads", "1"),
            *("--log-level", "warning", "config.asgi:application"),
        ],
        env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"},
    )
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while not _listens(port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.05)
        yield Server(port, process.pid, cookie)
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
