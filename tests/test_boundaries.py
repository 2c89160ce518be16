"""The walls of the house: who may know of whom."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = [
    *sorted((ROOT / "insights/analysis").glob("*.py")),
    *sorted((ROOT / "insights/knowledge").glob("*.py")),
    ROOT / "insights/charts.py",
    ROOT / "diary/days.py",
    ROOT / "diary/check.py",
    ROOT / "diary/places.py",
    ROOT / "diary/factors.py",
    ROOT / "diary/durations.py",
]
WORDS_AND_DATES = tuple(
    f"django.utils.{module}" for module in ("translation", "text", "formats", "functional")
)


def imports(file):
    """The full names of everything that a file imports."""
    package = ".".join(file.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
            start = f"{base}.{node.module}" if node.level and node.module else node.module or base
            yield from (f"{start}.{alias.name}" for alias in node.names)


def calls(file):
    return {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
    }


def sources(folder):
    return [file for file in (ROOT / folder).rglob("*.py") if "migrations" not in file.parts]


@pytest.mark.parametrize("file", sources("diary"), ids=str)
def test_the_diary_knows_nothing_of_insights(file):
    assert not [name for name in imports(file) if name.split(".")[0] == "insights"]


@pytest.mark.parametrize("file", PURE, ids=str)
def test_pure_code_imports_no_django_but_words_and_never_asks_for_the_time(file):
    django = [name for name in imports(file) if name.split(".")[0] in {"django", "celery"}]
    assert not [name for name in django if not name.startswith(WORDS_AND_DATES)]
    assert not calls(file) & {"now", "timezone.now", "datetime.now", "date.today", "time.time"}


@pytest.mark.parametrize("file", sources("insights/analysis"), ids=str)
def test_the_analysis_stands_alone(file):
    ours = [name for name in imports(file) if name.split(".")[0] in {"django", "diary", "config"}]
    assert ours == []


@pytest.mark.parametrize("file", sources("insights"), ids=str)
def test_insights_read_the_diary_s_rows_in_one_place(file):
    rows = {"diary.models.Twitch", "diary.models.Day", "diary.models.Break"}
    allowed = {"collect.py", "sample.py"}
    assert file.name in allowed or not rows & set(imports(file))


@pytest.mark.parametrize("file", [*sources("diary"), *sources("insights")], ids=str)
def test_rows_are_saved_through_the_one_door(file):
    if file == ROOT / "diary/recording.py":
        return
    text = file.read_text()
    for model in ("Twitch", "Day", "Break", "Check"):
        for act in ("create", "get_or_create", "update_or_create", "bulk_create", "bulk_update"):
            assert f"{model}.objects.{act}(" not in text


@pytest.mark.parametrize("file", [*sources("diary"), ROOT / "insights/views.py"], ids=str)
def test_the_web_never_talks_to_the_broker(file):
    assert not [name for name in imports(file) if name.split(".")[0] in {"celery", "kombu"}]
    assert not [name for name in calls(file) if name.endswith((".delay", ".apply_async"))]


def test_the_web_process_loads_no_statistics_and_no_queue():
    asked = "import insights.views, diary.urls, sys; print(*sys.modules)"
    script = f"import django; django.setup(); {asked}"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    loaded = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"numpy", "scipy", "celery", "kombu", "reportlab"} & set(loaded)
