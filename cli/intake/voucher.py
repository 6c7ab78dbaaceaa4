"""The items of a voucher: `--item` on the command line, or the rows of a CSV file."""

from collections.abc import Iterable

from cli.intake.rows import all_rows
from ledger import parse
from ledger.canonical.asked import line_of
from ledger.canonical.columns import ALIASES, LINE_COLUMNS, RowCells
from ledger.errors import Malformed, Unreadable
from ledger.line import BudgetLine, parse_econ
from ledger.money import parse_yuan

COLUMNS = {"line": ("预算线",), **{name: ALIASES[name] for name in (*LINE_COLUMNS, "amount")}}
_MOST = 1000

Item = tuple[BudgetLine, str, int]
"""The line, the payment's 款, fen."""


def items(typed: Iterable[str], file: str | None, *, year: int) -> list[Item]:
    """What was typed, then the rows of the file. Raises `Malformed`."""
    found = [parse.item(text, field="item") for text in typed]
    if file is not None:
        path = parse.path(file, field="items")
        rows = all_rows(path, COLUMNS, ("amount",), lambda row: _item(row.cells, year))
        found += (item for _, item in rows)
    if not found:
        expected = "至少一项：--item 预算线=金额，或 --items FILE.csv"
        raise Malformed(Unreadable.FIELD_REQUIRED, field="item", value="", expected=expected)
    if len(found) > _MOST:
        expected = f"不超过 {_MOST} 项；再多请分为几张凭证"
        raise Malformed(
            Unreadable.ITEMS_TOO_MANY, field="items", value=str(len(found)), expected=expected
        )
    return found


def _item(cells: dict[str, str], year: int) -> Item:
    """One row: a line by its text, or by its parts as in the import file."""
    fen = parse_yuan(cells["amount"])
    if not cells.get("line"):
        parts = {name: cells[name] for name in LINE_COLUMNS if name in cells}
        line = line_of(RowCells(**parts), year)
        return line, line.econ, fen
    for name in LINE_COLUMNS:
        if name != "econ" and cells.get(name):
            expected = "空（line 栏已写明预算线）"
            raise Malformed(Unreadable.LINE_TWICE, field=name, value=cells[name], expected=expected)
    line = parse.whole_line(cells["line"], field="line")
    return line, parse_econ(cells["econ"]) if cells.get("econ") else line.econ, fen
