import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diary import recording
from diary.models import Day, Diary, Twitch
from diary.recording import NoteText, When

from .conftest import NOW, TODAY, set_clock, words

pytestmark = pytest.mark.usefixtures("monday_evening")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def alice(alice):
    Diary.objects.of(alice).update(zone="Europe/Berlin")
    return type(alice).objects.get(pk=alice.pk)


def note(owner, place="calf-l", moment=datetime(2026, 11, 23, 12, tzinfo=UTC), words=""):
    when = When.at(moment, Diary.objects.get(owner=owner))
    text = NoteText(when, "minutes", words=words)
    return recording.note(owner, uuid4(), [place], text, moment).notes[0]


def filled_in(page, path="/log/"):
    """Every field of the form as the browser would send it without a touch."""
    html = page.get(path).content.decode()
    form = html[html.index('class="log-form"') : html.rindex("</form>")]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if found.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if found.get("name") not in (None, "csrfmiddlewaretoken"):
            sent.setdefault(found["name"], []).append(found.get("value", ""))
    for name, text in re.findall(r'<textarea name="([a-z]+)"[^>]*>\s*(.*?)</textarea>', form, re.S):
        sent[name] = [text]
    return sent


def save(page, path="/log/", headers=None, **changes):
    changes.setdefault("place", ["calf-l"])
    return page.post(path, filled_in(page, path) | changes, headers=headers or {})


def test_place_and_save_are_all_that_is_needed(page, alice):
    response = save(page)
    saved = Twitch.objects.of(alice).get()
    assert (saved.place, saved.started_at, saved.duration) == ("calf-l", NOW, "seconds")
    assert (response.status_code, response["Location"]) == (303, "/today/")
    assert "Left calf noted at 20:40." in words(page.get("/today/"))
    assert not Day.objects.of(alice).exists()


def test_several_places_are_one_note_each_with_one_undo(page, alice):
    save(page, place=["calf-l", "calf-r", "nose", "calf-l"])
    saved = Twitch.objects.of(alice)
    assert {twitch.place for twitch in saved} == {"calf-l", "calf-r", "nose"}
    assert len({twitch.group for twitch in saved}) == 1
    assert "Undo all 3" in words(page.get("/today/"))


def test_sending_the_form_twice_is_one_note(page, alice):
    sent = filled_in(page) | {"place": ["calf-l"]}
    for _ in range(2):
        assert page.post("/log/", sent).status_code == 303
    assert Twitch.objects.of(alice).count() == 1


def test_nothing_typed_is_lost_when_the_place_is_missing(page, alice):
    response = save(page, place=[], words="at the desk", caffeine="270", duration="longer")
    assert response.status_code == 422
    said, html = words(response), response.content.decode()
    assert "Not saved yet Choose where you felt it" in said
    assert "<title>Error: Note a twitch" in html
    assert "at the desk" in said
    assert 'name="caffeine" value="270"' in html
    assert re.search(r'value="longer"[^>]*checked', html)
    assert 'href="#place"' in html
    assert 'id="place"' in html
    assert not Twitch.objects.of(alice).exists()
    assert not Day.objects.of(alice).exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("place", ["xyz"], "Choose a place from the list"),
        ("sleep", "7 hours or so", "Enter sleep in hours, such as 6.5"),
        ("sleep", "24,5", "Sleep must be between 0 and 24 hours"),
        ("caffeine", "-3", "Caffeine must be between 0 and 2000 mg"),
        ("caffeine", "nan", "Enter caffeine as a number, such as 180"),
        ("hydration", "１２", "Enter drinks as a number of glasses, such as 5"),
        ("stress", "6", "Choose how stressful the day was, from 1 to 5"),
        ("length", "90", "Enter a length with its unit, such as 90 s, 2 min or 1:30"),
        ("duration", "ages", "Choose how long it lasted"),
        ("when", "never", "Choose when it was"),
        ("words", "a" * 10_000, "You have 9500 too many"),
        ("words", "a\x00b", "Words contain a character that can’t be kept. Type them again"),
        ("form", "\x00", "Part of the form did not arrive. Save it once more"),
        ("about", "2026-02-30", "Enter a day, such as 23 11 2026"),
    ],
)
def test_every_field_refuses_in_its_own_words(page, alice, field, value, said, in_mg):
    response = save(page, **{field: value})
    assert response.status_code == 422
    assert said in words(response)
    assert not Twitch.objects.of(alice).exists()


