"""Signs of life: worker and scheduler touch a file whenever something was done.

A process that runs and does nothing any more is found by the age of its file. Standard library
only, because containers ask often: `python -m config.alive worker` ends with 0 when it lives.
"""

import contextlib
import os
import ssl
import sys
import time
import urllib.request
from pathlib import Path

SILENT_AT_MOST = 180.0  # seconds; a long task gives signs meanwhile, and no pause is as long
LOOKED_EVERY = 5.0  # seconds
HERE = Path(__file__).resolve().parent.parent


def sign(role: str, folder: Path | None = None) -> Path:
    """The file whose time says when the role last did something."""
    return (folder or HERE / os.environ.get("EBB_DATA", "var")) / f"{role}.alive"


def tell(role: str) -> None:
    """Note that the role did something just now; a disk that is full must not stop its work."""
    try:
        sign(role).touch()
    except OSError:
        return


class Silence:
    """How long a process has given no sign of life; a machine that slept counts as a moment."""

    def __init__(self, role: str, folder: Path | None = None) -> None:
        self.role = role
        self.sign = sign(role, folder)
        self.last: float | None = None
        self.since = time.monotonic()

    def is_too_long(self) -> bool:
        """Whether it must be started again; from then on it is waited for anew."""
        with contextlib.suppress(OSError):
            if (changed := self.sign.stat().st_mtime) != self.last:
                self.last, self.since = changed, time.monotonic()
        if time.monotonic() - self.since < SILENT_AT_MOST:
            return False
        self.since = time.monotonic()
        return True


def end_when_silent(role: str) -> None:
    """End this process once it does nothing any more: whoever started it starts it again.

    One that has lost its queue runs on and never finds out by itself. It is left at once and not
    killed: the first process of a container is deaf to every signal from within, SIGKILL too.
    """
    silence = Silence(role)
    while not silence.is_too_long():
        time.sleep(LOOKED_EVERY)
    os._exit(1)


def lives(role: str) -> bool:
    """Whether the role did something lately; the web process is asked."""
    if role == "web":
        return _answers(os.environ.get("PORT", "8000"))
    try:
        return time.time() - sign(role).stat().st_mtime < SILENT_AT_MOST
    except OSError:
        return False


def _answers(port: str) -> bool:
    # The name it is asked by is always allowed, whatever the public ones are.
    certificate = os.environ.get("GRANIAN_SSL_CERTIFICATE")
    trusted = ssl.create_default_context(cafile=certificate) if certificate else None
    address = f"{'https' if trusted else 'http'}://localhost:{port}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=5, context=trusted) as answer:
            return bool(answer.status == 200)
    except OSError:  # refused, late, or an answer other than 2xx
        return False


if __name__ == "__main__":
    sys.exit(0 if lives(sys.argv[1]) else 1)
