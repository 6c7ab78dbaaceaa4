"""What others rely on: conventions, amounts and lines, sentence by sentence.

The contract is the list of names, shapes and exit codes that acceptance checks call; what is
recorded stands in test_contract_writing.py, queries and audit in test_contract_queries.py. A
representative part runs as real processes.
"""

import getpass
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.harness.contract import OPEN, RECEIPT, pay, shaped
from tests.harness.shell import LINE, Shell, in_process, process

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = datetime.now(SHANGHAI).date()
"""Where the books are kept, whatever the zone of the machine."""


# §1 Global options, environment, book.


def test_global_options_stand_before_or_after_the_verb(tmp_path: Path):
    """In real processes, with every option in both places; after the verb wins."""
    before = ("--db", "b.db", "--unit", "u1", "--year", "2020", "--actor", "张三", "--json")
    opened = process(*before, *OPEN, "indicator", cwd=tmp_path)
    assert (opened.exit, opened.json["book"], opened.json["entry"]) == (0, "u1/2020", 1)
    after = process(*OPEN, "payment", *before[:2], "--unit", "u2", *before[4:], cwd=tmp_path)
    assert (after.exit, after.json["book"], after.json["entry"]) == (0, "u2/2020", 1)
    both = process(*before, "show", "1", "--unit", "u2", "--json", cwd=tmp_path)
    assert (
        both.json["book"],
        both.json["actor"],
        both.json["kind"],
    ) == ("u2/2020", "张三", "open-book")
    assert {"b.db", "b.db.views"} == {path.name for path in tmp_path.iterdir()}


def test_environment_variables(tmp_path: Path):
    """YUSUAN_DB, _UNIT, _YEAR and _ACTOR stand in for options that are not typed."""
    names = {"DB": "env.db", "UNIT": "e1", "YEAR": "2019", "ACTOR": "李四"}
    env = {f"YUSUAN_{name}": value for name, value in names.items()}
    assert process(*OPEN, "indicator", cwd=tmp_path, env=env).exit == 0
    shown = process("show", "1", "--json", cwd=tmp_path, env=env).json
    assert (shown["book"], shown["actor"]) == ("e1/2019", "李四")

    typed = process("show", "1", "--json", "--unit", "e2", cwd=tmp_path, env=env)
    assert (typed.exit, typed.json["code"]) == (3, "BOOK.NOT_OPENED")
    empty = process("show", "1", "--json", cwd=tmp_path, env={**env, "YUSUAN_UNIT": ""})
    assert (empty.exit, empty.json["book"]) == (0, "e1/2019")
    wrong = process("show", "1", "--json", cwd=tmp_path, env={**env, "YUSUAN_YEAR": "20x9"})
    assert (wrong.exit, wrong.json["facts"]["field"]) == (2, "year")


def test_the_default_file_and_actor(tmp_path: Path):
    """yusuan.db of the current folder; the OS user."""
    process(*OPEN, "indicator", "--unit", "u", "--year", "2020", cwd=tmp_path)
    assert (tmp_path / "yusuan.db").exists()
    shown = process("show", "1", "--json", cwd=tmp_path, env={"LOGNAME": "wang"})
    assert getpass.getuser() == shown.json["actor"]
    project = ("project", "P01", "--name", "x", "--date", "2020-01-01")
    process(*project, cwd=tmp_path, env={"LOGNAME": "wang"})
    assert process("show", "2", "--json", cwd=tmp_path).json["actor"] == "wang"


def test_the_only_book_need_not_be_named(shell: Shell):
    assert shell.ask("balance")["book"] == "420103/2020"
    assert shell.ask("balance", "--unit", "420103")["book"] == "420103/2020"
    assert shell.ask("balance", "--year", "2020")["book"] == "420103/2020"
    assert shell.ask("balance", "--year", "2021", exit=3)["code"] == "BOOK.NOT_OPENED"


def test_several_books_are_listed_and_none_is_guessed(shell: Shell):
    """Exit 2, both names in the message; the unit alone is enough where it singles one out."""
    shell(*OPEN, "indicator", "--unit", "420104", "--year", "2020")
    for command in (("balance",), ("seal",), ("audit",), ("project", "P03", "--name", "x")):
        refused = shell.ask(*command, exit=2)
        assert refused["code"] == "BOOK.AMBIGUOUS"
        assert "420103/2020" in refused["message"]
        assert "420104/2020" in refused["message"]
    assert shell.ask("balance", "--unit", "420104")["book"] == "420104/2020"
    assert shell.ask("balance", "--year", "2020", exit=2)["code"] == "BOOK.AMBIGUOUS"


