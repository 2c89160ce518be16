"""The body: every place a twitch can be noted, its name, its side and the part it belongs to.

One source for forms, the figure, charts and exports. Keys are stored and exported and never
change; names are shown and may.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words


class Side(StrEnum):
    """Which side of the body, as its owner has it."""

    LEFT = "left"
    RIGHT = "right"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each
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
        return _places(self)


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each
class Region:
    """A part of the body that its sites roll up to."""

    key: str
    name: "Words"  # lazy
    sites: tuple[Site, ...]


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each
class Place:
    """A site on one side: what a note stores, by its key."""

    key: str
    site: Site
    side: Side

    @property
    def name(self) -> str:
        """The whole name as a person says it, such as Left calf."""
        return _name(self, get_language())

    @property
    def within(self) -> str:
        """The same within a sentence, such as left calf; in German a noun stays as it is."""
        if self.side is Side.MIDDLE:
            return self.site.name
        left = self.side is Side.LEFT
        if self.site.behind:
            said = _("back of left %(site)s") if left else _("back of right %(site)s")
        else:
            said = _("left %(site)s") if left else _("right %(site)s")
        return said % {"site": self.site.part}


@cache
def _places(site: Site) -> tuple[Place, ...]:
    if not site.paired:
        return (Place(site.key, site, Side.MIDDLE),)
    return (
        Place(f"{site.key}-l", site, Side.LEFT),
        Place(f"{site.key}-r", site, Side.RIGHT),
    )


@cache  # a page of the diary says hundreds
def _name(place: Place, language: str) -> str:
    if place.side is Side.MIDDLE:
        return place.site.title
    left = place.side is Side.LEFT
    if place.site.behind:
        said = _("Back of left %(site)s") if left else _("Back of right %(site)s")
    else:
        said = _("Left %(site)s") if left else _("Right %(site)s")
    return said % {"site": place.site.part}


def _site(key: str, part: "Words", *, paired: bool = True, behind: bool = False) -> Site:
    return Site(key, part, paired, behind)


REGIONS = (
    Region(
        "face",
        gettext_lazy("Face and neck"),
        (
            _site("forehead", pgettext_lazy("place", "forehead"), paired=False),
            _site("eyelid", pgettext_lazy("place", "eyelid")),
            _site("cheek", pgettext_lazy("place", "cheek")),
            _site("nose", pgettext_lazy("place", "nose"), paired=False),
            _site("lips", pgettext_lazy("place", "lips"), paired=False),
            _site("jaw", pgettext_lazy("place", "jaw")),
            _site("chin", pgettext_lazy("place", "chin"), paired=False),
            _site("face", pgettext_lazy("place", "face, all over"), paired=False),
            _site("head-back", pgettext_lazy("place", "back of head"), paired=False),
            _site("neck", pgettext_lazy("place", "front of neck"), paired=False),
            _site("neck-back", pgettext_lazy("place", "back of neck"), paired=False),
        ),
    ),
    Region(
        "arms",
        gettext_lazy("Shoulders, arms and hands"),
        (
            _site("shoulder", pgettext_lazy("place", "shoulder")),
            _site("back-shoulder", pgettext_lazy("place", "shoulder"), behind=True),
            _site("upper-arm", pgettext_lazy("place", "upper arm")),
            _site("back-upper-arm", pgettext_lazy("place", "upper arm"), behind=True),
            _site("forearm", pgettext_lazy("place", "forearm")),
            _site("back-forearm", pgettext_lazy("place", "forearm"), behind=True),
            _site("hand", pgettext_lazy("place", "hand")),
            _site("back-hand", pgettext_lazy("place", "hand"), behind=True),
            _site("thumb", pgettext_lazy("place", "thumb")),
        ),
    ),
    Region(
        "trunk",
        gettext_lazy("Trunk"),
        (
            _site("chest", pgettext_lazy("place", "chest")),
            _site("tummy", pgettext_lazy("place", "tummy")),
            _site("upper-back", pgettext_lazy("place", "upper back")),
            _site("lower-back", pgettext_lazy("place", "lower back")),
            _site("buttock", pgettext_lazy("place", "buttock")),
        ),
    ),
    Region(
        "legs",
        gettext_lazy("Legs and feet"),
        (
            _site("thigh", pgettext_lazy("place", "thigh")),
            _site("back-thigh", pgettext_lazy("place", "thigh"), behind=True),
            _site("knee", pgettext_lazy("place", "knee")),
            _site("shin", pgettext_lazy("place", "shin")),
            _site("calf", pgettext_lazy("place", "calf")),
            _site("foot", pgettext_lazy("place", "foot")),
            _site("heel", pgettext_lazy("place", "heel")),
        ),
    ),
)

PLACES = {place.key: place for region in REGIONS for site in region.sites for place in site.places}
REGION_OF = {
    place.key: region.key for region in REGIONS for site in region.sites for place in site.places
}

# Sites in SNOMED CT, or the part they belong to; sites without one are left out. It needs a licence
# in many countries, so only documents of an instance that switched it on carry these.
SNOMED = {
    "eyelid": "80243003",
    "face": "89545001",
    "head-back": "69536005",
    "neck": "45048000",
    "neck-back": "45048000",
    "shoulder": "16982005",
    "back-shoulder": "16982005",
    "upper-arm": "40983000",
    "back-upper-arm": "40983000",
    "forearm": "14975008",
    "back-forearm": "14975008",
    "hand": "85562004",
    "back-hand": "85562004",
    "thumb": "76505004",
    "chest": "816094009",
    "tummy": "818981001",
    "upper-back": "77568009",
    "lower-back": "77568009",
    "buttock": "46862004",
    "thigh": "68367000",
    "back-thigh": "68367000",
    "shin": "30021000",
    "calf": "53840002",
    "foot": "56459004",
    "heel": "56459004",
}

# The tiles of a new diary: the spots that people name most often.
COMMON = ("eyelid-l", "eyelid-r", "calf-l", "calf-r")
AT_MOST = 10  # places in one note


def names(keys: Iterable[str]) -> str:
    """Several places in one line of words."""
    return ", ".join(PLACES[key].name for key in keys)
