"""Reports made by hand, for what draws and words them."""

from dataclasses import replace
from datetime import date, timedelta

from diary.models import Diary
from insights.analysis.report import week_report
from insights.analysis.results import (
    Difference,
    Estimate,
    Finding,
    Group,
    Level,
    Refusal,
    Split,
)
from insights.analysis.series import DayRecord, DayStatus, DiarySeries, Note
from insights.collect import declared

MONDAY = date(2026, 11, 16)


def record(day, notes=0, status=None, place="calf-l", minute=600, **factors):
    kind = status or (DayStatus.NOTES if notes else DayStatus.CLEAR)
    return DayRecord(
        day=day,
        status=kind,
        notes=tuple(Note(place, "legs", minute, 4) for _ in range(notes)),
        factors=factors,
        counted=kind in (DayStatus.NOTES, DayStatus.CLEAR),
    )


def week_of(*notes, before=()):
    """The report of a week with these notes a day, after other days; None is a blank day."""
    days = [*before, *notes]
    first = MONDAY - timedelta(days=len(before))
    records = tuple(
        record(first + timedelta(days=n), count or 0, DayStatus.BLANK if count is None else None)
        for n, count in enumerate(days)
    )
    return week_report(DiarySeries(records, declared(Diary())), MONDAY, True)


def finding(level=Level.WEAK, ratio=1.3, factor="caffeine", **more):
    """A finding as the analysis would give it."""
    best = 0.6 if ratio > 1 else -0.6
    quantiles = tuple(best + (n - 9.5) * 0.1 for n in range(20))
    made = Finding(
        factor=factor,
        lag=0,
        unit=100,
        level=level,
        days_used=38,
        estimate=Estimate(ratio, ratio * 0.8, ratio * 1.25),
        p=0.01,
        lag_clear=True,
        capped=False,
        refusal=None,
        split=Split(
            190,
            Group(18, 14, (0,) * 4 + (1,) * 8 + (2,) * 6),
            Group(20, 12, (0,) * 8 + (1,) * 9 + (3,) * 3),
        ),
        difference=Difference(
            best,
            quantiles,
            ((best - 0.2, best + 0.2), (best - 0.5, best + 0.5), (best - 0.8, best + 0.8)),
        ),
        reverse=None,
        reach=None,
    )
    return replace(made, **more)


def refused(gate, have=3, need=28, factor="caffeine"):
    return replace(
        finding(Level.INSUFFICIENT, factor=factor),
        estimate=None,
        p=None,
        split=None,
        difference=None,
        refusal=Refusal(gate, have, need),
    )
