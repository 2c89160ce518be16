"""What tests in a browser share: pages at a size, a person on a phone, and a checker of pages."""

import contextlib
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import axe_playwright_python
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Error, expect

from diary.models import Diary
from insights import compute
from tests.browser.contexts import close

expect.set_options(timeout=20_000)  # ms; a busy machine is slow, and that is no fault of a page

# What the browser and htmx remark on an answer that a test refuses or cuts off, and on signing out.
REMARKS = (
    "status of 401",
    "status of 403",
    "status of 404",
    "status of 500",
    "Code 401",
    "status of 422",
    "ERR_FAILED",
    "htmx:",
    "Clear-Site-Data",
    "Autofocus processing was blocked",  # an answer of htmx, which gives the focus itself
)

PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 700}
DESK = {"width": 1280, "height": 900}

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
BY_COLOUR = ["color-contrast"]
BY_SIZE = [*BY_COLOUR, "target-size", "scrollable-region-focusable"]
LOOKS = list(product((PHONE, SMALL, DESK), ("light", "dark", "bedside")))


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
        compute.recompute(Diary.objects.get(is_sample=True).pk, datetime.now(UTC))
        return page

    return open_sample


@pytest.fixture
def phone(browse, page):
    """A page on Alice's phone, signed in."""
    own = browse(PHONE, page, has_touch=True)
    own.set_default_timeout(15_000)
    return own


def violations(page):
    """What the checker finds, each with where it is."""
    return _told(page, Axe().run(page).response["violations"])


def runs_over(page):
    """Whether the page has to be moved sideways."""
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def faults(page, looks=LOOKS):
    """What is wrong with an open page as somebody looks at it, at each size and in each theme.

    The checker is brought in once and asked everything once; after that only what follows from
    what has changed: the colours alone, or the size with them.
    """
    page.evaluate(AXE)
    found, before = [], None
    for size, theme in looks:
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        asked = {"resultTypes": ["violations"]}
        if before:
            asked["runOnly"] = BY_COLOUR if size == before else BY_SIZE
        if size != before:
            page.set_viewport_size(size)
            if runs_over(page):
                found.append(f"{page.url} is wider than {size['width']} px")
        before = size
        told = page.evaluate("asked => axe.run(asked).then((told) => told.violations)", asked)
        found += [f"{theme}, {size['width']} px: {line}" for line in _told(page, told)]
    return found


def _told(page, found):
    return [
        f"{page.url} {rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]
    ]
