"""Which passwords are taken: long ones of any kind, and none that everybody tries first."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from config.passwords import NotLeaked
from diary.models import User


def sign_up(client, password):
    typed = {"email": "new@example.org", "password1": password, "consent": "1"}
    return client.post(reverse("account_signup"), typed).status_code


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    [
        "only small letters",
        "ünter dem Bett 夜 🦵 wie immer",
        "long enough to be a sentence that nobody else would think of, and then some more " * 3,
    ],
)
def test_a_password_of_any_signs_and_of_any_length_is_kept_as_it_was_typed(client, password):
    assert sign_up(client, password) == 302
    person = User.objects.get(email="new@example.org")
    assert person.check_password(password)
    assert not person.check_password(password[:-1])
    assert not person.check_password(password.swapcase())


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["seven77", "password1", "qwertyuiop", "new@example.org"])
def test_a_password_that_is_short_or_common_or_the_address_is_refused(client, password):
    assert sign_up(client, password) == 422
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["EbbEbb2026", "twitch-diary", "tagebuch!1", "my.example.org"])
def test_a_password_that_is_hardly_more_than_a_name_of_this_site_is_refused(
    client, settings, password
):
    settings.ALLOWED_HOSTS = ["my.example.org", "testserver"]
    assert sign_up(client, password) == 422
    assert sign_up(client, f"{password} and then the sea") == 302


@pytest.mark.django_db
def test_a_password_can_be_pasted_and_filled_in_by_a_program(client):
    page = client.get(reverse("account_login")).content.decode()
    assert 'type="password"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def sha1(password):
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture(params=[0, 1, 2, 3, 500])
def leaked(request, settings, tmp_path):
    """Passwords whose hashes stand in the operator's file, as those for download are written."""
    passwords = [f"leaked somewhere {n}" for n in range(request.param)]
    settings.LEAKED_PASSWORDS = tmp_path / "leaked.txt"
    lines = [f"{digest}:{n}\r\n" for n, digest in enumerate(sorted(map(sha1, passwords)))]
    settings.LEAKED_PASSWORDS.write_text("".join(lines), newline="")
    return passwords


def is_refused(password):
    try:
        NotLeaked().validate(password)
    except ValidationError:
        return True
    return False


def test_each_password_of_a_file_of_leaked_ones_is_refused_and_no_other(leaked):
    assert all(map(is_refused, leaked))
    assert not any(is_refused(f"never seen anywhere {n}") for n in range(200))


@pytest.mark.django_db
def test_who_chooses_a_leaked_password_is_asked_for_another(client, settings, tmp_path):
    settings.LEAKED_PASSWORDS = tmp_path / "leaked.txt"
    settings.LEAKED_PASSWORDS.write_text(sha1("only small letters"))
    assert sign_up(client, "only small letters") == 422
    assert not User.objects.exists()
    assert sign_up(client, "only small letters, and more") == 302
