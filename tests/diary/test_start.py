"""The first page, for somebody who is not signed in."""

import pytest

from diary.models import Diary, User
from diary.recording import load_sample

from .conftest import NOW


@pytest.fixture
def sample(db):
    """A sample diary with nothing in it."""
    owner = User.objects.create_user("sample@ebb.invalid")
    load_sample(Diary.objects.get(owner=owner), [], [], [], NOW)
    return owner


def test_a_visitor_reads_what_this_is_and_may_make_the_first_account(client, db):
    html = client.get("/").content.decode()
    assert "It does not diagnose." in html
    assert 'href="/accounts/signup/"' in html


def test_only_signing_in_is_offered_where_nobody_else_may_join(client, alice):
    html = client.get("/").content.decode()
    assert 'href="/accounts/signup/"' not in html
    assert 'href="/accounts/login/"' in html


def test_a_person_with_a_diary_goes_on_to_today(page):
    answer = page.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/today/")


def test_a_server_that_opens_with_the_sample_shows_it_once(client, sample, settings):
    settings.OPEN_WITH_SAMPLE = True
    assert client.get("/")["Location"] == "/insights/"
    assert "None of this is yours." in client.get("/settings/").content.decode()
    client.post("/sample/close/")
    assert client.get("/").status_code == 200


def test_a_server_without_a_sample_yet_shows_the_first_page(client, db, settings):
    settings.OPEN_WITH_SAMPLE = True
    assert client.get("/").status_code == 200


def test_who_is_not_told_so_does_not_land_in_the_sample(client, sample):
    assert client.get("/").status_code == 200


def test_more_lists_the_pages_that_the_bar_has_no_room_for(page):
    html = page.get("/more/").content.decode()
    for path in ("/learn/", "/export/", "/settings/", "/learn/medical-advice/"):
        assert f'href="{path}"' in html
