"""Every member of the vocabulary of refusals, provoked by one request."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from ledger.decisions.approval import approve, reject
from ledger.decisions.budget import appropriate, cut, reallocate, supplement
from ledger.decisions.cap import cap_item
from ledger.decisions.closing import close_year, lock_month, reopen_year, unlock_month
from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import pay, refund
from ledger.decisions.final_account import final_approval
from ledger.decisions.income import income
from ledger.decisions.indicator import fund_plan, reclassify, release, reuse
from ledger.decisions.opening import adjust_opening, carry_in, transfer
from ledger.decisions.particulars import (
    contract,
    headcount,
    reception,
    result,
    score_override,
    target,
)
from ledger.decisions.publication import publish
from ledger.decisions.reconciliation import reconcile
from ledger.decisions.registry import amend_book, codes, open_book
from ledger.decisions.surplus import distribute, use_surplus
from ledger.doors.last_year import ClosedBook, open_from
from ledger.doors.publishing import Obstacle, Publishable, may_be_published
from ledger.events import CodeName, Entry, Previous, StatementTies, Tie
from ledger.line import LinePattern
from ledger.money import TOTAL_MAX_FEN
from ledger.proofs.head import EMPTY
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.rules.originals import Original
from ledger.state import evolve, initial
from ledger.store.forms import FormsOfBooks, NoForms, PublishedAs
from ledger.store.writing import Writing
from tests.harness.scenario import (
    BOOK,
    CARRIED,
    CASH,
    DAY,
    DEFAULTS,
    LINE,
    MAKER,
    OWN,
    RECEPTION,
    REPORT_FILE,
    Asked,
    appropriated,
    approved,
    capped,
    carried_in,
    closing,
    finally_approved,
    given,
    held,
    left_over,
    line,
    locked,
    locked_through,
    nothing,
    opened,
    paid,
    paid_from,
    planned,
    published,
    received,
    refunded,
    requested,
    reversed_,
    shares,
    signed,
    signed_contract,
    supplemented,
    surplus_in,
    vouched,
    with_project,
)

OTHER = line("econ=30201")
PAYMENT = paid(20_00)
RESERVED = held(20_00)
VOUCHER = vouched((LINE.at_econ("302"), "30299", 1_00), (LINE.at_econ("302"), "30201", 2_00))
PLAN = planned(8_00)
CONTRACT = signed_contract()
DINNER = paid(8_00, RECEPTION, "30217")
LOCK = locked(1)
FREE = line("func=2080199 econ=-")


def rehearsal(*requests: Request, forms: FormsOfBooks | None = None) -> Writing:
    """A transaction without a file, in which these requests were answered."""
    now = datetime(2020, 7, 1, tzinfo=UTC)
    writing = Writing(BOOK, initial(BOOK), EMPTY, actor="出纳", now=now, forms=forms)
    for each in requests:
        writing.record(each)
    return writing


def request(kind, key=None, ref=None, **said):
    return Request(kind, {**DEFAULTS.get(kind, {}), "occurred_on": DAY, **said}, ref, key)


OPENED = request("open-book")
NAMED = request("project", code="P02")


def at_the_door(**said: Any) -> Asked:
    """A report that is to be published as it stands."""
    standing = Publishable(**{"open_books": (), "missing": (), "errors": (), **said})

    def asked() -> tuple[Any, ...]:
        may_be_published(standing, [REPORT_FILE], ())
        return ()

    return Asked(given().book, asked)


class LastYear(NoForms):
    """FormsOfBooks of a file that has last year's book."""

    def last_year_says(self, _: PublishedAs, __: str, /) -> int | None:
        return 2_00


def recording(*before: Request, wanted: Request, forms: FormsOfBooks | None = None) -> Asked:
    """What the store is asked, as a scenario."""
    writing = rehearsal(*before, forms=forms)
    book = given().book
    return Asked(book, lambda: tuple(e.event for e in writing.record(wanted).entries))


