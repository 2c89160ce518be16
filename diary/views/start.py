"""The first page: what this is, for somebody who is not signed in."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is; a person with a diary goes on to today."""
    if request.user.is_authenticated:
        return redirect("today")
    can_join = get_adapter().is_open_for_signup(request)
    return render(request, "diary/start.html", {"can_join": can_join})
