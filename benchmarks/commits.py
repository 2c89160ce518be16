"""A commit on SQLite as the product opens it, beside a bare write that must reach the disk."""

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from uuid import uuid4

from django.conf import settings
from django.db import connection

from benchmarks import people
from benchmarks.measures import Asked, Line
from diary.models import Twitch

COMMITS_A_ROUND = 40
BY_DISK = 1.5
BLOCK = b"x" * 4096


def lines(asked: Asked) -> Iterator[Line]:
    """One note a commit; nothing on PostgreSQL, whose disk is its own affair."""
    if connection.vendor != "sqlite":
        return
    person = people.person("commits", 1, asked.now.date())
    connection.ensure_connection()
    database: sqlite3.Connection = connection.connection
    columns = [field.column for field in Twitch._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{name}"' for name in columns)
    copied = ", ".join("?" if name == "uuid" else f'"{name}"' for name in columns)
    insert = f"INSERT INTO diary_twitch ({names}) SELECT {copied} FROM diary_twitch WHERE id = ?"
    note = Twitch.objects.of(person).values_list("pk", flat=True)[0]
    commits, writes = [], []
    with Path(settings.DATA_DIR, "written").open("wb", buffering=0) as file:
        for _ in range(asked.rounds * COMMITS_A_ROUND):
            start = time.perf_counter()
            database.execute("BEGIN IMMEDIATE")
            database.execute(insert, [uuid4().hex, note])
            database.execute("COMMIT")
            commits.append(time.perf_counter() - start)
            start = time.perf_counter()
            file.write(BLOCK)
            os.fdatasync(file.fileno())
            writes.append(time.perf_counter() - start)
    commit, write = median(commits), median(writes)
    yield Line(
        "one note, one commit",
        len(commits),
        {"us": 1e6 * commit, "write us": 1e6 * write},
        commit / write,
        "4 kB written and synced",
        BY_DISK,
    )
