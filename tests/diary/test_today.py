import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from diary import recording
from diary.factors import FACTORS, in_own_units
from diary.kinds import NoteKind
from diary.models import Day, Diary, Twitch, User
from diary.recording import NoteText, When

from .conftest import NOW, TODAY, back, set_clock, words

pytestmark = pytest.mark.usefixtures("monday_evening")

HTMX = {"HX-Request": "true", "HX-Target": "now"}


@pytest.fixture
def alice(alice):
    Diary.objects.of(alice).update(zone="Europe/Berlin")
    User.objects.filter(pk=alice.pk).update(date_joined=datetime(2026, 10, 1, tzinfo=UTC))
    return User.objects.get(pk=alice.pk)


YESTERDAY = TODAY - timedelta(days=1)


def at(hour, minute=0, day=TODAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def note(owner, place="calf-l", moment=None, duration="seconds", form=None):
    moment = moment or at(12)
    when = When.at(moment, Diary.objects.get(owner=owner))
    return recording.note(owner, form or uuid4(), [place], NoteText(when, duration), moment).notes[
        0
    ]


def shown(page):
    """The words of Today, in one line."""
    response = page.get("/today/")
    assert response.status_code == 200
    return words(response)


def tile(page, place="calf-l"):
    """What the tile of a place sends."""
    html = page.get("/today/").content.decode()
    form = re.search(
        rf'name="form" value="([^"]+)">\s*<input[^>]*name="place" value="{place}">'
        r'\s*<input[^>]*name="duration" value="([^"]+)"',
        html,
    )
    return {"form": form[1], "place": place, "duration": form[2]}


def test_the_first_day_offers_the_most_common_places_and_an_empty_strip(page):
    said = shown(page)
    assert "Monday 23 November" in said
    assert "Nothing noted yet." in said
    for place in ("Left eyelid", "Right eyelid", "Left calf", "Right calf"):
        assert place in said
    assert "No twitches today" in said
    assert "Noted today" not in said


def test_one_tap_saves_a_note_at_the_time_now(page, alice):
    response = page.post("/log/again/", tile(page), follow=True)
    saved = Twitch.objects.of(alice).get()
    assert (saved.place, saved.started_at, saved.duration) == ("calf-l", NOW, "seconds")
    assert response.redirect_chain == [("/today/", 303)]
    assert "Left calf noted at 20:40." in words(response)
    assert "Noted at 20:40 Undo" in words(response)
    assert "Each mark is a note; a taller one lasted longer." in words(response)
    assert "No twitches today" not in words(response)


def test_a_tile_saves_the_duration_last_used_for_its_place(page, alice):
    note(alice, "thumb-r", at(9, day=YESTERDAY), duration="minutes")
    page.post("/log/again/", tile(page, "thumb-r"))
    assert Twitch.objects.of(alice).get(day=TODAY).duration == "minutes"


def test_sending_the_same_tap_twice_is_one_note(page, alice, monkeypatch):
    sent = tile(page)
    page.post("/log/again/", sent)
    set_clock(monkeypatch, NOW + timedelta(minutes=1))
    page.post("/log/again/", sent)
    assert Twitch.objects.of(alice).count() == 1


def test_tapping_again_later_is_another_note(page, alice, monkeypatch):
    page.post("/log/again/", tile(page))
    set_clock(monkeypatch, NOW + timedelta(seconds=3))
    page.post("/log/again/", tile(page))
    assert Twitch.objects.of(alice).count() == 2


@pytest.mark.parametrize(
    "sent",
    [{"place": "xyz"}, {"place": ""}, {"duration": "forever"}, {"form": "x"}, {"place": "\x00"}],
)
def test_a_tap_that_no_tile_sends_opens_the_form_and_saves_nothing(page, alice, sent):
    response = page.post("/log/again/", tile(page) | sent)
    assert response.status_code == 422
    assert "Not saved yet" in words(response)
    assert not Twitch.objects.of(alice).exists()


def test_undo_takes_the_note_back_and_undo_can_be_taken_back_in_the_same_place(page, alice):
    saved = note(alice)
    response = page.post(reverse("note-remove", args=[saved.uuid]), follow=True)
    assert not Twitch.objects.of(alice).exists()
    assert "Left calf removed Put back" in words(response)
    assert "Nothing noted yet." in words(response)
    response = page.post(reverse("note-restore", args=[saved.uuid]), follow=True)
    assert Twitch.objects.of(alice).exists()
    assert "Note put back." in words(response)


def test_removing_and_putting_back_twice_is_once(page, alice):
    saved = note(alice)
    for action, count in (("note-remove", 0), ("note-restore", 1)):
        for _ in range(2):
            assert page.post(reverse(action, args=[saved.uuid])).status_code == 303
            assert Twitch.objects.of(alice).count() == count


def test_the_notes_of_one_form_have_one_undo_for_all(page, alice):
    form = uuid4()
    when = When.at(at(12), alice.diary)
    recording.note(alice, form, ["calf-l", "calf-r"], NoteText(when, "seconds"), at(12))
    assert shown(page).count("Undo all 2") == 1
    response = page.post(reverse("note-remove", args=[form]), follow=True)
    assert "2 notes removed." in words(response)
    assert not Twitch.objects.of(alice).exists()


def test_a_clear_day_is_one_tap_and_can_be_taken_back(page, alice):
    response = page.post("/days/2026-11-23/clear/", follow=True)
    assert Day.objects.of(alice).get().clear
    assert "Marked: no twitches today" in words(response)
    assert "A clear day." in words(response)
    assert 'aria-pressed="true"' in response.content.decode()
    response = page.post("/days/2026-11-23/unclear/", follow=True)
    assert not Day.objects.of(alice).get().clear
    assert "No twitches today" in words(response)


def test_a_note_on_a_clear_day_lifts_the_mark_and_says_so(page, alice):
    page.post("/days/2026-11-23/clear/")
    response = page.post("/log/again/", tile(page), follow=True)
    assert "The day is no longer marked as clear." in words(response)
    assert not Day.objects.of(alice).get().clear


def test_the_mark_that_a_note_lifted_comes_back_with_one_undo(page, alice):
    page.post("/days/2026-11-23/clear/")
    sent = tile(page)
    assert "The day is no longer marked as clear. Undo" in words(
        page.post("/log/again/", sent, headers=HTMX)
    )
    page.post(reverse("note-remove", args=[sent["form"]]), {"clear": "again"}, headers=HTMX)
    assert Day.objects.of(alice).get().clear
    assert not Twitch.objects.of(alice).exists()


def test_a_mark_does_not_come_back_while_the_day_has_another_twitch(page, alice):
    page.post("/days/2026-11-23/clear/")
    sent = tile(page)
    page.post("/log/again/", sent)
    note(alice)
    page.post(reverse("note-remove", args=[sent["form"]]), {"clear": "again"})
    assert not Day.objects.of(alice).get().clear
    assert Twitch.objects.of(alice).count() == 1


def test_nothing_on_today_counts_its_notes_and_the_strip_is_told_note_by_note(page, alice):
    note(alice, "calf-l", at(8))
    note(alice, "thumb-r", at(9))
    html = page.get("/today/").content.decode()
    assert 'aria-label="Monday 23 November: 09:00 Left calf; 10:00 Right thumb"' in html
    assert not re.search(r"\b(2|two) notes\b", html, re.IGNORECASE)


def test_a_page_of_yesterday_that_asks_for_its_part_is_loaded_anew(page, monkeypatch):
    asked = {"headers": HTMX, "query_params": {"day": "2026-11-23"}}
    assert "HX-Refresh" not in page.get("/today/", **asked)
    set_clock(monkeypatch, at(9) + timedelta(days=1))
    assert page.get("/today/", **asked)["HX-Refresh"] == "true"


ASK = {"headers": HTMX, "query_params": {"day": "2026-11-23"}}


def again(page, tag, **headers):
    """How the part of Today is answered when it was shown with this tag."""
    asked = {"If-None-Match": tag, **HTMX, **headers}
    return page.get("/today/", **{**ASK, "headers": asked})


def test_the_part_of_today_is_not_said_again_while_nothing_changed(
    page, alice, django_assert_num_queries
):
    note(alice)
    tag = page.get("/today/", **ASK)["ETag"]
    with django_assert_num_queries(2):  # whose session it is, and whose diary
        unchanged = again(page, tag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert "no-store" in unchanged["Cache-Control"]
    whole = page.get("/today/", headers={"If-None-Match": tag})
    assert (whole.status_code, "ETag" in whole) == (200, False)


@pytest.mark.parametrize(
    "change",
    [
        lambda alice: note(alice, "chin"),
        lambda alice: recording.mark_clear(alice, YESTERDAY, at(19)),
        lambda alice: recording.take_break(alice, TODAY, TODAY, at(19)),
        lambda alice: recording.remove(list(Twitch.objects.of(alice)), alice, at(19)),
        lambda alice: recording.change_day(alice, TODAY, {"stress": 3}, {"stress": None}, at(19)),
        lambda alice: Diary.objects.of(alice).update(clock="12"),
        lambda alice: Diary.objects.of(alice).update(noting="daily"),
        lambda alice: Diary.objects.of(alice).update(zone="Europe/London"),
        lambda alice: Diary.objects.of(alice).update(usual_places=["chin"]),
    ],
)
def test_whatever_changes_today_has_it_said_again(page, alice, change):
    note(alice)
    tag = page.get("/today/", **ASK)["ETag"]
    change(alice)
    assert again(page, tag).status_code == 200


def test_the_hour_and_the_language_have_today_said_again(page, monkeypatch):
    tag = page.get("/today/", **ASK)["ETag"]
    assert again(page, tag).status_code == 304
    assert again(page, tag, **{"Accept-Language": "de"}).status_code == 200
    set_clock(monkeypatch, at(19, 56))
    assert again(page, tag).status_code == 200


def test_the_tag_of_one_person_is_none_of_another(page, alice, bob):
    fields = [field.attname for field in Diary._meta.concrete_fields if not field.primary_key]
    tag = page.get("/today/", **ASK)["ETag"]
    Diary.objects.of(bob).update(**Diary.objects.of(alice).values(*fields).get())
    page.force_login(bob)
    assert again(page, tag).status_code == 200


def test_a_day_with_notes_is_not_clear_and_the_page_says_why(page, alice):
    note(alice)
    response = page.post("/days/2026-11-23/clear/", follow=True)
    assert "There are notes on Monday 23 November, so it is not clear." in words(response)
    assert not Day.objects.of(alice).filter(clear=True).exists()


@pytest.mark.parametrize("day", ["2026-11-24", "2026-02-30", "1999-12-31", "2026-1-1", "today"])
@pytest.mark.parametrize("action", ["clear", "unclear", "factors"])
def test_a_day_that_has_not_come_or_never_comes_is_not_found(page, alice, day, action):
    response = page.post(f"/days/{day}/{action}/", {"factor": "stress", "to": "2"})
    assert response.status_code == 404
    assert not Day.objects.of(alice).exists()


def test_after_midnight_the_evening_goes_on_until_the_day_start(page, alice, monkeypatch):
    set_clock(monkeypatch, datetime(2026, 11, 24, 0, 30, tzinfo=UTC))
    assert "Monday 23 November, night" in shown(page)
    page.post("/log/again/", tile(page))
    assert Twitch.objects.of(alice).get().day == TODAY
    set_clock(monkeypatch, datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    assert "Tuesday 24 November" in shown(page)


def test_a_break_is_named_and_notes_can_still_be_made(page, alice):
    recording.take_break(alice, TODAY, date(2026, 12, 1), at(8))
    assert "You are taking a break until 1 December. You can still note something." in shown(page)
    page.post("/log/again/", tile(page))
    assert Twitch.objects.of(alice).count() == 1


def test_noted_today_lists_the_newest_first(page, alice):
    note(alice, "nose", at(8))
    note(alice, "chin", at(17))
    said = shown(page)
    assert said.index("18:00 Chin") < said.index("09:00 Nose")


@pytest.fixture
def crowded(alice):
    """Today has sixty notes, one each minute from 12:00 Berlin time on: oldest first."""
    return [note(alice, "calf-l", at(11, minute)) for minute in range(60)]


def lines(page):
    """The times of Noted today, from top to bottom."""
    return re.findall(r"<li.*?<time [^>]*>([^<]*)<", page.get("/today/").content.decode(), re.S)


def test_of_a_crowded_day_the_newest_notes_are_told_and_the_rest_is_a_link_away(page, crowded):
    assert lines(page) == [f"12:{minute}" for minute in range(59, 35, -1)]
    html = page.get("/today/").content.decode()
    assert re.search(r'href="/days/2026-11-23/">More notes<', html)
    assert "12:23 Left calf; and more" in html  # for ears, who are told of the first ones
    assert html.count('class="mark"') == 60
    assert not re.search(r"\b(24|36|60) (more )?notes\b", html)


def test_a_day_that_fits_on_today_has_no_more_notes(page, alice, crowded):
    recording.remove(crowded[24:], alice, NOW)
    assert "More notes" in shown(page)  # of those that were removed
    Twitch.objects.removed_by(alice, NOW).delete()
    assert len(lines(page)) == 24
    assert "More notes" not in shown(page)


def test_an_old_note_of_a_crowded_day_is_taken_back_and_put_back_through_its_day(page, crowded):
    oldest = crowded[0]
    assert f"/notes/{oldest.uuid}/" not in page.get("/today/").content.decode()
    assert f"/notes/{oldest.uuid}/?" in page.get("/days/2026-11-23/").content.decode()
    note_page = page.get(f"/notes/{oldest.uuid}/?next=/days/2026-11-23/").content.decode()
    assert f'formaction="/notes/{oldest.uuid}/remove/"' in note_page
    page.post(reverse("note-remove", args=[oldest.uuid]))
    assert lines(page)[-1] == "12:00"  # what was just taken back is at hand
    day_page = page.get("/days/2026-11-23/").content.decode()
    assert f'action="/notes/{oldest.uuid}/restore/"' in day_page


def test_many_notes_kept_as_one_leave_the_one_on_today(page, alice, crowded):
    page.post("/days/2026-11-23/once/", {"place": "calf-l"})
    assert len(lines(page)) == 25
    assert "12:00 Left calf" in shown(page)


def test_a_crowded_today_takes_as_few_reads(page, crowded, django_assert_num_queries):
    with django_assert_num_queries(5):
        page.get("/today/")


@pytest.mark.parametrize(
    ("made", "line"),
    [
        ([], "Yesterday is blank. Add a note · It was clear · Leave it"),
        (["note", "note"], "Yesterday: 2 notes. Change yesterday"),
        (["clear"], "Yesterday: no twitches. Change yesterday"),
        (["clear", "sleep"], "Yesterday: no twitches, 8 h sleep. Change yesterday"),
    ],
)
def test_yesterday_is_told_in_one_line(page, alice, made, line):
    for what in made:
        if what == "note":
            note(alice, moment=at(9, day=YESTERDAY))
        elif what == "clear":
            recording.mark_clear(alice, YESTERDAY, at(8))
        else:
            change = {"sleep_minutes": 480}
            recording.change_day(alice, YESTERDAY, change, {"sleep_minutes": None}, at(8))
    assert line in shown(page)


def test_yesterday_can_be_left_blank_and_is_then_asked_about_no_more(page, monkeypatch):
    page.post(f"/days/{YESTERDAY}/leave/")
    said = shown(page)
    assert "Yesterday: left blank. Change yesterday" in said
    assert "It was clear" not in said
    set_clock(monkeypatch, NOW + timedelta(days=1))
    assert "Yesterday is blank." in shown(page)  # the next day is another one


def test_somebody_new_is_not_asked_about_yesterday(page, alice):
    User.objects.filter(pk=alice.pk).update(date_joined=NOW)
    assert "Yesterday" not in shown(page)


def factor(page, day=TODAY, headers=None, **sent):
    return page.post(f"/days/{day}/factors/", sent, headers=headers or {})


def test_a_value_that_was_never_kept_is_told_as_changed_meanwhile(page, alice):
    answer = factor(page, factor="caffeine", was="90", value="90 mg", step="1")
    assert answer.status_code == 422
    assert not Day.objects.of(alice).exists()


def test_one_more_coffee_is_one_tap(page, alice):
    assert factor(page, factor="caffeine", was="", value="", step="1").status_code == 303
    factor(page, factor="caffeine", was="90", value="1 coffee", step="1")
    assert Day.objects.of(alice).get().caffeine_mg == 180
    assert "about 180 mg" in shown(page)


def test_what_was_not_touched_stays_unknown(page, alice):
    factor(page, factor="stress", to="4")
    assert in_own_units(Day.objects.of(alice).get().stored_factors(), FACTORS) == {"stress": 4}
    assert shown(page).count("not noted") == 3


def test_the_usual_night_is_the_median_of_the_last_seven_known_ones(page, alice):
    for ago, minutes in enumerate([420, 300, 540, 430, 440, 450, 410, 60, 60], start=1):
        Day.objects.create(owner=alice, day=TODAY - timedelta(days=ago), sleep_minutes=minutes)
    assert "usually 7 h 10" in shown(page)
    factor(page, factor="sleep", was="", value="", step="1")
    assert Day.objects.of(alice).get(day=TODAY).sleep_minutes == 460


def test_quick_taps_count_each_and_a_repeated_one_counts_once(page, alice):
    first = {"factor": "caffeine", "was": "", "value": "", "step": "1"}
    answer = factor(page, headers=HTMX, **first)
    factor(page, headers=HTMX, **first)
    assert Day.objects.of(alice).get().caffeine_mg == 90
    was = re.search(r'name="was" value="(\d+)"', answer.content.decode())[1]
    value = re.search(r'name="value" value="([^"]+)"', answer.content.decode())[1]
    factor(page, headers=HTMX, factor="caffeine", was=was, value=value, step="1")
    assert Day.objects.of(alice).get().caffeine_mg == 180


def test_htmx_gets_the_new_value_of_the_row_alone(page):
    answer = factor(page, headers=HTMX, factor="sleep", was="", value="6:30")
    assert answer.status_code == 200
    assert "6 h 30" in answer.content.decode()
    assert "<form" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_an_unusual_value_is_saved_and_quietly_asked_about(page, alice, in_mg):
    answer = factor(page, headers=HTMX, factor="caffeine", was="", value="1200")
    assert "Saved. Is 1200 mg right? Change" in words(answer)
    assert Day.objects.of(alice).get().caffeine_mg == 1200
    assert "Is 1200 mg right?" in words(page.get("/today/"))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_value_that_cannot_be_keeps_what_was_typed(page, alice, headers):
    answer = factor(page, headers=headers, factor="sleep", was="", value="seven")
    assert answer.status_code == 422
    assert "Enter sleep in hours, such as 6.5" in words(answer)
    assert 'value="seven"' in answer.content.decode()
    assert not Day.objects.of(alice).exists()


def test_a_change_made_elsewhere_is_told_and_what_was_typed_stays(page, alice, in_mg):
    factor(page, factor="caffeine", was="", value="180")
    answer = factor(page, headers=HTMX, factor="caffeine", was="", value="500")
    assert answer.status_code == 422
    assert "Meanwhile this had changed to: 180 mg." in words(answer)
    assert 'name="value" value="500"' in answer.content.decode()
    assert 'name="was" value="180"' in answer.content.decode()
    assert Day.objects.of(alice).get().caffeine_mg == 180
    factor(page, headers=HTMX, factor="caffeine", was="180", value="500")
    assert Day.objects.of(alice).get().caffeine_mg == 500


def test_a_tap_on_a_value_that_changed_elsewhere_shows_it_first(page, alice, in_mg):
    factor(page, factor="caffeine", was="", value="270")
    answer = factor(page, headers=HTMX, factor="caffeine", was="", value="", step="1")
    assert answer.status_code == 422
    assert 'name="value" value="270 mg"' in answer.content.decode()
    assert Day.objects.of(alice).get().caffeine_mg == 270


@pytest.mark.parametrize(
    "sent", [{}, {"factor": "mood"}, {"factor": "stress", "to": "9"}, {"factor": "sleep\x00"}]
)
def test_a_change_that_no_row_sends_is_refused(page, alice, sent):
    assert factor(page, **sent).status_code in (404, 422)
    assert not Day.objects.of(alice).exists()


def test_a_change_to_a_past_day_goes_back_to_its_page(page, alice):
    answer = factor(page, day=YESTERDAY, factor="stress", to="2", next="/days/2026-11-22/")
    assert answer["Location"] == "/days/2026-11-22/"
    assert Day.objects.of(alice).get(day=YESTERDAY).stress == 2


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "x",
        "/" + "a" * 600,
    ],
)
def test_nobody_is_sent_to_another_site(page, path):
    answer = page.post("/days/2026-11-23/clear/", {"next": path})
    assert answer["Location"] == "/today/"


def test_a_path_with_strange_characters_is_no_fault(page):
    answer = page.post("/days/2026-11-23/clear/", {"next": "/today/?a=\n\x00b"})
    assert answer.status_code == 303


def test_htmx_gets_today_anew_with_the_news_for_the_live_region(page):
    response = page.post("/log/again/", tile(page), headers=HTMX)
    assert response.status_code == 200
    assert "diary-changed" in response["HX-Trigger"]
    body = response.content.decode()
    assert "<h1" not in body
    assert '<p hidden data-said="say">Left calf noted at 20:40.</p>' in body


def test_htmx_on_another_page_only_gets_the_news(page, alice):
    saved = note(alice)
    headers = {"HX-Request": "true", "HX-Target": "day-2026-11-23"}
    response = page.post(reverse("note-remove", args=[saved.uuid]), headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert "diary-changed" in response["HX-Trigger"]


def test_another_persons_note_is_not_found(page, bob):
    theirs = note(bob)
    for name in ("note-remove", "note-restore"):
        assert page.post(reverse(name, args=[theirs.uuid])).status_code == 404
        assert page.post(reverse(name, args=[theirs.group])).status_code == 404
        assert page.post(reverse(name, args=[uuid4()])).status_code == 404
    assert Twitch.objects.of(bob).count() == 1


def test_nothing_is_changed_by_a_get(page, alice):
    saved = note(alice)
    for path in (
        "/log/again/",
        f"/notes/{saved.uuid}/remove/",
        f"/notes/{saved.uuid}/restore/",
        "/days/2026-11-23/clear/",
        "/days/2026-11-23/unclear/",
        "/days/2026-11-23/factors/",
    ):
        assert page.get(path).status_code == 405


def test_today_takes_few_reads_however_much_was_noted(page, alice, django_assert_num_queries):
    for ago in range(20):
        note(alice, moment=at(9) - timedelta(days=ago))
        Day.objects.create(owner=alice, day=TODAY - timedelta(days=ago), sleep_minutes=420)
    # The session, the person with the diary; notes, days with breaks, uses of places with plans.
    with django_assert_num_queries(5):
        page.get("/today/")


def test_words_are_shown_as_words(page, alice):
    saved = note(alice)
    Twitch.objects.filter(pk=saved.pk).update(words="<script>alert(1)</script>")
    assert "<script>alert" not in page.get("/today/").content.decode()


def test_after_a_long_pause_one_is_welcome_and_no_blank_day_is_offered(page, berlin, write):
    hello = "Welcome back. Start from today; the blank days can stay blank."
    User.objects.filter(pk=berlin.pk).update(date_joined=NOW - timedelta(days=90))
    assert hello not in words(page.get("/today/"))  # nothing was ever written
    write.note(back(40))
    said = words(page.get("/today/"))
    assert hello in said
    assert "Yesterday is blank" not in said
    write.know(back(14), caffeine_mg=90)
    assert hello in words(page.get("/today/"))
    write.know(back(13), caffeine_mg=90)
    said = words(page.get("/today/"))
    assert hello not in said
    assert "Yesterday is blank" in said


@pytest.mark.parametrize("kind", ["twitch", "cramp"])
def test_who_notes_anything_is_not_welcomed_back(page, berlin, write, kind):
    write.note(back(40))
    write.note(back(5), kind=NoteKind(kind))
    assert "Welcome back" not in words(page.get("/today/"))


def test_a_break_is_not_ended_by_a_welcome(page, berlin, write):
    write.note(back(40))
    write.rest(back(20), TODAY + timedelta(days=3))
    assert "Welcome back" not in words(page.get("/today/"))
