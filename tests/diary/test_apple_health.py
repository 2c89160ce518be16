"""Apple Health's export: amounts in the diary's units, sleep counted once, no trap in the file."""

import io
from datetime import UTC, date, datetime, timedelta
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from diary.imports import formats
from diary.imports.apple import covered
from diary.imports.formats import Answers
from diary.imports.rows import BadLine, DayRow, Refused, Target

TARGET = Target("Europe/Berlin", 4, date(2026, 11, 23))
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,Record*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
<HealthData locale="en_GB">
"""
CAFFEINE = "HKQuantityTypeIdentifierDietaryCaffeine"
WATER = "HKQuantityTypeIdentifierDietaryWater"
SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"


def record(kind, value, start, end=None, unit="", source="Phone"):
    said = {"type": kind, "sourceName": source, "unit": unit, "value": value}
    times = {"startDate": start, "endDate": end or start}
    return "<Record " + " ".join(f'{name}="{text}"' for name, text in (said | times).items()) + "/>"


def asleep(stage, start, end, source="Watch"):
    return record(SLEEP, f"HKCategoryValueSleepAnalysis{stage}", start, end, source=source)


def zipped(*records, head=HEAD, name="apple_health_export/export.xml"):
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as target:
        target.writestr("apple_health_export/export_cda.xml", "<ClinicalDocument/>")
        target.writestr(name, head + "\n".join(records) + "</HealthData>")
    made.seek(0)
    return made


def read(*records, **how):
    return list(formats.read(zipped(*records, **how), "export.zip", Answers(), TARGET))


def values(*records):
    return {row.day: dict(row.values) for row in read(*records) if isinstance(row, DayRow)}


def test_amounts_of_a_day_are_added_in_the_diary_s_units():
    assert values(
        record(CAFFEINE, "0.08", "2026-11-20 08:00:00 +0100", unit="g"),
        record(CAFFEINE, "95", "2026-11-20 12:00:00 +0100", unit="mg"),
        record(WATER, "250", "2026-11-20 12:00:00 +0100", unit="mL"),
        record(WATER, "0.5", "2026-11-20 13:00:00 +0100", unit="L"),
    ) == {date(2026, 11, 20): {"caffeine_mg": 175, "drinks_ml": 750}}


def test_an_amount_is_read_to_its_last_digit():
    cup = record(WATER, "236.58823650000001", "2026-11-20 12:00:00 +0100", unit="mL")
    assert values(cup) == {date(2026, 11, 20): {"drinks_ml": 237}}


def test_what_was_drunk_before_the_day_starts_belongs_to_the_day_before():
    late = record(WATER, "250", "2026-11-21 01:00:00 +0100", unit="mL")
    assert list(values(late)) == [date(2026, 11, 20)]


def test_a_record_that_is_there_twice_counts_once():
    cup = record(CAFFEINE, "95", "2026-11-20 12:00:00 +0100", unit="mg")
    assert values(cup, cup) == {date(2026, 11, 20): {"caffeine_mg": 95}}


def test_a_night_is_what_at_least_one_device_saw_and_belongs_to_the_day_it_ended_on():
    assert values(
        asleep("InBed", "2026-11-19 22:00:00 +0100", "2026-11-20 08:00:00 +0100"),
        asleep("AsleepCore", "2026-11-19 23:00:00 +0100", "2026-11-19 23:30:00 +0100"),
        asleep("AsleepREM", "2026-11-19 23:30:00 +0100", "2026-11-20 03:00:00 +0100"),
        asleep("Awake", "2026-11-20 03:00:00 +0100", "2026-11-20 04:00:00 +0100"),
        asleep("AsleepDeep", "2026-11-20 04:00:00 +0100", "2026-11-20 06:00:00 +0100"),
        asleep("Asleep", "2026-11-20 02:00:00 +0100", "2026-11-20 03:00:00 +0100", "Phone"),
    ) == {date(2026, 11, 20): {"sleep_minutes": 360}}


def test_overlapping_spans_are_counted_once():
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    spans = [(noon + hour, noon + 3 * hour), (noon, noon + 2 * hour), (noon, noon + hour)]
    assert covered(spans) == 3 * hour
    assert covered([]) == timedelta()


def test_it_never_makes_a_clear_day():
    rows = read(record(CAFFEINE, "95", "2026-11-20 12:00:00 +0100", unit="mg"))
    assert [row.clear for row in rows] == [False]


@pytest.mark.parametrize(
    "bad",
    [
        record(CAFFEINE, "nan", "2026-11-20 12:00:00 +0100", unit="mg"),
        record(CAFFEINE, "９５", "2026-11-20 12:00:00 +0100", unit="mg"),
        record(CAFFEINE, "95", "2026-11-20 12:00:00 +0100", unit="stone"),
        record(CAFFEINE, "95", "2026-02-30 12:00:00 +0100", unit="mg"),
        record(CAFFEINE, "9500", "2026-11-20 12:00:00 +0100", unit="mg"),
        asleep("Asleep", "2026-11-19 23:00:00 +0100", "2026-11-22 23:30:00 +0100"),
    ],
)
def test_a_record_that_can_t_be_is_named_and_the_others_stay(bad):
    good = record(WATER, "250", "2026-11-19 12:00:00 +0100", unit="mL")
    rows = read(bad, good)
    assert len([row for row in rows if isinstance(row, BadLine)]) == 1
    assert [row.day for row in rows if isinstance(row, DayRow)] == [date(2026, 11, 19)]


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://example.org/x.dtd">',
    ],
)
def test_entities_are_refused_and_the_usual_document_type_is_not(declared):
    with pytest.raises(Refused):
        read(head=HEAD.replace("<!ELEMENT", f"{declared}<!ELEMENT"))


def test_a_document_type_that_a_phone_wrote_broken_does_no_harm_and_lines_keep_their_numbers():
    broken = HEAD.replace("]>", "<!ATTLIST Record\n  type CDATA #REQUIRED\n<!ELEMENT>\n]>")
    bad = record(CAFFEINE, "much", "2026-11-20 12:00:00 +0100", unit="mg")
    good = record(WATER, "250", "2026-11-19 12:00:00 +0100", unit="mL")
    wrong, day = read(bad, good, head=broken)
    assert (day.day, wrong.line) == (date(2026, 11, 19), broken.count("\n") + 1)


def test_a_broken_or_cut_file_is_refused():
    with pytest.raises(Refused):
        read(head=HEAD.replace("<HealthData", "<Health"))
    whole = zipped(record(WATER, "250", "2026-11-19 12:00:00 +0100", unit="mL")).getvalue()
    with pytest.raises(Refused):
        list(formats.read(io.BytesIO(whole[:-40]), "export.zip", Answers(), TARGET))


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(Refused):
        read(head=HEAD + "<!--" + "a" * 60_000_000 + "-->")


COUNTED = "".join(map(str, range(300_000)))  # 1.7 MB that pack no better than a usual file


@pytest.mark.parametrize(
    "unusual",
    [
        f'<Record value="{COUNTED}"/>',
        f"<!--{COUNTED}-->",
        f"<Record{''.join(f' a{n}="x"' for n in range(200_000))}/>",
        f"<Me{''.join(f' a{n}="x"' for n in range(1_001))}/>",
        "".join(f"<a{n}/>" for n in range(1_001)),
        "<a>" * 101,
    ],
    ids=["a value", "a comment", "attributes", "names of values", "names", "depth"],
)
def test_what_the_parser_would_have_to_hold_is_bounded(unusual):
    with pytest.raises(Refused, match="not an export of Apple Health"):
        read(unusual)
