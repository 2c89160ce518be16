"""Made-up people with long diaries, written straight into the tables: nothing of it is measured."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import RequestFactory

from diary.models import Day, Diary, Twitch, User

NAMESPACE = UUID("2f0f3c1e-7f0a-4f0e-8d3a-6b8f3c2d1e0f")
DENSE_DAYS = 84  # that the pages look back on: the same for everybody
A_DENSE_DAY = 12  # notes
PLACES = ("calf-l", "eyelid-r", "thumb-l", "thigh-r", "calf-r", "foot-r", "back-shoulder-l")
DURATIONS = ("seconds", "under-minute", "minutes", "longer")


@transaction.atomic
def person(name: str, twitches: int, today: date) -> User:
    """Somebody with so many twitches, the last twelve weeks as dense as everybody's."""
    user = User.objects.create_user(f"{name}@bench.invalid", None)
    Diary.objects.of(user).update(zone="UTC")
    notes_of = _notes_of_days(twitches, today)
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
    dense = {today - timedelta(days=n): A_DENSE_DAY if n % 4 else 0 for n in range(DENSE_DAYS)}
    left = twitches - sum(dense.values())
    earlier, day = {}, today - timedelta(days=DENSE_DAYS)
    while left > 0:
        earlier[day] = min(left, A_DENSE_DAY)
        left -= earlier[day]
        day -= timedelta(days=1)
    return dict(sorted((earlier | dense).items()))


def _twitch(user: User, day: date, n: int) -> Twitch:
    moment = datetime.combine(day, time(8 + n % 12, (7 * n) % 60), tzinfo=UTC)
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


def session_of(user: User) -> str:
    """The key of a session in which this person is signed in."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    login(request, user, backend="config.accounts.Backend")
    request.session.save()
    return str(request.session.session_key)
