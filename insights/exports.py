"""What insights keep of a diary, as tables: comparisons by week, and what became of tips."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import gettext_lazy as _

from diary.days import Week, parse_day
from diary.exports.csv import Value
from diary.exports.more import MoreTable, Owned
from diary.exports.rows import Column
from diary.models import User

from .analysis.results import Finding
from .knowledge.library import library
from .models import Answer, Suggested, WeekSummary


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison of one week: of how often, or of how long, in all places or in one part."""

    week: date
    compared: str
    region: str
    finding: Finding


def _of_estimate(name: str) -> Callable[[Line], Value]:
    def value(line: Line) -> Value:
        estimate = line.finding.estimate
        return round(getattr(estimate, name), 4) if estimate else None

    return value


def _of_refusal(name: str) -> Callable[[Line], Value]:
    def value(line: Line) -> Value:
        return getattr(line.finding.refusal, name) if line.finding.refusal else None

    return value


FINDING_COLUMNS = (
    Column("week_from", _("The Monday of the week."), lambda line: line.week.isoformat()),
    Column(
        "compared",
        _("twitches: how many a day. length: how long they lasted."),
        lambda line: line.compared,
    ),
    Column("part", _("The part of the body; empty is all of it."), lambda line: line.region),
    Column(
        "factor",
        _("What was compared, as a key."),
        lambda line: line.finding.factor,
    ),
    Column(
        "factor_name",
        _("Its name, where it is one of your own."),
        lambda line: line.finding.own.name if line.finding.own else "",
    ),
    Column(
        "lag_days",
        _("0: twitches of the same day. 1: twitches of the day after."),
        lambda line: line.finding.lag,
    ),
    Column("days_used", _("Days in the comparison."), lambda line: line.finding.days_used),
    Column(
        "level",
        _(
            "insufficient: too little to compare. none: nothing found. weak, moderate, strong: "
            "how firmly it stands."
        ),
        lambda line: line.finding.level.value,
    ),
    Column(
        "per",
        _("The ratio is for so much more, in the unit of the factor."),
        lambda line: line.finding.unit,
    ),
    Column("rate_ratio", _("How many times as many twitches."), _of_estimate("ratio")),
    Column("low_95", _("The lower end of its range (95 %)."), _of_estimate("low")),
    Column("high_95", _("The upper end of its range (95 %)."), _of_estimate("high")),
    Column("missing", _("What there is too little of, as a key."), _of_refusal("gate")),
    Column("have", _("How much of it there is."), _of_refusal("have")),
    Column("need", _("How much of it is needed."), _of_refusal("need")),
)


def finding_rows(owner: User, last: date) -> Iterator[list[Value]]:
    """The comparisons of each finished week that ended by then, oldest first."""
    summaries = WeekSummary.objects.of(owner).finished().order_by("year", "number")
    for summary in summaries.iterator(chunk_size=50):
        if summary.week.last <= last:
            for line in _lines(summary):
                yield [column.value(line) for column in FINDING_COLUMNS]


def _lines(summary: WeekSummary) -> Iterator[Line]:
    report, monday = summary.report, summary.week.first
    for finding in report.findings:
        yield Line(monday, "twitches", "", finding)
    for finding in report.durations:
        yield Line(monday, "length", "", finding)
    for part in report.regions:
        for finding in part.findings:
            yield Line(monday, "twitches", part.region, finding)


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


SUGGESTION_COLUMNS = (
    Column("tip", _("Which suggestion, as a key."), lambda row: row.passage),
    Column(
        "first_shown",
        _("The Monday of the first week whose page showed it."),
        lambda row: _day(row.first_shown),
    ),
    Column(
        "last_shown",
        _("The Monday of the last such week."),
        lambda row: _day(row.last_shown),
    ),
    Column(
        "answer",
        _("tried, not-for-me or later; empty when you said nothing."),
        lambda row: row.answer,
    ),
    Column(
        "answered_at_utc",
        _("When you said so."),
        lambda row: row.answered_at.astimezone(UTC).isoformat() if row.answered_at else "",
    ),
)


def suggestion_rows(owner: User, last: date) -> Iterator[list[Value]]:
    """What was suggested by then, and what the person said of it."""
    for row in Suggested.objects.of(owner).order_by("passage"):
        if row.first_shown is None or row.first_shown <= last:
            yield [column.value(row) for column in SUGGESTION_COLUMNS]


def read_suggestion(cells: Mapping[str, str]) -> Suggested:
    """A row of suggestions that is nobody's yet. Raises ValueError or KeyError."""
    tip, answer, answered = cells["tip"], cells["answer"], cells["answered_at_utc"]
    if tip not in {passage.id for passage in library().passages} or answer not in Answer.values:
        raise ValueError(tip)
    shown = {name: _monday(cells[name]) for name in ("first_shown", "last_shown")}
    moment = datetime.fromisoformat(answered) if answered else None
    if moment and moment.tzinfo is None:
        raise ValueError(answered)
    return Suggested(passage=tip, answer=answer, answered_at=moment, **shown)


def load_suggestion(owner: User, made: Suggested) -> int | None:
    """Keep a row of suggestions unless its tip has one. Returns the id of a new row."""
    if Suggested.objects.of(owner).filter(passage=made.passage).exists():
        return None
    made.owner = owner
    made.save(force_insert=True)
    return made.pk


def unload_suggestions(owner: User, made: Sequence[int]) -> None:
    """Take rows of suggestions out again."""
    Suggested.objects.of(owner).filter(pk__in=made).delete()


def _monday(text: str) -> date | None:
    if not text:
        return None
    day = parse_day(text)
    if Week.of(day).first != day:
        raise ValueError(text)
    return day


TABLES = (
    MoreTable(
        "findings",
        _("comparisons"),
        _("One row for each comparison of each finished week, as its page shows it."),
        FINDING_COLUMNS,
        finding_rows,
    ),
    MoreTable(
        "suggestions",
        _("suggestions"),
        _("One row for each tip that a weekly page showed you, or of which you said something."),
        SUGGESTION_COLUMNS,
        suggestion_rows,
        Owned(read_suggestion, load_suggestion, unload_suggestions),
    ),
)