# §1 Dates, keys, dry runs.


def test_the_date_is_today_where_today_lies_in_the_year(tmp_path: Path):
    shell = Shell(tmp_path / "now.db", year=TODAY.year).open()
    receipt = shell.ask("project", "P01", "--name", "x")
    # Midnight may fall between the two looks at the clock.
    assert receipt["date"] in (TODAY.isoformat(), datetime.now(SHANGHAI).date().isoformat())
    assert receipt["warnings"] == []  # today is not after today
    assert shell.ask("show", "1")["date"] == f"{TODAY.year}-01-01"


def test_the_date_is_required_where_today_does_not_lie_in_the_year(shell: Shell):
    """2, naming the option; open-book alone needs none: 1 January."""
    before = shell.head()
    refused = shell.ask("project", "P03", "--name", "x", exit=2)
    assert (refused["code"], refused["facts"]["field"]) == ("DATE.REQUIRED", "date")
    assert "--date" in refused["message"]
    assert before == shell.head()
    assert shell.ask("show", "1")["date"] == "2020-01-01"


def test_open_book_takes_a_date_all_the_same(tmp_path: Path):
    shell = Shell(tmp_path / "x.db")
    receipt = shell.ask(
        *OPEN, "indicator", "--unit", "u", "--year", "2020", "--date", "2020-02-03", "--doc", "批1"
    )
    assert (receipt["date"], receipt["entry"], receipt["kind"]) == ("2020-02-03", 1, "open-book")
    assert shell.ask("show", "1")["doc"] == "批1"


def test_a_date_after_today_is_accepted_with_a_warning(tmp_path: Path):
    """Warnings never change the exit code."""
    shell = Shell(tmp_path / "next.db", year=TODAY.year + 1)
    receipt = shell.open().ask("project", "P01", "--name", "x", "--date", f"{shell.year}-12-31")
    assert [("DATE.FUTURE", str)] == [(w["code"], type(w["message"])) for w in receipt["warnings"]]


def test_document_reason_and_key_are_recorded(shell: Shell):
    pay(shell, "1", "--doc", "支1", "--reason", "急件", "--key", "K-1")
    shown = shell.ask("show", "5")
    assert (shown["doc"], shown["reason"], shown["key"]) == ("支1", "急件", "K-1")


def test_the_same_key_and_content_is_one_entry(shell: Shell):
    """The original receipt again, `already`, exit 0 and nothing recorded."""
    first = pay(shell, "1", "--key", "K")
    pay(shell, "2")
    again = pay(shell, "1", "--key", "K")
    assert (first["entry"], first["head"]) == (again["entry"], again["head"])
    assert again["already"] and not first["already"]
    assert shell.entries() == 6


def test_the_same_key_with_other_content_is_a_conflict(shell: Shell):
    pay(shell, "1", "--key", "K")
    before = shell.head()
    for changed in (
        ("--amount", "1.01", "--payee", "某店", "--date", "2020-03-01"),
        ("--amount", "1", "--payee", "别店", "--date", "2020-03-01"),
        ("--amount", "1", "--payee", "某店", "--date", "2020-03-02"),
    ):
        refused = shell.ask(
            *("pay", "--project", "P02", "--econ", "30201", "--purpose", "办公", "--key", "K"),
            *changed,
            exit=3,
        )
        assert (refused["code"], refused["facts"]["entry"]) == ("KEY.CONFLICT", 5)
    assert before == shell.head()


def test_the_default_key_is_the_document_and_the_content(shell: Shell):
    """Same document, same content: one payment. Same document, other content: two. No document
    and no key: the same command twice is two payments."""
    assert pay(shell, "1", "--doc", "支1")["entry"] == pay(shell, "1", "--doc", "支1")["entry"] == 5
    assert pay(shell, "2", "--doc", "支1")["entry"] == 6
    assert [pay(shell, "3")["entry"], pay(shell, "3")["entry"]] == [7, 8]


def test_a_dry_run_decides_and_records_nothing(shell: Shell):
    """The receipt shows the entry that would be; the head is the one that is."""
    before = shell.head()
    receipt = pay(shell, "100", "--dry-run")
    shaped(receipt, RECEIPT)
    assert (5, 900_00, before) == (receipt["entry"], receipt["available_fen"], receipt["head"])
    assert pay(shell, "1000.01", "--dry-run", exit=3)["code"] == "R1.AVAILABLE"
    assert before == shell.head()
    assert shell.balance(LINE)["available_fen"] == 1000_00


