"""Three years of a unit: random but lawful years, closed and opened in turn (R8, R11, R13).

opening(Y+1) = closing(Y) ± adjustments, per fund, func, project and origin; nothing older than the
two-year rule goes on plainly; every book audits, and names the head of the one before it.
"""

import random
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import BookId
from ledger.decisions.closing import proposal
from ledger.events import LineClosed, Share
from ledger.line import BudgetLine, Spending
from ledger.refusals import Refused
from ledger.requests import Request
from ledger.state import BookState
from ledger.store.books import Books
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.book import audit
from projections.questions.carryover import Item
from projections.questions.opening import checked, last_closing
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.figure import Report
from projections.views.reading import reading
from tests.harness.plain import plain

UNIT = "jianghan"
FIRST = 2020
DOC = "文1"
PROJECTS = ("P1", "P2")
ECONS = ("30201", "30299", "30211")
MAKER, CHECKER = "出纳", "科长"


def lines_of(year: int) -> list[BudgetLine]:
    """Lines of this year's money: basic, two projects, two funds and the unit's own."""
    return [
        BudgetLine.make("general", "2080101", "basic", "-", "302", year),
        BudgetLine.make("general", "2080105", "project", "P1", "-", year),
        BudgetLine.make("general", "2080106", "project", "P2", "30299", year),
        BudgetLine.make("govfund", "2120899", "project", "P2", "-", year),
        BudgetLine.make("nonfiscal", "2080105", "project", "P1", "-", year),
        BudgetLine.make("nonfiscal", "2080101", "basic", "-", "-", year),
    ]


class Life:
    """The books of one unit, year after year, from one seed."""

    def __init__(self, path: Path, seed: int, basis: str) -> None:
        self.path = path
        self.chance = random.Random(seed)
        self.basis = basis
        self.books = Books(SqlitePlace(path, lambda: datetime(2024, 1, 2, 8, tzinfo=UTC)))

    def year(self, year: int) -> None:
        """Opens the book of a year, lives it, and closes it with two signatures."""
        book = BookId(UNIT, year)
        self._open(book)
        with self.books.writing(book, actor=MAKER) as writing:
            for number in range(self.chance.randint(5, 30)):
                try:
                    writing.record(self._request(year, number, writing.state))
                except Refused:
                    continue  # the draw was not lawful; the next may be
            # Money that waits must be released before the year can end.
            for line, accounts in list(writing.state.lines.items()):
                if accounts[1] and line.origin == year:
                    writing.record(self._dated(year, "release", line=line, amount_fen=accounts[1]))
            paid_fen = writing.state.paid_fen
            agreed = {"paid_fen": paid_fen, "statement_fen": paid_fen, "statement": "0f" * 32}
            writing.record(self._dated(year, "reconcile", **agreed))
            lines, cash = self.decided(writing.state)
            closing = self._dated(year, "close-year", lines=lines, cash=cash)
            asked = writing.record(closing._replace(given={**closing.given, "doc": ""}))
        number = asked.entries[-1].number
        signing = self._dated(year, "approve", authority="department")
        self.books.transact(book, signing._replace(ref=f"#{number}"), actor=CHECKER)

    def _open(self, book: BookId) -> None:
        day = date(book.year, 1, 1)
        if book.year == FIRST:
            facts = {"name": "局", "unit_kind": "institution", "edition": "2022"}
            given: dict[str, Any] = {**facts, "basis": self.basis, "occurred_on": day}
            self.books.transact(book, Request("open-book", given), actor=MAKER)
            for code in PROJECTS:
                named = {"code": code, "name": f"{code}项目", "occurred_on": day}
                self.books.transact(book, Request("project", named), actor=MAKER)
        else:
            given = {"previous": f"{UNIT}/{book.year - 1}", "occurred_on": day}
            self.books.transact(book, Request("open-book", given), actor=MAKER)

    def _dated(self, year: int, kind: str, **given: Any) -> Request:
        return Request(kind, {"occurred_on": date(year, 12, 31), "doc": DOC, **given})

    def _request(self, year: int, number: int, state: BookState) -> Request:
        chance, fen = self.chance, self.chance.randrange(1, 50_000)
        known = [line for line in state.lines if any(state.lines[line])]
        line = chance.choice([*lines_of(year), *known])
        current = chance.choice(lines_of(year))
        draw = chance.random()
        if draw < 0.3:
            kind = chance.choice(["appropriate", "supplement"])
            pending = chance.random() < 0.2
            return self._dated(year, kind, line=current, amount_fen=fen * 3, pending=pending)
        if draw < 0.4:
            own = chance.choice([each for each in lines_of(year) if each.fund == "nonfiscal"])
            return self._dated(year, "income", line=own, source="service", amount_fen=fen)
        if draw < 0.45 and self.basis == "recorded":
            return self._dated(year, "income", line=current, source="fiscal", amount_fen=fen)
        if draw < 0.5 and line.origin < year:
            kind = chance.choice(["error-correction", "remitted", "prior-year-recovery"])
            given = {"line": line, "amount_fen": fen, "adjustment": kind}
            return self._dated(year, "adjust-opening", **given)
        if draw < 0.55:
            return self._dated(year, "release", line=line, amount_fen=fen)
        paid = {"line": line, "econ": chance.choice(ECONS), "amount_fen": fen, "payee": "某店"}
        return self._dated(year, "pay", **paid)

    def decided(self, state: BookState) -> tuple[tuple[LineClosed, ...], tuple[Share, ...]]:
        """What the rules suggest, and here and there what else they allow."""
        lines, cash = proposal(state)
        return tuple(map(self._edited, lines)), cash

    def _edited(self, each: LineClosed) -> LineClosed:
        if each.choice == "lapse" or self.chance.random() < 0.6:
            return each
        if each.line.spending is Spending.PROJECT and self.chance.random() < 0.5:
            return LineClosed(each.line, "surplus", each.amount_fen, each.pending_fen)
        return LineClosed(each.line, "take-back", each.amount_fen, each.pending_fen, DOC)


