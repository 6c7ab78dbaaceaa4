"""Random years: does the product agree with a second, dumber book, whatever clerks do to it?

Every seed is one book on disk. A clerk who is often wrong asks for one thing after another: lawful
and unlawful, in batches, as dry runs, twice with the same key. `tests/model/rules.py` says of each
request whether it is lawful. At the end the model, the state of the book, every query at several
dates, the audit and views made anew must tell the same story; and undoing everything must leave
nothing.

    python -m scripts.proofs.simulate --seeds 200
    python -m scripts.proofs.simulate --seed 17
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from ledger.book import BookId
from ledger.decisions.closing import money_left, proposal
from ledger.decisions.surplus import distributable_fen, suggested
from ledger.errors import Malformed
from ledger.events import FundBasis
from ledger.line import BudgetLine, LinePattern
from ledger.money import TOTAL_MAX_FEN
from ledger.postings import Account
from ledger.proofs.seal import Seal
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.state import BookState
from ledger.store import writing
from ledger.store.books import Books
from ledger.store.fold import read_state
from ledger.store.sqlite import log
from ledger.store.writing import Recorded, Writing
from projections.audit.book import audit
from projections.questions.ageing import ageing
from projections.questions.approval import pending as waiting
from projections.questions.balances import line_balances
from projections.questions.carryover import WALK, carryover
from projections.questions.entries import entries
from projections.questions.execution import execution
from projections.questions.opening import checked, last_closing, opening
from projections.questions.progress import progress
from projections.questions.reconciliation import Key, Statement, reconciled
from projections.questions.statement import statement
from projections.questions.three_public import three_public
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.explain import explain
from projections.views import schema as database
from projections.views.feed import rebuild
from projections.views.reading import Cut, Reading, reading
from projections.views.schema import views_path
from tests.harness.plain import plain as as_plain
from tests.model import rules as model

YEAR = 2020
BOOK = BookId("jianghan", YEAR)
OTHER = BookId("hanyang", YEAR)
"""A second book, which has some carry-over and to which carry-over can be sent."""
NEXT = BookId("jianghan", YEAR + 1)
"""The book that opens from the first one, once it is closed."""
STRANGER = BookId("nobody", YEAR)
STEPS = 60
FUNCS = ("2080105", "2080199", "2010301")
ECONS = ("-", "302", "30201", "30299", "30217", "30231", "31002", "31013", "30101")
ACTORS = ("出纳", "会计", "科长")
OWN_OF_OTHER = (
    f"general:{FUNCS[0]}:basic:-:-:{YEAR - 1}",
    f"nonfiscal:{FUNCS[0]}:project:P1:-:{YEAR - 1}",
)
OWN_FEN = 50_000
"""The carry-over that the other book has of its own, on each of its lines."""
ADJUSTMENTS = (
    *("error-correction", "error-correction", "prior-year-recovery", "consolidation-in"),
    *("consolidation-out", "remitted"),
)
BASES = ("indicator", "payment", "recorded")
UNIT_KINDS = ("admin", "public-admin", "institution", "institution")
SOURCES = ("superior", "service", "business", "affiliate", "other")
LOAN_FEN = 10**9
ITEM_ECONS = ("30212", "31013", "30231", "30217")

FAMILY = {
    Refusal.KEY_CONFLICT: "key",
    Refusal.BOOK_NOT_OPENED: "book",
    Refusal.BOOK_ALREADY_OPENED: "book",
    Refusal.SPENDING_DIFFERS: "line",
    Refusal.LINE_MISSING: "line",
    Refusal.LINE_AMBIGUOUS: "line",
    Refusal.ENTRY_MISSING: "entry",
    Refusal.DATE_OUTSIDE_YEAR: "date",
    Refusal.YEAR_CLOSED: "closing",
    Refusal.MONTH_LOCKED: "date",
    Refusal.MONTH_ALREADY_LOCKED: "date",
    Refusal.YEAR_OPEN: "closing",
    Refusal.REOPEN_REASON: "closing",
    Refusal.CLOSING_DATE: "closing",
    Refusal.YEAR_BLOCKED: "closing",
    Refusal.PREVIOUS_OPEN: "closing",
    Refusal.PREVIOUS_OTHER: "closing",
    Refusal.BOOK_HAS_MONEY: "book",
    Refusal.ENTRY_KIND: "entry",
    Refusal.ENTRY_DIFFERS: "entry",
    Refusal.DATE_BEFORE_ORIGINAL: "date",
    Refusal.ENTRY_REVERSED: "entry",
    Refusal.ENTRY_REFUNDED: "entry",
    Refusal.RESERVE_USED: "entry",
    Refusal.REQUEST_SETTLED: "approval",
    Refusal.SAME_ACTOR: "approval",
    Refusal.REJECTION_REASON: "approval",
    Refusal.RECONCILED_PAID: "reconcile",
    Refusal.RECONCILIATION_REASON: "reconcile",
    Refusal.DOC_REQUIRED: "doc",
    Refusal.PAYEE_REQUIRED: "R16",
    Refusal.ECON_REQUIRED: "R16",
    Refusal.PROJECT_UNKNOWN: "project",
    Refusal.CAPITAL_ON_BASIC: "R2",
    Refusal.SPENDING_FUND: "R2",
    Refusal.UNIT_KIND: "unit",
    Refusal.ORIGIN_NOT_CURRENT: "R7",
    Refusal.ORIGIN_NOT_EARLIER: "R7",
    Refusal.ADJUSTMENT_DIRECTION: "R11",
    Refusal.TRANSFER_COUNTERPART: "R7",
    Refusal.CUT_CARRYOVER: "R7",
    Refusal.ORIGINS_DIFFER: "R7",
    Refusal.CARRYOVER_PURPOSE: "R7",
    Refusal.LINE_REPEATED: "R5",
    Refusal.FUNDS_DIFFER: "R5",
    Refusal.UNBALANCED: "R5",
    Refusal.AUTHORITY_TOO_LOW: "R5",
    Refusal.ALREADY_APPROPRIATED: "R4",
    Refusal.INCOME_CLASS: "income",
    Refusal.DISTRIBUTION_DATE: "distribution",
    Refusal.DISTRIBUTION_RESTRICTED: "distribution",
    Refusal.OVER_DISTRIBUTABLE: "distribution",
    Refusal.RESERVE_LINE: "reserve",
    Refusal.REFUND_EXCEEDS: "R15",
    Refusal.RESERVE_EXCEEDED: "reserve",
    Refusal.THREE_PUBLIC_CAP: "R3",
    Refusal.CAP_BELOW_SPENT: "R3",
    Refusal.OVER_PENDING: "R1",
    Refusal.OVER_AVAILABLE: "R1",
    Refusal.OVER_HELD: "R1",
    Refusal.OVER_PAID: "R1",
    Refusal.OVER_PLAN: "plan",
    Refusal.PLAN_EXCEEDS: "plan",
    Refusal.PLAN_BELOW_PAID: "plan",
    Refusal.OVER_POOL: "pool",
    Refusal.OVER_CASH: "cash",
    Refusal.TOTAL_TOO_LARGE: "R1",
}
"""What the model calls each refusal."""

OUT_OF_REACH = frozenset(
    {
        Refusal.OVER_HELD,  # guarded before by ENTRY_REVERSED, RESERVE_USED and RESERVE_EXCEEDED
        Refusal.OVER_PAID,  # guarded before by ENTRY_REVERSED, ENTRY_REFUNDED and REFUND_EXCEEDS
        Refusal.TOTAL_TOO_LARGE,  # takes a thousand entries of the largest amount
    }
)

Plain = dict[str, Any]


def request_of(plain: Plain) -> Request:
    """The product's request for a plain one."""
    given: Plain = {"occurred_on": plain["date"], "doc": plain["doc"], "reason": ""}
    kind = plain["kind"]
    if "fen" in plain:
        given["amount_fen"] = plain["fen"]
    if "line" in plain:
        given["line"] = line_of(plain["line"])
    for name in ("pending", "econ", "payee", "source", "month", "authority", "code", "name",
                 "adjustment", "decrease", "counterpart", "reason", "paid_fen", "statement_fen",
                 "statement", "differences", "pool", "distribution", "unit_kind"):  # fmt: skip
        if name in plain:
            given[name] = plain[name]
    match kind:
        case "open-book" | "amend-book":
            given["basis"] = plain["basis"]
            if plain["fund_basis"]:
                own = plain["fund_basis"].items()
                given["fund_basis"] = tuple(FundBasis(fund, basis) for fund, basis in own)
        case "voucher":
            given["items"] = [(line_of(line), econ, fen) for line, econ, fen in plain["items"]]
        case "reallocate":
            given["sources"] = [(line_of(line), fen) for line, fen in plain["from"]]
            given["targets"] = [(line_of(line), fen) for line, fen in plain["to"]]
        case "refund" | "reverse" | "unreserve":
            given["line"] = None if plain["said_line"] is None else line_of(plain["said_line"])
            if kind == "reverse":
                given["amount_fen"] = plain["said_fen"]
        case "correct":
            changes = dict(plain["changes"])
            parts = {p: changes.pop(p) for p in ("econ", "func", "project") if p in changes}
            if "fen" in changes:
                changes["amount_fen"] = changes.pop("fen")
            given["changes"] = {**changes, **({"parts": LinePattern(**parts)} if parts else {})}
        case _:
            pass
    if kind == "open-book":
        given |= {"name": "某局", "edition": "2020"}
    return Request(kind, given, plain.get("ref"), plain["key"])


