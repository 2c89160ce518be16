"""Charts as a browser draws them, under the content security policy of the product."""

import json
import mimetypes
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.contexts import close

STATIC = Path(__file__).resolve().parents[2] / "static"
RULES: dict[str, Any] = settings.SECURE_CSP
POLICY = "; ".join(f"{name} {' '.join(map(str, values))}" for name, values in RULES.items())
WEEK = {
    "data": [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [1, 2, 3],
            "y": [1, 1, 1],
            "marker": {"size": 9, "color": "var(--data-1)"},
        }
    ],
    "layout": {
        "template": "none",
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
        "shapes": [
            {"type": "rect", "x0": 2, "x1": 3, "y0": 0, "y1": 2, "fillcolor": "var(--accent-soft)"}
        ],
    },
}


def html(head):
    return f"""<!doctype html><html lang="en"><head><title>Charts</title>
<link rel="stylesheet" href="/static/css/tokens.css">
<link rel="stylesheet" href="/static/css/base.css">
<link rel="stylesheet" href="/static/css/components.css">
<link rel="stylesheet" href="/static/css/charts.css">
<link rel="stylesheet" href="/static/css/print.css" media="print">
<link rel="stylesheet" href="/far.css">{head}</head><body>
<main class="page"><figure class="fig">
<div class="plot" data-figure="week" data-height="140" role="img" aria-labelledby="said"></div>
<script type="application/json" id="week">{json.dumps(WEEK)}</script>
<figcaption id="said">Three notes.</figcaption>
<details class="as-table"><summary>Show as a table</summary><table><tr><td>3</td></tr></table>
</details></figure>
<div class="far"></div>
<figure class="fig"><div class="plot" data-figure="week" data-height="140" role="img"></div>
<figcaption>Far below.</figcaption>
<details class="as-table"><summary>Show as a table</summary><p id="far-table">3</p>
</details></figure>
</main></body></html>"""


HEAD = """<link rel="stylesheet" href="/static/vendor/plotly-4.1.1/plotly.css"
id="plotly.js-style-global" class="no-inline-styles">
<script type="module" src="/static/js/charts.js" id="charts"
data-library="/static/vendor/plotly-4.1.1/plotly-basic.min.js"></script>"""


@pytest.fixture
def show(chromium):
    """Open a page with one chart; returns it with everything its console said."""
    contexts = []

    def open_page(head=HEAD, **options):
        context = chromium.new_context(viewport={"width": 390, "height": 844}, **options)
        contexts.append(context)
        page = context.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))

        def answer(route):
            path = route.request.url.removeprefix("http://charts.test/")
            if not path:
                route.fulfill(
                    body=html(head),
                    content_type="text/html",
                    headers={"Content-Security-Policy": POLICY},
                )
                return
            if path == "far.css":
                route.fulfill(body=".far { block-size: 4000px }", content_type="text/css")
                return
            file = STATIC / path.removeprefix("static/")
            kind = mimetypes.guess_type(file.name)[0]
            if file.is_file():
                route.fulfill(body=file.read_bytes(), content_type=kind)
            else:
                route.fulfill(status=404)

        page.route("http://charts.test/**", answer)
        page.goto("http://charts.test/")
        return page, said

    yield open_page
    for context in contexts:
        close(context)


def dots(page):
    page.wait_for_selector(".scatterlayer .point")
    return page.locator(".scatterlayer .point").evaluate_all(
        "points => points.map(point => getComputedStyle(point).fill)"
    )


def test_a_chart_is_drawn_from_the_page_and_the_console_stays_silent(show):
    page, said = show()
    assert dots(page) == ["rgb(0, 114, 178)"] * 3
    assert said == []


def test_a_chart_follows_the_theme(show):
    page, _ = show(color_scheme="dark")
    assert set(dots(page)) == {"rgb(86, 180, 233)"}
    page.evaluate("document.documentElement.dataset.theme = 'bedside'")
    expect(page.locator(".point").first).to_have_css("fill", "rgb(198, 143, 80)")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    expect(page.locator(".point").first).to_have_css("fill", "rgb(0, 114, 178)")


