"""The report as a page, which is its own preview and prints."""

from typing import Any

from django.http import HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from config.http import Request, render_page

from .. import collect
from . import drawing, wording
from .choices import DATES, WORDS_OFFERED, ReportForm
from .making import make
from .report import Part, Report, Words

RULED_LINES = 12  # drawn; the sheet shows as many as have room


@require_safe
def report(request: Request) -> HttpResponse:
    """The chosen report of the person's own diary; days that can't be refused in words."""
    moment = now()
    form = ReportForm(
        request.GET if "period" in request.GET else None, today=request.diary.today(moment)
    )
    if form.is_bound and not form.is_valid():
        context = {"form": form, "offered": (), "by_dates": form["period"].value() == DATES}
        return render_page(request, "insights/report.html", context, status=422)
    words = collect.words(request.user, *form.days)
    asked = form.asked(words)
    made = make(request.diary, asked, moment)
    context = {
        "form": form,
        "by_dates": form["period"].value() == DATES,
        "offered": _offered(words[:WORDS_OFFERED], asked.words),
        "choices": request.GET.urlencode() if form.is_bound else "",
        **sheet(made),
    }
    return render_page(request, "insights/report.html", context)


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
        "day_key": wording.day_key(made, daily=timeline.daily),
        "totals": wording.totals(made),
        "bodies": drawing.bodies(made.places),
        "box": drawing.BOX,
        "every_place": wording.every_place(made),
        "within": wording.within(made),
        "answered_on": wording.answered_on(made),
        "signs": wording.sign_rows(made),
        "medicines": wording.medicines(made),
        "factors": made.factors,
        "factor_basis": wording.factor_basis(made.factors) if made.factors else "",
        "factor_rows": wording.factor_rows(made.factors) if made.factors else (),
        "lines": range(RULED_LINES),
    }


def _offered(words: tuple[Words, ...], chosen: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"said": said, "chosen": said.key in chosen} for said in words]
