import contextlib
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from diary import recording
from diary.factors import FACTORS, in_own_units
from diary.models import Break, Day, Diary, Twitch, User
from diary.recording import NoteText, When

NOW = datetime(2026, 11, 23, 19, 40, tzinfo=UTC)
TODAY = date(2026, 11, 23)
FORM = UUID("0b5f6c1e-7d5a-4f0e-9d3e-2f6d1a7f9c11")


def text(at=NOW, **more):
    return NoteText(When(at.date(), at, "UTC"), "seconds", **more)


def note(owner, *places, form=None, now=NOW, said=None, **more):
    said = said or text(now)
    return recording.note(owner, form or uuid4(), places or ["calf-l"], said, now, **more)


def version(owner):
    return Diary.objects.get(owner=owner).version


def test_one_form_makes_one_note_for_each_place(alice):
    saved = note(alice, "calf-l", "calf-r", "calf-l", form=FORM)
    assert [twitch.place for twitch in saved.notes] == ["calf-l", "calf-r"]
    assert {twitch.group for twitch in saved.notes} == {FORM}


def test_sending_a_form_again_finds_the_notes_of_the_first_time(alice):
    first = note(alice, "calf-l", "calf-r", form=FORM)
    again = note(alice, "calf-l", "calf-r", form=FORM, now=NOW + timedelta(hours=3))
    assert [twitch.pk for twitch in again.notes] == [twitch.pk for twitch in first.notes]
    assert Twitch.objects.of(alice).count() == 2


def test_two_people_may_send_the_same_id(alice, bob):
    note(alice, form=FORM)
    note(bob, form=FORM)
    assert Twitch.objects.of(alice).count() == Twitch.objects.of(bob).count() == 1


def at_once(times, act):
    """Do it in so many threads that start together; what went wrong is raised here."""
    ready, faults = threading.Barrier(times), []

    def one():
        try:
            ready.wait()
            act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def test_the_same_form_sent_four_times_at_once_is_one_note(transactional_db):
    alice = User.objects.create_user("alice@example.org")
    for _ in range(5):
        form = uuid4()
        at_once(4, lambda form=form: note(alice, "calf-l", "thumb-r", form=form))
    assert Twitch.objects.of(alice).count() == 10


def test_sixteen_who_read_and_then_write_at_once_are_never_told_that_it_is_locked(
    transactional_db,
):
    people = [User.objects.create_user(f"{number}@example.org") for number in range(16)]
    turns = iter(people)

    def writes():
        owner = next(turns)
        for number in range(5):
            with transaction.atomic():
                assert Twitch.objects.of(owner).count() == number
                note(owner, "calf-l", now=NOW - timedelta(minutes=number))

    at_once(16, writes)
    assert {Twitch.objects.of(owner).count() for owner in people} == {5}


def test_a_thumb_that_bounces_at_once_makes_one_note(transactional_db):
    alice = User.objects.create_user("alice@example.org")
    at_once(4, lambda: recording.note_again(alice, uuid4(), "calf-l", text(), NOW))
    assert Twitch.objects.of(alice).count() == 1


def test_notes_and_clear_marks_at_once_never_leave_a_clear_day_with_notes(transactional_db):
    alice = User.objects.create_user("alice@example.org")
    turns = iter(range(8))

    def either():
        if next(turns) % 2:
            note(alice)
        else:
            with contextlib.suppress(recording.HasNotes):
                recording.mark_clear(alice, TODAY, NOW)

    at_once(8, either)
    assert Twitch.objects.of(alice).count() == 4
    assert not Day.objects.of(alice).filter(clear=True).exists()


def test_an_entry_and_its_stale_mark_are_lost_together(alice):
    before = version(alice)

    @transaction.atomic
    def cut_short():
        note(alice)
        assert version(alice) > before
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cut_short()
    assert version(alice) == before
    assert not Twitch.objects.of(alice).exists()


def test_a_note_that_cannot_be_stored_leaves_no_stale_mark(alice):
    before = version(alice)
    with pytest.raises(DatabaseError), transaction.atomic():
        note(alice, factors={"stress": 9})
    assert version(alice) == before
    assert not Day.objects.of(alice).exists()


def test_every_change_marks_the_diary_stale(alice):
    saved = note(alice).notes
    changes = [
        lambda: recording.edit(saved[0], 1, "calf-r", text(), NOW),
        lambda: recording.remove(saved, alice, NOW),
        lambda: recording.mark_clear(alice, TODAY, NOW),
        lambda: recording.unmark_clear(alice, TODAY, NOW),
        lambda: recording.restore(saved, alice, NOW),
        lambda: recording.change_day(alice, TODAY, {"stress": 2}, {"stress": None}, NOW),
        lambda: recording.take_break(alice, TODAY, TODAY, NOW),
        lambda: recording.end_break(alice, TODAY, NOW),
        lambda: recording.change_settings(alice, {"glass_ml": 200}, NOW),
        lambda: recording.note_again(alice, uuid4(), "nose", text(), NOW),
    ]
    for number, change in enumerate(changes):
        before = version(alice)
        change()
        assert version(alice) > before, number


