"""Pages about shared reports: the owner's list, and what a clinician sees."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from config.accounts import few_tries
from config.http import Request, SeeOther, render_page
from diary.models import Diary

from .. import collect
from ..models import Share
from ..reports.choices import ReportForm
from ..reports.making import make as make_report
from ..reports.views import sheet
from . import links
from .forms import ShareForm


@require_http_methods(["GET", "HEAD", "POST"])
def shares(request: Request) -> HttpResponse:
    """What is shared by now; sent, the report of these choices gets a link of its own."""
    moment = timezone.now()
    sent = request.POST or request.GET
    report = ReportForm(sent if "period" in sent else None, today=request.diary.today(moment))
    if request.method != "POST" or (report.is_bound and not report.is_valid()):
        return _page(request, ShareForm())
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    asked = report.asked(collect.words(request.user, *report.days))
    made = links.make(
        request.user, asked, form.cleaned_data["days"], form.cleaned_data["pin"], moment
    )
    path = reverse("shared", args=[made.share.uuid])
    # Shown once, in the answer itself: neither a redirect nor the session ever holds the secret.
    link = f"{request.build_absolute_uri(path)}#{made.secret}"
    return _page(request, ShareForm(), link=link, made=made.share)


@require_POST
def share_revoke(request: Request, uuid: UUID) -> HttpResponse:
    """Take a link back."""
    links.revoke(get_object_or_404(Share.objects.of(request.user), uuid=uuid), timezone.now())
    return SeeOther("shares")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@few_tries("shared", "30/m/ip")
def shared(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the link leads to. Only a click opens the report, never the mere look of a scanner.

    A link that is wrong, has ended or was taken back answers as one that never was.
    """
    if request.method != "POST":
        return render(request, "insights/shared.html", {"uuid": uuid})
    moment = timezone.now()
    secret, pin = (request.POST.get(name, "").strip() for name in ("secret", "pin"))
    found = links.opened(uuid, secret, pin, moment)
    if found is None:
        context = {"uuid": uuid, "refused": True, "secret": secret[:100]}
        return render(request, "insights/shared.html", context, status=404)
    diary = Diary.objects.select_related("owner").get(owner=found.owner)
    made = make_report(diary, links.scope_of(found), moment)
    context = {"expires_at": found.expires_at, **sheet(made)}
    return render(request, "insights/shared_report.html", context)


def _page(
    request: Request,
    form: ShareForm,
    *,
    link: str = "",
    made: Share | None = None,
    status: int = 200,
) -> HttpResponse:
    moment = timezone.now()
    rows = Share.objects.of(request.user).prefetch_related("openings").order_by("-made_at")
    context = {
        "form": form,
        "link": link,
        "made": made,
        "choices": [(name, value) for name, values in _choices(request) for value in values],
        "shares": [
            {
                "share": share,
                "is_open": share.is_open(moment),
                "openings": sorted((o.at for o in share.openings.all()), reverse=True),
                "asked": links.scope_of(share),
            }
            for share in rows
        ],
    }
    return render_page(request, "insights/shares.html", context, status=status)


def _choices(request: Request) -> list[tuple[str, list[str]]]:
    """The choices of the report that came along, to be sent once more."""
    sent = request.POST or request.GET
    own = {"csrfmiddlewaretoken", "days", "pin"}
    return [(name, values) for name, values in sent.lists() if name not in own]
