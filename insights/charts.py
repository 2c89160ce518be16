"""Results drawn as Plotly figures: values in, figures out. No query, no HTML and no script.

Colours are names of style-sheet tokens; the browser puts the theme's values in their place. A
figure never says alone what it says: each has a caption with the finding, and a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from html import escape
from math import log
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.days import days_after_on, span_in_words
from diary.factors import Factor
from diary.places import PLACES, REGIONS
from diary.shown import Clock, clock_text, hour_text

from . import wording
from .analysis.results import (
    DaySummary,
    Difference,
    Finding,
    Group,
    Level,
    RegionFindings,
    Split,
    WeekReport,
)
from .analysis.series import DayStatus

NOTE = "var(--data-1)"
CONTROL = "var(--control)"
GREY = "var(--data-grey)"
RULE = "var(--rule)"
INK = "var(--ink)"
INK_2 = "var(--ink-2)"
SOFT = "var(--accent-soft)"

# A figure or a piece of one, as Plotly takes it in the browser. Plotly's Python classes check the
# same words, which took half of a page's time: the tests let them check every figure made here.
type Part = dict[str, Any]

REGION_NAMES = {region.key: region.name for region in REGIONS}
HIGHEST_DRAWN = 30  # notes of one day that are stacked; above, its number says it
DOTS_AT_MOST = 12  # notes of one day drawn as dots; above, as thin ticks with the number on top
ABREAST = 5  # days with the same number of notes stand in rows of so many
ROWS_OF_DOTS = 40  # notes of one place drawn as dots; above, as a bar
PLACES_DRAWN = 8
WIDEST_RATIO = 8.0  # a wider range runs off the edge
COURSES_DRAWN = 8  # medicines and supplements; the table has them all
HEIGHTS = (100, 140, 180, 220, 260, 300, 340, 380)  # px that the style sheet keeps free
EXAMPLE = "2o1-3o1o12o1-41o-2o31oo1o2-12-1oo12o1o-o2o"  # six weeks of days
GROUPED_FROM = 8  # days with more notes than this share the last column


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


@dataclass(frozen=True, slots=True)
class Days:
    """Days side by side with their notes stacked, in the page itself: it is there before a script.

    Across and up are counted in days and notes; the drawing stretches, its dots do not.
    """

    across: int
    up: int
    stacks: str  # a path: where each note is
    blanks: str  # a path: where each blank day is
    rings: tuple[float, ...]  # clear days, in percent of the width
    ring_top: float  # in percent of the height
    weeks: tuple[tuple[float, str], ...]  # where each begins, in percent, and its day
    tinted: float  # where the last week begins, in days
    numbers: tuple[tuple[float, float, int], ...]  # notes of days with very many, in percent
    crowded: bool  # notes are thin lines


@dataclass(frozen=True, slots=True)
class DaysChart:
    """Days in the page itself, with everything that is said about them."""

    key: str
    days: Days
    height: int
    caption: str
    legend: tuple[tuple[str, str], ...]
    table: Table | None


def six_weeks(report: WeekReport) -> DaysChart:
    """One dot for each note, stacked by day; rings are clear days, dashes are blank ones."""
    return DaysChart(
        key="six-weeks",
        days=_days_drawn(report.days, [week.first for week in report.weeks]),
        height=180,
        caption=" ".join(
            filter(
                None,
                (
                    _("Every filled dot is one twitch you noted, stacked by day."),
                    _("The tinted week is this one."),
                    wording.trend(report),
                ),
            )
        ),
        legend=_days_legend(),
        table=Table(
            _("Notes and days for each week"),
            (
                _("Week"),
                _("Notes"),
                _("Days with notes"),
                _("Clear days"),
                _("Blank days"),
                _("Days on a break"),
            ),
            tuple(
                (
                    wording.span(week.first, week.first + timedelta(days=6)),
                    str(week.notes),
                    str(week.days_with_notes),
                    str(week.clear_days),
                    str(week.blank_days),
                    str(week.break_days),
                )
                for week in reversed(report.weeks)
            ),
        ),
    )


def example(monday: date) -> DaysChart:
    """The same of nobody: six made-up weeks, the last of which begins on this Monday."""
    start = monday - timedelta(weeks=5)
    unnoted = {"o": DayStatus.CLEAR, "-": DayStatus.BLANK}
    days = [
        DaySummary(
            start + timedelta(days=n),
            unnoted.get(kind, DayStatus.NOTES),
            0 if kind in unnoted else int(kind),
            {},
        )
        for n, kind in enumerate(EXAMPLE)
    ]
    return DaysChart(
        key="example",
        days=_days_drawn(days, [start + timedelta(weeks=n) for n in range(6)]),
        height=140,
        caption=_(
            "Made up: each filled dot is one note, stacked by day. The tinted week is the last."
        ),
        legend=_days_legend(),
        table=None,
    )


def _days_legend() -> tuple[tuple[str, str], ...]:
    return (
        ("dot", _("one note")),
        ("none", _("marked clear")),
        ("dash", _("left blank")),
    )


def _days_drawn(days: Sequence[DaySummary], weeks: Sequence[date]) -> Days:
    """`weeks` are the days on which they begin."""
    start = weeks[0]
    highest = max((day.notes for day in days), default=0)
    across, up = 7 * len(weeks), max(6, min(highest, HIGHEST_DRAWN))
    unknown = {DayStatus.BLANK, DayStatus.BREAK}
    crowded = highest > DOTS_AT_MOST
    # A dot is a line of no length with round ends, so that it stays round however wide the page.
    mark = "m-.35 0h.7" if crowded else "h.001"

    def at(day: DaySummary) -> int:
        return (day.day - start).days

    def percent(days: float, notes: float) -> tuple[float, float]:
        return round(100 * (days + 0.5) / across, 2), round(100 * (up - notes + 0.5) / up, 2)

    return Days(
        across,
        up,
        stacks="".join(
            f"M{at(day)} {up - n}{mark}" for day in days for n in range(1, min(day.notes, up) + 1)
        ),
        blanks="".join(
            f"M{at(day)} {up - 1}m-.35 0h.7"
            for day in days
            if day.status in unknown and not day.notes
        ),
        rings=tuple(percent(at(day), 1)[0] for day in days if day.status is DayStatus.CLEAR),
        ring_top=percent(0, 1)[1],
        weeks=tuple(
            (round(100 * n / len(weeks), 2), _short_day(first)) for n, first in enumerate(weeks)
        ),
        tinted=across - 7.5,
        numbers=tuple(
            (*percent(at(day), min(day.notes, up)), day.notes)
            for day in days
            if day.notes > DOTS_AT_MOST
        ),
        crowded=crowded,
    )


def _days_trace(days: Sequence[DaySummary], start: date, highest: int) -> list[Part]:
    many = highest > DOTS_AT_MOST
    notes = [((d.day - start).days, n + 1) for d in days for n in range(d.notes)]
    clear = [(d.day - start).days for d in days if d.status is DayStatus.CLEAR]
    unknown = {DayStatus.BLANK, DayStatus.BREAK}
    blank = [(d.day - start).days for d in days if d.status in unknown and not d.notes]
    return [
        _dots(
            [x for x, _ in notes],
            [min(y, HIGHEST_DRAWN) for _, y in notes],
            symbol="line-ew-open" if many else "circle",
            size=7 if many else 8,
        ),
        _dots(clear, [1] * len(clear), symbol="circle-open", color=CONTROL),
        _dots(blank, [1] * len(blank), symbol="line-ew-open", size=6, color=CONTROL),
    ]


def _number_days(figure: Part, days: Sequence[DaySummary], start: date) -> None:
    figure["layout"]["annotations"] = [
        {
            "x": (day.day - start).days,
            "y": min(day.notes, HIGHEST_DRAWN),
            "text": str(day.notes),
            "yshift": 9,
            "showarrow": False,
            "font": {"size": 11, "color": INK},
        }
        for day in days
        if day.notes > DOTS_AT_MOST
    ]


def courses(report: WeekReport) -> Chart:
    """A bar for each medicine and supplement over the six weeks; open ends run off the edge."""
    start = report.weeks[0].first
    reach = 7 * len(report.weeks)
    shown = report.courses[:COURSES_DRAWN]
    bars = [
        (
            row,
            -0.7 if course.first is None else max((course.first - start).days - 0.45, -0.7),
            reach - 0.3
            if course.last is None
            else min((course.last - start).days + 0.45, reach - 0.3),
        )
        for row, course in enumerate(shown)
    ]
    figure = _figure(
        [
            _bar(
                x=[end - begin for _row, begin, end in bars],
                base=[begin for _row, begin, _end in bars],
                y=[-row for row, _begin, _end in bars],
                width=0.2,
                marker={
                    "color": [GREY if course.supplement else CONTROL for course in shown],
                    "cornerradius": 4,
                },
            )
        ],
        xaxis={
            "range": [-0.7, reach - 0.3],
            "tickvals": [7 * n - 0.5 for n in range(len(report.weeks))],
            "ticktext": [_short_day(week.first) for week in report.weeks],
            "ticklabelposition": "outside right",
        },
        yaxis={"visible": False, "range": [-len(shown) + 0.6, 0.75]},
        annotations=[
            words
            for row, course in enumerate(shown)
            for words in (
                _row_words(-row + 0.4, course.name, "left", INK, size=13),
                _row_words(
                    -row + 0.4,
                    span_in_words(course.first, course.last, "SHORT_DAY_AND_YEAR"),
                    "right",
                    INK_2,
                ),
            )
        ],
        shapes=[_upright(7 * n - 0.5) for n in range(1, len(report.weeks))],
    )
    return Chart(
        key="courses",
        figure=figure,
        height=_height(44 * len(shown) + 30),
        caption=_(
            "What was on your list in these weeks. It is shown beside your notes and never "
            "compared with them."
        ),
        legend=(),
        table=Table(
            _("Medicines and supplements of these weeks"),
            (_("Name"), _("What it is"), _("When")),
            tuple(
                (
                    course.name,
                    _("Supplement") if course.supplement else _("Medicine"),
                    span_in_words(course.first, course.last, "SHORT_DAY_AND_YEAR"),
                )
                for course in report.courses
            ),
            numbers=False,
        ),
    )


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One factor of the comparison of days: words, and a bar of the differences that fit."""

    finding: Finding
    name: str
    level: str
    higher: str
    fits: str
    label: str  # the bar in words
    figure: Part | None

    @property
    def key(self) -> str:
        """Unique on its page."""
        return f"differ-{self.finding.factor}"


