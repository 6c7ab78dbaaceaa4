"""The plan of January 2024, as of its end: what was approved and what was carried in, before
anything was supplemented. Every figure was worked out by hand, in 万元, from `recorded`.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ledger.store.sqlite.place import SqlitePlace
from projections.report import editions
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.figure import Report
from projections.views.reading import Cut, reading
from tests.harness.plain import plain
from tests.harness.small_year import appropriate
from tests.harness.year_2024 import (
    BOOK,
    INTEREST,
    LOAN,
    Rows,
    explained,
    fen,
    printed,
    recorded,
    single,
)

# 年初预算: general 2070109 200+48.9+1.5+3.1+4 = 257.5, 2070199 80+18 = 98, 208 30, 210 12, 221 18:
# 415.5; fund 25+0.5 = 25.5 and 4: 29.5; capital 10; own 60+9+20+3+4 = 96; all 551. With 28.25
# carried in: 579.25.
JANUARY: dict[int, Rows] = {
    1: single(
        {
            "1": "415.50", "2": "29.50", "3": "10.00", "4": "96.00", "31": "551.00",
            "32": "28.25", "33": "579.25",
            # 207: (257.5+98+15.25)+(96+2) = 468.75; 223 10+3; 229 25.5+8
            "40": "468.75", "41": "30.00", "43": "12.00", "45": "4.00", "53": "18.00",
            "55": "13.00", "58": "33.50", "64": "579.25", "66": "579.25",
        }
    ),
    2: {  # 合计、上年结转、本年小计、一般公共预算、政府性基金、国有资本经营、单位资金
        "合计": ("579.25", "28.25", "551.00", "415.50", "29.50", "10.00", "96.00"),
        **dict.fromkeys(
            ("207", "20701"), ("468.75", "17.25", "451.50", "355.50", "", "", "96.00")
        ),
        "2070109": ("324.50", "", "324.50", "257.50", "", "", "67.00"),
        "2070199": ("144.25", "17.25", "127.00", "98.00", "", "", "29.00"),
        **dict.fromkeys(
            ("208", "20805", "2080505"), ("30.00", "", "30.00", "30.00", "", "", "")
        ),
        **dict.fromkeys(
            ("210", "21011", "2101102"), ("12.00", "", "12.00", "12.00", "", "", "")
        ),
        **dict.fromkeys(("212", "21208", "2120899"), ("4.00", "", "4.00", "", "4.00", "", "")),
        **dict.fromkeys(
            ("221", "22102", "2210201"), ("18.00", "", "18.00", "18.00", "", "", "")
        ),
        **dict.fromkeys(
            ("223", "22301", "2230105"), ("13.00", "3.00", "10.00", "", "", "10.00", "")
        ),
        **dict.fromkeys(
            ("229", "22960", "2296003"), ("33.50", "8.00", "25.50", "", "25.50", "", "")
        ),
    },
    3: {  # 合计、基本、项目、上缴上级、经营、对附属单位补助, with what was carried in
        # basic 317.5+4+60; project general 98+15.25, fund 25.5+8, capital 13, own 9+2
        "合计": ("579.25", "381.50", "170.75", "3.00", "20.00", "4.00"),
        **dict.fromkeys(
            ("207", "20701"), ("468.75", "317.50", "124.25", "3.00", "20.00", "4.00")
        ),
        "2070109": ("324.50", "317.50", "", "3.00", "", "4.00"),
        "2070199": ("144.25", "", "124.25", "", "20.00", ""),
        **dict.fromkeys(("208", "20805", "2080505"), ("30.00", "30.00", *[""] * 4)),
        **dict.fromkeys(("210", "21011", "2101102"), ("12.00", "12.00", *[""] * 4)),
        **dict.fromkeys(("212", "21208", "2120899"), ("4.00", "4.00", *[""] * 4)),
        **dict.fromkeys(("221", "22102", "2210201"), ("18.00", "18.00", *[""] * 4)),
        **dict.fromkeys(("223", "22301", "2230105"), ("13.00", "", "13.00", "", "", "")),
        **dict.fromkeys(("229", "22960", "2296003"), ("33.50", "", "33.50", "", "", "")),
    },
    4: {  # 收入; 支出: 合计、一般公共预算、政府性基金、国有资本经营
        **single({"1": "455.00", "2": "415.50", "3": "29.50", "4": "10.00", "5": "26.25"}),
        **single({"6": "15.25", "7": "8.00", "8": "3.00", "32": "481.25"}),
        "39": ("370.75", "370.75", "", ""),  # 257.5+98+15.25
        "40": ("30.00", "30.00", "", ""),
        "42": ("12.00", "12.00", "", ""),
        "44": ("4.00", "", "4.00", ""),
        "52": ("18.00", "18.00", "", ""),
        "54": ("13.00", "", "", "13.00"),
        "57": ("33.50", "", "33.50", ""),
        "64": ("481.25", "430.75", "37.50", "13.00"),
    },
    5: {  # 合计、基本小计、人员、公用、项目; 48.9 and 12 have no econ
        # 人员 200+30+18 = 248, 公用 1.5+3.1+4 = 8.6
        "合计": ("415.50", "317.50", "248.00", "8.60", "98.00"),
        **dict.fromkeys(("207", "20701"), ("355.50", "257.50", "200.00", "8.60", "98.00")),
        "2070109": ("257.50", "257.50", "200.00", "8.60", ""),
        "2070199": ("98.00", "", "", "", "98.00"),
        **dict.fromkeys(("208", "20805", "2080505"), ("30.00", "30.00", "30.00", "", "")),
        **dict.fromkeys(("210", "21011", "2101102"), ("12.00", "12.00", "", "", "")),
        **dict.fromkeys(("221", "22102", "2210201"), ("18.00", "18.00", "18.00", "", "")),
    },
    6: single(
        {
            "301": "248.00", "301-": "200.00",  # of the 类, and of none of its 款
            "30108": "30.00", "30113": "18.00",
            "302": "8.60", "30212": "4.00", "30217": "1.50", "30231": "3.10",
            "人员经费合计": "248.00", "公用经费合计": "8.60",
        }
    ),
    # 合计、因公出国（境）、公务用车小计、购置、运行维护、公务接待
    7: {"": ("27.20", "4.00", "21.20", "18.00", "3.20", "2.00")},
    8: {
        "合计": ("29.50", "4.00", "25.50"),
        **dict.fromkeys(("212", "21208", "2120899"), ("4.00", "4.00", "")),
        **dict.fromkeys(("229", "22960", "2296003"), ("25.50", "", "25.50")),
    },
    9: dict.fromkeys(("合计", "223", "22301", "2230105"), ("10.00", "", "10.00")),
}  # fmt: skip


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    """The plan."""
    year = recorded(tmp_path_factory.mktemp("plan"))
    with reading(SqlitePlace(year.db), BOOK, Cut(date(2024, 1, 31))) as found:
        yield Cells(found, editions.edition("budget-2024"))


@pytest.mark.parametrize("number", JANUARY)
def test_every_table_of_the_plan_by_hand(january: Cells, number: int) -> None:
    assert JANUARY[number] == printed(january, number)


def test_the_plan_is_right(january: Cells) -> None:
    """The basic budget has more than its econ says: 48.9 and 12 have none."""
    (unsplit,) = plain(check(Report(january)))["findings"]
    assert (unsplit["code"], unsplit["tier"]) == ("X05", "info")
    assert unsplit["left_fen"] - unsplit["right_fen"] == fen("60.9")
    assert explained(january) > 100


def test_the_plan_has_rows_for_debts(tmp_path: Path) -> None:
    """Classes 231 and 232 are none of the 24 of the accounts, but are of the 30 of a plan."""
    planned = (appropriate(fen("7"), at=LOAN), appropriate(fen("2"), at=INTEREST))
    year = recorded(tmp_path, *planned)
    with reading(SqlitePlace(year.db), BOOK, Cut(date(2024, 1, 31))) as found:
        cells = Cells(found, editions.edition("budget-2024"))
        # 579.25+9 = 588.25
        rows = printed(cells, 1)
        assert [rows[row] for row in ("60", "61", "64")] == [("7.00",), ("2.00",), ("588.25",)]
        assert not check(Report(cells)).failed
