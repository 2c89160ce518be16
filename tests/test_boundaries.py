"""The walls of the house: who may know of whom."""

import ast
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver

from config.later import View
from config.urls import second_steps

ROOT = Path(__file__).resolve().parent.parent
PURE = [
    *sorted((ROOT / "insights/analysis").glob("*.py")),
    *sorted((ROOT / "insights/knowledge").glob("*.py")),
    *sorted((ROOT / "insights/charts").glob("*.py")),
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
    return imported(file.read_text(), ".".join(file.relative_to(ROOT).parent.parts))


def imported(text, package=""):
    """The full names of everything that a text of a package imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
            start = f"{base}.{node.module}" if node.level and node.module else node.module or base
            yield from (f"{start}.{alias.name}" for alias in node.names)


def within(names):
    """Names, and every module they are part of: `a.b.c` is reached through `a.b` and `a` too."""
    return {".".join(parts[:n]) for parts in (name.split(".") for name in names) for n in range(9)}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("import pickle", "pickle"),
        ("import pickle as other", "pickle"),
        ("from pickle import loads", "pickle"),
        ("from urllib import request", "urllib.request"),
        ("from urllib.request import urlopen", "urllib.request"),
        ("from django.core.cache import cache", "django.core.cache"),
        ("def later():\n    from django.core.cache import caches", "django.core.cache"),
        ("from .. import tasks", "insights.tasks"),
    ],
)
def test_a_wall_is_seen_through_in_whatever_way_something_is_imported(text, seen):
    assert seen in within(imported(text, "insights.reports"))


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
def test_rows_are_saved_by_hand_in_one_place_and_as_whole_files_in_another(file):
    doors = ("diary/recording.py", "diary/imports/load.py", "diary/imports/undo.py")
    if file in {ROOT / door for door in doors}:
        return
    text = file.read_text()
    for model in ("Twitch", "Day", "Break", "Check"):
        for act in ("create", "get_or_create", "update_or_create", "bulk_create", "bulk_update"):
            assert f"{model}.objects.{act}(" not in text


@pytest.mark.parametrize("file", [*sources("diary"), *sources("insights/views")], ids=str)
def test_the_web_never_talks_to_the_broker(file):
    assert not [name for name in imports(file) if name.split(".")[0] in {"celery", "kombu"}]
    assert not [name for name in calls(file) if name.endswith((".delay", ".apply_async"))]


def loaded_by(*modules):
    """The names of all that a web process has loaded once it knows its addresses and these."""
    known = ("config.asgi", "config.urls", "diary.urls", "insights.urls", *modules)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys, {', '.join(known)}; print(*sys.modules)"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stdout.split())


def test_the_web_process_loads_nothing_that_only_a_worker_needs():
    pages = {view.__module__ for view in views() if isinstance(view, View)}
    assert not {
        *("numpy", "scipy", "celery", "kombu", "reportlab", "plotly", "markdown_it")
    } & loaded_by(*pages)


def test_a_web_process_starts_without_what_only_some_pages_need():
    loaded = loaded_by()
    for subject in ("diary.imports", "diary.exports", "diary.recording", "insights.reports"):
        assert subject not in loaded
    assert not {"insights.charts", "insights.wording", "insights.knowledge.library"} & loaded
    assert not {"insights.analysis", "diary.check"} & loaded
    assert not {"fido2", "allauth.mfa.stages"} & loaded


def test_codes_and_passkeys_are_where_their_library_has_them():
    def addresses(patterns, before=""):
        for one in patterns:
            address = f"{before}{one.pattern}"
            if isinstance(one, URLResolver):
                yield from addresses(one.url_patterns, address)
            else:
                yield address, one.name

    library = import_module("allauth.mfa.urls").urlpatterns
    assert sorted(addresses(second_steps)) == sorted(addresses(library))


def views():
    """What answers at each address."""

    def walk(resolver):
        for pattern in resolver.url_patterns:
            yield from walk(pattern) if isinstance(pattern, URLResolver) else [pattern.callback]

    return list(walk(get_resolver()))


@pytest.mark.parametrize("view", [view for view in views() if isinstance(view, View)], ids=str)
def test_each_view_that_is_loaded_later_is_there(view):
    assert callable(getattr(import_module(view.__module__), view.__name__))


EVERYTHING = [*sources("config"), *sources("diary"), *sources("insights")]


def test_nothing_of_a_diary_is_kept_in_a_cache():
    # What a browser may keep is said by a header; that keeps nothing here.
    headers = {f"django.views.decorators.cache.{way}" for way in ("cache_control", "never_cache")}
    caches = {"django.core.cache", "django.views.decorators.cache", "django.middleware.cache"}
    for file in EVERYTHING:
        assert not caches & within(set(imports(file)) - headers), file
    assert not [name for name in settings.MIDDLEWARE if "middleware.cache" in name]


def test_nothing_of_ours_can_call_an_address():
    libraries = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "urllib3"}
    libraries |= {"ftplib", "smtplib", "telnetlib", "xmlrpc", "socket", "asyncio.streams"}
    asking = {
        file.relative_to(ROOT).as_posix(): libraries & within(imports(file)) for file in EVERYTHING
    }
    assert {file: used for file, used in asking.items() if used} == {
        # Both ask the web process of the same machine whether it lives.
        "config/alive.py": {"urllib.request"},
        "config/supervisor.py": {"urllib.request", "socket"},
        # What the operator named, and what this machine is called.
        "config/management/commands/doctor.py": {"socket"},
        "config/metrics.py": {"socket"},
    }


def test_one_module_encrypts_and_whatever_is_hashed_is_hashed_by_sha_256():
    libraries = {"cryptography", "Crypto", "nacl"}
    used = {
        file.relative_to(ROOT).as_posix(): [
            name for name in imports(file) if name.split(".")[0] in libraries
        ]
        for file in EVERYTHING
    }
    assert {file: names for file, names in used.items() if names} == {
        "config/codes.py": ["cryptography.fernet.Fernet", "cryptography.fernet.InvalidToken"]
    }
    text = "".join(file.read_text() for file in EVERYTHING)
    # Lists of leaked passwords come as SHA-1; what it finds is refused, and nothing is kept.
    assert set(re.findall(r"hashlib\.(\w+)", text)) == {"sha256", "sha1"}
    assert [file.name for file in EVERYTHING if "sha1" in file.read_text()] == ["passwords.py"]
    assert set(re.findall(r'algorithm="(\w+)"', text)) == {"sha256"}


def test_nothing_that_is_guessed_at_is_drawn_by_a_generator_for_games():
    for file in [*sources("config"), *sources("diary"), *sources("insights/sharing")]:
        assert not {"random", "numpy.random", "uuid.uuid1"} & within(imports(file)), file


def test_nobody_has_pages_to_look_into_the_diaries_of_others():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_nothing_that_is_typed_runs_as_code_or_as_a_command():
    for file in EVERYTHING:
        assert not {"eval", "exec", "os.system", "os.popen", "Template"} & calls(file), file
        assert not [name for name in calls(file) if name.endswith(".from_string")], file
        assert not {"pickle", "marshal", "shelve", "yaml"} & within(imports(file)), file
        assert "shell=True" not in file.read_text(), file
    starting = {file.parent.name for file in EVERYTHING if "subprocess" in within(imports(file))}
    assert starting == {"config"}  # what an operator starts; no page of the diary does
