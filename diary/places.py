"""The body: every place a twitch can be noted, its name, its side and the part it belongs to.

One source for forms, the figure, charts and exports. Keys are stored and exported and never
change; names are shown and may.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext_lazy as named

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words


class Side(StrEnum):
    """Which side of the body, as its owner has it."""

    LEFT = "left"
    RIGHT = "right"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class Site:
    """A spot of the body before its side is chosen, such as the calf."""

    key: str
    part: "Words"  # lazy, lower case: it follows the side
    paired: bool = True
    behind: bool = False  # the back of that part

    @property
    def name(self) -> str:
        """The name without a side, lower case."""
        return _("back of %(part)s") % {"part": self.part} if self.behind else str(self.part)

    @property
    def title(self) -> str:
        """The name on its own, as a heading of a row."""
        return str(capfirst(self.name))

    @property
    def places(self) -> tuple["Place", ...]:
        """Left and right, or the one in the middle."""
        if not self.paired:
            return (Place(self.key, self, Side.MIDDLE),)
        return (
            Place(f"{self.key}-l", self, Side.LEFT),
            Place(f"{self.key}-r", self, Side.RIGHT),
        )


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the body that its sites roll up to."""

    key: str
    name: "Words"  # lazy
    sites: tuple[Site, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A site on one side: what a note stores, by its key."""

    key: str
    site: Site
    side: Side

    @property
    def name(self) -> str:
        """The whole name as a person says it, such as Left calf."""
        if self.side is Side.MIDDLE:
            return self.site.title
        left = self.side is Side.LEFT
        if self.site.behind:
            said = _("Back of left %(site)s") if left else _("Back of right %(site)s")
        else:
            said = _("Left %(site)s") if left else _("Right %(site)s")
        return said % {"site": self.site.part}


def _site(key: str, part: "Words", *, paired: bool = True, behind: bool = False) -> Site:
    return Site(key, part, paired, behind)


REGIONS = (
    Region(
        "face",
        gettext_lazy("Face and neck"),
        (
            _site("forehead", named("place", "forehead"), paired=False),
            _site("eyelid", named("place", "eyelid")),
            _site("cheek", named("place", "cheek")),
            _site("nose", named("place", "nose"), paired=False),
            _site("lips", named("place", "lips"), paired=False),
            _site("jaw", named("place", "jaw")),
            _site("chin", named("place", "chin"), paired=False),
            _site("face", named("place", "face, all over"), paired=False),
            _site("head-back", named("place", "back of head"), paired=False),
            _site("neck", named("place", "front of neck"), paired=False),
            _site("neck-back", named("place", "back of neck"), paired=False),
        ),
    ),
    Region(
        "arms",
        gettext_lazy("Shoulders, arms and hands"),
        (
            _site("shoulder", named("place", "shoulder")),
            _site("back-shoulder", named("place", "shoulder"), behind=True),
            _site("upper-arm", named("place", "upper arm")),
            _site("back-upper-arm", named("place", "upper arm"), behind=True),
            _site("forearm", named("place", "forearm")),
            _site("back-forearm", named("place", "forearm"), behind=True),
            _site("hand", named("place", "hand")),
            _site("back-hand", named("place", "hand"), behind=True),
            _site("thumb", named("place", "thumb")),
        ),
    ),
    Region(
        "trunk",
        gettext_lazy("Trunk"),
        (
            _site("chest", named("place", "chest")),
            _site("tummy", named("place", "tummy")),
            _site("upper-back", named("place", "upper back")),
            _site("lower-back", named("place", "lower back")),
            _site("buttock", named("place", "buttock")),
        ),
    ),
    Region(
        "legs",
        gettext_lazy("Legs and feet"),
        (
            _site("thigh", named("place", "thigh")),
            _site("back-thigh", named("place", "thigh"), behind=True),
            _site("knee", named("place", "knee")),
            _site("shin", named("place", "shin")),
            _site("calf", named("place", "calf")),
            _site("foot", named("place", "foot")),
            _site("heel", named("place", "heel")),
        ),
    ),
)

PLACES = {place.key: place for region in REGIONS for site in region.sites for place in site.places}
REGION_OF = {
    place.key: region.key for region in REGIONS for site in region.sites for place in site.places
}

# The tiles of a new diary: the spots that people name most often.
COMMON = ("eyelid-l", "eyelid-r", "calf-l", "calf-r")
AT_MOST = 10  # places in one note


def names(keys: Iterable[str]) -> str:
    """Several places in one line of words."""
    return ", ".join(PLACES[key].name for key in keys)
