"""结账处理 as a file that a person edits: one row for each line that has something left, and one
for each purpose whose money in hand goes over to next year."""

import csv
import io
from pathlib import Path
from typing import Literal

from cli.intake.rows import in_row, text_rows
from ledger import parse
from ledger.canonical.columns import ALIASES
from ledger.events import LineClosed, Share
from ledger.kinds import CHOICE_NAMES, Choice
from ledger.line import BudgetLine
from ledger.money import plain_yuan
from ledger.texts import defused

CASH: Literal["cash"] = "cash"
_WORDS: dict[Choice | Literal["cash"], str] = CHOICE_NAMES | {CASH: "余款结转"}
COLUMNS: dict[str, tuple[str, ...]] = {
    "line": ("预算线",),
    "name": ALIASES["name"],
    "amount": ("可执行", "可执行（元）", *ALIASES["amount"]),
    "pending": ("待下达", "待下达（元）"),
    "decision": ("处理", "结账处理"),
    "doc": ALIASES["doc"],
}
Decisions = tuple[tuple[LineClosed, ...], tuple[Share, ...]]


def written(decisions: Decisions, names: dict[str, str]) -> bytes:
    """The file of some decisions, with a BOM because people open it in a spreadsheet; names, which
    are not read back, begin no formula there."""
    lines, cash = decisions
    stream = io.StringIO(newline="")
    rows = csv.writer(stream)
    rows.writerow([aliases[0] for aliases in COLUMNS.values()])
    for each in lines:
        amounts = (plain_yuan(each.amount_fen), plain_yuan(each.pending_fen))
        name = defused(names.get(each.line.project, ""))
        rows.writerow([each.line, name, *amounts, _WORDS[each.choice], each.doc])
    for share in cash:
        name = defused(names.get(share.line.project, ""))
        rows.writerow([share.line, name, plain_yuan(share.amount_fen), "", _WORDS[CASH], ""])
    return stream.getvalue().encode("utf-8-sig")


def read(path: Path) -> Decisions:
    """The decisions of a file. Raises `Malformed` that names row and column."""
    lines: list[LineClosed] = []
    cash: list[Share] = []
    with text_rows(path, columns=COLUMNS, required=("line", "amount", "decision")) as rows:
        for row in rows:
            decided = in_row(row, _decided)
            if isinstance(decided, Share):
                cash.append(decided)
            else:
                lines.append(decided)
    return tuple(lines), tuple(cash)


def _decided(cells: dict[str, str]) -> LineClosed | Share:
    line = BudgetLine.parse(cells["line"])
    word = parse.word(cells["decision"], _WORDS, field="decision")
    amount_fen = parse.yuan_or_nothing(cells["amount"], field="amount")
    if word == CASH:
        return Share(line, amount_fen)
    pending_fen = parse.yuan_or_nothing(cells.get("pending") or "0", field="pending")
    doc = parse.text(cells.get("doc", ""), field="doc")
    return LineClosed(line, word, amount_fen, pending_fen, doc)
