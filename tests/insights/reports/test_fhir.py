"""The report as a FHIR document, read by a library that knows the standard."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from fhir.resources.R4B.bundle import Bundle

from diary import recording
from diary.check import QUESTIONS
from diary.factors import OPTIONAL, OwnFactor, Shape
from diary.kinds import NoteKind
from diary.models import Diary
from diary.places import PLACES
from diary.recording import MedicineText
from insights import collect, compute
from insights.reports import codes, fhir
from insights.reports.choices import ReportForm
from insights.reports.making import kept, make
from insights.reports.report import Part
from tests.insights.entries import NOW, ago, at, clear, note, untimed
from tests.insights.reports import schema

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_noon")]

MAKER = fhir.Maker("Ebb", "1.2.3", "en-gb")
# Written down from the sources of the codes, and not taken from the code that uses them.
PUBLIC = {
    "http://human-phenotype-ontology.org": {"HP:0002380", "HP:0003394", "HP:0001337"},
    "http://hl7.org/fhir/sid/icd-10-cm": {"R25.3", "R25.2"},
    "http://loinc.org": {"93832-4", "80489-8"},
    "http://terminology.hl7.org/CodeSystem/observation-category": {"survey", "social-history"},
}
BODY = {
    "80243003",
    "38934000",
    "62736007",
    "89545001",
    "21974007",
    "69536005",
    "45048000",
    "16982005",
    "40983000",
    "53120007",
    "14975008",
    "85562004",
    "76505004",
    "7569003",
    "816094009",
    "818981001",
    "77568009",
    "22943007",
    "46862004",
    "68367000",
    "53840002",
    "30021000",
    "61685007",
    "56459004",
    "29707007",
}
UNITS = {"mg", "mL", "min", "s", "d", "/d", "1", "{score}", "{drinks}"}
HOSTILE = "<script>alert(1)</script> \"'&amp; ]]> \x01\x0b\x1b\x7f \u202eעברית שלום \ufffe"


def asked_of(owner, **sent):
    diary = Diary.objects.select_related("owner").get(owner=owner)
    form = ReportForm(sent or None, today=diary.today(NOW))
    assert not form.is_bound or form.is_valid(), form.errors
    return diary, form.asked(collect.words(owner, *form.days))


def made(owner, maker=MAKER, **sent):
    """The report of these choices, and its document as a clinic's system would read it."""
    diary, asked = asked_of(owner, **sent)
    report = make(diary, asked, NOW)
    sent_out = fhir.encoded(fhir.document(report, kept(diary, asked, NOW), maker))
    Bundle.model_validate_json(sent_out)
    return report, json.loads(sent_out)


def own_factor(owner, own):
    """Make a factor of the person's own and say its key."""
    recording.make_factor(owner, own, NOW)
    return list(Diary.objects.get(owner=owner).factors)[-1]


def resources(document, kind):
    return [e["resource"] for e in document["entry"] if e["resource"]["resourceType"] == kind]


def observed(document, code):
    return [
        one
        for one in resources(document, "Observation")
        if any(coding["code"] == code for coding in one["code"].get("coding", ()))
    ]


def component(observation, code):
    for part in observation.get("component", ()):
        if part["code"]["coding"][0]["code"] == code:
            return next((value for key, value in part.items() if key.startswith("value")), None)
    return None


