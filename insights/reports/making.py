"""How a report comes about: what it needs is collected, and the one object made of it."""

from datetime import date, datetime, timedelta
from uuid import uuid5

from diary.models import Diary
from diary.shown import Noting

from .. import collect
from ..analysis.results import WeekReport
from ..analysis.series import WINDOW_DAYS
from ..models import WeekSummary
from .fhir import NAMESPACE, Kept
from .report import NEW_AFTER, Asked, Earlier, Material, Report, report

# A year of comparisons, which end in the days of the report, and the week that they begin in.
LOOK_BACK = timedelta(days=WINDOW_DAYS + 7)


def make(diary: Diary, asked: Asked, now: datetime) -> Report:
    """The report of these days of a diary, with the comparisons of its last whole week."""
    owner = diary.owner
    began = collect.begins(owner) or asked.first
    first = max(began, min(asked.first, asked.last) - LOOK_BACK)
    series = collect.collect(diary, asked.last, first)
    noted = {note.place for day in series.days for note in day.notes}
    return report(
        asked,
        Material(
            series=series,
            earlier=collect.earlier(owner, first, noted, NEW_AFTER) if first > began else Earlier(),
            weekly=_weekly(diary, asked.last),
            checks=collect.checks(owner),
            medicines=collect.medicines(owner),
            apart=collect.apart(owner, asked.first, asked.last),
            words=collect.words(owner, asked.first, asked.last),
            today=diary.today(now),
            sample=diary.is_sample,
            once_a_day=diary.noting == Noting.DAILY,
            answers=collect.answers(owner, asked.first, asked.last),
            every_drink=diary.every_drink,
        ),
    )


def kept(diary: Diary, asked: Asked, now: datetime) -> Kept:
    """What a document of the same days needs beside their report."""
    owner = diary.owner
    # The same for as long as the account lives, and another one in every place and for everybody.
    person = uuid5(NAMESPACE, f"{owner.pk} {owner.date_joined.isoformat()}")
    return Kept(
        person=person,
        notes=collect.noted(diary, asked.first, asked.last),
        checks=collect.checks(owner),
        factors=diary.ever_noted,
        began=diary.bounds(diary.today(now))[0].astimezone(diary.tz),
        made=now.astimezone(diary.tz),
    )


def _weekly(diary: Diary, last: date) -> WeekReport | None:
    """The stored summary of the latest week that was whole and over by then."""
    year, number, weekday = last.isocalendar()
    summaries = WeekSummary.objects.of(diary.owner).finished()
    before = summaries.filter(year__lt=year) | summaries.filter(year=year, number__lt=number)
    if weekday == 7:
        before |= summaries.filter(year=year, number=number)
    summary = before.order_by("-year", "-number").first()
    return summary.report if summary else None
