"""What the two articles say, set beside what one diary shows. Pure; it makes no test of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

from .analysis.results import Finding, Gate, Level, WeekReport
from .knowledge.library import Outcome, Statement

# A ratio for one unit more of a factor below which a link would hardly matter to anybody.
OF_SIZE = 1.25


# What grows with the days that are kept.
GROWS = {
    Gate.FEW_DAYS,
    Gate.FEW_NOTE_DAYS,
    Gate.FEW_NOTES,
    Gate.FEW_FACTOR_DAYS,
    Gate.HARDLY_VARIES,
}
FORESEEN_DAYS = 365


class Verdict(StrEnum):
    """How a diary stands to a statement."""

    FITS = "fits"
    HINT = "hint"  # fits, as a hint
    NOT_SUPPORTED = "not-supported"  # a link of any size does not fit the diary
    OPPOSITE = "opposite"
    CANNOT_TELL = "cannot-tell"
    NOT_NOTED = "not-noted"
    NOT_TESTABLE = "not-testable"


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement with its verdict, and the finding it rests on, if there is one."""

    statement: Statement
    verdict: Verdict
    finding: Finding | None


def ledger(statements: Sequence[Statement], report: WeekReport | None) -> tuple[Entry, ...]:
    """Every statement beside the stored findings of a finished week; None before there is one."""
    return tuple(_entry(statement, report) for statement in statements)


def _entry(statement: Statement, report: WeekReport | None) -> Entry:
    beside = statement.beside
    if beside is None:
        return Entry(statement, Verdict.NOT_TESTABLE, None)
    if report is None:
        return Entry(statement, Verdict.CANNOT_TELL, None)
    findings = report.findings if statement.outcome is Outcome.NUMBER else report.durations
    finding = next((found for found in findings if found.factor == beside.factor), None)
    if finding is None:
        return Entry(statement, Verdict.NOT_NOTED, None)
    return Entry(statement, _verdict(finding, more=beside.more), finding)


def enough_on(finding: Finding, report: WeekReport) -> date | None:
    """When what is missing would be there, if the diary goes on as it went; None if not in a year.

    None as well where more days of the same kind would not help.
    """
    refused, days = finding.refusal, report.window_kept + report.window_blank
    if refused is None or refused.gate not in GROWS or not refused.have:
        return None
    ahead = ceil((refused.need - refused.have) * days / refused.have)
    return report.last + timedelta(days=ahead) if 0 < ahead <= FORESEEN_DAYS else None


def _verdict(finding: Finding, *, more: bool) -> Verdict:
    """What a finding says of more notes with more of its factor, or with less."""
    estimate = finding.estimate
    if estimate is None:
        return Verdict.CANNOT_TELL
    if finding.level is Level.NONE:
        rules_out = estimate.high < OF_SIZE if more else estimate.low > 1 / OF_SIZE
        return Verdict.NOT_SUPPORTED if rules_out else Verdict.CANNOT_TELL
    if (estimate.ratio > 1) != more:
        return Verdict.OPPOSITE
    return Verdict.HINT if finding.level is Level.WEAK else Verdict.FITS