def line_of(said: str | dict[str, Any]) -> BudgetLine | LinePattern:
    """A line by its text, or by the parts that were said."""
    if isinstance(said, str):
        return BudgetLine.parse(said)
    parts = dict(said)
    if "origin" in parts:
        parts["origin"] = int(parts["origin"])
    return LinePattern(**parts)


def agree(expected: Any, found: Any, where: object = "") -> None:
    """The model and the product say the same; where not, what each of them says."""
    if expected == found:
        return
    if isinstance(expected, dict) and isinstance(found, dict):
        differing = [
            f"  {name}: the model {expected.get(name)}, the product {found.get(name)}"
            for name in sorted({*expected, *found}, key=str)
            if expected.get(name) != found.get(name)
        ]
        raise AssertionError(f"{where}\n" + "\n".join(differing))
    raise AssertionError(f"{where}: the model {expected}, the product {found}")


class Clerk:
    """Thinks of the next request. Looks at the model to be right often, and is wrong often."""

    def __init__(self, chance: random.Random, book: model.Book) -> None:
        self.chance = chance
        self.book = book
        self.keys = 0
        funds = ["general", "general", "general", "govfund", "nonfiscal", "nonfiscal"]
        self.purposes = [
            (chance.choice(funds), chance.choice(FUNCS), *chance.choice(_FOR))
            for _ in range(chance.randint(2, 5))
        ]
        self.purposes.append(("general", FUNCS[0], "project", "P1"))
        if chance.random() < 0.5:
            self.purposes.append(("nonfiscal", FUNCS[0], "basic", "-"))
        self.purposes = [self._lawful(purpose) for purpose in self.purposes]
        self.asked: list[Plain] = []

    def request(self) -> Plain:
        """The next thing to ask for."""
        kind = self.chance.choices(*zip(*_HABITS, strict=True))[0]
        if kind == "again" and self.asked:
            return self._again()
        if kind in ("again", "stranger"):
            kind = "pay"
        if kind in _OF_SURPLUS and self.chance.random() < 0.9:
            kind = self._with_surplus(kind)
        if kind in ("approve", "reject") and not self.book.waiting() and self.chance.random() < 0.8:
            kind = "reallocate"  # there must be something to approve
        plain: Plain = {"kind": kind, "date": self.day(), "doc": self.maybe(0.8, "文1", ""),
                        "key": None}  # fmt: skip
        documented = ("supplement", "cut", "fund-plan", "reallocate")
        if kind in (*documented, "adjust-opening", "recover", "transfer"):
            plain["doc"] = self.maybe(0.95, "文2", "")
        if kind == "distribute":
            plain["date"] = self.maybe(0.9, date(YEAR, 12, 31), plain["date"])
        plain |= _SAYS[kind](self)
        if plain.get("ref") is not None and self.chance.random() < 0.9:
            original = self.book.named(plain["ref"])
            if original is not None and plain["date"] < original["date"]:
                plain["date"] = self.day(original["date"])
        if self.chance.random() < 0.5:
            self.keys += 1
            plain["key"] = f"K{self.keys}"
            self.asked.append(plain)
        return plain

    def _with_surplus(self, kind: str) -> str:
        """The kind, or what must come before it."""
        if self.book.unit_kind == "admin":
            return "income"
        if kind == "use-surplus" and not any(p["closing"] for p in self.book.pools().values()):
            return "surplus-in"
        if kind == "distribute" and not self.book.distributable():
            return "income"
        return kind

    def _again(self) -> Plain:
        """The same key: with the same content, or with other."""
        earlier = dict(self.chance.choice(self.asked))
        if self.chance.random() < 0.3:
            earlier["doc"] = "文9"
        return earlier

    def maybe(self, probability: float, usual: Any, odd: Any) -> Any:
        return usual if self.chance.random() < probability else odd

    def day(self, since: date = date(YEAR, 1, 1)) -> date:
        """A day of the year, seldom one that will not do."""
        if self.chance.random() < 0.02:
            return self.chance.choice([date(YEAR - 1, 12, 31), date(YEAR + 1, 1, 1)])
        last = date(YEAR, 12, 31)
        for _ in range(4):
            found = since + timedelta(days=self.chance.randint(0, (last - since).days))
            if found.month not in self.book.locked or self.chance.random() < 0.3:
                return found
        return last

    def amount(self, most: int) -> int:
        """Up to what is there, exactly that, or a fen more."""
        if most <= 0:
            return self.chance.randint(1, 1000)
        return self.chance.choice(
            [self.chance.randint(1, most), self.chance.randint(1, most), most, most + 1]
        )

    def _lawful(self, purpose: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
        """The unit's own money may be for what no fiscal money is for."""
        fund, func, spending, project = purpose
        if fund == "nonfiscal" and project == "-":
            spending = self.chance.choice(["basic", *model.SELDOM])
        return fund, func, spending, project

    def new_line(self, origin: int = YEAR) -> str:
        fund, func, spending, project = self.chance.choice(self.purposes)
        if self.chance.random() < 0.03:
            spending, project = "project", "P9"
        elif project == "-" and self.chance.random() < 0.06:
            spending = self.chance.choice(model.SELDOM)
        econ = self.maybe(0.97, self.chance.choice(ECONS), "30901")
        if self.chance.random() < 0.05:
            origin = self.chance.choice([YEAR - 2, YEAR - 1, YEAR, YEAR + 1])
        return f"{fund}:{func}:{spending}:{project}:{econ}:{origin}"

    def old_line(self, what: str = "available") -> tuple[str, int]:
        """A line that exists, preferably with something on it, and how much of it."""
        there = self.book.lines()
        if not there or self.chance.random() < 0.03:
            return self.new_line(), 0
        sums = self.book.sums()
        full = [line for line in there if sums.get((what, line, ""), 0) > 0]
        line = self.chance.choice(full if full and self.chance.random() < 0.9 else there)
        return line, sums.get((what, line, ""), 0)

    def by_parts(self, line: str) -> str | dict[str, str]:
        """The line, or some parts of it."""
        if self.chance.random() < 0.75:
            return line
        parts = model.parts_of(line)
        return {name: parts[name] for name in parts if self.chance.random() < 0.6}

    def _name(self) -> Plain:
        return {"code": self.chance.choice(["P1", "P2", "P3"]), "name": "项目"}

    def _open(self) -> Plain:
        return {"basis": "payment", "fund_basis": {}, "unit_kind": "admin"}

    def _amend(self) -> Plain:
        basis, kind = self.chance.choice(BASES), self.chance.choice(UNIT_KINDS)
        return {"basis": basis, "fund_basis": self.fund_basis(), "unit_kind": kind}

    def fund_basis(self) -> dict[str, str]:
        """Mostly none; else one fund has its own."""
        if self.chance.random() < 0.6:
            return {}
        return {self.chance.choice(["govfund", "general"]): self.chance.choice(BASES)}

    def _carry_in(self) -> Plain:
        origin = self.maybe(0.8, YEAR - 1, YEAR - 2)
        return self._comes_in(self.new_line(origin))

    def _approve(self) -> Plain:
        return self._comes_in(self.new_line())

    def _comes_in(self, line: str) -> Plain:
        fen = self.chance.choice([self.chance.randint(1, 9), self.chance.randint(1, 1_000_000)])
        return {"line": line, "fen": fen, "pending": self.chance.random() < 0.2}

    def _cut(self) -> Plain:
        line, most = self.old_line()
        return {"line": self.by_parts(line), "fen": self.amount(most)}

    def carried_line(self) -> tuple[str, int]:
        """A line of an earlier year, preferably with something on it, and how much of it."""
        sums = self.book.sums()
        old = [line for line in self.book.lines() if int(model.parts_of(line)["origin"]) < YEAR]
        full = [line for line in old if sums.get(("available", line, ""), 0) > 0]
        if not old or self.chance.random() < 0.06:
            return self.old_line()
        line = self.chance.choice(full or old)
        return line, sums.get(("available", line, ""), 0)

    def _adjust(self) -> Plain:
        adjustment = self.chance.choice(ADJUSTMENTS)
        decrease = self.chance.random() < (0.5 if adjustment == "error-correction" else 0.05)
        line, most = self.carried_line()
        if self.chance.random() < 0.1:
            line = self.new_line(YEAR - 1)
        return {
            "line": self.by_parts(line),
            "fen": self.amount(most),
            "adjustment": adjustment,
            "decrease": decrease,
        }

    def _recover(self) -> Plain:
        line, most = self.old_line() if self.chance.random() < 0.5 else self.carried_line()
        return {"line": self.by_parts(line), "fen": self.amount(most)}

    def _transfer(self) -> Plain:
        line, most = self.carried_line()
        to = self.maybe(0.9, OTHER, BOOK)
        return {"line": self.by_parts(line), "fen": self.amount(most), "counterpart": str(to)}

    def _release(self) -> Plain:
        line, most = self.old_line("pending")
        return {"line": self.by_parts(line), "fen": self.amount(most)}

    def _reallocate(self) -> Plain:
        source, most = self.old_line()
        fen = self.amount(most)
        target = model.at_econ(source, self.chance.choice(ECONS))
        if self.chance.random() < 0.3:
            target = self.new_line(int(model.parts_of(source)["origin"]))
        elif self.chance.random() < 0.1:
            target = self.old_line()[0]
        given, taken = [(source, fen)], [(target, fen)]
        if fen > 1 and self.chance.random() < 0.3:
            second = model.at_econ(target, self.chance.choice(ECONS))
            part = self.chance.randint(1, fen - 1)
            taken = [(target, part), (second, fen - part)]
        if self.chance.random() < 0.1:
            other, there = self.old_line()
            extra = self.amount(there)
            given.append((other, extra))
            taken.append((model.at_econ(other, self.chance.choice(ECONS)), extra))
        if self.chance.random() < 0.04:
            taken[0] = (taken[0][0], taken[0][1] + 1)
        authority = self.chance.choices(["finance", "department", None], [5, 4, 4])[0]
        return {"from": given, "to": taken, "authority": authority}

    def _fund_plan(self) -> Plain:
        """Mostly where a plan is, so that it can be reversed in part."""
        line = self.old_line("paid")[0]
        planned = [e["line"] for e in self.book.entries if e["kind"] == "fund-plan"]
        if planned and self.chance.random() < 0.6:
            line = self.chance.choice(planned)
        most = sum(self.book.of(what, line) for what in ("available", "held", "paid"))
        most -= sum(self.book.plans(line))
        month = self.chance.randint(1, 12)
        return {"line": self.by_parts(line), "fen": self.amount(most), "month": month}

    def _reserve(self) -> Plain:
        line, most = self.old_line()
        said = {"payee": self.maybe(0.6, "某公司", ""), "line": self.by_parts(line)}
        return {**said, "fen": self.amount(max(1, most // self.chance.choice([1, 2, 3])))}

    def _unreserve(self) -> Plain:
        ref, left = self._reservation()
        said = {**self.said(ref), "said_fen": None}
        return {"ref": ref, "fen": self.maybe(0.8, self.amount(left), None), **said}

    def _reservation(self) -> tuple[str, int]:
        """A reservation, mostly, and what is left of it."""
        ref = self.ref("reserve") if self.chance.random() < 0.95 else self.ref("pay", "cut")
        original = self.book.named(ref)
        if original is None or original["kind"] != "reserve":
            return ref, 0
        return ref, self.book.left(original["number"])

    def _pay_reserved(self) -> Plain:
        ref, left = self._reservation()
        original = self.book.named(ref)
        line = (original and original["line"]) or self.old_line()[0]
        if self.chance.random() < 0.08:
            line = self.old_line()[0]
        fitting = [e for e in ECONS if len(e) == 5 and model.parts_of(line)["econ"] in ("-", e[:3])]
        econ = self.chance.choice(fitting) if fitting else model.parts_of(line)["econ"]
        econ = self.maybe(0.9, econ, self.chance.choice(["-", "30217", "39999"]))
        said: Any = self.maybe(0.6, {}, self.by_parts(line))
        if isinstance(said, dict):
            said.pop("econ", None)
        payee = self.maybe(0.97, "某公司", "")
        return {"ref": ref, "line": said, "econ": econ, "fen": self.amount(left), "payee": payee}

    def _voucher(self) -> Plain:
        """Payments on lines, sometimes the same line twice; seldom a wrong one among them."""
        items = []
        for _ in range(self.chance.randint(1, 4)):
            line, most = self.old_line()
            econ = model.parts_of(line)["econ"]
            fitting = [e for e in (*ECONS, *ITEM_ECONS) if len(e) == 5 and econ in ("-", e[:3])]
            paid = self.chance.choice(fitting) if len(econ) != 5 else econ
            paid = self.maybe(0.97, paid, self.chance.choice(["-", "302", "30901", "39908"]))
            items.append((line, paid, self.amount(most // self.chance.choice([1, 2, 3, 4]))))
        return {"items": items, "payee": self.maybe(0.97, "职工", "")}

    def _pay(self) -> Plain:
        if self.chance.random() < 0.2 and any(e["kind"] == "reserve" for e in self.book.entries):
            return self._pay_reserved()
        line, most = self.old_line()
        econ = model.parts_of(line)["econ"]
        if len(econ) != 5:
            fitting = [e for e in (*ECONS, *ITEM_ECONS) if len(e) == 5 and econ in ("-", e[:3])]
            econ = self.maybe(0.95, self.chance.choice(fitting), econ)
        if self.chance.random() < 0.05:
            econ = self.chance.choice(["30901", "30913", "30299", "39908"])
        said = self.by_parts(line)
        if isinstance(said, dict):
            said.pop("econ", None)
        elif self.chance.random() < 0.04:
            parts = model.parts_of(line)
            swapped = ("basic", "-") if parts["spending"] != "basic" else ("project", "P1")
            said = model.line_of({**parts, "spending": swapped[0], "project": swapped[1]})
        payee = self.maybe(0.97, "某公司", "")
        return {"line": said, "econ": econ, "fen": self.amount(most), "payee": payee}

    def ref(self, *kinds: str) -> str:
        """An earlier entry by its number or its key, mostly of a kind that can be meant."""
        there = [entry for entry in self.book.entries if entry["kind"] in kinds]
        if not there or self.chance.random() < 0.06:
            return self.chance.choice(["#999", "K999", f"#{self.chance.randint(1, 9)}"])
        number = self.chance.choice(there)["number"]
        keys = [key for key, (_, answered) in self.book.answered.items() if answered == number]
        return keys[0] if keys and self.chance.random() < 0.5 else f"#{number}"

    def said(self, ref: str) -> Plain:
        """What is repeated of the original, seldom wrongly."""
        original = self.book.named(ref)
        said: Plain = {"said_line": None, "said_fen": None}
        if original is not None and original["said_as"] and self.chance.random() < 0.2:
            parts = model.parts_of(self.chance.choice(original["said_as"]))
            said["said_line"] = {
                "func": parts["func"],
                "econ": self.maybe(0.8, parts["econ"], "31099"),
            }
            said["said_fen"] = original["fen"] + self.maybe(0.8, 0, 1)
        return said

    def _refund(self) -> Plain:
        ref = (
            self.ref("pay", "pay", "pay", "refund", "voucher")
            if self.chance.random() < 0.9
            else self.ref("cut")
        )
        original = self.book.named(ref)
        left = 0
        if original is not None and original["kind"] == "pay":
            left = self.book.left(original["number"])
        said = {**self.said(ref), "said_fen": None}
        return {"ref": ref, "fen": self.amount(left), **said}

    def _reverse(self) -> Plain:
        ref = self.ref(
            *model.MONEY,
            "approve",
            *self.maybe(0.9, (), ("reverse", "project", "open-book", "submit", "reject")),
        )
        return {"ref": ref, **self.said(ref)}

    def _open_request(self) -> str:
        """A request, mostly one that waits."""
        waiting = self.book.waiting()
        if waiting and self.chance.random() < 0.85:
            return f"#{self.chance.choice(waiting)}"
        return self.ref("submit", "submit", "approve", "reallocate")

    def _settle(self) -> Plain:
        authority = self.chance.choices(["finance", "department", None], [7, 2, 1])[0]
        return {"ref": self._open_request(), "authority": authority}

    def _reject(self) -> Plain:
        return {"ref": self._open_request(), "reason": self.maybe(0.85, "不急", "")}

    def _correct(self) -> Plain:
        odd = ("reverse", "submit", "approve")
        ref = self.ref(*model.MONEY) if self.chance.random() < 0.9 else self.ref(*odd)
        original = self.book.named(ref)
        changes: Plain = {}
        if original is not None and original["fen"] and self.chance.random() < 0.6:
            changes["fen"] = self.amount(original["fen"])
        named = original is not None and original["kind"] in ("reserve", "pay")
        if named and self.chance.random() < 0.4:
            changes["payee"] = self.maybe(0.9, "另一家", "")
        if self.chance.random() < 0.3:
            changes["econ"] = self.chance.choice(ECONS[2:])
        if self.chance.random() < 0.2:
            changes["func"] = self.chance.choice(FUNCS)
        on_project = original is not None and ":project:" in (original["line"] or "")
        if on_project and self.chance.random() < 0.1:
            changes["project"] = self.chance.choice(["P1", "P2", "P9"])
        return {"ref": ref, "changes": changes}

    def _income(self) -> Plain:
        line = self.own_purpose()
        if self.chance.random() < 0.3:
            line = ":".join(self.chance.choice(self.purposes)) + f":-:{YEAR}"
        fiscal = not line.startswith("nonfiscal:")
        source = self.maybe(0.8, "fiscal" if fiscal else self.chance.choice(SOURCES), "other")
        return {"line": line, "source": source, "fen": self.chance.randint(1, 500_000)}

    def own_purpose(self, but: str = "") -> str:
        """What non-fiscal money is for, where it is for anything; but for a 支出性质."""
        own = [p for p in self.purposes if p[0] == "nonfiscal" and p[2] != but]
        origin = self.maybe(0.9, YEAR, self.chance.choice([YEAR - 1, YEAR + 1]))
        return ":".join(self.chance.choice(own or self.purposes)) + f":-:{origin}"

    def _surplus_in(self) -> Plain:
        fen = self.chance.randint(1, 300_000)
        return {"pool": self.chance.choice(model.POOLS), "fen": fen}

    def _use_surplus(self) -> Plain:
        pools = self.book.pools()
        pool = self.chance.choice([*pools] if pools else model.POOLS)
        most = pools[pool]["closing"] if pools else 0
        return {"line": self.by_parts(self.own_purpose()), "pool": pool, "fen": self.amount(most)}

    def _distribute(self) -> Plain:
        where = self.chance.choice(["tax", *model.POOLS])
        line = self.by_parts(self.own_purpose(but=self.maybe(0.9, "project", "")))
        return {"line": line, "distribution": where, "fen": self.amount(self.book.distributable())}

    def _reconcile(self) -> Plain:
        """Mostly with what the book has paid, and half the time with a statement that agrees."""
        paid = self.book.fiscal_paid()
        paid = self.maybe(0.85, paid, max(0, paid + self.chance.choice([-1, 1])))
        statement = self.maybe(0.6, paid, self.chance.randint(0, 1_000_000))
        return {
            "paid_fen": paid,
            "statement_fen": statement,
            "statement": self.chance.randbytes(32).hex(),
            "differences": self.maybe(0.6, 0, self.chance.randint(1, 5)),
            "reason": self.maybe(0.5, "在途", ""),
        }

    def _lock(self) -> Plain:
        """Never the last months: there must be room to undo."""
        return {"month": self.chance.randint(1, 4 if len(self.book.locked) < 3 else 1)}


_FOR = (("basic", "-"), ("project", "P1"), ("project", "P2"))
"""支出性质 and project of what is common."""

_HABITS: tuple[tuple[str, float], ...] = (
    ("pay", 28),
    ("voucher", 6),
    ("appropriate", 8),
    ("supplement", 7),
    ("carry-in", 6),
    ("adjust-opening", 5),
    ("recover", 4),
    ("transfer", 3),
    ("cut", 5),
    ("reallocate", 9),
    ("approve", 9),
    ("reject", 3),
    ("release", 5),
    ("withdraw", 3),
    ("fund-plan", 5),
    ("reserve", 6),
    ("unreserve", 3),
    ("refund", 7),
    ("reverse", 8),
    ("correct", 6),
    ("income", 6),
    ("surplus-in", 3),
    ("use-surplus", 6),
    ("distribute", 8),
    ("reconcile", 5),
    ("lock-month", 1.2),
    ("project", 2),
    ("amend-book", 1),
    ("open-book", 0.4),
    ("again", 6),
)

_SAYS: dict[str, Callable[[Clerk], Plain]] = {
    "open-book": Clerk._open,
    "amend-book": Clerk._amend,
    "project": Clerk._name,
    "carry-in": Clerk._carry_in,
    "adjust-opening": Clerk._adjust,
    "recover": Clerk._recover,
    "transfer": Clerk._transfer,
    "appropriate": Clerk._approve,
    "supplement": Clerk._approve,
    "cut": Clerk._cut,
    "release": Clerk._release,
    "withdraw": Clerk._cut,
    "fund-plan": Clerk._fund_plan,
    "reserve": Clerk._reserve,
    "unreserve": Clerk._unreserve,
    "reallocate": Clerk._reallocate,
    "approve": Clerk._settle,
    "reject": Clerk._reject,
    "pay": Clerk._pay,
    "voucher": Clerk._voucher,
    "refund": Clerk._refund,
    "reverse": Clerk._reverse,
    "correct": Clerk._correct,
    "income": Clerk._income,
    "surplus-in": Clerk._surplus_in,
    "use-surplus": Clerk._use_surplus,
    "distribute": Clerk._distribute,
    "reconcile": Clerk._reconcile,
    "lock-month": Clerk._lock,
}


_OF_SURPLUS = ("surplus-in", "use-surplus", "distribute")
_NAMES = ("project", "spending", "name", "line", "lines")
"""What names a row of the progress, and is no figure of it."""


class Report(NamedTuple):
    """What one or many years came to."""

    asked: Counter[str]
    refused: Counter[Refusal]
    entries: int = 0

    def __add__(self, other: object) -> "Report":
        assert isinstance(other, Report)
        return Report(
            self.asked + other.asked, self.refused + other.refused, self.entries + other.entries
        )

    def unreached(self) -> list[Refusal]:
        """The refusals that requests can meet and that none of these years met."""
        return [r for r in Refusal if r not in self.refused and r not in OUT_OF_REACH]

    def __str__(self) -> str:
        lines = [
            f"{sum(self.asked.values())} requests, {self.entries} entries, "
            f"{sum(self.refused.values())} refused"
        ]
        lines += [f"  {kind:<14}{n:>7}" for kind, n in self.asked.most_common()]
        lines += [f"  {refusal.code:<24}{self.refused[refusal]:>7}" for refusal in Refusal]
        return "\n".join(lines)


class Year:
    """One seed: a book on disk, the model beside it, and the clerk who writes both."""

    def __init__(self, seed: int, steps: int, folder: Path) -> None:
        self.chance = random.Random(seed)
        self.steps = steps
        self.path = folder / f"{seed}.db"
        self.model = model.Book(str(BOOK))
        self.model.beside_of(model.Book(str(OTHER)))
        self.clerk = Clerk(self.chance, self.model)
        self.now = datetime(YEAR, 1, 1, 8, tzinfo=UTC)
        self.report = Report(Counter(), Counter())
        self.answers: list[tuple[Plain, Recorded]] = []

    def run(self) -> Report:
        """The year, and everything that must hold at its end."""
        with Books(self.path, clock=lambda: self.now) as self.books:
            self._grow()
            self._same_state()
            seal = self._same_answers()
            self._retried_keys_write_nothing()
            self._ended_in_a_copy()
            self._undo_everything()
            self._same_state()
            self._audited(seal)
            self._same_other()
        return self.report._replace(entries=len(self.model.entries))

    def grown(self) -> Path:
        """The year alone, as a book for others to try."""
        with Books(self.path, clock=lambda: self.now) as self.books:
            self._grow()
        return self.path

    def _grow(self) -> None:
        self._begin()
        while sum(self.report.asked.values()) < self.steps:
            self._step()

    def _begin(self) -> None:
        """Nothing is recorded before the book is opened; then a little of everything."""
        opening = {"kind": "open-book", "date": date(YEAR, 1, 1), "doc": "", "key": None,
                   "basis": self.chance.choice(BASES),
                   "unit_kind": self.chance.choice(UNIT_KINDS),
                   "fund_basis": self.clerk.fund_basis()}  # fmt: skip
        self._ask({**self._named("P1")})
        assert not self.path.exists()
        self._ask(opening, dry_run=True)
        assert not self.path.exists()
        self._ask(opening)
        for code in ("P1", "P2"):
            self._ask(self._named(code))
        self._ask_the_other(opening)
        self._ask_the_other(self._named("P1"))  # and not P2: what is for P2 cannot be sent there
        for line in OWN_OF_OTHER:
            carried = {"kind": "carry-in", "line": line, "fen": OWN_FEN, "pending": False}
            self._ask_the_other({"date": date(YEAR, 1, 2), "doc": "", "key": None, **carried})

    def _named(self, code: str) -> Plain:
        return {"kind": "project", "date": date(YEAR, 1, 2), "doc": "", "key": None,
                "code": code, "name": "项目"}  # fmt: skip

    def _step(self) -> None:
        self.now += timedelta(seconds=self.chance.choice([0, 1, 60, 86_400, -30, -100_000]))
        habit = self.chance.random()
        if habit < 0.06:
            self._batch()
        elif habit < 0.12:
            self._ask(self.clerk.request(), dry_run=True)
        elif habit < 0.13:
            self._ask_a_stranger()
        elif habit < 0.16:
            self._sent_by_the_other()
        else:
            self._ask(self.clerk.request())

    def _ask(self, plain: Plain, *, dry_run: bool = False) -> None:
        """One request in a transaction of its own; both books must say the same."""
        ahead = self.model.copy() if dry_run else self.model
        actor = self.chance.choice(ACTORS)
        before = self.path.read_bytes() if dry_run and self.path.exists() else b""
        recorded = self._answer(
            plain,
            ahead,
            lambda request: self.books.transact(BOOK, request, actor=actor, dry_run=dry_run),
            actor,
        )
        if dry_run:
            assert before == (self.path.read_bytes() if self.path.exists() else b"")
        elif recorded is not None and plain["key"] is not None:
            self.answers.append((plain, recorded))

    def _batch(self) -> None:
        """Several requests in one transaction, which is kept or thrown away as a whole."""
        keep = self.chance.random() < 0.6
        ahead = self.model.copy()
        kept, self.clerk.book = self.clerk.book, ahead
        actor = self.chance.choice(ACTORS)
        with self.books.writing(BOOK, actor=actor, beside=OTHER) as writing_:
            for _ in range(self.chance.randint(2, 6)):
                self._answer(self.clerk.request(), ahead, writing_.record, actor)
            if not keep:
                writing_.abandon()
        if keep:
            self.model = kept = ahead
        self.clerk.book = kept

    @property
    def other(self) -> model.Book:
        """The model of the other book."""
        assert self.model.beside is not None
        return self.model.beside

    def _ask_the_other(self, plain: Plain) -> None:
        actor = "对方"
        self._answer(
            plain, self.other, lambda asked: self.books.transact(OTHER, asked, actor=actor), actor
        )

    def _sent_by_the_other(self) -> None:
        """Carry-over comes from the other book, or is refused by one of the two."""
        clerk = Clerk(self.chance, self.other)
        plain = {"kind": "transfer", "date": self.clerk.day(), "doc": "拨", "key": None}
        self._ask_the_other({**plain, **clerk._transfer(), "counterpart": str(BOOK)})

    def _ask_a_stranger(self) -> None:
        """Another book of the same file, which nobody opened."""
        plain = self.clerk.request()
        if plain["kind"] == "open-book":
            return
        try:
            self.books.transact(STRANGER, request_of(plain)._replace(key=None), actor="出纳")
        except Refused as refused:
            assert refused.refusal is Refusal.BOOK_NOT_OPENED, refused
            self.report.refused[refused.refusal] += 1
        else:
            raise AssertionError(f"recorded in a book that was not opened: {plain}")

    def _answer(
        self,
        plain: Plain,
        book: model.Book,
        ask: Callable[[Request], Recorded],
        actor: str,
    ) -> Recorded | None:
        self.report.asked[plain["kind"]] += 1
        expected = book.ask(plain, self.now, actor)
        try:
            recorded = ask(request_of(plain))
        except Malformed as malformed:
            assert "malformed" in expected["broken"], f"{plain}\n{malformed}; the model: {expected}"
            return None
        except Refused as refused:
            self.report.refused[refused.refusal] += 1
            assert FAMILY[refused.refusal] in expected["broken"], (
                f"{plain}\nrefused as {refused.code} ({refused}); the model: {expected}"
            )
            return None
        assert not expected["broken"], f"{plain}\naccepted; the model: {expected}"
        assert expected["already"] == recorded.already, f"{plain}\n{expected}"
        assert expected["waits"] == recorded.waits, f"{plain}\n{expected}"
        assert expected["numbers"][-1] == recorded.entries[-1].number
        if not recorded.already:
            assert expected["numbers"] == [entry.number for entry in recorded.entries]
            last = book.entries[-1]
            assert last["recorded_at"] == recorded.entries[-1].recorded_at
            self._nothing_negative(recorded.state)
        return recorded

    @staticmethod
    def _nothing_negative(state: BookState) -> None:
        for line, (auth, *used) in state.lines.items():
            assert -auth == sum(used) and min(used) >= 0, (line, auth, used)
        assert state.cash_fen >= 0
        assert 0 <= state.turnover_fen <= TOTAL_MAX_FEN
        assert all(cap.spent_fen >= 0 for cap in state.three_public.values())

    def _same_state(self) -> None:
        """Model and book state, figure by figure."""
        connection = log.connect(self.path)
        try:
            state, head = read_state(connection, str(BOOK))
        finally:
            connection.close()
        assert len(self.model.entries) == head.entries == state.number
        there = {
            str(line): {
                "annual_budget_fen": state.of(line, Account.AUTH),
                "pending_fen": state.of(line, Account.PENDING),
                "available_fen": state.of(line, Account.EXEC),
                "held_fen": state.of(line, Account.HELD),
                "paid_fen": state.of(line, Account.PAID),
                "taken_fen": state.of(line, Account.TAKEN),
                "initial_fen": state.initial_fen.get(line, 0),
            }
            for line, accounts in state.lines.items()
            if any(accounts) or state.initial_fen.get(line)
        }
        agree(self.model.balance(), there, "state")
        sums = self.model.sums()
        assert sums.get(("cash", "", ""), 0) == state.cash_fen
        pools = {pool: steps["closing"] for pool, steps in self.model.pools().items()}
        agree({pool: fen for pool, fen in pools.items() if fen}, state.pools, "pools")
        assert self.model.distributable() == distributable_fen(state)
        for item in set(model.ITEM.values()):
            cap = state.three_public.get(item)
            assert (sums.get(("cap", item, ""), 0), sums.get(("spent", item, ""), 0)) == (
                (cap.cap_fen, cap.spent_fen) if cap else (0, 0)
            )
        lines = map(str, state.lines)
        plans = {line: self.model.plans(line) for line in lines if any(self.model.plans(line))}
        agree(plans, {str(line): months for line, months in state.plans.items()}, "plans")
        assert self.model.projects.keys() == state.projects.keys()
        assert self.model.locked == set(state.locked_months)
        assert self.model.waiting() == state.open_requests
        assert (self.model.last(), self.model.last(reconciled=True)) == (
            state.paid_at,
            state.reconciled,
        )
        self._nothing_negative(state)

    def _cuts(self) -> Iterator[Plain]:
        """Everything; the days before, in and after the year; moments between the entries."""
        yield {}
        days = [date(YEAR - 1, 12, 31), date(YEAR + 1, 1, 1)]
        days += [date(YEAR, 1, 1) + timedelta(days=self.chance.randint(0, 365)) for _ in range(2)]
        days.append(self.chance.choice(self.model.entries)["date"])
        for day in days:
            yield {"as_of": day}
        moments = [self.chance.choice(self.model.entries)["recorded_at"] for _ in range(2)]
        moments.append(moments[0] - timedelta(microseconds=1))
        for moment in moments:
            yield {"known_at": moment}
        yield {"as_of": self.chance.choice(days), "known_at": moments[0]}

    def _same_answers(self) -> Seal:
        """Every query at several cuts; then the same from views made anew; then the audit."""
        cuts = list(self._cuts())
        answers = [self._asked(cut) for cut in cuts]
        self._audited(None)
        heads = rebuild(self.path)
        assert {str(BOOK), str(OTHER)} == set(heads)
        assert answers == [self._asked(cut) for cut in cuts]
        self._audited(Seal.of(heads[str(BOOK)]))
        assert views_path(self.path).exists()
        return Seal.of(heads[str(BOOK)])

    def _asked(self, cut: Plain) -> list[object]:
        with reading(self.path, BOOK, Cut(**cut)) as opened:
            answers = [
                self._balance(opened, cut),
                self._carryover(opened, cut, self.model),
                self._opening(opened, cut),
                *(self._execution(opened, cut, scope) for scope in ("current", "all")),
                self._progress(opened, cut),
                self._ageing(opened, cut),
                self._reconciled(opened, cut),
                self._three_public(opened, cut),
                self._entries(opened, cut),
                self._cells(opened, cut),
                self._pending(opened, cut),
            ]
            if cut == {} or "as_of" in cut:
                answers.append(self._statement(opened, cut))
        return answers

    def _balance(self, opened: Reading, cut: Plain) -> object:
        answer = as_plain(line_balances(opened))
        figures = (
            *("initial_fen", "annual_budget_fen", "pending_fen", "available_fen", "held_fen"),
            *("paid_fen", "taken_fen"),
        )
        rows = {
            row["line"]: {name: row[name] for name in figures}
            for row in answer["lines"]
            if any(row[name] for name in figures)
        }
        expected = self.model.balance(**cut)
        agree(expected, rows, cut)
        for name in figures:
            assert answer["totals"][name] == sum(row[name] for row in expected.values())
        return answer

    def _carryover(self, opened: Reading, cut: Plain, book: model.Book) -> object:
        answer = carryover(opened)
        rows = {
            (row["fund"], row["func"], row["project"], row["origin"]): {
                name: row[name] for name in WALK
            }
            for row in answer["items"]
        }
        expected = book.carryover(**cut)
        agree(expected, rows, cut)
        agree(book.own_money(**cut), answer["nonfiscal"], cut)
        found = {
            row["pool"]: {
                name: row[f"{name}_fen"] for name in ("opening", "distributed", "used", "closing")
            }
            for row in answer["pools"]
        }
        agree(book.pools(**cut), found, cut)
        adjusted = [each[1:] for each in book.adjustments(**cut)]
        assert adjusted == [
            (each["kind"], each["fen"], each["doc"]) for each in answer["opening_adjustments"]
        ]
        before_fen = answer["opening_before_fen"]
        assert before_fen + sum(fen for _, fen, _ in adjusted) == answer["opening_fen"]
        for name in WALK:
            assert answer[name] == sum(row[name] for row in expected.values())
        signs = model.WALK.items()
        assert answer["closing_fen"] == sum(sign * answer[f"{step}_fen"] for step, sign in signs)
        return answer

    def _opening(self, opened: Reading, cut: Plain) -> object:
        answer = opening(opened)
        rows = {
            (row["fund"], row["func"], row["project"], row["origin"]): row["opening_fen"]
            for row in answer["items"]
            if row["opening_fen"]
        }
        expected = self.model.carryover(**cut)
        agree({item: e["opening_fen"] for item, e in expected.items() if e["opening_fen"]}, rows)
        assert [(n, fen) for n, _, fen, _ in self.model.adjustments(**cut)] == [
            (each["entry"], each["fen"]) for each in answer["adjustments"]
        ]
        return answer

    def _execution(self, opened: Reading, cut: Plain, scope: Any) -> object:
        answer = execution(opened, scope)
        rows = {row["project"]: {k: row[k] for k in ("initial_fen", "annual_budget_fen",
                "executed_fen", "rate")} for row in answer["projects"]}  # fmt: skip
        expected = self.model.execution(scope, **cut)
        nothing = {"initial_fen": 0, "annual_budget_fen": 0, "executed_fen": 0, "rate": None}
        assert expected.pop("basic", nothing) == answer["basic"], cut
        rows |= {row["spending"]: {name: row[name] for name in nothing} for row in answer["other"]}
        agree(expected, rows, cut)
        return answer

    def _progress(self, opened: Reading, cut: Plain) -> object:
        answer = progress(opened)
        expected = self.model.progress(**cut)
        found = {"": answer["totals"]}
        for row in answer["projects"]:
            found[row["spending"] if row["project"] == "-" else row["project"]] = row
        found |= {row["line"]: row for p in answer["projects"] for row in p["lines"]}
        figures = {
            name: {
                **{key: row[key] for key in row if key not in _NAMES},
                "hints": [hint["code"] for hint in row["hints"]],
            }
            for name, row in found.items()
        }
        agree(expected, figures, cut)
        return answer

    def _ageing(self, opened: Reading, cut: Plain) -> object:
        answer = ageing(opened)
        day, expected = self.model.ageing(**cut)
        assert answer["date"] == (None if day is None else day.isoformat()), cut
        found = {
            row["line"]: (row["left_fen"], row["months_left"], row["light"] == "due")
            for row in answer["lines"]
        }
        agree(expected, found, cut)
        assert sum(row["left_fen"] for row in answer["origins"]) == answer["totals"]["left_fen"]
        return answer

    def _reconciled(self, opened: Reading, cut: Plain) -> object:
        """A statement of what the model says agrees; with a fen more of one key, but for that."""
        paid, approved = (
            {Key(fund, func, project, int(origin), *doc): fen
             for (fund, func, project, origin, *doc), fen in sums.items()}
            for sums in self.model.bureau(**cut)
        )  # fmt: skip
        answer = reconciled(opened, Statement("00", paid, approved, by_origin=True))
        later = [each for each in answer["differences"] if each["measure"] == "later"]
        assert later == answer["differences"], (cut, answer["differences"])
        assert answer["paid_fen"] == sum(paid.values()) + answer["paid_later_fen"]
        assert answer["agreed"] == (answer["paid_later_fen"] == 0)
        for sums in (paid, approved):
            for key in list(sums)[:1]:
                sums[key] += 1
                off = reconciled(opened, Statement("00", paid, approved, by_origin=True))
                (one,) = [each for each in off["differences"] if each["measure"] != "later"]
                assert (one["difference_fen"], one["func"]) == (-1, key.func)
                sums[key] -= 1
        return answer

    def _three_public(self, opened: Reading, cut: Plain) -> object:
        answer = three_public(opened)
        for side, items in self.model.three_public(**cut).items():
            assert {item: answer[side][f"{item}_fen"] for item in items} == items, cut
            assert sum(items.values()) == answer[side]["total_fen"]
        return answer

    def _entries(self, opened: Reading, cut: Plain) -> object:
        rows = list(entries(opened))
        counted = [
            entry
            for entry in self.model.entries
            if ("as_of" not in cut or entry["date"] <= cut["as_of"])
            and ("known_at" not in cut or entry["recorded_at"] <= cut["known_at"])
        ]
        assert [(e["number"], e["kind"], e["date"].isoformat()) for e in counted] == [
            (row["entry"], row["kind"], row["date"]) for row in rows
        ]
        for entry, row in zip(counted, rows, strict=True):
            sign = -1 if entry["kind"] == "reverse" else 1
            has_one = entry["money"] or entry["kind"] == "submit"
            assert row["amount_fen"] == (sign * entry["fen"] if has_one else None)
        return rows

    def _pending(self, opened: Reading, cut: Plain) -> object:
        answer = waiting(opened)
        expected = [self.model.entries[number - 1] for number in self.model.waiting(**cut)]
        assert [
            (e["number"], e["date"].isoformat(), e["actor"], e["needed"], e["fen"], e["said_as"])
            for e in expected
        ] == [
            (r["entry"], r["date"], r["actor"], r["needed"], r["amount_fen"],
             [line["line"] for line in r["lines"]])
            for r in answer["requests"]
        ]  # fmt: skip
        for entry, shown in zip(expected, answer["requests"], strict=True):
            moved = [-fen for _, fen in entry["request"]["from"]]
            moved += [fen for _, fen in entry["request"]["to"]]
            assert moved == [line["amount_fen"] for line in shown["lines"]]
        return answer

    def _statement(self, opened: Reading, cut: Plain) -> object:
        lines = sorted(self.model.balance(**cut))
        if not lines:
            return None
        answer = statement(opened, BudgetLine.parse(lines[0]))
        figures = self.model.balance(**cut)[lines[0]]
        assert answer["available_fen"] == figures["available_fen"]
        assert sum(row["paid_fen"] for row in answer["rows"]) == figures["paid_fen"]
        assert sum(row["approved_fen"] for row in answer["rows"]) == figures["annual_budget_fen"]
        return answer

    def _cells(self, opened: Reading, cut: Plain) -> object:
        """Every cell of the nine tables; for the whole year each explains itself, too, and no
        relation between the tables is broken."""
        cells = Cells(opened)
        found = {name: cells.fen(name) for name in cells.all if cells.fen(name)}
        expected = self.model.cells(**cut)
        agree(expected, found, cut)
        if cut == {}:
            for name, fen in found.items():
                answer = explain(cells, name)
                assert sum(entry["fen"] for entry in answer["entries"]) == fen
                assert not answer["parts"] or sum(part["fen"] for part in answer["parts"]) == fen
            # A year on basis `recorded` may spend what no income says; that is X12's to find.
            recorded = "recorded" in (opened.basis, *opened.fund_basis.values())
            excused = {"X12"} if recorded else set()
            errors = [f for f in check(cells)["findings"] if f["tier"] == "error"]
            assert not [f for f in errors if f["code"] not in excused], errors
        return found

    def _same_other(self) -> None:
        """The other book: nothing but its own carry-over is left, and it stands alone."""
        with reading(self.path, OTHER) as opened:
            self._carryover(opened, {}, self.other)
        found = audit(self.path, OTHER)
        assert found["ok"], found["findings"]
        assert len(self.other.entries) == found["entries"]
        assert self.other.balance().keys() == {*OWN_OF_OTHER}
        assert {row["available_fen"] for row in self.other.balance().values()} == {OWN_FEN}

    def _audited(self, seal: Seal | None) -> None:
        found = audit(self.path, BOOK, seal)
        assert found["ok"], found["findings"]
        assert len(self.model.entries) == found["entries"]

    def _retried_keys_write_nothing(self) -> None:
        """Every key that was answered once, asked again: the original, and not a byte."""
        before = self.path.read_bytes()
        for plain, first in self.answers:
            again = self.books.transact(BOOK, request_of(plain), actor="别人")
            assert again.already
            assert again.waits == (again.entries[-1].number in self.model.waiting())
            assert first.entries[-1] == again.entries[-1]
        assert before == self.path.read_bytes()

    def _ended_in_a_copy(self) -> None:
        """The year is closed in a copy of the file, with two signatures, and the next one opened
        from it: what stands in the way is told, no published figure changes, what closed opens."""
        path = self.path.with_name("ended.db")
        shutil.copy(self.path, path)
        day = date(YEAR, 12, 31)
        with Books(path, clock=lambda: self.now) as books:

            def ask(book: BookId, kind: str, ref: str | None = None, **given: Any) -> Recorded:
                given = {"occurred_on": day, "doc": "", "reason": "年终", **given}
                actor = "科长" if kind == "approve" else "出纳"
                return books.transact(book, Request(kind, given, ref), actor=actor)

            def refused(refusal: Refusal, book: BookId, kind: str, **given: Any) -> None:
                try:
                    ask(book, kind, **given)
                except Refused as found:
                    assert found.refusal is refusal, found
                    self.report.refused[refusal] += 1
                else:
                    raise AssertionError(f"{kind} was recorded")

            refused(Refusal.YEAR_OPEN, BOOK, "reopen-year")
            refused(
                Refusal.CLOSING_DATE, BOOK, "close-year", lines=(), occurred_on=date(YEAR, 6, 1)
            )
            refused(Refusal.PREVIOUS_OPEN, NEXT, "open-book", previous=str(BOOK))
            refused(Refusal.PREVIOUS_OTHER, NEXT, "open-book", previous=str(OTHER))
            if 12 in self.model.locked:
                return  # what is open can no longer be cleared
            self._clear(ask)
            ended = self._distributed_in_a_copy(ask, self._state_of(path))
            state = self._state_of(path)
            fen = state.paid_fen
            ask(BOOK, "reconcile", paid_fen=fen, statement_fen=fen, statement="0f" * 32)
            lines, cash = proposal(state)
            if any(fen < 0 and line.fund != "nonfiscal" for line, fen in money_left(state).items()):
                refused(Refusal.YEAR_BLOCKED, BOOK, "close-year", lines=lines, cash=cash)
                return
            if lines:
                refused(Refusal.YEAR_BLOCKED, BOOK, "close-year", lines=lines[1:], cash=cash)
            asked = ask(BOOK, "close-year", lines=lines, cash=cash).entries[-1].number
            ask(BOOK, "approve", f"#{asked}", authority="department")
            refused(Refusal.YEAR_CLOSED, BOOK, "lock-month", month=11)
            refused(Refusal.REOPEN_REASON, BOOK, "reopen-year", reason="")
            ask(NEXT, "open-book", previous=str(BOOK), occurred_on=date(YEAR + 1, 1, 1))
        self._same_after_closing(path, ended)
        path.unlink()
        views_path(path).unlink()

    @staticmethod
    def _same_after_closing(path: Path, ended: model.Book) -> None:
        """The tables of the closed year; what the next one opens with."""
        with reading(path, BOOK) as closed:
            cells = Cells(closed)
            found = {name: cells.fen(name) for name in cells.all if cells.fen(name)}
            agree(ended.cells(), found, "closed")
        last = last_closing(path, NEXT)
        assert last is not None
        with reading(path, NEXT) as opened:
            walk = checked(opened, last)
        assert walk["missing"] == [], walk
        left = {pool: steps["closing"] for pool, steps in ended.pools().items()}
        compared = {row["pool"]: row["opening_fen"] for row in walk["pools"]}
        agree({pool: fen for pool, fen in left.items() if fen}, compared, "pools of the next year")
        assert not any(row["unexplained_fen"] for row in walk["pools"]), walk
        own = ended.own_money()
        if min(own.values()) >= 0:  # else one kind paid for the other
            with reading(path, NEXT) as opened:
                agree(own, carryover(opened)["nonfiscal"], "non-fiscal money of the next year")
        for book in (BOOK, NEXT):
            outcome = audit(path, book)
            assert outcome["ok"], outcome["findings"]

    def _distributed_in_a_copy(self, ask: Callable[..., Recorded], state: BookState) -> model.Book:
        """What the end of a year suggests is distributed half the time; the model of it."""
        ended, proposed = self.model.copy(), suggested(state)
        fen = ended.distributable() if ended.unit_kind == "institution" else 0
        assert fen == (proposed[1] if proposed else 0)
        if proposed and self.chance.random() < 0.5:
            said: Plain = {"line": proposed[0], "distribution": "special"}
            ask(BOOK, "distribute", amount_fen=fen, **said)
            plain = {"kind": "distribute", "date": date(YEAR, 12, 31), "doc": "", "fen": fen}
            answer = ended.ask({**plain, **said, "line": str(proposed[0])}, self.now, "出纳")
            assert not answer["broken"], answer
        return ended

    def _clear(self, ask: Callable[..., Recorded]) -> None:
        """What must be done before a year can end: reservations, pending money, requests."""
        for entry in self.model.entries:
            number = entry["number"]
            standing = entry["kind"] == "reserve" and not self.model.undone(number)
            if standing and self.model.left(number):
                ask(BOOK, "unreserve", f"#{number}", amount_fen=None)
        for text, figures in self.model.balance().items():
            line = BudgetLine.parse(text)
            waits = line.origin < YEAR and line.project != "-"
            if figures["pending_fen"] and not waits:
                ask(BOOK, "release", line=line, amount_fen=figures["pending_fen"])
        for number in self._state_of(self.path).open_requests:
            ask(BOOK, "reject", f"#{number}")

    @staticmethod
    def _state_of(path: Path) -> BookState:
        connection = log.connect(path)
        try:
            return read_state(connection, str(BOOK))[0]
        finally:
            connection.close()

    def _undo_everything(self) -> None:
        """In reverse order, all that still stands. Where an earlier reversal took away what a later
        entry needs back, money is lent first and undone last."""
        self.report = self.report._replace(asked=Counter(self.report.asked))
        for line, fen in self._sent().items():
            if fen > 0:
                self._ask_the_other(self._sending(line, fen, BOOK))
        with self.books.writing(BOOK, actor="审计") as writing_:
            standing = self._standing()
            stuck = [number for number in standing if not self._undo(number, writing_)]
            if stuck:
                lent = len(self.model.entries)
                for plain in self._loans():
                    assert self._record(plain, writing_)
                for number in [n for n in self._standing() if n <= lent]:
                    assert self._undo(number, writing_), number
                for number in [n for n in self._standing() if n > lent]:
                    assert self._undo(number, writing_), number
        for line, fen in self._sent().items():
            if fen < 0:
                self._ask(self._sending(line, -fen, OTHER))
        connection = log.connect(self.path)
        state, _ = read_state(connection, str(BOOK))
        connection.close()
        assert not any(self._sent().values())
        assert not self.model.balance()
        assert not self.model.carryover()
        assert not any(any(accounts) for accounts in state.lines.values())
        assert (state.cash_fen, state.pools) == (0, {})
        assert not any(cap.cap_fen or cap.spent_fen for cap in state.three_public.values())
        with reading(self.path, BOOK) as opened:
            assert not any(carryover(opened)[name] for name in WALK)
            assert carryover(opened)["pools"] == []
            assert not any(as_plain(line_balances(opened))["totals"].values())

    def _sent(self) -> Counter[str]:
        """What the other book has of ours, net, by line; negative where we have of its."""
        sent: Counter[str] = Counter()
        for entry in self.model.entries:
            if entry["kind"] == "transfer":
                sent[entry["line"]] -= entry["effect"]["available", entry["line"], ""]
        return sent

    @staticmethod
    def _sending(line: str, fen: int, to: BookId) -> Plain:
        day = date(YEAR, 12, 31)
        return {"kind": "transfer", "line": line, "fen": fen, "counterpart": str(to), "date": day,
                "doc": "还", "key": None}  # fmt: skip

    def _standing(self) -> list[int]:
        return [
            entry["number"]
            for entry in reversed(self.model.entries)
            if entry["kind"] in (*model.MONEY, "approve") and not self.model.undone(entry["number"])
        ]

    def _undo(self, number: int, writing_: Writing) -> bool:
        return self._record(
            {"kind": "reverse", "ref": f"#{number}", "said_line": None, "said_fen": None}, writing_
        )

    def _record(self, plain: Plain, writing_: Writing) -> bool:
        said = {"date": date(YEAR, 12, 31), "doc": "撤", "key": None, **plain}
        return self._answer(said, self.model, writing_.record, "审计") is not None

    def _loans(self) -> Iterator[Plain]:
        """Enough of everything on every line, for every 三公 item, and in cash."""
        fen = LOAN_FEN
        for pool in self.model.pools():
            yield {"kind": "surplus-in", "pool": pool, "fen": fen}
        for line in self.model.lines():
            old = int(model.parts_of(line)["origin"]) < YEAR
            for pending in (False, True):
                kind = "carry-in" if old else "supplement"
                yield {"kind": kind, "line": line, "fen": fen, "pending": pending}
        for econ in ITEM_ECONS:
            line = f"general:{FUNCS[0]}:basic:-:{econ}:{YEAR}"
            yield {"kind": "supplement", "line": line, "fen": fen, "pending": False}
        for line in self.model.lines():
            if any(self.model.plans(line)):
                yield {"kind": "fund-plan", "line": line, "fen": fen // 2, "month": 1}
        line = f"nonfiscal:{FUNCS[0]}:basic:-:-:{YEAR}"
        yield {"kind": "income", "line": line, "source": "other", "fen": fen}


def simulate(seed: int, steps: int = STEPS) -> Report:
    """One year. Raises AssertionError, saying how to see it again, when anything disagrees."""
    interval = writing.SNAPSHOT_INTERVAL
    block = database.BLOCK
    writing.SNAPSHOT_INTERVAL = 5 + seed % 20  # snapshots and full blocks within a short year
    database.BLOCK = 3 + seed % 30
    try:
        with _folder() as folder:
            return Year(seed, steps, folder).run()
    except Exception as error:
        again = f"python -m scripts.proofs.simulate --seed {seed} --steps {steps}"
        raise AssertionError(f"seed {seed}: {error!r}\n{again}") from error
    finally:
        writing.SNAPSHOT_INTERVAL = interval
        database.BLOCK = block


@contextmanager
def _folder() -> Iterator[Path]:
    """In memory where the machine has such a place: thousands of durable commits."""
    memory = Path("/dev/shm")
    where = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="yusuan-year-", dir=where) as name:
        yield Path(name)


def simulate_all(seeds: Sequence[int], steps: int = STEPS, jobs: int | None = None) -> Report:
    """Many years, on every processor."""
    jobs = jobs or os.cpu_count() or 1
    total = Report(Counter(), Counter())
    if jobs == 1:
        for seed in seeds:
            total += simulate(seed, steps)
        return total
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for report in pool.map(simulate, seeds, [steps] * len(seeds), chunksize=4):
            total += report
    return total


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.proofs.simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many years (default 20)")
    parser.add_argument("--start", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--seed", type=int, help="only this one, in this process")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"requests (default {STEPS})")
    parser.add_argument("--jobs", type=int, help="processes (default: one per processor)")
    asked = parser.parse_args(argv)
    started = time.monotonic()
    if asked.seed is not None:
        report = simulate(asked.seed, asked.steps)
    else:
        seeds = range(asked.start, asked.start + asked.seeds)
        report = simulate_all(seeds, asked.steps, asked.jobs)
    print(report)
    unreached = [refusal.code for refusal in report.unreached()]
    print(f"never reached: {'、'.join(unreached) or 'none'}")
    print(f"all agree, {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
