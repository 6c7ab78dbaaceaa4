"""A book as a folder of tables for machines: CSV files and a `datapackage.json` that describes them
(Frictionless Data Package: types, keys, size and SHA-256 of every file).

People open CSV in spreadsheets as well: a text that one would calculate has a `'` before it, and
the description says how many have. Parquet has texts as they are.

The tables are the `v_*` views of one book. CSV as RFC 4180 has it, UTF-8 without a BOM; amounts are
fen as whole numbers in columns ending `_fen`; an empty cell is no value.
"""

import csv
from collections.abc import Callable, Iterable
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from ledger.proofs.printed import PrintedHead
from ledger.texts import defused, formulas, json_escaped, one_line, unfit
from projections.questions.balances import FIGURES, line_balances
from projections.views.reading import Reading

DESCRIPTION = "datapackage.json"
_DEFUSED = "{n} 个单元格的文字以 = + - @ 开头，前面加了一个 '，以免电子表格当作公式执行"


class Field(NamedTuple):
    """A column: its name, type (Table Schema), what it holds, and whether every row has it."""

    name: str
    type: str
    title: str
    required: bool = False


class Table(NamedTuple):
    """A table: what its rows are, its columns, its primary key, and which columns name a row of
    another table (column, table, column there)."""

    name: str
    title: str
    columns: tuple[Field, ...]
    key: tuple[str, ...]
    references: tuple[tuple[str, str, str], ...] = ()

    @property
    def file(self) -> str:
        """Its file in the folder."""
        return f"{self.name}.csv"


_ENTRY = Field("entry", "integer", "编号", True)
_LINE = Field("line", "string", "预算线", True)
_DAY = Field("occurred_on", "date", "业务日期", True)
_FEN = Field("amount_fen", "integer", "金额（分），有正负", True)
_FIGURE_TITLES = ("年初预算", "批准合计", "待下达", "可用", "在途", "已支付", "收回、上缴", "转出")

