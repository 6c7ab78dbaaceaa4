"""The end of a year at the command line: the real 2020 year is closed and 2021 opens from it."""

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.commands.keep.demo import record_year
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.shell import Shell, process

TABLES = tuple(str(number) for number in range(1, 10))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo year as yusuan.db."""
    folder = tmp_path_factory.mktemp("closing")
    record_year(SqlitePlace(folder / "yusuan.db"), actor="测试")
    return folder


@pytest.fixture
def desk(demo: Path, tmp_path: Path) -> Path:
    """The same in a folder of the test's own."""
    shutil.copy(demo / "yusuan.db", tmp_path / "yusuan.db")
    return tmp_path


def ask(folder: Path, *arguments: str, exit: int = 0) -> Any:
    answer = process(*arguments, "--json", cwd=folder)
    assert answer.exit == exit, answer.said
    return answer.json


def tables(folder: Path) -> list[Any]:
    return [ask(folder, "table", number, "--year", "2020")["cells"] for number in TABLES]


def reconciled(folder: Path) -> None:
    """The finance bureau's statement says what the book says of every item."""
    rows = ["资金性质,功能科目,项目,支付数"]
    paid: dict[tuple[str, str], int] = {}
    for line in ask(folder, "balance", "--year", "2020")["lines"]:
        item = (line["func"], line["project"])
        paid[item] = paid.get(item, 0) + line["paid_fen"]
    rows += [f"general,{func},{project},{fen / 100:.2f}" for (func, project), fen in paid.items()]
    (folder / "对账单.csv").write_text("\n".join(rows), encoding="utf-8")
    ask(folder, "reconcile", "对账单.csv", "--date", "2020-12-31", "--year", "2020")


def closed(folder: Path) -> int:
    """Closes 2020 by the proposed decisions; the entry that did it."""
    reconciled(folder)
    assert ask(folder, "close-year", "--propose", "结账.csv")["blockers"] == []
    asked = ask(folder, "close-year", "--decisions", "结账.csv", "--actor", "会计", exit=6)
    signing = asked["try"][0].replace("批准人", "科长").split()[1:]
    return int(ask(folder, *signing)["entry"])


def test_2020_closes_with_its_2643_and_2021_opens_with_exactly_that(desk: Path) -> None:
    before = tables(desk)
    number = closed(desk)
    assert tables(desk) == before, "closing moves what is left after row 59"
    assert ask(desk, "balance", "--year", "2020")["totals"]["out_fen"] == 26_430_022_00
    opened = ask(desk, "open-book", "--from", "420103/2020")
    assert opened["opened_with"] == {
        "projects": 13,
        "carried_fen": 26_430_022_00,
        "pending_fen": 77_000_00,
        "remitted_fen": 0,
    }
    new = ("--year", "2021")
    assert ask(desk, "carryover", *new)["opening_fen"] == 26_430_022_00
    walk = ask(desk, "opening", "--check", *new)
    assert (walk["unexplained_fen"], walk["missing"]) == (0, [])
    checks = {check["code"]: check for check in ask(desk, "audit", *new)["checks"]}
    assert checks["CHAIN.PREVIOUS"] == {"code": "CHAIN.PREVIOUS", "tried": 1, "failed": 0}
    shown = ask(desk, "show", "1", *new)["stored"]["event"]["previous"]
    assert shown[3] == len(opened["entries"]), "what was recorded with the opening"
    assert shown[:2] == ["420103/2020", number]
    ask(desk, "audit", "--year", "2020")


def test_opening_from_last_year_once_more_gives_the_receipt_again(desk: Path) -> None:
    """Who lost the receipt asks again. Asked otherwise, the book is there already."""
    closed(desk)
    first = ask(desk, "open-book", "--from", "420103/2020")
    again = ask(desk, "open-book", "--from", "420103/2020")
    assert again == {**first, "already": True, "warnings": again["warnings"]}
    said = process("open-book", "--from", "420103/2020", cwd=desk).out
    assert said.startswith("此前已建账（未重复记录，以下为当时）  420103/2021"), said
    assert ask(desk, "log", "--year", "2021")["head"] == first["head"]
    other = ask(desk, "open-book", "--from", "420103/2020", "--name", "另一个局", exit=3)
    assert other["code"] == "BOOK.ALREADY_OPENED"


def test_the_surplus_waits_for_the_finance_bureau(desk: Path) -> None:
    """What came over as 结余 is part of the opening and cannot be spent before `release`."""
    closed(desk)
    ask(desk, "open-book", "--from", "420103/2020")
    pay = ("pay", "--project", "CO-UNNAMED", "--econ", "30299", "--amount", "1", "--payee", "某店")
    when = ("--date", "2021-02-01", "--year", "2021")
    refused = ask(desk, *pay, *when, exit=3)
    assert refused["code"] == "R1.AVAILABLE"
    release = next(way for way in refused["try"] if "release" in way)
    typed = release.replace("文号", "财结〔2021〕1号").split()[1:]
    ask(desk, *typed, "--date", "2021-01-20", "--year", "2021")
    ask(desk, *pay, *when)


