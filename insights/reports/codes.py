"""The codes of a document for other systems: public ones, and Ebb's own where none was found.

Pure. A public code stands here only when it was looked up in a source that uses it; a wrong code
says something false in a place where nobody reads the words beside it.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diary.check import ANSWER_NAMES
from diary.durations import DURATIONS
from diary.factors import FACTORS, OPTIONAL, Factor, Shape
from diary.kinds import KIND_NAMES, NoteKind
from diary.places import PLACES, SNOMED

from ..analysis.series import DayStatus

type Json = dict[str, Any]

HPO = "http://human-phenotype-ontology.org"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
SNOMED_CT = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
# A uuid as a name needs no web address. One that nobody here owns would be a lie, and that of the
# instance would make the same code another one in each place, and tell where the diary is kept.
# Every document brings the list of these codes along, so nothing has to be fetched.
OWN = "urn:uuid:d332b679-c74e-4979-be8f-395ac15df3d9"

_KINDS: dict[NoteKind, tuple[tuple[str, str, str], ...]] = {
    NoteKind.TWITCH: (
        (HPO, "HP:0002380", "Fasciculations"),
        (ICD_10_CM, "R25.3", "Fasciculation"),
    ),
    NoteKind.CRAMP: (
        (HPO, "HP:0003394", "Muscle cramps"),
        (ICD_10_CM, "R25.2", "Cramp and spasm"),
    ),
    NoteKind.TREMOR: ((HPO, "HP:0001337", "Tremor"),),
}
# Drinks are without those that have caffeine, so that no code of fluid intake is theirs.
_MEASURED: dict[str, tuple[str, str]] = {  # by factor, in LOINC
    "sleep": ("93832-4", "Sleep duration"),
    "caffeine": ("80489-8", "Caffeine intake 24 hour Estimated"),
}
_EATEN = ("caffeine", "hydration")  # what the public lists keep under social history
# Unit and its UCUM code; sleep is bound to minutes by some readers, and never to hours.
_UNITS: dict[str, tuple[str, str]] = {
    "sleep": ("min", "min"),
    "caffeine": ("mg", "mg"),
    "hydration": ("mL", "mL"),
    "exercise": ("min", "min"),
    "alcohol": ("drinks", "{drinks}"),
}
_IN_UNIT = {"sleep": 60}  # how much one of the factor's own unit is in this one

# What XML and FHIR have no room for: it ends a document, wherever it stands.
_UNFIT = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

REPORT, SUPPLEMENT, MEDICINE = "report", "supplement", "medicine"
_SAID: dict[str, str | Promise] = {
    REPORT: _("Twitch diary report"),
    "sample": _("Made-up days, nobody’s diary"),
    "coverage": _("How the days were kept"),
    "days": _("Days"),
    "days-kept": _("Days kept"),
    "days-with-notes": _("Days with notes"),
    "days-clear": _("Days marked clear"),
    "days-blank": _("Days left blank"),
    "days-on-break": _("Days on a break"),
    "twitches": _("Twitches noted"),
    "twitches-on-day": _("Twitches noted on the day"),
    "twitches-in-week": _("Twitches noted in the week"),
    "twitches-in-place": _("Twitches noted in one place"),
    "day-status": _("What the day is"),
    f"day-{DayStatus.NOTES}": _("Day with notes"),
    f"day-{DayStatus.CLEAR}": _("Day marked clear"),
    f"day-{DayStatus.BREAK}": _("Day on a break"),
    "length": _("How long it lasted"),
    "comparison": _("A daily factor beside the twitches noted"),
    "factor": _("Factor"),
    "middle": _("Middle value"),
    "range": _("Least to most"),
    "days-known": _("Days on which the factor is known"),
    "days-yes": _("Days with a yes"),
    "higher-over": _("Higher days are over"),
    "higher-days": _("Higher days with notes"),
    "other-days": _("Other days with notes"),
    "days-later": _("Days between the factor and the twitches"),
    "difference": _("Notes a day more on higher days than on others, the range that fits (90 %)"),
    MEDICINE: _("Medicine"),
    SUPPLEMENT: _("Supplement"),
}


def fit(text: str) -> str:
    """Words without characters that no document may have."""
    return _UNFIT.sub("", text).strip()


def own(code: str) -> Json:
    """A code of Ebb's own list."""
    said = str(_LISTED[code])
    return {"coding": [_coding(OWN, code, said)], "text": said}


