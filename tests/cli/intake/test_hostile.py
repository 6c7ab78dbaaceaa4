"""Hostile and wrong input: files, arguments, databases.

Whatever comes in, the answer is an exit code of the contract and a message that names where it is,
what stood there and what would be right; and the book did not move. No traceback, no half file.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ledger.texts import unfit
from tests.harness.shell import LINE, ROOT, Answer, Shell, clean_environment, in_process, process

HEADER = "id,date,kind,func,project,econ,origin,amount,payee,to_econ,ref,doc,purpose,name"
NOBODY = 65534
GOOD = {
    "id": "A",
    "date": "2020-03-01",
    "kind": "pay",
    "func": "2080105",
    "project": "P02",
    "econ": "30201",
    "amount": "1",
    "payee": "某店",
}


@contextmanager
def nobody() -> Iterator[None]:
    """Without root's power over files, where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def public(made: Shell) -> Iterator[Shell]:
    """The book in a folder that `nobody` owns and may reach."""
    folder = Path(tempfile.mkdtemp(prefix="yusuan-"))
    shell = Shell(Path(shutil.copy(made.db, folder / "a.db")))
    if os.geteuid() == 0:
        for path in (folder, shell.db):
            os.chown(path, NOBODY, NOBODY)
    yield shell
    folder.chmod(0o700)
    shutil.rmtree(folder)


class File(NamedTuple):
    """A file that is refused: the bytes; the exit code; where, what, and part of what is right."""

    data: bytes
    exit: int
    row: int
    column: str
    value: str
    right: str


def text(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines, "")).encode()


def row(**cells: str) -> str:
    """A good payment, but for these cells."""
    return ",".join({**GOOD, **cells}.get(name, "") for name in HEADER.split(","))


def bad_cell(column: str, value: str, right: str, *, exit: int = 2, shown: str = "") -> File:
    """A good row with one bad cell behind another good row."""
    data = text(row(id="0"), row(**{column: value}))
    return File(data, exit, 3, column, shown or value, right)


def whole(data: bytes, right: str, *, column: str = "表头", value: str = "", row: int = 1) -> File:
    """A file of which no row can be read."""
    return File(data, 2, row, column, value, right)


def refused(column: str, value: str, right: str, **cells: str) -> File:
    return File(text(row(**cells)), 3, 2, column, value, right)


