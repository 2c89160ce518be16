"""Leaving for good: a wish, two weeks to take it back, and then nothing is left."""

import re
import uuid
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings as site
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from config import health
from diary import leaving, recording
from diary.factors import OwnFactor, Shape
from diary.models import Batch, Day, Diary, Piece, Twitch, User
from insights import tasks
from insights.models import ExperimentResult, Opening, ReportFile, Suggested, WeekSummary
from insights.reports.report import Asked
from insights.sharing import links

CANARY = "kanarienvogel-7f3a"
PASSWORD = "a long enough password"
OF_NOBODY = {
    "config.Heartbeat",
    "auth.Permission",
    "auth.Group",
    "contenttypes.ContentType",
}
BY_HAND = {"sessions.Session"}  # has no column that says whose it is
BESIDE_MODELS = {"rate_limits", "django_migrations", "auth_group_permissions"}


def left(person, moment=None):
    """Asked for longer ago than there is time to come back."""
    leaving.ask(person, (moment or now()) - leaving.GRACE - timedelta(minutes=1))


def leaves_at(person):
    return Diary.objects.get(owner=person).leaves_at


def without_token(answer):
    """A page without what is drawn anew for each answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def goes_with_its_person(model, seen=()):
    """Whether a row of this table can not outlive its person."""
    if model is User:
        return True
    return any(
        field.remote_field.on_delete is models.CASCADE
        and field.related_model not in seen
        and goes_with_its_person(field.related_model, (*seen, model))
        for field in model._meta.concrete_fields
        if field.is_relation
    )


def test_every_table_goes_with_its_person_or_is_known_to_be_nobody_s():
    known = OF_NOBODY | BY_HAND
    left_out = {model._meta.label for model in apps.get_models() if not goes_with_its_person(model)}
    assert left_out == known


def test_no_table_is_there_that_no_model_and_no_list_knows(db):
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert set(connection.introspection.table_names()) - tables <= BESIDE_MODELS


def test_the_page_says_what_goes_and_offers_the_archive(sure):
    told = sure.get(reverse("account_leave")).content.decode()
    assert "This deletes your diary for good after 14 days." in told
    assert reverse("export-everything") in told


def test_nothing_is_asked_for_without_the_password(page, alice):
    answer = page.post(reverse("account_leave"))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert leaves_at(alice) is None


def test_who_asked_sees_one_page_whatever_they_open(sure, alice):
    asked = sure.post(reverse("account_leave"))
    assert (asked.status_code, asked.url) == (303, reverse("account_leave"))
    for name in ("today", "diary", "settings", "shares", "account_email", "home"):
        answer = sure.get(reverse(name))
        assert (answer.status_code, answer.url) == (303, reverse("account_leave")), name
    by_htmx = sure.get(reverse("today"), headers={"HX-Request": "true"})
    assert by_htmx.headers["HX-Redirect"] == reverse("account_leave")
    assert "Keep my account" in sure.get(reverse("account_leave")).content.decode()


def test_a_note_that_waited_on_a_device_is_refused_and_so_waits_on(sure, alice):
    sure.post(reverse("account_leave"))
    for headers in ({}, {"HX-Request": "true"}):
        answer = sure.post(reverse("log"), {"form": uuid.uuid4()}, headers=headers)
        assert answer.status_code == 403  # the one that the device does not take for an answer
        assert "Until then nothing is noted" in answer.content.decode()
    assert not Twitch.objects.exists()


def test_the_sample_is_no_way_around_that_page(sure, alice):
    sure.post(reverse("account_leave"))
    assert sure.post(reverse("sample-open")).status_code == 403


def test_every_other_device_is_signed_out_at_once(sure, alice):
    phone = Client()
    phone.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    sure.post(reverse("account_leave"))
    assert phone.get(reverse("today")).url.startswith(reverse("account_login"))
    assert sure.get(reverse("account_leave")).status_code == 200


def test_signing_in_again_offers_to_keep_the_account(sure, alice):
    sure.post(reverse("account_leave"))
    sure.post(reverse("account_logout"))
    back = Client()
    back.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    assert back.get(reverse("today")).url == reverse("account_leave")
    assert back.post(reverse("account_keep")).url == reverse("today")
    assert back.get(reverse("today")).status_code == 200
    assert leaves_at(alice) is None


def test_the_whole_diary_can_still_be_taken_along(sure, alice):
    sure.post(reverse("account_leave"))
    assert sure.get(reverse("export-everything")).headers["Content-Type"] == "application/zip"


def test_asking_twice_does_not_make_it_later(alice):
    first = leaving.ask(alice, now() - timedelta(days=3))
    assert leaving.ask(alice, now()) == first


def test_a_sample_is_nobody_s_to_delete(alice):
    Diary.objects.filter(owner=alice).update(is_sample=True)
    with pytest.raises(AssertionError):
        leaving.ask(alice, now())
    assert leaves_at(alice) is None


def test_after_two_weeks_nothing_is_kept_any_more(alice):
    left(alice)
    assert not leaving.keep(alice, now())
    assert leaving.due(now()) == [alice.pk]


def test_shared_links_answer_like_revoked_ones_at_once(alice, client):
    made = links.make(alice, Asked(now().date(), now().date(), frozenset()), 7, "", now())
    path, secret = reverse("shared", args=[made.share.uuid]), {"secret": made.secret}
    assert client.post(path, secret).status_code == 200
    leaving.ask(alice, now())
    answer = client.post(path, secret)
    links.revoke(made.share, now())
    revoked = client.post(path, secret)
    assert answer.status_code == revoked.status_code == 404
    assert without_token(answer) == without_token(revoked)
    assert Opening.objects.count() == 1


def test_a_diary_that_is_to_be_deleted_is_not_analysed_until_it_is_kept(alice):
    moment = now()
    Diary.objects.of(alice).mark_stale(moment - timedelta(hours=1))
    leaving.ask(alice, moment)
    assert not Diary.objects.stale(moment).exists()
    assert health.oldest_waiting(moment, failing=False) is None
    leaving.keep(alice, moment)
    assert Diary.objects.stale(moment).get().owner == alice
    assert health.oldest_waiting(moment, failing=False) == timedelta(0)


def test_files_of_whom_leaves_are_not_worked_on(alice):
    Batch.objects.create(owner=alice, uuid=uuid.uuid4(), name="a.csv", created_at=now())
    ReportFile.objects.create(
        owner=alice, uuid=uuid.uuid4(), scope={}, language="de", expires_at=now()
    )
    assert Batch.objects.waiting(now()).exists()
    assert ReportFile.objects.waiting(now()).exists()
    leaving.ask(alice, now())
    assert not Batch.objects.waiting(now()).exists()
    assert not ReportFile.objects.waiting(now()).exists()


def test_the_deletion_is_on_the_schedule():
    assert "insights.tasks.delete_due" in {
        entry["task"] for entry in site.CELERY_BEAT_SCHEDULE.values()
    }


def full_of_canaries(person):
    """A row of every kind, with the canary wherever something can be written."""
    moment, diary = now(), Diary.objects.get(owner=person)
    today = diary.today(moment)
    Diary.objects.filter(owner=person).update(usual_places=[CANARY], usual_drinks=[CANARY])
    when = recording.When.at(moment, diary)
    text = recording.NoteText(when, "seconds", words=CANARY)
    for _ in range(3):
        recording.note(person, uuid.uuid4(), ["calf-l"], text, moment)
    recording.note_check(person, uuid.uuid4(), {"weakness": "no"}, CANARY, moment)
    trying = recording.ExperimentText("calm-moment", today, 3, on_today=True)
    experiment = recording.start_experiment(person, uuid.uuid4(), trying, moment)
    ExperimentResult.objects.create(
        experiment=experiment,
        owner=person,
        recipe=1,
        inputs=b"",
        result={"a": CANARY},
        computed_at=moment,
    )
    medicine = recording.MedicineText(CANARY, "medicine", today, None, CANARY)
    recording.add_medicine(person, uuid.uuid4(), medicine, moment)
    recording.make_factor(person, OwnFactor(CANARY, Shape.YES_NO), moment)
    recording.take_break(person, today, today + timedelta(days=2), moment)
    Day.objects.update_or_create(owner=person, day=today, defaults={"words": CANARY})
    batch = Batch.objects.create(
        owner=person,
        uuid=uuid.uuid4(),
        name=CANARY,
        asks={"a": CANARY},
        problems=[CANARY],
        shown=[CANARY],
        before={"a": CANARY},
        created_at=moment,
    )
    Piece.objects.create(batch=batch, number=0, data=CANARY.encode())
    Twitch.objects.filter(owner=person).update(batch=batch)
    made = links.make(person, Asked(today, today, frozenset(), questions=(CANARY,)), 7, "", moment)
    Opening.objects.create(share=made.share, at=moment)
    ReportFile.objects.create(
        owner=person,
        uuid=uuid.uuid4(),
        scope={"a": CANARY},
        language="de",
        data=CANARY.encode(),
        expires_at=moment,
    )
    WeekSummary.objects.create(
        owner=person,
        year=2026,
        number=47,
        finished=True,
        recipe=1,
        inputs=b"",
        result={"a": CANARY},
        computed_at=moment,
    )
    Suggested.objects.create(owner=person, passage=CANARY)
    address = EmailAddress.objects.create(user=person, email=f"{CANARY}@example.org")
    EmailConfirmation.objects.create(email_address=address, key=CANARY)
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": CANARY}
    )
    UserSession.objects.create(user=person, session_key="0" * 32, ip="192.0.2.1", user_agent=CANARY)
    signed_in = Client()
    signed_in.force_login(person)
    on_the_way = SessionStore()
    on_the_way.update({"account_login": {"user_pk": str(person.pk)}, "words": CANARY})
    on_the_way.save()
    named = SessionStore()
    named.update({"account_verified_email": f"{CANARY.upper()}@example.org"})
    named.save()
    cache.set(CANARY, [1.0], timeout=0)  # a count that is over, as tries at signing in leave it


def tables_with(words):
    """The tables in which these words stand, whatever model they have."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                cells = (bytes(c) if isinstance(c, memoryview) else c for c in row)
                if words in " ".join(map(str, cells)):
                    found.append(table)
    return sorted(set(found))


