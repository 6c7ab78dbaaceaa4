"""The way out of a refusal: a command that a person can type, on the figures of this book.

Only suggestions: what they propose is decided again when it is typed. A 文号 that only the finance
bureau can give stands as the word 文号.
"""

from datetime import date

from ledger.decisions.authority import authority_needed
from ledger.events import (
    AnyEvent,
    BudgetCut,
    DisbursementRecorded,
    IndicatorWithdrawn,
    Share,
)
from ledger.line import BudgetLine, Fund
from ledger.money import plain_yuan
from ledger.postings import Account, Posting, lines_of
from ledger.state import BookState, Effects


def open_month(state: BookState, occurred_on: date) -> str:
    """A date in the next month that is not locked, else in any that is not."""
    free = [month for month in range(1, 13) if month not in state.locked_months]
    later = [month for month in free if month > occurred_on.month]
    return f"--date {state.year}-{(later or free)[0]:02d}-01" if free else "yusuan log"


def register(project: str) -> str:
    """Registers a project."""
    return f"yusuan project --code {project} --name 项目名称"


def supplement(line: BudgetLine, fen: int) -> str:
    """Brings new money onto a line."""
    return f"yusuan supplement --line {line} --amount {plain_yuan(fen)} --doc 文号"


def reallocate(source: BudgetLine, target: BudgetLine, fen: int, authority: str) -> str:
    """Moves money from one line to another."""
    amount = plain_yuan(fen)
    return (
        f"yusuan reallocate --from {source}={amount} --to {target}={amount} "
        f"--authority {authority} --doc 文号"
    )


def approve(number: int, authority: str) -> str:
    """Approves a request that waits."""
    return f"yusuan approve {number} --authority {authority} --actor 批准人"


def for_shortage(state: BookState, move: Posting, short_fen: int, event: AnyEvent) -> list[str]:
    """R1: release what is pending, take from a line that can give, or ask for more."""
    line, ways = move.line, []
    pending_fen = state.of(line, Account.PENDING)
    useless = isinstance(event, BudgetCut | IndicatorWithdrawn)  # they would take it right back
    if move.account is Account.EXEC and pending_fen >= short_fen and not useless:
        ways.append(f"yusuan release --line {line} --amount {plain_yuan(short_fen)} --doc 文号")
    if move.account is Account.EXEC:
        donor = _donor(state, line, short_fen, but=lines_of(event))
        if donor is not None:
            ways.append(reallocate(donor, line, short_fen, _authority(donor, line)))
        if line.origin == state.year:
            ways.append(supplement(line, short_fen))
    if isinstance(event, DisbursementRecorded) and -move.fen > short_fen:
        ways.append(f"--amount {plain_yuan(-move.fen - short_fen)}")
    return ways or [f"yusuan statement {line}"]


def for_cap(state: BookState, over_fen: int, event: AnyEvent) -> list[str]:
    """R3: a documented reallocation or supplement into the item's own line raises the cap."""
    if not isinstance(event, DisbursementRecorded):
        return ["yusuan three-public"]
    target = event.line.at_econ(event.econ)
    # Once it exists, the payment draws on the item's own line: that must hold all of it.
    move_fen = max(over_fen, event.amount_fen - state.available_fen(target))
    ways = []
    donor = _donor(state, target, move_fen)
    if donor is not None:
        ways.append(reallocate(donor, target, move_fen, "finance"))
    if target.origin == state.year:
        ways.append(supplement(target, move_fen))
    return ways or ["yusuan three-public"]


def for_cash(does: Effects, short_fen: int) -> list[str]:
    """Non-fiscal money must have come in before it goes out."""
    lines = [*(move.line for move in does.moves), *(receipt.line for receipt in does.receipts)]
    line = next(line for line in lines if line.fund is Fund.NONFISCAL)
    project = f" --project {line.project}" if line.project != "-" else ""
    return [
        f"yusuan income --func {line.func}{project} --econ other --amount {plain_yuan(short_fen)}"
    ]


def _donor(
    state: BookState, line: BudgetLine, short_fen: int, but: tuple[BudgetLine, ...] = ()
) -> BudgetLine | None:
    """A line that can give: the one whose giving needs the least authority, then the richest.
    Not one of `but`: those are already part of what was asked."""
    givers = [
        giver
        for giver in state.lines
        if giver != line
        and giver not in but
        and giver.fund is line.fund
        and giver.origin == line.origin
        and (line.origin == state.year or giver.purpose == line.purpose)
        and state.available_fen(giver) >= short_fen
    ]
    if not givers:
        return None
    return min(
        givers,
        key=lambda giver: (
            _authority(giver, line) != "department",
            giver.purpose != line.purpose,
            giver.project != line.project,
            -state.available_fen(giver),
            giver,
        ),
    )


def _authority(source: BudgetLine, target: BudgetLine) -> str:
    return authority_needed((Share(source, 1),), (Share(target, 1),))[0]


def for_refund(entry: int, left_fen: int) -> list[str]:
    """R15: refund no more than is left of the payment."""
    if left_fen > 0:
        return [f"yusuan refund {entry} --amount {plain_yuan(left_fen)}"]
    return [f"yusuan show {entry}"]
