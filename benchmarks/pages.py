"""Pages and saves of one person, over real HTTP, beside a bare view under the same middleware."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import count
from statistics import median
from uuid import uuid4

from django.conf import settings

from benchmarks import people
from benchmarks.measures import Asked, Line
from benchmarks.server import Answer, Visitor, running
from benchmarks.urls import SAME_BYTES
from insights import compute

WARM_UP = 3
type Step = Callable[[], Answer]
type Make = Callable[[Visitor], Step]


def lines(asked: Asked) -> Iterator[Line]:
    """Each page and each save at each size, and how the longest diary stands to the shortest."""
    today = asked.now.date()
    persons = {n: people.person(f"person-{n}", n, today) for n in asked.sizes}
    for person in persons.values():
        compute.recompute(person.pk, asked.now)
    sessions = {n: people.session_of(person) for n, person in persons.items()}
    with running(asked.environment, settings.SESSION_COOKIE_NAME) as served:
        visitors = {n: Visitor(served, key) for n, key in sessions.items()}
        for name, make in _pages(today).items():
            steps = {n: make(visitor) for n, visitor in visitors.items()}
            made = list(beside(name, steps, _bare(visitors[min(visitors)], name), asked.rounds))
            yield from made
            yield _flat(made[0], made[-1])
            if name in BY_SAME_BYTES:
                longest = max(steps)
                yield from _by_same_bytes(
                    name, longest, steps[longest], visitors[longest], asked.rounds
                )
        yield Line("memory of the worker", max(asked.sizes), {"MB": served.memory() / 1e6})


def _pages(today: date) -> dict[str, Make]:
    """What a person opens and sends, by name."""
    long_ago = today - timedelta(days=70)
    week = f"{today - timedelta(days=7):%G-w%V}"

    def get(path: str) -> Make:
        return lambda visitor: lambda: visitor.ask(path)

    def shown_again(visitor: Visitor) -> Step:
        """As the script of Today asks when its tab is looked at."""
        asked = {"HX-Request": "true", "HX-Target": "now"}
        path = f"/today/?day={today}"
        tag = visitor.ask(path, headers=asked).headers["etag"]
        return lambda: visitor.ask(path, headers={**asked, "If-None-Match": tag})

    def edit(visitor: Visitor) -> Step:
        found = re.search(r'href="(/notes?/[0-9a-f-]{36}/)', visitor.ask("/today/").body.decode())
        assert found
        return lambda: visitor.ask(found[1])

    def note(visitor: Visitor) -> Step:
        return lambda: visitor.ask(
            "/log/",
            {"form": str(uuid4()), "place": "calf-l", "when": "15", "duration": "seconds"},
        )

    def tap(visitor: Visitor) -> Step:
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

    def factor(visitor: Visitor) -> Step:
        values = count(1)
        was = {"stands": ""}

        def send() -> Answer:
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
        "Today, asked again, unchanged": shown_again,
        "Diary": get("/diary/"),
        "Diary, ten weeks back": get(f"/diary/?to={long_ago}"),
        "one day": get(f"/days/{today - timedelta(days=1)}/"),
        "the log form": get("/log/"),
        "the form of an old note": edit,
        "a stored week": get(f"/insights/{week}/"),
        "one comparison": get(f"/insights/{week}/caffeine/"),
        "the report": get("/report/"),
        "save a note": note,
        "save by one tap": tap,
        "save a factor": factor,
    }


def _checked(html: str) -> str:
    found = re.search(r'name="initial-stress" value="(\d?)"', html)
    return found[1] if found else ""


def _bare(visitor: Visitor, name: str) -> tuple[str, Step]:
    if name.startswith("save"):
        return "a bare insert", lambda: visitor.ask("/bare/insert/", {})
    return "a bare view", lambda: visitor.ask("/bare/")


GOALS = {
    "Today": 4.0,
    "Today, asked again, unchanged": 1.4,
    "a stored week": 4.0,
    "save a note": 2.2,
    "save by one tap": 2.2,
    "save a factor": 2.2,
}
FLAT = 1.15
BY_SAME_BYTES = ("Today", "Diary", "a stored week", "the report")


def beside(
    name: str, steps: Mapping[int, Step], floor: tuple[str, Step], rounds: int
) -> Iterator[Line]:
    """Ask at each size and for the floor in turn, and set the medians beside each other."""
    floor_name, bare = floor
    answers: dict[int, list[Answer]] = {n: [] for n in sorted(steps)}
    floors: list[Answer] = []
    for _ in range(WARM_UP + rounds):
        floors.append(bare())
        for n, of_size in answers.items():
            of_size.append(steps[n]())
    right = {204, 303} if name.startswith("save") else {200, 304}
    measured = [answer for some in (floors, *answers.values()) for answer in some[WARM_UP:]]
    if wrong := {answer.status for answer in measured} - right:
        raise RuntimeError(f"{name}: answered {wrong}")
    least = median(answer.cpu for answer in floors[WARM_UP:])
    for n, of_size in answers.items():
        cpu = median(answer.cpu for answer in of_size[WARM_UP:])
        yield Line(
            what=name,
            size=n,
            figures={
                "CPU ms": 1000 * cpu,
                "wall ms": 1000 * median(answer.wall for answer in of_size[WARM_UP:]),
                "kB": len(of_size[-1].body) / 1000,
            },
            ratio=cpu / least,
            floor=floor_name,
            goal=GOALS.get(name),
        )


def _by_same_bytes(
    name: str, size: int, step: Step, visitor: Visitor, rounds: int
) -> Iterator[Line]:
    """A page beside a bare view that answers with the bytes of that page."""
    SAME_BYTES.write_bytes(step().body)
    floor = "a bare view of the same bytes", lambda: visitor.ask("/bare/same/")
    return beside(f"{name}, by its own bytes", {size: step}, floor, rounds)


def _flat(shortest: Line, longest: Line) -> Line:
    """How a page of the longest diary stands to the same page of the shortest."""
    return Line(
        what=f"{longest.what}, longest by shortest",
        size=longest.size,
        ratio=longest.figures["CPU ms"] / shortest.figures["CPU ms"],
        floor=f"the same at {shortest.size:,}",
        goal=FLAT,
    )