def answer(given: str) -> Json:
    """An answer of the symptoms check."""
    code = f"answer-{given}"
    return _coding(OWN, code, str(_LISTED[code]))


def sample() -> Json:
    """The mark of made-up days."""
    return _coding(OWN, "sample", str(_LISTED["sample"]))


def kind(noted: NoteKind) -> Json:
    """A twitch, a cramp or a tremor."""
    coding = [_coding(*code) for code in _KINDS[noted]]
    return {"coding": coding, "text": str(KIND_NAMES[noted])}


def category(key: str = "") -> Json:
    """Told by the person; of what they drink, the habit it is filed under."""
    if key in _EATEN:
        return {"coding": [_coding(CATEGORY, "social-history", "Social History")]}
    return {"coding": [_coding(CATEGORY, "survey", "Survey")]}


def place(key: str, *, snomed: bool) -> Json:
    """A place of the body; with `snomed` the part it belongs to in SNOMED CT, if that is known."""
    coding = [_coding(OWN, f"place-{key}", PLACES[key].name)]
    if snomed and (public := SNOMED.get(PLACES[key].site.key)):
        coding.append(_coding(SNOMED_CT, public))
    return {"coding": coding, "text": PLACES[key].name}


def factor(known: Factor) -> Json:
    """What a factor is. One that the person made has their name for it, and no code.

    Which time or share of it is meant stands in the words: drinks may be without those that have
    caffeine.
    """
    name = fit(str(known.name)) or known.key
    if known.own:
        return {"text": name}
    said = gettext("%(factor)s, %(which)s") % {"factor": name, "which": known.when}
    if known.key in _MEASURED:
        return {"coding": [_coding(LOINC, *_MEASURED[known.key])], "text": said}
    return {"coding": [_coding(OWN, f"factor-{known.key}", name)], "text": said}


def named(known: Factor, point: int) -> Json:
    """An answer that is a name."""
    return own(f"factor-{known.key}-{point}")


def of_factor(known: Factor, value: float) -> Json:
    """An amount of a factor; its unit is one of UCUM unless the person made it up."""
    if known.own and not known.points:
        return {"value": _whole(value), "unit": str(known.unit)}
    unit, code = _UNITS.get(known.key, (f"{known.minimum}-{known.maximum}", "{score}"))
    return quantity(value * _IN_UNIT.get(known.key, 1), unit, code)


def quantity(value: float, unit: str, code: str) -> Json:
    """An amount in a unit of UCUM."""
    return {"value": _whole(value), "unit": unit, "system": UCUM, "code": code}


def own_list(uuid: str, title: str, version: str, language: str) -> Json:
    """Ebb's own codes with what each means."""
    listed = {code: str(said) for code, said in _LISTED.items()}
    listed |= {f"place-{key}": place.name for key, place in PLACES.items()}
    return {
        "resourceType": "CodeSystem",
        "id": uuid,
        "language": language,
        "url": OWN,
        "version": version,
        "name": "TwitchDiary",
        "title": title,
        "status": "active",
        "content": "complete",
        "caseSensitive": True,
        "count": len(listed),
        "concept": [{"code": code, "display": said} for code, said in listed.items()],
    }


def _coding(system: str, code: str, display: str = "") -> Json:
    return {"system": system, "code": code, "display": display}


def _whole(value: float) -> float:
    """Without a decimal point where it says nothing."""
    rounded = round(value, 3)
    return int(rounded) if rounded == int(rounded) else rounded


def _listed() -> Iterator[tuple[str, str | Promise]]:
    yield from _SAID.items()
    yield from ((f"answer-{key}", said) for key, said in ANSWER_NAMES.items())
    yield from ((f"length-{key}", length.name) for key, length in DURATIONS.items())
    for known in (*FACTORS.values(), *OPTIONAL.values()):
        if known.key not in _MEASURED:
            yield f"factor-{known.key}", known.name
        if known.shape is Shape.CHOICE:
            yield from (
                (f"factor-{known.key}-{point}", said) for point, said in known.points.items()
            )


_LISTED = dict(_listed())
