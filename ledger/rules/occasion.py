"""When something happened, on which document and why: what every kind of entry says of itself.

A decision is asked with all of it (`Occasion`). A request may leave the day out, which is then
today (`Asked`): the class of a kind's request adds what that kind gives.
"""

from datetime import date
from typing import NotRequired, TypedDict

from ledger.kinds import PayType, ProcurementType
from ledger.line import BudgetLine, LinePattern


class Grounds(TypedDict, total=False):
    """The 文号 or voucher number, and why; "" where there is none."""

    doc: str
    reason: str


class Occasion(Grounds):
    """What a decision knows of any entry beside its content; `occurred_on` is the 业务日期."""

    occurred_on: date


class Asked(Grounds, total=False):
    """What a request says of any entry beside its content; without a day it is today's."""

    occurred_on: date | None


class OfPayment(TypedDict, total=False):
    """What a payment may say of itself: 支付方式, 政府采购, 直达资金, the unit that it goes to
    (对方单位), the contract that it pays, and what was bought."""

    pay_type: PayType | None
    procurement: bool
    direct_funds: bool
    counterpart: str | None
    contract: str
    procurement_type: ProcurementType | None


WantedLine = BudgetLine | LinePattern
"""A line as a person says it: whole, or by parts that single one out among those of the book."""


class OnLine(Asked):
    """A request that moves money of one line of the book, fen."""

    line: WantedLine
    amount_fen: int


class NewMoney(Asked):
    """A request that brings money to a line which the book need not have yet, fen. `pending` money
    waits for the finance bureau (待下达)."""

    line: BudgetLine
    amount_fen: int
    pending: NotRequired[bool]
