"""What happens around every view."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from config.http import account_of

log = logging.getLogger(__name__)

View = Callable[[HttpRequest], HttpResponse]


def headers(get_response: View) -> View:
    """Keep pages out of every cache, so that Back after signing out shows nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            add_never_cache_headers(response)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response

    return middleware


class database_is_away:  # noqa: N801 - a middleware is named as it reads in the settings
    """Answer 503 with calm words while the database can't be reached."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Outer layers of a request, such as its session, may meet the fault as well."""
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as fault:
            return self.process_exception(request, fault)  # type: ignore[return-value]

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Only faults of the database itself; anything else is a 500."""
        if not isinstance(fault, OperationalError | InterfaceError):
            return None
        log.error("database away: %s", type(fault).__name__)
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})


def sign_in_fragment(get_response: View) -> View:
    """Never swap the sign-in page into a fragment: tell htmx, and leave the form on screen."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        to_sign_in = response.status_code == 302 and response["Location"].startswith(
            settings.LOGIN_PATH
        )
        if request.htmx and to_sign_in:  # type: ignore[attr-defined]
            return HttpResponse(render_to_string("_signed_out.html", request=request), status=401)
        return response

    return middleware


def same_account(get_response: View) -> View:
    """Turn away what a page of one account sends while another one is signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        said = request.headers.get("X-Ebb-Account")
        if said and request.user.is_authenticated and said != account_of(request):
            return HttpResponse(render_to_string("_other_account.html"), status=409)
        return get_response(request)

    return middleware
