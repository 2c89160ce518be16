"""A small experiment as a person meets it: planned, lived with on Today, and read at its end."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diary import recording
from diary.models import Diary, Experiment
from insights import compute

from .conftest import faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def today(at_noon, alice):
    return Diary.objects.get(owner=alice).today(timezone.now())


def test_it_is_planned_on_one_screen_told_in_one_line_and_stopped_early(phone, alice, today):
    phone.goto("/experiments/")
    phone.get_by_role("link", name="A daily calm moment").tap()
    expect(phone.get_by_role("radio", name="A daily calm moment")).to_be_checked()
    phone.get_by_label("From which day?").fill(today.isoformat())
    assert not faults(phone)
    phone.get_by_role("button", name="Start").tap()
    expect(phone.get_by_text("today", exact=False).first).to_be_visible()
    made = Experiment.objects.of(alice).get()
    assert (made.idea, made.first) == ("calm-moment", today)
    phone.goto("/today/")
    line = phone.locator(".trying")
    expect(line).to_contain_text("Today:")
    line.get_by_role("button", name="It went differently today").tap()
    expect(line.get_by_role("button", name="Undo")).to_be_visible()
    assert not faults(phone)
    made.refresh_from_db()
    assert made.otherwise == [today.isoformat()]
    line.get_by_role("link").tap()
    phone.get_by_role("button", name="Stop early").tap()
    expect(phone.get_by_role("button", name="Go on with it")).to_be_visible()
    phone.goto("/today/")
    expect(line).to_have_count(0)


def test_everybody_can_read_what_its_days_said(browse, page, alice, today):
    now, diary = timezone.now(), Diary.objects.get(owner=alice)
    first = today - timedelta(days=14)
    text = recording.ExperimentText("less-caffeine", first, 3, True)
    made = recording.start_experiment(alice, uuid4(), text, now - timedelta(days=15))
    for back in range(70, 0, -1):
        then = now - timedelta(days=back)
        if back % 3:
            when = recording.When.at(then, diary)
            recording.note(alice, uuid4(), ["calf-l"], recording.NoteText(when, "seconds"), then)
        else:
            recording.mark_clear(alice, today - timedelta(days=back), then)
    compute.recompute(alice.pk, now)
    own = browse(client=page)
    own.goto(f"/experiments/{made.uuid}/")
    expect(own.locator("#card-h")).to_be_visible()
    own.locator(".plot").last.scroll_into_view_if_needed()
    expect(own.locator(".plot.is-drawn")).to_have_count(2)
    assert not faults(own)
