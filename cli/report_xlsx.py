"""The published tables as one workbook, a sheet each, laid out like the official forms.

The same book gives the same bytes. Text is written as text: nothing that a user typed becomes a
formula, a link or a number.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from typing import Any, NamedTuple

import xlsxwriter

from projections.editions import edition

_MADE = datetime(2000, 1, 1)  # a date of its own would change the bytes
_A4 = 9
_NARROW, _WIDE = 6, 14
_PORTRAIT = 110  # characters across that an upright page holds
_ONE_PAGE = 60  # rows that one page holds


class Box(NamedTuple):
    """A header cell over `down` rows and `across` columns."""

    row: int
    column: int
    down: int
    across: int
    text: str


class Sheet(NamedTuple):
    """What a layout makes of a table: header boxes, rows of cells, widths; `head` rows tall."""

    head: int
    boxes: list[Box]
    rows: list[list[str | Decimal]]
    widths: list[int]
    words: set[int]
    foot: list[str]


def workbook(answers: Iterable[dict[str, Any]], unit_name: str) -> bytes:
    """The bytes of an .xlsx of some tables."""
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": _MADE, "title": "部门决算公开表"})
    styles = _styles(book)
    for answer in answers:
        _write(book.add_worksheet(f"表{answer['table']}"), answer, unit_name, styles)
    book.close()
    return buffer.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    font = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    grid = {**font, "border": 1, "text_wrap": True}
    return {
        "title": book.add_format({**font, "font_size": 16, "bold": True, "align": "center"}),
        "left": book.add_format({**font, "align": "left"}),
        "right": book.add_format({**font, "align": "right"}),
        "note": book.add_format({**font, "align": "left", "text_wrap": True}),
        "head": book.add_format({**grid, "align": "center", "bold": True}),
        "word": book.add_format({**grid, "align": "left"}),
        "mark": book.add_format({**grid, "align": "center"}),
        "figure": book.add_format({**grid, "align": "right", "num_format": "#,##0.00"}),
    }


def _write(page: Any, answer: dict[str, Any], unit_name: str, styles: dict[str, Any]) -> None:
    form = edition(answer["edition"])[answer["table"]]
    layout = {"sides": _sides, "tree": _tree, "blocks": _blocks, "line": _line}[form.layout]
    sheet = layout(form.data, answer)
    last = len(sheet.widths) - 1
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    page.set_row(0, 30)
    page.merge_range(0, 0, 0, last, "", styles["title"])
    page.write_string(0, 0, answer["title"], styles["title"])
    page.write_string(1, 0, f"部门：{unit_name}", styles["left"])
    page.write_string(
        1, last, f"公开{answer['table']:02d}表  金额单位：{answer['unit']}", styles["right"]
    )
    for box in sheet.boxes:
        _box(page, box, styles["head"])
    at = 2 + sheet.head
    for row in sheet.rows:
        for column, value in enumerate(row):
            if isinstance(value, Decimal):
                page.write_number(at, column, value, styles["figure"])
            else:
                style = styles["word" if column in sheet.words else "mark"]
                page.write_string(at, column, value, style)
        at += 1
    for text in (*sheet.foot, *_notes(answer)):
        page.merge_range(at, 0, at, last, "", styles["note"])
        page.write_string(at, 0, text, styles["note"])
        page.set_row(at, 15 * (1 + 2 * len(text) // max(sum(sheet.widths), 1)))
        at += 1
    _print_on_a4(page, at - 1, last, wide=sum(sheet.widths) > _PORTRAIT)


def _print_on_a4(page: Any, last_row: int, last_column: int, *, wide: bool) -> None:
    """One page wide; one page in all where that stays readable."""
    page.set_paper(_A4)
    if wide:
        page.set_landscape()
    page.fit_to_pages(1, 1 if last_row < _ONE_PAGE else 0)
    page.center_horizontally()
    page.print_area(0, 0, last_row, last_column)
    page.repeat_rows(0, 2)
    page.set_footer("&C第 &P 页，共 &N 页")
    page.hide_gridlines(2)


def _box(page: Any, box: Box, style: Any) -> None:
    top, left = box.row + 2, box.column
    if box.down > 1 or box.across > 1:
        page.merge_range(top, left, top + box.down - 1, left + box.across - 1, "", style)
    page.write_string(top, left, box.text, style)


def _notes(answer: dict[str, Any]) -> list[str]:
    notes = [f"注：{answer['note']}"]
    if answer["formulas"]:
        notes.append(f"　　{answer['formulas']}")
    if answer["statement"]:
        notes.append(f"说明：{answer['statement']}")
    return notes


def _figures(answer: dict[str, Any]) -> dict[tuple[str, str], str | Decimal]:
    """(row, column) → the printed figure as a number; nothing where nothing is printed."""
    return {
        (cell["row"], cell["column"]): Decimal(cell["printed"].replace(",", ""))
        if cell["printed"]
        else ""
        for cell in answer["cells"]
    }


def _sides(data: dict[str, Any], answer: dict[str, Any]) -> Sheet:
    figures = _figures(answer)
    boxes, widths, words = [], [], set()
    at = 0
    for side in data["side"]:
        columns = side["columns"]
        boxes.append(Box(0, at, 1, 2 + len(columns), side["name"]))
        boxes += [Box(1, at, 1, 1, "项目"), Box(1, at + 1, 1, 1, "行次")]
        boxes += [Box(2, at, 1, 1, "栏次"), Box(2, at + 1, 1, 1, "")]
        for i, column in enumerate(columns):
            boxes.append(Box(1, at + 2 + i, 1, 1, column["label"]))
            boxes.append(Box(2, at + 2 + i, 1, 1, column["no"]))
        words.add(at)
        widths += [32, _NARROW, *([_WIDE] * len(columns))]
        at += 2 + len(columns)
    rows: list[list[str | Decimal]] = []
    for index in range(max(len(side["rows"]) for side in data["side"])):
        row: list[str | Decimal] = []
        for side in data["side"]:
            there = side["rows"][index] if index < len(side["rows"]) else None
            no = str(there["no"]) if there else ""
            row += [there["label"] if there else "", no]
            row += [figures.get((no, column["no"]), "") for column in side["columns"]]
        rows.append(row)
    return Sheet(3, boxes, rows, widths, words, [])


def _tree(data: dict[str, Any], answer: dict[str, Any]) -> Sheet:
    figures, columns = _figures(answer), data["columns"]
    labels = {cell["row"]: cell["label"] for cell in answer["cells"]}
    boxes = [
        Box(0, 0, 1, 2, "项目"),
        Box(1, 0, 1, 1, "功能分类科目编码"),
        Box(1, 1, 1, 1, "科目名称"),
        Box(2, 0, 1, 2, "栏次"),
    ]
    for i, column in enumerate(columns):
        boxes += [Box(0, 2 + i, 2, 1, column["label"]), Box(2, 2 + i, 1, 1, column["no"])]
    rows = [
        [
            "" if code == "合计" else code,
            label,
            *(figures.get((code, c["no"]), "") for c in columns),
        ]
        for code, label in labels.items()
    ]
    return Sheet(3, boxes, rows, [12, 36, *([_WIDE] * len(columns))], {0, 1}, [])


def _blocks(data: dict[str, Any], answer: dict[str, Any]) -> Sheet:
    figures, blocks = _figures(answer), data["block"]
    boxes: list[Box] = []
    at = 0
    for name, group in groupby(blocks, key=lambda block: block["name"]):
        count = len(list(group))
        boxes.append(Box(0, at, 1, 3 * count, name))
        at += 3 * count
    for i in range(len(blocks)):
        texts = ("科目编码", "科目名称", "决算数")
        boxes += [Box(1, 3 * i + k, 1, 1, text) for k, text in enumerate(texts)]
    rows: list[list[str | Decimal]] = []
    for index in range(max(len(block["rows"]) for block in blocks)):
        row: list[str | Decimal] = []
        for block in blocks:
            there = block["rows"][index] if index < len(block["rows"]) else None
            code = there["code"] if there else ""
            row += [code, there["label"] if there else "", figures.get((code, "决算数"), "")]
        rows.append(row)
    printed = {cell["row"]: cell["printed"] or "0.00" for cell in answer["cells"]}
    foot = ["　　　　".join(f"{total['id']}：{printed[total['id']]}" for total in data["totals"])]
    return Sheet(
        2, boxes, rows, [9, 30, 11] * len(blocks), {i for i in range(9) if i % 3 < 2}, foot
    )


def _line(data: dict[str, Any], answer: dict[str, Any]) -> Sheet:
    figures = _figures(answer)
    boxes: list[Box] = []
    row: list[str | Decimal] = []
    at = 0
    for group in data["group"]:
        columns = group["columns"]
        boxes.append(Box(0, at, 1, len(columns), group["name"]))
        for over, run in groupby(columns, key=lambda column: column.get("over")):
            members = list(run)
            if over:
                boxes.append(Box(1, at, 1, len(members), over))
            for column in members:
                boxes.append(Box(2 if over else 1, at, 1 if over else 2, 1, column["label"]))
                boxes.append(Box(3, at, 1, 1, column["no"]))
                row.append(figures.get(("", column["no"]), ""))
                at += 1
    return Sheet(4, boxes, [row], [11] * at, set(), [])
