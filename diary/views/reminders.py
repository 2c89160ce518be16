"""The page behind the link of a reminder, which turns them off without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.http import SeeOther
from diary import reminding


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_off(request: HttpRequest, token: str) -> HttpResponse:
    """Turn them off at a press: whoever looks at links for safety must change nothing."""
    owner = reminding.person(token)
    if owner is None:
        raise Http404
    if request.method == "POST":
        reminding.stop(owner, timezone.now())
        return SeeOther("account_reminders_off", token)
    return render(request, "diary/reminders_off.html", {"on": owner.diary.remind_at is not None})
