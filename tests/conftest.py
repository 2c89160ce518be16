"""What tests share: people, a real broker, a real PostgreSQL, a real browser, the real product.

What a machine lacks is skipped and named at the end; with EBB_REQUIRE_ALL=1 it is a failure.
"""

import atexit
import http.cookiejar
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.models.signals import post_save
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from tests.clock import noon_zone
from tests.cut_off import sitecustomize as cut_off

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
ONCE = {  # these ask what no database decides: whose pages are, what they weigh and documents say
    *("test_access", "test_fhir", "test_headers", "test_pages"),
    *("test_pdf", "test_picture", "test_stored", "test_tagging"),
}
AGREED_AT = datetime(2026, 1, 1, tzinfo=UTC)  # the same for all: a diary's file is the same again
BROWSER = "tests/browser/"  # these look through a real browser
PROCESSES = (  # these start real processes
    "tests/config/",
    "tests/faults/",
    "tests/hostile/test_server.py",
    "tests/test_benchmarks.py",
    "tests/test_cut_off.py",
)
# These make something slow once, and share it.
SHARING = ("tests/hostile/test_addresses.py", "tests/insights/reports/")
CHROMIUM_FLAGS = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


# No Python process of a test run leaves this machine, nor does any that it starts.
WAYS_OUT = Path(tempfile.mkstemp(prefix="ebb-ways-out-")[1])
atexit.register(WAYS_OUT.unlink, missing_ok=True)
os.environ["WAY_OUT"] = str(WAYS_OUT)
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(Path(cut_off.__file__).parent), os.environ.get("PYTHONPATH")])
)
cut_off.guard()


def went_out() -> list[str]:
    """What was refused since this was last asked, in this process and in those it started."""
    lines = WAYS_OUT.read_text().splitlines()
    WAYS_OUT.write_text("")
    return lines


def lacking(what: str) -> None:
    """Skip a test because this machine has not what it needs."""
    if os.environ.get("EBB_REQUIRE_ALL") == "1":
        pytest.fail(f"this machine has no {what}, and everything was required")
    pytest.skip(f"needs {what}")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Lanes(LoadScopeScheduling):
    """What starts processes stays in one lane; so does what a browser sees of a subject, or shares.

    See `config.testing`.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(PROCESSES):
            return "processes"
        if nodeid.startswith(BROWSER):
            return nodeid.partition("::")[0]
        return next(filter(nodeid.startswith, SHARING), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Groups by where a test stands: marks of groups reach no scheduler with this pytest."""
    return Lanes(config, log)


def _turn(item):
    """What waits long begins first, so that no lane is left alone with it at the end."""
    if item.nodeid.startswith(PROCESSES):
        return 0
    return 1 if item.nodeid.startswith(BROWSER) else 2


@pytest.hookimpl(trylast=True)  # after the order of pytest-django, which suits a single lane
def pytest_collection_modifyitems(config, items):
    """On PostgreSQL, run again only what uses the database in this process."""
    items.sort(key=_turn)
    if "EBB_DATABASE_URL" not in os.environ:
        return
    again = [
        item
        for item in items
        if (
            item.get_closest_marker("django_db")
            or {"db", "transactional_db"} & set(item.fixturenames)
        )
        and not {"chromium", "running_ebb"} & set(item.fixturenames)
        and item.path.stem not in ONCE
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in again])
    items[:] = again


