"""The doctor says what is wrong with a set-up, also while everything is down."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT, own_environment, wait_until

KEY = "only-for-this-test-0123456789-0123456789-0123456789"


def asked(folder, **environment):
    """What it says, by line, and the exit code."""
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env=own_environment() | {"EBB_DATA": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert all(line.startswith(("ok ", "note ", "wrong ")) for line in lines[:-1])
    return lines, done.returncode


def wrong(lines):
    return "\n".join(line for line in lines if line.startswith("wrong"))


def test_a_set_up_that_runs_has_nothing_wrong(running_ebb):
    def well():
        # The first sweep comes two seconds after the start.
        return asked(running_ebb.data)[1] == 0

    wait_until(well, "everything to work")
    lines, _code = asked(running_ebb.data)
    said = "\n".join(lines)
    for good in ("can be reached", "are those of this version", "The worker lives", "collected"):
        assert good in said


def test_while_everything_is_down_each_thing_has_its_line_and_no_traceback(tmp_path):
    lines, code = asked(
        tmp_path,
        EBB_SECRET_KEY=KEY,
        EBB_DATABASE_URL="postgres://ebb:hidden@127.0.0.1:1/ebb",
        EBB_BROKER_URL="redis://:hidden@127.0.0.1:1/0",
        EBB_EMAIL_URL="smtp://ebb:hidden@127.0.0.1:1",
    )
    assert code == 1
    said = wrong(lines)
    assert "PostgreSQL can't be reached" in said
    assert "The broker of EBB_BROKER_URL can't be reached" in said
    assert "The mail server 127.0.0.1:1 can't be reached" in said
    assert "Static files are not collected" in said
    assert lines[-1].endswith("lines say what is wrong.")
    assert "hidden" not in "\n".join(lines)


def test_a_new_database_and_a_missing_folder_are_told_apart(tmp_path):
    lines, code = asked(tmp_path, EBB_SECRET_KEY=KEY)
    assert code == 1
    assert "migrations are missing: run manage.py prepare." in wrong(lines)
    lines, code = asked(tmp_path / "none", EBB_SECRET_KEY=KEY)
    assert code == 1
    assert "can't be written: No such file or directory." in wrong(lines)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"EBB_SECRET_KEY": "ab" * 40}, "EBB_SECRET_KEY is easily guessed"),
        ({"EBB_HOSTS": "*"}, "EBB_HOSTS lets every name in"),
        ({"EBB_HOSTS": "ebb.example.org", "EBB_DEBUG": "true"}, "EBB_DEBUG is true"),
        ({"EBB_HOSTS": "ebb.example.org"}, "EBB_HTTPS is false for a public name"),
        ({"EBB_HOSTS": "ebb.example.org", "EBB_HTTPS": "true"}, "EBB_PROXIES is 0"),
        ({"EBB_SIGNUP": "open"}, "without mail a stranger learns who has an account"),
    ],
)
def test_a_setting_that_works_and_is_unwise_is_named(tmp_path, environment, said):
    lines, code = asked(tmp_path, **({"EBB_SECRET_KEY": KEY} | environment))
    assert code == 1
    assert said in wrong(lines)


def test_a_secret_that_others_can_read_is_named(tmp_path):
    (tmp_path / "secret_key").write_text(KEY)
    (tmp_path / "secret_key").chmod(0o644)
    lines, _code = asked(tmp_path)
    assert "Others on this machine can read" in wrong(lines)
