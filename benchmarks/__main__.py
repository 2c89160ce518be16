"""Measure the product beside its floor, in one run: `python -m benchmarks`; `--help` has options.

Every measure is a ratio of medians. Numerator and denominator are asked for in turn, so that a busy
machine slows both. CPU is the worker's own, as the kernel counts it.
"""

import argparse
import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from benchmarks.server import Answer, Visitor

SIZES = (1_000, 10_000, 100_000)
WARM_UP = 3
type Step = Callable[[], "Answer"]
type Make = Callable[["Visitor"], Step]


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: what it took in CPU, how that stands to its floor, and what is aimed at."""

    what: str
    twitches: int
    cpu_ms: float
    wall_ms: float
    kilobytes: float
    ratio: float
    floor: str
    goal: float | None

    def __str__(self) -> str:
        held = "" if self.goal is None else f"goal {self.goal:.2f}"
        return (
            f"{self.what:34} {self.twitches:>8,} {self.cpu_ms:8.2f} {self.wall_ms:8.2f} "
            f"{self.kilobytes:8.1f}   {self.ratio:6.2f} x {self.floor:22} {held}"
        )


def main() -> None:
    """Make the people, serve the product, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the measures to this file")
    parser.add_argument("--rounds", type=int, default=15, help="of each pair (default 15)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="twitches a person")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ebb-bench-") as data:
        environment = {"EBB_DATA": data, "EBB_SECRET_KEY": "only-for-measuring-" * 4}
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="benchmarks.settings")
        lines = measure(environment, tuple(asked.sizes), asked.rounds)
    if asked.json:
        asked.json.write_text(json.dumps([asdict(line) for line in lines], indent=1))


def measure(environment: dict[str, str], sizes: tuple[int, ...], rounds: int) -> list[Line]:
    """All measures, printed as they come."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks import people, server
    from diary.models import Diary
    from insights import compute

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = timezone.now()
    persons = {n: people.person(f"person-{n}", n, now.date()) for n in sizes}
    for person in persons.values():
        compute.recompute(person.pk, now)
    sessions = {n: people.session_of(person) for n, person in persons.items()}
    lines: list[Line] = []
    heading = f"{'':34} {'twitches':>8} {'CPU ms':>8} {'wall ms':>8} {'kB':>8}   ratio"
    print(heading, flush=True)
    with server.running(environment, settings.SESSION_COOKIE_NAME) as served:
        visitors = {n: server.Visitor(served, key) for n, key in sessions.items()}
        for name, make in _pages(now.date()).items():
            for n, visitor in visitors.items():
                lines.append(_pair(name, n, make(visitor), _bare(visitor, name), rounds))
                print(lines[-1], flush=True)
        lines += _flat(lines, min(sizes), max(sizes))
        print(f"memory of the worker: {served.memory() / 1e6:.0f} MB")
    assert Diary.objects.count() == len(sizes)
    return lines


def _pages(today: date) -> dict[str, Make]:
    """What a person opens and sends, by name."""
    long_ago = today - timedelta(days=70)
    week = f"{today - timedelta(days=7):%G-w%V}"

    def get(path: str) -> Make:
        return lambda visitor: lambda: visitor.ask(path)

    def unchanged(path: str) -> Make:
        def make(visitor: "Visitor") -> Step:
            tag = visitor.ask(path).headers.get("ETag", "")
            return lambda: visitor.ask(path, headers={"If-None-Match": tag})

        return make

    def note(visitor: "Visitor") -> Step:
        return lambda: visitor.ask(
            "/log/",
            {"form": str(uuid4()), "place": "calf-l", "when": "15", "duration": "seconds"},
        )

    def tap(visitor: "Visitor") -> Step:
        taps = count()
        keys = ("nose", "chin", "lips", "forehead")
        return lambda: visitor.ask(
            "/log/again/",
            {
                "form": str(uuid4()),
                "place": keys[next(taps) % len(keys)],
                "duration": "seconds",
            },
        )

    def factor(visitor: "Visitor") -> Step:
        values = count(1)
        was = {"stands": ""}

        def send() -> "Answer":
            to = str(1 + next(values) % 5)
            answer = visitor.ask(
                f"/days/{today - timedelta(days=1)}/factors/",
                {"factor": "stress", "was": was["stands"], "to": to},
            )
            if answer.status == 303:
                was["stands"] = to
            else:
                found = visitor.ask(f"/days/{today - timedelta(days=1)}/").body.decode()
                was["stands"] = _checked(found)
            return answer

        return send

    return {
        "Today": get("/today/"),
        "Today, unchanged": unchanged("/today/"),
        "Diary": get("/diary/"),
        "Diary, ten weeks back": get(f"/diary/?to={long_ago}"),
        "one day": get(f"/days/{today - timedelta(days=1)}/"),
        "the log form": get("/log/"),
        "a stored week": get(f"/insights/{week}/"),
        "a stored week, unchanged": unchanged(f"/insights/{week}/"),
        "one comparison": get(f"/insights/{week}/caffeine/"),
        "save a note": note,
        "save by one tap": tap,
        "save a factor": factor,
    }


def _checked(html: str) -> str:
    found = re.search(r'name="initial-stress" value="(\d?)"', html)
    return found[1] if found else ""


def _bare(visitor: "Visitor", name: str) -> tuple[str, Step]:
    if name.startswith("save"):
        return "a bare insert", lambda: visitor.ask("/bare/insert/", {})
    return "a bare view", lambda: visitor.ask("/bare/")


GOALS = {
    "Today": 4.0,
    "Today, unchanged": 1.4,
    "a stored week": 4.0,
    "a stored week, unchanged": 1.4,
    "save a note": 2.2,
    "save by one tap": 2.2,
    "save a factor": 2.2,
}
FLAT = 1.15


def _pair(name: str, n: int, step: Step, floor: tuple[str, Step], rounds: int) -> Line:
    """Ask for both in turn, and set the medians beside each other."""
    floor_name, bare = floor
    for _ in range(WARM_UP):
        step()
        bare()
    answers, floors = [], []
    for _ in range(rounds):
        answers.append(step())
        floors.append(bare())
    wrong = {answer.status for answer in (*answers, *floors)} - {200, 204, 303, 304}
    if wrong:
        raise RuntimeError(f"{name}: answered {wrong}")
    cpu = median(answer.cpu for answer in answers)
    return Line(
        what=name,
        twitches=n,
        cpu_ms=1000 * cpu,
        wall_ms=1000 * median(answer.wall for answer in answers),
        kilobytes=len(answers[-1].body) / 1000,
        ratio=cpu / median(answer.cpu for answer in floors),
        floor=floor_name,
        goal=GOALS.get(name),
    )


def _flat(lines: list[Line], shortest: int, longest: int) -> list[Line]:
    """How each page of the longest diary stands to the same page of the shortest."""
    by_name: dict[str, dict[int, Line]] = {}
    for line in lines:
        by_name.setdefault(line.what, {})[line.twitches] = line
    made = []
    for name, of_size in by_name.items():
        least, most = of_size[shortest], of_size[longest]
        made.append(
            Line(
                what=f"{name}, longest by shortest",
                twitches=most.twitches,
                cpu_ms=most.cpu_ms,
                wall_ms=most.wall_ms,
                kilobytes=most.kilobytes,
                ratio=most.ratio / least.ratio,
                floor=f"the same at {shortest:,}",
                goal=FLAT,
            )
        )
        print(made[-1])
    return made


if __name__ == "__main__":
    main()
