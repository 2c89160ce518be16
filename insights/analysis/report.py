"""One week of a diary as a page shows it: what was noted, and what went together with it."""

from datetime import date, timedelta

from .results import Trend, WeekReport
from .series import DiarySeries
from .weeks import (
    count_blocks,
    count_places,
    count_weeks,
    shown,
    summaries,
    summarise_factors,
)

WINDOW_DAYS = 365  # a comparison looks back this far, and nothing older matters
KEPT_NEEDED = 42


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
    kept = sum(day.counted for day in window)
    return WeekReport(
        first=first,
        last=last,
        finished=finished,
        days=summaries(six),
        weeks=count_weeks(six),
        trend=Trend.TOO_EARLY,
        places=count_places(six),
        blocks=blocks,
        untimed=untimed,
        factors=summarise_factors(series.factors, six, first),
        window_first=window[0].day if window else None,
        window_kept=kept,
        window_blank=len(window) - kept,
        kept_needed=KEPT_NEEDED,
        findings=(),
        durations=(),
        regions=(),
    )
