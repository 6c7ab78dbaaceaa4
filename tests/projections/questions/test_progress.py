"""执行进度: every figure by hand, and the limits of R14 to the fen."""

from pathlib import Path
from typing import Any

import pytest

from projections.questions.balances import line_balances
from projections.questions.progress import progress
from tests.harness.small_year import (
    CARRIED,
    CASH,
    LINE,
    Year,
    appropriate,
    carry_in,
    cut,
    fund_plan,
    income,
    line,
    pay,
    pay_from,
    project,
    reallocate,
    refund,
    reserve,
    reverse,
    supplement,
)

BASIC = line("30201", project="-")
FIGURES = ("annual_budget_fen", "executed_fen", "rate", "gap", "light", "december_share")


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """P02: 100.00 of this year and 20.00 carried over; paid 30.00 in March, 18.00 in August and
    24.00 in December. Basic: 40.00, of which 40.00 in June."""
    return Year(tmp_path).record(
        appropriate(100_00),
        carry_in(20_00),
        appropriate(40_00, at=BASIC),
        pay(30_00, "03-05"),
        pay(40_00, "06-10", at=BASIC),
        pay(18_00, "08-31", at=CARRIED, econ="30299"),
        pay(24_00, "12-20"),
    )


def figures(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in FIGURES)


def codes(row: dict[str, Any]) -> list[str]:
    return [hint["code"] for hint in row["hints"]]


def row_of(year: Year, code: str = "P02", **cut: Any) -> dict[str, Any]:
    """The row of one project."""
    rows: list[dict[str, Any]] = year.ask(progress, **cut)["projects"]
    return next(row for row in rows if row["project"] == code)


def test_a_year_by_hand(year: Year):
    """72.00 of 120.00 is 60 %, 355 days of 366 are gone; 24 of 72 in December is a third."""
    answer = year.ask(progress)
    assert (answer["date"], answer["time_progress"]) == ("2020-12-20", "0.9699")
    row, basic = answer["projects"]
    assert (row["project"], row["name"]) == ("P02", "P02 项目")
    assert figures(row) == (120_00, 72_00, "0.6000", "-0.3699", "red", "0.3333")
    assert codes(row) == ["R14.JUNE", "R14.SEPTEMBER", "R14.NOVEMBER", "R14.DECEMBER"]
    assert (basic["project"], basic["name"]) == ("-", "基本支出")
    assert figures(basic) == (40_00, 40_00, "1.0000", "0.0301", "green", "0.0000")
    assert codes(basic) == []
    assert figures(answer["totals"]) == (160_00, 112_00, "0.7000", "-0.2699", "red", "0.2143")


def test_every_line_beneath_its_project(year: Year):
    lines = {row["line"]: row for row in row_of(year)["lines"]}
    assert list(lines) == [str(CARRIED), str(LINE)]
    assert figures(lines[str(LINE)]) == (100_00, 54_00, "0.5400", "-0.4299", "red", "0.4444")
    assert figures(lines[str(CARRIED)]) == (20_00, 18_00, "0.9000", "-0.0699", "green", "0.0000")
    assert codes(lines[str(CARRIED)]) == ["R14.JUNE"]  # 90 % by the end of August


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2019-12-31", None),
        ("03-04", (120_00, 0, "0.0000", "-0.1749", "yellow", None)),  # 64 days of 366
        ("03-05", (120_00, 30_00, "0.2500", "0.0724", "green", "0.0000")),  # 65
        ("04-30", (120_00, 30_00, "0.2500", "-0.0806", "green", "0.0000")),  # 121
        ("08-31", (120_00, 48_00, "0.4000", "-0.2667", "red", "0.0000")),  # 244
        ("2021-01-01", (120_00, 72_00, "0.6000", "-0.4000", "red", "0.3333")),
    ],
)
def test_as_of_a_day(year: Year, as_of: str, expected: tuple[Any, ...] | None):
    """Time is the days gone by at its end, whatever is in the book after it."""
    answer = year.ask(progress, as_of=as_of)
    rows = [figures(row) for row in answer["projects"] if row["project"] == "P02"]
    assert rows == ([] if expected is None else [expected])
    time = {"2019": "0.0000", "2021": "1.0000"}.get(as_of[:4])
    assert time in (None, answer["time_progress"])
    assert answer["date"] == (as_of if len(as_of) > 5 else f"2020-{as_of}")


@pytest.mark.parametrize(
    ("fen", "light"),
    [(40_00, "green"), (39_99, "yellow"), (30_00, "yellow"), (29_99, "red"), (50_00, "green")],
)
def test_the_light_turns_beyond_ten_and_twenty_points(tmp_path: Path, fen: int, light: str):
    """Half of 366 days are gone at the end of 1 July: exactly 10 points behind is green still,
    exactly 20 yellow."""
    year = Year(tmp_path).record(appropriate(100_00), pay(fen, "07-01"))
    assert row_of(year)["light"] == light


@pytest.mark.parametrize(
    ("as_of", "time"),
    [
        ("2019-12-31", "0.0000"),
        ("01-01", "0.0027"),
        ("01-31", "0.0847"),
        ("02-29", "0.1639"),
        ("06-01", "0.4180"),
        ("06-30", "0.4973"),
        ("12-01", "0.9180"),
        ("12-30", "0.9973"),
        ("12-31", "1.0000"),
        ("2021-01-01", "1.0000"),
    ],
)
def test_time_is_counted_in_days(tmp_path: Path, as_of: str, time: str):
    """N05: of 366, as of the end of the day, and never the whole month on its first."""
    assert Year(tmp_path).ask(progress, as_of=as_of)["time_progress"] == time


