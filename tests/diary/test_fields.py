from datetime import date, time

import pytest
from django.core.exceptions import ValidationError

from diary.factors import FACTORS
from diary.forms.fields import AmountField, DayField, LengthField, PointsField, TimeField
from diary.shown import Caffeine, Drinks, Units

HOSTILE = ["nan", "inf", "１２", "1_0", "0x10", "1e3", "--3", "7\x00", "7; drop", "9" * 10_000, "٣"]

SLEEP, CAFFEINE, DRINKS = (
    AmountField(FACTORS[k], Units()) for k in ("sleep", "caffeine", "hydration")
)
STRESS = PointsField(FACTORS["stress"])


def refusal(field, text):
    with pytest.raises(ValidationError) as refused:
        field.clean(text)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("6.5", 390),
        ("6,5", 390),
        ("6:30", 390),
        ("6 h 30", 390),
        ("6h30", 390),
        ("7", 420),
        ("7 h", 420),
        (" 7 ", 420),
        ("6 h 5 min", 365),
        ("0", 0),
        ("24", 1440),
        ("7.25", 435),
    ],
)
def test_sleep_is_read_in_every_usual_way_of_writing_hours(text, minutes):
    assert SLEEP.clean(text) == minutes


@pytest.mark.parametrize("text", ["24.5", "-1", "25:00", "24:01", "100", "-0:30"])
def test_sleep_outside_a_day_is_told_its_range(text):
    assert refusal(SLEEP, text) == "Sleep must be between 0 and 24 hours"


@pytest.mark.parametrize("text", [*HOSTILE, "seven", "6:75", "6.5.5", "1,234"])
def test_what_is_no_sleep_is_told_how_to_write_it(text):
    assert refusal(SLEEP, text) == "Enter sleep in hours, such as 6.5"


def test_caffeine_is_read_in_mg():
    field = CAFFEINE
    assert [field.clean(text) for text in ("180", "180 mg", "0", "2000", "92,5")] == [
        180,
        180,
        0,
        2000,
        92,
    ]


@pytest.mark.parametrize("text", ["-3", "2001", "999999"])
def test_caffeine_out_of_range_is_told_its_range(text):
    assert refusal(CAFFEINE, text) == ("Caffeine must be between 0 and 2000 mg")


@pytest.mark.parametrize("text", [*HOSTILE, "two cups", "1,200"])
def test_what_is_no_amount_of_caffeine_is_told_how_to_write_it(text):
    assert refusal(CAFFEINE, text) == ("Enter caffeine as a number, such as 180")


def test_drinks_are_glasses_unless_a_unit_is_named():
    field = AmountField(FACTORS["hydration"], Units(glass_ml=200))
    assert [field.clean(text) for text in ("5", "1 glass", "2.5 glasses", "750 ml", "1,5 l")] == [
        1000,
        200,
        500,
        750,
        1500,
    ]
    assert refusal(field, "51") == "Drinks must be between 0 and 10 litres"
    assert refusal(field, "3 buckets") == "Enter drinks as a number of glasses, such as 5"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_amount_of_drinks_is_told_how_to_write_it(text):
    assert refusal(DRINKS, text) == ("Enter drinks as a number of glasses, such as 5")


@pytest.mark.parametrize(
    ("key", "stored"),
    [
        ("sleep", 0),
        ("sleep", 390),
        ("sleep", 425),
        ("sleep", 1440),
        ("caffeine", 93),
        ("hydration", 0),
        ("hydration", 250),
        ("hydration", 1300),
        ("hydration", 1333),
    ],
)
def test_what_is_shown_in_a_field_means_the_same_when_it_is_sent_back(key, stored):
    field = AmountField(FACTORS[key], Units())
    assert field.clean(field.prepare_value(stored)) == stored


@pytest.mark.parametrize("drinks", Drinks)
@pytest.mark.parametrize("stored", [*range(0, 1300, 7), 237, 474, 9999, 10_000])
def test_drinks_mean_the_same_when_they_are_sent_back_whatever_they_are_counted_in(drinks, stored):
    field = AmountField(FACTORS["hydration"], Units(drinks, 237))
    assert field.clean(field.prepare_value(stored)) == stored


