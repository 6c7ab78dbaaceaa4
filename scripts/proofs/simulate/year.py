"""One random year: a book on disk and the model beside it, and what both must say alike."""

import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from ledger.book import BookId
from ledger.decisions.surplus import distributable_fen
from ledger.errors import Malformed
from ledger.kinds import THREE_PUBLIC_NAMES
from ledger.line import FISCAL_FUNDS, BudgetLine, Fund
from ledger.money import TOTAL_MAX_FEN
from ledger.postings import Account
from ledger.proofs.seal import Seal
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.rules.cautions import Uncovered
from ledger.rules.uncovered import on_days
from ledger.state import BookState, Cap
from ledger.store import fold
from ledger.store.books import Books
from ledger.store.fold import read_state
from ledger.store.sqlite.place import SqlitePlace
from ledger.store.writing import Recorded, Writing
from projections.audit.book import audit
from projections.questions.ageing import ageing
from projections.questions.approval import pending as waiting
from projections.questions.balances import line_balances
from projections.questions.carryover import WALK, carryover
from projections.questions.entries import entries
from projections.questions.execution import execution
from projections.questions.opening import opening
from projections.questions.progress import progress
from projections.questions.reconciling.reconciliation import Key, Statement, reconciled
from projections.questions.statement import statement
from projections.questions.three_public import three_public
from projections.report.against.said import printed
from projections.report.cells import Cells
from projections.report.checked.uncovered import NAMED, UncoveredDays, remarks, uncovered_days
from projections.report.checks import check
from projections.report.editions import edition
from projections.report.explain import explain
from projections.report.figure import Report as Published
from projections.views import schema as database
from projections.views.elimination import dealings
from projections.views.feed import rebuild
from projections.views.reading import Cut, Reading, reading
from scripts.proofs.simulate import told
from scripts.proofs.simulate.clerk import Clerk
from scripts.proofs.simulate.ending import YearEnd
from scripts.proofs.simulate.published import same_figures
from scripts.proofs.simulate.together import same_together
from scripts.proofs.simulate.words import (
    ACTORS,
    BASES,
    BOOK,
    FAMILY,
    FUNCS,
    ITEM_ECONS,
    LOAN_FEN,
    NUMBERS,
    OF_THE_MODEL,
    OTHER,
    OUT_OF_REACH,
    OWN_FEN,
    OWN_OF_OTHER,
    STEPS,
    STRANGER,
    UNIT_KINDS,
    YEAR,
    Plain,
    agree,
    request_of,
)
from tests.harness.plain import plain as as_plain
from tests.model import narrative
from tests.model.facts import FACTS, signed
from tests.model.figures import SIGNS, parts_of
from tests.model.rules import MONEY, Book

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


