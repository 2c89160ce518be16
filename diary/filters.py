"""Which days and notes a person asked to see: place, kind of day, up to which day."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .calendar import Kind
from .days import parse_day
from .places import PLACES, REGIONS

KIND_NAMES: dict[Kind, str | Promise] = {
    Kind.NOTES: _("With notes"),
    Kind.CLEAR: _("Clear"),
    Kind.BLANK: _("Blank"),
    Kind.BREAK: _("On a break"),
}
PLACES_OF = {
    region.key: frozenset(place.key for site in region.sites for place in site.places)
    for region in REGIONS
} | {key: frozenset({key}) for key in PLACES}


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show. `place` is a place or a part of the body; empty means all."""

    place: str = ""
    show: Kind | None = None
    to: date | None = None

    @classmethod
    def read(cls, query: MultiValueDict[str, str], today: date) -> "Filter":
        """Read ?to=2026-11-20&place=calf-l&show=notes. Raises ValueError for anything else."""
        place, show, to = (query.get(name, "") for name in ("place", "show", "to"))
        if place and place not in PLACES_OF:
            raise ValueError(place)
        return cls(place, Kind(show) if show else None, _day(to, today) if to else None)

    @property
    def places(self) -> frozenset[str] | None:
        """Keys of the places that are meant; None for all of them."""
        return PLACES_OF[self.place] if self.place else None

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.place or self.show)

    @property
    def query(self) -> str:
        """The filter as it stands in an address, without its day; empty when all is shown."""
        return urlencode([(name, value) for name, value in self._parts if value])

    @property
    def query_with_day(self) -> str:
        """The filter as it stands in an address."""
        day = [("to", self.to.isoformat())] if self.to else []
        return urlencode([*day, *((name, value) for name, value in self._parts if value)])

    @property
    def _parts(self) -> tuple[tuple[str, str | None], ...]:
        return ("place", self.place), ("show", self.show)


def _day(text: str, today: date) -> date:
    day = parse_day(text)
    if day > today:
        raise ValueError(text)
    return day
