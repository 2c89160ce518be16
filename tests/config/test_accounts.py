"""The pages of an account: who may make one, and what the forms say."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from diary.models import User

PASSWORD = "a long enough password"


def sign_up(client, email="new@example.org", password=PASSWORD):
    typed = {"email": email, "password1": password, "consent": "1"}
    return client.post(reverse("account_signup"), typed)


def grow_old(client, seconds):
    """As if whoever is signed in there had last shown who they are that long ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


def test_the_first_person_makes_an_account_and_is_asked_about_their_day(client, db):
    assert sign_up(client).url == reverse("welcome")
    assert client.get(reverse("today")).status_code == 200


def test_nobody_else_makes_an_account_until_the_operator_opens_the_door(client, alice, settings):
    settings.SIGNUP = "first"
    assert b"No new accounts here" in client.get(reverse("account_signup")).content
    assert b"No new accounts here" in sign_up(client).content
    settings.SIGNUP = "open"
    assert sign_up(client).url == reverse("welcome")


@pytest.mark.django_db(transaction=True)
def test_of_several_who_come_first_at_once_one_is_let_in(settings):
    settings.SIGNUP = "first"
    at_once = Barrier(4)

    def join(number):
        client = Client()
        client.get(reverse("account_signup"))
        at_once.wait(20)
        answer = sign_up(client, f"person-{number}@example.org")
        connection.close()
        return answer.status_code

    with ThreadPoolExecutor(4) as people:
        answers = sorted(people.map(join, range(4)))
    assert answers == [200, 200, 200, 302]
    assert User.objects.count() == 1


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


def test_the_sign_in_page_offers_an_account_only_where_one_can_be_made(client, alice, settings):
    assert reverse("account_signup") not in client.get(reverse("account_login")).content.decode()
    settings.SIGNUP = "open"
    assert reverse("account_signup") in client.get(reverse("account_login")).content.decode()


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


def test_a_new_password_is_asked_for_in_one_calm_line(page):
    text = page.get(reverse("account_change_password")).content.decode()
    assert "At least 8 characters. A few words of your own" in text
    assert "known from a leak" not in text


def test_a_password_is_changed_and_then_asked_for_anew(page, alice):
    answer = page.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": PASSWORD + "r", "password2": PASSWORD + "r"},
    )
    assert answer.status_code == 302
    assert page.get(reverse("today")).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD + "r")


def test_the_whole_diary_in_one_file_is_handed_out_only_after_the_password(page):
    everything = reverse("export-everything")
    asked = page.get(everything)
    assert asked.status_code == 303
    assert asked.url == reverse("account_reauthenticate") + "?next=%2Fexport%2F"
    wrong = page.post(asked.url, {"password": "wrong"})
    assert wrong.status_code == 422
    assert page.get(everything).status_code == 303
    right = page.post(asked.url, {"password": PASSWORD, "next": reverse("export")})
    assert right.url == reverse("export")
    assert page.get(everything)["Content-Type"] == "application/zip"
    grow_old(page, 301)
    assert page.get(everything).status_code == 303


def test_signing_in_at_one_device_is_not_being_asked_again_at_another(sure):
    assert sure.get(reverse("export-everything")).status_code == 200
    other = Client()
    other.post(reverse("account_login"), {"login": "alice@example.org", "password": PASSWORD})
    assert other.get(reverse("export-everything")).status_code == 303


@pytest.mark.parametrize("what", ["action_add", "action_primary", "action_remove"])
def test_addresses_change_only_after_the_password(page, alice, what):
    asked = page.post(reverse("account_email"), {"email": "new@example.org", what: ""})
    assert asked.status_code == 302
    assert asked.url.startswith(reverse("account_reauthenticate")) or what != "action_add"
    assert set(alice.emailaddress_set.values_list("email", flat=True)) <= {alice.email}


def test_a_visitor_of_the_sample_takes_its_whole_diary_without_a_password(client, db):
    client.post(reverse("sample-open"))
    assert client.get(reverse("export-everything"))["Content-Type"] == "application/zip"


@pytest.mark.parametrize("has_mail", [True, False])
def test_nobody_takes_the_address_of_another(sure, alice, bob, settings, has_mail):
    settings.HAS_MAIL = has_mail
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory" if has_mail else "none"
    for person in (alice, bob):
        person.emailaddress_set.create(email=person.email, primary=True, verified=has_mail)
    sure.post(reverse("account_email"), {"email": bob.email, "action_add": ""})
    asked = sure.post(reverse("account_email"), {"email": bob.email, "action_primary": ""})
    assert asked.status_code == 302
    stranger = Client()
    stranger.post(reverse("account_login"), {"login": bob.email, "password": PASSWORD})
    assert stranger.get(reverse("today")).status_code == 302
    assert sorted(User.objects.values_list("email", flat=True)) == [
        "alice@example.org",
        "bob@example.org",
    ]
