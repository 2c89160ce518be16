"""What the two articles say, in our own words: read from text files, checked, found by topic.

`claims.md` says in which section of which article each numbered claim stands, and which of them
speak for something to try or can be tested. A file in `passages/` tells some of these claims; each
claim is told in exactly one passage, so that it cannot come to mean two things. A file in `topics/`
puts passages in order under a title and says what a diary can and cannot show about them. A file's
name is its id. `ledger.toml` says what a diary can be set beside.

A folder named after another language holds the words of each of these files in that language, and
nothing else: what is told, where it stands and what it goes beside is said once.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, Self

from django.utils.translation import get_language

from diary.factors import FACTORS, OPTIONAL

HERE = Path(__file__).parent
OPENING = "in-short"  # the topic that opens the first page of Learn
ADVICE = "medical-advice"  # the topic that has a page of its own shape
AWAITED = "awaited"
TRANSLATED = ("de",)  # folders of this one
MEANT_FOR = "# What claims are for"  # opens the last part of claims.md

KNOWN = FACTORS | OPTIONAL
# As passages spell them; a factor's own unit is translated, these files are not.
UNITS = {"caffeine": "mg", "sleep": "h", "hydration": "ml"}


class Html(str):
    """HTML that templates print as it is.

    Only our own reviewed files become one, through a renderer that leaves raw HTML switched off.
    """

    __slots__ = ()

    def __html__(self) -> Self:
        """The same text: markup already."""
        return self


class Kind(StrEnum):
    """What a passage does for its reader."""

    BACKGROUND = "background"
    CAUSE = "cause"
    MECHANISM = "mechanism"
    FACTOR = "factor"
    NUTRIENT = "nutrient"
    WARNING = "warning"
    DIFFERENCE = "difference"
    TREATMENT = "treatment"
    TIP = "tip"
    QUESTION = "question"


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A section of an article; sources sort in the order of reading."""

    article: str  # A or B
    position: int
    title: str
    section: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The finding that a tip fits: more notes went together with more, or less, of a factor."""

    factor: str
    more: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount that an article gives: at least this much of a factor, in the factor's own unit."""

    factor: str
    at_least: float
    words: str  # the amount as people say it, such as "8 glasses of 250 ml"


@dataclass(frozen=True, slots=True)
class Passage:
    """A few sentences in our own words, and where they come from."""

    id: str
    kind: Kind
    claims: tuple[str, ...]  # told here, and nowhere else
    also: tuple[str, ...]  # told elsewhere, leaned on here
    same: tuple[str, ...]  # told elsewhere, saying the same; not named once more as a source
    differ: tuple[str, ...]  # claims used here in which the articles do not agree
    sources: tuple[Source, ...]
    outside: str  # where the part that is in neither article comes from; empty when all is
    beside: Beside | None
    figure: Figure | None
    ease: int  # how easily it is tried, from 1; 0 for what is never suggested beside a diary
    care: str  # a line that always goes with the text; may be empty
    reviewed: date
    clinician: str  # AWAITED, or who reviewed it and when
    text: str
    html: Html


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of Learn."""

    slug: str
    position: int
    title: str
    summary: str
    passages: tuple[Passage, ...]
    diary: Html  # what a diary can and cannot show about this

    @property
    def told(self) -> tuple[Passage, ...]:
        """The passages that explain."""
        return tuple(passage for passage in self.passages if passage.kind is not Kind.TIP)

    @property
    def tips(self) -> tuple[Passage, ...]:
        """The passages that suggest."""
        return tuple(passage for passage in self.passages if passage.kind is Kind.TIP)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every section that a passage draws on, in the order of reading."""
        return tuple(sorted({source for passage in self.passages for source in passage.sources}))

    @property
    def outside(self) -> tuple[str, ...]:
        """Where the rest comes from, each named once."""
        return tuple(dict.fromkeys(p.outside for p in self.passages if p.outside))

    @property
    def reviewed(self) -> date:
        """The day of the oldest review on the page."""
        return min(passage.reviewed for passage in self.passages)

    @property
    def clinicians(self) -> tuple[str, ...]:
        """Who reviewed the page; empty while any part of it still awaits a clinician."""
        found = tuple(dict.fromkeys(passage.clinician for passage in self.passages))
        return () if AWAITED in found else found


