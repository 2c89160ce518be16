"""Front and back with a number beside each place: values in, shapes out, for SVG and PDF alike."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import figure
from .places import PLACES, Place, Side

BOX = (-40, 0, 220, 334)  # x, y, width and height of one figure with its labels
LABELS_LEFT, LABELS_RIGHT = -6, 146  # where the labels begin
LABEL_GAP = 15
SIDES_AT = 46  # the base line of R and L: between the lines that lead to the face and to the neck

# What the figure is too small for is counted where it belongs.
WITHIN = {
    "forehead": "face",
    "eyelid": "face",
    "cheek": "face",
    "nose": "face",
    "lips": "face",
    "jaw": "face",
    "chin": "face",
    "thumb": "hand",
}
# Where the line to a label starts: on the half that is drawn on the left of the screen.
ANCHORS = {
    "face": (84, 24),
    "neck": (76, 61),
    "shoulder": (36, 80),
    "chest": (57, 100),
    "tummy": (58, 150),
    "upper-arm": (33, 120),
    "forearm": (29, 166),
    "hand": (23, 203),
    "thigh": (54, 210),
    "knee": (54, 255),
    "shin": (54, 285),
    "foot": (54, 319),
    "head-back": (84, 24),
    "neck-back": (76, 61),
    "back-shoulder": (36, 80),
    "upper-back": (57, 100),
    "lower-back": (58, 144),
    "back-upper-arm": (33, 120),
    "back-forearm": (29, 166),
    "back-hand": (23, 203),
    "buttock": (55, 180),
    "back-thigh": (54, 220),
    "calf": (54, 272),
    "heel": (54, 316),
}
# A place gets the darkest of these shades whose share of the most noted place it reaches.
SHADES = ((0.75, 4), (0.4, 3), (0.15, 2), (0, 1))


@dataclass(frozen=True, slots=True)
class Region:
    """One outline and its shade, 0 to 4."""

    outline: str
    mirrored: bool
    shade: int


@dataclass(frozen=True, slots=True)
class Label:
    """How often a region was noted, beside the figure, and the line that leads to it."""

    notes: int
    x: float
    y: float
    end: tuple[float, float]  # of the line, on the region
    on_left: bool

    @property
    def start(self) -> tuple[float, float]:
        """Where the line leaves the label."""
        return (self.x + 3 if self.on_left else self.x - 3), self.y

    @property
    def base(self) -> float:
        """The base line of the number."""
        return self.y + 5


@dataclass(frozen=True, slots=True)
class Body:
    """One figure."""

    front: bool
    right_first: bool  # the person's right stands on the left of the screen
    regions: tuple[Region, ...]
    labels: tuple[Label, ...]


def bodies(counts: Mapping[str, int], *, clinical: bool) -> tuple[Body, Body]:
    """Front and back with the notes of each place, by its key.

    In the clinical view the front faces the reader, so that the person's right is on the reader's
    left. Else it is seen as in a mirror: left is the person's own left on both.
    """
    notes: Counter[tuple[str, Side]] = Counter()
    for place, count in counts.items():
        notes[_drawn_at(PLACES[place])] += count
    front = _body(figure.FRONT, notes, front=True, right_first=clinical)
    return front, _body(figure.BACK, notes, front=False, right_first=False)


def _drawn_at(place: Place) -> tuple[str, Side]:
    site = WITHIN.get(place.site.key, place.site.key)
    return site, Side.MIDDLE if site == "face" else place.side


def _body(
    view: dict[str, str], notes: Counter[tuple[str, Side]], *, front: bool, right_first: bool
) -> Body:
    most = max(notes.values(), default=0)
    regions, wanted = [], []
    for shape in figure.shapes(view):
        place = PLACES[shape.place]
        count = notes[place.site.key, place.side]
        mirrored = place.side is (Side.LEFT if right_first else Side.RIGHT)
        regions.append(Region(shape.outline, mirrored, _shade(count, most)))
        if count:
            wanted.append((count, _anchor(place.site.key, mirrored)))
    labels = [*_labels(wanted, on_left=True), *_labels(wanted, on_left=False)]
    return Body(front, right_first, tuple(regions), tuple(labels))


def _shade(count: int, most: int) -> int:
    return next(shade for share, shade in SHADES if count >= share * most) if count else 0


def _anchor(site: str, mirrored: bool) -> tuple[float, float]:
    x, y = ANCHORS[site]
    return (figure.BODY_WIDTH - x if mirrored else x), y


def _labels(wanted: Sequence[tuple[int, tuple[float, float]]], *, on_left: bool) -> list[Label]:
    """The labels of one side, from top to bottom and none over another."""
    half = figure.BODY_WIDTH / 2
    side = sorted(
        (anchor[1], anchor[0], count) for count, anchor in wanted if (anchor[0] < half) == on_left
    )
    ys: list[float] = []
    for y, _, _ in side:
        ys.append(max(y, ys[-1] + LABEL_GAP) if ys else y)
    lowest = BOX[3] - 8.0
    for n in reversed(range(len(ys))):
        ys[n] = min(ys[n], lowest)
        lowest = ys[n] - LABEL_GAP
    x = LABELS_LEFT if on_left else LABELS_RIGHT
    return [
        Label(count, x, y, (end_x, end_y), on_left)
        for y, (end_y, end_x, count) in zip(ys, side, strict=True)
    ]
