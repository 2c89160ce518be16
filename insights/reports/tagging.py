"""Tagged PDF on top of reportlab, which draws pages and knows nothing of what they mean.

Elements are added in reading order while a document is composed. What is drawn later is bound to
them by numbers, so the tree follows the text, whatever the order or the page in which it is drawn.
Numbers in brackets are sections of PDF 1.7 (ISO 32000-1). The files do not claim PDF/UA: that is
for whoever can show it with a validator.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFString
from reportlab.pdfgen.canvas import Canvas

type Box = tuple[float, float, float, float]
type Content = tuple[PDFObjectReference, int]  # a page, and a number on it (14.7.4.2)

# Attributes of cells (14.8.5.7).
COLUMN, ROW = ({"O": PDFName("Table"), "Scope": PDFName(scope)} for scope in ("Column", "Row"))


class Element:
    """A structure element of a standard type (14.7.2, 14.8.4): either elements or content in it."""

    def __init__(self, kind: str, alt: str = "", about: Mapping[str, Any] | None = None) -> None:
        self.kind, self.alt, self.about = kind, alt, about
        self.actual = ""  # what its letters stand for, where they do not say it (14.9.4)
        self.elements: list[Self] = []
        self.content: list[Content] = []
        self.boxes: list[Box] = []

    def add(self, kind: str, alt: str = "", about: Mapping[str, Any] | None = None) -> Self:
        """The next element inside this one. `alt` says in words what a picture shows (14.9.3)."""
        element = type(self)(kind, alt, about)
        self.elements.append(element)
        return element

    def __iter__(self) -> Iterator[Self]:
        """This element and all that is in it."""
        yield self
        for element in self.elements:
            yield from element

    def kept(self) -> Self:
        """This tree without branches of which nothing was drawn."""
        self.elements = [e.kept() for e in self.elements if e.is_drawn]
        return self

    @property
    def is_drawn(self) -> bool:
        """Whether any page shows something of it."""
        return bool(self.content) or any(element.is_drawn for element in self.elements)


def spanning(columns: int) -> dict[str, Any]:
    """The attributes of a cell as wide as several columns (14.8.5.7)."""
    return {"O": PDFName("Table"), "ColSpan": columns}


class TaggedCanvas(Canvas):
    """A canvas whose drawing is either content of an element or an artifact (14.8.2.2)."""

    def __init__(self, *args: Any, root: Element, **kwargs: Any) -> None:
        self.root = root
        self._pages: list[list[Element]] = [[]]  # of each page: the element of each number
        super().__init__(*args, **kwargs)

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        """What is drawn in here is content of this element: marked content (14.6, 14.7.4.2)."""
        numbered = self._pages[-1]
        element.content.append((self._doc.thisPageRef(), len(numbered)))
        self._code.append(f"/{element.kind} <</MCID {len(numbered)}>> BDC")
        numbered.append(element)
        yield
        self._code.append("EMC")

    @contextmanager
    def artifact(self, kind: str = "Layout") -> Iterator[None]:
        """What is drawn in here says nothing: rules, lines to write on, the foot (14.8.2.2)."""
        self._code.append(f"/Artifact <</Type /{kind}>> BDC")
        yield
        self._code.append("EMC")

    def box(self, element: Element, width: float, height: float) -> None:
        """Note where a figure or table stands, from here up and to the right (14.8.5.4.3)."""
        corners = *self.absolutePosition(0, 0), *self.absolutePosition(width, height)
        element.boxes.append(corners)

    def _setAnnotations(self, page: Any) -> None:  # noqa: N802
        """The one step of `showPage` that is given the page: add its key to the parent tree."""
        super()._setAnnotations(page)
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = len(self._pages) - 1  # 14.7.4.4
        page.Tabs = PDFName("S")  # in the order of the structure (12.5.1)
        self._pages.append([])

    def save(self) -> None:
        """Write the tree into the catalog with the last page (14.7.2), and the file."""
        if self._code:
            self.showPage()
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        written: dict[int, Any] = {}
        root["K"] = self._write(self.root.kept(), self._doc.Reference(root), written)
        nums = [
            item
            for n, numbered in enumerate(self._pages[:-1])
            for item in (n, PDFArray([written[id(element)] for element in numbered]))
        ]
        tree = PDFDictionary({"Nums": PDFArray(nums)})
        root["ParentTree"] = self._doc.Reference(tree)  # 14.7.4.4, a number tree (7.9.7)
        root["ParentTreeNextKey"] = len(self._pages) - 1
        self.setCatalogEntry("StructTreeRoot", root)
        self.setCatalogEntry("MarkInfo", PDFDictionary({"Marked": "true"}))  # 14.7.1
        super().save()

    def _write(self, element: Element, parent: Any, written: dict[int, Any]) -> Any:
        """Put an element and all in it into the file. Returns the reference to it."""
        written_as = PDFDictionary(
            {"Type": PDFName("StructElem"), "S": PDFName(element.kind), "P": parent}
        )
        reference = written[id(element)] = self._doc.Reference(written_as)
        inside = [self._write(child, reference, written) for child in element.elements]
        inside += [
            PDFDictionary({"Type": PDFName("MCR"), "Pg": page, "MCID": number})
            for page, number in element.content
        ]
        written_as["K"] = PDFArray(inside)
        if element.content:
            written_as["Pg"] = element.content[0][0]
        if element.alt:
            written_as["Alt"] = PDFString(element.alt)
        if element.actual:
            written_as["ActualText"] = PDFString(element.actual)
        attributes = [PDFDictionary(dict(element.about))] if element.about else []
        if len(element.boxes) == 1:  # in its entirety on one page
            box = PDFArray([round(side, 2) for side in element.boxes[0]])
            attributes.append(PDFDictionary({"O": PDFName("Layout"), "BBox": box}))
        if attributes:
            written_as["A"] = PDFArray(attributes)
        return reference
