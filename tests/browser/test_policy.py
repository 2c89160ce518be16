"""No part of any page is held back by the browser's policy.

Whatever can be clicked on a page is clicked once, apart from what leads to another page.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import expect

from insights.models import WeekSummary
from tests.browser.contexts import close
from tests.insights import sampled
from tests.test_access import written

from .conftest import DESK
from .walk import Walk, every_page

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


def click(page, draws=DRAWS):
    """Click what draws on a page. Returns how much that was."""
    clicked = page.evaluate(CLICK, draws)
    expect(page.locator(STILL_DRAWS).filter(visible=True)).to_have_count(0)
    return clicked


def held_back(page):
    return page.evaluate("window.heldBack")


def test_nothing_is_held_back_on_any_page(browse, client, alice, written, settings):
    pages, clicked = [], []

    def listening(client=None):
        pages.append(browse(DESK, client))
        pages[-1].add_init_script(LISTEN)
        return pages[-1]

    def look(page):
        clicked.append(click(page))

    every_page(listening, client, alice, written, settings, look)
    assert [line for page in pages for line in held_back(page)] == []
    assert sum(clicked) > 100


def test_nothing_is_held_back_in_half_a_year_with_its_charts(browse, db):
    looking = Client()
    looking.post(reverse("sample-open"))
    sampled.ready(now())
    week = WeekSummary.objects.finished().latest("year", "number").week
    paths = {name: reverse(name) for name in ("today", "diary", "insights", "settings", "report")}
    paths |= {
        "insights-week": reverse("insights-week", args=[week]),
        "insights-factor": reverse("insights-factor", args=[week, "caffeine"]),
    }
    page = browse(DESK | {"height": 9000}, looking)  # a chart in sight is drawn
    page.add_init_script(LISTEN)
    walk = Walk(page, looking)
    walk.see(paths, lambda page: click(page, OPENS))
    assert walk.seen == set(paths)
    assert held_back(page) == []


def test_what_is_held_back_is_noticed(chromium, live_server, db):
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    page.add_init_script(LISTEN)
    page.goto(reverse("advice"))
    page.evaluate("document.head.append(document.createElement('style'))")
    page.evaluate("document.querySelector('style').textContent = 'p { color: red }'")
    page.wait_for_function("window.heldBack.length > 0")
    assert "style-src" in held_back(page)[0]
    close(context)
