"""The page of one day."""

import re
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary import recording
from diary.models import Day, Diary, Twitch

from .conftest import NOW, TODAY, Hand, back, words

pytestmark = pytest.mark.usefixtures("monday_evening", "berlin")
FRIDAY = back(3)


def url(day=FRIDAY):
    return f"/days/{day.isoformat()}/"


def form_of(response):
    """The day's form as the browser would send it."""
    html = response.content.decode()
    form = html[html.index('class="section day-form"') :]
    form = form[: form.index("</form>")]
    data = {
        found["name"]: unescape(found["value"] or "")
        for found in re.finditer(
            r'<input type="(?:hidden|text)" name="(?P<name>[^"]+)"(?: value="(?P<value>[^"]*)")?',
            form,
        )
    }
    chosen = re.search(r'<input type="radio" name="stress" value="(\d?)"[^>]* checked', form)
    typed = re.search(r'<textarea name="words"[^>]*>\n?(.*?)</textarea>', form, re.S)
    data["stress"] = chosen[1] if chosen else ""
    data["words"] = unescape(typed[1]) if typed else ""
    return data


def test_a_day_shows_its_notes_its_values_and_its_words(page, write):
    write.note(FRIDAY, "calf-l", 18, words="on the sofa")
    write.note(FRIDAY, "eyelid-r", timed=False)
    write.know(FRIDAY, sleep_minutes=390, caffeine_mg=180, drinks_ml=1250, stress=3, words="A cold")
    shown = page.get(url())
    read = words(shown)
    assert "Friday 20 November" in read
    assert "19:00 Left calf" in read
    assert "on the sofa" in read
    assert "no time Right eyelid" in read
    sent = form_of(shown)
    assert (sent["sleep"], sent["caffeine"], sent["hydration"]) == ("6 h 30", "180 mg", "5 glasses")
    assert (sent["stress"], sent["words"]) == ("3", "A cold")
    assert 'class="mark"' in shown.content.decode()


def test_a_day_is_saved_as_a_whole(page, berlin):
    data = form_of(page.get(url()))
    data |= {
        "sleep": "6,5",
        "caffeine": "180",
        "hydration": "5",
        "stress": "2",
        "words": "Late shift",
    }
    answer = page.post(url(), data, follow=True)
    assert answer.redirect_chain == [(url(), 303)]
    assert "Friday 20 November is saved." in words(answer)
    day = Day.objects.get(owner=berlin, day=FRIDAY)
    assert (day.sleep_minutes, day.caffeine_mg, day.drinks_ml, day.stress) == (390, 180, 1250, 2)
    assert day.words == "Late shift"


def test_what_was_not_touched_is_not_written(page, berlin, write):
    write.know(FRIDAY, drinks_ml=333, caffeine_mg=90)
    data = form_of(page.get(url()))
    page.post(url(), data | {"caffeine": "100"})
    day = Day.objects.get(owner=berlin, day=FRIDAY)
    assert (day.drinks_ml, day.caffeine_mg, day.sleep_minutes) == (333, 100, None)


def test_saving_nothing_leaves_a_blank_day_blank(page, berlin):
    assert page.post(url(), form_of(page.get(url()))).status_code == 303
    assert not Day.objects.of(berlin).exists()


