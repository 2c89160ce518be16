"""Of a deleted account nothing is left in the running product: tables, files, queue or log.

Somebody writes the same strange word wherever a word can be typed, has a report made and brings a
file. Their account is deleted while the worker is killed, and then everything is searched.
"""

import base64
import binascii
import contextlib
import csv
import io
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from uuid import uuid4

import psycopg
import pytest
import redis

from tests import postgres
from tests.conftest import ROOT, Person, lacking, own_environment, wait_until
from tests.diary.test_leaving import CANARY
from tests.faults.product import KEY, OneMachine, children, kill, lives

PASSWORD = "a quiet long password"
EMAIL = f"{CANARY}-own@example.org"
ROWS = 8_000  # so that the deletion takes long enough to be killed in its middle
# A row of every table beside those that are written by hand, and many notes.
FILL = f"""
from uuid import uuid4
from diary.models import Twitch, User
from tests.diary.test_leaving import full_of_canaries
person = User.objects.get(email={EMAIL!r})
full_of_canaries(person)
note = Twitch.objects.filter(owner=person).values().first()
del note["id"]
many = [Twitch(**note | {{"uuid": uuid4(), "group": uuid4()}}) for _ in range({ROWS})]
Twitch.objects.bulk_create(many, batch_size=500)
"""


