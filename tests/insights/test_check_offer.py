"""The weekly page offers the six questions, rarely and quietly."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from diary import recording
from diary.check import QUESTIONS
from diary.days import Week
from insights import compute
from insights.knowledge.check import offered
from tests.insights.entries import note

pytestmark = pytest.mark.django_db

TUESDAYS = [datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(weeks=n) for n in range(2)]
ALL_NO = dict.fromkeys(QUESTIONS, "no")
OFFER = "six everyday questions"


def last_week(moment):
    return Week.of(moment.date()).shifted(-1)


@pytest.fixture
def moment(monkeypatch):
    """A day whose latest week offers the questions to who has not answered them."""
    found = next(
        tuesday for tuesday in TUESDAYS if offered(None, last_week(tuesday).first, tuesday.date())
    )
    monkeypatch.setattr("django.utils.timezone.now", lambda: found)
    return found


@pytest.fixture
def week(page, alice, moment):
    """What the page of a week says, by default of the latest finished one."""
    for ago in (5, 12, 19):
        note(alice, moment.date() - timedelta(days=ago))
    compute.recompute(alice.pk, moment)

    def read(path="/insights/"):
        return " ".join(page.get(path).content.decode().split())

    return read


def test_the_latest_week_offers_the_questions_in_its_last_line(week):
    html = week()
    assert html.index(OFFER) > html.index("That is all for this week")


def test_an_earlier_week_never_does(week, moment):
    for back in (1, 2):
        html = week(f"/insights/{last_week(moment).shifted(-back)}/")
        assert "That is all for this week" in html
        assert OFFER not in html


def test_the_week_after_says_nothing_of_it(week, alice, moment, monkeypatch):
    later = moment + timedelta(weeks=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    compute.recompute(alice.pk, later)
    assert OFFER not in week()


def test_who_answered_lately_is_left_alone(week, alice, moment):
    recording.note_check(alice, uuid4(), ALL_NO, "", moment - timedelta(days=14))
    assert OFFER not in week()


def test_who_answered_long_ago_is_asked_again(week, alice, moment):
    recording.note_check(alice, uuid4(), ALL_NO, "", moment - timedelta(days=15))
    assert OFFER in week()


def test_who_takes_a_break_is_left_alone(week, alice, moment):
    today = moment.date()
    recording.take_break(alice, today, today + timedelta(days=5), moment)
    assert OFFER not in week()
