"""`codes import` and `codes list`: a book's own lists of codes, from the file to every name."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.store.sqlite.place import SqlitePlace
from projections.questions.offered import OFFERED
from tests.harness.sheets import Raw, number, xlsx
from tests.harness.shell import Shell, process

ROWS = (
    ("208", "社会保障和就业支出"),
    ("20898", "新款"),
    ("2089876", "新项"),
)
FUNC = "2089876"
NOW = ("--date", "2020-03-01")


@pytest.fixture
def book(tmp_path: Path) -> Shell:
    """A book with money on a code that no packaged list has."""
    shell = Shell(tmp_path / "codes.db").open().project("P02")
    money = ("--func", FUNC, "--project", "P02", "--date", "2020-02-01", "--doc", "批复1号")
    shell("appropriate", *money, "--amount", "20000")
    shell("pay", *money, "--econ", "30298", "--amount", "12000", "--payee", "乙", "--purpose", "x")
    return shell


def listed(
    book: Shell, *rows: Sequence[str], header: str = "科目编码,科目名称", name: str = "表.csv"
) -> str:
    file = book.db.with_name(name)
    file.write_text("\n".join([header, *map(",".join, rows)]) + "\n", encoding="utf-8")
    return str(file)


def adopt(book: Shell, file: str, *more: str, exit: int = 0, code_set: str = "functional") -> Any:
    said = ("--set", code_set, "--edition", "2020年")
    return book.ask("codes", "import", file, *said, *more, exit=exit)


def names(book: Shell, *more: str) -> dict[str, str]:
    """Table 3: code → name."""
    cells = book.ask("table", "3", *more)["cells"]
    return {cell["row"]: cell["label"] for cell in cells}


def x18(book: Shell, exit: int = 0) -> list[dict[str, Any]]:
    return [f for f in book.ask("check", exit=exit)["findings"] if f["code"] == "X18"]


def test_a_list_names_what_had_no_name_everywhere(book: Shell) -> None:
    assert names(book)[FUNC] == names(book)["20898"] == ""
    before = x18(book)
    assert {f["message"].split()[1] for f in before} == {FUNC, "20898", "30298"}
    answer = adopt(book, listed(book, *ROWS), *NOW)
    assert (answer["kind"], answer["entry"], answer["already"]) == ("codes", 5, False)
    assert (answer["set"], answer["edition"], answer["rows"]) == ("functional", "2020年", 3)
    assert len(answer["sha256"]) == 64
    assert (names(book)["20898"], names(book)[FUNC]) == ("新款", "新项")
    assert [f["message"].split()[1] for f in x18(book)] == ["30298"]
    by_func = book.ask("execution", "--by", "func")["rows"]
    assert [row["name"] for row in by_func] == ["新项"]
    assert book.ask("audit")["ok"]


def test_the_way_out_of_a_code_without_a_name_can_be_typed(book: Shell) -> None:
    (way,) = next(f for f in x18(book) if FUNC in f["message"])["try"]
    assert way == "yusuan codes import 科目表.csv --set functional --edition 版本"
    file = listed(book, *ROWS)
    typed = way.replace("科目表.csv", file).replace("版本", "2020年").split()[1:]
    book(*typed, *NOW)
    assert FUNC not in "".join(f["message"] for f in x18(book))


def test_a_payment_on_a_code_that_the_own_list_names_is_no_caution(book: Shell) -> None:
    pay = ("pay", "--func", FUNC, "--econ", "30299", "--payee", "乙", "--purpose", "x", *NOW)
    told = book.ask(*pay, "--amount", "1", "--doc", "1")["warnings"]
    assert "CODE.FUNC_UNKNOWN" in {w["code"] for w in told}
    assert "codes import" in next(w["message"] for w in told if w["code"] == "CODE.FUNC_UNKNOWN")
    adopt(book, listed(book, *ROWS), *NOW)
    told = book.ask(*pay, "--amount", "2", "--doc", "2")["warnings"]
    assert "CODE.FUNC_UNKNOWN" not in {w["code"] for w in told}


def test_the_names_follow_what_was_known_then(book: Shell) -> None:
    """`--as-of` changes no name, `--known-at` does."""
    adopt(book, listed(book, *ROWS), "--date", "2020-12-01")
    known_at = book.ask("log")["entries"][-1]["recorded_at"]
    adopt(book, listed(book, *ROWS[:2], (FUNC, "改名")), "--date", "2020-12-02")
    assert names(book)[FUNC] == names(book, "--as-of", "2020-03-01")[FUNC] == "改名"
    assert names(book, "--known-at", known_at)[FUNC] == "新项"
    listed_then = book.ask("codes", "list", "--func", FUNC, "--known-at", known_at)["codes"]
    assert [row["name"] for row in listed_then] == ["新项"]


def test_the_list_that_is_in_use_is_not_recorded_again(book: Shell) -> None:
    file = listed(book, *ROWS)
    first = adopt(book, file, *NOW)
    again = adopt(book, file, *NOW)
    assert (again["already"], again["entry"], book.entries()) == (True, first["entry"], 5)
    other = adopt(book, listed(book, *ROWS[:2], (FUNC, "改名")), *NOW)
    back = adopt(book, listed(book, *ROWS), *NOW)
    assert (other["entry"], back["entry"], back["already"]) == (6, 7, False)


def test_a_dry_run_records_nothing(book: Shell) -> None:
    answer = adopt(book, listed(book, *ROWS), *NOW, "--dry-run")
    assert (answer["dry_run"], answer["rows"], book.entries()) == (True, 3, 4)


def test_without_a_day_it_is_recorded_on_the_last_of_a_year_that_is_not_now(book: Shell) -> None:
    assert adopt(book, listed(book, *ROWS))["date"] == "2020-12-31"


@pytest.mark.parametrize(
    "header", ["科目编码,科目名称", "code,name", "科目代码,名称", "编码,科目名称", "代码,科目"]
)
def test_a_header_may_be_said_in_these_words(book: Shell, header: str) -> None:
    adopt(book, listed(book, *ROWS, header=header), *NOW)
    assert names(book)[FUNC] == "新项"


@pytest.mark.parametrize(
    "rows",
    [
        [("208", "", "", "类"), ("", "98", "", "款"), ("", "", "76", "项")],
        [("208", "", "", "类"), ("208", "98", "", "款"), ("208", "98", "76", "项")],
        [("208", "", "", "类"), ("208", "20898", "", "款"), ("208", "20898", "2089876", "项")],
    ],
)
def test_a_code_may_stand_in_three_columns(book: Shell, rows: list[tuple[str, ...]]) -> None:
    """类, 款 and 项, as the bureau's booklet has them: what is empty goes on from above."""
    adopt(book, listed(book, *rows, header="类,款,项,科目名称"), *NOW)
    found = names(book)
    assert (found["208"], found["20898"], found[FUNC]) == ("类", "款", "项")


