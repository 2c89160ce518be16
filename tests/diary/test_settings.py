"""Settings, breaks, and what is asked once after signing up."""

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary.forms.settings import SettingsForm
from diary.models import Break, Day, Diary, Twitch

from .conftest import TODAY, back, words

pytestmark = pytest.mark.usefixtures("monday_evening", "berlin")
HTMX = {"HX-Request": "true"}
TAP = {
    "form": "8d2bd0a6-6d0e-4d3a-9a53-6f3d33a4f001",
    "place": "calf-r",
    "duration": "seconds",
}
STANDS = tuple(SettingsForm.base_fields)


def sent(owner, **changes):
    """The form as a browser sends it, with these fields changed."""
    diary = Diary.objects.get(owner=owner)
    stands = {
        name: "" if getattr(diary, name) is None else str(getattr(diary, name)) for name in STANDS
    }
    return {f"initial-{name}": value for name, value in stands.items()} | stands | changes


def test_settings_show_what_is_set_and_that_past_notes_stay(page):
    answer = page.get("/settings/")
    html = answer.content.decode()
    assert '<option value="Europe/Berlin" selected>Berlin</option>' in html
    assert '<option value="4" selected>04:00</option>' in html
    assert "Past notes stay as they are when you change this." in words(answer)
    assert 'href="/accounts/password/change/"' in html
    assert 'action="/accounts/logout/"' in html


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("zone", "Asia/Kolkata", "Asia/Kolkata"),
        ("zone", "Europe/Kiev", "Europe/Kiev"),
        ("zone", "UTC", "UTC"),
        ("day_start_hour", "0", 0),
        ("day_start_hour", "8", 8),
        ("glass_ml", "330 ml", 330),
        ("glass_ml", "50", 50),
        ("theme", "bedside", "bedside"),
        ("bedside_from", "21", 21),
        ("bedside_until", "5", 5),
        ("week_start", "6", 6),
        ("clock", "12", "12"),
        ("drinks_in", "fl-oz-us", "fl-oz-us"),
        ("caffeine_in", "drinks", "drinks"),
    ],
)
def test_a_setting_is_saved_with_a_plain_form(page, berlin, field, typed, stored):
    answer = page.post("/settings/", sent(berlin, **{field: typed}), follow=True)
    assert answer.redirect_chain == [("/settings/", 303)]
    assert "Saved." in words(answer)
    assert getattr(Diary.objects.get(owner=berlin), field) == stored


def test_a_setting_saves_by_itself_and_says_so_beside_it(page, berlin):
    answer = page.post("/settings/", sent(berlin, glass_ml="300"), headers=HTMX)
    html = answer.content.decode()
    assert "<html" not in html
    assert html.count(">Saved</p>") == 1
    assert html.index('name="glass_ml"') < html.index(">Saved</p>") < html.index('id="theme"')
    assert Diary.objects.get(owner=berlin).glass_ml == 300


def test_a_glass_is_typed_in_ounces_where_drinks_are_counted_in_these(page, berlin):
    Diary.objects.of(berlin).update(drinks_in="fl-oz-us")
    page.post("/settings/", sent(berlin, glass_ml="8"))
    assert Diary.objects.get(owner=berlin).glass_ml == 237
    assert 'value="8 fl oz"' in page.get("/settings/").content.decode()
    page.post("/settings/", sent(berlin, glass_ml="300 ml"))
    assert Diary.objects.get(owner=berlin).glass_ml == 300
    answer = page.post("/settings/", sent(berlin, glass_ml="a mug"))
    assert "Enter the glass size as a number of fl oz, such as 8" in words(answer)


def test_a_twelve_hour_clock_is_kept_to_wherever_a_time_is_written(page, berlin, write):
    write.note(TODAY, hour=18)
    for path, text in (("/today/", "19:00"), ("/diary/", "19:00"), ("/settings/", "04:00")):
        assert text in words(page.get(path)), path
    Diary.objects.of(berlin).update(clock="12")
    for path, text in (("/today/", "7:00 PM"), ("/diary/", "7:00 PM"), ("/settings/", "4:00 AM")):
        told = words(page.get(path)).replace("20:40 8:40 PM", "")  # the choice itself
        assert text in told, path
        assert not re.search(r"\b(1[3-9]|2[0-3]):[0-5]\d\b|\b0\d:[0-5]\d\b", told), path
    assert "noted at 8:40 PM." in words(page.post("/log/again/", TAP, follow=True))


