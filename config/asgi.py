"""The web server's entry: reads what comes in as a whole, and only then gives it to a thread.

Django's code here is synchronous, and its few threads are what a process has least of. Whoever
sends drop by drop, or stops half way, keeps a coroutine waiting and never a thread.
"""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from config.wsgi import application as django

THREADS = 4
PATIENCE = 20.0  # seconds for any body; a form that arrives later is asked for again
BYTES_A_SECOND = 4_000  # and what came may take this long, so that slow lines can send a file
FORM_AT_MOST = 262_144  # bytes; what is longer waits on disk, and only so many at once
LONG_ONES = 8
KEPT_AT_MOST = 21_000_000  # a file may have 20 MB; the form around it is small
READ_AT_MOST = 100_000_000  # the rest is thrown away, so that the browser hears why
PIECE = 2_000_000  # bytes; shorter answers, and every file of the pages, keep no thread waiting
TAKEN_WITHIN = 60.0  # seconds for each piece of a long answer
ASKED_WITHIN = 20  # seconds for one question to PostgreSQL; SQLite waits as long for its turn

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

threads = ThreadPoolExecutor(THREADS, "django")
room_for_long_ones = asyncio.Semaphore(LONG_ONES)


class Refused(Exception):
    """What came is nothing to be answered by Django."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def bounded(connection: BaseDatabaseWrapper, **about: Any) -> None:
    """Let no question of a page wait or run without end: then 503, and it is sent again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = '{ASKED_WITHIN}s'")


connection_created.connect(bounded)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    async with contextlib.AsyncExitStack() as room:
        with SpooledTemporaryFile(FORM_AT_MOST) as body:
            try:
                await _read(scope, receive, body, room)
            except Refused as refused:
                await _refuse(send, refused)
                return
            body.seek(0)
            loop = asyncio.get_running_loop()

            def pass_on(message: Message) -> None:
                asyncio.run_coroutine_threadsafe(_sent(send, message), loop).result(TAKEN_WITHIN)

            asked = environ(scope, body)
            for message in await loop.run_in_executor(threads, _answer, asked, pass_on):
                await send(message)


async def _read(
    scope: Scope, receive: Receive, body: IO[bytes], room: contextlib.AsyncExitStack
) -> None:
    """Fill the body. Raises Refused when it is too large, comes too slowly or breaks off."""
    if _announced(scope) > READ_AT_MOST:
        raise Refused(413, "This is too large.")
    began = asyncio.get_running_loop().time()
    so_far, is_long = 0, False
    try:
        async with asyncio.timeout_at(began + PATIENCE) as timeout:
            while so_far < READ_AT_MOST:
                message = await receive()
                if message["type"] != "http.request":
                    raise Refused(400, "This request breaks off.")
                piece = message.get("body", b"")
                so_far += len(piece)
                if so_far > FORM_AT_MOST and not is_long:
                    await room.enter_async_context(room_for_long_ones)
                    is_long = True
                if so_far <= KEPT_AT_MOST:
                    body.write(piece)
                if not message.get("more_body"):
                    return
                timeout.reschedule(began + PATIENCE + so_far / BYTES_A_SECOND)
    except TimeoutError:
        raise Refused(408, "This took too long to arrive.") from None


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _refuse(send: Send, refused: Refused) -> None:
    headers = [
        (b"content-type", b"text/plain"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{refused}\n".encode()})


async def _sent(send: Send, message: Message) -> None:
    await send(message)


def environ(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """What a request says, as WSGI has it.

    A name with an underscore is left out: as WSGI writes names, `X_Forwarded_For` of a stranger
    could not be told from the `X-Forwarded-For` of the proxy.
    """
    said: dict[str, str] = {}
    for name, value in scope["headers"]:
        if b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        text = value.decode("latin-1")
        said[key] = f"{said[key]}{between}{text}" if key in said else text
    host, port = scope["server"]
    return said | {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _answer(asked: dict[str, Any], pass_on: Callable[[Message], None]) -> list[Message]:
    """Answer in a thread: what is long leaves piece by piece while it is made, the end at last."""
    begin: list[Message] = []

    def start(status: str, headers: Iterable[tuple[str, str]], fault: Any = None) -> Any:
        pairs = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in headers]
        begin[:] = [{"type": "http.response.start", "status": int(status[:3]), "headers": pairs}]
        return None

    answer = django(asked, start)
    with contextlib.closing(answer):
        made = bytearray()
        for part in answer:
            made += part
            if len(made) >= PIECE:
                for message in begin:
                    pass_on(message)
                begin.clear()
                pass_on({"type": "http.response.body", "body": bytes(made), "more_body": True})
                made.clear()
    return [*begin, {"type": "http.response.body", "body": bytes(made)}]
