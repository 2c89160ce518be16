import json
import re

import pytest
from django.urls import reverse
from django.utils.timezone import now

from diary.days import Week
from diary.models import Diary
from insights import compute, sample
from insights.models import WeekSummary
from tests.insights import sampled
from tests.insights.entries import note, running_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client):
    """Someone without an account who opened the sample diary, once it is worked out."""
    client.post(reverse("sample-open"))
    sampled.ready(now())
    return client


def text(response):
    return response.content.decode()


def latest(owner):
    return WeekSummary.objects.of(owner).finished().order_by("-year", "-number").first().week


def test_an_empty_diary_says_what_will_come_and_offers_the_sample(page):
    said = text(page.get("/insights/"))
    assert "Your first summary comes after your first week" in said
    assert reverse("sample-open") in said
    assert ">Example</h2>" in said
    assert "Made up: each filled dot is one note" in said
    assert said.count('<svg class="days"') == 1


def test_the_sample_shows_a_whole_dashboard_to_someone_without_an_account(visitor):
    said = text(visitor.get("/insights/"))
    assert "Sample diary." in said
    assert "None of this is yours." in said
    figures = re.findall(r'data-figure="([\w-]+)"', said)
    assert {"differ-caffeine-figure", "times-figure"} <= set(figures)
    for figure in figures:
        found = re.search(rf'<script id="{figure}" type="application/json">(.*?)</script>', said)
        assert json.loads(found[1])["data"]


def test_the_page_that_names_conditions_is_linked_from_no_page_of_every_day(visitor):
    conditions = reverse("learn-topic", args=["other-conditions"])
    assert conditions in text(visitor.get(reverse("learn")))
    for name in ("today", "log", "diary", "insights"):
        assert conditions not in text(visitor.get(reverse(name)))


def test_every_chart_has_a_caption_and_a_table_with_its_values(visitor):
    said = text(visitor.get("/insights/"))
    assert said.count("<figcaption") >= 4
    assert "Notes and days for each week" in said
    assert "Notes by time of day" in said
    assert "Notes by place" in said


def test_the_table_of_a_chart_has_the_numbers_of_its_caption(visitor):
    """Themselves, as a sum of cells that follow each other, or as the number of its rows."""
    pages = [text(visitor.get("/insights/"))]
    pages += [
        text(visitor.get(path))
        for path in {*re.findall(r'href="(/insights/[\w-]+/[\w-]+/)"', pages[0])}
    ]
    charts = [
        figure
        for page in pages
        for figure in re.findall(r"<figure.*?</figure>", page, re.DOTALL)
        if "<table" in figure and "<figcaption" in figure
    ]
    assert len(charts) > 10
    for figure in charts:
        caption = re.search(r"<figcaption[^>]*>(.*?)</figcaption>", figure, re.DOTALL)[1]
        table = re.search(r"<table.*?</table>", figure, re.DOTALL)[0]
        rows = [
            re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
            for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        ]
        said = {*re.findall(r"\d+(?:\.\d+)?", " ".join(cell for row in rows for cell in row))}
        columns = zip(*(row for row in rows if len(row) == len(rows[0])), strict=False)
        counts = [[int(cell) for cell in column if cell.isdigit()] for column in columns]
        sums = {
            str(sum(column[first:last]))
            for column in counts
            for first in range(len(column))
            for last in range(first + 2, len(column) + 1)
        }
        told = {*re.findall(r"\d+(?:\.\d+)?", re.sub(r"&[^;]+;", " ", caption))}
        assert not told - said - sums - {str(len(rows) - 1)}, (caption, table)


