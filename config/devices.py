"""Where a person is signed in, and how to end that from afar."""

from typing import NamedTuple

from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts import asked_again
from config.http import Request, SeeOther

# By what stands in the name that a browser gives itself. The first that fits: most say that they
# are Safari and Mozilla too, and a telephone with Android says that it runs Linux.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


class Device(NamedTuple):
    """A browser in which somebody is signed in."""

    session: UserSession
    name: str
    is_this: bool


def device_name(user_agent: str) -> str:
    """What a browser says of itself, as a person would call it."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("Another program")


@require_safe
def devices(request: Request) -> HttpResponse:
    """Everywhere this person is signed in, this device first and then the newest."""
    known = UserSession.objects.purge_and_list(request.user)
    key = request.session.session_key
    if not any(session.session_key == key for session in known):
        UserSession.objects.create_from_request(request)
        known.append(UserSession.objects.get(session_key=key))
    found = [Device(it, device_name(it.user_agent), it.session_key == key) for it in known]
    found.sort(key=lambda it: (it.is_this, it.session.created_at), reverse=True)
    return render(request, "account/devices.html", {"devices": found})


@require_POST
@asked_again(then="account_devices")
def end(request: Request, pk: int) -> HttpResponse:
    """Sign out one device."""
    session = get_object_or_404(UserSession, user=request.user, pk=pk)
    end_sessions(request, [session])
    messages.success(request, _("That device is signed out."))
    return SeeOther("account_devices")


@require_POST
@asked_again(then="account_devices")
def end_others(request: Request) -> HttpResponse:
    """Sign out every device but this one."""
    end_other_sessions(request, request.user)
    messages.success(request, _("Every other device is signed out."))
    return SeeOther("account_devices")
