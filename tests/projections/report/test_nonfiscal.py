"""A year of an 事业单位 with money of every kind, worked out by hand in 万元, in both editions.

All four funds, all six classes of income, surplus used of both pools and distributed in all three
ways, spending of all five kinds, money carried over for a project and for none. What is written
here was added up on paper from `recorded`; none of it was computed by the product.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.book import BookId
from ledger.decisions.closing import proposal
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.fold import read_state
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.book import audit
from projections.questions.carryover import carryover
from projections.questions.execution import execution
from projections.questions.opening import checked, last_closing
from projections.questions.progress import progress
from projections.questions.reconciling.reconciliation import Statement, reconciled
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.explain import explain
from projections.report.figure import Report
from projections.views.reading import Reading, reading
from tests.harness.plain import plain
from tests.harness.shell import Shell
from tests.harness.small_year import (
    BOOK,
    Year,
    appropriate,
    carry_in,
    day,
    distribute,
    income,
    line,
    pay,
    request,
    supplement,
    surplus_in,
    use_surplus,
)

WAN = 1_000_000
NEXT = BookId(BOOK.unit, 2021)

RUNNING = line(func="2080101", project="-")
INSPECTION = line(func="2080105", project="P02")
OLD_INSPECTION = line(func="2080105", project="P02", origin=2019)
LAND = line(fund="govfund", func="2120801", project="P01")
OLD_LAND = line(fund="govfund", func="2120801", project="P01", origin=2019)
LAND_OFFICE = line(fund="govfund", func="2120899", project="-")
SUBSIDY = line(fund="statecapital", func="2230105", project="P01")
SUBSIDY_OFFICE = line(fund="statecapital", func="2230199", project="-")


def school(spending: str = "basic", project: str = "-", origin: int = 2020) -> Any:
    """The unit's own money, all of it for 2050302."""
    where = {"fund": "nonfiscal", "func": "2050302", "project": project, "spending": spending}
    return line(origin=origin, **where)


SCHOOL, OLD_SCHOOL = school(), school(origin=2019)
COURSE, OLD_COURSE = school("project", "P02"), school("project", "P02", 2019)
CANTEEN, REMITTED = school("business"), school("remit-superior")
AFFILIATE = school("affiliate-subsidy")


def recorded(folder: Path, edition: str) -> Year:
    """The year, in 万元."""
    year = Year(folder, edition=edition)
    return year.record(
        carry_in(40 * WAN, at=OLD_INSPECTION),
        carry_in(30 * WAN, at=OLD_LAND),
        carry_in(12 * WAN, at=OLD_COURSE),
        carry_in(9 * WAN, at=OLD_SCHOOL),
        surplus_in(50 * WAN),
        surplus_in(20 * WAN, "special"),
        appropriate(300 * WAN, at=RUNNING),
        appropriate(200 * WAN, at=INSPECTION),
        supplement(70 * WAN, at=LAND),
        supplement(8 * WAN, at=LAND_OFFICE),
        supplement(20 * WAN, at=SUBSIDY),
        supplement(5 * WAN, at=SUBSIDY_OFFICE),
        appropriate(130 * WAN, at=SCHOOL),
        appropriate(6 * WAN, at=COURSE),
        appropriate(35 * WAN, at=CANTEEN),
        appropriate(4 * WAN, at=REMITTED),
        appropriate(5 * WAN, at=AFFILIATE),
        income(6 * WAN, at=COURSE, source="superior"),
        income(100 * WAN, at=SCHOOL, source="service"),
        income(40 * WAN, at=CANTEEN, source="business"),
        income(15 * WAN, at=SCHOOL, source="affiliate"),
        income(3 * WAN, at=SCHOOL, source="other"),
        use_surplus(11 * WAN, at=SCHOOL),
        use_surplus(2 * WAN, "special", at=SCHOOL),
        pay(180 * WAN, at=RUNNING, econ="30101"),
        pay(90 * WAN, at=RUNNING, econ="30201"),
        pay(150 * WAN, at=INSPECTION, econ="30299"),
        pay(40 * WAN, at=OLD_INSPECTION, econ="30299"),
        pay(25 * WAN, at=OLD_LAND, econ="30905"),
        pay(60 * WAN, at=LAND, econ="31005"),
        pay(8 * WAN, at=LAND_OFFICE, econ="30201"),
        pay(18 * WAN, at=SUBSIDY, econ="31204"),
        pay(5 * WAN, at=SUBSIDY_OFFICE, econ="30201"),
        pay(70 * WAN, at=SCHOOL, econ="30101"),
        pay(50 * WAN, at=SCHOOL, econ="30201"),
        pay(9 * WAN, at=OLD_SCHOOL, econ="30201"),
        pay(4 * WAN, at=COURSE, econ="30299"),
        pay(7 * WAN, at=OLD_COURSE, econ="30299"),
        pay(28 * WAN, at=CANTEEN, econ="30227"),
        pay(4 * WAN, at=REMITTED, econ="39999"),
        pay(5 * WAN, at=AFFILIATE, econ="39999"),
        distribute(3 * WAN, "tax", at=CANTEEN),
        distribute(4 * WAN, "special", at=CANTEEN),
        distribute(5 * WAN, "unrestricted", at=SCHOOL),
    )