class Outcome(StrEnum):
    """What a statement of the ledger is about."""

    NUMBER = "number"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that an article says and a diary could be set beside."""

    says: str
    claims: tuple[str, ...]
    sources: tuple[Source, ...]
    beside: Beside | None  # more notes with more, or less, of a factor; None: not testable here
    outcome: Outcome
    why_not: str  # why no diary of this kind can answer; empty where one can


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that Learn, medical advice and suggestions draw on."""

    topics: tuple[Topic, ...]  # in their order
    ledger: tuple[Statement, ...] = ()

    def topic(self, slug: str) -> Topic | None:
        """The topic of this name, if there is one."""
        return next((topic for topic in self.topics if topic.slug == slug), None)

    def topic_of(self, passage: Passage) -> Topic:
        """The page on which a passage is told."""
        return next(topic for topic in self.topics if passage in topic.passages)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, in the order of the pages."""
        return tuple(passage for topic in self.topics for passage in topic.passages)


def library() -> Library:
    """The library of this product in the language in use; English where there is no other."""
    language = (get_language() or "").partition("-")[0]
    return _in_language(language if language in TRANSLATED else "")


@cache
def _in_language(language: str) -> Library:
    """The library, read once; refuses to be read with a fault in it."""
    found, faults = read(HERE)
    if language and not faults:
        found, faults = in_words_of(found, HERE / language)
    if faults:
        raise ValueError("\n".join(faults))
    return found


@cache
def source_of(claim: str) -> Source:
    """Where this claim stands. Raises KeyError for a claim that neither article makes."""
    return _read_claims(HERE / "claims.md")[0][claim]


def check(folder: Path = HERE) -> tuple[str, ...]:
    """What is wrong with a library, one line each; nothing when all is well."""
    return read(folder)[1]


def read(folder: Path) -> tuple[Library, tuple[str, ...]]:
    """The library in a folder, and what is wrong with it. What cannot be read is left out."""
    claims, meant, faults = _read_claims(folder / "claims.md")
    passages: dict[str, Passage] = {}
    topics: list[Topic] = []
    for path in sorted((folder / "passages").glob("*.md")):
        try:
            passages[path.stem] = _passage(_File(path), claims)
        except MalformedError as fault:
            faults.append(str(fault))
    unread = {path.stem for path in (folder / "passages").glob("*.md")} - passages.keys()
    for path in sorted((folder / "topics").glob("*.md")):
        try:
            topics.append(_topic(_File(path), passages, unread))
        except MalformedError as fault:
            faults.append(str(fault))
    topics.sort(key=lambda topic: topic.position)
    faults += _untold(claims, passages) + _misplaced(passages, topics)
    faults += _never_suggested(meant["suggested"], passages)
    ledger = _read_ledger(folder / "ledger.toml", claims, meant["testable"], faults)
    return Library(tuple(topics), ledger), tuple(faults)


def in_words_of(library: Library, folder: Path) -> tuple[Library, tuple[str, ...]]:
    """The library in the words of a folder, and what is wrong with them, one line each."""
    faults: list[str] = []

    def passage(told: Passage) -> Passage:
        file = _File(folder / "passages" / f"{told.id}.md")
        care, outside = (file.take(key, str, default="") for key in ("care", "outside"))
        figure = file.take("figure", str, default="")
        file.finish()
        if (bool(care), bool(outside), bool(figure)) != (
            bool(told.care),
            bool(told.outside),
            bool(told.figure),
        ):
            file.fail(1, "has not the same of care, outside and figure as the English file")
        return replace(
            told,
            text=file.text,
            html=_html(file.text),
            care=care,
            outside=outside,
            figure=told.figure and replace(told.figure, words=figure),
        )

    def topic(told: Topic) -> Topic:
        file = _File(folder / "topics" / f"{told.slug}.md")
        title, summary = (file.take(key, str) for key in ("title", "summary"))
        file.finish()
        passages = tuple(_told(passage, one, faults) for one in told.passages)
        return replace(
            told, title=title, summary=summary, diary=_html(file.text), passages=passages
        )

    topics = tuple(_told(topic, one, faults) for one in library.topics)
    rows = tomllib.loads((folder / "ledger.toml").read_text(encoding="utf-8"))["row"]
    words = {tuple(row["claims"]): row for row in rows}
    ledger = []
    for statement in library.ledger:
        row = words.pop(statement.claims, {})
        if "says" not in row or ("why_not" in row) != bool(statement.why_not):
            faults.append(f"{folder.name}/ledger.toml: {statement.claims} is not told the same way")
        ledger.append(replace(statement, says=row.get("says", ""), why_not=row.get("why_not", "")))
    faults += [f"{folder.name}/ledger.toml: there is no row {claims}" for claims in words]
    names = {one.id for one in library.passages} | {one.slug for one in library.topics}
    faults += [
        f"{path.parent.name}/{path.name} is told in no other language"
        for path in sorted(folder.glob("*/*.md"))
        if path.stem not in names
    ]
    return Library(topics, tuple(ledger)), tuple(faults)


def _told[T](again: Callable[[T], T], one: T, faults: list[str]) -> T:
    """One thing in other words; as it was, with a fault more, where these can't be read."""
    try:
        return again(one)
    except (MalformedError, OSError) as fault:
        faults.append(str(fault))
        return one


