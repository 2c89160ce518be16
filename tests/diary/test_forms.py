from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.http import QueryDict

from diary.factors import FACTORS
from diary.forms.day import FactorForm
from diary.forms.note import EditForm, NoteForm
from diary.models import Diary, Twitch
from diary.places import PLACES

NOW = datetime(2026, 11, 23, 19, 40, tzinfo=UTC)  # 20:40 in Berlin
TODAY = date(2026, 11, 23)
BERLIN = Diary(zone="Europe/Berlin", caffeine_in="mg")


def data(**fields):
    sent = QueryDict(mutable=True)
    fields = {"form": uuid4(), "place": ["calf-l"], "when": "0", "duration": "seconds"} | fields
    for name, value in fields.items():
        name = name.replace("initial_", "initial-")
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def form(now=NOW, values=None, about=TODAY, **fields):
    return NoteForm(data(**fields), diary=BERLIN, now=now, about=about, values=values or {})


def refusals(bound):
    return {name: list(errors) for name, errors in bound.errors.items()}


def at(bound):
    assert bound.is_valid(), bound.errors
    return bound.at


def test_only_a_place_is_needed():
    assert at(form()).started_at == NOW
    assert form().is_valid()
    assert refusals(form(place=[])) == {"place": ["Choose where you felt it"]}


def test_the_same_place_from_figure_and_list_is_one():
    sent = form(place=["calf-l", "calf-r", "calf-l"])
    assert sent.is_valid()
    assert sent.cleaned_data["place"] == ["calf-l", "calf-r"]


def test_ten_places_are_enough():
    keys = list(PLACES)
    assert form(place=keys[:10]).is_valid()
    assert refusals(form(place=keys[:11])) == {"place": ["Choose up to 10 places"]}


@pytest.mark.parametrize("place", ["xyz", "calf", "", "\x00", "calf-l ", "<script>", "a" * 10_000])
def test_an_unknown_place_has_its_own_words(place):
    assert refusals(form(place=[place])) == {"place": ["Choose a place from the list"]}


@pytest.mark.parametrize(("when", "minutes"), [("0", 0), ("15", 15), ("60", 60)])
def test_a_moment_ago_is_counted_from_now(when, minutes):
    assert at(form(when=when)).started_at == NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize("when", ["", "30", "now", "１５"])
def test_when_is_one_of_the_choices(when):
    assert refusals(form(when=when)) == {"when": ["Choose when it was"]}


def test_day_and_time_are_looked_at_only_when_they_were_chosen():
    assert at(form(when="15", day="2099-99-99", time="soon", which="third"))


def test_another_time_is_on_the_clock_of_the_diary():
    found = at(form(when="other", day="2026-11-20", time="22:15"))
    assert found.started_at == datetime(2026, 11, 20, 21, 15, tzinfo=UTC)
    assert (found.day, found.zone) == (date(2026, 11, 20), "Europe/Berlin")


def test_without_a_time_a_note_counts_for_its_day():
    found = at(form(when="other", day="2026-11-20"))
    assert (found.day, found.started_at) == (date(2026, 11, 20), None)


def test_a_time_before_the_day_start_counts_for_the_evening_before():
    assert at(form(when="other", day="2026-11-20", time="01:30")).day == date(2026, 11, 19)


def test_after_midnight_the_calendar_day_can_be_chosen_and_is_still_the_evening():
    night = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert at(form(now=night, when="other", day="2026-11-24", time="01:10")).day == TODAY
    assert at(form(now=night, when="other", day="2026-11-24")).day == TODAY
    assert at(form(now=night)).day == TODAY


@pytest.mark.parametrize(
    ("day", "clock", "refused"),
    [
        ("", "", {"day": ["Enter a day, such as 23 11 2026"]}),
        ("2026-02-30", "", {"day": ["Enter a day, such as 23 11 2026"]}),
        ("2026-11-24", "", {"day": ["Day must be today or earlier"]}),
        ("1999-12-31", "", {"day": ["Day must be in 2000 or later"]}),
        ("2026-11-23", "20:41", {"time": ["Time must be now or earlier"]}),
        ("2026-11-23", "25:00", {"time": ["Enter a time, such as 22:15"]}),
        ("2026-11-23\x00", "", {"day": ["Enter a day, such as 23 11 2026"]}),
    ],
)
def test_a_day_or_time_that_cannot_be_is_refused_in_its_own_words(day, clock, refused):
    assert refusals(form(when="other", day=day, time=clock)) == refused


def in_autumn(**fields):
    morning = datetime(2026, 10, 25, 9, tzinfo=UTC)
    return form(now=morning, when="other", day="2026-10-25", time="02:30", **fields)


def test_a_time_that_came_twice_is_asked_back():
    asked = in_autumn()
    assert refusals(asked) == {
        "which": ["It was 02:30 twice that night. Choose the first or the second"]
    }
    assert asked.asks_which


