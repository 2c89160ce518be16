"""Reminders by mail: when one is sent, that it is sent once, and how it ends."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPServerDisconnected
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from diary import consent, leaving, recording, reminding
from diary.models import Diary, User
from insights import sample, tasks

from .conftest import back

HELLO = "A moment for your diary, if you like."
DAY = timedelta(days=1)
EVENING = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)  # 21:10 in Berlin


@pytest.fixture(autouse=True)
def _mail(settings):
    settings.HAS_MAIL = True


@pytest.fixture
def wants(berlin):
    """Alice, who wants a reminder at nine in the evening."""
    recording.change_settings(berlin, {"remind_at": 21}, EVENING - 9 * DAY)
    return berlin


def sweep(monkeypatch, moment):
    monkeypatch.setattr("insights.tasks.now", lambda: moment)
    tasks.remind_due()


def test_a_reminder_comes_once_in_its_hour_and_says_nothing_of_the_diary(
    wants, monkeypatch, mailoutbox
):
    for minute in (-71, -11, 0, 1, 20, 49, 50, 120):
        sweep(monkeypatch, EVENING + timedelta(minutes=minute))
    (letter,) = mailoutbox
    assert letter.subject == HELLO
    assert letter.to == [wants.email]
    body = letter.body.lower()
    for word in ("twitch", "blank", "missed", "day ", "symptom", "note"):
        assert word not in body.replace("/today/", "")
    sweep(monkeypatch, EVENING + DAY)
    assert len(mailoutbox) == 2


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Asia/Kathmandu", datetime(2026, 11, 23, 15, 20, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 24, 5, 20, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 7, 1, 19, 20, tzinfo=UTC)),  # in summer
    ],
)
def test_it_comes_at_the_hour_of_the_place_where_the_person_is(
    wants, monkeypatch, mailoutbox, zone, moment
):
    Diary.objects.of(wants).update(zone=zone)
    sweep(monkeypatch, moment - timedelta(hours=1))
    assert not mailoutbox
    sweep(monkeypatch, moment)
    assert len(mailoutbox) == 1


def test_the_hour_that_comes_twice_in_autumn_brings_one_and_the_one_that_never_comes_none(
    wants, monkeypatch, mailoutbox
):
    Diary.objects.of(wants).update(remind_at=2)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for hour in (0, 1):
        assert (first + timedelta(hours=hour)).astimezone(ZoneInfo("Europe/Berlin")).hour == 2
        sweep(monkeypatch, first + timedelta(hours=hour))
    assert len(mailoutbox) == 1
    for minutes in range(0, 24 * 60, 30):
        sweep(monkeypatch, datetime(2026, 3, 28, 23, tzinfo=UTC) + timedelta(minutes=minutes))
    assert len(mailoutbox) == 1


def test_who_has_noted_something_today_or_takes_a_break_gets_none(
    wants, write, monkeypatch, mailoutbox
):
    write.note(back(0))
    sweep(monkeypatch, EVENING)
    write.rest(date(2026, 11, 24), date(2026, 11, 26))
    for days in (1, 2, 3):
        sweep(monkeypatch, EVENING + days * DAY)
    assert not mailoutbox
    sweep(monkeypatch, EVENING + 4 * DAY)
    assert len(mailoutbox) == 1


def test_after_three_that_nothing_followed_they_stop_by_themselves(wants, monkeypatch, mailoutbox):
    for days in range(10):
        sweep(monkeypatch, EVENING + days * DAY)
    assert len(mailoutbox) == 3
    assert Diary.objects.get(owner=wants).remind_at is None
    recording.change_settings(wants, {"remind_at": 21}, EVENING + 10 * DAY)
    for days in range(10, 20):
        sweep(monkeypatch, EVENING + days * DAY)
    assert len(mailoutbox) == 6


def test_they_go_on_for_whoever_writes_now_and_then(wants, write, monkeypatch, mailoutbox):
    for days in range(12):
        if days % 3 == 0:
            write.know(back(-days) - DAY, sleep_minutes=400 + days)  # of the day before
        sweep(monkeypatch, EVENING + days * DAY)
    assert len(mailoutbox) == 12
    assert Diary.objects.get(owner=wants).remind_at == 21


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_one(wants, mailoutbox):
    together = threading.Barrier(2)

    def run():
        together.wait()
        reminding.remind(wants.pk, EVENING)
        connection.close()

    runs = [threading.Thread(target=run) for _ in range(2)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_comes_while_another_claims_a_reminder_sends_none(wants, mailoutbox):
    def beside():
        try:
            return reminding.remind(wants.pk, EVENING)
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            Diary.objects.filter(owner=wants).update(reminded_on=EVENING.date())
            other = pool.submit(beside)
            time.sleep(0.5)  # by now it waits for the row
        assert not other.result(timeout=30)
    assert not mailoutbox


def test_a_worker_that_goes_down_on_the_way_sends_none_twice(wants, monkeypatch, mailoutbox):
    def killed(*args):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", killed)
        with pytest.raises(SystemExit):
            sweep(monkeypatch, EVENING)
    sweep(monkeypatch, EVENING + timedelta(minutes=2))
    assert not mailoutbox
    sweep(monkeypatch, EVENING + DAY)
    assert len(mailoutbox) == 1


def test_what_a_mail_server_did_not_take_was_not_ignored_and_holds_up_nobody(
    wants, bob, monkeypatch, mailoutbox
):
    Diary.objects.of(bob).update(zone="Europe/Berlin", remind_at=21)

    def refused(letter):
        if letter.to == [wants.email]:
            raise SMTPServerDisconnected
        return sent(letter)

    sent = reminding.EmailMessage.send
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refused)
        for days in range(3):
            sweep(monkeypatch, EVENING + days * DAY)
    assert [letter.to for letter in mailoutbox] == [[bob.email]] * 3
    mailoutbox.clear()
    for days in range(3, 9):
        sweep(monkeypatch, EVENING + days * DAY)
    assert [letter.to for letter in mailoutbox] == [[wants.email]] * 3


def test_nobody_else_gets_one(wants, bob, monkeypatch, mailoutbox, settings):
    made_up = sample.ready(EVENING)
    Diary.objects.update(zone="Europe/Berlin", remind_at=21)
    Diary.objects.of(bob).update(remind_at=None)
    leaving.ask(wants, EVENING)
    sweep(monkeypatch, EVENING)
    leaving.keep(wants, EVENING)
    consent.withdraw(wants, EVENING)
    sweep(monkeypatch, EVENING)
    consent.give(wants, EVENING)
    User.objects.filter(pk=wants.pk).update(is_active=False)
    sweep(monkeypatch, EVENING)
    User.objects.filter(pk=wants.pk).update(is_active=True)
    settings.HAS_MAIL = False
    sweep(monkeypatch, EVENING)
    assert not mailoutbox
    assert Diary.objects.get(owner=made_up).reminded_on is None
    settings.HAS_MAIL = True
    sweep(monkeypatch, EVENING)
    assert [letter.to for letter in mailoutbox] == [[wants.email]]


def test_the_link_in_it_turns_them_off_at_a_press_without_signing_in(
    wants, monkeypatch, mailoutbox, settings
):
    settings.ADDRESS = "https://diary.example.org"
    sweep(monkeypatch, EVENING)
    link = mailoutbox[0].body.split()[-1]
    assert mailoutbox[0].extra_headers["List-Unsubscribe"] == f"<{link}>"
    path = link.removeprefix("https://diary.example.org")
    anybody = Client()
    assert "Turn them off" in anybody.get(path).content.decode()
    assert Diary.objects.get(owner=wants).remind_at == 21  # looked at, not pressed
    for _twice in range(2):
        answer = anybody.post(path, follow=True)
        assert answer.redirect_chain == [(path, 303)]
        assert "They are off." in answer.content.decode()
    assert Diary.objects.get(owner=wants).remind_at is None


@pytest.mark.parametrize("token", ["1", "1:", "1:x", "１:abc", "2:" + "x" * 10_000, "%00"])
def test_a_link_that_was_made_up_turns_nothing_off(client, wants, token):
    path = reverse("account_reminders_off", args=[token])
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    other = reminding.token(wants).replace(str(wants.pk), str(wants.pk + 1), 1)
    assert client.post(reverse("account_reminders_off", args=[other])).status_code == 404
    assert Diary.objects.get(owner=wants).remind_at == 21


def test_a_person_who_reads_german_is_reminded_in_german(wants, monkeypatch, mailoutbox):
    Diary.objects.of(wants).update(language="de")
    sweep(monkeypatch, EVENING)
    assert mailoutbox[0].subject != HELLO
    assert "Tagebuch" in mailoutbox[0].subject


def test_they_are_chosen_in_the_settings_where_there_is_a_mail_server(page, wants, settings):
    assert "Reminder by e-mail" in page.get("/settings/").content.decode()
    assert "Reminder by e-mail" in page.get("/welcome/4/").content.decode()
    page.post("/settings/", {"initial-remind_at": "21", "remind_at": ""})
    assert Diary.objects.get(owner=wants).remind_at is None
    settings.HAS_MAIL = False
    assert "Reminder by e-mail" not in page.get("/settings/").content.decode()
    page.post("/settings/", {"initial-remind_at": "", "remind_at": "21"})
    assert Diary.objects.get(owner=wants).remind_at is None


def test_the_reminders_are_on_the_schedule(settings):
    assert "insights.tasks.remind_due" in {
        entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }
