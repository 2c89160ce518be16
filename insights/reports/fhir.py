"""The report as a document for the systems of a clinic: a FHIR R4 bundle, in the report's order.

Pure. What the report leaves out is not in it. An unknown day has no observation, and never a zero.
The same report twice has the same ids, and what is in two documents has one id in both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from xml.sax.saxutils import escape

import msgspec
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diary.check import QUESTIONS, Answer, Answered
from diary.durations import UNSURE
from diary.factors import Factor, Shape
from diary.kinds import NoteKind

from .. import wording as words_of_weeks
from ..analysis.results import DaySummary, Finding, PlaceCount, WeekCount
from ..analysis.series import DayStatus
from . import codes, drawing, wording
from .codes import Json
from .report import Coverage, FactorLine, Noted, Part, Report, Taken

NAMESPACE = UUID("66eb16dd-83eb-4867-974c-676a512950fe")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a document needs beside the report, as it was collected."""

    person: UUID  # says whose it is, without a name
    notes: tuple[Noted, ...]
    checks: tuple[Answered, ...]
    factors: Mapping[str, Factor]  # that the person notes or noted
    began: datetime  # the day on which the report is made, on the clock of the person
    made: datetime  # when the document was asked for


@dataclass(frozen=True, slots=True)
class Maker:
    """What made the document, and how it speaks."""

    site: str
    version: str
    language: str
    snomed: bool = False  # whether SNOMED CT may be used here


@dataclass(frozen=True, slots=True)
class _Section:
    """One section: what a person reads, and what it stands on."""

    title: str
    said: str  # xhtml
    entries: tuple[Json, ...] = ()


def document(report: Report, kept: Kept, maker: Maker) -> Json:
    """The report as a document, its composition first."""
    return _Document(report, kept, maker).bundle()


def encoded(made: Json) -> bytes:
    """A document as it is sent: the same one always as the same bytes."""
    return msgspec.json.encode(made)


