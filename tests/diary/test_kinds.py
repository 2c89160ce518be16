"""Twitches, cramps and tremors: told apart by four questions, and never counted together."""

import csv
import io
from itertools import product
from uuid import uuid4

import pytest

from diary import recording
from diary.kinds import QUESTIONS, NoteKind, told_apart
from diary.models import Day, Diary, Twitch
from insights import compute
from insights.collect import collect
from insights.models import WeekSummary

from .conftest import NOW, TODAY, back

pytestmark = pytest.mark.usefixtures("monday_evening")

LIKE_A_TWITCH = {"feel": "painless", "size": "small", "rhythm": "no", "hold": "instant"}
LIKE_A_CRAMP = {"feel": "painful", "size": "whole", "rhythm": "no", "hold": "minutes"}
LIKE_A_TREMOR = {"feel": "painless", "size": "whole", "rhythm": "yes", "hold": "minutes"}


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        (LIKE_A_TWITCH, NoteKind.TWITCH),
        (LIKE_A_CRAMP, NoteKind.CRAMP),
        (LIKE_A_TREMOR, NoteKind.TREMOR),
        ({"feel": "painless", "size": "small"}, NoteKind.TWITCH),
        ({"feel": "painful", "hold": "minutes"}, NoteKind.CRAMP),
        ({"rhythm": "yes", "size": "whole"}, NoteKind.TREMOR),
        ({"feel": "painful"}, None),  # one answer alone tells nothing
        ({"feel": "painful", "size": "small"}, None),  # fits none
        ({"feel": "painless", "rhythm": "no", "size": "unsure"}, NoteKind.TWITCH),
        ({"size": "whole", "hold": "minutes"}, None),  # a cramp as well as a tremor
        ({"feel": "unsure", "size": "unsure", "rhythm": "unsure", "hold": "unsure"}, None),
        ({"feel": "<script>", "size": "１"}, None),
        ({}, None),
    ],
)
def test_answers_point_to_the_one_kind_that_all_of_them_fit(answers, kind):
    assert told_apart(answers) is kind


def test_no_set_of_answers_names_a_kind_that_one_of_them_speaks_against():
    keys = [[None, *(choice.key for choice in question.choices)] for question in QUESTIONS]
    for chosen in product(*keys):
        answers = {q.key: key for q, key in zip(QUESTIONS, chosen, strict=True) if key}
        found = told_apart(answers)
        for question in QUESTIONS:
            for choice in question.choices:
                if found and answers.get(question.key) == choice.key:
                    assert found in choice.fits


def log(page, **fields):
    sent = {"form": str(uuid4()), "place": "calf-l", "when": "0", "duration": "minutes"}
    return page.post("/log/", sent | fields)


def test_a_cramp_is_noted_and_named(page, berlin):
    assert log(page, kind="cramp").status_code == 303
    assert Twitch.objects.of(berlin).get().kind == "cramp"
    for path in ("/today/", f"/days/{TODAY}/", "/diary/"):
        assert "Cramp: Left calf" in page.get(path).content.decode()


def test_a_note_without_a_word_about_it_is_a_twitch(page, berlin):
    log(page)
    log(page, kind="")
    page.post("/log/again/", {"form": str(uuid4()), "place": "nose", "duration": "seconds"})
    assert set(Twitch.objects.of(berlin).values_list("kind", flat=True)) == {"twitch"}


@pytest.mark.parametrize("kind", ["spasm", "１", "a" * 10_000, "\x00"])
def test_an_unknown_kind_is_refused_and_everything_stays(page, berlin, kind):
    answer = log(page, kind=kind, words="After the stairs")
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Choose a twitch, a cramp or a tremor" in body
    assert "After the stairs" in body
    assert not Twitch.objects.of(berlin).exists()


def test_who_is_not_sure_answers_in_the_form_and_the_note_takes_the_kind(page, berlin):
    assert log(page, kind="ask", **LIKE_A_TREMOR).status_code == 303
    assert Twitch.objects.of(berlin).get().kind == "tremor"


def test_answers_that_fit_several_are_told_and_nothing_is_lost(page, berlin):
    answer = log(page, kind="ask", size="whole", hold="minutes", words="In bed")
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "These answers fit more than one of them" in body
    assert "In bed" in body
    assert (
        'value="whole" id="size_1" checked' in body or "checked" in body.split('value="whole"')[1]
    )


