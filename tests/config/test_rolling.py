"""Restarting web and worker one after another, while people write."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
from collections import Counter

import pytest

from tests.conftest import ROOT, answers, free_port, wait_until
from tests.faults.product import commands
from tests.faults.test_faults import started_servers
from tests.faults.writers import Writer

WRITERS = 3


class Proxy:
    """What stands in front of several web processes, and is told before one of them ends."""

    def __init__(self, ports):
        self.ports = list(ports)
        self.turn = 0
        self.busy = Counter()  # calls under way, by port
        self.counting = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self.listener.accept()
                threading.Thread(target=self._pass_on, args=(caller,), daemon=True).start()

    def _pass_on(self, caller):
        with self.counting:
            self.turn += 1
            port = self.ports[self.turn % len(self.ports)]
            self.busy[port] += 1
        try:
            with caller, socket.create_connection(("127.0.0.1", port)) as server:
                back = threading.Thread(target=_copy, args=(server, caller), daemon=True)
                back.start()
                _copy(caller, server)
                back.join()
        finally:
            with self.counting:
                self.busy[port] -= 1

    @contextlib.contextmanager
    def without(self, port):
        """Pass nothing more to one of them, and wait until it has answered what it has."""
        with self.counting:
            self.ports.remove(port)
        wait_until(lambda: not self.busy[port], "the calls under way", seconds=60)
        yield
        self.ports.append(port)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def _copy(source, target):
    with contextlib.suppress(OSError):
        while block := source.recv(65536):
            target.sendall(block)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


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


def test_web_and_worker_are_replaced_one_by_one_and_no_request_fails(servers):
    ports = [free_port(), free_port()]
    serving = [commands(port)["web"] for port in ports]
    webs = [started(servers, command) for command in serving]
    working = commands(ports[0])["worker"]
    worker = started(servers, working)  # beside the one that is there
    proxy = Proxy(ports)
    over = threading.Event()
    writers = []
    try:
        for port in ports:
            wait_until(lambda port=port: serves(port), "the web to serve", seconds=60)
        url = f"http://localhost:{proxy.port}/"
        writers += [Writer(url, f"r{n}", "rolling", over.is_set) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        for number, port in enumerate(ports):
            before = sum(writer.acknowledged for writer in writers)
            with proxy.without(port):
                webs[number] = replaced(servers, webs[number], serving[number])
                wait_until(lambda port=port: serves(port), "the web to be back", seconds=60)
            wait_until(
                lambda before=before: sum(one.acknowledged for one in writers) > before + 10,
                "people to go on",
                seconds=60,
            )
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
        proxy.close()
        for process in (*webs, worker):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def serves(port):
    return answers(f"http://localhost:{port}/healthz") == 200


def behind(product):
    late = "computed_version < version"
    return product.asked(f"SELECT count(*) FROM diary_diary WHERE {late}")[0][0]