def moved(source, target, fen=1_00, more_fen=0, **more):
    return {
        "sources": shares((source, fen)),
        "targets": shares((target, fen + more_fen)),
        **more,
    }


def twice_reversed(event):
    """Only an original that hides its reversal leads here: the guard behind R13 and R15."""
    scenario = given(appropriated(50_00), event, reversed_(event))
    return scenario.when(reverse, original=Original(scenario.book.original(event).entry))


ASKED = requested(LINE, line("func=2080106"), 1_00)


def asked(decision, *more, **said):
    """About a request of one yuan to another 项."""
    return given(appropriated(1_00), ASKED, *more).when(decision, original=ASKED, **said)


def cap_undone():
    """5.00 + 5.00 of cap, 6.00 spent, and the first 5.00 undone."""
    budget = appropriated(5_00, RECEPTION)
    scenario = given(appropriated(50_00, FREE), budget, supplemented(5_00, RECEPTION))
    scenario.book.record(paid(6_00, FREE, "30217"))
    return scenario.when(reverse, original=budget)


def institution(*events):
    """A book of an 事业单位."""
    return given(opened(unit_kind="institution"), with_project("P02"), *events)


CLOSED = closing(left_over(LINE, 1, "lapse"))


def opened_from(previous):
    """A book that is to continue one that was opened and not closed."""
    last = initial(previous)
    event = opened(on=date(int(previous[-4:]), 1, 1))
    entry = Entry(
        book=previous,
        number=1,
        recorded_at=datetime(2020, 1, 2, tzinfo=UTC),
        actor=MAKER,
        event=event,
    )
    evolve(last, entry)
    book = nothing().book
    day = date(int(BOOK[-4:]), 1, 1)
    closed = ClosedBook(last, EMPTY)
    return Asked(book, lambda: open_from(book.state, closed=closed, occurred_on=day))


def nearly_full():
    """As many fen as a book can hold."""
    scenario = given(appropriated(1))
    scenario.book.state.turnover_fen = TOTAL_MAX_FEN
    return scenario.when(supplement, amount_fen=1)


