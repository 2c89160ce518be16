"""The production settings, with PostgreSQL and Redis, as docker-compose.yml runs them."""

import contextlib
import socket
import ssl
import subprocess
import sys
from http.client import HTTPSConnection
from pathlib import Path

import psycopg
import pytest

from config import alive
from tests.config import containers
from tests.conftest import ROOT, free_port, own_environment, wait_until
from tests.faults.product import commands

NAME = "diary.example.org"
NOTE = """
from uuid import uuid4
from django.utils.timezone import now
from diary import recording
from diary.models import Diary, User
owner = User.objects.create_user("alice@example.org", "a long enough password")
text = recording.NoteText(recording.When.at(now(), Diary.objects.get(owner=owner)), "seconds")
recording.note(owner, uuid4(), ["calf-l"], text, now())
"""
SUMMARIES = """
from insights.models import WeekSummary
print(WeekSummary.objects.count())
"""
BROKER = """
from config.celery import app
with app.connection() as broker:
    broker.ensure_connection(max_retries=1)
"""
QUIET = """
from config.checks import promises_are_kept
print(promises_are_kept(databases=["default"]) or "QUIET")
"""
LIMIT = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    print(*cursor.fetchone())
"""


@pytest.fixture(scope="module")
def secrets(tmp_path_factory):
    return containers.made_secrets(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def environment(secrets, tmp_path_factory):
    """The variables of the compose file with real servers behind them, as who answers people."""
    data = tmp_path_factory.mktemp("production")
    with containers.database(secrets) as db, containers.broker(secrets, data) as redis:

        def told(name):
            text = (secrets / name).read_text()
            return containers.here(text, secrets, db=int(db.port), redis=redis)

        yield own_environment() | {
            "EBB_SECRET_KEY_FILE": str(secrets / "secret_key"),
            "EBB_HOSTS": NAME,
            "EBB_HTTPS": "true",
            "EBB_PROXIES": "1",
            "EBB_DATABASE_URL": told("database_url"),
            "EBB_BROKER_URL": told("broker_url"),
            "EBB_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "GRANIAN_SSL_KEYFILE": str(secrets / "web_key"),
            "GRANIAN_SSL_CERTIFICATE": str(secrets / "web_certificate"),
            "OWNER": told("owner_url"),
            "DATABASE_LOG": str(db.data / "log"),
        }


def as_owner(environment):
    """What prepares, copies and puts back: it changes tables."""
    return environment | {"EBB_DATABASE_URL": environment["OWNER"]}


def run(command, environment):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def production(environment, secrets, tmp_path_factory):
    """Its processes, started by the very commands of the files: the address of its proxy."""
    run(["manage.py", "prepare"], as_owner(environment))
    port, outside = free_port(), free_port()
    webs = {"web": port, "web_2": free_port()}  # the second is away
    folder = tmp_path_factory.mktemp("proxy")
    with contextlib.ExitStack() as started:
        for command in commands(port).values():
            started.enter_context(containers.running(command, environment))
        address = f"https://{NAME}:{outside}"
        started.enter_context(containers.proxy(address, secrets, folder, **webs))
        root = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        wait_until(root.exists, "the proxy to certify itself", seconds=60)
        yield environment | {"PORT": str(port)}, outside, root


def healthy(role, environment):
    check = [sys.executable, "-m", "config.alive", role]
    return subprocess.run(check, cwd=ROOT, env=environment, check=False).returncode == 0


def test_each_process_says_that_it_lives_by_its_health_check(production):
    environment, *_proxy = production
    for role in ("web", "worker", "scheduler"):
        wait_until(lambda role=role: healthy(role, environment), f"{role} to live", seconds=60)


def test_a_saved_note_becomes_a_summary(production):
    environment, *_proxy = production
    run(["manage.py", "shell", "--no-imports", "-c", NOTE], environment)

    def made():
        return int(run(["manage.py", "shell", "--no-imports", "-c", SUMMARIES], environment))

    wait_until(made, "the worker", seconds=60)


def asked(port, trusted, path="/learn/", *, name=NAME, form=None, headers=(), **limits):
    """What a browser is answered that knows this machine by a name: the status and its headers."""
    context = ssl.create_default_context(cafile=trusted)
    for setting, value in limits.items():
        setattr(context, setting, value)
    browser = HTTPSConnection(name, port, timeout=20)
    browser.sock = context.wrap_socket(
        socket.create_connection(("127.0.0.1", port)), server_hostname=name
    )
    with contextlib.closing(browser):
        browser.request("GET" if form is None else "POST", path, form, dict(headers))
        answer = browser.getresponse()
        return answer.status, answer.headers


def test_a_page_comes_through_the_proxy_by_https_and_only_under_its_own_name(production):
    environment, *proxy = production
    wait_until(lambda: asked(*proxy)[0] == 200, "the web to serve", seconds=60)
    assert "max-age=31536000" in asked(*proxy)[1]["Strict-Transport-Security"]
    web = int(environment["PORT"]), environment["GRANIAN_SSL_CERTIFICATE"]
    assert asked(*web, name="localhost", headers={"Host": "elsewhere.example"})[0] == 400


def test_a_form_that_comes_through_the_proxy_is_of_this_site(production):
    _environment, *proxy = production
    wait_until(lambda: asked(*proxy)[0] == 200, "the web to serve", seconds=60)
    token = asked(*proxy, "/accounts/login/")[1]["Set-Cookie"].partition("csrftoken=")[2][:32]
    form = f"csrfmiddlewaretoken={token}&login=nobody@example.org&password=wrong"
    sent = {
        "Cookie": f"__Host-csrftoken={token}; csrftoken={token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    for origin, status in ((f"https://{NAME}:{proxy[0]}", 422), ("https://elsewhere.example", 403)):
        headers = sent | {"Origin": origin}
        assert asked(*proxy, "/accounts/login/", form=form, headers=headers)[0] == status


def test_the_proxy_speaks_tls_of_today_alone_with_ciphers_of_today(production):
    _environment, port, root = production
    wait_until(lambda: asked(port, root)[0] == 200, "the web to serve", seconds=60)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        both = {"minimum_version": version, "maximum_version": version}
        assert asked(port, root, **both)[0] == 200
    for limits in (["-tls1_1"], ["-tls1_2", "-cipher", "AES128-SHA:ECDHE-ECDSA-AES128-SHA"]):
        # Without its own floor, this side would offer them.
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}"]
        command += ["-servername", NAME, "-cipher", "ALL:@SECLEVEL=0", *limits]
        said = subprocess.run(command, capture_output=True, text=True, input="")
        assert "alert" in said.stderr, said.stderr


INSIDE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    print(*cursor.fetchone())
    cursor.execute("SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles"
                   " WHERE rolname = current_user")
    print(any(cursor.fetchone()))
"""


