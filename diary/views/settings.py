"""Settings, the break, the first settings after signing up, and the page that lists the rest."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.conf import settings as site
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from config.http import Request, SeeOther, came_from, render_page, wants_part
from diary import recording
from diary.drinks import TYPICAL
from diary.forms.drinks import DrinksForm
from diary.forms.settings import BreakForm, FirstSettingsForm, SettingsForm, ZoneForm
from diary.models import Break
from diary.places import REGIONS

WELCOMES = len(FirstSettingsForm.STEPS)
WHOLE_PAGE = {"theme", "bedside_from", "bedside_until", "language", "shortcuts"}


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request) -> HttpResponse:
    """Show the settings, or save those that were changed; each is saved by itself."""
    if request.method != "POST":
        return _page(request, SettingsForm(diary=request.diary))
    form = SettingsForm(request.POST, diary=request.diary)
    valid = form.is_valid()
    changes = form.changes
    if changes:
        recording.change_settings(request.user, changes, timezone.now())
        request.diary.refresh_from_db()
    if not valid:
        return _page(request, form, saved=changes, status=422)
    if not wants_part(request):
        messages.success(request, _("Saved."))
        return SeeOther("settings")
    if WHOLE_PAGE & set(changes):
        return HttpResponseClientRefresh()
    return _page(request, SettingsForm(diary=request.diary), saved=changes)


@require_POST
def zone(request: Request) -> HttpResponse:
    """Take the time zone of a device that is followed; notes keep the one they were made in."""
    form = ZoneForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    recording.change_settings(request.user, form.cleaned_data, timezone.now())
    return HttpResponse(status=204)


@require_POST
def break_start(request: Request) -> HttpResponse:
    """Rest from the diary until a day; while resting, change that day."""
    now = timezone.now()
    today = request.diary.today(now)
    form = BreakForm(request.POST, today=today)
    if not form.is_valid():
        return _page(request, SettingsForm(diary=request.diary), rest_form=form, status=422)
    until = form.cleaned_data["until"]
    running = _running_break(request, today)
    recording.take_break(request.user, running.first if running else today, until, now)
    messages.success(
        request,
        _("You are taking a break until %(day)s.") % {"day": date_format(until, "DAY_AND_YEAR")},
    )
    return SeeOther(came_from(request, "settings"))


@require_POST
def break_end(request: Request) -> HttpResponse:
    """Go on with the diary today."""
    now = timezone.now()
    recording.end_break(request.user, request.diary.today(now), now)
    messages.success(request, _("The break is over. Welcome back."))
    return SeeOther(came_from(request, "settings"))


@require_http_methods(["GET", "HEAD", "POST"])
def drinks(request: Request) -> HttpResponse:
    """Show the usual drinks with caffeine and size, or change them; also back to typical ones."""
    units = request.diary.units
    if request.method != "POST":
        return _drinks_page(request, DrinksForm(units=units))
    if "typical" in request.POST:
        stored: list[Any] = []
    else:
        form = DrinksForm(request.POST, units=units)
        if not form.is_valid():
            return _drinks_page(request, form, status=422)
        stored = form.stored
    recording.change_settings(request.user, {"usual_drinks": stored}, timezone.now())
    messages.success(request, _("Saved."))
    return SeeOther("drinks")


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: Request, step: int = 1) -> HttpResponse:
    """What is asked once after signing up, in four short steps; all of it may stay as it is."""
    if not 1 <= step <= WELCOMES:
        raise Http404
    if request.method != "POST":
        return _welcome_page(request, FirstSettingsForm(diary=request.diary, step=step), step)
    form = FirstSettingsForm(request.POST, diary=request.diary, step=step)
    if not form.is_valid() and step > 1:  # what a device says of itself is taken if it is known
        return _welcome_page(request, form, step, status=422)
    if form.changes:
        recording.change_settings(request.user, form.changes, timezone.now())
    return SeeOther(_after(step))


@require_safe
def more(request: Request) -> HttpResponse:
    """List the pages that the bar at the bottom has no room for."""
    return render_page(request, "diary/more.html", {})


def _page(
    request: Request,
    form: SettingsForm,
    *,
    rest_form: BreakForm | None = None,
    saved: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    today = request.diary.today(timezone.now())
    context = {
        "form": form,
        "saved": saved,
        "rest": _running_break(request, today),
        "rest_form": rest_form or BreakForm(today=today),
        "signup_is_open": site.SIGNUP == "open",
        "is_sample": request.diary.is_sample,
    }
    return render_page(request, "diary/settings.html", context, part="settings", status=status)


def _drinks_page(request: Request, form: DrinksForm, status: int = 200) -> HttpResponse:
    units = request.diary.units
    context = {"form": form, "units": units, "changed": units.usual != TYPICAL}
    return render_page(request, "diary/drinks.html", context, status=status)


def _welcome_page(
    request: Request, form: FirstSettingsForm, step: int, status: int = 200
) -> HttpResponse:
    context = {"form": form, "step": step, "steps": WELCOMES, "after": _after(step)}
    context |= {"regions": REGIONS} if step == 2 else {}
    return render_page(request, "diary/welcome.html", context, status=status)


def _after(step: int) -> str:
    return reverse("today") if step == WELCOMES else reverse("welcome-step", args=[step + 1])


def _running_break(request: Request, today: date) -> Break | None:
    found: Break | None = Break.objects.of(request.user).touching(today, today).first()
    return found