def test_titles_notes_and_other_columns_are_passed_over(book: Shell) -> None:
    file = book.db.with_name("表.csv")
    file.write_text(
        "2020年支出功能分类科目,,\n序号,科目编码,科目名称,说明\n"
        "1,208,社会保障和就业支出,反映……\n,,,\n2,2089876,新项,反映……\n,,,注：略\n",
        encoding="gb18030",
    )
    assert adopt(book, str(file), *NOW)["rows"] == 2


def test_a_header_on_every_page_and_wide_digits_are_read(book: Shell) -> None:
    rows = (("２０８", "类"), ("科目编码", "科目名称"), ("2089876", "新项（一）"))
    assert adopt(book, listed(book, *rows), *NOW)["rows"] == 2
    assert names(book)[FUNC] == "新项（一）"


def test_a_workbook_is_read_as_it_is_seen(book: Shell) -> None:
    file = book.db.with_name("表.xlsx")
    rows: list[list[str | Raw]] = [
        ["科目编码", "科目名称"],
        [number(208), "类"],
        ["20898", "款"],
        [number(2089876), "项"],
    ]
    file.write_bytes(xlsx(("支出功能分类科目",), *rows))
    assert adopt(book, str(file), *NOW)["rows"] == 3
    assert names(book)[FUNC] == "项"
    assert adopt(book, str(file), *NOW, "--sheet", "别的", exit=2)["code"] == "SHEET.UNKNOWN"
    csv_file = listed(book, *ROWS)
    assert adopt(book, csv_file, *NOW, "--sheet", "表", exit=2)["code"] == "SHEET.UNKNOWN"


