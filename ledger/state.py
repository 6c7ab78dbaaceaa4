"""What a decision may see of a book: the fold of its entries, O(lines, days on which money came to
each, and open requests), never O(entries).

`evolve` adds one entry and proves the identity of every line it touches (domain §2.3):
AUTH = PENDING + EXEC + HELD + PAID + TAKEN + OUT, each of them ≥ 0. A book in which that fails is
`Corrupt`, whoever wrote it.
"""

from datetime import date, datetime
from typing import Annotated, TypeVar

import msgspec

from ledger.book import year_of
from ledger.effects import Decided, Effects, effects
from ledger.errors import Corrupt, Damage
from ledger.events import (
    ENCODER,
    AnyEvent,
    ApprovalRequested,
    BookAmended,
    BookOpened,
    CodeSetAdopted,
    DisbursementRecorded,
    Entry,
    EntryCorrected,
    EntryReversed,
    FinalAccountApproved,
    FundBases,
    InitialBudgetApproved,
    ItemCapped,
    MoneyEvent,
    MonthLocked,
    MonthUnlocked,
    Previous,
    ProjectRegistered,
    ReportPublished,
    RequestApproved,
    RequestRejected,
    StatementReconciled,
    YearClosed,
    YearReopened,
    line_of_text,
)
from ledger.events.particulars import ContractSigned, Particular, ReceptionHeld, TripMade
from ledger.kinds import Basis, CodeSet, Pool, ProcurementType, ThreePublicItem, UnitKind
from ledger.line import FISCAL_FUNDS, BudgetLine
from ledger.postings import AUTH, PAID, Account, Move, capped
from ledger.refusals import not_opened

_NO_MOVES = [0] * len(Account)


class BookFacts(msgspec.Struct, frozen=True):
    """账套信息, as opened or last amended."""

    name: str
    unit_kind: UnitKind
    edition: str
    edition_sha256: str
    basis: Basis
    rules: int
    fund_basis: FundBases = ()

    def basis_of(self, fund: str) -> Basis:
        """The income basis of a fund: its own, else the book's."""
        return next((own.basis for own in self.fund_basis if own.fund == fund), self.basis)


class OwnCap(msgspec.Struct, array_like=True):
    """A 三公限额 that stands: its entry, fen."""

    entry: int
    fen: int


class Cap(msgspec.Struct, array_like=True):
    """R3, one 三公 item: what its lines let its payments reach, what they have reached, fen, and
    the caps of its own that stand, in their order."""

    of_lines_fen: int = 0
    spent_fen: int = 0
    own: list[OwnCap] = []

    @property
    def cap_fen(self) -> int:
        """What payments may reach: the last cap of its own, else what its lines say."""
        return self.own[-1].fen if self.own else self.of_lines_fen

    def without(self, entry: int) -> "Cap":
        """As if one of its own caps did not stand."""
        own = [each for each in self.own if each.entry != entry]
        return Cap(self.of_lines_fen, self.spent_fen, own)

    def decides(self, entry: int) -> bool:
        """Whether the own cap of an entry is the one in force, no later one in its place."""
        return bool(self.own) and self.own[-1].entry == entry


class Contract(msgspec.Struct, array_like=True):
    """A 采购合同 that stands: its entry, what is bought, its amount, what is kept for it (占用) and
    paid of it, fen."""

    entry: int
    procurement_type: ProcurementType
    amount_fen: int
    held_fen: int = 0
    paid_fen: int = 0


class Approval(msgspec.Struct, array_like=True, frozen=True):
    """A 决算批复 that stands: its entry, and what it says."""

    entry: int
    said: FinalAccountApproved