ENTRIES = Table(
    "entries",
    "每笔记录",
    (
        _ENTRY,
        Field("kind", "string", "业务", True),
        _DAY,
        Field("recorded_at", "datetime", "记录时间", True),
        Field("actor", "string", "经办人", True),
        Field("key", "string", "幂等编号"),
        Field("line", "string", "预算线（多条时为第一条）"),
        Field("econ", "string", "支付的经济科目（款）"),
        Field("amount_fen", "integer", "金额（分），冲销为负"),
        Field("doc", "string", "文号或凭证号"),
        Field("payee", "string", "收款人"),
        Field("purpose", "string", "用途"),
        Field("reason", "string", "事由"),
        Field("original", "integer", "对应的原记录"),
        Field("name", "string", "名称"),
        Field("adjustment", "string", "年初余额调整类型"),
        Field("pay_type", "string", "支付方式"),
        Field("procurement", "boolean", "政府采购"),
        Field("direct_funds", "boolean", "直达资金"),
        Field("counterpart", "string", "对方单位"),
        Field("contract", "string", "采购合同号"),
        Field("procurement_type", "string", "采购类型"),
    ),
    ("entry",),
    (("line", "lines", "line"), ("original", "entries", "entry")),
)
POSTINGS = Table(
    "postings",
    "每笔记录在预算线各账户上的增减",
    (
        _ENTRY,
        Field("seq", "integer", "序号", True),
        _LINE,
        Field("account", "string", "账户", True),
        Field("cause", "string", "原因（业务）", True),
        Field("econ", "string", "支付的经济科目（款），- 为无", True),
        _DAY,
        _FEN,
    ),
    ("entry", "seq"),
    (("entry", "entries", "entry"), ("line", "lines", "line")),
)
INCOME = Table(
    "income",
    "登记的收入，非财政拨款结余的转入、使用和分配",
    (
        _ENTRY,
        Field("line", "string", "预算线，结余转入为空"),
        Field(
            "source",
            "string",
            "收入类别，或结余的转入 pool、调整 adjusted、使用 used、分配 distributed",
            True,
        ),
        Field("pool", "string", "结余类别，缴纳所得税为 tax，收入为空"),
        _DAY,
        _FEN,
    ),
    ("entry",),
    (("entry", "entries", "entry"), ("line", "lines", "line")),
)
LINES = Table(
    "lines",
    "预算线",
    (
        _LINE,
        Field("fund", "string", "资金性质", True),
        Field("func", "string", "支出功能分类", True),
        Field("spending", "string", "支出性质", True),
        Field("project", "string", "项目代码，基本支出为空"),
        Field("econ", "string", "部门支出经济分类，- 为不分", True),
        Field("origin", "integer", "形成年度", True),
    ),
    ("line",),
    (("project", "projects", "code"),),
)
PROJECTS = Table(
    "projects",
    "项目（现名）",
    (
        Field("code", "string", "项目代码", True),
        Field("name", "string", "名称", True),
        Field("entry", "integer", "最后一次登记的记录", True),
    ),
    ("code",),
    (("entry", "entries", "entry"),),
)
BALANCES = Table(
    "balances",
    "每条预算线的余额",
    (
        _LINE,
        *(
            Field(name, "integer", f"{title}（分）", True)
            for name, title in zip(FIGURES, _FIGURE_TITLES, strict=True)
        ),
    ),
    ("line",),
    (("line", "lines", "line"),),
)
PARTICULARS = Table(
    "particulars",
    "报告事项（接待、合同、资产、绩效等），冲销的也在内",
    (
        _ENTRY,
        Field("kind", "string", "业务", True),
        _DAY,
        Field("said", "string", "全部内容（JSON）", True),
    ),
    ("entry",),
    (("entry", "entries", "entry"),),
)
PROCURED = Table(
    "procured",
    "政府采购的支付和占用",
    (
        _ENTRY,
        Field("seq", "integer", "序号", True),
        Field("contract", "string", "采购合同号，没有合同的为空"),
        Field("procurement_type", "string", "采购类型，没有写明的为空"),
        _DAY,
        Field("held_fen", "integer", "占用（分），有正负", True),
        Field("paid_fen", "integer", "支付（分），有正负", True),
    ),
    ("entry", "seq"),
    (("entry", "entries", "entry"),),
)
TABLES = (ENTRIES, POSTINGS, LINES, PROJECTS, INCOME, PARTICULARS, PROCURED, BALANCES)

_FLAGS = {
    name: f"CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"
    for name in ("procurement", "direct_funds")
}
_PROJECT = "NULLIF(project, '-')"
_OF_VIEW = {
    table.name: f"v_{table.name}" for table in (ENTRIES, POSTINGS, INCOME, PARTICULARS, PROCURED)
}


def rows(reading: Reading, table: Table) -> Iterable[tuple[Any, ...]]:
    """The rows of a table, streamed, in the order of its columns."""
    names = [column.name for column in table.columns]
    book = (str(reading.book),)
    if table is BALANCES:
        figures = line_balances(reading).lines
        return (tuple(getattr(line, name) for name in names) for line in figures)
    if table is PROJECTS:
        return reading.views.execute(
            "SELECT code, name, MAX(entry) FROM v_projects WHERE book = ? GROUP BY code", book
        )
    if table is LINES:
        selected = ", ".join(_PROJECT if name == "project" else name for name in names)
        return reading.views.execute(
            f"SELECT {selected} FROM v_lines WHERE book = ? ORDER BY line", book
        )
    selected = ", ".join(_FLAGS.get(name, name) for name in names)
    return reading.views.execute(
        f"SELECT {selected} FROM {_OF_VIEW[table.name]} WHERE book = ? "
        f"ORDER BY {', '.join(table.key)}",
        book,
    )


class Written(NamedTuple):
    """The number of rows of each table, and, in files that a spreadsheet may open, of texts that
    have a `'` before them."""

    tables: dict[str, int]
    formulas: int | UnsetType = UNSET


def write(reading: Reading, folder: Path) -> Written:
    """Writes the folder's files."""
    safe = _Safe()
    tables = _tables(reading, folder, safe)
    description = msgspec.json.encode(package(reading, folder, safe.formulas))
    text = msgspec.json.format(description, indent=2).decode()
    folder.joinpath(DESCRIPTION).write_text(json_escaped(text) + "\n", encoding="utf-8")
    return Written(tables, safe.formulas)


