"""What a stranger is answered about an address that has an account, and about one that has none."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse

KNOWN, UNKNOWN = "alice@example.org", "nobody@example.org"
WRONG = "not the password"


class Counting(MD5PasswordHasher):
    """Counts how often a password is hashed, which is what takes the time."""

    hashed = 0

    def encode(self, password, salt):
        type(self).hashed += 1
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def with_mail_and_open_doors(settings, alice):
    settings.SIGNUP = "open"
    settings.HAS_MAIL = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    alice.set_password("a long enough password")
    alice.save()
    alice.emailaddress_set.update_or_create(email=KNOWN, verified=True, primary=True)


def answered(name, fields):
    """Everything that can be told apart from outside, where the next page leads, and the work."""
    client = Client()
    Counting.hashed = 0
    letters = len(mail.outbox)
    answer = client.post(reverse(name), fields)
    # The length of an address and the second on the clock differ by themselves.
    headers = {key: it for key, it in answer.items() if key not in ("Content-Length", "Expires")}
    cookies = {key: dict(morsel) | {"expires": ""} for key, morsel in answer.cookies.items()}
    then = client.get(answer.url) if answer.status_code == 302 else None
    pages = [page.content.decode() for page in (answer, then) if page]
    return {
        "status": answer.status_code,
        "headers": headers,
        "cookies": cookies,
        "pages": [without_token(page) for page in pages],
        "hashed": Counting.hashed,
        "letters": len(mail.outbox) - letters,
    }


def without_token(page):
    lines = page.replace(KNOWN, "EMAIL").replace(UNKNOWN, "EMAIL").splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


@pytest.mark.parametrize(
    ("name", "fields", "work"),
    [
        ("account_login", lambda email: {"login": email, "password": WRONG}, 1),
        (
            "account_signup",
            lambda email: {"email": email, "password1": "quite another one", "consent": "1"},
            1,
        ),
        ("account_reset_password", lambda email: {"email": email}, 0),
    ],
)
def test_a_stranger_can_not_tell_who_has_an_account(name, fields, work):
    known, unknown = answered(name, fields(KNOWN)), answered(name, fields(UNKNOWN))
    assert known == unknown
    assert known["hashed"] == work