class BookState(msgspec.Struct, kw_only=True):
    """A book after `number` entries. Made by `initial`, changed by `evolve` alone."""

    book: str
    number: int = 0
    recorded_at: datetime | None = None
    facts: BookFacts | None = None
    previous: Previous | None = None
    """The closed book that this one was opened from."""
    projects: dict[str, str] = {}
    code_lists: dict[CodeSet, int] = {}
    """The entry that adopted the list of codes in use, where one was (L76)."""
    lines: dict[BudgetLine, Annotated[list[int], msgspec.Meta(min_length=7, max_length=7)]] = {}
    initial_fen: dict[BudgetLine, int] = {}
    plans: dict[BudgetLine, list[int]] = {}
    """用款计划 by month, of the lines that have any."""
    paid_in: dict[BudgetLine, list[int]] = {}
    """What was paid of a line in each month, fen, less what came back: a plan may come later than
    the payments that it is compared with (L30)."""
    locked_months: list[int] = []
    three_public: dict[ThreePublicItem, Cap] = {}
    cash: dict[str, int]
    """Non-fiscal money in hand by the project that it is bound to, `-` for none, fen: carried in ±
    adjusted + income + used of pools − handed back − payments − distributed. Without a default, as
    `paid_at`."""
    came: dict[BudgetLine, dict[int, int]]
    """What came into 可执行 of each line, fen by business day (`day_of`), whatever went since: what
    is spent of a day is compared with what was there on it (L68). Without a default, as `paid_at`.
    """
    cash_came: dict[int, int]
    """What came into the non-fiscal cash, fen by business day. Without a default, as `paid_at`."""
    turnover_fen: int = 0
    """Everything ever approved or received, to bound sums (TOTAL_MAX_FEN)."""
    money_entries: int = 0
    received: dict[BudgetLine, int] = {}
    """Recorded income by purpose, with what was used of a pool and less what was distributed, fen.
    """
    reclassified: dict[BudgetLine, int] = {}
    """What of this year's money of a line was turned into 结余 and not reused, fen."""
    pools: dict[Pool, int] = {}
    """What is in each pool of 非财政拨款结余, fen."""
    closed: int = 0
    """The entry that closed the year; 0 while it is open."""
    closing: YearClosed | None = None
    """What that entry decided."""
    approvals: list[Approval] = []
    """The 决算批复 of that closing that stand; the last one counts."""
    paid_at: int
    """The last entry that moved 已支付 of fiscal money, 0 where none did (L15). Without a default:
    a snapshot that an earlier program took without it does not thaw, and is not believed (L16)."""
    reconciled: int = 0
    """The last entry that reconciled with the finance bureau, 0 where none did."""
    open_requests: list[int] = []
    """The requests that wait for approval, by entry number, oldest first."""
    contracts: dict[str, Contract] = {}
    """采购合同 by their numbers."""
    published: dict[str, int] = {}
    """The files of the publications that stand, SHA-256, and the entry of each (公开)."""
    tied: dict[int, int] = {}
    """What receptions and trips say of each payment that was made for them, by the entry that
    recorded it first, fen (L77)."""

    @property
    def cash_fen(self) -> int:
        """Non-fiscal money in hand."""
        return sum(self.cash.values())

    @property
    def paid_fen(self) -> int:
        """What is paid of all fiscal money."""
        return sum(
            balances[PAID] for line, balances in self.lines.items() if line.fund in FISCAL_FUNDS
        )

    @property
    def opened_facts(self) -> BookFacts:
        """What is known of a book that was opened. Raises `Refused` where it was not."""
        if self.facts is None:
            raise not_opened(self.book)
        return self.facts

    @property
    def year(self) -> int:
        """The fiscal year."""
        return year_of(self.book)

    @property
    def approved(self) -> FinalAccountApproved | None:
        """What finance approved of the closed year, where it did."""
        return self.approvals[-1].said if self.approvals else None

    def of(self, line: BudgetLine, account: Account) -> int:
        """One account of one line, fen; 0 for a line that does not exist. AUTH reads positive."""
        fen = self.lines.get(line, _NO_MOVES)[account]
        return -fen if account is AUTH else fen

    def available_fen(self, line: BudgetLine) -> int:
        """What may still be spent on a line (可执行)."""
        return self.of(line, Account.EXEC)


def initial(book: str) -> BookState:
    """A book before its first entry."""
    return BookState(book=book, paid_at=0, cash={}, came={}, cash_came={})


def day_of(day: date) -> int:
    """A day of the year as a key: 1225 is 25 December."""
    return day.month * 100 + day.day


def evolve(state: BookState, entry: Entry, does: Effects | None = None) -> None:
    """Adds one entry to `state`, in place; `does` is what its event does, where that was worked out
    to decide it. Raises `Corrupt` if it is not the next one, runs back in time, cannot happen
    there, or breaks the identity of a line."""
    if entry.number != state.number + 1:
        raise Corrupt(
            Damage.BOOK_CORRUPT,
            f"{state.book} 第 {state.number} 笔之后出现第 {entry.number} 笔，编号不连续",
        )
    if state.recorded_at is not None and entry.recorded_at < state.recorded_at:
        raise Corrupt(Damage.BOOK_CORRUPT, f"{state.book} 第 {entry.number} 笔的记录时间早于前一笔")
    state.recorded_at = entry.recorded_at
    _add_event(state, entry.event, does)


def suppose(ahead: BookState, decided: Decided[AnyEvent]) -> None:
    """Adds an event that nobody has recorded to a `copy`. Raises `Corrupt` as `evolve` does."""
    _add_event(ahead, decided.event, decided.does)


