"""How often a page and a save ask the database: exactly so often, however long the diary is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from diary import recording
from diary.days import Week
from diary.models import Diary
from diary.recording import NoteText, When
from insights import compute

NOT_ASKED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")

# With two for the session, and the person with their diary.
PAGES = {
    "/today/": 5,
    "/diary/": 4,
    "/diary/where/": 4,
    "/days/{day}/": 4,
    "/log/": 3,
    "/notes/{note}/": 3,
    "/insights/{week}/": 5,
}
NOTE = {"place": "calf-l", "when": "15", "duration": "seconds"}
SAVES = {
    "/log/": (NOTE, 5),
    "/log/again/": ({"place": "chin", "duration": "seconds"}, 6),  # looks for a thumb that bounced
    "/days/{day}/factors/": ({"factor": "stress", "was": "", "to": "3"}, 6),
}


def note(owner, day):
    diary = Diary.objects.get(owner=owner)
    when = When.at(now() - timedelta(days=day, hours=1), diary)
    return recording.note(owner, uuid4(), ["calf-l"], NoteText(when, "seconds"), now()).notes[0]


@pytest.fixture(params=[1, 8], ids=["a week", "eight weeks"])
def addresses(request, alice):
    """A diary of so many weeks, with the parts of addresses in it."""
    for day in range(7 * request.param):
        last = note(alice, day)
    compute.recompute(alice.pk, now())
    week = Week.of(now().date()).shifted(-1)
    return {"day": (now() - timedelta(days=1)).date(), "note": last.uuid, "week": week}


def asked(answer, *sent):
    """How many questions a page or a save takes that is answered."""
    with CaptureQueriesContext(connection) as queries:
        assert answer(*sent).status_code in (200, 303)
    return sum(not query["sql"].startswith(NOT_ASKED) for query in queries)


def test_pages_ask_few_questions_however_much_was_noted(page, addresses):
    asks = {path: asked(page.get, path.format(**addresses)) for path in PAGES}
    assert asks == PAGES


def test_saves_ask_few_questions_however_much_was_noted(page, addresses):
    asks = {
        path: asked(page.post, path.format(**addresses), {**sent, "form": str(uuid4())})
        for path, (sent, _) in SAVES.items()
    }
    assert asks == {path: count for path, (_, count) in SAVES.items()}
