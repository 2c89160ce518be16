"""What a device keeps of the app: who it is told about, and what it never holds."""

import gzip
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from config.offline import SHELLS
from diary.models import Day, Diary, Twitch


def account(html):
    found = re.search(r'data-account="(\w+)"', html)
    return found and found[1]


def kept(client):
    """What the worker is told to keep."""
    script = client.get("/sw.js").content.decode()
    return json.loads(re.match(r"self\.kept = (.*);\n", script)[1])


def test_the_app_can_be_installed(client, db):
    answer = client.get("/manifest.webmanifest")
    said = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["name"], said["display"], said["start_url"]) == ("Ebb", "standalone", "/today/")
    assert [shortcut["url"] for shortcut in said["shortcuts"]] == ["/log/", "/today/"]
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    for icon in said["icons"]:
        file = settings.BASE_DIR / "static" / icon["src"].removeprefix(settings.STATIC_URL)
        assert file.is_file()


def test_the_worker_is_at_the_root_and_is_always_asked_for_anew(client, db):
    answer = client.get("/sw.js")
    assert answer["Service-Worker-Allowed"] == "/"
    assert "no-cache" in answer["Cache-Control"]
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"


def test_the_worker_keeps_styles_scripts_icons_and_pages_for_nobody(client, db):
    files = kept(client)["files"]
    for name in ("css/base.css", "js/outbox.js", "js/waiting.js", "icons/favicon.svg", "htmx-2"):
        assert any(name in file for file in files), name
    assert {reverse(name) for name in SHELLS} <= set(files)
    assert kept(client)["shells"]["/today/"] == "/offline/today/"


@pytest.mark.parametrize("name", SHELLS)
def test_a_kept_page_is_the_same_whoever_is_signed_in(client, page, alice, name):
    Day.objects.create(owner=alice, day=timezone.now().date(), words="only mine")
    signed_in = page.get(reverse(name)).content.decode()
    page.logout()
    assert signed_in == page.get(reverse(name)).content.decode()
    assert "csrfmiddlewaretoken" not in signed_in
    assert not account(signed_in)


def test_a_device_tells_accounts_apart_by_names_that_say_nothing_of_them(page, client, alice, bob):
    first = account(page.get("/today/").content.decode())
    assert first == account(page.get("/log/").content.decode())
    client.force_login(bob)
    second = account(client.get("/today/").content.decode())
    assert first
    assert second not in (None, first)
    client.logout()
    assert account(client.get("/accounts/login/").content.decode()) is None


def test_after_another_secret_key_what_waits_still_finds_its_account(page, alice, settings):
    before = account(page.get("/today/").content.decode())
    settings.SECRET_KEY = "another one 0123456789 0123456789 0123456789 0123456789"
    page.force_login(alice)
    assert account(page.get("/today/").content.decode()) == before


def test_what_a_page_of_somebody_else_sends_is_refused(page, alice):
    note = {"form": uuid4(), "place": "calf-l", "duration": "seconds", "when": "0"}
    own = account(page.get("/today/").content.decode())
    refused = page.post("/log/again/", note, headers={"X-Ebb-Account": "somebody-else"})
    assert refused.status_code == 409
    assert not Twitch.objects.exists()
    assert page.post("/log/again/", note, headers={"X-Ebb-Account": own}).status_code == 303
    assert Twitch.objects.count() == 1


def test_what_keeps_the_app_on_a_device_is_small(client, db):
    scripts = [
        settings.BASE_DIR / "static/js" / name for name in ("outbox.js", "waiting.js", "sw.js")
    ]
    sent = [script.read_bytes() for script in scripts] + [client.get("/sw.js").content]
    assert sum(len(gzip.compress(one)) for one in sent) < 9_000


def test_the_device_paints_the_colour_of_the_theme_around_the_page(page, alice):
    tokens = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    light, dark = re.search(r"--paper: light-dark\((#\w+), (#\w+)\)", tokens).groups()
    bedside = re.search(r"--paper: (#\w+);", tokens)[1]
    colours = {"system": [light, dark], "light": [light], "dark": [dark], "bedside": [bedside]}
    for theme, expected in colours.items():
        Diary.objects.filter(owner=alice).update(theme=theme)
        html = page.get("/today/").content.decode()
        assert re.findall(r'name="theme-color" content="(#\w+)"', html) == expected
    assert page.get("/manifest.webmanifest").json()["theme_color"] == light


# --- a note that waited -----------------------------------------------------------------------


def waited(page, seconds, path="/log/again/", **other):
    note = {"form": uuid4(), "place": "calf-l", "duration": "seconds", "when": "0"}
    return page.post(path, note | {"waited": seconds} | other, headers={"HX-Request": "true"})


def test_a_note_that_waited_keeps_the_time_at_which_it_was_made(page, alice):
    for path in ("/log/again/", "/log/"):
        waited(page, 3 * 3600, path, when="0" if path == "/log/again/" else "15")
    again, log = Twitch.objects.of(alice).order_by("created_at")
    now = timezone.now()
    assert abs(now - timedelta(hours=3) - again.started_at) < timedelta(seconds=30)
    assert abs(now - timedelta(hours=3, minutes=15) - log.started_at) < timedelta(seconds=30)


def test_notes_that_waited_are_all_kept_though_they_arrive_at_once(page, alice):
    for seconds in (900, 600, 300):
        waited(page, seconds)
    assert Twitch.objects.of(alice).count() == 3


def test_a_note_that_waited_is_one_note_however_often_it_is_sent(page, alice):
    form = uuid4()
    for seconds in (60, 61, 62):
        waited(page, seconds, form=form)
    assert Twitch.objects.of(alice).count() == 1


@pytest.mark.parametrize("seconds", ["-1", "nan", "１２", "1e3", "9" * 10_000, "\0"])
def test_a_wait_that_is_no_number_is_refused(page, alice, seconds):
    assert waited(page, seconds).status_code == 422
    assert not Twitch.objects.exists()


def test_a_note_that_waited_for_longer_than_anybody_can_know_asks_for_its_time(page, alice):
    refused = waited(page, 61 * 24 * 3600)
    assert refused.status_code == 422
    assert "Choose its day and time" in refused.content.decode()
    assert not Twitch.objects.exists()
