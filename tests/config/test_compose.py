"""What docker-compose.yml and the Dockerfile name exists."""

import importlib.util
import json
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest
import redis
import yaml
from celery import Task
from django.core.management import get_commands
from django.utils.module_loading import import_string

from config import alive, asgi
from config.celery import app
from config.env import VARIABLES
from insights import tasks
from tests.config import containers
from tests.conftest import wait_until

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "ebb"}
ROLE = {
    "web": "web",
    "web-2": "web",
    "worker": "worker",
    "worker-2": "worker",
    "beat": "scheduler",
}


def test_web_worker_beat_postgresql_and_redis_are_there():
    assert {"web", "worker", "beat", "db", "redis"} <= set(SERVICES)
    assert SERVICES["db"]["image"].startswith("postgres:")
    assert SERVICES["redis"]["image"].startswith("redis:")


@pytest.mark.parametrize("name", [*ROLE, "db", "redis", "proxy"])
def test_every_service_that_keeps_running_has_a_health_check(name):
    check = SERVICES[name]["healthcheck"]["test"]
    assert check[0] == "CMD"
    if name in ROLE:
        assert check[1:] == ["python", "-m", "config.alive", ROLE[name]]
        assert callable(alive.lives)


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_variable_is_a_setting_and_what_must_be_given_is_asked_for(name):
    given = OURS[name]["environment"]
    # What does not begin with our name is for the server that the web process runs in.
    ours = {variable for variable in given if not variable.startswith("GRANIAN_SSL_")}
    assert {variable.removesuffix("_FILE") for variable in ours} <= set(VARIABLES)
    for variable in VARIABLES.values():
        if variable.default is None:
            assert f"{variable.name}_FILE" in given


def test_every_service_that_is_waited_for_exists_and_can_say_when_it_is_ready():
    for service in SERVICES.values():
        for name, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[name]
            else:
                assert SERVICES[name]["restart"] == "no"


