"""The comparison as a person can see it: two kinds of day, and twenty equally likely answers."""

import numpy as np

from .association import Effect
from .evidence import t_quantile
from .outcomes import Bools, Floats
from .results import Difference, Group, Level, Split

SMALLEST_GROUP = 5
ANSWERS = 20
MIDDLES = (0.33, 0.66, 0.90)
# "Could go either way" means 4 to 16 of the twenty answers on one side, a hint 17 or more: the
# share below the seventeenth answer from either end.
SIDE = 0.825


def split(counts: Floats, values: Floats) -> Split | None:
    """The days above the person's own middle value, and the others; None when nothing splits.

    `values` are already shifted by the lag. Where the middle leaves fewer than five days on one
    side, the nearest value that does not is taken.
    """
    known = np.isfinite(counts) & np.isfinite(values)
    if not known.any():
        return None
    middle = float(np.median(values[known]))
    candidates = [middle, *np.unique(values[known]).tolist()]
    for threshold in sorted(candidates, key=lambda value: (abs(value - middle), value)):
        higher = known & (values > threshold)
        other = known & (values <= threshold)
        if min(higher.sum(), other.sum()) >= SMALLEST_GROUP:
            return Split(threshold, group(counts[higher]), group(counts[other]))
    return None


def group(counts: Floats) -> Group:
    """Days of one kind by their number of notes."""
    return Group(counts.size, int((counts > 0).sum()), tuple(int(count) for count in counts))


def difference(
    effect: Effect, unit: float, level: Level, counts: Floats, values: Floats, picture: Split
) -> Difference:
    """Notes a day more on higher days than on the others, as the model sees it.

    The rate ratio for the distance between the two groups, times what the other days have. The
    spread is kept from saying another thing than the level, which also knows how many comparisons
    stand beside this one: without a hint at least four of the twenty answers lie on each side.
    """
    known = np.isfinite(counts) & np.isfinite(values)
    higher = known & (values > picture.threshold)
    other = known & ~higher
    distance = float(values[higher].mean() - values[other].mean()) / unit
    base = _usual(counts, higher, other, effect.mean * distance)
    most = float(counts[known].max())
    spread = _spread(effect, level)

    def at(share: float) -> float:
        log_ratio = (effect.mean + spread * t_quantile(effect.df, share)) * distance
        return float(np.clip(base * np.expm1(np.clip(log_ratio, -20, 20)), -most, most))

    return Difference(
        best=at(0.5),
        quantiles=tuple(at((n + 0.5) / ANSWERS) for n in range(ANSWERS)),
        ranges=tuple((at((1 - middle) / 2), at((1 + middle) / 2)) for middle in MIDDLES),
    )


def _usual(counts: Floats, higher: Bools, other: Bools, log_ratio: float) -> float:
    """Notes on the other days; where there are none, what the ratio and all days let expect."""
    usual = float(counts[other].mean())
    if usual > 0:
        return usual
    ratio = float(np.exp(np.clip(log_ratio, -20, 20)))
    return float(counts[higher].sum() / (other.sum() + higher.sum() * ratio))


def _spread(effect: Effect, level: Level) -> float:
    boundary = abs(effect.mean) / t_quantile(effect.df, SIDE)
    if level is Level.NONE:
        return max(effect.spread, 1.001 * boundary)
    return min(effect.spread, 0.999 * boundary)
