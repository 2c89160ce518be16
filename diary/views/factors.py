"""What a person notes beside twitches: shown or hidden, switched on, made, written anew."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.http import Request, SeeOther, render_page
from diary import recording
from diary.factors import FACTORS, OPTIONAL, Factor, Shape, as_remembered, further_of
from diary.forms.own_factor import FactorNameForm, OwnFactorForm


@require_http_methods(["GET", "HEAD", "POST"])
def factors(request: Request) -> HttpResponse:
    """Show what can be noted, or make a factor of one's own."""
    if request.method != "POST":
        return _page(request, OwnFactorForm(taken={}))
    if _is_there(request):
        return SeeOther("factors")
    form = OwnFactorForm(request.POST, taken=_known(request))
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        recording.make_factor(request.user, form.made, timezone.now())
    except recording.TooMany as too_many:
        form.add_error(None, _too_many(too_many))
        return _page(request, form, status=422)
    messages.success(request, _("You can now note: %(name)s.") % {"name": form.made.name})
    return SeeOther("factors")


@require_http_methods(["GET", "HEAD", "POST"])
def factor(request: Request, key: str) -> HttpResponse:
    """Write a factor of one's own in another way."""
    stands = request.diary.ever_noted.get(key)
    if stands is None or not stands.own:
        raise Http404
    taken = {name: one for name, one in _known(request).items() if name != key}
    form = FactorNameForm(
        request.POST if request.method == "POST" else None,
        taken=taken,
        initial={"name": stands.name, "unit": stands.unit, "step": stands.step},
    )
    if stands.shape is not Shape.AMOUNT:
        del form.fields["unit"], form.fields["step"]
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render_page(
            request, "diary/factor_name.html", {"form": form, "factor": stands}, status=status
        )
    said = form.cleaned_data
    recording.rename_factor(
        request.user,
        key,
        said["name"],
        said.get("unit", ""),
        said.get("step") or 1,
        timezone.now(),
    )
    messages.success(request, _("Saved."))
    return SeeOther("factors")


@require_POST
def factor_switch(request: Request, key: str) -> HttpResponse:
    """Begin or stop to note a factor; nothing that was noted goes away."""
    on = request.POST.get("on") == "yes"
    try:
        recording.switch_factor(request.user, key, on, timezone.now())
    except KeyError as unknown:
        raise Http404 from unknown
    except recording.TooMany as too_many:
        form = OwnFactorForm(taken={})
        return _page(request, form, refused=_too_many(too_many), status=422)
    return SeeOther("factors")


def _known(request: Request) -> dict[str, Factor]:
    """Everything that a new factor must not be called like."""
    return FACTORS | OPTIONAL | request.diary.ever_noted


def _is_there(request: Request) -> bool:
    """Whether the same form came before: its name is taken by itself."""
    sent = OwnFactorForm(request.POST, taken={})
    entries = further_of(request.diary.more_factors)
    return sent.is_valid() and any(entry.on and entry.own == sent.made for entry in entries)


def _too_many(too_many: recording.TooMany) -> str:
    return _("There is room for %(most)s. Stop noting another one first") % {"most": too_many.most}


def _page(
    request: Request, form: OwnFactorForm, refused: str = "", status: int = 200
) -> HttpResponse:
    noted, everybody = request.diary.factors, request.diary.of_everybody
    further = OPTIONAL | {k: f for k, f in request.diary.ever_noted.items() if f.own}
    context = {
        "form": form,
        "refused": refused,
        "always": [(factor, factor.key in noted) for factor in as_remembered(everybody)],
        "further": [(factor, key in noted) for key, factor in further.items()],
        "compared": sum(bool(factor.lags) for factor in noted.values()),
    }
    return render_page(request, "diary/factors.html", context, status=status)
