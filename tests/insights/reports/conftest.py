"""Diaries whose reports are looked at: ordinary, overflowing, empty, and a year long."""

from uuid import uuid4

import pytest

from benchmarks import people
from diary import recording
from diary.check import QUESTIONS
from diary.factors import OPTIONAL
from diary.models import Diary
from insights import collect, compute
from insights.reports.choices import ReportForm
from insights.reports.making import make
from insights.reports.pdf import pdf
from insights.reports.report import Paper
from tests.insights import sampled as sample_diary
from tests.insights.entries import NOW, ago, at, note

LONG = "Zuckungsbeobachtungstagebucheintragung " * 12  # 468 characters of long words


@pytest.fixture
def sampled(db):
    """The sample diary."""
    return sample_diary.ready(NOW)


@pytest.fixture
def wordy(alice):
    """Somebody who writes as much as there is room for, so that a page is not enough."""
    for n in range(1, 6):
        answers = dict.fromkeys(QUESTIONS, "no" if n % 2 else "unsure")
        recording.note_check(alice, uuid4(), answers, f"{n} {LONG}", at(ago(n * 7), 9))
    for n in range(12):
        text = recording.MedicineText(f"{n} {LONG[:90]}", "medicine", ago(40), None)
        recording.add_medicine(alice, uuid4(), text, NOW)
    for n in range(1, 40):
        note(alice, ago(n), place="eyelid-r" if n % 3 else "thumb-l")
    compute.recompute(alice.pk, NOW)
    return alice


@pytest.fixture
def heavy(alice):
    """Somebody who keeps much, as people do: a dozen of medicines, a check every third day."""
    return fill(alice)


def fill(owner):
    """Write down much of everything: twelve medicines, thirteen checks, what was said beside."""
    for n in range(13):
        answers = dict.fromkeys(QUESTIONS, "no") | {"weakness": "yes" if n % 4 else "unsure"}
        said = "The calf twitches on the stairs and rests after an hour. " * 4
        recording.note_check(owner, uuid4(), answers, said[:200], at(ago(n * 3 + 2), 9))
    for n in range(12):
        text = recording.MedicineText(
            f"A medicine of a long name {n} forte", "medicine", ago(20 * n + 3), None, "1 at night"
        )
        recording.add_medicine(owner, uuid4(), text, NOW)
    for n in range(1, 60):
        day = ago(n)
        if n % 5:
            note(owner, day, place=("calf-l", "eyelid-r", "thumb-l", "thigh-r")[n % 4])
        values = {"caffeine_mg": 90 * (n % 5), "stress": 1 + n % 4, "sleep_minutes": 400 + n % 90}
        recording.change_day(owner, day, values, dict.fromkeys(values), at(day, 20))
    compute.recompute(owner.pk, NOW)
    return owner


def fill_factors(owner):
    """Keep as many daily factors as there are, and something of every part."""
    for key in OPTIONAL:
        recording.switch_factor(owner, key, True, NOW)
    for n in range(1, 60):
        day = ago(n)
        note(owner, day, place=("calf-l", "eyelid-r", "thumb-l")[n % 3])
        if n % 4 == 0:
            note(owner, day, hour=15)
        values = {}
        for at_step, factor in enumerate(Diary.objects.get(owner=owner).factors.values(), 3):
            points = sorted(factor.points) or [factor.minimum, factor.minimum + factor.step]
            values[factor.column] = factor.stored(points[n * at_step // 4 % len(points)])
        recording.change_day(owner, day, values, dict.fromkeys(values), at(day, 20))
    answers = dict.fromkeys(QUESTIONS, "no") | {"lasting": "unsure"}
    recording.note_check(owner, uuid4(), answers, "", at(ago(3), 9))
    text = recording.MedicineText("Magnesium", "supplement", ago(40), None, "one a day")
    recording.add_medicine(owner, uuid4(), text, NOW)
    compute.recompute(owner.pk, NOW)
    return owner


def everything(owner):
    """All parts, five quoted words, five questions, a long name."""
    own = {f"own{n}": f"{n} {LONG[:130]}" for n in (1, 2, 3)}
    parts = ["name", "map", "factors", "check", "medicines", "words", "questions"]
    return {
        "period": "six-weeks",
        "part": parts,
        "words": [said.key for said in collect.words(owner, ago(60), ago(1))][:5],
        "name": "Wilhelmina-Charlotte " * 3,
        "ask": ["closer-look", "sooner"],
        **own,
    }


@pytest.fixture(scope="session")
def made_once():
    """Reports and their files by name: values, which no test changes."""
    return {}


@pytest.fixture(params=["ordinary", "long words", "nothing kept", "a year"])
def printed(request, made_once, db):
    """A report, and its file on each paper."""
    if request.param not in made_once:
        owner, sent = _asked_for(request)
        diary = Diary.objects.select_related("owner").get(owner=owner)
        form = ReportForm(sent or None, today=diary.today(NOW))
        assert not form.is_bound or form.is_valid(), form.errors
        report = make(diary, form.asked(collect.words(owner, *form.days)), NOW)
        files = {paper: pdf(report, site="Ebb", language="en-gb", paper=paper) for paper in Paper}
        made_once[request.param] = report, files
    return made_once[request.param]


def _asked_for(request):
    """Whose report, and what was chosen for it."""
    if request.param == "ordinary":
        return request.getfixturevalue("sampled"), {}
    if request.param == "long words":
        owner = request.getfixturevalue("wordy")
        return owner, everything(owner)
    if request.param == "nothing kept":
        return request.getfixturevalue("alice"), {}
    days = {"first": ago(360).isoformat(), "last": ago(1).isoformat()}
    parts = ["map", "factors", "check", "medicines", "words", "questions"]
    owner = people.person("year", 4_000, NOW.date())
    return owner, {"period": "dates", "part": parts, **days}
