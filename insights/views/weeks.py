"""The weekly page and its comparisons. Nothing is computed in a request."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.db.models import SmallIntegerField, TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from config.http import Request, SeeOther, wants_part
from diary.days import Week
from diary.kept import OWNER
from diary.middleware import SAMPLE_KEY
from diary.models import Diary
from diary.questions import Given, Question
from insights import charts, collect, sample, suggested, wording
from insights.analysis.results import Finding, Level, WeekReport
from insights.knowledge.check import offered
from insights.knowledge.library import library
from insights.knowledge.suggest import fitting, suggest
from insights.models import GIVEN_UP_AFTER, WeekSummary

from .experiments import IDEA_OF

SIX_WEEKS, SEVEN_WEEKS = timedelta(weeks=6), timedelta(weeks=7)
EXPECTATION = "GEN1"  # the tip that goes with every other one
CARD_ORDER = (Level.STRONG, Level.MODERATE, Level.WEAK)


@require_safe
def insights(request: Request) -> HttpResponse:
    """The latest finished week: this page changes once a week, however often it is opened."""
    return _page(request, _report(_latest().ask(owner=request.user.pk)))


@require_safe
def insights_week(request: Request, week: Week) -> HttpResponse:
    """One week; a week before the diary began or after today is not found."""
    report = _report_of(request, week)
    if report is None and not _may_come(request.diary, week):
        raise Http404
    return _page(request, report)


@require_safe
def insights_factor(request: Request, week: Week, factor: str) -> HttpResponse:
    """One comparison in detail, and its factor over time."""
    report = _report_of(request, week)
    known = request.diary.ever_noted.get(factor)
    if report is None or known is None:
        raise Http404
    finding = next((found for found in report.findings if found.factor == factor), None)
    return render(
        request,
        "insights/factor.html",
        {
            "week": week,
            "span": wording.span(report.first, report.last),
            "factor": known,
            "finding": finding,
            "card": _card(finding) if finding and finding.split else None,
            "refusal": wording.refusal(finding) if finding else "",
            "directions": charts.directions(finding) if finding else None,
            "over_time": charts.factor_over_time(report, known),
        },
    )


@login_not_required
@require_POST
def sample_open(request: HttpRequest) -> HttpResponse:
    """Show the sample diary to this visitor until they close it."""
    request.session[SAMPLE_KEY] = sample.ready(timezone.now()).pk
    return SeeOther("insights")


@login_not_required
@require_POST
def sample_close(request: HttpRequest) -> HttpResponse:
    """Back to one's own diary, or to making one."""
    request.session.pop(SAMPLE_KEY, None)
    return SeeOther("today" if request.user.is_authenticated else "home")


def _report_of(request: Request, week: Week) -> WeekReport | None:
    """What was worked out of a week, if it was."""
    return _report(_of_week().ask(owner=request.user.pk, year=week.year, number=week.number))


def _report(rows: Iterable[tuple[str]]) -> WeekReport | None:
    """The text of a result as values in one go: over Python's own it took four times as long."""
    return next((msgspec.json.decode(text, type=WeekReport) for (text,) in rows), None)


RESULT = Cast("result", TextField())


@cache
def _of_week() -> Question:
    year, number = (Given(part, SmallIntegerField()) for part in ("year", "number"))
    rows = WeekSummary.objects.of(OWNER).filter(year=year, number=number)
    return Question(rows.values_list(RESULT))


@cache
def _latest() -> Question:
    finished = WeekSummary.objects.of(OWNER).finished().order_by("-year", "-number")
    return Question(finished.values_list(RESULT)[:1])


def _may_come(diary: Diary, week: Week) -> bool:
    """Whether a summary of this week is being worked out: it is this week, or the last one."""
    running = Week.of(diary.today(timezone.now()))
    return week in {running, running.shifted(-1)}


