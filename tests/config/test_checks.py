"""The database is asked whether it keeps its promises; a setting alone is no answer."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from config import checks


def found():
    return {message.id for message in checks.promises_are_kept(databases=["default"])} - {
        "ebb.sqlite_version",  # the machine's, not ours
        "ebb.log_min_error_statement",
        "ebb.log_error_verbosity",
    }


def test_the_database_as_shipped_keeps_every_promise(db):
    assert found() == set()


SQLITE_FAULTS = [
    ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL", "ebb.synchronous"),
    ("PRAGMA busy_timeout=5000", "PRAGMA busy_timeout=20000", "ebb.busy_timeout"),
    ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON", "ebb.foreign_keys"),
]
POSTGRESQL_FAULTS = [
    ("SET synchronous_commit=off", "RESET synchronous_commit", "ebb.synchronous_commit")
]


@pytest.mark.django_db(transaction=True)
def test_a_promise_that_does_not_hold_is_found_by_name_and_stops_the_start():
    faults = SQLITE_FAULTS if connection.vendor == "sqlite" else POSTGRESQL_FAULTS
    for broken, mended, name in faults:
        with connection.cursor() as cursor:
            cursor.execute(broken)
            assert found() == {name}
            with pytest.raises(SystemCheckError, match=name):
                call_command("prepare")
            cursor.execute(mended)
        assert found() == set()


def test_a_folder_that_refuses_the_journal_is_found(db, tmp_path):
    # A file of its own: the journal of one that somebody else has open can't be changed.
    own = DatabaseWrapper(
        {
            **connections["default"].settings_dict,
            "NAME": tmp_path / "own.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE"},
        },
        "own",
    )
    with own.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")
    assert "ebb.journal_mode" in {message.id for message in checks._sqlite(own)}
    own.close()


def test_connections_that_are_kept_without_being_checked_are_found(db, monkeypatch):
    if connection.vendor == "sqlite":
        monkeypatch.delitem(connection.settings_dict["OPTIONS"], "transaction_mode")
        assert found() == {"ebb.transaction_mode"}
    else:
        monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", False)
        assert found() == {"ebb.health_checks"}


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 45, 9), False),
        ((3, 53, 0), True),
    ],
)
def test_a_sqlite_with_the_known_fault_is_told_from_one_without(version, sound):
    assert checks._is_sound(version) is sound
