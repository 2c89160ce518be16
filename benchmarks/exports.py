"""Files of a diary over real HTTP, beside a bare cursor-to-csv.writer loop in the same run."""

import csv
import io
from collections.abc import Iterator
from statistics import median

from django.conf import settings
from django.db import connection

from benchmarks import people
from benchmarks.measures import Asked, Line, cpu_of
from benchmarks.server import Visitor, running
from diary.models import Twitch, User

ROUNDS_AT_MOST = 7
OF_BARE_LOOP = 0.35
FIRST_BYTE = 20
MEMORY_MB = 8
ROWS_A_CHUNK = 2000
# As many cells as the export of the notes has, as they are stored.
CELLS = (
    *("uuid", "day", "started_at", "zone", "place", "kind", "duration", "duration_s", "words"),
    *("added_later", "caffeine_mg", "sleep_minutes", "stress", "drinks_ml", "more"),
    *("group", "created_at", "edited_at"),
)


def lines(asked: Asked) -> Iterator[Line]:
    """Notes as CSV and the whole archive, shortest first; a fresh server for each length."""
    peaks: list[float] = []
    for rows in sorted(asked.rows):
        person = people.person(f"rows-{rows}", rows, asked.now.date())
        with running(asked.environment, settings.SESSION_COOKIE_NAME) as served:
            visitor = Visitor(served, people.session_of(person))
            visitor.ask("/bare/")
            visitor.fetch("/export/checks.csv")
            idle = served.memory()
            served.forget_peak()
            rounds = min(asked.rounds, ROUNDS_AT_MOST)
            yield from _beside_a_loop(visitor, person, rounds)
            peaks.append((served.peak() - idle) / 1e6)
            yield Line(
                "memory of a CSV above idle",
                rows,
                {"MB": peaks[-1]},
                peaks[-1] / MEMORY_MB,
                f"{MEMORY_MB} MB",
                1.0,
            )
            # The archive is for those who signed in a moment ago.
            yield from _archive(Visitor(served, people.session_of(person)), rows)
    yield Line(
        "the same, longest by shortest",
        max(asked.rows),
        {"MB more": peaks[-1] - peaks[0]},
        (idle / 1e6 + peaks[-1]) / (idle / 1e6 + peaks[0]),
        "the whole process",
        1.1,
    )


def _beside_a_loop(visitor: Visitor, person: User, rounds: int) -> Iterator[Line]:
    fetched, bare, loops = [], [], []
    rows = Twitch.objects.of(person).count()
    for _ in range(rounds):
        loops.append(cpu_of(lambda: bare_loop(person)))
        fetched.append(visitor.fetch("/export/notes.csv"))
        bare.append(visitor.ask("/bare/").wall)
    cpu, loop = median(answer.cpu for answer in fetched), median(loops)
    first = median(answer.first for answer in fetched)
    yield Line(
        "notes as CSV, rows a second",
        rows,
        {
            "rows/s of CPU": rows / cpu,
            "rows/s of clock": rows / median(answer.wall for answer in fetched),
            "the loop's": rows / loop,
        },
        loop / cpu,
        "a bare loop",
        OF_BARE_LOOP,
        at_least=True,
    )
    yield Line(
        "its first byte",
        rows,
        {"ms": 1e3 * first},
        first / median(bare),
        "a bare view",
        FIRST_BYTE,
    )


def _archive(visitor: Visitor, rows: int) -> Iterator[Line]:
    answer = visitor.fetch("/export/everything.zip")
    yield Line(
        "the whole archive, rows a second",
        rows,
        {"rows/s of CPU": rows / answer.cpu, "rows/s of clock": rows / answer.wall},
    )


def bare_loop(person: User) -> None:
    """The floor: nothing is made safe, nothing is put on a local clock."""
    columns = ", ".join(connection.ops.quote_name(cell) for cell in CELLS)
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM diary_twitch WHERE owner_id = %s ORDER BY day, started_at, id",
            [person.pk],
        )
        while some := cursor.fetchmany(ROWS_A_CHUNK):
            sheet = io.StringIO()
            csv.writer(sheet).writerows(some)
            sheet.getvalue().encode()
