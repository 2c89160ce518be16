"""What a measurement is, how two things are measured in turn, and how the result is shown."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

type Seconds = float
type Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asked for, and the database that it is measured on."""

    rounds: int
    sizes: tuple[int, ...]  # twitches of one person
    days: int  # of a diary that is analysed anew
    rows: tuple[int, ...]  # of an export
    people: int  # that a worker analyses
    now: datetime
    environment: Mapping[str, str]  # of every process of the product


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: its figures, how it stands to its floor, and what is aimed at."""

    what: str
    size: int
    figures: Mapping[str, float] = field(default_factory=dict)  # by name and unit
    ratio: float | None = None
    floor: str = ""
    goal: float | None = None
    at_least: bool = False  # otherwise the goal is the most

    def __str__(self) -> str:
        figures = "  ".join(f"{name} {value:,.4g}" for name, value in self.figures.items())
        ratio = "" if self.ratio is None else f"{self.ratio:.3g} x {self.floor}"
        return f"{self.what:36} {self.size:>9,}  {figures:64} {ratio:44} {self.held}"

    @property
    def held(self) -> str:
        """The goal, and whether it is met."""
        if self.goal is None or self.ratio is None:
            return ""
        met = self.ratio >= self.goal if self.at_least else self.ratio <= self.goal
        sense = ">=" if self.at_least else "<="
        return f"{sense} {self.goal:g} {'met' if met else 'MISSED'}"


def cpu_of(step: Step) -> Seconds:
    """CPU of this process for one run of a step."""
    before = time.process_time()
    step()
    return time.process_time() - before


def in_turn(
    steps: Iterable[Callable[[], Seconds]], rounds: int, warm_up: int = 1
) -> tuple[Seconds, ...]:
    """The median of each of some measures, taken in turn, so that a busy machine slows all."""
    steps = tuple(steps)
    for _ in range(warm_up):
        for step in steps:
            step()
    taken = [[step() for step in steps] for _ in range(rounds)]
    return tuple(median(times) for times in zip(*taken, strict=True))


def write(lines: Iterable[Line], to: Path) -> None:
    """Keep measures for a machine to read."""
    to.write_text(json.dumps([asdict(line) for line in lines], indent=1))
