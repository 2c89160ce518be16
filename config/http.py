"""What every view shares: the request it gets, and how it answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from django_htmx.middleware import HtmxDetails

from diary.models import Diary, User


class Request(HttpRequest):
    """A request that got past the sign-in wall."""

    user: User  # LoginRequiredMiddleware turned everyone else away
    diary: Diary
    htmx: HtmxDetails


class SeeOther(HttpResponseRedirect):
    """303: the change is made; the browser goes on to a page, whatever its own method was."""

    status_code = 303

    def __init__(self, to: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(resolve_url(to, *args, **kwargs))


def came_from(request: HttpRequest, otherwise: str, *args: Any) -> str:
    """The path the person came from, as the form or link says, if it is one of this site."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    return iri_to_uri(path) if _is_here(path) else resolve_url(otherwise, *args)


def led_here(request: HttpRequest) -> str:
    """The path of the page whose link was followed, as the browser says; empty from elsewhere."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return ""
    path = urlsplit(page)._replace(scheme="", netloc="").geturl()
    return path if _is_here(path) else ""


def _is_here(path: str) -> bool:
    return (
        path.startswith("/")
        and len(path) <= 500
        and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    )


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of the page; going back or forward always gets the page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest,
    page: str,
    context: dict[str, Any],
    *,
    part: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page, or only its named part when htmx asked for that part."""
    name = f"{page}#{part}" if part and wants_part(request) else page
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def account_of(request: HttpRequest) -> str:
    """A name for the account by which a device tells whose notes wait; it says nothing else.

    Empty for nobody, and in the sample diary, where nothing can be noted. It is made of when the
    account was made and not of the secret key: what waits must find its account after another one.
    """
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated or request.diary.is_sample:  # type: ignore[attr-defined]
        return ""
    made = salted_hmac("ebb.account", user.pk, user.date_joined.isoformat(), algorithm="sha256")
    return made.hexdigest()[:20]


SAME_FOR_EVERYBODY = "no-cache"  # kept by browsers, and asked for anew each time


def same_for_everybody[**Asked](
    view: Callable[Concatenate[HttpRequest, Asked], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Asked], HttpResponse]:
    """Let browsers keep what a view shows while nobody is signed in, and ask whether it changed.

    Somebody's own page is never kept: it carries their account and their tokens.
    """

    @wraps(view)
    def asked(request: HttpRequest, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return kept(request, *args, **kwargs)

    kept = cache_control(no_cache=True)(conditional_page(view))
    return asked


# Pages below an entry of the main navigation, by the name of their address.
SECTIONS = {
    "day": "diary",
    "where": "diary",
    "note": "diary",
    "insights-week": "insights",
    "insights-factor": "insights",
    "experiment-new": "experiments",
    "experiment": "experiments",
    "export": "settings",
    "import": "settings",
    "import-file": "settings",
    "import-answer": "settings",
    "drinks": "settings",
    "medicines": "settings",
    "medicine": "settings",
    "factors": "settings",
    "factor": "settings",
    "log-which": "learn",
    "shares": "report",
    "claims": "learn",
    "suggestions": "learn",
    "learn-topic": "learn",
    "advice": "learn",
    "check": "learn",
    "check-answer": "learn",
    "report-file": "report",
}


def of_this_site() -> dict[str, Any]:
    """What every template may name, whoever asks for it."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "EMERGENCY_NUMBER": settings.EMERGENCY_NUMBER,
        "HAS_MAIL": settings.HAS_MAIL,
        "SECOND_STEP_DEMANDED": settings.SECOND_STEP_DEMANDED,
    }


def site(request: HttpRequest) -> dict[str, Any]:
    """What every template may name."""
    match = request.resolver_match
    name = (match and match.url_name) or ""
    return of_this_site() | {
        "section": "settings"
        if name.startswith(("account_", "mfa_"))
        else SECTIONS.get(name, name),
        "account": lambda: account_of(request),
    }
