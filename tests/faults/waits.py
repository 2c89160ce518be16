"""How long people wait: `python -m tests.faults.waits strangers` or `… broker`.

Strangers ask about addresses that have an account and about others: who has one must not show in
the time either. Saves are timed with the broker as usual, frozen, and gone.
"""

import argparse
import http.client
import socketserver
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from tests.conftest import ROOT
from tests.faults.product import OneMachine, frozen, kill
from tests.faults.writers import Writer

TRIES = 30
APART_AT_MOST = 25  # per cent
LONGER_AT_MOST = 100  # ms
KNOWN = """
from allauth.account.models import EmailAddress
from diary.models import User
for number in range({count}):
    email = f"known{{number}}@example.org"
    owner = User.objects.create_user(email, "a quiet long password")
    EmailAddress.objects.create(user=owner, email=email, verified=True, primary=True)
"""
ASKED = {
    "login": lambda email: {"login": email, "password": "not the password"},
    "signup": lambda email: {"email": email, "password1": "quite another one", "consent": "1"},
    "password/reset": lambda email: {"email": email},
}


class Letterbox(socketserver.StreamRequestHandler):
    """A mail server that takes every letter and keeps none."""

    def handle(self) -> None:
        """Say yes to whatever comes."""
        self._say("220 ready")
        for line in self.rfile:
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._say("354 go on")
                while self.rfile.readline().strip() != b".":
                    pass
            self._say("221 goodbye" if word == b"QUIT" else "250 fine")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def letterbox() -> Iterator[int]:
    """The port of a mail server."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Letterbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def strangers() -> Iterator[tuple[str, float]]:
    """Each form, and by how many per cent the medians for known and unknown addresses differ."""
    with letterbox() as port:
        mail = {"EBB_EMAIL_URL": f"smtp://127.0.0.1:{port}", "EBB_PROXIES": "1"}
        product = OneMachine(mail)
        try:
            _know(product)
            for form in ASKED:
                yield _compared(product, form)
        finally:
            product.end()


def _know(product: OneMachine) -> None:
    command = ["manage.py", "shell", "--no-imports", "-c", KNOWN.format(count=TRIES)]
    environment = product.environment | {"EBB_DATA": str(product.data)}
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)


def _compared(product: OneMachine, form: str) -> tuple[str, float]:
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(TRIES):
        for who in took:
            took[who].append(_ask(product, form, f"{who}{number}@example.org", number, len(who)))
    known, unknown = (1e3 * statistics.median(times) for times in took.values())
    return f"{form}: known {known:.0f} ms, unknown {unknown:.0f} ms", 100 * abs(known / unknown - 1)


def _ask(product: OneMachine, form: str, email: str, number: int, part: int) -> float:
    """Seconds for an answer, each asked for from another address, so that no limit is met."""
    token = "a" * 32
    body = urllib.parse.urlencode(ASKED[form](email) | {"csrfmiddlewaretoken": token})
    headers = {
        "Cookie": f"csrftoken={token}",
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"192.0.{part}.{number}",
    }
    line = http.client.HTTPConnection("127.0.0.1", product.port, timeout=30)
    with closing(line):
        began = time.monotonic()
        line.request("POST", f"/accounts/{form}/", body, headers)
        answer = line.getresponse()
        answer.read()
        took = time.monotonic() - began
    assert answer.status in (302, 422), f"{form} was answered with {answer.status}"
    return took


def broker() -> Iterator[tuple[str, float]]:
    """How much longer saves take, by median, while the broker is frozen, and while it is gone."""
    product = OneMachine()
    try:
        writer = Writer(product.url, "hurried", "waits", lambda: True)
        usual = _saves(writer, 0)
        with frozen(product.pid("broker")):
            cold = _saves(writer, 1)
        pid = product.pid("broker")
        assert pid
        with frozen(product.pid("supervisor")):  # which would start it again
            kill(pid)
            gone = _saves(writer, 2)
        for what, took in (("frozen", cold), ("gone", gone)):
            told = f"broker {what}: usual {usual:.1f} ms, then {took:.1f} ms"
            yield told, max(0, took - usual)
    finally:
        product.end()


def _saves(writer: Writer, turn: int) -> float:
    writer.waited.clear()
    for number in range(10 * TRIES):
        writer.write(1000 * turn + number)
    return 1e3 * statistics.median(writer.waited)


MEASURES: dict[str, tuple[Callable[[], Iterator[tuple[str, float]]], int, str]] = {
    "strangers": (strangers, APART_AT_MOST, "% apart"),
    "broker": (broker, LONGER_AT_MOST, "ms longer"),
}


def main() -> int:
    """Print each measure beside what is promised. Returns 1 when a promise was not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.waits", description=__doc__)
    parser.add_argument("what", choices=MEASURES)
    measure, at_most, unit = MEASURES[parser.parse_args().what]
    kept = True
    for told, figure in measure():
        kept = kept and figure <= at_most
        print(f"{told}: {figure:.1f} {unit}, at most {at_most}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
