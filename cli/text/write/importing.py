"""What became of the rows of a file, as text."""

from pathlib import Path

from msgspec import UNSET

from ledger.money import yuan
from ledger.receipt import Imported, Remarked
from ledger.rules.cautions import Undone


def outcome(answer: Imported, path: Path) -> str:
    """导入: how many rows were recorded, and the remarks."""
    shown = [
        f"{path}：共 {answer.rows} 行，记录 {answer.recorded} 行，"
        f"此前已记录 {answer.already} 行，有误 {len(answer.rejected)} 行"
    ]
    if answer.left_out is not UNSET:
        shown += [f"未导入 {left.rows} 行：{left.why}" for left in answer.left_out]
    total = answer.total
    if total is not UNSET and total is not None and not answer.rejected:
        shown.append(f"第 {total.row} 行合计 {yuan(total.amount_fen)} 元，与各行之和相符")
    if answer.pending:
        shown.append(f"其中 {answer.pending} 行待审批，批准前不动用资金；见 yusuan pending")
    if answer.dry_run:
        shown.append(f"只检查，未记录；可以记录 {answer.would_record} 行")
    elif answer.rejected and not answer.rows:
        shown.append("没有记录任何内容")
    elif answer.rejected and not answer.recorded:
        shown.append("没有记录任何一行；改正后重新导入，或用 --keep-going 先记录正确的行")
    elif not answer.recorded and answer.already:
        undone = sum(w.rows for w in answer.warnings if w.code == "ROW.REVERSED")
        stands = f"其中 {undone} 行的记录已被冲销" if undone else "全部已在账中"
        shown.append(f"没有新的内容，{stands}")
    shown += [
        f"提醒 {w.code}：{w.message}" + ("" if isinstance(w.facts, Undone) else _where(w))
        for w in answer.warnings
    ]
    shown.append(f"账套 {answer.book}，共 {answer.head.entries} 笔")
    return "\n".join(shown)


def _where(warning: Remarked) -> str:
    """The rows that a caution is about."""
    if warning.rows == 1:
        return f"（第 {warning.row} 行）"
    return f"（{warning.rows} 行，首见第 {warning.row} 行）"
