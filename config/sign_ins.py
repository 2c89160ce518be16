"""Lines of the log about accounts: who came in, who was refused, and which way in was changed.

An account is told by its number and a browser by its address on the network; neither the e-mail
address nor anything else that was typed is written down.
"""

import logging
from typing import Any

from allauth.account import signals as accounts
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as codes
from django.contrib.auth import signals as sessions
from django.core.exceptions import PermissionDenied
from django.dispatch import Signal

log = logging.getLogger(__name__)

EVENTS: list[tuple[Signal, int, str]] = [
    (sessions.user_logged_in, logging.INFO, "signed in"),
    (sessions.user_logged_out, logging.INFO, "signed out"),
    (sessions.user_login_failed, logging.WARNING, "password refused"),
    (codes.authentication_failed, logging.WARNING, "second step refused"),
    (accounts.user_signed_up, logging.INFO, "account made"),
    (accounts.password_changed, logging.WARNING, "password changed"),
    (accounts.password_reset, logging.WARNING, "password chosen anew by a link"),
    (accounts.email_changed, logging.WARNING, "main address changed"),
    (accounts.email_added, logging.WARNING, "address added"),
    (accounts.email_removed, logging.WARNING, "address removed"),
    (codes.authenticator_added, logging.WARNING, "way to sign in added"),
    (codes.authenticator_removed, logging.WARNING, "way to sign in removed"),
    (codes.authenticator_reset, logging.WARNING, "recovery codes made anew"),
]


def write_down() -> None:
    """Write a line at each of these events from now on."""
    for signal, level, words in EVENTS:
        signal.connect(_writer(level, words), weak=False, dispatch_uid=f"ebb: {words}")


def _writer(level: int, words: str) -> Any:
    def write(
        sender: Any, request: Any = None, user: Any = None, authenticator: Any = None, **about: Any
    ) -> None:
        whose = f"account {user.pk}" if user else "no account named"
        means = f", {authenticator.type}" if authenticator else ""
        log.log(level, "%s: %s%s, from %s", words, whose, means, _address(request))

    return write


def _address(request: Any) -> str:
    """The browser's address, as the limits count it."""
    try:
        return str(get_adapter(request).get_client_ip(request)) if request else "this machine"
    except PermissionDenied:  # a proxy that does not say whom it asks for
        return "an unknown address"
