"""R5: who must approve a reallocation, or that it is undone, and what becomes of what nobody has
approved yet.

Inside one functional 项, spending kind, project and economic 类 the department may move money
between 款; everything else, and any rise of a 三公 item, is the finance bureau's. Judged on the
net movement, so any number of lines can be moved in one entry (L18). What took effect by somebody's
authority is undone by no less (L63).
"""

from collections import Counter
from collections.abc import Callable

from ledger.effects import three_public_item
from ledger.events import (
    ApprovalRequested,
    BudgetReallocated,
    EntryCorrected,
    EntryReversed,
    MonthUnlocked,
    Proposal,
    Reversible,
    Share,
    YearClosed,
    YearReopened,
)
from ledger.kinds import Authority
from ledger.line import BudgetLine, econ_class, func_levels

AUTHORITY_NAMES: dict[str, str] = {
    "department": "主管部门",
    "finance": "财政部门",
    "": "（未注明）",
}
AUTHORITY_RANK: dict[str, int] = {"": 0, "department": 1, "finance": 2}

_LEVELS: tuple[tuple[str, Callable[[BudgetLine], object]], ...] = (
    ("跨功能类", lambda line: func_levels(line.func)[0]),
    ("不同性质的支出之间", lambda line: line.spending),
    ("跨功能款、项", lambda line: line.func),
    ("跨项目", lambda line: (line.spending, line.project)),
    (
        "跨经济类（含人员与公用经费之间）",
        lambda line: (line.func, line.spending, line.project, econ_class(line.econ)),
    ),
)


def authority_needed(
    sources: tuple[Share, ...], targets: tuple[Share, ...]
) -> tuple[Authority, str]:
    """The authority that a movement needs, and why in a few words."""
    for reason, level in _LEVELS:
        if any(_net(sources, targets, level).values()):
            return "finance", reason
    items = _net(sources, targets, lambda line: three_public_item(line, line.econ))
    if any(fen > 0 for item, fen in items.items() if item is not None):
        return "finance", "增加三公经费"
    return "department", "同一经济类内的款"


def required(event: Proposal) -> tuple[Authority, str] | None:
    """The authority that an event needs, and why; None where whoever records it is enough. The
    events that need one carry in a field `authority` the one that was brought."""
    match event:
        case BudgetReallocated(sources=sources, targets=targets):
            return authority_needed(sources, targets)
        case EntryReversed(reversed=undone):
            by = brought(undone)
            return (by, f"冲销经{AUTHORITY_NAMES[by]}审批的业务") if by else None
        case EntryCorrected(reversed=undone):
            by = brought(undone)
            return (by, f"更正经{AUTHORITY_NAMES[by]}审批的业务") if by else None
        case YearClosed() | YearReopened():
            return "department", "年终结账，须两人签字"
        case MonthUnlocked():
            return "department", "解锁月份，须两人签字"
        case _:
            return None


def brought(event: Proposal | Reversible) -> Authority | None:
    """The authority with which an event was made."""
    authority: Authority | None = getattr(event, "authority", None)
    return authority


def granted(given: Authority | None, needed: Authority) -> bool:
    """Whether what was given is enough; more than is needed is."""
    return AUTHORITY_RANK[given or ""] >= AUTHORITY_RANK[needed]


def submitted(proposed: Proposal, needed: Authority) -> ApprovalRequested:
    """The request that waits in place of an event whose maker brought too little authority
    (L19)."""
    return ApprovalRequested(
        occurred_on=proposed.occurred_on,
        doc=proposed.doc,
        reason=proposed.reason,
        proposed=proposed,
        needed=needed,
    )


def _net(
    sources: tuple[Share, ...],
    targets: tuple[Share, ...],
    level: Callable[[BudgetLine], object],
) -> Counter[object]:
    change: Counter[object] = Counter()
    for share in targets:
        change[level(share.line)] += share.amount_fen
    for share in sources:
        change[level(share.line)] -= share.amount_fen
    return change