def without(state: BookState, event: MoneyEvent) -> BookState:
    """A copy as if a money event had never been: what was spent of it stays spent, so that its
    accounts may be below zero. For a decision whose outcome is judged on the book as it is."""
    ahead = copy(state)
    undone = EntryReversed(occurred_on=event.occurred_on, original=1, reversed=event)
    does = effects(undone)
    _move(ahead, does.moves, event.occurred_on)
    _follow(ahead, does, event.occurred_on)
    _settle_or_approve(ahead, undone)
    if isinstance(event, ItemCapped):  # `covered` compares the cap that is then in force
        ahead.three_public[event.item].spent_fen = 0
    return ahead


def _add_event(state: BookState, event: AnyEvent, does: Effects | None) -> None:
    state.number += 1
    if type(event) is DisbursementRecorded:  # nine entries of ten: nothing else is asked of them
        _money(state, event, does)
        return
    match event:
        case BookOpened():
            state.facts, state.previous = _facts(event, event.rules), event.previous
        case BookAmended():
            if state.facts is None:
                raise _impossible(state)
            state.facts = _facts(event, state.facts.rules)
        case ProjectRegistered():
            state.projects[event.code] = event.name
        case CodeSetAdopted(code_set=code_set):
            state.code_lists[code_set] = state.number
        case StatementReconciled(tied=tied):
            if tied is None:
                state.reconciled = state.number
        case FinalAccountApproved():
            state.approvals.append(Approval(state.number, event))
        case MonthLocked():
            state.locked_months.append(event.month)
        case EntryReversed(original=number, reversed=FinalAccountApproved()):
            state.approvals = [each for each in state.approvals if each.entry != number]
        case Particular():
            _told(state, event, 1)
        case EntryReversed(reversed=Particular() as undone):
            _told(state, undone, -1)
        case ApprovalRequested():
            state.open_requests.append(state.number)
        case RequestRejected():
            _settle(state, event.original)
        case _:
            _money(state, event, does)
            _settle_or_approve(state, event)
            _cap(state, event)
            _close(state, event)


def _told(state: BookState, event: Particular, sign: int) -> None:
    """What a fact that moves no money leaves behind, or its reversal takes away."""
    match event:
        case ContractSigned(no=no) if sign > 0:
            state.contracts[no] = Contract(state.number, event.procurement_type, event.amount_fen)
        case ContractSigned(no=no):
            if state.contracts.pop(no, None) is None:
                raise _impossible(state)
        case ReportPublished(files=files) if sign > 0:
            state.published |= {file.sha256: state.number for file in files}
        case ReportPublished(files=files):
            for sha256 in {file.sha256 for file in files}:
                if state.published.pop(sha256, None) is None:
                    raise _impossible(state)
        case ReceptionHeld(payments=payments) | TripMade(payments=payments):
            for tied in payments:
                left_fen = state.tied.get(tied.entry, 0) + sign * tied.fen
                if left_fen < 0:
                    raise _impossible(state)
                state.tied[tied.entry] = left_fen
                if not left_fen:
                    del state.tied[tied.entry]


def _impossible(state: BookState) -> Corrupt:
    """The complaint about an entry that only another entry before it makes possible."""
    return Corrupt(Damage.RULES, f"{state.book} 第 {state.number} 笔不可能在此处发生")


def _money(state: BookState, event: AnyEvent, does: Effects | None) -> None:
    if does is None:
        does = effects(event)
    state.money_entries += 1
    _post(state, does.moves, event.occurred_on)
    _follow(state, does, event.occurred_on)


def _cap(state: BookState, event: AnyEvent) -> None:
    """The 三公限额; what is put right stands in the place of what was wrong."""
    undone, right = capped(event)
    number = state.number
    if undone is not None and isinstance(event, EntryReversed | EntryCorrected):
        own = state.three_public[undone.item].own
        at = next((at for at, each in enumerate(own) if each.entry == event.original), None)
        if at is None:
            raise _impossible(state)
        if right is not None and right.item == undone.item:
            own[at] = OwnCap(number, right.amount_fen)
            return
        del own[at]
    if right is not None:
        cap = state.three_public.setdefault(right.item, Cap())
        cap.own.append(OwnCap(number, right.amount_fen))


def _close(state: BookState, event: AnyEvent) -> None:
    made = event.approved if isinstance(event, RequestApproved) else event
    if isinstance(made, YearClosed):
        state.closed, state.closing = state.number, made
    elif isinstance(made, YearReopened):
        state.closed, state.closing = 0, None
    elif isinstance(made, MonthUnlocked):
        state.locked_months.remove(made.month)


def _facts(event: BookOpened | BookAmended, rules: int) -> BookFacts:
    return BookFacts(
        event.name,
        event.unit_kind,
        event.edition,
        event.edition_sha256,
        event.basis,
        rules,
        event.fund_basis,
    )