def test_the_page_computes_nothing_and_asks_few_questions(visitor, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        visitor.get("/insights/")


def test_what_the_diary_can_see_and_how_it_was_worked_out_stand_on_the_page(visitor):
    said = text(visitor.get("/insights/"))
    assert "What this diary can see" in said
    assert "How this was worked out" in said
    assert re.search(r"with 100 mg more caffeine</td>", said)
    assert re.search(r"times as many a day; from [\d.]+\sto\s[\d.]+\stimes as many fits", said)


def test_a_finished_week_has_its_own_address(visitor):
    week = latest(sample.ready(now()))
    response = visitor.get(f"/insights/{week}/")
    assert response.status_code == 200
    assert text(response).count("Weekly summary") >= 1


@pytest.mark.parametrize(
    "address",
    [
        "/insights/2026-w54/",
        "/insights/2026-w00/",
        "/insights/2026-47/",
        "/insights/2999-w01/",
        "/insights/1999-w01/",
        "/insights/２０２６-w47/",
        "/insights/2026-w47/sugar/",
        "/insights/nan/",
        "/insights/2026-w47%00/",
    ],
)
def test_a_week_or_a_factor_that_does_not_exist_is_not_found(page, address):
    assert page.get(address).status_code == 404


def test_the_running_week_shows_what_was_noted_and_compares_nothing(page, alice):
    note(alice, running_day(alice))
    compute.recompute(alice.pk, now())
    said = text(page.get(f"/insights/{Week.of(running_day(alice))}/"))
    assert "This week so far" in said
    assert "Did your days differ?" not in said


def test_before_a_week_is_over_insights_waits_for_its_end(page, alice):
    note(alice, running_day(alice))
    compute.recompute(alice.pk, now())
    said = text(page.get("/insights/"))
    assert "Your first summary comes after your first week" in said
    assert "This week so far" not in said


def test_nothing_leads_to_a_week_before_it_is_over(visitor):
    owner = sample.ready(now())
    assert f"/insights/{Week.of(running_day(owner))}/" not in text(visitor.get("/insights/"))
    earlier = text(visitor.get(f"/insights/{latest(owner).shifted(-1)}/"))
    assert f"/insights/{latest(owner)}/" in earlier


def test_a_diary_that_is_not_followed_yet_says_so_and_shows_what_there_is(page, alice):
    note(alice, running_day(alice))
    said = text(page.get("/insights/"))
    assert "Your summary is being worked out." in said
    assert "Your first summary comes after your first week" not in said
    compute.recompute(alice.pk, now())
    assert "being worked out" not in text(page.get("/insights/"))


def test_a_waiting_page_is_told_to_load_itself_anew_once_the_summary_followed(page, alice):
    note(alice, running_day(alice))
    asked = {"HTTP_HX_REQUEST": "true"}
    assert page.get("/insights/", **asked).status_code == 204
    compute.recompute(alice.pk, now())
    assert page.get("/insights/", **asked)["HX-Refresh"] == "true"


def test_a_summary_that_could_not_be_made_is_said_kindly(page, alice):
    note(alice, running_day(alice))
    Diary.objects.filter(owner=alice).update(tries=5)
    said = text(page.get("/insights/"))
    assert "Nothing you noted is lost" in said


def test_one_person_never_sees_another_s_week(page, alice, bob):
    note(bob, running_day(bob), "chin")
    compute.recompute(bob.pk, now())
    week = Week.of(running_day(bob))
    assert "Chin" not in text(page.get(f"/insights/{week}/"))
    assert page.get(f"/insights/{week}/sleep/").status_code == 404


def test_each_comparison_has_a_page_with_its_factor_over_time(visitor):
    week = latest(sample.ready(now()))
    for factor in ("caffeine", "sleep", "stress", "hydration"):
        said = text(visitor.get(f"/insights/{week}/{factor}/"))
        assert f'data-figure="time-{factor}-figure"' in said


def test_the_week_that_completes_six_weeks_says_alone_that_it_is_enough(visitor):
    owner = sample.ready(now())
    weeks = [summary.week for summary in WeekSummary.objects.of(owner).finished()]
    told = [
        week
        for week in sorted(weeks)
        if "six-week diary" in text(visitor.get(f"/insights/{week}/"))
    ]
    assert len(told) == 1
    assert sorted(weeks).index(told[0]) in (5, 6)


def test_the_sample_can_not_be_written_to_and_can_be_left(visitor):
    assert visitor.post("/log/again/", {"place": "calf-l"}).status_code == 403
    assert visitor.post(reverse("sample-close")).status_code == 303
    assert visitor.get("/insights/").status_code == 302


def test_the_sample_is_never_mixed_with_one_s_own_entries(page, alice):
    note(alice, running_day(alice))
    page.post(reverse("sample-open"))
    page.post(reverse("sample-close"))
    compute.recompute(alice.pk, now())
    said = text(page.get("/insights/"))
    assert "Sample diary" not in said
    assert WeekSummary.objects.of(alice).count() == 1
