"""What a tagged PDF holds, read by other libraries than the one that wrote it."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from pypdf.generic import ContentStream

PAINTING = frozenset(b"Tj TJ ' \" S s f F f* B B* b b* sh Do BI".split()) | {b"INLINE IMAGE"}
ARTIFACT = "Artifact"


@dataclass
class Node:
    """A structure element, with the content of its own by page and number."""

    kind: str
    alt: str
    actual: str
    attributes: dict[str, object]
    content: list[tuple[int, int]] = field(default_factory=list)
    nodes: list["Node"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Node"]:
        yield self
        for node in self.nodes:
            yield from node


class Marked:
    """A file by its structure."""

    def __init__(self, data):
        self.file = pypdf.PdfReader(BytesIO(data))
        self.catalog = self.file.trailer["/Root"]
        self.root = self.catalog["/StructTreeRoot"]
        self.pages = {page.indirect_reference.idnum: n for n, page in enumerate(self.file.pages)}
        self.document = self._node(self.root["/K"])
        self._texts = dict(_texts(data))

    def _node(self, written) -> Node:
        written = written.get_object()
        attributes = {
            key: value
            for owner in written.get("/A", ())
            for key, value in owner.get_object().items()
            if key != "/O"
        }
        node = Node(
            written["/S"], written.get("/Alt", ""), written.get("/ActualText", ""), attributes
        )
        for inside in written["/K"]:
            one = inside.get_object()
            if "/MCID" in one:
                page = one.raw_get("/Pg").idnum
                node.content.append((self.pages[page], int(one["/MCID"])))
            else:
                assert one.raw_get("/P").get_object() == written
                node.nodes.append(self._node(inside))
        return node

    def text(self, node: Node) -> str:
        """All of it in the order of the structure; of a figure its words alone."""
        if node.alt:
            return node.alt
        own = (self._texts.get(where, "") for where in node.content)
        return " ".join(" ".join((*own, *map(self.text, node.nodes))).split())

    def parents(self, page: int) -> list[str]:
        """The kinds to which the parent tree leads from the numbers of a page."""
        nums = self.root["/ParentTree"]["/Nums"]
        key = self.file.pages[page]["/StructParents"]
        found = dict(zip(nums[::2], nums[1::2], strict=True))[key].get_object()
        return [element.get_object()["/S"] for element in found]

    def drawn(self, page: int) -> Iterator[tuple[str, int | str | None]]:
        """Every operator that paints, and the number or artifact within which it does."""
        within: list[int | str] = []
        stream = ContentStream(self.file.pages[page]["/Contents"], self.file)
        for operands, operator in stream.operations:
            if operator == b"BDC":
                within.append(operands[1].get("/MCID", ARTIFACT))
            elif operator == b"EMC":
                within.pop()
            assert len(within) < 2, "marked content within marked content"
            if operator in PAINTING:
                yield operator.decode(), within[-1] if within else None
        assert not within


def _texts(data: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """The text of every number, as PDFium reads it."""
    document = pypdfium2.PdfDocument(data)
    for n in range(len(document)):
        page = document[n]
        texts = page.get_textpage()
        found: dict[int, list[str]] = {}
        for thing in page.get_objects([pdfium.FPDF_PAGEOBJ_TEXT]):
            size = pdfium.FPDFTextObj_GetText(thing.raw, texts.raw, None, 0)
            buffer = ctypes.create_string_buffer(size)
            pdfium.FPDFTextObj_GetText(
                thing.raw, texts.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size
            )
            number = pdfium.FPDFPageObj_GetMarkedContentID(thing.raw)
            found.setdefault(number, []).append(buffer.raw.decode("utf-16-le").rstrip("\0"))
        for number, said in found.items():
            yield (n, number), " ".join(said)
        texts.close()
        page.close()
    document.close()
