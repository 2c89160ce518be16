"""Restarting web and worker one after another, while people write."""

import contextlib
import os
import signal
import subprocess
import threading

import pytest

from config import alive
from tests.config import containers
from tests.conftest import ROOT, answers, free_port, wait_until
from tests.faults.product import commands
from tests.faults.test_faults import started_servers
from tests.faults.writers import Writer

WRITERS = 3


@pytest.fixture
def servers():
    with started_servers() as product:
        yield product


def started(product, command):
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=product.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def replaced(product, process, command):
    """Ask it to end, as a container's stop does, and start another once it has ended."""
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) is not None
    return started(product, command)


def test_web_and_worker_are_replaced_one_by_one_and_no_request_fails(
    servers, tmp_path, monkeypatch
):
    secrets = containers.made_secrets(tmp_path)
    servers.environment |= {
        "GRANIAN_SSL_KEYFILE": str(secrets / "web_key"),
        "GRANIAN_SSL_CERTIFICATE": str(secrets / "web_certificate"),
    }
    monkeypatch.setenv("GRANIAN_SSL_CERTIFICATE", str(secrets / "web_certificate"))

    def serves(port):
        monkeypatch.setenv("PORT", str(port))
        return alive.lives("web")

    ports = [free_port(), free_port()]
    serving = [commands(port)["web"] for port in ports]
    webs = [started(servers, command) for command in serving]
    working = commands(ports[0])["worker"]
    worker = started(servers, working)  # beside the one that is there
    over = threading.Event()
    url = f"http://localhost:{free_port()}"
    writers = []
    try:
        with containers.proxy(url, secrets, tmp_path, web=ports[0], web_2=ports[1]):
            for port in ports:
                wait_until(lambda port=port: serves(port), "the web to serve", seconds=60)
            wait_until(lambda: answers(f"{url}/healthz") == 200, "the proxy", seconds=60)
            writers += [Writer(f"{url}/", f"r{n}", "rolling", over.is_set) for n in range(WRITERS)]
            for writer in writers:
                writer.start()
            for number, port in enumerate(ports):
                people_go_on(writers)
                webs[number] = replaced(servers, webs[number], serving[number])
                wait_until(lambda port=port: serves(port), "the web to be back", seconds=60)
            people_go_on(writers)
            worker = replaced(servers, worker, working)
            over.set()
            for writer in writers:
                writer.join(60)
        assert {status for writer in writers for status in writer.answers} == {303}
        wait_until(lambda: not behind(servers), "every diary to be followed", seconds=60)
    finally:
        over.set()
        for writer in writers:
            writer.gives_up.set()
        for process in (*webs, worker):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def people_go_on(writers):
    before = sum(writer.acknowledged for writer in writers)
    wait_until(
        lambda: sum(writer.acknowledged for writer in writers) > before + 20,
        "people to go on",
        seconds=60,
    )


def behind(product):
    late = "computed_version < version"
    return product.asked(f"SELECT count(*) FROM diary_diary WHERE {late}")[0][0]
