"""Every word of the product is told in German too, and nothing in it judges or frightens."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from diary.shown import Language
from insights.knowledge.library import HERE, TRANSLATED, in_words_of, library, read
from tests.conftest import lacking, own_environment
from tests.diary.conftest import TODAY

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}|</?[a-z]+[^>]*>")
SOURCES = ("config", "diary", "insights", "templates", "manage.py")
# As in English: nothing that judges, frightens, or says why.
NEVER = re.compile(
    r"\b(abnormal\w*|wegen|verursach\w*|auslöser|schlimmer|verschlechter\w*|verbesser\w*|risik\w*"
    r"|gefähr\w*|alarm\w*|therapie\w*|krankhaft|unvollständig\w*|fehlgeschlagen|ungültig\w*|!)",
    re.IGNORECASE,
)
# The ids of the two articles, and the sentence that says that nothing here is one.
SAYS_CAUSE = "Nichts hier ist eine Ursache."

by_language = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])


def texts(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_there_is_a_catalogue_and_a_library_for_each_language_but_english():
    offered = {key for key, _name in settings.LANGUAGES}
    assert offered == set(Language.values) - {Language.DEVICE}
    assert {path.parts[-3] for path in CATALOGUES} == offered - {"en-gb"} == set(TRANSLATED)


@pytest.fixture(scope="module")
def asked_for(tmp_path_factory):
    """Every text of the product as gettext finds it: context, singular, plural."""
    if not shutil.which("xgettext"):
        lacking("gettext")
    folder = tmp_path_factory.mktemp("texts")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            hidden = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(source, folder / name, ignore=hidden)
        else:
            shutil.copy(source, folder)
    (folder / "locale").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "xx"],
        cwd=folder,
        env=own_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = polib.pofile(str(folder / "locale/xx/LC_MESSAGES/django.po"))
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in found}


@by_language
def test_every_text_is_translated_and_nothing_else_is(asked_for, path):
    told = {(e.msgctxt, e.msgid, e.msgid_plural) for e in polib.pofile(str(path))}
    assert asked_for - told == set()
    assert told - asked_for == set()


@by_language
def test_no_translation_is_missing_or_in_doubt(path):
    assert [e.msgid for e in polib.pofile(str(path)) if not e.translated() or e.fuzzy] == []


@by_language
def test_a_translation_names_the_same_values_and_tags(path):
    for entry in polib.pofile(str(path)):
        for source, text in zip((entry.msgid, entry.msgid_plural), texts(entry), strict=False):
            wanted, given = (
                sorted(p for p in PLACEHOLDER.findall(said)) for said in (source, text)
            )
            if entry.msgid_plural and source == entry.msgid:
                assert set(wanted) <= set(given) | {"%(count)s", "%(number)s"}, entry.msgid
            else:
                assert wanted == given, entry.msgid


@by_language
def test_what_runs_is_what_was_translated(path):
    def said(entry):
        return (entry.msgctxt, entry.msgid, *texts(entry))

    compiled = polib.mofile(str(path.with_suffix(".mo")))
    assert {said(e) for e in compiled} == {said(e) for e in polib.pofile(str(path))}


def test_german_neither_judges_nor_frightens_nor_says_why():
    catalogue = polib.pofile(str(ROOT / "locale/de/LC_MESSAGES/django.po"))
    found = {
        text: NEVER.findall(text)
        for entry in catalogue
        for text in texts(entry)
        if NEVER.search(text)
    }
    assert found == {}
    causes = [t for e in catalogue for t in texts(e) if "Ursache" in t]
    assert causes == [SAYS_CAUSE]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_passage_topic_and_statement_is_told_in_its_words(language):
    english, _faults = read(HERE)
    told, faults = in_words_of(english, HERE / language)
    assert faults == ()
    assert [one.id for one in told.passages] == [one.id for one in english.passages]
    assert not {one.text for one in told.passages} & {one.text for one in english.passages}
    assert not {one.says for one in told.ledger} & {one.says for one in english.ledger}


def test_a_passage_that_is_missing_in_a_language_is_named(tmp_path):
    folder = Path(shutil.copytree(HERE / "de", tmp_path / "de"))
    (folder / "passages/CAF1.md").unlink()
    (folder / "passages/NEW1.md").write_text("---\nNeu.\n")
    _told, faults = in_words_of(read(HERE)[0], folder)
    assert any("CAF1" in fault for fault in faults)
    assert "passages/NEW1.md is told in no other language" in faults


def test_the_library_speaks_the_language_in_use_and_its_sources_stay():
    with translation.override("de"):
        german = library()
    assert german.topic("sleep").title == "Schlaf"
    assert german.topic("sleep").sources == library().topic("sleep").sources
    assert library().topic("sleep").title == "Sleep"


def test_days_are_written_as_the_language_has_it():
    with translation.override("de"):
        assert date_format(TODAY, "WEEKDAY") == "Montag, 23. November"
    assert date_format(TODAY, "WEEKDAY") == "Monday 23 November"