def test_files_keep_their_times_and_units_whatever_is_shown(page, berlin, write):
    write.note(TODAY, hour=18)
    write.know(TODAY, drinks_ml=500)
    before = [page.get(f"/export/{name}.csv").getvalue() for name in ("notes", "days")]
    Diary.objects.of(berlin).update(clock="12", drinks_in="fl-oz-us", week_start=6)
    assert [page.get(f"/export/{name}.csv").getvalue() for name in ("notes", "days")] == before
    assert b"T19:00:00+01:00" in before[0]


@pytest.mark.parametrize(
    ("drinks_in", "shown", "plus"),
    [("glasses", "2 glasses", 750), ("ml", "500 ml", 750), ("fl-oz-us", "16.9 fl oz", 750)],
)
def test_drinks_are_shown_as_chosen_and_stored_as_ever(page, berlin, write, drinks_in, shown, plus):
    Diary.objects.of(berlin).update(drinks_in=drinks_in)
    write.know(TODAY, drinks_ml=500)
    assert f'value="{shown}"' in page.get("/today/").content.decode()
    assert f"{shown} to drink" in words(page.get("/log/"))
    tap = {"factor": "hydration", "was": "500", "value": shown, "step": "1"}
    page.post(f"/days/{TODAY}/factors/", tap)
    assert Day.objects.get(owner=berlin).drinks_ml == plus


def test_caffeine_is_shown_in_coffees_or_in_mg_and_stored_as_ever(page, berlin, write):
    write.note(TODAY)
    write.know(TODAY, caffeine_mg=180)
    for caffeine_in, shown, small, told in (
        ("mg", "180 mg", "about 2 coffees", "180 mg caffeine"),
        ("drinks", "2 coffees", "about 180 mg", "caffeine of 2 coffees"),
    ):
        Diary.objects.of(berlin).update(caffeine_in=caffeine_in)
        answer = page.get("/today/")
        assert f'value="{shown}"' in answer.content.decode()
        assert small in words(answer)
        for path in ("/log/", "/diary/"):
            assert told in words(page.get(path)), path
    tap = {"factor": "caffeine", "was": "180", "value": "2 coffees", "drink": "tea"}
    page.post(f"/days/{TODAY}/factors/", tap)
    assert Day.objects.get(owner=berlin).caffeine_mg == 230
    assert 'value="230 mg"' in page.get("/today/").content.decode()


def test_eight_ounces_and_eight_more_are_sixteen(page, berlin, write):
    Diary.objects.of(berlin).update(drinks_in="fl-oz-us", glass_ml=237)
    for ounces in ("8", "16", "24"):
        stands = Day.objects.filter(owner=berlin).first()
        was = "" if stands is None else str(stands.drinks_ml)
        shown = {"value": "" if stands is None else f"{int(ounces) - 8} fl oz"}
        tap = {"factor": "hydration", "was": was, "step": "1"} | shown
        page.post(f"/days/{TODAY}/factors/", tap)
        assert f'value="{ounces} fl oz"' in page.get("/today/").content.decode()


def test_the_diary_starts_its_weeks_on_the_chosen_day(page, berlin, write):
    write.note(TODAY)
    starts = ((0, "Monday", "23 Nov"), (6, "Sunday", "22 Nov"), (5, "Saturday", "21 Nov"))
    for first, head, start in starts:
        Diary.objects.of(berlin).update(week_start=first)
        html = page.get("/diary/").content.decode()
        assert re.search(r'<span class="vh">(\w+day)</span>', html)[1] == head
        assert f'<th scope="row" class="wk">{start}</th>' in html


