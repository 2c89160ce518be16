import pytest

from diary import recording
from diary.models import Diary
from insights.analysis.series import DayStatus
from insights.collect import collect
from tests.insights.entries import NOW, ago, at, clear, note, today, untimed

pytestmark = pytest.mark.django_db


def days_of(owner):
    return collect(Diary.objects.get(owner=owner), today()).days


def test_an_empty_diary_has_no_days(alice):
    assert days_of(alice) == ()


def test_days_follow_each_other_and_a_day_nobody_recorded_is_blank_and_not_counted(alice):
    note(alice, ago(3))
    clear(alice, ago(1))
    days = days_of(alice)
    assert [day.day for day in days] == [ago(3), ago(2), ago(1), ago(0)]
    assert [day.status for day in days] == ["notes", "blank", "clear", "blank"]
    assert [day.counted for day in days] == [True, False, True, False]


def test_factors_come_in_their_own_units_and_unknown_ones_are_absent(alice):
    note(alice, ago(1), caffeine_mg=180, sleep_minutes=390)
    assert days_of(alice)[0].factors == {"caffeine": 180, "sleep": 6.5}


def test_factors_alone_do_not_make_a_day_count(alice):
    empty = {"sleep_minutes": None}
    recording.change_day(alice, ago(1), {"sleep_minutes": 420}, empty, NOW)
    day = days_of(alice)[0]
    assert (day.status, day.counted) == (DayStatus.BLANK, False)
    assert day.factors == {"sleep": 7}


def test_a_note_written_down_days_later_is_shown_and_not_counted(alice):
    note(alice, ago(5), now=NOW)
    day = days_of(alice)[0]
    assert (day.status, len(day.notes), day.counted) == (DayStatus.NOTES, 1, False)


def test_a_clear_mark_made_days_later_is_not_counted(alice):
    clear(alice, ago(5), now=NOW)
    assert days_of(alice)[0].counted is False


def test_a_break_is_a_break_and_not_counted_even_with_notes(alice):
    note(alice, ago(4))
    note(alice, ago(2))
    recording.take_break(alice, ago(3), ago(1), NOW)
    days = days_of(alice)
    assert [day.status for day in days[:4]] == ["notes", "break", "break", "break"]
    assert [day.counted for day in days[:4]] == [True, False, False, False]


def test_the_same_place_within_ten_minutes_is_one_twitch_going_on(alice):
    note(alice, ago(1), hour=12, minute=0)
    note(alice, ago(1), hour=12, minute=9)
    note(alice, ago(1), hour=12, minute=20)
    note(alice, ago(1), "calf-r", hour=12, minute=1)
    assert len(days_of(alice)[0].notes) == 3


def test_a_note_without_a_time_has_none(alice):
    untimed(alice, ago(1))
    found = days_of(alice)[0].notes[0]
    assert (found.minute, found.seconds, found.region) == (None, None, "face")


def test_removed_notes_and_other_people_are_not_there(alice, bob):
    gone = note(alice, ago(1))
    note(bob, ago(1))
    recording.remove([gone], alice, NOW)
    assert days_of(alice) == ()


def test_the_number_of_queries_does_not_grow_with_the_diary(alice, django_assert_num_queries):
    for n in range(30):
        note(alice, ago(n), now=at(ago(n)))
    diary = Diary.objects.select_related("owner").get(owner=alice)
    with django_assert_num_queries(5):  # the first day, notes, days, breaks, medicines
        collect(diary, today())
