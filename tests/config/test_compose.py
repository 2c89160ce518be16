"""What docker-compose.yml and the Dockerfile name exists."""

import importlib.util
import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.utils.module_loading import import_string

from config import alive
from config.env import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "ebb"}
ROLE = {"web": "web", "worker": "worker", "beat": "scheduler"}


def test_web_worker_beat_postgresql_and_redis_are_there():
    assert {"web", "worker", "beat", "db", "redis"} <= set(SERVICES)
    assert SERVICES["db"]["image"].startswith("postgres:")
    assert SERVICES["redis"]["image"].startswith("redis:")


@pytest.mark.parametrize("name", ["web", "worker", "beat", "db", "redis"])
def test_every_service_that_keeps_running_has_a_health_check(name):
    check = SERVICES[name]["healthcheck"]["test"]
    assert check[0] == "CMD"
    if name in ROLE:
        assert check[1:] == ["python", "-m", "config.alive", ROLE[name]]
        assert callable(alive.lives)


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_variable_is_a_setting_and_what_must_be_given_is_asked_for(name):
    given = OURS[name]["environment"]
    assert set(given) <= set(VARIABLES)
    for variable in VARIABLES.values():
        if variable.default is None:
            assert ":?" in given[variable.name]


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
    for name in ("worker", "beat"):
        command = OURS[name]["command"]
        assert command[:3] == ["celery", "-A", "config"]
        assert command[3] == name
        assert importlib.util.find_spec("celery.bin." + command[3])
    assert import_string("config.celery.Scheduler")
    web = re.search(r"^CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)[1]
    assert web.startswith('"granian"')
    assert web.endswith('"config.wsgi:application"')
    assert import_string("config.wsgi.application")


def test_the_image_holds_the_code_is_locked_and_does_not_run_as_root():
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    for file in " ".join(copied).split():
        assert (ROOT / file).exists(), file
    for folder in ("config", "diary", "insights", "templates", "static"):
        assert f"COPY {folder} {folder}" in DOCKERFILE
    assert "--require-hashes -r requirements-production.txt" in DOCKERFILE
    assert re.search(r"^USER ebb$", DOCKERFILE, re.MULTILINE)
    variables = set(re.findall(r"\b(EBB_\w+)=", DOCKERFILE))
    assert variables <= set(VARIABLES)


def test_every_settings_key_that_can_be_changed_by_the_operator_reaches_the_services():
    # What is for the embedded run, for development or read before any settings is not.
    elsewhere = {"EBB_DATA", "EBB_STATIC", "EBB_DEBUG", "EBB_NO_BOOTSTRAP", "EBB_REQUIRE_ALL"}
    for name, service in OURS.items():
        assert set(VARIABLES) - set(service["environment"]) == elsewhere, name


def test_no_secret_stands_in_either_file():
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.search(r"(PASSWORD|SECRET_KEY): (?!\$\{)", text)


def test_the_image_can_make_copies_of_its_database():
    assert "postgresql-client" in DOCKERFILE
