"""People who write at the same time, and remember what was acknowledged to them."""

import contextlib
import http.client
import random
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from tests.conftest import Person

PLACES = ("calf-l", "calf-r", "thumb-l", "thumb-r", "eyelid-l", "eyelid-r")
PATIENCE = 40.0  # seconds for one answer; longer than a save waits for a lock
AGAIN = {0, 500, 503}  # what a person answers by sending it again
NAMESPACE = UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff")


class Refused(Exception):
    """An answer that no fault explains."""


@dataclass(slots=True)
class Ledger:
    """What one person was told is kept: each id, and whether it was taken back since."""

    notes: dict[UUID, bool] = field(default_factory=dict)
    checks: set[UUID] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.notes) + len(self.checks)


class Writer(threading.Thread):
    """One person, who sends a form again until it is acknowledged.

    That is what a page does: the form keeps its id, so a second sending finds the first. Now and
    then the same form is sent once more although it was acknowledged, as by an impatient thumb.
    """

    def __init__(self, url: str, name: str, seed: str, enough: Callable[[], bool]) -> None:
        super().__init__(daemon=True)
        self.email = f"{name}@example.org"
        self.address = urllib.parse.urlsplit(url)
        self.chance = random.Random(f"{seed} {name}")
        self.seed = seed
        self.enough = enough
        self.gives_up = threading.Event()
        self.ledger = Ledger()
        self.answers: Counter[int] = Counter()
        self.acknowledged = 0
        self.waited: list[float] = []  # seconds for each answer that acknowledged something
        self.person = Person(url)
        self.person.sign_up(self.email)
        cookies = {cookie.name: str(cookie.value) for cookie in self.person.cookies}
        self.token = cookies["csrftoken"]
        self.cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def run(self) -> None:
        """Write until it is enough, or until something else than a fault is met."""
        count = 0
        with contextlib.suppress(Refused):  # its answer is counted
            while not self.enough():
                count += 1
                self.write(count)

    def write(self, count: int) -> None:
        """One thing that a person does: a note, a check, or taking a note back."""
        form = uuid5(NAMESPACE, f"{self.seed} {self.email} {count}")
        kind = self.chance.random()
        if kind < 0.08:
            self.send("check/", form=str(form), weakness="no", words="")
            self.ledger.checks.add(form)
        elif kind < 0.16 and (kept := [one for one, gone in self.ledger.notes.items() if not gone]):
            note = self.chance.choice(kept)
            self.send(f"notes/{note}/remove/")
            self.ledger.notes[note] = True
        else:
            places = self.chance.sample(PLACES, self.chance.choice((1, 1, 1, 2)))
            fields = {"form": str(form), "place": places, "duration": "seconds", "when": "0"}
            self.send("log/", **fields)
            self.ledger.notes |= {uuid5(form, place): False for place in places}
            if kind > 0.92:
                self.send("log/", **fields)

    def send(self, path: str, **fields: str | Sequence[str]) -> None:
        """Send a form until it is acknowledged."""
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": self.token}, doseq=True)
        headers = {
            "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": self.address.netloc,
        }
        again = threading.Event()
        began = time.monotonic()
        while (status := self._asked(path, body, headers)) in AGAIN and not self.gives_up.is_set():
            self.answers[status] += 1
            again.wait(0.1 + 0.2 * self.chance.random())
            began = time.monotonic()
        self.waited.append(time.monotonic() - began)
        self.answers[status] += 1
        if status != 303:
            raise Refused(f"{path} was answered with {status}")
        self.acknowledged += 1

    def _asked(self, path: str, body: str, headers: dict[str, str]) -> int:
        """The status of the answer; 0 when none came."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.address.port or 80, timeout=PATIENCE
        )
        with contextlib.closing(connection):
            try:
                connection.request("POST", f"/{path}", body, headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                return 0
            return answer.status
