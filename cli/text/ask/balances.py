"""预算余额 as text."""

from cli.text.columns import Row, table
from cli.text.parts import beside, heading, money, without_empty
from ledger.money import yuan
from projections.answers import Compared, DepartmentHeader, Header
from projections.questions.balances import Balances, LineBalance

_BEFORE = {"initial_fen": "年初预算", "annual_budget_fen": "批准合计", "pending_fen": "待下达"}
_AFTER = {"held_fen": "在途", "paid_fen": "已支付", "taken_fen": "收回", "out_fen": "转出"}


def balances(header: Header, answer: Balances, compared: Compared | None = None) -> str:
    """余额表; with last year's books the figures of each line beneath its own."""
    # What the budget leaves stands beside what can be paid where the cash does not cover it.
    short = any(row.spendable_fen != row.available_fen for row in answer.lines)
    budget = {"available_fen": "预算余额"} if short else {}
    columns = {**_BEFORE, "spendable_fen": "可用", **budget, **_AFTER}
    # 可用 is what people come for: nothing left reads 0.00, not a blank.
    shows = {name: yuan if name == "spendable_fen" else money for name in columns}
    of_units = ["账套"] if isinstance(header, DepartmentHeader) else []
    words = 1 + len(of_units)
    head: Row = (*of_units, "预算线", *columns.values())

    def last_year(of: object) -> list[Row]:
        return [] if compared is None else beside([(of, name) for name in columns], words=words)

    def rows_of(line: LineBalance) -> list[Row]:
        own = (
            *([line.book] if line.book else []),
            line.line,
            *(shows[name](getattr(line, name)) for name in columns),
        )
        return [own, *last_year(line)]

    rows = [row for line in answer.lines for row in rows_of(line)]
    foot: Row = (
        "合计",
        *([""] * len(of_units)),
        *(yuan(getattr(answer.totals, name)) for name in columns),
    )
    beneath = last_year(answer.totals)
    kept = ("annual_budget_fen", *budget, "spendable_fen", "paid_fen")
    keep = {*range(words), *(words + list(columns).index(name) for name in kept)}
    head, every, foot = without_empty(head, [*rows, *beneath], foot, keep=keep)
    shown = table(head, every[: len(rows)], left=words, foot=foot, beneath=every[len(rows) :])
    told = [] if compared is None else [compared.told()]
    return "\n".join([heading(header, "预算余额"), shown, *told])
