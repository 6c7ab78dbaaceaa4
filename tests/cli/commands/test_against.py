"""`check --against FILE`: which files are read, what is wrong with one, and how it ends."""

import shutil
from pathlib import Path

import pytest
import xlsxwriter

from tests.harness.shell import LINE, Shell, process

RIGHT = {"T1.57": "0.05", "N.s3.spend": "0.05", "N.s3.project_share": "100%", "T1.31": ""}


@pytest.fixture
def shell(made: Shell, tmp_path: Path) -> Shell:
    """Of 1,000 yuan 500 are paid: 0.05 万元."""
    shell = Shell(Path(shutil.copy(made.db, tmp_path / "a.db")))
    shell("pay", "--line", LINE, "--econ", "30201", "--amount", "500", "--payee", "某店",
          "--date", "2020-03-05")  # fmt: skip
    return shell


def written(folder: Path, text: str, encoding: str = "utf-8") -> str:
    file = folder / "公布.csv"
    file.write_bytes(text.encode(encoding))
    return str(file)


def rows(found: dict[str, str], header: str = "id,printed") -> str:
    return "\n".join([header, *(f"{name},{text}" for name, text in found.items())]) + "\n"


def test_what_agrees_ends_with_nothing_said(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path, rows(RIGHT))
    assert shell("check", "--against", file).out == shell("check").out
    assert process("check", "--db", str(shell.db), "--against", file, cwd=tmp_path).exit == 0


def test_what_differs_ends_with_1_and_says_how_to_look_it_up(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path, rows(RIGHT | {"N.s3.spend": "0.50"}))
    told = process("check", "--db", str(shell.db), "--against", file, cwd=tmp_path)
    assert told.exit == 1
    assert "错误 AGAINST.DIFFERS  本年支出合计（N.s3.spend）印为 0.50，按账为 0.05 万元" in told.out
    assert "说明建议：用 yusuan explain 编号 查到各笔" in told.out
    (finding,) = [
        each
        for each in shell.ask("check", "--against", file, exit=1)["findings"]
        if "printed" in each
    ]
    assert finding == {
        "code": "AGAINST.DIFFERS",
        "tier": "error",
        "message": finding["message"],
        "cells": ["N.s3.spend"],
        "left_fen": None,
        "right_fen": None,
        "suggestion": finding["suggestion"],
        "try": finding["try"],
        "printed": "0.50",
        "derived": "0.05",
        "cause": None,
    }
    assert shell(*finding["try"][0].split()[1:]).exit == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_with_chinese_headers_and_columns_of_ones_own(
    shell: Shell, tmp_path: Path, encoding: str
) -> None:
    text = "说明,编号,公布数,页\n支出合计,N.s3.spend,0.50,3\n,,,\n小计,T1.57,0.05,1\n"
    found = shell.ask("check", "--against", written(tmp_path, text, encoding), exit=1)
    assert [each["cells"] for each in found["findings"] if "printed" in each] == [["N.s3.spend"]]


def test_a_workbook(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "公布.xlsx"
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("封面")
        sheet = book.add_worksheet("数")
        shares = book.add_format({"num_format": "0.0%"})
        for at, row in enumerate(
            [("id", "printed"), ("N.s3.spend", 0.5), ("T1.57", 0.05), ("T1.60", "0.10")]
        ):
            sheet.write_row(at, 0, row)
        sheet.write_row(4, 0, ["N.s3.project_share"])
        sheet.write_number(4, 1, 1, shares)
        sheet.write_row(5, 0, ["N.s3.basic_share"])
        sheet.write_number(5, 1, 0.0725, shares)
    answer = shell.ask("check", "--against", str(file), exit=2)
    assert answer["code"] == "SHEET.AMBIGUOUS"
    found = shell.ask("check", "--against", str(file), "--sheet", "数", exit=1)["findings"]
    assert [(each["cells"][0], each["printed"]) for each in found if "printed" in each] == [
        ("N.s3.spend", "0.5"),
        ("N.s3.basic_share", "7.3%"),
    ]


def test_every_row_that_is_wrong_is_told_at_once(shell: Shell, tmp_path: Path) -> None:
    text = "id,printed\nN.s3.spent,0.05\nT1.57,五百\nN.s3.spend,0.05\nT99.1,\n"
    answer = shell.ask("check", "--against", written(tmp_path, text), exit=2)
    assert (answer["ok"], answer["code"]) == (False, "AGAINST.UNKNOWN_ID")
    told = [
        (each["row"], each["column"], each["value"], each["code"])
        for each in answer["facts"]["rejected"]
    ]
    assert told == [
        (2, "id", "N.s3.spent", "AGAINST.UNKNOWN_ID"),
        (3, "printed", "五百", "AGAINST.PRINTED"),
        (5, "id", "T99.1", "AGAINST.UNKNOWN_ID"),
    ]
    assert "N.s3.spend" in answer["message"]
    assert "公布.csv 第 2 行 id" in answer["message"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "FILE.EMPTY"),
        ("id,printed\n", "FILE.EMPTY"),
        ("id,value\nT1.57,0.05\n", "HEADER.MISSING"),
        ("T1.57,0.05\n", "HEADER.MISSING"),
        ("id,printed,公布数\nT1.57,0.05,1\n", "HEADER.REPEATED"),
        ('id,printed\nT1.57,"0.05\n', "FILE.CSV"),
    ],
)
def test_a_file_that_is_none(shell: Shell, tmp_path: Path, text: str, code: str) -> None:
    assert shell.ask("check", "--against", written(tmp_path, text), exit=2)["code"] == code


def test_a_file_that_is_not_there_and_a_sheet_of_none(shell: Shell, tmp_path: Path) -> None:
    answer = shell.ask("check", "--against", str(tmp_path / "none.csv"), exit=2)
    assert answer["code"] == "FILE.MISSING"
    assert shell.ask("check", "--sheet", "数", exit=2)["code"] == "FIELD.NOT_USED"
    file = written(tmp_path, rows(RIGHT))
    answer = shell.ask("check", "--against", file, "--sheet", "数", exit=2)
    assert answer["code"] == "SHEET.UNKNOWN"
