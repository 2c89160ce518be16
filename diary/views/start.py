"""The first page: what this is, for somebody who is not signed in."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from diary.middleware import SAMPLE_KEY
from diary.models import User

SAMPLE_SHOWN = "sample_shown"  # in the session: who closed the sample is not sent back to it


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is; a person with a diary goes on to today."""
    if request.user.is_authenticated:
        return redirect("today")
    if settings.OPEN_WITH_SAMPLE and SAMPLE_SHOWN not in request.session:
        owner = User.objects.filter(diary__is_sample=True).first()
        if owner:
            request.session[SAMPLE_KEY] = owner.pk
            request.session[SAMPLE_SHOWN] = True
            return redirect("insights")
    can_join = get_adapter(request).is_open_for_signup(request)
    return render(request, "diary/start.html", {"can_join": can_join})