def test_a_dry_run_of_open_book_makes_no_file(tmp_path: Path):
    shell = Shell(tmp_path / "none.db")
    arguments = (*OPEN, "indicator", "--unit", "u", "--year", "2020", "--dry-run")
    receipt = shell.ask(*arguments)
    assert (receipt["entry"], receipt["head"]) == (1, {"entries": 0, "hash": "0" * 64})
    assert list(tmp_path.iterdir()) == []


# §1 Output.


def test_stdout_is_data_and_stderr_is_talk(shell: Shell):
    done, refused = shell("balance"), shell("show", "999", exit=3)
    assert done.out and not done.err
    assert refused.err and not refused.out
    told = shell("show", "999", "--json", exit=3)
    assert told.out and not told.err
    assert told.out.count("\n") == 1


def test_a_failure_in_json(shell: Shell):
    """`ok`, `code`, `message` in Chinese, `facts`, `try` with commands; exactly these five."""
    refused = pay(shell, "1000.01", exit=3)
    assert {"ok", "code", "message", "facts", "try"} == set(refused)
    shaped(refused, {"ok": bool, "code": str, "message": str, "facts": dict, "try": list})
    assert (refused["ok"], refused["code"]) == (False, "R1.AVAILABLE")
    assert re.search("[\u4e00-\u9fff]", refused["message"])
    facts = refused["facts"]
    assert (facts["available_fen"], facts["amount_fen"], facts["short_fen"]) == (
        1000_00,
        1000_01,
        1,
    )
    assert any(way.startswith("yusuan supplement") for way in refused["try"])


def test_exit_codes(shell: Shell, tmp_path: Path):
    """Each code of the table, as a shell sees it."""
    db = ("--db", str(shell.db))
    bad = shell.csv("A,2020-03-01,pay,2080105,P02,30201,x,某店")
    (tmp_path / "text.db").write_text("no database\n" * 100)
    expected: list[tuple[int, tuple[str, ...]]] = [
        (0, (*db, "balance")),
        (1, (*db, "import", str(bad), "--keep-going")),
        (2, (*db, "balance", "--as-of", "soon")),
        (3, (*db, "show", "999")),
        (4, ("--db", "text.db", "balance")),
        (5, ("--db", "no/such/folder/a.db", *OPEN, "indicator", "--unit", "u", "--year", "2020")),
    ]
    for code, arguments in expected:
        assert code == process(*arguments, cwd=tmp_path).exit, arguments
        assert code == process(*arguments, "--json", cwd=tmp_path).exit, arguments


def test_wide_characters_line_up(shell: Shell):
    """Measured in terminal columns every row of a table ends where its rule ends."""
    shell("project", "P03", "--name", "宽 wide 名", "--date", "2020-01-01")
    shell("appropriate", "--func", "2080105", "--project", "P03", "--amount", "3万",
          "--date", "2020-01-10")  # fmt: skip
    pay(shell)
    shell("pay", "--project", "P03", "--econ", "30201", "--amount", "1", "--payee", "x",
          "--date", "2020-03-01")  # fmt: skip
    for query in (("execution", "--scope", "all"), ("balance",), ("three-public",)):
        lines = shell(*query).out.splitlines()
        (rule,) = {line for line in lines if set(line) == {"─"}}
        start, foot = lines.index(rule) - 1, len(lines) - lines[::-1].index(rule)
        assert {len(rule)} == {columns(line) for line in lines[start : foot + 1]}


def columns(text: str) -> int:
    """The width on a terminal: our own count, since the product's is on trial."""
    return sum(2 if "\u2e80" <= c <= "\u9fff" or "\uff00" <= c <= "\uff60" else 1 for c in text)


# §2 Amounts.


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1234.56", 1234_56),
        ("1,234.56", 1234_56),
        ("12.3万", 123_000_00),
        ("１２３４．５６", 1234_56),
        ("１，２３４．５", 1234_50),
        (" 7 ", 7_00),
        ("0.01", 1),
        ("5.1", 5_10),
        ("0.000001万", 1),
        ("1,234万", 12_340_000_00),
        ("1,000,000,000,000", 10**14),
        ("0012", 12_00),
    ],
)
def test_amounts_are_typed_in_yuan(shell: Shell, typed: str, fen: int):
    receipt = shell.ask(
        *("appropriate", "--func", "2080106", "--project", "P01", "--amount", typed),
        *("--date", "2020-01-10", "--dry-run"),
    )
    assert fen == receipt["amount_fen"]