@pytest.mark.parametrize(
    ("month", "day", "enough", "code"),
    [(6, 30, 50_00, "JUNE"), (9, 30, 75_00, "SEPTEMBER"), (11, 30, 90_00, "NOVEMBER")],
)
def test_a_checkpoint_is_missed_by_a_fen_and_on_its_day(
    tmp_path: Path, month: int, day: int, enough: int, code: str
):
    year = Year(tmp_path).record(appropriate(100_00), pay(enough - 1, "03-05"))
    on, before = f"{month:02d}-{day}", f"{month:02d}-{day - 1}"
    assert f"R14.{code}" in codes(row_of(year, as_of=on))
    assert f"R14.{code}" not in codes(row_of(year, as_of=before))
    (hint,) = [h for h in row_of(year, as_of=on)["hints"] if h["code"] == f"R14.{code}"]
    needed = enough // 100
    assert hint["message"] == f"{month} 月 {day} 日应执行 {needed}%，当日为 {needed - 1}.99%"
    year.record(pay(1, on))
    assert f"R14.{code}" not in codes(row_of(year, as_of=on))


def test_a_checkpoint_is_judged_on_its_own_day(tmp_path: Path):
    """What is approved or paid later changes nothing of it; what did not exist then missed none."""
    late = line(project="P01")
    year = Year(tmp_path).record(
        appropriate(100_00),
        pay(50_00, "06-30"),
        supplement(100_00, "07-01"),
        supplement(10_00, "12-01", at=late),
        pay(100_00, "10-01"),
    )
    assert codes(row_of(year, as_of="09-30")) == ["R14.SEPTEMBER"]
    assert codes(row_of(year, "P01", as_of="12-31")) == []
    assert row_of(year, as_of="12-31")["hints"][0]["code"] == "R14.SEPTEMBER"


def test_december_may_have_a_quarter(tmp_path: Path):
    year = Year(tmp_path).record(appropriate(100_00), pay(60_00, "06-01"), pay(20_00, "12-01"))
    assert row_of(year)["december_share"] == "0.2500"
    assert "R14.DECEMBER" not in codes(row_of(year))
    year.record(pay(1, "12-31"))
    assert row_of(year)["december_share"] == "0.2501"
    assert "R14.DECEMBER" in codes(row_of(year))


def test_refunds_and_reversals_are_of_their_own_month(tmp_path: Path):
    """60.00 paid in June, 20.00 of it back in December: −50 % of the year's 40.00."""
    year = Year(tmp_path).record(appropriate(100_00), pay(60_00, "06-01"))
    year.record(refund(5, 20_00, "12-05"))
    assert figures(row_of(year))[1:] == (40_00, "0.4000", "-0.5290", "red", "-0.5000")
    year.record(reverse(6, "12-06"))
    assert row_of(year)["december_share"] == "0.0000"


def test_a_year_that_comes_to_nothing_has_no_december(tmp_path: Path):
    """Refunded in June, the refund undone in December, refunded in June again: +60.00 in December
    of a year in which nothing is paid, and no share of it."""
    year = Year(tmp_path).record(appropriate(100_00), pay(60_00, "06-01"), refund(5, 60_00))
    year.record(reverse(6, "12-06"), refund(5, 60_00))
    assert figures(row_of(year))[1:] == (0, "0.0000", "-0.9317", "red", None)
    assert "R14.DECEMBER" not in codes(row_of(year))


def test_nothing_to_execute(tmp_path: Path):
    """A zero base has no rate, no gap and no light; nothing paid no share."""
    year = Year(tmp_path)
    assert year.ask(progress)["date"] is None
    assert figures(year.ask(progress)["totals"]) == (0, 0, None, None, None, None)
    year.record(appropriate(10_00), cut(10_00, "06-30"))
    row = row_of(year)
    assert figures(row) == (0, 0, None, None, None, None)
    assert codes(row) == []


def test_the_day_that_is_judged_is_of_the_book(tmp_path: Path):
    """The last on which money moved or came in; names, plans and other books do not count."""
    year = Year(tmp_path).record(appropriate(10_00), reserve(1_00, "04-02"))
    assert year.ask(progress)["date"] == "2020-04-02"
    year.record(income(1_00, "05-05", at=CASH))
    assert year.ask(progress)["date"] == "2020-05-05"
    year.record(fund_plan(1_00, 1, "07-07"), project("P02", "改名", "08-08"))
    assert year.ask(progress)["date"] == "2020-05-05"
    assert year.ask(progress, known_at=year.times[1])["date"] == "2020-04-02"
    assert year.ask(progress, known_at=year.times[0])["date"] is None


def test_what_was_known_then(year: Year):
    year.record(reverse(8, "12-21"), reallocate(5_00, LINE, BASIC, "12-22"))
    assert figures(row_of(year, known_at=year.times[1]))[:2] == (120_00, 72_00)
    assert figures(row_of(year))[:2] == (115_00, 72_00)
    assert row_of(year, "-")["executed_fen"] == 0


def test_reserved_money_is_not_executed(tmp_path: Path):
    """在途 is budget still; paid from a reservation it is executed, and `balance` shows both."""
    year = Year(tmp_path).record(appropriate(100_00), reserve(60_00, key="合同"))
    assert figures(row_of(year))[:2] == (100_00, 0)
    year.record(pay_from("合同", 25_00, "03-05"))
    assert figures(row_of(year))[:2] == (100_00, 25_00)
    (balance,) = year.ask(line_balances)["lines"]
    assert [balance[f"{n}_fen"] for n in ("available", "held", "paid")] == [40_00, 35_00, 25_00]
