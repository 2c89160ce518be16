"""The tests reach no other machine, and the product works where there is none."""

import os
import shutil
import subprocess
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.conftest import CHROMIUM, ROOT, lacking, own_environment, went_out
from tests.cut_off.__main__ import ways_out
from tests.cut_off.sitecustomize import is_here

ELSEWHERE = "192.0.2.1"  # an address that is kept for examples
TRIES = {
    "a connection": f"socket.create_connection(({ELSEWHERE!r}, 80), 1)",
    "a name": "socket.getaddrinfo('example.org', 443)",
    "a page": f"urllib.request.urlopen('http://{ELSEWHERE}/', timeout=1)",
    "a question by UDP": f"datagrams.sendto(b'?', ({ELSEWHERE!r}, 53))",
    "the newer protocol": "newer.connect(('2001:db8::1', 443, 0, 0))",
}
PROGRAM = """
import contextlib, socket, urllib.request
datagrams = socket.socket(type=socket.SOCK_DGRAM)
newer = socket.socket(socket.AF_INET6)
with datagrams, newer, contextlib.suppress(OSError):
    {code}
    raise SystemExit("it went out")
"""


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "", None, b"::1"])
def test_this_machine_is_here(host):
    assert is_here(host)


@pytest.mark.parametrize("host", [ELSEWHERE, "example.org", "localhost.example.org", "::2", b"a.b"])
def test_another_machine_is_not(host):
    assert not is_here(host)


@pytest.mark.parametrize("code", TRIES.values(), ids=TRIES)
def test_nothing_leaves_this_machine_and_who_swallows_that_is_found(code):
    exec(PROGRAM.format(code=code), {})
    assert went_out()


@pytest.mark.parametrize("code", TRIES.values(), ids=TRIES)
def test_nothing_leaves_it_from_a_process_that_a_test_starts(code):
    program = [sys.executable, "-c", PROGRAM.format(code=code)]
    assert subprocess.run(program, env=own_environment(), check=False).returncode == 0
    assert went_out()


def test_a_server_on_this_machine_can_be_asked():
    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

        def log_message(self, *about):
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.handle_request, daemon=True).start()
        with urllib.request.urlopen(f"http://localhost:{server.server_port}/", timeout=5) as page:
            assert page.status == 204
    assert went_out() == []


def test_where_there_is_no_network_a_diary_is_kept_seen_and_taken_along():
    if not CHROMIUM:
        lacking("Chromium")
    alone = shutil.which("unshare")
    if not alone or subprocess.run([alone, "--net", "true"], check=False).returncode:
        lacking("right to start a process without a network")
    assert alone
    command = [sys.executable, "-m", "tests.cut_off", sys.executable, "-m", "pytest", "-q"]
    done = subprocess.run(
        [alone, "--net", *command, "tests/browser/test_main_job.py"],
        cwd=ROOT,
        env=own_environment() | {"EBB_REQUIRE_ALL": os.environ.get("EBB_REQUIRE_ALL", "")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert "passed" in done.stdout


def test_a_command_that_would_have_a_network_is_not_started():
    done = subprocess.run(
        [sys.executable, "-m", "tests.cut_off", "false"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("There is a way out" in done.stderr) == bool(ways_out())
