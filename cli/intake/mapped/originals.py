"""Which payment is a refund about? Exports show a refund as a negative row and seldom say.

It is found among the payments of the file and those of the book that are not later than it, by what
the mapping names, wherever in the file they stand. Several or none: the row is refused, and those
that it could be are listed. A refund that does not say the year of its money is not told apart by
it.
"""

import sqlite3
from collections.abc import Sequence

from ledger.canonical.asked import line_of
from ledger.canonical.columns import LINE_COLUMNS, RowCells
from ledger.errors import Malformed, Unreadable
from ledger.line import BudgetLine
from ledger.money import parse_yuan, yuan
from projections.questions.payments import Payment, RecordedPayments

_LISTED = 5
_SCHEMA = """
    CREATE TABLE payments (id TEXT, place TEXT, day TEXT, doc TEXT, payee TEXT, line TEXT,
                           amount_fen INTEGER, left_fen INTEGER, item INTEGER,
                           PRIMARY KEY (id, item)) WITHOUT ROWID;
    CREATE INDEX payments_doc ON payments (doc);
    CREATE INDEX payments_payee ON payments (payee, amount_fen);
"""
_Wanted = dict[str, str | int]
_NAMES = {"doc": "凭证号", "payee": "收款人", "line": "预算线", "amount": "金额"}


class Originals:
    """The payments that refunds of a file may be about."""

    def __init__(
        self, database: sqlite3.Connection, recorded: RecordedPayments, by: Sequence[Sequence[str]]
    ) -> None:
        self._database = database
        self._recorded = recorded
        self._by = by
        self._book_read = False
        for statement in filter(str.strip, _SCHEMA.split(";")):
            database.execute(statement)

    def add(self, id_: str, row: int, cells: RowCells) -> None:
        """Notes a payment of the file. One that the book has stays as the book has it."""
        known = self._known(cells)
        place = f"本文件第 {row} 行"
        self._insert(Payment(id_, place, cells.date, *known, known[-1]), "IGNORE")

    def of(self, id_: str, cells: RowCells, *, field: str) -> RowCells:
        """A refund with the id of the payment that it is about, and with the line of the item where
        that is a voucher's. Raises `Malformed`."""
        recorded = self._recorded.original_of(id_)
        if recorded is not None:
            return cells._replace(ref=recorded)  # imported before: the book knows
        if not self._book_read:
            for payment in self._recorded.payments():
                self._insert(payment, "REPLACE")
            self._book_read = True
        doc, payee, line, fen = self._known(cells)
        if not cells.origin:
            line = f"{line.rpartition(':')[0]}:*" if line else ""
        wanted: _Wanted = {"doc": doc, "payee": payee, "line": line, "amount": fen}
        found: list[Payment] = []
        tried: list[str] = []
        for names in self._by:
            if not all(wanted[name] for name in names):
                continue
            tried += [name for name in names if name not in tried]
            if len(found) > 1:  # the next way tells them apart
                found = [p for p in found if self._agrees(p, wanted, names)] or found
            else:
                found = self._found(wanted, names, fen, cells.date)
            if len({(each.id, each.line) for each in found}) == 1:  # alike in a voucher: any
                found = found[:1]
                break
        if len(found) != 1:
            raise self._unclear(found, tried, field, fen)
        self._database.execute(
            "UPDATE payments SET left_fen = left_fen - ? WHERE id = ? AND item = ?",
            (fen, found[0].id, found[0].item),
        )
        cells = cells._replace(ref=found[0].id)
        return _of_item(cells, BudgetLine.parse(found[0].line)) if found[0].item else cells

    def _known(self, cells: RowCells) -> tuple[str, str, str, int]:
        line = line_of(cells, self._recorded.book.year) if cells.func else ""
        return cells.doc, cells.payee, line, parse_yuan(cells.amount)

    def _insert(self, payment: Payment, on_conflict: str) -> None:
        self._database.execute(
            f"INSERT OR {on_conflict} INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", payment
        )

    def _found(self, wanted: _Wanted, names: Sequence[str], fen: int, day: str) -> list[Payment]:
        tests = {"amount": "amount_fen = ?", "line": "line GLOB ?"}
        where = " AND ".join(tests.get(name, f"{name} = ?") for name in names)
        rows = self._database.execute(
            f"SELECT * FROM payments WHERE {where} AND left_fen >= ? AND day <= ? "
            "ORDER BY id, item LIMIT 100",
            [*(str(wanted[n]) if n == "line" else wanted[n] for n in names), fen, day],
        )
        return [Payment(*row) for row in rows]

    def _agrees(self, payment: Payment, wanted: _Wanted, names: Sequence[str]) -> bool:
        has = {
            "doc": payment.doc,
            "payee": payment.payee,
            "amount": payment.amount_fen,
        }
        return all(
            _of_line(payment.line, str(wanted[name]))
            if name == "line"
            else has[name] == wanted[name]
            for name in names
        )

    def _unclear(self, found: list[Payment], tried: list[str], field: str, fen: int) -> Malformed:
        by = "、".join(_NAMES[name] for name in tried) or "凭证号、收款人"
        value = f"-{yuan(fen)}"
        if not found:
            expected = f"账中或本文件有一笔{by}相同、未退金额足够、日期不晚于退款的支付"
            return Malformed(Unreadable.REFUND_MISSING, field=field, value=value, expected=expected)
        listed = "；".join(
            f"{p.id}（{p.where}，{p.payee}，{yuan(p.amount_fen)}）" for p in found[:_LISTED]
        ) + ("……" if len(found) > _LISTED else "")
        expected = (
            f"只对应一笔支付（{by}相同的有 {len(found)} 笔：{listed}）；请在原支付编号一栏写明"
        )
        return Malformed(Unreadable.REFUND_AMBIGUOUS, field=field, value=value, expected=expected)


def _of_item(cells: RowCells, line: BudgetLine) -> RowCells:
    """A refund of an item says the line of it where it says nothing."""
    said = {name: getattr(cells, name) or str(getattr(line, name)) for name in LINE_COLUMNS}
    return cells._replace(**said)


def _of_line(line: str, wanted: str) -> bool:
    """Whether a payment is of the line that a refund names, whole or in whatever year."""
    return line.startswith(wanted[:-1]) if wanted.endswith("*") else line == wanted
