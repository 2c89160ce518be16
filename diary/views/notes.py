"""Notes: a new one, the one-tap repeat, one to edit, and taking one back."""

import json
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from config.http import Request, SeeOther, came_from, led_here, render_page, wants_part
from diary import kept, recording
from diary.days import parse_day
from diary.durations import USUAL
from diary.forms.note import EditForm, NoteFields, NoteForm
from diary.kinds import KIND_NAMES, NoteKind
from diary.models import Diary, Twitch, User
from diary.places import PLACES, REGIONS, names
from diary.shown import clock_text
from diary.tiles import Use, last_durations, ranked

from .today import changed

SHORTCUTS = 3  # usual places offered above the figure


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: Request) -> HttpResponse:
    """Note a twitch: only its place is needed."""
    now = timezone.now()
    if request.method != "POST":
        return _log_page(request, *_fresh(request, now))
    form = _sent(request, now)
    if not form.is_valid() or form.at is None:
        return _log_page(request, form, status=422)
    try:
        saved = _save(request.user, form, now)
    except recording.StaleEdit:
        form.add_error(None, _("The values of the day had changed meanwhile. Look at them again"))
        return _log_page(request, form, status=422)
    return _go_back(request, " ".join(_said(saved, form, request.diary, now)))


@require_POST
def log_again(request: Request) -> HttpResponse:
    """The note of a tile: its place and usual length, at the time now."""
    now = timezone.now()
    form = _sent(request, now)
    if not form.is_valid() or form.at is None:
        return _log_page(request, form, status=422)
    place = form.cleaned_data["place"][0]
    key = form.cleaned_data["form"]
    if form.wait:  # notes that waited arrive together, however long there was between the taps
        saved = recording.note(request.user, key, [place], form.note, now)
    else:
        saved = recording.note_again(request.user, key, place, form.note, now)
    said = " ".join(_said(saved, form, request.diary, now))
    return changed(request, said, lifted=key if saved.lifted_clear else None)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: Request, uuid: UUID) -> HttpResponse:
    """Change a note. Who comes second is told, and loses nothing that was typed."""
    now = timezone.now()
    mine = Twitch.objects.of(request.user)
    if request.method == "POST":
        mine |= Twitch.objects.removed_by(request.user, now)
    twitch = get_object_or_404(mine, uuid=uuid)
    if request.method != "POST":
        form = EditForm(twitch=twitch, diary=request.diary, now=now)
        return _edit_page(request, form)
    form = EditForm(request.POST, twitch=twitch, diary=request.diary, now=now)
    if not form.is_valid() or form.at is None:
        return _edit_page(request, form, status=422)
    if twitch.removed_at and "put_back" not in request.POST:
        form.add_error(None, _("This note was removed meanwhile. What you typed is still here"))
        return _edit_page(request, form, status=422)
    try:
        _change(request.user, twitch, form, now)
    except recording.StaleEdit:
        form.add_error(
            None, _("This note was changed meanwhile. Saving once more keeps what stands here")
        )
        return _edit_page(request, form, stored=twitch, status=422)  # as it stands now
    said = [_("%(place)s is changed.") % {"place": PLACES[form.cleaned_data["place"]].name}]
    return _go_back(request, " ".join([*said, *_moved(form)]))


@require_POST
def note_remove(request: Request, uuid: UUID) -> HttpResponse:
    """Take back one note, or by the id of its form all the notes that came with it."""
    now = timezone.now()
    found = _one_or_group(Twitch.objects.of(request.user), uuid)
    if not found and not _one_or_group(Twitch.objects.removed_by(request.user, now), uuid):
        raise Http404
    recording.remove(found, request.user, now, clear_again=request.POST.get("clear") == "again")
    return changed(
        request,
        ngettext("Note removed.", "%(count)s notes removed.", len(found) or 1)
        % {"count": len(found)},
    )


@require_POST
def note_restore(request: Request, uuid: UUID) -> HttpResponse:
    """Put a removed note back."""
    now = timezone.now()
    found = _one_or_group(Twitch.objects.removed_by(request.user, now), uuid)
    if not found and not _one_or_group(Twitch.objects.of(request.user), uuid):
        raise Http404
    recording.restore(found, request.user, now)
    return changed(
        request,
        ngettext("Note put back.", "%(count)s notes put back.", len(found) or 1)
        % {"count": len(found)},
    )


def _fresh(request: Request, now: datetime) -> tuple[NoteForm, list[Use]]:
    """An empty form for the place and the day that the address asks for."""
    today = request.diary.today(now)
    place, day = _asked_place(request), _asked_day(request, today) or today
    uses, values = kept.uses_and_values(request.user, today, day)
    form = NoteForm(
        diary=request.diary,
        now=now,
        about=day,
        values=values,
        past=day != today,
        place=place,
        kind=_asked_kind(request),
        duration=last_durations(uses).get(place or "", USUAL),
    )
    return form, uses


def _sent(request: Request, now: datetime) -> NoteForm:
    """The form as it was sent; a tile sends no more than its place and length."""
    data = request.POST.copy()
    data.setdefault("when", "0")
    today = request.diary.today(now)
    return NoteForm(data, diary=request.diary, now=now, about=today, values={})


