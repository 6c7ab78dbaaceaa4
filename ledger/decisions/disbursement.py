"""支付, 支付凭证 and 退款: the only facts that change 执行数."""

from collections.abc import Sequence
from datetime import date
from typing import NotRequired, Unpack

from msgspec.structs import replace

from ledger.decisions.commitment import reservation, within
from ledger.effects import Decided, effects
from ledger.events import (
    CommitmentReserved,
    DisbursementRecorded,
    DisbursementRefunded,
    VoucherItem,
    VoucherPaid,
)
from ledger.kinds import PayType
from ledger.line import BudgetLine, LinePattern, draws_on, is_econ_item
from ledger.refusals import Instead, Refusal, Refused, Way, WayOut, Word
from ledger.rules import lines, ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion, OfPayment, WantedLine
from ledger.rules.originals import Original, not_before, standing, stated, wrong_kind
from ledger.rules.preconditions import admit, covered, not_capital
from ledger.state import BookState, copy, suppose


class Pay(Asked, OfPayment):
    """支付, fen: `line` without its econ, which is the payment's. With a `ref` from a reservation,
    whose line and econ (`-`) then need not be said."""

    line: WantedLine
    econ: str
    amount_fen: int
    payee: str
    purpose: NotRequired[str]


def pay(
    state: BookState,
    *,
    line: BudgetLine,
    econ: str,
    amount_fen: int,
    payee: str,
    purpose: str = "",
    pay_type: PayType | None = None,
    procurement: bool = False,
    direct_funds: bool = False,
    original: Original | None = None,
    # An `Occasion` by its parts: nine entries of ten are decided here, and the parts are quicker.
    occurred_on: date,
    doc: str = "",
    reason: str = "",
) -> tuple[Decided[DisbursementRecorded]]:
    """支付 of `econ` for `line`'s purpose, with `original` from that reservation. Raises
    `Refused`."""
    event = DisbursementRecorded(
        occurred_on=occurred_on,
        doc=doc,
        reason=reason,
        line=line,
        econ=econ,
        amount_fen=amount_fen,
        payee=payee,
        purpose=purpose,
        reserve=None if original is None else original.entry.number,
        pay_type=pay_type,
        procurement=procurement,
        direct_funds=direct_funds,
    )
    return (payable(state, event, original),)


def payable(
    state: BookState, event: DisbursementRecorded, original: Original | None
) -> Decided[DisbursementRecorded]:
    """A payment as it may be recorded, drawn on the line of its purpose with its 款, else 类, else
    `-`: the one judge of what is asked for and of what is stored.

    No budget, no spending (R1); 三公 within its cap (R3); econ and payee are needed (R16).
    500.01 on a line with 500.00 left is refused as R1.AVAILABLE. With `original` it is paid from
    that reservation, which must be on the very line that it draws on. Raises `Refused`.
    """
    admit(state, event.occurred_on)
    reserved = None
    if original is not None:
        reserved = reservation(original, why="只能从占用支付")
        not_before(state, original, event.occurred_on)
        standing(original)
    _to_somebody(event.payee)
    if not is_econ_item(event.econ):
        raise Refused(Refusal.ECON_REQUIRED, econ=event.econ, ways_out=[Instead(econ="30201")])
    not_capital(event.line, event.econ)
    drawn = draws_on(state.lines, event.line, event.econ)
    if drawn is None:
        drawn = event.line.at_econ(event.econ)
        if original is None:
            way = ways.supplement(drawn, event.amount_fen)
            raise Refused(Refusal.LINE_MISSING, line=drawn, ways_out=[way])
    if drawn != event.line:
        event = replace(event, line=drawn)
    if original is not None and reserved is not None:
        _from_reservation(state, event, original, reserved)
    return covered(state, event)


class Voucher(Asked, OfPayment):
    """支付凭证: per item the line, the payment's 款 and fen."""

    items: Sequence[tuple[BudgetLine, str, int]]
    payee: str
    purpose: NotRequired[str]


