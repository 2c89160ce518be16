"""What a first visit and a later one bring: the page, and the files that it names."""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

from benchmarks import people
from benchmarks.measures import Asked, Line
from benchmarks.server import Answer, Visitor, running
from insights import compute

COMPRESSED = {"Accept-Encoding": "gzip"}
PAGE, FIRST, LIBRARY = 15.0, 60.0, 400.0  # kB
FILES = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:css|js))"')
LATER = re.compile(r'data-library="(/static/[^"]+)"')  # fetched when a chart comes into view


def lines(asked: Asked) -> Iterator[Line]:
    """Kilobytes as they are sent, of Today and of a week."""
    size, today = max(asked.sizes), asked.now.date()
    person = people.person("visits", size, today)
    compute.recompute(person.pk, asked.now)
    week = f"/insights/{today - timedelta(days=7):%G-w%V}/"
    with running(asked.environment, settings.SESSION_COOKIE_NAME) as served:
        visitor = Visitor(served, people.session_of(person))
        plain = visitor.ask(week).body.decode()
        for name, path in (("Today", "/today/"), ("a week", week)):
            page = visitor.ask(path, headers=COMPRESSED)
            files = _files(visitor, visitor.ask(path).body.decode())
            sent, wall = page.body, page.wall + sum(file.wall for file in files)
            first = (len(sent) + sum(len(file.body) for file in files)) / 1000
            yield _line(f"{name}, first visit", size, first, FIRST, files=len(files), ms=1e3 * wall)
            yield _line(f"{name}, later", size, len(sent) / 1000, PAGE, files=0, ms=1e3 * page.wall)
        library = visitor.ask(LATER.findall(plain)[0], headers=COMPRESSED)
        yield _line("the library of the charts", size, len(library.body) / 1000, LIBRARY)


def _files(visitor: Visitor, html: str) -> list[Answer]:
    """Every style sheet and script that the page names; none of them names another."""
    files = [visitor.ask(path, headers=COMPRESSED) for path in dict.fromkeys(FILES.findall(html))]
    if any("immutable" not in file.headers["cache-control"] for file in files):
        raise RuntimeError("a file is asked for again")
    return files


def _line(what: str, size: int, kilobytes: float, most: float, **about: float) -> Line:
    return Line(what, size, {"kB": kilobytes, **about}, kilobytes / most, f"{most:g} kB", 1.0)
