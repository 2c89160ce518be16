"""How an answer is looked through for what was sent and came back as more than text."""

import csv
import io
import json
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from .inputs import EVALUATED, MARK


class Taken(HTMLParser):
    """What of a page was made of what was sent, though it should be text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if MARK in tag:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            scheme = (value or "").strip().lower()
            leads = name in ("href", "src", "action", "formaction", "hx-get", "hx-post")
            away = scheme.startswith(("javascript:", "data:text", f"//{MARK}", f"https://{MARK}"))
            if MARK in name or (leads and away):
                self.found.append(f"<{tag} {name}={value!r}>")

    def handle_data(self, data):
        if EVALUATED in data:
            self.found.append(data.strip())
        if self.cdata_elem == "script" and MARK in data:
            json.loads(data)  # a script of ours holds data alone


def judge_text(why: str, answer: Any, whole: bytes) -> None:
    """An answer says what was written as text alone, in its own kind."""
    leads = answer.headers.get("Location", "/")
    assert urlsplit(leads).netloc == "", f"{why} leads to {leads}"
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    text = whole.decode(errors="replace")
    if kind == "text/html" and MARK in text:
        page = Taken()
        page.feed(text)
        page.close()
        assert not page.found, f"{why} {page.found}"
    elif kind == "text/csv":
        judge_table(why, text)
    elif kind.endswith("json"):
        json.loads(text)


def judge_table(why: str, text: str) -> None:
    """No cell of a table runs as a formula."""
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert not (MARK in cell and cell[0] in "=+-@\t\r\n"), f"{why} {cell!r}"
