"""The plain counts of a week, each by hand."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from insights.analysis.report import week_report
from insights.analysis.series import DayStatus, DiarySeries
from tests.insights.analysis.diaries import FIRST, diary

NAN = np.nan


def report(counts, factors=None, week=0, finished=True):
    factors = factors or {"sleep": np.full(len(counts), NAN)}
    return week_report(diary(counts, factors), FIRST + timedelta(weeks=week), finished)


def test_each_day_is_of_one_kind_and_blank_days_are_in_no_sum():
    week = report([2, 0, NAN, 1, 0, NAN, 3]).weeks[-1]
    assert (week.notes, week.days_with_notes, week.clear_days, week.blank_days) == (6, 3, 2, 2)


def test_a_break_is_counted_apart():
    series = diary([1, 0, 1, 0, 1, 0, 1], {"sleep": np.full(7, NAN)})
    resting = replace(series.days[2], status=DayStatus.BREAK, notes=(), counted=False)
    days = (*series.days[:2], resting, *series.days[3:])
    week = week_report(DiarySeries(days, series.factors), FIRST, True).weeks[-1]
    assert (week.break_days, week.blank_days, week.days_with_notes) == (1, 0, 3)


def test_days_after_the_week_change_nothing():
    counts, factors = [1, 0, 2, 0, 0, 1, 0] * 10, {"sleep": np.tile([6.0, 7, 8, 7, 6, 8, 9], 10)}
    short = diary(counts[:56], {"sleep": factors["sleep"][:56]})
    week = FIRST + timedelta(weeks=7)
    assert week_report(diary(counts, factors), week, True) == week_report(short, week, True)


def test_six_weeks_are_shown_and_places_and_hours_are_theirs():
    found = report([1, 0, 0, 0, 0, 0, 0] * 10, week=9)
    assert len(found.weeks) == 6
    assert len(found.days) == 42
    assert sum(place.notes for place in found.places) == 6
    assert sum(found.blocks) + found.untimed == 6


def test_places_are_ordered_by_their_notes_and_days_are_counted_once():
    first, second = report([3, 2, 0, 0, 0, 0, 0]).places
    assert (first.place, first.notes, first.days) == ("calf-l", 3, 2)
    assert (second.place, second.notes, second.days) == ("eyelid-r", 2, 2)


def test_blocks_start_at_six_and_a_note_after_midnight_is_in_the_last_but_one():
    series = diary([1, 1, 1, 0, 0, 0, 0], {"sleep": np.full(7, NAN)})
    minutes = [6 * 60, 5 * 60 + 59, None]
    days = tuple(
        replace(day, notes=(replace(day.notes[0], minute=minute),))
        for day, minute in zip(series.days, minutes, strict=False)
    )
    found = week_report(DiarySeries((*days, *series.days[3:]), series.factors), FIRST, True)
    assert found.blocks == (1, 0, 0, 0, 0, 0, 0, 1)
    assert found.untimed == 1


def test_an_unfinished_week_compares_nothing():
    found = report([1, 2, 0] * 40, {"sleep": np.tile([6.0, 7, 8], 40)}, week=16, finished=False)
    assert (found.findings, found.durations, found.regions) == ((), (), ())
    assert not found.finished


def test_an_empty_diary_is_an_empty_week():
    found = week_report(DiarySeries((), ()), FIRST, True)
    assert (found.days, found.weeks, found.places, found.window_first) == ((), (), (), None)
