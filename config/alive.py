"""Signs of life: worker and scheduler touch a file whenever something was done.

A process that runs and does nothing any more is found by the age of its file. Standard library
only, because containers ask often: `python -m config.alive worker` ends with 0 when it lives.
"""

import os
import sys
import time
import urllib.request
from pathlib import Path

SILENT_AT_MOST = 180.0  # seconds; longer than the longest task, far longer than any pause
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
    question = urllib.request.Request(
        f"http://127.0.0.1:{port}/healthz", headers={"Host": "localhost"}
    )
    try:
        with urllib.request.urlopen(question, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:  # refused, late, or an answer other than 2xx
        return False


if __name__ == "__main__":
    sys.exit(0 if lives(sys.argv[1]) else 1)
