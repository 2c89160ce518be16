"""Bringing a diary in: a file is read by a worker, looked over, taken in, and can be undone."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.http import Request, SeeOther, render_page
from diary.amounts import summary
from diary.factors import OPTIONAL
from diary.forms.imports import ColumnsForm, EncodingForm, ImportForm, NamesForm
from diary.imports import work
from diary.imports.undo import undo
from diary.kinds import KIND_NAMES, NoteKind
from diary.models import Batch, Diary
from diary.places import PLACES
from diary.shown import clock_text


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request) -> HttpResponse:
    """Take a file, and list those that came before."""
    if request.method != "POST":
        return _list(request, ImportForm())
    files = request.FILES  # the upload is read here, and says then whether it was too large
    form = ImportForm(request.POST, files, too_large=getattr(request, "file_too_large", False))
    if not form.is_valid():
        return _list(request, form, status=422)
    uuid = form.cleaned_data["form"]
    pieces = form.cleaned_data["file"].chunks(work.PIECE)
    work.ask(request.user, uuid, form.name, pieces, timezone.now())
    return SeeOther("import-file", uuid)


@require_safe
def import_file(request: Request, uuid: UUID) -> HttpResponse:
    """Show how far a file is, and what would come of it or what came of it."""
    batch = _batch(request, uuid)
    rows = [_row(shown, request.diary) for shown in batch.shown]
    context = {"batch": batch, "counts": _counted(batch), "rows": rows}
    return render_page(request, "diary/import_file.html", context, part="state")


@require_http_methods(["GET", "HEAD", "POST"])
def import_answer(request: Request, uuid: UUID) -> HttpResponse:
    """Ask what only the person can tell of a file, and keep the answer."""
    batch = _batch(request, uuid)
    if batch.state != Batch.State.ASKING:
        return SeeOther("import-file", uuid)
    about, now = batch.asks["about"], timezone.now()
    form = _question(batch, request.diary, request.POST if request.method == "POST" else None, now)
    if form.is_bound and form.is_valid():
        work.answer(batch, about, form.answer)
        return SeeOther("import-file", uuid)
    context = {"batch": batch, "form": form, "about": about}
    status = 422 if form.is_bound else 200
    return render_page(request, "diary/import_answer.html", context, status=status)


@require_POST
def import_reconsider(request: Request, uuid: UUID) -> HttpResponse:
    """Ask about a file anew."""
    work.reconsider(_batch(request, uuid))
    return SeeOther("import-file", uuid)


@require_POST
def import_take(request: Request, uuid: UUID) -> HttpResponse:
    """Take the file in; a worker does it."""
    work.want(_batch(request, uuid))
    return SeeOther("import-file", uuid)


@require_POST
def import_undo(request: Request, uuid: UUID) -> HttpResponse:
    """Take out again what came with a file."""
    stay = undo(_batch(request, uuid), timezone.now())
    if stay:
        messages.info(
            request,
            ngettext(
                "%(count)s entry was changed since and stays.",
                "%(count)s entries were changed since and stay.",
                stay,
            )
            % {"count": stay},
        )
    return SeeOther("import-file", uuid)


def _question(
    batch: Batch, diary: Diary, data: Any, now: datetime
) -> EncodingForm | ColumnsForm | NamesForm:
    """The form for what the file waits for, filled with what was said before."""
    asks = batch.asks
    earlier = work.said_before(batch, asks["about"])
    if asks["about"] == "encoding":
        return EncodingForm(data, initial={"encoding": earlier}, auto_id="%s")
    if asks["about"] == "columns":
        return ColumnsForm(data, asks["columns"], earlier, asks["month_first"])
    return NamesForm(data, asks["names"], earlier, work.target_of(diary, now))


def _batch(request: Request, uuid: UUID) -> Batch:
    found: Batch = get_object_or_404(
        Batch.objects.of(request.user).select_related("owner"), uuid=uuid
    )
    return found


def _list(request: Request, form: ImportForm, status: int = 200) -> HttpResponse:
    earlier = Batch.objects.of(request.user).order_by("-created_at", "-pk")
    context = {"form": form, "earlier": earlier}
    return render_page(request, "diary/import.html", context, status=status)


def _counted(batch: Batch) -> list[str]:
    """What stands in the file, or what was new in it, each in words."""
    counts = batch.counts.get("new", batch.counts)
    words = {
        "notes": lambda count: ngettext("%(count)s note", "%(count)s notes", count),
        "days": lambda count: ngettext("%(count)s day", "%(count)s days", count),
        "checks": lambda count: ngettext(
            "%(count)s symptoms check", "%(count)s symptoms checks", count
        ),
        "medicines": lambda count: ngettext(
            "%(count)s medicine or supplement", "%(count)s medicines or supplements", count
        ),
        "breaks": lambda count: ngettext("%(count)s break", "%(count)s breaks", count),
    }
    said = [
        say(count) % {"count": count} for key, say in words.items() if (count := counts.get(key))
    ]
    if filled := batch.counts.get("filled"):
        said.append(
            ngettext(
                "blanks filled on %(count)s day that was there",
                "blanks filled on %(count)s days that were there",
                filled,
            )
            % {"count": filled}
        )
    return said


def _row(shown: dict[str, Any], diary: Diary) -> dict[str, Any]:
    """A row of the preview: its day, what it is, and its words."""
    row: dict[str, Any] = {"day": date.fromisoformat(shown["day"]), "words": shown["words"]}
    if "place" in shown:
        start = shown["started_at"]
        zone = ZoneInfo(shown["zone"])
        clock = diary.clock
        time = clock_text(datetime.fromisoformat(start).astimezone(zone), clock) if start else ""
        kind = "" if shown["kind"] == NoteKind.TWITCH else KIND_NAMES[NoteKind(shown["kind"])]
        what = " · ".join(filter(None, (PLACES[shown["place"]].name, str(kind))))
        return row | {"what": what, "time": time}
    factors = diary.ever_noted | OPTIONAL
    known = summary(shown["values"], factors, diary.units)
    what = "; ".join(filter(None, (_("Clear day") if shown["clear"] else "", known)))
    return row | {"what": what or _("Words of the day"), "time": ""}
