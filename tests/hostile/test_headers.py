"""Every kind of answer has the headers that earn the best mark of the public HTTP observatory.

Its arithmetic: 100 to begin with, less for what is missing; what goes beyond counts only from 90
up; A+ from 100 up. Behind https, as an operator sets it.
"""

import re
import runpy

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from config import asgi
from diary.models import Diary
from tests.config.test_asgi import UNSEEN, unseen
from tests.conftest import ROOT
from tests.test_access import TAKES, address, sign_in, written

__all__ = ["written"]

SETTINGS = str(ROOT / "config" / "settings.py")
HTTPS = re.compile(r"SECURE_\w+|X_FRAME_OPTIONS|\w+_COOKIE_(SECURE|NAME|SAMESITE|HTTPONLY)")
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
HALF_A_YEAR = 15_768_000
BROAD = {"*", "http:", "https:", "data:", "ftp:"}


@pytest.fixture(autouse=True)
def _https(settings, monkeypatch):
    """What the settings are where an operator switched https on."""
    monkeypatch.setenv("EBB_HTTPS", "true")
    for name, value in runpy.run_path(SETTINGS, run_name="config.settings").items():
        if HTTPS.fullmatch(name):
            setattr(settings, name, value)
    settings.SIGNUP = "open"
    assert settings.SECURE_SSL_REDIRECT


def browser(person=None, **headers):
    """As the proxy passes on what came by https."""
    client = Client(
        raise_request_exception=False,
        enforce_csrf_checks=not person,
        headers={"X-Forwarded-Proto": "https", **headers},
    )
    if person:
        sign_in(client, person)
    return client


def mark(answer):
    """The observatory's number for an answer, and what took away from it."""
    told = dict(
        (
            policy(answer),
            cookies(answer),
            sharing(answer),
            frames(answer),
            transport(answer),
            referrer(answer),
            sniffing(answer),
            resources(answer),
        )
    )
    lost = {what: by for what, by in told.items() if by < 0}
    base = 100 + sum(lost.values())
    return base + (sum(told.values()) - sum(lost.values()) if base >= 90 else 0), lost


def directives(answer):
    said = answer.headers.get("Content-Security-Policy", "")
    return {words[0]: set(words[1:]) for words in map(str.split, said.split(";")) if words}


def policy(answer):
    said = directives(answer)
    if not said:
        return "no policy", -25
    scripts = said.get("script-src", said.get("default-src", {"*"}))
    objects = said.get("object-src", said.get("default-src", {"*"}))
    styles = said.get("style-src", said.get("default-src", {"*"}))
    if scripts & {"'unsafe-inline'", *BROAD} or objects & BROAD:
        return "policy lets scripts in", -20
    if any("http:" in source for sources in said.values() for source in sources):
        return "policy lets http in", -20
    if "'unsafe-eval'" in scripts | styles:
        return "policy lets text become scripts", -10
    if styles & {"'unsafe-inline'", *BROAD}:
        return "policy lets styles in", 0
    return "policy", 10 if said.get("default-src") == {"'none'"} else 5


def cookies(answer):
    kept = [cookie for cookie in answer.cookies.values() if cookie.value]
    if not kept:
        return "no cookies", 0
    session = [c for c in kept if "sess" in c.key]
    if any(not c["secure"] for c in kept):
        return "cookies over http", -40
    if any(not c["httponly"] for c in session):
        return "session for scripts", -30
    if any(not c["samesite"] for c in kept):
        return "cookies for other sites", -20
    assert all(c.key.startswith("__Host-") for c in session)
    return "cookies", 5


def sharing(answer):
    return "shared with all", -50 if "Access-Control-Allow-Origin" in answer.headers else 0


def frames(answer):
    around = directives(answer).get("frame-ancestors", {"*"})
    if not around & BROAD:
        return "frames", 5
    known = answer.headers.get("X-Frame-Options") in ("DENY", "SAMEORIGIN")
    return "frames", 0 if known else -20


def transport(answer):
    said = answer.headers.get("Strict-Transport-Security")
    if not said:
        return "no HSTS", -20
    age = re.match(r"max-age=([0-9]+)", said)
    return "short HSTS", 0 if age and int(age[1]) >= HALF_A_YEAR else -10


