"""The sample diary: 26 weeks of made-up entries, so that a newcomer sees what Ebb shows.

Two effects are planted, and two factors do nothing; see PLANTED. The days are made by a seeded
generator, so the same last day always gives the same diary.
"""

import math
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from diary import days as calendar
from diary import recording
from diary.check import QUESTIONS, Answer
from diary.drinks import COFFEE
from diary.factors import OPTIONAL, Further
from diary.kinds import NoteKind
from diary.models import Break, Check, Day, Diary, Medicine, Twitch, User, as_columns

EMAIL = "sample@ebb.invalid"  # a name that no mail can reach; nobody can sign in with it
WEEKS = 26
REFRESH_AFTER = timedelta(days=7)
SEED = 20_00
NAMESPACE = UUID("5f2f0e6e-6d5f-5b6e-9c52-0c6f3f5a2f10")

BASE_RATE = 1.5  # notes on a usual day
# What a day's rate is multiplied by for one unit more: 100 mg of caffeine, an hour of sleep.
PLANTED = {"caffeine": 1.5, "sleep": 0.72}
USUAL = {"caffeine": 200, "sleep": 7.0}

PLACES = {
    "calf-l": 34,
    "eyelid-r": 18,
    "thumb-l": 14,
    "thigh-r": 11,
    "calf-r": 8,
    "upper-arm-l": 6,
    "foot-r": 5,
    "back-shoulder-l": 4,
}
DURATIONS = {"seconds": 52, "under-minute": 26, "minutes": 14, "longer": 4, "hours": 2, "unsure": 2}
HOURS = (6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0, 1)
HOUR_WEIGHTS = (3, 3, 4, 4, 4, 4, 3, 2, 2, 3, 4, 4, 4, 5, 6, 7, 8, 6, 2, 1)
WORDS = ("lying in bed", "at the desk", "after a run", "on the train", "watching a film")

# Further factors of which nothing is planted either.
FURTHER = (Further("exercise"), Further("alcohol"))

BLANK = 0.06  # share of days left blank
UNKNOWN = 0.05  # share of values left open
CRAMP = 0.05  # share of days with a cramp, apart from twitches
BREAK = (64, 68)  # days before the last one
# Name, kind, days before the last one when it was begun and ended (0: still taken), words.
MEDICINES = (
    ("Magnesium", Medicine.Kind.SUPPLEMENT, 56, 0, "after an article, one a day"),
    ("Hay fever tablets", Medicine.Kind.MEDICINE, 150, 24, ""),
)
CUPS = (7, 10, 13, 15, 17, 19)  # hours
# Symptoms checks by days before the last one: what was not answered with no.
CHECKS: dict[int, dict[str, str]] = {101: {}, 9: {"lasting": Answer.UNSURE.value}}


@dataclass(frozen=True, slots=True)
class SampleDay:
    """One made-up day."""

    day: date
    clear: bool
    values: dict[str, int | None]  # stored values by column
    notes: tuple["SampleNote", ...]


@dataclass(frozen=True, slots=True)
class SampleNote:
    """One made-up note."""

    place: str
    at: time | None
    duration: str
    words: str
    kind: NoteKind = NoteKind.TWITCH


def sample_days(last: date) -> tuple[SampleDay, ...]:
    """The made-up days up to `last`, oldest first; days left blank have no entry here."""
    dice, others = random.Random(SEED), random.Random(SEED + 1)
    first = last - timedelta(days=7 * WEEKS - 1)
    resting = {last - timedelta(days=n) for n in range(BREAK[0], BREAK[1] + 1)}
    mood = 0.0
    made = []
    for n in range(7 * WEEKS):
        day = first + timedelta(days=n)
        mood = 0.6 * mood + dice.gauss(0, 0.16)  # good and bad spells of their own
        weekend = day.weekday() >= 5
        caffeine = max(0, round(dice.gauss(150 if weekend else 215, 95) / 10) * 10)
        sleep = min(max(dice.gauss(7.5 if weekend else 6.8, 0.95), 3.5), 10)
        values = {
            "caffeine_mg": caffeine,
            "sleep_minutes": round(sleep * 2) * 30,
            "stress": min(max(round(dice.gauss(2.2 if weekend else 3.0, 1.0)), 1), 5),
            "drinks_ml": max(250, round(dice.gauss(1600, 450) / 250) * 250),
        }
        rate = BASE_RATE * math.exp(
            mood
            + math.log(PLANTED["caffeine"]) * (caffeine - USUAL["caffeine"]) / 100
            + math.log(PLANTED["sleep"]) * (values["sleep_minutes"] / 60 - USUAL["sleep"])
        )
        notes = tuple(_note(dice) for _ in range(_poisson(dice, min(rate, 9))))
        known = {
            column: None if dice.random() < UNKNOWN else value for column, value in values.items()
        }
        further = _further(others, weekend=weekend)
        cramps = _cramps(others)
        if dice.random() >= BLANK and day not in resting:
            made.append(SampleDay(day, not notes, known | further, notes + cramps))
    return tuple(made)


