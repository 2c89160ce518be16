"""What the documents say about safety is so: each test they name is there, each link leads on."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]


@cache
def names_in(file):
    """The names of the tests of a file."""
    if not file.exists():
        return frozenset()
    return frozenset(
        part.name
        for part in ast.walk(ast.parse(file.read_text()))
        if isinstance(part, ast.FunctionDef)
    )


@cache
def anchors(document):
    """Where a link into a document can lead, as sites of source make it of each heading."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


def section(document, heading):
    text = document.read_text()
    return re.split(r"^## ", text.split(f"\n## {heading}\n")[1], maxsplit=1, flags=re.M)[0]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_a_document_names_exists(document):
    named = re.findall(r"(tests/[\w/]+\.py)::(\w+)", document.read_text())
    assert [f"{file}::{name}" for file, name in named if name not in names_in(ROOT / file)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_documents_leads_somewhere(document):
    for link in re.findall(r"\]\((?!\w+:)([^)\s]+)\)", document.read_text()):
        file, _, anchor = link.partition("#")
        target = document.parent / file if file else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("heading", ["Threats", "Faults", "Settings", "Numbers"])
def test_whatever_is_said_of_safety_is_held_by_a_test_or_called_a_gap(heading):
    page = ROOT / "docs/security.md"
    rows = [line for line in section(page, heading).splitlines() if line.startswith("|")][2:]
    assert rows
    held = ("::test_", "(#known-gaps)", "(#report-a-weakness)")
    assert [row for row in rows if not any(sign in row for sign in held)] == []


def requirements():
    """Number, level and answer of each line of the table of requirements."""
    text = (ROOT / "docs/asvs.md").read_text()
    return re.findall(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| ([^|]+) \|$", text, re.M)


def test_every_requirement_names_a_test_a_document_a_step_or_why_it_does_not_apply():
    answered = ("`tests/", "](", "**Operator**", "Does not apply: ")
    assert [row for row in requirements() if not any(sign in row[2] for sign in answered)] == []


def test_requirements_are_counted_as_the_document_says():
    apply = [(level, how) for _number, level, how in requirements() if "Does not apply" not in how]
    tested = [level for level, how in apply if "`tests/" in how]
    others = [how for _level, how in apply if "`tests/" not in how]
    documents = [how for how in others if "**Operator**" not in how]
    gaps = [level for level, how in apply if "**Gap**" in how]
    first, second = tested.count("1"), tested.count("2")
    said = (
        f"Of the 253, {253 - len(apply)} do not apply. Of the other {len(apply)}, {len(tested)}"
        f" name a test ({first} of level 1, {second} of level 2), {len(documents)} a document, and"
        f" {len(others) - len(documents)} a step of whoever runs the server. None of level 1 and"
        f" {len(gaps)} of level 2 are gaps."
    )
    assert said in " ".join((ROOT / "docs/asvs.md").read_text().split())
    assert "1" not in gaps


def test_every_requirement_of_the_two_levels_is_answered_once():
    text = (ROOT / "docs/asvs.md").read_text()
    rows = requirements()
    levels = [(number, level) for number, level, _how in rows]
    for level, listed in re.findall(r"^Level ([12]): ([\d., ]+)\.$", text, re.M):
        levels += [(number, level) for number in listed.split(", ")]
    assert len({number for number, _level in levels}) == len(levels)
    assert [level for _number, level in levels].count("1") == 70
    assert [level for _number, level in levels].count("2") == 183
