"""What the person takes, and from when to when: their own list, also for a doctor."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.http import Request, SeeOther, render_page
from diary import recording
from diary.forms.medicine import MedicineForm
from diary.models import Medicine


@require_http_methods(["GET", "HEAD", "POST"])
def medicines(request: Request) -> HttpResponse:
    """Show the list, or put something on it."""
    now = timezone.now()
    today = request.diary.today(now)
    if request.method != "POST":
        return _list(request, MedicineForm(today=today), now)
    form = MedicineForm(request.POST, today=today)
    if not form.is_valid():
        return _list(request, form, now, status=422)
    recording.add_medicine(request.user, form.cleaned_data["form"], form.text, now)
    messages.success(request, _("%(name)s is on your list.") % {"name": form.text.name})
    return SeeOther("medicines")


@require_http_methods(["GET", "HEAD", "POST"])
def medicine(request: Request, uuid: UUID) -> HttpResponse:
    """Change an entry. Who comes second is told, and loses nothing that was typed."""
    now = timezone.now()
    today = request.diary.today(now)
    found = get_object_or_404(Medicine.objects.of(request.user), uuid=uuid)
    if request.method != "POST":
        return _entry(request, MedicineForm(today=today, medicine=found), found)
    form = MedicineForm(request.POST, today=today, medicine=found)
    if not form.is_valid():
        return _entry(request, form, found, status=422)
    try:
        recording.change_medicine(found, int(form.cleaned_data["version"]), form.text, now)
    except recording.StaleEdit:
        form.add_error(
            None, _("This was changed meanwhile. Saving once more keeps what stands here")
        )
        form.data = {**request.POST.dict(), "version": str(found.version)}
        return _entry(request, form, found, status=422)
    messages.success(request, _("%(name)s is changed.") % {"name": form.text.name})
    return SeeOther("medicines")


@require_POST
def medicine_remove(request: Request, uuid: UUID) -> HttpResponse:
    """Take an entry off the list; it can be put back."""
    now = timezone.now()
    both = Medicine.objects.of(request.user) | Medicine.objects.removed_by(request.user, now)
    recording.remove_medicine(get_object_or_404(both, uuid=uuid), now)
    return SeeOther("medicines")


@require_POST
def medicine_restore(request: Request, uuid: UUID) -> HttpResponse:
    """Put an entry back on the list."""
    now = timezone.now()
    both = Medicine.objects.of(request.user) | Medicine.objects.removed_by(request.user, now)
    recording.restore_medicine(get_object_or_404(both, uuid=uuid), now)
    return SeeOther("medicines")


def _list(request: Request, form: MedicineForm, now: datetime, status: int = 200) -> HttpResponse:
    newest = Medicine.objects.of(request.user).order_by(F("first").desc(nulls_last=True), "-pk")
    context = {
        "form": form,
        "taken": [entry for entry in newest if entry.last is None],
        "ended": [entry for entry in newest if entry.last is not None],
        "removed": Medicine.objects.removed_by(request.user, now).order_by("-removed_at"),
    }
    return render_page(request, "diary/medicines.html", context, status=status)


def _entry(
    request: Request, form: MedicineForm, found: Medicine, status: int = 200
) -> HttpResponse:
    context = {"form": form, "medicine": found}
    return render_page(request, "diary/medicine.html", context, status=status)