def _page(request: Request, report: WeekReport | None) -> HttpResponse:
    diary = request.diary
    behind = diary.version != diary.computed_version
    if wants_part(request):
        # The page asks whether its summary has followed; then it loads itself anew, with charts.
        return HttpResponse(status=204) if behind else HttpResponseClientRefresh()
    if diary.quiet and "show" not in request.GET:
        return render(request, "insights/quiet.html")
    running = Week.of(diary.today(timezone.now()))
    context: dict[str, Any] = {
        "behind": behind,
        "given_up": diary.tries >= GIVEN_UP_AFTER,
        "next_summary": running.last,
    }
    if report:
        context |= _week(report, running, diary.clock)
        context |= _suggestions(request, report)
        context["told"] = [factor for factor in diary.factors.values() if not factor.lags]
        context["offers_check"] = _offers_check(request, context["week"])
    elif not behind:
        context["example"] = charts.example(running.first)
    return render(request, "insights/week.html", context)


def _offers_check(request: Request, week: Week) -> bool:
    """Whether the end of this page offers the six questions; only the latest week ever does."""
    diary, today = request.diary, request.diary.today(timezone.now())
    if diary.is_sample or week != Week.of(today).shifted(-1):
        return False
    last, resting = collect.check_and_break(request.user, today)
    return offered(last, week.first, today) and not resting


def _week(report: WeekReport, running: Week, clock: str) -> dict[str, Any]:
    week = Week.of(report.first)
    noted = any(place.notes for place in report.places)
    timed = any(report.blocks)
    return {
        "report": report,
        "week": week,
        # The running week is told once it is over; nothing leads to it before.
        "later": week.shifted(1) if week.shifted(1) < running else None,
        "span": wording.span(report.first, report.last),
        "lead": wording.lead(report),
        "apart": wording.apart(report),
        "basis": wording.basis(report),
        "too_early": wording.too_early(report) if _is_early(report) else "",
        "is_enough": _is_enough(report),
        "six_weeks": charts.six_weeks(report),
        "courses": charts.courses(report) if report.courses else None,
        "rows": charts.comparison_rows(report.findings),
        "reach": charts.reach_table(report.findings),
        "lengths": charts.length_table(report.durations),
        "regions": charts.region_tables(report.regions),
        "comparison_table": charts.comparison_table(report.findings),
        "card": _firmest(report),
        "times": charts.times_of_day(report, clock) if timed else None,
        "places": charts.places(report) if noted else None,
        "earlier": _earlier(report),
    }


def _suggestions(request: Request, report: WeekReport) -> dict[str, Any]:
    """The tips of a week but for those put aside, and of these the ones that would fit it."""
    aside = suggested.aside(request.user, timezone.now())
    return {
        "suggestions": suggest(report, library(), aside),
        "aside": [tip for tip in fitting(report, library()) if tip.passage.id in aside],
        "can_be_tried": IDEA_OF.keys(),
        "expectation": next(p for p in library().passages if p.id == EXPECTATION),
    }


def _earlier(report: WeekReport) -> Week | None:
    """The week before, if the diary had begun by then."""
    if report.window_first is None or report.window_first >= report.first:
        return None
    return Week.of(report.first - timedelta(days=1))


def _is_enough(report: WeekReport) -> bool:
    """Whether six weeks of the diary are full with this week; no week before or after says so."""
    if report.window_first is None or not report.finished:
        return False
    return SIX_WEEKS <= report.last - report.window_first + timedelta(days=1) < SEVEN_WEEKS


def _is_early(report: WeekReport) -> bool:
    return report.window_kept < report.kept_needed


def _firmest(report: WeekReport) -> dict[str, Any] | None:
    """The one comparison that is told in full, if any is a hint or more."""
    for level in CARD_ORDER:
        for finding in report.findings:
            if finding.level is level:
                return _card(finding)
    return None


def _card(finding: Finding) -> dict[str, Any]:
    split, difference = finding.split, finding.difference
    return {
        "finding": finding,
        "kicker": wording.kicker(finding),
        "title": wording.title(finding),
        "in_ten": wording.in_ten(finding),
        "steps": wording.steps(finding.level),
        "actual": (
            charts.actual_days(finding.factor, split, wording.both_kinds(finding, split))
            if split
            else None
        ),
        "answers": (
            charts.twenty_answers(finding.factor, difference, wording.higher_days(finding))
            if difference
            else None
        ),
        "timing": wording.timing(finding),
        "caveat": wording.caveat(finding),
        "worked_out": wording.worked_out(finding),
        "meaning": wording.MEANINGS[finding.level],
        "reverse": wording.reverse(finding),
        "capped": finding.capped,
    }