@pytest.mark.parametrize(
    ("before", "close"),
    [
        ("http://testserver/insights/2026-w47/", "/insights/2026-w47/"),
        ("http://testserver/diary/?place=calf-l", "/diary/?place=calf-l"),
        ("http://testserver/log/which/", "/today/"),
        ("http://testserver/log/", "/today/"),
        ("http://testserver//elsewhere.test/", "/today/"),
        ("http://elsewhere.test/", "/today/"),
        ("", "/today/"),
    ],
)
def test_close_leads_back_to_where_the_form_was_opened_from(page, before, close):
    text = page.get("/log/", headers={"referer": before}).content.decode()
    assert f'to-close" href="{close}"' in text


def test_after_a_lost_id_the_next_try_works(page, alice):
    response = save(page, form="broken")
    fresh = re.search(r'name="form" value="([^"]+)"', response.content.decode())[1]
    assert save(page, form=fresh).status_code == 303


def test_a_place_in_the_address_is_chosen_with_its_usual_length(page, alice):
    note(alice, "thumb-r")
    sent = filled_in(page, "/log/?place=thumb-r")
    assert set(sent["place"]) == {"thumb-r"}
    assert sent["duration"] == ["minutes"]


def test_usual_places_are_offered_first(page, alice):
    for place, times in (("nose", 3), ("chin", 2), ("calf-l", 1), ("lips", 4)):
        for _ in range(times):
            note(alice, place)
    html = page.get("/log/").content.decode()
    assert re.findall(r'data-mirror="([a-z-]+)"', html) == ["lips", "nose", "chin"]


@pytest.mark.parametrize(
    "address",
    [
        "?place=xyz",
        "?place=%00",
        "?day=2026-02-30",
        "?day=2026-11-24",
        "?day=1999-01-01",
        "?day=20261120",
        "?day=2026-W47-1",
        "?day=%EF%BC%91",
        "?day=" + "1" * 10_000,
    ],
)
def test_an_address_that_names_no_place_or_day_is_not_found(page, address):
    assert page.get(f"/log/{address}").status_code == 404


def test_a_past_day_in_the_address_is_noted_for_that_day(page, alice):
    response = save(page, "/log/?day=2026-11-20", next="/days/2026-11-20/")
    saved = Twitch.objects.of(alice).get()
    assert (saved.day, saved.started_at, saved.added_later) == (date(2026, 11, 20), None, True)
    assert response["Location"] == "/days/2026-11-20/"
    said = words(page.get("/today/"))
    assert "Left calf noted for Friday 20 November. Older memories are less exact." in said
    assert "That is fine. It is marked “added later”." in said


def test_yesterday_at_a_quarter_past_ten(page, alice):
    save(page, when="other", day="2026-11-22", time="22:15")
    saved = Twitch.objects.of(alice).get()
    assert saved.started_at == datetime(2026, 11, 22, 21, 15, tzinfo=UTC)
    assert not saved.added_later


def test_the_form_changes_the_day_only_where_it_was_touched(page, alice, in_mg):
    before = {"sleep_minutes": 420, "caffeine_mg": 180}
    recording.change_day(alice, TODAY, before, dict.fromkeys(before), datetime.now(UTC))
    sent = filled_in(page)
    recording.change_day(
        alice, TODAY, {"sleep_minutes": 400}, {"sleep_minutes": 420}, datetime.now(UTC)
    )
    page.post("/log/", sent | {"place": ["calf-l"], "caffeine": "270", "stress": "4"})
    day = Day.objects.of(alice).get()
    assert (day.sleep_minutes, day.caffeine_mg, day.stress) == (400, 270, 4)
    saved = Twitch.objects.of(alice).get()
    assert (saved.sleep_minutes, saved.caffeine_mg, saved.stress) == (400, 270, 4)


