"""What the log says of accounts, and what it does not."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

PASSWORD = "a long enough password"


def said(caplog):
    """The lines since it was last asked."""
    lines = [record.getMessage() for record in caplog.records if "sign_ins" in record.name]
    caplog.clear()
    return lines


@pytest.fixture(autouse=True)
def everything(caplog):
    caplog.set_level(logging.INFO)


def test_coming_in_going_out_and_being_refused_are_written_down(client, alice, caplog):
    for password in ("a wrong password", PASSWORD):
        client.post(reverse("account_login"), {"login": alice.email, "password": password})
    client.post(reverse("account_logout"))
    assert said(caplog) == [
        "password refused: no account named, from 127.0.0.1",
        f"signed in: account {alice.pk}, from 127.0.0.1",
        f"signed out: account {alice.pk}, from 127.0.0.1",
    ]


def test_another_password_is_written_down(page, alice, caplog):
    new = {"oldpassword": PASSWORD, "password1": "quite another", "password2": "quite another"}
    page.post(reverse("account_change_password"), new)
    assert f"password changed: account {alice.pk}, from 127.0.0.1" in said(caplog)


def test_no_line_says_what_was_typed(client, db, caplog):
    typed = {"login": "someone@example.org", "password": "typed and not forgotten"}
    client.post(reverse("account_login"), typed)
    assert said(caplog)
    assert "someone" not in caplog.text
    assert "typed" not in caplog.text


def test_a_page_that_is_not_there_and_a_form_of_a_stranger_are_written_down(alice, caplog):
    foreign = Client(enforce_csrf_checks=True)
    foreign.force_login(alice)
    foreign.post(reverse("log"), {"words": "my calf twitches"})
    foreign.get("/no-such-page/")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("django")]
    assert any("Forbidden (CSRF" in line for line in lines)
    assert any("Not Found: /no-such-page/" in line for line in lines)
    assert "calf" not in caplog.text


@pytest.mark.parametrize(
    ("proxies", "believed"), [(0, "127.0.0.1"), (1, "203.0.113.7"), (2, "198.51.100.1")]
)
def test_only_what_the_proxies_of_the_operator_say_of_an_address_is_believed(
    client, alice, settings, caplog, proxies, believed
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    client.post(
        reverse("account_login"),
        {"login": alice.email, "password": PASSWORD},
        headers={"X-Forwarded-For": "192.0.2.99, 198.51.100.1, 203.0.113.7"},
    )
    assert said(caplog) == [f"signed in: account {alice.pk}, from {believed}"]
