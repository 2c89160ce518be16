"""What was written into a diary comes back out as text, wherever it is shown or handed on."""

import csv
import io
import json
import logging
import re
import zipfile
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.urls import reverse
from django.utils.timezone import now
from pypdf import PdfReader

from diary import recording
from diary.exports.csv import unescape
from diary.exports.more import more_tables
from diary.factors import FURTHER_AT_MOST, OwnFactor, Shape
from diary.models import Batch, Check, Day, Diary, Medicine, Twitch
from insights import compute
from insights.models import ReportFile, Share
from insights.reports.choices import USUAL
from insights.reports.files import make_file
from insights.reports.report import Paper, Part
from insights.sharing import links
from tests.diary.test_csv import FORMULAS as PAYLOADS
from tests.diary.test_csv import SIGNS, as_spreadsheet
from tests.test_access import TAKES, address, written

from .inputs import FORMULAS, MARK, MARKUP
from .judging import Taken, judge_text
from .test_addresses import Browser, Kept, as_it_could_be, put_back

__all__ = ["written"]

WORDS = [*MARKUP, *FORMULAS]
NUMBER = re.compile(r"-?[0-9.]+")


@pytest.fixture
def full(written, alice):
    """A diary in which every text is one that no person would write."""
    moment = now()
    for at, words in enumerate(WORDS):
        diary = Diary.objects.get(owner=alice)
        when = recording.When.at(moment - timedelta(hours=7 * at), diary)
        text = recording.NoteText(when, "seconds", words=words)
        recording.note(alice, uuid4(), ["calf-l"], text, moment)
        day = diary.today(moment)
        medicine = recording.MedicineText(words[:100], "medicine", day, None, words)
        recording.add_medicine(alice, uuid4(), medicine, moment)
        recording.note_check(alice, uuid4(), {"weakness": "no"}, words, moment)
        Batch.objects.create(owner=alice, uuid=uuid4(), name=words[:100], created_at=moment)
        UserSession.objects.create(
            user=alice, session_key=f"{at + 1:032}", ip="192.0.2.1", user_agent=words
        )
    for words in MARKUP[:6]:
        recording.make_factor(alice, OwnFactor(words[:40], Shape.AMOUNT, unit=words[:12]), moment)
    Twitch.objects.filter(uuid=written["note"]).update(words=MARKUP[2])
    Medicine.objects.filter(uuid=written["medicine"]).update(words=MARKUP[3], name=MARKUP[4])
    Check.objects.filter(uuid=written["check"]).update(words=MARKUP[4])
    Batch.objects.filter(uuid=written["import"]).update(name=MARKUP[5])
    compute.recompute(Diary.objects.get(owner=alice).pk, moment)
    return written


def asked(browser, name, path, **headers):
    with put_back():
        as_it_could_be(name)
        answer = browser.get(path, headers=headers)
        whole = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code < 500, path
    judge_text(path, answer, whole)
    return answer, whole


def test_every_page_and_part_shows_what_was_written_as_text(full, alice):
    passkeys = Authenticator.objects.filter(user=alice)
    passkeys.update(data={"name": MARKUP[2], "credential": {}})
    browser = Browser(alice)
    for name in sorted(TAKES):
        asked(browser, name, address(name, full))
        asked(browser, name, address(name, full), **{"HX-Request": "true"})


@pytest.fixture
def full_of_formulas(alice):
    """A diary with every formula in every field of words, and some as names of factors."""
    moment, diary = now(), Diary.objects.get(owner=alice)
    for at, words in enumerate(PAYLOADS):
        when = recording.When.at(moment - timedelta(days=at), diary)
        text = recording.NoteText(when, "seconds", words=words)
        recording.note(alice, uuid4(), ["calf-l"], text, moment)
        Day.objects.update_or_create(owner=alice, day=when.day, defaults={"words": words})
        medicine = recording.MedicineText(words, "medicine", when.day, None, words)
        recording.add_medicine(alice, uuid4(), medicine, moment)
        recording.note_check(alice, uuid4(), {"weakness": "no"}, words, moment)
    for words in PAYLOADS[:FURTHER_AT_MOST]:
        recording.make_factor(alice, OwnFactor(words, Shape.AMOUNT, unit=words), moment)
    return alice


def tables_of(browser, archive_path):
    """Every table that can be fetched, and every one of the archive."""
    names = [name for name in TAKES if name.startswith("export-")]
    paths = [reverse(name) for name in names if not TAKES[name]]
    paths += [reverse("export-more", kwargs={"key": key}) for key in more_tables()]
    for path in paths:
        _answer, whole = asked(browser, "", path)
        if path != archive_path:
            yield path, whole.decode("utf-8-sig")
            continue
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            for name in archive.namelist():
                if name.endswith(".csv"):
                    yield f"{path} {name}", archive.read(name).decode("utf-8-sig")


def is_live(cell):
    """Whether a spreadsheet that splits the cell anywhere could run a part of it."""
    pieces = [cell]
    for delimiter in ";\t\r\n":
        pieces = [part for piece in pieces for part in as_spreadsheet(piece, delimiter)]
    return any(piece[:1] in SIGNS[1:] for piece in pieces if piece)


