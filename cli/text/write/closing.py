"""结账清单 as text."""

from cli.text import ways
from cli.text.columns import table
from cli.text.parts import money
from ledger.money import yuan
from projections.answers import Header
from projections.questions.closing import ClosingAnswer


def closing(header: Header, answer: ClosingAnswer) -> str:
    """结账清单: what stands in the way, and what the rules suggest."""
    from ledger.kinds import CHOICE_NAMES

    shown = [f"{header.subject}  年终结账"]
    if answer.closed:
        return f"{shown[0]}\n已由第 {answer.closed} 笔结账"
    shown += [f"未处理 {b.code}  {b.text}\n{ways.told(b.way)}" for b in answer.blockers]
    rows = [
        (
            each.line,
            yuan(each.amount_fen),
            money(each.pending_fen),
            CHOICE_NAMES[each.decision],
        )
        for each in answer.lines
    ]
    rows += [(each.line, yuan(each.amount_fen), "", "余款结转") for each in answer.cash]
    if rows:
        head = ("预算线", "可执行", "待下达", "建议处理")
        shown += ["", table(head, rows, left={0, 3}), ""]
    if answer.distribute:
        of = answer.distribute
        shown += [
            f"提醒  单位资金中非专项余款 {yuan(of.amount_fen)} 元尚未作结余分配；"
            "不分配的列入年末结转和结余",
            *(ways.told(way) for way in of.try_),
            "",
        ]
    if answer.file:
        shown.append(f"建议已写入 {answer.file}；修改后用 close-year --decisions 结账，另一人批准")
    else:
        shown.append("写出建议供修改：yusuan close-year --propose 结账.csv")
    return "\n".join(shown)
