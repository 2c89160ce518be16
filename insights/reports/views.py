"""The report as a page, which is its own preview and prints."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotFound, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.http import Request, SeeOther, render_page
from diary import bodies

from .. import collect
from ..models import ReportFile
from . import drawing, fhir, files, wording
from .choices import DATES, WORDS_OFFERED, ReportForm
from .making import kept, make
from .report import Part, Report, Words

RULED_LINES = 12  # drawn; the sheet shows as many as have room


def _chosen(request: Request, said: QueryDict, moment: datetime) -> ReportForm:
    """The form with what was chosen; without a choice, as it is offered."""
    return ReportForm(said if "period" in said else None, today=request.diary.today(moment))


@require_safe
def report(request: Request) -> HttpResponse:
    """The chosen report of the person's own diary; days that can't be refused in words."""
    moment = timezone.now()
    form = _chosen(request, request.GET, moment)
    if form.is_bound and not form.is_valid():
        return _refused(request, form)
    words = collect.words(request.user, *form.days)
    asked = form.asked(words)
    made = make(request.diary, asked, moment)
    context = {
        "form": form,
        "by_dates": form["period"].value() == DATES,
        "offered": _offered(words[:WORDS_OFFERED], asked.words),
        "choices": request.GET.urlencode() if form.is_bound else "",
        "chosen": [(name, value) for name, values in request.GET.lists() for value in values]
        if form.is_bound
        else (),
        **sheet(made),
    }
    return render_page(request, "insights/report.html", context)


@require_safe
def document(request: Request) -> HttpResponse:
    """The chosen report as a FHIR document; made at once, for a year takes less than a second."""
    moment = timezone.now()
    form = _chosen(request, request.GET, moment)
    if form.is_bound and not form.is_valid():
        return _refused(request, form)
    asked = form.asked(collect.words(request.user, *form.days))
    maker = fhir.Maker(
        settings.SITE_NAME,
        settings.VERSION,
        get_language() or settings.LANGUAGE_CODE,
        snomed=settings.SNOMED,
    )
    made = make(request.diary, asked, moment)
    sample = "-SAMPLE" if made.sample else ""
    return HttpResponse(
        fhir.encoded(fhir.document(made, kept(request.diary, asked, moment), maker)),
        content_type="application/fhir+json",
        headers={
            "Content-Disposition": (
                f'attachment; filename="ebb-report{sample}-{made.today.isoformat()}.json"'
            ),
            "Cache-Control": "no-store",
        },
    )


@require_POST
def file_ask(request: Request) -> HttpResponse:
    """Have the chosen report made as a PDF; what can't be chosen is said on the report's page."""
    moment = timezone.now()
    form = _chosen(request, request.POST, moment)
    if form.is_bound and not form.is_valid():
        return _refused(request, form)
    asked = form.asked(collect.words(request.user, *form.days))
    return SeeOther("report-file", files.ask(request.user, asked, moment).uuid)


@never_cache
@require_safe
def file_wait(request: Request, uuid: UUID) -> HttpResponse:
    """How far the PDF is; the page asks again by itself until it can be fetched."""
    context = {"file": _own_file(request, uuid, timezone.now())}
    return render_page(request, "insights/report_file.html", context, part="state")


@require_safe
def file_get(request: Request, uuid: UUID) -> HttpResponse:
    """The PDF itself, kept by no cache."""
    file = _own_file(request, uuid, timezone.now())
    if file.data is None:
        return HttpResponseNotFound()
    day = file.made_at.date().isoformat() if file.made_at else ""
    sample = "SAMPLE-" if request.diary.is_sample else ""
    return HttpResponse(
        bytes(file.data),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="ebb-report-{sample}{day}.pdf"',
            "Cache-Control": "no-store",
        },
    )


def _refused(request: Request, form: ReportForm) -> HttpResponse:
    """The page with what was typed, and in words why there is no report of it."""
    context = {"form": form, "offered": (), "by_dates": form["period"].value() == DATES}
    return render_page(request, "insights/report.html", context, status=422)


def _own_file(request: Request, uuid: UUID, moment: datetime) -> ReportFile:
    mine = ReportFile.objects.of(request.user).kept(moment)
    found: ReportFile = get_object_or_404(mine, uuid=uuid)
    return found


def sheet(made: Report) -> dict[str, Any]:
    """What the sheet of a report shows."""
    timeline = drawing.timeline(made.days, made.weeks)
    return {
        "report": made,
        "parts": {part.name.lower(): part in made.parts for part in Part},
        "span": wording.span(made),
        "few": wording.few(made),
        "in_short": wording.in_short(made),
        "timeline": timeline,
        "day_key": wording.day_key(timeline),
        "totals": wording.totals(made),
        "bodies": bodies.bodies(wording.by_place(made), clinical=True),
        "box": bodies.BOX,
        "sides_at": bodies.SIDES_AT,
        "every_place": wording.every_place(made),
        "within": wording.within(made),
        "answered_on": wording.answered_on(made),
        "signs": wording.sign_rows(made),
        "medicines": wording.medicines(made),
        "full": wording.is_full(made),
        "long": wording.is_long(made),
        "tall": wording.is_tall(made),
        "medicines_run_on": len(made.medicines) > wording.MEDICINES_LISTED,
        "factors": made.factors,
        "factor_basis": wording.factor_basis(made),
        "factor_rows": wording.factor_rows(made.factors) if made.factors else (),
        "lines": range(RULED_LINES),
    }


def _offered(words: tuple[Words, ...], chosen: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"said": said, "chosen": said.key in chosen} for said in words]
