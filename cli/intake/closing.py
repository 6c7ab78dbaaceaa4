"""结账处理 as a file that a person edits: one row for each line that has something left, and one
for each purpose whose money in hand goes over to next year."""

import csv
import io
from pathlib import Path
from typing import Literal, NamedTuple, cast

from cli.intake.rows import Reads, TextRow, all_rows
from ledger import parse
from ledger.canonical.columns import ALIASES
from ledger.events import LineClosed, Share
from ledger.kinds import CHOICE_NAMES, Choice
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
Decisions = tuple[tuple[LineClosed, ...], tuple[Share, ...]]


class DecisionFile(NamedTuple):
    """The decisions of a file, and where each stands: the rows of a line and what they say."""

    file: Path
    decisions: Decisions
    rows: tuple[tuple[TextRow, LineClosed | Share], ...]

    def placed(self, refused: Refused) -> Refused:
        """The same refusal with the row and the column of everything in the file that is wrong, and
        what would be right there; the proposal goes to another file."""
        wrong = cast(list[WrongDecision], refused.facts.get("decisions") or [])
        if not wrong:
            return refused
        placed = [self._placed(each) for each in wrong]
        mends = [Advice(_mend(each)) for each in placed]
        return refused.known([*mends, *refused.ways_out], decisions=placed)

    def _placed(self, wrong: WrongDecision) -> WrongDecision:
        kind = Share if wrong.code == "CASH" else LineClosed
        of_line = (
            row
            for row, said in reversed(self.rows)
            if isinstance(said, kind) and str(said.line) == wrong.line
        )
        row = next(of_line, None)
        value = "" if row is None else row.cells.get(wrong.field, "")
        number = None if row is None else row.number
        return wrong._replace(file=str(self.file), row=number, value=value)


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
    rows = all_rows(path, COLUMNS, ("line", "amount", "decision"), _decided)
    lines = tuple(said for _, said in rows if isinstance(said, LineClosed))
    cash = tuple(said for _, said in rows if isinstance(said, Share))
    return DecisionFile(path, (lines, cash), tuple(rows))


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
