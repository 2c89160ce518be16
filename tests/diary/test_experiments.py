"""Small experiments: planned on one screen, one line on Today, and no result before the end."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from diary import recording
from diary.models import Diary, Experiment
from diary.recording import ExperimentText

from .conftest import NOW, TODAY, back, set_clock

pytestmark = pytest.mark.usefixtures("monday_evening")

DAY = timedelta(days=1)


def plan(page, **fields):
    sent = {
        "form": str(uuid4()),
        "idea": "less-caffeine",
        "first": "2026-11-24",
        "part_days": "3",
        "on_today": "on",
    }
    return page.post("/experiments/new/", sent | fields)


def start(owner, first=TODAY, part_days=3, *, on_today=True, change_first=True, **more):
    text = ExperimentText(more.pop("idea", "less-caffeine"), first, part_days, on_today)
    made = recording.start_experiment(owner, uuid4(), text, NOW)
    Experiment.objects.filter(pk=made.pk).update(change_first=change_first, **more)
    return Experiment.objects.get(pk=made.pk)


def shown(page, path="/today/"):
    return page.get(path).content.decode()


def went(page, experiment, day, how):
    return page.post(reverse("experiment-day", args=[experiment.uuid, day]), {"went": how})


def test_an_experiment_is_planned_once_however_often_its_form_is_sent(page, berlin):
    form = str(uuid4())
    for _ in range(3):
        answer = plan(page, form=form)
        assert answer.status_code == 303
    made = Experiment.objects.of(berlin).get()
    assert answer["Location"] == f"/experiments/{made.uuid}/"
    assert (made.idea, made.first, made.part_days, made.on_today, made.drawn_at) == (
        "less-caffeine",
        date(2026, 11, 24),
        3,
        True,
        NOW,
    )


def test_the_app_draws_one_of_two_orders(berlin):
    orders = set()
    for past in range(100, 140):  # none of them is under way
        text = ExperimentText("calm-moment", back(past), 3, on_today=True)
        orders.add(recording.start_experiment(berlin, uuid4(), text, NOW).change_first)
    assert orders == {True, False}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"idea": ""}, "Choose what to try"),
        ({"idea": "fasting"}, "Choose what to try"),
        ({"idea": "x" * 10_000}, "Choose what to try"),
        ({"idea": "a\x00b"}, "Choose what to try"),
        ({"first": ""}, "Enter a day, such as 23 11 2026"),
        ({"first": "2026-02-30"}, "Enter a day, such as 23 11 2026"),
        ({"first": "１２ 3 2026"}, "Enter a day, such as 23 11 2026"),
        ({"first": "2026-11-22"}, "Day must be today or later"),
        ({"first": "2027-11-22"}, "Day must be within two months"),
        ({"part_days": "nan"}, "Choose how long"),
        ({"part_days": "4"}, "Choose how long"),
        ({"part_days": ""}, "Choose how long"),
        ({"form": "x"}, "Part of the form did not arrive"),
    ],
)
def test_a_refused_plan_says_why_and_keeps_what_was_chosen(page, berlin, fields, said):
    answer = plan(page, **fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert "Error: " in text
    kept = {"less-caffeine", "3"} - {"idea": {"less-caffeine"}, "part_days": {"3"}}.get(
        next(iter(fields)), set()
    )
    for value in kept:
        assert re.search(f'value="{value}"[^>]*checked', text), value
    assert not Experiment.objects.exists()


def test_only_one_experiment_is_under_way(page, berlin):
    plan(page)
    answer = plan(page, idea="calm-moment")
    assert answer.status_code == 422
    assert "There is an experiment already" in answer.content.decode()
    assert Experiment.objects.of(berlin).count() == 1


def test_another_can_start_when_the_last_one_is_over_or_stopped(page, berlin):
    start(berlin, back(12))
    start(berlin, TODAY, stopped_on=TODAY)
    assert plan(page).status_code == 303
    assert Experiment.objects.of(berlin).count() == 3


def test_today_says_in_one_line_what_the_day_is_for(page, berlin):
    start(berlin, TODAY)
    assert "Today: about half of your usual caffeine, if you like" in shown(page)
    Experiment.objects.update(change_first=False)
    assert "Today: as usual" in shown(page)


def test_today_says_nothing_without_the_line_before_the_start_after_the_end_or_when_stopped(
    page, berlin
):
    made = start(berlin, TODAY)
    for change in (
        {"on_today": False},
        {"first": TODAY + DAY},
        {"first": back(12)},
        {"stopped_on": TODAY},
    ):
        Experiment.objects.filter(pk=made.pk).update(
            **{"on_today": True, "first": TODAY, "stopped_on": None} | change
        )
        assert "It went differently today" not in shown(page), change


def test_a_break_silences_the_line(page, berlin):
    start(berlin, TODAY)
    recording.take_break(berlin, TODAY, TODAY + DAY, NOW)
    assert "It went differently today" not in shown(page)


def test_the_line_follows_the_diary_day_and_not_midnight(page, berlin, monkeypatch):
    start(berlin, back(2), part_days=2)
    assert "Today: as usual" in shown(page)  # the third day
    late = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 01:30 in Berlin: still the second day
    set_clock(monkeypatch, late)
    assert "Today: about half" in shown(page)
    Diary.objects.of(berlin).update(day_start_hour=1)
    assert "Today: as usual" in shown(page)


def test_a_day_that_went_differently_is_moved_and_moved_back(page, berlin):
    made = start(berlin, TODAY)
    assert went(page, made, TODAY, "otherwise").status_code == 303
    assert "Today: as usual" in shown(page)
    assert Experiment.objects.get().otherwise == ["2026-11-23"]
    went(page, made, TODAY, "otherwise")  # sent twice is once
    assert Experiment.objects.get().otherwise == ["2026-11-23"]
    assert went(page, made, TODAY, "planned").status_code == 303
    assert "Today: about half" in shown(page)
    assert Experiment.objects.get().otherwise == []


@pytest.mark.parametrize(
    ("day", "how"),
    [
        (TODAY, "well"),
        (TODAY, ""),
        (TODAY, "a\x00b"),
        (TODAY + DAY, "otherwise"),  # has not come
        (back(30), "otherwise"),  # is no day of the plan
    ],
)
def test_what_no_day_can_be_is_not_found(page, berlin, day, how):
    made = start(berlin, back(3))
    assert went(page, made, day, how).status_code == 404
    assert Experiment.objects.get().otherwise == []


def test_stopping_early_says_what_still_counts_and_can_be_undone(page, berlin):
    made = start(berlin, back(3))
    path = f"/experiments/{made.uuid}/"
    assert page.post(f"{path}stop/").status_code == 303
    assert "Stopped. What you kept still counts." in shown(page, path)
    assert went(page, made, TODAY, "otherwise").status_code == 404
    assert page.post(f"{path}resume/").status_code == 303
    assert "Stopped." not in shown(page, path)
    assert Experiment.objects.get().stopped_on is None


def test_one_that_was_stopped_does_not_go_on_beside_another_or_after_its_end(page, berlin):
    made = start(berlin, back(3), stopped_on=back(1))
    start(berlin, TODAY)
    page.post(f"/experiments/{made.uuid}/resume/")
    made.refresh_from_db()
    assert made.stopped_on == back(1)
    Experiment.objects.exclude(pk=made.pk).delete()
    Experiment.objects.filter(pk=made.pk).update(first=back(40))
    page.post(f"/experiments/{made.uuid}/resume/")
    made.refresh_from_db()
    assert made.stopped_on == back(1)


def test_one_that_is_over_can_not_be_stopped(page, berlin):
    made = start(berlin, back(12))
    page.post(f"/experiments/{made.uuid}/stop/")
    made.refresh_from_db()
    assert made.stopped_on is None


def test_without_any_the_page_says_what_it_is_and_what_may_be_tried(page, berlin):
    text = shown(page, "/experiments/")
    assert "take turns between" in text
    for name in ("Less caffeine", "No caffeine after 14:00", "Gentler exercise"):
        assert name in text
    assert "If you were told to limit how much you drink, keep to that." in text
    assert "What you tried" not in text


def test_the_plan_says_in_advance_that_it_could_go_either_way(page, berlin):
    assert "could go either way" in shown(page, "/experiments/new/?idea=calm-moment")
    assert shown(page, "/experiments/new/?idea=%00")
    assert shown(page, f"/experiments/new/?idea={'x' * 10_000}")


def test_the_sample_diary_takes_no_experiment(page, berlin):
    made = start(berlin, TODAY)
    Diary.objects.of(berlin).update(is_sample=True)
    with pytest.raises(recording.ReadOnly):
        recording.stop_experiment(made, NOW)
