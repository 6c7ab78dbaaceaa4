"""A list of codes as a finance bureau gives it out: a workbook or a CSV file.

Above the header there may be titles. A code stands in one column, or as 类, 款 and 项 in three,
where a cell that is empty goes on with what stands above it. Other columns are not looked at, nor
is a header that is repeated; digits of full width are digits.
"""

from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cli.intake.encoding import shown
from cli.intake.lists import Headers, ListRows, opened_list
from cli.intake.rows import wrong_cell
from cli.intake.xlsx.worksheet import Cell, Cells, is_blank
from ledger import parse
from ledger.codes import is_code_of
from ledger.errors import Malformed, Unreadable, WrongCell, WrongCells
from ledger.events import CODES_MAX, CodeName
from ledger.kinds import CodeSet
from ledger.texts import WIDE

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("科目编码", "科目代码", "编码", "代码", "科目编号", "功能分类科目编码",
             "经济分类科目编码", "功能科目编码", "经济科目编码"),
    "name": ("科目名称", "名称", "科目"),
    "class": ("类",),
    "item": ("款",),
    "subitem": ("项",),
}  # fmt: skip
"""The columns of a list, each with the other headers that mean it."""
_PARTS = ("class", "item", "subitem")
_HEADER_WITHIN = 30
_RIGHT = {
    "functional": "2 开头的 3、5 或 7 位数字的功能分类科目（类、款、项）",
    "economic": "3 开头的 3 或 5 位数字的经济分类科目（类、款）",
}


class CodeList(NamedTuple):
    """The rows of a list by code, and the SHA-256 of its file."""

    rows: tuple[CodeName, ...]
    sha256: str


_HEADERS = Headers(COLUMNS)


def code_list(path: Path, code_set: CodeSet, sheet: str | None) -> CodeList:
    """The list of a file. Raises `WrongCells` with every row that is wrong, and `Malformed` for
    what makes the whole unreadable."""
    with opened_list(path, sheet) as rows:
        places = _header(rows, path)
        found, wrong = _read(rows, places, code_set, path)
    if wrong:
        raise WrongCells(wrong[0][0], [cell for _, cell in wrong])
    if not found:
        expected = "至少一行科目：代码和名称"
        raise Malformed(Unreadable.FILE_EMPTY, field="FILE", value=shown(path), expected=expected)
    if len(found) > CODES_MAX:
        expected = f"不超过 {CODES_MAX:,} 行科目"
        value = f"{len(found):,} 行"
        raise Malformed(Unreadable.CODES_TOO_MANY, field="FILE", value=value, expected=expected)
    names = tuple(CodeName(code, name) for code, name in sorted(found.items()))
    return CodeList(names, sha256(path.read_bytes()).hexdigest())


def _header(rows: ListRows, path: Path) -> dict[str, int]:
    """Where the columns stand, by the first row that names a code and a name. Raises
    `Malformed`."""
    for seen, (_, cells) in enumerate(rows):
        if seen >= _HEADER_WITHIN:
            break
        if isinstance(cells, Malformed):
            if cells.code == "ROW.HIDDEN":
                continue
            raise cells
        places = _HEADERS.places(cells)
        if "name" in places and ("code" in places or {"class", "item"} <= places.keys()):
            return places
    expected = (
        f"{shown(path)} 前 {_HEADER_WITHIN} 行中有一行表头，"
        "含 科目编码（code）和 科目名称（name），或 类、款、项 和 科目名称"
    )
    raise Malformed(Unreadable.HEADER_MISSING, field="表头", value="", expected=expected)


_Wrong = list[tuple[Malformed, WrongCell]]


def _read(
    rows: Iterable[tuple[int, Cells | Malformed]],
    places: dict[str, int],
    code_set: CodeSet,
    path: Path,
) -> tuple[dict[str, str], _Wrong]:
    """The names by code, and all that is wrong."""
    found: dict[str, str] = {}
    at: dict[str, int] = {}
    wrong: _Wrong = []
    above: list[str] = []
    for number, cells in rows:
        if not isinstance(cells, Malformed) and is_blank(cells):
            continue
        errors: list[Malformed] = []
        code = name = ""
        try:
            if isinstance(cells, Malformed):
                raise cells
            if all(_HEADERS.column(cells.get(place, "")) == each for each, place in places.items()):
                continue  # the header once more, as on every page
            texts = {each: _text(cells.get(place, ""), each) for each, place in places.items()}
            code, above = _code(texts, above)
            if not code and not texts["name"]:
                continue  # a note in another column
            name = texts["name"]
        except Malformed as error:
            errors.append(error)
        else:
            for check in (partial(_checked, code, code_set, at), partial(_named, name)):
                try:
                    check()
                except Malformed as error:
                    errors.append(error)
        wrong += (
            (each.at(f"第 {number} 行"), wrong_cell(path, number, COLUMNS, each)) for each in errors
        )
        if not errors:
            found[code], at[code] = name, number
    return found, wrong


def _text(cell: Cell, column: str) -> str:
    if isinstance(cell, Malformed):
        raise cell.about(column)
    text = cell.strip()
    if column == "name":
        return text
    return parse.unmangled(text.translate(WIDE), field=column)


def _code(texts: dict[str, str], above: list[str]) -> tuple[str, list[str]]:
    """The code of a row, and its 类, 款 and 项 for the rows below it. A part that is empty is that
    of the row above; one that repeats what is before it (201, 20101) is taken without that."""
    if "code" in texts:
        return texts["code"], above
    parts = [texts.get(part, "") for part in _PARTS]
    last = max((at for at, part in enumerate(parts) if part), default=-1)
    levels: list[str] = []
    for at, part in enumerate(parts[: last + 1]):
        before = "".join(levels)
        own = part or (above[at] if at < len(above) else "")
        levels.append(own.removeprefix(before) if before else own)
    return "".join(levels), levels if levels else above


def _named(name: str) -> None:
    parse.required(name, field="name")


def _checked(code: str, code_set: CodeSet, at: dict[str, int]) -> None:
    if not is_code_of(code_set, code):
        expected = _RIGHT[code_set]
        raise Malformed(Unreadable.CODE_MALFORMED, field="code", value=code, expected=expected)
    if code in at:
        expected = f"只出现一次的代码（第 {at[code]} 行已有）"
        raise Malformed(Unreadable.CODE_TWICE, field="code", value=code, expected=expected)