def pytest_terminal_summary(terminalreporter):
    """Say plainly what was not tested, and why."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ") for report in _skipped(terminalreporter)
    )
    if reasons:
        terminalreporter.section("not tested on this machine")
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{count} {'test' if count == 1 else 'tests'}: {reason}")


def pytest_sessionfinish(session):
    """Let nothing pass as skipped where everything was required."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return  # a process that runs a part of the tests; the one that started it judges
    if os.environ.get("EBB_REQUIRE_ALL") == "1" and _skipped(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _skipped(reporter):
    return reporter.stats.get("skipped", [])


@pytest.fixture(autouse=True)
def _reaches_no_other_machine():
    """A test during which something wanted to leave this machine fails, whoever swallowed that."""
    yield
    assert went_out() == []


@pytest.fixture(autouse=True)
def _no_language_left():
    """The language of the last page asked for is not that of the next test."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _whose_diary_may_be_kept(request):
    """Whoever is made in a test has agreed; one about consent itself says `asked_nobody`."""
    from diary import consent
    from diary.models import Diary

    def agrees(instance, created, **about):
        if created and not instance.is_sample:
            consent.give(instance.owner, AGREED_AT)

    if request.node.get_closest_marker("asked_nobody"):
        yield
        return
    post_save.connect(agrees, sender=Diary)
    yield
    post_save.disconnect(agrees, sender=Diary)


@pytest.fixture
def alice(db):
    """A person with an empty diary."""
    from diary.models import User

    return User.objects.create_user("alice@example.org", "a long enough password")


@pytest.fixture
def bob(db):
    """Somebody else."""
    from diary.models import User

    return User.objects.create_user("bob@example.org", "another long password")


@pytest.fixture
def at_noon(alice):
    """Alice lives where it is about noon: what happened a little ago happened today."""
    from diary.models import Diary

    Diary.objects.of(alice).update(zone=noon_zone())


@pytest.fixture
def page(client, alice):
    """Alice's browser without scripts, signed in."""
    client.force_login(alice)
    return client


@pytest.fixture
def in_mg(alice):
    """Alice counts her caffeine in mg."""
    from diary.models import Diary

    Diary.objects.of(alice).update(caffeine_in="mg")


@pytest.fixture
def sure(page):
    """The same browser, where alice has just given her password once more."""
    page.post("/accounts/reauthenticate/", {"password": "a long enough password"})
    return page


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory) -> Iterator[str]:
    """The address of a real server of the Redis protocol."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if not program:
        lacking("redis-server")
    folder = tmp_path_factory.mktemp("redis")
    port = free_port()
    assert program
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    with subprocess.Popen([*command, "--save", ""], stdout=subprocess.DEVNULL) as server:
        wait_until(lambda: _listens(port), "redis-server to start")
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


@pytest.fixture(scope="session")
def chromium():
    """A real browser."""
    if not CHROMIUM:
        lacking("Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@dataclass
class Running:
    """The product, started by its own command."""

    url: str
    data: Path
    process: subprocess.Popen[str]
    said: list[str]
    reader: threading.Thread

    def ended(self) -> int:
        """Wait for its end. Returns its exit code."""
        code = self.process.wait(20)
        self.reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def start_ebb(
    data: Path, *options: str, port: int = 0, environment: dict[str, str] | None = None
) -> Running:
    """Start `manage.py up` and wait for the line that says it is ready."""
    port = port or free_port()
    where = ["--port", str(port), "--data", str(data)]
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "up", *where, *options],
        env={**own_environment(), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if "Ebb is ready at" in line:
            break
    else:
        process.wait()
        pytest.fail("Ebb did not start:\n" + "".join(said))
    reader = threading.Thread(target=said.extend, args=(process.stdout,), daemon=True)
    reader.start()
    return Running(f"http://localhost:{port}/", data, process, said, reader)


class Person:
    """Somebody who uses the running product over real HTTP, without scripts."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        """The text of a page."""
        with self.opener.open(self.url + path.lstrip("/"), timeout=20) as answer:
            text: str = answer.read().decode()
            return text

    def post(self, path: str, **fields: str) -> str:
        """Send a form as its page would, and follow where it leads."""
        token = next(c.value for c in self.cookies if c.name == "csrftoken") or ""
        data = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        with self.opener.open(self.url + path.lstrip("/"), data, timeout=20) as answer:
            text: str = answer.read().decode()
            return text

    def sign_up(self, email: str) -> None:
        """Make an account."""
        self.get("accounts/signup/")
        self.post("accounts/signup/", email=email, password1="a quiet long password", consent="1")


def stop_ebb(running: Running) -> None:
    """Stop it as Ctrl-C does."""
    running.process.terminate()
    running.ended()


def own_environment() -> dict[str, str]:
    """Ours without what the test settings set."""
    ours = ("EBB_", "DJANGO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "EBB_NO_BOOTSTRAP": "1"
    }


@pytest.fixture(scope="session")
def running_ebb(tmp_path_factory) -> Iterator[Running]:
    """The product as a person starts it, on a free port and an empty folder."""
    running = start_ebb(tmp_path_factory.mktemp("ebb"))
    yield running
    stop_ebb(running)


def wait_until(true, what: str, *, seconds: float = 20) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> int:
    """The status of a page; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    except OSError:
        return 0
