"""Bringing a file: looked over first, taken in by a worker, undone at will."""

import io
import tracemalloc
from datetime import timedelta
from random import Random
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config import alive
from diary import recording
from diary.imports import upload, work
from diary.models import BATCH_TRIES, Batch, Check, Day, Diary, Medicine, Piece, Twitch
from insights import tasks

from .conftest import NOW, Hand, back, taken_along
from .test_round_trip import changed

pytestmark = pytest.mark.usefixtures("monday_evening")


@pytest.fixture
def file(bob):
    """What Bob took along."""
    hand = Hand(bob)
    hand.note(back(3), words="<script>alert(1)</script>")
    hand.clear(back(2))
    hand.know(back(1), caffeine_mg=90)
    return taken_along(bob)


def bring(page, file, name="diary.zip"):
    upload = SimpleUploadedFile(name, file)
    return page.post("/import/", {"form": str(uuid4()), "file": upload})


def worked(page):
    """The page of the only file, after a worker had it."""
    tasks.work_on_import(Batch.objects.get().pk)
    return shown(page)


def shown(page):
    return page.get(f"/import/{Batch.objects.get().uuid}/").content.decode()


def test_a_file_is_looked_over_then_taken_in_then_undone(page, alice, file):
    before = taken_along(alice)
    answer = bring(page, file)
    assert answer.status_code == 303
    assert "is being read" in page.get(answer["Location"]).content.decode()
    text = worked(page)
    assert "What would come in" in text
    assert "1 note" in text
    assert "2 days" in text
    assert "&lt;script&gt;" in text
    assert not Twitch.objects.of(alice).exists()
    assert page.post(f"{answer['Location']}take/").status_code == 303
    assert not Twitch.objects.of(alice).exists()
    assert "What came in" in worked(page)
    assert taken_along(alice) == file
    assert not Piece.objects.exists()
    assert page.post(f"{answer['Location']}undo/").status_code == 303
    assert taken_along(alice) == before
    assert "taken out again" in shown(page)


def test_checks_and_medicines_say_which_file_they_came_with(page, alice, bob):
    recording.note_check(bob, uuid4(), {"weakness": "no"}, "", NOW)
    text = recording.MedicineText("Magnesium", "supplement", back(9), None)
    recording.add_medicine(bob, uuid4(), text, NOW)
    url = bring(page, taken_along(bob))["Location"]
    worked(page)
    page.post(f"{url}take/")
    worked(page)
    check, medicine = Check.objects.of(alice).get(), Medicine.objects.of(alice).get()
    for path in (f"/check/{check.uuid}/", f"/medicines/{medicine.uuid}/"):
        assert f'Came with <a href="{url}">diary.zip</a>' in page.get(path).content.decode()


def test_the_preview_tells_what_is_in_the_diary_already(page, file):
    first = bring(page, file)["Location"]
    worked(page)
    page.post(f"{first}take/")
    worked(page)
    again = bring(page, file)["Location"]
    tasks.work_on_import(Batch.objects.latest("pk").pk)
    text = page.get(again).content.decode()
    assert "Nothing new." in text
    assert "3 rows are in your diary already and stay as they are there." in text


def test_a_day_that_the_file_is_silent_about_stays_blank_and_the_page_says_so(page, alice, file):
    answer = bring(page, file)
    assert "It never becomes a clear day" in worked(page)
    page.post(f"{answer['Location']}take/")
    worked(page)
    assert [day.day for day in Day.objects.of(alice).filter(clear=True)] == [back(2)]


def test_a_bad_row_is_named_with_its_line_and_the_good_ones_come_in(page, alice, file):
    bring(page, changed(file, "notes.csv", b'"calf-l"', b'"tail"').getvalue())
    text = worked(page)
    assert "notes.csv, line 2" in text
    assert "2 days" in text


@pytest.mark.parametrize(
    "wrong", [b"hello", b"PK\x03\x04", b"\xff\xfeh\x00i\x00", b"<!DOCTYPE a []><a/>"]
)
def test_a_file_that_can_t_be_read_is_refused_and_nothing_changes(page, alice, wrong):
    before = taken_along(alice)
    bring(page, wrong, name="<img src=x>.zip")
    text = worked(page)
    assert "Nothing in your diary was changed" in text
    assert "<img src=x>" not in text
    assert taken_along(alice) == before


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(page, monkeypatch):
    monkeypatch.setattr(upload, "FILE_AT_MOST", 100_000)
    answer = bring(page, b"x" * 300_000)
    assert answer.status_code == 422
    assert "larger than 20 MB" in answer.content.decode()
    assert not Batch.objects.exists()


def test_no_file_and_an_empty_one_are_refused_in_words(page):
    answer = page.post("/import/", {"form": str(uuid4())})
    assert answer.status_code == 422
    assert "Choose a file" in answer.content.decode()
    assert "This file is empty" in bring(page, b"").content.decode()


