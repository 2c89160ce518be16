"""The person's answers to suggestions, and the list of what was suggested to them."""

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.http import Request, SeeOther, came_from, render_page
from insights.knowledge.library import library
from insights.models import Answer, Suggested
from insights.suggested import put_aside


@require_POST
def suggestion(request: Request, passage: str) -> HttpResponse:
    """Take the person's answer to a suggestion; it can be taken back from the same place."""
    known = {tip.id for tip in library().passages if tip.ease}
    said = request.POST.get("answer", "")
    if passage not in known or said not in Answer.values:
        raise Http404
    answer = Answer(said)
    put_aside(request.user, passage, answer, timezone.now())
    messages.success(
        request,
        {
            Answer.NONE: _("It is back among what may be suggested."),
            Answer.TRIED: _("Put aside as tried."),
            Answer.NOT_FOR_ME: _("Put aside. It is not suggested again."),
            Answer.LATER: _("Put aside for four weeks."),
        }[answer],
    )
    return SeeOther(came_from(request, "suggestions"))


@require_safe
def suggestions(request: Request) -> HttpResponse:
    """Everything that was suggested to this person, and what they put aside."""
    passages = {tip.id: tip for tip in library().passages}
    moment = timezone.now()
    resting = set(Suggested.objects.of(request.user).aside(moment).values_list("pk", flat=True))
    rows = [
        {
            "row": row,
            "passage": passages[row.passage],
            "topic": library().topic_of(passages[row.passage]),
            "is_aside": row.pk in resting,
        }
        for row in Suggested.objects.of(request.user).order_by(
            F("last_shown").desc(nulls_last=True), "passage"
        )
        if row.passage in passages
    ]
    context = {
        "aside": [row for row in rows if row["is_aside"]],
        "shown": [row for row in rows if not row["is_aside"]],
    }
    return render_page(request, "insights/suggestions.html", context)
