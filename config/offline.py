"""What a browser needs to keep the app on a device: manifest, worker, and pages without a person.

The worker keeps only what is named here. These pages are the same for everybody: whoever is signed
in, they are rendered for nobody, so that nothing personal can come into a browser's cache.
"""

import hashlib
import json
import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diary.durations import USUAL
from diary.factors import FACTORS
from diary.forms.note import NoteForm
from diary.models import Diary
from diary.places import COMMON, PLACES, REGIONS
from diary.rows import rows
from diary.shown import Caffeine
from diary.tiles import TILES

from .http import of_this_site, same_for_everybody

# By the name of its address: the page that stands in for others, and for which paths.
SHELLS = {
    "offline-today": ("offline/today.html", ("today", "home")),
    "offline-log": ("offline/log.html", ("log",)),
    "offline-waiting": ("offline/waiting.html", ("waiting",)),
    "offline": ("offline/offline.html", ()),
}
PAPER = "#f1f5f5"  # --paper in light


@login_not_required
@require_safe
@same_for_everybody
def manifest(request: HttpRequest) -> JsonResponse:
    """What this is called and looks like as an app."""
    icons = [
        {"src": static(f"icons/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}
        for name, sizes, kind, purpose in (
            ("ebb-192.png", "192x192", "image/png", "any"),
            ("ebb-512.png", "512x512", "image/png", "any"),
            ("ebb-maskable-512.png", "512x512", "image/png", "maskable"),
            ("ebb.svg", "any", "image/svg+xml", "any"),
        )
    ]
    shortcuts = [
        {"name": _("Note a twitch"), "url": reverse("log")},
        {"name": _("Today"), "url": reverse("today")},
    ]
    return JsonResponse(
        {
            "id": "/",
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "description": _("A diary for muscle twitches"),
            "lang": get_language(),
            "start_url": reverse("today"),
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": icons,
            "shortcuts": shortcuts,
        },
        content_type="application/manifest+json",
    )


@login_not_required
@require_safe
@same_for_everybody
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: what it keeps, named by content, then the code that keeps it."""
    script = _worker(get_language() or "") if not settings.DEBUG else _written_worker()
    response = HttpResponse(script, content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/"
    return response


@login_not_required
@require_safe
@same_for_everybody
def shell(request: HttpRequest, name: str) -> HttpResponse:
    """A page for when there is no connection."""
    return render(request, SHELLS[name][0], _shell(name))


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits on this device; only its browser knows, so only its browser shows it."""
    return render(request, "offline/waiting.html")


def _shell(name: str) -> dict[str, Any]:
    """What such a page shows: nobody, and a diary that nobody has written in."""
    diary = Diary(caffeine_in=Caffeine.MG)  # which everybody can write, whatever they count in
    context: dict[str, Any] = {
        "user": AnonymousUser(),
        "messages": [],
        "account": "",
        "shell": name,
    }
    if name == "offline-today":
        context |= {
            "places": [PLACES[key] for key in COMMON[:TILES]],
            "usual": USUAL,
            "rows": rows({}, FACTORS, diary.units),
        }
    if name == "offline-log":
        now = timezone.now()
        form = NoteForm(diary=diary, now=now, about=diary.today(now), values={})
        form.fields["hydration"].help_text = ""  # how large a glass is, only its owner knows
        context |= {
            "form": form,
            "regions": REGIONS,
            "chosen": (),
        }
    return context


@lru_cache
def _worker(language: str) -> str:
    """The worker in one language: templates and files stay as they are while a process runs."""
    return _written_worker()


def _written_worker() -> str:
    pages = {
        name: render_to_string(SHELLS[name][0], _shell(name) | of_this_site()) for name in SHELLS
    }
    together = "".join(pages.values())
    prefix = re.escape(settings.STATIC_URL)
    files = sorted(set(re.findall(rf'(?:href|src)="({prefix}[^"]+)"', together)))
    kept = {
        "version": hashlib.sha256(together.encode()).hexdigest()[:12],
        "files": [*files, *map(reverse, SHELLS)],
        "shells": {
            reverse(path): reverse(name) for name, (_, paths) in SHELLS.items() for path in paths
        },
        "otherwise": reverse("offline"),
        "static": settings.STATIC_URL,
    }
    return f"self.kept = {json.dumps(kept)};\nimportScripts({json.dumps(static('js/sw.js'))});\n"
