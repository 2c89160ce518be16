"""The inventory of what is kept of a person is whole: nothing is stored that it does not name."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.db import connection, models
from django.urls import reverse
from django.utils.timezone import now

from config.celery import app
from config.operator import OPTIONAL, VARIABLES
from diary.exports.archive import archive

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/privacy.md").read_text()
TABLES = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
# Columns of these say what somebody wrote, or who they are; whoever has one is of no kind "–".
TELLING = (models.CharField, models.JSONField, models.BinaryField, models.TextField)
NAMES_ALONE = {
    "config_heartbeat",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "django_content_type",
}


def rows(heading):
    """The cells of the table below a heading."""
    part = re.split(r"^## ", PAGE.split(f"\n## {heading}\n")[1], maxsplit=1, flags=re.M)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(cell):
    return re.findall(r"`([^`]+)`", cell)


def test_every_table_is_named_once():
    listed = [named(row[0])[0] for row in rows("Tables")]
    assert sorted(listed) == sorted(TABLES)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_is_named_and_none_that_is_not_there(table):
    (row,) = [row for row in rows("Tables") if named(row[0]) == [table]]
    columns = [field.column for field in TABLES[table]._meta.concrete_fields]
    assert sorted(named(row[2])) == sorted(columns), f"docs/privacy.md, row of {table}"
    assert all(row), f"docs/privacy.md, row of {table}: a cell is empty"


def test_the_file_of_everything_holds_what_is_said_to_leave_and_nothing_that_is_not(alice):
    with ZipFile(BytesIO(b"".join(archive(alice.diary, now().date())))) as file:
        leaves = {name for name in file.namelist() if name.endswith((".csv", ".json"))}
    said = {name for row in rows("Tables") for name in named(row[-1])}
    assert said == leaves
    assert [row[0] for row in rows("Tables") if row[1] != "–" and row[-1] == "–"] == []


def test_a_table_with_words_of_its_own_is_health_or_account():
    kinds = {named(row[0])[0]: row[1] for row in rows("Tables")}
    assert set(kinds.values()) == {"H", "A", "–"}
    telling = {
        name
        for name, model in TABLES.items()
        if any(isinstance(field, TELLING) for field in model._meta.concrete_fields)
    }
    assert {name for name in telling if kinds[name] == "–"} <= NAMES_ALONE


@pytest.mark.django_db
def test_every_table_of_the_database_is_named_also_those_without_a_model():
    assert [
        name for name in connection.introspection.table_names() if f"`{name}`" not in PAGE
    ] == []


def test_every_task_is_named():
    app.loader.import_default_modules()
    tasks = {name.rpartition(".")[2] for name in app.tasks if not name.startswith("celery.")}
    assert tasks
    assert {task for task in tasks if f"`{task}`" not in PAGE} == set()


def test_everything_that_scripts_keep_in_a_browser_is_named():
    kept = {(row[0].strip("`"), name) for row in rows("Browser") for name in named(row[1])}
    scripts = {file.name: file.read_text() for file in (ROOT / "static/js").glob("*.js")}
    together = "\n".join(scripts.values())
    constants = dict(re.findall(r'const (\w+) = "([^"]+)"', together))
    used = {
        (store, constants[name])
        for store, name in re.findall(r"(localStorage|sessionStorage)\.\w+Item\((\w+)", together)
    }
    used |= {("IndexedDB", name) for name in re.findall(r'indexedDB\.open\("(\w+)"', together)}
    assert used == {(where, name) for where, name in kept if where.endswith("Storage")} | {
        ("IndexedDB", "ebb")
    }
    assert [n for n, script in scripts.items() if "caches.open" in script] == ["sw.js"]
    assert not re.search(r"document\.cookie\s*=", together)


def test_every_cookie_is_named(sure, client):
    sure.get(reverse("settings"))
    sure.post(reverse("settings"), {"glass_ml": "300"})
    cookies = {row[1].strip("`") for row in rows("Browser") if row[0] == "cookie"}
    assert {name for name, morsel in sure.cookies.items() if morsel.value} <= cookies
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= cookies


def test_every_variable_of_the_notice_that_the_law_asks_for_is_named():
    asked = {variable for name, variable in VARIABLES.items() if name not in OPTIONAL}
    assert {variable for variable in asked if f"`{variable}`" not in PAGE} == set()
    assert "signout" in get_commands()
