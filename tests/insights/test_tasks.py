"""The way from a save to a stored summary: claims, a real queue, a real worker, their faults."""

import gc
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from celery import signals
from celery.contrib.testing.worker import start_worker
from django.db import OperationalError, connection, transaction
from django.utils.timezone import now
from kombu import pools

from config.celery import app
from diary import recording
from diary.models import Batch, Diary, User
from insights import compute, tasks
from insights.models import ReportFile, WeekSummary
from tests.conftest import wait_until
from tests.insights.entries import note, running_day


def claimed(owner):
    return Diary.objects.get(owner=owner).claimed_until


@pytest.fixture
def rung(monkeypatch):
    """The groups of ids that a sweep hands on, in place of a queue."""
    rung = []
    monkeypatch.setattr(tasks, "ring", lambda groups: rung.extend(groups) or len(groups))
    return rung


@pytest.fixture
def queue(redis_server, settings, monkeypatch):
    """A real queue, empty."""
    monkeypatch.setattr(app.conf, "broker_url", redis_server)
    forget_connections()
    app.set_current()
    with app.connection_for_write(redis_server) as connection:
        connection.default_channel.client.flushdb()
    yield redis_server
    forget_connections()


def forget_connections():
    """As a process does that was just started: what was connected before is of no use to it."""
    pools.reset()
    app._after_fork()


@pytest.fixture
def worker(queue, transactional_db):
    with start_worker(
        app, pool="threads", concurrency=2, perform_ping_check=False, loglevel="INFO"
    ) as running:  # the level stays behind, so it is that of the settings
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


@pytest.mark.parametrize("kept", [Batch, ReportFile])
def test_a_sweep_that_comes_while_another_claims_a_file_finds_it_taken(kept, transactional_db):
    alice, moment = User.objects.create_user("alice@example.org"), now()
    Batch.objects.create(owner=alice, uuid=uuid4(), name="a.csv", created_at=moment)
    ReportFile.objects.create(
        owner=alice, uuid=uuid4(), scope={}, language="de", expires_at=moment + timedelta(days=1)
    )

    def claim():
        return kept.objects.waiting(moment).update(claimed_until=moment + tasks.CLAIM)

    def beside():
        try:
            return claim()
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            assert claim() == 1
            other = pool.submit(beside)
            time.sleep(0.5)  # by now it waits for the row
        assert other.result(timeout=30) == 0


def test_a_message_that_comes_twice_changes_nothing(worker, transactional_db):
    alice = User.objects.create_user("alice@example.org")
    note(alice, running_day(alice))
    tasks.recompute_insights.delay([alice.pk])
    tasks.recompute_insights.delay([alice.pk])
    wait_until(lambda: followed(alice), "the worker")
    time.sleep(0.3)
    assert WeekSummary.objects.of(alice).count() == 1


@pytest.mark.django_db
def test_a_stale_diary_is_handed_on_once_while_it_is_claimed(alice, rung):
    note(alice, running_day(alice))
    tasks.sweep()
    tasks.sweep()
    assert rung == [[alice.pk]]


@pytest.mark.django_db
def test_people_who_noted_something_go_together_and_who_may_change_everything_alone(
    alice, bob, rung
):
    carol, dora = (User.objects.create_user(f"{name}@example.org") for name in ("carol", "dora"))
    for owner in (alice, bob, carol, dora):
        note(owner, running_day(owner))
        compute.recompute(owner.pk, now())
    for owner in (alice, bob, dora):
        note(owner, running_day(owner))
    Diary.objects.filter(owner=dora).update(tries=1)
    recording.change_settings(carol, {"day_start_hour": 5}, now())
    tasks.sweep()
    assert sorted(map(sorted, rung)) == [[alice.pk, bob.pk], [carol.pk], [dora.pk]]


@pytest.mark.django_db
def test_who_waits_behind_a_long_diary_is_given_to_the_next_sweep(alice, bob, rung, monkeypatch):
    for owner in (alice, bob):
        note(owner, running_day(owner))
    tasks.sweep()
    monkeypatch.setattr(tasks, "LONG", 0)
    tasks.recompute_insights([alice.pk, bob.pk])
    assert followed(alice)
    assert not followed(bob)
    assert claimed(bob) is None


