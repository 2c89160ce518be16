import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from insights.knowledge.library import AWAITED, HERE, Kind, Passage, check, library, read

CLAIMS = [f"A{n:02}" for n in range(1, 90)] + [f"B{n:02}" for n in range(1, 29)]

# Words that would turn a diary into a judge, or frighten without helping.
NEVER = re.compile(
    r"\b(abnormal|affected|alerts?|attacks?|better|cause[ds]?|confidence interval|culprit|dangers?"
    r"|detects?|deteriorated?|diagnos\w+|episodes?|errors?|events?|failed|gaps?|improve[ds]?"
    r"|incidents?|incomplete|inconclusive|lesions?|medical-grade|missed|monitor|normal range"
    r"|pathological|predicts?|problems?|proven|red flags?|risks?|significant|streak|success"
    r"|symptoms?|therapy|treat(ed|s|ments?)?|triggers?|warnings?|worse|you are fine)\b",
    re.IGNORECASE,
)
CONDITIONS = re.compile(
    r"\b(als|amyotrophic|sclerosis|ms|gehrig|motor neurone|dystrophy|thyroid|neuropathy|diabetes"
    r"|brachial|benign|bfs|epilepsy)\b",
    re.IGNORECASE,
)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A copy of the library to spoil."""
    return Path(shutil.copytree(HERE, tmp_path / "knowledge"))


def spoil(shelf: Path, name: str, old: str, new: str) -> tuple[str, ...]:
    path = shelf / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return check(shelf)


def words_of(passage: Passage) -> str:
    return f"{passage.text}\n{passage.care}\n{passage.outside}"


def test_nothing_is_wrong_with_our_own_library():
    assert check() == ()


def test_every_claim_of_both_articles_is_told_in_one_passage():
    told = sorted(claim for passage in library().passages for claim in passage.claims)
    assert told == CLAIMS


def test_a_passage_names_the_article_and_section_of_its_claims():
    tip = next(p for p in library().passages if p.id == "CAF1")
    assert [(source.title, source.section) for source in tip.sources] == [
        ("Why Am I Twitching A Lot? | Muscle Mystery Solved", "Practical tips to try now"),
        ("Muscle Twitching: What Causes It and How to Treat It", "Causes, 3. Too much caffeine"),
    ]


def test_the_topics_come_in_the_order_of_the_contents():
    assert [topic.slug for topic in library().topics] == [
        "in-short",
        "coffee-and-caffeine",
        "sleep",
        "stress",
        "drinking-enough",
        "exercise-and-rest",
        "food-and-minerals",
        "what-can-be-done",
        "medicines",
        "twitch-cramp-or-tremor",
        "questions",
        "medical-advice",
        "other-conditions",
    ]


def test_a_topic_takes_five_to_eight_sentences():
    for topic in library().topics:
        prose = [p.text for p in topic.told if not p.text.startswith(("|", "-"))]
        sentences = sum(len(re.findall(r"\.(?:\s|$)", text)) for text in prose)
        assert 5 <= sentences <= 8, topic.slug


def test_where_the_articles_disagree_one_passage_says_so():
    told = {frozenset(passage.differ) for passage in library().passages if passage.differ}
    assert told == {
        frozenset({"A02", "B02"}),  # what it is called
        frozenset({"A09", "B03"}),  # where it starts
        frozenset({"A34", "A35", "A36", "B09"}),  # which minerals
        frozenset({"A35", "A88"}),  # weakness: low potassium, or a reason to ask
        frozenset({"A42", "B14"}),  # too little exercise, or too much
    }


def test_no_passage_uses_a_word_that_judges_or_frightens():
    for topic in library().topics:
        page = [topic.title, topic.summary, topic.diary, *map(words_of, topic.passages)]
        assert not NEVER.search("\n".join(page)), topic.slug
        assert "!" not in "".join(page), topic.slug


def test_conditions_are_named_on_one_page_only_and_in_context():
    named = {
        topic.slug
        for topic in library().topics
        if CONDITIONS.search("\n".join([topic.title, topic.summary, topic.diary]))
        or any(CONDITIONS.search(words_of(passage)) for passage in topic.passages)
    }
    assert named == {"other-conditions"}
    topic = library().topic("other-conditions")
    assert topic
    assert "less common" in topic.passages[0].text
    assert "Weakness or numbness" in topic.passages[0].text


def test_what_is_in_neither_article_says_where_it_comes_from():
    amount = next(p for p in library().passages if "400 mg" in p.text)
    assert "European Food Safety Authority" in amount.outside


def test_every_passage_awaits_a_clinician_until_one_is_named():
    assert {passage.clinician for passage in library().passages} == {AWAITED}
    assert all(topic.clinicians == () for topic in library().topics)


def test_tips_on_food_supplements_and_medicines_never_stand_beside_a_diary():
    tips = {passage.id: passage for passage in library().passages if passage.kind is Kind.TIP}
    for passage in (tips["FOD1"], tips["MED1"]):
        assert passage.care
        assert (passage.beside, passage.figure) == (None, None)
    for passage in tips.values():
        if passage.beside or passage.figure:
            assert "supplement" not in words_of(passage)
            assert "medicine" not in words_of(passage)


DOSE = re.compile(r"\b\d+ ?(mg|g|µg|tablets?|drops?)\b", re.IGNORECASE)


def test_no_tip_gives_a_dose_or_tells_anybody_to_stop_or_adjust_a_medicine():
    for passage in library().passages:
        if passage.kind is Kind.TIP:
            assert not DOSE.search(words_of(passage))
            if "stop" in words_of(passage) or "change it" in words_of(passage):
                assert "Do not stop or change it on your own." in words_of(passage)


def test_alcohol_and_illness_are_in_neither_article_so_nothing_is_suggested_for_them():
    beside = {passage.beside.factor for passage in library().passages if passage.beside}
    assert not beside & {"alcohol", "illness"}


def test_a_claim_that_speaks_for_something_to_try_is_in_a_tip(shelf):
    faults = spoil(shelf, "passages/CAF1.md", "same: A21 A40", "same: A21")
    assert "claim A40 is in no tip" in faults


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("ease: 2\n", "", "what goes beside a diary has an ease"),
        ("ease: 2", "ease: 4", "expected 1, 2 or 3"),
        ("beside: more caffeine", "beside: more cola", "expected “more” or “less” and one of"),
        ("same: A21", "same: A99", "there is no claim A99"),
    ],
)
def test_a_tip_that_cannot_be_ranked_is_named(shelf, old, new, fault):
    assert any(fault in said for said in spoil(shelf, "passages/CAF1.md", old, new))


def test_a_figure_is_read_in_the_unit_of_its_factor():
    figures = {p.id: p.figure for p in library().passages if p.figure}
    assert {name: (f.factor, f.at_least, f.words) for name, f in figures.items()} == {
        "SLP1": ("sleep", 7, "7 h"),
        "DRK1": ("hydration", 2000, "8 glasses of 250 ml"),
    }


def test_raw_html_in_a_passage_stays_text(shelf):
    path = shelf / "passages" / "SLP1.md"
    path.write_text(path.read_text(encoding="utf-8") + "<script>alert(1)</script>\n")
    tip = next(p for p in read(shelf)[0].passages if p.id == "SLP1")
    assert "<script>" not in tip.html


def test_a_claim_that_no_passage_tells_is_reported(shelf):
    faults = spoil(
        shelf, "passages/SLP1.md", "claims: A73", "claims: A73 A73".replace(" A73", "", 1)
    )
    assert faults == ()
    assert spoil(shelf, "passages/SLP1.md", "claims: A73", "also: A73") == (
        "claim A73 is told in no passage",
    )


def test_the_ledger_neither_frightens_nor_judges_nor_names_a_condition():
    for line in library().ledger:
        assert not NEVER.search(f"{line.says}\n{line.why_not}")
        assert not CONDITIONS.search(f"{line.says}\n{line.why_not}")


def test_only_a_tip_or_a_question_may_rest_on_what_is_told_elsewhere(shelf):
    faults = spoil(shelf, "passages/stress-source.md", "claims: B08", "also: B08")
    assert any("only a tip or a question may rest" in fault for fault in faults)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"A60"', '"A99"', "row 3: 'A99'"),
        ('"A60"', '"A60", "A20"', "claim A20 is in 2 rows"),
        ('"A60"', '"A60", "A01"', "does not call claim A01 testable"),
        ('claims = ["A60"]', "claims = []", "claim A60 is in no row"),
        ('factor = "sleep-quality"', 'factor = "naps"', "row 3: expected “more” or “less”"),
        ('factor = "sleep-quality"', 'why_not = "x"', "row 3"),
        ('outcome = "length"', 'outcome = "mood"', "row 5: 'mood' is not a valid Outcome"),
        ('outcome = "length"', 'colour = "red"', "row 5: colour is not known here"),
    ],
)
def test_a_row_of_the_ledger_that_is_wrong_is_named(shelf, old, new, fault):
    assert any(fault in said for said in spoil(shelf, "ledger.toml", old, new))


def test_a_claim_told_twice_is_reported(shelf):
    assert spoil(shelf, "passages/SLP1.md", "claims: A73", "claims: A73 A72") == (
        "claim A72 is told 2 times: DRK1, SLP1; keep one, use also:",
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("claims: A73", "claims: A99", "line 2: claims: there is no claim A99"),
        ("kind: tip", "kind: hint", "line 1: kind: 'hint' is not a valid Kind"),
        ("kind: tip", "kind tip", "line 1: expected “key: value”, or “---” before the text"),
        ("kind: tip", "kind: tip\nkind: tip", "line 2: kind is given twice"),
        ("kind: tip\n", "", "line 1: kind is missing"),
        ("kind: tip", "kind: factor", "line 3: only a tip can go beside a diary"),
        ("kind: tip", "kind: tip\nmood: good", "line 2: mood is not a key that is known here"),
        ("figure: sleep >= 7 h", "figure: sleep >= 7 ml", "line 4: figure: expected such as"),
        ("figure: sleep >= 7 h", "figure: seven hours", "line 4: figure: expected such as"),
        ("beside: less sleep", "beside: less luck", "line 3: beside: expected “more” or “less”"),
        ("reviewed: 2026-11-23", "reviewed: 2026-02-30", "line 7: reviewed: day"),
        ("\n---\n", "\n", "line 9: expected “key: value”, or “---” before the text"),
        ("claims: A73", "claims: A73\ndiffer: A09", "line 1: differ names A09"),
    ],
)
def test_a_malformed_passage_is_named_with_its_line(shelf, old, new, fault):
    faults = spoil(shelf, "passages/SLP1.md", old, new)
    assert any(f.startswith("passages/SLP1.md, line") and fault in f for f in faults), faults


def test_a_passage_without_text_is_reported(shelf):
    path = shelf / "passages" / "SLP1.md"
    head = path.read_text(encoding="utf-8").partition("---")[0]
    path.write_text(f"{head}---\n", encoding="utf-8")
    assert "passages/SLP1.md, line 9: there is no text after “---”" in check(shelf)
    path.write_text(head, encoding="utf-8")
    assert "passages/SLP1.md, line 8: the line “---” before the text is missing" in check(shelf)


def test_a_passage_on_no_page_or_on_two_is_reported(shelf):
    assert spoil(shelf, "topics/sleep.md", " SLP1", "") == ("passages/SLP1.md is on no page",)
    assert spoil(shelf, "topics/stress.md", " STR1", " STR1 SLP2") == (
        "passages/SLP1.md is on no page",
        "passages/SLP2.md is on 2 pages",
    )


def test_a_topic_that_names_an_unknown_passage_is_reported(shelf):
    faults = spoil(shelf, "topics/sleep.md", "SLP1", "SLP9")
    assert "topics/sleep.md, line 4: passages: there is no passage SLP9" in faults


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("A01: Opening", "A01 Opening", "claims.md, line 2: expected “# A: title”"),
        ("A15-A16:", "A14-A16:", "claims.md, line 5: out of order or listed before"),
        ("A15-A16:", "B15-B16:", "claims.md, line 5: out of order or listed before"),
    ],
)
def test_a_malformed_list_of_claims_is_named_with_its_line(shelf, old, new, fault):
    assert any(f.startswith(fault) for f in spoil(shelf, "claims.md", old, new))


def test_a_review_is_as_old_as_its_oldest_passage(shelf):
    spoil(shelf, "passages/SLP2.md", "reviewed: 2026-11-23", "reviewed: 2025-01-31")
    topic = read(shelf)[0].topic("sleep")
    assert topic
    assert topic.reviewed == date(2025, 1, 31)


def test_a_page_names_its_clinicians_once_every_passage_has_one(shelf):
    for path in (shelf / "passages").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        reviewed = "clinician: Dr Example, 2 January 2027"
        path.write_text(text.replace("clinician: awaited", reviewed), encoding="utf-8")
    assert {topic.clinicians for topic in read(shelf)[0].topics} == {
        ("Dr Example, 2 January 2027",)
    }


def test_every_kind_of_passage_is_in_use():
    assert {passage.kind for passage in library().passages} == set(Kind)
