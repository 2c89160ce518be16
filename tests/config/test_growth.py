"""What is told about more people than one database serves is so."""

import re

import pytest

from tests import postgres
from tests.config.test_backup import READER, Setup
from tests.conftest import ROOT, lacking

NOTED = """
from uuid import uuid4
from django.utils.timezone import now
from diary import recording
from diary.models import Diary, Twitch, User
from insights import compute
from insights.models import WeekSummary
owner, _known = User.objects.get_or_create(email="alice@example.org")
text = recording.NoteText(recording.When.at(now(), Diary.objects.get(owner=owner)), "seconds")
form = uuid4()
for _twice in range(2):
    recording.note(owner, form, ["calf-l"], text, now())
compute.recompute(owner.pk, now())
print(Twitch.objects.count(), WeekSummary.objects.count())
"""
ASKED = """
from diary.models import Twitch
print(Twitch.objects.of(1).explain())
"""


@pytest.fixture
def server():
    if not postgres.programs():
        lacking("PostgreSQL")
    server = postgres.Server()
    yield server
    server.remove()


def test_a_diary_is_kept_in_partitions_by_person_and_only_its_own_is_asked(server, tmp_path):
    setup = Setup(tmp_path / "data", EBB_DATABASE_URL=server.address).with_tables()

    def said(program):
        done = setup.run("shell", "--no-imports", "-c", program)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    assert said(NOTED) == ["1", "1"]
    server.told((ROOT / "docs/partitions.sql").read_text())
    assert said(NOTED) == ["2", "1"]  # what was there before stays, and what comes twice is one
    assert len(said(READER)[2:]) == 2
    asked = re.findall(r"diary_twitch_\d+", " ".join(said(ASKED)))
    assert len(set(asked)) == 1

    copied = setup.run("backup", str(tmp_path / "copy"))
    assert "accounts: 1, notes: 2" in copied.stdout, copied.stderr
    put_back = setup.run("restore", str(tmp_path / "copy"))
    assert put_back.returncode == 0, put_back.stderr
    assert said(NOTED) == ["3", "1"]
    assert set(re.findall(r"diary_twitch_\d+", " ".join(said(ASKED)))) == set(asked)
