"""Every address, asked in every way by everybody: nobody sees or changes what another wrote.

An address that is not listed here fails the tests: who adds a page says whose it is.
"""

import time
from datetime import date, timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils.timezone import now

from config import health
from config.models import Heartbeat
from diary import recording, reminding
from diary.days import Week
from diary.factors import OwnFactor, Shape
from diary.models import Batch, Check, Diary, Medicine, Twitch, User
from insights.models import ReportFile, Share
from insights.reports.report import Asked
from insights.sharing import links

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
DAY = date(2026, 11, 18)
ASKED = {"plain": {}, "htmx": {"HX-Request": "true"}}
SECRET = "only alice wrote this"

# For everybody; signed in or not.
OPEN = {
    "home",
    "learn",
    "learn-topic",
    "advice",
    "privacy",
    "sample-open",
    "sample-close",
    "healthz",
    "readyz",
    "security-txt",
    "account_login",
    "account_logout",
    "account_reminders_off",  # whoever has the link of a reminder, and no more than that
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
# The same bytes for everybody, so a browser may keep them.
SAME_FOR_ALL = {
    "manifest",
    "worker",
    "offline",
    "offline-today",
    "offline-log",
    "offline-waiting",
}
# For whoever is signed in, about themselves.
OWN = {
    "welcome",
    "welcome-step",
    "today",
    "log",
    "log-again",
    "log-which",
    "diary",
    "where",
    "day",
    "day-clear",
    "day-unclear",
    "day-leave",
    "day-factors",
    "day-answer",
    "notes-once",
    "export",
    "export-notes",
    "export-days",
    "export-medicines",
    "export-checks",
    "export-everything",
    "export-more",
    "import",
    "check",
    "medicines",
    "settings",
    "zone",
    "factors",
    "drinks",
    "break-start",
    "break-end",
    "more",
    "insights",
    "insights-week",
    "insights-factor",
    "report",
    "report-document",
    "report-file-ask",
    "shares",
    "suggestion",
    "suggestions",
    "claims",
    "experiments",
    "experiment-new",
    "waiting",
    "account_reauthenticate",
    "account_request_reauthentication_code",
    "account_confirm_reauthentication_code",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_devices",
    "account_devices_end_others",
    "account_leave",
    "account_keep",
    "account_consent",
    "account_consent_withdraw",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
}
# About one row: for whoever it belongs to, and not there for anybody else.
OWN_ROW = {
    "note",
    "note-remove",
    "note-restore",
    "check-answer",
    "check-remove",
    "check-restore",
    "medicine",
    "medicine-remove",
    "medicine-restore",
    "factor",
    "factor-switch",
    "experiment",
    "experiment-stop",
    "experiment-resume",
    "experiment-day",
    "share-revoke",
    "report-file",
    "report-file-get",
    "import-answer",
    "import-file",
    "import-reconsider",
    "import-take",
    "import-undo",
    "account_devices_end",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}
# For who holds a secret link; its uuid alone opens nothing.
BY_LINK = {"shared"}
KINDS = {
    "open": OPEN,
    "the same for all": SAME_FOR_ALL,
    "own": OWN,
    "own row": OWN_ROW,
    "by link": BY_LINK,
}


def patterns():
    """The name of every address, and the names of what it takes."""

    def walk(resolver, above):
        for pattern in resolver.url_patterns:
            taken = (*above, *pattern.pattern.regex.groupindex)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, taken)
            else:
                yield pattern.name, taken

    return list(walk(get_resolver(), ()))


TAKES = dict(patterns())


