"""Usual drinks: typical at first, then as a person has written them."""

import csv
import io
import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from diary.drinks import TYPICAL, drinks_of
from diary.imports import own
from diary.models import Day, Diary
from diary.own_drinks import as_stored

from .conftest import set_clock

AS_THEY_ARE = {
    field: str(value)
    for drink in TYPICAL
    for field, value in (
        (f"name-{drink.key}", drink.name),
        (f"mg-{drink.key}", drink.caffeine_mg),
        (f"ml-{drink.key}", drink.ml or ""),
    )
}


def test_who_changed_nothing_has_the_typical_ones():
    assert drinks_of([]) == TYPICAL
    assert as_stored((one.key, str(one.name), one.caffeine_mg, one.ml) for one in TYPICAL) == []


@pytest.mark.parametrize(
    "stored",
    [
        [{"key": "own-1", "name": "", "caffeine_mg": 90}],
        [{"key": "coffee", "name": "", "caffeine_mg": 0}],
        [{"key": "coffee", "name": "x" * 41, "caffeine_mg": 90}],
        [{"key": "coffee", "name": "", "caffeine_mg": 90, "ml": 1001}],
        [{"key": "coffee", "name": "", "caffeine_mg": 90}] * 9,
    ],
)
def test_drinks_that_nobody_can_have_written_are_refused(stored):
    with pytest.raises(ValueError, match=r"."):
        drinks_of(stored)


def test_what_was_written_before_sizes_were_asked_has_typical_ones():
    before = [
        {"key": "coffee", "name": "Mug", "caffeine_mg": 120},
        {"key": "own-1", "name": "Maté", "caffeine_mg": 35},
    ]
    assert [drink.ml for drink in drinks_of(before)] == [200, 0]


@pytest.mark.django_db
def test_a_stronger_coffee_is_what_one_tap_adds(page, alice):
    answer = page.post("/settings/drinks/", AS_THEY_ARE | {"mg-coffee": "120 mg"})
    assert answer.status_code == 303
    day = Diary.objects.get(owner=alice).today(alice.date_joined)
    page.post(f"/days/{day}/factors/", {"factor": "caffeine", "was": "", "step": "1"})
    assert Day.objects.get(owner=alice).caffeine_mg == 120
    assert 'value="1 coffee"' in page.get("/today/").content.decode()


@pytest.mark.django_db
def test_a_drink_of_one_s_own_is_offered_and_one_without_a_name_is_not(page, alice):
    changed = AS_THEY_ARE | {"name-cola": "", "name-own-1": "Maté <b>", "mg-own-1": "35"}
    assert page.post("/settings/drinks/", changed).status_code == 303
    today = page.get("/today/").content.decode()
    assert "Maté &lt;b&gt;, about 35\xa0mg" in today
    assert "Cola, can" not in today
    day = Diary.objects.get(owner=alice).today(alice.date_joined)
    page.post(f"/days/{day}/factors/", {"factor": "caffeine", "was": "", "drink": "own-1"})
    assert Day.objects.get(owner=alice).caffeine_mg == 35
    page.post("/settings/drinks/", {"typical": "yes"})
    assert Diary.objects.get(owner=alice).usual_drinks == []
    assert "Cola, can" in page.get("/today/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"mg-coffee": ""}, "Enter the caffeine of Coffee, mug in mg, such as 90"),
        ({"mg-coffee": "501"}, "The caffeine of one drink must be between 1 and 500 mg"),
        ({"ml-coffee": "1001"}, "The size of one drink must be between 0 and 1000 ml"),
        ({"ml-coffee": "a mug"}, "Enter the size of this drink as a number of ml, such as 200"),
        ({"mg-coffee": "nan"}, "Enter the caffeine of this drink as a number, such as 90"),
        ({"mg-coffee": "１２"}, "Enter the caffeine of this drink as a number, such as 90"),
        ({"name-tea": "x" * 10_000}, "The name must be 40 characters or fewer."),
        ({"name-tea": "a\0b"}, "The name contains a character that can’t be kept"),
    ],
)
def test_what_can_t_be_saved_is_told_and_stays_in_its_field(page, alice, changed, said):
    answer = page.post("/settings/drinks/", AS_THEY_ARE | {"name-cola": "Cold cola"} | changed)
    assert answer.status_code == 422
    shown = answer.content.decode().replace("&#x27;", "'")
    assert shown.count(said) == 2
    assert 'value="Cold cola"' in shown
    assert Diary.objects.get(owner=alice).usual_drinks == []


@pytest.fixture
def tap(page, alice):
    """Taps in the row of caffeine; each says what stands there and answers with the fragment."""
    diary = Diary.objects.get(owner=alice)
    day = diary.today(alice.date_joined)

    def tap(was="", **sent):
        said = {"factor": "caffeine", "was": was} | sent
        if was:
            said |= {"value": f"{was} mg"}
        return page.post(f"/days/{day}/factors/", said, headers={"HX-Request": "true"})

    return tap


def _counting(alice, **more):
    Diary.objects.filter(owner=alice).update(every_drink=True, caffeine_in="mg", **more)


@pytest.mark.django_db
def test_a_coffee_is_no_drink_unless_it_shall_count_as_one(page, alice, tap):
    tap(step="1")
    day = Day.objects.get(owner=alice)
    assert (day.caffeine_mg, day.drinks_ml) == (90, None)
    assert "without caffeine" in page.get("/today/").content.decode()


