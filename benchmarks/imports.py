"""What bringing a whole diary in costs, and what the pages cost meanwhile."""

import csv
import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4
from zipfile import ZipFile

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from benchmarks import exports, people
from benchmarks.measures import Asked, Line, cpu_of
from benchmarks.server import Visitor, running
from diary import consent
from diary.exports.archive import archive
from diary.imports import load, work, zipped
from diary.models import Batch, Diary, Twitch, User

LOOKS = 25  # at a page, before and while
MEANWHILE = 2.0
MEANWHILE_ROWS = 100_000
OF_BARE_LOOP = 0.2
FLOORS = 3  # times that each bare loop runs
FLAT = 1.1
A_DAY = 200  # notes; a diary begins in 2000 at the earliest
LONGEST = 300_000_000  # bytes; a million notes are more than anybody may upload
IN_A_WORKER = """
import gc
import django
django.setup()
from benchmarks import imports
gc.freeze()  # as a worker does
imports.{}({})
"""


@dataclass(frozen=True, slots=True)
class Worked:
    """What a worker of its own took to read a file over and to take it in: seconds and bytes."""

    read_over: float
    read_over_cpu: float
    taken: float
    taken_cpu: float
    before: int
    peak: int


def lines(asked: Asked) -> Iterator[Line]:
    """Reading a file over and taking it in, at each size; then Today while one is taken in."""
    peaks = []
    for rows in sorted(asked.rows):
        worked, of_rows = _one(asked, rows)
        peaks.append(worked.peak)
        yield from of_rows
    yield Line(
        "memory of the longest by the shortest",
        max(asked.rows),
        {"MB more": (peaks[-1] - peaks[0]) / 1e6},
        peaks[-1] / peaks[0],
        "the whole process",
        FLAT,
    )
    yield _meanwhile(asked, min(MEANWHILE_ROWS, max(asked.rows)))


def _one(asked: Asked, rows: int) -> tuple[Worked, list[Line]]:
    file = _file(asked, rows)
    batch = _brought(asked, file)
    said = subprocess.check_output(_command("both", batch.pk), env=_environment(asked))
    worked = msgspec.json.decode(said, type=Worked)
    batch.refresh_from_db()
    if batch.state != Batch.State.TAKEN or "left_out" in batch.counts:
        raise RuntimeError("the file was not taken in whole")
    copied = _taken(lambda: _copy_notes(batch.owner))
    floors = {
        "a loop from csv.reader to csv.writer": lambda: _bare_rows(file),
        "a loop from a cursor to csv.writer": lambda: exports.bare_loop(batch.owner),
    }
    bare = {name: median(cpu_of(loop) for _ in range(FLOORS)) for name, loop in floors.items()}
    together = (worked.read_over + worked.taken, worked.read_over_cpu + worked.taken_cpu)
    return worked, [
        *_beside("read a file over", rows, (worked.read_over, worked.read_over_cpu), bare),
        *_beside("take a file in", rows, (worked.taken, worked.taken_cpu), bare),
        *_beside("both together", rows, together, bare),
        Line(
            "take a file in, on the clock",
            rows,
            {
                "s": worked.taken,
                "by the database's own copy": worked.taken / copied[0],
                "MB at most": worked.peak / 1e6,
                "MB before": worked.before / 1e6,
            },
            worked.taken / 60 * 100_000 / rows,
            "a minute for 100,000 rows",
            1,
        ),
    ]


def _beside(
    what: str, rows: int, taken: tuple[float, float], bare: Mapping[str, float]
) -> Iterator[Line]:
    """One step beside each floor, by CPU."""
    wall, cpu = taken
    for floor, of_floor in bare.items():
        figures = {
            "rows/s of CPU": rows / cpu,
            "rows/s of clock": rows / wall,
            "the loop's": rows / of_floor,
        }
        yield Line(what, rows, figures, of_floor / cpu, floor, OF_BARE_LOOP, at_least=True)


