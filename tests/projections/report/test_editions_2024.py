"""A year 2024 in both editions of its accounts, of 24 and of 26 classes. Every figure was worked
out by hand, in 万元, from `recorded`; beside each group stands how. None was computed by the
product.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.book import BookId
from ledger.decisions.closing import proposal
from ledger.refusals import Way
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.fold import read_state
from ledger.store.sqlite.place import SqlitePlace
from projections.questions.reconciling.reconciliation import Statement, reconciled
from projections.report import editions
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.figure import Report
from projections.views.reading import Reading, reading
from tests.harness.plain import plain
from tests.harness.shell import Shell
from tests.harness.small_year import Year, request
from tests.harness.year_2024 import (
    BOOK,
    DEBT,
    OFFICE,
    Rows,
    explained,
    of_2024,
    printed,
    recorded,
    single,
    spend,
)

# Income of 一般公共预算, as approved: 2070109 200+(48.9+3)+1.5+3.1+4 = 260.5; 2070199 (80+20.5-10)
# +18 = 108.5; 20702 3×0.01 = 0.03; 208 30; 210 12; 221 18; together 429.03. 政府性基金: 2296003
# 25+4-1.5+0.5 = 28; 2120899 6.5+4 = 10.5; 38.5. 国有资本经营: (10-2)+1.5 = 9.5. All three: 477.03.
# 单位资金: 9+50+22+6+2.005 = 89.005. 本年收入 566.035. Opening 15.25+8+3+2 = 28.25.
# Spent: 207 of general money: 2070109 (120.004+70)+(20.004+10.5+6.4)+0.8+3+3.5 = 234.208;
# 2070199 45.2+0.4+(30-1.2)+17.68+12 = 104.08; 20702 3×0.004 = 0.012; 338.3. With 208 28.5,
# 210 11.25, 221 18: 396.05. 政府性基金: 229 18+5+0.45+8 = 31.45; 212 6+3.6 = 9.6; 41.05.
# 国有资本经营: 7+1+1.5 = 9.5. 单位资金, all 207: (20+25+0.3)+3+4+(8+2)+15 = 77.3. All 523.9.
# Left: general 15.25+429.03-396.05 = 48.23; fund 8+38.5-41.05 = 5.45; capital 3+9.5-9.5 = 3;
# own 2+89.005+4-77.3-4 = 13.705; all 70.385.
T1_OF_24 = {
    "1": "429.03", "2": "38.50", "3": "9.50", "4": "9.00", "5": "50.00", "6": "22.00",
    "7": "6.00", "8": "2.01",  # 2.005, half up
    "25": "566.04", "26": "4.00", "27": "28.25", "28": "598.29",  # 566.035+4+28.25 = 598.285
    "35": "415.60",  # 207: 338.3+77.3
    "36": "28.50", "37": "11.25", "39": "9.60", "47": "18.00", "49": "9.50", "51": "31.45",
    "53": "523.90", "54": "4.00", "55": "70.39", "56": "598.29",  # 0.5+1.5+2 = 4; 70.385
}  # fmt: skip
T1_OF_26 = {
    "1": "429.03", "2": "38.50", "3": "9.50", "4": "9.00", "5": "50.00", "6": "22.00",
    "7": "6.00", "8": "2.01",
    "27": "566.04", "28": "4.00", "29": "28.25", "30": "598.29",
    "37": "415.60", "38": "28.50", "39": "11.25", "41": "9.60", "49": "18.00", "51": "9.50",
    "53": "31.45", "57": "523.90", "58": "4.00", "59": "70.39", "60": "598.29",
}  # fmt: skip

# Right: 合计、一般公共预算、政府性基金、国有资本经营. Left there to spend 477.03+26.25 = 503.28;
# spent 396.05+41.05+9.5 = 446.6; left 48.23+5.45+3 = 56.68.
T4_OF_24: Rows = {
    **single({"1": "429.03", "2": "38.50", "3": "9.50", "25": "477.03", "26": "26.25"}),
    **single({"27": "15.25", "28": "8.00", "29": "3.00", "30": "503.28"}),
    "37": ("338.30", "338.30", "", ""),
    "38": ("28.50", "28.50", "", ""),
    "39": ("11.25", "11.25", "", ""),
    "41": ("9.60", "", "9.60", ""),
    "49": ("18.00", "18.00", "", ""),
    "51": ("9.50", "", "", "9.50"),
    "53": ("31.45", "", "31.45", ""),
    "55": ("446.60", "396.05", "41.05", "9.50"),
    "56": ("56.68", "48.23", "5.45", "3.00"),
    "60": ("503.28", "444.28", "46.50", "12.50"),
}
T4_OF_26: Rows = {
    **single({"1": "429.03", "2": "38.50", "3": "9.50", "27": "477.03", "28": "26.25"}),
    **single({"29": "15.25", "30": "8.00", "31": "3.00", "32": "503.28"}),
    "39": ("338.30", "338.30", "", ""),
    "40": ("28.50", "28.50", "", ""),
    "41": ("11.25", "11.25", "", ""),
    "43": ("9.60", "", "9.60", ""),
    "51": ("18.00", "18.00", "", ""),
    "53": ("9.50", "", "", "9.50"),
    "55": ("31.45", "", "31.45", ""),
    "59": ("446.60", "396.05", "41.05", "9.50"),
    "60": ("56.68", "48.23", "5.45", "3.00"),
    "64": ("503.28", "444.28", "46.50", "12.50"),
}

ALIKE: dict[int, Rows] = {
    2: {  # 合计、财政拨款、上级补助、事业、经营、附属单位上缴、其他
        "合计": ("566.04", "477.03", "9.00", "50.00", "22.00", "6.00", "2.01"),
        # 369.03 of 财政拨款 and 89.005: 458.035; without 文物 458.005
        "207": ("458.04", "369.03", "9.00", "50.00", "22.00", "6.00", "2.01"),
        "20701": ("458.01", "369.00", "9.00", "50.00", "22.00", "6.00", "2.01"),
        "2070109": ("318.51", "260.50", "", "50.00", "", "6.00", "2.01"),  # 318.505
        "2070199": ("139.50", "108.50", "9.00", "", "22.00", "", ""),
        "20702": ("0.03", "0.03", "", "", "", "", ""),
        **dict.fromkeys(("2070204", "2070205", "2070206"), ("0.01", "0.01", *[""] * 5)),
        **dict.fromkeys(("208", "20805", "2080505"), ("30.00", "30.00", *[""] * 5)),
        **dict.fromkeys(("210", "21011", "2101102"), ("12.00", "12.00", *[""] * 5)),
        **dict.fromkeys(("212", "21208", "2120899"), ("10.50", "10.50", *[""] * 5)),
        **dict.fromkeys(("221", "22102", "2210201"), ("18.00", "18.00", *[""] * 5)),
        **dict.fromkeys(("223", "22301"), ("9.50", "9.50", *[""] * 5)),
        "2230105": ("8.00", "8.00", *[""] * 5),
        "2230199": ("1.50", "1.50", *[""] * 5),
        **dict.fromkeys(("229", "22960", "2296003"), ("28.00", "28.00", *[""] * 5)),
    },
    3: {  # 合计、基本、项目、上缴上级、经营、对附属单位补助
        # basic: general 234.208+28.5+11.25+18 = 291.958, fund 3.6, capital 1.5, own 45.3: 342.358
        # project: general 104.08+0.012 = 104.092, fund 37.45, capital 8, own 10: 159.542
        "合计": ("523.90", "342.36", "159.54", "3.00", "15.00", "4.00"),
        # basic 234.208+45.3 = 279.508; project 104.092+10 = 114.092, without 文物 114.08
        "207": ("415.60", "279.51", "114.09", "3.00", "15.00", "4.00"),
        "20701": ("415.59", "279.51", "114.08", "3.00", "15.00", "4.00"),  # 415.588
        "2070109": ("286.51", "279.51", "", "3.00", "", "4.00"),  # 286.508
        "2070199": ("129.08", "", "114.08", "", "15.00", ""),
        # 3×0.004 = 0.012; each by itself prints nothing, and the sum of what they print would too
        "20702": ("0.01", "", "0.01", "", "", ""),
        **dict.fromkeys(("2070204", "2070205", "2070206"), ("0.00", "", "0.00", "", "", "")),
        **dict.fromkeys(("208", "20805", "2080505"), ("28.50", "28.50", *[""] * 4)),
        **dict.fromkeys(("210", "21011", "2101102"), ("11.25", "11.25", *[""] * 4)),
        **dict.fromkeys(("212", "21208", "2120899"), ("9.60", "3.60", "6.00", "", "", "")),
        **dict.fromkeys(("221", "22102", "2210201"), ("18.00", "18.00", *[""] * 4)),
        **dict.fromkeys(("223", "22301"), ("9.50", "1.50", "8.00", "", "", "")),
        "2230105": ("8.00", "", "8.00", "", "", ""),
        "2230199": ("1.50", "1.50", *[""] * 4),
        **dict.fromkeys(("229", "22960", "2296003"), ("31.45", "", "31.45", "", "", "")),
    },
    5: {  # 合计、基本、项目
        "合计": ("396.05", "291.96", "104.09"),  # 291.958 and 104.092
        "207": ("338.30", "234.21", "104.09"),  # 234.208
        "20701": ("338.29", "234.21", "104.08"),  # 338.288
        "2070109": ("234.21", "234.21", ""),
        "2070199": ("104.08", "", "104.08"),
        "20702": ("0.01", "", "0.01"),
        **dict.fromkeys(("2070204", "2070205", "2070206"), ("0.00", "", "0.00")),
        **dict.fromkeys(("208", "20805", "2080505"), ("28.50", "28.50", "")),
        **dict.fromkeys(("210", "21011", "2101102"), ("11.25", "11.25", "")),
        **dict.fromkeys(("221", "22102", "2210201"), ("18.00", "18.00", "")),
    },
    6: single(
        {
            # 120.004+70+28.5+11.25+18 = 247.754
            "301": "247.75", "30101": "120.00", "30107": "70.00", "30108": "28.50",
            "30110": "11.25", "30113": "18.00",
            # 20.004+10.5+3.5+0.8+3 = 37.804
            "302": "37.80", "30201": "20.00", "30211": "10.50", "30212": "3.50",
            "30217": "0.80", "30231": "3.00",
            "310": "6.40", "31002": "6.40",
            # 37.804+6.4 = 44.204; 247.75+44.20 is 0.01 less than the 291.96 of 表5: rounding
            "人员经费合计": "247.75", "公用经费合计": "44.20",
        }
    ),
    7: {
        "": (
            # 预算数、决算数: 合计; 因公出国（境）; 公务用车小计、购置、运行维护; 公务接待.
            # 预算: 4+(18+3.2)+2 = 27.2, 运行维护 as capped, 接待 1.5 and 0.5 of the fund.
            # 决算: 3.5+(17.68+3)+1.65 = 25.83, 接待 0.8+0.4 and 0.45 of the fund.
            *("27.20", "25.83", "4.00", "3.50", "21.20", "20.68"),
            *("18.00", "17.68", "3.20", "3.00", "2.00", "1.65"),
        )
    },
    8: {  # 年初结转、收入、支出小计、基本、项目、年末结转
        "合计": ("8.00", "38.50", "41.05", "3.60", "37.45", "5.45"),
        **dict.fromkeys(
            ("212", "21208", "2120899"), ("", "10.50", "9.60", "3.60", "6.00", "0.90")
        ),
        **dict.fromkeys(
            ("229", "22960", "2296003"), ("8.00", "28.00", "31.45", "", "31.45", "4.55")
        ),
    },
    9: {  # the same columns
        "合计": ("3.00", "9.50", "9.50", "1.50", "8.00", "3.00"),
        **dict.fromkeys(("223", "22301"), ("3.00", "9.50", "9.50", "1.50", "8.00", "3.00")),
        "2230105": ("3.00", "8.00", "8.00", "", "8.00", "3.00"),
        "2230199": ("", "1.50", "1.50", "1.50", "", ""),
    },
}  # fmt: skip
"""The tables that both editions have alike: row → what its columns print."""

BY_HAND: dict[str, dict[int, Rows]] = {
    "2024": {1: single(T1_OF_24), 4: T4_OF_24, **ALIKE},
    "2024-26": {1: single(T1_OF_26), 4: T4_OF_26, **ALIKE},
}

# With the debts: general income +7+2 = 438.03, spent +6.25+1.5 = 403.8; fund income +1.2 = 39.7,
# spent +1.2 = 42.25. Together +10.2 (576.235) and +8.95 (532.85); 1.25 more is left (71.635).
T1_WITH_DEBT = {
    **T1_OF_26,
    "1": "438.03", "2": "39.70", "27": "576.24", "30": "608.49",  # 608.485
    "54": "6.25", "55": "2.70", "57": "532.85", "59": "71.64", "60": "608.49",  # 71.635
}  # fmt: skip
T4_WITH_DEBT: Rows = {
    **T4_OF_26,
    **single({"1": "438.03", "2": "39.70", "27": "487.23", "32": "513.48"}),
    "56": ("6.25", "6.25", "", ""),
    "57": ("2.70", "1.50", "1.20", ""),
    "59": ("455.55", "403.80", "42.25", "9.50"),
    "60": ("57.93", "49.48", "5.45", "3.00"),
    "64": ("513.48", "453.28", "47.70", "12.50"),
}
DEBT_IN_TREES: dict[int, Rows] = {
    2: {
        "合计": ("576.24", "487.23", "9.00", "50.00", "22.00", "6.00", "2.01"),
        **dict.fromkeys(("231", "23103", "2310301"), ("7.00", "7.00", *[""] * 5)),
        "232": ("3.20", "3.20", *[""] * 5),
        **dict.fromkeys(("23203", "2320301"), ("2.00", "2.00", *[""] * 5)),
        **dict.fromkeys(("23204", "2320411"), ("1.20", "1.20", *[""] * 5)),
    },
    3: {  # project: 159.542+8.95 = 168.492
        "合计": ("532.85", "342.36", "168.49", "3.00", "15.00", "4.00"),
        **dict.fromkeys(("231", "23103", "2310301"), ("6.25", "", "6.25", "", "", "")),
        "232": ("2.70", "", "2.70", "", "", ""),
        **dict.fromkeys(("23203", "2320301"), ("1.50", "", "1.50", "", "", "")),
        **dict.fromkeys(("23204", "2320411"), ("1.20", "", "1.20", "", "", "")),
    },
    5: {  # project: 104.092+7.75 = 111.842
        "合计": ("403.80", "291.96", "111.84"),
        **dict.fromkeys(("231", "23103", "2310301"), ("6.25", "", "6.25")),
        **dict.fromkeys(("232", "23203", "2320301"), ("1.50", "", "1.50")),
    },
    8: {
        "合计": ("8.00", "39.70", "42.25", "3.60", "38.65", "5.45"),
        **dict.fromkeys(("232", "23204", "2320411"), ("", "1.20", "1.20", "", "1.20", "")),
    },
}
WITH_DEBT: dict[int, Rows] = {
    1: single(T1_WITH_DEBT),
    4: T4_WITH_DEBT,
    **{number: {**rows, **DEBT_IN_TREES.get(number, {})} for number, rows in ALIKE.items()},
}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return recorded(tmp_path_factory.mktemp("2024"))


@pytest.fixture(scope="module")
def opened(year: Year) -> Iterator[Reading]:
    with reading(SqlitePlace(year.db), BOOK) as found:
        yield found


@pytest.fixture(scope="module", params=["2024", "2024-26"])
def shown(opened: Reading, request: pytest.FixtureRequest) -> Cells:
    """The year in each edition."""
    return Cells(opened, editions.edition(request.param))


@pytest.fixture(scope="module")
def indebted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """The same year with debts repaid."""
    year = recorded(tmp_path_factory.mktemp("debt"), *DEBT)
    with reading(SqlitePlace(year.db), BOOK) as found:
        yield found


def told(cells: Cells) -> list[tuple[str, str]]:
    """What `check` finds: tier and code."""
    return [(f["tier"], f["code"]) for f in plain(check(Report(cells)))["findings"]]


@pytest.mark.parametrize("number", range(1, 10))
def test_every_table_of_the_accounts_by_hand(shown: Cells, number: int) -> None:
    assert BY_HAND[shown.edition.name][number] == printed(shown, number)


def test_a_sum_of_what_rounds_to_nothing_prints(shown: Cells) -> None:
    """Three 项 of 40 元: each has its row and prints 0.00, their 款 has 0.01."""
    for func in ("2070204", "2070205", "2070206"):
        assert (shown.fen(f"T3.{func}.3"), shown.printed(f"T3.{func}.3")) == (4000, "0.00")
    assert (shown.fen("T3.20702.3"), shown.printed("T3.20702.3")) == (12_000, "0.01")


def test_the_year_is_right_and_what_is_to_be_said_is_said(shown: Cells) -> None:
    """Rounding in one line, reception paid by the unit itself, carry-over that is left for a second
    year, and nothing else."""
    findings = plain(check(Report(shown)))["findings"]
    by_code = {finding["code"]: finding for finding in findings}
    assert told(shown) == [("warn", "R3.OTHER_FUNDS"), ("warn", "R8"), ("info", "ROUNDING")]
    assert by_code["R3.OTHER_FUNDS"]["left_fen"] == 300_000
    assert by_code["R3.OTHER_FUNDS"]["cells"] == ["T7.2"]
    assert by_code["ROUNDING"]["cells"] == ["T5.合计.2", "T6.人员经费合计", "T6.公用经费合计"]


def test_every_cell_of_the_accounts_explains_itself(shown: Cells) -> None:
    assert explained(shown) > 150


def test_the_cells_that_rules_name(opened: Reading) -> None:
    """Opening, closing and 三公经费 stand in different rows of the two."""
    for name, opening, closing in (("2024", "T1.27", "T1.55"), ("2024-26", "T1.29", "T1.59")):
        cells = Cells(opened, editions.edition(name))
        named = cells.edition.cells
        assert (named.opening, named.closing, named.three_public) == (opening, closing, "T7.2")
        assert [cells.fen(one) for one in (opening, closing)] == [28_250_000, 70_385_000]


@pytest.mark.parametrize("number", WITH_DEBT)
def test_classes_231_and_232_by_hand(indebted: Reading, number: int) -> None:
    """The edition of 26 classes has rows for them."""
    cells = Cells(indebted, editions.edition("2024-26"))
    assert WITH_DEBT[number] == printed(cells, number)


def test_with_26_classes_debts_are_no_finding(indebted: Reading) -> None:
    cells = Cells(indebted, editions.edition("2024-26"))
    assert told(cells) == [("warn", "R3.OTHER_FUNDS"), ("warn", "R8"), ("info", "ROUNDING")]
    assert explained(cells) > 170


def test_with_24_classes_nothing_is_lost_unsaid(indebted: Reading) -> None:
    """Whatever has no row there is an error, for each table and class, with the edition that has
    one; what is added up without it is, too."""
    cells = Cells(indebted, editions.edition("2024"))
    assert printed(cells, 1)["53"] == ("523.90",)
    findings = check(Report(cells)).findings
    errors = [
        (f.code, (f.left_fen or 0) - (f.right_fen or 0)) for f in findings if f.tier == "error"
    ]
    assert errors == [
        ("X02", -89_500_00), ("X02", -62_500_00), ("X02", -27_000_00),
        ("X03", 89_500_00),
        ("X04", -77_500_00), ("X04", -62_500_00), ("X04", -15_000_00),
        ("X06", -12_000_00),
    ]  # fmt: skip
    rowless = [f for f in findings if "没有 23" in f.message]
    assert [f.message.partition("：")[0] for f in rowless] == [
        "公开01表没有 231 债务还本支出的行，62,500.00 元未列入",
        "公开01表没有 232 债务付息支出的行，27,000.00 元未列入",
        "公开04表没有 231 债务还本支出的行，62,500.00 元未列入",
        "公开04表没有 232 债务付息支出的行，15,000.00 元未列入",
    ]
    assert all(f.try_ == [Way("amend-book", edition="2024-26")] for f in rowless)


def test_the_way_out_of_24_classes_works_when_it_is_typed(tmp_path: Path) -> None:
    shell = Shell(recorded(tmp_path, *DEBT).db, year=2024)
    told = shell.ask("check", exit=1)["findings"]
    errors = [finding for finding in told if finding["tier"] == "error"]
    (way,) = {one for finding in errors for one in finding.get("try", [])}
    assert way == "yusuan amend-book --edition 2024-26"
    shell(*way.split()[1:])
    assert [finding["tier"] for finding in shell.ask("check")["findings"]] == [
        *("warn", "warn", "info")
    ]


@pytest.mark.parametrize("econ", ["30701", "31204", "39908"])
def test_basic_spending_that_table_6_has_no_row_for_is_an_error(tmp_path: Path, econ: str) -> None:
    """Its 类 is none of the four of 2024; what 人员经费 and 公用经费 lack is said twice."""
    year = recorded(tmp_path, spend("2", OFFICE, econ))
    told = year.ask(lambda opened: plain(check(Report(Cells(opened)))))["findings"]
    errors = [(f["code"], f["left_fen"] - f["right_fen"]) for f in told if f["tier"] == "error"]
    assert errors == [("X05", 2_000_000), ("X05", 2_000_000)]
    assert any(f"基本支出明细表没有 {econ} " in f["message"] for f in told)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The year, closed by two persons, and 2025 opened from it."""
    year = recorded(tmp_path_factory.mktemp("closed"))
    said = year.ask(reconciled, Statement("5f" * 32, {}, {}, by_origin=True))
    fen = said["paid_fen"]
    assert fen == 4_466_000_00
    agreed: dict[str, Any] = {"paid_fen": fen, "statement_fen": fen, "statement": "5f" * 32}
    year.record(of_2024(request("reconcile", "12-31", **agreed)))
    with SqlitePlace(year.db).reading() as stored:
        state, _ = read_state(stored, str(BOOK))
    lines, cash = proposal(state)
    year.record(of_2024(request("close-year", "12-31", lines=lines, cash=cash)), by="会计")
    approval = request("approve", "12-31", state.number + 1, authority="department")
    year.record(of_2024(approval), by="科长")
    start = {"occurred_on": date(2025, 1, 1), "previous": str(BOOK)}
    with Books(SqlitePlace(year.db, lambda: year.now)) as books:
        books.transact(BookId(BOOK.unit, 2025), Request("open-book", start), actor="会计")
    return year.db


@pytest.mark.parametrize("name", BY_HAND)
def test_the_closed_year_prints_what_it_printed(closed: Path, name: str) -> None:
    with reading(SqlitePlace(closed), BOOK) as found:
        cells = Cells(found, editions.edition(name))
        assert BY_HAND[name] == {number: printed(cells, number) for number in BY_HAND[name]}


def test_the_next_year_opens_in_the_same_forms(closed: Path) -> None:
    """70.385 are carried over: 48.23+5.45+3 of 财政拨款 and 13.705 of the unit's own."""
    with reading(SqlitePlace(closed), BookId(BOOK.unit, 2025)) as found:
        cells = Cells(found)
        assert cells.edition.name == "2024"
        assert printed(cells, 1) == single(dict.fromkeys(("27", "28", "55", "56"), "70.39"))
        assert printed(cells, 4)["26"] == ("56.68",)
