"""The symptoms check as somebody answers it: form, card, taking back, and who may see it."""

import csv
import io
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from diary import recording
from diary.check import QUESTIONS
from diary.models import Check, Diary, Twitch

from .conftest import NOW

pytestmark = pytest.mark.usefixtures("monday_evening", "berlin")

FORM = UUID("6b1f2d0e-30c5-4b6b-8f58-4a1e55c0aa01")
ALL_NO = dict.fromkeys(QUESTIONS, "no")
SUDDEN = "call your emergency number now"


def answer(page, form=FORM, **answers):
    return page.post("/check/", {"form": str(form), **answers})


def text(response):
    return " ".join(str(response.content, "utf-8").split())


def card(page, **answers):
    """The page that answering leads to."""
    response = answer(page, uuid4(), **answers)
    assert response.status_code == 303
    return text(page.get(response["Location"]))


def test_the_six_questions_are_asked_with_three_answers_each_and_one_line_of_words(page):
    html = text(page.get("/check/"))
    for question in QUESTIONS.values():
        assert str(question.asked) in html
        assert html.count(f'name="{question.key}"') == 3
    assert html.count('type="text"') == 1
    assert " checked" not in html
    assert "You do not need to test your strength" in html
    assert html.index(SUDDEN) < html.index("<fieldset")


def test_answers_are_kept_with_their_day_and_lead_to_their_own_page(page, berlin):
    response = answer(page, weakness="no", lasting="unsure", words="Left calf, since October")
    assert response.status_code == 303
    assert response["Location"] == f"/check/{FORM}/"
    check = Check.objects.of(berlin).get()
    assert check.answers == {"weakness": "no", "lasting": "unsure"}
    assert check.words == "Left calf, since October"
    html = text(page.get(f"/check/{FORM}/"))
    assert "Your answers of 23 November 2026" in html
    assert "Left calf, since October" in html
    assert html.count("<td>Not answered</td>") == 4


def test_the_form_sent_twice_is_one_check(page, berlin):
    assert answer(page, **ALL_NO)["Location"] == answer(page, **ALL_NO)["Location"]
    assert Check.objects.of(berlin).count() == 1


def test_a_person_with_none_of_the_signs_is_told_that_nothing_asks_for_a_visit_this_week(page):
    html = card(page, **ALL_NO)
    assert "Nothing here asks for a visit this week." in html
    assert "whenever something changes" in html
    assert 'class="advice' not in html
    assert "fine" not in html
    assert "Nerve disorders that cause twitching" in html
    assert "Royal College of General Practitioners" in html
    assert "left open" not in html


@pytest.mark.parametrize("answered", ["yes", "unsure"])
def test_a_person_with_every_sign_gets_the_one_card_of_this_week(page, answered):
    html = card(page, **dict.fromkeys(QUESTIONS, answered))
    assert html.count('class="advice ') == 1
    assert "Ask for an appointment this week" in html
    assert "Plan a visit, no rush" not in html
    assert SUDDEN in html
    assert "Nothing here asks" not in html
    assert "Nerve disorders that cause twitching" in html
    assert "Royal College of General Practitioners" in html
    assert "still awaits a review by a clinician" in html


def test_a_calm_sign_gets_the_calm_card_alone(page):
    html = card(page, **ALL_NO | {"medicine": "yes"})
    assert html.count('class="advice ') == 1
    assert "Plan a visit, no rush" in html
    assert "Keep taking what was prescribed until you have asked." in html
    assert "Nothing here asks" not in html


def test_a_sign_is_not_explained_away_by_low_minerals(page):
    assert "That is no reason to wait" in card(page, **ALL_NO | {"feeling": "unsure"})
    assert "That is no reason to wait" not in card(page, **ALL_NO | {"speech": "yes"})


def test_what_is_left_open_is_not_reassuring(page):
    html = card(page, feeling="no")
    assert "5 questions are left open" in html
    assert "Nothing here asks" not in html
    assert "One question is left open" in card(
        page, **{key: "no" for key in QUESTIONS if key != "weakness"}
    )


def test_a_check_without_any_answer_is_refused_with_its_words_kept(page, berlin):
    response = answer(page, words="Left calf")
    assert response.status_code == 422
    html = text(response)
    assert '<a href="#weakness">Answer at least one question</a>' in html
    assert 'value="Left calf"' in html
    assert not Check.objects.of(berlin).exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"weakness": "maybe"}, "Choose yes, no or not sure"),
        ({"weakness": "ja\0"}, "Choose yes, no or not sure"),
        ({"weakness": "no", "words": "x" * 10_000}, "9500 too many"),
        ({"weakness": "no", "words": "a\0b"}, "a character that can’t be kept"),
        ({"weakness": "no", "form": "nan"}, "Part of the form did not arrive"),
        ({"weakness": "no", "form": ""}, "Part of the form did not arrive"),
    ],
)
def test_what_can_not_be_read_is_refused_in_words(page, berlin, sent, said):
    response = page.post("/check/", {"form": str(FORM), "feeling": "no", **sent})
    assert response.status_code == 422
    html = text(response).replace("&#x27;", "'")
    assert said in html
    assert "<title>Error: Symptoms check" in html
    assert 'name="feeling" value="no" id="feeling_1" checked' in html
    assert not Check.objects.of(berlin).exists()


def test_a_form_without_its_id_can_be_sent_again(page, berlin):
    html = text(page.post("/check/", {"weakness": "no", "form": "x"}))
    identity = html.split('name="form" value="')[1].split('"')[0]
    assert answer(page, identity, weakness="no").status_code == 303