def test_both_of_the_repeated_times_can_be_noted():
    first, second = at(in_autumn(which="first")), at(in_autumn(which="second"))
    assert first.started_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.started_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_neither_first_nor_second_is_refused():
    assert refusals(in_autumn(which="third")) == {"which": ["Choose the first or the second"]}


def test_the_second_of_two_times_may_still_be_in_the_future():
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    fields = {"now": between, "when": "other", "day": "2026-10-25", "time": "02:30"}
    assert at(form(**fields, which="first"))
    assert refusals(form(**fields, which="second")) == {"time": ["Time must be now or earlier"]}


def test_a_time_that_never_came_is_moved_forward_and_remembered():
    spring = datetime(2026, 3, 29, 9, tzinfo=UTC)
    moved = form(now=spring, when="other", day="2026-03-29", time="02:30")
    assert at(moved).started_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 in Berlin
    assert moved.moved_from == time(2, 30)
    assert not moved.asks_which


def test_an_exact_length_decides_the_choice():
    sent = form(duration="seconds", length="7 min")
    assert sent.is_valid()
    assert (sent.note.duration, sent.note.duration_s) == ("longer", 420)


@pytest.mark.parametrize("duration", ["", "forever", "\x00"])
def test_a_duration_is_one_of_the_choices(duration):
    assert refusals(form(duration=duration)) == {"duration": ["Choose how long it lasted"]}


def test_words_are_500_characters_at_most_and_told_by_how_many_they_are_over():
    assert form(words="a" * 499 + "\r\n").is_valid()
    assert refusals(form(words="a" * 520)) == {
        "words": ["Words must be 500 characters or fewer. You have 20 too many"]
    }
    assert refusals(form(words="a\x00b")) == {
        "words": ["Words contain a character that can’t be kept. Type them again"]
    }


@pytest.mark.parametrize("sent", ["", "not an id", "１", "\x00"])
def test_a_form_without_its_id_is_not_saved(sent):
    assert refusals(form(form=sent)) == {
        "form": ["Part of the form did not arrive. Save it once more"]
    }


def test_only_the_values_of_the_day_that_were_changed_are_saved():
    sent = form(
        sleep="7 h",
        initial_sleep="7 h",
        caffeine="270",
        initial_caffeine="180 mg",
        hydration="",
        initial_hydration="5 glasses",
        stress="2",
        initial_stress="",
    )
    assert sent.is_valid()
    assert sent.day_changes() == {"caffeine_mg": 270, "drinks_ml": None, "stress": 2}
    assert sent.day_before() == {"caffeine_mg": 180, "drinks_ml": 1250, "stress": None}


def test_a_value_written_in_another_way_is_not_a_change():
    sent = form(sleep="6,5", initial_sleep="6 h 30", hydration="1250 ml", initial_hydration="5")
    assert sent.is_valid()
    assert sent.day_changes() == {}


def test_a_fresh_form_opens_with_the_day_and_changes_nothing_when_sent_back():
    values = {"sleep_minutes": 390, "caffeine_mg": 180, "drinks_ml": 1300, "stress": 4}
    fresh = NoteForm(diary=BERLIN, now=NOW, about=TODAY, values=values, place="nose")
    assert fresh.day_summary == "6 h 30 sleep, 180 mg caffeine, 5.2 glasses to drink, stress 4"
    sent = {}
    for key in FACTORS:
        bound = fresh[key]
        value = bound.value()
        sent[key] = sent[bound.html_initial_name] = "" if value is None else str(value)
    again = form(**{name: [value] for name, value in sent.items()})
    assert again.is_valid()
    assert again.day_changes() == {}
    assert again.day_shown() == values


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("sleep", "25", "Sleep must be between 0 and 24 hours"),
        ("caffeine", "-3", "Caffeine must be between 0 and 2000 mg"),
        ("hydration", "nan", "Enter drinks as a number of glasses, such as 5"),
        ("stress", "6", "Choose how stressful the day was, from 1 to 5"),
    ],
)
def test_a_value_of_the_day_is_refused_beside_its_field(field, typed, said):
    sent = form(**{field: typed})
    assert refusals(sent) == {field: [said]}
    assert sent.has_day_errors
    assert sent[field].value() == typed


def twitch(started_at=NOW, **more):
    fields = {"day": TODAY, "zone": "Europe/Berlin", "place": "calf-l", "duration": "minutes"}
    return Twitch(started_at=started_at, version=3, **fields | more)


def as_sent(edit, **changes):
    fields = {name: edit[name].value() for name in edit.fields}
    sent = QueryDict(mutable=True)
    for name, value in (fields | changes).items():
        sent[name] = "" if value is None else str(value)
    return sent


