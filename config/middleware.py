"""What happens around every view."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from config import unsent
from config.http import SAME_FOR_EVERYBODY, account_of

View = Callable[[HttpRequest], HttpResponse]


def headers(get_response: View) -> View:
    """Keep pages out of every cache, so that Back after signing out shows nothing.

    Apart from what is the same for everybody, which its view says; see `config.http`.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and request.path == settings.LOGOUT_PATH:
            # Not the storage: what another account noted on this device still waits there.
            response.headers["Clear-Site-Data"] = '"cache"'
        is_file = response.status_code < 400 and request.path.startswith(
            f"/{settings.STATIC_URL.strip('/')}/"
        )
        if not is_file and response.headers.get("Cache-Control") != SAME_FOR_EVERYBODY:
            add_never_cache_headers(response)
        kind = response.headers.get("Content-Type", "")
        if kind.startswith("text/") and "charset" not in kind:
            response.headers["Content-Type"] = f"{kind}; charset={response.charset}"
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response

    return middleware


def signed_out(get_response: View) -> View:
    """Lose nothing of what somebody types who is signed out meanwhile.

    The sign-in page is never swapped into a fragment: htmx is told, and leaves the form on screen.
    What a plain form sent is kept by a page of its own.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        to_sign_in = response.status_code == 302 and response["Location"].startswith(
            settings.LOGIN_PATH
        )
        if not to_sign_in:
            return response
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(render_to_string("_signed_out.html", request=request), status=401)
        if unsent.is_worth_keeping(request):
            return unsent.kept(request, HTTPStatus.UNAUTHORIZED)
        return response

    return middleware


def same_account(get_response: View) -> View:
    """Turn away what a page of one account sends while another one is signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        by_script = request.headers.get("X-Ebb-Account")
        said = by_script or request.POST.get("ebb_account")
        if not said or not request.user.is_authenticated or said == account_of(request):
            return get_response(request)
        if by_script:
            return HttpResponse(render_to_string("_other_account.html"), status=409)
        if request.path in (settings.LOGIN_PATH, settings.LOGOUT_PATH):
            return get_response(request)  # how somebody gets out of it
        return unsent.kept(request, HTTPStatus.CONFLICT)

    return middleware
