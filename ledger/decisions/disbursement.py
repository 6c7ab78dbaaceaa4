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
from ledger.kinds import PayType, ProcurementType
from ledger.line import BudgetLine, LinePattern, draws_on, is_econ_item
from ledger.money import plain_yuan
from ledger.refusals import Instead, Refusal, Refused, WayOut, Word
from ledger.rules import lines, ways
from ledger.rules.counterpart import of_another
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion, OfPayment, WantedLine
from ledger.rules.originals import Original, not_before, standing, stated, wrong_kind
from ledger.rules.preconditions import (
    Reservation,
    admit,
    covered,
    not_capital,
    of_contract,
)
from ledger.state import BookState, copy, suppose


class Pay(Asked, OfPayment):
    """支付, fen: `line` without its econ, which is the payment's. With a `ref` from a reservation,
    whose line and econ (`-`) then need not be said."""

    line: WantedLine
    econ: str
    amount_fen: int
    payee: str
    purpose: NotRequired[str]
    again: NotRequired[bool]


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
    again: bool = False,
    counterpart: str | None = None,
    contract: str = "",
    procurement_type: ProcurementType | None = None,
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
        again=again,
        counterpart=counterpart,
        contract=contract or contract_of(original),
        procurement_type=procurement_type,
    )
    return (payable(state, event, original),)


def contract_of(original: Original | None) -> str:
    """The contract of a reservation, which what is paid from it need not say."""
    reserved = None if original is None else original.meant
    return reserved.contract if isinstance(reserved, CommitmentReserved) else ""


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
    if event.counterpart is not None:
        of_another(state, event.counterpart)
    if original is not None and reserved is not None:
        held_for = Reservation(original.entry.number, reserved.contract)
        of_contract(state, event.contract, event.procurement_type, held_for)
    elif event.contract:
        of_contract(state, event.contract, event.procurement_type)
    if not is_econ_item(event.econ):
        raise Refused(Refusal.ECON_REQUIRED, econ=event.econ, ways_out=ways.for_econ(state, event))
    not_capital(event.line, event.econ)
    drawn = draws_on(state.lines, event.line, event.econ)
    if drawn is None:
        drawn = event.line.at_econ(event.econ)
        if original is None:
            way = ways.supplement(drawn, event.amount_fen)
            raise Refused(Refusal.LINE_MISSING, line=drawn, ways_out=[way])
    said = event.line
    if drawn != said:
        event = replace(event, line=drawn)
    if original is not None and reserved is not None:
        _from_reservation(state, event, original, reserved, said)
    return covered(state, event)


class Voucher(Asked, OfPayment):
    """支付凭证: per item the line, the payment's 款 and fen."""

    items: Sequence[tuple[BudgetLine, str, int]]
    payee: str
    purpose: NotRequired[str]
    again: NotRequired[bool]


def voucher(
    state: BookState,
    *,
    items: tuple[VoucherItem, ...],
    payee: str,
    purpose: str = "",
    pay_type: PayType | None = None,
    procurement: bool = False,
    direct_funds: bool = False,
    again: bool = False,
    counterpart: str | None = None,
    contract: str = "",
    procurement_type: ProcurementType | None = None,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[VoucherPaid]]:
    """支付凭证: every item is decided as the payment that it is, on what the items before it leave
    (R1, R2, R3, R16), and the first that is refused refuses all of them (L32). Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    _to_somebody(payee)
    if counterpart is not None:
        of_another(state, counterpart)
    ahead, drawn = copy(state), []
    for position, item in enumerate(items, 1):
        try:
            (paid,) = pay(
                ahead,
                line=item.line,
                econ=item.econ,
                amount_fen=item.amount_fen,
                payee=payee,
                contract=contract,
                procurement_type=procurement_type,
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
        again=again,
        counterpart=counterpart,
        contract=contract,
        procurement_type=procurement_type,
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
    said: BudgetLine,
) -> None:
    """A payment draws on its reservation's line, at most what is left of the reservation. `said`
    is the line that it was asked for: the reservation's, where none was written."""
    if payment.line != reserved.line:
        ways_out: list[WayOut] = [ways.show(original.entry.number)]
        if payment.line in state.lines:
            ways_out = [ways.unreserved(payment, payment.amount_fen)]
        if payment.line.purpose != reserved.line.purpose:
            ways_out = [Instead(line=reserved.line)]
        elif is_econ_item(reserved.line.econ):
            line = {} if said == reserved.line else {"line": reserved.line}
            ways_out.insert(0, Instead(**line, econ=reserved.line.econ))
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
    """退款 of the payment `ref`, fen; `line` may repeat parts of its line, and says which item of a
    voucher comes back. A `payee` that is said must be the payment's."""

    amount_fen: int
    line: NotRequired[LinePattern | None]
    payee: NotRequired[str]


