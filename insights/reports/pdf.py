"""The report as a PDF file: the same object, drawn with vector shapes and embedded fonts.

Every part adds its elements to the tree of `tagging.py` in the order in which a clinician reads,
so that the file can be read aloud as it can be looked at.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from html import unescape
from io import BytesIO
from itertools import batched
from pathlib import Path
from typing import Any, NamedTuple, Self
from unicodedata import bidirectional
from xml.sax.saxutils import escape

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from diary import bodies
from diary.figure import BODY_WIDTH
from diary.shown import together

from . import drawing, wording
from .report import Paper, Part, Report
from .tagging import COLUMN, ROW, Element, TaggedCanvas, spanning

FONTS = Path(__file__).parent / "fonts"
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
EDGE, FOOT = 11 * mm, 9 * mm
WIDTH = 186 * mm  # on both papers
SIZES = {Paper.A4: A4, Paper.LETTER: LETTER}
LEFT_PART, RIGHT_PART = 88 * mm, 90 * mm
INK, GREY, RULE, EDGES, DATA = map(
    HexColor, ("#000000", "#444444", "#bbbbbb", "#666666", "#005a8c")
)
RAMP = tuple(map(HexColor, ("#e6ecee", "#b4d3da", "#74adbc", "#2f7f92", "#0e4a5c")))
RULED = 7.5 * mm
TEXT, SMALL, HEADING, TITLE = 8.6, 7.4, 9.4, 16.0
BOX = "□"
LAST_LETTER = "\uffff"  # beyond it a letter is drawn, and copied as another
RULED_AT_MOST = 6


class _Layout(NamedTuple):
    """How large letters are, whether words stand in columns, and how wide the figure is."""

    size: float
    columns: bool
    figure: float


LAYOUTS = (
    _Layout(TEXT, columns=True, figure=76 * mm),
    _Layout(SMALL, columns=True, figure=76 * mm),
    _Layout(SMALL, columns=False, figure=66 * mm),
)


class _Story(NamedTuple):
    """What the diary tells, and what the person asks, in one layout."""

    root: Element
    told: list[Flowable]
    asked: list[Flowable]


def pdf(report: Report, *, site: str, language: str, paper: Paper = Paper.A4) -> bytes:
    """The file: one page, or a second one where questions and words need it."""
    for name in (PLAIN, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    title = _("Muscle twitch diary, %(span)s") % {"span": wording.span(report)}
    if report.sample:
        title = f"{_('SAMPLE')} {title}"
    out = BytesIO()
    width, height = SIZES[paper]
    document = BaseDocTemplate(
        out,
        pagesize=(width, height),
        title=title,
        author=site,
        lang=language,
        displayDocTitle=True,
        creator=site,
        subject=_("Summary for an appointment, %(span)s") % {"span": wording.span(report)},
        initialFontName=PLAIN,  # or every page names a font that is not embedded
    )
    side = (width - WIDTH) / 2
    room = height - 2 * EDGE - FOOT
    frame = Frame(side, EDGE + FOOT, WIDTH, room, 0, 0, 0, 0)
    root, story = _fitted(report, room)
    closing = root.add("P")
    made = _("Made on %(day)s") % {"day": date_format(report.today, "DAY_AND_YEAR")}
    foot = partial(_foot, side=side, about=wording.disclaimer(site), made=made, element=closing)
    document.addPageTemplates(PageTemplate(frames=[frame], onPageEnd=foot))
    document.build(story, canvasmaker=partial(TaggedCanvas, root=root))
    return out.getvalue()


def _foot(
    canvas: Any, _document: Any, *, side: float, about: str, made: str, element: Element
) -> None:
    """The foot of every page, which is read out once."""
    again = bool(element.content)
    with canvas.artifact("Pagination") if again else canvas.tagged(element):
        said = Paragraph(escape(about), _style(SMALL, GREY))
        said.wrapOn(canvas, WIDTH * 0.72, FOOT)
        said.drawOn(canvas, side, EDGE)
        canvas.setFont(PLAIN, SMALL)
        canvas.setFillColor(GREY)
        canvas.drawRightString(side + WIDTH, EDGE + 1.6, made)


def _style(size: float, color: Color = INK, font: str = PLAIN, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font}{size}",
        fontName=font,
        fontSize=size,
        leading=size * 1.27,
        textColor=color,
        splitLongWords=True,
        **more,
    )


def _text(
    element: Element, words: str, size: float = TEXT, color: Color = INK, **more: Any
) -> Paragraph:
    return _Said.of(element, words, _style(size, color, **more))


def _item(listed: Element, mark: str, words: str, size: float = TEXT) -> Paragraph:
    """One of a list: its mark in the margin, and what it says."""
    item = listed.add("LI")
    label = _Mark(item.add("Lbl"), mark, 2, INK)
    return _Said.of(item.add("LBody"), words, _style(size, leftIndent=14), label)


def _heading(into: Element, words: str, key: str = "") -> list[Flowable]:
    return [_Heading(into.add("H2"), words, into.add("P"), key)]


def _fitted(report: Report, room: float) -> tuple[Element, list[Flowable]]:
    """The story on one page, in small letters where it needs them; else the questions go over.

    A second page begins with what the person would like to ask, whenever one is enough for the
    rest.
    """
    tried: list[_Story] = []
    for layout in LAYOUTS:
        story = _story(report, layout)
        if _height([*story.told, *story.asked], WIDTH) <= room:
            return story.root, [*story.told, KeepTogether(story.asked), _Ruled()]
        tried.append(story)
    over: list[Flowable] = [PageBreak()]
    best = next((one for one in tried if _height(one.told, WIDTH) <= room), None)
    if best is None:
        best, over = tried[-1], []
    return best.root, [*best.told, *over, KeepTogether(best.asked), _Ruled()]


def _story(report: Report, layout: _Layout) -> _Story:
    root = Element("Document")
    told = [
        *_head(report, root),
        *_in_short(report, root, layout.size),
        *_days(report, root),
        *_pairs(report, root, layout),
    ]
    asked = _ask(report, root)
    if any(element.actual for element in root):
        lacking = _("Letters shown as a box could not be printed; copied, they are what was typed.")
        asked.append(_text(root.add("P"), escape(lacking), SMALL, GREY))
    return _Story(root, told, asked)


def _head(report: Report, root: Element) -> list[Flowable]:
    story: list[Flowable] = []
    if report.sample:
        said = f"<b>{_('SAMPLE')}</b>  " + escape(_("made-up days, nobody’s diary"))
        box = _Grid([[_text(root.add("P"), said, alignment=1)]], [WIDTH])
        box.setStyle(_bare(("BOX", (0, 0), (-1, -1), 1, INK), ("BOTTOMPADDING", (0, 0), (0, 0), 3)))
        story += [box, Spacer(0, 6)]
    about = _("Summary for an appointment, %(span)s") % {"span": wording.span(report)}
    title = [
        _text(root.add("H1"), escape(_("Muscle twitch diary")), TITLE),
        Spacer(0, 2),
        _text(root.add("P"), escape(about)),
    ]
    person: list[Any] = []
    if Part.NAME in report.parts:
        born = date_format(report.born, "DAY_AND_YEAR") if report.born else ""
        lines = [[_lined(root, _("Name"), report.name)], [_lined(root, _("Born"), born)]]
        person = [_table(None, lines, [56 * mm], ("LINEBELOW", (0, 0), (-1, -1), 0.6, EDGES))]
    story.append(_side_by_side(title, person, WIDTH - 64 * mm, 56 * mm))
    return story


def _lined(root: Element, name: str, value: str) -> Paragraph:
    """A word with a line to write on, or with what stands there."""
    element = root.add("P")
    label = _Mark(element, name, 0, GREY)
    return _Said.of(element, escape(value), _style(TEXT, leftIndent=12 * mm), label)


def _side_by_side(
    left: list[Any], right: list[Any], left_width: float, right_width: float
) -> Table:
    between = WIDTH - left_width - right_width
    widths = [left_width, between, right_width]
    beside = _Grid([[left, [], right]], widths, splitInRow=1)  # should it be higher than a page
    beside.setStyle(_bare())
    return beside


def _bare(*more: Any) -> list[Any]:
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [
        *((side, (0, 0), (-1, -1), 0) for side in sides),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("FONTNAME", (0, 0), (-1, -1), PLAIN),
        *more,
    ]


def _in_short(report: Report, root: Element, size: float) -> list[Flowable]:
    story = _heading(root, _("In short"))
    if few := wording.few(report):
        story += [_text(root.add("P"), f"<b>{escape(few)}</b>", 10), Spacer(0, 2)]
    listed = root.add("L")
    for line in wording.in_short(report):
        said = f"<b>{escape(line.strong)}</b> {escape(line.rest)}"
        story.append(_item(listed, "•", said, size))
    return story


def _days(report: Report, root: Element) -> list[Flowable]:
    timeline = drawing.timeline(report.days, report.weeks)
    title = _("Day by day") if timeline.daily else _("Week by week")
    heading = _heading(root, title, wording.day_key(timeline))
    drawn = _Days(root.add("Figure", wording.totals(report)), timeline)
    return [*heading, drawn]


def _pairs(report: Report, root: Element, layout: _Layout) -> list[Flowable]:
    """The parts side by side, two and two; what is left over has a line of its own.

    Tall factors have all else beside them. What the person takes and wrote may be long. Not in a
    column, it can go on over a page.
    """
    parts: list[Callable[..., list[Flowable]]] = [
        part
        for needed, part in ((Part.MAP, _where), (Part.FACTORS, _factors), (Part.CHECK, _check))
        if needed in report.parts
    ]
    last = [_said] if Part.MEDICINES in report.parts or report.words else []
    if layout.columns and wording.is_tall(report):
        columns: tuple[list[Flowable], list[Flowable]] = [], []
        for part in (*parts, *last):
            at = part is _factors
            columns[at].extend(part(report, root, (LEFT_PART, RIGHT_PART)[at], layout))
        return [_side_by_side(*columns, LEFT_PART, RIGHT_PART)]
    rows = (
        [*batched([*parts, *last], 2)]
        if layout.columns
        else [*batched(parts, 2), *batched(last, 1)]
    )
    story: list[Flowable] = []
    for left, *right in rows:
        if right:
            one = left(report, root, LEFT_PART, layout)
            other = right[0](report, root, RIGHT_PART, layout)
            story.append(_side_by_side(one, other, LEFT_PART, RIGHT_PART))
        else:
            story += left(report, root, WIDTH, layout)
    return story


def _where(report: Report, root: Element, _width: float, layout: _Layout) -> list[Flowable]:
    story = _heading(root, _("Where"), _("notes per place; R and L are the person’s own"))
    figure = root.add("Figure", wording.every_place(report))
    story.append(
        _Bodies(figure, bodies.bodies(wording.by_place(report), clinical=True), layout.figure)
    )
    if within := wording.within(report):
        story.append(_text(root.add("P"), escape(within), SMALL, GREY))
    return story


def _factors(report: Report, root: Element, width: float, layout: _Layout) -> list[Flowable]:
    if report.factors is None:
        none = _("No week of these days has been compared yet.")
        return _heading(root, _("Daily factors"), none)
    heading = _heading(root, _("Daily factors"), wording.factor_basis(report))
    table = root.add("Table")
    head = table.add("TR")
    names = (
        _("Factor"),
        _("Higher days with notes"),
        _("Other days with notes"),
        wording.difference_head(),
    )
    named = [f"<b>{escape(name)}</b>" for name in names]
    named[0] += _under(_("Middle (range)"))
    rows: list[Sequence[Any]] = [
        [_text(head.add("TH", about=COLUMN), name, SMALL) for name in named]
    ]
    spans = []
    for said in wording.factor_rows(report.factors):
        row = table.add("TR")
        name = escape(said.name) + _under(said.middle)
        cells: list[Any] = [_text(row.add("TH", about=ROW), name, layout.size)]
        if said.refusal:
            spans.append(("SPAN", (1, len(rows)), (3, len(rows))))
            refused = row.add("TD", about=spanning(3))
            cells += [_text(refused, escape(said.refusal), SMALL, GREY), [], []]
        else:
            compared = (
                escape(said.higher) + _under(said.over),
                escape(said.other),
                escape(said.fits),
            )
            cells += [_text(row.add("TD"), words, layout.size) for words in compared]
        rows.append(cells)
    widths = [share * width for share in (0.3, 0.24, 0.2, 0.26)]
    under_head = ("LINEBELOW", (0, 0), (-1, 0), 0.8, EDGES)
    return [*heading, _table(table, rows, widths, under_head, *spans, heads=1)]


def _said(report: Report, root: Element, _width: float, layout: _Layout) -> list[Flowable]:
    """What the person takes, and what they wrote."""
    return [*_taken(report, root, layout.size), *_words(report, root, layout.size)]


def _height(flowables: Sequence[Flowable], width: float) -> float:
    return float(sum(flowable.wrap(width, A4[1])[1] for flowable in flowables))


def _check(report: Report, root: Element, width: float, layout: _Layout) -> list[Flowable]:
    check = _heading(root, _("Symptoms check"), wording.answered_on(report))
    table = root.add("Table")
    signs = wording.sign_rows(report)
    rows = []
    for sign in signs:
        row = table.add("TR")
        answer = f"<b>{escape(sign.answer)}</b>" if sign.bold else escape(sign.answer)
        earlier = f' <font size="{SMALL}"><b>{escape(sign.earlier)}</b></font>'
        about = escape(sign.about) + (earlier if sign.earlier else "") + _key(sign.dates)
        cells = (row.add("TH", about=ROW), about), (row.add("TD"), answer)
        rows.append([_text(*cell, layout.size) for cell in cells])
    is_long = any(len(sign.answer) > wording.LONG_ANSWER for sign in signs)
    answers = width / (3 if is_long else 5)
    return [*check, _table(table, rows, [width - answers, answers])] if rows else check


def _taken(report: Report, root: Element, size: float) -> list[Flowable]:
    if Part.MEDICINES not in report.parts:
        return []
    taken = wording.medicines(report)
    said = _heading(root, _("Medicines and supplements"), "" if taken else _("none entered"))
    if len(taken) > wording.MEDICINES_LISTED:
        return [*said, _text(root.add("P"), " · ".join(map(escape, taken)), SMALL)]
    listed = root.add("L")
    items = (listed.add("LI").add("LBody") for _ in taken)
    return [
        *said,
        *(_text(item, escape(one), size) for item, one in zip(items, taken, strict=True)),
    ]


def _words(report: Report, root: Element, size: float) -> list[Flowable]:
    if not report.words:
        return []
    said = _heading(root, _("In their own words"))
    for words in report.words:
        quoted = _with_key(wording.quoted(words), date_format(words.day, "DAY"))
        said += [_text(root.add("P"), quoted, size), Spacer(0, 1.4)]
    return said


def _with_key(words: str, key: str) -> str:
    return escape(words) + _key(key)


def _under(words: str) -> str:
    """Smaller, on a line of its own."""
    return f"<br/>{_key(words)}" if words else ""


def _key(words: str) -> str:
    return f' <font size="{SMALL}" color="#444444">{escape(words)}</font>' if words else ""


def _table(
    element: Element | None,
    rows: Sequence[Sequence[Any]],
    widths: list[float],
    *more: Any,
    heads: int = 0,
) -> Table:
    table = _Grid(list(rows), widths, repeatRows=heads)
    table.element = element
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
        ("RIGHTPADDING", (0, 0), (-2, -1), 6),
        *more,
    ]
    table.setStyle(_bare(*style))
    return table


def _ask(report: Report, root: Element) -> list[Flowable]:
    questions = Part.QUESTIONS in report.parts
    story = _heading(root, _("What I would like to ask") if questions else _("Notes"))
    listed = root.add("L")
    for number, question in enumerate(report.questions, 1):
        story.append(_item(listed, f"{number}.", escape(question)))
    return story


def _has_letter(letter: str) -> bool:
    """Whether the font shows a letter, and shows it where it stands: right to left it does not."""
    known = ord(letter) in pdfmetrics.getFont(PLAIN).face.charToGlyph or letter.isspace()
    return known and letter <= LAST_LETTER and bidirectional(letter) not in ("R", "AL")


class _Mark(NamedTuple):
    """What stands in the margin beside words."""

    element: Element
    text: str
    x: float
    color: Color


class _Said(Paragraph):
    """Words that are content of an element, on as many pages as they fall on.

    A mark stands in the margin beside the first of their lines, as content of its own element.
    """

    element: Element
    mark: _Mark | None = None
    said = False

    @classmethod
    def of(
        cls, element: Element, words: str, style: ParagraphStyle, mark: _Mark | None = None
    ) -> Self:
        """These words, of this element."""
        plain = unescape(re.sub("<[^>]*>", "", words))
        if not all(map(_has_letter, plain)):
            beside = f"{mark.text} " if mark and mark.element is element else ""
            element.actual = beside + plain
            words = "".join(letter if _has_letter(letter) else BOX for letter in words)
        said = cls(together(words), style)
        said.element, said.mark = element, mark
        return said

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As high as its lines, and at least as one: a mark may stand alone."""
        _, high = super().wrap(width, height)
        self.height = max(high, self.style.leading)
        return width, self.height

    def split(self, width: float, height: float) -> list[Any]:
        """Both parts are of the same element."""
        parts: list[Any] = super().split(width, height)
        for n, part in enumerate(parts):
            part.element, part.mark = self.element, None if n else self.mark
        return parts

    def draw(self) -> None:
        canvas = self.canv
        if self.mark:
            with canvas.tagged(self.mark.element):
                canvas.setFont(PLAIN, self.style.fontSize)
                canvas.setFillColor(self.mark.color)
                base = self.height - self.style.fontSize
                canvas.drawString(self.mark.x, base, self.mark.text)
        if not self.blPara.lines:
            return
        # The head of a table that goes on over a page is drawn again, and read out once.
        with canvas.artifact() if self.said else canvas.tagged(self.element):
            super().draw()
        self.said = True