@dataclass(frozen=True, slots=True)
class _Document:
    report: Report
    kept: Kept
    maker: Maker

    def bundle(self) -> Json:
        """Everything, each resource once."""
        device, sections = self._device(), self._sections()
        resources = [
            self._patient(),
            device,
            *(entry for section in sections for entry in section.entries),
        ]
        composition = self._composition(sections, device)
        content = _sound({"composition": composition, "resources": resources})
        own = self._id("document", encoded(content).decode())
        composition = {"resourceType": "Composition", "id": own, **content["composition"]}
        made = [composition, *content["resources"], self._provenance(composition, device)]
        return {
            "resourceType": "Bundle",
            "id": self._id("bundle", own),
            **({"meta": composition["meta"]} if "meta" in composition else {}),
            "language": self.maker.language,
            "identifier": {"system": "urn:ietf:rfc:3986", "value": _urn(self._id("bundle", own))},
            "type": "document",
            "timestamp": self._stamp,
            "entry": [{"fullUrl": _urn(one["id"]), "resource": one} for one in made],
        }

    # --- who, and with what ---------------------------------------------------------------------

    @property
    def _subject(self) -> Json:
        return {"reference": _urn(str(self.kept.person))}

    @property
    def _stamp(self) -> str:
        """When the document was made. No id hangs on it, so that a second one is the same."""
        return self.kept.made.isoformat(timespec="seconds")

    def _id(self, *names: object) -> str:
        return str(uuid5(self.kept.person, " ".join(map(str, names))))

    def _patient(self) -> Json:
        born = self.report.born
        return {
            "resourceType": "Patient",
            "id": str(self.kept.person),
            "name": [{"text": self.report.name}],
            "birthDate": born.isoformat() if born else "",
        }

    def _device(self) -> Json:
        maker = self.maker
        return {
            "resourceType": "Device",
            "id": str(uuid5(NAMESPACE, f"{maker.site} {maker.version}")),
            "deviceName": [{"name": maker.site, "type": "user-friendly-name"}],
            "type": {"text": _("Diary that a person keeps; not a medical device")},
            "version": [{"value": maker.version}],
        }

    def _provenance(self, composition: Json, device: Json) -> Json:
        return {
            "resourceType": "Provenance",
            "id": self._id("provenance", composition["id"]),
            "target": [_to(composition)],
            "recorded": self._stamp,
            "activity": {"text": _("Written down by the person, put together by the diary")},
            "agent": [
                {"type": {"text": _("Author")}, "who": self._subject},
                {
                    "type": {"text": _("Assembler")},
                    "who": _to(device),
                    "onBehalfOf": self._subject,
                },
            ],
        }

    def _composition(self, sections: Iterable[_Section], device: Json) -> Json:
        report = self.report
        title = _("Muscle twitch diary, %(span)s") % {"span": wording.span(report)}
        if report.sample:
            title = f"{_('SAMPLE')} {title}"
        return {
            "meta": {"tag": [codes.sample()] if report.sample else []},
            "language": self.maker.language,
            "status": "final",
            "type": codes.own(codes.REPORT),
            "subject": self._subject,
            "date": report.today.isoformat(),
            "author": [self._subject, _to(device)],
            "title": title,
            "event": [{"period": _period(report.first, report.last)}],
            "section": [
                {
                    "title": section.title,
                    "text": {"status": "generated", "div": self._div(section.said)},
                    "entry": [_to(entry) for entry in section.entries],
                }
                for section in sections
            ],
        }

    def _div(self, said: str) -> str:
        language = escape(self.maker.language)
        return f'<div xmlns="http://www.w3.org/1999/xhtml" lang="{language}">{said}</div>'

    # --- the sections ---------------------------------------------------------------------------

    def _sections(self) -> list[_Section]:
        sections = [self._in_short(), self._days()]
        for part, section in (
            (Part.MAP, self._where),
            (Part.FACTORS, self._factors),
            (Part.CHECK, self._check),
            (Part.MEDICINES, self._medicines),
            (Part.WORDS, self._words),
            (Part.QUESTIONS, self._questions),
        ):
            if part in self.report.parts and (made := section()):
                sections.append(made)
        return [*sections, self._about()]

    def _in_short(self) -> _Section:
        few = wording.few(self.report)
        told = wording.in_short(self.report, by_hand=False)
        lines = [f"{line.strong} {line.rest}".strip() for line in told]
        entries = (self._coverage(self.report.coverage), *map(self._note, self._apart()))
        return _Section(_("In short"), (_p(few) if few else "") + _list(lines), entries)

    def _apart(self) -> list[Noted]:
        return [note for note in self.kept.notes if note.kind is not NoteKind.TWITCH]

    def _days(self) -> _Section:
        report = self.report
        daily = drawing.timeline(report.days, report.weeks).daily
        weeks = _table(
            (
                _("Week from"),
                _("Twitches noted"),
                _("Days with notes"),
                _("Days marked clear"),
                _("Days left blank"),
                _("Days on a break"),
            ),
            [
                (
                    date_format(week.first, "DAY_AND_YEAR"),
                    week.notes if week.is_known else _("not known"),
                    week.days_with_notes,
                    week.clear_days,
                    week.blank_days,
                    week.break_days,
                )
                for week in report.weeks
            ],
        )
        days = _table(
            (_("Day"), _("Twitches noted")),
            [(date_format(day.day, "DAY_AND_YEAR"), _said_of(day)) for day in report.days],
        )
        return _Section(
            _("Day by day") if daily else _("Week by week"),
            weeks + days if daily else weeks,
            (
                *(self._week(week) for week in report.weeks if week.is_known),
                *(self._day(day) for day in report.days if _is_known(day)),
                *(self._note(note) for note in self.kept.notes if note.kind is NoteKind.TWITCH),
            ),
        )

    def _where(self) -> _Section:
        return _Section(
            _("Where"),
            _p(wording.every_place(self.report)),
            tuple(map(self._place, self.report.places)),
        )

    def _check(self) -> _Section:
        said = _p(wording.answered_on(self.report))
        if not self.report.checks:
            return _Section(_("Symptoms check"), said)
        rows = [
            (row.about, row.answer, ", ".join(filter(None, (row.earlier, row.dates))))
            for row in wording.sign_rows(self.report)
        ]
        questions = self._questionnaire()
        return _Section(
            _("Symptoms check"),
            said + _table((_("Question"), _("Answer"), _("Before")), rows),
            (
                questions,
                *(
                    self._answers(check, questions["url"])
                    for check in self.kept.checks
                    if self.report.first <= check.day <= self.report.last
                ),
            ),
        )

    def _medicines(self) -> _Section:
        said = wording.medicines(self.report)
        return _Section(
            _("Medicines and supplements"),
            _list(said) if said else _p(_("none entered")),
            tuple(map(self._medicine, self.report.medicines)),
        )

    def _words(self) -> _Section | None:
        if not self.report.words:
            return None
        said = [
            f"{wording.quoted(words)} {date_format(words.day, 'DAY_AND_YEAR')}"
            for words in self.report.words
        ]
        return _Section(_("In their own words"), _list(said))

    def _factors(self) -> _Section:
        report = self.report
        values = tuple(
            self._value(self.kept.factors[key], value, day.day)
            for day in report.days
            for key, value in day.factors.items()
        )
        if report.factors is None:
            said = _p(_("No week of these days has been compared yet."))
            return _Section(_("Daily factors"), said, values)
        rows = wording.factor_rows(report.factors)
        head = (
            _("Factor"),
            _("Middle (range)"),
            _("Higher days with notes"),
            _("Other days with notes"),
            _("Difference in notes a day, fits (90%)"),
        )
        said = _p(wording.factor_basis(report)) + _table(
            head,
            [
                (row.name, row.middle, f"{row.higher} {row.over}", row.other, row.fits)
                if not row.refusal
                else (row.name, row.middle, row.refusal, "", "")
                for row in rows
            ],
        )
        compared = tuple(
            self._comparison(line, row.refusal, report.factors.first, report.factors.last)
            for line, row in zip(report.factors.lines, rows, strict=False)
        )
        return _Section(_("Daily factors"), said, (*compared, *values))

    def _questions(self) -> _Section | None:
        if not self.report.questions:
            return None
        return _Section(_("What I would like to ask"), _list(self.report.questions, "ol"))

    def _about(self) -> _Section:
        listed = codes.own_list(
            codes.OWN.removeprefix("urn:uuid:"),
            _("Codes of a twitch diary"),
            self.maker.version,
            self.maker.language,
        )
        # A note of the small hours counts for the day before, which its time does not tell.
        begins = _("A day of this diary begins at %(time)s.") % {"time": f"{self.kept.began:%H:%M}"}
        said = _p(wording.disclaimer(self.maker.site)) + _p(begins)
        return _Section(_("About this report"), said, (listed,))

    # --- what they stand on ---------------------------------------------------------------------

    def _observed(self, what: str, code: Json, **more: Any) -> Json:
        """An observation that the person made; `what` names it within their diary."""
        return {
            "resourceType": "Observation",
            "id": self._id(what),
            "status": "final",
            "category": [codes.category()],
            "code": code,
            "subject": self._subject,
            "performer": [self._subject],
            **more,
        }

    def _coverage(self, coverage: Coverage) -> Json:
        report = self.report
        return self._observed(
            f"coverage {report.first} {report.last}",
            codes.own("coverage"),
            effectivePeriod=_period(report.first, report.last),
            component=[
                _told("days", _days(coverage.days)),
                _told("days-kept", _days(coverage.kept)),
                _told("days-with-notes", _days(coverage.with_notes)),
                _told("days-clear", _days(coverage.clear)),
                _told("days-blank", _days(coverage.blank)),
                _told("days-on-break", _days(coverage.on_break)),
                # Where no day was kept, no number of twitches is known: not even none.
                *(
                    [_told("twitches", _twitches(report.notes))]
                    if coverage.kept or report.notes
                    else []
                ),
            ],
        )

    def _week(self, week: WeekCount) -> Json:
        first = max(week.first, self.report.first)
        last = min(week.first + timedelta(days=6), self.report.last)
        return self._observed(
            f"week {first} {last}",
            codes.own("twitches-in-week"),
            effectivePeriod=_period(first, last),
            valueQuantity=_twitches(week.notes),
            component=[
                _told("days-with-notes", _days(week.days_with_notes)),
                _told("days-clear", _days(week.clear_days)),
                _told("days-blank", _days(week.blank_days)),
                _told("days-on-break", _days(week.break_days)),
            ],
        )

    def _day(self, day: DaySummary) -> Json:
        return self._observed(
            f"day {day.day}",
            codes.own("twitches-on-day"),
            effectiveDateTime=day.day.isoformat(),
            valueQuantity=_twitches(day.notes),
            component=[
                {
                    "code": codes.own("day-status"),
                    "valueCodeableConcept": codes.own(f"day-{day.status}"),
                }
            ],
        )

    def _note(self, note: Noted) -> Json:
        length: Json = {"code": codes.own("length")}
        if note.seconds:
            length["valueQuantity"] = codes.quantity(note.seconds, "s", "s")
        else:
            length["valueCodeableConcept"] = codes.own(f"length-{note.duration}")
        return self._observed(
            f"note {note.uuid}",
            codes.kind(note.kind),
            **_when(note),
            valueBoolean=True,
            # Where twitches were is a part of the report that can be left out.
            bodySite=codes.place(note.place, snomed=self.maker.snomed)
            if Part.MAP in self.report.parts
            else None,
            component=[length] if note.seconds or note.duration != UNSURE else [],
        )

    def _place(self, count: PlaceCount) -> Json:
        report = self.report
        return self._observed(
            f"place {count.place} {report.first} {report.last}",
            codes.own("twitches-in-place"),
            effectivePeriod=_period(report.first, report.last),
            valueQuantity=_twitches(count.notes),
            bodySite=codes.place(count.place, snomed=self.maker.snomed),
            component=[_told("days-with-notes", _days(count.days))],
        )

    def _value(self, factor: Factor, value: float, day: date) -> Json:
        return self._observed(
            f"factor {factor.key} {day}",
            codes.factor(factor),
            category=[codes.category(factor.key)],
            effectiveDateTime=day.isoformat(),
            **_valued(factor, value),
        )

    def _factor(self, finding: Finding) -> Factor:
        """What was compared; which drinks are meant is a setting of the diary."""
        factor = words_of_weeks.factor_of(finding)
        return factor if factor.own else self.kept.factors.get(factor.key, factor)

    def _comparison(self, line: FactorLine, refusal: str, first: date, last: date) -> Json:
        finding = line.finding
        factor = self._factor(finding)
        component: list[Json] = [
            {"code": codes.own("factor"), "valueCodeableConcept": codes.factor(factor)},
            _told("days-known", _days(line.days)),
            _told("days-later", _days(finding.lag)),
        ]
        if factor.shape is Shape.YES_NO:
            component.append(_told("days-yes", _days(line.days_with)))
        elif line.middle is not None and line.least is not None and line.most is not None:
            least, most = codes.of_factor(factor, line.least), codes.of_factor(factor, line.most)
            component += [
                _told("middle", codes.of_factor(factor, line.middle)),
                {"code": codes.own("range"), "valueRange": {"low": least, "high": most}},
            ]
        difference: Json = {"code": codes.own("difference")}
        if refusal:
            difference["dataAbsentReason"] = {"text": refusal}
        elif finding.split is not None:
            split = finding.split
            if factor.shape is not Shape.YES_NO:
                component.append(_told("higher-over", codes.of_factor(factor, split.threshold)))
            component += [
                _ratio("higher-days", split.higher.days_with_notes, split.higher.days),
                _ratio("other-days", split.other.days_with_notes, split.other.days),
            ]
        if not refusal and finding.difference:
            # As fine as the page says it: more digits would promise more than there is.
            low, high = (round(end, 1) for end in finding.difference.ranges[-1])
            difference["valueRange"] = {
                "low": codes.quantity(low, "/d", "/d"),
                "high": codes.quantity(high, "/d", "/d"),
            }
        return self._observed(
            f"comparison {finding.factor} {first} {last}",
            codes.own("comparison"),
            effectivePeriod=_period(first, last),
            component=[*component, *([difference] if len(difference) > 1 else [])],
        )

    def _questionnaire(self) -> Json:
        uuid = str(uuid5(NAMESPACE, "symptoms check"))
        options = [{"valueCoding": codes.answer(answer)} for answer in Answer]
        return {
            "resourceType": "Questionnaire",
            "id": uuid,
            "language": self.maker.language,
            "url": _urn(uuid),
            "version": self.maker.version,
            "title": _("Symptoms check"),
            "status": "active",
            "subjectType": ["Patient"],
            "item": [
                {
                    "linkId": question.key,
                    "text": str(question.asked),
                    "type": "choice",
                    "answerOption": options,
                }
                for question in QUESTIONS.values()
            ],
        }

    def _answers(self, check: Answered, questionnaire: str) -> Json:
        return {
            "resourceType": "QuestionnaireResponse",
            "id": self._id("check", check.uuid),
            "questionnaire": questionnaire,
            "status": "completed",
            "subject": self._subject,
            "authored": check.day.isoformat(),
            "author": self._subject,
            "source": self._subject,
            "item": [
                {
                    "linkId": line.question.key,
                    "text": str(line.question.asked),
                    "answer": [{"valueCoding": codes.answer(line.answer)}] if line.answer else [],
                }
                for line in check.lines
            ],
        }

    def _medicine(self, taken: Taken) -> Json:
        kind = codes.own(codes.SUPPLEMENT if taken.supplement else codes.MEDICINE)
        over = taken.last is not None and taken.last < self.report.today
        return {
            "resourceType": "MedicationStatement",
            "id": self._id("medicine", taken.uuid),
            "status": "completed" if over else "active",
            "category": kind,
            "medicationCodeableConcept": {"text": codes.fit(taken.name) or kind["text"]},
            "subject": self._subject,
            "effectivePeriod": {
                "start": taken.first.isoformat() if taken.first else "",
                "end": taken.last.isoformat() if taken.last else "",
            },
            "informationSource": self._subject,
            "dosage": [{"text": taken.words}] if codes.fit(taken.words) else [],
        }


