"""Requests a second of eight visitors at once, asked of two web processes."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPResponse
from statistics import median
from uuid import uuid4

from django.conf import settings

from benchmarks import people
from benchmarks.measures import Asked, Line
from benchmarks.server import Server, Visitor, running
from diary.models import User
from insights import compute

AT_ONCE = 8
BURST = 2.0  # seconds; shorter where few rounds are asked for
BURSTS = 5  # of each, in turn
TODAY_BY_BARE, SAVE_BY_BARE = 0.2, 0.5

type Request = Callable[[Visitor], tuple[HTTPResponse, bytes]]


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of asking for some seconds."""

    a_second: float
    cpu: float  # of the web processes, for each request


def lines(asked: Asked) -> Iterator[Line]:
    """Today beside a bare view, and a save beside a bare insert."""
    size, today = max(asked.sizes), asked.now.date()
    reads = people.person("crowd", size, today)
    # Some hundred notes a burst: they must not fill the day that the others look at.
    writes = people.person("hands", size, today)
    for person in (reads, writes):
        compute.recompute(person.pk, asked.now)
    with running(asked.environment, settings.SESSION_COOKIE_NAME, workers=2) as served:
        readers, writers = _visitors(served, reads), _visitors(served, writes)
        requests: dict[str, tuple[Sequence[Visitor], Request]] = {
            "bare": (readers, lambda visitor: visitor.exchange("/bare/")),
            "today": (readers, lambda visitor: visitor.exchange("/today/")),
            "insert": (writers, lambda visitor: visitor.exchange("/bare/insert/", {})),
            "save": (writers, _save),
        }
        bursts: dict[str, list[Burst]] = {name: [] for name in requests}
        seconds = min(BURST, asked.rounds / BURSTS)
        for _ in range(min(asked.rounds, BURSTS)):
            for name, (visitors, request) in requests.items():
                bursts[name].append(_burst(served, visitors, request, seconds))
    yield _line("Today, eight at once", size, bursts["today"], bursts["bare"], TODAY_BY_BARE)
    yield _line("save a note, eight at once", size, bursts["save"], bursts["insert"], SAVE_BY_BARE)


def _visitors(served: Server, person: User) -> list[Visitor]:
    visitors = [Visitor(served, people.session_of(person)) for _ in range(AT_ONCE)]
    for visitor in visitors:
        visitor.ask("/today/")  # for its token
    return visitors


def _save(visitor: Visitor) -> tuple[HTTPResponse, bytes]:
    note = {"form": str(uuid4()), "place": "calf-l", "when": "15", "duration": "seconds"}
    return visitor.exchange("/log/", note)


def _burst(served: Server, visitors: Sequence[Visitor], request: Request, seconds: float) -> Burst:
    before, start = served.cpu(), time.monotonic()

    def ask(visitor: Visitor) -> int:
        answered = 0
        while time.monotonic() - start < seconds:
            response, _read = request(visitor)
            if response.status not in {200, 204, 303}:
                raise RuntimeError("not answered as it should be")
            answered += 1
        return answered

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answered = sum(pool.map(ask, visitors))
    return Burst(answered / (time.monotonic() - start), (served.cpu() - before) / answered)


def _line(
    what: str, size: int, bursts: Sequence[Burst], bare: Sequence[Burst], goal: float
) -> Line:
    ours, floor = (median(burst.a_second for burst in some) for some in (bursts, bare))
    cpu, floor_cpu = (median(burst.cpu for burst in some) for some in (bursts, bare))
    return Line(
        what,
        size,
        {"a second": ours, "bare": floor, "CPU by bare": cpu / floor_cpu},
        ours / floor,
        "bare requests a second",
        goal,
        at_least=True,
    )
