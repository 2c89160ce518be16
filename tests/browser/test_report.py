"""The report on paper: one page, in Chromium's own print."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import combinations, product
from unicodedata import normalize
from urllib.parse import urlencode

import pypdf
import pytest
from fhir.resources.R4B.bundle import Bundle
from playwright.sync_api import expect

from diary.models import Diary
from insights import collect
from insights.reports import wording
from insights.reports.choices import ReportForm
from insights.reports.making import make
from insights.reports.report import Asked, Part
from insights.sharing import links
from tests.browser.contexts import close
from tests.insights import sampled
from tests.insights.entries import ago
from tests.insights.reports.conftest import everything, fill, fill_factors
from tests.insights.reports.test_tagging import facts

PARTS = ("where", "fac", "signs", "taken")
ASKED = Asked(date(2026, 11, 1), date(2026, 11, 20), frozenset({Part.MAP}))

# Where the words below each week stand, to a pixel.
LABELS = """[...document.querySelectorAll('.week-labels span')].filter(
    (span) => span.checkVisibility({visibilityProperty: true})).map((span) => {
    const box = span.getBoundingClientRect();
    return {left: box.left + 1, right: box.right - 1, top: box.top + 1, bottom: box.bottom - 1};
})"""

# What would stand over the edge of its cell if words were left whole.
BROKEN = """(() => {
    document.querySelector('.sheet-factors').style.cssText = 'overflow-wrap: normal; hyphens: none';
    return [...document.querySelectorAll('.sheet-factors :is(th, td)')]
        .filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.innerText);
})()"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def report(chromium, live_server):
    """The report of the sample diary: six weeks, every part, three questions."""
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Look around first").click()
    page.wait_for_url("**/insights/")
    page.goto("about:blank")  # that page asks each second, and loads itself anew once all is there
    sampled.ready(datetime.now(UTC))
    page.goto("/report/")
    # Asked of the page: Playwright now and then knows of no answer to a `goto` that went well.
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 200
    page.get_by_text("What I would like to ask").wait_for()
    yield page
    close(context)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_report_is_one_page_of_paper(report, paper):
    for language, question in (("en", "What I would like to ask"), ("de", "Was ich fragen möchte")):
        report.set_extra_http_headers({"Accept-Language": language})
        report.reload()
        (printed,) = printed_pages(report, paper)
        assert question in printed


def test_a_second_page_begins_with_the_questions_however_little_runs_over(report):
    more = "more = document.querySelector('.sheet-ask').previousElementSibling"
    begin = set()
    for high in range(9, 45, 3):
        report.evaluate(f"{more}; more.style.paddingBottom = '{high}mm'")
        _first, *second = printed_pages(report, "A4")
        begin |= {page.partition("\n")[0] for page in second}
    assert begin == {"What I would like to ask"}


def printed_pages(page, paper):
    file = page.pdf(format=paper, prefer_css_page_size=paper == "A4")
    return [one.extract_text().strip() for one in pypdf.PdfReader(BytesIO(file)).pages]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_much_of_everything_is_one_page_and_a_second_begins_with_the_questions(phone, alice, paper):
    fill(alice)
    six_weeks = {"period": "dates", "first": ago(42).isoformat(), "last": ago(1).isoformat()}
    offered = ["name", "map", "factors", "check", "medicines", "questions"]
    usual = {**six_weeks, "part": offered, "ask": ["closer-look", "blood-test", "sooner"]}
    phone.goto(f"/report/?{urlencode(usual, doseq=True)}")
    assert len(printed_pages(phone, paper)) == 1
    phone.goto(f"/report/?{urlencode({**everything(alice), **six_weeks}, doseq=True)}")
    first, second = printed_pages(phone, paper)
    assert "Daily factors" in first
    assert second.startswith("What I would like to ask")


def test_twelve_daily_factors_are_one_page_with_all_else_beside_them(phone, alice):
    fill_factors(alice)
    days = {"period": "dates", "first": ago(42).isoformat(), "last": ago(1).isoformat()}
    parts = ["name", "map", "factors", "check", "medicines", "questions"]
    phone.goto(f"/report/?{urlencode({**days, 'part': parts, 'ask': 'sooner'}, doseq=True)}")
    assert len(printed_pages(phone, "A4")) == 1
    phone.set_viewport_size({"width": 1280, "height": 900})
    box = {part: phone.locator(f"[aria-labelledby=r-{part}]").bounding_box() for part in PARTS}
    assert box["where"]["x"] == box["signs"]["x"] == box["taken"]["x"] < box["fac"]["x"]
    assert box["taken"]["y"] < box["fac"]["y"] + box["fac"]["height"]


