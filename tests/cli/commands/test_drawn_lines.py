"""F38, by real processes: a payment draws on the line that is written in full, or is refused, and
what is offered can be typed."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import process

WHOLE = "general:2080105:project:JF:-:2025"
OWN = "general:2080105:project:JF:30201:2025"
BOOK = """
open-book --unit 990001 --year 2025 --name 试验局 --kind admin --edition 2020 --basis indicator
project JF --name 宣传经费 --date 2025-01-02
appropriate --func 2080105 --project JF --amount 100000 --date 2025-01-10 --doc 预1
appropriate --line {OWN} --amount 500 --date 2025-01-10 --doc 预2
reserve --line {WHOLE} --amount 300 --doc 合同1 --date 2025-02-01
pay --line {WHOLE} --econ 30202 --amount 7 --payee 某店 --date 2025-03-01
"""
TO = "--payee 某店 --date 2025-03-05"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """BASE of the cases, with a line of the payment's 款: six entries."""
    folder = tmp_path_factory.mktemp("drawn")
    for command in BOOK.format(OWN=OWN, WHOLE=WHOLE).strip().splitlines():
        typed(folder, command)
    return folder


def typed(folder: Path, command: str, *, exit: int = 0) -> Any:
    answer = process(*shlex.split(command), "--json", cwd=folder)
    assert answer.exit == exit, answer.said
    return answer.json


def items(folder: Path, line: str, econ: str) -> str:
    file = folder / "items.csv"
    file.write_text(f"预算线,经济科目,金额\n{line},{econ},2\n", encoding="utf-8")
    return f"voucher --items items.csv {TO}"


ASKED = {
    "pay": ("pay --line {0} --econ {1} --amount 1 " + TO, "--line {0}"),
    "voucher": ("voucher --item {0},econ={1}=1 " + TO, "--item {0},econ={1}=1.00"),
    "correct": ("correct 6 --line {0} --econ {1} --date 2025-03-05", "--line {0}"),
    "reserve": ("pay --reserve 5 --line {0} --econ {1} --amount 1 " + TO, "--line {0}"),
}


@pytest.mark.parametrize(
    ("kind", "written", "econ", "drawn"),
    [
        (kind, *case)
        for kind in ASKED
        for case in ((WHOLE, "30201", OWN), (OWN, "30203", WHOLE))
        if kind != "reserve" or case[-1] != OWN  # which is RESERVE.LINE: it is of another line
    ],
)
def test_another_line_than_the_written_is_refused(
    book: Path, kind: str, written: str, econ: str, drawn: str
):
    """By what is told it is recorded, on that line."""
    asked, instead = ASKED[kind]
    told = typed(book, f"{asked.format(written, econ)} --dry-run", exit=3)
    assert (told["code"], told["facts"]["line"]) == ("LINE.DRAWN", written)
    assert (told["facts"]["econ"], told["facts"]["drawn"]) == (econ, drawn)
    assert told["try"][0] == instead.format(drawn, econ)
    right = typed(book, f"{asked.format(drawn, econ)} --dry-run")
    assert drawn in (right.get("line"), *right.get("lines", []))


def test_the_rows_of_a_voucher_are_told_alike(book: Path):
    told = typed(book, f"{items(book, WHOLE, '30201')} --dry-run", exit=3)
    assert (told["code"], told["facts"]["position"]) == ("LINE.DRAWN", 1)
    typed(book, f"{items(book, OWN, '30201')} --dry-run")


def test_a_row_of_a_file_says_the_payments_own_econ(book: Path):
    """And no line in full: it is drawn on as contract §2 says."""
    file = book / "a.csv"
    header = "id,date,kind,func,project,econ,amount,payee"
    rows = [f"{n},2025-03-05,pay,2080105,JF,{econ},1,某店" for n, econ in ((1, 30201), (2, 30203))]
    file.write_text("\n".join([header, *rows]), encoding="utf-8")
    assert typed(book, "import a.csv --dry-run")["rejected"] == []


def test_by_its_parts_a_purpose_is_meant_and_not_a_line(book: Path):
    by_parts = "pay --project JF --origin 2025 --econ {0} --amount 1 --dry-run " + TO
    assert typed(book, by_parts.format("30201"))["line"] == OWN
    assert typed(book, by_parts.format("30203"))["line"] == WHOLE


def test_a_line_that_is_not_there_is_opened_as_it_was_written(book: Path):
    """What is offered leads to the line that was written, not to one that is drawn on first."""
    other = WHOLE.replace("2080105", "2080106")
    told = typed(book, f"pay --line {other} --econ 30201 --amount 1 {TO}", exit=3)
    assert f"--line {other} " in told["try"][0]