def edited(note, now=NOW, diary=BERLIN, **changes):
    fresh = EditForm(twitch=note, diary=diary, now=now)
    return EditForm(as_sent(fresh, **changes), twitch=note, diary=diary, now=now)


def test_an_edit_that_leaves_the_time_alone_keeps_the_exact_moment():
    exact = NOW.replace(minute=12, second=34)
    sent = edited(twitch(exact), words="in bed")
    assert at(sent).started_at == exact
    assert (sent.cleaned_data["version"], sent.note.words) == ("3", "in bed")


def test_a_time_is_edited_on_the_clock_it_was_noted_by():
    tokyo = twitch(datetime(2026, 11, 20, 3, 0, tzinfo=UTC), zone="Asia/Tokyo", day=TODAY)
    assert EditForm(twitch=tokyo, diary=BERLIN, now=NOW)["time"].value() == "12:00"
    found = at(edited(tokyo, time="13:00"))
    assert found.started_at == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    assert (found.zone, found.day) == ("Asia/Tokyo", date(2026, 11, 20))


def test_a_note_of_the_repeated_hour_opens_with_the_one_it_is():
    second = twitch(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), day=date(2026, 10, 24))
    fresh = EditForm(twitch=second, diary=BERLIN, now=NOW)
    assert fresh.asks_which
    assert fresh["which"].value() == "second"
    assert at(edited(second, words="x")).started_at == second.started_at
    moved = at(edited(second, which="first")).started_at
    assert moved == second.started_at - timedelta(hours=1)


def test_a_time_can_be_taken_away_and_given_later():
    assert at(edited(twitch(), time="")).started_at is None
    assert at(edited(twitch(None), time="08:00")).started_at == NOW.replace(hour=7, minute=0)


def test_an_edit_refuses_the_future_too():
    assert refusals(edited(twitch(), time="23:00")) == {"time": ["Time must be now or earlier"]}
    assert refusals(edited(twitch(), place="xyz")) == {"place": ["Choose a place from the list"]}


def change(key, was="", value="", usual=None, glass_ml=250, **button):
    sent = FactorForm(
        {"factor": key, "was": was, "value": value, **button},
        diary=Diary(glass_ml=glass_ml),
        usual_sleep=usual,
    )
    if not sent.is_valid():
        return list(sent.errors["value"])
    return sent.change.to


def test_one_more_coffee_is_one_tap():
    assert change("caffeine", step="1") == 90
    assert change("caffeine", was="90", value="90 mg", step="1") == 180
    assert change("caffeine", was="90", value="90 mg", drink="tea") == 140


def test_stepping_down_ends_at_zero_which_is_not_unknown():
    assert change("caffeine", was="50", value="50 mg", step="-1") == 0
    assert change("hydration", step="-1") == 0


def test_a_glass_is_as_large_as_the_settings_say():
    assert change("hydration", was="400", value="2 glasses", glass_ml=200, step="1") == 600


def test_the_first_tap_on_sleep_starts_from_the_usual_night():
    assert change("sleep", usual=480, step="1") == 510
    assert change("sleep", usual=480, step="-1") == 450
    assert change("sleep", usual=480, to="480") == 480
    assert change("sleep", step="-1") == 390


def test_a_typed_value_is_saved_and_a_tap_starts_from_it():
    assert change("sleep", was="420", value="6:30") == 390
    assert change("sleep", was="420", value="6:30", step="1") == 420
    assert change("caffeine", was="90", value="") is None


def test_what_still_reads_as_shown_is_exactly_what_it_was():
    assert change("hydration", was="1333", value="1333 ml", step="1") == 1583


def test_stress_is_set_and_left_blank_again():
    assert change("stress", to="4") == 4
    assert change("stress", was="4", to="blank") is None


def test_steps_end_at_the_range():
    assert change("caffeine", was="1950", value="1950 mg", step="1") == [
        "Caffeine must be between 0 and 2000 mg"
    ]
    assert change("sleep", was="1440", value="24 h", step="1") == [
        "Sleep must be between 0 and 24 hours"
    ]


@pytest.mark.parametrize("value", ["nan", "１２", "-3", "9" * 10_000, "1e5"])
def test_a_typed_value_that_is_none_is_refused(value):
    assert isinstance(change("caffeine", value=value), list)


@pytest.mark.parametrize(
    "fields",
    [
        {"factor": "mood"},
        {"factor": ""},
        {"was": "x"},
        {"to": "x"},
        {"step": "5"},
        {"drink": "wine"},
        {"was": "１"},
        {"value": "\x00"},
        {"to": "9", "factor": "stress"},
    ],
)
def test_a_change_that_no_row_sends_is_refused(fields):
    sent = FactorForm({"factor": "caffeine"} | fields, diary=BERLIN, usual_sleep=None)
    assert not sent.is_valid()
    assert sent.change is None
