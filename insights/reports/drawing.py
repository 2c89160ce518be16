"""The drawings of a report as positions: values in, shapes out, for SVG and PDF alike.

The figures stand as a clinician sees them: the front faces the reader, so the person's right is on
the reader's left; on the back it is the other way round.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from diary import figure
from diary.places import PLACES, Place, Side

from ..analysis.results import DaySummary, PlaceCount, WeekCount
from ..analysis.series import DayStatus

# --- the days -----------------------------------------------------------------------------------

WIDTH, HEIGHT = 720, 104
BASE = 94  # where the lowest dot stands
TOP = 22  # of the highest dot or bar; above it is room for a number, even a turned one
WIDEST_STEP = 13.2
DOTS_AT_MOST = 14  # a day; above, every day is a bar with its number
LABELS_AT_MOST = 13  # of weeks below the drawing
DIGIT = 6.4  # the width of one on a bar
DAYS_FOR_NOUGHT = 4  # kept, of a week without a note
DAILY_AT_MOST = 7  # calendar weeks; above, a week is one bar


@dataclass(frozen=True, slots=True)
class Dot:
    """One note, or a clear day as a ring."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A day or a week with its number on top."""

    x: float
    y: float
    width: float
    height: float
    notes: int

    @property
    def middle(self) -> float:
        """Where the number stands."""
        return round(self.x + self.width / 2, 1)

    @property
    def above(self) -> float:
        """Its base line."""
        return round(self.y - 3, 1)


@dataclass(frozen=True, slots=True)
class WeekMark:
    """A calendar week: its left edge, its width, and what was noted in it."""

    x: float
    width: float
    week: WeekCount
    first: date  # its first day in the report


@dataclass(frozen=True, slots=True)
class WeekLabel:
    """What stands below a week, or below the first of several; `room` is its share of the width."""

    mark: WeekMark
    room: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of a report from left to right."""

    daily: bool  # False: one bar a week
    radius: float
    dots: tuple[Dot, ...]
    rings: tuple[Dot, ...]
    dashes: tuple[Dot, ...]  # the middle of each: nothing is known
    bars: tuple[Bar, ...]
    turned: bool  # the numbers on the bars: side by side they have no room
    weeks: tuple[WeekMark, ...]
    labels: tuple[WeekLabel, ...]


def timeline(days: Sequence[DaySummary], weeks: Sequence[WeekCount]) -> Timeline:
    """Lay out the days; a long report shows weeks."""
    daily = len(weeks) <= DAILY_AT_MOST
    marks = _weeks(days, weeks, daily)
    if not daily:
        most = max((week.notes for week in weeks), default=0)
        known = [mark for mark in marks if _has_number(mark.week)]
        bars = tuple(_bar(m.x + m.width * 0.2, m.width * 0.6, m.week.notes, most) for m in known)
        dashes = tuple(
            Dot(round(mark.x + mark.width / 2, 1), BASE)
            for mark in marks
            if not _has_number(mark.week)
        )
        turned = _turned(bars, WIDTH / len(weeks))
        return Timeline(daily, 0, (), (), dashes, bars, turned, marks, _labels_below(marks))
    step = WIDTH / len(days)
    most = max((day.notes for day in days), default=0)
    places = [(round((n + 0.5) * step, 1), day) for n, day in enumerate(days)]
    as_bars = most > DOTS_AT_MOST
    apart = min(WIDEST_STEP, (BASE - TOP) / max(most - 1, 1))
    radius = round(min(5.6, apart * 0.45, step * 0.36), 1)
    bars = tuple(
        _bar(x - step * 0.32, step * 0.64, day.notes, most)
        for x, day in places
        if day.notes and as_bars
    )
    return Timeline(
        daily,
        radius,
        ()
        if as_bars
        else tuple(
            Dot(x, round(BASE - n * apart, 1)) for x, day in places for n in range(day.notes)
        ),
        tuple(Dot(x, BASE) for x, day in places if day.status is DayStatus.CLEAR),
        tuple(
            Dot(x, BASE)
            for x, day in places
            if day.status in (DayStatus.BLANK, DayStatus.BREAK) and not day.notes
        ),
        bars,
        _turned(bars, step),
        marks,
        tuple(WeekLabel(mark, round(mark.width / step)) for mark in marks),
    )


def _has_number(week: WeekCount) -> bool:
    """Whether a week tells enough for a nought: two days, or a break, are no week without any."""
    return week.notes > 0 or week.kept >= DAYS_FOR_NOUGHT


def _turned(bars: Sequence[Bar], step: float) -> bool:
    """Whether the longest number is wider than the room of a bar."""
    return max((len(str(bar.notes)) for bar in bars), default=0) * DIGIT > step - 1


def _labels_below(marks: Sequence[WeekMark]) -> tuple[WeekLabel, ...]:
    """As many as have room side by side."""
    every = max(1, -(-len(marks) // LABELS_AT_MOST))
    return tuple(
        WeekLabel(marks[n], min(every, len(marks) - n)) for n in range(0, len(marks), every)
    )


def _weeks(
    days: Sequence[DaySummary], weeks: Sequence[WeekCount], daily: bool
) -> tuple[WeekMark, ...]:
    """As wide as their days, or all alike."""
    firsts: dict[date, date] = {}
    lengths: Counter[date] = Counter()
    for day in days:
        monday = date.fromordinal(day.day.toordinal() - day.day.weekday())
        firsts.setdefault(monday, day.day)
        lengths[monday] += 1
    marks, x = [], 0.0
    for week in weeks:
        share = lengths[week.first] / len(days) if daily else 1 / len(weeks)
        marks.append(WeekMark(round(x, 1), round(WIDTH * share, 1), week, firsts[week.first]))
        x += WIDTH * share
    return tuple(marks)


def _bar(x: float, width: float, notes: int, most: int) -> Bar:
    height = round((BASE + 6 - TOP) * notes / most, 1) if most else 0
    return Bar(round(x, 1), round(BASE + 6 - height, 1), round(width, 1), height, notes)


# --- the body -----------------------------------------------------------------------------------

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
    regions: tuple[Region, ...]
    labels: tuple[Label, ...]

    @property
    def left_is_right(self) -> bool:
        """Whether the person's right stands on the reader's left."""
        return self.front


def bodies(counts: Iterable[PlaceCount]) -> tuple[Body, Body]:
    """Front and back with the notes of each place."""
    notes: Counter[tuple[str, Side]] = Counter()
    for count in counts:
        place = PLACES[count.place]
        site, side = _drawn_at(place)
        notes[site, side] += count.notes
    most = max(notes.values(), default=0)
    return _body(figure.FRONT, notes, most, front=True), _body(
        figure.BACK, notes, most, front=False
    )


def _drawn_at(place: Place) -> tuple[str, Side]:
    site = WITHIN.get(place.site.key, place.site.key)
    return site, Side.MIDDLE if site == "face" else place.side


def _body(
    view: dict[str, str], notes: Counter[tuple[str, Side]], most: int, *, front: bool
) -> Body:
    regions, wanted = [], []
    for shape in figure.shapes(view):
        place = PLACES[shape.place]
        count = notes[place.site.key, place.side]
        # The log's figures are seen as in a mirror; here the front faces the reader.
        mirrored = (place.side is Side.LEFT) if front else (place.side is Side.RIGHT)
        regions.append(Region(shape.outline, mirrored, _shade(count, most)))
        if count:
            wanted.append((count, _anchor(place.site.key, mirrored)))
    labels = [*_labels(wanted, on_left=True), *_labels(wanted, on_left=False)]
    return Body(front, tuple(regions), tuple(labels))


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
