"""Today, and what is said of a whole day in one tap: clear or not, and each of its factors."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from config.http import Request, SeeOther, came_from, render_page, wants_part
from diary import amounts, recording
from diary.forms import FactorForm
from diary.models import Day
from diary.rows import NIGHTS, row, usual_sleep
from diary.today import page


@require_safe
def today(request: Request) -> HttpResponse:
    """The running diary day: note one, take one back, mark the day."""
    return _page(request)


@require_POST
def day_clear(request: Request, day: date) -> HttpResponse:
    """Mark a day as clear."""
    _must_have_come(request, day)
    try:
        recording.mark_clear(request.user, day, timezone.now())
    except recording.HasNotes:
        said = _("There are notes on %(day)s, so it is not clear.") % {"day": _named(day)}
        if wants_part(request) and request.htmx.target != "now":
            # A mark that waited on a device stays there with this reason.
            return render(request, "_refused.html", {"said": said}, status=422)
        return changed(request, said)
    return changed(request, _("%(day)s is marked as clear.") % {"day": _named(day)})


@require_POST
def day_unclear(request: Request, day: date) -> HttpResponse:
    """Take the clear mark back."""
    _must_have_come(request, day)
    recording.unmark_clear(request.user, day, timezone.now())
    return changed(request, _("%(day)s is no longer marked as clear.") % {"day": _named(day)})


@require_POST
def day_factors(request: Request, day: date) -> HttpResponse:
    """Change one factor of a day; an htmx row gets its new value, a plain form goes back."""
    _must_have_come(request, day)
    usual = _usual_sleep(request, day)
    form = FactorForm(request.POST, diary=request.diary, usual_sleep=usual)
    if not form.is_valid() or form.change is None:
        return _factor_not_saved(request, day, form, usual)
    change = form.change
    try:
        recording.change_day(
            request.user,
            day,
            {change.factor.column: change.to},
            {change.factor.column: change.was},
            timezone.now(),
        )
    except recording.StaleEdit as stale:
        return _factor_not_saved(request, day, form, usual, Day.objects.get(pk=stale.current.pk))
    saved = row(change.factor, change.to, request.diary.glass_ml, usual)
    if wants_part(request):
        response = render_page(
            request, "diary/factor.html", {"row": saved, "day": day}, part="value"
        )
        return trigger_client_event(response, "day-changed")
    if saved.is_unusual:
        messages.info(request, _("Saved. Is %(amount)s right?") % {"amount": saved.text})
    return SeeOther(came_from(request, "today"))


def changed(request: Request, said: str) -> HttpResponse:
    """Answer a change: Today gets its new part, any other page the news, a plain form a 303."""
    if not wants_part(request):
        messages.success(request, said)
        return SeeOther(came_from(request, "today"))
    shows_today = request.htmx.target == "now"
    response = _page(request, said) if shows_today else HttpResponse(status=204)
    return trigger_client_event(response, "diary-changed")


def _page(request: Request, said: str = "") -> HttpResponse:
    shown = page(request.user, request.diary, timezone.now())
    return render_page(request, "diary/today.html", {"page": shown, "said": said}, part="now")


def _factor_not_saved(
    request: Request, day: date, form: FactorForm, usual: int | None, now_is: Day | None = None
) -> HttpResponse:
    """The row with what was typed, what to write instead, or how it stands by now."""
    factor = request.diary.factors.get(form.data.get("factor", ""))
    if factor is None:
        raise Http404
    glass_ml = request.diary.glass_ml
    typed: str | None = form.data.get("value", "")
    if now_is is None:
        was = form.cleaned_data.get("was")
        stored = int(was) if was else None
        error = " ".join(str(words) for errors in form.errors.values() for words in errors)
    else:
        stored = now_is.stored_factors().get(factor.column)
        stands = _("blank") if stored is None else amounts.written(factor, stored, glass_ml)
        if form.is_tap:
            typed = None
            error = _("Meanwhile this had changed to: %(amount)s. Tap once more") % {
                "amount": stands
            }
        else:
            error = _("Meanwhile this had changed to: %(amount)s. Save once more to keep yours") % {
                "amount": stands
            }
    shown = row(factor, stored, glass_ml, usual, typed=typed, error=error)
    return render_page(
        request, "diary/factor.html", {"row": shown, "day": day}, part="value", status=422
    )


def _must_have_come(request: Request, day: date) -> None:
    if day > request.diary.today(timezone.now()):
        raise Http404("This day has not come yet.")


def _named(day: date) -> str:
    return date_format(day, "l j F")


def _usual_sleep(request: Request, day: date) -> int | None:
    nights = Day.objects.of(request.user).filter(day__lt=day, sleep_minutes__isnull=False)
    latest = nights.order_by("-day").values_list("sleep_minutes", flat=True)
    return usual_sleep(list(latest[:NIGHTS]))
