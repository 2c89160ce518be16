"""Rows as CSV that a spreadsheet can open without running any of it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from string import ascii_letters, digits

from django.utils.translation import gettext_lazy as _

HOW_WRITTEN = (  # for whoever opens a table
    _("An empty cell means that nothing is known. It never means zero."),
    _(
        "Text is UTF-8 with a comma between cells, days are written 2026-11-23, numbers have a "
        "decimal point."
    ),
    _(
        "Words that a spreadsheet could take for a formula begin with an apostrophe: those that "
        "start with = + - @, a tab, a line break or an apostrophe, also after spaces or quotation "
        "marks, and the same inside a cell after a semicolon, a tab or a line break. Take that one "
        "apostrophe away and the words are as you wrote them."
    ),
)

type Value = str | int | float | None  # None is unknown: an empty cell

ROWS_A_CHUNK = 500  # one chunk a row is several times slower
MARK_OF_UTF8 = "\ufeff"  # without it some spreadsheets take UTF-8 for an older code page

# Spreadsheets take these at the start of a cell for a formula, some of them also in their wide
# forms, and some after signs that are not seen. Where a semicolon separates cells, as in much of
# Europe, a semicolon, a tab or a new line inside our quotes can start a cell as well, and quotation
# marks at its beginning are then taken for its own.
_SIGNS = r"'=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
_UNSEEN = (
    r"[ \"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\xa0\xad\u1680\u180e\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u2064\u3000\ufeff]*"
)
_RISKY_CELL = re.compile(rf"{_UNSEEN}[{_SIGNS}\t\r\n]")
_RISKY_PART = re.compile(rf"{_UNSEEN}[{_SIGNS}]")
BREAKS = ";\t\r\n"
_BREAKS = re.compile(rf"([{BREAKS}])")
PLAIN_STARTS = {"", *ascii_letters, *digits}  # of texts that no spreadsheet runs


def text_cell(text: str) -> str:
    """Text that no spreadsheet runs as a formula; `unescape` gives the very same text back.

    An apostrophe is put before a cell that starts with = + - @, a tab, a line break or an
    apostrophe, also after spaces or quotation marks, and before the same signs after a semicolon, a
    tab or a line break inside the cell. Any other text stays as it is.
    """
    parts = _BREAKS.split(text)  # the breaks themselves stand at the odd places
    for at in range(0, len(parts), 2):
        if _RISKY_PART.match(parts[at]) or (at == 0 and _RISKY_CELL.match(text)):
            parts[at] = f"'{parts[at]}"
    return "".join(parts)


def unescape(cell: str) -> str:
    """The text that `text_cell` made this cell from."""
    if "'" not in cell:
        return cell
    parts = _BREAKS.split(cell)
    for at in range(0, len(parts), 2):
        bare = parts[at].removeprefix("'")
        if bare == parts[at]:
            continue
        if _RISKY_PART.match(bare) or (at == 0 and _RISKY_CELL.match(cell, 1)):
            parts[at] = bare
    return "".join(parts)


def stream(
    heading: Sequence[str], rows: Iterable[Sequence[Value]], rows_a_chunk: int = ROWS_A_CHUNK
) -> Iterator[bytes]:
    """Write rows as they come: first the heading, at once, then so many rows a chunk.

    Text is quoted and safe to open; numbers are bare, with a point; unknown is empty.
    """
    yield _lines([heading], MARK_OF_UTF8)
    for some in batched(rows, rows_a_chunk):
        yield _lines(some)


def _lines(rows: Iterable[Sequence[Value]], start: str = "") -> bytes:
    sheet = io.StringIO(start)
    sheet.seek(0, io.SEEK_END)
    columns = [_safe(cells) for cells in zip(*rows, strict=True)]
    csv.writer(sheet, quoting=csv.QUOTE_STRINGS).writerows(zip(*columns, strict=True))
    return sheet.getvalue().encode()


def _safe(cells: Sequence[Value]) -> Sequence[Value]:
    """The cells of a column, its texts safe to open.

    Most columns hold keys, ids and times. Looking at a whole column whether any of its texts could
    need an apostrophe takes a tenth of the time of looking at each.
    """
    texts = [cell for cell in cells if isinstance(cell, str)]
    whole = "".join(texts)
    if {text[:1] for text in texts} <= PLAIN_STARTS and not any(sign in whole for sign in BREAKS):
        return cells
    return [text_cell(cell) if isinstance(cell, str) else cell for cell in cells]
