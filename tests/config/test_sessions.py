"""What a browser holds while somebody is signed in, and what is told when an account changes."""

from http.cookies import SimpleCookie
from smtplib import SMTPServerDisconnected

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import sessions

PASSWORD = "a long enough password"
RIGHT = {"login": "alice@example.org", "password": PASSWORD}


class Away(BaseEmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, email_messages):
        raise SMTPServerDisconnected


@pytest.fixture
def with_mail(settings, alice):
    settings.HAS_MAIL = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    alice.emailaddress_set.update_or_create(email=alice.email, verified=True, primary=True)


def sign_in(client, **fields):
    return client.post(reverse("account_login"), RIGHT | fields)


def told():
    """The subjects and addressees of what was sent since it was last asked."""
    letters = [(letter.subject, letter.to[0]) for letter in mail.outbox]
    mail.outbox.clear()
    return letters


def test_the_session_gets_another_name_at_signing_in_and_ends_at_signing_out(client, alice):
    client.post(reverse("sample-open"))
    before = client.session.session_key
    sign_in(client)
    signed_in = client.session.session_key
    assert signed_in not in (None, before)
    left = client.post(reverse("account_logout"))
    assert left["Clear-Site-Data"] == '"cache"'
    client.cookies["sessionid"] = signed_in
    assert client.get(reverse("today")).status_code == 302


@pytest.mark.parametrize("renamed_by", ["account_login", "account_reauthenticate"])
def test_a_call_under_way_while_the_session_gets_another_name_signs_nobody_out(
    client, alice, renamed_by
):
    client.post(reverse("sample-open"))
    if renamed_by == "account_reauthenticate":
        sign_in(client)
    under_way = Client()
    under_way.cookies = SimpleCookie(client.cookies)
    client.post(reverse(renamed_by), RIGHT)
    assert under_way.cookies["sessionid"].value != client.cookies["sessionid"].value
    answer = under_way.get(reverse("worker"))
    assert "sessionid" not in answer.cookies
    assert "sessionid" in client.post(reverse("account_logout")).cookies


def test_the_session_gets_another_name_when_one_is_asked_once_more(client, alice):
    sign_in(client)
    client.get(reverse("account_devices"))
    before, stolen = client.session.session_key, Client()
    stolen.cookies = SimpleCookie(client.cookies)
    assert stolen.get(reverse("today")).status_code == 200
    assert client.post(reverse("account_reauthenticate"), {"password": "wrong"}).status_code == 422
    assert client.session.session_key == before
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.session.session_key != before
    assert client.get(reverse("today")).status_code == 200
    assert stolen.get(reverse("today")).status_code == 302
    assert [line.session_key for line in UserSession.objects.filter(user=alice)] == [
        client.session.session_key
    ]


def test_no_script_reads_the_session_and_no_other_site_sends_it(client, alice):
    cookie = sign_in(client).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def unused(client, hours):
    """Make the session of a browser as old as if it had not been used for so long."""
    session = client.session
    session[sessions.USED] -= hours * sessions.HOUR
    session.save()


@pytest.mark.parametrize(
    ("stay", "hours", "answer"),
    [
        ({"remember": "on"}, 30 * 24 - 1, 200),
        ({"remember": "on"}, 30 * 24 + 1, 302),
        ({}, 11, 200),
        ({}, 13, 302),
    ],
)
def test_who_stayed_away_signs_in_again(client, alice, stay, hours, answer):
    sign_in(client, **stay)
    key = client.session.session_key
    unused(client, hours)
    assert client.get(reverse("today")).status_code == answer
    assert Session.objects.filter(pk=key).exists() == (answer == 200)


def test_who_comes_back_now_and_then_stays_signed_in_for_ninety_days_and_no_longer(client, alice):
    sign_in(client, remember="on")
    for _visit in range(3):
        unused(client, 29 * 24)
        assert client.get(reverse("today")).status_code == 200
    session = client.session
    session[sessions.BEGAN] -= 91 * 24 * sessions.HOUR
    session.save()
    assert client.get(reverse("today")).status_code == 302


def test_a_session_of_an_older_ebb_is_counted_from_its_next_use(client, alice):
    client.force_login(alice)
    session = client.session
    del session[sessions.BEGAN], session[sessions.USED]
    session.save()
    assert client.get(reverse("today")).status_code == 200
    unused(client, 31 * 24)
    assert client.get(reverse("today")).status_code == 302


