"""Every address is sent what no page of ours would send: each answers calmly, and soon.

`HOSTILE_INPUTS=200000 manage.py test tests/hostile` sends that many instead of 5,000.
"""

import logging
import math
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec
import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import resolve
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from config.logs import WithoutTheirWords
from insights.models import ReportFile, Share
from insights.reports.report import Asked, Part
from tests.test_access import DAY, OPEN, SAME_FOR_ALL, TAKES, address, sign_in, written

from .inputs import ANYTHING, BODIES, MARK, VALUES
from .judging import judge_text

__all__ = ["written"]

# What a database takes differently shows on the second one in fewer.
USUAL = 5000 if connection.vendor == "sqlite" else 1000
WANTED = int(os.environ.get("HOSTILE_INPUTS", USUAL))
EACH = math.ceil(WANTED / len(TAKES))
SECONDS = 5
FILE = "a file"


class Forms(HTMLParser):
    """The forms of a page, as a browser would send them untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.inside = ""

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.forms.append((said.get("action") or "", {}))
        if not self.forms:
            return
        fields = self.forms[-1][1]
        name = said.get("name") or ""
        if tag == "select":
            self.inside = name
        elif tag == "option":
            if self.inside not in fields or "selected" in said:
                fields[self.inside] = said.get("value") or ""
        elif tag == "input" and said.get("type") == "file":
            fields[name] = FILE
        elif tag in ("input", "textarea", "button") and name:
            chosen = said.get("type") not in ("checkbox", "radio") or "checked" in said
            if chosen or name not in fields:
                fields[name] = said.get("value") or ""


class Kept(logging.Handler):
    """What was logged, as a log of the product has it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(WithoutTheirWords(**_line()))
        self.lines: list[str] = []

    def emit(self, record):
        self.lines.append(self.format(record))


def _line():
    said = settings.LOGGING["formatters"]["line"]
    return {"fmt": said["format"], "style": said["style"]}


@pytest.fixture(autouse=True)
def logged():
    kept, root = Kept(), logging.getLogger()
    root.addHandler(kept)
    yield kept
    root.removeHandler(kept)


