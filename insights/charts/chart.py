"""What a page shows of a chart: its figure, and everything that is said about it."""

from dataclasses import dataclass

from .drawing import Part


@dataclass(frozen=True, slots=True)
class Table:
    """The same values as a table; the first column names its row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: bool = True  # False: its cells are words, which may break into lines


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with everything that is said about it."""

    key: str  # unique on its page
    figure: Part  # what the browser hands to Plotly
    height: int  # px, kept free before it is drawn
    caption: str
    legend: tuple[tuple[str, str], ...]  # (kind of mark, its meaning)
    table: Table | None
