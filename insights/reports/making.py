"""How a report comes about: what it needs is collected, and the one object made of it."""

from datetime import date, datetime
from uuid import uuid5

from diary.models import Diary
from diary.shown import Noting

from .. import collect
from ..analysis.results import WeekReport
from ..models import WeekSummary
from .fhir import NAMESPACE, Kept
from .report import Asked, Material, Report, report


def make(diary: Diary, asked: Asked, now: datetime) -> Report:
    """The report of these days of a diary, with the comparisons of its last whole week."""
    owner = diary.owner
    return report(
        asked,
        Material(
            series=collect.collect(diary, asked.last),
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
