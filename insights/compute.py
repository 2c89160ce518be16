"""Collect, analyse, store: whole, repeatable, and only where something changed."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import Case, F, When

from diary.days import Week
from diary.models import Diary, User

from .analysis.gates import WINDOW_DAYS
from .analysis.report import week_report
from .analysis.series import DiarySeries
from .analysis.weeks import taken
from .collect import collect
from .knowledge.library import library
from .knowledge.suggest import suggest
from .models import Suggested, WeekSummary
from .suggested import remember

RECIPE = 2  # goes up when the same diary would give another summary


def recompute(owner_id: int, now: datetime) -> None:
    """Bring a person's summaries up to what their diary says.

    May run twice, or beside itself: a run stores what it made of the version it read, only if no
    newer one is stored, and takes the stale mark away only if the diary is still at that version.
    Raises Diary.DoesNotExist when the account is gone.
    """
    diary = Diary.objects.select_related("owner").get(owner=owner_id)
    today = diary.today(now)
    series = collect(diary, today)
    known = {
        (year, number): (recipe, bytes(inputs))
        for year, number, recipe, inputs in WeekSummary.objects.of(diary.owner).values_list(
            "year", "number", "recipe", "inputs"
        )
    }
    weeks = list(_weeks(series, today))
    fresh = []
    for week in weeks:
        part = _known_by(series, min(week.last, today))
        inputs = _digest(part, week, finished=week.last < today)
        if known.get((week.year, week.number)) != (RECIPE, inputs):
            fresh.append(_summary(diary, part, week, inputs, now, finished=week.last < today))
    _store(diary, weeks, fresh, diary.bounds(Week.of(today).last)[1], now)


def _weeks(series: DiarySeries, today: date) -> Iterator[Week]:
    """Every week from the first day of the diary to the running one."""
    if series.days:
        week = Week.of(series.days[0].day)
        while week <= Week.of(today):
            yield week
            week = week.shifted(1)


def _known_by(series: DiarySeries, last: date) -> DiarySeries:
    """What a page about days up to `last` may depend on."""
    first = last - timedelta(days=WINDOW_DAYS - 1)
    return replace(
        series,
        days=tuple(day for day in series.days if first <= day.day <= last),
        courses=taken(series.courses, first, last),
    )


def _digest(series: DiarySeries, week: Week, *, finished: bool) -> bytes:
    return hashlib.sha256(msgspec.msgpack.encode((series, str(week), finished))).digest()


def _summary(
    diary: Diary,
    series: DiarySeries,
    week: Week,
    inputs: bytes,
    now: datetime,
    *,
    finished: bool,
) -> WeekSummary:
    report = week_report(series, week.first, finished)
    return WeekSummary(
        owner=diary.owner,
        year=week.year,
        number=week.number,
        finished=finished,
        recipe=RECIPE,
        inputs=inputs,
        result=msgspec.to_builtins(report),
        computed_at=now,
    )


@transaction.atomic
def _store(
    diary: Diary,
    weeks: list[Week],
    fresh: list[WeekSummary],
    due_at: datetime,
    now: datetime,
) -> None:
    """Write the summaries and say so, unless a run that read a newer diary was faster."""
    ours = Diary.objects.of(diary.owner).filter(computed_version__lte=diary.version)
    if not ours.update(
        computed_version=diary.version,
        stale_since=Case(When(version=diary.version, then=None), default=F("stale_since")),
        due_at=due_at,
        claimed_until=None,
        tries=0,
    ):
        return
    stored = WeekSummary.objects.of(diary.owner)
    if weeks:
        stored.exclude(year__gte=weeks[0].year).delete()
        stored.filter(year=weeks[0].year, number__lt=weeks[0].number).delete()
        last = weeks[-1]
        stored.filter(year__gt=last.year).delete()
        stored.filter(year=last.year, number__gt=last.number).delete()
    else:
        stored.delete()
    WeekSummary.objects.bulk_create(
        fresh,
        batch_size=50,
        update_conflicts=True,
        unique_fields=["owner", "year", "number"],
        update_fields=["finished", "recipe", "inputs", "result", "computed_at"],
    )
    _remember_suggestions(diary.owner, fresh, now)


def _remember_suggestions(owner: User, fresh: list[WeekSummary], now: datetime) -> None:
    """Keep which tips stand on the pages of these weeks, and on that of the latest finished one.

    The latest is looked at each time: what is put aside makes room for another tip.
    """
    aside = set(Suggested.objects.of(owner).aside(now).values_list("passage", flat=True))
    finished = {summary.week: summary for summary in fresh if summary.finished}
    latest = WeekSummary.objects.of(owner).finished().order_by("-year", "-number").first()
    if latest:
        finished.setdefault(latest.week, latest)
    for week, summary in finished.items():
        tips = suggest(summary.report, library(), aside)
        remember(owner, [tip.passage.id for tip in tips], week.first)
