"""The page that asks whether health data may be kept, and the one on which that is taken back."""

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.accounts import asked_again
from config.http import Request, SeeOther, came_from, render_page
from diary import consent, leaving
from diary.models import Consent

from .leaving import leaves


@require_http_methods(["GET", "HEAD", "POST"])
def consent_page(request: Request) -> HttpResponse:
    """Ask; once somebody agreed, say to what and since when."""
    form = consent.ConsentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        consent.give(request.user, timezone.now())
        return SeeOther(came_from(request, "today"))
    answers = Consent.objects.of(request.user).order_by("-pk")
    context = {
        "form": form,
        "next": came_from(request, "today"),
        "holds": consent.holds(request.diary),
        "last": answers.first(),
    }
    return render_page(request, "diary/consent.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@asked_again(then="account_consent_withdraw")
def withdraw(request: Request) -> HttpResponseBase:
    """Say what follows from taking it back; then nothing is kept any longer than 14 days."""
    if request.method != "POST":
        return render_page(request, "diary/consent_withdraw.html", {"days": leaving.GRACE.days})
    consent.withdraw(request.user, timezone.now())
    return leaves(request)
