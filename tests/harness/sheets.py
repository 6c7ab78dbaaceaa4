"""Workbooks made part by part, right and wrong, for the tests of mapped imports."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
DATE_STYLES = (
    f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="164" '
    'formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="4"/></cellXfs></styleSheet>'
)
"""Cell formats: 0 General, 1 and 2 dates, 3 an amount."""


class Raw(NamedTuple):
    """A cell as it stands in the XML: attributes besides its place, and what is in it."""

    attributes: str
    inside: str


def number(value: object, style: int = 0) -> Raw:
    """A number in a cell format."""
    return Raw(f's="{style}"', f"<v>{value}</v>")


def column(at: int) -> str:
    """A, B … Z, AA …"""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell(at: int, row: int, value: str | Raw) -> str:
    """One cell; text stands in it, not among the shared texts."""
    place = f'r="{column(at)}{row}"'
    if isinstance(value, Raw):
        return f"<c {place} {value.attributes}>{value.inside}</c>"
    return f'<c {place} t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ""


def row(number: int, values: Sequence[str | Raw], attributes: str = "") -> str:
    """One row."""
    cells = "".join(cell(at, number, value) for at, value in enumerate(values))
    return f'<row r="{number}" {attributes}>{cells}</row>'


def sheet(*rows: Sequence[str | Raw] | str, after: str = "", before: str = "") -> str:
    """A worksheet of rows from the first on; a text is a row's XML."""
    data = "".join(r if isinstance(r, str) else row(n, r) for n, r in enumerate(rows, 1))
    return f"<worksheet {MAIN}>{before}<sheetData>{data}</sheetData>{after}</worksheet>"


def workbook_xml(*sheets: tuple[str, str], properties: str = "") -> str:
    """xl/workbook.xml of sheets (name, state)."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="r{n}"/>'
        for n, (name, state) in enumerate(sheets, 1)
    )
    return f'<workbook {MAIN} xmlns:r="{OFFICE}">{properties}<sheets>{listed}</sheets></workbook>'


def relations(*targets: str, mode: str = "") -> str:
    """xl/_rels/workbook.xml.rels to these parts."""
    listed = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="{target}" {mode}/>'
        for n, target in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'


def parts(worksheet: str | bytes, **others: str) -> dict[str, str | bytes]:
    """The parts of a workbook with one sheet; `others` by the last word of their names."""
    return {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": others.get("workbook") or workbook_xml(("支付", "visible")),
        "xl/_rels/workbook.xml.rels": others.get("rels") or relations("worksheets/sheet1.xml"),
        "xl/styles.xml": others.get("styles") or DATE_STYLES,
        SHEET: worksheet,
        **({"xl/sharedStrings.xml": others["strings"]} if "strings" in others else {}),
    }


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The bytes of a zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def xlsx(*rows: Sequence[str | Raw] | str, **others: str) -> bytes:
    """A workbook of one sheet with these rows."""
    after, before = others.pop("after", ""), others.pop("before", "")
    return packed(parts(sheet(*rows, after=after, before=before), **others))


def directory_entries(data: bytes) -> list[int]:
    """Where the records of a zip's directory begin."""
    found, at = [], data.find(b"PK\x01\x02")
    while at >= 0:
        found.append(at)
        at = data.find(b"PK\x01\x02", at + 4)
    return found


def patched(data: bytes, name: str, offset: int, form: str, value: int) -> bytes:
    """A zip whose directory says something else of one part: a field of its record replaced."""
    changed = bytearray(data)
    for at in directory_entries(data):
        (length,) = struct.unpack_from("<H", data, at + 28)
        if data[at + 46 : at + 46 + length].decode() == name:
            struct.pack_into(form, changed, at + offset, value)
    return bytes(changed)
