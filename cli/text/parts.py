"""What many answers have in common: the first lines, money, and tables without empty columns."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from msgspec import UnsetType

from cli.text.columns import Row
from ledger.line import FUND_NAMES, Fund
from ledger.money import percent, yuan
from projections.answers import DepartmentHeader, Header, some


def money(fen: int | None) -> str:
    """Yuan, or nothing for zero: a column of zeros hides what is there."""
    return yuan(fen) if fen else ""


def heading(header: Header, title: str) -> str:
    """The first lines of every answer about a book or a department."""
    moment = header.as_of or "全部记录"
    known = f"，按 {header.known_at} 时所知" if header.known_at else ""
    if isinstance(header, DepartmentHeader):
        end = f"共 {sum(book.head.entries for book in header.books)} 笔）"
        end += "".join(f"\n{told}" for told in absent(header))
        unclosed = [book.book for book in header.books if not book.closed]
        if unclosed:
            end += f"\n未结账：{some(unclosed)}"
    else:
        end = f"共 {header.head.entries} 笔，末端 {header.head.hash[:12]}）"
    return f"{header.subject}  {title}  （截至：{moment}{known}；{end}\n单位：元\n"


def absent(header: Header) -> list[str]:
    """The line that names the units that were asked for and have no book; none where all have."""
    if isinstance(header, DepartmentHeader) and header.absent:
        return [f"缺账套：{some(header.absent)}"]
    return []


LIGHT_NAMES: dict[str | None, str] = {
    "green": "绿",
    "watch": "关注",
    "yellow": "黄",
    "red": "红",
    "due": "已到期",
    None: "—",
}
"""What a light is called: of 执行进度 against 序时进度, and of carry-over by its term."""


Figure = tuple[object, str]
"""A figure of an answer by its name: what has it, with that of last year beside it."""


def beside(figures: Iterable[Figure | None], *, words: int) -> list[Row]:
    """The rows beneath a row of these figures: 上年, 增减 and 增减率 of each, behind so many
    columns of words; none where all are nil in both years. A rate has only the one of last
    year."""

    def cells(figure: Figure | None) -> Row:
        if figure is None:
            return "", "", ""
        of, column = figure
        last = getattr(of, f"last_year_{column}")
        if not column.endswith("fen"):
            return percent(last), "", ""
        own = column.removesuffix("fen")
        fen, rate = getattr(of, f"{own}change_fen"), getattr(of, f"{own}change_rate")
        if not (last or fen):
            return "", "", ""
        return yuan(last), f"+{yuan(fen)}" if fen > 0 else yuan(fen), percent(rate)

    told = [*zip(*map(cells, figures), strict=True)]
    if not any(map(any, told)):
        return []
    names = ("　上年", "　增减", "　增减率")
    before_it, after_it = [""] * min(words - 1, 1), [""] * max(words - 2, 0)
    return [(*before_it, name, *after_it, *row) for name, row in zip(names, told, strict=True)]


class OfUnits(NamedTuple):
    """A row of a department: its project, by code and name, and the units whose it is; UNSET of a
    book alone."""

    project: str
    name: str | UnsetType
    units: tuple[str, ...] | UnsetType


def told_apart(rows: Sequence[OfUnits], *, by_unit: bool = False) -> list[str]:
    """For every row whose it is, where units give the same code other names (H04) or every unit
    has rows of its own: `人才培养（003）`; else nothing."""
    names: dict[str, set[str | UnsetType]] = defaultdict(set)
    for row in rows:
        names[row.project].add(row.name)
    return [
        f"{row.name or ''}（{'、'.join(row.units)}）"
        if row.units and (by_unit or len(names[row.project]) > 1)
        else ""
        for row in rows
    ]


def as_they_are(formulas: int) -> str:
    """What to know of a CSV file that is made to be imported, with so many cells that a spreadsheet
    would calculate."""
    return (
        f"{formulas:,} 个单元格以 = + - @ 开头，原样写出；"
        "此文件供 yusuan import 读取，用电子表格打开会当作公式执行"
    )


def without_empty(
    head: Row, rows: Sequence[Row], foot: Row, keep: set[int]
) -> tuple[Row, list[Row], Row]:
    """Drops columns in which no row has anything."""
    used = [i for i in range(len(head)) if i in keep or any(row[i] for row in rows)]
    return (
        [head[i] for i in used],
        [[row[i] for i in used] for row in rows],
        [foot[i] for i in used],
    )


WALK_HEAD = ("年初结转", "收入", "使用结余", "支出", "结余分配", "年末结转")


ITEM_HEAD = ("资金性质", "功能科目", "项目", "形成年度")


class OfItem(Protocol):
    """What is about an item: its parts, None where it stands for more than one."""

    @property
    def fund(self) -> str | None: ...

    @property
    def func(self) -> str | None: ...

    @property
    def project(self) -> str | None: ...

    @property
    def origin(self) -> int | None: ...


def item_of(row: OfItem) -> Row:
    """The parts of an item; blank where it stands for more than one."""
    fund = "" if row.fund is None else FUND_NAMES[Fund(row.fund)]
    origin = "" if row.origin is None else str(row.origin)
    return (fund, row.func or "", row.project or "", origin)
