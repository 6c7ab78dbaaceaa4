"""待审批 as text."""

from msgspec import UNSET

from cli.text.ask.carried_on import carried_on
from cli.text.ask.decided import decided
from cli.text.columns import Row, fitted, table
from cli.text.parts import heading
from ledger.money import yuan
from projections.answers import Header
from projections.questions.approval import Pending


def pending(header: Header, answer: Pending) -> str:
    """待审批: a request in as many rows as it has lines."""
    from ledger.kinds import KIND_NAMES
    from ledger.parse import AUTHORITIES

    rows: list[Row] = []
    for request in answer.requests:
        said: Row = (
            str(request.entry),
            request.date.isoformat(),
            request.actor,
            KIND_NAMES[request.kind],
            AUTHORITIES[request.needed],
            request.doc,
            request.reason,
        )
        if request.decides is not None and request.decides.decisions:
            count = f"共 {len(request.lines)} 条，处理见下"
            rows.append((*said, count, yuan(request.amount_fen or 0)))
            continue
        if not request.lines:
            rows.append((*said, "" if request.month is UNSET else f"{request.month} 月", ""))
        for line in request.lines:
            rows.append((*said, line.line, yuan(line.amount_fen)))
            said = ("",) * len(said)
    onward = "\n".join(["", *carried_on(answer.carried_on)]).rstrip()
    if not rows:
        return heading(header, "待审批") + "\n没有待审批的申请" + onward
    head = ("编号", "日期", "经办人", "业务", "须由", "文号", "事由", "预算线", "可用增减")
    shown = table(head, fitted(head, rows, texts=(5, 6)), left=8)
    for request in answer.requests:
        if request.decides is not None:
            title = f"第 {request.entry} 笔  {KIND_NAMES[request.kind]}"
            shown += "\n".join(["", "", title, *decided(request.decides)])
    approve = "批准  yusuan approve 编号 --authority 审批层级 --actor 批准人"
    reject = "否决或撤回  yusuan reject 编号 --reason 事由"
    return f"{heading(header, '待审批')}\n{shown}\n\n{approve}\n{reject}{onward}"
