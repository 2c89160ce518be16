"""The drawn body: where each place lies on the figures of the log form and of the tiles.

Values of the drawing only. Each outline is the half on the left of the screen, and left is
always the person's own left; the other half is its mirror image.
"""

from dataclasses import dataclass

from .places import PLACES, Place, Side

BODY_WIDTH = 140

_HEAD = "M70 4c11.5 0 19 9 19 21.5C89 39 81 50 70 50s-19-11-19-24.5C51 13 58.5 4 70 4z"
_NECK = "M61 52c6 2 12 2 18 0V69.7H61z"
_SHOULDER = "M58 72c-11 0-20 3-26 10-3 4-4 9-4 15h19c1-6 4-10 10-13z"
_CHEST = "M68.5 72H61v13.5c-7 2-11 7-11 14 0 9 1 17 2.5 25h16z"
_UPPER_ARM = "M27.5 100.5H47c.5 14-.5 27-3.5 40.5H24.5c-1-14 0-28 3-40.5z"
_FOREARM = "M24 144.5h19c-2 15-5 29-9.5 42.5H18c-.5-15 1.5-29 6-42.5z"
_HAND = "M17.5 190.5H33c1.5 9 0 18-5 24.5-3 4-9 4-11.5-.5-4-7.5-2.5-16.5 1-24z"

# By key of the site.
FRONT = {
    "face": _HEAD,
    "neck": _NECK,
    "shoulder": _SHOULDER,
    "chest": _CHEST,
    "tummy": "M53 127.5h15.5V173H50c2-15 3.5-30 3-45.5z",
    "upper-arm": _UPPER_ARM,
    "forearm": _FOREARM,
    "hand": _HAND,
    "thigh": "M49.5 176.5h19V196c-.3 16-1.5 31-4 46H46.5c-4-23-3-45 3-65.5z",
    "knee": "M46.8 245.5H65c1 6.5.8 12.5-.8 18.5H47.6c-1.6-6-1.8-12-.8-18.5z",
    "shin": "M47.5 267.5H64c1.5 14-.5 27-3 38.5H50c-3.5-12-5-25-2.5-38.5z",
    "foot": "M49 309.5h12c2 6 2 12-1.5 16-4 3-13.5 3-18.5 0-2.5-6 2.5-12.5 8-16z",
}
BACK = {
    "head-back": _HEAD,
    "neck-back": _NECK,
    "back-shoulder": _SHOULDER,
    "upper-back": _CHEST,
    "lower-back": "M53 127.5h15.5V160H51c1.2-11 2.2-22 2-32.5z",
    "back-upper-arm": _UPPER_ARM,
    "back-forearm": _FOREARM,
    "back-hand": _HAND,
    "buttock": "M51 163.5h17.5V192c-8 5.5-17 3.5-22-2.5 0-9 1.5-18 4.5-26z",
    "back-thigh": "M46.5 195.5c6.5 4.5 15 5 22 .5-.2 16-1.5 31-4 46.5H46.5c-2.5-16-2.5-32 0-47z",
    "calf": "M46.8 246H65c3 19 1 37-3.5 54H49.5c-4.5-17-6.5-35-2.7-54z",
    "heel": "M49 303.5h12.5c3.5 8 3.5 16-.5 21-4 2.5-10.5 2.5-14 0-4-6-1.5-14 2-21z",
}
FACE = {
    "eyelid": "M44 96c5-11 13-16 25-16s20 5 24 15c-4 10-12 16-24 16s-20-5-25-15z",
    "cheek": "M40 118c14 7 32 8 47 2 0 12-3 24-9 34-9 5-19 5-27 0-6-11-10-23-11-36z",
    "jaw": "M54 167c6 3 12 3 17 1 1 13 4 24 9 34-13-8-22-19-26-35z",
    "forehead": "M46 72c5-32 26-50 54-50s49 18 54 50c-16-8-34-11-54-11s-38 3-54 11z",
    "nose": "M100 84c4 14 10 32 10 42 0 8-4 12-10 12s-10-4-10-12c0-10 6-28 10-42z",
    "lips": "M78 163c7-7 14-9 22-6 8-3 15-1 22 6-6 10-13 15-22 15s-16-5-22-15z",
    "chin": "M84 189c10 5 22 5 32 0-2 19-8 30-16 30s-14-11-16-30z",
}

# Too small for an outline on the small figure: the middle of a dot on its front.
DOTS = {
    "forehead": (70, 13),
    "eyelid": (62, 23),
    "cheek": (60, 33),
    "nose": (70, 29),
    "lips": (70, 38),
    "jaw": (60, 41),
    "chin": (70, 46),
    "thumb": (30, 197),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline to draw; `mirrored` says on which half."""

    place: str
    outline: str
    mirrored: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one place lies on the small figure: an outline, or a dot where that is too small."""

    view: dict[str, str]
    outline: str
    dot: tuple[int, int] | None
    mirrored: bool


def shapes(view: dict[str, str]) -> tuple[Shape, ...]:
    """Every place of a view, both sides."""
    return tuple(
        Shape(place.key, view[place.site.key], place.side is Side.RIGHT)
        for place in PLACES.values()
        if place.site.key in view
    )


def half(view: dict[str, str]) -> str:
    """All outlines of one half in one path; what lies in the middle is whole."""
    return " ".join(view.values())


def spot(place: Place) -> Spot:
    """Where a place lies; on the figure that shows it, front or back."""
    site = place.site.key
    view = BACK if site in BACK else FRONT
    return Spot(view, view.get(site, ""), DOTS.get(site), place.side is Side.RIGHT)
