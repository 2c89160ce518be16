"""Diaries for these tests, written through the one door as a person's would be."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from django.utils.timezone import now as this_moment

from diary import recording
from diary.models import Diary

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday


def at(day, hour=12, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def note(owner, day, place="calf-l", hour=12, minute=0, now=None, **factors):
    """One note, written down when it was felt unless `now` says later."""
    diary = Diary.objects.get(owner=owner)
    moment = at(day, hour, minute)
    text = recording.NoteText(recording.When.at(moment, diary), "seconds")
    return recording.note(
        owner, uuid4(), [place], text, now or moment, factors=factors or None
    ).notes[0]


def untimed(owner, day):
    diary = Diary.objects.get(owner=owner)
    text = recording.NoteText(recording.When(day, None, diary.zone), "unsure")
    return recording.note(owner, uuid4(), ["chin"], text, at(day, 20)).notes[0]


def clear(owner, day, now=None):
    recording.mark_clear(owner, day, now or at(day, 21))


def today():
    return NOW.date()


def ago(days):
    return NOW.date() - timedelta(days=days)


def running_day(owner):
    """The diary day that is running by the real clock; before 04:00 it is yesterday's."""
    return Diary.objects.get(owner=owner).today(this_moment())