class RandomYear:
    """One seed: a book on disk, the model beside it, and the clerk who writes both."""

    def __init__(self, seed: int, steps: int, folder: Path) -> None:
        self.chance = random.Random(seed)
        self.steps = steps
        self.forms = narrative.EDITIONS[seed % len(narrative.EDITIONS)]
        self.path = folder / f"{seed}.db"
        self.model = Book(str(BOOK))
        self.model.beside_of(Book(str(OTHER)))
        self.clerk = Clerk(self.chance, self.model)
        self.now = datetime(YEAR + 1, 1, 1, 8, tzinfo=UTC)  # when every month is over
        self.report = Report(Counter(), Counter())
        self.answers: list[tuple[Plain, Recorded]] = []

    def run(self) -> Report:
        """The year, and everything that must hold at its end."""
        with Books(SqlitePlace(self.path, lambda: self.now)) as self.books:
            self._grow()
            self._same_state()
            seal = self._same_answers()
            self._retried_keys_write_nothing()
            same_together(self, self.path, self.model)
            YearEnd.play(self, self.path, self.model)
            self._undo_everything()
            self._same_state()
            self._audited(seal)
            self._same_other()
        return self.report._replace(entries=len(self.model.entries))

    def grown(self) -> Path:
        """The year alone, as a book for others to try."""
        with Books(SqlitePlace(self.path, lambda: self.now)) as self.books:
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
                   "fund_basis": self.clerk.fund_basis(),
                   "name": "某局", "edition": "2020"}  # fmt: skip
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
        recorded = self.answer(
            plain,
            ahead,
            lambda request: self.books.transact(BOOK, request, actor=actor, dry_run=dry_run),
            actor,
        )
        if dry_run:
            assert before == (self.path.read_bytes() if self.path.exists() else b"")
        elif recorded is not None and plain["key"] is not None:
            self.answers.append((plain, recorded))
        if recorded is not None and not recorded.already:
            self._same_days(ahead, recorded, dry_run=dry_run)

    def _same_days(self, book: Book, recorded: Recorded, *, dry_run: bool) -> None:
        """What is said of money that was not there on its day, as the book is known now."""
        expected = book.took_too_early(book.entries[-1])
        found: dict[str, tuple[date | None, int]] = {}
        if recorded.doubtful:
            before = on_days(recorded.entries if dry_run else ())
            with reading(SqlitePlace(self.path), BOOK) as opened:
                for uncovered in remarks(opened, recorded.doubtful, before):
                    facts = uncovered.remark.facts
                    assert isinstance(facts, Uncovered)
                    found[facts.line or ""] = (facts.covered_on, facts.short_fen)
        agree(expected, found, recorded.entries[-1].event)
        if not dry_run:
            with reading(SqlitePlace(self.path), BOOK) as opened:
                day = recorded.entries[-1].event.occurred_on
                ends = [run for run in uncovered_days(opened) if (run.line or "") in expected]
                assert {run.line or "" for run in ends if _after(run, day)} == expected.keys()

    def _batch(self) -> None:
        """Several requests in one transaction, which is kept or thrown away as a whole."""
        keep = self.chance.random() < 0.6
        ahead = self.model.copy()
        kept, self.clerk.book = self.clerk.book, ahead
        actor = self.chance.choice(ACTORS)
        with self.books.writing(BOOK, actor=actor, beside=OTHER) as writing_:
            for _ in range(self.chance.randint(2, 6)):
                self.answer(self.clerk.request(), ahead, writing_.record, actor)
            if not keep:
                writing_.abandon()
        if keep:
            self.model = kept = ahead
        self.clerk.book = kept

    @property
    def other(self) -> Book:
        """The model of the other book."""
        assert self.model.beside is not None
        return self.model.beside

    def _ask_the_other(self, plain: Plain) -> None:
        actor = "对方"
        self.answer(
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

    def answer(
        self,
        plain: Plain,
        book: Book,
        ask: Callable[[Request], Recorded],
        actor: str,
    ) -> Recorded | None:
        """What the product and the model say of one request."""
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
            early = set().union(
                *(book.took_too_early(book.entries[n - 1]) for n in expected["numbers"])
            )
            doubted = {"" if take.where is None else str(take.where) for take in recorded.doubtful}
            assert early <= doubted, f"{plain}\nnot doubted: {early - doubted}"
        return recorded

    def was_refused(self, refusal: Refusal) -> None:
        """Counts a refusal that only the product was asked for."""
        self.report.refused[refusal] += 1

    @staticmethod
    def _nothing_negative(state: BookState) -> None:
        for line, (auth, *used) in state.lines.items():
            assert -auth == sum(used) and min(used) >= 0, (line, auth, used)
        assert state.cash_fen >= 0
        assert 0 <= state.turnover_fen <= TOTAL_MAX_FEN
        assert all(cap.spent_fen >= 0 for cap in state.three_public.values())

    def _same_state(self) -> None:
        """Model and book state, figure by figure."""
        with SqlitePlace(self.path).reading() as stored:
            state, head = read_state(stored, str(BOOK))
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
        became = {
            line: fen
            for (what, line, _), fen in sums.items()
            if what == "surplus" and fen and int(parts_of(line)["origin"]) == YEAR
        }
        agree(became, {str(line): fen for line, fen in state.reclassified.items()}, "surplus")
        assert self.model.distributable() == distributable_fen(state)
        for item in THREE_PUBLIC_NAMES:
            cap = state.three_public.get(item) or Cap()
            spent = sums.get(("spent", item, ""), 0)
            assert (self.model.cap_of(item, sums), spent) == (cap.cap_fen, cap.spent_fen)
            assert self.model.caps(item) == [own.fen for own in cap.own]
        lines = map(str, state.lines)
        plans = {line: self.model.plans(line) for line in lines if any(self.model.plans(line))}
        agree(plans, {str(line): months for line, months in state.plans.items()}, "plans")
        assert self.model.projects.keys() == state.projects.keys()
        assert self.model.code_names().keys() == state.code_lists.keys()
        told.same_contracts(self.model, state)
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
        heads = rebuild(SqlitePlace(self.path))
        assert {str(BOOK), str(OTHER)} == set(heads)
        assert answers == [self._asked(cut) for cut in cuts]
        self._audited(Seal.of(heads[str(BOOK)]))
        assert SqlitePlace(self.path).views.exists()
        return Seal.of(heads[str(BOOK)])

    def _asked(self, cut: Plain) -> list[object]:
        with reading(SqlitePlace(self.path), BOOK, Cut(**cut)) as opened:
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
                self._days(opened, cut),
                self._dealings(opened, cut),
                self._names(opened, cut),
                told.asked(opened, cut, self.model),
                same_figures(opened, cut, self.model, self.forms, explained=not cut),
            ]
            if cut == {} or "as_of" in cut:
                answers.append(self._statement(opened, cut))
        return answers

    def _names(self, opened: Reading, cut: Plain) -> object:
        """What codes are called by the lists that the book had adopted by then."""
        expected = self.model.code_names(cut.get("known_at"))
        agree(expected, opened.code_names(), cut)
        return expected

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
        spendable = {row["line"]: row["spendable_fen"] for row in answer["lines"]}
        agree(self.model.spendable(**cut), {line: spendable[line] for line in expected}, cut)
        return answer

    def _carryover(self, opened: Reading, cut: Plain, book: Book) -> object:
        answer = as_plain(carryover(opened))
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
                name: row[f"{name}_fen"]
                for name in ("opening", "adjusted", "distributed", "used", "closing")
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
        signs = SIGNS.items()
        assert answer["closing_fen"] == sum(sign * answer[f"{step}_fen"] for step, sign in signs)
        return answer

    def _opening(self, opened: Reading, cut: Plain) -> object:
        answer = as_plain(opening(opened))
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
        answer = as_plain(execution(opened, scope))
        rows = {row["project"]: {k: row[k] for k in ("initial_fen", "annual_budget_fen",
                "executed_fen", "rate")} for row in answer["projects"]}  # fmt: skip
        expected = self.model.execution(scope, **cut)
        nothing = {"initial_fen": 0, "annual_budget_fen": 0, "executed_fen": 0, "rate": None}
        assert expected.pop("basic", nothing) == answer["basic"], cut
        rows |= {row["spending"]: {name: row[name] for name in nothing} for row in answer["other"]}
        agree(expected, rows, cut)
        return answer

    def _progress(self, opened: Reading, cut: Plain) -> object:
        answer = as_plain(progress(opened))
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
        answer = as_plain(ageing(opened))
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
        answer = as_plain(reconciled(opened, Statement("00", paid, approved, by_origin=True)))
        later = [each for each in answer["differences"] if each["measure"] == "later"]
        assert later == answer["differences"], (cut, answer["differences"])
        assert answer["paid_fen"] == sum(paid.values()) + answer["paid_later_fen"]
        assert answer["agreed"] == (answer["paid_later_fen"] == 0)
        for sums in (paid, approved):
            for key in list(sums)[:1]:
                sums[key] += 1
                off = as_plain(reconciled(opened, Statement("00", paid, approved, by_origin=True)))
                (one,) = [each for each in off["differences"] if each["measure"] != "later"]
                assert (one["difference_fen"], one["func"]) == (-1, key.func)
                sums[key] -= 1
        return answer

    def _three_public(self, opened: Reading, cut: Plain) -> object:
        for funds in ((Fund.GENERAL,), tuple(FISCAL_FUNDS)):
            answer = as_plain(three_public(opened, funds))
            for side, items in self.model.three_public(funds, **cut).items():
                found = {item: answer[side][f"{item.replace('-', '_')}_fen"] for item in items}
                assert found == items, (cut, side)
                assert sum(items.values()) == answer[side]["total_fen"]
        return answer

    def _entries(self, opened: Reading, cut: Plain) -> object:
        rows = as_plain(list(entries(opened)))
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
            asks = entry["kind"] == "submit" and entry["request"]["kind"] == "reverse"
            sign = -1 if entry["undoes"] or asks else 1
            # A fact need not have one; a reconciliation and a request that is rejected have none.
            assert row["amount_fen"] == (sign * entry["fen"] if entry["fen"] else None), entry
        return rows

    def _pending(self, opened: Reading, cut: Plain) -> object:
        answer = as_plain(waiting(opened))
        expected = [self.model.entries[number - 1] for number in self.model.waiting(**cut)]
        assert [
            (e["number"], e["date"].isoformat(), e["actor"], e["needed"],
             -e["fen"] if e["request"]["kind"] == "reverse" else e["fen"], e["said_as"])
            for e in expected
        ] == [
            (r["entry"], r["date"], r["actor"], r["needed"], r["amount_fen"],
             [line["line"] for line in r["lines"]])
            for r in answer["requests"]
        ]  # fmt: skip
        for entry, shown in zip(expected, answer["requests"], strict=True):
            asked, sign = entry["request"], 1
            if asked["kind"] == "reverse":
                asked, sign = self.model.entries[entry["original"] - 1]["request"], -1
            moved = [-sign * fen for _, fen in asked["from"]]
            moved += [sign * fen for _, fen in asked["to"]]
            assert moved == [line["amount_fen"] for line in shown["lines"]]
        return answer

    def _days(self, opened: Reading, cut: Plain) -> object:
        """The days on which more was spent than was there, and which entries did."""
        answer = uncovered_days(opened)
        found = [(run.line or "", run.first, run.short_fen, run.covered_on) for run in answer]
        agree(sorted(self.model.uncovered(**cut)), sorted(found), cut)
        for run in answer:
            name = ("available", run.line, "") if run.line else ("cash", "", "")
            took = self.model.took(name, run.first, run.short_on, **cut)
            assert (took[:NAMED], len(took)) == (run.entries, run.count), (cut, run)
        if self.model.basis is not None and "known_at" not in cut:
            findings = check(Published(Cells(opened))).findings
            found_by = [f for f in findings if f.code == "DATE.UNCOVERED"]
            assert [f.facts for f in found_by] == answer
            assert {f.tier for f in found_by} <= {"warn"}
        return answer

    def _dealings(self, opened: Reading, cut: Plain) -> object:
        """What was paid to every other unit, or came from it."""
        found: Counter[tuple[str, str]] = Counter()
        for each in dealings(opened):
            found[each.counterpart, each.source] += each.fen
        expected = {
            (unit, source): fen
            for (what, unit, source), fen in self.model.sums(**cut).items()
            if what == "dealing" and fen
        }
        agree(expected, {name: fen for name, fen in found.items() if fen}, cut)
        return sorted(expected.items())

    def _statement(self, opened: Reading, cut: Plain) -> object:
        lines = sorted(self.model.balance(**cut))
        if not lines:
            return None
        answer = as_plain(statement(opened, BudgetLine.parse(lines[0])))
        figures = self.model.balance(**cut)[lines[0]]
        assert answer["available_fen"] == figures["available_fen"]
        assert sum(row["paid_fen"] for row in answer["rows"]) == figures["paid_fen"]
        assert sum(row["approved_fen"] for row in answer["rows"]) == figures["annual_budget_fen"]
        return answer

    def _cells(self, opened: Reading, cut: Plain) -> object:
        """Every cell of the nine tables in the forms that the model knows, whichever the book is
        shown in by now; for the whole year each explains itself, too, no relation between the
        tables is broken, and everything that is printed agrees with the book."""
        cells = Cells(opened, edition(OF_THE_MODEL))
        found = {name: cells.fen(name) for name in cells.all if cells.fen(name)}
        expected = self.model.cells(**cut)
        agree(expected, found, cut)
        if cut == {}:
            report = Published(cells)
            for name, fen in found.items():  # whatever does not add up is refused
                answer = explain(report, name)
                assert answer.fen == fen
                assert sum(entry.fen or 0 for entry in answer.entries) == answer.fen
            # A year on basis `recorded` may spend what no income says; that is X12's to find.
            recorded = "recorded" in (opened.basis, *opened.fund_basis.values())
            excused = {"X12"} if recorded else set()
            said = [
                printed(report, each.id, each.printed)
                for each in report.every()
                if each.value is not None
            ]
            findings = check(report, printed=said).findings
            assert not [f for f in findings if f.code.startswith("AGAINST.")]
            errors = [f for f in findings if f.tier == "error"]
            # What a project spends of other money is an error for each: 专用资金.
            own = self.model.cash()
            taken = sorted(fen for fen in own.values() if fen < 0)
            dedicated = [f for f in errors if " 单位资金" in f.message]
            assert sorted(f.left_fen or 0 for f in dedicated) == taken, (dedicated, own)
            others = [f for f in errors if f not in dedicated and f.code not in excused]
            others = [f for f in others if not f.code.startswith("E.")]  # of what a clerk made up
            assert not others, others
        return found

    def _same_other(self) -> None:
        """The other book: nothing but its own carry-over is left, and it stands alone."""
        with reading(SqlitePlace(self.path), OTHER) as opened:
            self._carryover(opened, {}, self.other)
        found = audit(SqlitePlace(self.path), OTHER)
        assert found.ok, found.findings
        assert len(self.other.entries) == found.entries
        assert self.other.balance().keys() == {*OWN_OF_OTHER}
        assert {row["available_fen"] for row in self.other.balance().values()} == {OWN_FEN}

    def _audited(self, seal: Seal | None) -> None:
        found = audit(SqlitePlace(self.path), BOOK, seal)
        assert found.ok, found.findings
        assert len(self.model.entries) == found.entries

    def _retried_keys_write_nothing(self) -> None:
        """Every key that was answered once, asked again: the original, and not a byte."""
        before = self.path.read_bytes()
        for plain, first in self.answers:
            again = self.books.transact(BOOK, request_of(plain), actor="别人")
            assert again.already
            assert again.waits == (again.entries[-1].number in self.model.waiting())
            assert first.entries[-1] == again.entries[-1]
        assert before == self.path.read_bytes()

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
        with SqlitePlace(self.path).reading() as stored:
            state, _ = read_state(stored, str(BOOK))
        assert not any(self._sent().values())
        assert not self.model.balance()
        assert not self.model.carryover()
        assert not any(any(accounts) for accounts in state.lines.values())
        assert (state.cash_fen, state.pools) == (0, {})
        assert not any(cap.cap_fen or cap.spent_fen for cap in state.three_public.values())
        with reading(SqlitePlace(self.path), BOOK) as opened:
            assert not any(as_plain(carryover(opened))[name] for name in WALK)
            assert as_plain(carryover(opened))["pools"] == []
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
            if entry["kind"] in (*MONEY, *FACTS, "correct", "approve") and not entry["undoes"]
            if not self.model.undone(entry["number"])
        ]

    def _undo(self, number: int, writing_: Writing) -> bool:
        said = {"ref": f"#{number}", "said_line": None, "said_fen": None, "authority": "finance"}
        return self._record({"kind": "reverse", **said}, writing_)

    def _record(self, plain: Plain, writing_: Writing) -> bool:
        said = {"date": date(YEAR, 12, 31), "doc": "撤", "key": None, **plain}
        return self.answer(said, self.model, writing_.record, "审计") is not None

    def _loans(self) -> Iterator[Plain]:
        """Enough of everything on every line, for every 三公 item, and in cash."""
        fen = LOAN_FEN
        for pool in self.model.pools():
            yield {"kind": "surplus-in", "pool": pool, "fen": fen}
        for line in self.model.lines():
            old = int(parts_of(line)["origin"]) < YEAR
            for pending in (False, True):
                kind = "carry-in" if old else "supplement"
                yield {"kind": kind, "line": line, "fen": fen, "pending": pending}
        for item in THREE_PUBLIC_NAMES:
            if self.model.caps(item):
                yield {"kind": "cap", "item": item, "fen": fen}
        for econ in ITEM_ECONS:
            line = f"general:{FUNCS[0]}:basic:-:{econ}:{YEAR}"
            yield {"kind": "supplement", "line": line, "fen": fen, "pending": False}
        for line in self.model.lines():
            if any(self.model.plans(line)):
                yield {"kind": "fund-plan", "line": line, "fen": fen // 2, "month": 1}
        line = f"nonfiscal:{FUNCS[0]}:basic:-:-:{YEAR}"
        yield {"kind": "income", "line": line, "source": "other", "fen": fen}
        for no in NUMBERS:  # of one that stands no more what came back is paid again
            if signed(self.model, no) is None:
                yield {**told.CONTRACT, "no": no, "fen": 10 * fen}


def _after(run: UncoveredDays, day: date) -> bool:
    """Whether a day of a run is not before that one."""
    return run.covered_on is None or run.covered_on > day


def simulate(seed: int, steps: int = STEPS) -> Report:
    """One year. Raises AssertionError, saying how to see it again, when anything disagrees."""
    interval = fold.SNAPSHOT_INTERVAL
    block = database.BLOCK
    fold.SNAPSHOT_INTERVAL = 5 + seed % 20  # snapshots and full blocks within a short year
    database.BLOCK = 3 + seed % 30
    try:
        with _folder() as folder:
            return RandomYear(seed, steps, folder).run()
    except Exception as error:
        again = f"python -m scripts.proofs.simulate --seed {seed} --steps {steps}"
        raise AssertionError(f"seed {seed}: {error!r}\n{again}") from error
    finally:
        fold.SNAPSHOT_INTERVAL = interval
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
