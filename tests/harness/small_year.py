"""A small book for the projection tests: recorded through the store, read through the views.

    year = Year(tmp_path).record(appropriate(100_00), pay(30_00, "03-05"))
    year.ask(line_balances)

Amounts are fen, written so that yuan can be read; days are `MM-DD` of the book's year. A test says
what matters to it and nothing else.
"""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ledger.book import BookId
from ledger.line import BudgetLine, LinePattern
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.sqlite.place import SqlitePlace
from projections.views.reading import Cut, reading
from tests.harness.plain import plain

YEAR = 2020
BOOK = BookId("420103", YEAR)
START = datetime(2021, 1, 4, 8, 0, tzinfo=UTC)


def line(econ: str = "-", origin: int = 2020, **parts: str) -> BudgetLine:
    """A line of project P02, but for these parts."""
    fund, func = parts.get("fund", "general"), parts.get("func", "2080105")
    project = parts.get("project", "P02")
    spending = parts.get("spending", "basic" if project == "-" else "project")
    return BudgetLine.make(fund, func, spending, project, econ, origin)


LINE, CARRIED, CASH = line(), line(origin=2019), line(fund="nonfiscal", project="-")


class Year:
    """The book of one year; what is recorded together has one time of recording. Books of one
    folder and basis lie in one file."""

    def __init__(
        self,
        folder: Path,
        basis: str = "indicator",
        edition: str = "2020",
        book: BookId = BOOK,
        **facts: Any,
    ) -> None:
        self.db = folder / f"{basis}.db"
        self.book = book
        self.now = START
        self.times: list[datetime] = []
        opening = {
            "name": "示例局",
            "unit_kind": "institution",
            "edition": edition,
            "basis": basis,
            "occurred_on": None,
            **facts,
        }
        with self._books() as books:
            books.transact(book, Request("open-book", opening), actor="测试")
        on = f"{book.year}-01-01"
        self.record(*(project(code, f"{code} 项目", on) for code in ("P01", "P02")))

    @contextmanager
    def _books(self) -> Any:
        with Books(SqlitePlace(self.db, lambda: self.now)) as books:
            yield books

    def record(self, *requests: Request, by: str = "测试", beside: BookId | None = None) -> "Year":
        """Records these, an hour after the last; transfers need the book `beside`."""
        self.now += timedelta(hours=1)
        self.times.append(self.now)
        with (
            self._books() as books,
            books.writing(self.book, actor=by, beside=beside) as writing,
        ):
            for request in requests:
                writing.record(request)
        return self

    def ask(
        self,
        question: Callable[..., Any],
        *arguments: Any,
        as_of: str | None = None,
        known_at: datetime | None = None,
    ) -> Any:
        """The answer of a projection, at a cut, in plain values."""
        cut = Cut(None if as_of is None else day(as_of), known_at)
        with reading(SqlitePlace(self.db), self.book, cut) as opened:
            return plain(question(opened, *arguments))


def day(text: str) -> date:
    """`03-05` of the book's year, or a whole date."""
    return date.fromisoformat(text if len(text) > 5 else f"{BOOK.year}-{text}")


def request(kind: str, on: str, ref: int | str | None = None, **given: Any) -> Request:
    """Any request; its `key` may be named so that a later one can refer to it."""
    key = given.pop("key", None)
    given = {"occurred_on": day(on), "doc": "文1", "reason": "", **given}
    return Request(kind, given, f"#{ref}" if isinstance(ref, int) else ref, key)


def project(code: str, name: str, on: str = "01-01") -> Request:
    return request("project", on, code=code, name=name)


def carry_in(fen: int, on: str = "01-02", at: BudgetLine = CARRIED, **more: Any) -> Request:
    return request("carry-in", on, line=at, amount_fen=fen, **more)


def adjust(
    fen: int, adjustment: str, on: str = "02-10", at: BudgetLine = CARRIED, **more: Any
) -> Request:
    given = {"line": at, "amount_fen": fen, "adjustment": adjustment, **more}
    return request("adjust-opening", on, **given)


def recover(fen: int, on: str = "06-30", at: BudgetLine = CARRIED, **more: Any) -> Request:
    return request("recover", on, line=at, amount_fen=fen, **more)


def transfer(
    fen: int, to: BookId, on: str = "06-30", at: BudgetLine = CARRIED, **more: Any
) -> Request:
    return request("transfer", on, line=at, amount_fen=fen, counterpart=str(to), **more)


def appropriate(fen: int, on: str = "01-02", at: BudgetLine = LINE, **more: Any) -> Request:
    return request("appropriate", on, line=at, amount_fen=fen, **more)


