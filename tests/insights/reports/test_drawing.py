"""The drawings of a report, worked out without any page."""

from datetime import date, timedelta

from insights.analysis.results import DaySummary, WeekCount
from insights.analysis.series import DayStatus
from insights.reports.drawing import WIDTH, timeline

MONDAY = date(2026, 1, 5)


def weeks(*notes):
    """Whole weeks, each with so many notes; None is a week of which no day was kept."""
    counts = [
        WeekCount(
            MONDAY + timedelta(weeks=n), count or 0, *((0, 0, 7) if count is None else (7, 0, 0)), 0
        )
        for n, count in enumerate(notes)
    ]
    days = [
        DaySummary(week.first + timedelta(days=n), DayStatus.NOTES, 0, {})
        for week in counts
        for n in range(7)
    ]
    return timeline(days, counts)


def test_a_week_of_which_nothing_is_known_has_a_dash_and_no_number():
    drawn = weeks(3, None, 0, 5, 1, 1, 1, 1)
    assert [bar.notes for bar in drawn.bars] == [3, 0, 5, 1, 1, 1, 1]
    assert len(drawn.dashes) == 1
    assert WIDTH / 8 < drawn.dashes[0].x < WIDTH / 4


def test_two_clear_days_and_a_break_are_no_week_without_any():
    clear = [WeekCount(MONDAY + timedelta(weeks=n), 0, 0, 2 + 5 * (n > 0), 0, 0) for n in range(8)]
    days = [DaySummary(MONDAY + timedelta(days=n), DayStatus.CLEAR, 0, {}) for n in range(5, 8 * 7)]
    drawn = timeline(days, clear)
    assert [bar.notes for bar in drawn.bars] == [0] * 7
    assert len(drawn.dashes) == 1


def test_numbers_are_turned_where_they_have_no_room_side_by_side():
    assert not weeks(*[99] * 13).turned
    assert not weeks(*[99] * 52).turned
    assert weeks(*[99] * 51, 100).turned
