"""Today, and what is said of a whole day in one tap: clear or not, and each of its factors."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    condition,
    require_http_methods,
    require_POST,
    require_safe,
)
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event

from config.http import Request, SeeOther, came_from, render_page, wants_part
from diary import amounts, kept, recording
from diary.forms.answer import AnswerForm, Question
from diary.forms.day import FactorForm
from diary.models import Day
from diary.places import PLACES, names
from diary.rows import NIGHTS, row, usual_sleep
from diary.tiles import tiles
from diary.today import page

LEFT_BLANK = "left_blank"  # in the session: the last day that Today shall not ask about
QUARTER = 15 * 60  # seconds for which the line of the present may stay where it is


def _stands(request: Request) -> str | None:
    """A tag of all that the part of Today depends on, known before a row of the diary is read.

    The whole page has none, as nobody keeps it: a script that shows the part remembers its tag.
    """
    if not wants_part(request):
        return None
    diary, now = request.diary, timezone.now()
    stands = [getattr(diary, field.attname) for field in diary._meta.concrete_fields]
    shown = (diary.today(now), int(now.timestamp()) // QUARTER, get_language(), settings.VERSION)
    return salted_hmac("ebb.today", repr((stands, shown)), algorithm="sha256").hexdigest()


@require_safe
@condition(etag_func=_stands)
def today(request: Request) -> HttpResponse:
    """The running diary day: note one, take one back, mark the day.

    Asked for a part of another day, the page is out of date as a whole.
    """
    day = request.diary.today(timezone.now()).isoformat()
    if wants_part(request) and request.GET.get("day", day) != day:
        return HttpResponseClientRefresh()
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
def day_leave(request: Request, day: date) -> HttpResponse:
    """Leave a day blank: Today asks about it no more."""
    _must_have_come(request, day)
    request.session[LEFT_BLANK] = day.isoformat()
    return SeeOther(came_from(request, "today"))


@require_http_methods(["GET", "HEAD", "POST"])
def day_answer(request: Request, day: date) -> HttpResponse:
    """Ask once for a whole day how it was, and keep the answer."""
    _must_have_come(request, day)
    now = timezone.now()
    stands = kept.between(request.user, day, day, now).on(day)
    if request.method != "POST":
        return _answer_page(request, day, AnswerForm(day=stands))
    form = AnswerForm(request.POST, day=stands)
    if not form.is_valid():
        return _answer_page(request, day, form, status=422)
    places = form.cleaned_data["place"]
    try:
        recording.answer_day(request.user, day, form.answer, places, now)
    except recording.HasNotes:
        form.add_error(
            "overall", _("There are notes on %(day)s, so it is not clear") % {"day": _named(day)}
        )
        return _answer_page(request, day, form, status=422)
    if form.answer is None:
        return changed(request, _("%(day)s is marked as clear.") % {"day": _named(day)})
    return changed(
        request,
        _("%(day)s: %(overall)s, %(places)s.")
        % {"day": _named(day), "overall": form.answer.label, "places": names(places)},
    )


@require_POST
def notes_once(request: Request, day: date) -> HttpResponse:
    """Keep the many notes of a place on a day as one."""
    _must_have_come(request, day)
    place = PLACES.get(request.POST.get("place", ""))
    if place is None:
        raise Http404
    recording.note_once(request.user, day, place.key, timezone.now())
    return changed(request, _("%(place)s is noted once for the whole day.") % {"place": place.name})


@require_POST
def day_factors(request: Request, day: date) -> HttpResponse:
    """Change one factor of a day; an htmx row gets its new value, a plain form goes back."""
    _must_have_come(request, day)
    is_sleep = request.POST.get("factor") == "sleep"
    usual = _usual_sleep(request, day) if is_sleep else None
    form = FactorForm(request.POST, diary=request.diary, usual_sleep=usual)
    if not form.is_valid() or form.change is None:
        return _factor_not_saved(request, day, form, usual)
    change = form.change
    try:
        stands = recording.change_day(
            request.user,
            day,
            {change.factor.column: change.to},
            {change.factor.column: change.was},
            timezone.now(),
            cup=change.cup,
        )
    except recording.StaleEdit as stale:
        # A day that nothing was kept of was undone with the change; it stands as empty as it was.
        stands = Day.objects.filter(pk=stale.current.pk).first() or Day(owner=request.user, day=day)
        return _factor_not_saved(request, day, form, usual, stands)
    saved = row(change.factor, change.to, request.diary.units, usual)
    if wants_part(request):
        context = {"row": saved, "day": day}
        if change.cup and change.cup.ml:
            drinks = request.diary.ever_noted["hydration"]
            context["drinks"] = row(drinks, stands.drinks_ml, request.diary.units)
        response = render_page(request, "diary/factor.html", context, part="value")
        return trigger_client_event(response, "strip-changed") if change.cup else response
    if saved.is_unusual:
        messages.info(request, _("Saved. Is %(amount)s right?") % {"amount": saved.text})
    return SeeOther(came_from(request, "today"))


def changed(request: Request, said: str, lifted: UUID | None = None) -> HttpResponse:
    """Answer a change: Today gets its new part, any other page the news, a plain form a 303.

    `lifted` is the form whose notes took a clear mark away.
    """
    if not wants_part(request):
        messages.success(request, said)
        return SeeOther(came_from(request, "today"))
    shows_today = request.htmx.target == "now"
    response = _page(request, said, lifted) if shows_today else HttpResponse(status=204)
    return trigger_client_event(response, "diary-changed")


def _page(request: Request, said: str = "", lifted: UUID | None = None) -> HttpResponse:
    left_blank = request.session.get(LEFT_BLANK)
    shown = page(request.user, request.diary, timezone.now(), left_blank)
    context = {"page": shown, "said": said, "lifted": lifted}
    return render_page(request, "diary/today.html", context, part="now")


def _answer_page(request: Request, day: date, form: AnswerForm, status: int = 200) -> HttpResponse:
    today = request.diary.today(timezone.now())
    uses = kept.uses(request.user, today)
    day_start, usual_places = request.diary.bounds(today)[0], request.diary.usual_places
    usual = [tile.place for tile in tiles(uses, today, day_start, usual_places)]
    context = {
        "day": day,
        "is_today": day == today,
        "question": Question(form, usual),
        "form": form,
        "next": came_from(request, "day", day),
    }
    return render_page(request, "diary/answer.html", context, status=status)


def _factor_not_saved(
    request: Request, day: date, form: FactorForm, usual: int | None, now_is: Day | None = None
) -> HttpResponse:
    """The row with what was typed, what to write instead, or how it stands by now."""
    factor = request.diary.ever_noted.get(form.data.get("factor", ""))
    if factor is None:
        raise Http404
    units = request.diary.units
    typed: str | None = form.data.get("value", "")
    if now_is is None:
        was = form.cleaned_data.get("was")
        stored = int(was) if was else None
        error = " ".join(str(words) for errors in form.errors.values() for words in errors)
    else:
        stored = now_is.stored_factors().get(factor.column)
        stands = _("blank") if stored is None else amounts.written(factor, stored, units)
        if form.is_tap:
            typed = None
            error = _("Meanwhile this had changed to: %(amount)s. Tap once more") % {
                "amount": stands
            }
        else:
            error = _("Meanwhile this had changed to: %(amount)s. Save once more to keep yours") % {
                "amount": stands
            }
    shown = row(factor, stored, units, usual, typed=typed, error=error)
    return render_page(
        request, "diary/factor.html", {"row": shown, "day": day}, part="value", status=422
    )


def _must_have_come(request: Request, day: date) -> None:
    if day > request.diary.today(timezone.now()):
        raise Http404("This day has not come yet.")


def _named(day: date) -> str:
    return date_format(day, "WEEKDAY")


def _usual_sleep(request: Request, day: date) -> int | None:
    nights = Day.objects.of(request.user).filter(day__lt=day, sleep_minutes__isnull=False)
    latest = nights.order_by("-day").values_list("sleep_minutes", flat=True)
    return usual_sleep(list(latest[:NIGHTS]))
