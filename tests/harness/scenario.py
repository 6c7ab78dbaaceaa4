"""The language of the decision tests: given what happened, when someone asks, then this or a
refusal.

    given(appropriated(500_00)).when(pay, amount_fen=500_01).refused(Refusal.OVER_AVAILABLE)

Amounts are fen, written so that yuan can be read: `500_00`. Builders make the events of a small
book (one project, `P02`, one line, `LINE`); a test states only what matters to it. A book that is
given is opened and knows its project before the first event, unless that says otherwise. The maker
does everything but approve.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from msgspec import structs

from ledger.decisions import KINDS
from ledger.decisions.again import reconsider
from ledger.decisions.closing import last_day
from ledger.effects import Decided, effects
from ledger.events import (
    AnyEvent,
    ApprovalRequested,
    BookAmended,
    BookOpened,
    BudgetCut,
    BudgetReallocated,
    BudgetSupplemented,
    CarryoverReclassified,
    CarryoverTransferred,
    CodeName,
    CodeSetAdopted,
    CommitmentReleased,
    CommitmentReserved,
    DisbursementRecorded,
    DisbursementRefunded,
    Entry,
    EntryCorrected,
    EntryReversed,
    FinalAccountApproved,
    FundPlanApproved,
    HeadOfBook,
    IncomeRecognised,
    IndicatorReleased,
    IndicatorWithdrawn,
    InitialBudgetApproved,
    ItemCapped,
    LineClosed,
    MoneyEvent,
    MonthLocked,
    NonFiscalSurplusUsed,
    OpeningAdjusted,
    OpeningLoaded,
    ProjectRegistered,
    PublishedFile,
    ReportPublished,
    RequestApproved,
    RequestRejected,
    Share,
    StatementReconciled,
    StockRecovered,
    SurplusAdjusted,
    SurplusDistributed,
    SurplusLoaded,
    SurplusReused,
    VoucherItem,
    VoucherPaid,
    YearClosed,
)
from ledger.events.particulars import ContractSigned, ReceptionHeld, Tied
from ledger.line import BudgetLine
from ledger.postings import corrects, earlier, effective, first_of, paid_for, settlements
from ledger.postings import refunded as refunded_of
from ledger.refusals import Refusal, Refused
from ledger.requests import Request, decide
from ledger.rules.authority import brought
from ledger.rules.originals import Original
from ledger.state import BookState, evolve, initial

BOOK = "jianghan/2020"
OTHER_BOOK = "hanyang/2020"
DAY = date(2020, 6, 30)
YEAR_END = date(2020, 12, 31)
DOC = "江财预〔2020〕7号"
REPORT_FILE = PublishedFile("report.html", "1d" * 32)
PAYEE = "武汉某科技有限公司"
MAKER, CHECKER = "出纳", "王科长"
STATEMENT = "5f" * 32


def line(text: str = "") -> BudgetLine:
    """A line by the parts that matter: `line("func=2080106 econ=30217")`."""
    parts: dict[str, Any] = {
        "fund": "general",
        "func": "2080105",
        "project": "P02",
        "econ": "30299",
        "origin": 2020,
    }
    parts |= dict(part.split("=") for part in text.split())
    parts.setdefault("spending", "basic" if parts["project"] == "-" else "project")
    return BudgetLine.make(**parts)


LINE = line()
CARRIED = line("origin=2019")
CARRIED_ON = line("func=2080106 origin=2019")
"""The same project's money of another 项."""
CASH = line("fund=nonfiscal")
OWN = line("fund=nonfiscal project=- econ=-")
"""Non-fiscal money that is for no project."""
RECEPTION = line("econ=30217")

Given = AnyEvent | Callable[["Book"], Any]
"""An event, or one that is about an earlier one and needs its number."""