def test_the_stale_mark_keeps_the_time_of_the_first_change(alice):
    note(alice)
    note(alice, now=NOW + timedelta(minutes=5))
    assert Diary.objects.get(owner=alice).stale_since == NOW


def test_two_taps_on_a_tile_within_two_seconds_are_one_note(alice):
    first = recording.note_again(alice, uuid4(), "calf-l", text(), NOW)
    bounce = recording.note_again(alice, uuid4(), "calf-l", text(), NOW + timedelta(seconds=1.9))
    assert bounce.notes == first.notes
    recording.note_again(alice, uuid4(), "calf-r", text(), NOW + timedelta(seconds=1))
    recording.note_again(alice, uuid4(), "calf-l", text(), NOW + timedelta(seconds=2))
    assert Twitch.objects.of(alice).count() == 3


def test_a_tap_right_after_undo_is_a_new_note(alice):
    first = recording.note_again(alice, uuid4(), "calf-l", text(), NOW)
    recording.remove(first.notes, alice, NOW)
    recording.note_again(alice, uuid4(), "calf-l", text(), NOW + timedelta(seconds=1))
    assert Twitch.objects.of(alice).count() == 1


def test_a_note_keeps_a_copy_of_the_day_as_it_stood(alice):
    first = note(alice, factors={"caffeine_mg": 90, "stress": 2}).notes[0]
    second = note(alice, factors={"caffeine_mg": 180}).notes[0]
    first.refresh_from_db()
    assert (first.caffeine_mg, first.stress, first.sleep_minutes) == (90, 2, None)
    assert (second.caffeine_mg, second.stress) == (180, 2)
    assert Day.objects.of(alice).get().caffeine_mg == 180


def test_columns_that_are_not_named_stay_as_they_are(alice):
    recording.change_day(alice, TODAY, {"sleep_minutes": 420}, {"sleep_minutes": None}, NOW)
    note(alice, factors={"stress": 3})
    day = Day.objects.of(alice).get()
    assert (day.sleep_minutes, day.stress) == (420, 3)


def test_a_note_lifts_the_clear_mark_and_says_so(alice):
    recording.mark_clear(alice, TODAY, NOW)
    assert note(alice, form=FORM).lifted_clear
    assert not Day.objects.of(alice).get().clear
    assert not note(alice, form=FORM).lifted_clear


def test_a_day_with_notes_cannot_be_clear_until_they_are_taken_back(alice):
    saved = note(alice)
    with pytest.raises(recording.HasNotes):
        recording.mark_clear(alice, TODAY, NOW)
    recording.remove(saved.notes, alice, NOW)
    recording.mark_clear(alice, TODAY, NOW)
    assert Day.objects.of(alice).get().clear


def test_putting_a_note_back_lifts_the_clear_mark(alice):
    saved = note(alice)
    recording.remove(saved.notes, alice, NOW)
    recording.mark_clear(alice, TODAY, NOW)
    recording.restore(saved.notes, alice, NOW)
    assert Twitch.objects.of(alice).count() == 1
    assert not Day.objects.of(alice).get().clear


def test_removing_twice_is_once_and_keeps_the_first_time(alice):
    saved = note(alice).notes
    recording.remove(saved, alice, NOW)
    recording.remove(saved, alice, NOW + timedelta(days=1))
    assert Twitch.objects.removed_by(alice, NOW).get().removed_at == NOW


def test_a_removed_note_can_be_put_back_for_30_days(alice):
    saved = note(alice).notes
    recording.remove(saved, alice, NOW)
    recording.restore(saved, alice, NOW + timedelta(days=31))
    assert not Twitch.objects.of(alice).exists()
    recording.restore(saved, alice, NOW + timedelta(days=29))
    assert Twitch.objects.of(alice).exists()


def test_nobody_removes_restores_or_edits_the_note_of_another(alice, bob):
    saved = note(alice).notes
    recording.remove(saved, bob, NOW)
    assert Twitch.objects.of(alice).exists()
    recording.remove(saved, alice, NOW)
    recording.restore(saved, bob, NOW)
    assert not Twitch.objects.of(alice).exists()


def test_an_edit_keeps_when_it_was_first_saved_and_the_values_of_then(alice):
    twitch = note(alice, factors={"stress": 4}).notes[0]
    later = NOW + timedelta(hours=1)
    recording.edit(twitch, 1, "calf-r", replace(text(), words="in bed"), later)
    twitch.refresh_from_db()
    assert (twitch.place, twitch.words, twitch.version) == ("calf-r", "in bed", 2)
    assert (twitch.created_at, twitch.edited_at, twitch.stress) == (NOW, later, 4)


