"""Looks over a set-up and says in plain words what is wrong, also while nothing runs."""

import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import django
from django.conf import settings
from django.core.checks import ERROR
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import OperationalError

from config import alive, checks, env, health
from config.celery import publishing_connection

OK, NOTE, WRONG = "ok", "note", "wrong"
FREE_AT_LEAST = 500_000_000  # bytes
CLOCK_MAY_DIFFER = timedelta(seconds=10)
MAIL_ANSWERS_WITHIN = 5.0  # seconds
LOCAL = {"localhost", "127.0.0.1", "::1"}

Said = Iterator[tuple[str, str]]


class Command(BaseCommand):
    """One line for each thing that was looked at; ends with 1 when one of them is wrong."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        """Look at everything, whatever is down."""
        found = [said for look in LOOKS for said in _looked(look)]
        for judged, sentence in found:
            self.stdout.write(f"{judged:<6}{sentence}")
        wrong = sum(judged == WRONG for judged, _ in found)
        if wrong:
            self.stdout.write(f"{wrong} of {len(found)} lines say what is wrong.")
            sys.exit(1)


def _looked(look: Callable[[], Said]) -> Said:
    try:
        yield from look()
    except (DatabaseError, OSError) as fault:
        # What is behind it has a line of its own; here only that this could not be seen.
        yield NOTE, f"{_subject(look)} could not be looked at ({type(fault).__name__})."


def _subject(look: Callable[[], Said]) -> str:
    return (look.__doc__ or "").removesuffix(".")


def versions() -> Said:
    """Versions."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield OK, f"Python {python}, Django {django.get_version()}."


def data_folder() -> Said:
    """The data folder."""
    folder = Path(settings.DATA_DIR)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b" " * 65536)
            file.flush()
    except OSError as fault:
        yield WRONG, f"The data folder {folder} can't be written: {fault.strerror}."
        return
    yield OK, f"The data folder {folder} can be written."
    free = shutil.disk_usage(folder).free
    said = f"{free // 1_000_000} MB are free on its disk"
    if free < FREE_AT_LEAST:
        yield WRONG, f"Only {said}; {FREE_AT_LEAST // 1_000_000} MB are the least."
    else:
        yield OK, f"{said}."


def secret_key() -> Said:
    """The secret key."""
    # Its length is asked for at every start; this finds what was typed by hand.
    if len(set(settings.SECRET_KEY)) < 16 or settings.SECRET_KEY.startswith("django-insecure"):
        yield WRONG, "EBB_SECRET_KEY is easily guessed: use at least 50 random characters."
    else:
        yield OK, "The secret key is long and varied."
    made = Path(settings.DATA_DIR, "secret_key")
    if made.exists() and made.stat().st_mode & 0o077:
        yield WRONG, f"Others on this machine can read {made}: chmod 600 it."


def address() -> Said:
    """How it is reached."""
    public = [host for host in settings.ALLOWED_HOSTS if host not in LOCAL]
    secure = env.flag("EBB_HTTPS")
    if "*" in public:
        yield WRONG, "EBB_HOSTS lets every name in: list the public ones."
    if settings.DEBUG and public:
        yield WRONG, "EBB_DEBUG is true, and faults show their details to everybody."
    if public and not secure:
        yield WRONG, "EBB_HTTPS is false for a public name: diaries would travel in the open."
    if secure and not env.number("EBB_PROXIES"):
        yield WRONG, "EBB_PROXIES is 0 behind a proxy: one person's slips lock everybody out."
    yield OK, f"It answers to {', '.join(dict.fromkeys(settings.ALLOWED_HOSTS))}."


def notice() -> Said:
    """The privacy notice."""
    missing = settings.OPERATOR.unsaid
    if not missing:
        yield OK, "The privacy notice says who runs this server and how long things are kept."
    elif settings.SIGNUP == "open":
        yield WRONG, f"Others can sign up, and the privacy notice lacks {', '.join(missing)}."
    else:
        yield NOTE, f"The privacy notice lacks {', '.join(missing)}; it is shown with those gaps."


