"""What the tests of the diary's pages share: a fixed evening, and hands that write."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest

from diary import recording
from diary.exports.archive import archive
from diary.models import Diary, User
from diary.recording import NoteText, When

TODAY = date(2026, 11, 23)  # a Monday
NOW = datetime(2026, 11, 23, 19, 40, tzinfo=UTC)  # 20:40 in Berlin
CLOCK_CHANGES = [  # where, the day, and how many minutes it has
    ("Europe/Berlin", date(2026, 3, 29), 1380),
    ("Europe/Berlin", date(2026, 10, 25), 1500),
    ("Europe/Dublin", date(2026, 3, 29), 1380),
    ("Europe/Dublin", date(2026, 10, 25), 1500),
    ("America/New_York", date(2026, 3, 8), 1380),
    ("America/New_York", date(2026, 11, 1), 1500),
    ("Australia/Lord_Howe", date(2026, 10, 4), 1410),
    ("Australia/Lord_Howe", date(2026, 4, 5), 1470),
]


@pytest.fixture
def monday_evening(monkeypatch):
    """It is Monday 23 November 2026, 20:40 in Berlin."""
    return set_clock(monkeypatch, NOW)


def set_clock(monkeypatch, moment: datetime) -> datetime:
    """It is this moment from now on."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return moment


@pytest.fixture
def berlin(alice, in_mg):
    """Alice, who lives in Berlin and counts her caffeine in mg."""
    Diary.objects.of(alice).update(zone="Europe/Berlin")
    return User.objects.get(pk=alice.pk)


class Hand:
    """Writes in a person's diary through the one door."""

    def __init__(self, owner: User) -> None:
        self.owner = owner

    def note(self, day: date, place: str = "calf-l", hour: int = 12, *, timed: bool = True, **text):
        """One note, by default at noon UTC."""
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        diary = Diary.objects.get(owner=self.owner)
        when = When.at(moment, diary) if timed else When(day, None, diary.zone)
        said = NoteText(when, text.pop("duration", "minutes"), **text)
        return recording.note(self.owner, uuid4(), [place], said, NOW).notes[0]

    def clear(self, day: date) -> None:
        """A day without twitches."""
        recording.mark_clear(self.owner, day, NOW)

    def know(self, day: date, **columns):
        """Values and words of a day."""
        recording.change_day(
            self.owner, day, columns, dict.fromkeys(columns) | _words(columns), NOW
        )

    def rest(self, first: date, last: date) -> None:
        """A break."""
        recording.take_break(self.owner, first, last, NOW)


def _words(columns):
    return {"words": ""} if "words" in columns else {}


@pytest.fixture
def write(berlin):
    """Alice's hand."""
    return Hand(berlin)


def words(response) -> str:
    """What a person reads on a page."""
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", text).strip()


def taken_along(owner: User) -> bytes:
    """The archive of a person's whole diary."""
    diary = Diary.objects.select_related("owner").get(owner=owner)
    return b"".join(archive(diary, TODAY))


def back(days: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days=days)
