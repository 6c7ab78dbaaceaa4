"""A published table as a grid: what stands where, before anybody draws it.

`grid` reads a table's answer and its form and decides the whole layout; text, CSV, Markdown and the
workbook only draw. Nothing is computed here: a figure is the text that its cell prints ("" for
nothing, "1,234.56", "—" where the form has no figure).
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Literal, NamedTuple

from projections.answers import subject
from projections.report.editions import Form

Kind = Literal["word", "mark", "figure"]
Printed = dict[tuple[str, str], str]
"""(row, column) of a cell → its text."""


class Box(NamedTuple):
    """A header cell over `down` header rows and `across` columns. `text` may hold line breaks."""

    row: int
    column: int
    down: int
    across: int
    text: str


class Column(NamedTuple):
    """A column of the body: words (left), marks (行次) or figures (right).

    `path` is the headings above it, the outermost first; `no` its 栏次, if it has one.
    """

    kind: Kind
    path: tuple[str, ...]
    no: str = ""


class Total(NamedTuple):
    """A sum at the foot: `label` over the columns `first` to `last` - 1, its figure in `last`."""

    first: int
    last: int
    label: str
    printed: str


class Grid(NamedTuple):
    """A table ready to be drawn.

    The boxes tile `head` header rows over all columns; a row of the body has one text per column.
    `parts` are the columns at which a part begins that can be read by itself (a side, a block).
    """

    number: int
    title: str
    book: str
    department: str
    unit: str
    notes: list[str]
    head: int
    boxes: list[Box]
    columns: list[Column]
    parts: list[int]
    rows: list[list[str]]
    foot: list[Total]

    @property
    def form_number(self) -> str:
        """The number that stands at the top right of an official form: 公开01表."""
        return f"公开{self.number:02d}表"

    def totals(self) -> list[str]:
        """The foot as a row of the body, every label just before its figure; no foot: no texts."""
        row = [""] * len(self.columns) if self.foot else []
        for total in self.foot:
            row[total.last - 1], row[total.last] = total.label, total.printed
        return row

    def names(self) -> list[str]:
        """One name per column for formats with a single header row, all different:
        `支出-一般公共预算财政拨款（3栏）`; a repeated name is numbered, `公用经费-决算数（2）`."""
        found: list[str] = []
        seen: dict[str, int] = {}
        for column in self.columns:
            name = "-".join(column.path) + (f"（{column.no}栏）" if column.no else "")
            seen[name] = seen.get(name, 0) + 1
            found.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
        return found


class Body(NamedTuple):
    """What a layout decides: the last fields of a grid."""

    head: int
    boxes: list[Box]
    columns: list[Column]
    parts: list[int]
    rows: list[list[str]]
    foot: list[Total]


def grid(answer: dict[str, Any], form: Form, department: str) -> Grid:
    """The grid of a table's answer: the JSON object of `yusuan table`."""
    layout = {"sides": _sides, "tree": _tree, "blocks": _blocks, "line": _line}[form.layout]
    printed = {(cell["row"], cell["column"]): cell["printed"] for cell in answer["cells"]}
    labels = {cell["row"]: cell["label"] for cell in answer["cells"]}
    return Grid(
        answer["table"],
        answer["title"],
        subject(answer),
        department,
        answer["unit"],
        _notes(answer),
        *layout(form.data, labels, printed),
    )


def _notes(answer: dict[str, Any]) -> list[str]:
    """注, its formulas, the sentence of an empty table, and how far a table reaches that is not
    of the whole year as known now."""
    cuts = (("截至 {}", answer["as_of"]), ("按 {} 时所知", answer["known_at"]))
    cut = "，".join(text.format(moment) for text, moment in cuts if moment)
    return [
        f"注：{answer['note']}",
        *([f"　　{answer['formulas']}"] if answer["formulas"] else []),
        *([f"说明：{answer['statement']}"] if answer["statement"] else []),
        *([f"口径：{cut}"] if cut else []),
    ]


def _one_line(label: str) -> str:
    return label.replace("\n", "")


