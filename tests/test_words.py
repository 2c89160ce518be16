"""The words Ebb does not use: they frighten, they judge, or they claim more than a diary can know.

Learn tells what others have written and has rules of its own, in tests/insights/knowledge.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")])
MODULES = sorted(
    path
    for app in ("config", "diary", "insights")
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)

NEVER = re.compile(
    r"\b(affected areas?|attacks?|better|cause[ds]?|confidence intervals?|culprits?|danger\w*"
    r"|deteriorat\w+|episodes?|errors?|events?|fail(s|ed|ure)?|gaps?|improve[ds]?|improvements?"
    r"|incidents?|incomplete|inconclusive|lesions?|miss(ed|ing) days?|problems?|red flags?"
    r"|risk factors?|(in)?significan\w+|streaks?|success\w*|symptom[- ](count|free)s?"
    r"|trigger(s|ed)?|warnings?|worse(n\w*)?)\b",
    re.IGNORECASE,
)

# Said all the same, each for a reason.
SAID = {
    # Screen readers and tabs tell a refused form from a new one by this word before its title.
    "Error:",
    # It is said that nothing is one.
    "Nothing here is a cause.",
    # The title of an article, as its authors wrote it.
    "Muscle Twitching: What Causes It and How to Treat It",
    # The figure beside its data, not the person.
    "Darker means a better fit",
}

READ_OUT = {"alt", "aria-description", "aria-label", "content", "placeholder", "title"}
SPOKEN = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
SPOKEN_IN_CONTEXT = {"named", "npgettext", "npgettext_lazy", "pgettext", "pgettext_lazy"}
LITERAL = re.compile(r"\"([^\"]*)\"|'([^']*)'")


class Visible(HTMLParser):
    """What a page shows or reads out: its text, and the attributes that are words."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("script", "style")
        if ("name", "htmx-config") not in attrs:
            self.words += [value for name, value in attrs if name in READ_OUT and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def template_words(source: str) -> Iterator[str]:
    """What a template says: its text without tags and comments, and the literals of its code that
    are translated, wherever in the page these end up."""
    page, silent = "", False
    for token in Lexer(source).tokenize():
        if token.token_type is TokenType.BLOCK:
            name = token.contents.split()[0]
            silent = (silent or name == "comment") and name != "endcomment"
            page += " "
            if not silent and name in ("translate", "trans"):
                yield "".join(LITERAL.findall(token.contents)[0])
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for literal in re.findall(r"\b_\(([^)]*)\)", token.contents):
                yield literal.strip("\"'")
        elif token.token_type is TokenType.TEXT and not silent:
            page += token.contents
    visible = Visible()
    visible.feed(page)
    yield from visible.words


def module_words(source: str) -> Iterator[str]:
    """What Python code says to people: the texts it has translated."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        texts: list[ast.expr] = []
        if call.func.id in SPOKEN:
            texts = call.args
        elif call.func.id in SPOKEN_IN_CONTEXT:
            texts = call.args[1:]  # the first tells translators where it stands
        for text in texts:
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def said(path: Path) -> list[str]:
    words = template_words if path.is_relative_to(ROOT / "templates") else module_words
    return [" ".join(text.split()) for text in words(path.read_text(encoding="utf-8"))]


def unfit(texts: list[str]) -> list[str]:
    """The texts with a word that is not said, apart from what may be."""
    found = []
    for text in texts:
        rest = text
        for allowed in SAID:
            rest = rest.replace(allowed, "")
        if NEVER.search(rest):
            found.append(text)
    return found


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES + MODULES, ids=name_of)
def test_what_people_read_neither_frightens_nor_judges(path: Path) -> None:
    assert unfit(said(path)) == []


@pytest.mark.parametrize("path", TEMPLATES + MODULES, ids=name_of)
def test_nothing_is_shouted(path: Path) -> None:
    assert [text for text in said(path) if "!" in text] == []


@pytest.mark.parametrize("path", TEMPLATES + MODULES, ids=name_of)
def test_an_apostrophe_is_curved(path: Path) -> None:
    assert [text for text in said(path) if "'" in text] == []


def test_every_exception_is_still_said() -> None:
    everything = "\n".join(text for path in TEMPLATES + MODULES for text in said(path))
    assert [allowed for allowed in SAID if allowed not in everything] == []


@pytest.mark.parametrize(
    "page",
    [
        "<p>An episode</p>",
        '<p aria-label="A warning">Fine</p>',
        "<p data-told=\"{% translate 'Your streak' %}\">Fine</p>",
        '{% include "_field.html" with label=_("Trigger") %}',
        "{% blocktranslate with n=days %}{{ n }} missed days{% endblocktranslate %}",
        '{% translate "Affected area" as label %}',
        "<p>It got\n  worse</p>",
    ],
)
def test_a_word_is_found_wherever_a_template_says_it(page: str) -> None:
    assert unfit(list(template_words(page)))


@pytest.mark.parametrize(
    "page",
    [
        "{# an episode #}",
        "{% comment %}a warning{% endcomment %}",
        '<p class="error-text" hx-trigger="diary-changed">{{ field.errors }}</p>',
        '<script type="application/json">{"event": 1}</script>',
        "<p>Most people have eventful days</p>",
    ],
)
def test_code_is_not_a_word(page: str) -> None:
    assert not unfit(list(template_words(page)))
