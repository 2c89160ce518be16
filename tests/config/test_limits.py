"""How often a stranger may try, counted for all processes together."""

import subprocess
import sys
import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from insights.reports.report import Asked
from insights.sharing import links
from tests.conftest import ROOT, own_environment

PASSWORD = "a long enough password"
RIGHT = {"login": "alice@example.org", "password": PASSWORD}
TOO_MANY = "Too many"
IN_A_PROCESS = """
from django.test import Client
def sign_in(password):
    fields = {"login": "alice@example.org", "password": password}
    answer = Client(headers={"Host": "localhost"}).post("/accounts/login/", fields)
    return answer.status_code
"""


def from_address(number):
    return Client(REMOTE_ADDR=f"192.0.2.{number}")


def sent(name, fields, times, *args):
    """The answers to the same form sent so often, each from a browser of its own."""
    return [Client().post(reverse(name, args=args), fields) for _ in range(times)]


def test_tries_are_counted_for_all_processes_together(tmp_path):
    environment = own_environment() | {
        "EBB_DATA": str(tmp_path),
        "EBB_SECRET_KEY": "only-for-this-test-0123456789-0123456789-0123456789",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }

    def run(*command):
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def process(work):
        return run("-c", f"import django\ndjango.setup()\n{IN_A_PROCESS}\n{work}")

    run("-m", "django", "prepare")
    process(
        "from diary.models import User\n"
        f"User.objects.create_user('alice@example.org', {PASSWORD!r})\n"
        f"assert sign_in({PASSWORD!r}) == 302"
    )
    assert process("print(*[sign_in('wrong') for _ in range(3)])") == ["422"] * 3
    assert process("print(*[sign_in('wrong') for _ in range(2)])") == ["422"] * 2
    assert process(f"print(sign_in({PASSWORD!r}))") == ["422"]


def test_after_five_wrong_passwords_even_the_right_one_waits_wherever_it_comes_from(alice):
    wrong = RIGHT | {"password": "wrong"}
    for number in range(5):
        from_address(number).post(reverse("account_login"), wrong)
    answer = from_address(9).post(reverse("account_login"), RIGHT)
    assert answer.status_code == 422
    assert TOO_MANY in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "fields", "times"),
    [
        ("account_login", {"login": "", "password": ""}, 30),
        ("account_signup", {"email": ""}, 20),
        ("mfa_login_webauthn", {"credential": "{}"}, 10),
    ],
)
def test_from_one_address_a_form_is_taken_so_often_and_then_a_pause_is_asked_for(
    db, settings, name, fields, times
):
    settings.SIGNUP = "open"
    *before, after = sent(name, fields, times + 1)
    assert 429 not in {answer.status_code for answer in before}
    assert after.status_code == 429
    assert "A short pause" in after.content.decode()
    other = from_address(77).post(reverse(name), fields)
    assert other.status_code != 429


def test_letters_with_a_link_are_asked_for_five_times_for_one_address_and_twenty_from_one(db):
    def asked(number, address):
        fields = {"email": f"{address}@example.org"}
        return from_address(number).post(reverse("account_reset_password"), fields).status_code

    assert [asked(number, "alice") for number in range(6)] == [302] * 5 + [429]
    assert [asked(50, f"person-{number}") for number in range(21)] == [302] * 20 + [429]


def test_of_guesses_at_a_shared_link_thirty_a_minute_are_looked_at(alice):
    today = now().date()
    made = links.make(alice, Asked(today, today, frozenset()), 7, "", now())
    path = reverse("shared", args=[made.share.uuid])
    began = time.monotonic()
    guesses = [Client().post(path, {"secret": f"guess {n}"}).status_code for n in range(300)]
    minutes = 1 + int((time.monotonic() - began) // 60)
    assert set(guesses) == {404, 429}
    assert 30 <= guesses.count(404) <= 30 * minutes
    assert from_address(77).post(path, {"secret": made.secret}).status_code == 200
    assert Client().get(path).status_code == 200  # to look at it is nobody's try


def test_after_five_wrong_codes_the_right_one_waits_too(alice):
    TOTP.activate(alice, generate_totp_secret())
    codes = RecoveryCodes.activate(alice).get_unused_codes()
    for _ in range(2):  # signing in anew does not begin the count anew
        client = Client()
        client.post(reverse("account_login"), RIGHT)
        for _ in range(3):
            client.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert TOO_MANY in answer.content.decode()
    assert client.get(reverse("today")).status_code == 302


def test_after_ten_wrong_passwords_being_asked_again_pauses_too(page):
    asked = reverse("account_reauthenticate")
    answers = [page.post(asked, {"password": "wrong"}).status_code for _ in range(11)]
    assert answers[-1] == 429
    assert page.post(asked, {"password": PASSWORD}).status_code == 429


def test_a_flood_of_made_up_addresses_does_not_push_the_count_of_another_out(alice):
    wrong = RIGHT | {"password": "wrong"}
    for number in range(5):
        from_address(number).post(reverse("account_login"), wrong)
    cache.set_many({f"flood-{number}": [number] for number in range(400)})
    assert from_address(9).post(reverse("account_login"), RIGHT).status_code == 422
