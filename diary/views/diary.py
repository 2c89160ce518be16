"""The diary: a calendar of some weeks, and what was kept in them, newest first."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.http import Request, render_page
from diary import bodies, kept
from diary.calendar import DAY, Cell, Kind, Row, Span, rows, runs, tally
from diary.days import FIRST_DAY
from diary.filters import KIND_NAMES, Filter
from diary.leaf import IN_LIST, TOLD, Leaf, leaf, week_in_words
from diary.models import Diary
from diary.places import PLACES, REGIONS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: a day with something on it, or days in a row with nothing."""

    kind: Kind
    days: Sequence[date]  # oldest first
    leaf: Leaf | None
    explains: bool = False  # the first blank one says that blank is fine


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the list."""

    first: date
    name: str
    in_words: str
    entries: Sequence[Entry]


@require_safe
def diary(request: Request) -> HttpResponse:
    """Show six weeks, the newest unless others are asked for."""
    now = timezone.now()
    today = request.diary.today(now)
    wanted = read_filter(request, today)
    span, stands = _read(request, wanted, today, now)
    begins = stands.begins

    def cell(day: date) -> Cell:
        found = stands.on(day)
        return Cell(day, found.kind, len(found.twitches), day == today)

    calendar = rows(span, today, cell)
    context = {
        "name": _span_name(span, today),
        "earlier_url": _url(replace(wanted, to=span.earlier)) if span.earlier else None,
        "later_url": _url(replace(wanted, to=_past(span.later, today))) if span.later else None,
        "all_url": _url(Filter(to=wanted.to)),
        "where_url": _url(Filter(to=wanted.to), "where"),
        "weekdays": [
            (WEEKDAYS_ABBR[day][:2], WEEKDAYS[day])
            for day in ((request.diary.week_start + number) % 7 for number in range(7))
        ],
        "calendar": calendar,
        "has_break": bool(stands.breaks),
        "weeks": list(_weeks(calendar, stands, request.diary, wanted, begins)),
        "is_empty": begins is None,
        "removed": stands.removed[:TOLD],
        "more_removed": len(stands.removed) > TOLD,
        "wanted": wanted,
        "yesterday": today - DAY,
        "regions": REGIONS,
        "kinds": KIND_NAMES.items(),
    }
    return render_page(request, "diary/diary.html", context)


@require_safe
def where(request: Request) -> HttpResponse:
    """Show how often each place was noted in these weeks, on the figures and as a table."""
    now = timezone.now()
    today = request.diary.today(now)
    wanted = Filter(to=read_filter(request, today).to)
    span, stands = _read(request, wanted, today, now)
    notes: Counter[str] = Counter()
    on_days: Counter[str] = Counter()
    for day in stands.notes:
        if span.first <= day <= span.last:
            places = [note.place for note in stands.on(day).twitches]
            notes.update(places)
            on_days.update(set(places))
    context = {
        "name": _span_name(span, today),
        "diary_url": _url(wanted),
        "earlier_url": _url(Filter(to=span.earlier), "where") if span.earlier else None,
        "later_url": _url(Filter(to=_past(span.later, today)), "where") if span.later else None,
        "bodies": bodies.bodies(notes, clinical=False),
        "box": bodies.BOX,
        "sides_at": bodies.SIDES_AT,
        "places": [
            (PLACES[place].name, count, on_days[place]) for place, count in notes.most_common()
        ],
    }
    return render_page(request, "diary/where.html", context)


def _read(request: Request, wanted: Filter, today: date, now: datetime) -> tuple[Span, kept.Kept]:
    """The weeks that are asked for, and what was kept in them."""
    starts = request.diary.week_start
    widest = Span.ending(wanted.to or today, today, FIRST_DAY, starts)
    stands = kept.between(request.user, widest.first, widest.last, now, with_beginning=True)
    return Span.ending(wanted.to or today, today, stands.begins, starts), stands


def read_filter(request: Request, today: date) -> Filter:
    """The filter in the address; any other than those the page offers is not found."""
    try:
        return Filter.read(request.GET, today)
    except ValueError as unknown:
        raise Http404("No such place, kind or day.") from unknown


def _url(wanted: Filter, page: str = "diary") -> str:
    query = wanted.query_with_day
    return f"{reverse(page)}?{query}" if query else reverse(page)


def _past(day: date, today: date) -> date | None:
    """The day, unless it is today: the newest weeks need none in their address."""
    return day if day < today else None


def _span_name(span: Span, today: date) -> str:
    if span.later is None:
        if span.first == today:
            return _("This week")
        return _("%(first)s to today") % {"first": _named(span.first, today)}
    return _("%(first)s to %(last)s") % {
        "first": date_format(span.first, "DAY"),
        "last": _named(span.last, today),
    }


def _week_name(first: date, last: Cell) -> str:
    """16 to 22 November, 30 November to 6 December, or 23 November to today."""
    if last.today:
        return _("%(first)s to today") % {"first": date_format(first, "DAY")}
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, "DAY_ONLY" if first.month == last.day.month else "DAY"),
        "last": date_format(last.day, "DAY"),
    }


def _named(day: date, today: date) -> str:
    """The day, with its year where that is not plain."""
    return date_format(day, "DAY" if (today - day).days < 300 else "DAY_AND_YEAR")


def _weeks(
    calendar: Sequence[Row],
    stands: kept.Kept,
    diary: Diary,
    wanted: Filter,
    begins: date | None,
) -> Iterator[Week]:
    """The weeks that have anything to show, newest first."""
    explained = False
    for row in reversed(calendar):
        cells = [cell for cell in row.kept if begins and cell.day >= begins]
        entries = []
        for entry in _entries(cells, stands, diary, wanted):
            explains = entry.kind is Kind.BLANK and not explained
            explained |= explains
            entries.append(Entry(entry.kind, entry.days, entry.leaf, explains))
        if entries:
            words = "" if wanted.narrows or diary.quiet else week_in_words(tally(cells))
            yield Week(row.first, _week_name(row.first, cells[-1]), words, entries)


def _entries(
    cells: Sequence[Cell], stands: kept.Kept, diary: Diary, wanted: Filter
) -> Iterator[Entry]:
    shown = [
        cell
        for cell in cells
        if not (cell.today and cell.kind is Kind.BLANK and not stands.on(cell.day).notes)
    ]
    leaves = {
        cell.day: leaf(stands.on(cell.day), diary, wanted.places, at_most=IN_LIST) for cell in shown
    }

    def speaks(day: date) -> bool:
        return bool(leaves[day].notes or leaves[day].has_words or leaves[day].clear)

    for kind, members in runs(reversed(shown), alone=speaks):
        first = leaves[members[0].day]
        if wanted.show not in (None, kind) or (wanted.place and not first.notes):
            continue
        days = sorted(member.day for member in members)
        yield Entry(kind, days, first if speaks(first.day) else None)
