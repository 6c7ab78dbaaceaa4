"""A Word file as a whole: the template that it is made of, its pages, and how it is packed so that
the same contents are the same bytes.
"""

import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.parts.document import DocumentPart

from cli.documents.report.docx_file.pieces import Element, element, field, paragraph, run
from cli.documents.report.docx_file.tables import ACROSS, UPRIGHT
from ledger.texts import escaped

_TEMPLATE = Path(__file__).with_name("template")
_MADE = datetime(2000, 1, 1)  # a date of its own would change the bytes
_ZIPPED = (1980, 1, 1, 0, 0, 0)
_SAID = 255
"""Characters of a text that the properties of a file hold."""
_A4 = (11906, 16838)
_MARGINS = {UPRIGHT: (2098, 1474, 1984, 1587), ACROSS: (1587, 2098, 1474, 1984)}
"""上 37 mm, 右 26 mm, 下 35 mm, 左 28 mm, in twips; turned with the page."""


class Properties(NamedTuple):
    """What the properties of a file say of it."""

    title: str
    author: str
    subject: str


def opened() -> Document:
    """A file that is empty, with the styles of the template."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for each in sorted(each for each in _TEMPLATE.rglob("*") if each.is_file()):
            archive.write(each, each.relative_to(_TEMPLATE).as_posix())
    return docx.Document(buffer)


def saved(made: Document, said: Properties) -> bytes:
    """The bytes of a file, without the moment at which it was packed."""
    properties = made.core_properties
    title, author, subject = (escaped(each)[:_SAID] for each in said)
    properties.title, properties.subject = title, subject
    properties.author = properties.last_modified_by = author
    properties.language = "zh-CN"
    properties.created = properties.modified = _MADE
    first, again = BytesIO(), BytesIO()
    made.save(first)
    with (
        zipfile.ZipFile(first) as packed,
        zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for each in packed.infolist():
            entry = zipfile.ZipInfo(each.filename, _ZIPPED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, packed.read(each))
    return again.getvalue()


def furniture(part: DocumentPart, *, above: str = "") -> tuple[Element, ...]:
    """What stands `above` every page, and its number below: references to both."""
    over, header = part.add_header_part()  # type: ignore[no-untyped-call]
    under, footer = part.add_footer_part()  # type: ignore[no-untyped-call]
    for made, style, content in (
        (over, "Header", [run(above)] if above else []),
        (under, "Footer", [run("— "), *field("PAGE", "1"), run(" —")]),
    ):
        made.element.clear()
        made.element.append(paragraph(style, *content))
    return _reference("header", header), _reference("footer", footer)


def _reference(kind: str, relation: str) -> Element:
    made = element(f"{kind}Reference", type="default")
    made.set(qn("r:id"), relation)
    return made


def page(wide: int, references: Sequence[Element] = (), *, first: bool = False) -> Element:
    """The pages of a section; the `first` that is numbered begins with 1."""
    width, height = _A4 if wide == UPRIGHT else _A4[::-1]
    turned = {"orient": "landscape"} if wide == ACROSS else {}
    top, right, bottom, left = _MARGINS[wide]
    between = {"top": top, "right": right, "bottom": bottom, "left": left}
    return element(
        "sectPr",
        *references,
        element("type", val="nextPage"),
        element("pgSz", w=width, h=height, **turned),
        element("pgMar", **between, header=top // 2, footer=bottom // 2, gutter=0),
        *([element("pgNumType", start=1)] if first else []),
        element("cols", space=425),
    )