def test_values_belong_to_the_day_that_the_form_names(page, alice):
    save(page, when="other", day="2026-11-21", stress="5")
    assert Day.objects.of(alice).get().day == TODAY
    assert Twitch.objects.of(alice).get().day == date(2026, 11, 21)


def test_values_that_changed_meanwhile_are_told_and_the_note_waits(page, alice):
    sent = filled_in(page)
    recording.change_day(alice, TODAY, {"stress": 1}, {"stress": None}, datetime.now(UTC))
    sent |= {"place": ["calf-l"], "when": "other", "day": "2026-11-21", "stress": "5"}
    response = page.post("/log/", sent)
    assert response.status_code == 422
    assert "The values of the day had changed meanwhile." in words(response)
    assert not Twitch.objects.of(alice).exists()
    assert Day.objects.of(alice).get().stress == 1


def test_a_time_that_came_twice_is_asked_back_and_both_can_be_noted(page, alice, monkeypatch):
    set_clock(monkeypatch, datetime(2026, 10, 25, 9, tzinfo=UTC))
    night = {"when": "other", "day": "2026-10-25", "time": "02:30"}
    assert 'name="which"' not in page.get("/log/").content.decode()
    asked = save(page, **night)
    assert asked.status_code == 422
    assert "It was 02:30 twice that night. Choose the first or the second" in words(asked)
    assert 'name="which"' in asked.content.decode()
    for which in ("first", "second"):
        assert save(page, **night, which=which).status_code == 303
    moments = sorted(Twitch.objects.of(alice).values_list("started_at", flat=True))
    assert moments[1] - moments[0] == timedelta(hours=1)
    assert set(Twitch.objects.of(alice).values_list("day", flat=True)) == {date(2026, 10, 24)}


def test_a_time_that_never_came_is_moved_forward_and_said_so(page, alice, monkeypatch):
    set_clock(monkeypatch, datetime(2026, 3, 29, 9, tzinfo=UTC))
    save(page, when="other", day="2026-03-29", time="02:30")
    assert Twitch.objects.of(alice).get().started_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert "The clocks went forward then, so 02:30 is kept as 03:30." in words(page.get("/today/"))


def test_a_note_for_a_clear_day_lifts_the_mark_and_says_so(page, alice):
    recording.mark_clear(alice, date(2026, 11, 22), datetime.now(UTC))
    save(page, when="other", day="2026-11-22")
    assert "The day is no longer marked as clear." in words(page.get("/today/"))


def test_htmx_gets_the_form_back_or_is_sent_on(page, alice):
    refused = save(page, headers=HTMX, place=[])
    assert refused.status_code == 422
    assert refused.content.decode().lstrip().startswith("<form")
    saved = save(page, headers=HTMX)
    assert saved["HX-Redirect"] == "/today/"
    assert Twitch.objects.of(alice).count() == 1


def test_signed_out_in_the_middle_leaves_the_form_on_screen(client, page, alice):
    sent = filled_in(page) | {"place": ["calf-l"]}
    client.logout()
    answer = client.post("/log/", sent, headers=HTMX)
    assert answer.status_code == 401
    assert "signed out" in words(answer)
    assert not Twitch.objects.of(alice).exists()


def test_the_form_takes_few_reads(page, alice, django_assert_num_queries):
    note(alice)
    with django_assert_num_queries(3):  # session, person with diary; recent notes with the day
        page.get("/log/?place=calf-l")


def edit_path(saved):
    return reverse("note", args=[saved.uuid])


def edit(page, saved, headers=None, **changes):
    return page.post(
        edit_path(saved), filled_in(page, edit_path(saved)) | changes, headers=headers or {}
    )


def test_an_untouched_edit_changes_nothing_but_says_saved(page, alice):
    saved = note(alice, words="in bed")
    before = Twitch.objects.values().get()
    assert edit(page, saved).status_code == 303
    after = Twitch.objects.values().get()
    assert {key for key in before if before[key] != after[key]} == {"edited_at", "version"}