class Canary(Person):
    """Somebody whose every word is the same, and whose browser is called so too."""

    def __init__(self, url):
        super().__init__(url)
        self.opener.addheaders = [("User-Agent", CANARY)]

    def token(self):
        return next(c.value for c in self.cookies if c.name == "csrftoken")

    def sent(self, path, file=None, **fields):
        """Send a form, with a file or without. Returns where it led and what stands there."""
        edge = uuid4().hex
        parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
        parts.append(('name="csrfmiddlewaretoken"', self.token().encode()))
        if file:
            parts.append((f'name="file"; filename="{CANARY}.zip"', file))
        body = b"".join(
            f"--{edge}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode()
            + value
            + b"\r\n"
            for about, value in parts
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        asked = urllib.request.Request(
            self.url + path.lstrip("/"), body + f"--{edge}--\r\n".encode(), kind
        )
        with self.opener.open(asked, timeout=20) as answer:
            return answer.geturl().removeprefix(self.url), answer.read().decode()

    def fetched(self, path):
        """The bytes of a file; empty while it is not there."""
        with contextlib.suppress(urllib.error.HTTPError):
            return self.opener.open(self.url + path.lstrip("/"), timeout=20).read()
        return b""


class Overheard(threading.Thread):
    """Every command that the broker is sent, in its own words."""

    def __init__(self, data):
        super().__init__(daemon=True)
        self.broker = redis.Redis(unix_socket_path=str(data / "broker.sock"))
        self.said = []
        self.start()

    def run(self):
        with (
            contextlib.suppress(redis.RedisError, OSError, ValueError),
            self.broker.monitor() as ear,
        ):
            for heard in ear.listen():
                self.said.append(heard["command"])

    def kept(self):
        """Every key with what stands in it."""
        read = {
            b"string": self.broker.get,
            b"list": lambda key: self.broker.lrange(key, 0, -1),
            b"hash": self.broker.hgetall,
            b"set": self.broker.smembers,
            b"zset": lambda key: self.broker.zrange(key, 0, -1),
        }
        return [f"{key} {read[self.broker.type(key)](key)}" for key in self.broker.scan_iter()]


def unpacked(lines):
    """These lines, and what stands in them as Base64, as messages do."""
    for line in lines:
        yield line
        for found in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", line):
            with contextlib.suppress(binascii.Error):
                yield base64.b64decode(found).decode(errors="replace")


def archive():
    """A diary as another Ebb would hand it over: one table with one note."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["date", "note", "place"])
    rows.writerow(["2026-11-20", CANARY, CANARY])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as zipped:
        zipped.writestr(f"{CANARY}.csv", table.getvalue())
    return file.getvalue()


@pytest.fixture(scope="module")
def product():
    running = OneMachine({"EBB_LOG_LEVEL": "INFO"})
    yield running
    running.end()


def test_every_file_of_the_data_folder_is_named_in_the_inventory(product):
    named = re.findall(r"`([^`\s]+)`", (ROOT / "docs/privacy.md").read_text())
    there = [file.name + "/" * file.is_dir() for file in product.data.iterdir()]
    assert "ebb.sqlite3" in there
    assert [name for name in there if name not in named] == []


def in_files(product, traces):
    """Which traces stand in which files of the data folder."""
    found = set()
    for file in product.data.rglob("*"):
        with contextlib.suppress(OSError):  # a file of the database may go away meanwhile
            if file.is_file():
                bytes_ = file.read_bytes()
                found |= {(file.name, name) for name, trace in traces.items() if trace in bytes_}
    return found


def in_tables(product):
    tables = [name for (name,) in product.asked("SELECT name FROM sqlite_master")]
    found = set()
    for name in tables:
        with contextlib.suppress(sqlite3.OperationalError):  # an index is no table
            rows = product.asked(f'SELECT * FROM "{name}"')
            found |= {name for row in rows if CANARY in str(row)}
    return found


def written_everywhere(product):
    """Fill a diary over real HTTP as far as it goes, then every table. Returns traces by name."""
    person = Canary(product.url)
    person.sign_up(EMAIL)
    form = {"duration": "seconds", "when": "0", "place": "calf-l", "words": CANARY}
    person.sent("log/", form=str(uuid4()), **form)
    person.sent("check/", form=str(uuid4()), weakness="no", words=CANARY)
    for path in ("today/", "diary/", "insights/", "settings/", "export/", "report/"):
        person.get(path)
    person.sent("import/", form=str(uuid4()), file=archive())
    path, _page = person.sent("report/pdf/", period="six-weeks", part="name", name=CANARY)
    wait_until(lambda: person.fetched(f"{path}get/"), "the report", seconds=60)
    report = person.fetched(f"{path}get/")
    stranger = Person(product.url)
    stranger.get("accounts/login/")
    with contextlib.suppress(urllib.error.HTTPError):  # a wrong password is refused
        stranger.post("accounts/login/", login=EMAIL, password=CANARY)
    session = next(cookie.value for cookie in person.cookies if cookie.name == "sessionid")
    person.get("accounts/reauthenticate/")
    person.sent("accounts/reauthenticate/", password=PASSWORD)
    _path, page = person.sent("settings/delete/")
    assert "Your account is to be deleted" in page
    return {
        "the word": CANARY.encode(),
        "the session": session.encode(),
        # Some pieces of it: one may lie where a page of the database ends.
        **{f"the report, {n}": report[len(report) * n // 6 :][:64] for n in range(1, 6)},
    }


def filled(product):
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", FILL],
        cwd=ROOT,
        env=own_environment() | {"EBB_DATA": str(product.data), "PYTHONPATH": os.fspath(ROOT)},
        check=True,
        timeout=120,
    )


def killed_in_the_middle(product):
    """Kill the worker with all its processes once some of the notes are gone."""
    deadline = time.monotonic() + 60
    while not 0 < (left := product.asked("SELECT count(*) FROM diary_twitch")[0][0]) < ROWS:
        assert left, "it was over before it could be killed"
        assert time.monotonic() < deadline, "the deletion did not begin"
    leader = product.pid("worker")
    for pid in (*children(leader), leader):
        kill(pid)
    wait_until(lambda: not lives(leader), "the worker to end")
    return product.asked("SELECT count(*) FROM diary_twitch")[0][0]


def test_nothing_is_left_although_the_worker_is_killed_in_the_middle(product):
    ear = Overheard(product.data)
    traces = written_everywhere(product)
    filled(product)
    found = {name for _, name in in_files(product, traces)}  # the search finds what is there
    assert {"the word", "the session"} < found
    assert {"diary_twitch", "diary_user", "usersessions_usersession"} <= in_tables(product)

    with contextlib.closing(sqlite3.connect(product.data / "ebb.sqlite3", timeout=20)) as database:
        database.execute("PRAGMA secure_delete=ON")
        database.execute("UPDATE diary_diary SET leaves_at = '2026-01-01 00:00:00' WHERE leaves_at")
        database.commit()
    assert killed_in_the_middle(product) > 0

    def gone():
        return product.asked("SELECT count(*) FROM diary_user") == [(0,)]

    wait_until(gone, "the deletion to go on", seconds=90)
    wait_until(lambda: not in_files(product, traces), "the files to be overwritten", seconds=60)
    assert in_tables(product) == set()
    for table in ("diary_twitch", "django_session", "account_emailaddress", "diary_consent"):
        assert product.asked(f"SELECT count(*) FROM {table}") == [(0,)], table

    assert len(ear.said) > 10
    assert [line for line in unpacked([*ear.said, *ear.kept()]) if CANARY in line] == []
    log = "".join(product.running.said)
    assert "was deleted for good" in log
    assert CANARY not in log


DELETED = f"""
from datetime import timedelta
from django.utils.timezone import now
from diary import leaving
from diary.models import User
from insights import tasks
from tests.diary.test_leaving import full_of_canaries
person = User.objects.create_user({EMAIL!r})
full_of_canaries(person)
leaving.ask(person, now() - leaving.GRACE - timedelta(minutes=1))
tasks.delete_due()
assert not User.objects.exists()
"""


def test_postgresql_s_files_hold_nothing_more_once_they_are_written_anew_as_is_told(tmp_path):
    if not postgres.programs():
        lacking("PostgreSQL")
    told = (ROOT / "docs/operations.md").read_text()
    anew = re.search(r"`(VACUUM \(FULL\))`", told)
    server = postgres.Server()
    environment = own_environment() | {"EBB_DATA": str(tmp_path), "EBB_SECRET_KEY": KEY}
    environment |= {"EBB_DATABASE_URL": server.address, "PYTHONPATH": os.fspath(ROOT)}
    try:
        for command in (["prepare"], ["shell", "--no-imports", "-c", DELETED]):
            command = [sys.executable, "manage.py", *command]
            subprocess.run(
                command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
            )
        with psycopg.connect(server.address, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            assert in_tables_of(server)  # deleted rows stay where they were
            connection.execute(anew[1])
            connection.execute("CHECKPOINT")
            assert in_tables_of(server) == []
    finally:
        server.remove()


def in_tables_of(server):
    """The files of tables and indexes in which the word stands."""
    files = (server.data / "db" / "base").rglob("*")
    return [file for file in files if file.is_file() and CANARY.encode() in file.read_bytes()]
