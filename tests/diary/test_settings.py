"""Settings, breaks, and what is asked once after signing up."""

import re
from datetime import date
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary.models import Break, Diary, Twitch

from .conftest import TODAY, back

pytestmark = pytest.mark.usefixtures("monday_evening", "berlin")
HTMX = {"HX-Request": "true"}


def words(response):
    """What a person reads."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def sent(owner, **changes):
    """The form as a browser sends it, with these fields changed."""
    diary = Diary.objects.get(owner=owner)
    stands = {
        "zone": diary.zone,
        "day_start_hour": str(diary.day_start_hour),
        "glass_ml": str(diary.glass_ml),
        "theme": diary.theme,
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


def test_a_chosen_theme_colours_the_whole_page(page, berlin):
    answer = page.post("/settings/", sent(berlin, theme="dark"), headers=HTMX)
    assert answer["HX-Refresh"] == "true"
    assert 'data-theme="dark"' in page.get("/settings/").content.decode()


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


def test_welcome_asks_three_things_once_and_leads_to_today(page, berlin):
    answer = page.get("/welcome/")
    assert "see a doctor; you do not need a diary first" in words(answer)
    data = sent(berlin, zone="Europe/Paris", day_start_hour="5", glass_ml="200")
    assert page.post("/welcome/", data)["Location"] == "/today/"
    diary = Diary.objects.get(owner=berlin)
    assert (diary.zone, diary.day_start_hour, diary.glass_ml) == ("Europe/Paris", 5, 200)


def test_welcome_offers_the_zone_of_the_device_only_while_none_is_known(page, berlin):
    assert "data-device-zone" not in page.get("/welcome/").content.decode()
    Diary.objects.of(berlin).update(zone="UTC")
    assert "data-device-zone" in page.get("/welcome/").content.decode()


def test_welcome_tells_a_slip_and_keeps_what_was_typed(page, berlin):
    answer = page.post("/welcome/", sent(berlin, glass_ml="7", zone="Europe/Paris"))
    assert answer.status_code == 422
    assert "Glass size must be between 50 and 1000 ml" in words(answer)
    assert 'value="7"' in answer.content.decode()
    assert '<option value="Europe/Paris" selected>' in answer.content.decode()


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.dictionaries(
        st.sampled_from(
            ["zone", "day_start_hour", "glass_ml", "theme", "until"]
            + [f"initial-{name}" for name in ("zone", "day_start_hour", "glass_ml", "theme")]
        ),
        st.text(max_size=40) | st.sampled_from(["\0", "nan", "-1", "4", "UTC", "9" * 40]),
    )
)
def test_nothing_that_is_sent_breaks_settings(page, data):
    for path in ("/settings/", "/settings/break/", "/welcome/"):
        assert page.post(path, data).status_code in {303, 422}