@pytest.mark.django_db
def test_a_claim_that_ran_out_is_handed_on_again(alice, rung):
    note(alice, running_day(alice))
    tasks.sweep()
    Diary.objects.update(claimed_until=now() - timedelta(seconds=1))
    tasks.sweep()
    assert rung == [[alice.pk], [alice.pk]]


@pytest.mark.django_db
def test_what_a_queue_forgot_is_handed_on_again_within_a_minute(alice, rung):
    note(alice, running_day(alice))
    tasks.sweep()
    assert claimed(alice) < now() + timedelta(minutes=1)


def test_a_message_that_nobody_took_in_time_is_thrown_away_unread(queue, transactional_db):
    tasks.ring([[1]])
    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("celery").get(timeout=5)
        message.ack()
    assert datetime.fromisoformat(message.headers["expires"]) < now() + timedelta(minutes=1)


@pytest.mark.django_db
def test_a_queue_holds_no_more_diaries_than_a_sweep_may_hand_on(alice, bob, rung, monkeypatch):
    monkeypatch.setattr(tasks, "AT_ONCE", 1)
    note(alice, running_day(alice))
    note(bob, running_day(bob))
    tasks.sweep()
    tasks.sweep()
    [[first]] = rung
    compute.recompute(first, now())
    tasks.sweep()
    assert sorted(rung) == sorted([[alice.pk], [bob.pk]])


@pytest.mark.django_db
def test_a_diary_whose_worker_went_down_is_soon_tried_again_and_ever_later(alice, monkeypatch):
    class WentDown(BaseException):
        pass

    def going_down(owner_id, moment):
        raise WentDown

    note(alice, running_day(alice))
    monkeypatch.setattr(compute, "recompute", going_down)
    waits = []
    for _ in range(9):
        with pytest.raises(WentDown):
            tasks.recompute_insights([alice.pk])
        waits.append(claimed(alice) - now())
    assert waits[0] < timedelta(seconds=16)
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(minutes=59)


@pytest.mark.django_db
def test_a_task_that_comes_again_passes_over_the_diary_that_took_its_worker_down(alice, bob):
    note(alice, running_day(alice))
    note(bob, running_day(bob))
    Diary.objects.filter(owner=alice).update(tries=1)
    tasks.recompute_insights([alice.pk, bob.pk])
    assert (followed(alice), followed(bob)) == (False, True)
    tasks.recompute_insights([alice.pk])
    assert followed(alice)


@pytest.mark.django_db
def test_a_database_that_was_away_for_a_moment_is_not_held_against_a_diary(alice, monkeypatch):
    def away(owner_id, moment):
        raise OperationalError

    note(alice, running_day(alice))
    monkeypatch.setattr(compute, "recompute", away)
    tasks.recompute_insights([alice.pk])
    assert claimed(alice) < now() + timedelta(seconds=16)


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
    assert rung == [[alice.pk]]


@pytest.mark.django_db
def test_a_queue_out_of_reach_gives_every_claim_back(alice, bob, settings, monkeypatch):
    note(alice, running_day(alice))
    note(bob, running_day(bob))
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    forget_connections()
    tasks.sweep()
    assert (claimed(alice), claimed(bob)) == (None, None)
    forget_connections()


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
    tasks.recompute_insights([alice.pk])
    first = claimed(alice) - now()
    tasks.recompute_insights([alice.pk])
    assert claimed(alice) - now() > first > timedelta(seconds=30)
    tasks.recompute_insights([bob.pk])
    assert followed(bob)
    assert not followed(alice)
    assert "words that a person wrote" not in caplog.text


@pytest.mark.django_db
def test_an_account_deleted_in_the_meantime_is_no_fault(alice, caplog):
    pk = alice.pk
    alice.delete()
    tasks.recompute_insights([pk])
    assert caplog.text == ""


def test_a_worker_does_not_look_for_garbage_in_what_its_start_has_made():
    gc.unfreeze()
    signals.worker_process_init.send(sender=None)
    assert gc.get_freeze_count() > 10_000