HUGE = "9" * 10_000
FILES: dict[str, File] = {
    # Amounts.
    "amount NaN": bad_cell("amount", "NaN", "大于零的金额"),
    "amount inf": bad_cell("amount", "inf", "大于零的金额"),
    "amount -inf": bad_cell("amount", "-inf", "大于零的金额"),
    "amount 1e9": bad_cell("amount", "1e9", "大于零的金额"),
    "amount 1E-2": bad_cell("amount", "1E-2", "大于零的金额"),
    "amount 1.2.3": bad_cell("amount", "1.2.3", "大于零的金额"),
    "amount -5": bad_cell("amount", "-5", "大于零的金额"),
    "amount 0": bad_cell("amount", "0", "大于零"),
    "amount 0.001": bad_cell("amount", "0.001", "最多两位小数"),
    "amount 100.005": bad_cell("amount", "100.005", "最多两位小数"),
    "amount 0.1 + 0.2": bad_cell("amount", "0.30000000000000004", "最多两位小数"),
    "amount empty": bad_cell("amount", "", "大于零的金额"),
    "amount 1,23": File(text(row(amount='"1,23"')), 2, 2, "amount", "1,23", "1,234.56"),
    "amount 1,2345": File(text(row(amount='"1,2345"')), 2, 2, "amount", "1,2345", "1,234.56"),
    "amount hex": bad_cell("amount", "0x10", "大于零的金额"),
    "amount Arabic digits": bad_cell("amount", "٣٤", "大于零的金额"),
    "amount beyond all": bad_cell("amount", HUGE, "大于零的金额", shown="9" * 57),
    "amount of a trillion and more": bad_cell("amount", "1000000000000.01", "不超过"),
    "amount formula": bad_cell("amount", "=1+1", "大于零的金额"),
    "amount SQL": bad_cell("amount", "1; DROP TABLE heads", "大于零的金额"),
    # Dates.
    "date 30 February": bad_cell("date", "2020-02-30", "日期，如"),
    "date without hyphens": bad_cell("date", "20200101", "日期，如"),
    "date of another year": bad_cell("date", "2021-01-01", "2020", exit=3),
    "date empty": bad_cell("date", "", "日期，如"),
    "date as a serial number": bad_cell("date", "43891", "日期，如"),
    "date with a time": bad_cell("date", "2020-03-01T00:00:00", "日期，如"),
    "date with full-width digits": bad_cell("date", "２０２０-03-01", "日期，如"),
    "date of the year 0": bad_cell("date", "0000-01-01", "日期，如"),
    "date month 13": bad_cell("date", "2020-13-01", "日期，如"),
    # Codes.
    "kind unknown": bad_cell("kind", "spend", "pay（支付）"),
    "kind empty": bad_cell("kind", "", "pay（支付）"),
    "kind of a command that is no row": bad_cell("kind", "open-book", "yusuan open-book"),
    "kind in capitals": bad_cell("kind", "PAY", "pay（支付）"),
    "func too short": bad_cell("func", "20801", "7 位数字"),
    "func full-width": bad_cell("func", "２０８０１０５", "7 位数字"),
    "func empty": bad_cell("func", "", "7 位数字"),
    "func huge": bad_cell("func", HUGE, "7 位数字", shown="9" * 57),
    "func with a line break": File(
        text(row(func='"2080\n105"')), 2, 2, "func", "2080\\x0a105", "7 位数字"
    ),
    "econ full-width": bad_cell("econ", "３０２０１", "5 位"),
    "econ of four digits": bad_cell("econ", "3020", "5 位"),
    "econ a class": bad_cell("econ", "302", "5 位", exit=3),
    "project with a slash": bad_cell("project", "../../etc", "项目代码"),
    "project SQL": bad_cell("project", "P02' OR '1'='1", "项目代码"),
    "project of 41 characters": bad_cell("project", "P" * 41, "项目代码"),
    "project -": refused("spending", "", "基本支出与预算不符", project="-"),
    "project unregistered": refused(
        "project", "P77", "P77", kind="appropriate", project="P77", payee="", econ=""
    ),
    "origin two digits": bad_cell("origin", "20", "四位年份"),
    "origin next year": refused(
        "origin", "2021", "2020", kind="appropriate", origin="2021", payee="", econ=""
    ),
    # Texts.
    "payee NUL": bad_cell("payee", "某\0店", "控制字符", shown="某\\x00店"),
    "payee bell": bad_cell("payee", "某\a店", "控制字符", shown="某\\x07店"),
    "payee escape sequence": bad_cell("payee", "\x1b[2J某店", "控制字符", shown="\\x1b[2J某店"),
    "payee right-to-left": bad_cell("payee", "某\u202e店", "控制字符", shown="某\\u202e店"),
    "payee zero width": bad_cell("payee", "某\u200b店", "控制字符", shown="某\\u200b店"),
    "payee too long": bad_cell("payee", "某" * 201, "200 个字符", shown="某" * 57),
    "payee 10 MB": bad_cell("payee", "x" * 10_000_000, "200 个字符", shown="x" * 57),
    "payee 10 MB of lines": File(
        text(row(payee='"' + "x\n" * 5_000_000 + '"')), 2, 2, "payee", "x", "200 个字符"
    ),
    "purpose too long": bad_cell("purpose", "某" * 501, "500 个字符", shown="某" * 57),
    "id empty": bad_cell("id", "", "不空的内容"),
    "id too long": bad_cell("id", "i" * 201, "200 个字符", shown="i" * 57),
    "a column that the kind does not use": bad_cell("to_econ", "30201", "不使用这一栏"),
    # References and repetition.
    "id again with other content": File(
        text(row(), row(amount="2")), 3, 3, "id", "A", "不能记录两件事"
    ),
    "ref to nothing": refused(
        "ref", "ZZ", "yusuan log", kind="refund", ref="ZZ", func="", project="", econ="", payee=""
    ),
    "ref to a later row": File(
        text(row(id="R", kind="reverse", ref="A", func="", project="", econ="", payee="",
                 amount=""), row()),
        3, 2, "ref", "A", "yusuan log",
    ),
    "ref missing": File(
        text(row(kind="refund", func="", project="", econ="", payee="")),
        2, 2, "ref", "", "不空的内容",
    ),
    "a reallocation to itself": refused(
        "func", "2080105", "同时是调出方和调入方", kind="reallocate", econ="", payee="", doc="调1"
    ),
    "a reallocation without a document": refused(
        "doc", "", "文号", kind="reallocate", econ="", payee="", to_econ="30201"
    ),
    # The shape of the file.
    "empty": whole(b"", "此文件是空的", column="FILE", value="rows.csv"),
    "blank lines only": whole(b"\n\n\n", "id（编号）"),
    "another header": whole(b"a,b,c\n1,2,3\n", "表头栏名之一", value="a"),
    "no header": whole(text(row(id="0"), header=row()), "表头栏名之一", value="A"),
    "an unknown column": whole(text(header=f"{HEADER},memo"), "表头栏名之一", value="memo"),
    "a repeated column": whole(text(header=f"{HEADER},id"), "只出现一次", value="id"),
    "an alias beside its column": whole(text(header=f"{HEADER},编号"), "只出现一次", value="编号"),
    "no id column": whole(b"date,kind\n", "id（编号）", value="date,kind"),
    "no kind column": whole(b"id,date\n", "kind（业务）", value="id,date"),
    "no amount column": File(
        b"id,date,kind,func\nA,2020-03-01,appropriate,2080105\n",
        2, 2, "amount", "", "大于零的金额",
    ),
    "too few columns": File(text("A,2020-03-01,pay"), 2, 2, "行", "A,2020-03-01,pay", "14 栏"),
    "too many columns": File(text(row() + ",x"), 2, 2, "行", "A,2020-03-01,pay", "14 栏"),
    "an open quote": File(text(row(payee='"某店')), 2, 2, "行", "引号没有结束", "引号成对"),
    "text behind a quote": File(
        text(row(payee='"某"店')), 2, 2, "行", "引号之后不是逗号", "引号成对"
    ),
    # Encodings and formats.
    "UTF-16": whole(
        text(row()).decode().encode("utf-16"), "CSV UTF-8", column="FILE", value="rows.csv"
    ),
    "UTF-16 without its mark": whole(
        text(row()).decode().encode("utf-16-le"), "表头栏名之一", value="i\\x00d\\x00"
    ),
    "a workbook named csv": whole(
        b"PK\x03\x04" + bytes(200), "Excel 工作簿", column="FILE", value="rows.csv"
    ),
    "an old workbook named csv": whole(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "UTF-8", column="FILE", value="rows.csv"
    ),
    "Latin-1": whole(
        text(row()) + row(id="B", payee="caf\xe9").encode("latin-1") + b"\n",
        "第 3 行", column="FILE", value="rows.csv",
    ),
    "UTF-8, then GB18030": whole(
        text(row(payee="武汉某印刷厂")) + row(id="B").encode("gb18030") + b"\n",
        "第 2 行是 UTF-8", column="FILE", value="rows.csv",
    ),
    "GB18030, then UTF-8": whole(
        text() + row(id="B").encode("gb18030") + b"\n" + row(payee="武汉某印刷厂").encode(),
        "第 3 行是 UTF-8", column="FILE", value="rows.csv",
    ),
    "cut inside a character": whole(
        text(row())[:-7], "UTF-8", column="FILE", value="rows.csv"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file(shell: Shell, name: str):
    """As JSON and as text, with and without --dry-run: the same place, value and remedy."""
    bad = FILES[name]
    path = shell.csv()
    path.write_bytes(bad.data)
    before = shell.head()
    answer = shell.ask("import", str(path), exit=bad.exit)
    (found,) = answer["rejected"]
    assert (bad.row, bad.column) == (found["row"], found["column"])
    assert bad.value in found["value"] if bad.value else found["value"] == ""
    assert bad.right in found["message"] + " ".join(found["try"])
    assert (False, found["code"], 0) == (answer["ok"], answer["code"], answer["recorded"])
    assert before == answer["head"]

    told = shell("import", str(path), exit=bad.exit)
    assert str(path) in told.err
    if bad.column != "FILE":
        assert f"第 {bad.row} 行" in told.err
    for part in (bad.right, bad.value if bad.column != "func" else "", found["code"]):
        assert part in told.err
    shell("import", str(path), "--dry-run", exit=bad.exit)
    assert before == shell.head()


@pytest.mark.parametrize(
    "hostile",
    [
        "'); DROP TABLE stored_events;--",
        "某店\" OR 1=1 --",
        "%s %d {0} ${HOME} `id` $(id)",
        "=HYPERLINK(\"http://x\",\"y\")",
        "😀👩‍💼🏛️".replace("\u200d", "").replace("\ufe0f", ""),
        "𠮷野家（𡈽）",
        "\\x00\\n",
        "<script>alert(1)</script>",
        "../../../etc/passwd",
        "%",
        "_",
        "--json",
        "ﷺ é ñ",
    ],
)  # fmt: skip
def test_odd_text_is_stored_as_it_is(shell: Shell, hostile: str):
    """In every text field, from a file and from the command line; found again, literally."""
    quoted = '"' + hostile.replace('"', '""') + '"'
    path = shell.csv(
        row(id=quoted, payee=quoted, purpose=quoted, doc=quoted),
        row(id="P", kind="project", name=quoted, func="", econ="", amount="", payee=""),
        header=HEADER,
    )
    assert shell.ask("import", str(path))["recorded"] == 2
    shown = shell.ask("show", "5")
    assert {hostile} == {shown[name] for name in ("key", "payee", "purpose", "doc")}
    assert shell.ask("show", "6")["name"] == hostile
    by_hand = ("pay", "--line", LINE, "--econ", "30201", "--amount", "1", "--date", "2020-03-01")
    texts = (f"--payee={hostile}", f"--doc={hostile}", f"--reason={hostile}", f"--key=k{hostile}")
    shell.ask(*by_hand, *texts, f"--actor={hostile}", "--again")
    shown = shell.ask("show", "7")
    assert {hostile} == {shown[name] for name in ("payee", "doc", "reason", "actor")}
    assert [e["entry"] for e in shell.ask("log", f"--payee={hostile}")["entries"]] == [5, 7]
    assert [e["entry"] for e in shell.ask("log", f"--text={hostile}")["entries"]] == [5, 6, 7]
    assert hostile in shell("show", "5").out
    assert shell.ask("audit")["ok"]


def test_full_width_digits_are_amounts_and_never_codes(shell: Shell):
    path = shell.csv(row(amount="１．５"), header=HEADER)
    assert shell.ask("import", str(path))["recorded"] == 1
    assert shell.ask("show", "5")["amount_fen"] == 1_50


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
def test_line_endings_and_marks_are_no_error(shell: Shell, ending: str, mark: bytes):
    path = shell.csv()
    path.write_bytes(mark + ending.join((HEADER, row(), "")).encode())
    assert shell.ask("import", str(path))["recorded"] == 1


def test_header_only_is_an_empty_import(shell: Shell):
    """Nothing to record is no failure: 0 rows, exit 0."""
    answer = shell.ask("import", str(shell.csv(header=HEADER)))
    assert (
        answer["ok"],
        answer["rows"],
        answer["recorded"],
        answer["head"]["entries"],
    ) == (True, 0, 0, 4)


def test_ordinary_gb18030_is_never_taken_for_mixed(shell: Shell):
    """Every name of the code lists and every row of the demo, as GB18030."""
    texts = [
        ROOT / "cli" / "demo" / "jianghan-2020.csv",
        *(ROOT / "ledger" / "code_sets").glob("*.csv"),
    ]
    names = sorted({cell for path in texts for cell in path.read_text("utf-8").split(",")})
    rows = [
        row(id=str(n), payee="", purpose=name.strip(), amount="0.01", kind="supplement", econ="",
            doc="文")
        for n, name in enumerate(names)
        if unfit(name) is None and name.strip() and '"' not in name
    ]  # fmt: skip
    path = shell.csv()
    path.write_bytes("\n".join((HEADER, *rows)).encode("gb18030"))
    assert len(rows) > 900
    assert shell.ask("import", str(path), "--dry-run")["would_record"] == len(rows)


# Files that are none.


def test_a_directory_as_a_file(shell: Shell, tmp_path: Path):
    answer = shell.ask("import", str(tmp_path), exit=2)
    named = answer["rejected"][0]["value"]
    assert answer["code"] == "FILE.MISSING"
    assert str(tmp_path).endswith(named.removeprefix("…"))  # of a long path the end
    assert len(named) == min(len(str(tmp_path)), 60)


@pytest.mark.parametrize(
    ("number", "code", "exit"), [(0, "FILE.FORMAT", 4), (1, "FILE.OLDER", 5), (99, "FILE.NEWER", 5)]
)
def test_a_log_of_another_format_is_refused_by_every_command(shell, number, code, exit):
    """Nothing of it is read and nothing written; what wrote it exports it."""
    with closing(sqlite3.connect(shell.db)) as connection:
        connection.execute(f"PRAGMA user_version = {number}")
    before = shell.db.read_bytes()
    for command in (
        "balance",
        "log",
        "audit",
        "audit --all",
        "rebuild",
        "seal",
        "roll-up --units all --year 2020",
    ):
        assert shell.ask(*command.split(), exit=exit)["code"] == code
    answer = shell.ask("lock-month", "1", "--date", "2020-02-01", exit=exit)
    assert answer["code"] == code
    if number:
        assert "用写成它的版本" in answer["try"][0] or "更新" in answer["try"][0]
        assert (answer["facts"]["format"], before) == (number, shell.db.read_bytes())


def test_the_type_of_a_users_file(shell: Shell, tmp_path: Path):
    workbook = tmp_path / "book.csv"
    workbook.write_bytes(b"PK\x03\x04" + bytes(60))
    typed = shell.ask("import", str(workbook), exit=2)
    assert (typed["code"], typed["rejected"][0]["column"]) == ("FILE.TYPE", "FILE")
    assert "此文件是 Excel 工作簿" in typed["message"]


def test_an_unreadable_file(shell: Shell):
    """5: the environment does not allow it. /proc/self/mem cannot be read even by root."""
    unreadable = Path("/proc/self/mem")
    if not unreadable.exists():
        pytest.skip("no /proc on this machine")
    before = shell.head()
    answer = shell.ask("import", str(unreadable), exit=5)
    assert answer["code"] == "FILE.UNWRITABLE"
    assert before == shell.head()


def test_a_file_without_permission(public: Shell):
    path = public.csv(row(), header=HEADER)
    path.chmod(0)
    with nobody():
        refused_ = public.ask("import", str(path), exit=5)
    assert "rows.csv" in refused_["message"]
    assert public.entries() == 4


# Arguments.


class Words(NamedTuple):
    """Arguments that are refused: exit code, field or code, part of the message or remedy."""

    arguments: tuple[str, ...]
    exit: int
    field: str
    right: str


def words(line: str, exit: int, field: str, right: str) -> Words:
    """`_` in a word stands for a blank."""
    return Words(tuple(w.replace("_", " ") for w in line.split(" ")), exit, field, right)


PAY = "pay --project P02 --econ 30201 --amount 1 --payee x --date 2020-03-01"
REALLOCATE = "reallocate --date 2020-03-01 --doc d --authority finance"
ARGUMENTS: list[Words] = [
    words("balance --year 20x0", 2, "year", "四位年份"),
    words("balance --year 20201", 2, "year", "四位年份"),
    words("balance --year ", 2, "year", "四位年份"),
    words("balance --year -2020", 2, "year", "四位年份"),
    words("balance --unit a/b", 2, "unit", "字母、数字"),
    words("balance --unit ../../etc/passwd", 2, "unit", "字母、数字"),
    words("balance --unit ..", 2, "unit", "字母、数字"),
    words("balance --unit 单位", 2, "unit", "字母、数字"),
    words(f"balance --unit {'9' * 41}", 2, "unit", "1 至 40 个字符"),
    words("balance --as-of tomorrow", 2, "as-of", "日期，如"),
    words("balance --as-of 2020-02-30", 2, "as-of", "日期，如"),
    words("balance --as-of ", 2, "as-of", "日期，如"),
    words("balance --as-of 1582586400", 2, "as-of", "日期，如"),
    words("balance --known-at noon", 2, "known-at", "时间，如"),
    words("balance --known-at 2020-03-01T25:00", 2, "known-at", "时间，如"),
    words("balance --func 20", 2, "func", "3、5 或 7 位"),
    words("balance --econ 3", 2, "econ", "5 位"),
    words("balance --fund money", 2, "fund", "general"),
    words("balance --spending both", 2, "spending", "basic"),
    words("balance --line x", 2, "line", "资金:功能科目"),
    words("balance --line general:2080105:project:P02:-", 2, "line", "资金:功能科目"),
    words("balance --line general:2080105:project:-:-:2020", 2, "project", "项目支出须有项目"),
    words("balance --line general:2080105:basic:P02:-:2020", 2, "project", "其他支出的项目写 -"),
    words("balance --line ::::::::::", 2, "line", "资金:功能科目"),
    words("log --limit -1", 2, "limit", "不带符号的整数"),
    words("log --limit 1.5", 2, "limit", "不带符号的整数"),
    words(f"log --limit {'9' * 30}", 2, "limit", "不带符号的整数"),
    words("log --amount 1e9", 2, "amount", "大于零的金额"),
    words("log --kind gift", 2, "kind", "pay（支付）"),
    words("log --ref abc", 2, "entry", "记录编号"),
    words("log --since 2020-13-01", 2, "since", "日期，如"),
    words("log --text \x07", 2, "text", "控制字符"),
    words("show 0", 3, "ENTRY.MISSING", "yusuan log"),
    words("show 99", 3, "ENTRY.MISSING", "yusuan log"),
    words("show 99999999999999999999", 2, "entry", "记录编号"),
    words("show -1", 2, "USAGE", "--help"),
    words("show 1;DROP", 2, "entry", "记录编号"),
    words("show ４", 2, "entry", "记录编号"),
    words("show", 2, "USAGE", "ENTRY"),
    words("show 1 2", 2, "USAGE", "2"),
    words("statement", 2, "line", "预算线全文"),
    words("statement general:2080105:project:P99:-:2020", 3, "R1.NO_LINE", "yusuan balance"),
    words("execution", 2, "scope", "current"),
    words("execution --scope half", 2, "scope", "current"),
    words("expalin T1.57", 2, "USAGE", "expalin"),
    words("PAY", 2, "USAGE", "PAY"),
    words("balance --colour red", 2, "USAGE", "--colour"),
    words("balance --as-of", 2, "USAGE", "--as-of"),
    words("balance --json=yes", 2, "USAGE", "--json"),
    words(f"{PAY} --amount 2", 2, "USAGE", "--amount"),
    words(f"{PAY} --payee y", 2, "USAGE", "--payee"),
    words(f"{PAY} --date 2020-03-02", 2, "USAGE", "--date"),
    words("balance --unit 420103 --unit 420103", 2, "USAGE", "--unit"),
    words(f"{PAY.replace('--amount 1 ', '')}", 2, "amount", "大于零的金额"),
    words(f"{PAY.replace('P02', 'P01')}", 3, "R1.NO_LINE", "yusuan balance"),
    words(f"{PAY.replace('30201', '302')}", 3, "R16.ECON", "--econ"),
    words(f"{PAY.replace('30201', '３０２０１')}", 2, "econ", "5 位"),
    words(f"{PAY.replace('x --date', '_ --date')}", 3, "R16.PAYEE", "--payee"),
    words(f"{PAY} --doc \x00", 2, "doc", "控制字符"),
    words(f"{PAY} --doc {'长' * 201}", 2, "doc", "200 个字符"),
    words(f"{PAY} --reason {'长' * 501}", 2, "reason", "500 个字符"),
    words(f"{PAY} --key _", 2, "key", "不空的内容"),
    words(f"{PAY} --actor a\nb", 2, "actor", "控制字符"),
    words(f"{PAY} --actor {'长' * 101}", 2, "actor", "100 个字符"),
    words(f"{PAY} --line {LINE}", 2, "project", "--line"),
    words(f"{REALLOCATE} --from x --to y", 2, "from", "预算线=金额"),
    words(f"{REALLOCATE} --from {LINE}=1", 2, "to", "预算线=金额"),
    words(f"{REALLOCATE} --from {LINE}=0 --to {LINE}=0", 2, "from", "大于零"),
    words(f"{REALLOCATE} --from {LINE}=1 --to {LINE}=1", 3, "LINE.REPEATED", LINE),
    words(f"{REALLOCATE} --from {LINE}=1 --to {LINE}=1 --amount 1", 2, "amount", "--from/--to"),
    words(f"{REALLOCATE} --project P02 --amount 1", 3, "LINE.REPEATED", LINE),
    words("refund 4 --amount 1 --date 2020-03-01", 3, "ENTRY.KIND", "支付"),
    words("refund 99 --amount 1 --date 2020-03-01", 3, "ENTRY.MISSING", "yusuan log"),
    words("reverse 1 --date 2020-03-01", 3, "ENTRY.KIND", "yusuan show 1"),
    words("reverse _ --date 2020-03-01", 2, "ref", "不空的内容"),
    words("correct 4", 2, "correct", "--amount"),
    words("correct 4 --payee x --date 2020-03-01", 3, "ENTRY.KIND", "payee"),
    words("project P03", 2, "name", "不空的内容"),
    words("project - --name x", 2, "project", "不能只是 -"),
    words("lock-month 13", 2, "month", "2020 年的月份"),
    words("lock-month 2021-01", 2, "month", "2020 年的月份"),
    words("lock-month", 2, "month", "月份，如 3"),
    words("open-book --unit u --year 2020", 2, "name", "不空的内容"),
    words("amend-book --date 2020-01-01", 2, "amend-book", "--name"),
    words("audit --seal 4-0000", 2, "seal", "封签"),
    words("demo", 2, "db", "还不存在的文件"),
    words("import", 2, "USAGE", "FILE.csv"),
    words("import a\0b", 2, "FILE", "控制字符"),
]


@pytest.mark.parametrize("hostile", ARGUMENTS, ids=lambda words: " ".join(words.arguments)[:60])
def test_bad_arguments(shell: Shell, hostile: Words):
    """Two forms: JSON names field (or code), value and what is right; text says the same."""
    before = shell.head()
    told = shell("--json", *hostile.arguments, exit=hostile.exit)
    failure = told.json
    if "rejected" not in failure:
        assert {"ok", "code", "message", "facts", "try"} == set(failure)
        assert hostile.field in (failure["code"], failure["facts"].get("field"))
        if hostile.exit == 2 and failure["code"] != "USAGE":
            assert failure["facts"]["expected"]
    assert told.err == ""
    said = shell(*hostile.arguments, exit=hostile.exit)
    assert hostile.right in failure["message"] + " ".join(failure.get("try", []))
    assert hostile.right in said.said
    assert failure["code"] in said.err
    assert before == shell.head()


def test_bytes_that_are_no_utf8(shell: Shell, tmp_path: Path):
    """Arguments of a shell are bytes: refused as unreadable, by a real process, in JSON too."""
    db = (b"--db", str(shell.db).encode())
    before = shell.head()
    for arguments in (
        (*db, b"pay", b"--payee", b"\xff\xfe", *PAY.replace("--payee x ", "").encode().split()[1:]),
        (*db, b"balance", b"--unit", b"\xc3\x28"),
        (*db, b"show", b"\xff"),
        (*db, b"import", b"\xff.csv"),
        (*db, b"\xff\xfe"),
        (b"--db", b"\xff.db", b"balance"),
    ):
        for more in ((), (b"--json",)):
            answer = process(*arguments, *more, cwd=tmp_path, env={"LC_ALL": "C.UTF-8"})
            assert answer.exit == 2
    assert before == shell.head()
    assert list(tmp_path.glob("*.db")) == [shell.db]


def test_a_very_long_command_line(shell: Shell):
    """A hundred thousand characters are cut in the message, not echoed."""
    answer = in_process("--db", str(shell.db), "show", "9" * 100_000)
    assert answer.exit == 2
    assert len(answer.err) < 500


# Databases.


OPEN = ("open-book", "--unit", "u", "--year", "2020", "--name", "x", "--kind", "admin",
        "--edition", "2020", "--basis", "indicator")  # fmt: skip
WRITE = ("project", "P09", "--name", "x", "--date", "2020-01-01", "--unit", "u", "--year", "2020")
READ = ("balance", "--unit", "u", "--year", "2020")
COMMANDS = (OPEN, WRITE, READ, ("audit", *READ[1:]), ("seal", *READ[1:]), ("rebuild",))


def all_answer(db: Path | str, exit: int, code: str, commands: Any = COMMANDS) -> list[Answer]:
    answers = []
    for command in commands:
        answer = in_process("--db", str(db), *command, "--json")
        assert (exit, code) == (answer.exit, answer.json["code"]), command
        assert str(db) in answer.json["message"] or code == "BOOK.NOT_OPENED"
        answers.append(answer)
    return answers


def test_db_is_a_directory(tmp_path: Path):
    all_answer(tmp_path, 5, "FILE.UNWRITABLE")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"hi", b"no database " * 1000, bytes(4096), b"\xff" * 100])