def test_a_stale_edit_is_told_how_the_note_stands_and_changes_nothing(alice):
    twitch = note(alice).notes[0]
    other = Twitch.objects.get(pk=twitch.pk)
    recording.edit(twitch, 1, "calf-l", replace(text(), words="first"), NOW)
    before = version(alice)
    with pytest.raises(recording.StaleEdit) as stale:
        recording.edit(other, 1, "calf-l", replace(text(), words="second"), NOW)
    assert stale.value.current.words == "first"
    assert Twitch.objects.of(alice).get().words == "first"
    assert version(alice) == before


def test_moving_a_note_to_a_clear_day_lifts_its_mark(alice):
    yesterday = NOW - timedelta(days=1)
    recording.mark_clear(alice, yesterday.date(), NOW)
    twitch = note(alice).notes[0]
    recording.edit(twitch, 1, "calf-l", text(yesterday), NOW)
    assert not Day.objects.of(alice).get(day=yesterday.date()).clear


@pytest.mark.parametrize(("days_ago", "late"), [(0, False), (2, False), (3, True), (400, True)])
def test_what_is_written_more_than_two_days_later_is_marked_added_later(alice, days_ago, late):
    then = NOW - timedelta(days=days_ago)
    assert note(alice, said=text(then)).notes[0].added_later is late
    recording.mark_clear(alice, then.date() - timedelta(days=1), NOW)
    assert Day.objects.of(alice).get().added_later is (days_ago + 1 > 2)


def test_taking_a_late_clear_mark_back_takes_its_label_too(alice):
    then = TODAY - timedelta(days=9)
    recording.mark_clear(alice, then, NOW)
    recording.unmark_clear(alice, then, NOW)
    recording.mark_clear(alice, then, datetime(2026, 11, 14, 20, tzinfo=UTC))
    assert not Day.objects.of(alice).get().added_later


def change(owner, was, to, column="caffeine_mg"):
    return recording.change_day(owner, TODAY, {column: to}, {column: was}, NOW)


def test_a_change_of_a_day_that_is_sent_twice_is_once(alice):
    change(alice, None, 90)
    before = Day.objects.of(alice).get().version
    assert change(alice, None, 90).caffeine_mg == 90
    assert Day.objects.of(alice).get().version == before


def test_changes_of_different_things_do_not_collide(alice):
    change(alice, None, 90)
    change(alice, None, 3, "stress")
    day = change(alice, 90, 180)
    assert (day.caffeine_mg, day.stress) == (180, 3)


def test_changes_of_the_same_thing_collide_and_tell_how_it_stands(alice):
    change(alice, None, 90)
    with pytest.raises(recording.StaleEdit) as stale:
        change(alice, None, 500)
    assert stale.value.current.caffeine_mg == 90
    assert Day.objects.of(alice).get().caffeine_mg == 90


def test_a_value_goes_back_to_unknown_and_zero_stays_zero(alice):
    change(alice, None, 0)
    assert in_own_units(Day.objects.of(alice).get().stored_factors(), FACTORS) == {"caffeine": 0}
    change(alice, 0, None)
    assert in_own_units(Day.objects.of(alice).get().stored_factors(), FACTORS) == {}


def test_the_words_of_a_day_collide_like_its_values(alice):
    change(alice, "", "a long walk", "words")
    with pytest.raises(recording.StaleEdit):
        change(alice, "", "at home", "words")
    assert Day.objects.of(alice).get().words == "a long walk"


def test_ending_a_break_keeps_the_days_that_were_rested(alice):
    recording.take_break(alice, TODAY - timedelta(days=3), TODAY + timedelta(days=3), NOW)
    recording.end_break(alice, TODAY, NOW)
    rest = Break.objects.of(alice).get()
    assert (rest.first, rest.last) == (TODAY - timedelta(days=3), TODAY - timedelta(days=1))


def test_a_break_that_began_today_vanishes_when_it_ends_today(alice):
    recording.take_break(alice, TODAY, TODAY + timedelta(days=3), NOW)
    recording.end_break(alice, TODAY, NOW)
    assert not Break.objects.of(alice).exists()


def test_nobody_writes_in_the_sample_diary(alice):
    saved = note(alice).notes
    Diary.objects.of(alice).update(is_sample=True)
    before = version(alice)
    refused = [
        lambda: note(alice),
        lambda: recording.note_again(alice, uuid4(), "nose", text(), NOW),
        lambda: recording.edit(saved[0], 1, "nose", text(), NOW),
        lambda: recording.remove(saved, alice, NOW),
        lambda: recording.restore(saved, alice, NOW),
        lambda: recording.mark_clear(alice, TODAY - timedelta(days=1), NOW),
        lambda: recording.unmark_clear(alice, TODAY, NOW),
        lambda: change(alice, None, 90),
        lambda: recording.take_break(alice, TODAY, TODAY, NOW),
        lambda: recording.end_break(alice, TODAY, NOW),
        lambda: recording.change_settings(alice, {"glass_ml": 200}, NOW),
    ]
    for act in refused:
        with pytest.raises(recording.ReadOnly):
            act()
    assert version(alice) == before
    assert Twitch.objects.of(alice).count() == 1