@transaction.atomic
def _save(owner: User, form: NoteForm, now: datetime) -> recording.Saved:
    """The notes, and the values of the day that the form was showing."""
    assert form.at is not None
    about = form.cleaned_data["about"] or form.at.day
    factors = form.day_changes()
    if factors and about != form.at.day:
        recording.change_day(owner, about, factors, form.day_before(), now)
        factors = {}
    return recording.note(
        owner,
        form.cleaned_data["form"],
        form.cleaned_data["place"],
        form.note,
        now,
        factors=factors,
    )


@transaction.atomic
def _change(owner: User, twitch: Twitch, form: EditForm, now: datetime) -> None:
    """The edited note; one that was removed meanwhile is put back first."""
    version = int(form.cleaned_data["version"])
    if twitch.removed_at:
        recording.restore([twitch], owner, now)
        twitch.refresh_from_db()
        version = twitch.version
    recording.edit(twitch, version, form.cleaned_data["place"], form.note, now)


def _said(saved: recording.Saved, form: NoteForm, diary: Diary, now: datetime) -> list[str]:
    """What was saved, in sentences."""
    first = saved.notes[0]
    places = names(twitch.place for twitch in saved.notes)
    if not first.is_twitch:
        kind = KIND_NAMES[NoteKind(first.kind)]
        places = _("%(kind)s: %(place)s") % {"kind": kind, "place": places}
    if first.local_time and first.day == diary.today(now):
        said = _("%(places)s noted at %(time)s.") % {
            "places": places,
            "time": clock_text(first.local_time, diary.clock),
        }
    else:
        said = _("%(places)s noted for %(day)s.") % {
            "places": places,
            "day": date_format(first.day, "WEEKDAY"),
        }
    more = []
    if first.added_later:
        more.append(_("Older memories are less exact. That is fine. It is marked “added later”."))
    if saved.lifted_clear:
        more.append(_("The day is no longer marked as clear."))
    return [said, *_moved(form), *more]


def _moved(form: NoteFields) -> list[str]:
    if form.moved_from is None or form.at is None or form.at.started_at is None:
        return []
    return [
        _("The clocks went forward then, so %(typed)s is kept as %(time)s.")
        % {
            "typed": clock_text(form.moved_from, form.diary.clock),
            "time": clock_text(form.at.started_at.astimezone(form.zone), form.diary.clock),
        }
    ]


def _go_back(request: Request, said: str) -> HttpResponse:
    messages.success(request, said)
    path = came_from(request, "today")
    return HttpResponseClientRedirect(path) if wants_part(request) else SeeOther(path)


def _log_page(
    request: Request, form: NoteForm, uses: list[Use] | None = None, status: int = 200
) -> HttpResponse:
    today = request.diary.today(form.now)
    uses = kept.uses(request.user, today) if uses is None else uses
    if "form" in form.errors:
        # The next try needs an id that is one.
        form.data = _sent_with(form, "form", str(uuid4()))
    context = {
        "shortcuts": [PLACES[key] for key in ranked(uses, today)[:SHORTCUTS]],
        "about": form.shown_day,
        "about_today": form.shown_day == today,
        "day_summary": form.day_summary,
        "lasted": json.dumps({"": USUAL} | last_durations(uses)),
    }
    return _form_page(request, form, context, status)


def _edit_page(
    request: Request, form: EditForm, stored: Twitch | None = None, status: int = 200
) -> HttpResponse:
    if stored:
        form.data = _sent_with(form, "version", str(stored.version))
    return _form_page(request, form, {"twitch": form.twitch, "stored": stored}, status)


def _sent_with(form: NoteFields, name: str, value: str) -> QueryDict:
    """What was sent, but for one value."""
    data = cast(QueryDict, form.data).copy()
    data[name] = value
    return data


def _form_page(
    request: Request, form: NoteForm | EditForm, context: dict[str, Any], status: int
) -> HttpResponse:
    chosen = form.chosen
    context |= {
        "form": form,
        "regions": REGIONS,
        "chosen": set(chosen),
        "chosen_names": names(chosen),
        "next": came_from(request, "today"),
        "close": _close(request),
    }
    return render_page(request, "diary/log.html", context, part="form", status=status)


def _close(request: Request) -> str:
    """Back to where the form was opened from, and not to what belongs to it."""
    before = led_here(request)
    own = (reverse("log"), request.path)
    if not before or before.startswith(own) or "next" in request.GET:
        return came_from(request, "today")
    return before


def _asked_place(request: Request) -> str | None:
    place = request.GET.get("place")
    if place and place not in PLACES:
        raise Http404("No such place.")
    return place or None


def _asked_kind(request: Request) -> NoteKind:
    try:
        return NoteKind(request.GET.get("kind") or NoteKind.TWITCH)
    except ValueError as unknown:
        raise Http404("No such kind of note.") from unknown


def _asked_day(request: Request, today: date) -> date | None:
    asked = request.GET.get("day")
    if not asked:
        return None
    try:
        day = parse_day(asked)
    except ValueError as no_such_day:
        raise Http404("No such day.") from no_such_day
    if day > today:
        raise Http404("This day has not come yet.")
    return day


def _one_or_group(notes: QuerySet[Twitch], uuid: UUID) -> list[Twitch]:
    return list(notes.filter(Q(uuid=uuid) | Q(group=uuid)))
