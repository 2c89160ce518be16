"""A queue that is frozen or gone: the diary does not notice, and the analysis catches up."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from diary.days import Week
from tests.config.test_up import crew
from tests.conftest import Person, start_ebb, stop_ebb, wait_until

PASSWORD = "a quiet long password"  # of everybody who signs up here


@pytest.fixture(scope="module")
def ebb(tmp_path_factory):
    running = start_ebb(tmp_path_factory.mktemp("broker"))
    yield running
    stop_ebb(running)


@pytest.fixture(scope="module")
def person(ebb):
    someone = Person(ebb.url)
    someone.sign_up("someone@example.org")
    return someone


def note(person, place):
    return person.post("log/again/", form=str(uuid4()), place=place, duration="seconds")


def followed(person):
    said = person.get("insights/")
    return "being worked out" not in said and "follows in a moment" not in said


def this_week(person):
    """The summary of the week that is running, to which nothing leads before it is over."""
    day = (datetime.now(UTC) - timedelta(hours=4)).date()
    return person.get(f"insights/{Week.of(day)}/")


def test_with_the_queue_frozen_everything_else_works_and_the_analysis_catches_up(ebb, person):
    note(person, "calf-l")
    wait_until(lambda: followed(person), "the first summary", seconds=30)
    broker = crew(ebb)[0]
    os.kill(broker, signal.SIGSTOP)
    try:
        started = time.monotonic()
        note(person, "eyelid-r")
        # Not a matter of speed: whoever waits for a frozen queue waits for ever.
        assert time.monotonic() - started < 5
        elsewhere = Person(ebb.url)
        elsewhere.get("accounts/login/")
        elsewhere.post("accounts/login/", login="someone@example.org", password=PASSWORD)
        assert "Right eyelid" in elsewhere.get("diary/")
        assert "eyelid-r" in person.get("export/notes.csv")
        stored = this_week(person)
        assert "Left calf" in stored
        assert "Right eyelid" not in stored
    finally:
        os.kill(broker, signal.SIGCONT)
    wait_until(lambda: followed(person), "the analysis to catch up", seconds=60)
    assert "Right eyelid" in this_week(person)


def test_after_the_queue_was_killed_with_all_it_held_the_analysis_catches_up(ebb, person):
    os.kill(crew(ebb)[0], signal.SIGKILL)
    note(person, "thumb-l")
    wait_until(lambda: followed(person), "the analysis to catch up", seconds=60)
    assert "Left thumb" in this_week(person)
