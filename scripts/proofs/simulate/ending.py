"""The end of a random year: closed in a copy of its file, told more of, and the next one opened."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Protocol

from ledger.book import BookId
from ledger.decisions.closing import money_left, proposal
from ledger.decisions.surplus import suggested
from ledger.events import HeadOfBook, LineClosed, PublishedFile, StatementTies
from ledger.line import BudgetLine
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.state import BookState
from ledger.store.books import Books
from ledger.store.fold import read_state
from ledger.store.forms import NoForms, PublishedAs
from ledger.store.log import Place, hash_at
from ledger.store.sqlite.place import SqlitePlace
from ledger.store.writing import Recorded
from projections.audit.book import audit
from projections.questions.carryover import carryover
from projections.questions.opening import checked, last_closing
from projections.report.cells import Cells
from projections.report.editions import edition
from projections.report.narrative.last_report import said
from projections.views.reading import reading
from scripts.proofs.simulate import reporter, told
from scripts.proofs.simulate.approval import Approval, meanwhile
from scripts.proofs.simulate.clerk import Clerk
from scripts.proofs.simulate.published import same_as_last_year, same_figures
from scripts.proofs.simulate.words import BOOK, NEXT, OF_THE_MODEL, OTHER, YEAR, Plain, agree
from tests.harness.plain import plain as as_plain
from tests.model.figures import meaning
from tests.model.rules import Book

_LAST_DAY = date(YEAR, 12, 31)
_APPROVED: Plain = {"approved_on": date(YEAR + 1, 8, 20), "doc": "财决8号"}
"""A 决算批复 that says nothing otherwise."""


class Asks(Protocol):
    """Who asks the product and the model, and counts what was refused."""

    chance: Random
    now: Any
    forms: str

    def answer(
        self, plain: Plain, book: Book, ask: Callable[[Request], Recorded], actor: str
    ) -> Recorded | None:
        """What both say of one request."""

    def was_refused(self, refusal: Refusal) -> None:
        """Counts it."""


class _LastYear(NoForms):
    """Forms that are only asked what last year's book says."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def last_year_says(self, published: PublishedAs, cell: str) -> int | None:
        book = BookId.parse(published.book)
        return said(self._place, book, edition(OF_THE_MODEL), cell, lambda: None)


