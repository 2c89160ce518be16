import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest

from insights.charts.drawing import HEIGHTS

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
CSS = {path.name: path.read_text() for path in (STATIC / "css").glob("*.css")}

FONTS = ROOT / "insights" / "reports" / "fonts"
VENDORED = {
    top / source["folder"] / name: digest
    for top in (VENDOR, FONTS)
    for source in tomllib.loads((top / "VENDOR.toml").read_text()).values()
    for name, digest in source["sha256"].items()
}


@pytest.mark.parametrize(("file", "digest"), VENDORED.items(), ids=str)
def test_a_vendored_file_is_the_one_that_was_checked_in(file, digest):
    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest


def test_every_vendored_file_has_its_hash_and_comes_with_its_licence():
    there = {path for top in (VENDOR, FONTS) for path in top.rglob("*") if path.is_file()}
    assert set(VENDORED) == {path for path in there if path.name != "VENDOR.toml"}
    assert {file.parent / "LICENSE" for file in VENDORED} <= there


def test_nothing_of_ours_is_fetched_from_elsewhere():
    for path in [*STATIC.rglob("*.css"), *(STATIC / "js").glob("*.js")]:
        if VENDOR not in path.parents:
            assert not re.search(r"(https?:)?//[a-z]+\.[a-z]+|@import", path.read_text()), path


def test_every_token_in_use_is_defined():
    everything = "\n".join(CSS.values())
    defined = set(re.findall(r"(--[\w-]+):", everything))
    assert set(re.findall(r"var\((--[\w-]+)", everything)) <= defined


def test_colours_are_defined_in_one_file():
    for name, sheet in CSS.items():
        if name not in ("tokens.css", "print.css"):
            assert not re.search(r":[^;{]*#[0-9a-f]{3}", sheet), name


def test_a_theme_chooses_colours_and_nothing_else():
    rules = re.findall(r"\[data-theme[^{]*\{([^}]*)\}", "\n".join(CSS.values()))
    chosen = re.findall(r"([\w-]+): ([^;]+);", "".join(rules))
    assert len(chosen) > 30
    other = [name for name, value in chosen if not re.fullmatch(r"#[0-9a-f]{6}", value)]
    assert {*other} == {"color-scheme", "filter"}


def test_the_height_of_every_chart_is_kept_free_before_it_is_drawn():
    kept = set(re.findall(r'data-height="(\d+)"\] \{ block-size: \1px', CSS["charts.css"]))
    assert {str(height) for height in HEIGHTS} <= kept


def test_no_page_carries_an_inline_script_or_style():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), path
        assert not re.search(r"<style|\son[a-z]+=|\sstyle=", text), path


def test_htmx_runs_no_script_asks_no_stranger_and_keeps_no_pages():
    frame = (ROOT / "templates/base.html").read_text()
    said = json.loads(re.findall(r"name=\"htmx-config\" content='(.*?)'", frame)[0])
    assert not said["allowEval"]
    assert not said["allowScriptTags"]
    assert said["selfRequestsOnly"]
    assert said["historyCacheSize"] == 0


# --- contrast ---------------------------------------------------------------------------------

THEMES = ("light", "dark", "bedside")


def palette(theme):
    """The colours of a theme, by token."""
    plain, bedside = CSS["tokens.css"].split('[data-theme="bedside"]')
    pairs = re.findall(r"(--[\w-]+): light-dark\((#\w+), (#\w+)\)", plain)
    colours = {name: (light if theme == "light" else dark) for name, light, dark in pairs}
    if theme == "bedside":
        own = dict(re.findall(r"(--[\w-]+): (#\w+);", bedside))
        assert set(own) == set(colours)  # none of the dark theme shows through
        return own
    return colours


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT_ON = [
    *((ink, on) for ink in ("ink", "ink-2", "ink-3", "accent") for on in ("paper", "surface")),
    *(("ink", f"ramp-{step}") for step in (0, 1)),
    ("ink", "accent-soft"),
    ("accent-strong", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-ramp-low", "ramp-2"),
    ("on-ramp-high", "ramp-3"),
    ("on-ramp-high", "ramp-4"),
    *((f"advice-{level}", f"advice-{level}-bg") for level in ("plan", "soon", "now")),
    *(("ink", f"advice-{level}-bg") for level in ("plan", "soon", "now")),
    ("advice-now", "paper"),
    ("advice-now", "surface"),
]
MARKS_ON = [
    *(
        (mark, on)
        for mark in ("control", "data-1", "data-2", "data-3", "data-grey", "accent", "focus")
        for on in ("paper", "surface")
    ),
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "on"), TEXT_ON)
def test_text_can_be_read_in_every_theme(theme, ink, on):
    colours = palette(theme)
    assert contrast(colours[f"--{ink}"], colours[f"--{on}"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "on"), MARKS_ON)
def test_edges_and_marks_can_be_seen_in_every_theme(theme, mark, on):
    colours = palette(theme)
    assert contrast(colours[f"--{mark}"], colours[f"--{on}"]) >= 3
