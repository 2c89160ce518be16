"""What is signed and sent by mail: each link opens in its time, unchanged, and for its purpose."""

import time

import pytest
from allauth.account.app_settings import SALT
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.signing import Signer, TimestampSigner, b62_encode
from django.urls import reverse

from diary import reminding

DAY = 24 * 60 * 60


@pytest.fixture
def address(alice):
    """One that was not confirmed yet."""
    made, _known = alice.emailaddress_set.update_or_create(email=alice.email, verified=False)
    return made


def opens_another_password(client, person, key):
    asked = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), key])
    return client.get(asked).status_code == 302  # to the form; else a page says that it is over


def password_link(person, age=0):
    then = default_token_generator._num_seconds(default_token_generator._now()) - age
    secret = default_token_generator.secret
    return default_token_generator._make_token_with_timestamp(person, then, secret)


def confirms(key):
    return EmailConfirmationHMAC.from_key(key) is not None


class Earlier(TimestampSigner):
    """Signs as three days and a minute ago."""

    def timestamp(self):
        return b62_encode(int(time.time()) - 3 * DAY - 60)


def test_a_link_to_a_new_password_opens_for_three_days(client, alice):
    assert opens_another_password(client, alice, password_link(alice, 3 * DAY - 60))
    assert not opens_another_password(client, alice, password_link(alice, 3 * DAY + 60))


def test_a_link_to_a_new_password_opens_unchanged_and_for_its_own_account_alone(client, alice, bob):
    key = password_link(alice)
    assert opens_another_password(client, alice, key)
    assert not opens_another_password(client, bob, key)
    other_sign = "a" if key[-1] != "a" else "b"
    assert not opens_another_password(client, alice, key[:-1] + other_sign)


def test_a_link_that_confirms_an_address_does_so_for_three_days(address):
    assert confirms(EmailConfirmationHMAC(address).key)
    assert not confirms(Earlier(salt=SALT).sign_object(address.pk))


def test_what_is_signed_for_one_purpose_opens_nothing_else(client, alice, address):
    token = reminding.token(alice)
    assert reminding.person(token) == alice
    assert not confirms(token)
    confirmation = EmailConfirmationHMAC(address).key
    assert reminding.person(confirmation) is None
    assert reminding.person(Signer().sign(str(alice.pk))) is None
    another = PasswordResetTokenGenerator()
    another.key_salt = "another purpose"
    assert not opens_another_password(client, alice, another.make_token(alice))


@pytest.mark.parametrize("changed", [{"algorithm": "sha1"}, {"key": "another key" * 10}])
def test_only_sha_256_and_only_our_key_sign(alice, changed):
    assert reminding.person(Signer(salt="reminders off").sign(str(alice.pk))) == alice
    assert reminding.person(Signer(salt="reminders off", **changed).sign(str(alice.pk))) is None
    assert default_token_generator.algorithm == "sha256"
