"""Where a person is signed in, and ending that from afar."""

import pytest
from django.test import Client
from django.urls import reverse

from config.devices import device_name

PASSWORD = "a long enough password"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (PHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko Firefox/150.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("curl/8.5", "Another program"),
        ("", "Another program"),
        ("<b>\x00" * 100, "Another program"),
    ],
)
def test_a_browser_is_called_as_a_person_would_call_it(said, name):
    assert device_name(said) == name


@pytest.fixture
def phone(alice):
    """Alice's phone, signed in with her password."""
    client = Client(headers={"User-Agent": PHONE})
    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    return client


def devices_of(person):
    return person.usersession_set.order_by("pk")


def test_every_device_is_listed_with_this_one_first(page, phone, alice):
    told = page.get(reverse("account_devices")).content.decode()
    assert told.index("this device") < told.index("Safari on iPhone")
    assert "127.0.0.1" in told


def test_a_device_is_signed_out_from_afar_after_the_password(sure, phone, alice):
    assert phone.get(reverse("today")).status_code == 200
    end = reverse("account_devices_end", args=[devices_of(alice).get(user_agent=PHONE).pk])
    unsure = Client()
    unsure.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    assert unsure.post(end).url.startswith(reverse("account_reauthenticate"))
    assert phone.get(reverse("today")).status_code == 200
    assert sure.post(end).url == reverse("account_devices")
    assert phone.get(reverse("today")).url.startswith(reverse("account_login"))
    assert unsure.get(reverse("today")).status_code == 200


def test_all_others_are_signed_out_at_once_and_nobody_else_s(sure, phone, bob):
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": bob.email, "password": "another long password"})
    assert sure.post(reverse("account_devices_end_others")).status_code == 303
    assert phone.get(reverse("today")).status_code == 302
    assert sure.get(reverse("today")).status_code == 200
    assert theirs.get(reverse("today")).status_code == 200


def test_a_device_that_signed_out_is_no_longer_listed(page, phone):
    phone.post(reverse("account_logout"))
    assert "iPhone" not in page.get(reverse("account_devices")).content.decode()


def test_another_password_signs_out_every_device(sure, phone):
    changed = {"oldpassword": PASSWORD, "password1": "quite another", "password2": "quite another"}
    sure.post(reverse("account_change_password"), changed)
    assert sure.get(reverse("today")).status_code == 302
    assert phone.get(reverse("today")).status_code == 302