def write_exactly(reading: Reading, folder: Path) -> dict[str, int]:
    """Writes the tables alone, every text as it is, for a program; the number of rows of each."""
    return _tables(reading, folder, lambda row: row)


_Row = tuple[Any, ...]


class _Safe:
    """A row as a spreadsheet and a terminal may have it; counts what would have been calculated."""

    def __init__(self) -> None:
        self.formulas = 0

    def __call__(self, row: _Row) -> _Row:
        words = [cell for cell in row if isinstance(cell, str)]
        found = formulas(words)
        if not found and unfit("".join(words)) is None:
            return row
        self.formulas += found
        return tuple(one_line(defused(cell)) if isinstance(cell, str) else cell for cell in row)


def _tables(reading: Reading, folder: Path, told: Callable[[_Row], _Row]) -> dict[str, int]:
    return {table.name: _write(table, map(told, rows(reading, table)), folder) for table in TABLES}


def _write(table: Table, values: Iterable[_Row], folder: Path) -> int:
    written = 0
    with folder.joinpath(table.file).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(column.name for column in table.columns)
        for written, row in enumerate(values, 1):  # noqa: B007 - it counts
            writer.writerow(row)
    return written


class _Required(msgspec.Struct, frozen=True):
    required: Literal[True] = True


class _Described(msgspec.Struct, frozen=True):
    """A column (Table Schema)."""

    name: str
    type: str
    title: str
    format: str | UnsetType = UNSET
    constraints: _Required | UnsetType = UNSET


class _Reference(msgspec.Struct, frozen=True):
    resource: str
    fields: str


class _ForeignKey(msgspec.Struct, frozen=True):
    fields: str
    reference: _Reference


class _Schema(msgspec.Struct, frozen=True, rename="camel"):
    fields: list[_Described]
    missing_values: list[str]
    primary_key: tuple[str, ...]
    foreign_keys: list[_ForeignKey]


class _Resource(msgspec.Struct, frozen=True):
    """A file of the folder."""

    profile: str
    name: str
    title: str
    path: str
    format: str
    mediatype: str
    encoding: str
    bytes: int
    hash: str
    schema: _Schema


class Package(msgspec.Struct, frozen=True):
    """The description of a folder, as Frictionless has it."""

    profile: str
    name: str
    title: str
    description: str | UnsetType
    id: str
    book: str
    head: PrintedHead
    resources: list[_Resource]


def package(reading: Reading, folder: Path, formulas: int) -> Package:
    """The description of the files that lie in a folder; `formulas` texts have a `'` before
    them."""
    head = reading.head.printed()
    return Package(
        profile="tabular-data-package",
        name="yusuan-book",
        title=f"{reading.book} {reading.name}",
        description=_DEFUSED.format(n=formulas) if formulas else UNSET,
        id=head.hash,
        book=str(reading.book),
        head=head,
        resources=[_resource(table, folder.joinpath(table.file)) for table in TABLES],
    )


def _resource(table: Table, file: Path) -> _Resource:
    with file.open("rb") as stream:
        sha256 = file_digest(stream, "sha256").hexdigest()
    return _Resource(
        profile="tabular-data-resource",
        name=table.name,
        title=table.title,
        path=table.file,
        format="csv",
        mediatype="text/csv",
        encoding="utf-8",
        bytes=file.stat().st_size,
        hash=f"sha256:{sha256}",
        schema=_Schema(
            fields=[_described(column) for column in table.columns],
            missing_values=[""],
            primary_key=table.key,
            foreign_keys=[
                # A table that refers to itself is named by nothing (Table Schema).
                _ForeignKey(column, _Reference("" if other == table.name else other, referred))
                for column, other, referred in table.references
            ],
        ),
    )


def _described(column: Field) -> _Described:
    return _Described(
        column.name,
        column.type,
        column.title,
        format="any" if column.type == "datetime" else UNSET,  # with its zone, to the microsecond
        constraints=_Required() if column.required else UNSET,
    )