def _sides(data: dict[str, Any], labels: dict[str, str], printed: Printed) -> Body:
    """Numbered rows side by side: 项目, 行次 and the figures of every side. A short side is blank
    below its last row."""
    sides = data["side"]
    boxes: list[Box] = []
    columns: list[Column] = []
    parts: list[int] = []
    for side in sides:
        at, name = len(columns), side["name"]
        parts.append(at)
        boxes += [
            Box(0, at, 1, 2 + len(side["columns"]), name),
            *(Box(1, at, 1, 1, "项目"), Box(1, at + 1, 1, 1, "行次")),
            *(Box(2, at, 1, 1, "栏次"), Box(2, at + 1, 1, 1, "")),
        ]
        columns += [Column("word", (name, "项目")), Column("mark", (name, "行次"))]
        for column in side["columns"]:
            boxes += [
                Box(1, len(columns), 1, 1, column["label"]),
                Box(2, len(columns), 1, 1, column["no"]),
            ]
            columns.append(Column("figure", (name, _one_line(column["label"])), column["no"]))

    def cells(side: dict[str, Any], index: int) -> list[str]:
        numbers = [column["no"] for column in side["columns"]]
        if index >= len(side["rows"]):
            return ["", "", *("" for _ in numbers)]
        row = side["rows"][index]
        no = str(row["no"])
        return [row["label"], no, *(printed[no, number] for number in numbers)]

    longest = max(len(side["rows"]) for side in sides)
    rows = [_joined(cells(side, index) for side in sides) for index in range(longest)]
    return Body(3, boxes, columns, parts, rows, [])


def _tree(data: dict[str, Any], labels: dict[str, str], printed: Printed) -> Body:
    """A row for every code (合计, 类, 款, 项) that the table has: code, name and figures."""
    boxes = [
        Box(0, 0, 1, 2, "项目"),
        *(Box(1, 0, 1, 1, "功能分类\n科目编码"), Box(1, 1, 1, 1, "科目名称")),
        Box(2, 0, 1, 2, "栏次"),
    ]
    columns = [Column("word", ("功能分类科目编码",)), Column("word", ("科目名称",))]
    for column in data["columns"]:
        boxes += [
            Box(0, len(columns), 2, 1, column["label"]),
            Box(2, len(columns), 1, 1, column["no"]),
        ]
        columns.append(Column("figure", (_one_line(column["label"]),), column["no"]))
    rows = [
        ["" if code == label else code, label, *(printed[code, c["no"]] for c in data["columns"])]
        for code, label in labels.items()
    ]
    return Body(3, boxes, columns, [0], rows, [])


def _blocks(data: dict[str, Any], labels: dict[str, str], printed: Printed) -> Body:
    """Economic codes in blocks of three columns, neighbours of one name under one heading. A total
    stands under the blocks whose codes it adds up."""
    blocks = data["block"]
    heads = ("科目编码", "科目名称", "决算数")
    boxes: list[Box] = []
    columns: list[Column] = []
    for name, group in groupby(blocks, key=lambda block: block["name"]):
        boxes.append(Box(0, len(columns), 1, len(heads) * len(list(group)), name))
        for at in range(len(columns), len(columns) + boxes[-1].across):
            text = heads[at % len(heads)]
            boxes.append(Box(1, at, 1, 1, text))
            columns.append(Column("figure" if text == "决算数" else "word", (name, text)))
    kinds = [{row["code"][:3] for row in block["rows"]} for block in blocks]
    codes = [[code for code in labels if code[:3] in kind] for kind in kinds]

    def cells(code: str) -> list[str]:
        return [code, labels[code], printed[code, "决算数"]]

    rows = [
        _joined(cells(block[index]) if index < len(block) else [""] * 3 for block in codes)
        for index in range(max(map(len, codes)))
    ]
    foot: list[Total] = []
    for total in data["totals"]:
        under = [i for i, block in enumerate(codes) if set(block) & set(total["plus"])]
        name = total["id"]
        foot.append(Total(3 * under[0], 3 * under[-1] + 2, name, printed[name, "决算数"]))
    return Body(2, boxes, columns, list(range(0, len(columns), 3)), rows, foot)


def _line(data: dict[str, Any], labels: dict[str, str], printed: Printed) -> Body:
    """One row of figures under groups, some columns of a group under a heading of their own."""
    boxes: list[Box] = []
    columns: list[Column] = []
    for group in data["group"]:
        name = group["name"]
        boxes.append(Box(0, len(columns), 1, len(group["columns"]), name))
        for over, run in groupby(group["columns"], key=lambda column: column.get("over", "")):
            members = list(run)
            if over:
                boxes.append(Box(1, len(columns), 1, len(members), over))
            for column in members:
                label, no = column["label"], column["no"]
                boxes += [
                    Box(2, len(columns), 1, 1, label)
                    if over
                    else Box(1, len(columns), 2, 1, label),
                    Box(3, len(columns), 1, 1, no),
                ]
                path = (name, *filter(None, (over, _one_line(label))))
                columns.append(Column("figure", path, no))
    row = [printed["", column.no] for column in columns]
    return Body(4, boxes, columns, [0], [row], [])


def _joined(parts: Iterable[list[str]]) -> list[str]:
    return [text for part in parts for text in part]
