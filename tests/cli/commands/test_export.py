"""`export` and `restore`: a book goes into other programs' files and comes back the same."""

import csv
import io
import json
import re
import shlex
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cli.commands.keep.export import JOURNALS
from cli.text.keep.export import FORMATS
from ledger.book import BookId
from ledger.canonical.columns import MONEY_COLUMNS
from ledger.events import LineClosed
from ledger.line import BudgetLine, LinePattern
from ledger.store.log import Unwritable
from ledger.store.sqlite.place import SqlitePlace
from projections.exports import hledger
from projections.questions.balances import line_balances
from projections.questions.carryover import carryover
from projections.questions.particulars import facts
from projections.report.cells import Cells
from projections.views.reading import reading
from scripts.proofs.simulate import words
from scripts.proofs.simulate.year import RandomYear
from scripts.synthetic import write_year
from tests.harness.plain import plain
from tests.harness.shell import LINE as ON_LINE
from tests.harness.shell import Shell, in_process, process
from tests.harness.small_year import (
    LINE,
    Year,
    appropriate,
    income,
    line,
    pay,
    request,
    reserve,
    reverse,
    voucher,
)

SEEDS = range(16)
TEXTS = ("canonical", "jsonl", *JOURNALS)


def on(book: BookId) -> list[str]:
    return ["--unit", book.unit, "--year", str(book.year)]


def story(db: Path, book: BookId) -> dict[str, Any]:
    """What is published of a book: balances, carry-over, every cell of the nine tables and the
    facts that stand; what is nil is left out."""
    with reading(SqlitePlace(db), book) as opened:
        cells = Cells(opened)
        lines = plain(line_balances(opened))["lines"]
        items = plain(carryover(opened))["items"]
        return {
            "balances": [row for row in lines if any(_fen(row))],
            "carryover": [row for row in items if any(_fen(row))],
            "cells": {name: cells.fen(name) for name in cells.all if cells.fen(name)},
            "facts": [_fact(row) for row in plain(facts(opened, ()))["particulars"]],
        }


def _fact(row: dict[str, Any]) -> dict[str, Any]:
    """A fact without the numbers of entries, which may be others: what a voucher paid is a row for
    each of its items."""
    contract = {k: v for k, v in row.get("contract", {}).items() if k not in ("book", "entry")}
    said = {name: value for name, value in row["said"].items() if name != "payments"}
    paid = sum(fen for _, fen in row["said"].get("payments", ()))
    return {"kind": row["kind"], "said": said, "paid_fen": paid, "contract": contract}


def _fen(row: dict[str, Any]) -> list[int]:
    return [value for name, value in row.items() if name.endswith("_fen")]


def imported_anew(db: Path, book: BookId, new: Path) -> tuple[bytes, bytes]:
    """Exports a book, opens one with the command that was told, imports the file and exports that;
    both files."""
    file = new.with_suffix(".csv")
    answer = in_process(
        "--db", str(db), "export", "canonical", "-o", str(file), *on(book), "--json"
    )
    assert answer.exit == 0, answer.said
    command = shlex.split(answer.json["open_book"])
    command[command.index("新文件.db")] = str(new)
    assert in_process(*command[1:]).exit == 0
    back = in_process("--db", str(new), "import", str(file))
    assert back.exit == 0, back.said
    again = in_process("--db", str(new), "export", "canonical")
    assert again.exit == 0, again.said
    return file.read_bytes(), again.out.encode()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_year_comes_back_the_same(seed, tmp_path):
    """Vouchers, reallocations of many lines, approvals, transfers, locks, corrections: export →
    import → export is identical, and so are balances, carry-over and all nine tables."""
    db = RandomYear(seed, 80, tmp_path).grown()
    for book in (words.BOOK, words.OTHER):
        new = tmp_path / f"{book.unit}.new.db"
        first, second = imported_anew(db, book, new)
        assert first == second
        assert story(db, book) == story(new, book)


