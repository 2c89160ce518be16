from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Engine

from diary.strip import APART, Mark, Moment, strip

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 23)


def test_drinks_with_caffeine_are_where_the_clock_of_the_day_has_them():
    drawn = strip(DAY, BERLIN, 4, [], cups=(time(4), time(16), time(1)))
    assert drawn.cups == (0, 50, 87.5)


def at(hour, minute=0, day=DAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def test_the_strip_runs_from_day_start_to_day_start():
    drawn = strip(DAY, BERLIN, 4, [Moment(at(4), "seconds"), Moment(at(16), "hours")])
    assert [mark.x for mark in drawn.marks] == [0, 50]
    assert [(hour.x, hour.label) for hour in drawn.hours] == [
        (8.33, "06"),
        (33.33, "12"),
        (58.33, "18"),
        (83.33, "00"),
    ]


def test_a_longer_twitch_is_a_taller_mark():
    durations = ("seconds", "under-minute", "minutes", "longer")
    drawn = strip(DAY, BERLIN, 4, [Moment(at(6 + n), key) for n, key in enumerate(durations)])
    heights = [mark.height for mark in drawn.marks]
    assert heights == sorted(set(heights))


def test_marks_of_the_same_minute_stand_side_by_side_but_near_their_time():
    drawn = strip(DAY, BERLIN, 4, [Moment(at(12), "seconds")] * 8)
    xs = [mark.x for mark in drawn.marks]
    assert xs[1] - xs[0] == pytest.approx(APART)
    assert max(xs) - 33.33 <= 2.41


def test_now_is_drawn_on_the_running_day_alone():
    assert strip(DAY, BERLIN, 4, [], at(16)).now == 50
    assert strip(DAY, BERLIN, 4, [], at(3)).now is None
    assert strip(DAY, BERLIN, 4, []).now is None
    assert strip(DAY, BERLIN, 4, [], at(2, day=DAY + timedelta(days=1))).now == 91.67


def test_on_the_day_with_25_hours_noon_is_a_little_later_on_the_strip():
    long_day = date(2026, 10, 24)
    drawn = strip(long_day, BERLIN, 4, [Moment(at(16, day=long_day), "seconds")])
    assert drawn.marks[0].x == 48


def test_a_note_from_another_zone_stays_within_the_strip():
    drawn = strip(
        DAY, BERLIN, 4, [Moment(at(1), "seconds"), Moment(at(9) + 2 * (at(16) - at(4)), "hours")]
    )
    assert [mark.x for mark in drawn.marks] == [0, 100]


@pytest.mark.parametrize("hour", range(9))
def test_the_shading_of_the_night_runs_in_order_whenever_the_day_starts(hour):
    drawn = strip(DAY, BERLIN, hour, [])
    stops = [*drawn.night_until, *drawn.night_from]
    assert stops == sorted(stops)
    assert stops[0] >= 0
    assert stops[-1] <= 100


def test_a_mark_is_drawn_with_numbers_and_nothing_else_can_get_into_its_line():
    draw = Engine(libraries={"strip": "diary.templatetags.strip"}).from_string(
        "{% load strip %}{% marks given low %}"
    )
    assert draw.render(Context({"given": [Mark(12.5, 20)]})) == (
        '<line class="mark" x1="12.5%" x2="12.5%" y1="25" y2="13"/>'
    )
    with pytest.raises(ValueError, match="format code"):
        draw.render(Context({"given": [Mark('"><script>', 20)]}))
