"""The report on paper: one page, in Chromium's own print."""

import re
from datetime import UTC, date, datetime

import pytest

from diary.models import Diary
from insights import compute
from insights.reports.report import Asked, Part
from insights.sharing import links

ASKED = Asked(date(2026, 11, 1), date(2026, 11, 20), frozenset({Part.MAP}))

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def report(chromium, live_server):
    """The report of the sample diary: six weeks, every part, three questions."""
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Look around first").click()
    page.wait_for_url("**/insights/")
    compute.recompute(Diary.objects.get(is_sample=True).pk, datetime.now(UTC))
    page.goto("/report/")
    page.get_by_text("What I would like to ask").wait_for()
    yield page
    context.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_report_is_one_page_of_paper(report, paper):
    printed = report.pdf(format=paper, prefer_css_page_size=paper == "A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_nothing_but_the_sheet_is_printed(report):
    report.emulate_media(media="print")
    assert report.locator(".sheet").is_visible()
    for hidden in ("nav", ".report-tools", ".page-head"):
        for element in report.locator(hidden).all():
            assert not element.is_visible()


def test_a_shared_link_opens_by_a_click_and_leaves_no_secret_in_the_address(
    chromium, live_server, page, alice
):
    made = links.make(alice, ASKED, 3, "4711", datetime.now(UTC))
    clinician = chromium.new_context(base_url=live_server.url).new_page()
    clinician.goto(f"/shared/{made.share.uuid}/#{made.secret}")
    clinician.wait_for_function("!location.hash")
    assert not clinician.locator("#secret").is_visible()
    clinician.get_by_label("PIN").fill("4711")
    clinician.get_by_role("button", name="Open the report").click()
    clinician.get_by_role("heading", name="Muscle twitch diary").wait_for()
    assert made.secret not in clinician.url
    clinician.context.close()