# --- pieces -------------------------------------------------------------------------------------


def _urn(uuid: str) -> str:
    return f"urn:uuid:{uuid}"


def _to(resource: Json) -> Json:
    return {"reference": _urn(resource["id"])}


def _period(first: date, last: date) -> Json:
    return {"start": first.isoformat(), "end": last.isoformat()}


def _when(note: Noted) -> Json:
    """When it was. An end is told only where it was measured: one left open would still go on."""
    start, end = note.started_at, _end(note)
    if start is None or end is None:
        return {"effectiveDateTime": note.day.isoformat()}
    if not note.seconds:
        return {"effectiveDateTime": start.isoformat(timespec="seconds")}
    period = {
        "start": start.isoformat(timespec="seconds"),
        "end": end.isoformat(timespec="seconds"),
    }
    return {"effectivePeriod": period}


def _end(note: Noted) -> datetime | None:
    """When it was over, as far as is known; when it began, where its length is not."""
    start = note.started_at
    if start is None or not note.seconds:
        return start
    # Counted in UTC, for in one night a year an hour of the clock takes two.
    return (start.astimezone(UTC) + timedelta(seconds=note.seconds)).astimezone(start.tzinfo)


def _days(count: int) -> Json:
    return codes.quantity(count, "d", "d")


def _twitches(count: int) -> Json:
    return codes.quantity(count, _("twitches"), "1")