def test_every_bad_row_is_named_and_nothing_is_recorded(book: Shell) -> None:
    file = listed(
        book,
        ("208", "类"),
        ("2089", "四位"),
        ("20898", ""),
        ("208", "又一次"),
        ("2.08E+06", "科学计数"),
        ("2089876", "\u200b项"),
    )
    answer = adopt(book, file, *NOW, exit=2)
    told = [
        (cell["row"], cell["column"], cell["value"], cell["code"])
        for cell in answer["facts"]["rejected"]
    ]
    assert told == [
        (3, "code", "2089", "CODE.MALFORMED"),
        (4, "name", "", "FIELD.REQUIRED"),
        (5, "code", "208", "CODE.TWICE"),
        (6, "code", "2.08E+06", "ID.SCIENTIFIC"),
        (7, "name", "\\u200b项", "TEXT.UNREADABLE"),
    ]
    assert len(answer["try"]) == 5 and all("表.csv 第 " in way for way in answer["try"])
    assert "第 2 行" in answer["try"][2], "where the code stands first"
    assert book.entries() == 4


@pytest.mark.parametrize(
    ("rows", "code_set", "code"),
    [
        ([("30201", "办公费"), ("3020101", "七位")], "economic", "CODE.MALFORMED"),
        ([("208", "名" * 201)], "functional", "TEXT.TOO_LONG"),
        ([], "functional", "FILE.EMPTY"),
        ([(f"{code:05}", "名") for code in range(20000, 22001)], "functional", "CODES.TOO_MANY"),
    ],
)
def test_a_list_that_is_none_is_refused(
    book: Shell, rows: list[tuple[str, str]], code_set: str, code: str
) -> None:
    answer = adopt(book, listed(book, *rows), *NOW, code_set=code_set, exit=2)
    assert (answer["code"], book.entries()) == (code, 4)


def test_two_thousand_rows_are_one_entry(book: Shell) -> None:
    rows = [(f"{code:05}", "名") for code in range(20000, 22000)]
    answer = adopt(book, listed(book, *rows), *NOW)
    assert (answer["rows"], answer["entries"]) == (2000, [5])
    assert book.ask("audit")["ok"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (("--set", "income", "--edition", "x"), "CODE_SET.UNKNOWN"),
        (("--edition", "x"), "CODE_SET.UNKNOWN"),
        (("--set", "functional"), "FIELD.REQUIRED"),
    ],
)
def test_what_has_to_be_said(book: Shell, said: tuple[str, ...], code: str) -> None:
    file = listed(book, *ROWS)
    assert book.ask("codes", "import", file, *said, *NOW, exit=2)["code"] == code


def test_a_header_that_names_no_code_is_told_what_it_lacks(book: Shell) -> None:
    answer = adopt(book, listed(book, *ROWS, header="科目,说明"), *NOW, exit=2)
    assert (answer["code"], "科目编码" in answer["message"]) == ("HEADER.MISSING", True)
    answer = adopt(book, listed(book, *ROWS, header="code,科目编码"), *NOW, exit=2)
    assert answer["code"] == "HEADER.REPEATED"
    assert adopt(book, "没有.csv", *NOW, exit=2)["code"] == "FILE.MISSING"


def test_the_list_tells_each_code_and_whence_its_name_is_known(book: Shell) -> None:
    answer = book.ask("codes", "list")
    assert (answer["lists"], answer["unnamed"]) == ([], 3)
    rows = {(row["set"], row["code"]): row for row in answer["codes"]}
    assert rows["functional", "2080105"] == {
        "set": "functional",
        "code": "2080105",
        "name": "劳动保障监察",
        "source": "printed-2020",
        "edition": "2020",
        "used": False,
    }
    nameless = rows["functional", FUNC]
    assert (nameless["name"], nameless["source"], nameless["used"]) == (None, None, True)
    adopt(book, listed(book, *ROWS), *NOW)
    answer = book.ask("codes", "list", "--set", "functional", "--func", "208987")
    (adopted,) = answer["lists"]
    assert (adopted["set"], adopted["entry"], adopted["rows"]) == ("functional", 5, 3)
    (row,) = answer["codes"]
    assert (row["name"], row["source"], row["edition"]) == ("新项", "adopted", "2020年")
    assert answer["unnamed"] == 1


