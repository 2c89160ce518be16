"""Learn and medical advice: general pages that hold nothing of anyone's diary."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .knowledge.library import ADVICE, OPENING, library

# A person who looks for advice should not have to make an account first.


@login_not_required
@require_safe
def learn(request: HttpRequest) -> HttpResponse:
    """The topics, after a few sentences on twitching in general."""
    topics = [topic for topic in library().topics if topic.slug != OPENING]
    context = {"opening": library().topic(OPENING), "topics": topics}
    return render(request, "insights/learn.html", context)


@login_not_required
@require_safe
def learn_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic: what the articles say, what one could try, and what a diary can show."""
    topic = library().topic(slug)
    if topic is None or slug == OPENING:
        raise Http404
    return render(request, "insights/learn_topic.html", {"topic": topic})


@login_not_required
@require_safe
def advice(request: HttpRequest) -> HttpResponse:
    """When to get medical advice: three cards, calm to urgent."""
    passages = {passage.id: passage for passage in library().passages}
    context = {
        "topic": library().topic(ADVICE),
        "in_short": passages["advice-in-short"],
        "plan": passages["advice-plan"],
        "soon": passages["advice-soon"],
        "now": passages["advice-now"],
    }
    return render(request, "insights/advice.html", context)
