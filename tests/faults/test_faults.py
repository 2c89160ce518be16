"""A short storm on either set-up, and single faults that must hold nobody up."""

import contextlib
import os
import shutil
import signal
import statistics
import threading
import time
from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import lacking, wait_until
from tests.faults.copies import exact
from tests.faults.product import OneMachine, Servers, children, frozen, lives
from tests.faults.storm import FOLLOWED_WITHIN, Report, blow_up, plan
from tests.faults.writers import Writer

SAVES = 15
# Short storms whose seeds hit everything there is: with a disk that can be filled and without.
ONE_MACHINE = {"seed": "short 20069", "kills": 5, "writes": 150}
SERVERS = {"seed": "short 25", "kills": 6, "writes": 250}


@pytest.fixture(scope="module")
def one_machine():
    product = OneMachine()
    yield product
    product.end()


@pytest.fixture(scope="module")
def servers():
    with started_servers() as product:
        yield product


@contextlib.contextmanager
def started_servers(**environment):
    if not postgres.programs():
        lacking("PostgreSQL")
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        lacking("redis-server")
    product = Servers(environment)
    try:
        yield product
    finally:
        product.end()


@pytest.mark.parametrize(
    ("roles", "storm", "disk"),
    [
        (OneMachine.roles, ONE_MACHINE, {"fill"}),
        (OneMachine.roles, ONE_MACHINE, set()),
        (Servers.roles, SERVERS, set()),
    ],
)
def test_a_short_storm_kills_every_role_and_has_a_lock_and_a_freeze(roles, storm, disk):
    blows = plan(roles=roles, fills=bool(disk), **storm)
    assert {role for blow in blows for role in blow.roles} == set(roles)
    assert {blow.what for blow in blows} == {"kill", "lock", "freeze", *disk}


def test_on_one_machine_no_fault_loses_or_doubles_what_was_acknowledged(one_machine):
    report = blow_up(one_machine, **ONE_MACHINE, people=4, crowd=10)
    assert report.wrong == [], report


def test_on_servers_no_fault_loses_or_doubles_what_was_acknowledged(servers):
    report = blow_up(servers, **SERVERS, people=4, crowd=10)
    assert report.wrong == [], report


def test_each_copy_made_on_one_machine_is_one_moment_of_every_diary(one_machine):
    assert exact(one_machine, copies=3) == 3


def test_each_copy_made_of_servers_is_one_moment_of_every_diary(servers):
    assert exact(servers, copies=2) == 2


def test_after_the_database_was_restarted_the_first_requests_are_answered(servers):
    writer = Writer(servers.url, "idle", "restarted", lambda: True)
    for number in range(16):  # so that each thread has a connection of its own
        writer.write(number)
    servers.server.kill()
    servers.server.start()
    for number in range(16, 40):
        writer.write(number)
    assert set(writer.answers) == {303}


def test_a_full_disk_refuses_saves_shows_what_is_there_and_goes_on_by_itself(one_machine):
    if not one_machine.has_disk:
        lacking("right to mount a small disk")
    room = threading.Event()  # the log of the database has some left, and takes saves until then
    writer = Writer(
        one_machine.url, "crowded", "full", lambda: room.is_set() and len(writer.ledger) > 20
    )
    with one_machine.filled():
        writer.start()
        wait_until(lambda: writer.answers[503] > 3, "saves to be refused", seconds=60)
        assert "Today" in writer.person.get("today/")
    room.set()
    writer.join(60)
    assert set(writer.answers) <= {303, 503}
    assert one_machine.asked("PRAGMA integrity_check") == [("ok",)]
    [(kept,)] = one_machine.asked(
        "SELECT count(*) FROM diary_twitch JOIN diary_user u ON u.id = owner_id "
        f"WHERE email = '{writer.email}'"
    )
    assert kept == len(writer.ledger.notes)


def test_a_queue_that_is_frozen_does_not_slow_a_save_down(one_machine):
    writer = Writer(one_machine.url, "hurried", "frozen", lambda: True)

    def save(number):
        began = time.monotonic()
        writer.write(number)
        return time.monotonic() - began

    usual = [save(number) for number in range(SAVES)]
    with frozen(one_machine.pid("broker")):
        meanwhile = [save(SAVES + number) for number in range(SAVES)]
    # Whoever asked a frozen queue would wait for seconds; a save takes some hundredths of one.
    assert statistics.median(meanwhile) < 10 * statistics.median(usual)


def test_the_web_process_holds_no_connection_to_the_queue(servers):
    writer = Writer(servers.url, "apart", "apart", lambda: True)
    for number in range(5):
        writer.write(number)
    port = int(servers.environment["EBB_BROKER_URL"].rpartition(":")[2].removesuffix("/0"))

    def talks(leader):
        return any(port in peers(pid) for pid in (leader, *children(leader)))

    wait_until(lambda: talks(servers.pid("worker")), "the worker to be connected")
    assert not talks(servers.pid("web"))


def peers(pid):
    """The ports at the other ends of a process's connections."""
    own = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            own.add(str(file.readlink()))
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(row[2].rpartition(":")[2], 16) for row in rows if f"socket:[{row[9]}]" in own}


@pytest.fixture(scope="module")
def troubled():
    with started_servers(DJANGO_SETTINGS_MODULE="tests.faults.troubled") as product:
        yield product


def test_a_worker_that_is_asked_to_end_does_what_it_has_in_hand(troubled):
    worker = troubled.pid("worker")
    Writer(troubled.url, "slow", "slow", lambda: True).write(1)
    told = troubled.data / "slow"
    wait_until(told.exists, "the analysis to begin", seconds=60)
    os.kill(worker, signal.SIGTERM)
    wait_until(lambda: not lives(worker), "the worker to end", seconds=60)
    assert told.read_text().split() == ["begun", "done"]


def test_a_diary_that_kills_its_worker_holds_nobody_up(troubled):
    victim = Writer(troubled.url, "poison", "poison", lambda: True)
    others = [Writer(troubled.url, f"other{n}", "poison", lambda: True) for n in range(4)]
    for writer in (victim, *others):
        writer.write(1)

    def behind():
        late = "computed_version < version"
        rows = troubled.asked(
            "SELECT email, tries FROM diary_diary JOIN diary_user u ON u.id = owner_id "
            f"WHERE {late}"
        )
        return dict(rows)

    wait_until(lambda: set(behind()) == {victim.email}, "the others", seconds=60)
    wait_until(lambda: behind()[victim.email] >= 1, "the poison to be tried", seconds=60)
    for writer in others:
        writer.write(2)
    wait_until(lambda: set(behind()) == {victim.email}, "the others again", seconds=60)


def test_diaries_that_followed_only_later_than_promised_are_told_as_wrong():
    assert Report("seed", followed_after=FOLLOWED_WITHIN).wrong == []
    assert Report("seed", followed_after=FOLLOWED_WITHIN + 1).wrong == [
        "0 diaries stale after 61 s"
    ]


def test_a_seed_gives_the_same_faults_again():
    first = plan("seed", Servers.roles, 40, 1000)
    assert first == plan("seed", Servers.roles, 40, 1000)
    assert first != plan("another", Servers.roles, 40, 1000)
    assert sum(len(blow.roles) for blow in first) == 40
