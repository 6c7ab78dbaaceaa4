"""A statement of a bank or the treasury as a person has it: a CSV file of lines without 科目.

Money out and money in stand in two columns, in one with its sign, or in one with 借 or 贷 beside.
Lines without an amount, and those that say what the lines above come to, are passed over; a total
is checked: a statement that contradicts itself proves nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from cli.intake.amounts import signed_fen
from cli.intake.rows import TextRow, all_rows, of_file
from ledger import parse
from ledger.canonical.columns import Columns
from ledger.errors import Malformed, Unreadable
from ledger.money import yuan
from ledger.texts import folded
from projections.questions.reconciling.bank import BankRow, BankStatement, Order, names_of

_AMOUNTS: Columns = {
    "out": (
        "借方发生额",
        "借方金额",
        "借方",
        "支出",
        "支出金额",
        "支付金额",
        "付款金额",
        "转出金额",
    ),
    "in": (
        "贷方发生额",
        "贷方金额",
        "贷方",
        "收入",
        "收入金额",
        "收款金额",
        "转入金额",
        "存入金额",
    ),
    "refund": ("退款金额", "退回金额"),
    "amount": ("金额", "交易金额", "发生额", "交易发生额"),
    "balance": ("余额", "账户余额", "本次余额", "交易后余额", "可用余额"),
}
_PASSED = (
    *(
        "序号",
        "账号",
        "本方账号",
        "本方户名",
        "户名",
        "账户名称",
        "对方账号",
        "收款人账号",
        "收款账号",
    ),
    *(
        "对方开户行",
        "对方行名",
        "开户行",
        "收款人开户行",
        "币种",
        "币别",
        "凭证种类",
        "凭证类型",
        "凭证名称",
    ),
    *(
        "交易类型",
        "业务类型",
        "交易渠道",
        "渠道",
        "交易机构",
        "交易网点",
        "柜员",
        "柜员号",
        "备注",
        "附言",
    ),
    *(
        "钞汇标志",
        "冲正标志",
        "付款人",
        "付款人名称",
        "付款账号",
        "付款人账号",
        "预算单位",
        "单位编码",
    ),
    *(
        "资金性质",
        "功能科目",
        "经济科目",
        "项目",
        "项目名称",
        "支付方式",
        "指标文号",
        "状态",
        "交易状态",
    ),
)
COLUMNS: Columns = {
    "date": ("交易日期", "支付日期", "日期", "业务日期", "发生日期"),
    "booked": ("记账日期", "入账日期", "清算日期"),
    "time": ("交易时间",),
    "doc": (
        *("凭证号", "凭证号码", "凭证编号", "支付凭证号", "支付凭证编号", "支付令号", "文号"),
        *("文号或凭证号", "单据号", "票据号", "票号"),
    ),
    "serial": ("流水号", "交易流水号", "业务流水号", "银行流水号", "回单编号", "参考号"),
    "payee": (
        *(
            "对方户名",
            "对方账户名称",
            "对方单位名称",
            "对方单位",
            "对方名称",
            "对手户名",
            "交易对手",
        ),
        *("交易对方", "收款人", "收款人名称", "收款人户名"),
    ),
    "purpose": ("用途", "资金用途", "交易用途"),
    "memo": ("摘要", "交易摘要"),
    "direction": ("借贷标志", "借贷方向", "借贷", "借/贷", "收支标志", "收/支", "收支", "交易方向"),
    **{
        name: tuple(f"{each}{unit}" for each in also for unit in ("", "（元）", "(元)"))
        for name, also in _AMOUNTS.items()
    },
    **dict.fromkeys(_PASSED, ()),
}
"""The columns of a statement, each with the headers that mean it. The last make no difference."""

_OUT = ("借", "借方", "支出", "支", "付", "D", "DR")
_IN = ("贷", "贷方", "收入", "收", "C", "CR")
_TOTAL = re.compile(r"[^,，。、]{0,4}(?:合计|总计|共计|小计|累计)(?:金额|数)?[:：]?")
_WHOLE = re.compile(r"(?:合计|总计|共计)(?:金额|数)?[:：]?")
_BALANCE = re.compile(
    r"(?:[期月年日]初|[期月年日]末|上[期页年月])(?:余额|结余|结转)|承前页|过次页|结转下页"
)
_DAY = re.compile(r"([0-9]{4})(?:([-/.年])([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")


class _Line(NamedTuple):
    """A row of the file. `label` is of one that is no movement; `balance_fen` None where it is
    silent."""

    number: int
    label: str
    found: BankRow | None
    out_fen: int
    in_fen: int
    balance_fen: int | None


def bank_statement(path: Path) -> BankStatement:
    """The statement of a file. Raises `WrongCells` with every cell that cannot be read, or
    `Malformed` that names file, row and column."""
    with of_file(path):
        rows = all_rows(path, COLUMNS, (), _read, usable=_comparable)
        lines = [line for _, line in rows]
        found = [line for line in lines if line.found is not None]
        if not found:
            expected = "至少一行有日期和金额的数据"
            raise Malformed(Unreadable.STATEMENT_EMPTY, field="行", value="", expected=expected)
        _totals(lines)
    columns = rows[0][0].columns
    every = tuple(line.found for line in found if line.found is not None)
    order = _order([row.day for row in every])
    return BankStatement(
        sha256(path.read_bytes()).hexdigest(),
        every,
        not {"in", "direction"}.isdisjoint(columns),
        order,
        _gap(found, order),
    )


def _comparable(columns: Sequence[str]) -> None:
    """There is a day and an amount in every line."""
    for any_of, expected in (
        (("date", "booked", "time"), "含有 date（交易日期、记账日期）的表头"),
        (
            ("out", "in", "amount"),
            "含有 out（支出、借方发生额）、in（收入、贷方发生额），或 amount（金额）的表头",
        ),
    ):
        if not set(any_of) & set(columns):
            value = ",".join(columns)
            raise Malformed(Unreadable.HEADER_MISSING, field="表头", value=value, expected=expected)


def _read(told: TextRow) -> _Line:
    number, cells = told.number, told.cells
    label = _label(cells)
    if label:
        out_fen, in_fen = (
            _fen(name, cells[name]) if cells.get(name) else 0 for name in ("out", "in")
        )
        return _Line(number, label, None, out_fen, in_fen, None)
    days = [name for name in ("date", "booked", "time") if cells.get(name)]
    out_fen, in_fen, said = _movement(cells)
    balance = cells.get("balance", "")
    if out_fen == in_fen == 0 and (said or balance):
        return _Line(number, "无发生额", None, 0, 0, None)  # what stands there moves nothing
    if not said:
        expected = "支出或收入的金额"
        raise Malformed(Unreadable.FIELD_REQUIRED, field="amount", value="", expected=expected)
    if not days:
        expected = "日期，如 2020-03-01"
        raise Malformed(Unreadable.FIELD_REQUIRED, field="date", value="", expected=expected)
    doc, serial, payee, purpose = (
        parse.text(cells.get(name, ""), field=name)
        for name in ("doc", "serial", "payee", "purpose")
    )
    row = BankRow(
        number,
        _day(cells[days[0]], field=days[0]),
        out_fen - in_fen,
        names_of(doc, serial),
        doc or serial,
        payee,
        purpose or parse.text(cells.get("memo", ""), field="memo"),
    )
    balance_fen = _fen("balance", balance) if balance else None
    return _Line(number, "", row, out_fen, in_fen, balance_fen)


def _label(cells: dict[str, str]) -> str:
    """What a row says in place of a movement: 合计, 期初余额, 承前页 …"""
    for name in ("date", "booked", "time", "doc", "memo", "purpose", "payee", "序号"):
        text = folded(cells.get(name, ""))
        if _TOTAL.fullmatch(text) or _BALANCE.fullmatch(text):
            return text
    return ""


def _movement(cells: dict[str, str]) -> tuple[int, int, bool]:
    """What went out and what came in, fen, and whether either is said. A refund came in, however it
    is signed. Raises `Malformed`."""
    said = {name: cells[name] for name in ("out", "in", "refund", "amount") if cells.get(name)}
    fens = {name: _fen(name, text) for name, text in said.items()}
    moved = [name for name, fen in fens.items() if fen]
    if len(moved) > 1:
        value = " 和 ".join(said[name] for name in moved)
        expected = "只填一栏的金额（" + "、".join(moved) + "）"
        raise Malformed(Unreadable.AMOUNT_TWICE, field=moved[0], value=value, expected=expected)
    if not moved:
        return 0, 0, bool(said)
    (name,) = moved
    fen = abs(fens[name]) if name == "refund" else fens[name]
    came_in = name in ("in", "refund")
    if name == "amount" and "direction" in cells:
        word = folded(cells["direction"]).upper()
        if word not in (*_OUT, *_IN):
            expected = "借（支出）或贷（收入）"
            raise Malformed(
                Unreadable.FIELD_REQUIRED,
                field="direction",
                value=cells["direction"],
                expected=expected,
            )
        came_in = word in _IN
        fen = abs(fen) if came_in else fen
    return (0, fen, True) if came_in else (fen, 0, True)


def _fen(name: str, typed: str) -> int:
    if typed in ("-", "—", "/"):
        return 0
    try:
        return signed_fen(typed, field=name)
    except Malformed as wrong:
        expected = "金额，单位元，最多两位小数，如 1234.56、0.00、-300"
        raise Malformed(wrong.unreadable, field=name, value=typed, expected=expected) from wrong


def _day(typed: str, *, field: str) -> date:
    """The day of `2020-03-01`, `20200301`, `2020年3月1日`, with or without a time behind it."""
    found = _DAY.match(typed)
    rest = typed[found.end() :] if found else ""
    if found is None or rest[:1].isdigit():
        return parse.day(typed, field=field)  # which says what would be right
    year, _, month, day, month_alone, day_alone = found.groups()
    return parse.day(f"{year}-{month or month_alone}-{day or day_alone}", field=field)


def _totals(lines: Iterable[_Line]) -> None:
    """What a 合计 states is the sum of all lines, of those above it, or of those since the last."""
    lines = list(lines)
    whole = _sums(lines)
    above: list[_Line] = []
    since: list[_Line] = []
    for line in lines:
        if line.found is not None:
            above.append(line)
            since.append(line)
            continue
        if not _WHOLE.fullmatch(line.label):
            continue
        right = [whole, _sums(above), _sums(since)]
        since = []
        for place, stated in enumerate((line.out_fen, line.in_fen)):
            if stated and stated not in {each[place] for each in right}:
                raise Malformed(
                    Unreadable.STATEMENT_TOTAL,
                    field=f"第 {line.number} 行 {('out', 'in')[place]}",
                    value=yuan(stated),
                    expected=f"各行合计 {yuan(whole[place])}",
                )


def _sums(lines: Iterable[_Line]) -> tuple[int, int]:
    own = [line for line in lines if line.found is not None]
    return sum(line.out_fen for line in own), sum(line.in_fen for line in own)


def _order(days: Sequence[date]) -> Order:
    if days == sorted(days):
        return "oldest-first"
    return "newest-first" if days == sorted(days, reverse=True) else "mixed"


def _gap(lines: Sequence[_Line], order: Order) -> int | None:
    """The first line to whose balance the one before it does not lead, which may be a line that is
    missing; None where balances are not said of every line, or never change."""
    balances = {line.balance_fen for line in lines}
    if None in balances or len(balances) < 2:
        return None
    forwards, backwards = next(_breaks(lines), None), next(_breaks(lines[::-1]), None)
    if forwards is None or backwards is None:
        return None
    return backwards if order == "newest-first" else forwards


def _breaks(lines: Sequence[_Line]) -> Iterator[int]:
    for before, line in pairwise(lines):
        moved_fen = line.in_fen - line.out_fen
        if (line.balance_fen or 0) - (before.balance_fen or 0) != moved_fen:
            yield line.number
