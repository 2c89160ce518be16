"""Days with more of a factor beside the others: a row for each factor, on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .. import wording
from ..analysis.results import Difference, Finding, Group, Level
from . import drawing
from .chart import Table
from .drawing import GREY, INK, NOTE, RULE, Part


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One factor of the comparison of days: words, and a bar of the differences that fit."""

    finding: Finding
    name: str
    level: str
    higher: str
    fits: str
    label: str  # the bar in words
    figure: Part | None

    @property
    def key(self) -> str:
        """Unique on its page."""
        return f"differ-{self.finding.factor}"


def comparison_rows(findings: Sequence[Finding]) -> tuple[ComparisonRow, ...]:
    """A row for each factor, all on the same scale."""
    reach = max(
        (abs(end) for f in findings if f.difference for end in f.difference.ranges[-1]), default=0
    )
    limit = max(1.5, -(-reach // 0.5) * 0.5)
    return tuple(_comparison_row(finding, limit) for finding in findings)


def _comparison_row(finding: Finding, limit: float) -> ComparisonRow:
    name = wording.name(finding)
    if finding.difference is None:
        why = wording.refusal(finding)
        return ComparisonRow(finding, name, wording.level(finding), why, "", "", None)
    higher, fits = wording.higher_days(finding), wording.fits(finding.difference)
    return ComparisonRow(
        finding=finding,
        name=name,
        level=wording.level(finding),
        higher=higher,
        fits=fits,
        label=_("%(factor)s, %(higher)s: %(fits)s notes a day.")
        % {"factor": name, "higher": higher, "fits": fits},
        figure=_range_bar(finding.difference, limit, finding.level),
    )


def _range_bar(difference: Difference, limit: float, level: Level) -> Part:
    """The middle 33, 66 and 90 % of the answers, darker inside; a line at the best guess."""
    color = GREY if level is Level.NONE else NOTE
    bars = [
        drawing.bar(
            x=[high - low],
            base=[low],
            y=[0],
            width=0.6,
            marker={"color": color, "opacity": opacity, "cornerradius": 9},
        )
        for (low, high), opacity in zip(reversed(difference.ranges), (0.28, 0.36, 0.5), strict=True)
    ]
    return bar_figure(bars, difference.best, limit)


def bar_figure(bars: Sequence[Part], best: float, limit: float) -> Part:
    """Bars one over another across "same", with a line at the best guess."""
    return drawing.figure(
        [*bars, drawing.dots([best], [0], symbol="line-ns-open", size=14, color=INK)],
        barmode="overlay",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        xaxis={"visible": False, "range": [-limit, limit]},
        yaxis={"visible": False, "range": [-0.5, 0.5]},
        shapes=[
            drawing.line(-limit, limit, 0, 0, RULE, layer="below"),
            drawing.line(0, 0, -0.5, 0.5, INK, width=1.5),
        ],
    )


def comparison_table(findings: Sequence[Finding]) -> Table:
    """The comparison of days in numbers."""
    return Table(
        _("Days with notes on higher and other days, and the difference that fits"),
        (_("Factor"), _("Higher days"), _("Other days"), _("Difference in notes a day")),
        tuple(
            (
                wording.name(finding),
                _of(finding.split.higher) if finding.split else "–",
                _of(finding.split.other) if finding.split else "–",
                wording.fits(finding.difference) if finding.difference else wording.level(finding),
            )
            for finding in findings
        ),
        numbers=False,
    )


def _of(group: Group) -> str:
    return _("%(noted)s of %(days)s") % {"noted": group.days_with_notes, "days": group.days}