def comparison_rows(findings: Sequence[Finding]) -> tuple[ComparisonRow, ...]:
    """A row for each factor, all on the same scale."""
    reach = max(
        (abs(end) for f in findings if f.difference for end in f.difference.ranges[-1]), default=0
    )
    limit = max(1.5, -(-reach // 0.5) * 0.5)
    return tuple(_comparison_row(finding, limit) for finding in findings)


def _comparison_row(finding: Finding, limit: float) -> ComparisonRow:
    name = wording.name(finding)
    if finding.difference is None:
        why = wording.refusal(finding)
        return ComparisonRow(finding, name, wording.level(finding), why, "", "", None)
    higher, fits = wording.higher_days(finding), wording.fits(finding.difference)
    return ComparisonRow(
        finding=finding,
        name=name,
        level=wording.level(finding),
        higher=higher,
        fits=fits,
        label=_("%(factor)s, %(higher)s: %(fits)s notes a day.")
        % {"factor": name, "higher": higher, "fits": fits},
        figure=_range_bar(finding.difference, limit, finding.level),
    )


def _range_bar(difference: Difference, limit: float, level: Level) -> Part:
    """The middle 33, 66 and 90 % of the answers, darker inside; a line at the best guess."""
    color = GREY if level is Level.NONE else NOTE
    bars = [
        _bar(
            x=[high - low],
            base=[low],
            y=[0],
            width=0.6,
            marker={"color": color, "opacity": opacity, "cornerradius": 9},
        )
        for (low, high), opacity in zip(reversed(difference.ranges), (0.28, 0.36, 0.5), strict=True)
    ]
    best = _dots([difference.best], [0], symbol="line-ns-open", size=14, color=INK)
    return _figure(
        [*bars, best],
        barmode="overlay",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        xaxis={"visible": False, "range": [-limit, limit]},
        yaxis={"visible": False, "range": [-0.5, 0.5]},
        shapes=[
            _line(-limit, limit, 0, 0, RULE, layer="below"),
            _line(0, 0, -0.5, 0.5, INK, width=1.5),
        ],
    )


def comparison_table(findings: Sequence[Finding]) -> Table:
    """The comparison of days in numbers."""
    return Table(
        _("Days with notes on higher and other days, and the difference that fits"),
        (_("Factor"), _("Higher days"), _("Other days"), _("Difference in notes a day")),
        tuple(
            (
                wording.name(finding),
                _of(finding.split.higher) if finding.split else "–",
                _of(finding.split.other) if finding.split else "–",
                wording.fits(finding.difference) if finding.difference else wording.level(finding),
            )
            for finding in findings
        ),
        numbers=False,
    )


def directions(finding: Finding) -> Chart | None:
    """The factor before the notes and after them, as ranges on one scale of ratios."""
    if finding.estimate is None or finding.reverse is None:
        return None
    name = wording.name(finding)
    rows = (
        (_("%(factor)s, then notes") % {"factor": name}, finding.estimate),
        (_("notes, then %(factor)s the day after") % {"factor": name}, finding.reverse),
    )
    reach = max(
        log(WIDEST_RATIO) / 2,
        *(min(abs(log(end)), log(WIDEST_RATIO)) for _row, e in rows for end in (e.low, e.high)),
    )
    spans = [
        (max(log(estimate.low), -reach), min(log(estimate.high), reach)) for _row, estimate in rows
    ]
    figure = _figure(
        [
            _bar(
                x=[high - low for low, high in spans],
                base=[low for low, _high in spans],
                y=[0, -1],
                width=0.2,
                marker={"color": GREY, "opacity": 0.6, "cornerradius": 6},
            ),
            _dots(
                [max(-reach, min(reach, log(estimate.ratio))) for _row, estimate in rows],
                [0, -1],
                symbol="line-ns-open",
                size=14,
                color=INK,
            ),
        ],
        xaxis={
            "range": [-reach * 1.05, reach * 1.05],
            "tickvals": [-reach * 0.8, 0, reach * 0.8],
            "ticktext": [_("fewer notes"), _("same"), _("more notes")],
        },
        yaxis={"visible": False, "range": [-1.35, 0.75]},
        annotations=[
            _row_words(-row + 0.45, said, "left", INK, size=13)
            for row, (said, _estimate) in enumerate(rows)
        ],
        shapes=[_line(0, 0, -1.4, 0.6, INK, width=1.5)],
    )
    return Chart(
        key=f"directions-{finding.factor}",
        figure=figure,
        height=180,
        caption=_(
            "Each bar covers the ratios that fit your diary, for %(step)s; the thin line is the "
            "best guess. %(said)s"
        )
        % {"step": wording.step_of(finding), "said": wording.directions(finding)},
        legend=(),
        table=Table(
            _("Times as many notes, in both directions of time"),
            (
                _("Direction"),
                _("Times as many, for %(step)s") % {"step": wording.step_of(finding)},
            ),
            tuple((said, wording.ratio(estimate)) for said, estimate in rows),
            numbers=False,
        ),
    )


def reach_table(findings: Sequence[Finding]) -> Table | None:
    """What the diary can see of each factor by now; None while nothing is compared."""
    reached = [finding for finding in findings if finding.reach]
    if not reached:
        return None
    return Table(
        _("The smallest link that would show in 4 of 5 diaries like this one"),
        (_("Factor"), _("Would show from"), _("A moderate link would show")),
        tuple(
            (
                wording.name(finding),
                wording.smallest(finding),
                wording.moderate_from(finding),
            )
            for finding in reached
        ),
        numbers=False,
    )


def length_table(durations: Sequence[Finding]) -> Table | None:
    """Whether twitches last longer with more of a factor; None while nothing is compared."""
    if not any(finding.estimate for finding in durations):
        return None
    return _estimates(_("How long twitches last, with more of each factor"), durations)


def region_tables(regions: Sequence[RegionFindings]) -> tuple[Table, ...]:
    """The same comparison for the parts of the body that were noted often enough."""
    return tuple(
        _estimates(_("Notes in: %(region)s") % {"region": REGION_NAMES[part.region]}, part.findings)
        for part in regions
    )


def _estimates(caption: str, findings: Sequence[Finding]) -> Table:
    return Table(
        caption,
        (_("Factor"), _("How firm"), _("Times as much"), _("Days used")),
        tuple(
            (
                wording.step_of(finding),
                wording.firmness(finding),
                wording.times_as_much(finding),
                str(finding.days_used),
            )
            for finding in findings
        ),
        numbers=False,
    )


def _of(group: Group) -> str:
    return _("%(noted)s of %(days)s") % {"noted": group.days_with_notes, "days": group.days}


def actual_days(key: str, split: Split, names: tuple[str, str]) -> Chart:
    """Every day as a dot at its number of notes, in two rows; clear days are rings.

    `names` are those of the higher and of the other days.
    """
    higher_name, other_name = names
    rows = ((1, split.higher, higher_name), (0, split.other, other_name))
    last = min(max((*split.higher.counts, *split.other.counts, 5)), GROUPED_FROM)
    tallest = max(
        sum(min(count, last) == column for count in group.counts)
        for _row, group, _said in rows
        for column in range(last + 1)
    )
    size = 7 if tallest <= 6 * ABREAST else 4
    traces = []
    for row, group, _said in rows:
        x, y = _packed(group.counts, last, tallest, base=row)
        clear = [place < 0.5 for place in x]
        traces += [
            _dots(_where(x, clear), _where(y, clear), symbol="circle-open", size=size),
            _dots(_unless(x, clear), _unless(y, clear), size=size),
        ]
    figure = _figure(
        traces,
        xaxis={
            "range": [-0.55, last + 0.55],
            "tickvals": [*range(last + 1)],
            "ticktext": [*map(str, range(last)), _last_column(last, split)],
            "title": {"text": _("notes in the day"), "font": {"size": 12}},
        },
        yaxis={"visible": False, "range": [-0.08, 2.0]},
        shapes=[_line(-0.55, last + 0.55, y, y, RULE) for y in (-0.05, 0.95)],
        annotations=[
            note
            for row, group, said in rows
            for note in (
                _row_words(row + 0.87, said, "left", INK),
                _row_words(row + 0.87, _days(group.days), "right", INK_2),
            )
        ],
        margin={"l": 4, "r": 4, "t": 4, "b": 40},
    )
    return Chart(
        key=f"days-{key}",
        figure=figure,
        height=220,
        caption=_(
            "Your actual days. Each dot is a day, placed by its number of notes; rings are clear "
            "days. %(overlap)s"
        )
        % {"overlap": _overlap(split)},
        legend=(),
        table=Table(
            _("Days by their number of notes"),
            (_("Notes in the day"), *names),
            tuple(
                (str(notes), str(higher), str(other))
                for notes in range(max((*split.higher.counts, *split.other.counts)) + 1)
                if (higher := split.higher.counts.count(notes))
                + (other := split.other.counts.count(notes))
            ),
        ),
    )


def _packed(
    counts: Iterable[int], last: int, tallest: int, *, base: int
) -> tuple[list[float], list[float]]:
    """Places of dots that stand abreast and stack upwards; nothing is random."""
    seen: dict[int, int] = {}
    step = 0.7 / max(tallest / ABREAST, 6.4)
    x, y = [], []
    for count in sorted(counts):
        column = min(count, last)
        index = seen.get(column, 0)
        seen[column] = index + 1
        x.append(column + (index % ABREAST - (ABREAST - 1) / 2) * 0.15)
        y.append(base + 0.06 + (index // ABREAST) * step)
    return x, y


def _last_column(last: int, split: Split) -> str:
    beyond = max((*split.higher.counts, *split.other.counts)) > last
    return _("%(notes)s or more") % {"notes": last} if beyond else str(last)


def _overlap(split: Split) -> str:
    """How much of one group would find its like in the other."""
    values = {*split.higher.counts, *split.other.counts}
    shared = sum(
        min(
            split.higher.counts.count(value) / split.higher.days,
            split.other.counts.count(value) / split.other.days,
        )
        for value in values
    )
    if shared > 0.66:
        return _("The two groups overlap a lot.")
    if shared > 0.33:
        return _("The two groups overlap somewhat.")
    return _("The two groups overlap little.")


def twenty_answers(key: str, difference: Difference, higher: str) -> Chart:
    """Twenty equally likely differences as dots: filled is more, a ring is fewer.

    `higher` says which days have more notes or fewer, such as days over 190 mg.
    """
    answers = difference.quantiles
    reach = max(1.0, max(map(abs, answers)))
    width = 2 * reach / 24
    stacks: dict[int, int] = {}
    x, y = [], []
    for answer in sorted(answers):
        # Bins start at "same", so no bin holds answers of both kinds.
        bin_ = int(answer // width)
        stacks[bin_] = stacks.get(bin_, 0) + 1
        x.append((bin_ + 0.5) * width)
        y.append(stacks[bin_])
    more = [answer >= 0 for answer in sorted(answers)]
    whole = max(1, int(reach))
    figure = _figure(
        [
            _dots(_where(x, more), _where(y, more), size=9),
            _dots(_unless(x, more), _unless(y, more), symbol="circle-open", size=9),
        ],
        xaxis={
            "range": [-reach * 1.08, reach * 1.08],
            "tickvals": [-whole, 0, whole],
            "ticktext": [
                _("%(n)s fewer") % {"n": whole},
                _("same"),
                _("%(n)s more") % {"n": whole},
            ],
        },
        yaxis={"visible": False, "range": [0.3, max(stacks.values()) + 0.9]},
        shapes=[_line(0, 0, 0, 1, INK, width=1.5, yref="paper")],
    )
    above = sum(more)
    return Chart(
        key=f"answers-{key}",
        figure=figure,
        height=160,
        caption=_(
            "Twenty equally likely answers to “how many more notes on %(higher)s?” %(more)s of 20 "
            "say more, %(fewer)s say fewer. Best guess %(best)s a day, from %(fits)s."
        )
        % {
            "higher": higher,
            "more": above,
            "fewer": len(answers) - above,
            "best": wording.more_or_fewer(difference.best),
            "fits": wording.fits(difference),
        },
        legend=(),
        table=None,
    )


def times_of_day(report: WeekReport, clock: str = Clock.H24.value) -> Chart:
    """Notes in eight three-hour blocks from 06:00, as dots in pairs with the number on top."""
    tallest = max(report.blocks)
    x = [block + 0.15 * (-1 if n % 2 == 0 else 1) for block, n in _each(report.blocks)]
    y = [n // 2 + 1 for _, n in _each(report.blocks)]
    rows = max(5, -(-tallest // 2))
    figure = _figure(
        [_dots(x, y, size=8 if rows <= 14 else 4)],
        xaxis={
            "range": [-0.6, 7.6],
            "tickvals": [-0.5, 1.5, 3.5, 5.5, 7.5],
            "ticktext": [hour_text(hour, clock) for hour in (6, 12, 18, 0, 6)],
        },
        yaxis={"visible": False, "range": [0.2, rows + 1.6]},
        annotations=[
            {
                "x": block,
                "y": -(-count // 2) + 0.95,
                "text": str(count),
                "showarrow": False,
                "font": {"color": INK, "size": 13},
            }
            for block, count in enumerate(report.blocks)
        ],
        margin={"l": 10, "r": 10, "t": 4, "b": 24},
    )
    total = sum(report.blocks)
    evening = report.blocks[4] + report.blocks[5]
    said = [
        _("Notes by three-hour blocks, over six weeks."),
        _("%(evening)s of %(total)s came between %(from)s and midnight.")
        % {"evening": evening, "total": total, "from": clock_text(time(18), clock)},
    ]
    if report.untimed:
        said.append(
            ngettext(
                "%(count)s note without a time is left out.",
                "%(count)s notes without a time are left out.",
                report.untimed,
            )
            % {"count": report.untimed}
        )
    said.append(_("Being still can make twitches easier to notice."))
    untimed = ((_("no time"), str(report.untimed)),) if report.untimed else ()
    return Chart(
        key="times",
        figure=figure,
        height=220,
        caption=" ".join(said),
        legend=(),
        table=Table(
            _("Notes by time of day"),
            (_("Time"), _("Notes")),
            tuple(
                (
                    f"{clock_text(time((6 + 3 * n) % 24), clock)} – "
                    f"{clock_text(time((9 + 3 * n) % 24), clock)}",
                    str(count),
                )
                for n, count in enumerate(report.blocks)
            )
            + untimed,
        ),
    )


def _height(wanted: int) -> int:
    return next((height for height in HEIGHTS if height >= wanted), HEIGHTS[-1])


def _each(blocks: Iterable[int]) -> list[tuple[int, int]]:
    return [(block, n) for block, count in enumerate(blocks) for n in range(count)]


def places(report: WeekReport) -> Chart:
    """A row of dots for each place, one for each note; more than forty become a bar.

    The places noted most often are drawn; the table has them all.
    """
    rows = [(PLACES[place.place].name, place) for place in report.places[:PLACES_DRAWN]]
    everywhere = [(PLACES[place.place].name, place) for place in report.places]
    reach = max(20, min(ROWS_OF_DOTS, max(place.notes for _, place in rows)))
    dots = [
        (n + 0.5, -row)
        for row, (_name, place) in enumerate(rows)
        if place.notes <= ROWS_OF_DOTS
        for n in range(place.notes)
    ]
    bars = [(row, reach) for row, (_name, place) in enumerate(rows) if place.notes > ROWS_OF_DOTS]
    figure = _figure(
        [
            _dots([x for x, _ in dots], [y for _, y in dots], size=8),
            _bar(
                x=[x for _, x in bars],
                y=[-row for row, _ in bars],
                width=0.22,
                marker={"color": NOTE, "cornerradius": 4},
            ),
        ],
        xaxis={"visible": False, "range": [-0.1, reach + 0.5]},
        yaxis={"visible": False, "range": [-len(rows) + 0.55, 0.75]},
        annotations=[
            words
            for row, (name, place) in enumerate(rows)
            for words in (
                _row_words(-row + 0.42, name, "left", INK, size=13),
                _row_words(-row + 0.42, _on_days(place.notes, place.days), "right", INK_2),
            )
        ],
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
    )
    total = sum(place.notes for _, place in everywhere)
    top_name, top = rows[0]
    return Chart(
        key="places",
        figure=figure,
        height=_height(44 * len(rows)),
        caption=ngettext(
            "%(total)s note in six weeks, by place. %(place)s comes up most, on %(days)s.",
            "%(total)s notes in six weeks, by place. %(place)s comes up most, on %(days)s.",
            total,
        )
        % {"total": total, "place": top_name, "days": days_after_on(top.days)},
        legend=(),
        table=Table(
            _("Notes by place"),
            (_("Place"), _("Notes"), _("Days")),
            tuple((name, str(place.notes), str(place.days)) for name, place in everywhere),
        ),
    )


def factor_over_time(report: WeekReport, factor: Factor) -> Chart:
    """A factor day by day above the notes of the same days; unknown days stay empty."""
    start = report.weeks[0].first
    known = [day for day in report.days if factor.key in day.factors]
    highest = max((day.notes for day in report.days), default=0)
    values = [day.factors[factor.key] for day in known]
    notes = _days_trace(report.days, start, highest)
    for trace in notes:
        trace["yaxis"] = "y2"
    figure = _figure(
        [
            _dots(
                [(day.day - start).days for day in known],
                values,
                symbol="diamond",
                color="var(--data-3)",
            ),
            *notes,
        ],
        xaxis={
            "range": [-0.7, 7 * len(report.weeks) - 0.3],
            "tickvals": [7 * n - 0.5 for n in range(len(report.weeks))],
            "ticktext": [_short_day(week.first) for week in report.weeks],
            "ticklabelposition": "outside right",
            "anchor": "y2",
        },
        yaxis={
            "domain": [0.52, 1],
            "rangemode": "tozero",
            "nticks": 4,
            "showgrid": True,
            "gridcolor": RULE,
            "tickfont": {"color": INK_2},
            "automargin": True,
            **_answers_axis(factor),
        },
        yaxis2={
            "domain": [0, 0.44],
            "visible": False,
            "fixedrange": True,
            "range": [0.2, max(5, min(highest, HIGHEST_DRAWN)) + 0.8],
        },
        shapes=[_upright(7 * n - 0.5) for n in range(1, len(report.weeks))],
        margin={"l": 34, "r": 4, "t": 6, "b": 24},
    )
    name = str(factor.name)
    return Chart(
        key=f"time-{factor.key}",
        figure=figure,
        height=260,
        caption=_(
            "Above, %(factor)s day by day; below, the notes of the same days. It is known on "
            "%(known)s of %(days)s."
        )
        % {
            "factor": _with_unit(factor),
            "known": len(known),
            "days": days_after_on(len(report.days)),
        },
        legend=(
            ("diamond", name),
            ("dot", _("one note")),
            ("none", _("marked clear")),
            ("dash", _("left blank")),
        ),
        table=Table(
            _("%(factor)s and notes, day by day") % {"factor": name},
            (_("Day"), _with_unit(factor), _("Notes")),
            tuple(
                (
                    date_format(day.day, "DAY"),
                    wording.amount(factor, day.factors[factor.key])
                    if factor.key in day.factors
                    else _("not noted"),
                    _notes_of(day),
                )
                for day in reversed(report.days)
            ),
        ),
    )


def _answers_axis(factor: Factor) -> dict[str, Any]:
    """An axis with the answers of a factor in words; nothing for an amount or for numbered points.

    Stress has its numbers: its words are longer than a phone has room for.
    """
    if not factor.points or factor.key == "stress":
        return {}
    return {
        "tickvals": list(factor.points),
        "ticktext": [str(words) for words in factor.points.values()],
        "range": [factor.minimum - 0.5, factor.maximum + 0.5],
    }


def _notes_of(day: DaySummary) -> str:
    return {
        DayStatus.NOTES: str(day.notes),
        DayStatus.CLEAR: _("clear"),
        DayStatus.BLANK: _("blank"),
        DayStatus.BREAK: _("break"),
    }[day.status]


def _with_unit(factor: Factor) -> str:
    return f"{factor.name}, {factor.unit}" if factor.unit else str(factor.name)


# --- pieces -----------------------------------------------------------------------------------


def _figure(traces: Sequence[Part], **layout: Any) -> Part:
    axes = {
        name: {
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "ticks": "",
            "tickfont": {"color": INK_2, "size": 12},
        }
        | layout.pop(name, {})
        for name in ("xaxis", "yaxis")
    }
    return {
        "data": list(traces),
        "layout": {"margin": {"l": 4, "r": 4, "t": 6, "b": 24}, **axes, **layout},
    }


def _dots(
    x: Sequence[float],
    y: Sequence[float],
    *,
    symbol: str = "circle",
    size: int = 8,
    color: str = NOTE,
) -> Part:
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "markers",
        "cliponaxis": False,
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": color,
            "line": {"width": 1.6, "color": color},
        },
    }


def _bar(**parts: Any) -> Part:
    return {"type": "bar", "orientation": "h", **parts}


def _line(
    x0: float, x1: float, y0: float, y1: float, color: str, *, width: float = 1, **more: Any
) -> dict[str, Any]:
    line = {"color": color, "width": width}
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": line, **more}


def _upright(x: float) -> dict[str, Any]:
    return _line(x, x, 0, 1, RULE, yref="paper", layer="below")


def _box(x0: float, x1: float) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": x0,
        "x1": x1,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "fillcolor": SOFT,
        "line": {"width": 0},
        "layer": "below",
    }


def _row_words(y: float, text: str, side: str, color: str, *, size: int = 12) -> dict[str, Any]:
    return {
        "x": 0 if side == "left" else 1,
        "xref": "paper",
        "xanchor": side,
        "y": y,
        "yref": "y",
        "yanchor": "middle",
        "text": escape(text, quote=False),  # Plotly takes some tags for markup
        "showarrow": False,
        "font": {"color": color, "size": size},
    }


def _where(values: Sequence[float], chosen: Sequence[bool]) -> list[float]:
    return [value for value, keep in zip(values, chosen, strict=True) if keep]


def _unless(values: Sequence[float], chosen: Sequence[bool]) -> list[float]:
    return [value for value, skip in zip(values, chosen, strict=True) if not skip]


def _short_day(day: date) -> str:
    return date_format(day, "SHORT_DAY")


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def _on_days(notes: int, days: int) -> str:
    return _("%(notes)s on %(days)s") % {"notes": notes, "days": days_after_on(days)}
