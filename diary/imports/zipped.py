"""Archives that are looked over before anything in them is unpacked."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, override
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from .rows import Refused

MEMBERS_AT_MOST = 5000  # a phone adds a file for each walk
UNPACKED_AT_MOST = 200_000_000  # bytes
RATIO_AT_MOST = 100
SMALL = 1_000_000  # bytes; below, a few equal lines pack better than any ratio says


class Archive(ZipFile):
    """An archive that says it is damaged where its own numbers lead outside of it."""

    def __init__(self, file: IO[bytes]) -> None:
        with _damaged():
            super().__init__(file)

    @override
    def open(self, *args: Any, **kwargs: Any) -> IO[bytes]:
        """One of its files. Raises BadZipFile."""
        with _damaged():
            return super().open(*args, **kwargs)


@contextmanager
def _damaged() -> Iterator[None]:
    try:
        yield
    except (ValueError, struct.error) as fault:
        raise BadZipFile from fault


@contextmanager
def opened(file: IO[bytes]) -> Iterator[ZipFile]:
    """An archive whose sizes are plausible. Raises Refused, also for damage found while reading."""
    try:
        with Archive(file) as archive:
            _look_over(archive)
            yield archive
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, zlib.error) as fault:
        raise Refused(_("This archive is damaged or not complete.")) from fault


def _look_over(archive: ZipFile) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MEMBERS_AT_MOST:
        raise Refused(_("This archive holds too many files."))
    if unpacked > UNPACKED_AT_MOST or (unpacked > SMALL and unpacked > RATIO_AT_MOST * packed):
        raise Refused(_("This archive would unpack to far too much."))
