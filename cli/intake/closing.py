"""结账处理 as a file that a person edits: one row for each line that has something left, and one
for each purpose whose money in hand goes over to next year."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple, cast

from cli.intake.rows import Reads, TextRow, all_rows
from ledger import parse
from ledger.canonical.columns import ALIASES
from ledger.events import CashApproved, LineClosed, PoolApproved, Share
from ledger.kinds import CHOICE_NAMES, POOL_NAMES, Choice
from ledger.money import plain_yuan
from ledger.refusals import Advice, Refused, WrongDecision
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
_REQUIRED = ("line", "amount", "decision")
Decisions = tuple[tuple[LineClosed, ...], tuple[Share, ...]]


Said = LineClosed | Share | CashApproved | PoolApproved
"""What one row says: what becomes of a line, or how much money in hand goes over."""


class SaidRow(NamedTuple):
    """A row of a file and what it says."""

    row: TextRow
    said: Said

    @property
    def of(self) -> tuple[str, bool]:
        """The line or the pool that it is of, and whether it says what is in hand."""
        if isinstance(self.said, PoolApproved):
            return self.said.pool, True
        return str(self.said.line), not isinstance(self.said, LineClosed)


class DecisionFile(NamedTuple):
    """The decisions of a file, and where each stands: the rows of a line and what they say."""

    file: Path
    decisions: Decisions
    rows: tuple[SaidRow, ...]

    def placed(self, refused: Refused) -> Refused:
        """The same refusal with the row and the column of everything in the file that is wrong, and
        what would be right there; the proposal goes to another file."""
        return _placed(refused, self.file, self.rows)


class ApprovalFile(NamedTuple):
    """What finance approved, as a file says it: lines, money in hand, pools; and its rows."""

    file: Path
    lines: tuple[LineClosed, ...]
    cash: tuple[CashApproved, ...]
    pools: tuple[PoolApproved, ...]
    rows: tuple[SaidRow, ...]

    def placed(self, refused: Refused) -> Refused:
        """The same refusal with the row and the column of everything in the file that is wrong."""
        return _placed(refused, self.file, self.rows)


def _placed(refused: Refused, file: Path, rows: Sequence[SaidRow]) -> Refused:
    wrong = cast(list[WrongDecision], refused.facts.get("decisions") or [])
    if not wrong:
        return refused
    placed = [_at(each, file, rows) for each in wrong]
    mends = [Advice(_mend(each)) for each in placed]
    return refused.known([*mends, *refused.ways_out], decisions=placed)


def _at(wrong: WrongDecision, file: Path, rows: Sequence[SaidRow]) -> WrongDecision:
    in_hand = wrong.code in ("CASH", "POOL")
    own = [each for each in rows if each.of == (wrong.line, in_hand)]
    row = own[-1].row if own else None
    value = "" if row is None else row.cells.get(wrong.field, "")
    number = None if row is None else row.number
    return wrong._replace(file=str(file), row=number, value=value)


def _mend(wrong: WrongDecision) -> str:
    """What to do in the file about one decision."""
    column = COLUMNS[wrong.field][0]
    if not wrong.line:
        return f"{wrong.file} {column}：{wrong.right}"
    if wrong.row is None:  # none of this line, or of this money
        return f"{wrong.file} 缺 {wrong.line} 一行；应有{wrong.right}"
    value = "空" if not wrong.value else f"“{wrong.value}”"
    return f"{wrong.file} 第 {wrong.row} 行 {column}：现为{value}，应为 {wrong.right}"


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


def read(path: Path) -> DecisionFile:
    """The decisions of a file. Raises `WrongCells` with every cell that cannot be read."""
    rows = all_rows(path, COLUMNS, _REQUIRED, _decided)
    lines = tuple(said for _, said in rows if isinstance(said, LineClosed))
    cash = tuple(said for _, said in rows if isinstance(said, Share))
    return DecisionFile(path, (lines, cash), tuple(SaidRow(*each) for each in rows))


def _decided(row: TextRow) -> LineClosed | Share:
    reads, cells = Reads(), row.cells
    line = reads.of(lambda: parse.whole_line(cells["line"], field="line"))
    word = reads.of(lambda: parse.word(cells["decision"], _WORDS, field="decision"))
    amount_fen = reads.of(lambda: parse.yuan_or_nothing(cells["amount"], field="amount"))
    pending = cells.get("pending") or "0"
    pending_fen = reads.of(lambda: parse.yuan_or_nothing(pending, field="pending"))
    doc = reads.of(lambda: parse.text(cells.get("doc", ""), field="doc"))
    reads.end()
    if word == CASH:
        return Share(line, amount_fen)
    return LineClosed(line, word, amount_fen, pending_fen, doc)


def read_approved(path: Path) -> ApprovalFile:
    """What finance approved, in a file of the same columns: a line may have a row for each
    decision, and where a line would stand there may be a pool. Raises `WrongCells` with every cell
    that cannot be read."""
    rows = [SaidRow(*each) for each in all_rows(path, COLUMNS, _REQUIRED, _approved)]
    said = [each.said for each in rows]
    return ApprovalFile(
        path,
        tuple(each for each in said if isinstance(each, LineClosed)),
        tuple(each for each in said if isinstance(each, CashApproved)),
        tuple(each for each in said if isinstance(each, PoolApproved)),
        tuple(rows),
    )


def _approved(row: TextRow) -> LineClosed | CashApproved | PoolApproved:
    name = row.cells["line"]
    pool = next((p for p, chinese in POOL_NAMES.items() if name in (p, chinese)), None)
    if pool is None:
        said = _decided(row)
        return CashApproved(said.line, said.amount_fen) if isinstance(said, Share) else said
    reads, cells = Reads(), row.cells
    amount_fen = reads.of(lambda: parse.yuan_or_nothing(cells["amount"], field="amount"))
    only = {CASH: _WORDS[CASH]}
    reads.of(lambda: parse.word(cells["decision"] or CASH, only, field="decision"))
    reads.end()
    return PoolApproved(pool, amount_fen)