TABLE_1_OF_2020 = {
    # 收入
    "1": "500.00", "2": "78.00", "3": "25.00", "4": "6.00", "5": "100.00", "6": "40.00",
    "7": "15.00", "8": "3.00", "27": "767.00", "28": "13.00", "29": "91.00", "30": "871.00",
    # 支出：教育、社会保障和就业、城乡社区、国有资本经营预算
    "35": "177.00", "38": "460.00", "41": "93.00", "51": "23.00", "57": "753.00",
    "58": "12.00", "59": "106.00", "60": "871.00",
}  # fmt: skip

TABLE_1_OF_2022 = {
    # 收入：年初预算数、全年预算数、决算数
    "1": ("500.00", "500.00", "500.00"),
    "2": ("", "78.00", "78.00"),
    "3": ("", "25.00", "25.00"),
    "4": ("", "", "6.00"),
    "5": ("", "", "100.00"),
    "6": ("", "", "40.00"),
    "7": ("", "", "15.00"),
    "8": ("180.00", "180.00", "3.00"),
    "27": ("680.00", "783.00", "767.00"),
    "28": ("", "", "13.00"),
    "29": ("", "91.00", "91.00"),
    "31": ("680.00", "874.00", "871.00"),
    # 支出按功能分类
    "36": ("180.00", "201.00", "177.00"),
    "39": ("500.00", "540.00", "460.00"),
    "42": ("", "108.00", "93.00"),
    "52": ("", "25.00", "23.00"),
    # 支出按性质和经济分类
    "58": ("430.00", "452.00", "412.00"),
    "59": ("", "", "250.00"),
    "60": ("", "", "162.00"),
    "61": ("206.00", "378.00", "304.00"),
    "62": ("", "", "25.00"),
    "63": ("4.00", "4.00", "4.00"),
    "64": ("35.00", "35.00", "28.00"),
    "65": ("5.00", "5.00", "5.00"),
    "68": ("—", "—", "753.00"),
    "69": ("—", "—", "250.00"),
    "70": ("—", "—", "391.00"),
    "73": ("—", "—", "25.00"),
    "74": ("—", "—", "60.00"),
    "76": ("—", "—", "18.00"),
    "78": ("—", "—", "9.00"),
    **dict.fromkeys(("71", "72", "75", "77"), ("—", "—", "")),
    "84": ("680.00", "874.00", "753.00"),
    "85": ("", "", "12.00"),
    "86": ("", "", "106.00"),
    "88": ("680.00", "874.00", "871.00"),
}