def test_a_large_year_comes_back_the_same(tmp_path):
    """Past pages, batches and snapshots."""
    source = tmp_path / "source.csv"
    write_year(source, 3_000)
    shell = Shell(tmp_path / "a.db", unit="U").open(kind="institution", basis="payment")
    shell("import", str(source))
    first, second = imported_anew(shell.db, BookId("U", 2020), tmp_path / "new.db")
    assert first == second
    assert story(shell.db, BookId("U", 2020)) == story(tmp_path / "new.db", BookId("U", 2020))


def test_non_fiscal_money_and_particulars_come_back_the_same(tmp_path):
    """What random years do not have: pools, 经营支出, 支付方式, 政府采购 and 直达资金."""
    purpose = line(fund="nonfiscal", project="-")
    business = BudgetLine.parse("nonfiscal:2080105:business:-:302:2020")
    year = Year(tmp_path).record(
        request("surplus-in", "01-02", pool="special", amount_fen=100_00),
        request("surplus-in", "01-02", pool="unrestricted", amount_fen=50_00),
        income(50_00, at=purpose, source="superior", counterpart="420103001"),
        appropriate(30_00, at=business),
        request("use-surplus", "02-01", line=purpose, pool="special", amount_fen=30_00),
        pay(12_34, at=business, econ="30201", pay_type="authorized", procurement=True),
        appropriate(1_000_00),
        pay(5_00, pay_type="transfer", direct_funds=True, counterpart="420103002"),
        request("distribute", "12-31", line=purpose, distribution="tax", amount_fen=20_00),
        request("distribute", "12-31", line=purpose, distribution="special", amount_fen=1_00),
        reverse(12, on="12-31"),
    )
    first, second = imported_anew(year.db, year.book, tmp_path / "new.db")
    assert first == second
    assert story(year.db, year.book) == story(tmp_path / "new.db", year.book)


def test_vouchers_under_one_document_that_share_an_item_come_back_the_same(tmp_path):
    """They are compared as wholes, and their rows one by one; also when they were corrected. What
    was reversed is no double."""
    shared = [(LINE, "30201", 10_00), (LINE, "30202", 20_00)]
    right = {"changes": {"purpose": "更正后"}}
    year = Year(tmp_path).record(
        appropriate(1_000_00),
        voucher(*shared, doc="工资1"),
        voucher(shared[0], (LINE, "30299", 5_00), doc="工资1"),
        voucher(shared[1], shared[1], doc="工资2"),
        voucher(shared[1], (LINE, "30201", 3_00), doc="工资3"),
        request("correct", "06-30", 5, doc="工资1", **right),
        request("correct", "06-30", 7, doc="工资2", **right),
        reverse(8),
        voucher(shared[1], (LINE, "30201", 4_00), doc="工资3", on="06-30"),
    )
    first, second = imported_anew(year.db, year.book, tmp_path / "new.db")
    assert first == second
    assert story(year.db, year.book) == story(tmp_path / "new.db", year.book)
    rows = list(csv.DictReader(io.StringIO(first.decode("utf-8-sig"))))
    again = [row["again"] for row in rows if row["kind"] in ("pay", "correct")]
    assert again == ["", "", "yes", "", "", "yes", "", "", "yes", "", "yes", "yes", "", ""]


