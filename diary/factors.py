"""What is noted for a day beside its twitches: the one place that knows each factor.

Forms, pages, comparisons and exports all draw on it. `FACTORS` are asked of everybody who does not
hide them, each in a column of `models.rows.FactorValues`. `OPTIONAL` ones and those that a person
made are switched on in the diary's `more_factors`, and their values stand together in the column
`more`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

FURTHER_AT_MOST = 8  # switched on at once: each more makes it harder for all to show something
OWN_AT_MOST = 20  # ever made
OWN_MOST = 100_000  # the largest number of a factor of one's own
OWN_SCALE = 100  # it is stored in hundredths


class Shape(StrEnum):
    """How a factor is answered."""

    AMOUNT = "amount"
    SCALE = "scale"  # points with a meaning, from few to many
    YES_NO = "yes-no"
    CHOICE = "choice"  # names without an order: told, never compared


class When(StrEnum):
    """Which time a factor of one's own is about."""

    DAY = "day"
    NIGHT = "night"  # the night before, which belongs to the day it ended on
    DAY_BEFORE = "day-before"  # the day is compared with the twitches of the day after it


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a day.

    `minimum`, `maximum`, `step` and `per` are in the factor's own unit (mg, h, points, ml); the
    database holds `scale` times that value as a whole number.
    """

    key: str
    column: str  # of the database, or its key within the column `more`
    export: str  # column of the CSV, in the own unit
    name: "Words"  # lazy
    when: "Words"  # lazy: which part of the day it is about
    unit: "Words"  # lazy, short; empty where the value is a point of a scale
    minimum: int
    maximum: int
    step: float
    scale: int
    per: float  # rate ratios are stated for this much more
    lags: tuple[int, ...]  # days between factor and twitches, declared in advance; () = told only
    shape: Shape = Shape.AMOUNT
    points: Mapping[int, "Words"] = field(default_factory=dict)  # all answers, unless an amount
    own: bool = False  # made by this person, who named it
    is_night: bool = False  # about the night before; its day is the one that the night ended on

    def stored(self, value: float) -> int:
        """The whole number that the database holds for a value in the own unit."""
        return round(value * self.scale)

    def shown(self, stored: int) -> float:
        """The value in the own unit."""
        return stored / self.scale


STRESS_WORDS = {
    1: _("calm"),
    2: _("mostly calm"),
    3: _("some stress"),
    4: _("a lot"),
    5: _("as much as I can imagine"),
}
YES_NO: Mapping[int, "Words"] = {0: _("no"), 1: _("yes")}

FACTORS = {
    factor.key: factor
    for factor in (
        Factor(
            key="caffeine",
            column="caffeine_mg",
            export="caffeine_mg",
            name=_("Caffeine"),
            when=_("since waking"),
            unit=_("mg"),
            minimum=0,
            maximum=2000,
            step=10,
            scale=1,
            per=100,
            lags=(0,),
        ),
        Factor(
            key="sleep",
            column="sleep_minutes",
            export="sleep_h",
            name=_("Sleep"),
            when=_("last night"),
            unit=_("h"),
            minimum=0,
            maximum=24,
            step=0.5,
            scale=60,
            per=1,
            lags=(0,),
            is_night=True,
        ),
        Factor(
            key="stress",
            column="stress",
            export="stress_1_5",
            name=_("Stress"),
            when=_("the day as a whole"),
            unit="",
            minimum=1,
            maximum=5,
            step=1,
            scale=1,
            per=1,
            lags=(0, 1),
            shape=Shape.SCALE,
            points=STRESS_WORDS,
        ),
        Factor(
            key="hydration",
            column="drinks_ml",
            export="drinks_ml",
            name=_("Drinks"),
            when=_("without caffeine"),
            unit=_("ml"),
            minimum=0,
            maximum=10_000,
            step=250,
            scale=1,
            per=500,
            lags=(0,),
        ),
    )
}
COLUMNS = tuple(factor.column for factor in FACTORS.values())


def _optional(
    key: str,
    export: str,
    name: "Words",
    when: "Words",
    lags: tuple[int, ...],
    points: Mapping[int, "Words"],
    shape: Shape = Shape.YES_NO,
    *,
    is_night: bool = False,
) -> Factor:
    """An optional factor that is answered by one of a few points."""
    return Factor(
        key=key,
        column=key,
        export=export,
        name=name,
        when=when,
        unit="",
        minimum=min(points),
        maximum=max(points),
        step=1,
        scale=1,
        per=1,
        lags=lags,
        shape=shape,
        points=points,
        is_night=is_night,
    )


# In the order in which a day is remembered.
OPTIONAL = {
    factor.key: factor
    for factor in (
        _optional(
            "sleep-quality",
            "sleep_quality_1_5",
            _("How restful the night was"),
            _("last night"),
            (0,),
            {
                1: _("not at all"),
                2: _("a little"),
                3: _("so-so"),
                4: _("restful"),
                5: _("very restful"),
            },
            Shape.SCALE,
            is_night=True,
        ),
        Factor(
            key="exercise",
            column="exercise",
            export="exercise_min",
            name=_("Exercise"),
            when=_("the day as a whole"),
            unit=_("min"),
            minimum=0,
            maximum=1440,
            step=15,
            scale=1,
            per=30,
            lags=(0, 1),
        ),
        _optional(
            "exertion",
            "exertion_0_3",
            _("How hard the exercise was"),
            _("the hardest part"),
            (0, 1),
            {0: _("none"), 1: _("easy"), 2: _("moderate"), 3: _("hard")},
            Shape.SCALE,
        ),
        _optional(
            "exercised",
            "exercised_part",
            _("What you exercised"),
            _("mostly"),
            (),
            {1: _("legs"), 2: _("arms"), 3: _("trunk"), 4: _("the whole body")},
            Shape.CHOICE,
        ),
        _optional(
            "magnesium",
            "magnesium_food_0_1",
            _("Food rich in magnesium"),
            _("nuts, leafy greens, whole grains"),
            (0,),
            YES_NO,
        ),
        _optional(
            "electrolytes",
            "electrolyte_drink_0_1",
            _("Electrolyte drink"),
            _("such as after sweating"),
            (0,),
            YES_NO,
        ),
        Factor(
            key="alcohol",
            column="alcohol",
            export="alcohol_drinks",
            name=_("Alcohol"),
            when=_("drinks of any kind"),
            unit=_("drinks"),
            minimum=0,
            maximum=50,
            step=1,
            scale=2,
            per=1,
            lags=(1,),
        ),
        _optional(
            "illness",
            "illness_0_1",
            _("Feeling ill"),
            _("a cold, fever, an upset stomach"),
            (0,),
            YES_NO,
        ),
    )
}


def as_remembered(factors: Mapping[str, Factor]) -> list[Factor]:
    """Factors in the order in which a day is remembered: it begins with the night."""
    first = ("sleep", "caffeine", "hydration", "stress")
    return [factors[key] for key in first if key in factors] + [
        factor for key, factor in factors.items() if key not in first
    ]


@dataclass(frozen=True, slots=True)
class OwnFactor:
    """A factor as a person made it."""

    name: str
    shape: Shape
    when: When = When.DAY
    unit: str = ""  # of an amount
    step: float = 1  # of an amount: a usual difference; ratios are stated for it


@dataclass(frozen=True, slots=True)
class Further:
    """One entry of a diary's `more_factors`: an optional factor by its key, or an own one.

    One of `FACTORS` is there only while it is hidden.
    """

    key: str
    on: bool = True
    own: OwnFactor | None = None


def further_of(stored: list[Any]) -> tuple[Further, ...]:
    """What a diary's `more_factors` say."""
    if stored == []:
        return ()
    import msgspec  # with the first diary that has some

    return msgspec.convert(stored, tuple[Further, ...])


