"""One week of a diary as a page shows it: what was noted, and what went together with it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from .association import Link, Refused, associate, associate_lengths
from .design import lagged
from .gates import KEPT_NEEDED, refuse_counts, regular
from .outcomes import Exposure, Floats, calendar_of, counts_of, exposures_of, lengths_of
from .pictures import difference, split
from .reach import reach
from .results import Finding, Level, Reach, RegionFindings, Trend, WeekReport
from .series import WINDOW_DAYS, DayRecord, DiarySeries, Own
from .trend import trend
from .weeks import (
    count_blocks,
    count_places,
    count_weeks,
    shown,
    summaries,
    taken,
)

MOST_REGIONS = 2  # each is a family of comparisons more, so only those with the most notes


def week_report(series: DiarySeries, first: date, finished: bool) -> WeekReport:
    """Describe the week of `first` (a Monday); days after its Sunday do not matter.

    An unfinished week says what was noted so far and compares nothing.
    """
    last = first + timedelta(days=6)
    window = tuple(
        d for d in series.days if last - timedelta(days=WINDOW_DAYS - 1) <= d.day <= last
    )
    six = shown(window, first)
    blocks, untimed = count_blocks(six)
    window = tuple(regular(window))
    kept = sum(day.counted for day in window)
    compared = _Comparisons(window, series) if finished else None
    return WeekReport(
        first=first,
        last=last,
        finished=finished,
        days=summaries(six),
        weeks=count_weeks(six),
        trend=compared.trend(six) if compared else Trend.TOO_EARLY,
        places=count_places(six),
        blocks=blocks,
        untimed=untimed,
        window_first=window[0].day if window else None,
        window_kept=kept,
        window_blank=len(window) - kept,
        kept_needed=KEPT_NEEDED,
        findings=compared.counts() if compared else (),
        durations=compared.durations() if compared else (),
        regions=compared.regions() if compared else (),
        cramps=sum(day.cramps for day in six if day.day >= first),
        tremors=sum(day.tremors for day in six if day.day >= first),
        courses=taken(series.courses, six[0].day, last) if six else (),
    )


class _Comparisons:
    """All comparisons of one window of days."""

    def __init__(self, window: Sequence[DayRecord], series: DiarySeries) -> None:
        self.window = window
        self.weekend = series.weekend
        self.calendar = calendar_of(window, series.weekend)
        self.exposures = exposures_of(window, series.factors)
        self.own = {factor.key: factor.own for factor in series.factors}

    def trend(self, six: Sequence[DayRecord]) -> Trend:
        """Whether the last weeks differ from those before."""
        return trend(counts_of(six), calendar_of(six, self.weekend))

    def counts(self) -> tuple[Finding, ...]:
        """Every factor beside the notes of a day."""
        counts = counts_of(self.window)
        links = associate(counts, self.calendar, self.exposures, reverse=True)
        return self._findings(links, counts)

    def durations(self) -> tuple[Finding, ...]:
        """Every factor beside how long twitches last."""
        note_days = sum(day.counted and bool(day.notes) for day in self.window)
        lengths = lengths_of(self.window)
        return self._findings(associate_lengths(lengths, note_days, self.calendar, self.exposures))

    def regions(self) -> tuple[RegionFindings, ...]:
        """Every factor beside the notes of a part of the body, where there is enough of it."""
        notes = Counter(note.region for day in self.window if day.counted for note in day.notes)
        if len(notes) < 2:
            return ()
        enough = {
            region: counts
            for region, _ in sorted(notes.items(), key=lambda noted: (-noted[1], noted[0]))
            if refuse_counts(counts := counts_of(self.window, region), self.calendar.resting)
            is None
        }
        compared = list(enough.items())[:MOST_REGIONS]
        return tuple(
            RegionFindings(
                region,
                self._findings(
                    associate(counts, self.calendar, self.exposures, families=len(compared)),
                    counts,
                ),
            )
            for region, counts in compared
        )

    def _findings(
        self, links: Sequence[Link | Refused], counts: Floats | None = None
    ) -> tuple[Finding, ...]:
        if not self.window:
            return ()
        family = sum(isinstance(link, Link) for link in links)
        days, last = len(self.window), self.window[-1].day
        return tuple(
            _refused(link, self.own[link.factor])
            if isinstance(link, Refused)
            else _finding(
                link, exposure, counts, reach(link, family, days, last), self.own[link.factor]
            )
            for link, exposure in zip(links, self.exposures, strict=True)
        )


def _refused(refused: Refused, own: Own | None) -> Finding:
    return Finding(
        factor=refused.factor,
        lag=refused.lag,
        unit=refused.unit,
        level=Level.INSUFFICIENT,
        days_used=refused.days_used,
        estimate=None,
        p=None,
        lag_clear=True,
        capped=False,
        refusal=refused.refusal,
        split=None,
        difference=None,
        reverse=None,
        reach=None,
        own=own,
    )


def _finding(
    link: Link, exposure: Exposure, counts: Floats | None, seen: Reach, own: Own | None
) -> Finding:
    """A link with its pictures; lengths have none, since their days are no groups of counts."""
    cell = link.cell
    # When the days cannot be told apart, what is known is the effect of either, not of one beside
    # the other.
    effect = cell.effect if link.lag_clear else cell.alone
    values = lagged(exposure.values, cell.lag)
    picture = split(counts, values) if counts is not None else None
    drawn = (
        difference(effect, link.unit, link.level, counts, values, picture)
        if counts is not None and picture
        else None
    )
    return Finding(
        factor=link.factor,
        lag=cell.lag,
        unit=link.unit,
        level=link.level,
        days_used=cell.days_used,
        estimate=effect.estimate(cell.outside),
        p=link.p,
        lag_clear=link.lag_clear,
        capped=link.capped,
        refusal=None,
        split=picture,
        difference=drawn,
        reverse=link.reverse.estimate() if link.reverse else None,
        reach=seen,
        own=own,
    )
