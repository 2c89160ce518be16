from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.days import (
    Clock,
    Week,
    day_bounds,
    instant,
    is_late,
    local_day,
    minute_of,
    parse_day,
    wall_clock,
)

from .conftest import CLOCK_CHANGES

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Berlin",
        "Europe/Dublin",
        "America/New_York",
        "Australia/Lord_Howe",  # moves by half an hour
        "Pacific/Apia",  # once left out a whole day
        "Asia/Kathmandu",
        "UTC",
    )
]


def test_a_note_before_the_day_start_belongs_to_the_evening_before():
    assert local_day(datetime(2026, 11, 24, 0, 30, tzinfo=UTC), BERLIN, 4) == date(2026, 11, 23)
    assert local_day(datetime(2026, 11, 24, 3, 0, tzinfo=UTC), BERLIN, 4) == date(2026, 11, 24)


def test_with_a_day_start_at_midnight_the_diary_day_is_the_calendar_day():
    assert local_day(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), BERLIN, 0) == date(2026, 11, 24)


def test_half_past_one_belongs_to_the_evening_before_also_across_a_clock_change():
    for year_day in (date(2026, 3, 29), date(2026, 10, 25)):
        night = instant(datetime(2026, year_day.month, year_day.day, 1, 30), BERLIN)
        assert local_day(night, BERLIN, 4) == year_day - timedelta(days=1)


def test_both_of_the_repeated_half_past_twos_have_their_own_instant():
    wall = datetime(2026, 10, 25, 2, 30)
    assert wall_clock(wall, BERLIN) is Clock.TWICE
    first, second = instant(wall, BERLIN), instant(wall, BERLIN, second=True)
    assert second - first == timedelta(hours=1)
    assert minute_of(first, BERLIN) == minute_of(second, BERLIN) == 150


def test_a_time_in_the_missing_hour_is_moved_forward_as_the_clocks_were():
    wall = datetime(2026, 3, 29, 2, 30)
    assert wall_clock(wall, BERLIN) is Clock.NEVER
    moved = instant(wall, BERLIN)
    assert moved.astimezone(BERLIN).replace(tzinfo=None) == datetime(2026, 3, 29, 3, 30)
    assert instant(wall, BERLIN, second=True) == moved


def test_an_ordinary_time_is_the_same_instant_whichever_is_asked_for():
    wall = datetime(2026, 11, 23, 20, 40)
    assert wall_clock(wall, BERLIN) is Clock.ONCE
    assert instant(wall, BERLIN) == instant(wall, BERLIN, second=True)


def test_the_days_on_which_clocks_change_are_23_and_25_hours_long():
    for day, hours in ((date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 11, 1), 24)):
        start, end = day_bounds(day, BERLIN, 4)
        assert end - start == timedelta(hours=hours)


@pytest.mark.parametrize(("zone", "day", "minutes"), CLOCK_CHANGES)
def test_every_minute_of_a_day_on_which_clocks_change_can_be_noted(zone, day, minutes):
    place = ZoneInfo(zone)
    moment, end = day_bounds(day, place, 0)
    noted = set()
    while moment < end:
        wall = moment.astimezone(place).replace(tzinfo=None)
        noted |= {instant(wall, place), instant(wall, place, second=True)}
        assert moment in noted, moment
        moment += timedelta(minutes=1)
    assert len(noted) == minutes


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("hour", [0, 4, 8])
def test_every_moment_of_a_year_lies_within_the_bounds_of_its_own_day(zone, hour):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year == 2026:
        day = local_day(moment, zone, hour)
        start, end = day_bounds(day, zone, hour)
        assert start <= moment < end, (moment, day)
        moment += timedelta(minutes=97)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(ZONES),
    st.booleans(),
)
def test_a_wall_time_that_exists_comes_back_as_it_was_typed(wall, zone, second):
    wall = wall.replace(second=0, microsecond=0)
    back = instant(wall, zone, second=second).astimezone(zone).replace(tzinfo=None)
    assert (back == wall) is (wall_clock(wall, zone) is not Clock.NEVER)


def test_a_day_is_told_from_memory_from_the_third_day_on():
    today = date(2026, 11, 23)
    assert not is_late(date(2026, 11, 21), today)
    assert is_late(date(2026, 11, 20), today)


def test_a_week_is_read_and_written_the_same_way():
    week = Week.parse("2026-w48")
    assert str(week) == "2026-w48"
    assert (week.first, week.last) == (date(2026, 11, 23), date(2026, 11, 29))
    assert week.shifted(-1) == Week(2026, 47)
    assert Week.of(date(2027, 1, 1)) == Week(2026, 53)


@pytest.mark.parametrize("text", ["2026-w54", "2025-w53", "2026-w00", "2026-W48", "2026-w4", "x"])
def test_a_week_that_its_year_has_not_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - from our pattern or from the calendar
        Week.parse(text)


def test_a_day_in_an_address_is_written_in_one_way_alone():
    assert parse_day("2026-11-23") == date(2026, 11, 23)
    for text in ("2026-02-30", "1999-12-31", "20261123", "2026-W47-1", "２026-11-23", "2026-1-1"):
        with pytest.raises(ValueError):  # noqa: PT011 - from our pattern or from the calendar
            parse_day(text)
