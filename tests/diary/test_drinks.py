"""Usual drinks: typical at first, then as a person has written them."""

import pytest

from diary.drinks import TYPICAL, as_stored, drinks_of
from diary.models import Day, Diary

AS_THEY_ARE = {
    field: str(value)
    for drink in TYPICAL
    for field, value in ((f"name-{drink.key}", drink.name), (f"mg-{drink.key}", drink.caffeine_mg))
}


def test_who_changed_nothing_has_the_typical_ones():
    assert drinks_of([]) == TYPICAL
    assert as_stored((drink.key, str(drink.name), drink.caffeine_mg) for drink in TYPICAL) == []


@pytest.mark.parametrize(
    "stored",
    [
        [{"key": "own-1", "name": "", "caffeine_mg": 90}],
        [{"key": "coffee", "name": "", "caffeine_mg": 0}],
        [{"key": "coffee", "name": "x" * 41, "caffeine_mg": 90}],
        [{"key": "coffee", "name": "", "caffeine_mg": 90}] * 9,
    ],
)
def test_drinks_that_nobody_can_have_written_are_refused(stored):
    with pytest.raises(ValueError, match=r"."):
        drinks_of(stored)


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
    assert "Maté &lt;b&gt;, about 35 mg" in today
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
        ({"mg-coffee": "nan"}, "Enter the caffeine of this drink as a number, such as 90"),
        ({"mg-coffee": "１２"}, "Enter the caffeine of this drink as a number, such as 90"),
        ({"name-tea": "x" * 10_000}, "The name must be 40 characters or fewer."),
        ({"name-tea": "a\0b"}, "The name contains a character that can't be kept"),
    ],
)
def test_what_can_t_be_saved_is_told_and_stays_in_its_field(page, alice, changed, said):
    answer = page.post("/settings/drinks/", AS_THEY_ARE | {"name-cola": "Cold cola"} | changed)
    assert answer.status_code == 422
    shown = answer.content.decode().replace("&#x27;", "'")
    assert shown.count(said) == 2
    assert 'value="Cold cola"' in shown
    assert Diary.objects.get(owner=alice).usual_drinks == []