def test_a_decision_file_is_edited_by_a_person(desk: Path) -> None:
    """收回 with its document: carried in and handed back at once; the opening shows both."""
    reconciled(desk)
    ask(desk, "close-year", "--propose", "结账.csv")
    file = desk / "结账.csv"
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    place = rows[0].index("处理")
    line = next(row for row in rows if "P08" in row[0])
    line[place], line[rows[0].index("文号")] = "收回", "财收〔2020〕9号"
    with file.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(rows)
    asked = ask(desk, "close-year", "--decisions", "结账.csv", "--actor", "会计", exit=6)
    ask(desk, *asked["try"][0].replace("批准人", "科长").split()[1:])
    opened = ask(desk, "open-book", "--from", "420103/2020")["opened_with"]
    assert opened["remitted_fen"] == 24_151_000_00
    walk = ask(desk, "carryover", "--year", "2021")
    assert walk["opening_before_fen"] == 26_430_022_00
    assert walk["opening_adjustments"] == [
        {"kind": "remitted", "fen": -24_151_000_00, "doc": "财收〔2020〕9号"}
    ]
    assert ask(desk, "opening", "--check", "--year", "2021")["missing"] == []


@pytest.mark.parametrize(
    ("old", "new", "code", "exit"),
    [
        ("结余", "结转", "YEAR.BLOCKED", 3),  # R8 without a document
        ("77000.00", "76999.99", "YEAR.BLOCKED", 3),
        ("77000.00", "七万", "AMOUNT.MALFORMED", 2),
        ("结余", "留用", "DECISION.UNKNOWN", 2),
        ("general:2011002", "general:20110", "LINE.FUNC", 2),
    ],
)
def test_a_wrong_decision_is_told_with_its_place(
    desk: Path, old: str, new: str, code: str, exit: int
) -> None:
    reconciled(desk)
    before = ask(desk, "close-year", "--propose", "结账.csv")["head"]
    file = desk / "结账.csv"
    text = file.read_text(encoding="utf-8-sig")
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    answer = ask(desk, "close-year", "--decisions", "结账.csv", exit=exit)
    assert answer["code"] == code, answer
    if exit == 2:
        assert "第 2 行" in answer["message"]
    assert ask(desk, "log", "--limit", "1", "--year", "2020")["head"] == before


def test_the_checklist_names_what_is_open(shell: Shell) -> None:
    """Exit 1, each with a command that leads on."""
    shell("reserve", "--project", "P02", "--amount", "10", "--doc", "合同1", "--date", "2020-03-01")
    found = shell.ask("close-year", exit=1)
    assert [blocker["code"] for blocker in found["blockers"]] == ["HELD"]
    assert "在途 10.00 元" in shell("close-year", exit=1).out
    shell("unreserve", "5", "--date", "2020-04-01")
    assert shell.ask("close-year")["lines"][0]["amount_fen"] == 1000_00


def test_a_year_that_was_not_reconciled_after_its_last_payment_is_not_closed(desk: Path) -> None:
    """R12: the checklist says so, and the closing is refused."""
    found = ask(desk, "close-year", "--propose", "结账.csv", exit=1)
    assert [blocker["code"] for blocker in found["blockers"]] == ["UNRECONCILED"]
    refused = ask(desk, "close-year", "--decisions", "结账.csv", exit=3)
    assert refused["facts"]["codes"] == ["UNRECONCILED"]
    reconciled(desk)
    assert ask(desk, "close-year")["blockers"] == []


def test_a_closed_year_takes_nothing_until_two_persons_reopen_it(desk: Path) -> None:
    closed(desk)
    pay = ("pay", "--project", "P02", "--econ", "30299", "--amount", "1", "--payee", "某店")
    assert ask(desk, *pay, "--date", "2020-12-31", exit=3)["code"] == "YEAR.CLOSED"
    asked = ask(desk, "reopen-year", "--reason", "漏记一笔", "--actor", "会计", exit=6)
    own = asked["try"][0].replace("批准人", "会计").split()[1:]
    assert ask(desk, *own, exit=3)["code"] == "APPROVAL.SAME_ACTOR"
    ask(desk, *asked["try"][0].replace("批准人", "科长").split()[1:])
    ask(desk, *pay, "--date", "2020-12-31")
    ask(desk, "audit", "--year", "2020")


def test_only_a_closed_book_can_be_continued(desk: Path) -> None:
    open_next = ("open-book", "--from", "420103/2020")
    assert ask(desk, *open_next, exit=3)["code"] == "PREVIOUS.OPEN"
    assert ask(desk, "open-book", "--from", "420103/2019", exit=3)["code"] == "BOOK.NOT_OPENED"
    closed(desk)
    other = ask(desk, *open_next, "--unit", "420104", exit=3)
    assert other["code"] == "PREVIOUS.OTHER"
    shown = process(*open_next, "--dry-run", cwd=desk)
    assert (shown.exit, "可以建账（未记录）" in shown.out) == (0, True)
    assert (
        "结转结余 26,430,022.00 元，其中结余 77,000.00 元待下达"
        in process(*open_next, cwd=desk).out
    )