def rows_by_table():
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.label not in {"config.Heartbeat", "auth.Permission"}
    }


def in_files(words):
    """The files of the data folder in which these bytes stand."""
    return sorted(
        str(file.relative_to(site.DATA_DIR))
        for file in site.DATA_DIR.rglob("*")
        if file.is_file() and words in file.read_bytes()
    )


@pytest.mark.django_db(transaction=True)
def test_of_a_deleted_account_nothing_is_left_in_any_table_file_or_log(bob, caplog, monkeypatch):
    monkeypatch.setattr(leaving, "AT_ONCE", 2)  # many pieces
    Client().force_login(bob)
    recording.mark_clear(bob, now().date(), now())
    before = rows_by_table()
    person = User.objects.create_user(f"{CANARY}@example.org", PASSWORD)
    full_of_canaries(person)
    filled = {label for label, many in rows_by_table().items() if many > before[label]}
    written = {model._meta.label for model in apps.get_models()} - OF_NOBODY
    assert written - filled == set()  # a new table gets its canary above
    assert {"diary_twitch", "diary_batch", "insights_share"} <= set(tables_with(CANARY))
    left(person)
    tasks.delete_due()
    assert rows_by_table() == before
    assert tables_with(CANARY) == []
    if connection.vendor == "sqlite":
        assert in_files(CANARY.encode()) == []
    assert CANARY not in caplog.text
    assert f"account {person.pk} was deleted for good" in caplog.text
    assert Session.objects.count() == before["sessions.Session"]


