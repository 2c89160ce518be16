"""How long somebody stays signed in: while they come back, and never for ever.

The cookie ends with the browser, or after 90 days where the person chose to stay signed in. What a
browser promises about a cookie is no limit, so the server keeps its own clock beside it.
"""

import contextlib
import time
from collections.abc import Callable
from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse

HOUR = 60 * 60
UNUSED_AT_MOST = 30 * 24 * HOUR
UNUSED_AT_MOST_UNTIL_CLOSED = 12 * HOUR  # where "Stay signed in" was not chosen
WRITTEN_DOWN_EVERY = HOUR  # at each page it would be a write for every look
BEGAN, USED = "session-began", "session-used"


def ended_when_unused(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """End the session of somebody who stayed away, or who signed in long ago."""

    def middleware(request: HttpRequest) -> HttpResponse:
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES:
            if SESSION_KEY in request.session:
                _look_at(request.session, int(time.time()))
            elif request.session.session_key is None:
                # It got another name since this was sent, which the answer must not take away.
                del request.COOKIES[name]
        return get_response(request)

    return middleware


def begin_with_signing_in() -> None:
    """Have the clock of a session start at signing in, and its name change with each proof."""
    user_logged_in.connect(_begin, dispatch_uid="ebb: a session begins")
    authentication_step_completed.connect(_rename, dispatch_uid="ebb: a session gets a new name")


def _begin(sender: Any, request: HttpRequest, **about: Any) -> None:
    request.session[BEGAN] = request.session[USED] = int(time.time())


def _rename(sender: Any, request: HttpRequest, **about: Any) -> None:
    """Give a session another name when somebody proves again who they are.

    Signing in does so by itself. The list of devices goes on with the same line.
    """
    if about.get("reauthenticated"):
        before = request.session.session_key
        request.session.cycle_key()
        UserSession.objects.filter(session_key=before).update(
            session_key=request.session.session_key
        )


def _look_at(session: Any, now: int) -> None:
    began, used = session.get(BEGAN, now), session.get(USED, 0)
    until_closed = session.get_expire_at_browser_close()
    at_most = UNUSED_AT_MOST_UNTIL_CLOSED if until_closed else UNUSED_AT_MOST
    if used and (now - used > at_most or now - began > settings.SESSION_COOKIE_AGE):
        session.flush()
    elif now - used > WRITTEN_DOWN_EVERY:
        session[BEGAN], session[USED] = began, now
        # Reading goes on where nothing can be written; then the clock stays as it was.
        with contextlib.suppress(UpdateError):
            session.save()
        session.modified = False