@pytest.mark.parametrize("who", [dict, as_owner], ids=["who answers people", "who owns the tables"])
def test_the_database_is_spoken_to_encrypted_and_by_no_superuser(environment, who):
    said = run(["manage.py", "shell", "--no-imports", "-c", INSIDE], who(environment)).split()
    assert said == ["TLSv1.3", "False"]


def test_a_server_inside_that_is_not_ours_is_not_spoken_to(environment, tmp_path):
    others = containers.made_secrets(tmp_path) / "inside_ca"
    ours = environment["EBB_DATABASE_URL"].partition("sslrootcert=")[2]
    wrong = environment | {
        name: environment[name].replace(ours, str(others))
        for name in ("EBB_DATABASE_URL", "EBB_BROKER_URL")
    }
    for line in ("from django.db import connection; connection.connect()", BROKER):
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", line]
        done = subprocess.run(command, cwd=ROOT, env=wrong, capture_output=True, text=True)
        assert done.returncode
        assert "certificate verify failed" in done.stderr.lower()


def test_a_web_process_speaks_to_who_knows_its_certificate(production, monkeypatch, tmp_path):
    environment, *_proxy = production
    monkeypatch.setenv("PORT", environment["PORT"])
    monkeypatch.setenv("GRANIAN_SSL_CERTIFICATE", environment["GRANIAN_SSL_CERTIFICATE"])
    wait_until(lambda: alive.lives("web"), "the web to serve", seconds=60)
    others = containers.made_secrets(tmp_path) / "web_certificate"
    monkeypatch.setenv("GRANIAN_SSL_CERTIFICATE", str(others))
    assert not alive.lives("web")


def test_what_a_person_wrote_does_not_get_into_the_log_of_the_database(production):
    environment, *_proxy = production
    with psycopg.connect(environment["EBB_DATABASE_URL"]) as database:
        for statement in (
            "INSERT INTO diary_user (email) VALUES ('kanarienvogel')",
            "SELECT 'kanarienvogel', pg_sleep(20)",
        ):
            database.execute("SET statement_timeout = '100ms'")
            with pytest.raises(psycopg.Error):
                database.execute(statement)
            database.rollback()
    said = Path(environment["DATABASE_LOG"]).read_text()
    assert "violates not-null constraint" in said
    assert "canceling statement due to statement timeout" in said
    assert "kanarienvogel" not in said
    assert "QUIET" in run(["manage.py", "shell", "--no-imports", "-c", QUIET], environment)


def test_a_copy_is_made_over_an_encrypted_connection(production, tmp_path):
    environment, *_proxy = production
    run(["manage.py", "backup", str(tmp_path / "copy.dump")], as_owner(environment))
    assert (tmp_path / "copy.dump").stat().st_size


def test_nothing_is_put_back_while_another_role_has_the_database_open(production, tmp_path):
    environment, *_proxy = production
    copy, elsewhere = str(tmp_path / "copy.dump"), {"EBB_DATA": str(tmp_path / "own")}
    owner = as_owner(environment) | elsewhere  # as in a container of its own: no file is shared
    run(["manage.py", "backup", copy], owner)
    with psycopg.connect(environment["EBB_DATABASE_URL"]):
        command = [sys.executable, "manage.py", "restore", copy]
        refused = subprocess.run(command, cwd=ROOT, env=owner, capture_output=True, text=True)
    assert refused.returncode == 1
    assert "stop Ebb first" in refused.stderr


def test_the_deployment_check_finds_nothing(environment):
    said = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], environment)
    assert "no issues" in said


def test_a_silent_process_is_not_called_alive(environment, tmp_path):
    assert not healthy("worker", environment | {"EBB_DATA": str(tmp_path)})
    assert not healthy("web", environment | {"PORT": str(free_port())})


@pytest.mark.parametrize(("first", "limit"), [("import config.asgi", "20s"), ("", "0")])
def test_a_page_asks_the_database_for_twenty_seconds_at_most_and_a_command_for_longer(
    environment, first, limit
):
    script = f"{first}{LIMIT}"
    assert run(["manage.py", "shell", "--no-imports", "-c", script], environment).strip() == limit