def both(pk: int) -> None:
    """As a worker, read a file over and take it in; say what that took."""
    zipped.UNPACKED_AT_MOST, load.NOTES_AT_MOST = LONGEST, sys.maxsize
    batch = Batch.objects.get(pk=pk)
    before = _peak()
    read_over = _taken(lambda: work.work_on(pk, timezone.now()))
    work.want(batch)
    taken = _taken(lambda: work.work_on(pk, timezone.now()))
    print(msgspec.json.encode(Worked(*read_over, *taken, before, _peak())).decode())


def take(pk: int) -> None:
    """As a worker, take in what was read over."""
    work.work_on(pk, timezone.now())


def _meanwhile(asked: Asked, rows: int) -> Line:
    """Today of somebody else, before and while a worker of its own takes a file in."""
    batch = _brought(asked, _file(asked, rows))
    work.work_on(batch.pk, asked.now)
    batch.refresh_from_db()
    work.want(batch)
    visitor = people.person(f"meanwhile-{rows}", 2_000, asked.now.date())
    with running(asked.environment, settings.SESSION_COOKIE_NAME) as served:
        page = Visitor(served, people.session_of(visitor))
        page.ask("/today/")
        usual = median(page.ask("/today/").wall for _ in range(LOOKS))
        with subprocess.Popen(_command("take", batch.pk), env=_environment(asked)) as worker:
            times, told = [], set()
            while worker.poll() is None:
                times.append(page.ask("/today/").wall)
                told.add(Batch.objects.values_list("progress", flat=True).get(pk=batch.pk))
                time.sleep(0.05)
    if worker.returncode or Batch.objects.get(pk=batch.pk).state != Batch.State.TAKEN:
        raise RuntimeError("the file was not taken in")
    figures = {"usual ms": 1e3 * usual, "ms": 1e3 * median(times), "worst ms": 1e3 * max(times)}
    return Line(
        "Today while a file is taken in",
        rows,
        {**figures, "progress seen": len(told)},
        median(times) / usual,
        "usual",
        MEANWHILE,
    )


def _file(asked: Asked, rows: int) -> bytes:
    """Everything of somebody with so many notes, in one file."""
    keeper = User.objects.filter(email=f"moves-{rows}@bench.invalid").first()
    days = max(1, rows // A_DAY)
    keeper = keeper or people.even(f"moves-{rows}", days, rows // days, asked.now.date())
    diary = Diary.objects.select_related("owner").get(owner=keeper)
    return b"".join(archive(diary, asked.now.date()))


def _brought(asked: Asked, file: bytes) -> Batch:
    """The file, brought by somebody with an empty diary."""
    owner = User.objects.create_user(f"{uuid4()}@bench.invalid", None)
    consent.give(owner, asked.now)
    pieces = iter(partial(io.BytesIO(file).read, work.PIECE), b"")
    work.ask(owner, uuid4(), "ebb.zip", pieces, asked.now)
    batch: Batch = Batch.objects.select_related("owner").get(owner=owner)
    return batch


def _bare_rows(file: bytes) -> None:
    """Read every table of the file and write it again, and nothing else."""
    writer = csv.writer(io.StringIO())
    with ZipFile(io.BytesIO(file)) as zipped:
        for name in zipped.namelist():
            if name.endswith(".csv"):
                with zipped.open(name) as member:
                    rows = csv.reader(io.TextIOWrapper(member, "utf-8-sig", newline=""))
                    writer.writerows(rows)


def _copy_notes(owner: User) -> None:
    """Let the database write the same notes by itself, for somebody else, with their indexes."""
    other = User.objects.create_user(f"{uuid4()}@bench.invalid", None)
    fields = [field for field in Twitch._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields if field.name != "owner")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Twitch._meta.db_table} (owner_id, {columns})"
            f" SELECT %s, {columns} FROM {Twitch._meta.db_table} WHERE owner_id = %s",
            [other.pk, owner.pk],
        )


def _taken(step: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of CPU."""
    start, before = time.perf_counter(), time.process_time()
    step()
    return time.perf_counter() - start, time.process_time() - before


def _peak() -> int:
    """The most bytes that this process has held."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def _command(do: str, pk: int) -> list[str]:
    return [sys.executable, "-c", IN_A_WORKER.format(do, pk)]


def _environment(asked: Asked) -> dict[str, str]:
    return {**asked.environment, "PYTHONPATH": str(settings.BASE_DIR)}
