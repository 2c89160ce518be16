"""What tests in a browser share: pages at a size, a person on a phone, and a checker of pages."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from playwright.sync_api import Error, expect

from tests.browser.contexts import close
from tests.insights import sampled

expect.set_options(timeout=20_000)  # ms; a busy machine is slow, and that is no fault of a page

# What the browser and htmx remark on an answer that a test refuses or cuts off, and on signing out.
REMARKS = (
    *(f"status of {code}" for code in (400, 401, 403, 404, 409, 422, 429, 500, 503)),
    "Code 401",
    "ERR_FAILED",
    "htmx:",
    "Clear-Site-Data",
    "Autofocus processing was blocked",  # an answer of htmx, which gives the focus itself
)

PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 700}
DESK = {"width": 1280, "height": 900}
SIZES = (PHONE, SMALL, DESK)
THEMES = ("light", "dark", "bedside")
BY_COLOUR = ["color-contrast", "link-in-text-block"]

# The checker reads the same few colours thousands of times, and takes a third of its time for that.
READ_ONCE = """
(() => {
  const read = axe.commons.color.Color.prototype.parseString;
  const known = new Map();
  axe.commons.color.Color.prototype.parseString = function (text) {
    if (known.has(text)) return Object.assign(this, known.get(text));
    const { r, g, b, alpha } = read.call(this, text);
    known.set(text, { r, g, b, alpha });
    return this;
  };
})();
"""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text() + READ_ONCE
WEAR = """theme => theme
    ? document.documentElement.dataset.theme = theme
    : delete document.documentElement.dataset.theme"""
ASK = "asked => axe.run(asked).then((told) => told.violations)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that fails says what its pages showed."""
    report = yield
    if report.failed and (browser := getattr(item, "funcargs", {}).get("chromium")):
        for page in (page for context in browser.contexts for page in context.pages):
            shown = "nothing that could be read"
            with contextlib.suppress(Error):  # a page that hangs is what may have to be told
                shown = page.locator("body").inner_text(timeout=2_000)[:3000]
            report.sections.append((f"shown at {page.url}", shown))
    return report


@pytest.fixture
def browse(chromium, live_server):
    """Open pages at a size and in a colour scheme; what the console says is a failure."""
    said, contexts = [], []

    def open_page(viewport=PHONE, client=None, **options):
        context = chromium.new_context(viewport=viewport, base_url=live_server.url, **options)
        contexts.append(context)
        if client:
            name = settings.SESSION_COOKIE_NAME
            key = client.cookies[name].value
            context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        close(context)
    assert [line for line in said if not any(remark in line for remark in REMARKS)] == []


@pytest.fixture
def sample(browse):
    """Open the sample diary as a newcomer does; its summaries are computed."""

    def open_sample(viewport=PHONE, **options):
        page = browse(viewport, **options)
        page.goto("/")
        page.get_by_role("button", name="Look around first").click()
        page.wait_for_url("**/insights/")
        page.goto("about:blank")  # that page asks each second, and loads itself anew in the end
        sampled.ready(datetime.now(UTC))
        return page

    return open_sample


@pytest.fixture
def phone(browse, page):
    """A page on Alice's phone, signed in."""
    own = browse(PHONE, page, has_touch=True)
    own.set_default_timeout(15_000)
    return own


def faults(page):
    """What is wrong with an open page as somebody looks at it, at each size and in each theme.

    The checker is asked everything at each size, where other parts of a page may be shown. A theme
    chooses colours and nothing else (`tests/test_static.py`), so in the further themes it is asked
    what follows from colours.
    """
    page.emulate_media(reduced_motion="reduce")  # a colour is there at once
    before = page.viewport_size, page.locator("html").get_attribute("data-theme")
    page.evaluate(AXE)
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{page.url} is wider than {size['width']} px")
        for theme in THEMES:
            page.evaluate(WEAR, theme)
            asked = {"resultTypes": ["violations"]}
            if theme != THEMES[0]:
                asked["runOnly"] = BY_COLOUR
            for rule in page.evaluate(ASK, asked):
                where = f"{theme}, {size['width']} px: {page.url} {rule['id']}"
                found += [f"{where}: {node['html'][:160]}" for node in rule["nodes"]]
    page.set_viewport_size(before[0])
    page.evaluate(WEAR, before[1])
    return found