def test_drinks_are_typed_in_what_they_are_shown_in_or_with_another_unit():
    ml, us, uk = (AmountField(FACTORS["hydration"], Units(drinks)) for drinks in list(Drinks)[1:])
    assert [ml.clean(text) for text in ("400", "400 ml", "2 glasses")] == [400, 400, 500]
    assert [us.clean(text) for text in ("8", "8 fl oz", "8 oz", "500 ml")] == [237, 237, 237, 500]
    assert uk.clean("10") == 284
    assert refusal(ml, "some") == "Enter drinks as a number of ml, such as 1250"
    assert refusal(us, "some") == "Enter drinks as a number of fl oz, such as 40"
    assert refusal(us, "400") == "Drinks must be between 0 and 10 litres"
    assert refusal(ml, "8 oz") == "Enter drinks as a number of ml, such as 1250"


def test_an_empty_amount_is_unknown_and_not_zero():
    for key in ("sleep", "caffeine", "hydration"):
        assert AmountField(FACTORS[key], Units()).clean("  ") is None
    assert STRESS.clean("") is None


@pytest.mark.parametrize("text", ["0", "6", "x", "１", "2.0", "\x00"])
def test_stress_is_one_of_five_points(text):
    assert refusal(STRESS, text) == "Choose how stressful the day was, from 1 to 5"


def test_an_exact_length_is_read_with_its_unit():
    field = LengthField(required=False)
    lengths = {
        "90 s": 90,
        "2 min": 120,
        "1:30": 90,
        "1 h 30": 5400,
        "0.5 h": 1800,
        "1 min 5 s": 65,
        "24 h": 86_400,
    }
    assert {text: field.clean(text) for text in lengths} == lengths
    assert all(field.clean(field.write(seconds)) == seconds for seconds in lengths.values())


@pytest.mark.parametrize("text", ["90", *HOSTILE, "1:75", "-2 min", "a while"])
def test_a_length_without_a_unit_is_asked_for_one(text):
    assert refusal(LengthField(), text) == (
        "Enter a length with its unit, such as 90 s, 2 min or 1:30"
    )


@pytest.mark.parametrize("text", ["0 s", "25 h", "99999 min"])
def test_a_length_is_between_a_second_and_a_day(text):
    assert refusal(LengthField(), text) == "The length must be between 1 second and 24 hours"


@pytest.mark.parametrize("text", ["2026-11-23", "23 11 2026", "23.11.2026", "23/11/2026"])
def test_a_day_is_read_as_browsers_and_people_write_it(text):
    assert DayField().clean(text) == date(2026, 11, 23)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "yesterday", "0000-01-01", *HOSTILE])
def test_a_day_that_no_calendar_has_is_refused(text):
    assert refusal(DayField(), text) == "Enter a day, such as 23 11 2026"


def test_a_day_before_2000_is_refused():
    assert refusal(DayField(), "1999-12-31") == "Day must be in 2000 or later"


def test_a_time_is_read_to_the_minute():
    assert TimeField().clean("22:15") == TimeField().clean("22.15") == time(22, 15)
    assert TimeField().clean("9:05:30") == time(9, 5)


@pytest.mark.parametrize("text", ["24:00", "22:60", "noon", "2215", *HOSTILE])
def test_what_is_no_time_is_refused(text):
    assert refusal(TimeField(), text) == "Enter a time, such as 22:15"


@pytest.mark.parametrize(
    ("text", "mg"),
    [("2", 180), ("1,5", 135), ("2 coffees", 180), ("1 coffee", 90), ("140 mg", 140), ("0", 0)],
)
def test_caffeine_is_read_in_coffees_where_a_person_counts_in_these(text, mg):
    field = AmountField(FACTORS["caffeine"], Units(caffeine=Caffeine.DRINKS))
    assert field.clean(text) == mg
    assert field.clean(field.write(mg)) == mg


@pytest.mark.parametrize("caffeine", Caffeine)
def test_caffeine_as_it_is_written_means_the_same_when_it_is_sent_back(caffeine):
    field = AmountField(FACTORS["caffeine"], Units(caffeine=caffeine))
    assert [mg for mg in range(2001) if field.clean(field.write(mg)) != mg] == []


def test_who_types_mg_where_coffees_are_counted_is_told_to_write_the_sign():
    field = AmountField(FACTORS["caffeine"], Units(caffeine=Caffeine.DRINKS))
    assert "as in 180 mg" in refusal(field, "180")
    assert refusal(field, "2001 mg") == "Caffeine must be between 0 and 2000 mg"
    assert refusal(field, "nan") == "Enter caffeine as a number of coffees, such as 2"