@pytest.fixture
def written(alice):
    """What alice wrote, a row of each kind, by the start of the names of its addresses."""
    moment = now()
    Heartbeat.objects.tell(health.SWEEP, moment)
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    diary = Diary.objects.get(owner=alice)
    form = uuid4()
    when = recording.When.at(moment, diary)
    recording.note(
        alice, form, ["calf-l"], recording.NoteText(when, "seconds", words=SECRET), moment
    )
    recording.note_check(alice, uuid4(), {"weakness": "no"}, SECRET, moment)
    text = recording.MedicineText(SECRET, "medicine", DAY, None, SECRET)
    recording.add_medicine(alice, uuid4(), text, moment)
    recording.make_factor(alice, OwnFactor(SECRET, Shape.YES_NO), moment)
    text = recording.ExperimentText("less-caffeine", DAY, 3, on_today=True)
    experiment = recording.start_experiment(alice, uuid4(), text, moment)
    share = Share.objects.create(
        owner=alice,
        uuid=uuid4(),
        proof="0" * 64,
        scope={},
        made_at=moment,
        expires_at=moment + timedelta(days=7),
    )
    file = ReportFile.objects.create(
        owner=alice,
        uuid=uuid4(),
        scope={},
        language="en-gb",
        data=b"%PDF-1.7",
        made_at=moment,
        expires_at=moment + timedelta(days=1),
    )
    passkey = Authenticator.objects.create(
        user=alice, type=Authenticator.Type.WEBAUTHN, data={"name": SECRET, "credential": {}}
    )
    device = UserSession.objects.create(
        user=alice, session_key="0" * 32, ip="192.0.2.1", user_agent=SECRET
    )
    batch = Batch.objects.create(owner=alice, uuid=uuid4(), name=SECRET, created_at=moment)
    return {
        "import": batch.uuid,
        "report": file.uuid,
        "account_devices_end": device.pk,
        "mfa_edit_webauthn": passkey.pk,
        "mfa_remove_webauthn": passkey.pk,
        "note": Twitch.objects.get().uuid,
        "check": Check.objects.get().uuid,
        "medicine": Medicine.objects.get().uuid,
        "factor": Diary.objects.get(owner=alice).more_factors[0]["key"],
        "experiment": experiment.uuid,
        "share": share.uuid,
        "shared": share.uuid,
    }


def address(name, written):
    """An address of alice's, where it takes the name of something."""
    mine = written.get(name.partition("-")[0], uuid4())
    slugs = {"learn-topic": "sleep", "insights-factor": "caffeine"}
    values = {
        "uuid": mine,
        "pk": mine,
        "key": {"factor": mine, "export": "findings"}.get(name.partition("-")[0], "mq:key"),
        "slug": slugs.get(name, ""),
        "factor": "caffeine",
        "passage": "SLP1",
        "day": DAY,
        "week": Week.parse("2026-w47"),
        "uidb36": "1",
        "step": 2,
        "token": reminding.token(User.objects.get(email="alice@example.org")),
    }
    return reverse(name, kwargs={taken: values[taken] for taken in TAKES[name]})


def sign_in(client, person):
    """As somebody who has just given their password: nothing is refused for want of it."""
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def answers(name, written, person, cookies=None):
    """What each way of asking is answered, from a browser of its own.

    Whoever signs in does so anew once a session has ended.
    """
    path, signed_in = address(name, written), Client()
    for asked, headers in ASKED.items():
        for method in METHODS:
            client = Client(raise_request_exception=False, headers=headers)
            client.cookies.update(cookies or {})
            if person:
                if SESSION_KEY not in signed_in.session:
                    sign_in(signed_in, person)
                client.cookies.update(signed_in.cookies)
            answer = client.generic(method, path)
            body = b"".join(answer) if answer.streaming else answer.content
            yield f"{method} {path} {asked}", answer, body.decode(errors="replace")


def kept():
    """Everything that is alice's, and apart from it the devices where she is signed in."""
    alice = User.objects.filter(email="alice@example.org")
    rows = list(alice.values("password", "email", "is_active"))
    for model in apps.get_models():
        whose = {field.name for field in model._meta.concrete_fields} & {"owner", "user"}
        if whose and model is not UserSession:
            rows += model.objects.filter(**{f"{whose.pop()}__in": alice}).order_by("pk").values()
    return rows, list(UserSession.objects.filter(user__in=alice).values())


def may_be_kept(answer):
    return "no-store" not in answer.headers.get("Cache-Control", "")


def test_every_address_says_whose_it_is():
    said = [name for names in KINDS.values() for name in names]
    assert len(said) == len(set(said))
    assert sorted(set(TAKES) - set(said)) == []
    assert sorted(set(said) - set(TAKES)) == []
    assert len(patterns()) == len(TAKES)  # of two with one name only one would be walked


@pytest.mark.parametrize("name", sorted(TAKES))
def test_another_person_sees_and_changes_nothing(name, written, bob):
    before = kept()
    statuses = set()
    for asked, answer, body in answers(name, written, bob):
        assert answer.status_code < 500, asked
        assert SECRET not in body, asked
        assert "alice@" not in body, asked
        if name not in SAME_FOR_ALL:
            assert not may_be_kept(answer), asked
        statuses.add(answer.status_code)
        if name in OWN_ROW:
            # 405, and which methods there are, is said before anything is looked up, and so of
            # rows that are nobody's too.
            told = answer.status_code in (404, 405)
            assert told or (asked.startswith("OPTIONS") and not body), asked
    if name in OWN_ROW:
        assert 404 in statuses
    assert kept() == before


