"""Copies of everything that Ebb keeps: made while it runs, checked, and put back.

A copy is one moment of the whole database. SQLite is copied by its own backup, PostgreSQL by its
own programs. Nothing here writes to the database that is in use before the copy has been read to
its end, and what a copy takes the place of is kept beside it.
"""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from diary.models import Diary

SQLITE_STARTS_WITH, POSTGRES_STARTS_WITH = b"SQLite format 3\0", b"PGDMP"
# What a copy is said to hold, by table; the rest is only counted.
NAMED = {"diary_user": "accounts", "diary_twitch": "notes", "diary_day": "days"}
MIGRATIONS = MigrationRecorder.Migration._meta.db_table
ASIDE = "before_restore_"  # the start of the name under which the old database is kept


class Refusal(Exception):
    """A reason not to copy or not to put back, as one plain sentence."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy holds: rows by table, and the migrations it stands at."""

    rows: dict[str, int]
    migrations: frozenset[tuple[str, str]]

    def __str__(self) -> str:
        named = ", ".join(f"{name}: {self.rows.get(table, 0)}" for table, name in NAMED.items())
        return f"{named}; in all {sum(self.rows.values())} rows in {len(self.rows)} tables"


def write(file: Path) -> Contents:
    """Copy the database into a new file and read the copy back. Returns what it holds.

    Raises Refusal when the file is there already, can't be written or is not what was copied.
    """
    if file.exists():
        raise Refusal(f"{file} is there already; nothing was written.")
    fresh = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)  # it holds diaries: for nobody else on this machine
        expected = _kind().write(fresh)
        found = read(fresh)
        if found != expected:
            raise Refusal("The copy does not hold what the database held; it was thrown away.")
        _keep_through_a_power_cut(fresh)
        fresh.replace(file)
    except OSError as fault:
        raise Refusal(f"{file} can't be written: {fault.strerror}.") from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
    return found


def read(file: Path) -> Contents:
    """What a copy holds, read to its end. Raises Refusal when it is broken or of another kind."""
    try:
        with file.open("rb") as start:
            first = start.read(len(SQLITE_STARTS_WITH))
    except OSError as fault:
        raise Refusal(f"{file} can't be read: {fault.strerror}.") from None
    kinds: dict[bytes, Kind] = {SQLITE_STARTS_WITH: SQLite, POSTGRES_STARTS_WITH: PostgreSQL}
    found = next((kinds[magic] for magic in kinds if first.startswith(magic)), None)
    if found is None:
        raise Refusal(f"{file} is no backup of Ebb, or its start is broken.")
    if found is not _kind():
        raise Refusal(
            f"{file} is a copy of {found.__name__}, but Ebb is set up with {_kind().__name__}."
        )
    contents = found.read(file)
    if not contents.migrations or "diary_user" not in contents.rows:
        raise Refusal(f"{file} is no backup of Ebb: its tables are missing.")
    return contents


def restore(file: Path, now: datetime) -> tuple[Contents, str]:
    """Put a copy in the place of the database. Returns what it held and where the old one is kept.

    Every diary is to be analysed anew, and everybody signs in again: a session that was ended
    since the copy must not come back to life. The caller holds the lock of the data folder.
    Raises Refusal before anything has changed.
    """
    contents = read(file)
    newer = sorted(contents.migrations - _known())
    if newer:
        app, name = newer[-1]
        raise Refusal(f"{file} was made by a newer Ebb (it knows {app} {name}); upgrade Ebb first.")
    aside = f"{ASIDE}{now:%Y%m%d_%H%M%S}"
    return contents, _kind().replace(file, aside, now)


def _known() -> set[tuple[str, str]]:
    """The migrations of this Ebb, and those that they took the place of."""
    ours = MigrationLoader(None).disk_migrations
    return set(ours).union(*(migration.replaces for migration in ours.values()))


