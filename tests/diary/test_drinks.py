"""Usual drinks: typical at first, then as a person has written them."""

import pytest

from diary.drinks import TYPICAL, drinks_of
from diary.models import Day, Diary
from diary.own_drinks import as_stored

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