def test_no_formula_is_live_in_any_table_and_each_comes_back_as_it_was(full_of_formulas):
    found = {}
    for path, text in tables_of(Browser(full_of_formulas), reverse("export-everything")):
        heading, *rows = csv.reader(io.StringIO(text, newline=""))
        assert not [cell for cell in heading if is_live(cell)], path
        for row in rows:
            for name, cell in zip(heading, row, strict=True):
                assert not is_live(cell) or NUMBER.fullmatch(cell), f"{path} {name} {cell!r}"
                found.setdefault((path.rpartition("/")[2].strip(), name), set()).add(unescape(cell))
    for table, column in (
        ("notes.csv", "words"),
        ("days.csv", "words"),
        ("checks.csv", "words"),
        ("medicines.csv", "name"),
        ("medicines.csv", "words"),
    ):
        for place in (table, f"everything.zip {table}"):
            assert set(PAYLOADS) <= found[place, column], (place, column)


def test_the_walk_meets_what_was_written(full, alice):
    """Otherwise a page that shows nothing would pass."""
    browser = Browser(alice)
    for name in ("diary", "note", "medicines", "check-answer", "export-notes"):
        assert MARK.encode() in asked(browser, name, address(name, full))[1], name


def everything_chosen(browser):
    """The query of a report in which all that was written is chosen."""
    page = browser.get("/report/").content.decode()
    names = re.findall(r'name="words"[^>]*value="([^"]+)"', page)
    names += re.findall(r'value="([^"]+)"[^>]*name="words"', page)
    assert names
    chosen = [f"words={quote(name)}" for name in names]
    chosen += [f"part={part.value}" for part in Part]
    return "&".join([f"period={USUAL}", f"paper={Paper.A4.value}", *chosen])


def with_words(chosen, words):
    """The same report, under a name and with a question that no person would write."""
    return f"{chosen}&name={quote(words[:60])}&own1={quote(words)}"


def narratives(value):
    """What a document says of itself as a page, wherever it stands in it."""
    if isinstance(value, dict):
        yield from ([value["div"]] if "div" in value else [])
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from narratives(part)


def test_a_report_and_its_document_are_text_throughout(full, alice):
    browser = Browser(alice)
    chosen = everything_chosen(browser)
    for words in WORDS:
        for path in ("/report/", "/report/fhir/"):
            answer = browser.get(f"{path}?{with_words(chosen, words)}")
            assert answer.status_code < 500
            judge_text(path, answer, answer.content)
    document = json.loads(browser.get(f"/report/fhir/?{chosen}").content)
    told = list(narratives(document))
    assert any(MARK in div for div in told)
    for div in told:
        page = Taken()
        page.feed(div)
        assert not page.found


def test_a_file_of_a_report_holds_no_links_scripts_or_forms(full, alice):
    browser = Browser(alice)
    chosen = everything_chosen(browser)
    for words in MARKUP[:8]:
        query = with_words(chosen, words)
        answer = browser.generic(
            "POST", "/report/pdf/", query.encode(), "application/x-www-form-urlencoded"
        )
        assert answer.status_code == 303, answer.content.decode()
    files = ReportFile.objects.filter(owner=alice, data=None)
    assert files
    for file in files:
        make_file(file.pk, now())
        data = bytes(ReportFile.objects.get(pk=file.pk).data or b"")
        reader = PdfReader(io.BytesIO(data))
        assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(reader.root_object)
        assert MARK in "".join(page.extract_text() for page in reader.pages)
        assert not any({"/Annots", "/AA"} & set(page) for page in reader.pages)


def test_a_shared_report_is_text_throughout(full, alice):
    as_it_could_be("shared")
    made = links.make(alice, links.scope_of(Share.objects.get()), 7, "", now())
    answer = Browser(None).generic(
        "POST",
        f"/shared/{made.share.uuid}/",
        f"secret={made.secret}".encode(),
        "application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200
    judge_text("/shared/", answer, answer.content)


def test_an_e_mail_has_the_headers_and_readers_it_was_meant_to_have(
    settings, alice, bob, mailoutbox
):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    settings.SIGNUP, settings.HAS_MAIL = "open", True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    known = {alice.email, bob.email}
    for words in WORDS:
        for email in (words, f"alice@example.org{words}", alice.email):
            for path in ("/accounts/password/reset/", "/accounts/signup/"):
                password = quote("a long enough password")
                body = f"email={quote(email)}&password1={password}&consent=1"
                with put_back():  # the counts of tries too
                    answer = Browser(None).generic(
                        "POST",
                        path,
                        body.encode(),
                        "application/x-www-form-urlencoded",
                        headers={"User-Agent": words, "X-Forwarded-For": words},
                    )
                assert answer.status_code in (302, 422), (path, email)
    assert len({mail.subject for mail in mailoutbox}) > 1
    for mail in mailoutbox:
        message = mail.message()
        assert set(mail.to) <= known
        assert not mail.cc + mail.bcc
        assert not [name for name in message if MARK in name.lower() or name == "Bcc"]
        assert "\n" not in str(message["Subject"])
        assert message.get_content_type() == "text/plain"


def test_a_log_has_nothing_of_a_diary_and_one_line_for_each_event(full, alice):
    kept, root = Kept(), logging.getLogger()
    root.addHandler(kept)
    try:
        browser = Browser(alice)
        for words in WORDS:
            browser.get("/diary/", {"q": words}, headers={"User-Agent": words, "Referer": words})
            browser.get(f"/{quote('no-such-page' + chr(10) + 'line')}")
            browser.post("/log/", {"words": words, "place": words})
    finally:
        root.removeHandler(kept)
    assert kept.lines
    for line in kept.lines:
        assert MARK not in line
        assert "\n" not in line
