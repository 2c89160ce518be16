"""A copy holds what was acknowledged before it, and comes back whole, on both databases."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib import import_module

import psycopg
import pytest

from config import supervisor
from tests import postgres
from tests.conftest import ROOT, lacking, own_environment

KEY = "only-for-this-test-0123456789-0123456789-0123456789"
# Says the id of each note once it is saved.
WRITER = """
from uuid import uuid4
from django.utils.timezone import now
from diary import recording
from diary.models import Diary, User
owner = User.objects.create_user("alice@example.org", "a long enough password")
while True:
    diary = Diary.objects.get(owner=owner)
    text = recording.NoteText(recording.When.at(now(), diary), "seconds")
    form = uuid4()
    recording.note(owner, form, ["calf-l"], text, now())
    print(form, flush=True)
"""
READER = """
from diary.models import Diary, Twitch
from django.contrib.sessions.models import Session
diary = Diary.objects.get()
print(diary.version > diary.computed_version, diary.stale_since is not None)
for uuid in Twitch.objects.values_list("group", flat=True):
    print(uuid)
"""

AS_OWNER = """
from django.db import connection
connection.cursor().execute('''{}''')
"""


class Setup:
    """A data folder with a database, used by commands as an operator does."""

    def __init__(self, folder, **environment):
        self.folder = folder
        self.environment = own_environment() | environment
        self.environment |= {"EBB_SECRET_KEY": KEY, "EBB_DATA": str(folder)}

    def with_tables(self):
        self.folder.mkdir()
        assert self.run("migrate").returncode == 0
        return self

    def run(self, *command):
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def start(self, program):
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", program]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        )

    def notes(self):
        first, *ids = self.run("shell", "--no-imports", "-c", READER).stdout.split("\n")
        return first, {line for line in ids if line}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The tables of SQLite, made once for all tests."""
    return Setup(tmp_path_factory.mktemp("prepared") / "data").with_tables().folder


