"""Made-up people with long diaries, written straight into the tables: nothing of it is measured."""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from diary import consent
from diary.days import Week
from diary.factors import COLUMNS
from diary.models import Day, Diary, Twitch, User
from insights.models import WeekSummary

PASSWORD = "only on this machine"
NAMESPACE = UUID("2f0f3c1e-7f0a-4f0e-8d3a-6b8f3c2d1e0f")
DENSE_DAYS = 84  # that the pages look back on: the same for everybody
KEPT_DAYS = 365  # a comparison looks back on: days without notes are clear ones
A_DENSE_DAY = 12  # notes
PLACES = ("calf-l", "eyelid-r", "thumb-l", "thigh-r", "calf-r", "foot-r", "back-shoulder-l")
DURATIONS = ("seconds", "under-minute", "minutes", "longer")


@transaction.atomic
def person(name: str, twitches: int, today: date) -> User:
    """Somebody with so many twitches, the last twelve weeks as dense as everybody's."""
    return _written(name, _notes_of_days(twitches, today))


@transaction.atomic
def year(name: str, days: int, today: date, seed: int) -> User:
    """Somebody who wrote down so many days by chance: what an analysis has to weigh."""
    dice = random.Random(seed)
    counts = {today - timedelta(days=n): min(11, int(dice.expovariate(0.6))) for n in range(days)}
    user = _written(name, dict(sorted(counts.items())))
    rows = list(Day.objects.of(user))
    for row in rows:
        row.caffeine_mg = 10 * dice.randrange(40)
        row.sleep_minutes = 30 * dice.randrange(9, 19)
        row.stress = dice.randrange(1, 6)
        row.drinks_ml = 250 * dice.randrange(2, 11)
    Day.objects.bulk_update(rows, COLUMNS, batch_size=200)
    return user


@transaction.atomic
def even(name: str, days: int, a_day: int, today: date) -> User:
    """Somebody who wrote down as many twitches every day, up to yesterday."""
    return _written(name, {today - timedelta(days=n): a_day for n in range(days, 0, -1)})


def _written(name: str, notes_of: Mapping[date, int]) -> User:
    user = User.objects.create_user(f"{name}@bench.invalid", PASSWORD)
    consent.give(user, timezone.now())
    Day.objects.bulk_create(
        (
            Day(
                owner=user,
                day=day,
                clear=not count,
                caffeine_mg=90 * (n % 4),
                sleep_minutes=360 + 30 * (n % 5),
                stress=1 + n % 5,
                drinks_ml=250 * (n % 8),
            )
            for n, (day, count) in enumerate(notes_of.items())
        ),
        batch_size=2000,
    )
    Twitch.objects.bulk_create(
        (_twitch(user, day, n) for day, count in notes_of.items() for n in range(count)),
        batch_size=2000,
    )
    return user


def _notes_of_days(twitches: int, today: date) -> dict[date, int]:
    dense = {today - timedelta(days=n): A_DENSE_DAY if n % 4 < 3 else 0 for n in range(DENSE_DAYS)}
    left = twitches - sum(dense.values())
    earlier = {today - timedelta(days=n): 0 for n in range(DENSE_DAYS, KEPT_DAYS)}
    day = today - timedelta(days=DENSE_DAYS)
    while left > 0:
        earlier[day] = min(left, A_DENSE_DAY)
        left -= earlier[day]
        day -= timedelta(days=1)
    return dict(sorted((earlier | dense).items()))


def _twitch(user: User, day: date, n: int) -> Twitch:
    moment = datetime.combine(day, time(4 + n % 12, (7 * n) % 60), tzinfo=UTC)
    identity = uuid5(NAMESPACE, f"{user.pk} {day} {n}")
    return Twitch(
        owner=user,
        uuid=identity,
        group=identity,
        place=PLACES[(day.toordinal() + n) % len(PLACES)],
        started_at=moment,
        zone="UTC",
        day=day,
        duration=DURATIONS[n % len(DURATIONS)],
        words="after a run" if n % 10 == 0 else "",
        caffeine_mg=90,
        created_at=moment,
    )


OTHER_DAYS = 100  # that each of the others wrote down, with a note each


def others(count: int, today: date) -> None:
    """Other people's diaries in the same tables."""
    if count:
        days = {today - timedelta(days=n): 1 for n in range(OTHER_DAYS)}
        copies(_written("other", days), count - 1)


@transaction.atomic
def copies(of: User, count: int, *, summaries: bool = False) -> list[User]:
    """So many people more whose diaries say the same.

    `summaries` come along as far as an analysis looks at them: their results would fill the disk.
    """
    name = of.email.partition("@")[0]
    made = User.objects.bulk_create(
        User(email=f"{name}-{n}@bench.invalid", password="!") for n in range(1, count + 1)
    )
    Diary.objects.bulk_create(Diary(owner=user) for user in made)
    if made:
        for model in (Day, Twitch):
            _copy(model, of, made[0].pk, made[-1].pk)
        if summaries:
            _copy(WeekSummary, of, made[0].pk, made[-1].pk, {"result": "'{}'"})
    return made


def _copy(
    model: type[Day] | type[Twitch] | type[WeekSummary],
    of: User,
    first: int,
    last: int,
    instead: Mapping[str, str] | None = None,
) -> None:
    """Within the database: through Python a million rows take minutes."""
    quoted = connection.ops.quote_name
    columns = [
        quoted(str(field.column))
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name != "owner"
    ]
    taken = [(instead or {}).get(column.strip('"'), f"t.{column}") for column in columns]
    table, users = quoted(model._meta.db_table), quoted(User._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (owner_id, {', '.join(columns)}) "
            f"SELECT u.id, {', '.join(taken)} "
            f"FROM {table} t, {users} u WHERE t.owner_id = %s AND u.id BETWEEN %s AND %s",
            [of.pk, first, last],
        )


def forget_latest(person: User, now: datetime) -> None:
    """Take away the summaries of the running week and of the one before."""
    running = Week.of(now.date())
    for week in (running, running.shifted(-1)):
        WeekSummary.objects.of(person).for_week(week).delete()


def session_of(user: User) -> str:
    """The key of a session in which this person signed in with their password just now."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    login(request, user, backend="config.accounts.Backend")
    record_authentication(request, user, method="password", reauthenticated=True)
    request.session.save()
    return str(request.session.session_key)
