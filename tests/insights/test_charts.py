import json
import re
from dataclasses import replace
from itertools import pairwise

import plotly.graph_objects as go
import pytest
from django.utils.translation import gettext_lazy, override

from diary.factors import FACTORS, OPTIONAL
from insights import charts
from insights.analysis.results import Estimate, Gate, Group, Level, PlaceCount, Split
from insights.charts import drawing
from insights.templatetags.figures import figure_for
from tests.insights.findings import finding, refused, week_of

BEFORE = [1, 0, 2, None, 3, 0, 1] * 5


def points(chart, symbol):
    return [
        (x, y)
        for trace in chart.figure["data"]
        if trace.get("marker", {}).get("symbol") == symbol
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]


def test_six_weeks_has_a_dot_for_each_note_a_ring_for_each_clear_day_a_dash_for_each_blank_one():
    chart = charts.six_weeks(week_of(2, 0, None, 1, 0, 0, 1, before=BEFORE))
    assert chart.days.stacks.count("M") == 5 * 7 + 4
    assert len(chart.days.rings) == 5 * 2 + 3
    assert chart.days.blanks.count("M") == 5 + 1
    assert [label for _, label in chart.days.weeks][::5] == ["12 Oct", "16 Nov"]


def test_the_table_of_six_weeks_adds_up_and_keeps_blank_days_apart():
    chart = charts.six_weeks(week_of(2, 0, None, 1, 0, 0, 1, before=BEFORE))
    assert chart.table.rows[0] == ("16 to 22 November", "4", "3", "3", "1", "0")
    assert len(chart.table.rows) == 6


def test_a_day_with_very_many_notes_carries_its_number():
    chart = charts.six_weeks(week_of(40, 0, 0, 0, 0, 0, 0))
    assert [notes for _x, _y, notes in chart.days.numbers] == [40]
    assert chart.days.crowded


def test_a_comparison_that_could_go_either_way_is_grey_and_a_hint_is_not():
    colors = [
        charts.comparison_rows([finding(level)])[0].figure["data"][0]["marker"]["color"]
        for level in (Level.NONE, Level.WEAK)
    ]
    assert colors == [drawing.GREY, drawing.NOTE]


def test_the_bar_of_a_comparison_is_the_range_in_its_words():
    row = charts.comparison_rows([finding()])[0]
    widest = row.figure["data"][0]
    assert round(widest["base"][0], 1) == -0.2
    assert round(widest["base"][0] + widest["x"][0], 1) == 1.4
    assert row.fits == "0.2 fewer to 1.4 more"


def test_all_comparisons_share_one_symmetric_axis():
    rows = charts.comparison_rows([finding(), finding(ratio=0.7, factor="sleep")])
    axes = {tuple(row.figure["layout"]["xaxis"]["range"]) for row in rows}
    assert axes == {(-1.5, 1.5)}


def test_a_refused_comparison_has_its_reason_in_place_of_a_bar():
    row = charts.comparison_rows([refused(Gate.FEW_FACTOR_DAYS)])[0]
    assert row.figure is None
    assert "3 usable days" in row.higher


def test_every_day_of_both_groups_is_drawn_and_is_in_the_table():
    found = finding()
    chart = charts.actual_days("caffeine", found.split, ("Over 190 mg", "190 mg or less"))
    drawn = points(chart, "circle") + points(chart, "circle-open")
    assert len(drawn) == len(set(drawn)) == 18 + 20
    assert len(points(chart, "circle-open")) == 4 + 8
    assert chart.table.rows == (("0", "4", "8"), ("1", "8", "9"), ("2", "6", "0"), ("3", "0", "3"))


@pytest.mark.parametrize("alike", [3, 40, 90, 160])
def test_however_many_days_are_alike_their_dots_stand_apart(alike):
    many = Group(alike + 3, 3, (0,) * alike + (1, 2, 2))
    chart = charts.actual_days("caffeine", Split(0, many, many), ("Over 190 mg", "190 mg or less"))
    marker = chart.figure["data"][0]["marker"]
    across, up = zip(*points(chart, "circle-open"), strict=True)
    size = marker["size"] + marker["line"]["width"]
    assert size <= min(b - a for a, b in pairwise(sorted(set(up))))
    assert max(up) < chart.figure["layout"]["yaxis"]["range"][1]
    assert max(across) - min(across) < 1 - 1 / 14  # and apart from those with one note more