CASES: dict[Refusal, Callable[[], Asked]] = {
    Refusal.KEY_CONFLICT: lambda: recording(
        OPENED,
        request("project", code="P02", key="K1"),
        wanted=request("project", code="P03", key="K1"),
    ),
    Refusal.BOOK_NOT_OPENED: lambda: nothing().when(pay, amount_fen=1),
    Refusal.BOOK_ALREADY_OPENED: lambda: given().when(open_book),
    Refusal.SPENDING_DIFFERS: lambda: given(appropriated(1)).asked(
        "pay", line=line("project=-"), amount_fen=1
    ),
    Refusal.LINE_MISSING: lambda: given(appropriated(1)).asked(
        "pay", line=line("func=2080106"), amount_fen=1
    ),
    Refusal.LINE_AMBIGUOUS: lambda: given(appropriated(1), appropriated(1, OTHER)).asked(
        "release", line=LinePattern(project="P02"), amount_fen=1
    ),
    Refusal.LINE_DRAWN: lambda: given(appropriated(1), appropriated(1, LINE.at_econ("-"))).asked(
        "pay", line=LINE.at_econ("-"), econ=LINE.econ, amount_fen=1
    ),
    Refusal.ENTRY_MISSING: lambda: recording(OPENED, wanted=request("reverse", ref="#2")),
    Refusal.DATE_OUTSIDE_YEAR: lambda: given(appropriated(1)).when(
        pay, amount_fen=1, occurred_on=date(2021, 1, 1)
    ),
    Refusal.YEAR_CLOSED: lambda: given(appropriated(1), CLOSED, signed(CLOSED)).when(
        pay, amount_fen=1
    ),
    Refusal.MONTH_LOCKED: lambda: given(appropriated(1), *locked_through(6)).when(
        pay, amount_fen=1
    ),
    Refusal.MONTH_ALREADY_LOCKED: lambda: given(*locked_through(6)).when(lock_month, month=6),
    Refusal.MONTH_NOT_OVER: lambda: given().when(
        lock_month, month=6, occurred_on=date(2020, 6, 29)
    ),
    Refusal.MONTH_ORDER: lambda: given(locked(1)).when(lock_month, month=3),
    Refusal.MONTH_NOT_LOCKED: lambda: given(locked(1)).when(unlock_month, month=2),
    Refusal.UNLOCK_REASON: lambda: given(locked(1)).when(unlock_month, month=1, reason=""),
    Refusal.YEAR_OPEN: lambda: given().when(reopen_year),
    Refusal.YEAR_APPROVED: lambda: given(
        appropriated(1), CLOSED, signed(CLOSED), finally_approved(5)
    ).when(reopen_year),
    Refusal.REOPEN_REASON: lambda: given(appropriated(1), CLOSED, signed(CLOSED)).when(
        reopen_year, reason=""
    ),
    Refusal.CLOSING_DATE: lambda: given().when(close_year, occurred_on=DAY),
    Refusal.APPROVAL_DATE: lambda: given(appropriated(1), CLOSED, signed(CLOSED)).when(
        final_approval, approved_on=date(2020, 12, 31)
    ),
    Refusal.APPROVAL_ROWS: lambda: given(appropriated(1), CLOSED, signed(CLOSED)).when(
        final_approval, lines=(left_over(line("project=P99"), 1),)
    ),
    Refusal.PUBLISH_DATE: lambda: given().when(publish, published_on=date(2019, 1, 1)),
    Refusal.PUBLISH_AGAIN: lambda: given(published()).when(publish),
    Refusal.PUBLISH_INTERNAL: lambda: at_the_door(internal={REPORT_FILE.sha256}),
    Refusal.PUBLISH_MISSING: lambda: at_the_door(missing=[Obstacle("duties", "没有主要职能")]),
    Refusal.PUBLISH_ERRORS: lambda: at_the_door(errors=[Obstacle("X12", "年末结转结余为负")]),
    Refusal.PUBLISH_REASON: lambda: given(published()).when(headcount),
    Refusal.YEAR_BLOCKED: lambda: given(appropriated(5_00)).when(close_year),
    Refusal.PREVIOUS_OPEN: lambda: opened_from("jianghan/2019"),
    Refusal.OPENING_STANDS: lambda: given(
        opened(previous=Previous("jianghan/2019", 9, "0f" * 32, 3)),
        with_project("P02"),
        carried_in(1),
    ).when(carry_in, line=CARRIED, amount_fen=1),
    Refusal.PREVIOUS_OTHER: lambda: opened_from("jianghan/2018"),
    Refusal.BOOK_HAS_MONEY: lambda: given(appropriated(1)).when(
        amend_book, unit_kind="institution"
    ),
    Refusal.BOOK_SAME: lambda: given().when(amend_book, basis="payment"),
    Refusal.ENTRY_KIND: lambda: given(LOCK).when(reverse, original=LOCK),
    Refusal.ENTRY_DIFFERS: lambda: given(appropriated(50_00), PAYMENT).when(
        reverse, original=PAYMENT, amount_fen=20_01
    ),
    Refusal.DATE_BEFORE_ORIGINAL: lambda: given(appropriated(50_00), PAYMENT).when(
        reverse, original=PAYMENT, occurred_on=date(2020, 6, 29)
    ),
    Refusal.ENTRY_REVERSED: lambda: given(appropriated(50_00), PAYMENT, reversed_(PAYMENT)).when(
        reverse, original=PAYMENT
    ),
    Refusal.ENTRY_REFUNDED: lambda: given(
        appropriated(50_00), PAYMENT, refunded(PAYMENT, 3_00)
    ).when(reverse, original=PAYMENT),
    Refusal.RESERVE_USED: lambda: given(
        appropriated(50_00), RESERVED, paid_from(RESERVED, 3_00)
    ).when(reverse, original=RESERVED),
    Refusal.CONTRACT_USED: lambda: given(
        appropriated(50_00), CONTRACT, paid(5_00, contract="HT-1")
    ).when(reverse, original=CONTRACT),
    Refusal.ENTRY_SAME: lambda: given(appropriated(50_00), PAYMENT).when(
        correct, original=PAYMENT, changes={"amount_fen": 20_00}
    ),
    Refusal.REQUEST_SETTLED: lambda: asked(reject, approved(ASKED)),
    Refusal.SAME_ACTOR: lambda: asked(approve, actor=MAKER),
    Refusal.REJECTION_REASON: lambda: asked(reject, reason=""),
    Refusal.RECONCILED_PAID: lambda: given(appropriated(50_00), PAYMENT).when(
        reconcile, paid_fen=19_99, statement_fen=19_99
    ),
    Refusal.RECONCILED_TIES: lambda: given(appropriated(50_00), PAYMENT).when(
        reconcile,
        paid_fen=20_00,
        statement_fen=20_00,
        tied=StatementTies((Tie((2,), (9,)),), (), ()),
    ),
    Refusal.RECONCILIATION_REASON: lambda: given(appropriated(50_00), PAYMENT).when(
        reconcile, paid_fen=20_00, statement_fen=19_99, differences=1
    ),
    Refusal.CODES_ROWS: lambda: given().when(codes, rows=(CodeName("20801", "款"),) * 2),
    Refusal.PARTICULAR_NONE: lambda: given().when(reception, batches=0),
    Refusal.RECEPTION_COMPANIONS: lambda: given().when(reception, companions=10),
    Refusal.TIED_ECON: lambda: given(appropriated(50_00), PAYMENT).when(
        reception, payments=[PAYMENT]
    ),
    Refusal.TIED_EXCEEDS: lambda: given(appropriated(50_00, RECEPTION), DINNER).when(
        reception,
        amount_fen=9_00,
        payments=[DINNER],
    ),
    Refusal.CONTRACT_TWICE: lambda: given(CONTRACT).when(contract),
    Refusal.CONTRACT_SIGNED: lambda: given().when(contract, signed=DAY),
    Refusal.TARGET_CONSTRAINT: lambda: given().when(
        target, constraint=True, weight_hundredths=1_00
    ),
    Refusal.TARGET_DEDUCT: lambda: given().when(target, deduct_hundredths=1_00),
    Refusal.RESULT_GRADE: lambda: given().when(result, grade="partly"),
    Refusal.RESULT_UNIT: lambda: recording(
        OPENED,
        request(
            "target", project="", no="1", level1="产出指标", level3="受理", value="10件", key="A"
        ),
        wanted=request("result", project="", no="1", actual="12人", key="B"),
    ),
    Refusal.OVERRIDE_REASON: lambda: given().when(score_override, reason=""),
    Refusal.DOC_REQUIRED: lambda: given().when(supplement, amount_fen=1, doc=""),
    Refusal.PAYEE_REQUIRED: lambda: given(appropriated(1)).when(pay, amount_fen=1, payee=""),
    Refusal.COUNTERPART_OTHER: lambda: given(appropriated(1)).when(
        pay, amount_fen=1, counterpart="jianghan"
    ),
    Refusal.CONTRACT_UNKNOWN: lambda: given(appropriated(50_00)).when(
        pay, amount_fen=1, contract="HT-2"
    ),
    Refusal.CONTRACT_RESERVED: lambda: given(appropriated(50_00), CONTRACT, RESERVED).when(
        pay, original=RESERVED, amount_fen=1, contract="HT-1"
    ),
    Refusal.CONTRACT_TYPE: lambda: given(appropriated(50_00), CONTRACT).when(
        pay, amount_fen=1, contract="HT-1", procurement_type="goods"
    ),
    Refusal.ECON_REQUIRED: lambda: given(appropriated(1)).when(pay, amount_fen=1, econ="302"),
    Refusal.DUPLICATE: lambda: recording(
        OPENED,
        NAMED,
        request("appropriate", line=LINE, amount_fen=9_00, doc="预"),
        request("pay", line=LINE, econ="30299", amount_fen=1_00, payee="某店", doc="支1", key="A"),
        wanted=request(
            "pay", line=LINE, econ="30299", amount_fen=1_00, payee="某店", doc="支1", key="B"
        ),
    ),
    Refusal.PROJECT_UNKNOWN: lambda: given().when(
        appropriate, line=line("project=P9"), amount_fen=1
    ),
    Refusal.CAPITAL_ON_BASIC: lambda: given().when(
        appropriate, line=line("project=- econ=30901"), amount_fen=1
    ),
    Refusal.SPENDING_FUND: lambda: institution().when(
        appropriate, line=line("spending=business project=-"), amount_fen=1
    ),
    Refusal.UNIT_KIND: lambda: given().when(
        appropriate, line=line("fund=nonfiscal spending=business project=-"), amount_fen=1
    ),
    Refusal.ORIGIN_NOT_CURRENT: lambda: given().when(appropriate, line=CARRIED, amount_fen=1),
    Refusal.ORIGIN_NOT_EARLIER: lambda: given().when(carry_in, line=LINE, amount_fen=1),
    Refusal.ADJUSTMENT_DIRECTION: lambda: given(carried_in(1)).when(
        adjust_opening, amount_fen=1, decrease=True
    ),
    Refusal.TRANSFER_COUNTERPART: lambda: given(carried_in(1)).when(
        transfer, amount_fen=1, counterpart=BOOK
    ),
    Refusal.CUT_CARRYOVER: lambda: given(carried_in(1)).when(cut, line=CARRIED, amount_fen=1),
    Refusal.NEVER_SURPLUS: lambda: given(carried_in(1, line("project=- origin=2019"))).when(
        reclassify, line=line("project=- origin=2019"), amount_fen=1
    ),
    Refusal.REUSED_FOR_OTHER: lambda: given(carried_in(1, pending=True)).when(
        reuse, to_line=line("func=2080106 origin=2018"), amount_fen=1
    ),
    Refusal.ORIGINS_DIFFER: lambda: given(carried_in(1_00)).when(
        reallocate, **moved(CARRIED, LINE)
    ),
    Refusal.CARRYOVER_PURPOSE: lambda: given(carried_in(1_00)).when(
        reallocate, **moved(CARRIED, line("func=2080106 origin=2019"))
    ),
    Refusal.LINE_REPEATED: lambda: given(appropriated(1_00)).when(reallocate, **moved(LINE, LINE)),
    Refusal.FUNDS_DIFFER: lambda: given(appropriated(1_00)).when(reallocate, **moved(LINE, CASH)),
    Refusal.UNBALANCED: lambda: given(appropriated(1_00)).when(
        reallocate, **moved(LINE, OTHER, more_fen=50)
    ),
    Refusal.AUTHORITY_TOO_LOW: lambda: asked(approve, authority="department"),
    Refusal.ALREADY_APPROPRIATED: lambda: given(appropriated(12_345_67)).when(
        appropriate, amount_fen=1
    ),
    Refusal.INCOME_CLASS: lambda: given().when(income, line=LINE, source="fiscal", amount_fen=1),
    Refusal.DISTRIBUTION_DATE: lambda: institution(received(1, OWN)).when(
        distribute, amount_fen=1, occurred_on=DAY
    ),
    Refusal.DISTRIBUTION_RESTRICTED: lambda: institution(received(1)).when(
        distribute, line=CASH, amount_fen=1
    ),
    Refusal.OVER_DISTRIBUTABLE: lambda: institution(received(3_00, OWN), received(9_00)).when(
        distribute, amount_fen=5_00
    ),
    Refusal.RESERVE_LINE: lambda: given(
        appropriated(50_00), appropriated(50_00, OTHER), RESERVED
    ).when(pay, original=RESERVED, line=OTHER, econ="30201", amount_fen=1),
    Refusal.ITEM_AMBIGUOUS: lambda: given(appropriated(50_00, LINE.at_econ("302")), VOUCHER).when(
        refund, original=VOUCHER, amount_fen=1
    ),
    Refusal.REFUND_EXCEEDS: lambda: given(
        appropriated(50_00), PAYMENT, refunded(PAYMENT, 3_00)
    ).when(refund, original=PAYMENT, amount_fen=18_00),
    Refusal.RESERVE_EXCEEDED: lambda: given(
        appropriated(50_00), RESERVED, paid_from(RESERVED, 3_00)
    ).when(pay, original=RESERVED, amount_fen=18_00),
    Refusal.OVER_SURPLUS: lambda: given(carried_in(5_00, pending=True)).when(
        reuse, amount_fen=7_00
    ),
    Refusal.THREE_PUBLIC_CAP: lambda: given(
        appropriated(50_00), appropriated(5_00, RECEPTION), supplemented(9_00)
    ).when(pay, line=RECEPTION, econ="30217", amount_fen=6_00),
    Refusal.CAP_TOO_LOW: lambda: given(
        appropriated(50_00, FREE), capped(9_00), paid(6_00, FREE, "30217")
    ).when(cap_item, amount_fen=5_00),
    Refusal.CAP_BELOW_SPENT: cap_undone,
    Refusal.OVER_PENDING: lambda: given(appropriated(5_00, pending=True)).when(
        release, amount_fen=7_00
    ),
    Refusal.OVER_AVAILABLE: lambda: given(appropriated(5_00)).when(pay, amount_fen=7_00),
    Refusal.OVER_HELD: lambda: twice_reversed(RESERVED),
    Refusal.OVER_PAID: lambda: twice_reversed(PAYMENT),
    Refusal.OVER_PLAN: lambda: given(appropriated(50_00), PLAN, paid(5_00)).when(
        pay, amount_fen=6_00
    ),
    Refusal.PLAN_EXCEEDS: lambda: given(appropriated(50_00), PLAN).when(
        fund_plan, amount_fen=43_00
    ),
    Refusal.PLAN_BELOW_PAID: lambda: given(
        appropriated(50_00), planned(1_00), PLAN, paid(5_00)
    ).when(reverse, original=PLAN),
    Refusal.OVER_POOL: lambda: institution(surplus_in(3_00)).when(use_surplus, amount_fen=5_00),
    Refusal.OVER_CASH: lambda: given(appropriated(5_00, CASH)).when(
        pay, line=CASH, amount_fen=3_00
    ),
    Refusal.PRIOR_IN_BOOK: lambda: recording(
        OPENED,
        NAMED,
        wanted=request("prior", cell="N.s1.total", amount_fen=1_00),
        forms=LastYear(),
    ),
    Refusal.CONTRACT_EXCEEDS: lambda: given(appropriated(50_00), CONTRACT).when(
        pay, amount_fen=20_01, contract="HT-1"
    ),
    Refusal.TOTAL_TOO_LARGE: nearly_full,
}
"""One book and one request for each member, in the order of the enum."""


NO_WAY_OUT = {
    Refusal.ORIGINS_DIFFER,  # R7: by no authority
    Refusal.CARRYOVER_PURPOSE,  # R7: by no authority
    Refusal.LINE_REPEATED,  # what is meant can only be guessed
    Refusal.UNBALANCED,  # which of the two sums is wrong can only be guessed
    Refusal.TOTAL_TOO_LARGE,  # a book ends here
}


def provoked(refusal: Refusal) -> Refused:
    return CASES[refusal]().refused(refusal)
