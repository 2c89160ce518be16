"""What a page shows of a chart: its figure or its rows, and everything that is said about it."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from .drawing import Part


@dataclass(frozen=True, slots=True)
class Table:
    """The same values as a table; the first column names its row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: bool = True  # False: its cells are words, which may break into lines
    title: str = ""  # of its fold, where no chart is beside it


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with everything that is said about it."""

    key: str  # unique on its page
    figure: Part  # what the browser hands to Plotly
    height: int  # px, kept free before it is drawn
    caption: str
    legend: tuple[tuple[str, str], ...]  # (kind of mark, its meaning)
    table: Table | None
    days: ClassVar = None  # a template asks each chart for these, and looks long for what is absent
    rows: ClassVar = ()


class Bar(NamedTuple):
    """Where a bar begins and how long it is, in percent."""

    begin: float
    length: float


@dataclass(frozen=True, slots=True)
class Row:
    """A name, what is told of it, and its drawing: dots, a bar or a figure."""

    name: str
    told: str
    dots: str = ""  # a path
    bar: Bar | None = None
    figure: Part | None = None
    key: str = ""  # of its figure, unique on its page


@dataclass(frozen=True, slots=True)
class RowsChart:
    """Rows of words in the page itself, each above its drawing."""

    key: str
    rows: tuple[Row, ...]
    caption: str
    table: Table
    weeks: tuple[tuple[float, str], ...] = ()  # where each begins, in percent, and its day
    ends: tuple[str, ...] = ()  # what the ends and the middle of the axis mean
    days: ClassVar = None
    legend: ClassVar = ()
