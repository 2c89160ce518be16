"""What the answers of a symptoms check ask for: one card with its sources, and earlier answers."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.http import Request, render_page
from insights import collect
from insights.knowledge.check import RULES, judge
from insights.knowledge.library import ADVICE, library, source_of


@require_safe
def check_answer(request: Request, uuid: UUID) -> HttpResponse:
    """One check: the card that fits, where that comes from, and how it was answered before."""
    found = collect.check(request.user, uuid, timezone.now())
    if found is None:
        raise Http404
    answered = found.answered
    outcome = judge(answered.answers)
    rules = outcome.rules or RULES  # without a sign: where all of the questions come from
    context = {
        "check": answered,
        "batch": found.batch,
        "outcome": outcome,
        "signs": [line for line in answered.lines if line.question.key in outcome.signs],
        "sources": sorted({source_of(claim) for rule in rules for claim in rule.claims}),
        "outside": list(dict.fromkeys(name for rule in rules for name in rule.outside)),
        "topic": library().topic(ADVICE),
        "earlier": [other for other in collect.checks(request.user) if other.uuid != uuid],
    }
    return render_page(request, "insights/check.html", context)
