"""A file that was made to fill the memory of a worker fills a small part of it, and soon ends."""

import io
import zipfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import django
import pytest

MB_AT_MOST = 512
MB = 1_000_000
LARGE = 190  # MB, as far as an archive may unpack to


def of_a_phone(one: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """An archive of a phone, in which something stands so often that it is large."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("apple_health_export/export.xml", "w") as member:
            member.write(b"<HealthData>" + before)
            for _again in range(LARGE):
                member.write(one * (MB // len(one)))
            member.write(after + b"</HealthData>")
        # So that it does not unpack to suspiciously much.
        archive.writestr("a walk", bytes(2 * MB), zipfile.ZIP_STORED)
    return made.getvalue()


REFUSED = "This is not an export of Apple Health."
FILES = [
    pytest.param((b"a", b'<Record value="', b'"/>'), REFUSED, id="a value that never ends"),
    pytest.param((b"<a>",), REFUSED, id="elements that never end"),
    pytest.param((b"a",), "read", id="text that never ends"),
]


def read_over(path: Path) -> tuple[str, int]:
    """In a process of its own, as a worker: what comes of a file, and the MB it ever held."""
    django.setup()
    from diary.imports.formats import Answers, read
    from diary.imports.rows import Refused, Target

    came = "read"
    with path.open("rb") as file:
        rows = read(file, path.name, Answers(), Target("UTC", 4, date(2026, 11, 23)))
        try:
            assert not list(rows)
        except Refused as fault:
            came = str(fault)
    status = Path("/proc/self/status").read_text()
    return came, int(status.partition("VmHWM:")[2].split()[0]) // 1024


@pytest.mark.parametrize(("what", "ends"), FILES)
def test_no_file_takes_more_of_a_worker_than_it_has(what, ends, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(of_a_phone(*what))
    assert file.stat().st_size <= 20 * MB
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        came, held = apart.submit(read_over, file).result(timeout=60)
    assert came == ends
    assert held <= MB_AT_MOST