FORMS = [
    ("log-again", "note", {"place": "calf-l", "duration": "seconds", "when": "0"}),
    ("log", "note", {"place": "calf-l", "duration": "seconds", "when": "0"}),
    ("check", "check", {"weakness": "no", "words": ""}),
    ("medicines", "medicine", {"name": "pills", "kind": "medicine", "first": "", "version": "0"}),
    ("experiment-new", "experiment", {"idea": "calm-moment", "part_days": "3"}),
    ("import", "import", {"file": SimpleUploadedFile("a.csv", b"date,mood\n2026-11-18,3\n")}),
]


@pytest.mark.parametrize(("name", "row", "fields"), FORMS, ids=[name for name, *_rest in FORMS])
def test_a_form_under_the_name_of_another_s_row_makes_one_of_one_s_own(
    name, row, fields, written, bob
):
    before = kept()
    client = Client()
    sign_in(client, bob)
    tomorrow = bob.diary.today(now()) + timedelta(days=1)
    sent = {"first": str(tomorrow)} | fields | {"form": written[row]}
    answer = client.post(reverse(name), sent, follow=True)
    assert answer.redirect_chain, answer.content.decode()
    assert SECRET not in answer.content.decode()
    assert kept() == before


@pytest.fixture(params=["a stranger", "who holds a link"])
def outside(request, written):
    """The cookies of somebody without an account; one of them has just read a shared report."""
    client = Client()
    if request.param != "a stranger":
        scope = Asked(DAY, DAY, frozenset())
        made = links.make(User.objects.get(email="alice@example.org"), scope, 7, "", now())
        opened = client.post(reverse("shared", args=[made.share.uuid]), {"secret": made.secret})
        assert opened.status_code == 200
    return client.cookies


@pytest.mark.parametrize("name", sorted(TAKES))
def test_without_signing_in_only_open_pages_answer(name, written, outside):
    before = kept()
    for asked, answer, body in answers(name, written, None, outside):
        assert answer.status_code < 500, asked
        assert SECRET not in body, asked
        assert "alice@" not in body, asked
        if name in OWN | OWN_ROW:
            assert not may_be_kept(answer), asked
            if asked.endswith("htmx"):
                assert answer.status_code == 401, asked
            else:
                assert answer.status_code == 302, asked
                assert answer["Location"].startswith("/accounts/login/?next="), asked
    assert kept() == before


@pytest.mark.parametrize("name", sorted(SAME_FOR_ALL))
def test_what_a_browser_may_keep_is_the_same_for_everybody(name, written, alice):
    signed_in = [body for _asked, _answer, body in answers(name, written, alice)]
    assert signed_in == [body for _asked, _answer, body in answers(name, written, None)]


@pytest.mark.parametrize("name", sorted(OWN_ROW))
def test_the_rows_are_there_for_whom_they_belong_to(name, written, alice):
    # Otherwise a wrong address would look like a closed door.
    if name.endswith("-restore"):
        Twitch.objects.update(removed_at=now())
        Check.objects.update(removed_at=now())
        Medicine.objects.update(removed_at=now())
    found = {answer.status_code for _asked, answer, _body in answers(name, written, alice)}
    assert found - {404, 405}
    assert max(found) < 500


def test_back_after_signing_out_asks_the_server_again(page, written):
    read = page.get("/diary/")
    assert SECRET in read.content.decode()
    assert not may_be_kept(read)
    page.post("/accounts/logout/")
    again = page.get("/diary/")
    assert again.status_code == 302
    assert SECRET not in again.content.decode()


@pytest.mark.parametrize("name", sorted(TAKES))
def test_a_form_of_a_foreign_page_is_never_taken(name, written, alice):
    before = kept()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    sign_in(client, alice)
    for method in ("POST", "DELETE"):
        assert client.generic(method, address(name, written)).status_code == 403, method
    assert kept() == before


@pytest.mark.parametrize("name", sorted(TAKES))
def test_looking_at_a_page_changes_nothing(name, written, alice):
    before = kept()
    client = Client(raise_request_exception=False)
    sign_in(client, alice)
    for headers in ASKED.values():
        answer = client.get(address(name, written), headers=headers)
        kind = answer.headers["Content-Type"]
        assert "charset=utf-8" in kind or not kind.startswith("text/")
    after, _devices = kept()  # the list of devices leaves out one that has signed out meanwhile
    assert after == before[0]
