"""What the codes of a second step are made of, in the database."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)

from config.codes import MARK, Adapter


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def secret(alice):
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    return secret


def kept(kind):
    return Authenticator.objects.get(type=kind)


def test_what_codes_are_made_of_can_not_be_read_in_the_database(alice, secret):
    recovery = RecoveryCodes.activate(alice)
    first, second = recovery.generate_codes()[:2]
    rows = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert rows.count(MARK) == 2
    for plain in (secret, first, second, Adapter().decrypt(recovery.instance.data["seed"])):
        assert plain not in rows


def test_a_code_fits_and_fits_once_though_what_it_is_made_of_is_encrypted(alice, secret):
    code = code_of(secret)
    assert kept("totp").wrap().validate_code(code)
    assert not kept("totp").wrap().validate_code(code)
    first = RecoveryCodes.activate(alice).generate_codes()[0]
    assert kept("recovery_codes").wrap().validate_code(first)
    assert not kept("recovery_codes").wrap().validate_code(first)


def test_codes_of_an_older_ebb_go_on(alice):
    secret = generate_totp_secret()
    Authenticator.objects.create(user=alice, type="totp", data={"secret": secret})
    assert kept("totp").wrap().validate_code(code_of(secret))


def test_after_another_secret_key_a_code_is_refused_and_the_log_says_why(
    alice, secret, settings, caplog
):
    settings.SECRET_KEY = "another one 0123456789 0123456789 0123456789 0123456789"
    assert not kept("totp").wrap().validate_code(code_of(secret))
    assert "the secret key is not the one of then" in caplog.text
    assert secret not in caplog.text


def test_two_secrets_that_are_the_same_look_different():
    assert Adapter().encrypt("the same") != Adapter().encrypt("the same")
