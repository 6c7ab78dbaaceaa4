"""年初结转结余: the walk to the adjusted opening, and X11 against last year's closing, by hand."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.book import BookId
from ledger.kinds import ADJUSTMENT_NAMES
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.book import audit
from projections.questions.adjustments import _MOVES
from projections.questions.balances import line_balances
from projections.questions.carryover import Item, carryover
from projections.questions.execution import execution
from projections.questions.opening import DOCUMENTS, Closing, checked, last_closing, opening
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.explain import explain
from projections.report.figure import Report
from projections.views.schema import memory_views
from tests.harness.plain import plain
from tests.harness.small_year import (
    BOOK,
    CARRIED,
    START,
    Year,
    adjust,
    appropriate,
    carry_in,
    income,
    line,
    pay,
    recover,
    reverse,
    supplement,
    transfer,
)

LAST = BookId(BOOK.unit, 2019)
NEIGHBOUR = BookId("420104", 2020)
OLDER = line(origin=2018, project="P01")
BASIC = line(project="-", origin=2019)
P02 = ("general", "2080105", "P02", 2019)
NAMES = ("opening_before_fen", "adjusted_fen", "opening_fen")


def walked(year: Year) -> Year:
    """P02 of 2019: 500.00 carried in, 30.00 recovered from last year's spending, 7.00 of error
    less, 20.00 handed back, 10.00 taken by the finance bureau, and an error of 4.00 undone."""
    return year.record(
        carry_in(500_00),  # 4
        adjust(30_00, "prior-year-recovery", "02-10", doc="退库3号"),  # 5
        adjust(7_00, "error-correction", "02-11", decrease=True, doc="更正1号"),  # 6
        adjust(4_00, "error-correction", "02-12", doc="更正2号"),  # 7
        adjust(20_00, "remitted", "03-01", doc="缴1号"),  # 8
        recover(10_00, "06-30", doc="收5号"),  # 9
        reverse(7, "07-01"),  # 10
        carry_in(9_00, at=OLDER),  # 11
        appropriate(100_00),  # 12
        pay(60_00, "03-05", at=CARRIED),  # 13
    )


STANDING = [
    (5, "prior-year-recovery", 30_00, "退库3号"),
    (6, "error-correction", -7_00, "更正1号"),
    (8, "remitted", -20_00, "缴1号"),
    (9, "remitted", -10_00, "收5号"),
]


@pytest.mark.parametrize("basis", ["indicator", "payment", "recorded"])
def test_the_walk_by_hand(tmp_path: Path, basis: str):
    """509.00 before, −7.00 adjusted, 502.00: whatever the basis of income. Spending is untouched,
    and what is left is the closing."""
    year = walked(Year(tmp_path, basis))
    walk = year.ask(opening)
    assert tuple(walk[name] for name in NAMES) == (509_00, -7_00, 502_00)
    assert [
        tuple(each[name] for name in ("entry", "kind", "fen", "doc"))
        for each in walk["adjustments"]
    ] == STANDING
    items = {tuple(i[n] for n in Item._fields): tuple(i[n] for n in NAMES) for i in walk["items"]}
    assert items == {
        ("general", "2080105", "P01", 2018): (9_00, 0, 9_00),
        P02: (500_00, -7_00, 493_00),
    }
    answer = year.ask(carryover)
    assert answer["opening_adjustments"] == [
        {"kind": kind, "fen": fen, "doc": doc} for _, kind, fen, doc in STANDING
    ]
    old = next(i for i in answer["items"] if i["project"] == "P02" and i["origin"] == 2019)
    figures = ("opening_fen", "income_fen", "expenditure_fen", "closing_fen")
    assert tuple(old[name] for name in figures) == (493_00, 0, 60_00, 433_00)


def test_what_was_handed_back_is_in_the_accounts_and_in_no_table(tmp_path: Path):
    """523.00 approved on the line, 30.00 of it taken: the balance shows both, 全年预算 of the
    execution and of the tables 493.00, so that 433.00 is left in each."""
    year = walked(Year(tmp_path, edition="2022"))
    (row,) = [r for r in year.ask(line_balances)["lines"] if r["line"] == CARRIED]
    figures = ("annual_budget_fen", "available_fen", "paid_fen", "taken_fen")
    assert tuple(row[name] for name in figures) == (523_00, 433_00, 60_00, 30_00)
    p02 = next(p for p in year.ask(execution, "all")["projects"] if p["project"] == "P02")
    assert (p02["annual_budget_fen"], p02["executed_fen"]) == (593_00, 60_00)
    year.ask(_every_cell_adds_up)
    names = ("T1.29.3", "T1.84.8", "T1.31.2", "T1.88.8", "T1.86.8", "T1.86.9")
    fen = year.ask(lambda opened: {name: Cells(opened).fen(name) for name in names})
    assert fen["T1.29.3"] == 502_00
    assert fen["T1.84.8"] == 602_00  # 502.00 of opening and 100.00 of this year
    assert fen["T1.31.2"] == fen["T1.88.8"] == 602_00
    assert fen["T1.86.8"] == fen["T1.31.2"] - fen["T1.84.8"] == 0
    assert fen["T1.86.9"] == 542_00


def _every_cell_adds_up(opened: Any) -> None:
    cells = Cells(opened)
    for name in cells.all:
        assert sum(e["fen"] for e in plain(explain(Report(cells), name))["entries"]) == cells.fen(
            name
        )
    assert not [f for f in plain(check(Report(cells)))["findings"] if f["tier"] == "error"]


@pytest.mark.parametrize(
    ("cut", "kinds", "opening_fen"),
    [
        ({"as_of": "02-10"}, [30_00], 539_00),
        ({"as_of": "02-12"}, [30_00, -7_00, 4_00], 536_00),
        ({"as_of": "06-30"}, [30_00, -7_00, 4_00, -20_00, -10_00], 506_00),
        ({"as_of": "07-01"}, [30_00, -7_00, -20_00, -10_00], 502_00),
        ({"as_of": "01-01"}, [], 0),
        ({"known_at": START + timedelta(hours=1)}, [], 0),
        ({"known_at": START + timedelta(hours=2)}, [30_00, -7_00, -20_00, -10_00], 502_00),
    ],
    ids=str,
)
def test_the_walk_at_a_cut(tmp_path: Path, cut: Any, kinds: list[int], opening_fen: int):
    """An adjustment counts until the day on which it was undone, and an entry once it was known."""
    walk = walked(Year(tmp_path)).ask(opening, **cut)
    assert kinds == [each["fen"] for each in walk["adjustments"]]
    assert opening_fen == walk["opening_fen"]


def test_the_order_of_adjustments_and_their_kinds(tmp_path: Path):
    """A transfer is 归集, by direction; adjusted up and down in one year."""
    Year(tmp_path, book=NEIGHBOUR)
    year = Year(tmp_path).record(
        carry_in(50_00),
        transfer(20_00, NEIGHBOUR, doc="调9号"),
        adjust(5_00, "consolidation-in"),
        adjust(6_00, "consolidation-out"),
        beside=NEIGHBOUR,
    )
    signed = {"consolidation-out": [-20_00, -6_00], "consolidation-in": [5_00]}
    for kind, amounts in signed.items():
        walk = year.ask(opening)
        assert amounts == [each["fen"] for each in walk["adjustments"] if each["kind"] == kind]
    there = Year.__new__(Year)
    there.db, there.book = year.db, NEIGHBOUR
    arrived = there.ask(opening)
    assert [(each["kind"], each["fen"], each["doc"]) for each in arrived["adjustments"]] == [
        ("consolidation-in", 20_00, "调9号")
    ]
    assert (arrived["opening_before_fen"], arrived["opening_fen"]) == (0, 20_00)
    for book in (BOOK, NEIGHBOUR):
        assert audit(SqlitePlace(year.db), book).ok


# X11


def last_year(folder: Path) -> Year:
    """2019 closed with 70.00 on P02, 9.00 of 2018 on P01, 15.00 of basic money; and, of non-fiscal
    money, 40.00 received for nothing in particular less 12.00 spent on P02: 28.00."""
    cash = line(fund="nonfiscal", project="-", origin=2019)
    on_p02 = line(fund="nonfiscal", origin=2019)
    return Year(folder, book=LAST).record(
        appropriate(100_00, "2019-01-02", at=CARRIED),
        pay(30_00, "2019-03-05", at=CARRIED),
        carry_in(9_00, "2019-01-02", at=OLDER),
        appropriate(15_00, "2019-01-02", at=BASIC),
        income(40_00, "2019-03-05", at=cash),
        supplement(20_00, "2019-06-30", at=on_p02),
        pay(12_00, "2019-07-01", at=on_p02),
    )


CARRY_ALL = (
    carry_in(70_00),
    carry_in(9_00, at=OLDER),
    carry_in(15_00, at=BASIC),
    carry_in(28_00, at=line(fund="nonfiscal", origin=2019)),
)


def x11(year: Year, last: Closing | None) -> list[dict[str, Any]]:
    def findings(opened: Any) -> list[dict[str, Any]]:
        found = plain(check(Report(Cells(opened)), last))
        assert ("X11" in [n["code"] for n in found["not_run"]]) == (last is None)
        return [f for f in found["findings"] if f["code"] == "X11"]

    found: list[dict[str, Any]] = year.ask(findings)
    return found


def test_an_opening_that_is_last_years_closing(tmp_path: Path):
    """Item by item; non-fiscal money as one sum, wherever it is carried in."""
    last_year(tmp_path)
    year = Year(tmp_path).record(*CARRY_ALL)
    last = last_closing(SqlitePlace(year.db), BOOK)
    assert last is not None and (last.source, last.fen, last.book) == ("book", 122_00, str(LAST))
    answer = year.ask(checked, last)
    assert answer["missing"] == []
    figures = ("closing_fen", "opening_fen", "difference_fen", "adjusted_fen", "unexplained_fen")
    assert tuple(answer[name] for name in figures) == (122_00, 122_00, 0, 0, 0)
    assert [(i["project"], i["origin"], i["closing_fen"]) for i in answer["items"]] == [
        ("-", 2019, 15_00),
        ("P01", 2018, 9_00),
        ("P02", 2019, 70_00),
        (None, None, 28_00),
    ]
    assert x11(year, last) == []


def test_adjustments_explain_a_difference_and_nothing_else_does(tmp_path: Path):
    """70.00 closed on P02, all of it carried in, 20.00 handed back by document: opened with 50.00,
    explained. 15.00 of basic money not carried in at all: unexplained, by item and in total."""
    last_year(tmp_path)
    year = Year(tmp_path).record(
        CARRY_ALL[0], CARRY_ALL[1], CARRY_ALL[3], adjust(20_00, "remitted")
    )
    last = last_closing(SqlitePlace(year.db), BOOK)
    assert last is not None
    answer = year.ask(checked, last)
    figures = ("difference_fen", "adjusted_fen", "unexplained_fen")
    assert tuple(answer[name] for name in figures) == (-35_00, -20_00, -15_00)
    (missing,) = answer["missing"]
    assert (missing["func"], missing["project"], missing["fen"]) == ("2080105", "-", -15_00)
    assert [each["adjustment"] for each in missing["documents"]] == [
        "remitted",
        "consolidation-out",
        "error-correction",
    ]
    assert missing["try"] == [f"yusuan carry-in --line {BASIC} --amount 15.00 --doc 文号"]
    (finding,) = x11(year, last)
    assert (finding["tier"], finding["left_fen"], finding["right_fen"]) == ("error", 0, 15_00)
    assert finding["cells"] == ["T1.29"]
    assert "opening --check" in finding["suggestion"]


def test_more_than_last_year_left_is_unexplained_too(tmp_path: Path):
    """Two items that differ by 5.00 each way: the totals agree, the items do not."""
    last_year(tmp_path)
    year = Year(tmp_path).record(
        carry_in(75_00), carry_in(4_00, at=OLDER), CARRY_ALL[2], CARRY_ALL[3]
    )
    last = last_closing(SqlitePlace(year.db), BOOK)
    assert last is not None
    answer = year.ask(checked, last)
    assert answer["unexplained_fen"] == 0
    assert [(m["project"], m["fen"]) for m in answer["missing"]] == [("P01", -5_00), ("P02", 5_00)]
    more = answer["missing"][1]
    assert [each["document"] for each in more["documents"]] == [
        DOCUMENTS[kind] for kind in ("prior-year-recovery", "consolidation-in", "error-correction")
    ]
    assert more["try"] == ["yusuan correct 4 --amount 70.00"]
    assert len(x11(year, last)) == 2


def test_non_fiscal_money_is_one_pool(tmp_path: Path):
    """28.00 closed; 20.00 carried in: 8.00 is missing, of no particular item."""
    last_year(tmp_path)
    year = Year(tmp_path).record(
        *CARRY_ALL[:3], carry_in(20_00, at=line(fund="nonfiscal", project="P01", origin=2019))
    )
    last = last_closing(SqlitePlace(year.db), BOOK)
    assert last is not None
    (missing,) = year.ask(checked, last)["missing"]
    assert (missing["fund"], missing["func"], missing["fen"]) == ("nonfiscal", None, -8_00)
    own = line(fund="nonfiscal", project="-", origin=2019)  # of which nothing was carried in
    assert missing["try"] == [f"yusuan carry-in --line {own} --amount 8.00 --doc 文号"]
    (finding,) = x11(year, last)
    assert finding["message"].startswith("单位资金（非财政拨款） 年初结转结余转入 20.00 元")


def test_a_total_is_compared_as_a_whole(tmp_path: Path):
    """The published total is enough to see that something is missing, not where."""
    year = Year(tmp_path).record(carry_in(2_334_200_00), adjust(1_00, "remitted"))
    answer = year.ask(checked, Closing("total", 3_286_900_00))
    figures = ("closing_fen", "opening_fen", "difference_fen", "unexplained_fen")
    assert tuple(answer[name] for name in figures) == (
        *(3_286_900_00, 2_334_199_00, -952_701_00, -952_700_00),
    )
    (missing,) = answer["missing"]
    assert (missing["fund"], missing["origin"], missing["fen"]) == (None, None, -952_700_00)
    (item,) = answer["items"]
    assert (item["project"], item["opening_fen"]) == ("P02", 2_334_199_00)
    assert (item["closing_fen"], item["unexplained_fen"]) == (None, None)
    assert year.ask(checked, Closing("total", 2_334_200_00))["missing"] == []


def test_without_last_years_book_it_is_not_run(tmp_path: Path):
    year = Year(tmp_path).record(carry_in(5_00))
    assert last_closing(SqlitePlace(year.db), BOOK) is None
    assert x11(year, None) == []


def test_last_years_book_is_read_as_it_was_known(tmp_path: Path):
    """Both books at one moment of knowing; before the other was opened there was none."""
    last = last_year(tmp_path)
    year = Year(tmp_path).record(*CARRY_ALL)
    assert last_closing(SqlitePlace(year.db), BOOK, START - timedelta(minutes=1)) is None
    early = last_closing(SqlitePlace(year.db), BOOK, last.times[0])
    assert early is not None and early.fen == 0
    whole = last_closing(SqlitePlace(year.db), BOOK, last.times[1])
    assert whole is not None and whole.fen == 122_00


def test_every_adjustment_has_its_document():
    assert set(DOCUMENTS) == set(ADJUSTMENT_NAMES)


def test_a_long_book_is_not_read_for_its_few_adjustments():
    """Each adjusting entry fetches its own moves, whatever else the book holds."""
    views = memory_views()
    plan = views.execute(f"EXPLAIN QUERY PLAN {_MOVES}", (1, 9, "9999")).fetchall()
    steps = [step for *_, step in plan]
    assert "SEARCH e USING INDEX entries_adjustment" in steps[0]
    assert "SEARCH m USING PRIMARY KEY (book_id=? AND entry=?)" in steps[1]
