"""The plan of an experiment: which days are with the change, and which of them count."""

from datetime import date, timedelta

import pytest

from diary.plan import IDEAS, PART_DAYS, Plan

FIRST = date(2026, 11, 24)


def drawn(days):
    return "".join("C" if day.planned else "u" for day in days)


@pytest.mark.parametrize(
    ("part_days", "change_first", "order"),
    [
        (3, True, "CCCuuuuuuCCC"),
        (3, False, "uuuCCCCCCuuu"),
        (2, True, "CCuuuuCC"),
        (2, False, "uuCCCCuu"),
    ],
)
def test_four_parts_follow_each_other_in_one_of_two_orders(part_days, change_first, order):
    plan = Plan(FIRST, part_days, change_first)
    assert drawn(plan.days()) == order
    assert plan.days()[-1].day == plan.last


@pytest.mark.parametrize("part_days", PART_DAYS)
@pytest.mark.parametrize("change_first", [True, False])
def test_the_first_day_of_each_part_is_left_out_and_both_kinds_keep_as_many(
    part_days, change_first
):
    days = Plan(FIRST, part_days, change_first).days()
    assert [day.part for day in days if not day.counts] == [1, 2, 3, 4]
    kept = [day.changed for day in days if day.counts]
    assert kept.count(True) == kept.count(False) == 2 * (part_days - 1)


def test_a_day_that_went_otherwise_is_one_of_the_other_kind_and_no_other_day_moves():
    went = FIRST + timedelta(days=1)
    plan, moved = Plan(FIRST, 3, True), Plan(FIRST, 3, True, frozenset({went}))
    differ = [
        (before.day, before.changed, after.changed)
        for before, after in zip(plan.days(), moved.days(), strict=True)
        if before.changed != after.changed
    ]
    assert differ == [(went, True, False)]
    assert drawn(plan.days()) == drawn(moved.days())


def test_days_before_and_after_are_no_days_of_the_plan():
    plan = Plan(FIRST, 2, True)
    assert plan.on(FIRST - timedelta(days=1)) is None
    assert plan.on(plan.last + timedelta(days=1)) is None


def test_nothing_to_try_is_a_medicine_or_leaves_out_a_food():
    words = " ".join(f"{idea.name} {idea.change}" for idea in IDEAS.values()).lower()
    for never in ("medicine", "supplement", "magnesium", "fast", "skip", "leave out", "zero"):
        assert never not in words
