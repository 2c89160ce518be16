"""Asks whether this set-up keeps what it promises: of its database, and of its privacy notice.

A setting may be written down and still not hold: a network folder silently refuses WAL, a server
may have been told not to wait for its disk. `check --database default` and every start ask.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

# What SQLite must answer, in its own words, and what happens otherwise.
SQLITE = {
    "journal_mode": (
        "wal",
        "whoever writes at the same time as another is refused; is the data folder on a network?",
    ),
    "synchronous": (2, "a power cut can take the last save with it"),
    "busy_timeout": (20_000, "who has to wait for a moment is refused"),
    "secure_delete": (1, "what was deleted stays in the file until something is written over it"),
    "foreign_keys": (1, "rows can stay behind without the diary they belong to"),
}
# What PostgreSQL may answer: otherwise it writes statements into its log, with the words in them.
QUIET_LOG = {
    "log_min_error_statement": ("fatal", "panic"),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
}
# Before these, a crash at the wrong moment could leave a database in WAL mode broken.
SOUND_SQLITE = (3, 51, 3)
SOUND_BRANCHES: dict[tuple[int, ...], int] = {(3, 50): 7, (3, 44): 6}


@register(Tags.database)
def promises_are_kept(
    *, databases: Sequence[str] | None = None, **about: Any
) -> list[CheckMessage]:
    """One message for each promise that the database does not keep."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        kept = _sqlite if connections[alias].vendor == "sqlite" else _postgresql
        found += kept(connections[alias])
    return found


def _sqlite(connection: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    with connection.cursor() as cursor:
        for name, (wanted, otherwise) in SQLITE.items():
            cursor.execute(f"PRAGMA {name}")
            answer = cursor.fetchone()[0]
            if answer != wanted:
                said = f"SQLite has {name} {answer} and not {wanted}: {otherwise}."
                found.append(Error(said, id=f"ebb.{name}"))
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        said = "SQLite transactions do not start IMMEDIATE: of two that write, one is refused."
        found.append(Error(said, id="ebb.transaction_mode"))
    if not _is_sound(sqlite3.sqlite_version_info):
        said = f"SQLite {sqlite3.sqlite_version} has a known fault in WAL mode; 3.51.3 has not."
        found.append(Warning(said, id="ebb.sqlite_version"))
    return found


def _is_sound(version: tuple[int, ...]) -> bool:
    fixed_in = SOUND_BRANCHES.get(version[:2])
    return version >= SOUND_SQLITE or (fixed_in is not None and version[2] >= fixed_in)


def _postgresql(connection: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if connection.settings_dict["CONN_MAX_AGE"] and not connection.settings_dict.get(
        "CONN_HEALTH_CHECKS"
    ):
        said = "Connections are kept but not checked: after a restart of the database pages fail."
        found.append(Error(said, id="ebb.health_checks"))
    with connection.cursor() as cursor:
        for name in ("synchronous_commit", "fsync"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] == "off":
                said = f"PostgreSQL has {name} off: a power cut can take the last saves with it."
                found.append(Error(said, id=f"ebb.{name}"))
        for name, quiet in QUIET_LOG.items():
            cursor.execute(f"SHOW {name}")
            if (answer := cursor.fetchone()[0]) not in quiet:
                said = f"PostgreSQL has {name} {answer}: words of a diary can get into its log."
                found.append(Warning(said, id=f"ebb.{name}"))
    return found


@register(Tags.security, deploy=True)
def notice_is_whole(**about: object) -> list[CheckMessage]:
    """A warning where other people are let in and do not learn to whom they entrust a diary."""
    missing = settings.OPERATOR.unsaid
    if settings.SIGNUP != "open" or not missing:
        return []
    said = f"The privacy notice lacks what {', '.join(missing)} would say; others can sign up."
    return [Warning(said, id="ebb.privacy")]
