"""A walk through all pages: no part of any of them is held back by the browser's policy.

Whatever can be clicked on a page is clicked once, apart from what leads to another page.
"""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from insights.models import ReportFile, Share
from tests.browser.contexts import close
from tests.test_access import TAKES, address, sign_in, written

from .conftest import DESK
from .test_pages import OPEN, SAMPLE

__all__ = ["written"]

pytestmark = pytest.mark.django_db(transaction=True)

LISTEN = """
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


def walk(page, paths, draws=DRAWS):
    """Open each of these pages and click what draws on it: what was held back, and how many."""
    page.add_init_script(LISTEN)
    clicked = 0
    for path in paths:
        page.goto(path)
        clicked += page.evaluate(CLICK, draws)
        page.wait_for_load_state("networkidle")
    return page.evaluate("window.heldBack"), clicked


def is_shown(client, path):
    """Whether a browser shows it as a page, rather than keeping it as a file."""
    answer = client.get(path)
    kind = answer.headers["Content-Type"]
    return answer.status_code in (200, 404) and kind.startswith("text/html")


def test_nothing_is_held_back_before_signing_in(browse, db):
    held_back, _clicked = walk(browse(DESK), [*map(reverse, OPEN), "/no-such-page/"])
    assert held_back == []


def test_nothing_is_held_back_on_any_page_of_a_diary(browse, client, alice, written):
    for made_up in (Authenticator, Share, ReportFile):  # they open nothing
        made_up.objects.all().delete()
    sign_in(client, alice)
    addresses = [address(name, written) for name in sorted(TAKES)]
    pages = [path for path in addresses if is_shown(client, path)]
    held_back, clicked = walk(browse(DESK, client), pages)
    assert held_back == []
    assert len(pages) > 50
    assert clicked > 100


def test_nothing_is_held_back_in_half_a_year_with_its_charts(sample):
    held_back, _clicked = walk(sample(DESK), map(reverse, [*SAMPLE, "report"]), OPENS)
    assert held_back == []


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