def test_what_is_used_without_a_name_is_listed_alone(book: Shell) -> None:
    unnamed = book.ask("codes", "list", "--unnamed")["codes"]
    assert [(row["set"], row["code"]) for row in unnamed] == [
        ("functional", "20898"),
        ("functional", FUNC),
        ("economic", "30298"),
    ]
    one = book.ask("codes", "list", "--unnamed", "--set", "经济", exit=2)
    assert one["code"] == "CODE_SET.UNKNOWN"
    one = book.ask("codes", "list", "--unnamed", "--set", "部门支出经济分类")["codes"]
    assert [row["code"] for row in one] == ["30298"]
    shown = book("codes", "list", "--unnamed").out
    assert "（没有名称）" in shown and "yusuan codes import" in shown


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        (("--func", "22960"), "22960", "2296099"),
        (("--econ", "399"), "399", "39999"),
        (("--set", "economic", "--econ", "309"), "309", "30999"),
    ],
)
def test_codes_are_asked_for_by_how_they_begin(
    book: Shell, said: tuple[str, ...], first: str, last: str
) -> None:
    rows = book.ask("codes", "list", *said)["codes"]
    assert (rows[0]["code"], rows[-1]["code"]) == (first, last)


def test_what_cannot_begin_a_code_is_named(book: Shell) -> None:
    assert book.ask("codes", "list", "--func", "类", exit=2)["code"] == "LINE.FUNC"
    assert book.ask("codes", "list", "--econ", "302010", exit=2)["code"] == "LINE.ECON"
    answer = book.ask("codes", "list", "--set", "economic", "--func", "208", exit=2)
    assert answer["code"] == "FIELD.NOT_USED"


def test_a_list_that_lacks_what_is_in_use_is_adopted_with_a_remark(book: Shell) -> None:
    answer = adopt(book, listed(book, ("208", "社会保障和就业支出")), *NOW)
    assert [w["code"] for w in answer["warnings"]] == ["CODES.LACKING"]
    assert FUNC in answer["warnings"][0]["message"]
    info = [f for f in x18(book) if f["tier"] == "info"]
    assert info == [], "what has no name at all is pointed out by itself"


def test_a_code_that_only_the_packaged_list_names_is_told(book: Shell) -> None:
    """Is it missing in the list that was adopted, or wrong in the book?"""
    money = ("--func", "2080105", "--project", "P02", *NOW)
    book("appropriate", *money, "--amount", "10", "--doc", "批复2号")
    assert [f for f in x18(book) if f["tier"] == "info"] == []
    adopt(book, listed(book, *ROWS), *NOW)
    (told,) = [f for f in x18(book) if f["tier"] == "info"]
    assert "20801、2080105不在账套采用的科目表中" in told["message"]
    assert told["try"] == ["yusuan codes import 科目表.csv --set functional --edition 版本"]


def test_a_project_whose_code_looks_like_one_of_the_list_is_none(book: Shell) -> None:
    """20898 is a 款 and a project here: each has its own name."""
    book("project", "20898", "--name", "一个项目", "--date", "2020-01-02")
    money = ("--func", FUNC, "--project", "20898", *NOW, "--econ", "30299")
    book("appropriate", *money, "--amount", "10", "--doc", "批复3号")
    adopt(book, listed(book, *ROWS), *NOW)
    assert [f for f in x18(book) if f["tier"] == "error"] == []


