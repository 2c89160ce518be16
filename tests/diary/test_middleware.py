from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from diary import recording
from diary.middleware import SAMPLE_KEY
from diary.models import Diary, Twitch, User
from diary.recording import NoteText, When
from tests.clock import noon_zone

NOW = datetime.now(UTC)


@pytest.fixture
def sample(db):
    """The made-up diary, with one note on its nose."""
    owner = User.objects.create_user("sample@example.invalid")
    owner.diary.zone = noon_zone()
    owner.diary.save()
    when = When.at(NOW - timedelta(minutes=1), owner.diary)
    recording.note(owner, uuid4(), ["nose"], NoteText(when, "seconds"), NOW)
    Diary.objects.of(owner).update(is_sample=True)
    return owner


def look_around(client, owner):
    """Open the sample in this browser."""
    session = client.session
    session[SAMPLE_KEY] = owner.pk
    session.save()


def noses(response):
    return [line.twitch.place for line in response.context["page"].noted]


def test_a_visitor_sees_the_sample_as_if_it_were_their_own(client, sample):
    look_around(client, sample)
    assert noses(client.get("/today/")) == ["nose"]


def test_somebody_signed_in_sees_the_sample_and_then_their_own_again(page, sample):
    look_around(page, sample)
    assert noses(page.get("/today/")) == ["nose"]
    session = page.session
    del session[SAMPLE_KEY]
    session.save()
    assert noses(page.get("/today/")) == []


def test_nothing_is_written_while_the_sample_is_open(page, alice, sample):
    look_around(page, sample)
    note = Twitch.objects.of(sample).get()
    today = timezone.localdate()
    for path in (
        reverse("log"),
        reverse("log-again"),
        reverse("note", args=[note.uuid]),
        reverse("note-remove", args=[note.uuid]),
        reverse("day-clear", args=[today]),
        reverse("day-factors", args=[today]),
    ):
        response = page.post(path, {"place": "calf-l", "form": uuid4(), "duration": "seconds"})
        assert response.status_code == 403, path
        assert "The sample diary stays as it is" in response.content.decode()
    assert Twitch.objects.count() == 1


def test_signing_in_or_up_is_done_as_oneself_and_leaves_the_sample(client, alice, sample):
    look_around(client, sample)
    assert client.get(reverse("account_login")).status_code == 200
    assert SAMPLE_KEY in client.session
    client.post(
        reverse("account_login"), {"login": alice.email, "password": "a long enough password"}
    )
    assert SAMPLE_KEY not in client.session
    assert noses(client.get("/today/")) == []


def test_only_a_diary_that_is_a_sample_can_be_looked_into(client, alice):
    look_around(client, alice)
    assert client.get("/today/").status_code == 302
    assert SAMPLE_KEY not in client.session


def test_times_are_shown_on_the_clock_of_the_diary_and_of_nobody_else_after(page, alice):
    Diary.objects.of(alice).update(zone="Pacific/Auckland")
    page.get("/today/")
    assert timezone.get_current_timezone_name() == "UTC"
