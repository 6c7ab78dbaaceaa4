"""The inside of one write transaction: requests are answered one after another on one state.

Nothing here begins or commits; books.py does. What is recorded is buffered and inserted in
batches, and later requests of the same transaction see it.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from ledger.book import BookId
from ledger.doors.doubles import close, nearest, repeated
from ledger.effects import Decided
from ledger.errors import Corrupt, Damage, Malformed, Unreadable
from ledger.events import (
    AnyEvent,
    ApprovalRequested,
    BookOpened,
    CarryoverTransferred,
    CommitmentReserved,
    DisbursementRecorded,
    Entry,
    ReportPublished,
    RequestApproved,
    VoucherPaid,
    YearReopened,
    decode,
    encode,
    kind_of,
    meant_by,
)
from ledger.events.particulars import FACT_NAMES, ContractSigned, Particular, ResultReported
from ledger.line import BudgetLine, Fund
from ledger.marks import Paid, of_row
from ledger.money import yuan
from ledger.postings import corrects, earlier, effective, first_of
from ledger.proofs.chain import link
from ledger.proofs.head import Head
from ledger.refusals import Contradiction, Refusal, Refused, Way, not_opened
from ledger.requests import Request, decide
from ledger.rules import ways
from ledger.rules.cautions import (
    Caution,
    Remark,
    Undone,
    cautions,
    clock_behind,
    clock_strange,
    contracted,
    lacking,
    of_contract,
    of_other_funds,
    overdrawn,
    three_public_paid,
)
from ledger.rules.originals import Original
from ledger.rules.uncovered import Take, doubtful
from ledger.state import BookState, evolve
from ledger.store import fold
from ledger.store.code_names import NamesInUse
from ledger.store.fold import freeze_snapshot, read_state, stored_entry
from ledger.store.forms import FormsOfBooks, NoForms, PublishedAs
from ledger.store.log import StoredRow, Transaction, number_of_key
from ledger.store.past import Past
from ledger.store.payments import Payments
from ledger.texts import folded

if TYPE_CHECKING:
    from ledger.doors.last_year import ClosedBook

_ABOUT_REQUESTS = ("approve", "reject")
_CORRECTED_SINCE = (
    "编号“{key}”与第 {entry} 笔编号相同；第 {entry} 笔已更正为第 {corrected_by} 笔，"
    "内容不同（{differs}）；同一编号不能记录两件事"
)
_UNDATED = ("amend-book", "codes", *FACT_NAMES)
"""What has a day only because every entry has: what says how something is called, and what a report
tells of a whole year."""
_PLACES = {
    **dict.fromkeys(("asset", "headcount"), "item"),
    **dict.fromkeys(("reason", "text"), "slot"),
    "prior": "cell",
}
"""What the forms have a word for, in a request of a kind."""
_NUMBER = r"#[0-9]{1,15}"


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """The answer to one request: the entries that hold it now, the last being the one meant.

    `already`: its key was used before by the same request, and nothing was written. `state` is
    the book as it is then; the same object as in the transaction, so it moves on with it; `present`
    is the book of now, where `state` is of an earlier day. `settled` is what has become of a
    request for approval by now: the entry that approved or rejected it. `undone` is what has become
    of what it brought into effect, where that stands no more. `opened` are the
    lines that came into being with it. `doubtful` is what it took of days on which that may not
    have been there: the views know (L68).
    """

    entries: tuple[Entry, ...]
    state: BookState
    head: Head
    cautions: tuple[Remark, ...]
    already: bool = False
    settled: Entry | None = None
    undone: Undone | None = None
    present: BookState | None = None
    opened: tuple[BudgetLine, ...] = ()
    doubtful: tuple[Take, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether it is a request for approval that nobody has settled."""
        return isinstance(self.entries[-1].event, ApprovalRequested) and self.settled is None


class Durable(NamedTuple):
    """Entries of a book that are durable now, by their numbers."""

    book: str
    first: int
    last: int


