"""A walk through every address that leads to a page, by whoever can come there.

An address that is new and leads to a page is walked through by itself, or fails there.
"""

from uuid import uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from diary.imports import work
from diary.models import Batch
from tests.hostile.test_addresses import as_it_could_be
from tests.test_access import TAKES, address, sign_in

# Nobody comes to a page here: everybody has a password, no code is sent by letter, and only a
# device answers for a passkey (`test_sign_in` walks there, and sees what the console says).
NOT_SEEN = {
    "account_set_password",
    "account_confirm_login_code",
    "account_request_reauthentication_code",
    "account_confirm_reauthentication_code",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
}
IN_SAMPLE = {"insights-week", "insights-factor"}  # half a year has something to show there
PASSWORD = "a long enough password"


class Walk:
    """Through pages in one browser: which were seen, and which addresses lead to none."""

    def __init__(self, page, client):
        self.page, self.client = page, client
        self.seen, self.no_page = set(), set()

    def see(self, paths, look):
        """Open what leads to a page, and look at it."""
        for name, path in paths.items():
            answer = self.client.get(path)
            is_text = answer.headers["Content-Type"].startswith("text/html")
            if not is_text or answer.status_code == 405:
                self.no_page.add(name)
            elif answer.status_code == 200:
                self.page.goto(path)
                look(self.page)
                self.seen.add(name)


def every_page(browse, client, alice, written, settings, look):
    """See every page as a stranger, else as alice, else in the middle of signing in."""
    settings.SIGNUP, settings.SECURITY_CONTACT = "open", "mailto:safe@example.org"

    def paths(names):
        return {name: address(name, written) for name in sorted(names)}

    stranger = Walk(browse(), Client())
    stranger.page.route("**/healthz", lambda route: route.abort())  # or a kept page leads back
    stranger.see(paths(TAKES), look)
    sign_in(client, alice)
    own = Walk(browse(client=client), client)
    own.see(paths({"mfa_edit_webauthn", "mfa_remove_webauthn"}), look)
    as_it_could_be("any other")
    own.see(paths(set(TAKES) - stranger.seen - own.seen - IN_SAMPLE), look)
    TOTP.activate(alice, generate_totp_secret())
    RecoveryCodes.activate(alice)
    written["import"] = uuid4()
    work.ask(alice, written["import"], "moods.csv", [b"date,mood\n2026-11-18,3\n"], now())
    work.work_on(Batch.objects.get(uuid=written["import"]).pk, now())
    own.see(paths(set(TAKES) - stranger.seen - own.seen - own.no_page - IN_SAMPLE), look)
    half = Client()
    half.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    halfway = Walk(browse(client=half), half)
    halfway.see(paths({"mfa_authenticate"}), look)

    known = set().union(*(walk.seen | walk.no_page for walk in (stranger, own, halfway)))
    unseen = set(TAKES) - known
    assert unseen == NOT_SEEN | IN_SAMPLE, unseen ^ (NOT_SEEN | IN_SAMPLE)
