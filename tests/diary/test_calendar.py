"""The calendar, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.calendar import Cell, Kind, Span, kind_of, rows, runs, tally
from diary.shown import WeekStart

TODAY = date(2026, 11, 23)  # a Monday
LONG_AGO = date(2025, 1, 1)
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


def cell(day, notes=0, kind=Kind.BLANK, today=False):
    return Cell(day, Kind.NOTES if notes else kind, notes, today)


@pytest.mark.parametrize(
    ("notes", "clear", "on_break", "kind"),
    [
        (2, False, False, Kind.NOTES),
        (0, True, False, Kind.CLEAR),
        (0, False, False, Kind.BLANK),
        (0, False, True, Kind.BREAK),
        (2, False, True, Kind.BREAK),
        (0, True, True, Kind.BREAK),
    ],
)
def test_a_day_is_blank_unless_something_was_said_and_a_break_stays_a_break(
    notes, clear, on_break, kind
):
    assert kind_of(notes, clear=clear, on_break=on_break) is kind


def test_the_newest_calendar_is_the_running_week_and_the_six_before_it():
    span = Span.ending(TODAY, TODAY, LONG_AGO)
    assert (span.first, span.last) == (date(2026, 10, 12), date(2026, 11, 29))
    assert (span.earlier, span.later) == (date(2026, 10, 11), None)


def test_earlier_shows_the_six_weeks_before_and_later_comes_back():
    span = Span.ending(date(2026, 10, 11), TODAY, LONG_AGO)
    assert (span.first, span.last) == (date(2026, 8, 31), date(2026, 10, 11))
    assert span.earlier == date(2026, 8, 30)
    assert span.later == TODAY


def test_an_empty_diary_shows_this_week_only():
    span = Span.ending(TODAY, TODAY, None)
    assert (span.first, span.last) == (TODAY, date(2026, 11, 29))
    assert span.earlier is None


def test_no_week_before_the_first_entry_is_shown():
    span = Span.ending(TODAY, TODAY, date(2026, 11, 12))
    assert span.first == date(2026, 11, 9)
    assert span.earlier is None


@given(DAYS, DAYS, st.none() | DAYS, st.sampled_from(WeekStart.values))
def test_a_span_is_whole_weeks_and_leafing_reaches_every_day_of_the_diary(
    to, today, begins, starts
):
    begins = min(begins, today) if begins else None
    span = Span.ending(min(to, today), today, begins, starts)
    assert span.first.weekday() == starts
    assert span.last.weekday() == (starts + 6) % 7
    assert span.first <= min(to, today) <= span.last
    assert (span.last - span.first).days <= 48
    if span.earlier:
        before = Span.ending(span.earlier, today, begins, starts)
        assert before.last + timedelta(days=1) == span.first
    elif begins:
        assert span.first <= begins or to < begins
    if span.later:
        after = Span.ending(span.later, today, begins, starts)
        assert span.last < after.last
        assert after.first <= max(span.last + timedelta(days=1), begins or today)
    else:
        assert today <= span.last


def test_a_calendar_asks_for_each_day_up_to_today_and_leaves_the_coming_ones_open():
    asked = []

    def cell_of(day):
        asked.append(day)
        return cell(day, today=day == TODAY)

    weeks = rows(Span.ending(TODAY, TODAY, LONG_AGO), TODAY, cell_of)
    assert len(weeks) == 7
    assert asked == [date(2026, 10, 12) + timedelta(days=n) for n in range(43)]
    assert weeks[-1].cells[0].today
    assert weeks[-1].cells[1:] == (None,) * 6
    assert weeks[-1].kept == (weeks[-1].cells[0],)


def test_colours_have_four_steps_and_mean_the_same_every_week():
    assert [cell(TODAY, notes).level for notes in (0, 1, 2, 3, 4, 5, 40)] == [0, 1, 2, 3, 4, 4, 4]


def test_a_week_is_counted_with_blank_days_told_and_today_left_open():
    monday = date(2026, 11, 16)
    week = [
        cell(monday, 2),
        cell(monday, 3),
        cell(monday, kind=Kind.CLEAR),
        cell(monday),
        Cell(monday, Kind.BREAK, 1),
        cell(monday, today=True),
    ]
    found = tally(week)
    assert (found.notes, found.days, found.clear, found.blank, found.rest) == (6, 3, 1, 1, 1)


def test_neighbouring_blank_days_are_told_once_unless_they_say_something():
    days = [TODAY - timedelta(days=n) for n in range(6)]
    cells = [
        cell(days[0], 1),
        cell(days[1]),
        cell(days[2]),
        cell(days[3]),
        cell(days[4], kind=Kind.BREAK),
        cell(days[5], kind=Kind.CLEAR),
    ]
    found = [
        (kind, [member.day for member in members])
        for kind, members in runs(cells, alone=lambda day: day == days[3])
    ]
    assert found == [
        (Kind.NOTES, [days[0]]),
        (Kind.BLANK, [days[1], days[2]]),
        (Kind.BLANK, [days[3]]),
        (Kind.BREAK, [days[4]]),
        (Kind.CLEAR, [days[5]]),
    ]


def test_two_clear_days_stay_two():
    cells = [cell(TODAY - timedelta(days=n), kind=Kind.CLEAR) for n in range(2)]
    assert len(list(runs(cells, alone=lambda day: False))) == 2
