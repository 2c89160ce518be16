"""Whose diary a request is about: the person's own, or the sample that they look around in."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone, translation
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from config import unsent
from config.http import SeeOther

from . import consent
from .models import Diary, User
from .shown import Language

SAMPLE_KEY = "sample"  # in the session: the id of the sample's owner
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Reached as oneself even while the sample is open; anything else that writes is refused.
AS_ONESELF = ("account_", "mfa_", "sample-")


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

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """Speak the language that this person chose; otherwise that of the device stays."""
        user = request.user
        if user.is_authenticated and user.diary.language != Language.DEVICE:
            translation.activate(user.diary.language)


class LeavingMiddleware(MiddlewareMixin):
    """Show a person whose account is about to be deleted one page, which offers to keep it."""

    # What that page needs, what it offers, and what says nothing of anybody.
    STILL_THERE = frozenset(
        {
            "account_leave",
            "account_keep",
            "account_logout",
            "account_reminders_off",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "export-everything",
            "healthz",
            "readyz",
            "manifest",
            "worker",
            "offline",
            "offline-today",
            "offline-log",
            "offline-waiting",
        }
    )

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lead to that page; what was sent is refused, and a note on a device waits on."""
        match = request.resolver_match
        if match and match.url_name in self.STILL_THERE:
            return None
        person = request.signed_in_as  # type: ignore[attr-defined]
        if not person.is_authenticated or person.diary.leaves_at is None:
            return None
        if request.method not in SAFE_METHODS:
            context = {"form": consent.question(person.diary)}
            return render(request, "diary/leaving.html", context, status=403)
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(resolve_url("account_leave"))
        return SeeOther("account_leave")


class ConsentMiddleware(MiddlewareMixin):
    """Ask whoever has not agreed to the words of now, before their diary goes on.

    What was sent is not lost: a page shows it again with the question and sends both, htmx leaves
    the form as it is, and a device keeps what waits on it.
    """

    # What stores nothing of a diary, or takes it along.
    WITHOUT = (*AS_ONESELF, "export", "waiting")

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lead to the question; what was sent with its answer goes on to where it was meant to."""
        match = request.resolver_match
        if not getattr(view, "login_required", True) or (
            match and (match.url_name or "").startswith(self.WITHOUT)
        ):
            return None
        person = request.user
        if not person.is_authenticated or consent.holds(person.diary):
            return None
        asked = resolve_url("account_consent")
        by_htmx = bool(request.htmx)  # type: ignore[attr-defined]
        if request.method in SAFE_METHODS:
            path = f"{asked}?{urlencode({'next': request.get_full_path()})}"
            return HttpResponseClientRedirect(path) if by_htmx else SeeOther(path)
        if by_htmx:
            answer = render(request, "diary/_consent_asked.html", status=403)
            answer.headers["X-Ebb-Consent"] = "asked"  # a device waits for it
            return answer
        sent = request.POST.copy()
        answered = "consent" in sent or "consent_asked" in sent
        form = consent.ConsentForm(request.POST if answered else None)
        for name in ("consent", "consent_asked"):
            sent.pop(name, None)
        if form.is_valid():
            consent.give(person, timezone.now())
            request.POST = sent  # type: ignore[assignment]
            return None
        context = {
            "form": form,
            "path": request.get_full_path(),
            "sent": unsent.fields(sent),
            "has_files": bool(request.FILES),
        }
        return render(request, "diary/consent.html", context, status=422 if answered else 403)


def _opened(request: HttpRequest) -> Diary | None:
    user: User | AnonymousUser = request.user
    if not user.is_authenticated:
        return None
    diary = user.diary
    timezone.activate(diary.tz)
    return diary