class _Grid(Table):
    """A table whose rules say nothing; without an element it only sets things side by side."""

    element: Element | None = None

    def split(self, width: float, height: float) -> list[Any]:
        """Both parts are of the same element."""
        parts: list[Any] = super().split(width, height)
        for part in parts:
            part.element = self.element
        return parts

    def draw(self) -> None:
        if self.element:
            self.canv.box(self.element, self._width, self._height)
        super().draw()

    def _drawLines(self) -> None:  # noqa: N802
        with self.canv.artifact():
            super()._drawLines()


class _Heading(Flowable):
    """A heading under a rule, and smaller words on its line that explain what stands below."""

    keepWithNext = True  # noqa: N815
    ABOVE, BELOW, GAP = 9.5, 3.0, 6.0  # to the rule half of the first

    def __init__(self, head: Element, words: str, beside: Element, key: str) -> None:
        super().__init__()
        self.head = _text(head, f"<b>{escape(words)}</b>", HEADING)
        self.key = _text(beside, escape(key), SMALL, GREY) if key else None
        self.room = stringWidth(words, BOLD, HEADING) + self.GAP

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As high as its lines; where the heading leaves no room, the key begins below it."""
        self.width = width
        _, self.high = self.head.wrap(width, height)
        self.lower = 0.0  # how much lower the key stands
        under = 0.0
        if self.key:
            indent = self.room if self.room < width * 0.7 else 0.0
            self.key.style = _style(SMALL, GREY, firstLineIndent=indent)
            _, under = self.key.wrap(width, height)
            self.lower = HEADING - SMALL if indent else self.high
        self.height = self.ABOVE + max(self.high, self.lower + under) + self.BELOW
        return width, self.height

    def draw(self) -> None:
        canvas, top = self.canv, self.height - self.ABOVE
        with canvas.artifact():
            canvas.setStrokeColor(INK)
            canvas.setLineWidth(1)
            canvas.line(0, top + self.ABOVE / 2, self.width, top + self.ABOVE / 2)
        self.head.drawOn(canvas, 0, top - self.high)
        if self.key:
            self.key.drawOn(canvas, 0, top - self.lower - self.key.height)


class _Ruled(Flowable):
    """As many empty lines as the page still has room for."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """At most what one writes on."""
        self.width = width
        self.lines = max(0, min(RULED_AT_MOST, int(height // RULED)))
        return width, self.lines * RULED

    def draw(self) -> None:
        with self.canv.artifact():
            self.canv.setStrokeColor(RULE)
            self.canv.setLineWidth(0.6)
            for n in range(self.lines):
                self.canv.line(0, n * RULED, self.width, n * RULED)


class _Drawn(Flowable, ABC):
    """A drawing in the units of `drawing.py`, whose y goes down; a figure with words for it."""

    def __init__(self, element: Element) -> None:
        super().__init__()
        self.element = element

    def draw(self) -> None:
        self.canv.box(self.element, self.width, self.height)
        with self.canv.tagged(self.element):
            self.paint()

    @abstractmethod
    def paint(self) -> None:
        """Draw what it shows."""

    def place(self, scale: float, x: float, y: float) -> None:
        """Make the units of the drawing those of the page; x, y is its upper left corner."""
        self.canv.translate(x, y)
        self.canv.scale(scale, -scale)

    def write(self, x: float, y: float, text: str, *, size: float, font: str, align: str) -> None:
        """Words stand upright although y goes down."""
        canvas = self.canv
        canvas.saveState()
        canvas.translate(x, y)
        canvas.scale(1, -1)
        canvas.setFillColor(INK)
        canvas.setFont(font, size)
        draw = {
            "start": canvas.drawString,
            "middle": canvas.drawCentredString,
            "end": canvas.drawRightString,
        }[align]
        draw(0, 0, text)
        canvas.restoreState()


class _Days(_Drawn):
    """Every day as dots, or every week as a bar, with totals below."""

    def __init__(self, element: Element, timeline: drawing.Timeline) -> None:
        super().__init__(element)
        self.timeline = timeline

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """As wide as there is room."""
        self.scale = width / drawing.WIDTH
        self.width, self.height = width, (drawing.HEIGHT + 16) * self.scale
        return self.width, self.height

    def paint(self) -> None:
        canvas, timeline = self.canv, self.timeline
        canvas.saveState()
        self.place(self.scale, 0, self.height)
        canvas.setLineWidth(1)
        canvas.setStrokeColor(RULE)
        if timeline.daily:
            for mark in timeline.weeks[1:]:
                canvas.line(mark.x, 0, mark.x, drawing.HEIGHT)
        canvas.setFillColor(DATA)
        for bar in timeline.bars:
            canvas.rect(bar.x, bar.y, bar.width, bar.height, stroke=0, fill=1)
        for dot in timeline.dots:
            canvas.circle(dot.x, dot.y, timeline.radius, stroke=0, fill=1)
        canvas.setStrokeColor(EDGES)
        canvas.setLineWidth(1.5)
        for ring in timeline.rings:
            canvas.circle(ring.x, ring.y, 4.4, stroke=1, fill=0)
        for dash in timeline.dashes:
            canvas.line(dash.x - 5.5, dash.y, dash.x + 5.5, dash.y)
        for bar in timeline.bars:
            self.number(bar, turned=timeline.turned)
        for label in timeline.labels:
            day = date_format(label.mark.first, "SHORT_DAY")
            notes = label.mark.week.notes if label.mark.week.is_known else "–"
            said = f"{day}: {notes}" if timeline.daily else day
            self.write(
                label.mark.x + 2, drawing.HEIGHT + 12, said, size=10.5, font=PLAIN, align="start"
            )
        canvas.restoreState()

    def number(self, bar: drawing.Bar, *, turned: bool) -> None:
        """How many, on top of a bar."""
        if not turned:
            self.write(bar.middle, bar.above, str(bar.notes), size=10, font=PLAIN, align="middle")
            return
        self.canv.saveState()
        self.canv.translate(bar.middle, bar.above)
        self.canv.rotate(-90)
        self.write(0, 3.5, str(bar.notes), size=10, font=PLAIN, align="start")
        self.canv.restoreState()


class _Bodies(_Drawn):
    """Front and back beside each other, as a clinician sees them."""

    GAP = 10.0
    CAPTION = 18.0

    def __init__(self, element: Element, drawn: Iterable[bodies.Body], wide: float) -> None:
        super().__init__(element)
        self.bodies = tuple(drawn)
        self.scale = wide / (2 * bodies.BOX[2] + self.GAP)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Both side by side."""
        self.width, self.height = width, (bodies.BOX[3] + self.CAPTION) * self.scale
        return self.width, self.height

    def paint(self) -> None:
        for n, body in enumerate(self.bodies):
            self.canv.saveState()
            left = n * (bodies.BOX[2] + self.GAP) - bodies.BOX[0]
            self.place(self.scale, left * self.scale, self.height)
            self._body(body)
            self.canv.restoreState()

    def _body(self, body: bodies.Body) -> None:
        canvas = self.canv
        canvas.setLineJoin(1)
        for region in body.regions:
            canvas.setStrokeColor(EDGES)
            canvas.setFillColor(RAMP[region.shade])
            canvas.setLineWidth(1)
            canvas.drawPath(self._outline(region), stroke=1, fill=1)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        for label in body.labels:
            canvas.line(*label.start, *label.end)
        for label in body.labels:
            self.write(
                label.x,
                label.base,
                str(label.notes),
                size=15,
                font=BOLD,
                align="end" if label.on_left else "start",
            )
        right, left = pgettext("right", "R"), pgettext("left", "L")
        first, last = (right, left) if body.right_first else (left, right)
        self.write(18, bodies.SIDES_AT, first, size=14, font=BOLD, align="start")
        self.write(122, bodies.SIDES_AT, last, size=14, font=BOLD, align="end")
        name = _("Front") if body.front else _("Back")
        self.write(70, 349, name, size=13, font=PLAIN, align="middle")

    def _outline(self, region: bodies.Region) -> Any:
        path = self.canv.beginPath()
        draw = {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo}
        for step, points in steps(region.outline):
            flat = [
                value
                for x, y in points
                for value in ((BODY_WIDTH - x if region.mirrored else x), y)
            ]
            if step == "Z":
                path.close()
            else:
                draw[step](*flat)
        return path


