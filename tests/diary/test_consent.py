"""Consent to keep health data: asked apart, kept as it was given, and taken back."""

import csv
import hashlib
import io
import re
import zipfile
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now

from diary import consent
from diary.models import Consent, Diary, Twitch

AGREES = {"consent": str(consent.VERSION)}
NEW = {"email": "new@example.org", "password1": "a long enough password"}
NOTE = {"place": ["calf-l"], "when": "0", "duration": "seconds"}
# Who changes a word writes the sum of the new ones under the next number, and leaves the old.
SUMS = {1: "0d5200cfee18eb9b"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def unasked(page, alice):
    """Alice, who has not agreed to the words of now: she came before they did."""
    Diary.objects.filter(owner=alice).update(agreed_to=0)
    Consent.objects.all().delete()
    return page


def said(owner):
    return list(Consent.objects.of(owner).order_by("pk").values_list("version", "given"))


def test_other_words_are_another_version():
    both = []
    for language in ("en-gb", "de"):
        with translation.override(language):
            both += [*map(str, consent.WORDS), str(consent.AGREE)]
    assert hashlib.sha256("\n".join(both).encode()).hexdigest()[:16] == SUMS[consent.VERSION]


def test_the_box_at_sign_up_is_never_ticked_beforehand(client):
    html = client.get(reverse("account_signup")).content.decode()
    (box,) = re.findall(r"<input[^>]*name=.consent.[^>]*>", html)
    assert 'type="checkbox"' in box
    assert "checked" not in box


@pytest.mark.asked_nobody
def test_an_account_begins_with_a_row_of_what_was_agreed_to(client):
    answer = client.post(reverse("account_signup"), NEW | AGREES, headers={"Accept-Language": "de"})
    assert answer.url == reverse("welcome")
    (row,) = Consent.objects.all()
    assert (row.version, row.given, row.language) == (consent.VERSION, True, "de")
    assert client.get(reverse("today")).status_code == 200


@pytest.mark.parametrize("value", ["", "0", "on", "true", "١", "\x00", "x" * 10_000])
def test_no_account_is_made_without_consent_to_the_words_of_now(client, value):
    answer = client.post(reverse("account_signup"), NEW | {"consent": value})
    assert answer.status_code == 422
    assert "Tick the box if you agree" in answer.content.decode()
    assert NEW["email"] in answer.content.decode()
    assert not Diary.objects.exists()


@pytest.mark.parametrize(
    "name", ["today", "diary", "log", "insights", "settings", "report", "home"]
)
def test_before_the_diary_goes_on_one_page_asks(unasked, name):
    answer = unasked.get(reverse(name), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_consent"))
    html = answer.content.decode()
    assert "May this diary go on?" in html
    assert reverse("export-everything") in html
    assert reverse("account_leave") in html


def test_who_agrees_goes_on_to_the_page_that_was_asked_for(unasked, alice):
    asked = unasked.get("/diary/?kind=cramp")
    assert asked.status_code == 303
    answer = unasked.post(asked.url, AGREES | {"next": "/diary/?kind=cramp"})
    assert (answer.status_code, answer.url) == (303, "/diary/?kind=cramp")
    assert said(alice) == [(consent.VERSION, True)]
    assert unasked.get(answer.url).status_code == 200


def test_nobody_is_led_to_another_site(unasked):
    answer = unasked.post(reverse("account_consent"), AGREES | {"next": "//elsewhere.example/"})
    assert answer.url == reverse("today")


def test_who_does_not_tick_is_told_and_nothing_is_noted(unasked, alice):
    answer = unasked.post(reverse("account_consent"), {})
    assert answer.status_code == 422
    assert "Tick the box if you agree" in answer.content.decode()
    assert said(alice) == []


def test_what_was_typed_without_scripts_is_saved_with_the_answer(unasked, alice):
    note = NOTE | {"form": str(uuid4()), "words": 'after "coffee" & <b>cake</b>'}
    asked = unasked.post(reverse("log"), note)
    assert asked.status_code == 403
    assert "&lt;b&gt;cake" in asked.content.decode()
    assert not Twitch.objects.exists()
    refused = unasked.post(reverse("log"), note | {"consent_asked": "1"})
    assert refused.status_code == 422
    assert "&lt;b&gt;cake" in refused.content.decode()
    assert unasked.post(reverse("log"), note | {"consent_asked": "1"} | AGREES).status_code == 303
    assert Twitch.objects.get(owner=alice).words == note["words"]
    assert said(alice) == [(consent.VERSION, True)]


def test_a_page_that_sends_by_htmx_keeps_what_was_typed_and_says_where_to_agree(unasked):
    answer = unasked.post(reverse("log"), NOTE, headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer.headers["X-Ebb-Consent"] == "asked"
    assert reverse("account_consent") in answer.content.decode()
    asked = unasked.get(reverse("diary"), headers={"HX-Request": "true"})
    assert asked.headers["HX-Redirect"].startswith(reverse("account_consent"))
    assert not Twitch.objects.exists()


def test_the_same_note_arrives_once_its_owner_agreed(unasked, alice):
    note = NOTE | {"form": str(uuid4()), "waited": "3600"}
    waits = {"HX-Request": "true"}
    assert unasked.post(reverse("log"), note, headers=waits).status_code == 403
    unasked.post(reverse("account_consent"), AGREES)
    assert unasked.post(reverse("log"), note, headers=waits).status_code < 300
    assert Twitch.objects.get(owner=alice).place == "calf-l"


def test_what_is_public_and_what_takes_the_diary_along_needs_no_consent(unasked):
    for name in ("advice", "learn", "export", "export-notes", "healthz", "waiting"):
        assert unasked.get(reverse(name)).status_code == 200, name


def test_the_sample_diary_asks_nobody(unasked, bob):
    Diary.objects.filter(owner=bob).update(is_sample=True, agreed_to=0)
    unasked.post(reverse("sample-open"))
    assert unasked.get(reverse("diary")).status_code == 200


def test_each_answer_is_a_row_and_twice_is_once(alice):
    for _ in range(2):
        consent.withdraw(alice, now())
    for _ in range(2):
        consent.give(alice, now())
    version = consent.VERSION
    assert said(alice) == [(version, True), (version, False), (version, True)]


def test_no_answer_is_ever_written_over(alice):
    row = Consent.objects.get(owner=alice)
    row.given = False
    with pytest.raises(Exception, match=r"UNIQUE|duplicate"):
        row.save()


def test_the_settings_lead_to_what_was_agreed_to_and_when(page):
    assert reverse("account_consent") in page.get(reverse("settings")).content.decode()
    html = page.get(reverse("account_consent")).content.decode()
    assert "to version 1 of these words" in html
    assert reverse("account_consent_withdraw") in html


def test_taking_it_back_asks_for_the_password_and_leads_to_deletion(sure, page, alice):
    told = sure.get(reverse("account_consent_withdraw")).content.decode()
    assert "deleted for good after 14 days" in told
    assert reverse("export-everything") in told
    answer = sure.post(reverse("account_consent_withdraw"))
    assert (answer.status_code, answer.url) == (303, reverse("account_leave"))
    assert said(alice)[-1] == (consent.VERSION, False)
    assert Diary.objects.get(owner=alice).leaves_at is not None


def test_nothing_is_taken_back_without_the_password(page, alice):
    answer = page.post(reverse("account_consent_withdraw"))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert said(alice) == [(consent.VERSION, True)]


def test_who_took_it_back_keeps_the_account_only_by_agreeing_again(sure, alice):
    sure.post(reverse("account_consent_withdraw"))
    assert "Your health data" in sure.get(reverse("account_leave")).content.decode()
    refused = sure.post(reverse("account_keep"))
    assert refused.status_code == 422
    assert "Tick the box if you agree" in refused.content.decode()
    assert Diary.objects.get(owner=alice).leaves_at is not None
    assert sure.post(reverse("account_keep"), AGREES).url == reverse("today")
    assert sure.get(reverse("today")).status_code == 200
    assert said(alice)[-1] == (consent.VERSION, True)


def test_nobody_agrees_again_after_the_time_is_over(sure, alice):
    sure.post(reverse("account_consent_withdraw"))
    Diary.objects.filter(owner=alice).update(leaves_at=now())
    assert sure.post(reverse("account_keep"), AGREES).url == reverse("account_leave")
    assert said(alice)[-1] == (consent.VERSION, False)


def test_who_only_leaves_keeps_the_account_without_being_asked(sure):
    sure.post(reverse("account_leave"))
    assert "Your health data" not in sure.get(reverse("account_leave")).content.decode()
    assert sure.post(reverse("account_keep")).url == reverse("today")


def test_the_archive_says_what_was_agreed_to_and_when(sure, alice):
    answer = sure.get(reverse("export-everything"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("consents.csv").decode("utf-8-sig"))))
    assert [(row["version"], row["said"]) for row in rows] == [("1", "agreed")]


def test_another_person_s_answers_are_not_shown(page, bob):
    consent.withdraw(bob, now())
    rows = b"".join(page.get(reverse("export-more", args=["consents"]))).decode()
    assert "withdrawn" not in rows


def test_a_stranger_is_asked_to_sign_in_first(db):
    assert Client().get(reverse("account_consent")).url.startswith(reverse("account_login"))
