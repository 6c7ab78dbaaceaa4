"""在途占用: money that is kept for a contract, and what of it is given back."""

from collections.abc import Sequence
from typing import NotRequired, Unpack

from ledger.effects import Decided
from ledger.events import CommitmentReleased, CommitmentReserved
from ledger.line import BudgetLine, LinePattern
from ledger.refusals import Refusal, Refused, Way, WayOut
from ledger.rules import lines, ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion, OnLine
from ledger.rules.originals import Original, not_before, standing, stated, wrong_kind
from ledger.rules.preconditions import admit, covered, of_contract
from ledger.state import BookState


class Reserve(OnLine):
    """占用 for a contract with `payee`."""

    payee: NotRequired[str]
    purpose: NotRequired[str]
    contract: NotRequired[str]


def reserve(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    payee: str = "",
    purpose: str = "",
    contract: str = "",
    **occasion: Unpack[Occasion],
) -> tuple[Decided[CommitmentReserved]]:
    """占用 of at most what is 可执行 on the line (R1); `doc` is the contract (L31), `contract` its
    number where it was recorded."""
    admit(state, occasion["occurred_on"])
    of_contract(state, contract)
    event = CommitmentReserved(
        **occasion,
        line=line,
        amount_fen=amount_fen,
        payee=payee,
        purpose=purpose,
        contract=contract,
    )
    return (covered(state, event),)


class Unreserve(Asked):
    """释放 of the reservation `ref`, fen; None: all that is left. `line` may repeat parts of its
    line."""

    amount_fen: NotRequired[int | None]
    line: NotRequired[LinePattern | None]


def unreserve(
    state: BookState,
    *,
    original: Original,
    amount_fen: int | None = None,
    line: LinePattern | None = None,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[CommitmentReleased]]:
    """释放 of at most what is left of a reservation; all of it where no amount is said."""
    admit(state, occasion["occurred_on"])
    reserved = reservation(original, why="只有占用可以释放")
    stated(original, reserved, line=line)
    not_before(state, original, occasion["occurred_on"])
    standing(original)
    left_fen = reserved.amount_fen - original.settled_fen
    # Where nothing is left and nothing was said, all of it is what one asks back.
    wanted_fen = amount_fen or left_fen or reserved.amount_fen
    within(original, reserved, wanted_fen, ways.for_release(original.entry.number, left_fen))
    event = CommitmentReleased(
        **occasion,
        original=original.entry.number,
        line=reserved.line,
        amount_fen=wanted_fen,
        contract=reserved.contract,
    )
    return (covered(state, event),)


def reservation(original: Original, *, why: str) -> CommitmentReserved:
    """The reservation that a request is about, and nothing else. Raises `Refused`."""
    event = original.meant
    if not isinstance(event, CommitmentReserved):
        raise wrong_kind(original.entry, why, Way("log", kind="reserve"))
    return event


def within(
    original: Original,
    reserved: CommitmentReserved,
    amount_fen: int,
    ways_out: Sequence[WayOut],
) -> None:
    """No more than what was neither paid from a reservation nor released; where nothing is left,
    which entry took the last of it. Raises `Refused`."""
    left_fen = reserved.amount_fen - original.settled_fen
    if amount_fen > left_fen:
        raise Refused(
            Refusal.RESERVE_EXCEEDED,
            "" if left_fen else _USED_UP,
            entry=original.entry.number,
            reserved_fen=reserved.amount_fen,
            left_fen=left_fen,
            amount_fen=amount_fen,
            settled_by=original.settled_by,
            ways_out=ways_out,
        )


_USED_UP = (
    "第 {entry} 笔占用 {reserved} 元，已全部支付或释放（最后一笔是第 {settled_by} 笔），"
    "没有余额可以支付或释放 {amount} 元"
)


RESERVE = Kind("reserve", reserve, Reserve, finds=lines.spent)
UNRESERVE = Kind(
    "unreserve", unreserve, Unreserve, derives=frozenset({"original", "line", "contract"})
)
KINDS = (RESERVE, UNRESERVE)