def _told(code: str, amount: Json) -> Json:
    return {"code": codes.own(code), "valueQuantity": amount}


def _ratio(code: str, some: int, of: int) -> Json:
    ratio = {"numerator": _days(some), "denominator": _days(of)}
    return {"code": codes.own(code), "valueRatio": ratio}


def _valued(factor: Factor, value: float) -> Json:
    if factor.shape is Shape.YES_NO:
        return {"valueBoolean": bool(value)}
    if factor.shape is Shape.CHOICE:
        return {"valueCodeableConcept": codes.named(factor, int(value))}
    return {"valueQuantity": codes.of_factor(factor, value)}


def _is_known(day: DaySummary) -> bool:
    """Whether it says something about twitches; what was noted on a break is still told."""
    return day.status is DayStatus.CLEAR or day.notes > 0


def _said_of(day: DaySummary) -> str:
    if day.notes:
        return str(day.notes)
    if day.status is DayStatus.CLEAR:
        return _("marked clear")
    return _("on a break") if day.status is DayStatus.BREAK else _("left blank")


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _list(lines: Iterable[str], tag: str = "ul") -> str:
    return f"<{tag}>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</{tag}>"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    said = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{said}</tr></thead><tbody>{body}</tbody></table>"


def _sound(value: Any) -> Any:
    """Without characters that can't be sent, and without what is empty: FHIR allows neither."""
    if isinstance(value, str):
        return codes.fit(value)
    if isinstance(value, dict):
        sound = ((key, _sound(one)) for key, one in value.items())
        return {key: one for key, one in sound if not _is_empty(one)}
    if isinstance(value, list):
        return [one for one in map(_sound, value) if not _is_empty(one)]
    return value


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | dict | list) and not value)
