"""What the names in a foreign file stand for, as the person says, and the rows that this gives."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _

from ..amounts import CLOCK as HOURS_AND_MINUTES
from ..drinks import COFFEE
from ..durations import UNSURE, choice_for
from ..factors import (
    OPTIONAL,
    Factor,
    Further,
    Shape,
    as_stored,
    further_of,
    of_everybody,
    own_and_optional,
)
from ..kinds import NoteKind
from ..models import WORDS_AT_MOST
from ..places import PLACES
from ..shown import OUNCE_ML, Drinks
from .rows import BadLine, DayRow, NoteRow, Reading, Row, SettingsRow, Target, Unreadable
from .tables import TWO_WAYS, TWO_WAYS_WITH_COMMAS

LEAVE_OUT, WORDS = "", "words"
# That a person is asked about: those that look like what this diary is for, then the most frequent.
NAMES_AT_MOST = 60
LIKELY = re.compile(r"twitch|fascic|spasm|cramp|tremor|zuck|faszik|krampf|zitter", re.IGNORECASE)
COUNTED_AT_MOST = 20_000  # names; a file of one's own has some hundreds
EXAMPLES = 3
EXAMPLE_AT_MOST = 40  # characters
NUMBER = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,20})?", re.ASCII)
YES = {"yes", "y", "true", "x", "1"}
NO = {"no", "n", "false", "0"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that amounts come in, and how many of the factor's own it is."""

    key: str
    name: str
    each: float = 1


def units_of(factor: Factor, glass_ml: int) -> tuple[Unit, ...]:
    """The units that values of a factor may come in; the first is its own."""
    own = Unit("", str(factor.unit))
    return {
        "sleep": (own, Unit("min", _("min"), 1 / 60)),
        "caffeine": (own, Unit("coffees", _("coffees"), COFFEE.caffeine_mg)),
        "hydration": (
            own,
            Unit("l", _("litres"), 1000),
            Unit("glasses", _("glasses"), glass_ml),
            *(Unit(key, str(Drinks(key).label), float(ml)) for key, ml in OUNCE_ML.items()),
        ),
        "exercise": (own, Unit("h", _("h"), 60)),
    }.get(factor.key, (own,))


def factors_for(target: Target) -> dict[str, Factor]:
    """Every factor that a name can stand for: those of the diary, and those it could switch on."""
    everybodys = of_everybody(every_drink=target.every_drink)
    return everybodys | OPTIONAL | own_and_optional(list(target.more_factors))


def choices(target: Target) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a name can stand for, in groups, each by its key and its words."""
    values = [
        (
            f"value:{key}:{unit.key}",
            f"{_called(factor)}, {unit.name}" if unit.name else _called(factor),
        )
        for key, factor in factors_for(target).items()
        for unit in units_of(factor, target.glass_ml)
    ]
    groups = [(_("A value of the day"), values)]
    for kind, heading in {
        NoteKind.TWITCH: _("A twitch"),
        NoteKind.CRAMP: _("A cramp"),
        NoteKind.TREMOR: _("A tremor"),
    }.items():
        places = [(f"{kind}:{key}", place.name) for key, place in PLACES.items()]
        groups.append((heading, places))
    return groups


def _called(factor: Factor) -> str:
    """A factor's name; of drinks, with which of them are meant."""
    if factor.key != "hydration":
        return str(factor.name)
    return _("%(factor)s, %(which)s") % {"factor": factor.name, "which": factor.when}


def names_in(readings: Iterable[Reading | BadLine]) -> list[dict[str, object]]:
    """The names in a file, each with its count and some of its values."""
    counts: Counter[str] = Counter()
    values: dict[str, list[str]] = defaultdict(list)
    for reading in readings:
        if isinstance(reading, BadLine):
            continue
        if reading.what not in counts and len(counts) == COUNTED_AT_MOST:
            continue
        counts[reading.what] += 1
        seen = values[reading.what]
        if reading.value and len(seen) < EXAMPLES and reading.value[:EXAMPLE_AT_MOST] not in seen:
            seen.append(reading.value[:EXAMPLE_AT_MOST])
    by_use = sorted(counts.most_common(), key=lambda one: not LIKELY.search(one[0]))
    return [
        {"name": name, "count": count, "examples": values[name]}
        for name, count in by_use[:NAMES_AT_MOST]
    ]


def rows(
    source: str,
    name: str,
    readings: Iterable[Reading | BadLine],
    meant: Mapping[str, str],
    target: Target,
    *,
    whole_day: bool = False,
) -> Iterator[Row | BadLine]:
    """The rows of a file of this source whose names stand for what is `meant`.

    A reading that stands for a twitch is one note, unless its value says that there was none.
    Amounts of a day are added up, or the largest is taken where each tells of the `whole_day`;
    points of a scale are averaged and rounded; one yes is a yes.
    """
    factors = factors_for(target)
    yield from _switched_on(meant, target)
    days = _Days(name, factors, target, max if whole_day else sum)
    seen: Counter[str] = Counter()
    for reading in readings:
        if isinstance(reading, BadLine):
            yield reading
            continue
        if reading.what not in meant:  # there were more names than a person can be asked about
            yield BadLine(name, reading.line, _("Its name is one of the rarest in the file."))
            continue
        what, _colon, rest = meant[reading.what].partition(":")
        if what == LEAVE_OUT:
            continue
        try:
            if reading.when.day > target.today:
                raise Unreadable(_("This day has not come yet."))
            if what == "value" and reading.when.day == target.today:
                raise Unreadable(_("This day is not over yet."))
            if what == WORDS:
                days.say(reading)
            elif what == "value":
                days.know(reading, *rest.split(":"))
            elif not _says_none(reading.value):
                yield _note(source, reading, NoteKind(what), rest, seen, target)
        except Unreadable as fault:
            yield BadLine(name, reading.line, str(fault))
    yield from days.rows()


