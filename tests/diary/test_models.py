from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from diary.durations import DURATIONS, choice_for
from diary.factors import FACTORS, in_own_units
from diary.models import Break, Day, Diary, Twitch, User

NOW = datetime(2026, 11, 23, 19, 40, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def test_an_account_never_exists_without_its_diary(alice):
    assert alice.diary.zone == "UTC"
    alice.save()
    assert Diary.objects.count() == 1


def test_an_account_is_not_called_by_its_address(alice):
    assert "alice" not in str(alice) + repr(alice)


def test_the_running_day_follows_zone_and_day_start(alice):
    diary = alice.diary
    diary.zone = "Pacific/Auckland"
    assert diary.today(NOW) == date(2026, 11, 24)
    diary.day_start_hour = 8
    assert diary.today(datetime(2026, 11, 23, 18, 30, tzinfo=UTC)) == TODAY
    start, end = diary.bounds(TODAY)
    assert start <= datetime(2026, 11, 23, 18, 30, tzinfo=UTC) < end


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("caffeine_mg", 2001),
        ("sleep_minutes", 1441),
        ("stress", 0),
        ("stress", 6),
        ("drinks_ml", 10_001),
    ],
)
def test_the_database_refuses_a_factor_out_of_its_range(alice, column, value):
    with pytest.raises(IntegrityError), transaction.atomic():
        Day.objects.create(owner=alice, day=TODAY, **{column: value})
    Day.objects.create(owner=alice, day=TODAY, **{column: None})


def test_a_person_has_one_row_for_a_day(alice, bob):
    Day.objects.create(owner=alice, day=TODAY)
    Day.objects.create(owner=bob, day=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Day.objects.create(owner=alice, day=TODAY)


def test_a_break_does_not_end_before_it_begins(alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        Break.objects.create(owner=alice, first=TODAY, last=TODAY - timedelta(days=1))


def test_rows_are_found_by_whose_they_are(alice, bob):
    Day.objects.create(owner=alice, day=TODAY, stress=1)
    assert Day.objects.of(alice).within(TODAY, TODAY).count() == 1
    assert Day.objects.of(alice).within(TODAY + timedelta(days=1), date.max).count() == 0
    assert not Day.objects.of(bob).exists()


def test_unknown_factors_are_left_out_and_zero_is_kept():
    day = Day(caffeine_mg=0, sleep_minutes=390)
    assert in_own_units(day.stored_factors(), FACTORS) == {"caffeine": 0, "sleep": 6.5}


def test_a_note_is_told_on_the_clock_it_was_noted_by():
    note = Twitch(place="calf-l", started_at=NOW, zone="Asia/Tokyo", duration="seconds")
    assert note.local_time.strftime("%H:%M") == "04:40"
    assert note.known_place.name == "Left calf"
    assert Twitch(started_at=None).local_time is None


def test_an_exact_length_counts_before_the_choice():
    assert Twitch(duration="minutes", duration_s=90).seconds == 90
    assert Twitch(duration="minutes", duration_s=90).lasted == "1:30"
    assert Twitch(duration="minutes").seconds == 150
    assert Twitch(duration="minutes").lasted == "1 to 5 minutes"
    assert Twitch(duration="unsure").seconds is None


def test_an_exact_length_falls_under_the_choice_that_holds_it():
    lengths = {1: "seconds", 14: "seconds", 15: "under-minute", 60: "minutes", 300: "minutes"}
    lengths |= {301: "longer", 7200: "longer", 7201: "hours", 86_400: "hours"}
    assert {seconds: choice_for(seconds) for seconds in lengths} == lengths
    assert set(lengths.values()) | {"unsure"} == set(DURATIONS)


def stale(now=NOW):
    return Diary.objects.all().stale(now).exists()


def test_a_diary_is_stale_until_its_analysis_has_caught_up(alice):
    mine = Diary.objects.of(alice)
    assert not stale()
    assert mine.mark_stale(NOW) == 1
    assert stale()
    mine.update(computed_version=1)
    assert not stale()


def test_a_diary_is_due_when_its_week_has_ended_and_free_when_a_claim_ran_out(alice):
    mine = Diary.objects.of(alice)
    mine.update(due_at=NOW)
    assert stale()
    assert not stale(NOW - timedelta(seconds=1))
    mine.update(claimed_until=NOW + timedelta(minutes=1))
    assert not stale()
    assert stale(NOW + timedelta(minutes=2))


def test_a_password_is_never_kept_as_it_is(db):
    user = User.objects.create_user("Carol@Example.org", "a long enough password")
    assert user.email == "Carol@example.org"
    assert "long enough" not in user.password
    assert not User.objects.create_user("sample@example.org").has_usable_password()
