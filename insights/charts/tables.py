"""What is shown of the findings in numbers alone."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from diary.places import REGIONS

from .. import wording
from ..analysis.results import Finding, RegionFindings
from .chart import Table

REGION_NAMES = {region.key: region.name for region in REGIONS}


def reach_table(findings: Sequence[Finding]) -> Table | None:
    """What the diary can see of each factor by now; None while nothing is compared."""
    reached = [finding for finding in findings if finding.reach]
    if not reached:
        return None
    return Table(
        _("The smallest link that would show in 4 of 5 diaries like this one"),
        (_("Factor"), _("Would show from"), _("A moderate link would show")),
        tuple(
            (
                wording.name(finding),
                wording.smallest(finding),
                wording.moderate_from(finding),
            )
            for finding in reached
        ),
        numbers=False,
        title=_("What this diary can see"),
    )


def length_table(durations: Sequence[Finding]) -> Table | None:
    """Whether twitches last longer with more of a factor; None while nothing is compared."""
    if not any(finding.estimate for finding in durations):
        return None
    caption = _("How long twitches last, with more of each factor")
    return _estimates(caption, durations, _("Do twitches last longer?"))


def region_tables(regions: Sequence[RegionFindings]) -> tuple[Table, ...]:
    """The same comparison for the parts of the body that were noted often enough."""
    named = [
        (_("Notes in: %(region)s") % {"region": REGION_NAMES[part.region]}, part.findings)
        for part in regions
    ]
    return tuple(_estimates(name, findings, name) for name, findings in named)


def _estimates(caption: str, findings: Sequence[Finding], title: str) -> Table:
    return Table(
        caption,
        (_("Factor"), _("How firm"), _("Times as much"), _("Days used")),
        tuple(
            (
                wording.step_of(finding),
                wording.firmness(finding),
                wording.times_as_much(finding),
                str(finding.days_used),
            )
            for finding in findings
        ),
        numbers=False,
        title=title,
    )