class Book:
    """A book in memory: its entries, the state they fold to, and how each was given."""

    def __init__(self, *given: Given) -> None:
        self.state: BookState = initial(BOOK)
        self.entries: list[Any] = []
        self.given: list[Given] = []
        self.settled: dict[int, tuple[int, int | None, int | None]] = {}
        self.refunded: dict[int, Counter[int]] = {}
        for each in given:
            self.record(each)

    def record(self, given: Given) -> None:
        """Adds one event, which must be lawful at its place: a test cannot start from a book that
        could not exist."""
        event = given(self) if callable(given) else given
        number = earlier(event)
        about = None if number is None else self.about(number)
        actor = CHECKER if isinstance(event, RequestApproved) else MAKER
        payments = [self.stands(payment) for payment in paid_for(event)]
        (decided,) = reconsider(KINDS, self.state, event, about, payments, actor=actor)
        assert event == decided.event and decided.does == effects(event)
        number = len(self.entries) + 1
        entry = Entry(
            book=BOOK,
            number=number,
            recorded_at=datetime(2020, 12, 31, tzinfo=UTC),
            actor=actor,
            event=event,
        )
        evolve(self.state, entry, decided.does)
        self.entries.append(entry)
        self.given.append(given)
        for original, settled_fen, reversed_by in settlements(number, event):
            before_fen, before_by, last = self.settled.get(original, (0, None, None))
            self.settled[original] = (
                before_fen + settled_fen,
                reversed_by or before_by,
                number if settled_fen else last,
            )
        back = refunded_of(event)
        if back is not None:
            voucher, item, fen = back
            self.refunded.setdefault(voucher, Counter())[item] += fen

    def number_of(self, given: Given) -> int:
        """The entry number of something that was given."""
        return next(n for n, each in enumerate(self.given, 1) if each is given)

    def original(self, given: Given) -> Original:
        """The earlier entry that a refund or a reversal is about, and what became of it."""
        return self.about(self.number_of(given))

    def about(self, number: int) -> Original:
        """The same, by its entry number; of a request to undo another, that one too."""
        entry = self.entries[number - 1]
        settled = self.settled.get(number, (0, None, None))
        known = Original(entry, *settled, self.refunded.get(number, {}))
        if known.reversed_by is not None:
            correction = corrects(self.entries[known.reversed_by - 1].event)
            known = known._replace(corrected=correction is not None)
        asks = isinstance(entry.event, ApprovalRequested)
        wanted = earlier(entry.event) if asks else None
        return known if wanted is None else known._replace(undoing=self.about(wanted))

    def stands(self, number: int) -> Original:
        """What stands in the place of an entry: its last correction, if it has any."""
        known = self.about(number)
        while known.corrected and known.reversed_by is not None:
            known = self.about(known.reversed_by)
        return known

    @property
    def last(self) -> Any:
        """The event that was recorded last."""
        return self.entries[-1].event


class Asked:
    """A decision or a request on a book; nothing runs until `then` or `refused`."""

    def __init__(self, book: Book, answer: Callable[[], tuple[Any, ...]]) -> None:
        self.book = book
        self.answer = answer

    def then(self, *expected: Given) -> Book:
        """It is recorded as exactly these events; the book after them."""
        events = self.answer()
        wanted = tuple(each(self.book) if callable(each) else each for each in expected)
        assert wanted == events
        for event in events:
            self.book.record(event)
        return self.book

    def allowed(self) -> Book:
        """It is recorded, whatever the events; the book after them."""
        for event in self.answer():
            self.book.record(event)
        return self.book

    def refused(self, refusal: Refusal, **facts: Any) -> Refused:
        """It is refused for this reason with these figures, and the book stays as it was."""
        before = self.book.state.number, str(self.book.state)
        try:
            events = self.answer()
        except Refused as refused:
            assert refusal == refused.refusal, f"{refused.code}: {refused}"
            shown = {name: refused.facts.get(name, "absent") for name in facts}
            assert facts == shown
            assert before == (self.book.state.number, str(self.book.state))
            return refused
        raise AssertionError(f"not refused as {refusal.code}: {events}")


