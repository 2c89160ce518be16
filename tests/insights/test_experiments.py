"""What an experiment said: computed by the task when it is over, stored, and told on its page."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from diary import recording
from diary.models import Diary, Experiment
from insights import compute
from insights.analysis.results import Gate, Level
from insights.models import ExperimentResult
from tests.insights.entries import NOW, ago, clear, note

pytestmark = pytest.mark.usefixtures("monday_noon")

LENGTH = 12


def keep(owner, days):
    """A diary of so many days up to yesterday, each with a note or clear."""
    for back in range(days, 0, -1):
        if back % 3:
            note(owner, ago(back))
            note(owner, ago(back), place="calf-r", hour=15)
        else:
            clear(owner, ago(back))


def try_out(owner, first, **fields):
    text = recording.ExperimentText("less-caffeine", first, 3, on_today=True)
    made = recording.start_experiment(owner, uuid4(), text, NOW)
    Experiment.objects.filter(pk=made.pk).update(change_first=True, **fields)
    return Experiment.objects.get(pk=made.pk)


def computed(owner, later=timedelta(0)):
    compute.recompute(owner.pk, NOW + later)
    return {row.pk: row for row in ExperimentResult.objects.of(owner)}


def shown(page, experiment, query=""):
    return page.get(f"/experiments/{experiment.uuid}/{query}").content.decode()


def test_there_is_no_result_before_the_last_day_is_over(page, alice):
    keep(alice, 60)
    made = try_out(alice, ago(LENGTH - 1))  # ends today
    assert computed(alice) == {}
    text = shown(page, made)
    assert "and not before" in text
    assert "You tested this" not in text


def test_a_summary_is_due_when_the_experiment_ends(alice):
    keep(alice, 60)
    try_out(alice, ago(LENGTH - 1))
    computed(alice)
    diary = Diary.objects.get(owner=alice)
    assert diary.due_at == diary.bounds(NOW.date())[1]
    assert len(computed(alice, timedelta(days=1))) == 1
    assert Diary.objects.get(owner=alice).due_at > diary.due_at


def test_the_result_stands_on_the_page_with_its_range_and_level(page, alice):
    keep(alice, 60)
    made = try_out(alice, ago(LENGTH))
    result = computed(alice)[made.pk].tested
    assert result.level is Level.NONE
    text = shown(page, made)
    assert "You tested this" in text
    assert "Could go either way" in text
    assert "With the change, you noted a twitch on" in text
    assert "times as many fits your diary" in text


def test_too_short_a_diary_says_what_is_missing(page, alice):
    keep(alice, 30)
    made = try_out(alice, ago(LENGTH))
    assert computed(alice)[made.pk].tested.refusal.gate is Gate.FEW_DAYS
    assert "more days you keep are needed" in shown(page, made)


def test_a_stopped_experiment_has_no_result(page, alice):
    keep(alice, 60)
    made = try_out(alice, ago(LENGTH), stopped_on=ago(5))
    assert computed(alice) == {}
    assert "Stopped. What you kept still counts." in shown(page, made)


def test_a_day_that_went_differently_is_one_of_the_other_kind(page, alice):
    keep(alice, 60)
    made = try_out(alice, ago(LENGTH))
    before = computed(alice)[made.pk]
    recording.say_how_a_day_went(made, ago(LENGTH - 1), NOW, otherwise=True)
    assert "this summary follows in a moment" in shown(page, made)
    after = computed(alice, timedelta(minutes=1))[made.pk]
    assert (before.tested.split.higher.days, before.tested.split.other.days) == (4, 4)
    assert (after.tested.split.higher.days, after.tested.split.other.days) == (3, 5)
    assert "1 day went differently" in shown(page, made)


def test_a_note_on_one_of_its_days_makes_the_result_anew_and_one_elsewhere_does_not(alice):
    keep(alice, 60)
    made = try_out(alice, ago(LENGTH))
    first = computed(alice)[made.pk]
    note(alice, ago(0), hour=9)
    assert computed(alice, timedelta(minutes=1))[made.pk].computed_at == first.computed_at
    note(alice, ago(LENGTH - 1), place="chin", hour=9, now=NOW - timedelta(days=LENGTH - 1))
    again = computed(alice, timedelta(minutes=2))[made.pk]
    assert again.computed_at > first.computed_at
    assert again.result != first.result


def test_what_was_computed_twice_is_the_same(alice):
    keep(alice, 60)
    made = try_out(alice, ago(LENGTH))
    once = computed(alice)[made.pk].result
    ExperimentResult.objects.all().delete()
    Diary.objects.of(alice).update(computed_version=0)
    assert computed(alice)[made.pk].result == once


def test_until_it_is_worked_out_the_page_says_so_and_asks_again(page, alice):
    keep(alice, 60)
    made = try_out(alice, ago(LENGTH))
    asked = {"HX-Request": "true"}
    assert "is being worked out" in shown(page, made)
    assert page.get(f"/experiments/{made.uuid}/", headers=asked).status_code == 204
    computed(alice)
    answer = page.get(f"/experiments/{made.uuid}/", headers=asked)
    assert answer.headers["HX-Refresh"] == "true"


def test_in_a_quiet_view_the_result_is_shown_to_who_asks_for_it(page, alice):
    keep(alice, 60)
    made = try_out(alice, ago(LENGTH))
    computed(alice)
    Diary.objects.of(alice).update(quiet=True)
    assert "You tested this" not in shown(page, made)
    assert "You tested this" in shown(page, made, "?show=once")


def test_a_tip_that_can_be_tried_leads_to_its_plan(page, alice):
    text = page.get("/experiments/new/?tip=STR1").content.decode()
    assert re.search('value="calm-moment"[^>]*checked', text)