def test_why_a_payment_was_made_or_corrected_comes_back(tmp_path):
    """The column 用途 is the payment's own; of what has none it says why."""
    changes = {"purpose": "笔", "amount_fen": 6_00}
    year = Year(tmp_path).record(
        appropriate(1_000_00),
        pay(5_00, purpose="纸", reason="急用"),
        request("correct", "06-30", 5, reason="错记", changes=changes),
        reserve(10_00, purpose="合同", reason="采购"),
        request("correct", "06-30", 4, reason="错批", changes={"amount_fen": 900_00}),
        voucher((LINE, "30201", 1_00), (LINE, "30202", 2_00), reason="发放"),
        request("correct", "06-30", 9, reason="错户", changes={"payee": "乙"}),
    )
    first, second = imported_anew(year.db, year.book, tmp_path / "new.db")
    assert first == second
    rows = list(csv.DictReader(io.StringIO(first.decode("utf-8-sig"))))
    assert [(row["purpose"], row["reason"]) for row in rows if row["kind"] != "project"] == [
        ("", ""), ("纸", "急用"), ("笔", "错记"), ("合同", "采购"), ("错批", ""),
        ("", "发放"), ("", "发放"), ("", "错户"), ("", "错户"),
    ]  # fmt: skip
    entries = in_process("--db", str(tmp_path / "new.db"), "log", *on(year.book), "--json").json
    why = [entry["reason"] for entry in entries["entries"] if entry["reason"]]
    assert why == ["急用", "错记", "采购", "错批", "发放", "发放", "错户", "错户"]


def test_a_year_that_was_closed_is_exported_as_it_was_before(tmp_path):
    """The tables are those of the closed year; what is left is there again. Reopened, it is the
    same book in everything."""
    left = (LineClosed(LINE, "carry", 60_00),)
    year = Year(tmp_path).record(
        appropriate(100_00),
        pay(40_00),
        request("reconcile", "12-31", paid_fen=40_00, statement_fen=40_00, statement="0f" * 32),
    )
    before = story(year.db, year.book)
    year.record(request("close-year", "12-31", lines=left, cash=()))
    year.record(request("approve", "12-31", 7, authority="department"), by="科长")
    closed = story(year.db, year.book)
    assert (closed["cells"], closed["balances"] == before["balances"]) == (before["cells"], False)
    first, second = imported_anew(year.db, year.book, tmp_path / "new.db")
    assert first == second
    assert before == story(tmp_path / "new.db", year.book)
    year.record(request("reopen-year", "12-31", reason="漏记"))
    year.record(request("approve", "12-31", 9, authority="department"), by="科长")
    year.record(pay(10_00, on="12-31"))
    first, second = imported_anew(year.db, year.book, tmp_path / "again.db")
    assert first == second
    assert story(year.db, year.book) == story(tmp_path / "again.db", year.book)
    answer = in_process(
        "--db", str(year.db), "export", "canonical", "-o", str(tmp_path / "x"), "--json"
    )
    left_out = {"reconcile": 1, "submit": 2, "close-year": 1, "reopen-year": 1}
    assert answer.json["left_out"] == left_out


def test_what_was_imported_is_exported_as_it_was(shell, tmp_path):
    """The cells that were typed, and nothing more than what they imply."""
    header = "id,date,kind,func,project,econ,amount,payee,purpose,doc,pay_type,month"
    rows = [
        "A1,2020-02-01,supplement,2080105,P01,302,500.00,,,文1,,",
        "A2,2020-02-02,pay,2080105,P01,30201,12.50,某店,笔,票1,direct,",
        "A3,2020-02-03,lock-month,,,,,,,,,1",
    ]
    shell("import", str(shell.csv(*rows, header=header)))
    out = shell("export", "canonical").out
    found = list(csv.DictReader(io.StringIO(out)))
    assert list(found[0]) == list(MONEY_COLUMNS)
    for typed, row in zip(csv.DictReader([header, *rows]), found[-3:], strict=True):
        assert {name: text for name, text in typed.items() if text}.items() <= row.items()


def test_the_facts_are_those_that_were_last_said(tmp_path):
    shell = Shell(tmp_path / "a.db").open()
    shell("amend-book", "--name", "新 局", "--basis", "govfund=payment", "--date", "2020-01-01")
    told = shell("export", "canonical").err
    words = ["yusuan", "--db", "新文件.db", "open-book", "--unit", "420103", "--year", "2020"]
    words += ["--name", "新 局", "--kind", "admin", "--edition", "2020"]
    words += ["--basis", "indicator", "--basis", "govfund=payment"]
    assert shlex.join(words) in told