class Scenario:
    """What was given; `when` asks a decision, `asked` a request whose line may be a pattern."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def when(self, decision: Callable[..., tuple[Any, ...]], **asked: Any) -> Asked:
        """Calls a decision. `original` may be anything that was given."""
        kind = next(kind for kind in KINDS.values() if kind.decision is decision)
        beside = {"kinds": KINDS} if "kinds" in kind.asks else {}
        wanted = {"occurred_on": DAY, **DEFAULTS.get(kind.word, {}), **beside, **asked}
        if "original" in wanted and not isinstance(wanted["original"], Original):
            wanted["original"] = self.book.original(wanted["original"])
        if "payments" in wanted:
            numbers = map(self.book.number_of, wanted["payments"])
            wanted["payments"] = tuple(map(self.book.stands, numbers))
        return Asked(self.book, lambda: events_of(decision(self.book.state, **wanted)))

    def asked(self, kind: str, **asked: Any) -> Asked:
        """Decides a request as a command makes it."""
        wanted = {**DEFAULTS.get(kind, {}), "occurred_on": DAY, **asked}
        about, actor = wanted.pop("original", None), wanted.pop("actor", MAKER)
        original = None if about is None else self.book.original(about)
        request = Request(kind, wanted)
        return Asked(
            self.book,
            lambda: events_of(decide(self.book.state, request, original, actor=actor)),
        )


def events_of(decided: tuple[Decided[Any], ...]) -> tuple[Any, ...]:
    """What was decided, each with exactly what it does."""
    assert all(each.does == effects(each.event) for each in decided)
    return tuple(each.event for each in decided)


def given(*events: Given) -> Scenario:
    """A book in which this happened, in this order."""
    book = Book()
    if not (events and isinstance(events[0], BookOpened)):
        book.record(opened())
        book.record(with_project("P02"))
    for event in events:
        book.record(event)
    return Scenario(book)


def nothing() -> Scenario:
    """A book that nobody opened."""
    return Scenario(Book())


DEFAULTS: dict[str, dict[str, Any]] = {
    "open-book": {
        "name": "江汉区人力资源局",
        "unit_kind": "admin",
        "edition": "2020",
        "basis": "payment",
    },
    "project": {"name": "劳动监察执法工作经费"},
    "codes": {"code_set": "functional", "edition": "2020年", "sha256": STATEMENT},
    "carry-in": {"line": CARRIED},
    "adjust-opening": {"line": CARRIED, "adjustment": "remitted", "doc": DOC},
    "recover": {"line": CARRIED, "doc": DOC},
    "transfer": {"line": CARRIED, "counterpart": OTHER_BOOK, "doc": DOC},
    "appropriate": {"line": LINE},
    "supplement": {"line": LINE, "doc": DOC},
    "cut": {"line": LINE, "doc": DOC},
    "release": {"line": LINE},
    "withdraw": {"line": LINE},
    "reclassify": {"line": CARRIED, "cause": "done", "doc": DOC},
    "reuse": {"line": CARRIED, "to_line": CARRIED_ON, "doc": DOC},
    "cap": {"item": "reception", "doc": DOC},
    "fund-plan": {"line": LINE, "month": 6, "doc": DOC},
    "reallocate": {"authority": "finance", "doc": DOC},
    "reserve": {"line": LINE},
    "pay": {"line": LINE, "econ": "30299", "payee": PAYEE},
    "voucher": {"payee": PAYEE},
    "income": {"line": CASH, "source": "service"},
    "surplus-in": {"pool": "unrestricted"},
    "adjust-surplus": {"pool": "unrestricted", "adjustment": "closing-revised", "doc": DOC},
    "use-surplus": {"line": OWN},
    "distribute": {"line": OWN, "occurred_on": YEAR_END},
    "reconcile": {"statement": STATEMENT},
    "approve": {"actor": CHECKER, "authority": "finance"},
    "reject": {"reason": "不急"},
    "unlock-month": {"reason": "漏记一笔"},
    "reception": {"amount_fen": 8_00, "batches": 1, "persons": 9},
    "trip": {"amount_fen": 8_00, "groups": 1, "persons": 3},
    "contract": {
        "no": "HT-1",
        "procurement_type": "services",
        "amount_fen": 20_00,
        "supplier": PAYEE,
        "size": "small",
    },
    "asset": {"item": "vehicles.other", "count": 2},
    "headcount": {"item": "admin", "count": 12},
    "prior": {"cell": "N.s1.total", "amount_fen": 5_00},
    "reason": {"slot": "s1.change", "text": "增加了就业专项资金"},
    "text": {"slot": "duties", "text": "主要职能"},
    "key-work": {"no": "1", "item": "稳就业"},
    "goal": {"project": "P02", "expected": "办结案件 555 件"},
    "target": {"project": "P02", "no": "1", "level1": "产出指标", "level3": "办结案件"},
    "result": {"project": "P02", "no": "1", "actual": "699件"},
    "score-override": {"project": "P02", "no": "1", "score_hundredths": 50, "reason": "专家评议"},
    "close-year": {"lines": (), "occurred_on": YEAR_END},
    "reopen-year": {"reason": "漏记一笔", "occurred_on": YEAR_END},
    "publish": {
        "occurred_on": YEAR_END,
        "published_on": date(2021, 9, 1),
        "files": (REPORT_FILE,),
        "heads": (HeadOfBook(BOOK, 1, "0f" * 32),),
        "edition": "2020",
    },
    "final-approval": {"occurred_on": YEAR_END, "approved_on": date(2021, 8, 20), "doc": DOC},
}
"""What a request says when a test does not say it; the builders say the same."""


def opened(basis: Any = "payment", on: date = DAY, **more: Any) -> BookOpened:
    return BookOpened(**{**DEFAULTS["open-book"], "basis": basis, **more}, occurred_on=on)


def amended(on: date = DAY, **facts: Any) -> BookAmended:
    return BookAmended(**{**DEFAULTS["open-book"], **facts}, occurred_on=on)


def with_project(
    code: str, name: str = "劳动监察执法工作经费", on: date = DAY
) -> ProjectRegistered:
    return ProjectRegistered(code=code, name=name, occurred_on=on)


def listed(*rows: tuple[str, str], **more: Any) -> CodeSetAdopted:
    said = {**DEFAULTS["codes"], "occurred_on": DAY, **more}
    return CodeSetAdopted(**said, rows=tuple(CodeName(*row) for row in rows))


def carried_in(fen: int, at: BudgetLine = CARRIED, **more: Any) -> OpeningLoaded:
    return OpeningLoaded(line=at, amount_fen=fen, **{"occurred_on": DAY, **more})


def signed_contract(fen: int = 20_00, no: str = "HT-1", **more: Any) -> ContractSigned:
    """政府采购合同."""
    said = {**DEFAULTS["contract"], "occurred_on": DAY, "amount_fen": fen, "no": no, **more}
    return ContractSigned(**said)


def received_guests(fen: int, *tied: tuple[int, int], **more: Any) -> ReceptionHeld:
    """公务接待, with what each payment, by its entry, paid of it."""
    said = {**DEFAULTS["reception"], "occurred_on": DAY, "amount_fen": fen, **more}
    return ReceptionHeld(**said, payments=tuple(Tied(*each) for each in tied))


def adjusted(
    fen: int, adjustment: Any = "remitted", at: BudgetLine = CARRIED, **more: Any
) -> OpeningAdjusted:
    return OpeningAdjusted(
        line=at, amount_fen=fen, adjustment=adjustment, **{"occurred_on": DAY, "doc": DOC, **more}
    )


def recovered(fen: int, at: BudgetLine = CARRIED, **more: Any) -> StockRecovered:
    return StockRecovered(
        line=at,
        amount_fen=fen,
        carryover=at.origin < 2020,
        **{"occurred_on": DAY, "doc": DOC, **more},
    )


def transferred(fen: int, at: BudgetLine = CARRIED, **more: Any) -> CarryoverTransferred:
    return CarryoverTransferred(
        line=at,
        amount_fen=fen,
        **{"counterpart": OTHER_BOOK, "occurred_on": DAY, "doc": DOC, **more},
    )


def appropriated(fen: int, at: BudgetLine = LINE, **more: Any) -> InitialBudgetApproved:
    return InitialBudgetApproved(line=at, amount_fen=fen, **{"occurred_on": DAY, **more})


def supplemented(fen: int, at: BudgetLine = LINE, **more: Any) -> BudgetSupplemented:
    return BudgetSupplemented(line=at, amount_fen=fen, **{"occurred_on": DAY, "doc": DOC, **more})


def cut_by(fen: int, at: BudgetLine = LINE, from_pending_fen: int = 0, **more: Any) -> BudgetCut:
    return BudgetCut(
        line=at,
        amount_fen=fen,
        from_pending_fen=from_pending_fen,
        **{"occurred_on": DAY, "doc": DOC, **more},
    )


def released(fen: int, at: BudgetLine = LINE, **more: Any) -> IndicatorReleased:
    return IndicatorReleased(line=at, amount_fen=fen, **{"occurred_on": DAY, **more})


def withdrawn(fen: int, at: BudgetLine = LINE, **more: Any) -> IndicatorWithdrawn:
    return IndicatorWithdrawn(line=at, amount_fen=fen, **{"occurred_on": DAY, **more})


def reclassified(fen: int, at: BudgetLine = CARRIED, **more: Any) -> CarryoverReclassified:
    said = {"cause": "done", "occurred_on": DAY, "doc": DOC, **more}
    return CarryoverReclassified(line=at, amount_fen=fen, **said)


def reused(
    fen: int, at: BudgetLine = CARRIED, to: BudgetLine = CARRIED_ON, **more: Any
) -> SurplusReused:
    said = {"occurred_on": DAY, "doc": DOC, **more}
    return SurplusReused(line=at, to_line=to, amount_fen=fen, **said)


def capped(fen: int, item: Any = "reception", **more: Any) -> ItemCapped:
    return ItemCapped(item=item, amount_fen=fen, **{"occurred_on": DAY, "doc": DOC, **more})


def shares(*parts: tuple[BudgetLine, int]) -> tuple[Share, ...]:
    return tuple(Share(at, fen) for at, fen in parts)


def reallocated(source: BudgetLine, target: BudgetLine, fen: int, **more: Any) -> BudgetReallocated:
    return BudgetReallocated(
        sources=shares((source, fen)),
        targets=shares((target, fen)),
        **{"occurred_on": DAY, "doc": DOC, "authority": "finance", **more},
    )


def requested(source: BudgetLine, target: BudgetLine, fen: int, **more: Any) -> ApprovalRequested:
    """A reallocation that waits; `authority` is the one that it needs."""
    proposed = reallocated(source, target, fen, **more)
    return ApprovalRequested(
        occurred_on=proposed.occurred_on,
        doc=proposed.doc,
        reason=proposed.reason,
        proposed=proposed,
        needed=proposed.authority,
    )


def approved(request: Given, reason: str = "", **more: Any) -> Callable[[Book], Any]:
    """`more` is what the approval changes of the event: its date, doc, authority."""

    def approval(book: Book) -> RequestApproved:
        entry = book.original(request).entry
        assert isinstance(entry.event, ApprovalRequested)
        made = structs.replace(entry.event.proposed, **{"occurred_on": DAY, **more})
        return RequestApproved(
            occurred_on=made.occurred_on,
            doc=made.doc,
            reason=reason,
            original=entry.number,
            approved=made,
        )

    return approval


def left_over(
    at: BudgetLine, fen: int, choice: Any = "carry", pending_fen: int = 0, doc: str = ""
) -> LineClosed:
    """What becomes of what is left on a line."""
    return LineClosed(at, choice, fen, pending_fen, doc)


def closing(*lines: LineClosed, cash: tuple[Share, ...] = ()) -> Any:
    """The year closed by one person, waiting for the second signature."""
    proposed = YearClosed(occurred_on=YEAR_END, lines=lines, cash=cash, authority="department")
    return ApprovalRequested(occurred_on=YEAR_END, proposed=proposed, needed="department")


def signed(request: Given) -> Callable[[Book], Any]:
    """The second signature under a closing or a reopening."""
    return approved(request, occurred_on=YEAR_END)


def published(**more: Any) -> ReportPublished:
    """公开 of a report, in autumn."""
    return ReportPublished(**{**DEFAULTS["publish"], **more})


def finally_approved(closed: int, *lines: LineClosed, **more: Any) -> FinalAccountApproved:
    """决算批复 of the closing that is entry `closed`."""
    said = {**DEFAULTS["final-approval"], **more}
    return FinalAccountApproved(closing=closed, lines=lines, **said)


def rejected(request: Given, **more: Any) -> Callable[[Book], Any]:
    def rejection(book: Book) -> RequestRejected:
        said = {"occurred_on": DAY, "reason": "不急", **more}
        return RequestRejected(original=book.number_of(request), **said)

    return rejection


def paid(fen: int, at: BudgetLine = LINE, econ: str = "30299", **more: Any) -> DisbursementRecorded:
    return DisbursementRecorded(
        line=at, econ=econ, amount_fen=fen, **{"payee": PAYEE, "occurred_on": DAY, **more}
    )


def items(*parts: tuple[BudgetLine, str, int]) -> tuple[VoucherItem, ...]:
    return tuple(VoucherItem(*part) for part in parts)


def vouched(*parts: tuple[BudgetLine, str, int], **more: Any) -> VoucherPaid:
    return VoucherPaid(items=items(*parts), **{"payee": PAYEE, "occurred_on": DAY, **more})


def planned(fen: int, at: BudgetLine = LINE, month: int = 6, **more: Any) -> FundPlanApproved:
    return FundPlanApproved(
        line=at, month=month, amount_fen=fen, **{"occurred_on": DAY, "doc": DOC, **more}
    )


def held(fen: int, at: BudgetLine = LINE, **more: Any) -> CommitmentReserved:
    return CommitmentReserved(line=at, amount_fen=fen, **{"occurred_on": DAY, **more})


def freed(reservation: Given, fen: int, **more: Any) -> Callable[[Book], Any]:
    def release(book: Book) -> CommitmentReleased:
        entry = book.original(reservation).entry
        return CommitmentReleased(
            original=entry.number,
            line=entry.event.line,  # type: ignore[union-attr]
            amount_fen=fen,
            **{"occurred_on": DAY, **more},
        )

    return release


def paid_from(reservation: Given, fen: int, **more: Any) -> Callable[[Book], Any]:
    def payment(book: Book) -> DisbursementRecorded:
        entry = book.original(reservation).entry
        at = entry.event.line  # type: ignore[union-attr]
        return paid(fen, at, **{"reserve": entry.number, **more})

    return payment


def refunded(payment: Given, fen: int, **more: Any) -> Callable[[Book], Any]:
    def refund(book: Book) -> DisbursementRefunded:
        entry = book.original(payment).entry
        event = effective(entry.event)
        assert isinstance(event, DisbursementRecorded)
        return DisbursementRefunded(
            original=entry.number,
            line=event.line,
            econ=event.econ,
            amount_fen=fen,
            payee=event.payee,
            **{"occurred_on": DAY, **more},
        )

    return refund


def corrected(wrong: Given, right: Any, **more: Any) -> Callable[[Book], Any]:
    """`right` in the place of `wrong`, in one entry."""

    def correction(book: Book) -> EntryCorrected:
        entry = book.original(wrong).entry
        undone = effective(entry.event)
        assert isinstance(undone, MoneyEvent)
        first = first_of(entry.number, entry.event)
        return EntryCorrected(
            original=entry.number,
            first=None if first == entry.number else first,
            reversed=undone,
            right=right,
            **{"occurred_on": DAY, "doc": right.doc, "authority": brought(undone), **more},
        )

    return correction


def reversed_(undone: Given, **more: Any) -> Callable[[Book], Any]:
    """With the authority by which what it undoes took effect."""

    def reversal(book: Book) -> EntryReversed:
        entry = book.original(undone).entry
        taken_back = effective(entry.event)
        assert taken_back is not None
        return EntryReversed(
            original=entry.number,
            reversed=taken_back,
            **{"occurred_on": DAY, "authority": brought(taken_back), **more},
        )

    return reversal


def reversal_requested(undone: Given, **more: Any) -> Callable[[Book], Any]:
    """A reversal that waits for the authority by which what it undoes took effect."""

    def request(book: Book) -> ApprovalRequested:
        proposed = reversed_(undone, **more)(book)
        return ApprovalRequested(
            occurred_on=proposed.occurred_on,
            doc=proposed.doc,
            reason=proposed.reason,
            proposed=proposed,
            needed=proposed.authority,
        )

    return request


def received(
    fen: int, at: BudgetLine = CASH, source: Any = "service", **more: Any
) -> IncomeRecognised:
    return IncomeRecognised(
        line=at.at_econ("-"), source=source, amount_fen=fen, **{"occurred_on": DAY, **more}
    )


def surplus_in(fen: int, pool: Any = "unrestricted", **more: Any) -> SurplusLoaded:
    return SurplusLoaded(pool=pool, amount_fen=fen, **{"occurred_on": DAY, **more})


def surplus_adjusted(fen: int, **more: Any) -> SurplusAdjusted:
    said = {**DEFAULTS["adjust-surplus"], "occurred_on": DAY, **more}
    return SurplusAdjusted(amount_fen=fen, **said)


def used(fen: int, at: BudgetLine = OWN, **more: Any) -> NonFiscalSurplusUsed:
    said = {"occurred_on": DAY, "pool": "unrestricted", **more}
    return NonFiscalSurplusUsed(line=at, amount_fen=fen, **said)


def distributed(
    fen: int, distribution: Any = "unrestricted", at: BudgetLine = OWN, **more: Any
) -> SurplusDistributed:
    said = {"occurred_on": YEAR_END, **more}
    return SurplusDistributed(line=at, distribution=distribution, amount_fen=fen, **said)


def reconciled(paid_fen: int, statement_fen: int, **more: Any) -> StatementReconciled:
    return StatementReconciled(
        paid_fen=paid_fen,
        statement_fen=statement_fen,
        **{"statement": STATEMENT, "occurred_on": DAY, **more},
    )


def locked_through(month: int) -> tuple[MonthLocked, ...]:
    """月结 of the months of the year up to one, in their order, when all of them are over."""
    on = max(DAY, last_day(2020, month))
    return tuple(locked(each, on) for each in range(1, month + 1))


def locked(month: int, on: date = DAY) -> MonthLocked:
    return MonthLocked(month=month, occurred_on=on)
