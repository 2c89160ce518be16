"""What becomes of suggestions: put aside, brought back, and remembered with their weeks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from diary import recording
from diary.models import Diary
from insights import compute
from insights.models import Answer, Suggested
from insights.suggested import put_aside, remember

from .entries import NOW, ago, clear, note

pytestmark = pytest.mark.django_db


def little_to_drink(owner):
    """A diary in which eight glasses are never reached; nothing else is said by its days."""
    for n in range(1, 15):
        recording.change_day(
            owner, ago(n), {"drinks_ml": 500}, {"drinks_ml": None}, NOW - timedelta(days=n)
        )
        note(owner, ago(n)) if n % 2 else clear(owner, ago(n))
    compute.recompute(owner.pk, NOW)


def answer(page, passage, said):
    return page.post(reverse("suggestion", args=[passage]), {"answer": said, "next": "/insights/"})


def week(page):
    return page.get("/insights/").content.decode()


def test_a_tip_that_stood_on_a_page_is_remembered_with_its_week(alice):
    little_to_drink(alice)
    row = Suggested.objects.of(alice).get()
    assert row.passage == "DRK1"
    assert (row.first_shown, row.last_shown) == (ago(14), ago(7))  # Mondays of finished weeks
    remember(alice, {ago(21): ["DRK1"]})
    row.refresh_from_db()
    assert (row.first_shown, row.last_shown) == (ago(21), ago(7))


def test_every_finished_week_that_was_worked_out_remembers_what_its_page_shows(alice):
    for n in range(1, 36):
        recording.change_day(
            alice, ago(n), {"drinks_ml": 500}, {"drinks_ml": None}, NOW - timedelta(days=n)
        )
        clear(alice, ago(n), now=NOW - timedelta(days=n))
    compute.recompute(alice.pk, NOW)
    row = Suggested.objects.of(alice).get(passage="DRK1")
    assert (row.first_shown, row.last_shown) == (ago(35), ago(7))


@pytest.mark.parametrize("said", ["tried", "not-for-me", "later"])
def test_a_tip_that_was_put_aside_is_gone_and_can_be_brought_back_from_the_same_place(
    page, alice, said, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    little_to_drink(alice)
    assert "Why you see this" in week(page)
    assert answer(page, "DRK1", said).status_code == 303
    body = week(page)
    assert "Why you see this" not in body
    assert "Put aside: Drink regularly" in body
    assert "Bring it back" in page.get("/learn/suggestions/").content.decode()
    assert answer(page, "DRK1", "").status_code == 303
    assert "Why you see this" in week(page)


def test_later_comes_back_after_four_weeks_and_the_others_do_not(alice):
    for said in (Answer.LATER, Answer.TRIED, Answer.NOT_FOR_ME):
        put_aside(alice, f"tip-{said}", said, NOW)

    def resting(after):
        aside = Suggested.objects.of(alice).aside(NOW + timedelta(days=after))
        return {row.answer for row in aside}

    assert resting(27) == {"later", "tried", "not-for-me"}
    assert resting(29) == {"tried", "not-for-me"}


def test_working_a_week_out_anew_keeps_what_was_said(alice):
    little_to_drink(alice)
    put_aside(alice, "DRK1", Answer.NOT_FOR_ME, NOW)
    note(alice, ago(3), hour=15)
    compute.recompute(alice.pk, NOW)
    assert Suggested.objects.of(alice).get(passage="DRK1").answer == "not-for-me"


def test_an_answer_marks_the_diary_so_that_the_next_tip_is_remembered_too(alice):
    before = Diary.objects.get(owner=alice).version
    put_aside(alice, "DRK1", Answer.TRIED, NOW)
    assert Diary.objects.get(owner=alice).version == before + 1


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("nothing", "tried"),
        ("MED1", "tried"),  # never suggested, so never put aside
        ("DRK1", "yes"),
        ("DRK1", "\x00"),
        ("DRK1", "x" * 10_000),
    ],
)
def test_an_answer_that_nobody_offered_is_not_found(page, alice, passage, said):
    assert answer(page, passage, said).status_code == 404
    assert not Suggested.objects.of(alice).exists()


def test_one_person_s_answers_are_nobody_else_s(page, alice, bob):
    put_aside(bob, "DRK1", Answer.NOT_FOR_ME, NOW)
    little_to_drink(alice)
    listed = page.get("/learn/suggestions/").context
    assert listed["aside"] == []
    assert [line["row"].owner for line in listed["shown"]] == [alice]
    assert not Suggested.objects.of(alice).aside(NOW).exists()


def test_a_tip_of_a_week_that_was_not_kept_is_listed_without_a_week(page, alice):
    put_aside(alice, "STR3", Answer.LATER, NOW)
    put_aside(alice, "STR3", Answer.NONE, NOW)
    body = page.get("/learn/suggestions/").content.decode()
    assert "On an earlier page" in body
    assert "In the week of" not in body


def test_a_line_of_care_goes_with_its_tip_into_the_list(page, alice):
    little_to_drink(alice)
    care = "If you were told to limit how much you drink, keep to that."
    assert care in page.get("/learn/suggestions/").content.decode()
    put_aside(alice, "DRK1", Answer.TRIED, NOW)
    assert care in page.get("/learn/suggestions/").content.decode()


def test_the_sample_takes_no_answers(alice):
    Diary.objects.of(alice).update(is_sample=True)
    with pytest.raises(recording.ReadOnly):
        put_aside(alice, "DRK1", Answer.TRIED, NOW)
