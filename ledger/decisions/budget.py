"""预算: 年初预算, 追加, 追减 and 调剂."""

from collections import Counter
from collections.abc import Sequence
from typing import NotRequired, Unpack

from ledger.effects import Decided
from ledger.events import (
    ApprovalRequested,
    BudgetCut,
    BudgetReallocated,
    BudgetSupplemented,
    InitialBudgetApproved,
    Share,
)
from ledger.kinds import Authority
from ledger.line import FUND_NAMES, BudgetLine
from ledger.postings import Account
from ledger.refusals import Refusal, Refused
from ledger.rules import lines, ways
from ledger.rules.authority import authority_needed, granted, submitted
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, NewMoney, Occasion, OnLine, WantedLine
from ledger.rules.preconditions import admit, covered, documented, of_this_year, usable
from ledger.state import BookState


class Appropriate(NewMoney):
    """年初预算."""


def appropriate(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    pending: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[InitialBudgetApproved]]:
    """年初预算批复, once per line; a later change is another event (R4). Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    usable(state, line)
    of_this_year(state, line, "年初预算")
    initial_fen = state.initial_fen.get(line, 0)
    if initial_fen:
        raise Refused(
            Refusal.ALREADY_APPROPRIATED,
            line=str(line),
            initial_fen=initial_fen,
            ways_out=[ways.supplement(line, amount_fen)],
        )
    event = InitialBudgetApproved(
        **occasion,
        line=line,
        amount_fen=amount_fen,
        pending=pending,
    )
    return (covered(state, event),)


class Supplement(OnLine):
    """追加, to a line that is said whole, or that is there; `pending` as of `NewMoney`."""

    pending: NotRequired[bool]


def supplement(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    pending: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[BudgetSupplemented]]:
    """追加, by a document of the finance bureau; may open a new line."""
    admit(state, occasion["occurred_on"])
    documented(occasion, "追加")
    usable(state, line)
    of_this_year(state, line, "追加")
    event = BudgetSupplemented(
        **occasion,
        line=line,
        amount_fen=amount_fen,
        pending=pending,
    )
    return (covered(state, event),)


class Reduction(OnLine):
    """追减."""


def cut(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[BudgetCut]]:
    """追减: first what is still 待下达, then what is 可执行; paid money cannot be cut (L29). Raises
    `Refused`."""
    admit(state, occasion["occurred_on"])
    documented(occasion, "追减")
    if line.origin < state.year:
        raise Refused(
            Refusal.CUT_CARRYOVER, line=str(line), ways_out=[ways.recover(line, amount_fen)]
        )
    event = BudgetCut(
        **occasion,
        line=line,
        amount_fen=amount_fen,
        from_pending_fen=min(amount_fen, state.of(line, Account.PENDING)),
    )
    return (covered(state, event),)


class Reallocate(Asked):
    """调剂: the lines that give and those that receive, with fen each. Parts of a receiving line
    that are left out are the giver's."""

    sources: Sequence[tuple[WantedLine, int]]
    targets: Sequence[tuple[WantedLine, int]]
    authority: NotRequired[Authority | None]


def reallocate(
    state: BookState,
    *,
    sources: tuple[Share, ...],
    targets: tuple[Share, ...],
    authority: Authority | None = None,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[BudgetReallocated | ApprovalRequested]]:
    """调剂: what leaves equals what arrives, in one entry over any number of lines (R5, R7).

    Lawful but for the authority, it waits for approval: 300.00 to another project without
    `authority` moves nothing yet, and 300.01 of 300.00 is refused.
    """
    admit(state, occasion["occurred_on"])
    documented(occasion, "调剂")
    shares = (*sources, *targets)
    for share in shares:
        usable(state, share.line, to="to_" if share in targets else "")
    _purpose_kept(state, shares)
    _balanced(sources, targets)
    needed, _ = authority_needed(sources, targets)
    enough = granted(authority, needed)
    event = BudgetReallocated(
        **occasion,
        sources=sources,
        targets=targets,
        authority=authority if authority and enough else needed,
    )
    decided = covered(state, event)
    return (decided if enough else Decided(submitted(event, needed)),)


def _purpose_kept(state: BookState, shares: tuple[Share, ...]) -> None:
    """R7: one origin, and carry-over changes nothing but its econ; R5: one fund."""
    lines = [share.line for share in shares]
    origins = sorted({line.origin for line in lines})
    if len(origins) > 1:
        raise Refused(Refusal.ORIGINS_DIFFER, origins="、".join(map(str, origins)))
    if origins[0] < state.year and len({line.purpose for line in lines}) > 1:
        parts = ("资金性质", "功能科目", "支出性质", "项目")
        differing = [
            name
            for name, values in zip(
                parts, zip(*(line.purpose[:4] for line in lines), strict=True), strict=True
            )
            if len(set(values)) > 1
        ]
        raise Refused(Refusal.CARRYOVER_PURPOSE, part="、".join(differing))
    repeated = [line for line, times in Counter(lines).items() if times > 1]
    if repeated:
        raise Refused(Refusal.LINE_REPEATED, line=str(repeated[0]))
    funds = sorted({FUND_NAMES[line.fund] for line in lines})
    if len(funds) > 1:
        source, target = shares[0], shares[-1]
        raise Refused(
            Refusal.FUNDS_DIFFER,
            funds="、".join(funds),
            ways_out=[
                ways.cut(source.line, source.amount_fen),
                ways.supplement(target.line, target.amount_fen),
            ],
        )


def _balanced(sources: tuple[Share, ...], targets: tuple[Share, ...]) -> None:
    sources_fen = sum(share.amount_fen for share in sources)
    targets_fen = sum(share.amount_fen for share in targets)
    if sources_fen != targets_fen:
        raise Refused(
            Refusal.UNBALANCED,
            sources_fen=sources_fen,
            targets_fen=targets_fen,
            difference_fen=abs(sources_fen - targets_fen),
        )


APPROPRIATE = Kind("appropriate", appropriate, Appropriate)
SUPPLEMENT = Kind("supplement", supplement, Supplement, finds=lines.raised)
CUT = Kind("cut", cut, Reduction, finds=lines.existing, derives=frozenset({"from_pending_fen"}))
REALLOCATE = Kind("reallocate", reallocate, Reallocate, finds=lines.moved)
KINDS = (APPROPRIATE, SUPPLEMENT, CUT, REALLOCATE)
