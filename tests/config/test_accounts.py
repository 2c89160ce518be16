"""The pages of an account: who may make one, and what the forms say."""

import pytest
from django.urls import reverse

PASSWORD = "a long enough password"


def sign_up(client, email="new@example.org", password=PASSWORD):
    return client.post(reverse("account_signup"), {"email": email, "password1": password})


def test_the_first_person_makes_an_account_and_is_asked_about_their_day(client, db):
    assert sign_up(client).url == reverse("welcome")
    assert client.get(reverse("today")).status_code == 200


def test_nobody_else_makes_an_account_until_the_operator_opens_the_door(client, alice, settings):
    settings.SIGNUP = "first"
    assert b"No new accounts here" in client.get(reverse("account_signup")).content
    assert b"No new accounts here" in sign_up(client).content
    settings.SIGNUP = "open"
    assert sign_up(client).url == reverse("welcome")


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("", PASSWORD, "Enter an e-mail address"),
        ("x", PASSWORD, "Enter an e-mail address, such as name@example.org"),
        ("a@b\x00.org", PASSWORD, "e-mail address"),
        ("x" * 10_000 + "@example.org", PASSWORD, "Enter an e-mail address, such as"),
        ("new@example.org", "", "Choose a password"),
        ("new@example.org", "short", "at least 8"),
    ],
)
def test_a_refused_sign_up_says_why_and_keeps_what_was_typed(client, db, email, password, said):
    answer = sign_up(client, email, password)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Not saved yet" in page
    assert 'aria-invalid="true"' in page
    if "\x00" not in email:
        assert f'value="{email}"' in page or not email


def test_signing_in_says_what_is_missing_at_the_field_and_on_top(client, db):
    answer = client.post(reverse("account_login"), {"login": "", "password": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Enter your e-mail address") == 2
    assert page.count("Enter your password") == 2
    assert 'href="#id_login"' in page


def test_a_password_that_does_not_fit_is_told_without_naming_which_of_both(client, alice):
    answer = client.post(reverse("account_login"), {"login": alice.email, "password": "wrong"})
    assert answer.status_code == 422
    assert "and/or" in answer.content.decode()


def test_without_a_mail_server_a_lost_password_is_for_the_operator(client, db):
    assert b"manage.py changepassword" in client.get(reverse("account_reset_password")).content


def test_the_first_page_offers_an_account_only_where_one_can_be_made(client, db):
    assert reverse("account_signup") in client.get("/").content.decode()


def test_the_first_page_offers_only_signing_in_once_the_diary_has_its_owner(client, alice):
    page = client.get("/").content.decode()
    assert reverse("account_login") in page
    assert reverse("account_signup") not in page


@pytest.mark.parametrize(
    "name",
    [
        "account_logout",
        "account_change_password",
        "account_email",
        "account_reauthenticate",
        "more",
        "account_email_verification_sent",
    ],
)
def test_every_page_of_an_account_has_our_frame(page, name):
    answer = page.get(reverse(name), follow=True)
    assert answer.status_code == 200
    assert "It does not diagnose." in answer.content.decode()


def test_a_password_is_changed_and_then_asked_for_anew(page, alice):
    answer = page.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": PASSWORD + "r", "password2": PASSWORD + "r"},
    )
    assert answer.status_code == 302
    assert page.get(reverse("today")).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD + "r")
