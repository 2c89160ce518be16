"""The PDF as it is seen: drawn by PDFium, looked at where things must and must not be."""

from dataclasses import replace
from itertools import combinations, pairwise

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import ImageChops, ImageStat

from insights.reports import drawing
from insights.reports.pdf import DATA, EDGE, RAMP, SIZES, WIDTH, pdf
from insights.reports.report import Paper, Part
from tests.insights.reports.marked import Marked

SCALE = 3  # pixels a point


@pytest.fixture(params=list(Paper))
def paper(request):
    """Each paper."""
    return request.param


def pictures(data, scale=SCALE):
    document = pypdfium2.PdfDocument(data)
    return [document[n].render(scale=scale).to_pil().convert("RGB") for n in range(len(document))]


def texts(data):
    """Of every page, the box of each piece of text as it is drawn."""
    document = pypdfium2.PdfDocument(data)
    for n in range(len(document)):
        found = document[n].get_objects([pdfium.FPDF_PAGEOBJ_TEXT])
        yield [text.get_bounds() for text in found]


def figures(data):
    """The boxes of the drawings, which are on the first page."""
    nodes = (node for node in Marked(data).document if node.kind == "/Figure")
    return [tuple(map(float, node.attributes["/BBox"])) for node in nodes]


def crop(picture, box):
    """What stands in a box given in points from the lower left corner."""
    left, bottom, right, top = (round(side * SCALE) for side in box)
    return picture.crop((left, picture.height - top, right, picture.height - bottom))


def ink(picture):
    """The share of it that is not white."""
    return 1 - picture.convert("L").histogram()[255] / (picture.width * picture.height)


def test_right_and_left_stand_at_the_front_as_of_one_who_faces_the_reader(printed, paper):
    data = printed[1][paper]
    drawn, read = next(texts(data)), pypdfium2.PdfDocument(data)[0].get_textpage()
    found = sorted((box[0], read.get_text_bounded(*box).strip()) for box in drawn)
    assert [said for _left, said in found if said in ("R", "L")] == ["R", "L", "L", "R"]


def test_every_page_is_of_the_paper_asked_for(printed, paper):
    data = printed[1][paper]
    width, height = SIZES[paper]
    for picture in pictures(data, scale=1):
        assert abs(picture.width - width) <= 1
        assert abs(picture.height - height) <= 1


def test_nothing_is_drawn_outside_the_margins(printed, paper):
    data = printed[1][paper]
    for picture in pictures(data):
        side, edge = (picture.width / SCALE - WIDTH) / 2 - 1, EDGE - 2
        page = (0, 0, picture.width / SCALE, picture.height / SCALE)
        for margin in (
            (0, 0, side, page[3]),
            (page[2] - side, 0, page[2], page[3]),
            (0, 0, page[2], edge),
            (0, page[3] - edge, page[2], page[3]),
        ):
            assert ink(crop(picture, margin)) == 0


def test_no_text_stands_over_another(printed, paper):
    data = printed[1][paper]
    for boxes in texts(data):
        assert boxes
        for one, other in combinations(boxes, 2):
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            assert min(wide, high) < 1, (one, other)


def test_no_text_stands_in_the_foot_but_the_foot(printed, paper):
    data = printed[1][paper]
    for boxes in texts(data):
        foot = [box for box in boxes if box[3] < EDGE + 20]
        assert {round(box[3]) // 12 for box in foot} <= {2, 3, 4}
        assert len(foot) >= 3


def test_every_part_shows_something(printed, paper):
    data = printed[1][paper]
    first = pictures(data)[0]
    for box in figures(data):
        assert 0.01 < ink(crop(first, box)) < 0.6


def test_the_drawings_are_the_same_on_both_papers(printed):
    seen = []
    for data in printed[1].values():
        first = pictures(data)[0]
        seen.append([crop(first, box) for box in figures(data)])
    for one, other in zip(*seen, strict=True):
        other = other.resize(one.size)
        apart = ImageStat.Stat(ImageChops.difference(one, other)).mean
        assert max(apart) < 8


def test_a_dot_is_seen_for_every_twitch_a_ring_for_every_clear_day_and_else_a_dash(printed):
    report, files = printed
    data = files[Paper.A4]
    timeline = drawing.timeline(report.days, report.weeks)
    assert len(timeline.dots) == (report.notes if timeline.daily else 0)
    picture, (left, _, right, top) = pictures(data)[0], figures(data)[0]
    scale = (right - left) / drawing.WIDTH

    def at(dot, down=0.0, across=0.0):
        x, y = left + (dot.x + across) * scale, top - (dot.y + down) * scale
        return picture.getpixel((round(x * SCALE), round(picture.height - y * SCALE)))

    blue = tuple(round(255 * part) for part in DATA.rgb())
    assert {at(dot) for dot in timeline.dots} <= {blue}
    assert {at(ring) for ring in timeline.rings} <= {(255, 255, 255)}
    assert all(min(at(ring, 4.4)) < 200 for ring in timeline.rings)
    assert all(min(at(dash, 0, n)) < 200 for dash in timeline.dashes for n in range(-4, 5))


def test_a_letter_that_the_font_lacks_is_seen_as_a_box(printed):
    report = replace(printed[0], parts=frozenset({Part.NAME}))
    files = (pdf(replace(report, name=name), site="Ebb", language="en-gb") for name in "日 ")
    assert ImageChops.difference(*(pictures(file)[0] for file in files)).getbbox()


def test_the_shades_stay_apart_in_grey():
    grey = [0.299 * c.red + 0.587 * c.green + 0.114 * c.blue for c in RAMP]
    assert all(lighter - darker > 0.1 for lighter, darker in pairwise(grey))
    assert 0.299 * DATA.red + 0.587 * DATA.green + 0.114 * DATA.blue < 0.35


def test_the_same_report_is_the_same_picture(printed):
    report, files = printed
    again = pdf(report, site="Ebb", language="en-gb")
    for one, other in zip(pictures(files[Paper.A4]), pictures(again), strict=True):
        assert ImageChops.difference(one, other).getbbox() is None