@pytest.mark.django_db
def test_a_coffee_that_counts_adds_its_size_to_what_was_drunk(page, alice, tap):
    _counting(alice)
    answer = tap(step="1").content.decode()
    assert 'id="hydration-value" hx-swap-oob="innerHTML"' in answer
    assert 'name="was" value="200"' in answer
    tap("90", drink="cola")
    tap("130", drink="chocolate")
    day = Day.objects.get(owner=alice)
    assert (day.caffeine_mg, day.drinks_ml) == (155, 555)
    today = page.get("/today/").content.decode()
    assert "of every kind" in today
    assert "without caffeine" not in today


@pytest.mark.django_db
def test_a_tap_that_is_sent_twice_is_drunk_once(alice, tap):
    _counting(alice)
    tap(step="1")
    tap(step="1")
    day = Day.objects.get(owner=alice)
    assert (day.caffeine_mg, day.drinks_ml) == (90, 200)


@pytest.mark.django_db
def test_a_coffee_less_is_never_less_than_nothing_and_unknown_stays_unknown(alice, tap):
    _counting(alice)
    tap("", step="-1")
    assert Day.objects.get(owner=alice).drinks_ml is None
    Day.objects.filter(owner=alice).update(caffeine_mg=90, drinks_ml=150)
    tap("90", step="-1")
    assert Day.objects.get(owner=alice).drinks_ml == 0


@pytest.mark.django_db
def test_caffeine_that_is_typed_says_nothing_about_drinks(alice, tap):
    _counting(alice)
    tap(value="180 mg")
    day = Day.objects.get(owner=alice)
    assert (day.caffeine_mg, day.drinks_ml) == (180, None)


@pytest.mark.django_db
def test_who_does_not_note_drinks_gets_none_with_a_coffee(alice, tap):
    _counting(alice, more_factors=[{"key": "hydration", "on": False}])
    answer = tap(step="1").content.decode()
    assert "hydration" not in answer
    assert Day.objects.get(owner=alice).drinks_ml is None


@pytest.mark.django_db
def test_sizes_are_written_in_ounces_where_drinks_are(page, alice):
    Diary.objects.filter(owner=alice).update(drinks_in="fl-oz-us")
    assert 'value="6.76 fl oz"' in page.get("/settings/drinks/").content.decode()
    changed = {name: value for name, value in AS_THEY_ARE.items() if not name.startswith("ml-")}
    assert page.post("/settings/drinks/", changed | {"ml-coffee": "10 fl oz"}).status_code == 303
    assert Diary.objects.get(owner=alice).units.coffee.ml == 296


@pytest.fixture
def tapped(page, berlin, monkeypatch):
    """Taps in the row of caffeine of Monday at a time of the clock in Berlin."""

    def tapped(clock, day="2026-11-23", **sent):
        on = datetime.combine(date(2026, 11, 23), time.fromisoformat(clock), ZoneInfo(berlin_zone))
        set_clock(monkeypatch, on)
        row = Day.objects.of(berlin).filter(day=day).first()
        mg = row.caffeine_mg if row else None
        said = {"was": "", "value": ""} if mg is None else {"was": mg, "value": f"{mg} mg"}
        answer = page.post(f"/days/{day}/factors/", {"factor": "caffeine"} | said | sent)
        assert answer.status_code == 303
        return Day.objects.get(owner=berlin, day=day)

    berlin_zone = Diary.objects.get(owner=berlin).zone
    return tapped


@pytest.mark.django_db
def test_a_tap_is_a_ring_on_the_strip_and_the_one_that_takes_away_takes_the_last(page, tapped):
    assert tapped("08:10", step="1").cups == (time(8, 10),)
    assert tapped("13:05", drink="tea").cups == (time(8, 10), time(13, 5))
    today = page.get("/today/").content.decode()
    assert re.findall(r'class="cup" cx="([\d.]+)%"', today) == ["17.36", "37.85"]
    assert "Circles are drinks with caffeine." in today
    assert "Drinks with caffeine: 08:10, 13:05." in today
    assert tapped("13:06", step="-1").cups == (time(8, 10),)


@pytest.mark.django_db
def test_typed_caffeine_and_that_of_another_day_have_no_time(page, tapped):
    assert tapped("08:10", value="180 mg").cups == ()
    assert tapped("09:00", day="2026-11-22", step="1").cups == ()
    assert 'class="cup"' not in page.get("/today/").content.decode()


@pytest.mark.django_db
def test_of_a_day_without_caffeine_no_ring_is_left(page, tapped):
    tapped("08:10", step="1")
    assert tapped("09:00", value="0 mg").cups == ()
    assert tapped("10:00", step="1").cups == (time(10),)


@pytest.mark.django_db
def test_the_times_of_drinks_leave_with_the_days(page, tapped):
    tapped("08:10", step="1")
    tapped("13:05", step="1")
    table = list(
        csv.DictReader(io.StringIO(page.get("/export/days.csv").getvalue().decode("utf-8-sig")))
    )
    assert table[-1]["caffeine_at"] == "08:10 13:05"


@pytest.mark.parametrize(
    "written", ["8:10", "08:10,13:05", "24:00", "08:10 ", "08:10 " * 24 + "08:10"]
)
def test_times_that_nobody_can_have_tapped_are_refused(written):
    with pytest.raises(ValueError, match=r"."):
        own._times(written)
