"""The page on which a person leaves for good, or keeps the account after all."""

from allauth.account.adapter import get_adapter
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.accounts import asked_again
from config.http import Request, SeeOther, render_page
from diary import consent, leaving


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request) -> HttpResponseBase:
    """Say what goes, and take the wish; once it was taken, offer to keep the account."""
    if request.diary.leaves_at is None:
        return _asked(request)
    if request.method == "POST":
        return SeeOther("account_leave")  # sent twice
    return render_page(request, "diary/leaving.html", {"form": consent.question(request.diary)})


@asked_again(then="account_leave")
def _asked(request: Request) -> HttpResponse:
    if request.method != "POST":
        context = {"days": leaving.GRACE.days, "leaves_at": timezone.now() + leaving.GRACE}
        return render_page(request, "diary/leave.html", context)
    return leaves(request)


def leaves(request: Request) -> HttpResponse:
    """Take the wish: other devices are signed out, and the owner is told by mail."""
    leaves_at = leaving.ask(request.user, timezone.now())
    end_other_sessions(request, request.user)
    get_adapter(request).send_notification_mail(
        "account/email/leaving", request.user, {"leaves_at": leaves_at}
    )
    return SeeOther("account_leave")


@require_POST
def keep(request: Request) -> HttpResponse:
    """Keep the account: everything is as it was, apart from the devices that were signed out.

    Whoever took the consent back gives it again with that: no diary stays without one.
    """
    if request.diary.leaves_at is None:
        return SeeOther("today")
    asked = not consent.holds(request.diary)
    form = consent.ConsentForm(request.POST if asked else None)
    if asked and not form.is_valid():
        return render_page(request, "diary/leaving.html", {"form": form}, status=422)
    if not leaving.keep(request.user, timezone.now()):
        return SeeOther("account_leave")
    if asked:
        consent.give(request.user, timezone.now())
    messages.success(request, _("Your account stays. Welcome back."))
    return SeeOther("today")