class Writing:
    """Answers requests on one book. `transaction` is None while there is no log yet: then what
    is recorded is only rehearsed. `beside` is the other book of a transfer, in the same
    transaction: what becomes of this one becomes of both (L46)."""

    def __init__(
        self,
        book: str,
        state: BookState,
        head: Head,
        *,
        actor: str,
        now: datetime,
        transaction: Transaction | None = None,
        forms: FormsOfBooks | None = None,
    ) -> None:
        self.book = book
        self.state = state
        self.head = self._began = head
        self.abandoned = False
        self.beside: Writing | None = None
        self._transaction = transaction
        self._forms: FormsOfBooks = forms or NoForms()
        self._actor = actor
        self._today = now.date()
        self._recorded_at = max(now.astimezone(UTC), state.recorded_at or now.astimezone(UTC))
        self._of_clock = (
            *clock_behind(book, state.number, state.recorded_at, now),
            *clock_strange(state.year, now),
        )
        self._past = Past(book, transaction, head.entries)
        self._payments = Payments(self._past)
        self._code_names = NamesInUse(state.year)
        self._pending_keys: dict[str, int] = {}
        self._foreseen: dict[str, int | None] = {}
        interval = fold.SNAPSHOT_INTERVAL
        self._snapshot_due = state.number - state.number % interval + interval

    def foresee(self, keys: Iterable[str]) -> None:
        """Looks up at once what the requests to come would ask one by one: the entries that
        answered these keys. It holds until the next time, with what is recorded in between."""
        if self._transaction is not None and self.state.number:
            self._foreseen = {key: self._pending_keys.get(key) for key in keys}
            self._foreseen |= self._transaction.numbers_of(self.book, self._foreseen)

    def record(self, request: Request) -> Recorded:
        """Decides one request on the state so far. Raises `Refused`; then nothing changed."""
        request = self._placed(self._replacing(request))
        digest = None
        if request.key is not None:
            digest = request.digest()
            number = self.number_of_key(request.key)
            if number is not None:
                return self._answered(request, digest, number)
        before = self._said_before(request)
        if before is not None:
            return before
        if self.state.facts is None and request.kind != "open-book":
            raise not_opened(self.book)  # before anything else can be wrong with the request
        original = None if request.ref is None else self._original(request.ref, request)
        request = self._with_payments(self._dated(request, original))
        self._unsaid_by_last_year(request)
        closed = self._closed(request)
        if closed is None:
            decided = decide(self.state, request, original, actor=self._actor)
            if request.kind == "lock-month":
                from ledger.doors.months import over  # twelve times a year

                over(self.state.year, request.given["month"], self._today)
            if original is not None and request.kind == "approve":
                from ledger.doors.persons import by_another  # seldom, and with Unicode's tables

                by_another(original, self._actor)
        else:
            from ledger.doors.last_year import open_from  # once a year

            facts = {name: value for name, value in request.given.items() if name != "previous"}
            decided = open_from(self.state, closed=closed, **facts)
        known = len(self.state.lines)
        entries: list[Entry] = []
        remarks: list[Remark] = []
        takes: list[Take] = []
        for each in decided:
            if isinstance(each.event, CarryoverTransferred) and not each.event.incoming:
                remarks += self._arrive(each.event)
        for each in decided:
            remarks += self._doubles(each.event, original)
            self._of_its_target(each.event)
        for each in decided:
            last = each is decided[-1]
            entry = Entry(
                book=self.book,
                number=self.state.number + 1,
                recorded_at=self._recorded_at,
                actor=self._actor,
                event=each.event,
                key=request.key if last else None,
                digest=digest if last else None,
            )
            evolve(self.state, entry, each.does)
            self._append(entry)
            entries.append(entry)
            remarks += self._remarks(each)
            takes += doubtful(self.state, each.does, each.event.occurred_on)
        remarks += self._of_clock  # once a transaction
        self._of_clock = ()
        told = tuple(dict.fromkeys(remarks)) if remarks else ()
        came: tuple[BudgetLine, ...] = ()
        if closed is None and len(self.state.lines) != known:
            came = (*self.state.lines,)[known:]
        return Recorded(
            tuple(entries), self.state, self.head, told, opened=came, doubtful=tuple(takes)
        )

    @property
    def kept(self) -> Durable | None:
        """What the transaction has recorded in this book, if anything."""
        if self.head == self._began:
            return None
        return Durable(self.book, self._began.entries + 1, self.head.entries)

    def abandon(self) -> None:
        """Records nothing of this transaction after all."""
        self.abandoned = True
        self.head = self._began
        if self.beside is not None:
            self.beside.abandon()

    def finish(self) -> None:
        """Inserts what is pending, and a snapshot when one is due."""
        self._flush()
        if self._transaction is not None and self.state.number >= self._snapshot_due:
            snapshot = freeze_snapshot(self.state, self.head)
            self._transaction.keep(self.book, self.head.entries, snapshot)
        if self.beside is not None:
            self.beside.finish()

    def _remarks(self, decided: Decided[AnyEvent]) -> list[Remark]:
        """What is to be said of what was just recorded, in the book after it."""
        event, does = decided.event, decided.does
        names = self._code_names.of(self.state.code_lists, lambda at: self._past.entry(at).event)
        found = cautions(event, self._today, names, self.state.opened_facts.unit_kind)
        found += self._of_other_funds(event)
        found += self._of_contract(event)
        if does.cash:
            found += overdrawn(self.state, does)
        if type(event) is DisbursementRecorded:  # nine entries of ten: what follows is about others
            return found
        found += lacking(event, self.state)
        if isinstance(event, ReportPublished):
            from ledger.rules.publication import in_time  # seldom

            found += in_time(event, self.state)
        return [*found, *self._of_next_year(event)]

    def _of_other_funds(self, event: AnyEvent) -> list[Remark]:
        """What is to be said of 三公经费 that is paid with money which the forms do not count; the
        general fund every form counts, and none is read for it."""
        paid = three_public_paid(event)
        if all(fund is Fund.GENERAL for fund, *_ in paid):
            return []
        return of_other_funds(paid, self._forms.three_public_funds(self._published()))

    def _of_contract(self, event: AnyEvent) -> list[Remark]:
        """What is to be said of what is paid or kept for a contract, which stands in this book."""
        made = contracted(event)
        if made is None:
            return []
        there = self.state.contracts.get(made.contract)
        signed = None if there is None else self._past.entry(there.entry).event
        if there is None or not isinstance(signed, ContractSigned):
            return []
        return of_contract(made, signed, there.entry)

    def _arrive(self, sent: CarryoverTransferred) -> tuple[Remark, ...]:
        """Records the other half of a transfer in the other book; what is to be said of that. Of
        this half nothing is recorded yet, so that a refusal there leaves both as they were."""
        if self.beside is None or self.beside.book != sent.counterpart:
            raise ValueError(f"the transaction is not on {sent.counterpart} too")
        from ledger.decisions.opening import TRANSFER  # seldom

        arriving = Request.of(TRANSFER)(
            line=sent.line,
            amount_fen=sent.amount_fen,
            counterpart=self.book,
            incoming=True,
            occurred_on=sent.occurred_on,
            doc=sent.doc,
            reason=sent.reason,
        )
        try:
            return self.beside.record(arriving).cautions
        except Refused as refused:
            raise refused.elsewhere(self.beside.book) from refused

    def _published(self) -> PublishedAs:
        known = self.state.opened_facts
        return PublishedAs(self.book, known.edition, known.edition_sha256)

    def _placed(self, request: Request) -> Request:
        """A fact of the report with the place that it is about as the forms call it. Raises
        `Malformed`."""
        name = _PLACES.get(request.kind)
        if name is None or self.state.facts is None:
            return request
        counted, said = "count" in request.given, request.given[name]
        meant = self._forms.meant(self._published(), request.kind, said, counted=counted)
        return request._replace(given={**request.given, name: meant})

    def _unsaid_by_last_year(self, request: Request) -> None:
        """Last year's figures are last year's book's to say, where the file has it. Raises
        `Refused`."""
        if request.kind != "prior":
            return
        cell = request.given["cell"]
        said = self._forms.last_year_says(self._published(), cell)
        if said is None:
            return
        fen, count = request.given.get("amount_fen"), request.given.get("count")
        book = BookId.parse(self.book)
        raise Refused(
            Refusal.PRIOR_IN_BOOK,
            cell=cell,
            book=str(book._replace(year=book.year - 1)),
            said=f"{said:,}" if fen is None else f"{yuan(said)} 元",
            given=f"{count:,}" if fen is None else f"{yuan(fen)} 元",
            ways_out=[Way("explain", cell, unit=book.unit, year=book.year - 1)],
        )

    def _with_payments(self, request: Request) -> Request:
        """The payments that were made for what is told, by their names, as they stand."""
        refs = request.given.get("payments")
        if not refs:
            return request
        payments = tuple(self._original(ref, request) for ref in refs)
        return request._replace(given={**request.given, "payments": payments})

    def _dated(self, request: Request, original: Original | None) -> Request:
        """An `occurred_on` that was left out is today, if today lies in the book's year. A book is
        opened on its first day; what has no day of its own is of the last, in another year."""
        if request.given.get("occurred_on") is not None:
            return request
        unsaid = {"dated": False} if request.kind == "correct" else {}
        occurred_on = self._today
        if request.kind == "open-book":
            occurred_on = date(self.state.year, 1, 1)
        elif occurred_on.year != self.state.year and (
            request.kind in _UNDATED
            or (request.kind == "reverse" and original and isinstance(original.meant, Particular))
        ):
            occurred_on = date(self.state.year, 12, 31)
        elif occurred_on.year != self.state.year:
            expected = f"{self.state.year} 年内的日期（今天不在账套年度内，须用 --date 写明）"
            raise Malformed(Unreadable.DATE_REQUIRED, field="date", value="", expected=expected)
        return request._replace(given={**request.given, **unsaid, "occurred_on": occurred_on})

    def _append(self, entry: Entry) -> None:
        tag, stored = kind_of(entry.event), _canonical(entry)
        hash_ = link(self.head.hash, self.book, entry.number, tag, stored)
        self.head = Head(entry.number, hash_)
        row = StoredRow(entry.number, tag, stored, hash_, entry.key)
        self._payments.follow(entry.number, self._past.add(row, entry))
        if entry.key is not None:
            self._pending_keys[entry.key] = entry.number
            if entry.key in self._foreseen:
                self._foreseen[entry.key] = entry.number
        if self._past.full:
            self._flush()

    def _flush(self) -> None:
        if self._transaction is not None:
            self._past.write()
            self._pending_keys = {}

    def _answered(self, request: Request, digest: str, number: int) -> Recorded:
        """What an earlier request with the same key recorded, as entry `number`. Raises `Refused`
        where it was another."""
        entry = self._past.entry(number)
        if entry.key != request.key:
            message = f"{self.book} 第 {number} 笔与编号索引不符"
            raise Corrupt(Damage.ENTRY_KEY, message)
        if entry.digest != digest and (differs := self._contradictions(request, entry)):
            raise self._conflict(request, entry, differs)
        settled = self._settled(entry)
        return Recorded(
            (entry,),
            self.state,
            self.head,
            self._alike(request, number),
            already=True,
            settled=settled,
            undone=self._undone(entry if settled is None else settled),
        )

    def _alike(self, request: Request, number: int) -> tuple[Remark, ...]:
        """What is to be said of a refund that was typed again under its document: where as much
        could come back once more, of an item like the first, nobody can tell that from a retry."""
        if not request.by_document or request.kind != "refund" or request.ref is None:
            return ()
        about = self._original(request.ref, request)
        try:
            decide(self.state, self._dated(request, about), about, actor=self._actor)
        except Refused:
            return ()
        return (Caution.REFUND_ALIKE.with_figures(entry=number),)

    def _settled(self, entry: Entry) -> Entry | None:
        """What approved or rejected a request."""
        if not isinstance(entry.event, ApprovalRequested):
            return None
        by = self._past.became(entry).reversed_by
        return None if by is None else self._past.entry(by)

    def _undone(self, entry: Entry) -> Undone | None:
        """What has become of an entry that moved something, if it stands no more."""
        if isinstance(entry.event, ApprovalRequested):
            return None  # which moves nothing
        last = self._past.last(entry)
        by = self._past.became(last).reversed_by
        stands = last.number == entry.number
        if stands and by is None:
            return None
        return Undone(
            entry.number,
            UNSET if stands else last.number,
            UNSET if by is None else by,
        )

    def _replacing(self, request: Request) -> Request:
        """A correction without a key of its own: of a document it is what replaces one entry, which
        is the one that stands, or that of which it is the correction already. Put back to what it
        was before, an entry is corrected once more (L74)."""
        if not request.by_document or request.kind != "correct" or request.ref is None:
            return request
        number = self._named(request.ref)
        if number is None:
            return request  # which is refused
        last = self._past.last(self._past.entry(number))
        done = corrects(last.event)
        if done is not None:
            before = request.about(done.original)
            said = None if before.key is None else self.number_of_key(before.key)
            if said is not None and said in (last.number, earlier(last.event)):
                return before
        return request.about(last.number)

    def _conflict(self, request: Request, entry: Entry, differs: list[Contradiction]) -> Refused:
        """Why a key that was used for `entry` is not one for what differs from what stands of it;
        that is corrected, where it can be."""
        known = self._stands(entry)
        corrected = known.entry.number not in (entry.number, self._effected(entry).number)
        stands = known.reversed_by is None and not known.settled_fen
        return Refused(
            Refusal.KEY_CONFLICT,
            _CORRECTED_SINCE if corrected else "",
            key=request.key,
            entry=entry.number,
            differs=differs,
            corrected_by=known.entry.number if corrected else None,
            ways_out=ways.for_conflict(self.state, known.entry, differs, stands=stands),
        )

    def _effected(self, entry: Entry) -> Entry:
        """The entry that brought into effect what one says: of a request its approval."""
        settled = self._settled(entry)
        approved = settled is not None and isinstance(settled.event, RequestApproved)
        return settled if settled is not None and approved else entry

    def _stands(self, entry: Entry) -> Original:
        """The last correction of what an entry brought into effect, else that; and what became of
        it."""
        return self._past.became(self._past.last(self._effected(entry)))

    def _said_before(self, request: Request) -> Recorded | None:
        """What stands as it is asked for, though no key says so: a book that was opened from last
        year's, a list of codes that is in use."""
        if self.state.facts is None:
            return None
        if request.given.get("previous") is not None:
            return self._opened_before(request)
        adopted = self.state.code_lists.get(request.given.get("code_set", ""))
        if request.kind != "codes" or request.key is not None or adopted is None:
            return None
        entry = self._past.entry(adopted)
        if self._contradictions(request, entry):
            return None
        return Recorded((entry,), self.state, self.head, (), already=True)

    def _opened_before(self, request: Request) -> Recorded | None:
        """What `open-book` from last year's book has recorded, if it was asked the same: a book is
        opened once, and who lost the receipt asks again."""
        opening = self._past.entry(1)
        if self._contradictions(request, opening):
            return None
        entries = map(self._past.entry, range(1, self.state.number + 1))
        together = takewhile(lambda entry: entry.recorded_at == opening.recorded_at, entries)
        return Recorded((*together,), self.state, self.head, (), already=True)

    def _contradictions(self, request: Request, entry: Entry) -> list[Contradiction]:
        """Where a request does not say what the entry under its key says, nor what stands of it by
        now: then what it says otherwise than that. Asked only where it was typed otherwise."""
        from ledger.retried import contradictions, dated

        if request.given.get("payments"):
            paid = tuple(self._first(ref) for ref in request.given["payments"])
            request = request._replace(given={**request.given, "payments": paid})
        refs = [] if request.ref is None else self._names(request.ref, entry.event)
        if not refs and request.ref is not None and re.fullmatch("[0-9]{1,15}", request.ref):
            refs = [int(request.ref)]  # as a row of a file may name an entry
        differs = contradictions(request, entry.event, refs=refs)
        last = self._stands(entry).entry
        since = None if last.number == self._effected(entry).number else corrects(last.event)
        if not differs or since is None:
            return differs
        named = [each for each in differs if each.field == "ref"]
        right = since if request.kind == "correct" else since.right
        of_days = (right, dated(right, entry.event.occurred_on))  # whose rows may have either
        otherwise = [contradictions(request, each, refs=None) for each in of_days]
        return named + min(otherwise, key=len)

    def _first(self, ref: str) -> int | None:
        """The entry of a name, or what was recorded first of what that tells."""
        number = self._named(ref)
        return None if number is None else first_of(number, self._past.entry(number).event)

    def could_be_about(self, kind: str, number: int) -> bool:
        """Whether a request of this kind could be about entry `number` at all."""
        event = self._past.entry(number).event
        match kind:
            case "refund":
                return isinstance(effective(event), DisbursementRecorded | VoucherPaid)
            case "pay" | "unreserve":
                return isinstance(effective(event), CommitmentReserved)
            case _:
                return effective(event) is not None

    def number_of_key(self, key: str) -> int | None:
        """The number of the entry that answered a key."""
        if key in self._foreseen:
            return self._foreseen[key]
        number = self._pending_keys.get(key)
        if number is None and self._transaction is not None and self.state.number:
            number = number_of_key(self._transaction, self.book, key)
        return number

    def recorded_under(self, key: str) -> Entry | None:
        """The entry that answered a key."""
        number = self.number_of_key(key)
        return None if number is None else self._past.entry(number)

    def as_answered(self, recorded: Recorded) -> Recorded:
        """An earlier answer on the book as it stood then, so that a retry gets its receipt."""
        number = recorded.entries[-1].number
        if self._transaction is None or number == self.state.number:
            return recorded
        if number > self._began.entries:
            return recorded  # of this very transaction, and not yet on disk
        state, head = read_state(self._transaction, self.book, upto=number)
        return replace(recorded, state=state, head=head, present=self.state)

    def _original(self, ref: str, request: Request) -> Original:
        """The earlier entry that a request names."""
        number = self._named(ref)
        if number is None:
            ways_out = ways.for_missing_entry(request.kind, request.given.get("amount_fen", 0))
            raise Refused(Refusal.ENTRY_MISSING, ref=ref, ways_out=ways_out)
        entry = self._past.entry(number)
        if request.kind in _ABOUT_REQUESTS:
            return self._about(entry)
        return self._about(self._past.last(entry))  # what is said of an entry, of its correction

    def _doubles(self, event: AnyEvent, original: Original | None) -> tuple[Remark, ...]:
        """What the payments that stand say of a payment to be recorded. Raises `Refused`."""
        correction = corrects(event)
        made = event if correction is None else correction.right
        if not isinstance(made, Paid) or made.again:
            return ()
        but = 0 if correction is None else correction.original
        known = self._payments.alike(made)
        known.pop(but, None)
        if not known:  # as nearly always
            return ()
        doc = folded(made.doc)
        if doc and any(each.doc == doc for each in known.values()):
            same = self._payments.same(made, but)
            if same is not None:
                raise repeated(made, same)
        near = nearest(made, known.values())
        return () if near is None else (close(near),)

    def _of_its_target(self, event: AnyEvent) -> None:
        """A result is of the unit of its target. Raises `Refused`."""
        if not isinstance(event, ResultReported):
            return
        found = self._past.marked("target", of_row(event), 1)
        if found:
            from ledger.doors.targets import of_its_unit  # seldom, and not at start-up

            aimed = self._past.entry(found[0].number).event
            of_its_unit(event, found[0].number, aimed)

    def _names(self, ref: str, event: AnyEvent) -> list[int]:
        """The entry of a name, and with it the one that an event is about, if that was recorded in
        its place."""
        about = earlier(event.proposed if isinstance(event, ApprovalRequested) else event)
        number = self._named(ref)
        if number is None:
            return []
        if about is None or about <= number:
            return [number]
        firsts = (first_of(each, self._past.entry(each).event) for each in (number, about))
        return [number, about] if len({*firsts}) == 1 else [number]

    def _named(self, ref: str) -> int | None:
        """The number of an entry by its name: `#n`, which is nothing else, or its id."""
        number = int(ref[1:]) if re.fullmatch(_NUMBER, ref) else self.number_of_key(ref)
        return number if number is not None and 1 <= number <= self.state.number else None

    def _of_next_year(self, event: AnyEvent) -> tuple[Remark, ...]:
        """What is to be said where a year is reopened from which the next was opened (L65)."""
        if self._transaction is None or not isinstance(meant_by(event), YearReopened):
            return ()
        unit, year = BookId.parse(self.book)
        later = str(BookId(unit, year + 1))
        if self._transaction.head(later) is None:
            return ()
        opened = stored_entry(self._transaction, later, 1).event
        previous = opened.previous if isinstance(opened, BookOpened) else None
        if previous is None or previous.book != self.book:
            return ()
        return (Caution.OPENED_FROM.with_figures(next=later),)

    def _closed(self, request: Request) -> "ClosedBook | None":
        """The book of the year before that a new book is to be opened from."""
        previous = request.given.get("previous")
        if previous is None:
            return None
        if self._transaction is None or self._transaction.head(previous) is None:
            raise not_opened(previous)
        from ledger.doors.last_year import ClosedBook

        return ClosedBook(*read_state(self._transaction, previous))

    def _about(self, entry: Entry) -> Original:
        """An entry and what became of it; of a request to undo another, that one too."""
        known, asks = self._past.became(entry), isinstance(entry.event, ApprovalRequested)
        number = earlier(entry.event) if asks else None
        if number is None:
            return known
        return known._replace(undoing=self._past.became(self._past.entry(number)))


def _canonical(entry: Entry) -> bytes:
    """The bytes to store, proved to read back as they are: what cannot be read is not written."""
    try:
        stored = encode(entry)
        canonical = encode(decode(stored)) == stored
    except ValueError as error:
        message = f"{entry.book} 第 {entry.number} 笔的内容不能存储：{error}"
        raise Corrupt(Damage.ENTRY_BYTES, message) from error
    if not canonical:
        message = f"{entry.book} 第 {entry.number} 笔的内容不是规范形式，不能存储"
        raise Corrupt(Damage.ENTRY_BYTES, message)
    return stored
