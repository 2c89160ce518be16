"""A report shared by a link: frozen, secret, and alike to everybody whom it does not open for."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from diary import recording
from diary.models import Diary
from insights import compute
from insights.models import Share
from insights.sharing import links
from tests.test_access import OWN, address

from .entries import NOW, ago, note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_noon")]

CHOICES = {"period": "dates", "first": str(ago(20)), "last": str(ago(1)), "part": "map"}


@pytest.fixture
def kept(alice):
    for n in range(1, 25):
        note(alice, ago(n), place="calf-l")
    compute.recompute(alice.pk, NOW)
    return alice


def make(page, **fields):
    answer = page.post(reverse("shares"), CHOICES | {"days": "14", "pin": ""} | fields)
    found = re.search(
        r'value="http[^"]*/shared/([0-9a-f-]{36})/#([\w-]+)"', answer.content.decode()
    )
    return answer, *(found.groups() if found else (None, None))


def read(uuid, secret, pin="", client=None):
    clinician = client or Client()
    return clinician.post(reverse("shared", args=[uuid]), {"secret": secret, "pin": pin})


def test_a_click_on_the_link_opens_the_report_and_the_owner_sees_that(page, kept):
    answer, uuid, secret = make(page)
    assert answer.status_code == 200
    looked = Client().get(reverse("shared", args=[uuid]))
    assert "calf" not in looked.content.decode()  # a scanner's look opens nothing
    assert not Share.objects.get().openings.exists()
    opened = read(uuid, secret)
    assert opened.status_code == 200
    assert "left calf" in opened.content.decode().lower()
    assert "Opened 1 time:" in page.get(reverse("shares")).content.decode()


def test_no_search_lists_a_shared_page_and_no_other_site_hears_its_address(page, kept):
    _answer, uuid, secret = make(page)
    looked = Client().get(reverse("shared", args=[uuid]))
    for answer in (looked, read(uuid, "wrong"), read(uuid, secret)):
        assert '<meta name="robots" content="noindex">' in answer.content.decode()
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_only_what_proves_the_secret_is_kept(page, kept):
    _answer, _uuid, secret = make(page, pin="4711")
    row = Share.objects.values().get()
    assert secret not in str(row)
    assert "4711" not in str(row)
    assert secret not in page.get(reverse("shares")).content.decode()


def test_days_and_parts_stay_as_they_were_chosen(page, kept):
    _answer, uuid, secret = make(page)
    note(kept, ago(22), place="thumb-l")
    recording.add_medicine(
        kept, recording.uuid5(recording.UUID(int=1), "x"),
        recording.MedicineText("Magnesium", "supplement", None, None), NOW,
    )  # fmt: skip
    body = read(uuid, secret).content.decode()
    assert "thumb" not in body.lower()
    assert "Magnesium" not in body
    asked = links.scope_of(Share.objects.get())
    assert (asked.first, asked.last) == (ago(20), ago(1))


def same(answer):
    body = re.sub(
        r'name="(csrfmiddlewaretoken|secret)"[^>]*value="[^"]*"', "", answer.content.decode()
    )
    return answer.status_code, re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", body)


def test_wrong_ended_and_revoked_links_all_look_the_same(page, kept, monkeypatch):
    _answer, uuid, secret = make(page)
    never = same(read("00000000-0000-4000-8000-000000000000", secret))
    assert never[0] == 404
    assert same(read(uuid, "wrong")) == never
    assert same(read(uuid, "\x00" + "ü" * 10_000)) == never
    page.post(reverse("share-revoke", args=[uuid]))
    assert same(read(uuid, secret)) == never
    _answer, uuid, secret = make(page, days="1")
    Share.objects.filter(uuid=uuid).update(expires_at=NOW - timedelta(seconds=1))
    assert same(read(uuid, secret)) == never
    _answer, uuid, secret = make(page, pin="4711")
    assert same(read(uuid, secret)) == never


def test_a_link_is_open_for_as_many_days_as_were_asked_for(page, kept):
    make(page, days="30")
    assert Share.objects.get().expires_at == NOW + timedelta(days=30)


def test_a_pin_has_five_tries_and_a_stranger_cannot_use_them_up(page, kept):
    _answer, uuid, secret = make(page, pin="4711")
    for _ in range(9):
        read(uuid, "wrong", "0000")
    assert read(uuid, secret, "4711").status_code == 200
    for _ in range(4):
        assert read(uuid, secret, "0000").status_code == 404
    assert read(uuid, secret, "4711").status_code == 200
    assert read(uuid, secret, "0000").status_code == 404
    assert read(uuid, secret, "4711").status_code == 404
    assert "Closed after five wrong PINs" in page.get(reverse("shares")).content.decode()


def test_a_pin_left_empty_is_no_try_and_spaces_are_no_part_of_it(page, kept):
    _answer, uuid, secret = make(page, pin="4711")
    for _ in range(5):
        assert read(uuid, secret, " ").status_code == 404
    assert read(uuid, secret, "4711 ").status_code == 200


@pytest.mark.parametrize("ends", ["by itself", "taken back", "not yet"])
def test_a_link_that_has_ended_is_kept_without_the_name_and_the_questions(page, kept, ends):
    typed = {"part": ["name", "questions"], "name": "Alice", "born": "1990-05-17", "own1": "Why?"}
    _answer, uuid, secret = make(page, **typed)
    if ends == "taken back":
        links.revoke(Share.objects.get(), NOW)
    moment = NOW + timedelta(days=15) if ends == "by itself" else NOW
    links.forget(moment)
    links.forget(moment)
    scope = str(Share.objects.get().scope)
    for said in ("Alice", "1990", "Why?"):
        assert (said in scope) is (ends == "not yet")
    assert str(ago(20).year) in page.get(reverse("shares")).content.decode()
    assert read(uuid, secret).status_code == (200 if ends == "not yet" else 404)


def test_a_space_beside_the_days_does_no_harm(page, kept):
    assert make(page, days=" 14 ")[0].status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"days": "31"}, "A link can be open for 1 to 30 days"),
        ({"days": "0"}, "A link can be open for 1 to 30 days"),
        ({"days": "１２"}, "Enter a number of days, such as 14"),
        ({"days": "nan"}, "Enter a number of days, such as 14"),
        ({"pin": "12"}, "Enter 4 to 8 digits"),
        ({"pin": "abcd"}, "Enter 4 to 8 digits"),
        ({"pin": "1\x0023"}, "Enter 4 to 8 digits"),
    ],
)
def test_what_cannot_be_is_told_and_the_choices_stay(page, kept, fields, said):
    answer, uuid, _secret = make(page, **fields)
    assert answer.status_code == 422
    assert uuid is None
    body = answer.content.decode()
    assert said in body
    assert f'name="first" value="{ago(20)}"' in body
    assert not Share.objects.exists()


def test_another_person_s_link_is_not_found(page, kept, bob):
    made = links.make(bob, links.Asked(ago(9), ago(1), frozenset()), 3, "", NOW)
    assert page.post(reverse("share-revoke", args=[made.share.uuid])).status_code == 404
    assert "Your links" not in page.get(reverse("shares")).content.decode()


def test_the_sample_cannot_be_shared(kept):
    Diary.objects.of(kept).update(is_sample=True)
    with pytest.raises(recording.ReadOnly):
        links.make(kept, links.Asked(ago(9), ago(1), frozenset()), 3, "", NOW)


def test_a_visitor_who_is_signed_in_as_somebody_else_reads_the_shared_diary_alone(page, kept, bob):
    _answer, uuid, secret = make(page)
    client = Client()
    client.force_login(bob)
    assert "left calf" in read(uuid, secret, client=client).content.decode().lower()


def test_who_holds_a_link_is_a_stranger_everywhere_else(page, kept):
    _answer, uuid, secret = make(page)
    holder = Client()
    assert read(uuid, secret, client=holder).status_code == 200
    # No cookie knows of the link, so every address sees in a holder whom it sees in a stranger.
    assert set(holder.cookies) <= {settings.CSRF_COOKIE_NAME}
    for name in sorted(OWN):
        for method in (holder.get, holder.post):
            assert method(address(name, {}))["Location"].startswith("/accounts/login/"), name
    revoked = holder.post(reverse("share-revoke", args=[uuid]))
    assert revoked["Location"].startswith("/accounts/login/")
    assert read(uuid, secret).status_code == 200
