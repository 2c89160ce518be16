"""What was typed is kept when it could not be saved: signed out meanwhile, or as somebody else."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import OperationalError, connection
from django.test import Client
from django.utils.html import escape

from diary.models import Medicine
from tests.test_access import sign_in

PILLS = {
    "form": "00000000-0000-4000-8000-000000000001",
    "version": "0",
    "name": 'Pills "for" <sleep>',
    "kind": "medicine",
    "first": "",
    "last": "",
    "words": "two\nlines",
}
OURS = {"Origin": "http://testserver"}


def repeated(answer):
    """What the button of the page sends, and where."""
    html = answer.content.decode()
    main = html[html.index("<main") : html.index("</main")]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', main)
    sent = {unescape(name): unescape(value) for name, value in found}
    return unescape(re.search(r'action="([^"]+)"', main)[1]), sent


def test_who_was_signed_out_signs_in_and_saves_what_was_typed(client, alice):
    answer = client.post("/medicines/", PILLS)
    assert answer.status_code == 401
    assert "no-store" in answer["Cache-Control"]
    path, sent = repeated(answer)
    client.force_login(alice)
    assert client.post(path, sent).status_code == 303
    saved = Medicine.objects.of(alice).get()
    assert (saved.name, saved.words) == (PILLS["name"], PILLS["words"])


def test_a_button_that_sends_nothing_else_leads_to_signing_in(client, db):
    answer = client.post("/days/2026-11-01/clear/")
    assert answer.status_code == 302


def test_a_page_that_is_too_old_keeps_what_was_typed(alice):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    browser.get("/medicines/")
    answer = browser.post("/medicines/", PILLS | {"csrfmiddlewaretoken": "x" * 64}, headers=OURS)
    assert answer.status_code == 403
    path, sent = repeated(answer)
    assert browser.post(path, sent, headers=OURS).status_code == 303
    assert Medicine.objects.of(alice).get().name == PILLS["name"]


TYPED = 'Typed "for" ten <minutes>'
FORMS = [
    ("/check/", {"form": PILLS["form"], "weakness": "no", "words": TYPED}),
    ("/medicines/", PILLS | {"name": TYPED}),
    ("/days/2026-11-18/", {"version": "0", "words": TYPED}),
]


def locked(execute, sql, *given):
    if sql.startswith(("INSERT", "UPDATE", "DELETE")):
        raise OperationalError
    return execute(sql, *given)


def away(*given):
    raise OperationalError


@pytest.mark.parametrize("fault", [locked, away])
@pytest.mark.parametrize(("path", "typed"), FORMS)
def test_while_the_database_is_out_of_reach_what_was_typed_is_kept(alice, path, typed, fault):
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(alice)
    browser.get(path)
    typed = typed | {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    with connection.execute_wrapper(fault):
        answer = browser.post(path, typed, headers=OURS)
    assert answer.status_code == 503
    assert "What you wrote is kept on this page" in answer.content.decode()
    assert repeated(answer) == (path, typed)
    answer = browser.post(path, typed, headers=OURS, follow=True)
    assert answer.redirect_chain
    assert escape(TYPED) in answer.content.decode()


def test_what_a_foreign_page_sends_is_not_kept_while_the_database_is_away(page):
    page.raise_request_exception = False
    with connection.execute_wrapper(away):
        answer = page.post("/medicines/", PILLS, headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 503
    assert b"Pills" not in answer.content


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://elsewhere.example"}, {"Origin": "null"}]
)
def test_what_a_foreign_page_sends_is_not_offered_to_be_saved(alice, headers):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    browser.get("/medicines/")
    answer = browser.post("/medicines/", PILLS, headers=headers)
    assert answer.status_code == 403
    assert b"Pills" not in answer.content


def test_a_plain_form_of_one_account_is_not_saved_in_the_diary_of_another(client, alice, bob):
    client.force_login(alice)
    whose = re.search(r'data-account="([^"]+)"', client.get("/medicines/").content.decode())[1]
    client.force_login(bob)
    answer = client.post("/medicines/", PILLS | {"ebb_account": whose})
    assert answer.status_code == 409
    path, sent = repeated(answer)
    assert client.post(path, sent).status_code == 409
    assert not Medicine.objects.exists()
    client.force_login(alice)
    assert client.post(path, sent).status_code == 303
    assert Medicine.objects.of(alice).count() == 1


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/accounts/email/", {"action_add": "", "email": "new@example.org"}),
        ("/accounts/devices/others/end/", {"password": "new@example.org"}),
    ],
)
def test_a_form_of_one_account_changes_nothing_of_another(client, alice, bob, path, fields):
    sign_in(client, alice)
    whose = re.search(r'data-account="([^"]+)"', client.get("/today/").content.decode())[1]
    sign_in(client, bob)
    UserSession.objects.create(user=bob, session_key="1" * 32, ip="192.0.2.1", user_agent="")
    devices = UserSession.objects.filter(user=bob).count()
    answer = client.post(path, fields | {"ebb_account": whose})
    assert answer.status_code == 409
    assert b"another diary" in answer.content
    assert b"new@example.org" not in answer.content
    assert not EmailAddress.objects.filter(email="new@example.org").exists()
    assert UserSession.objects.filter(user=bob).count() == devices
    assert client.post("/accounts/logout/", {"ebb_account": whose}).status_code == 302
    assert not client.session.get("_auth_user_id")


@pytest.mark.parametrize("path", ["/accounts/password/change/", "/accounts/reauthenticate/"])
def test_a_password_is_never_repeated_on_a_page(client, db, path):
    answer = client.post(path, {"oldpassword": "a secret", "password": "a secret"})
    assert b"a secret" not in answer.content
    stale = Client(enforce_csrf_checks=True)
    answer = stale.post(path, {"oldpassword": "a secret"}, headers=OURS)
    assert answer.status_code == 403
    assert b"a secret" not in answer.content