def test_a_day_that_is_alone_with_its_notes_stands_above_their_number():
    few = Group(3, 3, (1, 2, 4))
    chart = charts.actual_days("caffeine", Split(0, few, few), ("Over 190 mg", "190 mg or less"))
    assert {x for x, _ in points(chart, "circle")} == {1, 2, 4}


def test_twenty_answers_are_twenty_dots_and_no_bin_straddles_same():
    found = finding()
    chart = charts.twenty_answers("caffeine", found.difference, "days over 190 mg")
    more, fewer = points(chart, "circle"), points(chart, "circle-open")
    assert (len(more), len(fewer)) == (16, 4)
    assert all(x > 0 for x, _ in more)
    assert all(x < 0 for x, _ in fewer)
    assert "16 of 20 say more, 4 say fewer" in chart.caption


def test_notes_without_a_time_are_left_out_of_the_hours_and_counted_in_words():
    report = replace(week_of(2, 1, 0, 0, 0, 0, 0), untimed=1)
    chart = charts.times_of_day(report)
    assert len(points(chart, "circle")) == 3
    assert "1 note without a time is left out." in chart.caption
    assert chart.table.rows[1] == ("09:00 – 12:00", "3")


def test_days_are_inflected_where_a_place_says_on_how_many_it_was_noted():
    with override("de"):
        chart = charts.places(week_of(2, 0, 1, 1, 0, 0, 1, before=BEFORE))
    assert any(row.told.endswith(" Tagen") for row in chart.rows)


def test_a_place_has_a_dot_for_each_note_until_there_are_too_many():
    few = charts.places(week_of(5, 5, 0, 0, 0, 0, 0)).rows[0]
    assert (few.dots.count("M"), few.bar) == (10, None)
    many = charts.places(week_of(30, 30, 0, 0, 0, 0, 0))
    assert (many.rows[0].dots, many.rows[0].bar) == ("", (0, 100))
    assert "60 notes in six weeks" in many.caption


def test_bars_of_places_are_as_long_as_their_notes_are_many():
    report = week_of(1, 0, 0, 0, 0, 0, 0)
    places = (PlaceCount("calf-l", 80, 30), PlaceCount("thumb-r", 20, 9))
    assert [row.bar for row in charts.places(replace(report, places=places)).rows] == [
        (0, 100),
        (0, 25),
    ]


@pytest.mark.parametrize("days", [10, 60, 360])
def test_days_of_one_kind_are_packed_below_the_words_of_their_row(days):
    split = Split(100, Group(days, 0, (0,) * days), Group(days, 1, (1,) * days))
    chart = charts.actual_days("caffeine", split, ("Over 100 mg", "100 mg or less"))
    assert chart.height <= drawing.TALLEST
    labels = [note["y"] for note in chart.figure["layout"]["annotations"]]
    assert max(y for _x, y in points(chart, "circle")) < min(labels)
    assert max(y for _x, y in points(chart, "circle-open")) < max(labels)


def test_a_factor_over_time_leaves_unknown_days_empty():
    report = week_of(1, 0, 0, 0, 0, 0, 0)
    days = (replace(report.days[0], factors={"sleep": 6.5}), *report.days[1:])
    chart = charts.factor_over_time(replace(report, days=days), FACTORS["sleep"])
    assert points(chart, "diamond") == [(0, 6.5)]
    assert chart.table.rows[-1][1] == "6.5 h"
    assert chart.table.rows[0][1] == "not noted"


def test_figures_are_plain_json_with_colours_by_name_and_no_markup():
    chart = charts.times_of_day(week_of(2, 1, 0, 0, 0, 0, 0))
    text = json.dumps(chart.figure)
    assert "var(--data-1)" in text
    assert "<" not in text
    assert chart.caption
    assert chart.table.rows


