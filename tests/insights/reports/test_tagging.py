"""The PDF of a report for who listens to it: its structure, its order, its words for pictures."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from diary import recording
from insights import collect
from insights.reports import drawing, wording
from insights.reports.making import make
from insights.reports.pdf import pdf
from insights.reports.report import Paper
from tests.insights.entries import NOW, ago, at
from tests.insights.reports.conftest import everything
from tests.insights.reports.marked import ARTIFACT, Marked
from tests.insights.reports.test_pdf import choices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_noon")]


def tagged(owner, **sent):
    diary, asked = choices(owner, **sent)
    report = make(diary, asked, NOW)
    return report, Marked(pdf(report, site="Ebb", language="en-gb"))


@pytest.fixture
def told(printed):
    """A report and its file."""
    report, files = printed
    return report, Marked(files[Paper.A4])


def facts(report):
    """All that a report says, in the order in which it is said."""
    timeline = drawing.timeline(report.days, report.weeks)
    said = [f"Summary for an appointment, {wording.span(report)}"]
    if "name" in report.parts:
        said += [report.name, date_format(report.born, "j F Y") if report.born else ""]
    said += [wording.few(report)]
    for line in wording.in_short(report):
        said += [line.strong, line.rest]
    said += [wording.day_key(timeline), wording.totals(report)]
    if "map" in report.parts:
        said += [wording.every_place(report), wording.within(report)]
    if report.factors:
        said.append(wording.factor_basis(report))
        for row in wording.factor_rows(report.factors):
            said += [row.name, row.middle, row.refusal, row.higher, row.over, row.other, row.fits]
    if "check" in report.parts:
        said += ["Symptoms check", wording.answered_on(report)]
    for sign in wording.sign_rows(report):
        said += [sign.about, sign.earlier, sign.dates, sign.answer]
    said += wording.medicines(report)
    for words in report.words:
        said += [f"“{words.text}”", date_format(words.day, "j F")]
    said += [*report.questions, wording.disclaimer("Ebb"), "Made on 23 November 2026"]
    return [words for words in said if words]


def assert_in_order(wanted, text):
    """All of it is there, one after the other; lines may be broken anywhere."""
    left = "".join(text.split())
    for words in wanted:
        _, found, left = left.partition("".join(words.split()))
        assert found, f"{words!r} is not there, or earlier than what comes before it"


def test_all_that_is_drawn_is_content_of_an_element_or_an_artifact(told):
    _, file = told
    for page in range(len(file.file.pages)):
        drawn = list(file.drawn(page))
        assert drawn
        assert [operator for operator, within in drawn if within is None] == []
        assert ARTIFACT in {within for _, within in drawn}


def test_every_number_leads_to_its_element_and_back(told):
    _, file = told
    kinds = {where: node.kind for node in file.document for where in node.content}
    assert len(kinds) == sum(len(node.content) for node in file.document)
    for page in range(len(file.file.pages)):
        numbers = {within for _, within in file.drawn(page) if isinstance(within, int)}
        assert numbers == set(range(len(numbers)))
        assert [kinds[page, number] for number in sorted(numbers)] == file.parents(page)


def test_it_is_read_out_in_the_order_of_the_report(told):
    report, file = told
    assert_in_order(facts(report), file.text(file.document))


def test_headings_are_one_title_and_the_parts_below_it(told):
    _, file = told
    heads = [node for node in file.document if node.kind.startswith("/H")]
    assert [node.kind for node in heads] == ["/H1", *["/H2"] * (len(heads) - 1)]
    said = [file.text(head) for head in heads]
    assert said[:2] == ["Muscle twitch diary", "In short"]
    assert said[-1] in ("What I would like to ask", "Notes")


def test_every_row_of_a_table_has_a_head_that_says_which_way_it_reads(told):
    _, file = told
    for table in (node for node in file.document if node.kind == "/Table"):
        assert table.nodes
        for row in table.nodes:
            assert row.kind == "/TR"
            assert row.nodes[0].kind == "/TH"
            for cell in row.nodes:
                assert cell.kind in ("/TH", "/TD")
                assert (cell.kind == "/TH") == ("/Scope" in cell.attributes)
        wide = {sum(int(c.attributes.get("/ColSpan", 1)) for c in row.nodes) for row in table.nodes}
        assert len(wide) == 1


def test_pictures_are_told_in_the_words_of_the_page(told):
    report, file = told
    figures = [node for node in file.document if node.kind == "/Figure"]
    wanted = [wording.totals(report), wording.every_place(report)]
    assert [figure.alt for figure in figures] == wanted
    for figure in figures:
        left, bottom, right, top = figure.attributes["/BBox"]
        assert 0 <= left < right
        assert 0 <= bottom < top


def test_list_items_have_what_they_say_beside_their_mark(sampled):
    _, file = tagged(sampled)
    items = [node for node in file.document if node.kind == "/LI"]
    assert {tuple(part.kind for part in item.nodes) for item in items} == {
        ("/Lbl", "/LBody"),
        ("/LBody",),
    }
    assert [file.text(item.nodes[0]) for item in items][-3:] == ["1.", "2.", "3."]


def test_the_page_says_the_same(page, alice, wordy):
    sent = everything(wordy)
    report, file = tagged(wordy, **sent)
    body = page.get(reverse("report"), sent).content.decode()
    sheet = body.partition('<article class="sheet"')[2].partition("</article>")[0]
    seen = re.sub(r"<[^>]*?aria-label=\"([^\"]*)\"[^>]*>|<[^>]*>", r" \1 ", sheet)
    assert_in_order(facts(report), unescape(seen))
    assert_in_order(facts(report), file.text(file.document))


def test_the_file_speaks_the_language_it_was_asked_for_in(sampled):
    diary, asked = choices(sampled)
    report = make(diary, asked, NOW)
    with override("de"):
        file = Marked(pdf(report, site="Ebb", language="de"))
        assert_in_order([wording.span(report)], file.text(file.document))
    assert file.catalog["/Lang"] == "de"
    text = file.text(file.document)
    assert "Oktober" in text
    assert "an 31 Tagen" in text
    assert re.search(r"0,\d mehr bis \d,\d mehr", text)
    assert not re.search(r"\d\.\d", text)


def test_letters_that_the_font_lacks_are_boxes_to_see_and_words_to_hear(alice):
    words = "Größe Ελληνικά Кириллица 日本語 עברית 😀"
    recording.note_check(alice, uuid4(), {"weakness": "no"}, words, at(ago(3), 9))
    quoted = [said.key for said in collect.words(alice, ago(40), ago(1))]
    _, file = tagged(alice, period="six-weeks", part=["words", "name"], words=quoted, name="山田")
    paragraphs = [node for node in file.document if node.kind == "/P"]
    assert [node.actual for node in paragraphs if node.actual] == [
        "Name 山田",
        f"“{words}” 20 November",
    ]
    said = file.text(file.document)
    assert "Größe Ελληνικά Кириллица □□□ □□□□□ □" in said
    assert "Letters shown as a box could not be printed" in said


def test_nothing_is_said_of_boxes_where_every_letter_is_printed(alice):
    _, file = tagged(alice, period="six-weeks", part=["name"], name="Jürgen Łoś")
    assert "box" not in file.text(file.document)


def test_no_file_claims_more_than_tags(sampled):
    _, file = tagged(sampled)
    assert file.catalog["/MarkInfo"] == {"/Marked": True}
    assert "/Metadata" not in file.catalog
