"""Symptoms checks go through the one door."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from diary import recording
from diary.models import Check, Diary

NOW = datetime(2026, 11, 23, 19, 40, tzinfo=UTC)
FORM = UUID("6b1f2d0e-30c5-4b6b-8f58-4a1e55c0aa01")
ANSWERS = {"weakness": "no", "lasting": "unsure"}


def note(owner, form=FORM, now=NOW, **answers):
    return recording.note_check(owner, form, answers or ANSWERS, "Left calf", now)


def test_a_check_is_kept_with_its_day_and_what_was_left_open_is_absent(alice):
    check = Check.objects.of(alice).get(pk=note(alice).pk)
    assert (check.day, check.answers, check.words) == (date(2026, 11, 23), ANSWERS, "Left calf")


def test_after_midnight_a_check_belongs_to_the_running_diary_day(alice):
    check = note(alice, now=datetime(2026, 11, 24, 1, 30, tzinfo=UTC))
    assert check.day == date(2026, 11, 23)


def test_a_check_sent_twice_is_one_check_with_its_first_answers(alice, bob):
    first = note(alice)
    again = note(alice, now=NOW + timedelta(hours=3), weakness="yes")
    assert (again.pk, again.answers) == (first.pk, ANSWERS)
    assert note(bob).pk != first.pk


def test_a_check_is_taken_back_and_put_back_as_it_was(alice):
    check = note(alice)
    recording.remove_check(check, NOW)
    recording.remove_check(check, NOW + timedelta(minutes=1))
    assert not Check.objects.of(alice).exists()
    recording.restore_check(check, NOW + timedelta(days=1))
    assert Check.objects.of(alice).get().answers == ANSWERS


def test_what_was_taken_back_long_ago_stays_away(alice):
    check = note(alice)
    recording.remove_check(check, NOW)
    recording.restore_check(check, NOW + timedelta(days=31))
    assert not Check.objects.of(alice).exists()


def test_every_change_of_a_check_marks_the_diary_stale(alice):
    versions = [Diary.objects.get(owner=alice).version]
    check = note(alice)
    for change in (recording.remove_check, recording.restore_check):
        versions.append(Diary.objects.get(owner=alice).version)
        change(check, NOW)
    versions.append(Diary.objects.get(owner=alice).version)
    assert versions == sorted(set(versions))


def test_nobody_writes_a_check_into_the_sample_diary(alice):
    check = note(alice)
    Diary.objects.filter(owner=alice).update(is_sample=True)
    with pytest.raises(recording.ReadOnly):
        note(alice, UUID(int=7))
    with pytest.raises(recording.ReadOnly):
        recording.remove_check(check, NOW)
    with pytest.raises(recording.ReadOnly):
        recording.restore_check(check, NOW)
