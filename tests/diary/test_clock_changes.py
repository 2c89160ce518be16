"""Every minute of the days on which clocks change: noted, counted, taken along, brought back."""

from datetime import time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.forms.utils import ErrorDict

from diary.days import day_bounds
from diary.forms.note import NoteFields
from diary.models import Diary, Twitch, User

from .conftest import CLOCK_CHANGES, NOW, taken_along
from .test_round_trip import bring, kept_of

pytestmark = pytest.mark.django_db


def somebody(zone):
    owner = User.objects.create_user(f"{uuid4()}@example.org")
    Diary.objects.of(owner).update(zone=zone, day_start_hour=0)
    return owner


def typed(diary, day, minute, which):
    """When it was, by what a person types and chooses; None where the form asks or refuses."""
    form = NoteFields({}, diary=diary, now=NOW)
    form.cleaned_data = {"day": day, "time": time(*divmod(minute, 60)), "which": which}
    form._errors = ErrorDict()
    return form.resolve(diary.zone)


@pytest.mark.parametrize(("zone", "day", "minutes"), CLOCK_CHANGES)
def test_each_minute_is_typed_counted_once_and_comes_back_as_it_was(zone, day, minutes):
    first, second = somebody(zone), somebody(zone)
    diary = Diary.objects.get(owner=first)
    told = [
        typed(diary, day, minute, which) for minute in range(1440) for which in ("first", "second")
    ]
    assert None not in told
    whens = {when.started_at: when for when in told}
    start, end = day_bounds(day, ZoneInfo(zone), 0)
    assert sorted(whens) == [start + timedelta(minutes=n) for n in range(minutes)]
    assert end - start == timedelta(minutes=minutes)
    Twitch.objects.bulk_create(
        Twitch(
            owner=first,
            uuid=uuid4(),
            group=uuid4(),
            place="calf-l",
            started_at=when.started_at,
            zone=when.zone,
            day=when.day,
            duration="seconds",
            created_at=NOW,
        )
        for when in whens.values()
    )
    bring(second, taken_along(first))
    assert kept_of(second) == kept_of(first)
    for owner in (first, second):
        by_day = list(Twitch.objects.filter(owner=owner).values_list("day", flat=True))
        assert by_day == [day] * minutes