def _made_ready(now: datetime) -> None:
    """Bring what was put back up to this version, and let nothing derived from before stand."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    Session.objects.all().delete()
    Diary.objects.update(claimed_until=None, tries=0)
    Diary.objects.all().mark_stale(now)


def _kind() -> "Kind":
    return SQLite if connection.vendor == "sqlite" else PostgreSQL


def _keep_through_a_power_cut(file: Path) -> None:
    for path, flags in ((file, os.O_RDWR), (file.parent, os.O_RDONLY)):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class SQLite:
    """A copy is a database file of its own."""

    @staticmethod
    def write(file: Path) -> Contents:
        """Copy one moment, while others write. Returns what that moment held."""
        source = Path(connection.settings_dict["NAME"])
        if not source.exists():
            raise Refusal(f"There is no database at {source} yet.")
        try:
            with _opened(source) as database, _opened(file) as copy:
                database.execute("BEGIN")  # one moment for the count and for the copy
                held = _contents(database)
                database.backup(copy)
                # By itself, without files beside it.
                copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as fault:
            raise Refusal(f"The database could not be copied: {fault}.") from None
        return held

    @staticmethod
    def read(file: Path) -> Contents:
        """What the file holds, after SQLite has checked all of it."""
        try:
            with _opened(file) as database:
                if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    raise Refusal(f"{file} is broken: SQLite finds faults in it.")
                if database.execute("PRAGMA foreign_key_check").fetchone():
                    raise Refusal(f"{file} is broken: rows in it belong to nothing.")
                return _contents(database)
        except sqlite3.Error as fault:
            raise Refusal(f"{file} is broken: {fault}.") from None

    @staticmethod
    def replace(file: Path, aside: str, now: datetime) -> str:
        """Make the copy ready beside the database, then let the two change places."""
        place = Path(connection.settings_dict["NAME"])
        kept = place.with_name(f"{place.stem}_{aside}{place.suffix}")
        fresh = place.with_name(f"{place.name}.part")
        try:
            _alone(place)
            holds_something = _holds_something(place)
            fresh.unlink(missing_ok=True)
            fresh.touch(mode=0o600)
            with _opened(file) as source, _opened(fresh) as copy:
                source.backup(copy)
            with _connected_to(fresh):
                _made_ready(now)
            with _opened(fresh) as copy:
                copy.execute("PRAGMA journal_mode=DELETE")
            _keep_through_a_power_cut(fresh)
            if holds_something:
                os.link(place, kept)
            # Where the old one is too broken to be gathered in one file.
            for beside in ("-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    Path(f"{place}{beside}").replace(f"{kept}{beside}")
            fresh.replace(place)
            _keep_through_a_power_cut(place)
        except (OSError, sqlite3.Error, DatabaseError) as fault:
            raise Refusal(f"Nothing was restored, the database is as it was: {fault}.") from None
        finally:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
        return str(kept) if holds_something else ""


def _opened(file: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(file, timeout=20, isolation_level=None))


def _contents(database: sqlite3.Connection) -> Contents:
    tables = [
        name
        for (name,) in database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    rows = {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables
    }
    applied = database.execute(f"SELECT app, name FROM {MIGRATIONS}") if MIGRATIONS in rows else ()
    return Contents(rows, frozenset((app, name) for app, name in applied))


def _alone(place: Path) -> None:
    """Refuse while another process has the database open; leave it in one file."""
    connection.close()
    if not place.exists():
        return
    with contextlib.closing(sqlite3.connect(place, timeout=1, isolation_level=None)) as database:
        try:
            database.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            raise Refusal(f"Another program has {place} open; stop Ebb first.") from None
        except sqlite3.DatabaseError:
            pass  # broken: a reason to restore, and kept as it is


def _holds_something(place: Path) -> bool:
    """Whether there is anything to keep: whoever only connects leaves a file without tables."""
    if not place.exists():
        return False
    try:
        with _opened(place) as database:
            return bool(_contents(database).rows)
    except sqlite3.DatabaseError:
        return True


@contextlib.contextmanager
def _connected_to(file: Path) -> Iterator[None]:
    """Let Django work on another file for a while."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(file)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