def steps(outline: str) -> list[tuple[str, list[tuple[float, float]]]]:
    """An outline in absolute moves (M), lines (L), curves (C) and ends (Z)."""
    made: list[tuple[str, list[tuple[float, float]]]] = []
    x = y = start_x = start_y = 0.0
    control = (0.0, 0.0)
    for letter, written in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", outline):
        numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", written)]
        kind, relative = letter.upper(), letter.islower()
        if kind == "Z":
            made.append(("Z", []))
            x, y = start_x, start_y
            continue
        size = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4}[kind]
        for at in range(0, len(numbers), size):
            part = numbers[at : at + size]
            from_x, from_y = (x, y) if relative else (0.0, 0.0)
            if kind == "H":
                points = [(part[0] + from_x, y)]
            elif kind == "V":
                points = [(x, part[0] + from_y)]
            else:
                points = [(part[n] + from_x, part[n + 1] + from_y) for n in range(0, len(part), 2)]
            if kind == "S":
                mirrored = (2 * x - control[0], 2 * y - control[1])
                points.insert(0, mirrored if made[-1][0] == "C" else (x, y))
            if kind == "M":
                start_x, start_y = points[0]
            if kind in "CS":
                control = points[1]
            x, y = points[-1]
            made.append(("C" if kind in "CS" else "M" if kind == "M" else "L", points))
    return made
