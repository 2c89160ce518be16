"""The production settings, with PostgreSQL and Redis, as docker-compose.yml runs them."""

import os
import signal
import subprocess
import sys

import pytest

from tests import postgres
from tests.conftest import ROOT, answers, free_port, lacking, own_environment, wait_until
from tests.faults.product import commands

NOTE = """
from uuid import uuid4
from django.utils.timezone import now
from diary import recording
from diary.models import Diary, User
owner = User.objects.create_user("alice@example.org", "a long enough password")
text = recording.NoteText(recording.When.at(now(), Diary.objects.get(owner=owner)), "seconds")
recording.note(owner, uuid4(), ["calf-l"], text, now())
"""
SUMMARIES = """
from insights.models import WeekSummary
print(WeekSummary.objects.count())
"""
LIMIT = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    print(*cursor.fetchone())
"""


@pytest.fixture(scope="module")
def environment(redis_server, tmp_path_factory):
    """The variables of the compose file with real servers behind them."""
    if not postgres.programs():
        lacking("PostgreSQL")
    with postgres.cluster() as address:
        data = tmp_path_factory.mktemp("production")
        yield own_environment() | {
            "EBB_SECRET_KEY": "only-for-this-test-0123456789-0123456789-0123456789",
            "EBB_HOSTS": "diary.example.org",
            "EBB_HTTPS": "true",
            "EBB_PROXIES": "1",
            "EBB_DATABASE_URL": address,
            "EBB_BROKER_URL": redis_server,
            "EBB_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }


def run(command, environment):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def production(environment):
    """Its three processes, started by the very commands of the two files."""
    run(["manage.py", "prepare"], environment)
    port = free_port()
    processes = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for command in commands(port).values()
    ]
    url = f"http://127.0.0.1:{port}/healthz"
    try:
        yield environment | {"PORT": str(port)}, url
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def healthy(role, environment):
    check = [sys.executable, "-m", "config.alive", role]
    return subprocess.run(check, cwd=ROOT, env=environment, check=False).returncode == 0


def test_each_process_says_that_it_lives_by_its_health_check(production):
    environment, _url = production
    for role in ("web", "worker", "scheduler"):
        wait_until(lambda role=role: healthy(role, environment), f"{role} to live", seconds=60)


def test_a_saved_note_becomes_a_summary(production):
    environment, _url = production
    run(["manage.py", "shell", "--no-imports", "-c", NOTE], environment)

    def made():
        return int(run(["manage.py", "shell", "--no-imports", "-c", SUMMARIES], environment))

    wait_until(made, "the worker", seconds=60)


def test_pages_are_sent_to_https_and_only_under_their_own_name(production):
    _environment, url = production
    assert answers(url) == 400  # asked for by an address that is no name of it


def test_the_deployment_check_finds_nothing(environment):
    said = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], environment)
    assert "no issues" in said


def test_a_silent_process_is_not_called_alive(environment, tmp_path):
    assert not healthy("worker", environment | {"EBB_DATA": str(tmp_path)})
    assert not healthy("web", environment | {"PORT": str(free_port())})


@pytest.mark.parametrize(("first", "limit"), [("import config.asgi", "20s"), ("", "0")])
def test_a_page_asks_the_database_for_twenty_seconds_at_most_and_a_command_for_longer(
    environment, first, limit
):
    script = f"{first}{LIMIT}"
    assert run(["manage.py", "shell", "--no-imports", "-c", script], environment).strip() == limit
