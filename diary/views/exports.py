"""The diary as files, and the page that says what is in them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.accounts import asked_again
from config.http import Request, render_page
from diary import kept
from diary.exports.archive import archive, sheets
from diary.exports.csv import HOW_WRITTEN, Value, stream
from diary.exports.more import more_tables
from diary.exports.rows import (
    CHECK_COLUMNS,
    MEDICINE_COLUMNS,
    Column,
    check_rows,
    day_columns,
    day_rows,
    medicine_rows,
    note_columns,
    note_rows,
)
from diary.factors import Factor
from diary.filters import KIND_NAMES, Filter
from diary.models import User
from diary.places import REGIONS

from .diary import read_filter


@require_safe
def export(request: Request) -> HttpResponse:
    """Offer the files, with the meaning of each column."""
    today = request.diary.today(timezone.now())
    wanted = read_filter(request, today)
    context = {
        "wanted": wanted,
        "query": f"?{wanted.query}" if wanted.query else "",
        "sheets": sheets(request.diary, today),
        "more_tables": more_tables().values(),
        "regions": REGIONS,
        "kinds": KIND_NAMES.items(),
        "how_written": HOW_WRITTEN,
    }
    return render_page(request, "diary/export.html", context)


@require_safe
def notes_csv(request: Request) -> StreamingHttpResponse:
    """Each note as a row."""
    return _filtered(request, "notes", note_columns, note_rows)


@require_safe
def days_csv(request: Request) -> StreamingHttpResponse:
    """Each day as a row, blank days too."""
    return _filtered(request, "days", day_columns, day_rows)


@require_safe
def checks_csv(request: Request) -> StreamingHttpResponse:
    """Each symptoms check as a row."""
    today = request.diary.today(timezone.now())
    last = read_filter(request, today).to or today
    return _file(request, "checks", last, CHECK_COLUMNS, check_rows(request.user, last))


@require_safe
def medicines_csv(request: Request) -> StreamingHttpResponse:
    """Each medicine and supplement as a row."""
    today = request.diary.today(timezone.now())
    return _file(request, "medicines", today, MEDICINE_COLUMNS, medicine_rows(request.user))


@require_safe
@asked_again(then="export")
def everything_zip(request: Request) -> StreamingHttpResponse:
    """All tables, the settings and what they mean, in one file."""
    today = request.diary.today(timezone.now())
    sample = "-SAMPLE" if request.diary.is_sample else ""
    name = f"ebb-everything{sample}-{today.isoformat()}.zip"
    return StreamingHttpResponse(
        archive(request.diary, today),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def more_csv(request: Request, key: str) -> StreamingHttpResponse:
    """A table that another part of Ebb keeps."""
    table = more_tables().get(key)
    if table is None:
        raise Http404
    today = request.diary.today(timezone.now())
    last = read_filter(request, today).to or today
    return _file(request, key, last, table.columns, table.rows(request.user, last))


def _filtered(
    request: Request,
    what: str,
    columns_of: Callable[[Mapping[str, Factor]], Sequence[Column]],
    rows_of: Callable[[User, Filter, date, Sequence[Column]], Iterator[Sequence[Value]]],
) -> StreamingHttpResponse:
    """A table of what the filters of the diary let through; its name says what is left out."""
    today = request.diary.today(timezone.now())
    wanted = read_filter(request, today)
    last = wanted.to or today
    columns = columns_of(request.diary.ever_noted)
    name = "-".join(filter(None, (what, wanted.place, wanted.show)))
    return _file(request, name, last, columns, rows_of(request.user, wanted, last, columns))


def _file(
    request: Request,
    what: str,
    last: date,
    columns: Sequence[Column],
    rows: Iterator[Sequence[Value]],
) -> StreamingHttpResponse:
    first = kept.begins(request.user)
    parts = ["ebb", what, *(["SAMPLE"] if request.diary.is_sample else [])]
    if first and first < last:
        parts += [first.isoformat(), "to"]
    name = "-".join([*parts, last.isoformat()])
    return StreamingHttpResponse(
        stream([column.name for column in columns], rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
