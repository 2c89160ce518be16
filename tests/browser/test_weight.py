"""How much is sent for a page, counted by the browser: the bytes that came over the wire."""

import pytest

from tests.browser.contexts import close
from tests.conftest import Person, wait_until

LIMITS = {"today/": 60_000, "insights/": 500_000}


@pytest.fixture
def visit(chromium, running_ebb):
    """Visit a page of the sample diary for the first time; returns each address with its bytes."""

    def visited(path):
        context = chromium.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto(running_ebb.url)
        page.get_by_role("button", name="Look around first").click()
        page.wait_for_url("**/insights/")
        # A browser of its own that has the session and nothing else.
        fresh = chromium.new_context(viewport={"width": 390, "height": 844})
        fresh.add_cookies(context.cookies())
        close(context)
        page = fresh.new_page()
        wire = fresh.new_cdp_session(page)
        asked, sent = {}, {}
        wire.on("Network.requestWillBeSent", lambda one: asked.update({one["requestId"]: one}))
        wire.on(
            "Network.loadingFinished",
            lambda one: sent.update({one["requestId"]: one["encodedDataLength"]}),
        )
        wire.send("Network.enable")
        page.goto(running_ebb.url + path)
        page.wait_for_load_state("networkidle")
        close(fresh)
        return {asked[one]["request"]["url"]: size for one, size in sent.items() if one in asked}

    return visited


@pytest.mark.parametrize("path", LIMITS)
def test_the_first_visit_to_a_page_is_light(visit, running_ebb, path):
    newcomer = Person(running_ebb.url)
    newcomer.get("")
    newcomer.post("sample/open/")
    wait_until(lambda: "data-figure" in newcomer.get("insights/"), "the sample's summary")
    sent = visit(path)
    assert running_ebb.url + path in sent
    assert sum(sent.values()) <= LIMITS[path], sorted(sent.items(), key=lambda one: -one[1])
    assert all(address.startswith((running_ebb.url, "data:")) for address in sent)
