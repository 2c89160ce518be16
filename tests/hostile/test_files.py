"""A file that somebody made to harm is read or refused, and never a fault of the worker."""

import io
import random
import struct
import time
import zipfile
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.utils.timezone import now

from diary.imports import work
from diary.models import Batch
from tests.test_access import written

from .inputs import FORMULAS, MARKUP, VALUES
from .judging import judge_text
from .test_addresses import Browser

__all__ = ["written"]

SECONDS = 5
NAMES = ["notes.csv", "export.zip", "export.xml", "days.CSV", "../../<zq7x>.csv", "a\0b", "x" * 300]
SETTLED = {Batch.State.ASKING, Batch.State.READ, Batch.State.REFUSED}


LONG = 400_000  # characters; a row may have 500,000
CELLS = [
    (
        b"date,time of day,category,rating/amount,detail,notes",
        b"2026-11-18,,a,1,b" + b" " * LONG + b"c,",
    ),
    (b"featurename,timestamp,value", b"a," + b"[" * LONG + b",1"),
    (
        b"full_date,time,mood,activities,scales,note",
        b"2026-11-18,,," + b"a|" * 50_000 + b"," + b":1" * 80_000 + b"," + b"<a" * 80_000,
    ),
    (b"day,value", b"2026-11-18," + b"1" * LONG + b"x"),
]


def raw(value):
    return value.encode(errors="replace") if isinstance(value, str) else value


def zipped(**members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def with_its_list_elsewhere(archive):
    """The archive says that its list of files stands further on than it does."""
    end = archive.rindex(b"PK\5\6")
    (at,) = struct.unpack_from("<L", archive, end + 16)
    return archive[: end + 16] + struct.pack("<L", at + 1_000_000) + archive[end + 20 :]


def made_up(own: bytes):
    """Files of all kinds: texts, tables, archives, and the diary's own with something changed."""
    dice = random.Random(16)
    yield from (raw(value) for value in VALUES if value)
    for value in [*MARKUP, *FORMULAS]:
        yield b"date,place,words\r\n2026-11-18,calf," + raw(value) + b"\r\n"
        yield raw(value) + b",time,place\r\n1,2,3\r\n"
        yield zipped(**{"notes.csv": raw(value), "../../etc/passwd": b"a", "manifest.json": b"{}"})
    yield with_its_list_elsewhere(own)
    yield zipped(**{f"{n}.csv": b"a" for n in range(2_000)})
    yield zipped(**{"notes.csv": b"0" * 30_000_000})
    yield zipped(**{"apple_health_export/export.xml": b"<HealthData>" + b"<a>" * 5_000})
    for heading, cells in CELLS:  # what a pattern could look through once for each of its signs
        yield heading + b"\r\n" + cells + b"\r\n"
    yield b'"' * 200_000
    yield b"a," * 100_000 + b"\n"
    for _time in range(60):
        other = bytearray(own)
        for _change in range(dice.randint(1, 8)):
            other[dice.randrange(len(other))] = dice.randrange(256)
        yield bytes(
            other[: dice.randint(len(own) // 2, len(own))] if dice.random() < 0.4 else other
        )


def test_whatever_file_comes_a_worker_reads_or_refuses_it(written, alice):
    browser = Browser(alice)
    exported = browser.get("/export/everything.zip")
    own = b"".join(exported) if exported.streaming else exported.content
    assert own.startswith(b"PK")
    for at, data in enumerate(made_up(own)):
        uuid = uuid4()
        work.ask(alice, uuid, NAMES[at % 4], [data], now())
        began = time.monotonic()
        work.work_on(Batch.objects.get(uuid=uuid).pk, now())
        took = time.monotonic() - began
        batch = Batch.objects.get(uuid=uuid)
        assert batch.state in SETTLED, data[:80]
        assert took < SECONDS, data[:80]
        for path in (f"/import/{uuid}/", f"/import/{uuid}/answer/"):
            answer = browser.get(path)
            assert answer.status_code < 500, data[:80]
            judge_text(path, answer, answer.content)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_whatever_a_file_is_called_its_page_says_so_as_text(name, alice):
    browser = Browser(alice)
    uuid = uuid4()
    body = (
        f'--b\r\nContent-Disposition: form-data; name="form"\r\n\r\n{uuid}\r\n'
        f"--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''{quote(name)}"
        "\r\n\r\ndate,place\r\n1,2\r\n--b--\r\n"
    )
    kind = "multipart/form-data; boundary=b"
    answer = browser.generic("POST", "/import/", body.encode(), kind)
    assert answer.status_code in (303, 422)
    for path in ("/import/", f"/import/{uuid}/"):
        answer = browser.get(path)
        assert answer.status_code < 500
        judge_text(path, answer, answer.content)