TREES: dict[int, dict[str, tuple[str, ...]]] = {
    2: {  # 合计、财政拨款、上级补助、事业、经营、附属单位上缴、其他
        "合计": ("767.00", "603.00", "6.00", "100.00", "40.00", "15.00", "3.00"),
        "205": ("164.00", "", "6.00", "100.00", "40.00", "15.00", "3.00"),
        "20503": ("164.00", "", "6.00", "100.00", "40.00", "15.00", "3.00"),
        "2050302": ("164.00", "", "6.00", "100.00", "40.00", "15.00", "3.00"),
        "208": ("500.00", "500.00", "", "", "", "", ""),
        "20801": ("500.00", "500.00", "", "", "", "", ""),
        "2080101": ("300.00", "300.00", "", "", "", "", ""),
        "2080105": ("200.00", "200.00", "", "", "", "", ""),
        "212": ("78.00", "78.00", "", "", "", "", ""),
        "21208": ("78.00", "78.00", "", "", "", "", ""),
        "2120801": ("70.00", "70.00", "", "", "", "", ""),
        "2120899": ("8.00", "8.00", "", "", "", "", ""),
        "223": ("25.00", "25.00", "", "", "", "", ""),
        "22301": ("25.00", "25.00", "", "", "", "", ""),
        "2230105": ("20.00", "20.00", "", "", "", "", ""),
        "2230199": ("5.00", "5.00", "", "", "", "", ""),
    },
    3: {  # 合计、基本、项目、上缴上级、经营、对附属单位补助
        "合计": ("753.00", "412.00", "304.00", "4.00", "28.00", "5.00"),
        "205": ("177.00", "129.00", "11.00", "4.00", "28.00", "5.00"),
        "20503": ("177.00", "129.00", "11.00", "4.00", "28.00", "5.00"),
        "2050302": ("177.00", "129.00", "11.00", "4.00", "28.00", "5.00"),
        "208": ("460.00", "270.00", "190.00", "", "", ""),
        "20801": ("460.00", "270.00", "190.00", "", "", ""),
        "2080101": ("270.00", "270.00", "", "", "", ""),
        "2080105": ("190.00", "", "190.00", "", "", ""),
        "212": ("93.00", "8.00", "85.00", "", "", ""),
        "21208": ("93.00", "8.00", "85.00", "", "", ""),
        "2120801": ("85.00", "", "85.00", "", "", ""),
        "2120899": ("8.00", "8.00", "", "", "", ""),
        "223": ("23.00", "5.00", "18.00", "", "", ""),
        "22301": ("23.00", "5.00", "18.00", "", "", ""),
        "2230105": ("18.00", "", "18.00", "", "", ""),
        "2230199": ("5.00", "5.00", "", "", "", ""),
    },
    4: {  # 左：金额；右：合计、一般公共预算、政府性基金、国有资本经营
        "1": ("500.00",), "2": ("78.00",), "3": ("25.00",), "27": ("603.00",),
        "28": ("70.00",), "29": ("40.00",), "30": ("30.00",), "32": ("673.00",),
        "40": ("460.00", "460.00", "", ""),
        "43": ("93.00", "", "93.00", ""),
        "53": ("23.00", "", "", "23.00"),
        "59": ("576.00", "460.00", "93.00", "23.00"),
        "60": ("97.00", "80.00", "15.00", "2.00"),
        "64": ("673.00", "540.00", "108.00", "25.00"),
    },
    5: {  # 小计、基本、项目
        "合计": ("460.00", "270.00", "190.00"),
        "208": ("460.00", "270.00", "190.00"),
        "20801": ("460.00", "270.00", "190.00"),
        "2080101": ("270.00", "270.00", ""),
        "2080105": ("190.00", "", "190.00"),
    },
    8: {  # 年初结转、收入、支出小计、基本、项目、年末结转
        "合计": ("30.00", "78.00", "93.00", "8.00", "85.00", "15.00"),
        "212": ("30.00", "78.00", "93.00", "8.00", "85.00", "15.00"),
        "21208": ("30.00", "78.00", "93.00", "8.00", "85.00", "15.00"),
        "2120801": ("30.00", "70.00", "85.00", "", "85.00", "15.00"),
        "2120899": ("", "8.00", "8.00", "8.00", "", ""),
    },
    9: {  # 合计、基本、项目
        "合计": ("23.00", "5.00", "18.00"),
        "223": ("23.00", "5.00", "18.00"),
        "22301": ("23.00", "5.00", "18.00"),
        "2230105": ("18.00", "", "18.00"),
        "2230199": ("5.00", "5.00", ""),
    },
}  # fmt: skip
"""Table → row → what its columns print; the same in both editions."""


