"""The way from a save to a stored summary: claims, a real queue, a real worker, their faults."""

import time
from datetime import timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from django.utils.timezone import now

from config.celery import app
from diary.models import Diary, User
from insights import compute, tasks
from insights.models import WeekSummary
from tests.conftest import wait_until
from tests.insights.entries import note, running_day


def claimed(owner):
    return Diary.objects.get(owner=owner).claimed_until


@pytest.fixture
def rung(monkeypatch):
    """The ids that a sweep hands on, in place of a queue."""
    ids = []
    monkeypatch.setattr(tasks, "ring", lambda owner_ids: ids.extend(owner_ids) or len(owner_ids))
    return ids


@pytest.fixture
def queue(redis_server, settings, monkeypatch):
    """A real queue, empty."""
    monkeypatch.setattr(app.conf, "broker_url", redis_server)
    app.pool.force_close_all()
    app.set_current()
    with app.connection_for_write(redis_server) as connection:
        connection.default_channel.client.flushdb()
    yield redis_server
    app.pool.force_close_all()


@pytest.fixture
def worker(queue, transactional_db):
    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False) as running:
        yield running


def followed(owner):
    diary = Diary.objects.get(owner=owner)
    return diary.computed_version == diary.version


def test_a_saved_note_becomes_a_summary_by_a_real_worker(worker, transactional_db):
    alice = User.objects.create_user("alice@example.org")
    note(alice, running_day(alice))
    tasks.sweep()
    wait_until(lambda: followed(alice), "the worker")
    assert WeekSummary.objects.of(alice).count() == 1


def test_a_message_that_comes_twice_changes_nothing(worker, transactional_db):
    alice = User.objects.create_user("alice@example.org")
    note(alice, running_day(alice))
    tasks.recompute_insights.delay(alice.pk)
    tasks.recompute_insights.delay(alice.pk)
    wait_until(lambda: followed(alice), "the worker")
    time.sleep(0.3)
    assert WeekSummary.objects.of(alice).count() == 1


@pytest.mark.django_db
def test_a_stale_diary_is_handed_on_once_while_it_is_claimed(alice, rung):
    note(alice, running_day(alice))
    tasks.sweep()
    tasks.sweep()
    assert rung == [alice.pk]


@pytest.mark.django_db
def test_a_claim_that_ran_out_is_handed_on_again(alice, rung):
    note(alice, running_day(alice))
    tasks.sweep()
    Diary.objects.update(claimed_until=now() - timedelta(seconds=1))
    tasks.sweep()
    assert rung == [alice.pk, alice.pk]


@pytest.mark.django_db
def test_a_diary_that_is_up_to_date_is_left_alone(alice, rung):
    note(alice, running_day(alice))
    compute.recompute(alice.pk, now())
    tasks.sweep()
    assert rung == []


@pytest.mark.django_db
def test_a_week_that_has_ended_makes_its_diary_due(alice, rung):
    note(alice, running_day(alice))
    compute.recompute(alice.pk, now())
    Diary.objects.update(due_at=now() - timedelta(seconds=1))
    tasks.sweep()
    assert rung == [alice.pk]


@pytest.mark.django_db
def test_a_queue_out_of_reach_gives_every_claim_back(alice, bob, settings, monkeypatch):
    note(alice, running_day(alice))
    note(bob, running_day(bob))
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    app.pool.force_close_all()
    tasks.sweep()
    assert (claimed(alice), claimed(bob)) == (None, None)
    app.pool.force_close_all()


@pytest.mark.django_db
def test_a_diary_that_can_not_be_analysed_waits_longer_each_time_and_holds_up_nobody(
    alice, bob, monkeypatch, caplog
):
    note(alice, running_day(alice))
    note(bob, running_day(bob))
    whole = compute.recompute

    def poisoned(owner_id, moment):
        if owner_id == alice.pk:
            raise ValueError("words that a person wrote")
        whole(owner_id, moment)

    monkeypatch.setattr(compute, "recompute", poisoned)
    tasks.recompute_insights(alice.pk)
    first = claimed(alice) - now()
    tasks.recompute_insights(alice.pk)
    assert claimed(alice) - now() > first > timedelta(seconds=30)
    tasks.recompute_insights(bob.pk)
    assert followed(bob)
    assert not followed(alice)
    assert "words that a person wrote" not in caplog.text


@pytest.mark.django_db
def test_an_account_deleted_in_the_meantime_is_no_fault(alice, caplog):
    pk = alice.pk
    alice.delete()
    tasks.recompute_insights(pk)
    assert caplog.text == ""