@pytest.fixture(autouse=True)
def _open_door(settings):
    settings.SIGNUP = "open"


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that is sent."""

    method: str
    path: str
    fields: dict[str, str | bytes] = field(default_factory=dict)
    kind: str = "application/x-www-form-urlencoded"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Browser(RequestFactory):
    """Hands what it makes to the product.

    What the test client remembers of each template takes longer than making the page.
    """

    def __init__(self, person) -> None:
        super().__init__()
        client = Client()
        if person:
            sign_in(client, person)
        self.cookies = client.cookies
        self.handler = ClientHandler(enforce_csrf_checks=False)

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]


class Sender:
    """Sends, judges the answer, and puts everything back as it was."""

    def __init__(self, person) -> None:
        self.browser = Browser(person)
        self.sent = 0

    def send(self, one: Input):
        path, kind, body = one.path, one.kind, one.body or b""
        if one.method == "GET" and one.fields:
            path += "?" + urlencode(one.fields)
        elif one.body is None and FILE in one.fields.values():
            kind, body = as_upload(one.fields)
        elif one.body is None:
            body = urlencode(one.fields).encode()
        with put_back():
            began = time.monotonic()
            answer: Any = self.browser.generic(one.method, path, body, kind, headers=one.headers)
            whole = b"".join(answer) if answer.streaming else answer.content
            took = time.monotonic() - began
        self.sent += 1
        judge(one, answer, whole, took)
        return answer, whole


@contextmanager
def put_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def as_upload(fields: dict[str, str | bytes]) -> tuple[str, bytes]:
    lines = []
    for name, value in fields.items():
        more = '; filename="notes.csv"' if value == FILE else ""
        head = f'Content-Disposition: form-data; name="{name}"{more}'
        text = value.encode() if isinstance(value, str) else value
        lines.append(b"--b\r\n" + head.encode() + b"\r\n\r\n" + text + b"\r\n")
    return "multipart/form-data; boundary=b", b"".join(lines) + b"--b--\r\n"


def judge(one: Input, answer, whole: bytes, took: float) -> None:
    """What every answer keeps, whatever it answers."""
    why = f"{one}: {answer.status_code}"
    assert answer.status_code < 500, why
    assert took < SECONDS, f"{why} after {took:.1f} s"
    for name, value in answer.headers.items():
        assert MARK not in name.lower(), why
        assert not {"\r", "\n", "\0"} & set(value), why
    judge_text(why, answer, whole)


def as_it_could_be(name: str) -> None:
    """What stands in the table of addresses by a name alone is made whole, or taken away."""
    asked = msgspec.to_builtins(Asked(DAY, DAY, frozenset(Part)))
    Share.objects.update(scope=asked)
    ReportFile.objects.update(scope=asked)
    if name not in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        Authenticator.objects.all().delete()


LEARNED: dict[str, dict[str, str]] = {}


@pytest.fixture
def learned(written, alice):
    """What each address takes: the forms of all pages, as they stand filled in."""
    if LEARNED:
        return LEARNED
    for person in (None, alice):
        sender = Sender(person)
        for name in sorted(TAKES):
            path = address(name, written)
            with put_back():
                as_it_could_be(name)
                answer, whole = sender.send(Input("GET", path))
            if not answer.headers.get("Content-Type", "").startswith("text/html"):
                continue
            page = Forms()
            page.feed(whole.decode())
            for action, fields in page.forms:
                to = resolve(urlsplit(action).path or path).url_name
                LEARNED.setdefault(to or "", {}).update(fields)
    return LEARNED


def asked_for(sender: Sender, path: str) -> set[str]:
    """The names that whoever answers looks for, in a query and in a form."""
    names: set[str] = set()

    def spied(self, key, _was=MultiValueDict.__getitem__):
        names.add(key)
        return _was(self, key)

    def spied_list(self, key, default=None, force_list=False, _was=MultiValueDict._getlist):
        names.add(key)
        return _was(self, key, default, force_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MultiValueDict, "__getitem__", spied)
        patch.setattr(MultiValueDict, "_getlist", spied_list)
        for method in ("GET", "POST"):
            sender.send(Input(method, path, {"a": "1"}))
    return {name for name in names if isinstance(name, str)} - {"csrfmiddlewaretoken"}


def in_paths(name: str, written) -> list[str]:
    """The address with something else in place of each of its parts."""
    path = address(name, written)
    parts = path.strip("/").split("/")
    found = []
    for place, value in zip(cycle(range(len(parts))), VALUES, strict=False):
        other = [*parts]
        other[place] = quote(value, safe="")
        found.append(f"/{'/'.join(other)}/")
    return found


def inputs(name: str, path: str, base: dict[str, str], names: list[str], seed: int):
    """One after the other: every value in some field, every field with something in it."""
    dice = random.Random(seed)
    places = names or ["q", "next", "page"]
    while True:
        order = dice.sample(VALUES, len(VALUES))
        for at, value in enumerate(order):
            one = {**base, places[at % len(places)]: value}
            every = {key: order[(at + n) % len(order)] for n, key in enumerate(places)}
            headers = {"HX-Request": "true"} if at % 3 == 0 else {}
            if at % 4 == 0:
                headers["Accept-Language"] = "de"
            yield Input("POST", path, one, headers=headers)
            yield Input("GET", path, every if at % 2 else one, headers=headers)
            if at % 2:
                yield Input("POST", path, every, headers=headers)


@pytest.mark.parametrize("name", sorted(TAKES))
def test_whatever_an_address_is_sent_it_answers_calmly(name, written, alice, learned, logged):
    as_it_could_be(name)
    mine, anybodys = Sender(alice), Sender(None)
    senders = [mine, anybodys] if name in OPEN | SAME_FOR_ALL else [mine, mine, mine, anybodys]
    path = address(name, written)
    base = {key: value for key, value in learned.get(name, {}).items() if key}
    names = sorted(set(base) | asked_for(mine, path))
    seed = sum(map(ord, name))
    dice = random.Random(seed)
    share = max(EACH // 5, 4)
    turn = cycle(senders)
    wrong = dice.sample(in_paths(name, written), min(share, len(VALUES)))
    for other in wrong:
        next(turn).send(Input("GET", other))
    for kind, body in dice.sample(BODIES, min(share, len(BODIES))):
        next(turn).send(Input("POST", path, kind=kind, body=body))
    fixed = EACH - share - min(share, len(BODIES)) - min(share, len(VALUES))
    for one in islice(inputs(name, path, base, names, seed), max(fixed, 0)):
        next(turn).send(one)

    @hypothesis_settings(
        max_examples=share + 2,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from(["GET", "POST"]),
        st.dictionaries(st.sampled_from(names or ["q"]), ANYTHING, min_size=1, max_size=4),
    )
    def made_up(method, some):
        next(turn).send(Input(method, path, base | some))

    made_up()
    assert mine.sent + anybodys.sent >= EACH
    for line in logged.lines:
        assert "\n" not in line, line
        assert "\r" not in line, line