def _switched_on(meant: Mapping[str, str], target: Target) -> Iterator[SettingsRow]:
    """The further factors of the diary with those that the file needs."""
    here = further_of(list(target.more_factors))
    keys = {said.split(":")[1] for said in meant.values() if said.startswith("value:")}
    missing = [key for key in OPTIONAL if key in keys - {entry.key for entry in here}]
    if missing:
        yield SettingsRow({"more_factors": as_stored([*here, *(Further(key) for key in missing)])})


def _note(
    source: str,
    reading: Reading,
    kind: NoteKind,
    place: str,
    seen: Counter[str],
    target: Target,
) -> NoteRow:
    """A note whose id is the same each time that the same file is read."""
    said = "|".join(
        (
            source,
            reading.when.said,
            reading.what,
            reading.value,
            reading.words,
        )
    )
    seen[said] += 1
    uuid = uuid5(NAMESPACE_URL, f"{said}|{seen[said]}")
    return NoteRow(
        uuid=uuid,
        group=uuid,
        day=reading.when.day,
        started_at=reading.when.started_at,
        zone=reading.when.zone or target.zone,
        place=place,
        kind=kind.value,
        duration=choice_for(reading.seconds) if reading.seconds else UNSURE,
        duration_s=reading.seconds,
        words=_words([reading.words]),
        added_later=False,
        created_at=target.now,
        edited_at=None,
    )


class _Days:
    """What a file says about days, gathered until the end of the file."""

    def __init__(
        self,
        name: str,
        factors: Mapping[str, Factor],
        target: Target,
        amount_of: Callable[[Sequence[float]], float],
    ) -> None:
        self._name, self._factors, self._target = name, factors, target
        self._amount_of = amount_of
        self._values: dict[tuple[date, str], list[float]] = defaultdict(list)
        self._words: dict[date, dict[str, None]] = defaultdict(dict)  # each once, in their order

    def say(self, reading: Reading) -> None:
        """Keep words of a day."""
        if reading.value:
            self._words[reading.when.day][reading.value] = None

    def know(self, reading: Reading, key: str, unit: str) -> None:
        """Keep a value. Raises Unreadable."""
        factor = self._factors[key]
        each = {one.key: one.each for one in units_of(factor, self._target.glass_ml)}[unit]
        value = _value(factor, reading, each)
        self._values[reading.when.day, key].append(value)

    def rows(self) -> Iterator[DayRow | BadLine]:
        """A row for each day, oldest first."""
        values: dict[date, dict[str, int]] = defaultdict(dict)
        for (day, key), found in self._values.items():
            factor = self._factors[key]
            value = self._together(factor, found)
            if factor.minimum <= value <= factor.maximum:
                values[day][factor.column] = factor.stored(value)
            else:
                reason = _("%(name)s of %(day)s is out of range.")
                yield BadLine(self._name, 0, reason % {"name": factor.name, "day": day.isoformat()})
        for day in sorted(values.keys() | self._words.keys()):
            try:
                words = _words([*self._words.get(day, {})])
            except Unreadable as fault:
                yield BadLine(self._name, 0, f"{day.isoformat()}: {fault}")
                words = ""
            yield DayRow(day, clear=False, added_later=False, words=words, values=values[day])

    def _together(self, factor: Factor, values: Sequence[float]) -> float:
        """One value for the day from all that were given."""
        if factor.shape is Shape.AMOUNT:
            return self._amount_of(values)
        if factor.shape is Shape.SCALE:
            return round(sum(values) / len(values))
        return max(values) if factor.shape is Shape.YES_NO else values[-1]


def _value(factor: Factor, reading: Reading, each: float) -> float:
    """A value in the factor's own unit. Raises Unreadable."""
    said = reading.value.strip().lower()
    if factor.shape is Shape.YES_NO and said in YES | NO:
        return float(said in YES)
    for point, words in factor.points.items():
        if said == str(words).lower():
            return point
    if factor.key == "sleep" and each == 1 and (found := HOURS_AND_MINUTES.fullmatch(said)):
        return int(found[1]) + int(found[2]) / 60
    if not NUMBER.fullmatch(said):
        raise Unreadable(_("%(name)s is not a number.") % {"name": factor.name})
    if (TWO_WAYS_WITH_COMMAS if reading.semicolons else TWO_WAYS).fullmatch(said):
        raise Unreadable(_("%(amount)s can be read in two ways.") % {"amount": said})
    value = float(said.replace(",", ".")) * each
    if factor.points and value not in factor.points:
        raise Unreadable(_("%(name)s is none of the answers there are.") % {"name": factor.name})
    return value


def _says_none(value: str) -> bool:
    """Whether a value says that the thing it is about was not there."""
    return value.strip().lower() in NO or re.fullmatch(r"0+(?:[.,]0+)?", value.strip()) is not None


def _words(said: Sequence[str]) -> str:
    words = "\n".join(text for text in said if text)
    if len(words) > WORDS_AT_MOST or "\0" in words:
        raise Unreadable(_("Its words are too long, or hold a sign that can’t be kept."))
    return words