def test_a_value_taken_out_is_unknown_again_and_zero_stays_zero(page, berlin, write):
    write.know(FRIDAY, sleep_minutes=420, caffeine_mg=90, stress=4)
    data = form_of(page.get(url()))
    page.post(url(), data | {"sleep": "", "caffeine": "0", "stress": ""})
    day = Day.objects.get(owner=berlin, day=FRIDAY)
    assert (day.sleep_minutes, day.caffeine_mg, day.stress) == (None, 0, None)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("sleep", "25", "Sleep must be between 0 and 24 hours"),
        ("sleep", "nan", "Enter sleep in hours, such as 6.5"),
        ("sleep", "１２", "Enter sleep in hours, such as 6.5"),
        ("caffeine", "-3", "Caffeine must be between 0 and 2000 mg"),
        ("caffeine", "1e3", "Enter caffeine as a number, such as 180"),
        ("caffeine", "90\0", "Enter caffeine as a number, such as 180"),
        ("hydration", "11 l", "Drinks must be between 0 and 10 litres"),
        ("stress", "6", "Choose how stressful the day was, from 1 to 5"),
        ("words", "x" * 520, "You have 20 too many"),
        ("words", "a\0b", "Words contain a character that can’t be kept"),
    ],
)
def test_a_slip_is_told_at_its_field_and_nothing_typed_is_lost(page, berlin, field, typed, said):
    data = form_of(page.get(url())) | {"caffeine": "180", "words": "Late shift"} | {field: typed}
    answer = page.post(url(), data)
    assert answer.status_code == 422
    read = words(answer)
    assert "Not saved yet" in read
    assert read.count(said) == 2
    kept = form_of(answer)
    for name in ("caffeine", "words"):
        if name != field:
            assert kept[name] == data[name]
    assert not Day.objects.of(berlin).exists()


def test_a_day_changed_elsewhere_is_told_and_both_texts_are_kept(page, berlin, write):
    write.know(FRIDAY, words="before")
    data = form_of(page.get(url())) | {"words": "mine"}
    recording.change_day(berlin, FRIDAY, {"words": "theirs"}, {"words": "before"}, NOW)
    answer = page.post(url(), data)
    assert answer.status_code == 409
    read = words(answer)
    assert "This day was changed elsewhere in the meantime" in read
    assert "theirs" in read
    assert form_of(answer)["words"] == "mine"
    assert Day.objects.get(owner=berlin).words == "theirs"
    assert page.post(url(), form_of(answer)).status_code == 303
    assert Day.objects.get(owner=berlin).words == "mine"


def test_a_value_changed_elsewhere_is_told_and_the_untouched_ones_are_brought_up_to_date(
    page, berlin, write
):
    write.know(FRIDAY, caffeine_mg=90, sleep_minutes=420)
    data = form_of(page.get(url())) | {"caffeine": "180"}
    recording.change_day(
        berlin,
        FRIDAY,
        {"caffeine_mg": 270, "sleep_minutes": 360, "stress": 2},
        {"caffeine_mg": 90, "sleep_minutes": 420, "stress": None},
        NOW,
    )
    answer = page.post(url(), data)
    assert answer.status_code == 409
    assert "Meanwhile this had changed to: 270 mg" in words(answer)
    again = form_of(answer)
    assert (again["caffeine"], again["sleep"], again["stress"]) == ("180", "6 h", "2")
    page.post(url(), again)
    day = Day.objects.get(owner=berlin)
    assert (day.caffeine_mg, day.sleep_minutes, day.stress) == (180, 360, 2)


def test_two_people_who_change_different_things_do_not_disturb_each_other(page, berlin, write):
    data = form_of(page.get(url())) | {"sleep": "7"}
    write.know(FRIDAY, caffeine_mg=90)
    assert page.post(url(), data).status_code == 303
    day = Day.objects.get(owner=berlin)
    assert (day.sleep_minutes, day.caffeine_mg) == (420, 90)


def test_a_form_that_lies_about_what_stood_there_overwrites_nothing(page, berlin, write):
    data = form_of(page.get(url())) | {"caffeine": "90", "initial-caffeine": "nonsense"}
    write.know(FRIDAY, caffeine_mg=270)
    assert page.post(url(), data).status_code == 409
    assert Day.objects.get(owner=berlin).caffeine_mg == 270
    data |= {"initial-caffeine": "1900"}
    Day.objects.all().delete()
    assert page.post(url(), data).status_code == 409