def test_every_part_of_a_note_can_be_changed(page, alice):
    saved = note(alice)
    response = edit(
        page,
        saved,
        place="calf-r",
        day="2026-11-22",
        time="08:05",
        length="90 s",
        words="after a run",
        next="/days/2026-11-22/",
    )
    assert response["Location"] == "/days/2026-11-22/"
    saved.refresh_from_db()
    assert (saved.place, saved.day, saved.duration_s) == ("calf-r", date(2026, 11, 22), 90)
    assert saved.started_at == datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
    assert (saved.duration, saved.words) == ("minutes", "after a run")


def test_a_refused_edit_keeps_what_was_typed(page, alice):
    saved = note(alice)
    response = edit(page, saved, time="23:59", words="after a run")
    assert response.status_code == 422
    assert "Time must be now or earlier" in words(response)
    assert "after a run" in words(response)
    assert 'value="23:59"' in response.content.decode()


def test_a_stale_edit_shows_both_texts_and_saving_once_more_keeps_the_own(page, alice):
    saved = note(alice)
    mine = filled_in(page, edit_path(saved)) | {"words": "mine"}
    edit(page, saved, words="theirs", place="nose")
    told = page.post(edit_path(saved), mine)
    assert told.status_code == 422
    assert "This note was changed meanwhile." in words(told)
    assert "theirs" in words(told)
    assert "Nose" in words(told)
    assert re.search(r"<textarea[^>]*>\s*mine</textarea>", told.content.decode())
    assert Twitch.objects.of(alice).get().words == "theirs"
    version = re.search(r'name="version" value="(\d+)"', told.content.decode())[1]
    assert page.post(edit_path(saved), mine | {"version": version}).status_code == 303
    assert Twitch.objects.of(alice).get().words == "mine"


def test_an_edit_of_a_note_that_was_removed_meanwhile_can_put_it_back(page, alice):
    saved = note(alice)
    mine = filled_in(page, edit_path(saved)) | {"words": "mine"}
    recording.remove([saved], alice, datetime(2026, 11, 23, 19, tzinfo=UTC))
    assert page.get(edit_path(saved)).status_code == 404
    told = page.post(edit_path(saved), mine)
    assert told.status_code == 422
    assert "This note was removed meanwhile." in words(told)
    assert "mine" in told.content.decode()
    assert page.post(edit_path(saved), mine | {"put_back": "yes"}).status_code == 303
    assert Twitch.objects.of(alice).get().words == "mine"


def test_a_note_can_be_removed_from_its_own_page(page, alice):
    saved = note(alice)
    assert (
        f'formaction="/notes/{saved.uuid}/remove/"' in page.get(edit_path(saved)).content.decode()
    )


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 400, "１", "1.0", "\x00"])
def test_an_edit_without_a_version_is_not_saved(page, alice, version):
    saved = note(alice)
    assert edit(page, saved, version=version, words="x").status_code == 422
    assert Twitch.objects.of(alice).get().words == ""


def test_another_persons_note_is_not_found(page, bob):
    theirs = note(bob)
    assert page.get(edit_path(theirs)).status_code == 404
    assert page.post(edit_path(theirs), {"place": "nose"}).status_code == 404
    assert page.get(f"/notes/{uuid4()}/").status_code == 404


def test_the_edit_form_takes_few_reads(page, alice, django_assert_num_queries):
    saved = note(alice)
    with django_assert_num_queries(3):  # session, person with diary; the note
        page.get(edit_path(saved))


@pytest.mark.parametrize(
    ("path", "more", "questions"),
    [("/log/", {"when": "15"}, 5), ("/log/again/", {}, 6)],  # a tap also looks for a bounced one
)
def test_a_note_is_saved_with_few_questions(page, alice, path, more, questions):
    sent = {"form": str(uuid4()), "place": "calf-l", "duration": "seconds", **more}
    with CaptureQueriesContext(connection) as asked:
        assert page.post(path, sent).status_code == 303
    assert sum(one["sql"].startswith(("SELECT", "UPDATE", "INSERT")) for one in asked) == questions