def test_a_person_is_told_what_no_row_can_say(shell):
    target = ON_LINE.replace(":-:2020", ":31002:2020")
    shell(
        *("reallocate", "--from", f"{ON_LINE}=10", "--to", f"{target}=10", "--doc", "调1"),
        *("--date", "2020-03-01"),
        exit=6,
    )
    told = shell("export", "canonical").err
    assert "提交审批 1 笔不在其中" in told
    answer = shell.ask("export", "canonical", "-o", str(shell.db.with_name("x.csv")))
    assert answer["left_out"] == {"submit": 1}


@pytest.fixture
def calculated(shell: Shell) -> Shell:
    """A payment whose every text is a formula to a spreadsheet, and a project that is one."""
    pay = ("pay", "--line", ON_LINE, "--econ", "30201", "--amount", "1", "--date", "2020-03-01")
    shell(*pay, "--payee", "=cmd|'/c calc'!A1", "--purpose", "＋1", "--doc", "-1", "--key", "@x")
    shell("project", "P03", "--name", "=1+1", "--date", "2020-03-01")
    return shell


def test_the_import_file_is_exact_and_says_what_a_spreadsheet_would_do(calculated, tmp_path):
    """What is imported again must be what was written; whoever opens it is told."""
    answer = calculated("export", "canonical")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.out))}
    assert {"=cmd|'/c calc'!A1", "＋1", "-1", "@x"} <= set(rows["@x"].values())
    assert "5 个单元格以 = + - @ 开头，原样写出" in answer.err and "import" in answer.err
    out = ("-o", str(tmp_path / "x.csv"))
    assert calculated.ask("export", "canonical", *out)["formulas"] == 5


def test_a_folder_of_tables_is_defused_and_says_so(calculated, tmp_path):
    folder = tmp_path / "tables"
    told = calculated("export", "csv", "-o", str(folder)).out
    cells = [
        cell
        for file in folder.glob("*.csv")
        for row in list(csv.reader(file.read_text("utf-8").splitlines()))[1:]
        for cell in row
    ]
    risky = [cell for cell in cells if cell[:1] in set("=+-@＝＋－＠") and len(cell) > 1]
    assert all(re.fullmatch("-[0-9]+", cell) for cell in risky)
    assert {"'=cmd|'/c calc'!A1", "'＋1", "'-1", "'@x", "'=1+1"} <= set(cells)
    assert re.search("([0-9]+) 个单元格以 = \\+ - @ 开头，前面加了 '", told)
    answer = calculated.ask("export", "csv", "-o", str(tmp_path / "again"))
    assert answer["formulas"] == sum(cell.startswith("'") for cell in cells)
    assert str(answer["formulas"]) in (folder / "datapackage.json").read_text("utf-8")


def test_of_what_is_harmless_nothing_is_said(shell, tmp_path):
    assert "单元格" not in shell("export", "canonical").err
    assert "单元格" not in shell("export", "csv", "-o", str(tmp_path / "tables")).out
    assert shell.ask("export", "csv", "-o", str(tmp_path / "t"))["formulas"] == 0


# stdout, files, folders ------------------------------------------------------------------------


@pytest.mark.parametrize("format", TEXTS)
def test_a_text_goes_to_stdout_or_to_a_file_the_same(format, shell, tmp_path):
    file = tmp_path / "out"
    out = shell("export", format).out
    told = shell("export", format, "--out", str(file))
    assert out.encode() == file.read_bytes()
    assert str(file) in told.out
    assert not out.startswith("\ufeff")


@pytest.mark.parametrize("format", FORMATS)
def test_json_says_what_was_written_of_which_head(format, shell, tmp_path):
    target = tmp_path / "out"
    answer = shell.ask("export", format, "--out", str(target))
    assert answer["ok"] is True
    assert answer["head"] == shell.head()
    assert (answer["book"], answer["as_of"], answer["known_at"]) == ("420103/2020", None, None)
    assert (answer["format"], answer["file"]) == (format, str(target))
    assert target.exists()
    assert [file for file in tmp_path.iterdir() if ".yusuan" in file.name] == []


