"""Collect, analyse, store: whole, repeatable, and only where something changed."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

import msgspec
from django.db import transaction
from django.db.models import Case, F, When

from diary.days import Week
from diary.kept import OWNER
from diary.models import Diary, User
from diary.questions import Question

from . import collect
from .analysis.experiment import outcome_of
from .analysis.report import week_report
from .analysis.series import WINDOW_DAYS, DiarySeries, Trial
from .analysis.weeks import taken
from .knowledge.library import library
from .knowledge.suggest import suggest
from .models import ExperimentResult, WeekSummary
from .suggested import aside, remember

RECIPE = 3  # goes up when the same diary would give another summary
TRIAL_RECIPE = 1  # the same for experiments


def recompute(owner_id: int, now: datetime) -> None:
    """Bring a person's summaries up to what their diary says.

    May run twice, or beside itself: a run stores what it made of the version it read, only if no
    newer one is stored, and takes the stale mark away only if the diary is still at that version.
    Raises Diary.DoesNotExist when the account is gone.
    """
    diary = Diary.objects.select_related("owner").get(owner=owner_id)
    today = diary.today(now)
    begins = collect.begins(diary.owner)
    weeks = list(_weeks(begins, today))
    known = {
        Week(year, number): (recipe, finished, bytes(inputs))
        for year, number, recipe, finished, inputs in _stored_weeks().ask(owner=owner_id)
    }
    fresh = []
    for some in _runs(_doubted(diary, weeks, known, begins)):
        first = max(begins or today, _window(some[0], today)[0])
        series = collect.collect(diary, min(some[-1].last, today), first)
        for week in some:
            part = _known_by(series, *_window(week, today))
            finished = week.last < today
            inputs = _digest(part, week, finished=finished)
            if known.get(week) != (RECIPE, finished, inputs):
                fresh.append(_summary(diary, part, week, inputs, now, finished=finished))
    trials = collect.trials(diary.owner)
    over = {pk: trial for pk, trial in trials.items() if trial.last < today}
    ends = [trial.last for trial in trials.values() if trial.last >= today]
    changed = _changed(diary, begins, min(known, default=None))
    results = _results(diary, over, begins, changed, now)
    # Due when the week ends, or an experiment before it.
    due_at = diary.bounds(min([Week.of(today).last, *ends]))[1]
    _store(diary, weeks, fresh, (set(over), results), due_at, now)


@cache
def _stored_weeks() -> Question:
    columns = ("year", "number", "recipe", "finished", "inputs")
    return Question(WeekSummary.objects.of(OWNER).values_list(*columns))


def _weeks(first: date | None, today: date) -> Iterator[Week]:
    """Every week from the first day of the diary to the running one."""
    if first and first <= today:
        week = Week.of(first)
        while week <= Week.of(today):
            yield week
            week = week.shifted(1)


def _doubted(
    diary: Diary,
    weeks: Sequence[Week],
    known: Mapping[Week, tuple[int, bool, bytes]],
    begins: date | None,
) -> list[Week]:
    """The weeks whose summary may not be what the diary says, oldest first.

    Those that are not stored, were not over, or look back on a day that changed. Others need not
    be read, so that a long diary costs no more than a short one.
    """
    first, last = _changed(diary, begins, min(known, default=None))
    return [
        week
        for week in weeks
        if week not in known
        or known[week][:2] != (RECIPE, True)
        or week == weeks[-1]
        or (week.last >= first and _window_first(week.last) <= last)
    ]


def _runs(weeks: Sequence[Week]) -> Iterator[list[Week]]:
    """The weeks in runs that follow each other: what lies between need not be read."""
    run: list[Week] = []
    for week in weeks:
        if run and week != run[-1].shifted(1):
            yield run
            run = []
        run.append(week)
    if run:
        yield run


def _changed(diary: Diary, begins: date | None, earliest: Week | None) -> tuple[date, date]:
    """Between which days something changed since the summaries were made."""
    if diary.version == diary.computed_version:
        return date.max, date.min
    first, last = diary.changed_first, diary.changed_last
    if first is None or last is None:
        return date.min, date.max
    if begins and first <= begins:
        # Where the diary begins may have moved: the days between came or went with it.
        last = max(last, begins, earliest.last if earliest else begins)
    return first, last


def _window_first(last: date) -> date:
    return last - timedelta(days=WINDOW_DAYS - 1)


def _window(week: Week, today: date) -> tuple[date, date]:
    """The days that the page of a week may depend on."""
    last = min(week.last, today)
    return _window_first(last), last


def _known_by(series: DiarySeries, first: date, last: date) -> DiarySeries:
    """What a page about these days may depend on."""
    return replace(
        series,
        days=tuple(day for day in series.days if first <= day.day <= last),
        courses=taken(series.courses, first, last),
    )


def _digest(series: DiarySeries, week: Week, *, finished: bool) -> bytes:
    return hashlib.sha256(msgspec.msgpack.encode((series, str(week), finished))).digest()


def _results(
    diary: Diary,
    over: Mapping[int, Trial],
    begins: date | None,
    changed: tuple[date, date],
    now: datetime,
) -> list[ExperimentResult]:
    """What the experiments that are over said, where it may not be what is stored."""
    rows = _stored_results().ask(owner=diary.owner.pk)
    known = {pk: (recipe, bytes(inputs)) for pk, recipe, inputs in rows}
    fresh = []
    for pk, trial in over.items():
        first = _window_first(trial.last)
        untouched = trial.last < changed[0] or changed[1] < first
        if pk in known and known[pk][0] == TRIAL_RECIPE and untouched:
            continue
        series = collect.collect(diary, trial.last, max(begins or first, first))
        inputs = _trial_digest(series, trial)
        if known.get(pk) != (TRIAL_RECIPE, inputs):
            fresh.append(
                ExperimentResult(
                    experiment_id=pk,
                    owner=diary.owner,
                    recipe=TRIAL_RECIPE,
                    inputs=inputs,
                    result=msgspec.to_builtins(outcome_of(series, trial)),
                    computed_at=now,
                )
            )
    return fresh


@cache
def _stored_results() -> Question:
    return Question(ExperimentResult.objects.of(OWNER).values_list("pk", "recipe", "inputs"))


def _trial_digest(series: DiarySeries, trial: Trial) -> bytes:
    """Of what matters to an experiment: how many notes each day has, and which days it compares."""
    days = [(day.day, day.status, day.counted, len(day.notes)) for day in series.days]
    told = (days, series.weekend, sorted(trial.days.items()))
    return hashlib.sha256(msgspec.msgpack.encode(told)).digest()


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
    experiments: tuple[set[int], list[ExperimentResult]],
    due_at: datetime,
    now: datetime,
) -> None:
    """Write the summaries and say so, unless a run that read a newer diary was faster.

    `experiments` are those that are over, and what some of them said.
    """
    ours = Diary.objects.of(diary.owner).filter(computed_version__lte=diary.version)
    if not ours.update(
        computed_version=diary.version,
        stale_since=Case(When(version=diary.version, then=None), default=F("stale_since")),
        due_at=due_at,
        claimed_until=None,
        tries=0,
    ):
        return
    WeekSummary.objects.of(diary.owner).outside(weeks).delete()
    WeekSummary.objects.bulk_create(
        fresh,
        batch_size=50,
        update_conflicts=True,
        unique_fields=["owner", "year", "number"],
        update_fields=["finished", "recipe", "inputs", "result", "computed_at"],
    )
    over, results = experiments
    ExperimentResult.objects.of(diary.owner).exclude(experiment__in=over).delete()
    ExperimentResult.objects.bulk_create(
        results,
        update_conflicts=True,
        unique_fields=["experiment"],
        update_fields=["recipe", "inputs", "result", "computed_at"],
    )
    if weeks:
        _remember_suggestions(diary.owner, fresh, weeks[-1].shifted(-1), now)


def _remember_suggestions(
    owner: User, fresh: list[WeekSummary], latest: Week, now: datetime
) -> None:
    """Keep which tips stand on the pages of these weeks, and on that of the latest finished one.

    The latest is looked at each time: what is put aside makes room for another tip.
    """
    put_aside = aside(owner, now)
    finished = {summary.week: summary for summary in fresh if summary.finished}
    if latest not in finished and (stored := _stored(owner, latest)):
        finished[latest] = stored
    shown = {
        week.first: [tip.passage.id for tip in suggest(summary.report, library(), put_aside)]
        for week, summary in finished.items()
    }
    remember(owner, shown)


def _stored(owner: User, week: Week) -> WeekSummary | None:
    return WeekSummary.objects.of(owner).for_week(week).finished().first()
