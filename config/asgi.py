"""The web server's entry: a thread gets a request as a whole, and is free once the answer is made.

Django's code here is synchronous, and its few threads are what a process has least of. Whoever
sends drop by drop, stops half way or does not read on keeps a coroutine waiting and never a thread.
The server could call `config.wsgi` by itself, but then a thread waits for each body that is under
way, and a few who send slowly keep everybody out.
"""

# First, as it loads Django without looking for garbage meanwhile; and some of the rest needs that.
from config.wsgi import application as django

# isort: split
import asyncio
import contextlib
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from weakref import WeakValueDictionary

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from config.frames import roomy
from config.middleware import headers

THREADS = 4
PATIENCE = 20.0  # seconds for any body; a form that arrives later is asked for again
BYTES_A_SECOND = 4_000  # and what came may take this long, so that slow lines can send a file
FORM_AT_MOST = 262_144  # bytes; what is longer waits on disk, and only so many at once
LONG_ONES = 8
OF_ONE_ADDRESS = 2  # of these, so that one who is slow leaves places to the others
KEPT_AT_MOST = 21_000_000  # a file may have 20 MB; the form around it is small
READ_AT_MOST = 100_000_000  # the rest is thrown away, so that the browser hears why
PIECE = 65_536  # bytes of an answer that leave at once; the server itself holds a few of them
IN_MEMORY = 1_000_000  # bytes of an answer; what is longer waits on disk for who reads slowly
TAKEN_WITHIN = 60.0  # seconds for as many
ASKED_WITHIN = 20  # seconds for one question to PostgreSQL; SQLite waits as long for its turn

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Room = contextlib.AsyncExitStack

threads = ThreadPoolExecutor(THREADS, "django")
room_for_long_ones = asyncio.Semaphore(LONG_ONES)
room_of_address = WeakValueDictionary[str, asyncio.Semaphore]()  # while anybody is in it
room_for_long_answers = threading.Semaphore(LONG_ONES)
threads_for_long_answers = threading.Semaphore(THREADS - 1)  # one is left for pages


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


class Made:
    """An answer between the thread that makes it and the coroutine that sends it."""

    def __init__(self, file: IO[bytes], room: Room) -> None:
        self.begin: Message = {"type": "http.response.start"}
        self.thread = contextlib.ExitStack()  # what it holds while a thread makes it
        self._file, self._room = file, room
        self._loop = asyncio.get_running_loop()
        self._grown = asyncio.Event()
        self._turn = threading.Lock()
        self._read = 0
        self._has_room = False

    def add(self, part: bytes) -> None:
        """Keep what was made. Raises Refused when too many are made, or wait for their readers."""
        # Only a file that is made for somebody does not know how long it will be.
        if not self._has_room and b"content-length" not in dict(self.begin["headers"]):
            _take(threads_for_long_answers, self.thread)
            _take(room_for_long_answers, self._room)
            self._has_room = True
        with self._turn:
            self._file.seek(0, SEEK_END)
            self._file.write(part)
        self._loop.call_soon_threadsafe(self._grown.set)

    async def pieces(self, making: asyncio.Future[bytes]) -> AsyncIterator[bytes]:
        """What was added, until all is made and read."""
        making.add_done_callback(self._is_made)
        is_made = False
        while not is_made:
            await self._grown.wait()
            self._grown.clear()
            is_made = making.done()
            while piece := self._next():
                yield piece

    def _is_made(self, making: asyncio.Future[bytes]) -> None:
        # Asked here too: when nobody reads on, its end is no fault that a log should tell.
        if not making.cancelled():
            making.exception()
        self._grown.set()

    def _next(self) -> bytes:
        with self._turn:
            self._file.seek(self._read)
            piece = self._file.read(PIECE)
            self._read += len(piece)
            if not piece:  # whoever reads as fast as it is made leaves nothing behind
                self._file.seek(0)
                self._file.truncate()
                self._read = 0
        return piece


