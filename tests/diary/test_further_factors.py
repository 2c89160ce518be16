"""Factors that a person switches on or makes: chosen, noted, and told everywhere alike."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from diary import recording
from diary.factors import FACTORS, FURTHER_AT_MOST, OwnFactor, Shape, When
from diary.models import Day, Diary, Twitch
from insights import compute
from insights.collect import collect
from insights.models import WeekSummary

from .conftest import NOW, TODAY, back

pytestmark = pytest.mark.usefixtures("monday_evening")

SCREEN = OwnFactor("Screen time", Shape.AMOUNT, When.NIGHT, "min", 15)
COLD = OwnFactor("Cold hands", Shape.YES_NO)


def noted(owner):
    return list(Diary.objects.get(owner=owner).factors)


@pytest.fixture
def on(berlin):
    """Alice notes exercise, alcohol, what she exercised, and two things of her own."""
    for key in ("exercise", "exercised", "alcohol"):
        recording.switch_factor(berlin, key, True, NOW)
    for own in (SCREEN, COLD):
        recording.make_factor(berlin, own, NOW)
    return berlin


def switch(page, key, on="yes"):
    return page.post(f"/settings/factors/{key}/switch/", {"on": on})


def make(page, **fields):
    sent = {"name": "Screen time", "shape": "amount", "unit": "min", "step": "15", "when": "night"}
    return page.post("/settings/factors/", sent | fields)


def test_a_factor_is_switched_on_and_off_and_keeps_what_was_noted(page, berlin, write):
    assert switch(page, "exercise").status_code == 303
    assert noted(berlin) == [*FACTORS, "exercise"]
    write.know(back(0), exercise=30)
    switch(page, "exercise", on="no")
    assert noted(berlin) == list(FACTORS)
    assert Day.objects.of(berlin).get().more == {"exercise": 30}
    switch(page, "exercise")
    assert 'value="30 min"' in page.get("/today/").content.decode()


def test_a_factor_of_one_s_own_is_made_once_however_often_it_is_sent(page, berlin):
    assert [make(page).status_code for _ in range(3)] == [303, 303, 303]
    made = Diary.objects.get(owner=berlin).factors["own-1"]
    assert (made.name, made.unit, made.step, made.lags) == ("Screen time", "min", 15, (0,))
    assert make(page, when="day-before", name="Late meal", shape="yes-no").status_code == 303
    made = Diary.objects.get(owner=berlin).factors["own-2"]
    assert (made.unit, made.shape, made.lags) == ("", Shape.YES_NO, (1,))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "Enter a name, such as screen time"),
        ({"name": "x" * 10_000}, "The name must be 40 characters or fewer"),
        ({"name": "a\x00b"}, "The name contains a character that can’t be kept"),
        ({"name": "caffeine"}, "You already note something by this name"),
        ({"shape": "choice"}, "Choose how you answer"),
        ({"when": "never"}, "Choose which time it is about"),
        ({"unit": "5 min"}, "The unit must begin with a letter and hold no digits"),
        ({"unit": "m" * 13}, "The unit must be 12 characters or fewer"),
        ({"step": "１２"}, "Enter the step as a number, such as 1 or 10"),
        ({"step": "nan"}, "Enter the step as a number, such as 1 or 10"),
        ({"step": "0"}, "The step must be between 0.01 and 1000"),
    ],
)
def test_a_factor_that_cannot_be_made_is_told_why_and_keeps_what_was_typed(page, fields, said):
    answer = make(page, **({"name": "Kept text"} | fields))
    assert answer.status_code == 422
    body = answer.content.decode()
    assert said in body
    assert ("Kept text" in body) == ("name" not in fields)


def test_there_is_room_for_so_many(page, berlin):
    for number in range(FURTHER_AT_MOST):
        assert make(page, name=f"Thing {number}").status_code == 303
    assert make(page, name="One more").status_code == 422
    answer = switch(page, "alcohol")
    assert answer.status_code == 422
    assert f"There is room for {FURTHER_AT_MOST}" in answer.content.decode()
    assert len(noted(berlin)) == len(FACTORS) + FURTHER_AT_MOST


def test_a_factor_is_renamed_and_its_values_stay(page, on, write):
    write.know(back(0), **{"own-1": 9000})
    answer = page.post("/settings/factors/own-1/", {"name": "Phone", "unit": "min", "step": "10"})
    assert answer.status_code == 303
    assert Day.objects.of(on).get().more == {"own-1": 9000}
    body = page.get("/today/").content.decode()
    assert "Phone" in body
    assert "90 min" in body
    assert page.post("/settings/factors/own-1/", {"name": "Cold hands"}).status_code == 422
    assert page.post("/settings/factors/own-1/", {"name": "Phone", "step": "10"}).status_code == 303


@pytest.mark.parametrize("path", ["own-9/", "exercise/", "nothing/"])
def test_only_a_factor_of_one_s_own_has_a_page(page, on, path):
    assert page.get(f"/settings/factors/{path}").status_code == 404
    assert page.post(f"/settings/factors/{path}", {"name": "x"}).status_code == 404


@pytest.mark.parametrize("key", ["own-9", "nothing"])
def test_what_cannot_be_switched_is_not_found(page, on, key):
    assert switch(page, key).status_code == 404


def test_a_hidden_factor_is_asked_and_told_nowhere_and_what_was_noted_of_it_stays(
    page, berlin, write
):
    write.know(back(1), caffeine_mg=90, sleep_minutes=420)
    before = b"".join(page.get("/export/days.csv"))
    assert switch(page, "caffeine", on="no").status_code == 303
    assert noted(berlin) == [key for key in FACTORS if key != "caffeine"]
    for path in ("/today/", "/log/", f"/days/{back(1)}/", "/diary/"):
        body = page.get(path).content.decode().replace("\xa0", " ")
        main = body[body.index("<main") : body.index("</main>")]
        assert "affeine" not in main.replace("without caffeine", ""), path
        assert "90 mg" not in main, path
    assert b"".join(page.get("/export/days.csv")) == before
    switch(page, "caffeine")
    assert noted(berlin) == list(FACTORS)
    assert "90\xa0mg caffeine" in page.get("/diary/").content.decode()


def test_all_four_can_be_hidden_also_where_a_day_is_noted_once(page, berlin, write):
    write.know(back(1), caffeine_mg=90)
    Diary.objects.of(berlin).update(noting="daily")
    for key in FACTORS:
        switch(page, key, on="no")
    for path in ("/today/", "/log/", f"/days/{TODAY}/", "/diary/", "/settings/factors/"):
        assert page.get(path).status_code == 200
    assert "-row" not in page.get("/today/").content.decode()
    assert "day-values" not in page.get("/log/").content.decode()


def test_hiding_makes_room_for_nothing_and_takes_none(page, berlin):
    for number in range(FURTHER_AT_MOST):
        make(page, name=f"Thing {number}")
    switch(page, "stress", on="no")
    assert make(page, name="One more").status_code == 422
    assert switch(page, "stress").status_code == 303


def test_what_waited_on_a_device_since_before_it_was_hidden_is_kept(page, berlin):
    switch(page, "caffeine", on="no")
    tap = {"factor": "caffeine", "was": "", "value": "", "step": "1"}
    assert page.post(f"/days/{TODAY}/factors/", tap).status_code == 303
    assert Day.objects.of(berlin).get().caffeine_mg == 90


def test_what_is_hidden_is_compared_no_more_and_with_all_hidden_nothing_is(on, page, write):
    for n in range(1, 60):
        write.know(back(n), caffeine_mg=90 * (n % 3), sleep_minutes=400 + n, exercise=n % 2)
        if n % 2:
            write.note(back(n))
        else:
            write.clear(back(n))
    Twitch.objects.of(on).update(added_later=False)
    Day.objects.of(on).update(added_later=False)
    compute.recompute(on.pk, NOW)
    summary = WeekSummary.objects.of(on).finished().latest("year", "number")
    assert {finding.factor for finding in summary.report.findings} >= {"caffeine", "exercise"}
    for hidden in (["caffeine"], [*FACTORS, "exercise", "alcohol", "own-1", "own-2"]):
        for key in hidden:
            switch(page, key, on="no")
        series = collect(Diary.objects.get(owner=on), TODAY)
        assert not {factor.key for factor in series.factors} & {*hidden}
        assert not any(key in day.factors for day in series.days for key in hidden)
        compute.recompute(on.pk, NOW)
        summary = WeekSummary.objects.of(on).finished().latest("year", "number")
        assert not {finding.factor for finding in summary.report.findings} & {*hidden}
        for path in ("/insights/", "/report/"):
            body = page.get(path).content.decode()
            main = body[body.index("<main") : body.index("</main>")]
            assert "affeine" not in main.replace("without caffeine", ""), path
    assert not summary.report.findings


def test_each_is_noted_on_today_by_itself(page, on):
    at = f"/days/{TODAY}/factors/"
    assert page.post(at, {"factor": "exercise", "was": "", "value": "", "step": "1"}).status_code
    page.post(at, {"factor": "own-1", "was": "", "value": "1,5 min"})
    page.post(at, {"factor": "own-2", "was": "", "to": "1"})
    page.post(at, {"factor": "exercised", "was": "", "to": "2"})
    day = Day.objects.of(on).get()
    assert day.more == {"exercise": 15, "own-1": 150, "own-2": 1, "exercised": 2}
    page.post(at, {"factor": "own-2", "was": "1", "to": "blank"})
    assert Day.objects.of(on).get().more == {"exercise": 15, "own-1": 150, "exercised": 2}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (
            {"factor": "exercise", "value": "1441"},
            "Exercise must be between 0 and 1440 min",
        ),
        ({"factor": "exercise", "value": "-3"}, "Exercise must be between 0 and 1440 min"),
        (
            {"factor": "exercise", "value": "nan"},
            "Enter a number for Exercise, such as 30",
        ),
        (
            {"factor": "own-1", "value": "3 km"},
            "Enter a number for Screen time, such as 30",
        ),
        ({"factor": "own-2", "to": "2"}, "Choose one of the answers for Cold hands"),
        ({"factor": "exercised", "to": "9"}, "Choose one of the answers for What you exercised"),
    ],
)
def test_a_value_that_is_none_is_told_what_to_write(page, on, sent, said):
    answer = page.post(f"/days/{TODAY}/factors/", {"was": ""} | sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Day.objects.of(on).exists()


def test_the_day_page_saves_them_together_and_meets_a_change_made_elsewhere(page, on):
    at = f"/days/{TODAY}/"
    assert page.post(at, {"exercise": "45", "own-2": "1", "alcohol": "1.5"}).status_code == 303
    assert Day.objects.of(on).get().more == {"exercise": 45, "own-2": 1, "alcohol": 3}
    late = {"initial-exercise": "", "exercise": "60 min", "initial-own-2": "1", "own-2": "1"}
    late |= {"initial-alcohol": "1.5 drinks", "alcohol": "1.5 drinks"}
    answer = page.post(at, late)
    assert answer.status_code == 409
    assert "Meanwhile this had changed to: 45 min" in answer.content.decode()
    assert Day.objects.of(on).get().more["exercise"] == 45


def test_a_note_saves_them_with_the_day_and_keeps_a_copy(page, on):
    sent = {"form": "0b5e6f3c-6d5f-4b6e-9c52-0c6f3f5a2f10", "place": "calf-l", "when": "0"}
    sent |= {"duration": "seconds", "own-2": "1", "exercise": "20", "about": str(TODAY)}
    assert page.post("/log/", sent).status_code == 303
    assert Day.objects.of(on).get().more == {"own-2": 1, "exercise": 20}
    assert Twitch.objects.of(on).get().more == {"own-2": 1, "exercise": 20}


def test_the_diary_tells_them_in_words(page, on, write):
    write.know(back(1), exercise=45, exercised=1, **{"own-2": 0})
    body = page.get(f"/days/{back(1)}/").content.decode()
    told = page.get("/diary/").content.decode()
    assert "45\xa0min of exercise" in told
    assert "What you exercised: legs" in told
    assert "Cold hands: no" in told
    assert "Cold hands" in body


def test_each_has_its_column_in_both_files(page, on, write):
    write.know(back(1), exercise=45, alcohol=3, **{"own-1": 9050, "own-2": 1})
    write.note(back(1))
    for path in ("/export/days.csv", "/export/notes.csv"):
        text = b"".join(page.get(path)).decode("utf-8-sig")
        row = next(csv.DictReader(io.StringIO(text)))
        assert row["exercise_min"] == "45"
        assert row["alcohol_drinks"] == "1.5"
        assert row["own_1_screen_time_min"] == "90.5"
        assert row["own_2_cold_hands"] == "1"
        assert row["exercised_part"] == ""
    assert "0 no, 1 yes" in page.get("/export/").content.decode()


def test_each_enters_the_comparisons_with_its_lag_and_a_mere_name_does_not(on, write):
    write.know(back(1), exercise=45, exercised=1, alcohol=3, **{"own-2": 1})
    series = collect(Diary.objects.get(owner=on), TODAY)
    assert {factor.key: factor.lags for factor in series.factors} == {
        **{key: factor.lags for key, factor in FACTORS.items()},
        "exercise": (0, 1),
        "alcohol": (1,),
        "own-1": (0,),
        "own-2": (0,),
    }
    assert series.days[0].factors["alcohol"] == 1.5


def test_what_was_switched_off_is_compared_no_more(on, write):
    write.know(back(1), exercise=45)
    recording.switch_factor(on, "exercise", False, NOW)
    series = collect(Diary.objects.get(owner=on), TODAY)
    assert "exercise" not in {factor.key for factor in series.factors}


def test_each_has_its_row_and_its_page_among_the_insights(page, on):
    start = NOW - timedelta(days=70)
    for n in range(70):
        day = TODAY - timedelta(days=70 - n)
        values = {
            "own-1": 100 * (n % 7),
            "own-2": n % 2,
            "alcohol": n % 3,
            "exercise": 10 * (n % 4),
        }
        recording.change_day(on, day, values, dict.fromkeys(values), start)
        if n % 2:
            moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            when = recording.When.at(moment, Diary.objects.get(owner=on))
            text = recording.NoteText(when, "seconds")
            recording.note(
                on, recording.uuid5(recording.UUID(int=1), str(n)), ["calf-l"], text, NOW
            )
        else:
            recording.mark_clear(on, day, NOW)
    Twitch.objects.of(on).update(added_later=False)
    Day.objects.of(on).update(added_later=False)
    compute.recompute(on.pk, NOW)
    summary = WeekSummary.objects.of(on).finished().latest("year", "number")
    names = {f.factor: f.own and f.own.name for f in summary.report.findings}
    assert names["own-1"] == "Screen time"
    assert "exercised" not in names
    body = page.get("/insights/").content.decode()
    for name in ("Screen time", "Cold hands", "Alcohol", "Exercise"):
        assert name in body
    for key in ("own-1", "own-2", "alcohol", "exercise"):
        answer = page.get(f"/insights/{summary.week}/{key}/")
        assert answer.status_code == 200
    assert "Yes" in page.get(f"/insights/{summary.week}/own-2/").content.decode()
