"""上年年末结转结余 as a person has it: one total, or a CSV file of items."""

from collections import Counter

from cli.intake.rows import TextRow, all_rows
from ledger import parse
from ledger.canonical.columns import ALIASES
from ledger.line import NO_PROJECT, Fund, parse_func, parse_fund, parse_project, parse_year
from projections.questions.carryover import Item
from projections.questions.opening import Closing

COLUMNS = {name: ALIASES[name] for name in ("fund", "func", "project", "origin", "amount")}


def closing(text: str) -> Closing:
    """`3286900.00` (yuan), or `FILE.csv`. Raises `Malformed`."""
    if not text.strip().lower().endswith(".csv"):
        typed = parse.required(text, field="previous-closing")
        return Closing("total", parse.yuan_or_nothing(typed, field="previous-closing"))
    items: Counter[Item] = Counter()
    required = ("func", "origin", "amount")
    path = parse.path(text, field="previous-closing")
    for _, (item, fen) in all_rows(path, COLUMNS, required, _item):
        items[item] += fen
    return Closing.of("file", items)


def _item(row: TextRow) -> tuple[Item, int]:
    """One row: fund empty = general, project empty = basic money. Raises `Malformed`."""
    cells = row.cells
    item = Item(
        str(parse_fund(cells.get("fund", "") or Fund.GENERAL)),
        parse_func(cells["func"]),
        parse_project(cells.get("project") or NO_PROJECT),
        parse_year(cells["origin"], field="origin"),
    )
    return item, parse.yuan_or_nothing(cells["amount"], field="amount")