def test_a_real_process_writes_nothing_but_data_to_stdout(shell):
    answer = process("--db", str(shell.db), "export", "canonical", cwd=shell.db.parent)
    assert answer.exit == 0
    assert answer.out.startswith("id,date,kind,")
    assert "open-book" in answer.err
    answer = process("--db", str(shell.db), "export", "jsonl", cwd=shell.db.parent)
    lines = answer.out.splitlines()
    assert answer.err == ""
    assert [*map(type, map(json.loads, lines))] == [dict] * (shell.entries() + 2)


def test_a_pipe_can_be_written(shell):
    """`--out /dev/stdout` is not replaced by a file."""
    given = ("export", "canonical", "--out", "/dev/stdout")
    answer = process("--db", str(shell.db), *given, cwd=shell.db.parent)
    assert answer.exit == 0
    assert answer.out.startswith("id,date,kind,")


@pytest.mark.parametrize("format", [*TEXTS, "sqlite"])
def test_a_book_is_never_written_over(format, shell):
    before = shell.db.read_bytes()
    shell("balance")
    for file, *forced in ((shell.db,), (SqlitePlace(shell.db).views, "--force")):
        answer = shell.ask("export", format, "--out", str(file), *forced, exit=2)
        assert answer["code"] == "OUTPUT.DATABASE"
    assert before == shell.db.read_bytes()


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_folder_that_holds_anything_is_left_alone(format, shell, tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "mine.txt").write_text("x")
    for forced in ((), ("--force",)):
        answer = shell.ask("export", format, "--out", str(folder), *forced, exit=2)
        assert answer["code"] == "OUTPUT.EXISTS"
    assert [file.name for file in folder.iterdir()] == ["mine.txt"]
    (folder / "mine.txt").unlink()
    shell("export", format, "--out", str(folder))
    assert {"entries", "lines"} <= {file.stem for file in folder.iterdir()}


def test_the_copy_of_the_views_is_for_reading(shell, tmp_path):
    file = tmp_path / "views.sqlite"
    shell("export", "sqlite", "--out", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    assert shell.ask("export", "sqlite", "--out", str(file), exit=2)["code"] == "OUTPUT.DATABASE"


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["nonsense"], "format"),
        (["csv"], "out"),
        (["sqlite"], "out"),
        (["parquet"], "out"),
        (["canonical", "--json"], "out"),
        (["canonical", "--out", ""], "out"),
        (["canonical", "--check"], "check"),
        (["hledger", "--all"], "all"),
    ],
)
def test_what_does_not_go_together_is_said(arguments, field, shell):
    answer = in_process("--db", str(shell.db), "export", *arguments, "--json")
    assert answer.exit == 2
    assert answer.json["facts"]["field"] == field


@pytest.mark.parametrize("format", FORMATS)
def test_a_book_that_is_not_there(format, tmp_path, shell):
    target = ["--out", str(tmp_path / "out")]
    for db in (tmp_path / "none.db", shell.db):
        arguments = ["--db", str(db), "export", format, *target, "--unit", "9", "--year", "2020"]
        answer = in_process(*arguments, "--json")
        if format == "sqlite" and db == shell.db:
            assert answer.exit == 0  # it has every book of the file
            continue
        assert (answer.exit, answer.json["code"]) == (3, "BOOK.NOT_OPENED")
        assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_to(shell, tmp_path):
    for format in FORMATS:
        answer = shell.ask("export", format, "--out", str(tmp_path / "no" / "x"), exit=5)
        assert answer["code"] == "FILE.UNWRITABLE"


# --check ---------------------------------------------------------------------------------------


