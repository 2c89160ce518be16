"""What was sent in vain: a page that keeps what was typed, until it can be sent again."""

from http import HTTPStatus

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
    context = {
        "title": WHY[why],
        "why": why.name,
        "path": request.get_full_path(),
        "sent": fields(request.POST) if is_worth_keeping(request) else [],
        "has_files": bool(request.FILES),
    }
    return render(request, "unsent.html", context, status=why)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is none: keep what a page of ours sent, whose token is too old.

    A browser names the page that a form is of. What any other page sent is not repeated, lest
    somebody saves it by mistake.
    """
    ours = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Origin") == ours and is_worth_keeping(request):
        return kept(request, HTTPStatus.FORBIDDEN)
    return forged(request, reason)  # the template 403_csrf.html