def database() -> Said:
    """The database."""
    kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    try:
        connection.ensure_connection()
    except DatabaseError as fault:
        why = str(fault).strip().splitlines() or [type(fault).__name__]
        yield WRONG, f"{kind} can't be reached: {why[0]}"
        return
    version = ".".join(map(str, connection.get_database_version()))
    yield OK, f"{kind} {version} can be reached."
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield WRONG, f"{len(missing)} migrations are missing: run manage.py prepare."
    else:
        yield OK, "Its tables are those of this version."
    for message in checks.promises_are_kept(databases=["default"]):
        yield WRONG if message.level >= ERROR else NOTE, str(message.msg)


def clock() -> Said:
    """Clock and time zones."""
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        yield WRONG, "There is no time zone data: install the package tzdata."
    else:
        yield OK, "There is time zone data."
    now = timezone.now()
    age = health.sweep_age(now)
    if age is not None and age < -CLOCK_MAY_DIFFER:
        yield WRONG, f"The clock stands {_length(-age)} before what was noted already."
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs(cursor.fetchone()[0] - timezone.now())
        if apart > CLOCK_MAY_DIFFER:
            yield WRONG, f"The clocks here and at the database are {_length(apart)} apart."


def broker() -> Said:
    """The broker."""
    try:
        with publishing_connection() as queue:
            queue.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError) as fault:
        if env.broker("EBB_BROKER_URL"):
            yield WRONG, f"The broker of EBB_BROKER_URL can't be reached ({type(fault).__name__})."
        else:
            yield WRONG, "The embedded broker can't be reached: manage.py up starts it."
    else:
        yield OK, "The broker can be reached."


def work() -> Said:
    """Scheduler, worker and results."""
    now = timezone.now()
    age = health.sweep_age(now)
    if age is None:
        yield WRONG, "No sweep was ever made: are scheduler and worker running?"
    elif age > health.TOO_LONG:
        yield WRONG, f"The last sweep was {_length(age)} ago: scheduler or worker is silent."
    else:
        yield OK, f"The last sweep was {_length(age)} ago."
    if not env.broker("EBB_BROKER_URL"):  # elsewhere each has a folder of its own
        for role in ("scheduler", "worker"):
            lives = alive.lives(role)
            yield (OK, f"The {role} lives.") if lives else (WRONG, f"The {role} does nothing.")
    waiting = health.oldest_waiting(now, failing=False)
    if waiting is not None and waiting > health.TOO_LONG:
        yield WRONG, f"A diary has waited {_length(waiting)} for its summary."
    else:
        yield OK, "No diary waits long for its summary."
    failing = health.oldest_waiting(now, failing=True)
    if failing is not None:
        yield WRONG, f"A diary's summary has failed for {_length(failing)}; the log says its id."


def mail() -> Said:
    """Mail."""
    server = env.mail("EBB_EMAIL_URL")
    if not server:
        yield NOTE, "No mail server is set: nobody can be sent a link to a new password."
        if settings.SIGNUP == "open":
            yield (
                WRONG,
                "Others can sign up, and without mail a stranger learns who has an account.",
            )
        return
    host, port = server["OPTIONS"]["host"], server["OPTIONS"]["port"]
    try:
        socket.create_connection((host, port), MAIL_ANSWERS_WITHIN).close()
    except OSError as fault:
        why = fault.strerror or "no answer"
        yield WRONG, f"The mail server {host}:{port} can't be reached: {why}."
    else:
        yield OK, f"The mail server {host}:{port} can be reached."


def static_files() -> Said:
    """Static files."""
    if Path(settings.STATIC_ROOT, "staticfiles.json").is_file():
        yield OK, "Static files are collected."
    else:
        yield WRONG, "Static files are not collected: run manage.py prepare."


LOOKS = (
    versions,
    data_folder,
    secret_key,
    address,
    notice,
    database,
    clock,
    broker,
    work,
    mail,
    static_files,
)


def _length(of_time: timedelta) -> str:
    seconds = round(of_time.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} minutes"
