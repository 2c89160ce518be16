"""Requests a second of eight people at once, asked of two web processes."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPResponse
from itertools import count
from statistics import median
from uuid import UUID

from django.conf import settings

from benchmarks import people
from benchmarks.measures import Asked, Line
from benchmarks.server import Server, Visitor, running
from diary import consent
from diary.models import Twitch, User
from insights import compute

AT_ONCE = 8
BURST = 2.0  # seconds; shorter where few rounds are asked for
BURSTS = 5  # of each, in turn
DURATION = "minutes"  # of what is saved; a bare insert has another
TODAY_BY_BARE, SAVE_BY_BARE = 0.2, 0.5

type Request = Callable[[Visitor], tuple[HTTPResponse, bytes]]


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of asking for some seconds."""

    a_second: float
    cpu: float  # of the web processes, for each request


def lines(asked: Asked) -> Iterator[Line]:
    """Today beside a bare view, and a save beside a bare insert."""
    size = max(asked.sizes)
    # Some hundred notes a burst: they must not fill the day that the others look at.
    reads, writes = _crowd("crowd", size, asked), _crowd("hands", size, asked)
    before = _notes_of(writes)
    with running(asked.environment, settings.SESSION_COOKIE_NAME, workers=2) as served:
        readers, writers = _visitors(served, reads), _visitors(served, writes)
        saved = count()
        requests: dict[str, tuple[Sequence[Visitor], Request]] = {
            "bare": (readers, lambda visitor: visitor.exchange("/bare/")),
            "today": (readers, lambda visitor: visitor.exchange("/today/")),
            "insert": (writers, lambda visitor: visitor.exchange("/bare/insert/", {})),
            "save": (writers, lambda visitor: _save(visitor, next(saved))),
        }
        bursts: dict[str, list[Burst]] = {name: [] for name in requests}
        seconds = min(BURST, asked.rounds / BURSTS)
        for _ in range(min(asked.rounds, BURSTS)):
            for name, (visitors, request) in requests.items():
                bursts[name].append(_burst(served, visitors, request, seconds))
    if _notes_of(writes) - before != next(saved):
        raise RuntimeError("what was answered was not saved")
    yield _line("Today, eight at once", size, bursts["today"], bursts["bare"], TODAY_BY_BARE)
    yield _line("save a note, eight at once", size, bursts["save"], bursts["insert"], SAVE_BY_BARE)


def _crowd(name: str, size: int, asked: Asked) -> list[User]:
    """Eight people with a diary of their own, and each of the same length."""
    first = people.person(name, size, asked.now.date())
    compute.recompute(first.pk, asked.now)
    crowd = [first, *people.copies(first, AT_ONCE - 1)]
    for person in crowd[1:]:
        consent.give(person, asked.now)
    return crowd


def _notes_of(crowd: Sequence[User]) -> int:
    return Twitch.objects.filter(owner__in=crowd, duration=DURATION).count()


def _visitors(served: Server, crowd: Sequence[User]) -> list[Visitor]:
    visitors = [Visitor(served, people.session_of(person)) for person in crowd]
    for visitor in visitors:
        visitor.ask("/today/")  # for its token
    return visitors


def _save(visitor: Visitor, number: int) -> tuple[HTTPResponse, bytes]:
    note = {"form": str(UUID(int=number)), "place": "calf-l", "when": "15", "duration": DURATION}
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