def _settle(state: BookState, request: int) -> None:
    state.open_requests = [number for number in state.open_requests if number != request]


def _post(state: BookState, moves: tuple[Move, ...], day: date) -> None:
    _move(state, moves, day)
    for move in moves:
        balances = state.lines[move.line]
        # A credit and what it is spent on: AUTH is below zero by what the others are above it.
        if sum(balances) or min(balances[1:]) < 0:
            raise Corrupt(
                Damage.ACCOUNT_IDENTITY,
                f"{state.book} 第 {state.number} 笔之后，{move.line} 的账户不平或为负：{balances}",
            )


def _move(state: BookState, moves: tuple[Move, ...], day: date) -> None:
    lines = state.lines
    for move in moves:
        balances = lines.get(move.line)
        if balances is None:
            balances = lines[move.line] = [0] * len(Account)
        balances[move.source] -= move.fen
        balances[move.target] += move.fen
        came_fen = move.spendable_fen
        if came_fen > 0:
            _came(state.came.setdefault(move.line, {}), day, came_fen)
        paid_fen = move.paid_fen
        if paid_fen:
            months = state.paid_in.get(move.line)
            if months is None:
                months = state.paid_in[move.line] = [0] * 12
            months[day.month - 1] += paid_fen
            if move.line.fund in FISCAL_FUNDS:
                state.paid_at = state.number


def _came(days: dict[int, int], day: date, fen: int) -> None:
    key = day_of(day)
    days[key] = days.get(key, 0) + fen


def _follow(state: BookState, does: Effects, day: date) -> None:
    """Cash, income, pools and turnover, 用款计划 per line, the 三公 caps and payments."""
    if does.cash:
        for project, fen in does.cash:
            _add(state.cash, project, fen)
        if does.cash_fen > 0:
            _came(state.cash_came, day, does.cash_fen)
    state.turnover_fen += does.turnover_fen
    for move in does.moves:
        surplus_fen = move.surplus_fen
        if surplus_fen and move.line.origin == state.year:
            _add(state.reclassified, move.line, surplus_fen)
    for inflow in does.inflows:
        if inflow.line is not None:
            _add(state.received, inflow.line, inflow.fen)
    for pool, fen in does.pools:
        _add(state.pools, pool, fen)
    for item, cap_fen, spent_fen in does.caps:
        cap = state.three_public.setdefault(item, Cap())
        cap.of_lines_fen += cap_fen
        cap.spent_fen += spent_fen
    for no, _, held_fen, paid_fen in does.procured:
        if not no:
            continue
        contract = state.contracts.get(no)
        if contract is None:
            raise _impossible(state)
        contract.held_fen += held_fen
        contract.paid_fen += paid_fen
    for line, month, fen in does.plans:
        months = state.plans.setdefault(line, [0] * 12)
        months[month - 1] += fen
        if not any(months):
            del state.plans[line]


def _settle_or_approve(state: BookState, event: AnyEvent) -> None:
    """The open requests, and 年初预算 per line."""
    if isinstance(event, RequestApproved):
        _settle(state, event.original)
    match event.approved if isinstance(event, RequestApproved) else event:
        case InitialBudgetApproved(line=line, amount_fen=fen):
            state.initial_fen[line] = state.initial_fen.get(line, 0) + fen
        case EntryReversed(reversed=InitialBudgetApproved(line=line, amount_fen=fen)):
            _not_approved(state, line, fen)
        case EntryCorrected(
            reversed=InitialBudgetApproved(line=line, amount_fen=fen),
            right=InitialBudgetApproved() as right,
        ):
            _not_approved(state, line, fen)
            state.initial_fen[right.line] = state.initial_fen.get(right.line, 0) + right.amount_fen
        case _:
            pass


def _not_approved(state: BookState, line: BudgetLine, fen: int) -> None:
    """Takes a 年初预算 back."""
    if line not in state.initial_fen:
        raise _impossible(state)
    state.initial_fen[line] -= fen


_Key = TypeVar("_Key")


def _add(sums: dict[_Key, int], key: _Key, fen: int) -> None:
    """Adds to a sum; one that is nil is not kept."""
    sums[key] = sums.get(key, 0) + fen
    if not sums[key]:
        del sums[key]


_DECODER = msgspec.json.Decoder(BookState, dec_hook=line_of_text)


def freeze(state: BookState) -> bytes:
    """A state as bytes, for a snapshot."""
    return ENCODER.encode(state)


def thaw(stored: bytes) -> BookState:
    """The state of `freeze`. Raises `ValueError` when they are none."""
    return _DECODER.decode(stored)


def copy(state: BookState) -> BookState:
    """An independent copy, for a decision that must look ahead."""
    return thaw(freeze(state))