def fake(folder: Path, name: str, script: str) -> dict[str, str]:
    """A program of this name that answers what the script says; the PATH on which it alone is."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


PRINTS = 'printf \'"account","balance"\\n\''
RIGHT = (
    f"{PRINTS}; "
    'printf \'"Assets:Exec:General:2080105:Project:P02:All:2020","1000.00 CNY"\\n\'; '
    'printf \'"Equity:Auth:General:2080105:Project:P02:All:2020","-1000.00 CNY"\\n\''
)


def test_agreement_with_the_peer_is_told(shell, tmp_path):
    answer = in_process(
        *("--db", str(shell.db), "export", "hledger", "--check"),
        env=fake(tmp_path, "hledger", RIGHT),
    )
    assert answer.exit == 0
    assert answer.out.startswith("; 420103/2020")
    assert "hledger 重算并核对 2 个账户，与本账余额全部相符" in answer.err


def test_a_difference_is_exit_1_and_the_file_is_there(shell, tmp_path):
    file = tmp_path / "x.journal"
    env = fake(tmp_path, "hledger", RIGHT.replace('"1000.00', '"999.99'))
    arguments = ["--db", str(shell.db), "export", "hledger", "--check", "--out", str(file)]
    answer = in_process(*arguments, env=env)
    assert answer.exit == 1
    assert "1 个不符" in answer.out
    account = "Assets:Exec:General:2080105:Project:P02:All:2020"
    assert f"{account}  本账 1,000.00  hledger 999.99" in answer.out
    assert file.exists()
    check = in_process(*arguments, "--force", "--json", env=env).json["check"]
    assert check["differences"] == [{"account": account, "ours_fen": 100_000, "theirs_fen": 99_999}]


def test_a_peer_that_fails_is_exit_1(shell, tmp_path):
    env = fake(tmp_path, "hledger", "echo cannot >&2; exit 3")
    answer = in_process("--db", str(shell.db), "export", "hledger", "--check", "--json", env=env)
    assert answer.exit == 1
    assert answer.json["ok"] is False
    assert answer.json["check"]["complaint"] == "cannot"


def test_a_peer_that_is_missing_is_exit_5_before_anything_is_written(shell, tmp_path, monkeypatch):
    monkeypatch.setattr(hledger, "PEER", hledger.PEER._replace(program="no-such-program"))
    file = tmp_path / "x.journal"
    answer = shell.ask("export", "hledger", "--check", "--out", str(file), exit=5)
    assert (answer["code"], answer["try"]) == ("TOOL.MISSING", ["apt-get install hledger"])
    assert not file.exists()


# restore ---------------------------------------------------------------------------------------


def two_books(shell: Shell) -> Shell:
    """Another unit in the same file."""
    Shell(shell.db, unit="420104").open()
    shell("project", "P09", "--name", "九", "--date", "2020-01-01", "--unit", "420104")
    return shell


def test_all_books_of_a_file_come_back(shell, tmp_path):
    file, db = tmp_path / "all.jsonl", tmp_path / "new.db"
    two_books(shell)
    written = shell.ask("export", "jsonl", "--all", "--out", str(file))
    answer = Shell(db).ask("restore", str(file))
    assert written["books"] == answer["books"]
    assert [each["book"] for each in answer["books"]] == ["420103/2020", "420104/2020"]
    for unit in ("420103", "420104"):
        for command in ("seal", "audit", "balance"):
            there = shell.ask(command, "--unit", unit, "--year", "2020")
            assert there["head"] == Shell(db).ask(command, "--unit", unit, "--year", "2020")["head"]


def test_one_of_them_is_chosen(shell, tmp_path):
    file, db = tmp_path / "one.jsonl", tmp_path / "new.db"
    two_books(shell)
    shell("export", "jsonl", "--unit", "420104", "--out", str(file))
    assert [b["book"] for b in Shell(db).ask("restore", str(file))["books"]] == ["420104/2020"]
    ambiguous = shell.ask("export", "jsonl", "--out", str(file), exit=2)
    assert ambiguous["code"] == "BOOK.AMBIGUOUS"


def test_a_person_reads_what_was_restored(shell, tmp_path):
    file, new = tmp_path / "one.jsonl", Shell(tmp_path / "new.db")
    shell("export", "jsonl", "--out", str(file))
    only = new("restore", str(file), "--dry-run").out
    assert "只核对，未写入" in only
    assert not new.db.exists()
    told = new("restore", str(file)).out
    assert f"420103/2020  4 笔，末端 {shell.head()['hash'][:12]}" in told
    assert new("audit").out.rstrip().endswith("结论：相符")
    refused = new.ask("restore", str(file), exit=3)
    assert refused["code"] == "BOOK.ALREADY_OPENED"


def test_a_wrong_file_is_said_with_its_line(shell, tmp_path):
    file, new = tmp_path / "one.jsonl", Shell(tmp_path / "new.db")
    shell("export", "jsonl", "--out", str(file))
    whole = file.read_text("utf-8")
    file.write_text(whole.replace('"amount_fen":100000', '"amount_fen":100001'), "utf-8")
    changed = new.ask("restore", str(file), exit=4)
    assert (changed["code"], changed["facts"]["line"]) == ("FILE.CHAIN", 5)
    file.write_text(whole[:-1][: whole.rindex("\n", 0, -1) - 5], "utf-8")
    cut = new.ask("restore", str(file), exit=2)
    assert "第 5 行" in cut["facts"]["field"]
    file.write_text(whole[: whole.rindex("\n", 0, -1) + 1], "utf-8")
    assert new.ask("restore", str(file), exit=4)["facts"]["line"] == 6
    assert new.ask("restore", str(tmp_path / "none"), exit=2)["code"] == "FILE.MISSING"
    assert not new.db.exists()


def test_views_are_not_needed_to_keep_a_copy(shell, tmp_path):
    """A damaged view file keeps nobody from saving the log."""
    SqlitePlace(shell.db).views.write_bytes(b"nonsense" * 1000)
    shell("export", "jsonl", "--out", str(tmp_path / "x.jsonl"))
    assert Shell(tmp_path / "new.db").ask("restore", str(tmp_path / "x.jsonl"))["ok"]


def test_a_book_on_a_medium_that_cannot_be_written(shell, tmp_path, monkeypatch):
    """Views are made in memory; what is exported is the same."""
    there = {format: tmp_path / f"there.{format}" for format in ("canonical", "hledger", "sqlite")}
    for format, file in there.items():
        shell("export", format, "--out", str(file))

    def unwritable(*_: object) -> None:
        raise Unwritable("read-only")

    monkeypatch.setattr("projections.views.reading.open_views", unwritable)
    for format, file in there.items():
        again = tmp_path / f"again.{format}"
        shell("export", format, "--out", str(again))
        if format != "sqlite":
            assert file.read_bytes() == again.read_bytes()
            continue
        asked = "SELECT * FROM v_postings"
        with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(again)) as two:
            assert one.execute(asked).fetchall() == two.execute(asked).fetchall() != []


def test_what_a_payment_was_made_for_comes_back_also_where_its_econ_was_put_right(tmp_path):
    """A reception names the payment as it stood then, by the row that recorded it first."""
    dinner: dict[str, Any] = {"batches": 1, "persons": 5, "amount_fen": 5_00, "payments": ("#6",)}
    year = Year(tmp_path).record(
        appropriate(1_000_00),
        request("cap", "01-03", item="reception", amount_fen=50_00),
        pay(5_00, econ="30201"),
        request("correct", "06-30", 6, changes={"parts": LinePattern(econ="30217")}),
        request("reception", "07-01", **dinner),
    )
    first, second = imported_anew(year.db, year.book, tmp_path / "new.db")
    assert first == second
    rows = list(csv.DictReader(io.StringIO(first.decode("utf-8-sig"))))
    assert [row["payment"] for row in rows if row["kind"] == "reception"] == [
        row["id"] for row in rows if row["kind"] == "pay"
    ]
