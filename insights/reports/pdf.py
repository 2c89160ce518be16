"""The report as a PDF file: the same object, drawn with vector shapes and embedded fonts."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from diary.figure import BODY_WIDTH

from . import drawing, wording
from .report import Part, Report

FONTS = Path(__file__).parent / "fonts"
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
SIDE, EDGE, FOOT = 12 * mm, 11 * mm, 9 * mm
WIDTH = A4[0] - 2 * SIDE
LEFT_PART, BETWEEN = 80 * mm, 8 * mm
INK, GREY, RULE, EDGES, DATA = map(
    HexColor, ("#000000", "#444444", "#bbbbbb", "#666666", "#005a8c")
)
RAMP = tuple(map(HexColor, ("#e6ecee", "#b4d3da", "#74adbc", "#2f7f92", "#0e4a5c")))
RULED = 7.5 * mm
RULED_AT_MOST = 6


def pdf(report: Report, *, site: str, language: str) -> bytes:
    """The file: one page of A4, or a second one where questions and words need it."""
    for name in (PLAIN, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    title = _("Muscle twitch diary, %(span)s") % {"span": wording.span(report)}
    if report.sample:
        title = f"{_('SAMPLE')} {title}"
    out = BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=title,
        author=site,
        lang=language,
        displayDocTitle=True,
        creator=site,
        subject=_("Summary for an appointment, %(span)s") % {"span": wording.span(report)},
    )
    frame = Frame(SIDE, EDGE + FOOT, WIDTH, A4[1] - 2 * EDGE - FOOT, 0, 0, 0, 0)

    def foot(canvas: Any, _document: BaseDocTemplate) -> None:
        about = Paragraph(escape(wording.disclaimer(site)), _style(7.4, GREY))
        about.wrapOn(canvas, WIDTH * 0.72, FOOT)
        about.drawOn(canvas, SIDE, EDGE)
        canvas.setFont(PLAIN, 7.4)
        canvas.setFillColor(GREY)
        made = _("Made on %(day)s") % {"day": date_format(report.today, "j F Y")}
        canvas.drawRightString(SIDE + WIDTH, EDGE + 9.4, made)

    document.addPageTemplates(PageTemplate(frames=[frame], onPageEnd=foot))
    document.build(_story(report))
    return out.getvalue()


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


def _text(words: str, size: float = 8.6, color: Color = INK, **more: Any) -> Paragraph:
    return Paragraph(words, _style(size, color, **more))


def _heading(words: str, key: str = "") -> list[Flowable]:
    said = f"<b>{escape(words)}</b>"
    if key:
        said += f'  <font size="7.4" color="#444444">{escape(key)}</font>'
    return [_Rule(), _text(said), Spacer(0, 1.6)]


def _story(report: Report) -> list[Flowable]:
    return [
        *_head(report),
        *_in_short(report),
        *_days(report),
        *_middle(report),
        *_factors(report),
        *_ask(report),
    ]


def _head(report: Report) -> list[Flowable]:
    story: list[Flowable] = []
    if report.sample:
        said = f"<b>{_('SAMPLE')}</b>  " + escape(_("made-up days, nobody’s diary"))
        box = Table([[_text(said, alignment=1)]], [WIDTH])
        box.setStyle([("BOX", (0, 0), (-1, -1), 1, INK), ("TOPPADDING", (0, 0), (-1, -1), 0)])
        story += [box, Spacer(0, 4)]
    about = _("Summary for an appointment, %(span)s") % {"span": wording.span(report)}
    title = [_text(escape(_("Muscle twitch diary")), 15), Spacer(0, 2), _text(escape(about))]
    person: list[Any] = []
    if Part.NAME in report.parts:
        born = date_format(report.born, "j F Y") if report.born else ""
        person = [_Lined(_("Name"), report.name), _Lined(_("Born"), born)]
    story.append(_side_by_side(title, person, WIDTH - 64 * mm, 56 * mm))
    return story


def _side_by_side(
    left: list[Any], right: list[Any], left_width: float, right_width: float
) -> Table:
    beside = Table([[left, "", right]], [left_width, WIDTH - left_width - right_width, right_width])
    beside.setStyle(_bare())
    return beside


def _bare(*more: Any) -> list[Any]:
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [
        *((side, (0, 0), (-1, -1), 0) for side in sides),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *more,
    ]


def _in_short(report: Report) -> list[Flowable]:
    story = _heading(_("In short"))
    if few := wording.few(report):
        story += [_text(f"<b>{escape(few)}</b>", 10), Spacer(0, 2)]
    for line in wording.in_short(report):
        said = f"<b>{escape(line.strong)}</b> {escape(line.rest)}"
        story.append(
            Paragraph(
                said,
                _style(
                    8.6, leftIndent=12, bulletIndent=2, bulletFontName=PLAIN, bulletFontSize=8.6
                ),
                bulletText="•",
            )
        )
    return story


def _days(report: Report) -> list[Flowable]:
    timeline = drawing.timeline(report.days, report.weeks)
    title = _("Day by day") if timeline.daily else _("Week by week")
    return [*_heading(title, wording.day_key(report, daily=timeline.daily)), _Days(timeline)]


def _middle(report: Report) -> list[Flowable]:
    left: list[Any] = []
    if Part.MAP in report.parts:
        left = _heading(_("Where"), _("notes per place; R and L are the person’s own"))
        left.append(_Bodies(drawing.bodies(report.places)))
        if within := wording.within(report):
            left.append(_text(escape(within), 7.4, GREY))
    wide = WIDTH - LEFT_PART - BETWEEN if left else WIDTH
    right = _said(report, wide)
    if left and right:
        return [_side_by_side(left, right, LEFT_PART, wide)]
    return left or right


def _said(report: Report, wide: float) -> list[Any]:
    said: list[Any] = []
    if Part.CHECK in report.parts:
        said += _heading(_("Symptoms check"), wording.answered_on(report))
        rows = [
            (
                _text(_with_key(sign.about, sign.dates)),
                _text(f"<b>{escape(sign.answer)}</b>" if sign.bold else escape(sign.answer)),
            )
            for sign in wording.sign_rows(report)
        ]
        if rows:
            said.append(_table(rows, [wide - 20 * mm, 20 * mm]))
    if Part.MEDICINES in report.parts:
        taken = wording.medicines(report)
        key = "" if taken else _("none entered")
        said += _heading(_("Medicines and supplements"), key)
        said += [_text(escape(medicine)) for medicine in taken]
    if report.words:
        said += _heading(_("In their own words"))
        for words in report.words:
            said.append(_text(_with_key(f"“{words.text}”", date_format(words.day, "j F"))))
    return said


def _with_key(words: str, key: str) -> str:
    small = f' <font size="7.4" color="#444444">{escape(key)}</font>' if key else ""
    return f"{escape(words)}{small}"


def _table(rows: Sequence[Sequence[Any]], widths: list[float], *more: Any) -> Table:
    table = Table(list(rows), widths)
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
        ("TOPPADDING", (0, 0), (-1, -1), 1.4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
        *more,
    ]
    table.setStyle(_bare(*style))
    return table


def _factors(report: Report) -> list[Flowable]:
    if Part.FACTORS not in report.parts:
        return []
    if report.factors is None:
        return _heading(_("Daily factors"), _("No week of these days has been compared yet."))
    head = (
        _("Factor"),
        _("Middle (range)"),
        _("Higher days with notes"),
        _("Other days with notes"),
        _("Notes a day, fits (90%)"),
    )
    rows: list[Sequence[Any]] = [[_text(f"<b>{escape(name)}</b>", 7.4) for name in head]]
    spans = []
    for row in wording.factor_rows(report.factors):
        if row.refusal:
            spans.append(("SPAN", (2, len(rows)), (4, len(rows))))
            cells = [_text(escape(row.refusal), 7.4, GREY), "", ""]
        else:
            cells = [
                _text(_with_key(row.higher, row.over)),
                _text(escape(row.other)),
                _text(escape(row.fits)),
            ]
        rows.append([_text(escape(row.name)), _text(escape(row.middle)), *cells])
    widths = [share * WIDTH for share in (0.17, 0.18, 0.23, 0.2, 0.22)]
    under_head = ("LINEBELOW", (0, 0), (-1, 0), 0.8, EDGES)
    return [
        *_heading(_("Daily factors"), wording.factor_basis(report.factors)),
        _table(rows, widths, under_head, *spans),
    ]


def _ask(report: Report) -> list[Flowable]:
    questions = Part.QUESTIONS in report.parts
    story = _heading(_("What I would like to ask") if questions else _("Notes"))
    for number, question in enumerate(report.questions, 1):
        style = _style(8.6, leftIndent=16, bulletIndent=2, bulletFontName=PLAIN, bulletFontSize=8.6)
        story.append(Paragraph(escape(question), style, bulletText=f"{number}."))
    return [KeepTogether(story), _Ruled()]


class _Rule(Flowable):
    """The line over a heading."""

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        return width, 6

    def draw(self) -> None:
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(1)
        self.canv.line(0, 3, self.width, 3)


class _Lined(Flowable):
    """A word with a line to write on, or with what stands there."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        self.name, self.value = name, value

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        return width, 13

    def draw(self) -> None:
        canvas = self.canv
        canvas.setFont(PLAIN, 8.6)
        canvas.setFillColor(GREY)
        canvas.drawString(0, 3, self.name)
        canvas.setFillColor(INK)
        canvas.drawString(11 * mm, 3, self.value)
        canvas.setStrokeColor(EDGES)
        canvas.setLineWidth(0.6)
        canvas.line(0, 0, self.width, 0)