def referrer(answer):
    said = answer.headers.get("Referrer-Policy")
    if said in PRIVATE:
        return "referrer", 5
    return "referrer", -5 if said else 0


def sniffing(answer):
    known = answer.headers.get("X-Content-Type-Options") == "nosniff"
    return "sniffing", 0 if known else -5


def resources(answer):
    known = answer.headers.get("Cross-Origin-Resource-Policy") in ("same-origin", "same-site")
    return "resources", 10 if known else 0


def best(answer):
    number, lost = mark(answer)
    assert number >= 115, lost
    assert not lost
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", sorted(TAKES))
def test_every_address_earns_the_best_mark(name, written, alice):
    path = address(name, written)
    best(browser().get(path))
    signed_in = browser(alice)
    best(signed_in.get(path))
    best(signed_in.get(path, headers={"HX-Request": "true"}))
    best(signed_in.post(path))


def refused_400(client, alice, patch):
    return client.get("/learn/", headers={"Host": "elsewhere.example"})


def refused_403(client, alice, patch):
    return client.post("/accounts/login/", {"login": "a"})


def refused_404(client, alice, patch):
    return client.get("/no-such-page/")


def refused_405(client, alice, patch):
    return browser(alice).get("/log/again/")


def refused_422(client, alice, patch):
    return browser(alice).post("/log/", {})


def refused_429(client, alice, patch):
    for _time in range(40):
        answer = browser(alice).post("/accounts/reauthenticate/", {"password": "no"})
        if answer.status_code == 429:
            break
    return answer


def refused_500(client, alice, patch):
    patch.setattr(Diary, "today", lambda *given: 1 / 0)
    return browser(alice).get("/today/")


def refused_503(client, alice, patch):
    def away(*given, **named):
        raise OperationalError

    patch.setattr(Diary, "today", away)
    return browser(alice).get("/today/")


REFUSED = [
    refused_400,
    refused_403,
    refused_404,
    refused_405,
    refused_422,
    refused_429,
    refused_500,
    refused_503,
]


@pytest.mark.parametrize("ask", REFUSED, ids=lambda ask: ask.__name__)
def test_what_is_refused_earns_the_best_mark_too(ask, alice, monkeypatch):
    answer = ask(browser(), alice, monkeypatch)
    assert answer.status_code == int(ask.__name__[-3:])
    best(answer)


@pytest.mark.parametrize("status", UNSEEN)
def test_what_django_never_sees_earns_the_best_mark_too(status, monkeypatch):
    monkeypatch.setattr(asgi, "PATIENCE", 0.01)
    said = unseen(status, (b"x-forwarded-proto", b"https"))
    best(HttpResponse(headers={name.decode(): text.decode() for name, text in said}))


@pytest.mark.parametrize("file", ["js/page.js", "css/base.css", "icons/favicon.svg", "no-such.js"])
def test_files_of_the_front_earn_the_best_mark(file, db, settings):
    settings.WHITENOISE_USE_FINDERS = True
    answer = browser().get(f"/static/{file}")
    answer.close()
    assert answer.status_code == (404 if "no-such" in file else 200)
    best(answer)


def test_cookies_belong_to_this_name_alone_and_travel_by_https_alone(alice):
    right = {"login": alice.email, "password": "a long enough password"}
    client = Client(headers={"X-Forwarded-Proto": "https"})
    answer = client.post("/accounts/login/", right)
    assert {"__Host-sessionid", "__Host-csrftoken"} <= set(answer.cookies)
    for cookie in answer.cookies.values():
        assert cookie["secure"]
        assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_http_leads_to_https(db):
    answer = Client().get("/learn/")
    assert answer.status_code == 301
    assert answer["Location"].startswith("https://")


def test_a_mark_is_counted_as_the_observatory_counts(db):
    bare = browser().get("/learn/")
    for name in list(bare.headers):
        del bare.headers[name]
    bare.cookies.clear()
    assert mark(bare)[0] == 100 - 25 - 20 - 20 - 5
