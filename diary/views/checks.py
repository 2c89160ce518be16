"""The symptoms check: answered when somebody likes, and taken back when they like."""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.http import Request, SeeOther, render_page
from diary import recording
from diary.forms.check import CheckForm
from diary.models import Check


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponse:
    """Six everyday questions; what the answers ask for has a page of its own."""
    if request.method != "POST":
        return _page(request, CheckForm())
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    saved = recording.note_check(
        request.user, form.identity, form.answers, form.cleaned_data["words"], timezone.now()
    )
    return SeeOther("check-answer", saved.uuid)


@require_POST
def check_remove(request: Request, uuid: UUID) -> HttpResponse:
    """Take the answers of a check back."""
    now = timezone.now()
    found = get_object_or_404(_mine(request, now), uuid=uuid)
    recording.remove_check(found, now)
    messages.success(request, _("Taken back."))
    return SeeOther("check-answer", uuid)


@require_POST
def check_restore(request: Request, uuid: UUID) -> HttpResponse:
    """Put the answers of a check back."""
    now = timezone.now()
    found = get_object_or_404(_mine(request, now), uuid=uuid)
    recording.restore_check(found, now)
    messages.success(request, _("Put back."))
    return SeeOther("check-answer", uuid)


def _mine(request: Request, now: datetime) -> QuerySet[Check]:
    mine: QuerySet[Check] = Check.objects.of(request.user)
    return mine | Check.objects.removed_by(request.user, now)


def _page(request: Request, form: CheckForm, status: int = 200) -> HttpResponse:
    if "form" in form.errors:
        # The next try needs an id that is one.
        form.data = request.POST.copy()
        form.data["form"] = str(uuid4())
    latest = Check.objects.of(request.user).order_by("-day", "-created_at").first()
    context = {
        "form": form,
        "latest": latest.answered if latest else None,
        "today": request.diary.today(timezone.now()),
    }
    return render_page(request, "diary/check.html", context, status=status)
