"""What nobody can reach any more is not kept: removed notes, ended sessions, counts of tries."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from config.models import Heartbeat
from diary import forgetting, recording
from diary.models import KEEP_REMOVED, STAGED, Check, Diary, Medicine, Twitch
from insights import tasks

pytestmark = pytest.mark.django_db


def filled(owner, moment):
    """One note, one check and one medicine."""
    diary = Diary.objects.get(owner=owner)
    text = recording.NoteText(recording.When.at(moment, diary), "seconds", words="a word")
    recording.note(owner, uuid4(), ["calf-l"], text, moment)
    recording.note_check(owner, uuid4(), {"weakness": "no"}, "a word", moment)
    medicine = recording.MedicineText("Iron", "supplement", None, None, "")
    recording.add_medicine(owner, uuid4(), medicine, moment)


def many():
    return [model.objects.count() for model in (Twitch, Check, Medicine)]


def test_what_was_removed_can_come_back_for_30_days_and_is_then_deleted(alice, bob):
    moment = now()
    for owner in (alice, bob):
        filled(owner, moment)
    for model in (Twitch, Check, Medicine):
        model.objects.filter(owner=alice).update(removed_at=moment)
    forgetting.forget(moment + KEEP_REMOVED - timedelta(seconds=1))
    assert many() == [2, 2, 2]
    assert Twitch.objects.removed_by(alice, moment + KEEP_REMOVED - timedelta(seconds=1)).exists()
    forgetting.forget(moment + KEEP_REMOVED)
    assert many() == [1, 1, 1]
    assert Twitch.objects.get().owner == bob


def test_more_than_one_piece_of_removed_notes_goes(alice, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    moment = now()
    for _ in range(5):
        filled(alice, moment)
    Twitch.objects.update(removed_at=moment - KEEP_REMOVED)
    forgetting.forget(moment)
    assert many() == [0, 5, 5]


def test_notes_of_a_file_that_is_being_taken_in_stay(alice):
    filled(alice, now())
    Twitch.objects.update(removed_at=STAGED)
    forgetting.forget(now())
    assert Twitch.objects.exists()


def test_a_session_that_is_over_goes_with_its_device_and_one_that_lasts_stays(alice):
    moment = now()
    lasts = Client()
    lasts.force_login(alice)
    ended = SessionStore()
    ended.set_expiry(-60)
    ended.save()
    keys = {lasts.session.session_key: moment, "gone" * 8: moment, "fresh" * 6: moment}
    UserSession.objects.all().delete()
    for key in keys:
        UserSession.objects.create(user=alice, session_key=key, ip="192.0.2.1", user_agent="x")
    UserSession.objects.exclude(session_key__startswith="fresh").update(
        last_seen_at=moment - timedelta(days=2)
    )
    forgetting.forget(moment)
    assert [one.pk for one in Session.objects.all()] == [lasts.session.session_key]
    assert not UserSession.objects.filter(session_key__startswith="gone").exists()
    assert UserSession.objects.count() == 2


def test_counts_of_tries_that_are_over_go_and_others_stay():
    cache.clear()  # its table is no model's, so tests that commit leave their counts in it
    cache.set("over", [1.0], timeout=0)
    cache.set("counts", [1.0], timeout=300)
    forgetting.forget(now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM rate_limits")
        (kept,) = [key for (key,) in cursor.fetchall()]
    assert "counts" in kept


def test_a_worker_does_it_within_the_hour_and_not_each_time(alice):
    filled(alice, now())
    Twitch.objects.update(removed_at=now() - KEEP_REMOVED)
    tasks.delete_due()
    assert not Twitch.objects.exists()
    filled(alice, now())
    Twitch.objects.update(removed_at=now() - KEEP_REMOVED)
    tasks.delete_due()
    assert Twitch.objects.exists()
    Heartbeat.objects.filter(name=forgetting.FORGOTTEN).update(at=now() - forgetting.EVERY)
    tasks.delete_due()
    assert not Twitch.objects.exists()