def _untold(claims: Iterable[str], passages: Mapping[str, Passage]) -> list[str]:
    told = Counter(claim for passage in passages.values() for claim in passage.claims)
    faults = [f"claim {claim} is told in no passage" for claim in claims if not told[claim]]
    for claim, times in told.items():
        if times > 1:
            where = ", ".join(p.id for p in passages.values() if claim in p.claims)
            faults.append(f"claim {claim} is told {times} times: {where}; keep one, use also:")
    return faults


def _never_suggested(suggested: Iterable[str], passages: Mapping[str, Passage]) -> list[str]:
    tips = [passage for passage in passages.values() if passage.kind is Kind.TIP]
    used = {claim for tip in tips for claim in tip.claims + tip.also + tip.same}
    return [f"claim {claim} is in no tip" for claim in suggested if claim not in used]


def _misplaced(passages: Iterable[str], topics: Iterable[Topic]) -> list[str]:
    placed = Counter(passage.id for topic in topics for passage in topic.passages)
    faults = [f"passages/{name}.md is on no page" for name in passages if not placed[name]]
    faults += [f"passages/{name}.md is on {n} pages" for name, n in placed.items() if n > 1]
    return faults


class MalformedError(Exception):
    """A file that cannot be read; says which and where."""


class _File:
    """A text file: lines of `key: value`, a line of three dashes, then Markdown."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values: dict[str, tuple[int, str]] = {}
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            if line.strip() == "---":
                self.text = "\n".join(lines[number:]).strip()
                break
            key, colon, value = line.partition(":")
            if not colon:
                self.fail(number, "expected “key: value”, or “---” before the text")
            if key in self.values:
                self.fail(number, f"{key} is given twice")
            self.values[key] = number, value.strip()
        else:
            self.fail(len(lines), "the line “---” before the text is missing")
        if not self.text:
            self.fail(len(lines), "there is no text after “---”")

    def fail(self, line: int, why: str) -> NoReturn:
        """Refuse the file."""
        raise MalformedError(f"{self.path.parent.name}/{self.path.name}, line {line}: {why}")

    def take[T](self, key: str, meaning: Callable[[str], T], default: str | None = None) -> T:
        """The value of a key, as `meaning` understands it; a key is required without default."""
        if key not in self.values:
            if default is None:
                self.fail(1, f"{key} is missing")
            return meaning(default)
        line, value = self.values.pop(key)
        try:
            return meaning(value)
        except ValueError as fault:
            self.fail(line, f"{key}: {fault}")

    def finish(self) -> None:
        """Refuse keys that nothing asked for."""
        for key, (line, _) in self.values.items():
            self.fail(line, f"{key} is not a key that is known here")


def _passage(file: _File, claims: Mapping[str, Source]) -> Passage:
    def ids(value: str) -> tuple[str, ...]:
        found = tuple(value.split())
        for claim in found:
            if claim not in claims:
                raise ValueError(f"there is no claim {claim}")
        return found

    told = file.take("claims", ids, default="")
    also = file.take("also", ids, default="")
    beside = file.values.get("beside")
    figure = file.values.get("figure")
    ease = file.values.get("ease")
    passage = Passage(
        id=file.path.stem,
        kind=file.take("kind", Kind),
        claims=told,
        also=also,
        same=file.take("same", ids, default=""),
        differ=file.take("differ", ids, default=""),
        sources=tuple(sorted({claims[claim] for claim in told + also})),
        outside=file.take("outside", str, default=""),
        beside=file.take("beside", _beside) if beside else None,
        figure=file.take("figure", _figure) if figure else None,
        ease=file.take("ease", _ease) if ease else 0,
        care=file.take("care", str, default=""),
        reviewed=file.take("reviewed", date.fromisoformat),
        clinician=file.take("clinician", str),
        text=file.text,
        html=_html(file.text),
    )
    file.finish()
    if not passage.sources and not passage.outside:
        file.fail(1, "uses no claim and names nothing outside the articles it comes from")
    if not told and not passage.outside and passage.kind not in {Kind.TIP, Kind.QUESTION}:
        file.fail(1, "tells no claim; only a tip or a question may rest on what is told elsewhere")
    if bool(beside or figure) != bool(ease):
        file.fail((ease or beside or figure or (1, ""))[0], "what goes beside a diary has an ease")
    for claim in passage.differ:
        if claim not in told + also:
            file.fail(1, f"differ names {claim}, which this passage does not use")
    if (beside or figure) and passage.kind is not Kind.TIP:
        file.fail((beside or figure or (1, ""))[0], "only a tip can go beside a diary")
    return passage


def _topic(file: _File, passages: Mapping[str, Passage], unread: Iterable[str]) -> Topic:
    def chosen(value: str) -> tuple[Passage, ...]:
        for name in value.split():
            if name not in passages and name not in unread:
                raise ValueError(f"there is no passage {name}")
        return tuple(passages[name] for name in value.split() if name in passages)

    topic = Topic(
        slug=file.path.stem,
        position=file.take("position", int),
        title=file.take("title", str),
        summary=file.take("summary", str),
        passages=file.take("passages", chosen),
        diary=_html(file.text),
    )
    file.finish()
    return topic


def _beside(value: str) -> Beside:
    match = re.fullmatch(r"(more|less) ([\w-]+)", value)
    if not match or match[2] not in KNOWN:
        raise ValueError(f"expected “more” or “less” and one of {', '.join(KNOWN)}")
    return Beside(factor=match[2], more=match[1] == "more")


def _ease(value: str) -> int:
    if value not in {"1", "2", "3"}:
        raise ValueError("expected 1, 2 or 3; 1 is tried most easily")
    return int(value)


def _figure(value: str) -> Figure:
    """Read `sleep >= 7 h`, or `hydration >= 8 glasses of 250 ml`, which is 2000 ml."""
    match = re.fullmatch(r"(\w+) >= (\d+(?:\.\d+)?) (?:\w+ of (\d+) )?(\w+)", value)
    if not match or UNITS.get(match[1]) != match[4]:
        raise ValueError("expected such as “sleep >= 7 h”, in the unit of the factor")
    return Figure(
        factor=match[1],
        at_least=float(match[2]) * float(match[3] or 1),
        words=value.partition(" >= ")[2],
    )


def _read_ledger(
    path: Path, claims: Mapping[str, Source], testable: Sequence[str], faults: list[str]
) -> tuple[Statement, ...]:
    """The statements of the ledger. What is wrong with them is added to the faults."""
    made = []
    for number, row in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["row"], start=1):
        try:
            made.append(_statement(row, claims))
        except (KeyError, ValueError) as fault:
            faults.append(f"{path.name}, row {number}: {fault}")
    listed = Counter(claim for statement in made for claim in statement.claims)
    faults += [f"{path.name}: claim {c} is in no row" for c in testable if not listed[c]]
    faults += [f"{path.name}: claim {c} is in {n} rows" for c, n in listed.items() if n > 1]
    faults += [
        f"{path.name}: {path.parent.name}/claims.md does not call claim {claim} testable"
        for claim in listed
        if claim not in testable
    ]
    return tuple(made)


def _statement(row: Mapping[str, Any], claims: Mapping[str, Source]) -> Statement:
    unknown = row.keys() - {"claims", "says", "factor", "notes_go_with", "outcome", "why_not"}
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} is not known here")
    judged = {"factor", "notes_go_with"} & row.keys()
    if len(judged) == 1 or bool(judged) == ("why_not" in row):
        raise ValueError("expected a factor and notes_go_with, or why_not")
    return Statement(
        says=row["says"],
        claims=tuple(row["claims"]),
        sources=tuple(sorted({claims[claim] for claim in row["claims"]})),
        beside=_beside(f"{row['notes_go_with']} {row['factor']}") if "factor" in row else None,
        outcome=Outcome(row.get("outcome", Outcome.NUMBER)),
        why_not=row.get("why_not", ""),
    )


def _read_claims(path: Path) -> tuple[dict[str, Source], dict[str, list[str]], list[str]]:
    """Where each claim stands: `# A: title` opens an article, `A02-A07: section` lists claims.

    Lines of `suggested: A16 A21` name those that speak for something to try, and `testable:` those
    that a diary could be set beside.
    """
    found: dict[str, Source] = {}
    meant: dict[str, list[str]] = {"suggested": [], "testable": []}
    faults: list[str] = []
    article = title = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if heading := re.fullmatch(r"# ([A-Z]): (.+)", line):
            article, title = heading[1], heading[2]
        elif section := re.fullmatch(r"([A-Z])(\d\d)(?:-\1(\d\d))?: (.+)", line):
            numbers = range(int(section[2]), int(section[3] or section[2]) + 1)
            ids = [f"{section[1]}{each:02}" for each in numbers]
            if section[1] != article or not ids or found.keys() & ids:
                faults.append(f"{path.name}, line {number}: out of order or listed before")
            found |= dict.fromkeys(ids, Source(article, number, title, section[4]))
        elif line.partition(": ")[0] in meant:
            meant[line.partition(": ")[0]] += line.split()[1:]
        elif line.strip() and line != MEANT_FOR:
            faults.append(f"{path.name}, line {number}: expected “# A: title” or “A01: section”")
    named = [claim for claims in meant.values() for claim in claims]
    faults += [f"{path.name}: there is no claim {claim}" for claim in named if claim not in found]
    return found, meant, faults


def _html(text: str) -> Html:
    # A fifth of the start of a web process that need not show an article.
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    for at, token in enumerate(tokens):
        if token.type == "table_open":
            token.attrSet("class", "table")
        if token.type == "tr_open" and tokens[at + 1].type == "td_open":
            # The first cell names its row, which Markdown has no sign for: open, words, close.
            opens, _, closes = tokens[at + 1 : at + 4]
            opens.tag = closes.tag = "th"
            opens.attrSet("scope", "row")
    return Html(markdown.renderer.render(tokens, markdown.options, {}))
