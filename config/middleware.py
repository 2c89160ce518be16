"""What happens around every view."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

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
        is_static = request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/")
        if not is_static and response.headers.get("Cache-Control") != SAME_FOR_EVERYBODY:
            add_never_cache_headers(response)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response

    return middleware


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