def _take(places: threading.Semaphore, until: contextlib.ExitStack | Room) -> None:
    if not places.acquire(blocking=False):
        raise Refused(503, "Many files are being fetched. Try again in a minute.")
    until.callback(places.release)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    async with Room() as room:
        with SpooledTemporaryFile(FORM_AT_MOST) as body, SpooledTemporaryFile(IN_MEMORY) as file:
            try:
                await _read(scope, receive, body, room)
                body.seek(0)
                await _answer(environ(scope, body), Made(file, room), send)
            except Refused as refused:
                await _refuse(scope, send, refused)


async def _read(scope: Scope, receive: Receive, body: IO[bytes], room: Room) -> None:
    """Fill the body. Raises Refused when it is too large, comes too slowly or breaks off."""
    if _announced(scope) > READ_AT_MOST:
        raise Refused(
            413,
            "This is larger than 20 MB. Nothing was taken from it. Go back to choose another file.",
        )
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
                    fresh = asyncio.Semaphore(OF_ONE_ADDRESS)
                    own = room_of_address.setdefault(_address(scope), fresh)
                    await room.enter_async_context(own)
                    await room.enter_async_context(room_for_long_ones)
                    is_long = True
                if so_far <= KEPT_AT_MOST:
                    body.write(piece)
                if not message.get("more_body"):
                    return
                timeout.reschedule(began + PATIENCE + so_far / BYTES_A_SECOND)
    except TimeoutError:
        raise Refused(408, "This took too long to arrive.") from None


def _address(scope: Scope) -> str:
    """Where a request came from, as far as the proxies of the operator say so."""
    said = [text.decode("latin-1") for name, text in scope["headers"] if name == b"x-forwarded-for"]
    hops = [*",".join(said).split(","), scope["client"][0]]
    return str(hops[max(-len(hops), -1 - settings.ALLAUTH_TRUSTED_PROXY_COUNT)]).strip()


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _refuse(scope: Scope, send: Send, refused: Refused) -> None:
    answer = HttpResponse(f"{refused}\n", "text/plain; charset=utf-8", refused.status)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"

    def made(request: HttpRequest) -> HttpResponse:
        return answer

    request = WSGIRequest(environ(scope, BytesIO()))
    SecurityMiddleware(made).process_response(request, headers(made)(request))
    pairs = [(name.lower().encode(), text.encode()) for name, text in answer.items()]
    begin = {"type": "http.response.start", "status": refused.status}
    await send(begin | {"headers": [*pairs, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": answer.content})


async def _answer(asked: dict[str, Any], made: Made, send: Send) -> None:
    """Send an answer while a thread makes it. Raises TimeoutError when nobody reads on."""
    loop = asyncio.get_running_loop()
    making = loop.run_in_executor(threads, _make, asked, made)
    sent = 0
    async for piece in made.pieces(making):
        if not sent:
            await send(made.begin)
            began = loop.time()
        async with asyncio.timeout_at(began + TAKEN_WITHIN * (1 + sent / IN_MEMORY)):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        sent += len(piece)
    last = await making
    if not sent:
        await send(made.begin)
    await send({"type": "http.response.body", "body": last})


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
        "wsgi.url_scheme": "http",  # how a browser came is said by the proxy, not by its own line
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


@roomy
def _make(asked: dict[str, Any], made: Made) -> bytes:
    """Make an answer in a thread, as fast as it goes. Returns its end, mostly all of it."""

    def start(status: str, headers: Iterable[tuple[str, str]], fault: Any = None) -> Any:
        pairs = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in headers]
        made.begin.update(status=int(status[:3]), headers=pairs)

    end = bytearray()
    with made.thread, contextlib.closing(django(asked, start)) as answer:
        for part in answer:
            end += part
            if len(end) >= PIECE:
                made.add(bytes(end))
                end.clear()
    return bytes(end)