def voucher(
    state: BookState,
    *,
    items: tuple[VoucherItem, ...],
    payee: str,
    purpose: str = "",
    pay_type: PayType | None = None,
    procurement: bool = False,
    direct_funds: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[VoucherPaid]]:
    """支付凭证: every item is decided as the payment that it is, on what the items before it leave
    (R1, R2, R3, R16), and the first that is refused refuses all of them (L32). Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    _to_somebody(payee)
    ahead, drawn = copy(state), []
    for position, item in enumerate(items, 1):
        try:
            (paid,) = pay(
                ahead,
                line=item.line,
                econ=item.econ,
                amount_fen=item.amount_fen,
                payee=payee,
                occurred_on=occasion["occurred_on"],
            )
        except Refused as refused:
            raise refused.at(position, ways.for_item(refused.ways_out, item)) from refused
        suppose(ahead, paid)
        drawn.append(VoucherItem(paid.event.line, item.econ, item.amount_fen))
    event = VoucherPaid(
        **occasion,
        items=tuple(drawn),
        payee=payee,
        purpose=purpose,
        pay_type=pay_type,
        procurement=procurement,
        direct_funds=direct_funds,
    )
    return (Decided(event, effects(event)),)


def _to_somebody(payee: str) -> None:
    if not payee:
        raise Refused(Refusal.PAYEE_REQUIRED, ways_out=[Instead(payee=Word("收款人"))])


def _from_reservation(
    state: BookState,
    payment: DisbursementRecorded,
    original: Original,
    reserved: CommitmentReserved,
) -> None:
    """A payment draws on its reservation's line, at most what is left of the reservation."""
    if payment.line != reserved.line:
        ways_out: list[WayOut] = [ways.show(original.entry.number)]
        if payment.line in state.lines:
            ways_out = [ways.unreserved(payment, payment.amount_fen)]
        if payment.line.purpose != reserved.line.purpose:
            ways_out = [Instead(line=reserved.line)]
        elif is_econ_item(reserved.line.econ):
            ways_out.insert(0, Instead(econ=reserved.line.econ))
        raise Refused(
            Refusal.RESERVE_LINE,
            entry=original.entry.number,
            reserved_line=str(reserved.line),
            line=str(payment.line),
            ways_out=ways_out,
        )
    left_fen = reserved.amount_fen - original.settled_fen
    within(original, reserved, payment.amount_fen, ways.for_reserved(payment, left_fen))


class Refund(Asked):
    """退款 of the payment `ref`, fen; `line` may repeat parts of its line."""

    amount_fen: int
    line: NotRequired[LinePattern | None]


def refund(
    state: BookState,
    *,
    original: Original,
    amount_fen: int,
    line: LinePattern | None = None,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[DisbursementRefunded]]:
    """退款 of a payment of this year, at most what is left of it (R15). Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    paid = original.entry.event
    if isinstance(paid, VoucherPaid):
        why = "多项合为一笔，不能只退其中一项；请冲销整笔，再按实际重新记录"
        raise wrong_kind(original.entry, why, Way("reverse", original.entry.number))
    if not isinstance(paid, DisbursementRecorded):
        way = ways.show(original.entry.number)
        raise wrong_kind(original.entry, "只有支付可以退款", way)
    stated(original, paid, line=line)
    not_before(state, original, occasion["occurred_on"])
    standing(original)
    left_fen = paid.amount_fen - original.settled_fen
    if amount_fen > left_fen:
        raise Refused(
            Refusal.REFUND_EXCEEDS,
            entry=original.entry.number,
            paid_fen=paid.amount_fen,
            left_fen=left_fen,
            amount_fen=amount_fen,
            ways_out=ways.for_refund(original.entry.number, left_fen),
        )
    event = DisbursementRefunded(
        **occasion,
        original=original.entry.number,
        line=paid.line,
        econ=paid.econ,
        amount_fen=amount_fen,
    )
    return (covered(state, event),)


PAY = Kind("pay", pay, Pay, finds=lines.paid, derives=frozenset({"reserve"}), judge=payable)
VOUCHER = Kind("voucher", voucher, Voucher, finds=lines.paid_by_items)
REFUND = Kind("refund", refund, Refund, derives=frozenset({"original", "line", "econ"}))
KINDS = (PAY, VOUCHER, REFUND)
