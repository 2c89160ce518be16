"""What was sent in vain: a page that keeps what was typed, until it can be sent again."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.csrf import csrf_failure as forged

WHY = {
    HTTPStatus.UNAUTHORIZED: _("You were signed out"),
    HTTPStatus.FORBIDDEN: _("Please send it once more"),
    HTTPStatus.CONFLICT: _("This is another diary"),
}
ACCOUNTS = "/accounts/"  # forms with passwords and codes, which no page repeats


def fields(sent: QueryDict) -> list[tuple[str, str]]:
    """What a form said, apart from the token of its page."""
    return [
        (name, value)
        for name, values in sent.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]


def is_worth_keeping(request: HttpRequest) -> bool:
    """Whether a plain form of the diary sent anything."""
    is_of_the_diary = not request.path.startswith(ACCOUNTS)
    return request.method == "POST" and is_of_the_diary and bool(fields(request.POST))


def kept(request: HttpRequest, why: HTTPStatus) -> HttpResponse:
    """The page. It says why this was not saved, and sends again what it may repeat."""
    context = {"title": WHY[why], "why": why.name} | what_was_sent(request)
    return render(request, "unsent.html", context, status=why)


def what_was_sent(request: HttpRequest) -> dict[str, Any]:
    """What a page needs to send the same once more; no fields where none may be repeated."""
    return {
        "path": request.get_full_path(),
        "sent": fields(request.POST) if is_worth_keeping(request) else [],
        "has_files": bool(request.FILES),
    }


def is_from_ours(request: HttpRequest) -> bool:
    """Whether a page of ours sent it: its browser says so, or its token was found good.

    A browser names the page that a form is of. What any other page sent is not repeated, lest
    somebody saves it by mistake.
    """
    ours = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") == ours or hasattr(request, "csrf_processing_done")


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is none: keep what a page of ours sent, whose token is too old."""
    if is_from_ours(request) and is_worth_keeping(request):
        return kept(request, HTTPStatus.FORBIDDEN)
    return forged(request, reason)  # the template 403_csrf.html