def test_a_chosen_theme_colours_the_whole_page(page, berlin):
    answer = page.post("/settings/", sent(berlin, theme="dark"), headers=HTMX)
    assert answer["HX-Refresh"] == "true"
    assert 'data-theme="dark"' in page.get("/settings/").content.decode()


@pytest.mark.parametrize(
    ("first", "until", "theme"),
    [(None, 7, "dark"), (20, 7, "bedside"), (22, 7, "dark"), (4, 21, "bedside"), (4, 20, "dark")],
)
def test_the_bedside_theme_comes_and_goes_by_itself_at_the_chosen_hours(
    page, berlin, first, until, theme
):
    Diary.objects.of(berlin).update(theme="dark", bedside_from=first, bedside_until=until)
    html = page.get("/today/").content.decode()  # it is 20:40 in Berlin
    assert f'data-theme="{theme}"' in html
    assert ('content="#0a0705"' in html) == (theme == "bedside")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("glass_ml", "49", "Glass size must be between 50 and 1000 ml"),
        ("glass_ml", "1001", "Glass size must be between 50 and 1000 ml"),
        ("glass_ml", "nan", "Enter the glass size as a number of ml, such as 250"),
        ("glass_ml", "２５０", "Enter the glass size as a number of ml, such as 250"),
        ("glass_ml", "9" * 10_000, "Enter the glass size as a number of ml, such as 250"),
        ("glass_ml", "", "Enter the glass size, such as 250"),
        ("glass_ml", "25\0", "Enter the glass size as a number of ml, such as 250"),
        ("day_start_hour", "9", "Choose when your day starts"),
        ("day_start_hour", "-1", "Choose when your day starts"),
        ("day_start_hour", "４", "Choose when your day starts"),
        ("zone", "Mars/Olympus", "Choose a time zone from the list"),
        ("zone", "../../etc/passwd", "Choose a time zone from the list"),
        ("zone", "Europe/Berlin\0", "Choose a time zone from the list"),
        ("theme", "red", "Choose a theme"),
        ("bedside_from", "24", "Choose a full hour"),
        ("bedside_until", "-1", "Choose a full hour"),
        ("bedside_until", "", "Choose a full hour"),
        ("bedside_from", "７", "Choose a full hour"),
        ("bedside_from", "7", "It must end at another hour than it begins"),
        ("week_start", "1", "Choose the day on which your week starts"),
        ("week_start", "６", "Choose the day on which your week starts"),
        ("clock", "13", "Choose how times are written"),
        ("caffeine_in", "cups", "Choose what caffeine is shown in"),
        ("drinks_in", "pints", "Choose what drinks are shown in"),
        ("drinks_in", "ml\0", "Choose what drinks are shown in"),
    ],
)
def test_a_slip_is_told_and_the_other_settings_are_saved_all_the_same(
    page, berlin, field, typed, said
):
    other = {"theme": "dark"} if field != "theme" else {"glass_ml": "300"}
    answer = page.post("/settings/", sent(berlin, **{field: typed}, **other))
    assert answer.status_code == 422
    assert words(answer).count(said) == 2
    diary = Diary.objects.get(owner=berlin)
    for name, value in other.items():
        assert str(getattr(diary, name)) == value
    assert str(getattr(diary, field)) != typed


def test_an_old_tab_does_not_turn_other_settings_back(page, berlin):
    old = sent(berlin, glass_ml="300")
    Diary.objects.of(berlin).update(theme="dark", zone="Europe/Paris")
    page.post("/settings/", old)
    diary = Diary.objects.get(owner=berlin)
    assert (diary.glass_ml, diary.theme, diary.zone) == (300, "dark", "Europe/Paris")


def test_a_zone_from_elsewhere_is_offered_until_it_is_changed(page, berlin):
    Diary.objects.of(berlin).update(zone="Etc/GMT+3")
    html = page.get("/settings/").content.decode()
    assert '<option value="Etc/GMT+3" selected>' in html
    assert page.post("/settings/", sent(berlin, glass_ml="300")).status_code == 303


