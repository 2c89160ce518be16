"""A walk through all pages: no part of any of them is held back by the browser's policy.

Whatever can be clicked on a page is clicked once, apart from what leads to another page. An address
that is new and leads to a page is walked through by itself, or fails here.
"""

from uuid import uuid4

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import expect

from diary.imports import work
from diary.models import Batch, Diary
from insights import compute
from insights.models import WeekSummary
from tests.browser.contexts import close
from tests.hostile.test_addresses import as_it_could_be
from tests.test_access import TAKES, address, sign_in, written

from .conftest import DESK

__all__ = ["written"]

pytestmark = pytest.mark.django_db(transaction=True)

LISTEN = """
window.print = () => {};
window.heldBack = JSON.parse(sessionStorage.getItem("heldBack") || "[]");
document.addEventListener("securitypolicyviolation", (event) => {
  const directive = event.effectiveDirective;
  window.heldBack.push(`${location.pathname}: ${directive} ${event.blockedURI} ${event.sample}`);
  sessionStorage.setItem("heldBack", JSON.stringify(window.heldBack));
});
"""
# What draws something where it stands: parts that open, boxes that appear, choices, the figure.
OPENS = "summary, button[type=button]"
DRAWS = f"{OPENS}, input[type=checkbox], input[type=radio], [data-loc]"
STILL_DRAWS = ".htmx-request, [data-figure]:not(.is-drawn)"
CLICK = """(draws) => {
  const seen = [...document.querySelectorAll(draws)].filter((one) => one.checkVisibility());
  const click = () => new MouseEvent("click", { bubbles: true, cancelable: true });
  for (const one of seen) one.dispatchEvent(click());
  for (const dialog of document.querySelectorAll("dialog")) {
    if (!dialog.open) dialog.showModal();
    dialog.close();
  }
  return seen.length;
}"""


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
    """Through pages in one browser: which were seen, which addresses lead to none, what befell."""

    def __init__(self, page, client):
        self.page, self.client = page, client
        self.seen, self.no_page, self.clicked = set(), set(), 0
        page.add_init_script(LISTEN)

    def see(self, paths, draws=DRAWS):
        """Open what leads to a page, and click what draws on it."""
        for name, path in paths.items():
            answer = self.client.get(path)
            is_text = answer.headers["Content-Type"].startswith("text/html")
            if not is_text or answer.status_code == 405:
                self.no_page.add(name)
            elif answer.status_code == 200:
                self.page.goto(path)
                self.clicked += self.page.evaluate(CLICK, draws)
                expect(self.page.locator(STILL_DRAWS).filter(visible=True)).to_have_count(0)
                self.seen.add(name)

    def held_back(self):
        return self.page.evaluate("window.heldBack")


def test_nothing_is_held_back_on_any_page(browse, client, alice, written, settings):
    settings.SIGNUP, settings.SECURITY_CONTACT = "open", "mailto:safe@example.org"

    def paths(names):
        return {name: address(name, written) for name in sorted(names)}

    stranger = Walk(browse(DESK), Client())
    stranger.see(paths(TAKES))
    sign_in(client, alice)
    own = Walk(browse(DESK, client), client)
    own.see(paths({"mfa_edit_webauthn", "mfa_remove_webauthn"}))
    as_it_could_be("any other")
    own.see(paths(set(TAKES) - stranger.seen - own.seen - IN_SAMPLE))
    TOTP.activate(alice, generate_totp_secret())
    RecoveryCodes.activate(alice)
    written["import"] = uuid4()
    work.ask(alice, written["import"], "moods.csv", [b"date,mood\n2026-11-18,3\n"], now())
    work.work_on(Batch.objects.get(uuid=written["import"]).pk, now())
    own.see(paths(set(TAKES) - stranger.seen - own.seen - own.no_page - IN_SAMPLE))
    half = Client()
    half.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    halfway = Walk(browse(DESK, half), half)
    halfway.see(paths({"mfa_authenticate"}))

    walks = (stranger, own, halfway)
    known = set().union(*(walk.seen | walk.no_page for walk in walks))
    assert set(TAKES) - known == NOT_SEEN | IN_SAMPLE
    assert [line for walk in walks for line in walk.held_back()] == []
    assert own.clicked > 100


def test_nothing_is_held_back_in_half_a_year_with_its_charts(browse, db):
    looking = Client()
    looking.post(reverse("sample-open"))
    compute.recompute(Diary.objects.get(is_sample=True).pk, now())
    week = WeekSummary.objects.finished().latest("year", "number").week
    paths = {name: reverse(name) for name in ("today", "diary", "insights", "settings", "report")}
    paths |= {
        "insights-week": reverse("insights-week", args=[week]),
        "insights-factor": reverse("insights-factor", args=[week, "caffeine"]),
    }
    walk = Walk(browse(DESK | {"height": 9000}, looking), looking)  # a chart in sight is drawn
    walk.see(paths, OPENS)
    assert walk.seen == set(paths)
    assert walk.held_back() == []


def test_what_is_held_back_is_noticed(chromium, live_server, db):
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    page.add_init_script(LISTEN)
    page.goto(reverse("advice"))
    page.evaluate("document.head.append(document.createElement('style'))")
    page.evaluate("document.querySelector('style').textContent = 'p { color: red }'")
    page.wait_for_function("window.heldBack.length > 0")
    assert "style-src" in page.evaluate("window.heldBack[0]")
    close(context)
