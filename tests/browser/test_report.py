"""The report on paper: one page, in Chromium's own print."""

import re
from datetime import UTC, datetime

import pytest

from diary.models import Diary
from insights import compute

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