def supplement(fen: int, on: str = "06-30", at: BudgetLine = LINE, **more: Any) -> Request:
    return request("supplement", on, line=at, amount_fen=fen, **more)


def cut(fen: int, on: str = "06-30", at: BudgetLine = LINE, **more: Any) -> Request:
    return request("cut", on, line=at, amount_fen=fen, **more)


def release(fen: int, on: str = "06-30", at: BudgetLine = LINE, **more: Any) -> Request:
    return request("release", on, line=at, amount_fen=fen, **more)


def withdraw(fen: int, on: str = "06-30", at: BudgetLine = LINE, **more: Any) -> Request:
    return request("withdraw", on, line=at, amount_fen=fen, **more)


def reallocate(
    fen: int, source: BudgetLine, target: BudgetLine, on: str = "06-30", **more: Any
) -> Request:
    shares: dict[str, Any] = {"sources": [(source, fen)], "targets": [(target, fen)]}
    return request("reallocate", on, **{**shares, "authority": "finance", **more})


def fund_plan(fen: int, month: int, on: str = "01-03", at: BudgetLine = LINE) -> Request:
    return request("fund-plan", on, line=at, amount_fen=fen, month=month)


def reserve(fen: int, on: str = "02-01", at: BudgetLine = LINE, **more: Any) -> Request:
    return request("reserve", on, line=at, amount_fen=fen, **more)


def unreserve(ref: int | str, fen: int | None = None, on: str = "06-30") -> Request:
    return request("unreserve", on, ref, amount_fen=fen)


def pay_from(
    ref: int | str, fen: int, on: str = "03-05", econ: str = "30201", **more: Any
) -> Request:
    given = {"line": LinePattern(), "payee": "某店", "purpose": "", **more}
    return request("pay", on, ref, econ=econ, amount_fen=fen, **given)


def pay(
    fen: int, on: str = "03-05", at: BudgetLine = LINE, econ: str = "30201", **more: Any
) -> Request:
    given = {"payee": "某店", "purpose": "", **more}
    return request("pay", on, line=at, econ=econ, amount_fen=fen, **given)


def voucher(*items: tuple[BudgetLine, str, int], on: str = "03-05", **more: Any) -> Request:
    return request("voucher", on, **{"items": items, "payee": "职工", "purpose": "", **more})


def refund(ref: int | str, fen: int, on: str = "06-30", **more: Any) -> Request:
    return request("refund", on, ref, amount_fen=fen, **more)


def reverse(ref: int | str, on: str = "06-30", **more: Any) -> Request:
    return request("reverse", on, ref, **more)


def income(
    fen: int, on: str = "03-05", at: BudgetLine = CASH, source: str = "service", **more: Any
) -> Request:
    return request("income", on, line=at, source=source, amount_fen=fen, **more)


def surplus_in(fen: int, pool: str = "unrestricted", on: str = "01-02", **more: Any) -> Request:
    return request("surplus-in", on, pool=pool, amount_fen=fen, **more)


def adjust_surplus(fen: int, pool: str = "unrestricted", on: str = "02-01", **more: Any) -> Request:
    said = {"adjustment": "closing-revised", "doc": "更正1", **more}
    return request("adjust-surplus", on, pool=pool, amount_fen=fen, **said)


def use_surplus(
    fen: int, pool: str = "unrestricted", on: str = "06-30", at: BudgetLine = CASH, **more: Any
) -> Request:
    return request("use-surplus", on, line=at, pool=pool, amount_fen=fen, **more)


def distribute(
    fen: int, where: str = "unrestricted", on: str = "12-31", at: BudgetLine = CASH, **more: Any
) -> Request:
    return request("distribute", on, line=at, distribution=where, amount_fen=fen, **more)


def open_book(
    db: Path, unit: str, *requests: Request, year: int = YEAR, basis: str = "indicator", **more: str
) -> None:
    """The book of one unit, with project P02 and these requests."""
    facts = {"name": f"{unit} 局", "unit_kind": "institution", "edition": "2020", "basis": basis}
    opening = Request("open-book", {**facts, **more, "occurred_on": date(year, 1, 1)})
    with Books(SqlitePlace(db, lambda: datetime(2021, 1, 4, 8, tzinfo=UTC))) as books:
        books.transact(BookId(unit, year), opening, actor="测试")
        with books.writing(BookId(unit, year), actor="测试") as writing:
            for request in (project("P02", "监察"), *requests) if year == YEAR else ():
                writing.record(request)
