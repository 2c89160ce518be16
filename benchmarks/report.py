"""The report for a doctor at a year of entries: its page over HTTP, its PDF in a worker."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

from django.conf import settings
from reportlab.pdfgen.canvas import Canvas

from benchmarks import people
from benchmarks.measures import Asked, Line, cpu_of, in_turn
from benchmarks.pages import beside
from benchmarks.server import Visitor, running
from diary.models import Diary, User
from insights import compute
from insights.reports import pdf
from insights.reports.making import make
from insights.reports.report import Asked as Wanted
from insights.reports.report import Part, Report

A_DAY = 8  # twitches
SIX_WEEKS, YEAR = 42, 365  # days


def lines(asked: Asked) -> Iterator[Line]:
    """The page and the PDF, of the usual six weeks and of the whole year."""
    person = people.even("reported", YEAR, A_DAY, asked.now.date())
    compute.recompute(person.pk, asked.now)
    session = people.session_of(person)
    with running(asked.environment, settings.SESSION_COOKIE_NAME) as served:
        visitor = Visitor(served, session)
        for name, days in (("six weeks", SIX_WEEKS), ("a year", YEAR)):
            yield _page(name, days, visitor, asked)
    for name, days in (("six weeks", SIX_WEEKS), ("a year", YEAR)):
        yield _file(name, days, person, asked)


def _page(name: str, days: int, visitor: Visitor, asked: Asked) -> Line:
    last = asked.now.date() - timedelta(days=1)
    chosen = {
        "period": "dates",
        "first": last - timedelta(days=days - 1),
        "last": last,
        "part": [part.value for part in Part],
    }
    address = f"/report/?{urlencode(chosen, doseq=True)}"
    floor = ("a bare view", lambda: visitor.ask("/bare/"))
    steps = {A_DAY * days: lambda: visitor.ask(address)}
    (line,) = beside(f"report page, {name}", steps, floor, asked.rounds)
    return line


def _file(name: str, days: int, person: User, asked: Asked) -> Line:
    """Collecting, and drawing, beside a page of as many letters without a structure."""
    diary = Diary.objects.select_related("owner").get(owner=person)
    last = asked.now.date() - timedelta(days=1)
    wanted = Wanted(last - timedelta(days=days - 1), last, frozenset(Part))

    def collected() -> Report:
        return make(diary, wanted, asked.now)

    report = collected()
    data = _drawn(report)
    collecting, drawing, bare = in_turn(
        (
            lambda: cpu_of(collected),
            lambda: cpu_of(lambda: _drawn(report)),
            lambda: cpu_of(_bare_page),
        ),
        asked.rounds,
    )
    return Line(
        f"report PDF, {name}",
        A_DAY * days,
        {"collect ms": 1e3 * collecting, "draw ms": 1e3 * drawing, "kB": len(data) / 1e3},
        drawing / bare,
        "a bare page in the same fonts",
    )


def _drawn(report: Report) -> bytes:
    return pdf.pdf(report, site="Ebb", language="en-gb")


def _bare_page() -> bytes:
    """Lines of text, and the fonts embedded: what any PDF of a page costs."""
    out = BytesIO()
    canvas = Canvas(out, initialFontName=pdf.PLAIN)
    for n in range(60):
        canvas.setFont((pdf.PLAIN, pdf.BOLD)[n % 2], 8.6)
        canvas.drawString(
            34, 800 - 12 * n, f"{n} The quick brown fox jumps over the lazy dog. " * 2
        )
    canvas.save()
    return out.getvalue()