def test_an_unusual_amount_is_saved_and_asked_about(page, berlin):
    data = form_of(page.get(url())) | {"caffeine": "1200"}
    answer = page.post(url(), data, follow=True)
    assert "Is 1200 mg right?" in words(answer)
    assert Day.objects.get(owner=berlin).caffeine_mg == 1200


def test_a_clear_day_can_be_marked_and_taken_back_from_its_page(page, berlin):
    assert "No twitches on this day" in words(page.get(url()))
    answer = page.post(f"{url()}clear/", {"next": url()}, follow=True)
    assert answer.redirect_chain == [(url(), 303)]
    assert "Marked: no twitches on this day" in words(answer)
    answer = page.post(f"{url()}unclear/", {"next": url()}, follow=True)
    assert "Left blank. That is fine" in words(answer)


def test_a_day_with_notes_offers_no_clear_mark(page, write):
    write.note(FRIDAY)
    assert "No twitches on this day" not in words(page.get(url()))


def test_a_day_on_a_break_says_so(page, write):
    write.rest(FRIDAY, FRIDAY)
    assert "On a break." in words(page.get(url()))
    write.note(FRIDAY)
    read = words(page.get(url()))
    assert "On a break. What you noted is kept, and left out of every comparison." in read
    assert "Left calf" in read


def test_neighbouring_days_are_one_tap_away_but_none_to_come(page):
    html = page.get(url()).content.decode()
    assert url(back(4)) in html
    assert url(back(2)) in html
    html = page.get(url(TODAY)).content.decode()
    assert url(back(1)) in html
    assert url(back(-1)) not in html


def test_a_day_to_come_is_not_found(page):
    assert page.get(url(back(-1))).status_code == 404
    assert page.post(url(back(-1)), {"words": "x"}).status_code == 404


@pytest.mark.parametrize(
    "day",
    ["2026-02-30", "1999-12-31", "2026-13-01", "0000-00-00", "２０２６-11-20", "2026-11-20%00"],
)
def test_a_day_that_no_diary_has_is_not_found(page, day):
    assert page.get(f"/days/{day}/").status_code == 404


def test_another_persons_day_is_never_shown_or_changed(page, berlin, bob):
    Hand(bob).note(FRIDAY, "thumb-l", words="bob was here")
    Hand(bob).know(FRIDAY, caffeine_mg=770, words="bob's words")
    Hand(bob).rest(FRIDAY, FRIDAY)
    read = words(page.get(url()))
    assert "bob" not in read
    assert "770" not in read
    assert "break" not in read
    page.post(url(), form_of(page.get(url())) | {"words": "mine"})
    assert Day.objects.get(owner=bob).words == "bob's words"
    assert Twitch.objects.of(bob).count() == 1


def test_a_day_costs_the_same_however_much_is_on_it(page, write, django_assert_num_queries):
    page.get(url())
    for hour in range(8, 18):
        write.note(FRIDAY, hour=hour)
    with django_assert_num_queries(4):  # session, person with diary; notes, day with breaks
        page.get(url())


def test_markup_in_words_stays_words(page, write):
    write.note(FRIDAY, words="<script>alert(1)</script>")
    write.know(FRIDAY, words="<b>bold</b>")
    html = page.get(url()).content.decode()
    assert "<script>alert" not in html
    assert "<b>bold" not in html


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.dictionaries(
        st.sampled_from(
            ["sleep", "caffeine", "hydration", "stress", "words"]
            + [f"initial-{name}" for name in ("sleep", "caffeine", "hydration", "stress", "words")]
        ),
        st.text(max_size=60)
        | st.sampled_from(["nan", "-0", "1e9", "７", "\0", "9" * 30, "6:30", "2"]),
    )
)
def test_nothing_that_is_sent_breaks_the_page(page, data):
    assert page.post(url(), data).status_code in {303, 409, 422}


def test_a_diary_that_started_at_eight_shows_its_morning(page, berlin, write):
    Diary.objects.of(berlin).update(day_start_hour=8)
    write.note(FRIDAY, hour=9)
    assert page.get(url()).status_code == 200
