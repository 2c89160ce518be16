"""What Ebb answers when it is asked whether it works."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import override_settings
from django.utils.timezone import now

from config import health
from config.models import Heartbeat
from diary.models import Diary
from insights.tasks import sweep

LONG_AGO = timedelta(minutes=4)


@pytest.fixture
def swept(db):
    """A sweep was just made."""
    Heartbeat.objects.tell(health.SWEEP, now())


def asked(client):
    answer = client.get("/readyz")
    return answer.status_code, answer.content.decode()


def test_it_is_ready_when_sweeps_are_made_and_no_diary_waits(client, swept, alice):
    Diary.objects.mark_stale(now())
    assert asked(client) == (200, "ok")


def test_a_scheduler_that_is_silent_is_told_in_one_word(client, db):
    assert asked(client) == (503, "scheduler")
    Heartbeat.objects.create(name=health.SWEEP, at=now() - LONG_AGO)
    assert asked(client) == (503, "scheduler")


def test_results_that_lag_behind_are_told_in_one_word(client, swept, alice):
    Diary.objects.mark_stale(now() - LONG_AGO)
    assert asked(client) == (503, "results")


def test_one_diary_that_fails_makes_nobody_else_wait(client, swept, alice):
    Diary.objects.mark_stale(now() - LONG_AGO)
    Diary.objects.update(tries=F("tries") + 1)
    assert asked(client) == (200, "ok")
    assert health.oldest_waiting(now(), failing=True) >= LONG_AGO


def test_a_database_that_is_away_is_told_in_one_word(client, swept):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE config_heartbeat")
    assert asked(client) == (503, "database")


def test_it_is_asked_from_inside_without_https(client, swept):
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=["^readyz$"]):
        assert asked(client) == (200, "ok")


def test_every_sweep_leaves_a_sign_but_writes_it_only_now_and_then(db, monkeypatch):
    monkeypatch.setattr("insights.tasks.now", lambda: moment)
    moment = now()
    sweep()
    assert health.sweep_age(moment) == timedelta(0)
    moment += timedelta(seconds=2)
    sweep()
    assert health.sweep_age(moment) == timedelta(seconds=2)
    moment += timedelta(seconds=30)
    sweep()
    assert health.sweep_age(moment) == timedelta(0)
