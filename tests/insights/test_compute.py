import contextlib
import random
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import msgspec
import pytest

from diary import recording
from diary.days import Week
from diary.models import Day, Diary, Twitch, User
from insights import compute
from insights.analysis.series import DiarySeries
from insights.models import WeekSummary
from tests.insights.entries import NOW, ago, clear, note

pytestmark = pytest.mark.django_db


def weeks(owner):
    rows = WeekSummary.objects.of(owner).order_by("year", "number")
    return [(str(row.week), row.finished) for row in rows]


def stored(owner):
    return {str(row.week): (row.result, row.computed_at) for row in WeekSummary.objects.of(owner)}


def test_every_week_since_the_first_day_is_stored_and_only_the_running_one_is_unfinished(alice):
    note(alice, ago(10))
    compute.recompute(alice.pk, NOW)
    assert weeks(alice) == [("2026-w46", True), ("2026-w47", True), ("2026-w48", False)]


def test_a_week_that_did_not_change_is_not_computed_again(alice):
    note(alice, ago(10))
    compute.recompute(alice.pk, NOW)
    before = stored(alice)
    note(alice, ago(0), hour=9)
    compute.recompute(alice.pk, NOW + timedelta(minutes=1))
    after = stored(alice)
    assert after["2026-w46"] == before["2026-w46"]
    assert after["2026-w47"] == before["2026-w47"]
    assert after["2026-w48"] != before["2026-w48"]


def test_a_change_of_an_old_day_changes_its_week_and_the_ones_that_look_back_on_it(alice):
    note(alice, ago(17))
    clear(alice, ago(10))
    compute.recompute(alice.pk, NOW)
    before = stored(alice)
    note(alice, ago(10), hour=9)
    compute.recompute(alice.pk, NOW + timedelta(minutes=1))
    after = stored(alice)
    assert after["2026-w45"] == before["2026-w45"]
    assert all(after[week][1] > before[week][1] for week in ("2026-w46", "2026-w47", "2026-w48"))


def read_days(owner, monkeypatch, now):
    """How many days of the diary a recomputation reads."""
    read = []

    def counting(diary, last, first):
        read.append((last - first).days + 1)
        return whole(diary, last, first)

    whole = compute.collect.collect
    monkeypatch.setattr(compute.collect, "collect", counting)
    compute.recompute(owner.pk, now)
    monkeypatch.undo()
    return sum(read)


def test_what_is_older_than_a_page_looks_back_is_not_read_again(alice, monkeypatch):
    for days in (1500, 900, 400, 1):
        note(alice, ago(days))
    compute.recompute(alice.pk, NOW)
    note(alice, ago(0), hour=9)
    assert read_days(alice, monkeypatch, NOW) == 365
    note(alice, ago(900), hour=9)
    # The pages of a year can show that day, and each looks back another; then the running week.
    assert read_days(alice, monkeypatch, NOW) < 365 + 365 + 14 + 365
    recording.change_settings(alice, {"day_start_hour": 5}, NOW)
    assert read_days(alice, monkeypatch, NOW) == 1501


def change_by_chance(owner, dice, now):
    """Something that a person may do on some day of the last two years; returns what is now."""

    def some_day():
        return now.date() - timedelta(days=dice.choice((dice.randrange(40), dice.randrange(700))))

    def some_note(notes):
        return notes.order_by("pk")[dice.randrange(notes.count())] if notes.exists() else None

    diary, day = Diary.objects.get(owner=owner), some_day()
    kept = some_note(Twitch.objects.of(owner))
    gone = some_note(Twitch.objects.removed_by(owner, now))
    moment = datetime.combine(day, time(10, dice.randrange(60)), tzinfo=UTC)
    text = recording.NoteText(recording.When.at(moment, diary), "seconds")
    act = dice.randrange(10)
    with contextlib.suppress(recording.HasNotes):
        if act <= 2:
            recording.note(owner, uuid4(), ["chin"], text, now)
        elif act == 3 and kept:
            recording.edit(kept, kept.version, "nose", text, now)
        elif act == 4 and kept:
            recording.remove([kept], owner, now)
        elif act == 5 and gone:
            recording.restore([gone], owner, now)
        elif act == 6:
            recording.mark_clear(owner, day, now)
        elif act == 7:
            recording.unmark_clear(owner, day, now)
        elif act == 8:
            row = Day.objects.of(owner).filter(day=day).first()
            was = {"stress": row.stress if row else None}
            recording.change_day(owner, day, {"stress": dice.randrange(1, 6)}, was, now)
        elif act == 9:
            recording.take_break(owner, day, day + timedelta(days=9), now)
    return now + timedelta(days=dice.choice((0, 0, 0, 1, 8)))