def test_a_form_sent_twice_brings_one_file(page, file):
    form = str(uuid4())
    for _ in range(2):
        page.post("/import/", {"form": form, "file": SimpleUploadedFile("a.zip", file)})
    assert Batch.objects.count() == 1


def test_a_newer_file_takes_the_place_of_one_that_was_not_taken_in(page, file):
    bring(page, file)
    bring(page, file)
    assert Batch.objects.count() == 1


def test_a_large_file_is_kept_as_it_came_and_never_held_as_a_whole(page, alice, file):
    padded = io.BytesIO(file)
    with ZipFile(padded, "a") as made:
        made.writestr("of-no-interest", Random(1).randbytes(15 * work.PIECE))
    bring(page, padded.getvalue())
    pieces = Piece.objects.order_by("number").values_list("data", flat=True)
    assert b"".join(map(bytes, pieces)) == padded.getvalue()
    batch = Batch.objects.get()
    tracemalloc.start()
    work.work_on(batch.pk, NOW)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["notes"]) == (Batch.State.READ, 1)
    assert peak < 5 * work.PIECE


def test_what_nobody_took_in_is_forgotten_after_a_day(alice):
    for uuid, age in ((uuid4(), 1), (uuid4(), 30)):
        Batch.objects.create(
            owner=alice,
            uuid=uuid,
            name="a",
            state=Batch.State.READ,
            created_at=NOW - timedelta(hours=age),
        )
    work.forget(NOW)
    assert Batch.objects.count() == 1


def test_a_worker_that_fails_again_and_again_is_told_and_changes_nothing(
    page, alice, file, monkeypatch
):
    bring(page, file)

    def fails(*args):
        raise MemoryError

    monkeypatch.setattr(work, "read", fails)
    for _ in range(BATCH_TRIES):
        text = worked(page)
    assert "could not be worked on" in text
    assert not Batch.objects.waiting(NOW).exists()


def test_the_sample_takes_no_file(alice):
    Diary.objects.of(alice).update(is_sample=True)
    with pytest.raises(recording.ReadOnly):
        work.ask(alice, uuid4(), "a.zip", [b"PK"], NOW)


TABLE = b"Tag;Ort;Kaffee\n22.11.2026 13:05;Wade;2\n22.11.2026;Fu\xdf;\n99.11.2026;Wade;\n"


def answer(page, **said):
    return page.post(f"/import/{Batch.objects.get().uuid}/answer/", said)


def asked(page):
    """The question that a file waits for, after a worker had it."""
    text = worked(page)
    assert "you have to say what is in it" in text
    return page.get(f"/import/{Batch.objects.get().uuid}/answer/").content.decode()


def test_a_plain_table_is_asked_about_step_by_step_then_taken_in_and_undone(page, alice):
    before = taken_along(alice)
    bring(page, TABLE, name="zuckungen.csv")
    assert "How was the file written?" in asked(page)
    assert answer(page, encoding="cp1252").status_code == 303
    assert "Tag, such as 22.11.2026 13:05 · 22.11.2026" in asked(page)
    columns = {"day": "Tag", "names": "Ort", "length_unit": "min"}
    assert answer(page, **columns).status_code == 303
    text = asked(page)
    assert "Wade" in text
    assert "Fuß" in text
    assert "1 time, such as 2" in text
    stands_for = {
        "Wade": "twitch:calf-l",
        "Fuß": "twitch:foot-r",
        "Kaffee": "value:caffeine:coffees",
    }
    names = [one["name"] for one in Batch.objects.get().asks["names"]]
    meant = {f"name-{number}": stands_for[name] for number, name in enumerate(names)}
    assert answer(page, **meant).status_code == 303
    text = worked(page)
    assert "2 notes" in text
    assert "1 day" in text
    assert "Caffeine of 2 coffees" in text
    assert "zuckungen.csv, line 4: Its day can’t be read." in text
    assert "Take in what can be read" in text
    url = f"/import/{Batch.objects.get().uuid}"
    page.post(f"{url}/take/")
    assert "What came in" in worked(page)
    assert {note.place for note in Twitch.objects.of(alice)} == {"calf-l", "foot-r"}
    assert not Day.objects.of(alice).filter(clear=True).exists()
    of_day = page.get("/days/2026-11-22/").content.decode()
    assert f'Came with <a href="{url}/">zuckungen.csv</a>' in of_day
    page.post(f"{url}/undo/")
    assert taken_along(alice) == before


