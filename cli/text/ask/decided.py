"""What an entry decides, line by line, as text."""

from collections.abc import Iterator

from cli.text.columns import table
from cli.text.parts import money
from ledger.kinds import CHOICE_NAMES, Choice
from ledger.money import yuan
from ledger.parse import AUTHORITIES
from projections.questions.approval import Decides

CASH = "余款结转"


def decided(answer: Decides) -> Iterator[str]:
    """The sums by decision and every decision with its 文号; or both sides of a 调剂."""
    if answer.needed and answer.why:
        yield f"须由{AUTHORITIES[answer.needed]}批准：{answer.why}"
    if answer.decisions:
        yield "，".join(
            f"{_name(each.choice)} {each.lines} 条 {yuan(each.fen)} 元" for each in answer.sums
        )
        rows = [
            (d.line, _name(d.choice), yuan(d.amount_fen), money(d.pending_fen), d.doc)
            for d in answer.decisions
        ]
        yield table(("预算线", "处理", "可执行", "待下达", "文号"), rows, left={0, 1, 4})
    sides = [("调出", each) for each in answer.sources] + [("调入", e) for e in answer.targets]
    if sides:
        rows_of = [(side, each.line, yuan(each.amount_fen)) for side, each in sides]
        yield table(("方向", "预算线", "金额"), rows_of, left=2)


def _name(choice: Choice | None) -> str:
    return CASH if choice is None else CHOICE_NAMES[choice]
