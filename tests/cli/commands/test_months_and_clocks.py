"""Months that are locked and unlocked by two persons, and clocks that were wrong, by real processes
whose clock is set (F06, F19, F20, N12)."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.harness.clock import at
from tests.harness.shell import process

BASE = """
open-book --unit 990001 --year 2025 --name 试验局 --kind admin --edition 2020 --basis indicator
project JF --name 宣传经费 --date 2025-01-02
appropriate --func 2080105 --project JF --amount 100000 --date 2025-01-10 --doc 预1
"""
PAY = "pay --project JF --econ 30201 --amount 100 --payee 某店 --purpose 纸"
JULY, NOON = "2025-07-03T09:00:00+08:00", "2025-03-01T12:00:00+08:00"


class Office:
    """A folder with the book of the cases, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOON

    def did(self, command: str, *, exit: int = 0, **env: str) -> Any:
        """What a command answers at this office's time."""
        words = [*shlex.split(command), "--json"]
        shims = self.folder / "shims"
        answer = at(self.now, *words, cwd=self.folder, shims=shims, env=env)
        assert answer.exit == exit, answer.said
        return answer.json


@pytest.fixture
def office(tmp_path: Path) -> Office:
    (tmp_path / "shims").mkdir()
    office = Office(tmp_path)
    for command in BASE.strip().splitlines():
        office.did(command)
    return office


def codes(answer: Any) -> list[str]:
    return [each["code"] for each in answer["warnings"]]


def test_a_month_is_unlocked_by_two_and_paid_in(office: Office):
    """Refused; asked for by one, who may not sign; approved by another; then paid in."""
    office.now = JULY
    for month in range(1, 7):
        office.did(f"lock-month {month}")
    march = f"{PAY} --date 2025-03-05"
    locked = office.did(march, exit=3)
    assert locked["code"] == "MONTH.LOCKED"
    assert "--date 2025-07-01" in locked["try"]
    assert office.did("unlock-month 3 --actor 甲", exit=3)["code"] == "MONTH.REASON"
    asked = office.did("unlock-month 3 --reason 补记 --actor 甲", exit=6)
    assert office.did(march, exit=3)["code"] == "MONTH.LOCKED", "it still waits"
    (waits,) = office.did("pending")["requests"]
    assert (waits["kind"], waits["needed"]) == ("unlock-month", "department")
    sign = asked["try"][0].removeprefix("yusuan ")
    own = sign.replace("批准人", "甲")
    assert office.did(own, exit=3)["code"] == "APPROVAL.SAME_ACTOR"
    office.did(sign.replace("批准人", "乙"))
    paid = office.did(march)
    assert paid["date"] == "2025-03-05"
    assert office.did(f"{PAY} --date 2025-04-05", exit=3)["code"] == "MONTH.LOCKED", "only March"
    office.did("lock-month 3")
    assert office.did(f"{march} --doc 支2", exit=3)["code"] == "MONTH.LOCKED"
    assert office.did("audit")["ok"]


def test_a_month_is_over_by_its_date_and_by_today(office: Office):
    """F06: its last day is enough, by the clock of the book's zone."""
    office.now = "2025-01-31T15:59:00+00:00"  # 31 January, 23:59 in Beijing
    assert office.did("lock-month 1 --date 2025-01-30", exit=3)["code"] == "MONTH.NOT_OVER"
    office.now = "2025-01-30T15:59:00+00:00"
    assert office.did("lock-month 1 --date 2025-01-31", exit=3)["code"] == "MONTH.NOT_OVER"
    office.now = "2025-01-30T16:00:00+00:00"  # midnight in Beijing: it is the 31st
    assert office.did("lock-month 1")["date"] == "2025-01-31"
    assert office.did("lock-month 12 --date 2025-12-31", exit=3)["code"] in (
        *("MONTH.NOT_OVER", "MONTH.ORDER"),
    )


def test_a_year_that_is_not_over_is_closed_with_a_caution(office: Office):
    """Another day than the last is refused, with the day that is; then both persons are told what
    closing now means. From the last day on nothing is said."""
    office.now = NOON
    office.did("close-year --propose 结账.csv")
    close = "close-year --decisions 结账.csv --actor 甲"
    refused = office.did(f"{close} --date 2025-06-30", exit=3)
    assert (refused["code"], refused["try"]) == ("YEAR.DATE", ["--date 2025-12-31"])
    early = office.did(close, exit=6)
    (said,) = early["warnings"]
    assert (said["code"], early["date"]) == ("YEAR.NOT_OVER", "2025-12-31")
    assert "2025-12-31" in said["message"] and "reopen-year" in said["message"]
    sign = early["try"][0].removeprefix("yusuan ").replace("批准人", "乙")
    assert codes(office.did(f"{sign} --dry-run")) == ["YEAR.NOT_OVER"]
    office.now = "2025-12-30T16:00:00+00:00"  # midnight in Beijing: it is the 31st
    assert codes(office.did(sign)) == []


def test_a_clock_that_was_in_the_future_is_told(office: Office):
    """F19: by what is recorded under it and after it, and by doctor."""
    office.now = "2027-05-01T10:00:00+08:00"
    office.did(f"{PAY} --date 2025-03-01")
    office.now = NOON
    late = office.did(f"{PAY} --date 2025-03-02 --doc 支2")
    assert "CLOCK.BEHIND" in codes(late)
    assert office.did("show 5")["recorded_at"].startswith("2027-05-01T02:00:00")
    assert any("本机时钟" in each for each in office.did("doctor", exit=1)["problems"])
    # What was known at noon is not what a book knows whose clock ran ahead.
    assert office.did("balance --known-at 2025-03-01")["totals"]["paid_fen"] == 0
    assert office.did("audit")["ok"]


@pytest.mark.parametrize("machine", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_today_is_that_of_the_books_on_any_machine(office: Office, machine: str):
    """F20: 19:00 UTC on 30 June is 03:00 on 1 July where the book is kept; times are told in that
    zone too."""
    office.now = "2025-06-30T19:00:00+00:00"
    receipt = office.did("project M --name x", TZ=machine)
    assert receipt["date"] == "2025-07-01"
    assert receipt["warnings"] == []
    shims = office.folder / "shims"
    shown = at(office.now, "show", "4", cwd=office.folder, shims=shims, env={"TZ": machine})
    assert "记录时间  2025-07-01 03:00:00" in shown.out
    known = office.did("execution --scope all --known-at 2025-06-30", TZ=machine)
    assert known["head"]["entries"] == 4


def test_the_same_office_without_a_shim_has_the_machines_clock(tmp_path: Path):
    """Positive control: the clock of these tests is the one that commands ask."""
    (tmp_path / "shims").mkdir()
    open_book = BASE.strip().splitlines()[0].replace("2025", "2031")
    assert process(*shlex.split(open_book), cwd=tmp_path).exit == 0
    project = ("project", "M", "--name", "x", "--json")
    assert process(*project, cwd=tmp_path).json["code"] == "DATE.REQUIRED"
    there = at("2031-05-06T12:00:00+08:00", *project, cwd=tmp_path, shims=tmp_path / "shims")
    assert there.json["date"] == "2031-05-06"
