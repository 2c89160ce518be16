"""A walk through all pages: no part of any of them is held back by the browser's policy.

Whatever can be clicked on a page is clicked once, apart from what leads to another page.
"""

import pytest
from django.urls import reverse

from tests.browser.contexts import close

from .conftest import DESK
from .test_pages import OPEN, OWN, SAMPLE

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


def walk(page, names, draws=DRAWS):
    """Open each of these pages and click what draws on it: what was held back, and how many."""
    page.add_init_script(LISTEN)
    clicked = 0
    for name in names:
        page.goto(reverse(name))
        clicked += page.evaluate(CLICK, draws)
        page.wait_for_load_state("networkidle")
    return page.evaluate("window.heldBack"), clicked


def test_nothing_is_held_back_before_signing_in(browse, db):
    held_back, _clicked = walk(browse(DESK), OPEN)
    assert held_back == []


def test_nothing_is_held_back_in_a_new_diary(browse, page):
    held_back, clicked = walk(browse(DESK, page), OWN)
    assert held_back == []
    assert clicked > 20


def test_nothing_is_held_back_in_half_a_year_with_its_charts(sample):
    held_back, _clicked = walk(sample(DESK), [*SAMPLE, "report"], OPENS)
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