def test_a_table_that_says_otherwise_than_the_own_list_is_an_error(book: Shell) -> None:
    """X18: 表1 has its own word for a 类; 表6 takes the name of the list."""
    adopt(book, listed(book, ("208", "社会保障支出"), *ROWS[1:]), *NOW)
    (wrong,) = [f for f in x18(book, exit=1) if f["tier"] == "error"]
    assert "“社会保障和就业支出”" in wrong["message"] and "“社会保障支出”" in wrong["message"]
    assert wrong["cells"] and all(cell.startswith(("T1.", "T4.")) for cell in wrong["cells"])
    adopt(book, listed(book, ("30217", "接待费")), *NOW, code_set="economic")
    labels = {cell["row"]: cell["label"] for cell in book.ask("table", "6")["cells"]}
    assert (labels["30217"], labels["30216"]) == ("接待费", "培训费")


def test_the_books_of_a_department_are_named_by_their_lists_and_differences_told(
    book: Shell,
) -> None:
    other = Shell(book.db, unit="420104")
    other.open()
    here = ("--unit", "420103", "--year", "2020")
    there = ("--unit", "420104", "--year", "2020")
    adopt(book, listed(book, *ROWS), *NOW, *here)
    of_both = ("--units", "all", "--year", "2020")
    assert names(book, *of_both)[FUNC] == "新项"
    adopt(book, listed(book, *ROWS[:2], (FUNC, "别名")), *NOW, *there)
    assert names(book, *of_both)[FUNC] == "别名"
    found = book.ask("check", *of_both)["findings"]
    (told,) = [f for f in found if f["code"] == "X18" and "各账套" in f["message"]]
    assert all(word in told["message"] for word in ("420103/2020 为“新项”", "“别名”", FUNC))
    assert told["tier"] == "warn"


def test_it_is_shown_exported_and_told_as_an_entry(book: Shell) -> None:
    adopt(book, listed(book, *ROWS), *NOW, "--doc", "财预1号")
    shown = book("show", "5").out
    assert "采用科目表" in shown and "支出功能分类" in shown and "3 行" in shown
    assert "采用科目表" in book("log").out
    file = book.db.with_name("出.csv")
    exported = book.ask("export", "canonical", "-o", str(file))
    assert exported["left_out"] == {"codes": 1}
    assert "codes import" in book("export", "canonical", "-o", str(file), "--force").out
    row = "1,2020-03-01,codes,,,,,,,1"
    header = "id,date,kind,fund,func,spending,project,econ,origin,amount"
    written = book.db.with_name("行.csv")
    written.write_text(f"{header}\n{row}\n", encoding="utf-8")
    answer = book.ask("import", str(written), exit=2)
    assert "codes import" in json.dumps(answer, ensure_ascii=False)


def test_whole_books_take_their_lists_along(book: Shell) -> None:
    adopt(book, listed(book, *ROWS), *NOW)
    lines = book.db.with_name("全.jsonl")
    book("export", "jsonl", "-o", str(lines))
    again = Shell(book.db.with_name("again.db"))
    again("restore", str(lines))
    assert names(again)[FUNC] == "新项"


def test_the_commands_have_their_chinese_names(book: Shell, tmp_path: Path) -> None:
    file = listed(book, *ROWS)
    said = ("--set", "支出功能分类", "--edition", "2020年", *NOW)
    out = process("科目", "导入", file, *said, "--db", str(book.db), cwd=tmp_path).out
    assert "采用科目表" in out and "3 行" in out
    out = process("科目", "列表", "--func", "208987", "--db", str(book.db), cwd=tmp_path).out
    assert "新项" in out


def test_the_word_alone_says_what_there_is(tmp_path: Path) -> None:
    answer = process("codes", cwd=tmp_path)
    assert (answer.exit, "yusuan codes --help" in answer.err) == (2, True)
    out = process("codes", "--help", cwd=tmp_path).out
    assert "codes import" in out and "codes list" in out
    answer = process("codes", "explode", cwd=tmp_path)
    assert (answer.exit, "explode" in answer.err) == (2, True)


def test_the_shell_offers_the_codes_of_the_own_list(book: Shell) -> None:
    adopt(book, listed(book, *ROWS), *NOW)
    book("balance")
    place = SqlitePlace(book.db)
    assert ("2089876", "新项") in OFFERED["func"](place.views, "20898")
    assert OFFERED["econ"](place.views, "302") == []
