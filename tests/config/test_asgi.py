"""How a request is read before it gets a thread, and how its answer leaves."""

import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from config import asgi

SCOPE = {
    "type": "http",
    "method": "POST",
    "http_version": "1.1",
    "scheme": "http",
    "path": "/caf\xe9/",
    "raw_path": b"/caf%C3%A9/",
    "query_string": b"a=1&b=%20",
    "server": ("127.0.0.1", 8000),
    "client": ("192.0.2.1", 5000),
    "headers": [],
}


def run(coroutine):
    """In a thread of its own: where a browser is driven, this one has a loop already."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, coroutine).result()


def answered(pieces, *, app, headers=(), last=True):
    """The status, the body, and how many messages came, for a request in such pieces."""
    coming = [
        {"type": "http.request", "body": piece, "more_body": not last or number < len(pieces) - 1}
        for number, piece in enumerate(pieces)
    ]
    sent = []

    async def receive():
        if not coming:
            await asyncio.Event().wait()  # nothing more ever comes
        return coming.pop(0)

    async def send(message):
        sent.append(message)

    asgi.django, before = app, asgi.django
    try:
        run(asgi.application(SCOPE | {"headers": list(headers)}, receive, send))
    finally:
        asgi.django = before
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent), len(sent)


def echo(environ, start):
    start("200 OK", [])
    yield environ["wsgi.input"].read()


@pytest.mark.parametrize("size", [0, 1, 300_000])
def test_a_body_arrives_as_it_was_sent(size):
    whole = bytes(number % 251 for number in range(size))
    pieces = [whole[at : at + 70_000] for at in range(0, size, 70_000)] or [b""]
    assert answered(pieces, app=echo)[:2] == (200, whole)


def test_what_comes_too_slowly_is_given_up_without_asking_the_application(monkeypatch):
    monkeypatch.setattr(asgi, "PATIENCE", 0.01)
    asked = []
    status, said, _messages = answered([b"login="], last=False, app=lambda *all: asked.append(all))
    assert status == 408
    assert said == b"This took too long to arrive.\n"
    assert not asked


def test_a_file_of_gigabytes_is_refused_at_once_with_the_limit_and_a_way_on():
    status, said, _messages = answered([], headers=UNSEEN[413][0], app=echo)
    assert status == 413
    assert said.startswith(b"This is larger than 20 MB. Nothing was taken from it. Go back")


UNSEEN = {
    400: ([], {"type": "http.disconnect"}),
    408: ([], {"type": "http.request", "more_body": True}),
    413: ([(b"content-length", b"2147483648")], {"type": "http.request"}),
}


def unseen(status, *more):
    """How the answer begins to what Django never sees."""
    headers, message = UNSEEN[status]
    sent = []

    async def receive():
        await asyncio.sleep(0)
        return message

    async def send(message):
        sent.append(message)

    run(asgi.application(SCOPE | {"headers": [*headers, *more]}, receive, send))
    assert sent[0]["status"] == status
    return sent[0]["headers"]


@pytest.mark.parametrize("status", UNSEEN)
def test_what_django_never_sees_is_refused_under_a_policy_too(status, monkeypatch):
    monkeypatch.setattr(asgi, "PATIENCE", 0.01)
    said = dict(unseen(status))
    assert said[b"content-security-policy"] == b"default-src 'none'; frame-ancestors 'none'"
    assert said[b"x-content-type-options"] == b"nosniff"
    assert b"no-store" in said[b"cache-control"].split(b", ")
    assert said[b"content-type"] == b"text/plain; charset=utf-8"


def test_what_is_far_too_long_is_thrown_away_while_it_comes(monkeypatch):
    monkeypatch.setattr(asgi, "KEPT_AT_MOST", 1_000)
    assert answered([b"a" * 900, b"b" * 900, b"c" * 900], app=echo)[:2] == (200, b"a" * 900)


def test_only_so_many_long_bodies_wait_on_disk_at_once_and_each_gets_its_turn(monkeypatch):
    monkeypatch.setattr(asgi, "LONG_ONES", 1)
    for _again in range(asgi.LONG_ONES + 2):
        assert answered([b"a" * 300_000], app=echo)[0] == 200


BY_PROXY = ("10.0.0.1", 5000)


def came_from(address):
    """As a proxy passes it on, whatever the sender said before."""
    said = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-for", address.encode())]
    return SCOPE | {"client": BY_PROXY, "headers": said}


def test_who_sends_two_long_bodies_slowly_keeps_nobody_else_from_sending(monkeypatch, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(asgi, "PATIENCE", 0.1)
    monkeypatch.setattr(asgi, "django", echo)
    answers, held = [], asyncio.Semaphore(0)

    async def sends(address, *, slow=False):
        begun, told = [], []

        async def receive():
            if begun and slow:
                held.release()
                await asyncio.Event().wait()
            begun.append(True)
            return {"type": "http.request", "body": b"a" * 300_000, "more_body": slow}

        async def send(message):
            told.append(message)

        await asgi.application(came_from(address), receive, send)
        answers.append(told[0]["status"])

    async def all_of_them():
        slow = [asyncio.create_task(sends("192.0.2.1", slow=True)) for _ in range(2)]
        for _one in slow:
            await asyncio.wait_for(held.acquire(), 10)
        await sends("192.0.2.1")
        await sends("192.0.2.2")
        for one in slow:
            one.cancel()
        await asyncio.wait(slow)
        await sends("192.0.2.1")

    run(all_of_them())
    assert answers == [408, 200, 200]
    gc.collect()
    assert not asgi.room_of_address


PART = b"0123456789" * 10_000


def long(environ, start):
    start("200 OK", [("Content-Type", "text/csv")])
    yield from [PART] * 50


def test_a_long_answer_leaves_piece_by_piece_and_whole():
    status, said, messages = answered([b""], app=long)
    assert (status, said) == (200, PART * 50)
    assert messages > 10


def whom(path):
    """Long for some, short for others."""
    return SCOPE | {"raw_path": path}


def long_or_short(environ, start):
    return long(environ, start) if environ["PATH_INFO"] == "/long" else echo(environ, start)


async def whole():
    return {"type": "http.request", "body": b""}


async def begun(readers):
    """So many who ask for something long and read nothing; what the next ones are answered."""
    answers = []

    async def reads_nothing(message):
        if message["type"] == "http.response.body":
            stuck.release()
            await asyncio.Event().wait()

    async def reads(message):
        answers.append(message)

    stuck = asyncio.Semaphore(0)
    slow = [
        asyncio.create_task(asgi.application(whom(b"/long"), whole, reads_nothing))
        for _reader in range(readers)
    ]
    for _reader in slow:
        await asyncio.wait_for(stuck.acquire(), 10)
    for path in (b"/short", b"/long"):
        await asyncio.wait_for(asgi.application(whom(path), whole, reads), 10)
    for one in slow:
        one.cancel()
    await asyncio.wait(slow)
    await asgi.application(whom(b"/long"), whole, reads)
    return answers


def test_who_does_not_read_on_keeps_no_thread_and_only_so_many_wait_on_disk(monkeypatch):
    monkeypatch.setattr(asgi, "django", long_or_short)
    monkeypatch.setattr(asgi, "threads_for_long_answers", threading.Semaphore(asgi.LONG_ONES))
    told = []

    async def asked():
        told.extend(await begun(asgi.LONG_ONES))

    assert asgi.LONG_ONES > asgi.THREADS
    run(asked())
    # A short one is answered, one more long one is not, and it is once the others have gone.
    starts = [message for message in told if message["type"] == "http.response.start"]
    assert [message["status"] for message in starts] == [200, 503, 200]
    assert b"".join(message.get("body", b"") for message in told).endswith(PART * 50)


def test_however_many_make_long_answers_a_page_is_answered(monkeypatch):
    go_on = threading.Event()

    def takes_long(environ, start):
        if environ["PATH_INFO"] == "/short":
            yield from echo(environ, start)
            return
        start("200 OK", [])
        yield PART
        assert go_on.wait(10)
        yield PART

    async def asked(path, begun=None):
        said = []

        async def send(message):
            said.append(message)
            if begun and message["type"] == "http.response.body":
                begun.set()

        await asgi.application(whom(path), whole, send)
        return said[0]["status"]

    async def all_of_them():
        under_way = []
        for _number in range(asgi.THREADS - 1):
            begun = asyncio.Event()
            under_way.append(asyncio.create_task(asked(b"/long", begun)))
            await asyncio.wait_for(begun.wait(), 10)
        statuses.extend([await asked(b"/long"), await asked(b"/short")])
        go_on.set()
        statuses.extend(await asyncio.gather(*under_way))
        statuses.append(await asked(b"/long"))

    statuses = []
    monkeypatch.setattr(asgi, "django", takes_long)
    run(all_of_them())
    assert statuses == [503, 200] + [200] * (asgi.THREADS - 1) + [200]


def test_the_first_of_a_long_answer_leaves_before_the_last_is_made(monkeypatch):
    left = threading.Event()

    def waits(environ, start):
        start("200 OK", [])
        yield PART
        assert left.wait(10)
        yield PART

    async def send(message):
        if message["type"] == "http.response.body":
            left.set()

    monkeypatch.setattr(asgi, "django", waits)
    run(asgi.application(SCOPE, whole, send))


def test_who_never_reads_on_is_given_up(monkeypatch):
    monkeypatch.setattr(asgi, "TAKEN_WITHIN", 0.01)
    monkeypatch.setattr(asgi, "django", long)

    async def reads_nothing(message):
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        run(asgi.application(SCOPE, whole, reads_nothing))


def test_a_process_that_has_started_looks_for_garbage():
    assert gc.isenabled()
    assert gc.get_freeze_count() > 10_000  # but not in what its start has made


def test_who_leaves_in_the_middle_is_no_fault_for_the_log(monkeypatch, caplog):
    left, ended = threading.Event(), threading.Event()

    def goes_on(environ, start):
        start("200 OK", [])
        try:
            yield PART
            assert left.wait(10)
            yield PART
        finally:
            ended.set()

    async def leaves():
        begun = asyncio.Event()

        async def send(message):
            if message["type"] == "http.response.body":
                begun.set()
                await asyncio.Event().wait()

        asking = asyncio.create_task(asgi.application(SCOPE, whole, send))
        await asyncio.wait_for(begun.wait(), 10)
        asking.cancel()
        await asyncio.wait([asking])
        left.set()
        await asyncio.to_thread(ended.wait, 10)
        await asyncio.sleep(0.01)
        del asking
        gc.collect()

    monkeypatch.setattr(asgi, "django", goes_on)
    run(leaves())
    assert caplog.records == []


def test_an_answer_is_closed_also_when_it_breaks_off():
    closed = []

    class Broken:
        def __iter__(self):
            yield b"a"
            raise ValueError("broken")

        def close(self):
            closed.append(True)

    def broken(environ, start):
        start("200 OK", [])
        return Broken()

    with pytest.raises(ValueError, match="broken"):
        answered([b""], app=broken)
    assert closed


def environ_of(*headers):
    return asgi.environ(SCOPE | {"headers": list(headers)}, None)


def test_a_path_and_its_question_keep_their_bytes():
    asked = environ_of()
    assert asked["PATH_INFO"].encode("latin-1") == "/café/".encode()
    assert asked["QUERY_STRING"] == "a=1&b=%20"
    assert asked["REMOTE_ADDR"] == "192.0.2.1"


def test_nobody_speaks_for_the_proxy_by_an_underscore():
    asked = environ_of(
        (b"x-forwarded-for", b"192.0.2.7"),
        (b"x_forwarded_for", b"198.51.100.1"),
        (b"x-forwarded_proto", b"https"),
    )
    assert asked["HTTP_X_FORWARDED_FOR"] == "192.0.2.7"
    assert "HTTP_X_FORWARDED_PROTO" not in asked


def test_what_is_said_twice_stays_both():
    asked = environ_of(
        (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"text/html"), (b"accept", b"*/*")
    )
    assert asked["HTTP_COOKIE"] == "a=1; b=2"
    assert asked["HTTP_ACCEPT"] == "text/html,*/*"