def as_stored(further: Iterable[Further]) -> list[Any]:
    """What a diary's `more_factors` shall say."""
    return [asdict(entry) for entry in further]


def of_everybody(*, every_drink: bool) -> dict[str, Factor]:
    """`FACTORS`, in which drinks say whether those with caffeine are among them."""
    if not every_drink:
        return FACTORS
    return FACTORS | {"hydration": replace(FACTORS["hydration"], when=_("of every kind"))}


def hidden(stored: list[Any]) -> set[str]:
    """The keys of those of `FACTORS` that this person does not note."""
    return {entry.key for entry in further_of(stored) if not entry.on} & FACTORS.keys()


def in_use(stored: list[Any]) -> dict[str, Factor]:
    """The further factors that are switched on, by key: optional ones, then own ones."""
    return _factors(entry for entry in further_of(stored) if entry.on)


def own_and_optional(stored: list[Any]) -> dict[str, Factor]:
    """All further factors that ever were switched on, by key."""
    return _factors(further_of(stored))


def own_key(number: int) -> str:
    """The key of the first, second, … factor that a person made."""
    return f"own-{number}"


def is_further(column: str) -> bool:
    """Whether values of this name stand in the column `more`."""
    return column in OPTIONAL or re.fullmatch(r"own-[0-9]+", column) is not None


def _factors(further: Iterable[Further]) -> dict[str, Factor]:
    found = {entry.key: entry.own for entry in further}
    optional = {key: factor for key, factor in OPTIONAL.items() if key in found}
    return optional | {key: own_factor(key, own) for key, own in found.items() if own}


def own_factor(key: str, own: OwnFactor) -> Factor:
    """A factor of a person's own like any other."""
    heading = re.sub(r"[^a-z0-9]+", "_", f"{key} {own.name} {own.unit}".lower()).strip("_")
    made = Factor(
        key=key,
        column=key,
        export=heading,
        name=own.name,
        when={
            When.DAY: _("the day as a whole"),
            When.NIGHT: _("last night"),
            When.DAY_BEFORE: _("the day as a whole"),
        }[own.when],
        unit="",
        minimum=0,
        maximum=1,
        step=1,
        scale=1,
        per=1,
        lags=(1,) if own.when is When.DAY_BEFORE else (0,),
        shape=own.shape,
        own=True,
        is_night=own.when is When.NIGHT,
    )
    if own.shape is Shape.YES_NO:
        return replace(made, points=YES_NO)
    if own.shape is Shape.SCALE:
        points = {point: str(point) for point in range(1, 6)}
        return replace(made, minimum=1, maximum=5, points=points)
    return replace(
        made, unit=own.unit, maximum=OWN_MOST, scale=OWN_SCALE, step=own.step, per=own.step
    )


def in_own_units(
    stored: Mapping[str, int | None], factors: Mapping[str, Factor]
) -> dict[str, float]:
    """Stored values by column as the known values of these factors by key."""
    return {
        key: factor.shown(value)
        for key, factor in factors.items()
        if (value := stored.get(factor.column)) is not None
    }