def followed(path: Path, year: int) -> None:
    """The book of `year` against the one before it."""
    book = BookId(UNIT, year)
    last = last_closing(SqlitePlace(path), book)
    assert last is not None
    with reading(SqlitePlace(path), book) as opened:
        found = plain(checked(opened, last))
        assert found["missing"] == []
        assert found["opening_fen"] == last.fen + found["adjusted_fen"]
        assert not [
            f for f in plain(check(Report(Cells(opened)), last))["findings"] if f["code"] == "X11"
        ]
    fiscal = {item: fen for item, fen in (last.items or {}).items() if item.fund != "nonfiscal"}
    before: dict[Item, int] = {}
    with reading(SqlitePlace(path), book) as opened:
        for row in plain(checked(opened, last))["items"]:
            if row["func"] is not None and row["fund"] != "nonfiscal":
                item = Item(*(row[field] for field in Item._fields))
                before[item] = row["opening_before_fen"]
    assert {i: f for i, f in before.items() if f} == {i: f for i, f in fiscal.items() if f}


def no_old_money_went_on_plainly(path: Path, year: int) -> None:
    """R8: fiscal project money two years old came over to wait (待下达), or to be handed back."""
    executable: dict[BudgetLine, int] = {}
    with reading(SqlitePlace(path), BookId(UNIT, year)) as opened:
        for line, account, cause, _, fen in opened.sums():
            plain = line.spending is Spending.PROJECT and line.fund != "nonfiscal"
            if plain and line.origin < year - 1:
                if (account, cause) == ("EXEC", "carry-in"):
                    executable[line] = executable.get(line, 0) + fen
                if (account, cause) == ("TAKEN", "adjust-opening"):
                    executable[line] = executable.get(line, 0) - fen
    assert all(fen <= 0 for fen in executable.values()), executable


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["indicator", "payment", "recorded"]))
def test_three_years_of_a_unit(seed: int, basis: str) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        path = Path(name) / "life.db"
        life = Life(path, seed, basis)
        for year in range(FIRST, FIRST + 3):
            try:
                life.year(year)
            except Refused as refused:  # more spent than was recorded as received: a person's work
                assert basis == "recorded", refused
                codes = refused.facts["codes"]
                assert isinstance(codes, list) and set(codes) == {"CASH"}
                return
            found = plain(audit(SqlitePlace(path), BookId(UNIT, year)))
            assert found["ok"], found["findings"]
            if year > FIRST:
                followed(path, year)
                no_old_money_went_on_plainly(path, year)
        life.books.__exit__(None, None, None)


def test_the_tables_of_a_year_do_not_change_when_it_is_closed(tmp_path: Path) -> None:
    """结账 moves what is left after row 59, so that no published figure knows of it."""
    path = tmp_path / "life.db"
    life = Life(path, 7, "indicator")
    life.year(FIRST)
    book = BookId(UNIT, FIRST)
    with reading(SqlitePlace(path), book) as opened:
        closed = Cells(opened)
        after = {name: closed.fen(name) for name in closed.all}
    again = life.books.transact(
        book,
        Request("reopen-year", {"occurred_on": date(FIRST, 12, 31), "reason": "漏记", "doc": ""}),
        actor=MAKER,
    )
    signing = life._dated(FIRST, "approve", authority="department")
    number = again.entries[-1].number
    life.books.transact(book, signing._replace(ref=f"#{number}"), actor=CHECKER)
    with reading(SqlitePlace(path), book) as opened:
        cells = Cells(opened)
        assert {name: cells.fen(name) for name in cells.all} == after
        assert any(after.values())
    assert plain(audit(SqlitePlace(path), book))["ok"]


def test_the_head_of_last_year_is_proved(tmp_path: Path) -> None:
    """A book whose predecessor was rewritten says so, and one without it that it cannot tell."""
    path = tmp_path / "life.db"
    life = Life(path, 11, "indicator")
    life.year(FIRST)
    life.year(FIRST + 1)
    checks = {
        c["code"]: c for c in plain(audit(SqlitePlace(path), BookId(UNIT, FIRST + 1)))["checks"]
    }
    assert checks["CHAIN.PREVIOUS"] == {"code": "CHAIN.PREVIOUS", "tried": 1, "failed": 0}


@pytest.mark.parametrize("year", [FIRST - 1, FIRST + 1])
def test_only_the_next_year_can_be_opened_from_a_closed_one(tmp_path: Path, year: int) -> None:
    path = tmp_path / "life.db"
    life = Life(path, 3, "indicator")
    life.year(FIRST)
    given_ = {"previous": f"{UNIT}/{FIRST}", "occurred_on": date(year + 1, 1, 1)}
    wanted = BookId(UNIT, year + 1) if year != FIRST else BookId(UNIT, year)
    with pytest.raises(Refused) as refused:
        life.books.transact(wanted, Request("open-book", given_), actor=MAKER)
    assert refused.value.code in ("PREVIOUS.OTHER", "BOOK.ALREADY_OPENED")
