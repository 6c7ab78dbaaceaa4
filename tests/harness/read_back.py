"""A workbook of ours, read back from its XML: what stands in it, not what a program makes of it."""

import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

Value = str | Decimal


class Book(NamedTuple):
    """Sheets by name and in order: the XML of each, its cells by place (`B3`), its notes and links
    by place; and all parts of the file."""

    sheets: dict[str, ElementTree.Element]
    cells: dict[str, dict[str, Value]]
    notes: dict[str, dict[str, str]]
    links: dict[str, dict[str, str]]
    parts: dict[str, bytes]

    def rows(self, sheet: str) -> list[list[Value]]:
        """The rows of a sheet, of each the cells that hold anything."""
        found: dict[int, list[Value]] = {}
        for place, value in self.cells[sheet].items():
            found.setdefault(int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), []).append(value)
        return list(found.values())


def read_back(contents: bytes) -> Book:
    """All of a workbook. Every part of it is well-formed XML."""
    with zipfile.ZipFile(BytesIO(contents)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    trees = {name: ElementTree.fromstring(data) for name, data in parts.items()}
    strings = [_text(each) for each in trees["xl/sharedStrings.xml"].iter(f"{MAIN}si")]
    targets = _targets(trees, "xl/_rels/workbook.xml.rels")
    sheets = {
        each.attrib["name"]: f"xl/{targets[each.attrib[_REL]]}"
        for each in trees["xl/workbook.xml"].iter(f"{MAIN}sheet")
    }
    return Book(
        {name: trees[part] for name, part in sheets.items()},
        {name: dict(_cells(trees[part], strings)) for name, part in sheets.items()},
        {name: dict(_notes(trees, part)) for name, part in sheets.items()},
        {name: dict(_links(trees[part])) for name, part in sheets.items()},
        parts,
    )


def _text(element: ElementTree.Element) -> str:
    text = "".join(each.text or "" for each in element.iter(f"{MAIN}t"))
    return text.replace("_x005F_", "_")


def _targets(trees: dict[str, ElementTree.Element], part: str) -> dict[str, str]:
    return {each.attrib["Id"]: each.attrib["Target"] for each in trees[part].iter(_PACKAGE)}


def _cells(sheet: ElementTree.Element, strings: list[str]) -> Iterator[tuple[str, Value]]:
    for cell in sheet.iter(f"{MAIN}c"):
        value = cell.find(f"{MAIN}v")
        if value is None or value.text is None:
            continue
        kind = cell.get("t")
        if kind == "s":
            if text := strings[int(value.text)]:
                yield cell.attrib["r"], text
        else:
            assert kind is None, kind
            yield cell.attrib["r"], Decimal(value.text)


def _notes(trees: dict[str, ElementTree.Element], part: str) -> Iterator[tuple[str, str]]:
    relations = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
    for target in _targets(trees, relations).values() if relations in trees else ():
        if "comments" in target:
            for each in trees[target.replace("../", "xl/")].iter(f"{MAIN}comment"):
                yield each.attrib["ref"], _text(each)


def _links(sheet: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Those inside the workbook; there must be no others."""
    for each in sheet.iter(f"{MAIN}hyperlink"):
        assert _REL not in each.attrib
        yield each.attrib["ref"], each.attrib["location"]