def test_a_chart_follows_the_width_of_the_screen_and_its_place_keeps_its_height(show):
    page, _ = show()
    dots(page)
    assert page.locator(".plot").first.bounding_box()["height"] == 140
    page.set_viewport_size({"width": 700, "height": 390})
    expect(page.locator(".main-svg").first).to_have_css("width", re.compile(r"6\d\d(\.\d+)?px"))
    assert page.locator(".plot").first.bounding_box()["height"] == 140


def test_dots_side_by_side_shrink_on_a_narrow_screen_until_they_stand_apart(show):
    page, _ = show()
    dots(page)
    figure = {
        "data": [
            {**WEEK["data"][0], "x": list(range(60)), "y": [1] * 60},
            {**WEEK["data"][0], "x": [7], "y": [2]},
        ],
        "layout": {"xaxis": {"range": [-1, 60]}, "margin": {"l": 30, "r": 0}},
    }
    page.locator("#week").evaluate("(at, text) => at.textContent = text", json.dumps(figure))
    page.set_viewport_size({"width": 380, "height": 844})  # drawn anew
    expect(page.locator(".scatterlayer .point")).to_have_count(61)
    boxes = page.locator(".scatterlayer .point").evaluate_all(
        "all => all.map((dot) => dot.getBoundingClientRect()).map(({ x, width }) => [x, width])"
    )
    row, (_, alone) = boxes[:60], boxes[60]
    assert all(left + width < after for (left, width), (after, _) in pairwise(row))
    assert alone == row[0][1]


def test_a_chart_is_one_picture_to_a_screen_reader(show):
    page, _ = show()
    dots(page)
    assert page.get_by_role("img", name="Three notes.").count() == 1
    hidden = "place => [...place.children].every(child => child.ariaHidden == 'true')"
    assert page.locator(".plot").first.evaluate(hidden)


def test_a_chart_far_below_is_drawn_when_somebody_moves_towards_it(show):
    page, said = show()
    assert len(dots(page)) == 3
    height = "document.documentElement.scrollHeight"
    before = page.evaluate(height)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(page.locator(".point").first).to_have_css("fill", "rgb(86, 180, 233)")
    expect(page.locator(".plot.is-drawn")).to_have_count(1)  # another theme draws no more of them
    page.evaluate("scrollTo(0, 3400)")  # not there yet: a screen before it
    expect(page.locator(".plot.is-drawn")).to_have_count(2)
    expect(page.locator(".point")).to_have_count(6)
    assert page.evaluate(height) == before
    assert said == []


def test_a_chart_that_was_not_seen_is_a_table_on_paper(show):
    page, _ = show()
    dots(page)
    page.emulate_media(media="print")
    expect(page.locator(".plot").first).to_be_visible()
    expect(page.locator("table").first).to_be_hidden()
    expect(page.locator(".plot").last).to_be_hidden()
    expect(page.locator("#far-table")).to_be_visible()


def test_on_paper_a_chart_is_light_and_as_wide_as_the_sheet_whatever_the_screen_is(show):
    page, _ = show(color_scheme="dark")
    dots(page)
    point, picture = page.locator(".point").first, page.locator(".main-svg").first
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(point).to_have_css("fill", "rgb(0, 114, 178)")
    expect(picture).to_have_attribute("width", "660")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(point).to_have_css("fill", "rgb(86, 180, 233)")
    expect(picture).not_to_have_attribute("width", "660")


def test_without_the_library_the_tables_are_open(show):
    page, _ = show(HEAD.replace("plotly-basic.min.js", "gone.js"))
    page.wait_for_selector("details[open]")
    assert not page.locator(".plot").first.is_visible()


def test_the_vendored_sheet_is_what_the_library_would_write_itself(chromium):
    folder = STATIC / "vendor" / "plotly-4.1.1"
    page = chromium.new_page()
    page.set_content("<div id='chart'></div>")
    page.add_script_tag(path=folder / "plotly-basic.min.js")
    drawn = page.evaluate(
        """async () => {
            await Plotly.newPlot('chart', [{y: [1]}]);
            const sheet = document.getElementById('plotly.js-style-global').sheet;
            return [...sheet.cssRules].map(rule => rule.cssText).join('\\n');
        }"""
    )
    page.close()
    assert (folder / "plotly.css").read_text().strip() == drawn.strip()