def test_db_is_some_other_file(tmp_path: Path, content: bytes):
    """4: it does not open as a database; and it is left as it was."""
    db = tmp_path / "some.db"
    db.write_bytes(content)
    all_answer(db, 4, "FILE.DAMAGED")
    assert content == db.read_bytes()
    assert [db] == list(tmp_path.iterdir())


def test_db_is_somebody_else_s_database(tmp_path: Path):
    """2, and not one table is made in it."""
    db = tmp_path / "foreign.db"
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT)")
        connection.commit()
    before = db.read_bytes()
    all_answer(db, 2, "FILE.FOREIGN")
    assert before == db.read_bytes()


def test_db_is_an_empty_file(tmp_path: Path):
    """3 for all but open-book, which may fill it."""
    db = tmp_path / "empty.db"
    db.touch()
    all_answer(db, 3, "BOOK.NOT_OPENED", COMMANDS[1:])
    assert db.stat().st_size == 0
    assert in_process("--db", str(db), *OPEN).exit == 0


def test_db_in_a_folder_that_is_not_there(tmp_path: Path):
    """5 for what would make it, its dry run too; 3 for what reads it; the folder is not made."""
    db = tmp_path / "no" / "such" / "x.db"
    all_answer(db, 5, "FILE.UNWRITABLE", (OPEN, (*OPEN, "--dry-run")))
    all_answer(db, 3, "BOOK.NOT_OPENED", COMMANDS[1:])
    assert list(tmp_path.iterdir()) == []