@pytest.mark.parametrize(
    "typed",
    ["0", "0.00", "-1", "+1", "NaN", "inf", "1e3", "0.001", "1.2.3", "1,23", "12,34.5", "1,2345",
     ",123", "1_000", "0x1F", "1 000", "¥5", "5元", "٣", "½", "", " ", ".5", "5.", "万",
     "0.0000001万", "1000000000000.01"],
)  # fmt: skip
def test_other_amounts_are_refused(shell: Shell, typed: str):
    """2, naming the field and the value; nothing is recorded."""
    before = shell.head()
    refused = pay(shell, typed, exit=2)
    assert ("amount", typed) == (refused["facts"]["field"], refused["facts"]["value"])
    assert refused["code"].startswith("AMOUNT.")
    assert before == shell.head()


# §2 Lines.


def test_a_command_that_creates_a_line_guesses_nothing(shell: Shell):
    """func is required; fund, spending, econ and origin have the defaults of the contract."""
    new = ("appropriate", "--amount", "1", "--date", "2020-01-10")
    assert shell.ask(*new, "--project", "P01", exit=2)["facts"]["field"] == "func"
    assert shell.ask(*new, "--func", "20801", exit=2)["facts"]["field"] == "func"
    basic = shell.ask(*new, "--func", "2080101")
    assert basic["line"] == "general:2080101:basic:-:-:2020"
    project = shell.ask(*new, "--func", "2080101", "--project", "P01", "--econ", "302")
    assert project["line"] == "general:2080101:project:P01:302:2020"
    whole = shell.ask(*new, "--line", "govfund:2080101:project:P01:30201:2020")
    assert whole["line"] == "govfund:2080101:project:P01:30201:2020"
    dash = shell.ask(*new, "--func", "2080102", "--econ", "-", "--project", "-")
    assert dash["line"] == "general:2080102:basic:-:-:2020"


def test_parts_that_leave_one_match_are_enough(shell: Shell):
    assert pay(shell, "1")["line"] == LINE
    only = ("pay", "--econ", "30201", "--amount", "1", "--payee", "x", "--date", "2020-03-01")
    assert shell.ask(*only)["line"] == LINE
    assert shell.ask(*only, "--func", "20801")["line"] == LINE


def test_several_matches_are_refused_and_listed(shell: Shell):
    """For each command on existing lines: 3, and every match is named."""
    other = LINE.replace("P02", "P01")
    shell("appropriate", "--line", other, "--amount", "5", "--date", "2020-01-10")
    common = ("--func", "2080105", "--amount", "1", "--date", "2020-03-01", "--doc", "文1")
    before = shell.head()
    for command in (
        ("pay", "--econ", "30201", "--payee", "x"),
        ("cut",),
        ("release",),
        ("withdraw",),
        ("reallocate", "--to-econ", "30201"),
    ):
        refused = shell.ask(*command, *common, exit=3)
        assert refused["code"] == "LINE.AMBIGUOUS"
        assert LINE in refused["message"] and other in refused["message"]
        assert {"--project P01", "--project P02"} == set(refused["try"])
        told = in_process("--db", str(shell.db), *command, *common, "--project", "P01", "--dry-run")
        assert "LINE." not in told.said, "that is enough to single it out"
    assert before == shell.head()


def test_no_match_is_refused(shell: Shell):
    refused = shell.ask(
        *("pay", "--project", "P01", "--econ", "30201", "--amount", "1", "--payee", "x"),
        *("--date", "2020-03-01"),
        exit=3,
    )
    assert refused["code"] == "R1.NO_LINE"


@pytest.mark.parametrize("code", ["A", "a-B_9", "x" * 40, "-x", "--"])
def test_project_codes(shell: Shell, code: str):
    receipt = shell.ask("project", "--code", code, "--name", "x", "--date", "2020-01-01")
    assert "project" == receipt["kind"]  # noqa: SIM300
    assert shell.ask("show", str(receipt["entry"]))["stored"]["event"]["code"] == code


@pytest.mark.parametrize("code", ["", "-", "x" * 41, "a b", "项目", "a/b", "a:b", "ａ", "a\nb"])
def test_other_project_codes_are_refused(shell: Shell, code: str):
    refused = shell.ask("project", f"--code={code}", "--name", "x", "--date", "2020-01-01", exit=2)
    assert refused["facts"]["field"] == "project"
