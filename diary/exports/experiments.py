"""Small experiments as a table: the plan as it was drawn, and how its days went."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ..days import parse_day
from ..models import Experiment, User
from ..plan import AHEAD, IDEAS, LONGEST, PART_DAYS
from .csv import Value
from .more import MoreTable, Owned
from .rows import Column


def _said(value: bool) -> str:
    return "yes" if value else "no"


def _is(said: str) -> bool:
    return ("no", "yes").index(said) == 1


COLUMNS = (
    Column("id", _("The same in every export."), lambda row: str(row.uuid)),
    Column("idea", _("What was tried, as a key."), lambda row: row.idea),
    Column("first_day", _("The first day of the plan."), lambda row: row.first.isoformat()),
    Column(
        "part_days",
        _("How many days each of its four parts has."),
        lambda row: row.part_days,
    ),
    Column(
        "change_first",
        _("yes: change, usual, usual, change. no: the reverse."),
        lambda row: _said(row.change_first),
    ),
    Column(
        "line_on_today",
        _("Whether Today says what the day is for: yes or no."),
        lambda row: _said(row.on_today),
    ),
    Column(
        "went_differently",
        _("The days that went the other way, with a space between them."),
        lambda row: " ".join(row.otherwise),
    ),
    Column(
        "stopped_on",
        _("The day on which you stopped it early; empty when you did not."),
        lambda row: row.stopped_on.isoformat() if row.stopped_on else "",
    ),
    Column(
        "drawn_at_utc",
        _("When you planned it."),
        lambda row: row.drawn_at.astimezone(UTC).isoformat(),
    ),
)


def experiment_rows(owner: User, last: date) -> Iterator[list[Value]]:
    """What was planned, whole, also what begins after the last day asked for."""
    for row in Experiment.objects.of(owner).order_by("first", "uuid"):
        yield [column.value(row) for column in COLUMNS]


def read_experiment(cells: Mapping[str, str]) -> Experiment:
    """An experiment that is nobody's yet. Raises ValueError or KeyError."""
    first, part_days = parse_day(cells["first_day"]), int(cells["part_days"])
    if cells["idea"] not in IDEAS or part_days not in PART_DAYS:
        raise ValueError(cells["idea"])
    if first > now().date() + AHEAD:
        raise ValueError(first)
    drawn_at = datetime.fromisoformat(cells["drawn_at_utc"])
    if drawn_at.tzinfo is None:
        raise ValueError(drawn_at)
    fields = {
        "idea": cells["idea"],
        "first": first,
        "part_days": part_days,
        "change_first": _is(cells["change_first"]),
        "on_today": _is(cells["line_on_today"]),
        "stopped_on": parse_day(cells["stopped_on"]) if cells["stopped_on"] else None,
        "drawn_at": drawn_at,
    }
    made = Experiment(uuid=UUID(cells["id"]), **fields)
    made.otherwise = _days_of(made, cells["went_differently"])
    return made


def load_experiment(owner: User, made: Experiment) -> int | None:
    """Keep an experiment. Returns its id; None if it is there, or if another fills its days."""
    here = Experiment.objects.of(owner)
    if here.filter(uuid=made.uuid).exists() or _meets_another(made, here):
        return None
    made.owner = owner
    made.save(force_insert=True)
    return made.pk


def unload_experiments(owner: User, made: Sequence[int]) -> None:
    """Take experiments out again."""
    Experiment.objects.of(owner).filter(pk__in=made).delete()


def _days_of(experiment: Experiment, text: str) -> list[str]:
    """Days of its plan, sorted, as they are stored. Raises ValueError."""
    days = sorted({parse_day(day) for day in text.split()})
    if not all(map(experiment.plan.on, days)):
        raise ValueError(text)
    return [day.isoformat() for day in days]


def _meets_another(made: Experiment, here: QuerySet[Experiment]) -> bool:
    """Whether it would be under way together with one that is here; there is one at a time."""
    if made.stopped_on:
        return False
    near = here.filter(stopped_on=None, first__range=(made.first - LONGEST, made.plan.last))
    return any(other.plan.last >= made.first for other in near)


TABLES = (
    MoreTable(
        "experiments",
        _("experiments"),
        _("One row for each small experiment that you planned, whole, whatever days you choose."),
        COLUMNS,
        experiment_rows,
        Owned(read_experiment, load_experiment, unload_experiments),
    ),
)