def _further(dice: random.Random, *, weekend: bool) -> dict[str, int | None]:
    minutes = dice.choices((0, 20, 30, 45, 60, 90), (50, 12, 14, 10, 10, 4))[0]
    glasses = dice.choices((0, 1, 2, 3), (30, 30, 28, 12) if weekend else (78, 14, 6, 2))[0]
    return {
        "exercise": None if dice.random() < UNKNOWN else minutes,
        "alcohol": None if dice.random() < UNKNOWN else OPTIONAL["alcohol"].stored(glasses),
    }


def _cramps(dice: random.Random) -> tuple[SampleNote, ...]:
    """A cramp in the night, on a few days."""
    at = time(dice.choice((4, 5, 23)), dice.randrange(60))
    cramp = SampleNote("calf-r", at, "minutes", "woke me up", NoteKind.CRAMP)
    return (cramp,) if dice.random() < CRAMP else ()


def _note(dice: random.Random) -> SampleNote:
    hour = dice.choices(HOURS, HOUR_WEIGHTS)[0]
    at = time(hour, dice.randrange(60))
    return SampleNote(
        place=dice.choices(list(PLACES), list(PLACES.values()))[0],
        at=None if dice.random() < 0.04 else at,
        duration=dice.choices(list(DURATIONS), list(DURATIONS.values()))[0],
        words=dice.choice(WORDS) if dice.random() < 0.08 else "",
    )


def _poisson(dice: random.Random, rate: float) -> int:
    """A count with this mean, by Knuth's product of uniform numbers."""
    count, product, floor = 0, dice.random(), math.exp(-rate)
    while product > floor:
        count += 1
        product *= dice.random()
    return count


@transaction.atomic
def ready(now: datetime) -> User:
    """The owner of the sample diary, whose last made-up day is at most a week old."""
    owner, _ = User.objects.get_or_create(email=EMAIL, defaults={"password": "!"})
    diary = Diary.objects.get(owner=owner)
    yesterday = diary.today(now) - timedelta(days=1)
    newest = Day.objects.of(owner).order_by("-day").values_list("day", flat=True).first()
    if newest is None or yesterday - newest >= REFRESH_AFTER:
        rows = _rows(diary, sample_days(yesterday))
        recording.load_sample(
            diary,
            *rows,
            now,
            checks=_checks(diary, yesterday),
            medicines=_medicines(diary, yesterday),
            further=FURTHER,
        )
    return owner


def _rows(diary: Diary, made: tuple[SampleDay, ...]) -> tuple[list[Day], list[Twitch], list[Break]]:
    last = made[-1].day
    rest = Break(
        owner=diary.owner,
        first=last - timedelta(days=BREAK[1]),
        last=last - timedelta(days=BREAK[0]),
    )
    rows = [
        Day(
            owner=diary.owner,
            day=day.day,
            clear=day.clear,
            caffeine_at=_cups(day),
            **as_columns(day.values, {}),
        )
        for day in made
    ]
    twitches = [
        _twitch(diary, day, note, index) for day in made for index, note in enumerate(day.notes)
    ]
    return rows, twitches, [rest]


def _cups(day: SampleDay) -> str:
    """A coffee for each 90 mg, from the morning on, a little later on some days."""
    mugs = min(round((day.values["caffeine_mg"] or 0) / COFFEE.caffeine_mg), len(CUPS))
    late = day.day.toordinal() * 7 % 40  # minutes; drawn from the dice, all else would change
    return " ".join(f"{hour:02}:{late + 10:02}" for hour in CUPS[:mugs])


def _medicines(diary: Diary, last: date) -> list[Medicine]:
    """A supplement that is taken, and tablets that were taken for a few weeks."""
    return [
        Medicine(
            owner=diary.owner,
            uuid=uuid5(NAMESPACE, name),
            name=name,
            kind=kind,
            first=last - timedelta(days=first),
            last=last - timedelta(days=ended) if ended else None,
            words=words,
        )
        for name, kind, first, ended, words in MEDICINES
    ]


def _checks(diary: Diary, last: date) -> list[Check]:
    made = []
    for ago, others in CHECKS.items():
        day = last - timedelta(days=ago)
        answers: dict[str, str] = dict.fromkeys(QUESTIONS, Answer.NO.value) | others
        made.append(
            Check(
                owner=diary.owner,
                uuid=uuid5(NAMESPACE, f"{day} check"),
                day=day,
                answers=answers,
                words="Left calf, on and off. Not painful." if others else "",
                created_at=calendar.instant(datetime.combine(day, time(19)), diary.tz),
            )
        )
    return made


def _twitch(diary: Diary, day: SampleDay, note: SampleNote, index: int) -> Twitch:
    after_midnight = note.at is not None and note.at.hour < diary.day_start_hour
    wall = datetime.combine(day.day + timedelta(days=after_midnight), note.at or time(12))
    moment = calendar.instant(wall, ZoneInfo(diary.zone))
    identity = uuid5(NAMESPACE, f"{day.day} {index}")
    return Twitch(
        owner=diary.owner,
        uuid=identity,
        group=identity,
        place=note.place,
        started_at=moment.astimezone(UTC) if note.at else None,
        zone=diary.zone,
        day=day.day,
        duration=note.duration,
        words=note.words,
        kind=note.kind.value,
        created_at=moment,
        **as_columns(day.values, {}),
    )