def test_an_answer_that_can_t_be_used_stays_with_its_reason(page):
    bring(page, b"date,place,x\n2026-11-22,calf,1\n")
    asked(page)
    refused = answer(page, day="date", names="date", time="hack", length_unit="min")
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "This column is chosen for something else above" in text
    assert "Choose one of the list" in text
    answer(page, day="date", names="place", length_unit="min")
    asked(page)
    assert "Say of at least one what it stands for" in answer(page).content.decode()
    assert answer(page, **{"name-0": "twitch:tail"}).status_code == 422


def test_an_end_is_not_offered_as_the_time_where_the_start_has_its_own(page):
    bring(page, b"Start Time,End Time\n7/8/2026 10:15 AM,7/8/2026 10:45 AM\n7/13/2026 2:00 PM,\n")
    text = asked(page)
    assert '<option value="Start Time" selected>' in text
    assert '<option value="End Time" selected>' not in text


def said(page):
    """A table is brought, and everything about it answered."""
    bring(page, b"date,place,x\n2026-11-22,calf,1\n")
    asked(page)
    answer(page, day="date", names="place", length_unit="h")
    asked(page)
    answer(page, **{"name-0": "twitch:calf-l"})


def test_what_was_said_of_a_file_is_offered_again_when_it_is_said_anew(page):
    said(page)
    assert "Say anew what is in it" in worked(page)
    page.post(f"/import/{Batch.objects.get().uuid}/again/")
    text = asked(page)
    assert '<option value="place" selected>' in text
    assert '<option value="h" selected>' in text
    answer(page, day="date", names="place", length_unit="h")
    assert '<option value="twitch:calf-l" selected>' in asked(page)


def test_what_was_said_of_the_last_file_of_an_app_is_offered_for_the_next(page):
    said(page)
    worked(page)
    page.post(f"/import/{Batch.objects.get().uuid}/take/")
    assert "What came in" in worked(page)
    taken = Batch.objects.get()
    bring(page, b"date,place,x\n2026-11-23,calf,1\n")
    second = Batch.objects.exclude(pk=taken.pk).get()
    tasks.work_on_import(second.pk)
    text = page.get(f"/import/{second.uuid}/answer/").content.decode()
    assert '<option value="place" selected>' in text
    assert '<option value="h" selected>' in text
    bring(page, b"Tag,place,x\n2026-11-23,calf,1\n")  # another table: its own columns are looked at
    third = Batch.objects.exclude(pk=taken.pk).get()
    tasks.work_on_import(third.pk)
    text = page.get(f"/import/{third.uuid}/answer/").content.decode()
    assert '<option value="Tag" selected>' in text
    assert '<option value="min" selected>' in text


def test_the_preview_shows_notes_and_days_however_many_there_are_of_each(page, bob, alice):
    hand = Hand(bob)
    for number in range(20):
        hand.note(back(number), words=f"note {number}")
        hand.know(back(number), caffeine_mg=90)
    bring(page, taken_along(bob))
    text = worked(page)
    assert text.count("note 1") > 1
    assert text.count("1 coffee") == work.SHOWN


def test_the_same_table_brought_twice_doubles_nothing(page, alice):
    for _ in range(2):
        bring(page, b"date,place\n2026-11-22,calf\n2026-11-22,calf\n")
        batch = Batch.objects.get(state=Batch.State.ASKED)
        url = f"/import/{batch.uuid}/"
        for said in (
            {"day": "date", "names": "place", "length_unit": "h"},
            {"name-0": "twitch:calf-l"},
        ):
            tasks.work_on_import(batch.pk)
            page.post(f"{url}answer/", said)
        tasks.work_on_import(batch.pk)
        page.post(f"{url}take/")
        tasks.work_on_import(batch.pk)
        assert Twitch.objects.of(alice).count() == 2
    assert "2 rows were in your diary before" in page.get(url).content.decode()


def test_a_question_answered_twice_is_answered_once(page):
    bring(page, b"date,place\n2026-11-22,calf\n")
    asked(page)
    said = {"day": "date", "names": "place", "length_unit": "h"}
    assert answer(page, **said).status_code == 303
    assert answer(page, **said).status_code == 303
    assert set(Batch.objects.get().answers) == {"columns"}


def test_a_note_tells_which_file_it_came_with(page, alice, file):
    bring(page, file, name="bob.zip")
    worked(page)
    page.post(f"/import/{Batch.objects.get().uuid}/take/")
    worked(page)
    note = Twitch.objects.of(alice).get()
    assert (
        f'/import/{note.batch.uuid}/">bob.zip</a>'
        in page.get(f"/notes/{note.uuid}/").content.decode()
    )


def test_a_worker_with_a_long_file_in_hand_gives_signs_of_life(alice, file):
    alive.sign("worker").unlink(missing_ok=True)
    work.ask(alice, uuid := uuid4(), "x.zip", [file], NOW)
    work.work_on(Batch.objects.get(uuid=uuid).pk, NOW)
    assert alive.sign("worker").exists()
