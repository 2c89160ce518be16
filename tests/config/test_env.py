"""Settings come from the environment, and a value that can't be used stops the start."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from tests.conftest import ROOT, own_environment

KEY = "only-for-this-test-0123456789-0123456789-0123456789"


def check(**environment):
    """Start any command with these settings."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=own_environment() | {"EBB_SECRET_KEY": KEY} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EBB_SECRET_KEY", "short", "EBB_SECRET_KEY must have at least 50 characters."),
        ("EBB_SIGNUP", "yes", "EBB_SIGNUP must be first or open, not 'yes'."),
        ("EBB_DATABASE_URL", "mysql://host/name", "EBB_DATABASE_URL must be an address such as"),
        ("EBB_SECOND_STEP", "yes", "EBB_SECOND_STEP must be offered or demanded, not 'yes'."),
        (
            "EBB_LEAKED_PASSWORDS",
            "none.txt",
            "EBB_LEAKED_PASSWORDS must be a file that can be read",
        ),
        ("EBB_SIGN_UP", "open", "EBB_SIGN_UP is no setting of Ebb"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_start_with_one_sentence(name, value, said):
    refused = check(**{name: value})
    assert refused.returncode == 1
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_settings_that_can_be_used_do_not(tmp_path):
    assert check(EBB_SIGNUP="open", EBB_DATA=str(tmp_path)).returncode == 0


@pytest.mark.parametrize(
    ("read", "name", "value"),
    [
        (env.flag, "EBB_DEBUG", "yes"),
        (env.flag, "EBB_HTTPS", "1"),
        (env.number, "EBB_PROXIES", "-1"),
        (env.number, "EBB_PROXIES", "１"),
        (env.number, "EBB_PROXIES", "9" * 5000),
        (env.broker, "EBB_BROKER_URL", "localhost:6379"),
        (env.broker, "EBB_BROKER_URL", "redis://"),
        (env.broker, "EBB_BROKER_URL", "redis://host:port/0"),
        (env.database, "EBB_DATABASE_URL", "postgres://[::1"),
        (env.database, "EBB_DATABASE_URL", "sqlite:///file"),
        (env.mail, "EBB_EMAIL_URL", "mail.example.org"),
        (env.contact, "EBB_SECURITY_CONTACT", "somebody"),
        (env.contact, "EBB_SECURITY_CONTACT", "javascript:alert(1)@example.org"),
        (env.contact, "EBB_SECURITY_CONTACT", "a@example.org\nContact: b@example.org"),
        (env.contact, "EBB_SECURITY_CONTACT", "https://"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_by_name(monkeypatch, read, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name} must be"):
        read(name)


def test_a_refused_address_is_not_shown_because_it_may_hold_a_password(monkeypatch):
    monkeypatch.setenv("EBB_DATABASE_URL", "mysql://ebb:hidden@host/name")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.database("EBB_DATABASE_URL")
    assert "hidden" not in str(refusal.value)


def test_a_secret_may_stand_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    monkeypatch.setenv("EBB_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.text("EBB_SECRET_KEY") == KEY
    monkeypatch.setenv("EBB_SECRET_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="EBB_SECRET_KEY_FILE can't be read"):
        env.text("EBB_SECRET_KEY")


def test_a_secret_has_no_default(monkeypatch, tmp_path):
    monkeypatch.delenv("EBB_SECRET_KEY", raising=False)
    monkeypatch.setenv("EBB_DATA", str(tmp_path))
    with pytest.raises(ImproperlyConfigured, match="EBB_SECRET_KEY must be set"):
        env.text("EBB_SECRET_KEY")
    (tmp_path / "secret_key").write_text(KEY)  # as the run command leaves it
    assert env.text("EBB_SECRET_KEY") == KEY


def test_a_relative_folder_does_not_depend_on_where_one_stands(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EBB_DATA", "elsewhere")
    assert env.folder("EBB_DATA") == ROOT / "elsewhere"
    monkeypatch.setenv("EBB_DATA", str(tmp_path))
    assert env.folder("EBB_DATA") == tmp_path


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.org", 25, False, False),
        ("smtp+tls://mail.example.org", 587, True, False),
        ("smtps://mail.example.org", 465, False, True),
        ("smtps://mail.example.org:2465", 2465, False, True),
    ],
)
def test_a_mail_server_is_named_by_an_address(monkeypatch, url, port, tls, ssl):
    monkeypatch.setenv("EBB_EMAIL_URL", url.replace("//", "//a%40b:p%2Fw@"))
    options = env.mail("EBB_EMAIL_URL")["OPTIONS"]
    assert (options["host"], options["port"]) == ("mail.example.org", port)
    assert (options["use_tls"], options["use_ssl"]) == (tls, ssl)
    assert (options["username"], options["password"]) == ("a@b", "p/w")


def test_the_tests_do_not_touch_what_the_machine_is_set_to():
    assert "ebb-tests-" in os.environ["EBB_DATA"]