def test_the_kind_of_a_note_can_be_changed(page, berlin):
    log(page)
    note = Twitch.objects.of(berlin).get()
    sent = {"version": note.version, "place": "calf-l", "day": str(note.day), "duration": "minutes"}
    answer = page.post(f"/notes/{note.uuid}/", sent | {"kind": "cramp"})
    assert answer.status_code == 303
    note.refresh_from_db()
    assert note.kind == "cramp"
    assert 'value="cramp"' in page.get(f"/notes/{note.uuid}/").content.decode()


def test_the_helper_says_what_answers_fit_and_leads_back_with_the_place(page, berlin):
    body = page.get("/log/which/", LIKE_A_CRAMP | {"place": "calf-r"}).content.decode()
    assert "This fits a cramp best." in body
    assert "place=calf-r&amp;kind=cramp" in body
    opened = page.get("/log/?place=calf-r&kind=cramp").content.decode()
    assert 'value="cramp"' in opened.split("checked")[0] or "cramp" in opened
    told = page.get("/log/which/", LIKE_A_TREMOR).content.decode()
    assert "worth showing to a doctor" in told
    unsure = page.get("/log/which/", {"feel": "unsure", "size": "\x00", "hold": "x" * 10_000})
    assert unsure.status_code == 200
    assert "This could be more than one of them." in unsure.content.decode()


def test_a_kind_in_the_address_that_there_is_not_is_not_found(page):
    assert page.get("/log/?kind=spasm").status_code == 404


def test_a_day_with_only_a_cramp_can_be_clear_and_stays_clear(page, berlin):
    log(page, kind="cramp")
    assert "No twitches today" in page.get("/today/").content.decode()
    page.post(f"/days/{TODAY}/clear/")
    assert Day.objects.of(berlin).get().clear
    log(page, kind="tremor", place="thumb-l")
    assert Day.objects.of(berlin).get().clear
    cramp = Twitch.objects.of(berlin).earliest("pk")
    page.post(f"/notes/{cramp.uuid}/remove/")
    page.post(f"/notes/{cramp.uuid}/restore/")
    assert Day.objects.of(berlin).get().clear
    log(page)
    assert not Day.objects.of(berlin).get().clear


def sums(page, owner):
    """Everything that counts twitches, as it stands."""
    compute.recompute(owner.pk, NOW)
    report = WeekSummary.objects.of(owner).latest("year", "number").report
    days = b"".join(page.get("/export/days.csv")).decode("utf-8-sig")
    series = collect(Diary.objects.get(owner=owner), TODAY)
    return (
        [(day.notes, day.status, day.counted) for day in series.days],
        (report.weeks, report.places, report.blocks, report.untimed, report.findings),
        [row["status"] for row in csv.DictReader(io.StringIO(days))],
        page.get("/diary/").context["calendar"],
        [tile.tile for tile in page.get("/today/").context["page"].tiles],
        page.get("/today/").context["page"].caption,
    )


def test_cramps_and_tremors_change_no_count_anywhere(page, berlin, write):
    for n in range(12):
        write.note(back(n), place="eyelid-l") if n % 3 else write.clear(back(n))
    before = sums(page, berlin)
    for n in range(12):
        write.note(back(n), place="thigh-r", kind=NoteKind.CRAMP)
        write.note(back(n), place="thumb-l", hour=15, kind=NoteKind.TREMOR)
    assert sums(page, berlin) == before


def test_the_week_says_what_was_noted_beside_twitches(page, berlin, write):
    write.note(back(1))
    write.note(back(3), kind=NoteKind.CRAMP)
    write.note(back(2), kind=NoteKind.CRAMP)
    write.note(back(2), place="nose", kind=NoteKind.TREMOR)
    compute.recompute(berlin.pk, NOW)
    body = page.get("/insights/").content.decode()
    assert "in none of these counts: 2 cramps, 1 tremor." in body


def test_the_file_says_which_kind_each_note_is(page, write):
    write.note(back(1), kind=NoteKind.CRAMP)
    text = b"".join(page.get("/export/notes.csv")).decode("utf-8-sig")
    assert [row["kind"] for row in csv.DictReader(io.StringIO(text))] == ["cramp"]


def test_a_tile_is_not_bounced_off_a_cramp(berlin):
    diary = Diary.objects.get(owner=berlin)
    when = recording.When.at(NOW, diary)
    cramp = recording.NoteText(when, "seconds", kind=NoteKind.CRAMP)
    recording.note(berlin, uuid4(), ["calf-l"], cramp, NOW)
    saved = recording.note_again(
        berlin, uuid4(), "calf-l", recording.NoteText(when, "seconds"), NOW
    )
    assert saved.notes[0].is_twitch