@pytest.fixture(scope="module", params=["2020", "2022"])
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reading]:
    """The year in the forms of each edition."""
    year = recorded(tmp_path_factory.mktemp("nonfiscal"), request.param)
    with reading(SqlitePlace(year.db), BOOK) as found:
        yield found


def printed(cells: Cells, number: int) -> dict[str, tuple[str, ...]]:
    """Row → what its columns print, for every row that prints anything."""
    rows: dict[str, list[str]] = {}
    for cell in cells.table(number):
        rows.setdefault(cell.row, []).append(cells.printed(cell.id))
    return {row: tuple(texts) for row, texts in rows.items() if any(texts)}


def single(rows: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """The rows of a table with one column."""
    return {row: (text,) for row, text in rows.items()}


def test_the_general_table_by_hand(opened: Reading) -> None:
    """Rows 28 and 58 of 2020; rows 28, 63–65 and 85 of 2022; nothing is printed anywhere else."""
    by_hand = {"2020": single(TABLE_1_OF_2020), "2022": TABLE_1_OF_2022}[opened.edition]
    assert by_hand == printed(Cells(opened), 1)


@pytest.mark.parametrize("number", TREES)
def test_the_other_tables_by_hand(opened: Reading, number: int) -> None:
    assert TREES[number] == printed(Cells(opened), number)


def test_every_relation_holds_and_every_cell_explains_itself(opened: Reading) -> None:
    cells = Cells(opened)
    answer = plain(check(Report(cells)))
    assert [f for f in answer["findings"] if f["tier"] == "error"] == []
    told = 0
    for name in cells.all:
        fen = cells.fen(name)
        answer = plain(explain(Report(cells), name))
        assert fen == sum(entry["fen"] for entry in answer["entries"]), name
        assert not answer["parts"] or fen == sum(part["fen"] for part in answer["parts"]), name
        told += fen != 0
    assert told > 150


def test_what_is_left_by_hand(opened: Reading) -> None:
    """106.00 over: 80 + 15 + 2 of the finance bureau's, 7 for the course, 2 for nothing in
    particular. The pools stand beside it: 50 − 11 + 5 and 20 − 2 + 4; the tax of 3 is gone."""
    answer = plain(carryover(opened))
    walk = ("opening", "income", "surplus_used", "expenditure", "distributed", "closing")
    assert [answer[f"{name}_fen"] // WAN for name in walk] == [91, 767, 13, 753, 12, 106]
    assert answer["nonfiscal"] == {"restricted_fen": 7 * WAN, "unrestricted_fen": 2 * WAN}
    assert answer["pools"] == [
        {
            "pool": "unrestricted",
            "opening_fen": 50 * WAN,
            "adjusted_fen": 0,
            "distributed_fen": 5 * WAN,
            "used_fen": 11 * WAN,
            "closing_fen": 44 * WAN,
        },
        {
            "pool": "special",
            "opening_fen": 20 * WAN,
            "adjusted_fen": 0,
            "distributed_fen": 4 * WAN,
            "used_fen": 2 * WAN,
            "closing_fen": 22 * WAN,
        },
    ]


def test_money_that_is_neither_basic_nor_a_projects_is_executed_too(opened: Reading) -> None:
    answer = plain(execution(opened, "all"))
    assert [(o["spending"], o["annual_budget_fen"] // WAN, o["rate"]) for o in answer["other"]] == [
        ("remit-superior", 4, "1.0000"),
        ("business", 35, "0.8000"),
        ("affiliate-subsidy", 5, "1.0000"),
    ]
    assert answer["basic"]["executed_fen"] == 412 * WAN
    assert answer["totals"]["executed_fen"] == 753 * WAN
    named = [(row["project"], row["spending"]) for row in plain(progress(opened))["projects"]]
    assert named == [
        ("P01", "project"),
        ("P02", "project"),
        *(("-", kind) for kind in ("basic", "remit-superior", "business", "affiliate-subsidy")),
    ]


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The year of 2020, closed by two persons, and 2021 opened from it."""
    year = recorded(tmp_path_factory.mktemp("ended"), "2020")
    said = year.ask(reconciled, Statement("5f" * 32, {}, {}, by_origin=True))
    fen = said["paid_fen"]
    assert fen == 576 * WAN
    agreed: dict[str, Any] = {"paid_fen": fen, "statement_fen": fen, "statement": "5f" * 32}
    year.record(request("reconcile", "12-31", **agreed))
    with SqlitePlace(year.db).reading() as stored:
        state, _ = read_state(stored, str(BOOK))
    lines, cash = proposal(state)
    year.record(request("close-year", "12-31", lines=lines, cash=cash), by="会计")
    approval = request("approve", "12-31", state.number + 1, authority="department")
    year.record(approval, by="科长")
    start = {"occurred_on": day("2021-01-01"), "previous": str(BOOK)}
    with Books(SqlitePlace(year.db, lambda: year.now)) as books:
        books.transact(NEXT, Request("open-book", start), actor="会计")
    return year.db


def test_the_next_year_opens_with_what_this_one_left(ended: Path) -> None:
    """106.00 in items, 44.00 and 22.00 in the pools; X11 has nothing to say of either."""
    last = last_closing(SqlitePlace(ended), NEXT)
    assert last is not None
    assert last.fen == 106 * WAN
    with reading(SqlitePlace(ended), NEXT) as found:
        walk = plain(checked(found, last))
        findings = plain(check(Report(Cells(found)), last))["findings"]
        nonfiscal = plain(carryover(found))["nonfiscal"]
    assert (walk["opening_fen"], walk["missing"]) == (106 * WAN, [])
    assert walk["pools"] == [
        {
            "pool": pool,
            "closing_fen": fen,
            "opening_before_fen": fen,
            "adjusted_fen": 0,
            "opening_fen": fen,
            "unexplained_fen": 0,
            "adjustments": [],
            "try": [],
        }
        for pool, fen in (("unrestricted", 44 * WAN), ("special", 22 * WAN))
    ]
    assert [f for f in findings if f["code"] == "X11"] == []
    assert nonfiscal == {"restricted_fen": 7 * WAN, "unrestricted_fen": 2 * WAN}
    for book in (BOOK, NEXT):
        assert plain(audit(SqlitePlace(ended), book))["ok"]
    shell = Shell(ended, year=2021)
    shell("opening", "--check", "--year", "2021")


def test_the_closed_year_prints_what_it_printed(ended: Path) -> None:
    with reading(SqlitePlace(ended), BOOK) as found:
        cells = Cells(found)
        assert single(TABLE_1_OF_2020) == printed(cells, 1)
        for number, rows in TREES.items():
            assert rows == printed(cells, number)


@pytest.mark.parametrize("pool", ["unrestricted", "special"])
def test_a_pool_that_was_opened_from_a_closing_takes_nothing_more(
    ended: Path, tmp_path: Path, pool: str
) -> None:
    db = tmp_path / "planted.db"
    shutil.copy(ended, db)
    shell = Shell(db, year=2021)
    planted = ("surplus-in", "--pool", pool, "--amount", "0.01", "--date", "2021-01-05")
    refused = shell.ask(*planted, "--year", "2021", exit=3)
    assert refused["code"] == "OPENING.STANDS"
    assert refused["try"] == [
        f"yusuan adjust-surplus --pool {pool} --adjustment closing-revised --amount 0.01 --doc 文号"
    ]
    shell("opening", "--check", "--year", "2021")
