"""The report as a PDF: asked for on its page, made by a worker, read back as a doctor would."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from diary import recording
from diary.factors import OwnFactor, Shape
from diary.figure import BACK, FRONT
from diary.models import Diary
from insights import collect, compute, tasks
from insights.models import ReportFile
from insights.reports import files
from insights.reports.choices import ReportForm
from insights.reports.making import make
from insights.reports.pdf import pdf, steps
from tests.insights.entries import NOW, ago, at, note
from tests.insights.reports.conftest import everything, fill_factors

WORDS = "Wie ein Zucken über dem Fuß, öfter am Abend"


def choices(owner, **sent):
    diary = Diary.objects.select_related("owner").get(owner=owner)
    form = ReportForm(sent or None, today=diary.today(NOW))
    assert not form.is_bound or form.is_valid(), form.errors
    return diary, form.asked(collect.words(owner, *form.days))


def made(owner, **sent):
    diary, asked = choices(owner, **sent)
    return pdf(make(diary, asked, NOW), site="Ebb", language="en-gb")


def read(data):
    return pypdf.PdfReader(BytesIO(data))


def text(data):
    return " ".join(" ".join(page.extract_text() for page in read(data).pages).split())


@pytest.mark.django_db
def test_all_parts_and_three_questions_are_one_page(sampled):
    file = read(made(sampled))
    assert len(file.pages) == 1
    assert [round(side) for side in file.pages[0].mediabox[2:]] == [595, 842]


def pages(data):
    return [" ".join(page.extract_text().split()) for page in read(data).pages]


@pytest.mark.django_db
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_twelve_medicines_and_thirteen_checks_are_one_page(heavy, paper):
    assert len(pages(made(heavy, **offered(), paper=paper))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_twelve_daily_factors_are_one_page(alice, language):
    with override(language):
        report = make(*choices(fill_factors(alice), **offered()), NOW)
        assert len(report.factors.lines) + len(report.factors.told) == 12
        assert len(pages(pdf(report, site="Ebb", language=language))) == 1


@pytest.mark.django_db
def test_factors_higher_than_a_page_go_on_over_the_next(alice):
    for n in range(8):
        own = OwnFactor(f"{n}{'W' * 39}", Shape.AMOUNT, unit="W" * 12)
        recording.make_factor(alice, own, NOW)
    made_up = [factor for factor in Diary.objects.get(owner=alice).factors.values() if factor.own]
    for n in range(1, 50):
        note(alice, ago(n))
        values = {factor.column: factor.stored(99_999 * (n % 2)) for factor in made_up}
        recording.change_day(alice, ago(n), values, dict.fromkeys(values), at(ago(n), 20))
    compute.recompute(alice.pk, NOW)
    first, second = pages(made(alice, **offered(), paper="letter"))
    assert "Daily factors" in first
    assert f"7{'W' * 7}" in second


@pytest.mark.django_db
def test_answers_with_dates_take_two_lines_where_they_have_the_width_of_the_page(wordy):
    (page,) = read(made(wordy, period="six-weeks", part=["check"])).pages
    assert page.extract_text().count("Not sure on 26 Oct and 9 Nov; no\nsince 16 Nov") == 6


@pytest.mark.django_db
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_second_page_begins_with_what_the_person_would_like_to_ask(heavy, paper):
    first, second = pages(made(heavy, **{**everything(heavy), "name": "Alice"}, paper=paper))
    assert "Daily factors" in first
    assert second.startswith("What I would like to ask")


def offered():
    """What is chosen before anybody chooses."""
    parts = ["name", "map", "factors", "check", "medicines", "questions"]
    return {"period": "six-weeks", "part": parts, "ask": ["closer-look", "sooner"]}


@pytest.mark.django_db
def test_the_file_says_what_the_page_says_in_the_order_of_the_page(sampled):
    said = text(made(sampled))
    headings = ("SAMPLE", "In short", "Day by day", "Where", "Daily factors", "Symptoms check")
    found = [said.index(heading) for heading in (*headings, "What I would like to ask")]
    assert found == sorted(found)
    diary, asked = choices(sampled)
    report = make(diary, asked, NOW)
    assert f"{report.coverage.kept} of {report.coverage.days} days kept." in said
    for line in report.factors.lines:
        if split := line.finding.split:
            assert f"{split.higher.days_with_notes} of {split.higher.days}" in said


@pytest.mark.django_db
def test_the_file_names_its_language_and_itself_and_embeds_its_fonts(sampled):
    file = read(made(sampled))
    root = file.trailer["/Root"]
    assert root["/Lang"] == "en-gb"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Muscle twitch diary, 12 October to 22 November 2026" in file.metadata.title
    for font in file.pages[0]["/Resources"]["/Font"].values():
        descriptor = font.get_object().get("/FontDescriptor")
        assert descriptor is None or "/FontFile2" in descriptor
    assert "DejaVuSans" in str([f.get_object()["/BaseFont"] for f in _fonts(file)])


def _fonts(file):
    return file.pages[0]["/Resources"]["/Font"].values()


@pytest.mark.django_db
def test_letters_beyond_english_are_selectable(alice):
    recording.note_check(alice, files.uuid4(), {"weakness": "no"}, WORDS, at(ago(3), 9))
    sent = {"period": "six-weeks", "part": ["words", "name"], "name": "Jürgen Łoś"}
    words = collect.words(alice, ago(40), ago(1))
    said = text(made(alice, **sent, words=[words[0].key]))
    assert WORDS in said
    assert "Jürgen Łoś" in said


@pytest.mark.django_db
def test_what_a_person_wrote_is_text_and_never_markup(alice):
    sent = {"period": "six-weeks", "part": ["name", "questions"], "name": "<b>A & B</b>"}
    said = text(made(alice, **sent, own1="<font size='99'>Why?</font> & why"))
    assert "<b>A & B</b>" in said
    assert "<font size='99'>Why?</font> & why" in said


@pytest.mark.django_db
def test_the_left_calf_is_dark_on_the_left_of_the_back(alice):
    for n in range(1, 10):
        note(alice, ago(n), place="calf-l")
    # Only the figure is large and blue enough; the picture is looked at in points of the page.
    picture = pypdfium2.PdfDocument(made(alice))[0].render(scale=1).to_pil().convert("RGB")
    dark = [
        (x, y)
        for x in range(40, 270)
        for y in range(250, 560)
        if picture.getpixel((x, y)) == (14, 74, 92)
    ]
    assert len(dark) > 50
    widths = [x for x, _ in dark]
    assert 180 < min(widths) <= max(widths) < 200


@pytest.mark.django_db
def test_a_year_is_told_week_by_week(sampled):
    sent = {"period": "dates", "first": ago(360).isoformat(), "last": ago(1).isoformat()}
    said = text(made(sampled, **sent, part=["map"]))
    assert "Week by week" in said


def test_every_outline_of_the_body_can_be_drawn():
    for outline in (*FRONT.values(), *BACK.values()):
        drawn = steps(outline)
        assert drawn[0][0] == "M"
        assert drawn[-1] == ("Z", [])
        assert all(-5 <= x <= 145 and 0 <= y <= 335 for _, points in drawn for x, y in points)


# --- asked for, made, fetched -------------------------------------------------------------------


@pytest.fixture
def handed_on(monkeypatch):
    """The files that a sweep hands on, in place of a queue."""
    ids = []
    monkeypatch.setattr(tasks, "ring", len)
    monkeypatch.setattr(tasks, "_ring", lambda task, pks: ids.extend(pks) or len(pks))
    return ids


def ask(page, **sent):
    answer = page.post(reverse("report-file-ask"), sent)
    assert answer.status_code == 303
    return ReportFile.objects.get(), answer.url


@pytest.mark.django_db
def test_a_file_is_asked_for_made_once_and_fetched(page, alice, handed_on):
    file, waits = ask(page)
    assert "being made" in page.get(waits).content.decode()
    assert page.get(reverse("report-file-get", args=[file.uuid])).status_code == 404
    tasks.sweep()
    tasks.sweep()
    assert handed_on == [file.pk]
    tasks.make_report_file(file.pk)
    assert "Download the PDF" in page.get(waits).content.decode()
    got = page.get(reverse("report-file-get", args=[file.uuid]))
    assert got.content.startswith(b"%PDF-")
    assert got["Content-Type"] == "application/pdf"
    assert "no-store" in got["Cache-Control"]


@pytest.mark.django_db
def test_the_file_of_made_up_days_says_so_in_its_name(page, alice, handed_on):
    Diary.objects.of(alice).update(is_sample=True)
    file, _waits = ask(page)
    tasks.make_report_file(file.pk)
    got = page.get(reverse("report-file-get", args=[file.uuid]))
    assert 'filename="ebb-report-SAMPLE-' in got["Content-Disposition"]


@pytest.mark.django_db
def test_a_file_is_of_the_paper_chosen_for_it(page, alice, handed_on):
    file, _waits = ask(page, period="six-weeks", paper="letter")
    tasks.make_report_file(file.pk)
    got = page.get(reverse("report-file-get", args=[file.uuid]))
    assert read(got.content).pages[0].mediabox[2:] == [612, 792]


@pytest.mark.django_db
def test_a_part_is_enough_for_the_page_that_asks_again(page, alice):
    _, waits = ask(page)
    part = page.get(waits, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div class="section" id="file" hx-get=')


@pytest.mark.django_db
def test_nobody_else_finds_the_file(page, alice, bob):
    file, waits = ask(page)
    tasks.make_report_file(file.pk)
    other = Client()
    other.force_login(bob)
    assert other.get(waits).status_code == 404
    assert other.get(reverse("report-file-get", args=[file.uuid])).status_code == 404


@pytest.mark.django_db
def test_a_file_is_gone_after_a_day(page, alice, handed_on):
    before = timezone.now()
    file, waits = ask(page)
    assert before + timedelta(days=1) <= file.expires_at <= timezone.now() + timedelta(days=1)
    tasks.make_report_file(file.pk)
    ReportFile.objects.update(expires_at=NOW - timedelta(days=30))
    assert page.get(waits).status_code == 404
    tasks.sweep()
    assert not ReportFile.objects.exists()


@pytest.mark.django_db
def test_a_file_that_cannot_be_made_is_given_up_in_words(page, alice, monkeypatch, handed_on):
    file, waits = ask(page)
    monkeypatch.setattr(files, "make_file", lambda *_: 1 / 0)
    for _ in range(5):
        tasks.make_report_file(file.pk)
    tasks.sweep()
    assert handed_on == []
    assert "could not be made" in page.get(waits).content.decode()


@pytest.mark.django_db
def test_choices_that_cannot_be_make_no_file(page, alice):
    sent = {"period": "dates", "first": "2026-11-20", "last": "2026-11-01"}
    answer = page.post(reverse("report-file-ask"), sent)
    assert answer.status_code == 422
    assert "The last day must come after the first" in answer.content.decode()
    assert not ReportFile.objects.exists()


@pytest.mark.django_db
def test_at_most_ten_files_are_kept_for_one_person(page, alice):
    _diary, asked = choices(alice)
    for n in range(12):
        files.ask(alice, asked, NOW + timedelta(minutes=n))
    assert ReportFile.objects.of(alice).count() == 10
