"""One day of the diary: its notes, its values, its words."""

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.http import Request, SeeOther, render_page
from diary import kept, recording
from diary.days import FIRST_DAY
from diary.forms.day import DayForm
from diary.leaf import leaf
from diary.models import Day


@require_http_methods(["GET", "HEAD", "POST"])
def day(request: Request, day: date) -> HttpResponse:
    """Show a day, or save what was changed on it. Who comes second is told, and loses nothing."""
    now = timezone.now()
    if day > request.diary.today(now):
        raise Http404("This day has not come yet.")
    stands = kept.between(request.user, day, day, now)
    row = stands.rows.get(day)
    if request.method != "POST":
        return _page(request, day, stands, DayForm(row=row, diary=request.diary), now)
    form = DayForm(request.POST, row=row, diary=request.diary)
    if not form.is_valid():
        return _page(request, day, stands, form, now, status=422)
    if form.has_changed():
        try:
            recording.change_day(request.user, day, form.changes, form.before, now)
        except recording.StaleEdit:
            stands = kept.between(request.user, day, day, now)
            form.meet(stands.rows.get(day) or Day())
            return _page(request, day, stands, form, now, status=409)
    messages.success(request, _said(day, form))
    return SeeOther("day", day)


def _page(
    request: Request,
    day: date,
    stands: kept.Kept,
    form: DayForm,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    today = request.diary.today(now)
    context = {
        "row": stands.rows.get(day),
        "leaf": leaf(stands.on(day), request.diary, now=now),
        "removed": [note for note in stands.removed if note.day == day],
        "today": day == today,
        "form": form,
        "met": status == 409,
        "before": day - timedelta(days=1) if day > FIRST_DAY else None,
        "after": day + timedelta(days=1) if day < today else None,
    }
    return render_page(request, "diary/day.html", context, status=status)


def _said(day: date, form: DayForm) -> str:
    said = _("%(day)s is saved.") % {"day": date_format(day, "WEEKDAY")}
    asked = [_("Is %(amount)s right?") % {"amount": amount} for amount in form.unusual]
    return " ".join([said, *asked])