def everywhere(value, key):
    """Every value of this name, however deep."""
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for one in value.values():
            yield from everywhere(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from everywhere(one, key)


def narrative(document):
    divs = [s["text"]["div"] for s in resources(document, "Composition")[0]["section"]]
    return " ".join("".join(ElementTree.fromstring(div).itertext()) for div in divs)


def titles(document):
    return [s["title"] for s in resources(document, "Composition")[0]["section"]]


# --- its shape ----------------------------------------------------------------------------------


def test_a_whole_diary_is_a_valid_document_with_its_composition_first(sampled):
    _report, document = made(sampled)
    kinds = [entry["resource"]["resourceType"] for entry in document["entry"]]
    assert document["type"] == "document"
    assert kinds[0] == "Composition"
    assert set(kinds) == {
        "Composition",
        "Patient",
        "Observation",
        "Questionnaire",
        "QuestionnaireResponse",
        "MedicationStatement",
        "CodeSystem",
        "Device",
        "Provenance",
    }


@pytest.mark.parametrize("diary", ["alice", "sampled", "everything"])
@pytest.mark.parametrize("snomed", [False, True])
def test_it_is_valid_by_the_official_schema(diary, snomed, request):
    _report, document = made(
        request.getfixturevalue(diary), fhir.Maker("Ebb", "1", "en", snomed=snomed)
    )
    assert schema.faults(document) == []


def test_the_official_schema_refuses_what_no_clinic_could_read(sampled):
    _report, document = made(sampled)
    observation = resources(document, "Observation")[0]
    observation["status"] = "guessed"
    observation["mood"] = "calm"
    refused = schema.faults(document)
    assert len(refused) >= 2
    assert any("'guessed'" in one for one in refused)
    assert any("'mood'" in one for one in refused)


def test_sections_stand_in_the_order_of_the_sheet(sampled):
    _report, document = made(sampled)
    assert titles(document) == [
        "In short",
        "Day by day",
        "Where",
        "Daily factors",
        "Symptoms check",
        "Medicines and supplements",
        "In their own words",
        "What I would like to ask",
        "About this report",
    ]


def test_an_empty_diary_is_a_valid_document_that_counts_nothing(alice):
    _report, document = made(alice)
    assert [one["code"]["text"] for one in resources(document, "Observation")] == [
        "How the days were kept"
    ]
    assert component(observed(document, "coverage")[0], "twitches") is None


def test_cramps_alone_are_no_twitches(alice):
    diary = Diary.objects.get(owner=alice)
    for n, kind in ((2, NoteKind.CRAMP), (3, NoteKind.CRAMP), (4, NoteKind.TREMOR)):
        when = recording.When.at(at(ago(n)), diary)
        text = recording.NoteText(when, "minutes", kind=kind)
        recording.note(alice, uuid4(), ["calf-r"], text, NOW)
    _report, document = made(alice)
    assert len(observed(document, "HP:0003394")) == 2
    assert len(observed(document, "HP:0001337")) == 1
    assert observed(document, "HP:0002380") == observed(document, "twitches-on-day") == []


@pytest.mark.parametrize("diary", ["sampled", "alice"])
def test_every_reference_leads_to_a_resource_of_the_document(diary, request):
    _report, document = made(request.getfixturevalue(diary))
    addresses = [entry["fullUrl"] for entry in document["entry"]]
    assert len(addresses) == len(set(addresses))
    references = set(everywhere(document, "reference"))
    named = {one["questionnaire"] for one in resources(document, "QuestionnaireResponse")}
    assert references | named <= set(addresses)
    for entry in document["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"


def test_everything_in_the_document_hangs_on_its_composition(sampled):
    _report, document = made(sampled)
    reached = set(everywhere(resources(document, "Composition"), "reference"))
    apart = [
        entry["resource"]["resourceType"]
        for entry in document["entry"]
        if entry["fullUrl"] not in reached
    ]
    assert apart == ["Composition", "Provenance"]


def test_the_same_report_twice_is_the_same_bytes(sampled):
    assert json.dumps(made(sampled)[1]) == json.dumps(made(sampled)[1])


def test_a_note_has_one_id_in_every_report_and_two_reports_have_two(sampled):
    six, four = (made(sampled, period=f"{n}-weeks")[1] for n in ("six", "four"))
    ids = [{one["id"] for one in observed(each, "HP:0002380")} for each in (six, four)]
    assert ids[1] < ids[0]
    assert six["identifier"] != four["identifier"]
    assert six["entry"][0]["fullUrl"] != four["entry"][0]["fullUrl"]


def test_two_people_share_no_id_but_those_of_the_product(alice, bob):
    for owner in (alice, bob):
        note(owner, ago(3))
    first, second = ({e["fullUrl"] for e in made(owner)[1]["entry"]} for owner in (alice, bob))
    shared = first & second
    kinds = {
        entry["resource"]["resourceType"]
        for entry in made(alice)[1]["entry"]
        if entry["fullUrl"] in shared
    }
    assert kinds == {"Device", "CodeSystem"}


# --- its codes ----------------------------------------------------------------------------------


def codings(document):
    for key in ("coding", "tag"):
        for found in everywhere(document, key):
            yield from found
    yield from everywhere(document, "valueCoding")


@pytest.fixture
def everything(sampled):
    """The sample diary, with every factor that there is and a note in every place."""
    Diary.objects.of(sampled).update(is_sample=False)
    diary = Diary.objects.get(owner=sampled)
    for n, key in enumerate(key for key in OPTIONAL if key not in diary.factors):
        recording.switch_factor(sampled, key, True, NOW)
        recording.change_day(sampled, ago(2 + n), {key: 1}, {key: None}, at(ago(2 + n), 20))
    for n, kind in enumerate(NoteKind):
        text = recording.NoteText(recording.When.at(at(ago(2 + n)), diary), "minutes", kind=kind)
        for place in PLACES:
            recording.note(sampled, uuid4(), [place], text, NOW)
    return sampled


@pytest.mark.parametrize("snomed", [False, True])
def test_no_public_code_is_used_that_was_not_looked_up(everything, snomed):
    _report, document = made(everything, fhir.Maker("Ebb", "1", "en", snomed=snomed))
    allowed = PUBLIC | ({"http://snomed.info/sct": BODY} if snomed else {})
    listed = {one["code"] for one in resources(document, "CodeSystem")[0]["concept"]}
    allowed[codes.OWN] = listed
    used = {(coding["system"], coding["code"]) for coding in codings(document)}
    assert {system for system, _code in used} == set(allowed)
    assert [one for one in used if one[1] not in allowed[one[0]]] == []


def test_every_code_that_could_be_used_was_looked_up():
    text = Path(codes.__file__).read_text()
    public = set().union(*PUBLIC.values())
    written = set(re.findall(r'"(HP:\d+|R\d\d\.\d|\d{4,6}-\d)"', text))
    assert written <= public


def test_every_unit_is_one_of_ucum(everything):
    _report, document = made(everything)
    units = {
        one["code"]
        for key in ("valueQuantity", "low", "high", "numerator", "denominator")
        for one in everywhere(document, key)
        if one["system"] == "http://unitsofmeasure.org"
    }
    assert units <= UNITS


def test_snomed_is_left_out_unless_it_is_switched_on(alice):
    note(alice, ago(3), place="calf-l")
    note(alice, ago(3), place="nose")
    assert "snomed" not in json.dumps(made(alice)[1])
    _report, document = made(alice, fhir.Maker("Ebb", "1", "en", snomed=True))
    sites = {one["bodySite"]["text"]: one["bodySite"] for one in observed(document, "HP:0002380")}
    assert [coding["code"] for coding in sites["Left calf"]["coding"]] == [
        "place-calf-l",
        "53840002",
    ]
    assert [coding["code"] for coding in sites["Nose"]["coding"]] == ["place-nose"]


def test_a_twitch_is_named_in_both_public_lists(alice):
    note(alice, ago(3), place="calf-l")
    _report, document = made(alice)
    (twitch,) = observed(document, "HP:0002380")
    assert [coding["code"] for coding in twitch["code"]["coding"]] == ["HP:0002380", "R25.3"]
    assert twitch["effectiveDateTime"] == "2026-11-20T12:00:00+00:00"
    assert component(twitch, "length")["text"] == "a few seconds"


# --- what it says -------------------------------------------------------------------------------


def test_its_numbers_are_those_of_the_report(sampled):
    report, document = made(sampled)
    coverage = observed(document, "coverage")[0]
    said = {
        code: component(coverage, code)["value"]
        for code in ("days", "days-kept", "days-clear", "days-blank", "days-on-break", "twitches")
    }
    assert said == {
        "days": report.coverage.days,
        "days-kept": report.coverage.kept,
        "days-clear": report.coverage.clear,
        "days-blank": report.coverage.blank,
        "days-on-break": report.coverage.on_break,
        "twitches": report.notes,
    }
    assert len(observed(document, "HP:0002380")) == report.notes
    days = observed(document, "twitches-on-day")
    assert {day["effectiveDateTime"]: day["valueQuantity"]["value"] for day in days} == {
        day.day.isoformat(): day.notes
        for day in report.days
        if day.status in ("notes", "clear") or day.notes
    }
    weeks = observed(document, "twitches-in-week")
    assert [week["valueQuantity"]["value"] for week in weeks] == [w.notes for w in report.weeks]
    places = observed(document, "twitches-in-place")
    assert [(p["valueQuantity"]["value"], component(p, "days-with-notes")["value"]) for p in places]
    assert [p["valueQuantity"]["value"] for p in places] == [p.notes for p in report.places]


def test_its_comparisons_are_those_of_the_page(page, alice):
    for n in range(1, 61):
        day = ago(n)
        values = {"caffeine_mg": 90 * (n % 5), "stress": 1 + n % 4}
        recording.change_day(alice, day, values, dict.fromkeys(values), at(day, 20))
        note(alice, day, hour=8 + n % 12) if n % 3 else clear(alice, day)
    compute.recompute(alice.pk, NOW)
    report, document = made(alice)
    compared = observed(document, "comparison")
    assert len(compared) == len(report.factors.lines)
    body = page.get(reverse("report")).content.decode()
    caffeine = next(one for one in compared if "Caffeine" in json.dumps(one))
    higher = component(caffeine, "higher-days")
    said = f"{higher['numerator']['value']} of {higher['denominator']['value']}"
    assert f"<td>{said} " in body
    fits = component(caffeine, "difference")
    ends = fits["low"]["value"], fits["high"]["value"]
    line = report.factors.lines[0]
    assert ends == tuple(round(end, 1) for end in line.finding.difference.ranges[-1])
    assert component(caffeine, "middle")["value"] == line.middle
    refused = next(one for one in compared if "Sleep duration" in json.dumps(one))
    assert refused["component"][-1]["dataAbsentReason"]["text"] in body
    assert component(refused, "higher-days") is component(refused, "difference") is None


def test_a_day_nobody_recorded_is_not_there_and_a_clear_one_is_zero(alice):
    clear(alice, ago(5))
    note(alice, ago(3))
    recording.change_day(alice, ago(4), {"caffeine_mg": 0}, {"caffeine_mg": None}, at(ago(4), 20))
    _report, document = made(alice)
    days = observed(document, "twitches-on-day")
    assert [(d["effectiveDateTime"], d["valueQuantity"]["value"]) for d in days] == [
        (ago(5).isoformat(), 0),
        (ago(3).isoformat(), 1),
    ]
    assert component(days[0], "day-status")["text"] == "Day marked clear"
    (coffee,) = observed(document, "80489-8")
    assert (coffee["effectiveDateTime"], coffee["valueQuantity"]["value"]) == (
        ago(4).isoformat(),
        0,
    )
    assert observed(document, "93832-4") == []


def test_a_week_nobody_kept_has_no_number(alice):
    note(alice, ago(1))
    _report, document = made(alice)
    assert len(observed(document, "twitches-in-week")) == 1
    assert "not known" in narrative(document)


def test_what_was_drunk_and_slept_is_told_in_public_codes_and_units(alice):
    values = {"caffeine_mg": 180, "sleep_minutes": 450, "drinks_ml": 1500, "stress": 3}
    recording.change_day(alice, ago(2), values, dict.fromkeys(values), at(ago(2), 20))
    _report, document = made(alice)
    for code, value, unit in (
        ("80489-8", 180, "mg"),
        ("93832-4", 450, "min"),
        ("factor-hydration", 1500, "mL"),
        ("factor-stress", 3, "{score}"),
    ):
        (one,) = observed(document, code)
        assert (one["valueQuantity"]["value"], one["valueQuantity"]["code"]) == (value, unit)


def test_an_exact_length_has_an_end_and_an_unknown_time_only_a_day(alice):
    diary = Diary.objects.get(owner=alice)
    when = recording.When.at(at(ago(3)), diary)
    recording.note(
        alice, uuid4(), ["chin"], recording.NoteText(when, "minutes", duration_s=90), at(ago(3))
    )
    untimed(alice, ago(2))
    _report, document = made(alice)
    first, second = observed(document, "HP:0002380")
    assert first["effectivePeriod"] == {
        "start": "2026-11-20T12:00:00+00:00",
        "end": "2026-11-20T12:01:30+00:00",
    }
    assert component(first, "length") == {
        "value": 90,
        "unit": "s",
        "system": "http://unitsofmeasure.org",
        "code": "s",
    }
    assert second["effectiveDateTime"] == ago(2).isoformat()
    assert component(second, "length") is None


def test_a_length_is_right_in_the_night_the_clocks_go_back(alice):
    Diary.objects.of(alice).update(zone="Europe/Berlin")
    diary = Diary.objects.get(owner=alice)
    moment = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    text = recording.NoteText(recording.When.at(moment, diary), "longer", duration_s=1800)
    recording.note(alice, uuid4(), ["chin"], text, moment)
    _report, document = made(alice)
    (twitch,) = observed(document, "HP:0002380")
    assert twitch["effectivePeriod"] == {
        "start": "2026-10-25T02:50:00+02:00",
        "end": "2026-10-25T02:20:00+01:00",
    }
    (day,) = observed(document, "twitches-on-day")
    assert day["effectiveDateTime"] == "2026-10-24"
    assert "A day of this diary begins at 04:00." in narrative(document)


def test_drinks_say_which_of_them_are_meant(alice):
    recording.change_day(alice, ago(2), {"drinks_ml": 500}, {"drinks_ml": None}, at(ago(2), 20))
    _report, document = made(alice)
    assert observed(document, "factor-hydration")[0]["code"]["text"] == "Drinks, without caffeine"


@pytest.mark.parametrize(
    ("every", "meant"), [(False, "Drinks, without caffeine"), (True, "Drinks, of every kind")]
)
def test_a_comparison_says_which_drinks_are_meant(alice, every, meant):
    for n in range(1, 40):
        note(alice, ago(n))
    compute.recompute(alice.pk, NOW)
    Diary.objects.of(alice).update(every_drink=every)
    _report, document = made(alice)
    compared = [component(one, "factor")["text"] for one in observed(document, "comparison")]
    assert meant in compared


def test_of_days_noted_once_it_lists_the_notes_that_count(alice):
    for hour in (8, 11, 15):
        note(alice, ago(3), hour=hour)
    Diary.objects.of(alice).update(noting="daily")
    report, document = made(alice)
    (twitch,) = observed(document, "HP:0002380")
    assert report.notes == 1
    assert twitch["effectiveDateTime"] == f"{ago(3)}T08:00:00+00:00"
    assert "Noted once a day:" in narrative(document)


def test_a_no_is_told_with_its_date_and_an_open_question_has_no_answer(alice):
    for n, answers in ((30, dict.fromkeys(QUESTIONS, "no")), (9, {"weakness": "unsure"})):
        recording.note_check(alice, uuid4(), answers, "", at(ago(n)))
    _report, document = made(alice)
    checks = {one["authored"]: one for one in resources(document, "QuestionnaireResponse")}
    assert set(checks) == {ago(30).isoformat(), ago(9).isoformat()}
    noes = [item["answer"][0]["valueCoding"] for item in checks[ago(30).isoformat()]["item"]]
    assert [no["code"] for no in noes] == ["answer-no"] * len(QUESTIONS)
    later = {item["linkId"]: item.get("answer") for item in checks[ago(9).isoformat()]["item"]}
    assert later.pop("weakness")[0]["valueCoding"]["code"] == "answer-unsure"
    assert set(later.values()) == {None}
    assert "no on 24 Oct" in narrative(document)


def test_a_medicine_is_active_until_its_last_day_is_over(alice):
    for name, last in (("Magnesium", None), ("Tablets", ago(10))):
        recording.add_medicine(
            alice, uuid4(), MedicineText(name, "supplement", ago(60), last), at(ago(5))
        )
    _report, document = made(alice)
    taken = {
        one["medicationCodeableConcept"]["text"]: (one["status"], one["effectivePeriod"])
        for one in resources(document, "MedicationStatement")
    }
    assert taken == {
        "Magnesium": ("active", {"start": ago(60).isoformat()}),
        "Tablets": ("completed", {"start": ago(60).isoformat(), "end": ago(10).isoformat()}),
    }


def test_a_medicine_has_the_words_that_stand_beside_it(alice):
    text = MedicineText("Magnesium", "supplement", ago(60), None, "300 mg in the evening")
    recording.add_medicine(alice, uuid4(), text, NOW)
    _report, document = made(alice)
    (taken,) = resources(document, "MedicationStatement")
    assert taken["dosage"] == [{"text": "300 mg in the evening"}]
    assert "300 mg in the evening" in narrative(document)


def test_further_factors_are_told_in_their_own_shape(alice):
    recording.switch_factor(alice, "exercised", True, NOW)
    recording.switch_factor(alice, "illness", True, NOW)
    key = own_factor(alice, OwnFactor("Screens", Shape.AMOUNT, unit="h"))
    values = {"exercised": 1, "illness": 0, key: 350}
    recording.change_day(alice, ago(2), values, dict.fromkeys(values), at(ago(2), 20))
    _report, document = made(alice)
    assert observed(document, "factor-exercised")[0]["valueCodeableConcept"]["text"] == "legs"
    assert observed(document, "factor-illness")[0]["valueBoolean"] is False
    (screens,) = [
        one for one in resources(document, "Observation") if one["code"] == {"text": "Screens"}
    ]
    assert screens["valueQuantity"] == {"value": 3.5, "unit": "h"}


# --- what it leaves out -------------------------------------------------------------------------


@pytest.mark.parametrize("left_out", list(Part))
def test_a_part_that_was_not_chosen_does_not_appear(alice, left_out):
    note(alice, ago(3), place="calf-l")
    values = {"caffeine_mg": 180}
    recording.change_day(alice, ago(2), values, dict.fromkeys(values), at(ago(2), 20))
    recording.note_check(alice, uuid4(), {"weakness": "no"}, "heavy legs", at(ago(3), 9))
    recording.add_medicine(alice, uuid4(), MedicineText("Tablets", "medicine", None, None), NOW)
    words = [said.key for said in collect.words(alice, ago(40), ago(1))]
    _report, document = made(
        alice,
        period="six-weeks",
        part=[part.value for part in Part if part is not left_out],
        name="Alice Example",
        born="1980-02-03",
        words=words,
        own1="What now?",
    )
    said = json.dumps(document)
    tells = {
        Part.NAME: ("Alice Example", "1980-02-03"),
        Part.MAP: ("bodySite", 'twitches-in-place",'),
        Part.FACTORS: ("Caffeine intake", "Daily factors"),
        Part.CHECK: ("QuestionnaireResponse", "Symptoms check"),
        Part.MEDICINES: ("Tablets", "MedicationStatement"),
        Part.WORDS: ("heavy legs",),
        Part.QUESTIONS: ("What now?", "What I would like to ask"),
    }
    listed = json.dumps(resources(document, "CodeSystem"))
    for part, words in tells.items():
        for word in words:
            if word not in listed:
                assert (word in said) is (part is not left_out), word


def test_nothing_says_who_it_is_unless_a_name_was_typed(alice):
    note(alice, ago(3))
    _report, document = made(alice)
    assert resources(document, "Patient") == [
        {"resourceType": "Patient", "id": resources(document, "Patient")[0]["id"]}
    ]
    assert alice.email not in json.dumps(document)


def test_words_stand_in_the_quotation_marks_of_the_language(alice):
    when = recording.When.at(at(ago(3)), Diary.objects.get(owner=alice))
    text = recording.NoteText(when, "seconds", words="beim Lesen")
    recording.note(alice, uuid4(), ["chin"], text, at(ago(3)))
    (said,) = collect.words(alice, ago(40), ago(1))
    with override("de"):
        _report, document = made(alice, period="six-weeks", part=["words"], words=[said.key])
    assert "„beim Lesen“" in narrative(document)


def test_words_are_told_only_where_they_were_chosen(alice):
    diary = Diary.objects.get(owner=alice)
    for n, said in ((3, "chosen words"), (4, "kept to myself")):
        when = recording.When.at(at(ago(n)), diary)
        recording.note(
            alice, uuid4(), ["chin"], recording.NoteText(when, "seconds", words=said), at(ago(n))
        )
    words = {said.text: said.key for said in collect.words(alice, ago(40), ago(1))}
    _report, document = made(
        alice, period="six-weeks", part=["words"], words=[words["chosen words"]]
    )
    assert "chosen words" in narrative(document)
    assert "kept to myself" not in json.dumps(document)


def test_what_a_person_typed_is_text_and_breaks_no_document(alice):
    key = own_factor(alice, OwnFactor(HOSTILE[:40], Shape.YES_NO))
    blank = own_factor(alice, OwnFactor("\x01", Shape.AMOUNT, unit="\x02"))
    values = {key: 1, blank: 100}
    recording.change_day(alice, ago(2), values, dict.fromkeys(values), at(ago(2), 20))
    for name in (HOSTILE, "\x01"):
        recording.add_medicine(alice, uuid4(), MedicineText(name, "medicine", None, None), NOW)
    recording.note_check(alice, uuid4(), {"weakness": "no"}, HOSTILE, at(ago(3), 9))
    words = [said.key for said in collect.words(alice, ago(40), ago(1))]
    _report, document = made(
        alice,
        period="six-weeks",
        part=[part.value for part in Part],
        name=HOSTILE,
        words=words,
        own1=HOSTILE,
    )
    said = narrative(document)  # read as XML
    assert said.count("<script>alert(1)</script> \"'&amp; ]]>") == 3
    assert "עברית שלום" in said
    assert not re.search(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe]", json.dumps(document, ensure_ascii=False)
    )
    assert "<script" not in json.dumps(
        [s["text"] for s in document["entry"][0]["resource"]["section"]]
    )


def test_ten_thousand_characters_are_a_document_too(alice):
    key = own_factor(alice, OwnFactor("x" * 10_000, Shape.YES_NO))
    recording.change_day(alice, ago(2), {key: 1}, {key: None}, at(ago(2), 20))
    _report, document = made(alice)
    assert "x" * 10_000 in json.dumps(document)


def test_made_up_days_say_so(sampled, alice):
    _report, document = made(sampled)
    assert resources(document, "Composition")[0]["title"].startswith("SAMPLE ")
    assert document["meta"]["tag"][0]["code"] == "sample"
    assert "meta" not in made(alice)[1]


# --- its address --------------------------------------------------------------------------------


def test_it_is_fetched_beside_the_pdf_with_the_choices_of_the_page(page, alice):
    note(alice, ago(3))
    query = "?period=four-weeks&part=map&own1=What+now%3F"
    body = page.get(f"{reverse('report')}{query}").content.decode()
    link = re.search(rf'href="({reverse("report-document")}[^"]*)"', body)[1]
    answer = page.get(link.replace("&amp;", "&"))
    assert answer["Content-Type"] == "application/fhir+json"
    assert "no-store" in answer["Cache-Control"]
    assert 'filename="ebb-report-2026-11-23.json"' in answer["Content-Disposition"]
    Bundle.model_validate_json(answer.content)
    document = json.loads(answer.content)
    assert titles(document) == ["In short", "Day by day", "Where", "About this report"]
    assert document["entry"][0]["resource"]["event"][0]["period"]["start"] == "2026-10-26"


def test_nobody_reads_another_persons_days(page, alice, bob):
    recording.note_check(bob, uuid4(), {"weakness": "no"}, "only bob wrote this", at(ago(3), 9))
    note(bob, ago(3), place="nose")
    (words,) = collect.words(bob, ago(40), ago(1))
    query = f"?period=six-weeks&part=words&part=map&part=check&words={words.key}"
    said = page.get(f"{reverse('report-document')}{query}").content.decode()
    assert "only bob" not in said
    assert resources(json.loads(said), "QuestionnaireResponse") == []
    assert observed(json.loads(said), "HP:0002380") == []
    assert Client().get(reverse("report-document")).status_code in (302, 303)


@pytest.mark.parametrize(
    "query",
    [
        "?period=dates&first=2026-02-30&last=2026-11-10",
        "?period=decade",
        "?period=six-weeks&part=xyz",
        "?period=six-weeks&ask=%00",
        "?period=six-weeks&name=" + "x" * 10_000,
    ],
)
def test_choices_that_cannot_be_are_refused_on_the_page(page, alice, query):
    answer = page.get(f"{reverse('report-document')}{query}")
    assert answer.status_code == 422
    assert "Not shown yet" in answer.content.decode()


def test_a_document_says_when_it_was_made(alice):
    note(alice, NOW.date(), hour=11)
    _report, document = made(alice)
    told = datetime.fromisoformat(document["timestamp"])
    assert told == NOW.replace(microsecond=0)
    assert resources(document, "Provenance")[0]["recorded"] == document["timestamp"]


def test_a_document_of_an_hour_later_has_the_same_ids(alice):
    note(alice, ago(2))
    diary, asked = asked_of(alice)
    now, later = (
        fhir.document(make(diary, asked, when), kept(diary, asked, when), MAKER)
        for when in (NOW, NOW + timedelta(hours=1))
    )
    assert now["timestamp"] != later["timestamp"]
    assert list(everywhere(now, "id")) == list(everywhere(later, "id"))