def squeezed(text):
    """Without breaks between words, and with single letters for what print joins."""
    return "".join(normalize("NFKC", text).split())


def test_no_label_of_a_week_stands_over_another_on_any_day_of_the_week(report):
    over = []
    for last in range(9, 16):  # a Monday to a Sunday
        report.goto(f"/report/?period=dates&first=2026-10-05&last=2026-11-{last:02}&part=map")
        for width in (320, 390, 600, 1280):
            report.set_viewport_size({"width": width, "height": 844})
            boxes = report.evaluate(LABELS)
            assert len(boxes) == 6
            over += [(last, width) for one, other in combinations(boxes, 2) if meet(one, other)]
    assert not over


def test_labels_of_many_weeks_stand_apart_in_one_line_each(report):
    for weeks, width in product((13, 14, 52), (320, 390, 600, 1000)):
        report.set_viewport_size({"width": width, "height": 844})
        first = date(2026, 11, 23) - timedelta(weeks=weeks - 1)
        report.goto(f"/report/?period=dates&first={first}&last=2026-11-25&part=map")
        boxes = report.evaluate(LABELS)
        assert len(boxes) >= 2
        assert not [pair for pair in combinations(boxes, 2) if meet(*pair)], (weeks, width)
        assert len({round(box["top"]) for box in boxes}) == 1
        if width < 700:
            assert max(box["bottom"] - box["top"] for box in boxes) < 20


def test_no_word_of_the_factors_is_broken_at_any_width_of_a_desk(report):
    report.set_extra_http_headers({"Accept-Language": "de"})
    for width in (1000, 1120, 1280):
        report.set_viewport_size({"width": width, "height": 844})
        report.goto("/report/?period=six-weeks&part=map&part=factors")
        assert report.evaluate(BROKEN) == [], width


def meet(one, other):
    across = one["left"] < other["right"] and other["left"] < one["right"]
    return across and one["top"] < other["bottom"] and other["top"] < one["bottom"]


def test_the_print_says_what_the_report_says(report):
    diary = Diary.objects.select_related("owner").get(is_sample=True)
    form = ReportForm(None, today=diary.today(datetime.now(UTC)))
    asked = form.asked(collect.words(diary.owner, *form.days))
    made = make(diary, asked, datetime.now(UTC))
    printed = pypdf.PdfReader(BytesIO(report.pdf(prefer_css_page_size=True)))
    said = squeezed("".join(page.extract_text() for page in printed.pages))
    *seen, _made_on = facts(made)
    for words in seen:
        # What is drawn is told in words to who does not see it, and those are not printed.
        if words not in (wording.totals(made), wording.every_place(made)):
            assert squeezed(words) in said


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
    clinician.goto(f"/shared/{made.share.uuid}/")
    expect(clinician.locator("#secret")).to_be_visible()
    clinician.goto(f"/shared/{made.share.uuid}/#{made.secret}")  # in the same tab: no new page
    clinician.wait_for_function("!location.hash")
    assert not clinician.locator("#secret").is_visible()
    clinician.get_by_label("PIN").fill("4711")
    clinician.get_by_role("button", name="Open the report").click()
    clinician.get_by_role("heading", name="Muscle twitch diary").wait_for()
    assert made.secret not in clinician.url
    close(clinician.context)


def test_the_document_for_a_clinic_is_fetched_by_a_click_and_can_be_read(report):
    report.locator("label.chip", has_text="Medicines").click()
    report.wait_for_url("**/report/?*")
    expect(report.get_by_role("heading", name="Medicines and supplements")).to_have_count(0)
    with report.expect_download() as fetched:
        report.get_by_role("link", name="Download for a clinic").click()
    assert fetched.value.suggested_filename.startswith("ebb-report-SAMPLE-")
    document = Bundle.model_validate_json(fetched.value.path().read_bytes())
    kinds = {entry.resource.get_resource_type() for entry in document.entry}
    assert {"Composition", "Observation", "QuestionnaireResponse"} <= kinds
    assert "MedicationStatement" not in kinds
