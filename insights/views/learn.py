"""Learn and medical advice: what the articles say, and beside it what one's own diary shows."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from config.http import Request, same_for_everybody
from diary.days import Week
from diary.models import User
from insights import wording
from insights.analysis.results import WeekReport
from insights.knowledge.library import ADVICE, OPENING, Outcome, Topic, library
from insights.ledger import Entry, Verdict, enough_on, ledger
from insights.models import WeekSummary

# The factors of a diary that a topic is about.
TOPIC_FACTORS = {
    "coffee-and-caffeine": ("caffeine",),
    "sleep": ("sleep", "sleep-quality"),
    "stress": ("stress",),
    "drinking-enough": ("hydration", "electrolytes"),
    "exercise-and-rest": ("exercise", "exertion"),
    "food-and-minerals": ("magnesium",),
}
# What the latest week says about a topic that is no factor.
TOPIC_SAID: dict[str, Callable[[WeekReport], str]] = {
    "medicines": wording.courses,
    "twitch-cramp-or-tremor": wording.apart,
}
VERDICTS = {
    Verdict.FITS: gettext_lazy("Fits your diary"),
    Verdict.HINT: gettext_lazy("A hint that fits"),
    Verdict.NOT_SUPPORTED: gettext_lazy("Your diary does not show it"),
    Verdict.OPPOSITE: gettext_lazy("Your diary shows the opposite"),
    Verdict.CANNOT_TELL: gettext_lazy("Cannot tell yet"),
    Verdict.NOT_NOTED: gettext_lazy("You do not note this"),
    Verdict.NOT_TESTABLE: gettext_lazy("Not something a diary can show"),
}

# A person who looks for advice should not have to make an account first.


@login_not_required
@require_safe
@same_for_everybody
def learn(request: HttpRequest) -> HttpResponse:
    """The topics, after a few sentences on twitching in general."""
    topics = [topic for topic in library().topics if topic.slug != OPENING]
    context = {"opening": library().topic(OPENING), "topics": topics}
    return render(request, "insights/learn.html", context)


@login_not_required
@require_safe
@same_for_everybody
def learn_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic: what the articles say, what one could try, and what a diary can show."""
    topic = library().topic(slug)
    if topic is None or slug == OPENING:
        raise Http404
    context: dict[str, Any] = {"topic": topic}
    if request.user.is_authenticated:
        context |= _beside(topic, request.user)
    return render(request, "insights/learn_topic.html", context)


def _beside(topic: Topic, owner: User) -> dict[str, Any]:
    """What this person's diary says about the factors of a topic."""
    factors = TOPIC_FACTORS.get(topic.slug, ())
    report = _latest(owner) if factors or topic.slug in TOPIC_SAID else None
    if report is None:
        return {}
    found = [finding for finding in report.findings if finding.factor in factors]
    return {
        "week": Week.of(report.first),
        "said": TOPIC_SAID[topic.slug](report) if topic.slug in TOPIC_SAID else "",
        "findings": [
            {
                "factor": finding.factor,
                "name": wording.name(finding),
                "told": wording.in_short(finding),
                "reverse": wording.reverse(finding),
            }
            for finding in found
        ],
    }


@require_safe
def claims(request: Request) -> HttpResponse:
    """What the articles say and a diary could show, beside what this one shows."""
    report = _latest(request.user)
    lines = [
        {
            "statement": entry.statement,
            "verdict": entry.verdict.value,
            "name": VERDICTS[entry.verdict],
            "told": _told(entry, report),
            "factor": entry.finding.factor if entry.finding else "",
        }
        for entry in ledger(library().ledger, report)
    ]
    context = {"lines": lines, "week": Week.of(report.first) if report else None}
    return render(request, "insights/claims.html", context)


def _latest(owner: User) -> WeekReport | None:
    """The latest finished week of a diary, if there is one."""
    finished = WeekSummary.objects.of(owner).finished().order_by("-year", "-number")
    summary = finished.first()
    return summary.report if summary else None


def _told(entry: Entry, report: WeekReport | None) -> str:
    """What stands beside a statement: the finding with its range, or what is missing."""
    finding = entry.finding
    if entry.verdict is Verdict.NOT_TESTABLE:
        return entry.statement.why_not
    if report is None:
        return _("It takes a finished week, and then enough days that you kept.")
    if finding is None:
        return _("It can be switched on under What you note.")
    lengths = entry.statement.outcome is Outcome.LENGTH
    said = wording.lasting(finding) if lengths else wording.in_short(finding)
    if entry.verdict is not Verdict.CANNOT_TELL:
        return said
    if finding.reach is None:
        enough = enough_on(finding, report)
        when = date_format(enough, "DAY_AND_YEAR") if enough else _("not within a year")
        return _("%(said)s At the present pace, enough to compare: %(when)s.") % {
            "said": said,
            "when": when,
        }
    return _("%(said)s At the present pace, a moderate link would show: %(when)s.") % {
        "said": said,
        "when": wording.moderate_from(finding),
    }


@login_not_required
@require_safe
@same_for_everybody
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
