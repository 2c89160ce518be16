"""What Ebb answers when it is asked whether it works."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection
from django.db.models import F
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation
from django.utils.timezone import now

from config import health
from config.models import Heartbeat
from diary.models import Diary
from insights.tasks import sweep
from tests.conftest import ROOT

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


def test_when_several_diaries_fail_results_do_not_follow(client, swept, alice, bob):
    Diary.objects.mark_stale(now() - LONG_AGO)
    Diary.objects.update(tries=F("tries") + 1)
    assert asked(client) == (503, "results")
    Diary.objects.filter(owner=bob).update(stale_since=now())
    assert asked(client) == (200, "ok")


def test_a_database_that_is_away_is_told_in_one_word(client, swept):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE config_heartbeat")
    assert asked(client) == (503, "database")


def test_without_its_database_a_process_serves_and_the_proxy_goes_on_asking_it(client, db):
    def away(*given):
        raise OperationalError

    asks = re.search(r"health_uri (\S+)", (ROOT / "Caddyfile").read_text())[1]
    with connection.execute_wrapper(away):
        assert client.get(asks).status_code == 200


@pytest.mark.parametrize("part", ["session", "view"])
def test_whichever_part_of_a_request_misses_the_database_asks_to_come_back(page, monkeypatch, part):
    def away(*given, **named):
        raise OperationalError

    page.raise_request_exception = False
    where = SessionStore if part == "session" else Diary
    monkeypatch.setattr(where, {"session": "load", "view": "today"}[part], away)
    answer = page.get("/today/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("page", ["400.html", "500.html", "503.html"])
@pytest.mark.parametrize("language", ["de", "en-gb"])
def test_a_page_that_stands_alone_says_in_which_language_it_is(page, language):
    with translation.override(language):
        assert f'<html lang="{language}">' in render_to_string(page)


def test_any_other_fault_is_not_blamed_on_the_database(page, monkeypatch):
    page.raise_request_exception = False
    monkeypatch.setattr(Diary, "today", lambda *given: 1 / 0)
    assert page.get("/today/").status_code == 500


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