class _Ruled(Flowable):
    """As many empty lines as the page still has room for."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        self.lines = max(0, min(RULED_AT_MOST, int(height // RULED)))
        return width, self.lines * RULED

    def draw(self) -> None:
        self.canv.setStrokeColor(RULE)
        self.canv.setLineWidth(0.6)
        for n in range(self.lines):
            self.canv.line(0, n * RULED, self.width, n * RULED)


class _Drawn(Flowable):
    """A drawing in the units of `drawing.py`, whose y goes down."""

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

    def __init__(self, timeline: drawing.Timeline) -> None:
        super().__init__()
        self.timeline = timeline

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.scale = width / drawing.WIDTH
        return width, (drawing.HEIGHT + 16) * self.scale

    def draw(self) -> None:
        canvas, timeline = self.canv, self.timeline
        canvas.saveState()
        self.place(self.scale, 0, (drawing.HEIGHT + 16) * self.scale)
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
        canvas.setDash(1.7, 2.95)
        for dash in timeline.dashes:
            canvas.line(dash.x - 5.5, dash.y, dash.x + 5.5, dash.y)
        canvas.setDash()
        for bar in timeline.bars:
            self.write(bar.middle, bar.above, str(bar.notes), size=10, font=BOLD, align="middle")
        for label in timeline.labels:
            day = date_format(label.mark.first, "j M")
            said = f"{day}: {label.mark.week.notes}" if timeline.daily else day
            self.write(
                label.mark.x + 2, drawing.HEIGHT + 12, said, size=10.5, font=PLAIN, align="start"
            )
        canvas.restoreState()


class _Bodies(_Drawn):
    """Front and back beside each other, as a clinician sees them."""

    GAP = 10.0
    CAPTION = 18.0

    def __init__(self, bodies: Iterable[drawing.Body]) -> None:
        super().__init__()
        self.bodies = tuple(bodies)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.scale = min(width, 76 * mm) / (2 * drawing.BOX[2] + self.GAP)
        return width, (drawing.BOX[3] + self.CAPTION) * self.scale

    def draw(self) -> None:
        height = (drawing.BOX[3] + self.CAPTION) * self.scale
        for n, body in enumerate(self.bodies):
            self.canv.saveState()
            left = n * (drawing.BOX[2] + self.GAP) - drawing.BOX[0]
            self.place(self.scale, left * self.scale, height)
            self._body(body)
            self.canv.restoreState()

    def _body(self, body: drawing.Body) -> None:
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
        first, last = (right, left) if body.left_is_right else (left, right)
        self.write(18, 62, first, size=14, font=BOLD, align="start")
        self.write(122, 62, last, size=14, font=BOLD, align="end")
        name = _("Front") if body.front else _("Back")
        self.write(70, 349, name, size=13, font=PLAIN, align="middle")

    def _outline(self, region: drawing.Region) -> Any:
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