@pytest.fixture
def empty(prepared, tmp_path):
    """One with SQLite and nobody in it."""
    shutil.copytree(prepared, tmp_path / "data")
    return Setup(tmp_path / "data")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a PostgreSQL whose tables are made once for all tests."""
    if not postgres.programs():
        lacking("PostgreSQL")
    with postgres.cluster() as address:
        folder = tmp_path_factory.mktemp("prepared") / "data"
        Setup(folder, EBB_DATABASE_URL=address).with_tables()
        yield address


@pytest.fixture
def on_postgresql(cluster, tmp_path):
    """One with PostgreSQL and nobody in it."""
    (tmp_path / "data").mkdir()
    with psycopg.connect(cluster, dbname="postgres", autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS copied")
        server.execute("CREATE DATABASE copied TEMPLATE ebb")
    return Setup(tmp_path / "data", EBB_DATABASE_URL=f"{cluster.removesuffix('ebb')}copied")


@pytest.fixture(params=["empty", "on_postgresql"], ids=["SQLite", "PostgreSQL"])
def setup(request):
    return request.getfixturevalue(request.param)


def test_a_copy_made_under_load_comes_back_as_it_was_and_what_was_written_since_is_kept(
    setup, tmp_path
):
    file = tmp_path / "copy"
    acknowledged = []
    with setup.start(WRITER) as writer:
        acknowledged += [writer.stdout.readline().strip() for _ in range(20)]
        before = set(acknowledged)
        said = setup.run("backup", str(file))
        assert said.returncode == 0, said.stderr
        assert re.search(
            r"accounts: 1, notes: \d+, .* checked\.\nNot in it: the secret", said.stdout
        )
        assert file.stat().st_mode & 0o077 == 0
        refused = setup.run("restore", str(file))
        assert refused.returncode == 1
        assert "stop Ebb first" in refused.stderr
        writer.terminate()
        acknowledged += writer.stdout.read().split()
    _marked, all_of_them = setup.notes()
    assert set(acknowledged) <= all_of_them  # the copy lost nothing that was running
    restored = setup.run("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    marked, back = setup.notes()
    assert before <= back < all_of_them
    assert len(back) == int(re.search(r"notes: (\d+)", said.stdout)[1])
    assert marked == "True True"  # every summary is made anew
    kept = re.search(r"is kept: (.*)\.$", restored.stdout, re.M)[1]
    if kept.endswith(".sqlite3"):
        with closing(sqlite3.connect(kept)) as old:
            assert old.execute("SELECT count(*) FROM diary_twitch").fetchone()[0] == len(
                all_of_them
            )
    else:
        assert kept.startswith('the schema "before_restore_')
    again = setup.run("backup", str(tmp_path / "again"))
    assert f"accounts: 1, notes: {len(back)}," in again.stdout  # not the old one beside it


def test_a_broken_copy_is_refused_and_nothing_changes(setup, tmp_path):
    file = tmp_path / "copy"
    assert setup.run("backup", str(file)).returncode == 0
    whole = file.read_bytes()
    for broken in (whole[: len(whole) // 2], b"no backup at all", b""):
        file.write_bytes(broken)
        refused = setup.run("restore", str(file))
        assert refused.returncode == 1
        assert refused.stderr.startswith("CommandError: ")
        assert "Traceback" not in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
    assert not list(setup.folder.glob("*before_restore*"))
    file.write_bytes(whole)
    assert setup.run("restore", str(file)).returncode == 0


def test_a_copy_of_a_newer_version_is_refused(empty, tmp_path):
    file = tmp_path / "copy"
    assert empty.run("backup", str(file)).returncode == 0
    with closing(sqlite3.connect(file)) as copy:
        copy.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('diary', '9999_x', '')"
        )
        copy.commit()
    refused = empty.run("restore", str(file))
    assert refused.returncode == 1
    assert "made by a newer Ebb (it knows diary 9999_x); upgrade Ebb first." in refused.stderr


def test_a_copy_from_before_the_first_release_comes_back(empty, tmp_path):
    file = tmp_path / "copy"
    assert empty.run("backup", str(file)).returncode == 0
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("DELETE FROM django_migrations WHERE app = 'insights'")
        copy.executemany(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '')",
            import_module("insights.migrations.0001_tables").Migration.replaces,
        )
        copy.commit()
    assert empty.run("restore", str(file)).returncode == 0


def test_nothing_is_restored_under_a_running_ebb(empty, tmp_path):
    file = tmp_path / "copy"
    assert empty.run("backup", str(file)).returncode == 0
    with supervisor.locked(empty.folder):
        refused = empty.run("restore", str(file))
    assert refused.returncode == 1
    assert "Ebb is already running on" in refused.stderr


def test_a_file_that_is_there_is_never_written_over(empty, tmp_path):
    file = tmp_path / "copy"
    file.write_text("mine")
    refused = empty.run("backup", str(file))
    assert refused.returncode == 1
    assert "is there already; nothing was written." in refused.stderr
    assert file.read_text() == "mine"


def test_without_a_name_copies_gather_in_the_data_folder(empty):
    assert empty.run("backup").returncode == 0
    assert len(list((empty.folder / "backups").glob("ebb-*.sqlite3"))) == 1


def test_a_copy_of_the_other_database_is_refused_by_name(empty, tmp_path):
    file = tmp_path / "copy"
    file.write_bytes(b"PGDMP and more")
    refused = empty.run("restore", str(file))
    assert "is a copy of PostgreSQL, but Ebb is set up with SQLite." in refused.stderr


def test_a_copy_can_be_tried_in_an_empty_folder_where_nothing_was_before(empty, tmp_path):
    file = tmp_path / "copy"
    assert empty.run("backup", str(file)).returncode == 0
    drill = tmp_path / "drill"
    drill.mkdir()
    empty.environment["EBB_DATA"] = str(drill)
    restored = empty.run("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert "is kept" not in restored.stdout
    assert not list(drill.glob("*before_restore*"))


def test_a_database_that_is_broken_can_be_replaced_and_is_kept_too(empty, tmp_path):
    file = tmp_path / "copy"
    assert empty.run("backup", str(file)).returncode == 0
    place = empty.folder / "ebb.sqlite3"
    place.write_bytes(b"\xff" * 8192)
    refused = empty.run("backup", str(tmp_path / "second"))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    restored = empty.run("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    (kept,) = empty.folder.glob("*before_restore*.sqlite3")
    assert kept.read_bytes() == b"\xff" * 8192
    assert empty.run("check", "--database", "default").returncode == 0


def test_a_role_that_owns_no_table_keeps_a_diary_and_can_change_no_table(on_postgresql, tmp_path):
    told = (ROOT / "docs/operations.md").read_text()
    script = r"^ +CREATE ROLE ebb_app.*?ON SEQUENCES TO ebb_app;\n\n"
    granted = re.search(script, told, re.DOTALL | re.MULTILINE)
    setup, address = on_postgresql, on_postgresql.environment["EBB_DATABASE_URL"]
    assert setup.run("shell", "--no-imports", "-c", AS_OWNER.format(granted[0])).returncode == 0
    setup.environment["EBB_DATABASE_URL"] = address.replace("//ebb@", "//ebb_app@")
    with setup.start(WRITER) as writer:
        assert writer.stdout.readline().strip()
        writer.terminate()
    assert len(setup.notes()[1]) >= 1
    as_app = dict(setup.environment)
    setup.environment["EBB_DATABASE_URL"] = address
    for command in ("backup", "restore"):
        done = setup.run(command, str(tmp_path / "copy"))
        assert done.returncode == 0, done.stderr
    setup.environment = as_app
    assert len(setup.notes()[1]) >= 1  # also of the tables that were made anew
    for sql in ("DROP TABLE diary_twitch", "CREATE TABLE other (id int)"):
        refused = setup.run("shell", "--no-imports", "-c", AS_OWNER.format(sql))
        assert "InsufficientPrivilege" in refused.stderr