def test_every_command_exists():
    assert OURS["prepare"]["command"][:2] == ["python", "manage.py"]
    assert OURS["prepare"]["command"][2] in get_commands()
    assert OURS["metrics"]["command"][2] in get_commands()
    for name in ("worker", "beat"):
        command = OURS[name]["command"]
        assert command[:3] == ["celery", "-A", "config"]
        assert command[3] == name
        assert importlib.util.find_spec("celery.bin." + command[3])
    assert import_string("config.celery.Scheduler")
    web = re.search(r"^CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)[1]
    assert web.startswith('"granian"')
    assert web.endswith('"config.asgi:application"')
    assert import_string("config.asgi.application")


def test_the_image_holds_the_code_is_locked_and_does_not_run_as_root():
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    for file in " ".join(copied).split():
        assert (ROOT / file).exists(), file
    for folder in ("config", "diary", "insights", "templates", "static"):
        assert f"COPY {folder} {folder}" in DOCKERFILE
    assert "compileall -q config diary insights" in DOCKERFILE
    assert "--require-hashes -r requirements-production.txt" in DOCKERFILE
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["10001"]
    assert re.search(r"useradd .*--uid 10001\b", DOCKERFILE)
    variables = set(re.findall(r"\b(EBB_\w+)=", DOCKERFILE))
    assert variables <= set(VARIABLES)


def test_every_settings_key_that_can_be_changed_by_the_operator_reaches_the_services():
    # What is for the embedded run, for development or read before any settings is not.
    elsewhere = {"EBB_DATA", "EBB_STATIC", "EBB_DEBUG", "EBB_NO_BOOTSTRAP", "EBB_REQUIRE_ALL"}
    for name, service in OURS.items():
        given = {variable.removesuffix("_FILE") for variable in service["environment"]}
        assert set(VARIABLES) - given == elsewhere, name


def test_no_secret_stands_in_either_file():
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.search(r"(PASSWORD|SECRET_KEY|DATABASE_URL|BROKER_URL|EMAIL_URL):", text)
    assert not re.search(r"://[^/\s]*@", text)


def test_every_file_of_secrets_that_a_service_reads_is_given_to_it():
    for name, service in SERVICES.items():
        for file in re.findall(r"/run/secrets/(\w+)", str(service)):
            assert file in service["secrets"], name
            assert COMPOSE["secrets"][file]["file"] == f"secrets/{file}"
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert "secrets" in (ROOT / ".dockerignore").read_text().splitlines()


def test_a_service_is_given_the_secrets_that_it_needs_and_no_more():
    for name, service in SERVICES.items():
        needed = set(re.findall(r"/run/secrets/(\w+)", str(service)))
        needed |= {"owner_password", "app_password"} if name == "db" else {"inside_ca"}
        assert set(service["secrets"]) == needed, name
    tables_are_changed_by = {n for n, s in SERVICES.items() if "owner_url" in s["secrets"]}
    assert tables_are_changed_by == {"prepare"}


def test_every_image_of_others_is_named_by_its_version_and_its_content():
    named = [service["image"] for service in SERVICES.values() if service["image"] != "ebb"]
    named += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(named) == 5
    for image in named:
        assert re.fullmatch(r"\w+:\d+\.\d+[.\w-]*@sha256:[0-9a-f]{64}", image), image


def test_whoever_is_asked_to_end_is_given_the_time_to_finish_what_it_has_in_hand():
    ours = [task for task in vars(tasks).values() if isinstance(task, Task)]
    longest = max(task.time_limit or app.conf.task_time_limit for task in ours)
    assert longest > app.conf.task_time_limit  # that of a file
    for name, seconds in (("web", asgi.PATIENCE + 20), ("worker", longest)):
        minutes = re.fullmatch(r"(\d+)m", SERVICES[name]["stop_grace_period"])
        assert int(minutes[1]) * 60 > seconds, name


@pytest.fixture
def secrets(tmp_path):
    """The files that the script makes."""
    return containers.made_secrets(tmp_path)


def test_the_script_makes_every_file_of_secrets_for_its_owner_alone(secrets):
    made = {file.name: file for file in secrets.iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    assert made.pop("inside_ca").stat().st_mode & 0o777 == 0o444  # who signed, for everybody
    assert {file.stat().st_mode & 0o777 for file in made.values()} == {0o400}
    for url, password in (("owner_url", "owner_password"), ("database_url", "app_password")):
        assert f":{made[password].read_text()}@db:" in made[url].read_text()
    assert len({made[name].read_text() for name in made if name.endswith("password")}) == 3
    assert len(made["secret_key"].read_text()) > 50


def test_the_script_touches_nothing_that_is_there(secrets):
    before = {file.name: file.read_text() for file in secrets.iterdir()}
    with pytest.raises(subprocess.CalledProcessError):
        containers.made_secrets(secrets.parent)
    assert {file.name: file.read_text() for file in secrets.iterdir()} == before


def test_the_broker_answers_only_who_has_the_password_that_was_made_for_it(secrets, tmp_path):
    with containers.broker(secrets, tmp_path) as port:
        wait_until(lambda: _is_open(port), "the broker to start")
        address = containers.here((secrets / "broker_url").read_text(), secrets, redis=port)
        stranger = redis.Redis.from_url(re.sub("//.*@", "//", address))
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        with redis.Redis.from_url(address) as known:
            assert known.ping()


def _is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_process_of_ours_can_write_nothing_but_what_is_gone_with_it(name):
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["volumes"] == ["counts:/tmp/metrics"]
    assert COMPOSE["volumes"]["counts"]["driver_opts"]["type"] == "tmpfs"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_log_grows_until_the_disk_is_full(name):
    assert SERVICES[name]["logging"] == {"driver": "local"}


def test_the_proxy_knows_every_web_process_and_only_it_can_be_reached_from_outside():
    proxied = re.search(r"reverse_proxy (.*) {", (ROOT / "Caddyfile").read_text())[1].split()
    assert proxied == [f"https://{name}:8000" for name, role in ROLE.items() if role == "web"]
    for name, service in SERVICES.items():
        for port in service.get("ports", ()):
            assert name == "proxy" or port.startswith("127.0.0.1:")


def test_the_proxy_writes_no_address_down_that_may_be_the_link_of_a_letter():
    adapt = [str(containers.CADDY), "adapt", "--config", str(ROOT / "Caddyfile")]
    names = os.environ | {"EBB_HOSTS": "diary.example.org, second.example.org"}
    adapted = subprocess.run(adapt, env=names, capture_output=True, text=True, check=True)
    written = json.loads(adapted.stdout)["logging"]["logs"]["default"]["encoder"]
    left_out = {name for name, how in written["fields"].items() if how == {"filter": "delete"}}
    assert left_out == {"request>uri", "request>headers>Referer"}


def test_the_image_can_make_copies_of_its_database():
    server = re.match(r"postgres:(\d+)", SERVICES["db"]["image"])[1]
    assert f" postgresql-client-{server} " in DOCKERFILE