def every_figure(report):
    found = finding(reverse=Estimate(1.4, 1.1, 1.8))
    drawn = [
        *charts.directions(found).rows,
        charts.actual_days("caffeine", found.split, ("Over 190 mg", "190 mg or less")),
        charts.twenty_answers("caffeine", found.difference, "days over 190 mg"),
        charts.times_of_day(report),
        *(charts.factor_over_time(report, factor) for factor in (FACTORS | OPTIONAL).values()),
        *charts.comparison_rows([found, finding(Level.NONE, factor="sleep")]),
    ]
    return [chart.figure for chart in drawn]


@pytest.mark.parametrize("notes", [(2, 1, 0, None, 0, 0, 0), (60, 20, 13, 0, 0, 0, 1)])
def test_plotly_knows_every_word_of_every_figure_and_reads_it_as_it_stands(notes):
    for figure in every_figure(week_of(*notes, before=BEFORE)):
        assert figure["data"]
        read = json.loads(go.Figure(figure, skip_invalid=False).to_json())
        read["layout"].pop("template")
        assert read == json.loads(json.dumps(figure))


@pytest.mark.parametrize(
    ("level", "back", "said"),
    [
        (Level.WEAK, Estimate(1.4, 1.1, 1.8), "Both directions showed something."),
        (Level.WEAK, Estimate(1.0, 0.8, 1.2), "like any other"),
        (Level.NONE, Estimate(0.7, 0.5, 0.9), "Only the way back showed something"),
        (Level.NONE, Estimate(1.0, 0.8, 1.2), "Neither direction showed anything"),
    ],
)
def test_both_directions_of_time_are_told_and_drawn(level, back, said):
    chart = charts.directions(finding(level, factor="stress", reverse=back))
    assert said in chart.caption
    assert "Worry may follow twitching as much as lead to it." in chart.caption
    assert [row[0] for row in chart.table.rows] == [
        "Stress, then notes",
        "Stress the day after notes",
    ]
    assert chart.table.rows[1][1].startswith(f"{back.ratio:.2f}, from {back.low:.2f}")
    bar = chart.rows[1].figure["data"][0]
    assert (bar["base"][0] < 0 < bar["base"][0] + bar["x"][0]) == (back.low < 1 < back.high)


def test_without_both_directions_there_is_no_picture_of_them():
    assert charts.directions(finding()) is None
    assert charts.directions(refused(Gate.FEW_DAYS)) is None


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("exercised", ["legs", "arms", "trunk", "the whole body"]),
        ("illness", ["no", "yes"]),
        ("stress", None),
        ("exercise", None),
    ],
)
def test_answers_stand_in_words_beside_their_axis_and_numbers_stay_numbers(key, words):
    report = week_of(1, 0, 2)
    days = tuple(replace(day, factors={key: 1.0}) for day in report.days)
    chart = charts.factor_over_time(replace(report, days=days), (FACTORS | OPTIONAL)[key])
    assert chart.figure["layout"]["yaxis"].get("ticktext") == words


def test_a_figure_in_a_page_stays_data_whatever_it_names():
    figure = {"x": (0.5, 1), "text": [gettext_lazy("same"), "</script><b>Tée & more"]}
    shown = figure_for(figure, "days-tea")
    found = re.fullmatch(
        r'<script id="days-tea-figure" type="application/json">([^<>&]*)</script>', shown
    )
    assert json.loads(found[1]) == {"x": [0.5, 1], "text": ["same", "</script><b>Tée & more"]}


@pytest.mark.parametrize("most", [20, 60, 180, 360])
def test_dots_stand_on_a_grid_that_the_script_can_shrink_on_a_phone(most):
    counts = tuple(n % 9 if n % 3 else 12 for n in range(most))
    split = Split(0, Group(most, most, counts), Group(most, most, counts))
    figure = charts.actual_days("caffeine", split, ("Over 90 mg", "90 mg or less")).figure
    places = sorted({x for trace in figure["data"] for x in trace["x"]})
    steps = [after - before for before, after in pairwise(places)]
    wide = [step / min(steps) for step in steps]
    assert max(abs(step - round(step)) for step in wide) < 0.01  # as `fitted` in charts.js asks
