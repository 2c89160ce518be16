"""Small experiments: what may be tried, the plan that was drawn, and what its days said."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from config.http import Request, SeeOther, came_from, render_page, wants_part
from diary import recording
from diary.forms.experiment import ExperimentForm
from diary.models import Experiment
from diary.plan import IDEAS, Idea, PlanDay
from insights import charts, wording
from insights.knowledge.library import Passage, Topic, library
from insights.models import GIVEN_UP_AFTER, ExperimentResult

# Which tip each idea comes from. No article gives an hour for the last coffee; that is our own.
TIP_OF = {
    "less-caffeine": "CAF1",
    "steady-sleep": "SLP1",
    "regular-drinks": "DRK1",
    "calm-moment": "STR1",
    "gentler-exercise": "MOV1",
}

IDEA_OF = {tip: idea for idea, tip in TIP_OF.items()}


@dataclass(frozen=True, slots=True)
class Offered:
    """An idea with the tip it comes from, if an article has one."""

    idea: Idea
    tip: Passage | None
    topic: Topic | None


@require_safe
def experiments(request: Request) -> HttpResponse:
    """What is under way, what was tried, and the ideas."""
    today = request.diary.today(timezone.now())
    mine = Experiment.objects.of(request.user).order_by("-first", "-pk")
    under_way = Experiment.objects.under_way(request.user, today)
    context = {
        "under_way": under_way,
        "has_begun": under_way and under_way.first <= today,
        "past": [one for one in mine if under_way is None or one.pk != under_way.pk],
        "offered": [_offered(idea) for idea in IDEAS.values()],
    }
    return render_page(request, "insights/experiments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def experiment_new(request: Request) -> HttpResponse:
    """Plan an experiment on one screen; the order of its parts is drawn when it is kept."""
    today = request.diary.today(timezone.now())
    if request.method != "POST":
        idea = IDEA_OF.get(request.GET.get("tip", ""), request.GET.get("idea", ""))
        return _form(request, ExperimentForm(today=today, idea=idea if idea in IDEAS else ""))
    form = ExperimentForm(request.POST, today=today)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        made = recording.start_experiment(
            request.user, form.cleaned_data["form"], form.text, timezone.now()
        )
    except recording.UnderWay:
        form.add_error(None, _("There is an experiment already. Another can start after it"))
        return _form(request, form, status=422)
    return SeeOther("experiment", made.uuid)


@require_safe
def experiment(request: Request, uuid: UUID) -> HttpResponse:
    """One experiment: its days, and what they said once they are over."""
    found = get_object_or_404(Experiment.objects.of(request.user), uuid=uuid)
    today = request.diary.today(timezone.now())
    under_way = Experiment.objects.under_way(request.user, today)
    days = found.plan.days()
    result = ExperimentResult.objects.of(request.user).filter(experiment=found).first()
    awaits_result = found.over(today) and not found.stopped_on and result is None
    behind = request.diary.version != request.diary.computed_version
    if wants_part(request):
        # The page asks whether its result has followed; then it loads itself anew, with charts.
        follows = behind or awaits_result
        return HttpResponse(status=204) if follows else HttpResponseClientRefresh()
    is_quiet = request.diary.quiet and "show" not in request.GET
    context = {
        "card": _card(found, result) if result and not is_quiet else None,
        "is_quiet": result and is_quiet,
        "awaits_result": awaits_result,
        "behind": behind,
        "given_up": request.diary.tries >= GIVEN_UP_AFTER,
        "experiment": found,
        "offered": _offered(found.tried),
        "is_over": found.over(today),
        "has_begun": found.first <= today,
        "days": [_line(found, day, today) for day in days],
        "can_resume": found.stopped_on and not found.over(today) and under_way is None,
    }
    return render_page(request, "insights/experiment.html", context)


def _card(found: Experiment, result: ExperimentResult) -> dict[str, Any]:
    """What its days said, as the cards of the weekly page say it."""
    said = result.tested
    names = _("With the change"), _("As usual")
    compared = said.estimate is not None
    return {
        "tested": said,
        "title": wording.tested_title(said),
        "days": wording.tested_days(said),
        "refusal": wording.missing(said.refusal) if said.refusal else "",
        "steps": wording.steps(said.level) if compared else (),
        "actual": charts.actual_days("experiment", said.split, names) if compared else None,
        "answers": (
            charts.twenty_answers("experiment", said.difference, _("days with the change"))
            if said.difference
            else None
        ),
        "worked_out": wording.tested_worked_out(said),
        "meaning": wording.TESTED_MEANING,
        "went_otherwise": len(found.otherwise),
    }


@require_POST
def experiment_stop(request: Request, uuid: UUID) -> HttpResponse:
    """End an experiment early."""
    found = get_object_or_404(Experiment.objects.of(request.user), uuid=uuid)
    recording.stop_experiment(found, timezone.now())
    messages.success(request, _("Stopped. What you kept still counts."))
    return SeeOther("experiment", uuid)


@require_POST
def experiment_resume(request: Request, uuid: UUID) -> HttpResponse:
    """Go on with an experiment that was stopped."""
    found = get_object_or_404(Experiment.objects.of(request.user), uuid=uuid)
    try:
        recording.resume_experiment(found, timezone.now())
    except recording.UnderWay:
        messages.info(request, _("There is an experiment already. Another can start after it."))
    return SeeOther("experiment", uuid)


@require_POST
def experiment_day(request: Request, uuid: UUID, day: date) -> HttpResponse:
    """Say that a day went the other way, or take that back."""
    found = get_object_or_404(Experiment.objects.of(request.user), uuid=uuid)
    went = request.POST.get("went", "otherwise")
    moment = timezone.now()
    if found.day(day) is None or day > request.diary.today(moment):
        raise Http404
    if went not in ("planned", "otherwise"):
        raise Http404
    recording.say_how_a_day_went(found, day, moment, otherwise=went == "otherwise")
    return SeeOther(came_from(request, "today"))


@dataclass(frozen=True, slots=True)
class Line:
    """A day of a plan as its page shows it."""

    planned: PlanDay
    begins_part: bool
    is_today: bool
    can_change: bool


def _line(found: Experiment, day: PlanDay, today: date) -> Line:
    return Line(
        day,
        begins_part=not day.counts,
        is_today=day.day == today,
        can_change=found.day(day.day) is not None and day.day <= today,
    )


def _offered(idea: Idea) -> Offered:
    tips = {tip.id: tip for tip in library().passages}
    tip = tips.get(TIP_OF.get(idea.key, ""))
    return Offered(idea, tip, library().topic_of(tip) if tip else None)


def _form(request: Request, form: ExperimentForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "offered": {key: _offered(idea) for key, idea in IDEAS.items()}}
    return render_page(request, "insights/experiment_new.html", context, status=status)