class PostgreSQL:
    """A copy is an archive of pg_dump, in its own format."""

    @staticmethod
    def write(file: Path) -> Contents:
        """Copy one moment, while others write. Returns what that moment held."""
        program = _program("pg_dump")
        with connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                cursor.execute("SELECT pg_export_snapshot()")
                moment = cursor.fetchone()[0]
                held = _held(cursor)
                options = ["--format=custom", "--no-owner", "--no-privileges"]
                without = [f"--exclude-schema={ASIDE}*"]
                _run(
                    [program, *options, *without, f"--snapshot={moment}", f"--file={file}"],
                    "The database could not be copied",
                )
            finally:
                cursor.execute("ROLLBACK")
        return held

    @staticmethod
    def read(file: Path) -> Contents:
        """What the archive holds: every row of it is read."""
        command = [_program("pg_restore"), "--data-only", "--file=-", str(file)]
        rows: dict[str, int] = {}
        applied: set[tuple[str, str]] = set()
        table, columns = "", list[str]()
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
        ) as reading:
            assert reading.stdout is not None  # it is a pipe
            assert reading.stderr is not None
            for line in reading.stdout:
                if not table:
                    if line.startswith("COPY ") and line.endswith(" FROM stdin;\n"):
                        name, _, rest = line.removeprefix("COPY ").partition(" (")
                        table = _whole(name.rpartition(".")[2].strip('"'))
                        columns = rest.partition(")")[0].split(", ")
                        rows.setdefault(table, 0)
                elif line == "\\.\n":
                    table = ""
                else:
                    rows[table] += 1
                    if table == MIGRATIONS:
                        row = dict(zip(columns, line.split("\t"), strict=False))
                        applied.add((row["app"], row["name"]))
            said = reading.stderr.read()
        if reading.returncode or table:
            raise Refusal(f"{file} is broken: {_last_line(said)}")
        return Contents(rows, frozenset(applied))

    @staticmethod
    def replace(file: Path, aside: str, now: datetime) -> str:
        """Keep the tables under another schema of the same database, and fill the usual one."""
        program = _program("pg_restore")
        with connection.cursor() as cursor:
            # Of what another role does, PostgreSQL shows this one no more than who it is.
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
            )
            others = cursor.fetchone()[0]
            if others:
                raise Refusal(
                    f"Other programs are connected to the database ({others}); stop Ebb first."
                )
            cursor.execute(
                f'BEGIN; ALTER SCHEMA public RENAME TO "{aside}"; CREATE SCHEMA public; COMMIT'
            )
        connection.close()
        try:
            options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
            where = [f"--dbname={connection.settings_dict['NAME']}"]
            _run([program, *options, *where, str(file)], "The archive could not be put back")
            _made_ready(now)
        except (Refusal, DatabaseError) as fault:
            connection.close()
            with connection.cursor() as cursor:
                cursor.execute(
                    "BEGIN; DROP SCHEMA public CASCADE; "
                    f'ALTER SCHEMA "{aside}" RENAME TO public; COMMIT'
                )
            raise Refusal(f"Nothing was restored, the database is as it was. {fault}") from None
        return f'the schema "{aside}" of the same database'


def _whole(table: str) -> str:
    """The table that a partition is a part of: docs/partitions.sql gives them numbers."""
    return re.sub(r"_\d+$", "", table)


def _held(cursor: Any) -> Contents:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    )
    rows: dict[str, int] = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{name}"')
        rows[_whole(name)] = rows.get(_whole(name), 0) + cursor.fetchone()[0]
    if MIGRATIONS not in rows:
        return Contents(rows, frozenset())
    cursor.execute(f"SELECT app, name FROM {MIGRATIONS}")
    return Contents(rows, frozenset(cursor.fetchall()))


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise Refusal(
            f"{name} is not installed here; it comes with PostgreSQL's client programs, and must "
            "be at least as new as the server."
        )
    return found


def _run(command: list[str], refusal: str) -> None:
    done = subprocess.run(
        command, env=_address(), capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise Refusal(f"{refusal}: {_last_line(done.stderr)}")


def _address() -> dict[str, str]:
    """Where the server is, for its programs; a password is not for the list of processes."""
    about = connection.settings_dict
    given = {
        "PGHOST": about["HOST"],
        "PGPORT": str(about["PORT"] or ""),
        "PGUSER": about["USER"],
        "PGPASSWORD": about["PASSWORD"],
        "PGDATABASE": about["NAME"],
        "PGSSLMODE": about["OPTIONS"].get("sslmode"),
        "PGSSLROOTCERT": about["OPTIONS"].get("sslrootcert"),
    }
    return {**os.environ, **{name: value for name, value in given.items() if value}}


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it ends too early."


type Kind = type[SQLite] | type[PostgreSQL]