def refund(
    state: BookState,
    *,
    original: Original,
    amount_fen: int,
    line: LinePattern | None = None,
    payee: str = "",
    **occasion: Unpack[Occasion],
) -> tuple[Decided[DisbursementRefunded]]:
    """退款 of a payment, or of the item of a voucher that `line` tells. Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    paid = _payment_of(original)
    stated(original, paid, line=line, payee=payee)
    item: int | None = None
    back: DisbursementRecorded | VoucherItem
    if isinstance(paid, VoucherPaid):
        item = _item_of(original, paid, line, amount_fen)
        back = paid.items[item - 1]
    else:
        back = paid
    event = DisbursementRefunded(
        **occasion,
        original=original.entry.number,
        line=back.line,
        econ=back.econ,
        amount_fen=amount_fen,
        payee=paid.payee,
        item=item,
        counterpart=paid.counterpart,
        contract=paid.contract,
        procurement_type=paid.procurement_type,
    )
    return (refundable(state, event, original),)


def refundable(
    state: BookState, event: DisbursementRefunded, original: Original | None
) -> Decided[DisbursementRefunded]:
    """退款 as it may be recorded: of a payment of this year that stands, or of one item of a
    voucher, at most what is left of it (R15). Raises `Refused`."""
    admit(state, event.occurred_on)
    assert original is not None  # nothing is refunded without its ref
    paid = _payment_of(original)
    not_before(state, original, event.occurred_on)
    standing(original)
    back: DisbursementRecorded | VoucherItem
    if isinstance(paid, VoucherPaid):
        item = min(max(event.item or 1, 1), len(paid.items))
        back, left_fen = paid.items[item - 1], _left(original, paid, item)
        event = replace(event, item=item)
    else:
        back, left_fen = paid, paid.amount_fen - original.settled_fen
        event = replace(event, item=None)
    if event.amount_fen > left_fen:
        raise Refused(
            Refusal.REFUND_EXCEEDS,
            entry=original.entry.number,
            paid_fen=back.amount_fen,
            left_fen=left_fen,
            amount_fen=event.amount_fen,
            ways_out=ways.for_refund(
                original.entry.number, left_fen, back if isinstance(back, VoucherItem) else None
            ),
        )
    own = replace(
        event,
        line=back.line,
        econ=back.econ,
        payee=paid.payee,
        counterpart=paid.counterpart,
        contract=paid.contract,
        procurement_type=paid.procurement_type,
    )
    return covered(state, own)


def _payment_of(original: Original) -> DisbursementRecorded | VoucherPaid:
    """The payment that is refunded. Raises `Refused`."""
    paid = original.meant
    if not isinstance(paid, DisbursementRecorded | VoucherPaid):
        way = ways.show(original.entry.number)
        raise wrong_kind(original.entry, "只有支付可以退款", way)
    return paid


def _left(original: Original, paid: VoucherPaid, item: int) -> int:
    """What an item of a voucher has that did not come back, fen."""
    return paid.items[item - 1].amount_fen - original.refunded.get(item, 0)


def _item_of(
    original: Original, paid: VoucherPaid, wanted: LinePattern | None, amount_fen: int
) -> int:
    """The position of the item of a voucher that comes back: the one that fits what is said of its
    line and 款; of several that are alike in both the first that has so much. Raises `Refused`."""
    fitting: dict[tuple[BudgetLine, str], list[int]] = {}
    for position, item in enumerate(paid.items, 1):
        drawn = (item.line, item.line.at_econ(item.econ))
        if wanted is None or any(map(wanted.matches, drawn)):
            fitting.setdefault((item.line, item.econ), []).append(position)
    if len(fitting) == 1:
        (alike,) = fitting.values()
        enough = (each for each in alike if _left(original, paid, each) >= amount_fen)
        most = max(alike, key=lambda each: _left(original, paid, each))
        return next(enough, most)
    number = original.entry.number
    told = [(line.at_econ(econ), alike) for (line, econ), alike in fitting.items()][:_TOLD]
    raise Refused(
        Refusal.ITEM_AMBIGUOUS,
        entry=number,
        count=len(fitting),
        items="、".join(
            f"{line}={plain_yuan(sum(paid.items[each - 1].amount_fen for each in alike))}"
            for line, alike in told
        ),
        ways_out=[Instead(line=line) for line, _ in told] or [ways.show(number)],
    )


_TOLD = 8
"""Items of a voucher that a refusal names."""

PAY = Kind("pay", pay, Pay, finds=lines.paid, derives=frozenset({"reserve"}), judge=payable)
VOUCHER = Kind("voucher", voucher, Voucher, finds=lines.paid_by_items)
REFUND = Kind(
    "refund",
    refund,
    Refund,
    derives=frozenset(
        {
            *("original", "line", "econ", "payee", "item", "counterpart"),
            *("contract", "procurement_type"),
        }
    ),
    judge=refundable,
)
KINDS = (PAY, VOUCHER, REFUND)
