"""One finding in full: its days as they were, the answers that fit, and both directions of time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import compress
from math import log

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import wording
from ..analysis.results import Difference, Estimate, Finding, Split
from . import drawing
from .chart import Chart, Row, RowsChart, Table
from .comparison import bar_figure
from .drawing import AXIS, GREY, INK, INK_2, PITCH, RULE, TALLEST, Part

ABREAST = range(5, 13)  # days with the same number of notes stand in rows of so many
NARROW = 38  # px between two numbers of notes on a small phone
GROUPED_FROM = 8  # days with more notes than this share the last column
WIDEST_RATIO = 8.0  # a wider range runs off the edge


def actual_days(key: str, split: Split, names: tuple[str, str]) -> Chart:
    """Every day as a dot at its number of notes, in two rows; clear days are rings.

    `names` are those of the higher and of the other days.
    """
    higher_name, other_name = names
    higher, other = Counter(split.higher.counts), Counter(split.other.counts)
    rows = ((1, split.higher, higher_name), (0, split.other, other_name))
    last = min(max((*split.higher.counts, *split.other.counts, 5)), GROUPED_FROM)
    stacks = {row: _stacked(group.counts, last) for row, group, _said in rows}
    tallest = max(days for columns in stacks.values() for days in columns.values())
    words, below, margin = 24, 40, 4  # px for the words of a row, for those of the axis, around
    abreast, step = _spacing(tallest, (TALLEST - below - margin) / 2 - words)
    size = max(1, round(step - 2, 1))
    row_height = words + step * -(-tallest // abreast)
    height = drawing.height(2 * row_height + below + margin)
    traces = []
    for row, columns in stacks.items():
        x, y = _packed(columns, abreast, step, base=row * row_height)
        clear = columns[0]
        traces += [
            drawing.dots(x[:clear], y[:clear], symbol="circle-open", size=size),
            drawing.dots(x[clear:], y[clear:], size=size),
        ]
    figure = drawing.figure(
        traces,
        xaxis={
            "range": [-0.55, last + 0.55],
            "tickvals": [*range(last + 1)],
            "ticktext": [*map(str, range(last)), _last_column(last, split)],
            "title": {"text": _("notes in the day"), "font": {"size": 12}},
        },
        yaxis={"visible": False, "range": [0, height - below - margin]},
        shapes=[drawing.line(-0.55, last + 0.55, y, y, RULE) for y in (0, row_height)],
        annotations=[
            note
            for row, group, said in rows
            for note in (
                drawing.row_words((row + 1) * row_height - 10, said, "left", INK, weight=600),
                drawing.row_words((row + 1) * row_height - 10, _days(group.days), "right", INK_2),
            )
        ],
        margin={"l": margin, "r": margin, "t": margin, "b": below},
    )
    return Chart(
        key=f"days-{key}",
        figure=figure,
        height=height,
        caption=_(
            "Your actual days. Each dot is a day, placed by its number of notes; rings are clear "
            "days. %(overlap)s"
        )
        % {"overlap": _overlap(higher, other)},
        legend=(("dot", _("a day with notes")), ("ring", _("a clear day"))),
        table=Table(
            _("Days by their number of notes"),
            (_("Notes in the day"), *names),
            tuple(
                (str(notes), str(higher[notes]), str(other[notes]))
                for notes in sorted({*higher, *other})
            ),
        ),
    )


def _spacing(tallest: int, room: float) -> tuple[int, float]:
    """How many dots stand abreast, and the px from one to the next above it.

    They take the height that there is before they stand closer than a small phone can show.
    """
    for abreast in ABREAST:
        step = min(9.0, room / -(-tallest // abreast))
        if step >= NARROW / (abreast + 2):
            break
    return abreast, step


def _stacked(counts: Sequence[int], last: int) -> Counter[int]:
    """How many days stand in each column."""
    return Counter(min(count, last) for count in counts)


def _packed(
    columns: Mapping[int, int], abreast: int, step: float, *, base: float
) -> tuple[list[float], list[float]]:
    """Places of dots that stand abreast and stack upwards; a row of few is in the middle."""
    x: list[float] = []
    y: list[float] = []
    for column, days in sorted(columns.items()):
        # Rounded for a shorter page, and so little that the script still sees a regular grid.
        beside = [
            round(column + (place - (abreast - 1) / 2) / (abreast + 2), 6)
            for place in range(abreast)
        ]
        for line, before in enumerate(range(0, days, abreast)):
            some = min(abreast, days - before)
            first = (abreast - some) // 2
            x += beside[first : first + some]
            y += [round(base + (line + 0.6) * step, 2)] * some
    return x, y


def _last_column(last: int, split: Split) -> str:
    beyond = max((*split.higher.counts, *split.other.counts)) > last
    return _("%(notes)s or more") % {"notes": last} if beyond else str(last)


def _overlap(higher: Counter[int], other: Counter[int]) -> str:
    """How much of one group would find its like in the other."""
    shared = sum(
        min(higher[notes] / higher.total(), other[notes] / other.total())
        for notes in {*higher, *other}
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
    fewer = [answer < 0 for answer in sorted(answers)]
    whole = max(1, int(reach))
    tallest = max(stacks.values())
    pitch = min(PITCH + 1, (TALLEST - 2 * AXIS) / tallest)
    height = drawing.height(pitch * tallest + 2 * AXIS)
    figure = drawing.figure(
        [
            drawing.dots([*compress(x, more)], [*compress(y, more)], size=PITCH - 1),
            drawing.dots(
                [*compress(x, fewer)], [*compress(y, fewer)], symbol="circle-open", size=PITCH - 1
            ),
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
        yaxis={"visible": False, "range": [0.4, 0.4 + (height - AXIS) / pitch]},
        shapes=[drawing.line(0, 0, 0, 1, INK, width=1.5, yref="paper")],
    )
    return Chart(
        key=f"answers-{key}",
        figure=figure,
        height=height,
        caption=_(
            "Twenty equally likely answers to “how many more notes on %(higher)s?” %(more)s of 20 "
            "say more, %(fewer)s say fewer. Best guess %(best)s a day, from %(fits)s."
        )
        % {
            "higher": higher,
            "more": sum(more),
            "fewer": sum(fewer),
            "best": wording.more_or_fewer(difference.best),
            "fits": wording.fits(difference),
        },
        legend=(("dot", _("more notes")), ("ring", _("fewer notes"))),
        table=None,
    )


def directions(finding: Finding) -> RowsChart | None:
    """The factor before the notes and after them, as ranges on one scale of ratios."""
    if finding.estimate is None or finding.reverse is None:
        return None
    name, step = wording.name(finding), wording.step_of(finding)
    rows = (
        (_("%(factor)s, then notes") % {"factor": name}, finding.estimate),
        (_("%(factor)s the day after notes") % {"factor": name}, finding.reverse),
    )
    reach = max(
        log(WIDEST_RATIO) / 2,
        *(min(abs(log(end)), log(WIDEST_RATIO)) for _row, e in rows for end in (e.low, e.high)),
    )
    return RowsChart(
        key=f"directions-{finding.factor}",
        rows=tuple(
            Row(
                said,
                wording.ratio(estimate),
                figure=_ratio_bar(estimate, reach),
                key=f"direction-{n}",
            )
            for n, (said, estimate) in enumerate(rows)
        ),
        ends=(_("fewer notes"), _("same"), _("more notes")),
        caption=_(
            "Each bar covers the ratios that fit your diary, for %(step)s; the thin line is the "
            "best guess. %(said)s"
        )
        % {"step": step, "said": wording.directions(finding)},
        table=Table(
            _("Times as many notes, in both directions of time"),
            (_("Direction"), _("Times as many, for %(step)s") % {"step": step}),
            tuple((said, wording.ratio(estimate)) for said, estimate in rows),
            numbers=False,
        ),
    )


def _ratio_bar(estimate: Estimate, reach: float) -> Part:
    """The ratios that fit, on a scale on which twice as many is as far as half as many."""
    low, best, high = (
        max(-reach, min(reach, log(ratio)))
        for ratio in (estimate.low, estimate.ratio, estimate.high)
    )
    bar = drawing.bar(
        x=[high - low],
        base=[low],
        y=[0],
        width=0.6,
        marker={"color": GREY, "opacity": 0.6, "cornerradius": 9},
    )
    return bar_figure([bar], best, reach)


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