def test_looking_at_pages_one_after_the_other_writes_no_session(client, alice):
    sign_in(client)
    client.get(reverse("today"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("today"))
    written = [query["sql"] for query in queries if "django_session" in query["sql"]]
    assert [sql.split()[0] for sql in written] == ["SELECT"]


@pytest.mark.parametrize(("stay", "days"), [({"remember": "on"}, 90), ({}, 0)])
def test_a_session_lasts_ninety_days_or_until_the_browser_closes(client, alice, stay, days):
    assert sign_in(client, **stay).cookies["sessionid"]["max-age"] == (days * 86400 or "")


def test_the_owner_is_told_when_the_password_changes(page, with_mail):
    new = {"oldpassword": PASSWORD, "password1": "quite another", "password2": "quite another"}
    page.post(reverse("account_change_password"), new)
    assert told() == [("Ebb: Another password", "alice@example.org")]


def test_the_old_address_is_told_when_another_becomes_the_main_one(sure, alice, with_mail):
    alice.emailaddress_set.create(email="new@example.org", verified=True, primary=False)
    sure.post(reverse("account_email"), {"email": "new@example.org", "action_primary": ""})
    assert "new@example.org" in mail.outbox[0].body
    assert told() == [("Ebb: Another main address", "alice@example.org")]
    sure.post(reverse("account_email"), {"email": "alice@example.org", "action_remove": ""})
    assert told() == [("Ebb: An address is removed", "new@example.org")]


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_told_when_codes_are_switched_on_made_anew_and_off(sure, with_mail):
    sure.get(reverse("mfa_activate_totp"))
    secret = sure.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    sure.post(reverse("mfa_activate_totp"), {"code": code})
    letter = mail.outbox[0].body
    assert "127.0.0.1" in letter
    assert "If not, choose another password now" in letter
    assert told() == [("Ebb: Codes are asked for", "alice@example.org")]
    sure.post(reverse("mfa_generate_recovery_codes"))
    assert told() == [("Ebb: New recovery codes", "alice@example.org")]
    sure.post(reverse("mfa_deactivate_totp"))
    assert told() == [("Ebb: Codes are no longer asked for", "alice@example.org")]


def test_a_password_changes_also_while_the_mail_server_is_away(page, with_mail, settings, alice):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Away"}}
    new = {"oldpassword": PASSWORD, "password1": "quite another", "password2": "quite another"}
    assert page.post(reverse("account_change_password"), new).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("quite another")


@pytest.mark.parametrize("what", ["account_signup", "account_reset_password"])
def test_who_waits_for_a_letter_is_told_that_none_can_be_sent(client, with_mail, settings, what):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Away"}}
    settings.SIGNUP = "open"
    client.raise_request_exception = False
    known = {"email": "alice@example.org", "password1": "a long enough password", "consent": "1"}
    answer = client.post(reverse(what), known)
    assert answer.status_code == 503
    assert "No mail can be sent right now." in answer.content.decode()


MADE_UP = [
    "",
    "{}",
    "[]",
    "null",
    "1",
    "[" * 100_000,
    "9" * 10_000,
    '{"id": "x", "rawId": "x", "response": {}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "authenticatorData": "eA", "signature": "eA", "userHandle": "eA"}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "attestationObject": "oA"}, "clientExtensionResults": {}}',
    '{"response": {"userHandle": null}}',
    '{"response": []}',
    "x\x00",
]


@pytest.mark.parametrize("made_up", MADE_UP, ids=range(len(MADE_UP)))
def test_a_passkey_that_is_made_up_is_refused_in_words(sure, made_up):
    sure.get(reverse("mfa_add_webauthn"))
    added = sure.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": made_up})
    assert added.status_code == 422
    stranger = Client()
    stranger.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    refused = stranger.post(reverse("mfa_login_webauthn"), {"credential": made_up})
    assert refused.status_code == 302
    assert stranger.get(reverse("today")).status_code == 302


def test_who_runs_the_server_lets_in_whoever_lost_the_phone_and_the_codes(client, alice):
    sign_in(client)
    TOTP.activate(alice, generate_totp_secret())
    away = Client()
    assert sign_in(away).url == reverse("mfa_authenticate")
    call_command("forgetcodes", "Alice@example.org")
    assert client.get(reverse("today")).status_code == 302  # every device signs in anew
    assert sign_in(Client()).url == reverse("today")


def test_only_an_account_that_is_there_can_lose_its_codes(alice, bob):
    TOTP.activate(bob, generate_totp_secret())
    with pytest.raises(CommandError, match="no account"):
        call_command("forgetcodes", "nobody@example.org")
    call_command("forgetcodes", alice.email)
    assert bob.authenticator_set.exists()


def test_who_runs_the_server_signs_one_person_out_of_every_device(client, alice, bob):
    other = Client()
    sign_in(client)
    sign_in(other, login=bob.email, password="another long password")
    assert other.get(reverse("account_devices")).status_code == 200
    call_command("signout", "Alice@example.org")
    assert client.get(reverse("today"))["Location"].startswith("/accounts/login/")
    assert other.get(reverse("account_devices")).status_code == 200
    with pytest.raises(CommandError, match="no account"):
        call_command("signout", "nobody@example.org")


def test_a_new_password_by_a_link_signs_nobody_in(client, alice, with_mail):
    client.post(reverse("account_reset_password"), {"email": alice.email})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True)
    chosen = {"password1": "quite another", "password2": "quite another"}
    client.post(form.redirect_chain[-1][0], chosen)
    alice.refresh_from_db()
    assert alice.check_password("quite another")
    assert client.get(reverse("today"))["Location"].startswith("/accounts/login/")
    again = Client().get(link, follow=True)
    assert 'name="password1"' not in again.content.decode()