def test_unknown_questions_are_not_kept(page, berlin):
    answer(page, weakness="no", mood="yes")
    assert Check.objects.of(berlin).get().answers == {"weakness": "no"}


def test_an_answer_is_taken_back_and_put_back_from_the_same_page(page, berlin):
    answer(page, **ALL_NO)
    response = page.post(f"/check/{FORM}/remove/")
    assert (response.status_code, response["Location"]) == (303, f"/check/{FORM}/")
    assert not Check.objects.of(berlin).exists()
    html = text(page.get(f"/check/{FORM}/"))
    assert "You took these answers back." in html
    assert "Nothing here asks" not in html
    page.post(f"/check/{FORM}/remove/")
    page.post(f"/check/{FORM}/restore/")
    page.post(f"/check/{FORM}/restore/")
    assert Check.objects.of(berlin).get().answers == ALL_NO


def test_a_form_sent_again_after_it_was_taken_back_stays_taken_back(page, berlin):
    answer(page, **ALL_NO)
    page.post(f"/check/{FORM}/remove/")
    assert page.get(answer(page, **ALL_NO)["Location"]).status_code == 200
    assert not Check.objects.of(berlin).exists()


def test_somebody_else_s_check_is_not_found(client, page, bob):
    recording.note_check(bob, FORM, ALL_NO, "", NOW)
    for path in ("", "remove/", "restore/"):
        assert page.post(f"/check/{FORM}/{path}").status_code in (404, 405)
    assert page.get(f"/check/{FORM}/").status_code == 404
    assert page.get(f"/check/{uuid4()}/").status_code == 404
    assert page.get("/check/nan/").status_code == 404
    assert Check.objects.of(bob).exists()


def test_earlier_answers_are_listed_with_their_day_a_no_as_well(page, berlin):
    first = datetime(2026, 10, 3, 12, tzinfo=UTC)
    recording.note_check(berlin, uuid4(), ALL_NO, "", first)
    recording.note_check(
        berlin,
        uuid4(),
        {"smaller": "unsure", "speech": "no"},
        "",
        datetime(2026, 11, 1, tzinfo=UTC),
    )
    html = card(page, **ALL_NO)
    listed = html.partition("Other answers")[2]
    assert "3 October 2026</a>: no to all six" in listed
    assert "A muscle that looks smaller than before: Not sure; no to 1; 4 not answered" in listed
    assert listed.index("31 October 2026") < listed.index("3 October 2026<")


def test_the_form_says_when_it_was_last_answered_and_still_lets_anybody_answer(page):
    answer(page, **ALL_NO)
    html = text(page.get("/check/"))
    assert "You last answered on" in html
    assert "23 November 2026</a>" in html
    assert "Save answers" in html


def test_the_emergency_number_of_this_site_is_named(page, settings):
    settings.EMERGENCY_NUMBER = "112"
    assert "call 112 now" in text(page.get("/check/"))
    assert "call 112 now" in card(page, weakness="yes")


def test_checks_leave_as_a_file_and_what_was_left_open_is_empty(page, berlin):
    recording.note_check(
        berlin,
        FORM,
        {"weakness": "no", "smaller": "unsure"},
        "=1+1",
        datetime(2026, 11, 1, 12, tzinfo=UTC),
    )
    response = page.get("/export/checks.csv")
    assert "ebb-checks-2026-11-23.csv" in response["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"), newline=""))
    assert row == {
        "id": str(FORM),
        "answered_at_utc": "2026-11-01T12:00:00+00:00",
        "diary_day": "2026-11-01",
        "weakness": "no",
        "feeling": "",
        "smaller": "unsure",
        "speech": "",
        "lasting": "",
        "medicine": "",
        "words": "'=1+1",
    }
    html = text(page.get("/export/"))
    assert all(f"<code>{column}</code>" in html for column in row)
    assert 'href="/export/checks.csv"' in html


def test_a_file_of_checks_holds_only_one_s_own_and_not_what_was_taken_back(page, bob):
    recording.note_check(bob, uuid4(), ALL_NO, "", NOW)
    answer(page, **ALL_NO)
    page.post(f"/check/{FORM}/remove/")
    lines = b"".join(page.get("/export/checks.csv")).decode().splitlines()
    assert len(lines) == 1
    assert page.get("/export/checks.csv?to=2026-02-30").status_code == 404


def test_the_check_is_offered_on_more(page):
    assert 'href="/check/"' in text(page.get("/more/"))


def test_a_check_is_for_who_is_signed_in(client):
    client.logout()
    assert client.get("/check/").status_code == 302
    assert client.post("/check/").status_code in (302, 401)


def test_nothing_can_be_answered_in_the_sample_diary(page, berlin):
    recording.note_check(berlin, FORM, ALL_NO, "", NOW)
    Diary.objects.filter(owner=berlin).update(is_sample=True)
    html = text(page.get(f"/check/{FORM}/"))
    assert "Take this answer back" not in html


def test_neither_today_nor_the_log_ever_speaks_of_the_check(page, write):
    answer(page, **dict.fromkeys(QUESTIONS, "yes"))
    for place in ("calf-l", "calf-r", "thumb-l"):
        write.note(NOW.date(), place)
    for path in ("/today/", "/log/", "/diary/"):
        html = text(page.get(path)).partition("<main")[2].partition("</main>")[0]
        assert "/check/" not in html
    assert Twitch.objects.count() == 3
