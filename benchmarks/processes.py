"""What a process and its children use, as the kernel counts it."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += family(int(child))
    return found


def cpu(pid: int) -> float:
    """Seconds of CPU of the family, ended threads and processes included."""
    # Its name, in parentheses, may hold anything; then come the times of it and its ended children.
    stats = [
        Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in family(pid)
    ]
    return sum(sum(map(int, stat[11:15])) for stat in stats) / TICK


def peak(pid: int) -> float:
    """Most megabytes that one process of the family has held."""
    return max(_kilobytes(one, "VmHWM") for one in family(pid)) / 1e3


def memory(pid: int) -> float:
    """Megabytes that the largest process of the family holds."""
    return max(_kilobytes(one, "VmRSS") for one in family(pid)) / 1e3


def _kilobytes(pid: int, name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found else 0


def shares(pid: int) -> list[float]:
    """Megabytes of each process of the family, of what several hold its part."""
    return [
        int(re.findall(r"\nPss:\s+(\d+) kB", Path(f"/proc/{one}/smaps_rollup").read_text())[0])
        / 1e3
        for one in family(pid)
    ]


def wait_until(holds: Callable[[], bool], within: float, what: str) -> float:
    """Ask until it holds; returns the seconds that took. Raises RuntimeError when it never does."""
    start = time.monotonic()
    while not holds():
        if time.monotonic() - start > within:
            raise RuntimeError(f"{what} did not come")
        time.sleep(0.02)
    return time.monotonic() - start
