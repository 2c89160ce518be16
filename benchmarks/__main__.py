"""Measure the product beside its floor, in one run: `python -m benchmarks`; `--help` has options.

Every measure is a ratio of medians. Numerator and denominator are asked for in turn, so that a busy
machine slows both. CPU is what the kernel counts for the process that does the work.
"""

import argparse
import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path

from benchmarks.measures import Asked, Line, write

PARTS = (
    *("pages", "visits", "throughput", "analysis", "worker", "freshness"),
    *("exports", "imports", "report", "start", "commits"),
)
SIZES = (1_000, 10_000, 100_000)
ROWS = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Make the people, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS, help=f"of {', '.join(PARTS)}")
    parser.add_argument("--json", type=Path, help="also write the measures to this file")
    parser.add_argument("--rounds", type=int, default=15, help="of each pair (default 15)")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="twitches a person")
    parser.add_argument("--days", type=int, default=5 * 365, help="of a diary analysed anew")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, help="of an export")
    parser.add_argument("--others", type=int, default=10_000, help="diaries beside theirs")
    parser.add_argument("--people", type=int, default=2_000, help="that the worker analyses")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(unknown)}")
    lines = []
    with _instance(asked.on) as environment:
        now = _prepare(asked.others)
        given = Asked(
            asked.rounds,
            tuple(asked.sizes),
            asked.days,
            tuple(asked.rows),
            asked.people,
            now,
            environment,
        )
        for part in asked.parts:
            print(f"\n{part} on {asked.on}", flush=True)
            found: Iterator[Line] = import_module(f"benchmarks.{part}").lines(given)
            for line in found:
                print(line, flush=True)
                lines.append(line)
    if asked.json:
        write(lines, asked.json)


@contextlib.contextmanager
def _instance(kind: str) -> Iterator[Mapping[str, str]]:
    """A data folder and an empty database, gone afterwards; yields the settings."""
    with contextlib.ExitStack() as ended:
        data = ended.enter_context(tempfile.TemporaryDirectory(prefix="ebb-bench-"))
        environment = {
            "EBB_DATA": data,
            "EBB_SECRET_KEY": "only-for-measuring-" * 4,
            "EBB_NO_BOOTSTRAP": "1",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            # As the run command has it.
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        if kind == "postgresql":
            from tests import postgres

            environment["EBB_DATABASE_URL"] = ended.enter_context(postgres.cluster())
        os.environ.update(environment)
        yield environment
        _disconnect()


def _prepare(others: int) -> datetime:
    """Tables, static files and other people's diaries. Returns what is now for all of them."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks import people

    call_command("prepare")
    now = timezone.now()
    people.others(others, now.date())
    return now


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    main()
