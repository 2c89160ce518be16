"""The benchmark measures the product as it is: a page that is gone, or refuses, is no measure."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SMALL = "--sizes 800 900 --days 90 --rows 50 --others 3 --people 4 --rounds 1"


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Every part once, small: the lines by what they measure."""
    out = tmp_path_factory.mktemp("benchmarks") / "measures.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *SMALL.split(), "--json", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = {}
    for line in json.loads(out.read_text()):
        lines.setdefault(line["what"], []).append(line)
    return lines


def test_every_page_and_save_can_be_measured_beside_its_floor(measured):
    for page in ("Today", "Diary", "a stored week", "save a note"):
        assert {line["size"] for line in measured[page]} == {800, 900}
        assert all(line["figures"]["CPU ms"] > 0 and line["ratio"] > 0 for line in measured[page])


def test_visits_and_many_requests_at_once_can_be_measured(measured):
    for what in ("Today, first visit", "a week, later", "the library of the charts"):
        assert measured[what][0]["figures"]["kB"] > 0
    for what in ("Today, eight at once", "save a note, eight at once"):
        assert measured[what][0]["ratio"] > 0


def test_a_page_can_be_measured_that_follows_a_save(measured):
    for what in ("a note of now", "a note of two months ago"):
        (line,) = measured[f"from {what} to its page"]
        assert 0 < line["figures"]["median s"] <= line["figures"]["longest s"]


def test_an_analysis_can_be_measured_beside_its_own_arithmetic(measured):
    for what in ("one person, a week later", "everything anew, after an import"):
        assert all(line["ratio"] > 0 and line["goal"] == 1.5 for line in measured[what])


def test_a_file_can_be_taken_in_while_a_page_is_looked_at(measured):
    for step in ("read a file over", "take a file in", "both together"):
        floors = {line["floor"] for line in measured[step]}
        assert len(floors) == 2  # the kinder one never stands alone
        assert all(line["size"] == 50 and line["ratio"] > 0 for line in measured[step])
    assert measured["memory of the longest by the shortest"][0]["ratio"] == 1
    (meanwhile,) = measured["Today while a file is taken in"]
    assert meanwhile["ratio"] > 0


def test_a_report_can_be_measured_as_a_page_and_as_a_file(measured):
    for what in ("report page, a year", "report PDF, a year"):
        assert [line["size"] for line in measured[what]] == [8 * 365]
        assert measured[what][0]["ratio"] > 0


def test_an_export_can_be_measured_beside_a_bare_loop(measured):
    (csv,), (memory,) = (
        measured["notes as CSV, rows a second"],
        measured["memory of a CSV above idle"],
    )
    assert csv["ratio"] > 0
    assert csv["figures"]["rows/s of CPU"] > 0
    assert memory["ratio"] >= 0


def test_a_real_worker_can_be_measured(measured):
    (analysed,), (share,) = (
        measured["people analysed by the worker"],
        measured["the queue's share of CPU"],
    )
    assert analysed["size"] == 4
    assert share["ratio"] > 0


def test_a_start_and_a_commit_can_be_measured_beside_bare_ones(measured):
    for what in (
        "first migration",
        "a web process until its first page",
        "memory of an idle web process",
        "the run command, second start",
        "one note, one commit",
    ):
        assert all(line["ratio"] > 0 for line in measured[what])