def test_db_in_a_place_that_cannot_be_written():
    """5, for root too: /proc takes no files."""
    if not Path("/proc/self").exists():
        pytest.skip("no /proc on this machine")
    all_answer("/proc/x.db", 5, "FILE.UNWRITABLE", (OPEN,))
    all_answer("/proc/x.db", 3, "BOOK.NOT_OPENED", (WRITE, READ))


def test_db_in_a_read_only_folder(public: Shell):
    """Queries and audit work, from views in memory; a write is refused with 5 and says where."""
    expected = public.ask("balance")
    public("audit")  # what is imported late is imported now: `nobody` may not read this Python
    public.db.with_name("a.db.views").unlink()
    public.db.chmod(0o444)
    public.db.parent.chmod(0o555)
    with nobody():
        assert expected == public.ask("balance")
        assert public.ask("audit")["ok"]
        refused_ = public.ask("project", "P09", "--name", "x", "--date", "2020-01-01", exit=5)
        made_ = in_process("--db", str(public.db.with_name("b.db")), *OPEN, "--json")
    assert (refused_["code"], str(public.db) in refused_["message"]) == ("FILE.UNWRITABLE", True)
    assert (made_.exit, made_.json["code"]) == (5, "FILE.UNWRITABLE")
    assert [public.db] == list(public.db.parent.iterdir())


