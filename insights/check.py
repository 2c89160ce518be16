"""What the answers of a symptoms check ask for: one card with its sources, and earlier answers."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from config.http import Request, render_page

from . import collect
from .knowledge.check import judge
from .knowledge.library import ADVICE, library, source_of


@require_safe
def check_answer(request: Request, uuid: UUID) -> HttpResponse:
    """One check: the card that fits, where that comes from, and how it was answered before."""
    answered = collect.check(request.user, uuid, now())
    if answered is None:
        raise Http404
    outcome = judge(answered.answers)
    context = {
        "check": answered,
        "outcome": outcome,
        "signs": [line for line in answered.lines if line.question.key in outcome.signs],
        "sources": sorted({source_of(claim) for claim in outcome.claims}),
        "topic": library().topic(ADVICE),
        "earlier": [other for other in collect.checks(request.user) if other.uuid != uuid],
    }
    return render_page(request, "insights/check.html", context)