def digests(owner):
    rows = WeekSummary.objects.of(owner).order_by("year", "number")
    return [(str(row.week), row.finished, bytes(row.inputs)) for row in rows]


@pytest.mark.parametrize("seed", range(12))
def test_following_a_diary_step_by_step_gives_what_the_whole_diary_gives(alice, seed, monkeypatch):
    # What is compared are the digests of everything a page is made from.
    summary = compute.week_report(DiarySeries((), ()), NOW.date(), False)
    monkeypatch.setattr(compute, "week_report", lambda *given: summary)
    dice, now = random.Random(seed), NOW
    for _ in range(12):
        for _ in range(dice.randrange(1, 4)):
            now = change_by_chance(alice, dice, now)
        compute.recompute(alice.pk, now)
        followed = digests(alice)
        WeekSummary.objects.all().delete()
        compute.recompute(alice.pk, now)
        assert followed == digests(alice)


def test_computing_twice_gives_the_same_bytes(alice):
    note(alice, ago(10), caffeine_mg=90)
    compute.recompute(alice.pk, NOW)
    before = {week: result for week, (result, _) in stored(alice).items()}
    WeekSummary.objects.all().delete()
    compute.recompute(alice.pk, NOW)
    after = {week: result for week, (result, _) in stored(alice).items()}
    assert msgspec.json.encode(after) == msgspec.json.encode(before)


def test_the_mark_is_taken_away_when_the_diary_is_followed(alice):
    note(alice, ago(1))
    compute.recompute(alice.pk, NOW)
    diary = Diary.objects.get(owner=alice)
    assert diary.computed_version == diary.version
    assert diary.stale_since is None
    # The running week ends on Monday at 04:00, on the person's own clock.
    assert diary.due_at == datetime(2026, 11, 30, 4, tzinfo=UTC)
    assert not Diary.objects.stale(NOW).exists()
    assert Diary.objects.stale(diary.due_at).exists()


def test_an_entry_saved_during_the_work_keeps_its_mark(alice, monkeypatch):
    note(alice, ago(1))

    def slow(*arguments):
        note(alice, ago(0), hour=9)
        return report(*arguments)

    report = compute.week_report
    monkeypatch.setattr(compute, "week_report", slow)
    compute.recompute(alice.pk, NOW)
    diary = Diary.objects.get(owner=alice)
    assert diary.computed_version < diary.version
    assert diary.stale_since is not None


def test_a_slow_run_never_overwrites_a_newer_one(alice, monkeypatch):
    note(alice, ago(1))

    def overtaken(*arguments):
        monkeypatch.setattr(compute, "week_report", report)
        clear(alice, ago(0))
        compute.recompute(alice.pk, NOW)
        return report(*arguments)

    report = compute.week_report
    monkeypatch.setattr(compute, "week_report", overtaken)
    compute.recompute(alice.pk, NOW)
    running = WeekSummary.objects.of(alice).for_week(Week(2026, 48)).get()
    assert running.report.weeks[-1].clear_days == 1
    diary = Diary.objects.get(owner=alice)
    assert diary.computed_version == diary.version


def test_weeks_that_left_the_diary_leave_the_store(alice):
    first = note(alice, ago(30))
    note(alice, ago(1))
    compute.recompute(alice.pk, NOW)
    recording.remove([first], alice, NOW)
    compute.recompute(alice.pk, NOW)
    assert weeks(alice) == [("2026-w47", True), ("2026-w48", False)]


def test_a_diary_emptied_again_has_no_summaries(alice):
    only = note(alice, ago(1))
    compute.recompute(alice.pk, NOW)
    recording.remove([only], alice, NOW)
    compute.recompute(alice.pk, NOW)
    assert weeks(alice) == []


def test_one_person_s_summaries_are_not_another_s(alice, bob):
    note(alice, ago(1))
    note(bob, ago(1), "chin")
    compute.recompute(alice.pk, NOW)
    compute.recompute(bob.pk, NOW)
    places = [
        {place.place for row in WeekSummary.objects.of(owner) for place in row.report.places}
        for owner in (alice, bob)
    ]
    assert places == [{"calf-l"}, {"chin"}]


def test_an_account_that_is_gone_says_so(db):
    with pytest.raises(Diary.DoesNotExist):
        compute.recompute(User.objects.count() + 99, NOW)
