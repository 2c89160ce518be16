"""Which few tips belong on the page of a week, and why. No passage, no suggestion.

There are two ways in. A tip goes beside a finding of this diary that points the way the tip does.
Or it goes beside the person's own days, where these are mostly under a figure that an article
gives; that is general advice next to someone's own numbers, and no comparison.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from math import log

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from insights.analysis.results import DaySummary, Estimate, Finding, Level, WeekReport

from .library import Beside, Figure, Library, Passage

AT_MOST = 3
LOOK_BACK = 14  # days
KNOWN_AT_LEAST = 7  # of these, so that a few noted days do not speak for two weeks

FIRMNESS = {
    Level.WEAK: 1,
    Level.MODERATE: 2,
    Level.STRONG: 3,
}  # no other level carries a tip

WENT_TOGETHER = {
    Beside("caffeine", more=True): _(
        "In your entries, more notes went together with more caffeine."
    ),
    Beside("sleep", more=False): _("In your entries, more notes went together with less sleep."),
    Beside("stress", more=True): _("In your entries, more notes went together with more stress."),
    Beside("hydration", more=False): _(
        "In your entries, more notes went together with drinking less."
    ),
    Beside("exercise", more=True): _(
        "In your entries, more notes went together with more exercise."
    ),
    Beside("exercise", more=False): _(
        "In your entries, more notes went together with less exercise."
    ),
    Beside("exertion", more=True): _(
        "In your entries, more notes went together with harder exercise."
    ),
    Beside("magnesium", more=False): _(
        "In your entries, more notes went together with days without food rich in magnesium."
    ),
    Beside("sleep-quality", more=False): _(
        "In your entries, more notes went together with less restful nights."
    ),
}
HOW_FIRM = {
    Level.WEAK: _("That is a hint, and it may be chance."),
    Level.MODERATE: _("That is a steadier pattern. It does not say why."),
    Level.STRONG: _("That is a steadier pattern. It does not say why."),
}
UNDER = {
    "sleep": ngettext_lazy(
        "You noted under %(figure)s on %(under)d of %(known)d night in the last two weeks.",
        "You noted under %(figure)s on %(under)d of %(known)d nights in the last two weeks.",
        "known",
    ),
    "hydration": ngettext_lazy(
        "You noted under %(figure)s to drink on %(under)d of %(known)d day in the last two weeks.",
        "You noted under %(figure)s to drink on %(under)d of %(known)d days in the last two weeks.",
        "known",
    ),
}
GENERAL = _("This is general advice beside your own numbers.")


@dataclass(frozen=True, slots=True)
class OwnDays:
    """How many of the person's own recent days lie under a figure, of those that are known."""

    figure: Figure
    under: int
    known: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tip, and what of this diary it stands beside: a finding, the person's own days, or both."""

    passage: Passage
    factor: str
    topic: str  # the page of Learn that tells more
    finding: Finding | None
    own_days: OwnDays | None

    @property
    def why(self) -> tuple[str, ...]:
        """Why it is shown, in whole sentences of the language in use."""
        reasons = []
        if self.finding and self.passage.beside:
            reasons.append(str(WENT_TOGETHER[self.passage.beside]))
            reasons.append(str(HOW_FIRM[self.finding.level]))
        if self.own_days:
            counts = {
                "figure": self.own_days.figure.words,
                "under": self.own_days.under,
                "known": self.own_days.known,
            }
            reasons.append(UNDER[self.factor] % counts)
            reasons.append(str(GENERAL))
        return tuple(reasons)


def suggest(
    report: WeekReport, library: Library, aside: Container[str] = ()
) -> tuple[Suggestion, ...]:
    """At most three tips for a finished week, one a factor, those beside firm findings first.

    Passages whose id is in `aside` were put aside; the next one of their factor steps in.
    """
    chosen: dict[str, Suggestion] = {}
    for suggestion in fitting(report, library):
        if suggestion.passage.id not in aside:
            chosen.setdefault(suggestion.factor, suggestion)
    return tuple(chosen.values())[:AT_MOST]


def fitting(report: WeekReport, library: Library) -> list[Suggestion]:
    """Every tip that fits a finished week, the most fitting first."""
    return sorted(_fitting(report, library), key=_rank) if report.finished else []


def _fitting(report: WeekReport, library: Library) -> Iterator[Suggestion]:
    for passage in library.passages:
        fits = passage.beside or passage.figure
        if fits is None:
            continue
        finding = _finding(passage.beside, report.findings) if passage.beside else None
        own_days = _own_days(passage.figure, report.days) if passage.figure else None
        if finding or own_days:
            topic = library.topic_of(passage).slug
            yield Suggestion(passage, fits.factor, topic, finding, own_days)


def _finding(beside: Beside, findings: Sequence[Finding]) -> Finding | None:
    """The firmest finding that points the way the tip does."""
    fitting = [
        finding
        for finding in findings
        if finding.factor == beside.factor
        and finding.level in FIRMNESS
        and finding.estimate is not None
        and finding.estimate.ratio != 1
        and (finding.estimate.ratio > 1) == beside.more
    ]
    return max(fitting, key=lambda finding: FIRMNESS[finding.level], default=None)


def _own_days(figure: Figure, days: Sequence[DaySummary]) -> OwnDays | None:
    """The recent days beside a figure, when enough are known and at least half lie under it."""
    known = [
        day.factors[figure.factor] for day in days[-LOOK_BACK:] if figure.factor in day.factors
    ]
    under = sum(value < figure.at_least for value in known)
    if len(known) < KNOWN_AT_LEAST or 2 * under < len(known):
        return None
    return OwnDays(figure, under, len(known))


def _rank(suggestion: Suggestion) -> tuple[int, float, bool, float, int, bool, str]:
    """The person's own evidence first, then what also fits their days, then the easier tip."""
    finding, own_days = suggestion.finding, suggestion.own_days
    return (
        -FIRMNESS[finding.level] if finding else 0,
        -_clearance(finding.estimate) if finding and finding.estimate else 0,
        own_days is None,
        -own_days.under / own_days.known if own_days else 0,
        suggestion.passage.ease,
        suggestion.passage.figure is not None,  # its figure would say nothing new to this person
        suggestion.passage.id,
    )


def _clearance(estimate: Estimate) -> float:
    """How far the near end of the range lies from “as many notes”, as a log ratio; 0 if across."""
    nearer = min(abs(log(estimate.low)), abs(log(estimate.high)))
    return nearer if (estimate.low > 1) == (estimate.high > 1) else 0.0