def test_moving_the_day_start_or_the_zone_moves_no_note(page, berlin, write):
    note = write.note(back(1), hour=1)
    page.post("/settings/", sent(berlin, day_start_hour="0", zone="Asia/Tokyo"))
    after = Twitch.objects.get(pk=note.pk)
    assert (after.day, after.zone, after.started_at) == (note.day, note.zone, note.started_at)


def test_settings_are_each_persons_own(page, berlin, bob):
    page.post("/settings/", sent(berlin, glass_ml="300"))
    assert Diary.objects.get(owner=bob).glass_ml == 250
    assert "bob" not in words(page.get("/settings/"))


def test_a_break_is_taken_until_a_day_and_ended(page, berlin):
    answer = page.post("/settings/break/", {"until": "2026-12-01"}, follow=True)
    assert "You are taking a break until 1 December 2026." in words(answer)
    rest = Break.objects.of(berlin).get()
    assert (rest.first, rest.last) == (TODAY, date(2026, 12, 1))
    answer = page.post("/settings/break/end/", follow=True)
    assert "The break is over. Welcome back." in words(answer)
    assert not Break.objects.of(berlin).exists()


def test_a_running_break_gets_another_last_day_and_stays_one(page, berlin, write):
    write.rest(back(5), TODAY)
    page.post("/settings/break/", {"until": "2026-12-24"})
    rest = Break.objects.of(berlin).get()
    assert (rest.first, rest.last) == (back(5), date(2026, 12, 24))
    page.post("/settings/break/end/")
    rest = Break.objects.of(berlin).get()
    assert (rest.first, rest.last) == (back(5), back(1))


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("", "Enter a day, such as 23 11 2026"),
        ("2026-02-30", "Enter a day, such as 23 11 2026"),
        ("soon\0", "Enter a day, such as 23 11 2026"),
        ("2026-11-22", "The break must end today or later"),
        ("2028-01-01", "A break can last up to one year"),
        ("9999-12-31", "A break can last up to one year"),
        ("１-１-２０２７", "Enter a day, such as 23 11 2026"),
    ],
)
def test_a_break_that_can_not_be_is_told(page, berlin, until, said):
    answer = page.post("/settings/break/", {"until": until})
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Break.objects.of(berlin).exists()


def test_ending_no_break_is_no_trouble(page):
    assert page.post("/settings/break/end/").status_code == 303


def test_a_break_leads_back_only_within_this_site(page):
    answer = page.post("/settings/break/", {"until": "2026-12-01", "next": "https://x.example/"})
    assert answer["Location"] == "/settings/"


def test_a_device_that_is_followed_sets_the_zone_if_it_is_one(page, berlin):
    assert page.post("/settings/zone/", {"zone": "Asia/Kolkata"}).status_code == 204
    assert page.post("/settings/zone/", {"zone": "Etc/Unknown"}).status_code == 422
    assert Diary.objects.get(owner=berlin).zone == "Asia/Kolkata"


def test_welcome_goes_four_short_steps_and_leads_to_today(page, berlin):
    asked = {
        1: ("What this is", {}),
        2: ("Your usual places", {"usual_places": ["thumb-l"]}),
        3: (
            "Your day",
            {
                "zone": "Europe/Paris",
                "day_start_hour": "5",
                "coffee_ml": "250",
                "glass_ml": "200",
            },
        ),
        4: ("How much attention?", {"noting": "daily"}),
    }
    for step, (heading, changes) in asked.items():
        answer = page.get(f"/welcome/{step}/")
        assert heading in words(answer)
        assert "Look around first" in words(answer)
        after = f"/welcome/{step + 1}/" if step < 4 else "/today/"
        assert f'<a class="btn-text" href="{after}">Skip this</a>' in answer.content.decode()
        assert all(f'name="{name}"' in answer.content.decode() for name in changes)
        assert page.post(f"/welcome/{step}/", sent(berlin, **changes))["Location"] == after
    diary = Diary.objects.get(owner=berlin)
    assert (diary.zone, diary.day_start_hour, diary.glass_ml) == ("Europe/Paris", 5, 200)
    assert (diary.usual_places, diary.noting) == (["thumb-l"], "daily")


