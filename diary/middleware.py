"""Whose diary a request is about: the person's own, or the sample that they look around in."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from .models import Diary, User

SAMPLE_KEY = "sample"  # in the session: the id of the sample's owner
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Reached as oneself even while the sample is open; anything else that writes is refused.
AS_ONESELF = ("account_", "sample-")


class SampleMiddleware:
    """Show the sample diary as if it were the visitor's own, and let nobody write in it.

    `request.user` becomes the owner of the sample; `request.signed_in_as` keeps who it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take the place of the sample's owner, if the visitor opened it."""
        request.signed_in_as = request.user  # type: ignore[attr-defined]
        if (owner_id := request.session.get(SAMPLE_KEY)) is not None:
            owner = (
                User.objects.filter(pk=owner_id, diary__is_sample=True)
                .select_related("diary")
                .first()
            )
            if owner:
                request.user = owner
            else:
                del request.session[SAMPLE_KEY]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what would write, apart from leaving the sample."""
        if SAMPLE_KEY not in request.session:
            return None
        match = request.resolver_match
        if match and (match.url_name or "").startswith(AS_ONESELF):
            request.user = request.signed_in_as  # type: ignore[attr-defined]
            if request.method not in SAFE_METHODS and match.url_name != "sample-open":
                # Who signs in or signs up wants their own diary, not the sample any more.
                request.session.pop(SAMPLE_KEY)
            return None
        if request.method in SAFE_METHODS:
            return None
        return render(request, "diary/sample_refused.html", status=403)


class DiaryMiddleware:
    """Hand every view the diary it is about, and let templates show times on its clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave the diary unread until somebody asks; then it takes one query."""
        request.diary = SimpleLazyObject(lambda: _opened(request))  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


def _opened(request: HttpRequest) -> Diary | None:
    user: User | AnonymousUser = request.user
    if not user.is_authenticated:
        return None
    diary = user.diary
    timezone.activate(diary.tz)
    return diary