class YearEnd(NamedTuple):
    """A copy of a book that is closed, and the model of it."""

    asks: Asks
    path: Path
    books: Books
    ended: Book

    @classmethod
    def play(cls, asks: Asks, path: Path, book: Book) -> None:
        """The year is closed in a copy of the file, with two signatures, and the next one opened
        from it: what stands in the way is told, no published figure changes, what closed opens."""
        copied = path.with_name("ended.db")
        shutil.copy(path, copied)
        place = SqlitePlace(copied, lambda: asks.now)
        with Books(place, forms=_LastYear(place)) as books:
            end = cls(asks, copied, books, book.copy())
            end._close()
        copied.unlink()
        SqlitePlace(copied).views.unlink(missing_ok=True)

    def _ask(self, book: BookId, kind: str, ref: str | None = None, **given: Any) -> Recorded:
        given = {"occurred_on": _LAST_DAY, "doc": "", "reason": "年终", **given}
        actor = "科长" if kind == "approve" else "出纳"
        return self.books.transact(book, Request(kind, given, ref), actor=actor)

    def _refused(self, refusal: Refusal, book: BookId, kind: str, **given: Any) -> None:
        try:
            self._ask(book, kind, **given)
        except Refused as found:
            assert found.refusal is refusal, found
            self.asks.was_refused(refusal)
        else:
            raise AssertionError(f"{kind} was recorded")

    def _close(self) -> None:
        """Closes it where that can be done."""
        self._not_yet()
        if 12 in self.ended.locked:
            return  # what is open can no longer be cleared
        self._clear()
        self._distributed()
        state = self._state()
        fen = state.paid_fen
        self._ask(BOOK, "reconcile", paid_fen=fen, statement_fen=fen, statement="0f" * 32)
        lines, cash = proposal(state)
        if any(fen < 0 and line.fund != "nonfiscal" for line, fen in money_left(state).items()):
            self._refused(Refusal.YEAR_BLOCKED, BOOK, "close-year", lines=lines, cash=cash)
            return
        if lines:
            self._refused(Refusal.YEAR_BLOCKED, BOOK, "close-year", lines=lines[1:], cash=cash)
        asked = self._ask(BOOK, "close-year", lines=lines, cash=cash).entries[-1].number
        self._ask(BOOK, "approve", f"#{asked}", authority="department")
        self._refused(Refusal.YEAR_CLOSED, BOOK, "lock-month", month=11)
        self._refused(Refusal.REOPEN_REASON, BOOK, "reopen-year", reason="")
        early = {**_APPROVED, "approved_on": _LAST_DAY}
        self._refused(Refusal.APPROVAL_DATE, BOOK, "final-approval", **early)
        wrong = LineClosed(BudgetLine.parse(f"general:2080101:project:X:-:{YEAR}"), "carry", 1)
        self._refused(Refusal.APPROVAL_ROWS, BOOK, "final-approval", **_APPROVED, lines=(wrong,))
        self._told_afterwards()
        first = date(YEAR + 1, 1, 1)
        self._ask(NEXT, "open-book", previous=str(BOOK), occurred_on=first)
        line = BudgetLine.parse(f"general:2080101:basic:-:-:{YEAR}")
        again: Plain = {"line": line, "amount_fen": 1, "occurred_on": first}
        self._refused(Refusal.OPENING_STANDS, NEXT, "carry-in", **again)
        prior: Plain = {"cell": "N.s1.total", "amount_fen": 1, "occurred_on": first}
        self._refused(Refusal.PRIOR_IN_BOOK, NEXT, "prior", **prior)
        self._same_after_closing()
        self._next_year()
        self._approved()
        self._told_afterwards()
        self._same_when_closed()
        self._refused(Refusal.YEAR_APPROVED, BOOK, "reopen-year")
        self._published()

    def _not_yet(self) -> None:
        """What is only asked of a year that is closed, or is not over."""
        self._refused(Refusal.YEAR_OPEN, BOOK, "reopen-year")
        self._refused(Refusal.YEAR_OPEN, BOOK, "final-approval", **_APPROVED)
        self._refused(Refusal.MONTH_NOT_LOCKED, BOOK, "unlock-month", month=12)
        self._refused(Refusal.UNLOCK_REASON, BOOK, "unlock-month", month=12, reason="")
        for month in sorted(self.ended.locked)[:1]:
            self._refused(Refusal.MONTH_ALREADY_LOCKED, BOOK, "lock-month", month=month)
        june = date(YEAR, 6, 1)
        self._refused(Refusal.CLOSING_DATE, BOOK, "close-year", lines=(), occurred_on=june)
        self._refused(Refusal.PREVIOUS_OPEN, NEXT, "open-book", previous=str(BOOK))
        self._refused(Refusal.PREVIOUS_OTHER, NEXT, "open-book", previous=str(OTHER))
        sums = {"paid_fen": 1, "statement_fen": 0, "statement": "0f" * 32}
        nothing = StatementTies(ties=(), bank_only=(), book_only=())
        self._refused(Refusal.RECONCILED_TIES, BOOK, "reconcile", **sums, tied=nothing)

    def _clear(self) -> None:
        """What must be done before a year can end: reservations, pending money, requests."""
        for entry in [*self.ended.entries]:
            number = entry["number"]
            standing = meaning(entry) == "reserve" and not self.ended.undone(number)
            if standing and self.ended.left(number):
                self._ask(BOOK, "unreserve", f"#{number}", amount_fen=None)
                said = {"fen": None, "said_line": None, "said_fen": None}
                self._also(kind="unreserve", ref=f"#{number}", **said)
        for text, figures in self.ended.balance().items():
            over_fen = figures["pending_fen"] - self.ended.surplus(text)
            if over_fen:
                self._ask(BOOK, "release", line=BudgetLine.parse(text), amount_fen=over_fen)
                self._also(kind="release", line=text, fen=over_fen)
        for number in self._state().open_requests:
            self._ask(BOOK, "reject", f"#{number}")
            self._also(kind="reject", ref=f"#{number}", reason="年终")

    def _distributed(self) -> None:
        """What the end of a year suggests is distributed half the time."""
        proposed = suggested(self._state())
        fen = self.ended.distributable() if self.ended.unit_kind == "institution" else 0
        assert fen == (proposed[1] if proposed else 0)
        if proposed and self.asks.chance.random() < 0.5:
            said: Plain = {"line": proposed[0], "distribution": "special"}
            self._ask(BOOK, "distribute", amount_fen=fen, **said)
            self._also(kind="distribute", fen=fen, **{**said, "line": str(proposed[0])})

    def _also(self, **said: Any) -> None:
        """The model of what is done at the end of a year."""
        plain = {"date": _LAST_DAY, "doc": "", **said}
        answer = self.ended.ask(plain, self.asks.now, "出纳")
        assert not answer["broken"], (said, answer)

    def _told_afterwards(self) -> None:
        """Facts are told after a year has ended, and taken back: a report is written in spring."""
        while len(self.ended.entries) < self._state().number:
            self.ended.stand_in(self.asks.now)  # a reconciliation, the closing and its approval
        clerk, chance = Clerk(self.asks.chance, self.ended), self.asks.chance
        said: Plain = {"date": _LAST_DAY, "doc": "", "key": None}
        for plain in chance.sample(reporter.CITED, chance.choice((0, 1, 2, 2))):
            self.asks.answer({**said, **plain}, self.ended, self._recorded, "出纳")
        for _ in range(8):
            kind = chance.choice(["reverse", "reverse", *reporter.SAYS])
            plain = {"kind": kind, **said}
            there = [*reporter.standing(self.ended)]
            if kind != "reverse":
                plain |= reporter.SAYS[kind](clerk)
            elif there:
                plain["ref"] = f"#{chance.choice(there)['number']}"
                plain |= {"said_line": None, "said_fen": None}
            else:
                continue
            self.asks.answer(plain, self.ended, self._recorded, "出纳")

    def _recorded(self, request: Request) -> Recorded:
        return self.books.transact(BOOK, request, actor="出纳")

    def _next_year(self) -> None:
        """Something is spent in the next year, and its report compares that with this one."""
        chance, day = self.asks.chance, date(YEAR + 1, 3, 1)
        line = BudgetLine.parse(f"general:2080101:basic:-:30299:{YEAR + 1}")
        fen = chance.choice((1, 100, 1_000_000))
        self._ask(NEXT, "supplement", line=line, amount_fen=fen, occurred_on=day, doc="追")
        paid: Plain = {"line": line, "econ": "30299", "payee": "某公司", "doc": "支"}
        self._ask(NEXT, "pay", amount_fen=chance.randint(1, fen), occurred_on=day, **paid)
        place = SqlitePlace(self.path)
        with reading(place, NEXT) as opened, reading(place, BOOK) as closed:
            same_as_last_year(opened, closed, self.ended, self.asks.forms)

    def _approved(self) -> None:
        """决算批复, of which the last one counts, and what next year's opening becomes by it."""
        for number in range(self.asks.chance.choice((1, 2, 3))):
            approval = Approval(self.asks.chance, self._state(), number)
            self._ask(BOOK, "final-approval", **approval.given)
            if self.asks.chance.random() < 0.7:
                approval.followed(self.path, self._ask)
            if self.asks.chance.random() < 0.5:
                meanwhile(self.asks.chance, self.path, self._ask)
        approval.followed(self.path, self._ask)

    def _published(self) -> None:
        """公开 of a file that nobody knows, from the head of the book; what that forbids."""
        head = self._state().number
        with SqlitePlace(self.path).reading() as log:
            hash_ = hash_at(log, str(BOOK), head) or b""
        said: Plain = {
            "files": (PublishedFile("决算.html", "0f" * 32),),
            "heads": (HeadOfBook(str(BOOK), head, hash_.hex()),),
            "edition": OF_THE_MODEL,
        }
        early, day = date(YEAR - 1, 1, 1), date(YEAR + 1, 9, 1)
        self._refused(Refusal.PUBLISH_DATE, BOOK, "publish", published_on=early, **said)
        made = self._ask(BOOK, "publish", published_on=day, **said).entries[-1].number
        self._refused(Refusal.PUBLISH_AGAIN, BOOK, "publish", published_on=day, **said)
        fact: Plain = {"item": "admin", "count": 1}
        self._refused(Refusal.PUBLISH_REASON, BOOK, "headcount", **fact, reason="")
        assert as_plain(audit(SqlitePlace(self.path), BOOK))["ok"]
        self._ask(BOOK, "reverse", f"#{made}", line=None)
        self._ask(BOOK, "publish", published_on=day, **said)
        assert as_plain(audit(SqlitePlace(self.path), BOOK))["ok"]

    def _same_when_closed(self) -> None:
        """The facts and the tables of the closed year; both books are sound."""
        place = SqlitePlace(self.path)
        told.same_contracts(self.ended, self._state())
        with reading(place, BOOK) as closed:
            told.asked(closed, {}, self.ended)
            same_figures(closed, {}, self.ended, self.asks.forms)
            cells = Cells(closed, edition(OF_THE_MODEL))
            found = {name: cells.fen(name) for name in cells.all if cells.fen(name)}
            agree(self.ended.cells(), found, "closed")
        for book in (BOOK, NEXT):
            outcome = as_plain(audit(place, book))
            assert outcome["ok"], outcome["findings"]

    def _same_after_closing(self) -> None:
        """The closed year, and what the next one opens with."""
        self._same_when_closed()
        ended, place = self.ended, SqlitePlace(self.path)
        last = last_closing(place, NEXT)
        assert last is not None
        with reading(place, NEXT) as opened:
            walk = as_plain(checked(opened, last))
        assert walk["missing"] == [], walk
        left = {pool: steps["closing"] for pool, steps in ended.pools().items()}
        compared = {row["pool"]: row["opening_fen"] for row in walk["pools"]}
        agree({pool: fen for pool, fen in left.items() if fen}, compared, "pools of the next year")
        assert not any(row["unexplained_fen"] for row in walk["pools"]), walk
        own = ended.own_money()
        if min(own.values()) >= 0:  # else one kind paid for the other
            with reading(place, NEXT) as opened:
                found = as_plain(carryover(opened))["nonfiscal"]
            agree(own, found, "non-fiscal money of the next year")

    def _state(self) -> BookState:
        with SqlitePlace(self.path).reading() as stored:
            return read_state(stored, str(BOOK))[0]
