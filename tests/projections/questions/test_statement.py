"""明细账: what moved one line, by business date, with what is available after each entry."""

from pathlib import Path
from typing import Any

import pytest

from ledger.line import BudgetLine
from ledger.refusals import Refusal, Refused
from projections.questions.balances import line_balances
from projections.questions.statement import statement
from tests.harness.small_year import (
    CARRIED,
    LINE,
    Year,
    appropriate,
    carry_in,
    cut,
    income,
    line,
    pay,
    reallocate,
    refund,
    release,
    reverse,
    supplement,
    withdraw,
)


def rows(year: Year, at: BudgetLine = LINE, **cut_: Any) -> list[tuple[Any, ...]]:
    """(day, entry, kind, approved, paid, other, available) in yuan; the last is the balance."""
    answer = year.ask(statement, at, **cut_)
    found = [
        (
            row["date"][5:],
            row["entry"],
            row["kind"],
            *(row[f"{name}_fen"] // 100 for name in ("approved", "paid", "other", "available")),
        )
        for row in answer["rows"]
    ]
    assert answer["line"] == at
    assert answer["available_fen"] == (answer["rows"][-1]["available_fen"] if found else 0)
    return found


def test_each_kind_in_its_column(tmp_path: Path):
    """approved − paid + other is what becomes available, in every row."""
    year = Year(tmp_path).record(
        appropriate(100_00, "01-02"),
        supplement(50_00, "02-01", pending=True),
        release(20_00, "02-02"),
        withdraw(15_00, "02-03"),
        pay(40_00, "03-05"),
        refund(8, 10_00, "03-06"),
        cut(50_00, "06-30"),
        reallocate(30_00, LINE, line("30299"), "07-01"),
        reallocate(4_00, line("30299"), LINE, "07-02"),
    )
    assert rows(year) == [
        ("01-02", 4, "appropriate", 100, 0, 0, 100),
        ("02-01", 5, "supplement", 50, 0, -50, 100),
        ("02-02", 6, "release", 0, 0, 20, 120),
        ("02-03", 7, "withdraw", 0, 0, -15, 105),
        ("03-05", 8, "pay", 0, 40, 0, 65),
        ("03-06", 9, "refund", 0, -10, 0, 75),
        ("06-30", 10, "cut", -50, 0, 45, 70),
        ("07-01", 11, "reallocate", -30, 0, 0, 40),
        ("07-02", 12, "reallocate", 4, 0, 0, 44),
    ]
    assert rows(year, line("30299")) == [
        ("07-01", 11, "reallocate", 30, 0, 0, 30),
        ("07-02", 12, "reallocate", -4, 0, 0, 26),
    ]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (supplement(7_00), (-7, 0, 0)),
        (supplement(7_00, pending=True), (-7, 0, 7)),
        (cut(7_00), (7, 0, -7)),  # what is pending is cut first
        (release(7_00), (0, 0, -7)),
        (withdraw(7_00), (0, 0, 7)),
        (pay(7_00), (0, -7, 0)),
        (reallocate(7_00, LINE, line("30299")), (7, 0, 0)),
        (reallocate(7_00, line("30217"), LINE), (-7, 0, 0)),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_reversal_is_the_negative_row(tmp_path: Path, request_: Any, expected: tuple[int, ...]):
    """The same columns with the other sign, and the balance of before."""
    year = Year(tmp_path).record(
        appropriate(100_00), supplement(20_00, "02-01", pending=True),
        appropriate(50_00, at=line("30217")),
    )  # fmt: skip
    year.record(request_, reverse(7, "09-01", authority="finance"))
    *_, undone, reversal = rows(year)
    assert (reversal[:3], reversal[3:6]) == (("09-01", 8, "reverse"), expected)
    assert tuple(-value for value in undone[3:6]) == expected
    assert reversal[6] == 100


def test_rows_stand_by_business_date(tmp_path: Path):
    """Recorded late but dated early stands early, and the balances run through it; entries of one
    day stand as they were recorded."""
    year = Year(tmp_path).record(
        appropriate(100_00, "01-02"), pay(10_00, "05-01"), pay(20_00, "02-01"), pay(5_00, "05-01")
    )
    assert [(row[0], row[1], row[6]) for row in rows(year)] == [
        ("01-02", 4, 100),
        ("02-01", 6, 80),
        ("05-01", 5, 70),
        ("05-01", 7, 65),
    ]
    assert [row[1] for row in rows(year, as_of="04-30")] == [4, 6]
    assert [row[1] for row in rows(year, as_of="05-01")] == [4, 6, 5, 7]


def test_known_at(tmp_path: Path):
    year = Year(tmp_path).record(appropriate(100_00)).record(pay(10_00)).record(pay(20_00, "02-01"))
    assert [row[1] for row in rows(year, known_at=year.times[2])] == [4, 5]
    assert [row[1] for row in rows(year, known_at=year.times[3])] == [4, 6, 5]
    assert [row[1] for row in rows(year, known_at=year.times[3], as_of="02-28")] == [4, 6]
    assert rows(year, known_at=year.times[0]) == []


def test_who_was_paid_and_what_for(tmp_path: Path):
    year = Year(tmp_path).record(
        appropriate(100_00, doc="预1"), pay(10_00, payee="印刷厂", purpose="宣传册", doc="支1")
    )
    answer = year.ask(statement, LINE)["rows"]
    assert [(row["doc"], row["payee"], row["purpose"]) for row in answer] == [
        ("预1", None, None),
        ("支1", "印刷厂", "宣传册"),
    ]


def test_other_lines_and_income_stay_out(tmp_path: Path):
    year = Year(tmp_path).record(
        appropriate(100_00), carry_in(30_00), pay(5_00, at=CARRIED), income(9_00)
    )
    assert [row[1] for row in rows(year)] == [4]
    assert rows(year, CARRIED) == [
        ("01-02", 5, "carry-in", 30, 0, 0, 30),
        ("03-05", 6, "pay", 0, 5, 0, 25),
    ]


def test_a_line_that_the_book_does_not_have(tmp_path: Path):
    year = Year(tmp_path).record(appropriate(100_00))
    with pytest.raises(Refused) as refused:
        year.ask(statement, line("30201"))
    assert refused.value.refusal is Refusal.LINE_MISSING


def test_the_last_row_is_the_balance(tmp_path: Path):
    year = Year(tmp_path).record(appropriate(100_00), *(pay(fen) for fen in (1, 20, 300)))
    (balance,) = year.ask(line_balances)["lines"]
    assert balance["available_fen"] == year.ask(statement, LINE)["available_fen"] == 9679