def test_welcome_says_first_what_this_is_and_when_no_diary_is_needed(page):
    said = words(page.get("/welcome/"))
    assert "It does not diagnose." in said
    assert "see a doctor; you do not need a diary first" in said


def test_the_first_step_takes_the_zone_of_the_device_if_it_is_one(page, berlin):
    Diary.objects.of(berlin).update(zone="UTC")
    assert 'data-device="zone"' in page.get("/welcome/1/").content.decode()
    for said, kept in (("Etc/Unknown", "UTC"), ("Asia/Kolkata", "Asia/Kolkata")):
        answer = page.post("/welcome/1/", {"zone": said, "clock": "12", "week_start": "6"})
        assert answer["Location"] == "/welcome/2/"
        assert Diary.objects.get(owner=berlin).zone == kept
    assert Diary.objects.get(owner=berlin).clock == "12"


@pytest.mark.parametrize("step", [0, 5, 99])
def test_there_is_no_other_step(page, step):
    assert page.get(f"/welcome/{step}/").status_code == 404


def test_the_usual_places_that_welcome_asks_for_are_the_tiles_of_the_first_day(page, berlin):
    data = sent(berlin) | {"usual_places": ["thumb-l", "chin"]}
    assert page.post("/welcome/2/", data)["Location"] == "/welcome/3/"
    html = page.get("/today/").content.decode()
    assert html.index('id="tile-thumb-l"') < html.index('id="tile-chin"')
    assert 'id="tile-eyelid-l"' in html
    assert 'id="tile-calf-r"' not in html


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["thumb-l", "chin", "calf-l", "calf-r", "nose"], "Choose up to 4 places"),
        (["wing"], "Choose a place from the list"),
    ],
)
def test_welcome_takes_as_many_places_as_there_are_tiles(page, berlin, places, said):
    answer = page.post("/welcome/2/", sent(berlin) | {"usual_places": places})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert f'<a href="#usual_places">{said}' in html
    assert 'value="chin" data-label="Chin" checked' in html or places == ["wing"]
    assert Diary.objects.get(owner=berlin).usual_places == []


def test_welcome_offers_the_zone_of_the_device_only_while_none_is_known(page, berlin):
    assert 'data-device="zone"' not in page.get("/welcome/3/").content.decode()
    Diary.objects.of(berlin).update(zone="UTC")
    assert 'data-device="zone"' in page.get("/welcome/3/").content.decode()


@pytest.mark.parametrize(("typed", "mg", "ml"), [("300 ml", 135, 300), ("200", 90, 200)])
def test_welcome_asks_how_large_a_coffee_is(page, berlin, typed, mg, ml):
    asked = page.get("/welcome/3/").content.decode()
    assert 'name="coffee_ml" value="200"' in asked
    answer = page.post("/welcome/3/", sent(berlin, coffee_ml=typed))
    assert answer["Location"] == "/welcome/4/"
    coffee = Diary.objects.get(owner=berlin).units.coffee
    assert (coffee.caffeine_mg, coffee.ml) == (mg, ml)


def test_welcome_tells_a_slip_and_keeps_what_was_typed(page, berlin):
    answer = page.post("/welcome/3/", sent(berlin, glass_ml="7", zone="Europe/Paris"))
    assert answer.status_code == 422
    assert "Glass size must be between 50 and 1000 ml" in words(answer)
    assert 'value="7"' in answer.content.decode()
    assert '<option value="Europe/Paris" selected>' in answer.content.decode()


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.dictionaries(
        st.sampled_from([*STANDS, "until"] + [f"initial-{name}" for name in STANDS]),
        st.text(max_size=40) | st.sampled_from(["\0", "nan", "-1", "4", "UTC", "9" * 40]),
    )
)
def test_nothing_that_is_sent_breaks_settings(page, data):
    for path in ("/settings/", "/settings/break/", "/welcome/1/", "/welcome/3/"):
        assert page.post(path, data).status_code in {303, 422}