@pytest.mark.django_db(transaction=True)
def test_the_search_finds_what_is_not_deleted_yet():
    person = User.objects.create_user(f"{CANARY}-2@example.org", PASSWORD)
    assert "diary_user" in tables_with(f"{CANARY}-2")
    if connection.vendor == "sqlite":
        assert in_files(f"{CANARY}-2".encode())
    left(person)
    tasks.delete_due()
    assert tables_with(f"{CANARY}-2") == []
    if connection.vendor == "sqlite":
        assert in_files(f"{CANARY}-2".encode()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ends_after", range(0, 16, 3))
def test_a_deletion_that_ends_anywhere_goes_on_with_the_next_run(alice, ends_after, monkeypatch):
    monkeypatch.setattr(leaving, "AT_ONCE", 2)
    full_of_canaries(alice)
    left(alice)
    steps = 0

    def ends(execute, sql, params, many, context):
        nonlocal steps
        if sql.startswith("DELETE"):
            steps += 1
            if steps > ends_after:
                raise SystemExit
        return execute(sql, params, many, context)

    with connection.execute_wrapper(ends), pytest.raises(SystemExit):
        tasks.delete_due()
    assert User.objects.filter(pk=alice.pk).exists()
    assert not Client().login(username=alice.email, password=PASSWORD)
    tasks.delete_due()
    assert not User.objects.filter(pk=alice.pk).exists()
    assert tables_with(CANARY) == []
    tasks.delete_due()


@pytest.mark.django_db(transaction=True)
def test_an_account_that_can_not_be_deleted_holds_up_no_other(alice, bob, monkeypatch, caplog):
    left(alice, now() - timedelta(days=1))
    left(bob)
    delete = leaving.delete

    def falls_over_alice(owner_id, moment):
        if owner_id == alice.pk:
            raise ValueError(CANARY)
        delete(owner_id, moment)

    monkeypatch.setattr(leaving, "delete", falls_over_alice)
    tasks.delete_due()
    assert list(User.objects.all()) == [alice]
    assert CANARY not in caplog.text


def test_an_account_whose_time_is_not_over_is_never_deleted(alice):
    leaving.ask(alice, now())
    leaving.delete(alice.pk, now())
    assert User.objects.filter(pk=alice.pk, is_active=True).exists()
