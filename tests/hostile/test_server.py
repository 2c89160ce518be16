"""What only the real server reads: requests that are no HTTP, too large, or never end."""

import contextlib
import socket
import time
import urllib.parse

import pytest

from tests.conftest import answers

SECONDS = 5
HEAD = b"Host: localhost\r\nConnection: close\r\n"
TOKEN = b"a" * 32
FORM = HEAD + b"Cookie: csrftoken=%b\r\nX-CSRFToken: %b\r\n" % (TOKEN, TOKEN)
POST = b"POST /accounts/login/ HTTP/1.1\r\n" + FORM
KIND = b"Content-Type: application/x-www-form-urlencoded\r\n"

TWO_GB = b"Content-Length: 2147483648\r\n\r\n"

SENT = {
    "no HTTP at all": b"\0\1\2\r\n\r\n",
    "no path": b"GET\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "a host that is markup": b'GET / HTTP/1.1\r\nHost: a"><zq7x>\r\nConnection: close\r\n\r\n',
    "another version": b"GET / HTTP/9.9\r\n" + HEAD + b"\r\n",
    "another site": b"GET http://elsewhere.example/today/ HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a path of bytes": b"GET /\xed\xa0\x80\xff HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a path with a line in it": b"GET /%00%0d%0aX-zq7x:%201 HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a path that climbs": b"GET /static/../../../../etc/passwd HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a path that hides its climb": b"GET /static/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n"
    + HEAD
    + b"\r\n",
    "a long path": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a huge header": b"GET / HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 2_000_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n"
    + HEAD
    + b"".join(b"X%d: 1\r\n" % n for n in range(5_000))
    + b"\r\n",
    "cookies of bytes": b"GET /today/ HTTP/1.1\r\n"
    + HEAD
    + b"Cookie: sessionid=\xff\xed; ===;;\r\n\r\n",
    "a method nobody knows": b"BREW / HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a way through": b"CONNECT elsewhere.example:1 HTTP/1.1\r\n" + HEAD + b"\r\n",
    "an echo": b"TRACE / HTTP/1.1\r\n" + HEAD + b"X-zq7x: 1\r\n\r\n",
    "less than nothing": POST + b"Content-Length: -1\r\n\r\n",
    "two lengths": POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length beyond counting": POST + b"Content-Length: 99999999999999999999999\r\n\r\n",
    "two ways to end": POST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + b"GET /zq7x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "pieces of no size": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "two gigabytes of a form": POST + KIND + TWO_GB + b"login=a",
}


def asked(url, raw):
    """The status line and the whole of what the server says to these bytes."""
    where = urllib.parse.urlsplit(url)
    assert where.port
    said = b""
    with socket.create_connection(("127.0.0.1", where.port), timeout=SECONDS) as line:
        # The server may have said all it has to say, and closed, before everything was sent.
        with contextlib.suppress(ConnectionError):
            line.sendall(raw)
        with contextlib.suppress(ConnectionError):
            while piece := line.recv(65_536):
                said += piece
    return said


@pytest.mark.parametrize("what", SENT)
def test_whatever_comes_over_the_wire_is_answered_calmly_and_soon(what, running_ebb):
    began = time.monotonic()
    said = asked(running_ebb.url, SENT[what])
    assert time.monotonic() - began < SECONDS
    if said:  # a reset has taken the answer with it
        assert said.startswith(b"HTTP/1.1 ")
        assert said.count(b"HTTP/1.1 ") == 1
        assert int(said[9:12]) < 500
    assert b"zq7x:" not in said.lower().partition(b"\r\n\r\n")[0]
    assert b"<zq7x" not in said
    assert b"root:" not in said
    assert answers(f"{running_ebb.url}healthz") == 200


STARTED = {
    "a form": POST + KIND + b"Content-Length: 60\r\n\r\nlogin=a",
    "a form in pieces": POST + KIND + b"Transfer-Encoding: chunked\r\n\r\n5\r\nlogin\r\n",
    "a head": b"POST /accounts/login/ HTTP/1.1\r\nHost: local",
}


@pytest.mark.parametrize("what", STARTED)
def test_who_sends_slowly_keeps_nobody_waiting(what, running_ebb):
    port = urllib.parse.urlsplit(running_ebb.url).port
    with contextlib.ExitStack() as open_lines:
        for _number in range(100):
            line = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
            open_lines.enter_context(line)
            line.sendall(STARTED[what])
        for _again in range(3):
            assert answers(f"{running_ebb.url}healthz") == 200
            said = asked(running_ebb.url, POST + KIND + b"Content-Length: 7\r\n\r\nlogin=a")
            assert said.startswith(b"HTTP/1.1 422 ")
