"""A second step of signing in, where whoever runs the server demands one of everybody.

Elsewhere it is offered: whoever loses it would lose the diary.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect

from config.http import SeeOther
from diary.middleware import AS_ONESELF, SAFE_METHODS


class SecondStepMiddleware(MiddlewareMixin):
    """Lead whoever has no second step to the page that sets one up, before their diary opens.

    What was sent meanwhile is refused: htmx leaves the form as it is, a device keeps what waits.
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let through what is open to strangers, what belongs to the account, and the sample."""
        if not settings.SECOND_STEP_DEMANDED or not getattr(view, "login_required", True):
            return None
        match, person = request.resolver_match, request.user
        if match and (match.url_name or "").startswith(AS_ONESELF):
            return None
        if not person.is_authenticated or person.diary.is_sample or _has_one(person):
            return None
        if not request.htmx:  # type: ignore[attr-defined]
            return SeeOther("mfa_index")
        if request.method in SAFE_METHODS:
            return HttpResponseClientRedirect(resolve_url("mfa_index"))
        return render(request, "mfa/_second_step_asked.html", status=403)


def _has_one(person: Any) -> bool:
    """Recovery codes are no step of their own: they stand in for one that was lost."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=person, type__in=kinds).exists())