@pytest.mark.parametrize("db", ["", "a\0b"])
def test_db_is_no_path(db: str):
    for command in COMMANDS:
        answer = in_process("--db", db, *command, "--json")
        assert (answer.exit, answer.json["facts"]["field"]) == (2, "db")


def test_a_view_file_that_is_none(shell: Shell):
    """4 with the way out, and nobody touches it: it may be somebody's. Once it is away, all is
    well."""
    views = shell.db.with_name("a.db.views")
    expected = shell.ask("balance")
    for content in (b"not a database", b"\xff" * 5000):
        views.write_bytes(content)
        for command in ("balance", "rebuild"):
            refused_ = shell.ask(command, exit=4)
            assert refused_["code"] == "VIEWS.DAMAGED"
            assert "移走" in refused_["try"][0]
        assert views.read_bytes() == content
        views.rename(views.with_suffix(".away"))
        assert expected == shell.ask("balance")


def test_a_damaged_view_file_is_mended_by_rebuild(shell: Shell):
    """What says that it is ours is made anew, however little of it SQLite can read."""
    views = shell.db.with_name("a.db.views")
    expected = shell.ask("balance")
    whole = views.read_bytes()
    for damaged in (
        bytes(16) + whole[16:],
        whole[:200],
        whole[:100] + b"\xff" * (len(whole) - 100),
        whole[:-4096],
    ):
        views.write_bytes(damaged)
        refused_ = shell.ask("balance", exit=4)
        assert (refused_["code"], refused_["try"]) == ("VIEWS.DAMAGED", ["yusuan rebuild"])
        shell("rebuild")
        assert expected == shell.ask("balance")
        shell("audit")


def test_a_copy_of_the_file_is_the_book(shell: Shell, tmp_path: Path):
    """Odd names are names: a blank, a quote, what looks like an option, a URI or SQL."""
    for name in ("a b.db", "账 2020.db", "it's.db", "file:x?mode=memory", "x;--.db", ":memory:"):
        copy = Shell(Path(shutil.copy(shell.db, tmp_path / name)))
        assert copy.balance(LINE)["available_fen"] == 1000_00
        copy("project", "P08", "--name", "x", "--date", "2020-01-01")
        assert copy.entries() == 5
        assert (tmp_path / f"{name}.views").exists()
    assert shell.entries() == 4


def test_a_closed_pipe_is_no_traceback(shell: Shell):
    """`yusuan log | head -1`: the reader goes away and nobody complains."""
    rows = (row(id=str(n), amount="0.01") for n in range(3000))
    shell("import", str(shell.csv(*rows, header=HEADER)))
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "--db", str(shell.db), "log"],
        env={**clean_environment(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as log:
        assert log.stdout is not None and log.stderr is not None
        log.stdout.readline()
        log.stdout.close()
        said = log.stderr.read()
    assert said == b""
