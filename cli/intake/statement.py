"""对账单 of the finance bureau as a person has it: a CSV file.

Rows of one key add up. A row whose fund is 合计, or in which fund and func are empty, states the
sum of all other rows and is checked against it: a statement that contradicts itself proves nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cli.intake.amounts import signed_fen
from cli.intake.rows import TextRow, all_rows, of_file
from ledger import parse
from ledger.canonical.columns import ALIASES
from ledger.errors import Malformed, Unreadable
from ledger.line import (
    FISCAL_FUNDS,
    FUND_NAMES,
    NO_PROJECT,
    parse_func,
    parse_fund,
    parse_project,
    parse_year,
)
from ledger.money import TOTAL_MAX_FEN, yuan
from projections.questions.reconciling.reconciliation import Key, Statement

COLUMNS = {
    **{name: ALIASES[name] for name in ("fund", "func", "project", "origin")},
    "doc": (*ALIASES["doc"], "指标文号"),
    "budget": ("预算数", "指标数"),
    "paid": ("支付数",),
}
_TOTAL = "合计"


class StatementFigures(NamedTuple):
    """One row, or the sum of many, fen; None where the column is not there or a total is silent."""

    paid_fen: int | None
    budget_fen: int | None


class Line(NamedTuple):
    """One row of the file by its number. `key` is None of a total."""

    number: int
    key: Key | None
    figures: StatementFigures


def statement(path: Path) -> Statement:
    """The statement of a file, added up. Raises `WrongCells` with every cell that cannot be read,
    or `Malformed` that names file, row and column."""
    with of_file(path):
        required = ("fund", "func", "project")
        rows = all_rows(path, COLUMNS, required, _read, usable=_comparable)
        if not rows:
            expected = "至少一行数据（没有支付的写 0.00）"
            raise Malformed(Unreadable.STATEMENT_EMPTY, field="行", value="", expected=expected)
        lines = [Line(row.number, *read) for row, read in rows]
        _totals(lines)
    columns = {*rows[0][0].columns}
    paid: Counter[Key] = Counter()
    budget: Counter[Key] = Counter()
    for _, key, figures in lines:
        if key is not None:
            paid[key._replace(doc=None)] += figures.paid_fen or 0
            if key.doc:
                budget[key] += figures.budget_fen or 0
    return Statement(
        sha256(path.read_bytes()).hexdigest(),
        paid if "paid" in columns else None,
        budget if {"doc", "budget"} <= columns else None,
        by_origin="origin" in columns,
    )


def _read(row: TextRow) -> tuple[Key | None, StatementFigures]:
    """A row: project empty = basic money. Raises `Malformed`."""
    cells = row.cells
    if cells["fund"] == _TOTAL or not (cells["fund"] or cells["func"]):
        return None, StatementFigures(
            *(_fen(cells, name, silent=True) for name in ("paid", "budget"))
        )
    fund = parse_fund(cells["fund"])
    if fund not in FISCAL_FUNDS:
        expected = "财政资金（单位资金不与财政部门核对）：" + "、".join(
            f"{each}（{name}）" for each, name in FUND_NAMES.items() if each in FISCAL_FUNDS
        )
        raise Malformed(
            Unreadable.STATEMENT_FUND, field="fund", value=cells["fund"], expected=expected
        )
    key = Key(
        str(fund),
        parse_func(cells["func"]),
        parse_project(cells["project"] or NO_PROJECT),
        parse_year(cells["origin"], field="origin") if "origin" in cells else None,
        parse.text(cells.get("doc", ""), field="doc"),
    )
    return key, StatementFigures(*(_fen(cells, name) for name in ("paid", "budget")))


def _fen(cells: dict[str, str], name: str, *, silent: bool = False) -> int | None:
    """An amount with its sign: refunds and 追减 are negative. A total need not state one."""
    if name not in cells or (silent and not cells[name]):
        return None
    typed = cells[name]
    try:
        return signed_fen(typed, field=name)
    except Malformed as wrong:
        expected = "金额，单位元，最多两位小数，可以是零或负数，如 1234.56、0.00、-300"
        raise Malformed(wrong.unreadable, field=name, value=typed, expected=expected) from wrong


def _comparable(columns: Collection[str]) -> None:
    if "paid" not in columns and not {"doc", "budget"} <= {*columns}:
        expected = "含有 paid（支付数），或 doc（文号）和 budget（预算数）的表头"
        value = ",".join(name for name in COLUMNS if name in columns)
        raise Malformed(Unreadable.HEADER_MISSING, field="表头", value=value, expected=expected)


def _totals(lines: Iterable[Line]) -> None:
    """What a total states is the sum of all rows, and all that was paid is an amount."""
    lines = list(lines)
    own = [line.figures for line in lines if line.key is not None]
    sums = StatementFigures(
        sum(each.paid_fen or 0 for each in own), sum(each.budget_fen or 0 for each in own)
    )
    for number, key, figures in lines:
        names = ("paid", "budget")
        for name, stated, summed in zip(names, figures, sums, strict=True):
            if key is None and stated is not None and stated != summed:
                raise Malformed(
                    Unreadable.STATEMENT_TOTAL,
                    field=f"第 {number} 行 {name}",
                    value=yuan(stated),
                    expected=f"各行合计 {yuan(summed or 0)}",
                )
    if not 0 <= (sums.paid_fen or 0) <= TOTAL_MAX_FEN:
        expected = f"各行合计不小于零、不超过 {yuan(TOTAL_MAX_FEN)} 元的支付数"
        value = yuan(sums.paid_fen or 0)
        raise Malformed(Unreadable.STATEMENT_SUM, field="paid", value=value, expected=expected)
