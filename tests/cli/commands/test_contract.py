"""What others rely on: conventions, amounts, lines, entries and receipts, sentence by sentence.

The contract is the list of names, shapes and exit codes that acceptance checks call; queries and
audit stand in test_contract_queries.py. A representative part runs as real processes.
"""

import getpass
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import LINE, Shell, in_process, process

TODAY = date.today()
OPEN = ("open-book", "--name", "示例局", "--kind", "admin", "--edition", "2020", "--basis")
HEX64 = re.compile(r"[0-9a-f]{64}")

RECEIPT = {
    "ok": bool,
    "book": str,
    "as_of": type(None),
    "known_at": type(None),
    "entry": int,
    "kind": str,
    "date": str,
    "line": str,
    "amount_fen": int,
    "available_fen": int,
    "warnings": list,
    "head": dict,
}


def pay(shell: Shell, amount: str = "100", *more: str, exit: int = 0) -> Any:
    """Pays from the line and answers with the receipt."""
    return shell.ask(
        *("pay", "--project", "P02", "--econ", "30201", "--amount", amount, "--payee", "某店"),
        *("--purpose", "办公", "--date", "2020-03-01", *more),
        exit=exit,
    )


def shaped(value: dict[str, Any], shape: dict[str, type]) -> None:
    """Every field of the shape is there, of its type, and no bool passes for an int."""
    for name, kind in shape.items():
        assert name in value, f"{name} is missing in {sorted(value)}"
        assert type(value[name]) is kind, f"{name} is {value[name]!r}"


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
    assert receipt["date"] in (TODAY.isoformat(), date.today().isoformat())
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
        start = lines.index(rule) - 1
        assert {len(rule)} == {columns(line) for line in lines[start:] if line}


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


# §2 New money.


def test_new_money_is_spendable_at_once(shell: Shell):
    for number, (kind, origin) in enumerate(
        (("carry-in", "2019"), ("appropriate", "2020"), ("supplement", "2020")), 1
    ):
        receipt = shell.ask(
            *(kind, "--func", f"210010{number}", "--project", "P01", "--origin", origin),
            *("--amount", "10", "--date", "2020-01-10", "--doc", "文1"),
        )
        assert (10_00, kind) == (receipt["available_fen"], receipt["kind"])


def test_pending_money_is_released(shell: Shell):
    """--pending posts to 待下达; it cannot be spent until `release` moves it; `withdraw` undoes."""
    line = "general:2080106:project:P01:-:2020"
    for kind, origin in (("appropriate", "2020"), ("supplement", "2020"), ("carry-in", "2019")):
        there = line.replace(":2020", f":{origin}")
        receipt = shell.ask(
            *(kind, "--line", there, "--amount", "100", "--pending", "--date", "2020-01-10"),
            *("--doc", kind),
        )
        assert receipt["available_fen"] == 0
    figures = shell.balance(line)
    assert (
        figures["annual_budget_fen"],
        figures["pending_fen"],
        figures["available_fen"],
    ) == (200_00, 200_00, 0)
    spend = ("pay", "--line", line, "--econ", "30201", "--payee", "x", "--date", "2020-03-01")
    refused = shell.ask(*spend, "--amount", "1", exit=3)
    assert refused["code"] == "R1.AVAILABLE"
    assert any(way.startswith("yusuan release") for way in refused["try"])

    move = ("--line", line, "--date", "2020-03-01")
    assert shell.ask("release", *move, "--amount", "150")["available_fen"] == 150_00
    assert shell.ask("release", *move, "--amount", "50.01", exit=3)["code"] == "R1.PENDING"
    assert shell.ask(*spend, "--amount", "100")["available_fen"] == 50_00
    assert shell.ask("withdraw", *move, "--amount", "50.01", exit=3)["code"] == "R1.AVAILABLE"
    assert shell.ask("withdraw", *move, "--amount", "20")["available_fen"] == 30_00
    figures = shell.balance(line)
    assert (
        figures["pending_fen"],
        figures["available_fen"],
        figures["paid_fen"],
    ) == (70_00, 30_00, 100_00)


def test_how_often_new_money_may_come(shell: Shell):
    """appropriate once per line; carry-in may repeat; supplement opens a line or adds to one."""
    again = ("appropriate", "--line", LINE, "--amount", "1", "--date", "2020-01-11")
    assert shell.ask(*again, exit=3)["code"] == "R4.APPROPRIATED"
    carried = LINE.replace(":2020", ":2019")
    for total in (1_00, 2_00):
        receipt = shell.ask("carry-in", "--line", carried, "--amount", "1", "--date", "2020-01-11")
        assert total == receipt["available_fen"]
    opened = LINE.replace(":-:", ":30201:")
    for doc, total in (("追1", 1_00), ("追2", 2_00)):
        receipt = shell.ask(
            *("supplement", "--line", opened, "--amount", "1", "--date", "2020-01-11"),
            *("--doc", doc),
        )
        assert total == receipt["available_fen"]
    after = ("appropriate", "--line", opened, "--amount", "9", "--date", "2020-01-12")
    assert shell.ask(*after)["available_fen"] == 11_00


# §2 Payments.


def test_a_payment_needs_econ_and_payee(shell: Shell):
    """3 without either; a class is not enough; the purpose is optional and only remarked on."""
    base = ("pay", "--project", "P02", "--amount", "1", "--date", "2020-03-01")
    assert shell.ask(*base, "--payee", "x", exit=3)["code"] == "R16.ECON"
    assert shell.ask(*base, "--payee", "x", "--econ", "302", exit=3)["code"] == "R16.ECON"
    assert shell.ask(*base, "--econ", "30201", exit=3)["code"] == "R16.PAYEE"
    receipt = shell.ask(*base, "--econ", "30201", "--payee", "x")
    assert [w["code"] for w in receipt["warnings"]] == ["R16.PURPOSE"]


def test_pay_econ_may_stand_beside_the_line(shell: Shell):
    """Every other part may not."""
    whole = ("pay", "--line", LINE, "--amount", "1", "--payee", "x", "--date", "2020-03-01")
    receipt = shell.ask(*whole, "--econ", "30202")
    assert (
        receipt["line"],
        shell.ask("show", str(receipt["entry"]))["econ"],
    ) == (LINE, "30202")
    for part, value in (
        ("fund", "general"),
        ("func", "2080105"),
        ("spending", "project"),
        ("project", "P02"),
        ("origin", "2020"),
    ):
        refused = shell.ask(*whole, "--econ", "30202", f"--{part}", value, exit=2)
        assert part == refused["facts"]["field"]
    for command in ("appropriate", "supplement", "cut"):
        beside = (command, "--line", LINE, "--econ", "30201", "--amount", "1", "--doc", "d")
        refused = shell.ask(*beside, "--date", "2020-03-01", exit=2)
        assert refused["facts"]["field"] == "econ"


def test_a_payment_draws_on_its_econ_then_its_class_then_the_open_line(shell: Shell):
    """30201 on the line with 30201, 30202 on 302, 30901 on `-`; of the same origin."""
    for econ in ("30201", "302"):
        line = LINE.replace(":-:", f":{econ}:")
        shell("appropriate", "--line", line, "--amount", "10", "--date", "2020-01-10")
    carried = LINE.replace(":-:2020", ":30299:2019")
    shell("carry-in", "--line", carried, "--amount", "10", "--date", "2020-01-10")
    for econ, drawn in (("30201", "30201"), ("30202", "302"), ("31002", "-")):
        receipt = shell.ask(
            *("pay", "--project", "P02", "--origin", "2020", "--econ", econ, "--amount", "1"),
            *("--payee", "x", "--date", "2020-03-01"),
        )
        assert receipt["line"] == LINE.replace(":-:", f":{drawn}:")
    # It draws on the first of them alone: what that lacks is not taken from the next.
    short = ("pay", "--project", "P02", "--origin", "2020", "--econ", "30201", "--amount", "9.01")
    refused = shell.ask(*short, "--payee", "x", "--date", "2020-03-01", exit=3)
    assert LINE.replace(":-:", ":30201:") == refused["facts"]["line"]


# §3 Books.


@pytest.mark.parametrize("basis", ["indicator", "payment", "recorded"])
@pytest.mark.parametrize("kind", ["admin", "public-admin", "institution"])
def test_open_book(tmp_path: Path, kind: str, basis: str):
    """Entry 1 of that book, by each kind and basis; an edition may be used for any year."""
    shell = Shell(tmp_path / "x.db")
    receipt = shell.ask(
        *("open-book", "--unit", "420103", "--year", "2031", "--name", "示例局", "--kind", kind),
        *("--edition", "2020", "--basis", basis),
    )
    assert tuple(receipt[name] for name in ("entry", "kind", "date", "line", "amount_fen")) == (
        1,
        "open-book",
        "2031-01-01",
        None,
        None,
    )
    event = shell.ask("show", "1")["stored"]["event"]
    assert (kind, basis, "2020") == (event["unit_kind"], event["basis"], event["edition"])


def test_the_chinese_words_mean_the_same(tmp_path: Path):
    shell = Shell(tmp_path / "x.db")
    shell("open-book", "--unit", "u", "--year", "2020", "--name", "x", "--kind", "参公",
          "--edition", "2020", "--basis", "支付")  # fmt: skip
    event = shell.ask("show", "1")["stored"]["event"]
    assert (event["unit_kind"], event["basis"]) == ("public-admin", "payment")


def test_a_book_is_opened_once(shell: Shell):
    again = (*OPEN, "indicator", "--unit", "420103", "--year", "2020")
    assert shell.ask(*again, exit=3)["code"] == "BOOK.ALREADY_OPENED"


COMMANDS: dict[str, tuple[str, ...]] = {
    "project": ("P01", "--name", "x"),
    "carry-in": ("--func", "2080105", "--origin", "2019", "--amount", "1"),
    "adjust-opening": ("--adjustment", "remitted", "--amount", "1", "--doc", "d"),
    "recover": ("--func", "2080105", "--amount", "1", "--doc", "d"),
    "transfer": ("--to", "420104", "--amount", "1", "--doc", "d"),
    "appropriate": ("--func", "2080105", "--amount", "1"),
    "supplement": ("--func", "2080105", "--amount", "1", "--doc", "d"),
    "cut": ("--func", "2080105", "--amount", "1", "--doc", "d"),
    "reallocate": ("--func", "2080105", "--to-econ", "30201", "--amount", "1", "--doc", "d"),
    "release": ("--func", "2080105", "--amount", "1"),
    "withdraw": ("--func", "2080105", "--amount", "1"),
    "pay": ("--func", "2080105", "--econ", "30201", "--amount", "1", "--payee", "x"),
    "refund": ("1", "--amount", "1"),
    "reverse": ("1",),
    "correct": ("1", "--amount", "1"),
    "income": ("--func", "2080105", "--econ", "service", "--amount", "1"),
    "approve": ("1",),
    "reject": ("1", "--reason", "x"),
    "lock-month": ("3",),
}
QUERIES: dict[str, tuple[str, ...]] = {
    "balance": (),
    "carryover": (),
    "opening": (),
    "carry-ageing": (),
    "execution": ("--scope", "all"),
    "three-public": (),
    "log": (),
    "pending": (),
    "statement": (LINE,),
    "show": ("1",),
    "audit": (),
    "seal": (),
}


@pytest.mark.parametrize("command", [*COMMANDS, *QUERIES])
def test_every_command_refuses_a_book_that_was_not_opened(shell: Shell, command: str):
    """3, whether the file is missing, empty, or holds other books; and none makes a file."""
    dated = ("--date", "2021-03-01") if command in COMMANDS else ()
    arguments = (command, *{**COMMANDS, **QUERIES}[command], *dated)
    named = ("--unit", "420103", "--year", "2021")
    empty = shell.db.with_name("empty.db")
    empty.touch()
    for file in (shell.db, empty, shell.db.with_name("missing.db")):
        refused = in_process("--db", str(file), *arguments, *named, "--json")
        assert (refused.exit, refused.json["code"]) == (3, "BOOK.NOT_OPENED")
        assert refused.json["try"][0].startswith("yusuan open-book --unit 420103 --year 2021")
    assert not shell.db.with_name("missing.db").exists()
    assert empty.stat().st_size == 0


# §3 Receipts.


def test_receipts(shell: Shell):
    """Every writing command's receipt has the fields of the contract; entries count without gap."""
    line2 = LINE.replace(":-:", ":30202:")
    sequence: list[tuple[str, tuple[str, ...], int | None, int | None]] = [
        ("carry-in", ("--line", LINE.replace(":2020", ":2019"), "--amount", "5"), 5_00, 5_00),
        ("supplement", ("--line", LINE, "--amount", "50", "--doc", "追1"), 50_00, 1050_00),
        ("cut", ("--project", "P02", "--origin", "2020", "--amount", "50", "--doc", "减1"),
         50_00, 1000_00),
        ("withdraw", ("--line", LINE, "--amount", "10"), 10_00, 990_00),
        ("release", ("--line", LINE, "--amount", "10"), 10_00, 1000_00),
        ("reallocate", ("--from", f"{LINE}=30", "--to", f"{line2}=30", "--doc", "调1",
                        "--authority", "finance"), 30_00, 970_00),
        ("pay", ("--line", LINE, "--econ", "30201", "--amount", "20", "--payee", "x",
                 "--purpose", "p"), 20_00, 950_00),
        ("refund", ("11", "--amount", "5"), 5_00, 955_00),
        ("reverse", ("12",), -5_00, 950_00),
        ("income", ("--func", "2080105", "--econ", "other", "--amount", "7"), 7_00, None),
        ("lock-month", ("1",), None, None),
    ]  # fmt: skip
    for number, (kind, arguments, amount, available) in enumerate(sequence, 5):
        receipt = shell.ask(kind, *arguments, "--date", "2020-03-01")
        expected = (True, number, kind, "2020-03-01", amount, available)
        assert expected == tuple(
            receipt[n] for n in ("ok", "entry", "kind", "date", "amount_fen", "available_fen")
        )
        assert {"entries": number, "hash": receipt["head"]["hash"]} == receipt["head"]
        assert HEX64.fullmatch(receipt["head"]["hash"])
        assert isinstance(receipt["warnings"], list)
        assert receipt["book"] == "420103/2020"
    shaped(shell.ask("pay", "--line", LINE, "--econ", "30201", "--amount", "1", "--payee", "x",
                     "--date", "2020-03-01"), RECEIPT)  # fmt: skip
    assert [entry["entry"] for entry in shell.ask("log")["entries"]] == list(range(1, 17))


# §3 Reallocation.


def reallocate(shell: Shell, *arguments: str, exit: int = 0) -> Any:
    return shell.ask("reallocate", *arguments, "--date", "2020-03-01", exit=exit)


def test_a_reallocation_over_several_lines_is_zero_sum(shell: Shell):
    """Any number of lines in one entry; what leaves equals what arrives, to the fen."""
    a, b, c = (LINE.replace(":-:", f":{econ}:") for econ in ("30201", "30202", "302"))
    doc = ("--doc", "调1", "--authority", "finance")
    receipt = reallocate(shell, "--from", f"{LINE}=60.01", "--to", f"{a}=20", "--to", f"{b}=40.01",
                         *doc)  # fmt: skip
    assert (60_01, [LINE, a, b]) == (receipt["amount_fen"], receipt["lines"])
    reallocate(shell, "--from", f"{a}=5", "--from", f"{b}=5", "--to", f"{c}=9.99", "--to",
               f"{LINE}=0.01", *doc)  # fmt: skip
    found = {row["line"]: row["available_fen"] for row in shell.ask("balance")["lines"]}
    assert {LINE: 940_00, a: 15_00, b: 35_01, c: 9_99} == found
    before = shell.head()
    for exit, code, shares in (
        (3, "R5.UNBALANCED", ("--from", f"{LINE}=1", "--to", f"{a}=0.99")),
        (3, "R1.AVAILABLE", ("--from", f"{a}=15.01", "--to", f"{b}=15.01")),
        (3, "LINE.REPEATED", ("--from", f"{a}=1", "--from", f"{a}=1", "--to", f"{b}=2")),
        (3, "R1.NO_LINE", ("--from", f"{LINE.replace('P02', 'P01')}=1", "--to", f"{b}=1")),
        (2, "FIELD.REQUIRED", ("--from", f"{a}=1")),
        (2, "SHARE.MALFORMED", ("--from", a, "--to", f"{b}=1")),
    ):
        assert reallocate(shell, *shares, *doc, exit=exit)["code"] == code
    assert before == shell.head()


def test_a_reallocation_needs_a_document_and_another_line(shell: Shell):
    inside = ("--project", "P02", "--amount", "1")
    assert reallocate(shell, *inside, "--to-econ", "30201", exit=3)["code"] == "DOC.REQUIRED"
    same = reallocate(shell, *inside, "--to-project", "P02", "--doc", "调1", exit=3)
    assert same["code"] == "LINE.REPEATED"
    for command in ("supplement", "cut"):
        line = ("--func", "2080105", "--project", "P02", "--amount", "1", "--date", "2020-03-01")
        assert shell.ask(command, *line, exit=3)["code"] == "DOC.REQUIRED"


def test_the_authority_of_a_reallocation(shell: Shell):
    """None given counts as none; enough is enough; what lacks it waits and says which is needed."""
    for econ in ("30201", "30202"):
        shell("appropriate", "--line", LINE.replace(":-:", f":{econ}:"), "--amount", "10",
              "--date", "2020-01-10")  # fmt: skip
    inside = ("--project", "P02", "--econ", "30201", "--to-econ", "30202", "--amount", "1",
              "--doc", "调1")  # fmt: skip
    across = ("--line", LINE, "--to-project", "P01", "--amount", "1", "--doc", "调2")
    for arguments, needed in ((inside, "department"), (across, "finance")):
        receipt = reallocate(shell, *arguments, exit=6)
        assert (True, needed) == (receipt["pending"], receipt["needed"])
    assert not reallocate(shell, *inside, "--authority", "department")["pending"]
    assert reallocate(shell, *across, "--authority", "department", exit=6)["pending"]
    assert not reallocate(shell, *across, "--authority", "finance")["pending"]


# §3 Refunds, reversals, corrections.


def test_refund_by_number_and_by_id(shell: Shell):
    """Restores the line it was paid from; together never more than the payment."""
    pay(shell, "100", "--key", "支A")
    for ref, left in (("5", 910_00), ("#5", 920_00), ("支A", 930_00)):
        receipt = shell.ask("refund", ref, "--amount", "10", "--date", "2020-03-02")
        assert (LINE, left) == (receipt["line"], receipt["available_fen"])
        assert shell.ask("show", str(receipt["entry"]))["original"] == 5
    refused = shell.ask("refund", "5", "--amount", "70.01", "--date", "2020-03-02", exit=3)
    assert (refused["code"], refused["facts"]["left_fen"]) == ("R15.REFUND", 70_00)
    shell("refund", "5", "--amount", "70", "--date", "2020-03-02")
    assert shell.balance(LINE)["paid_fen"] == 0


@pytest.mark.parametrize("ref", ["5", "#5", "支A"])
def test_reverse_by_number_and_by_id(shell: Shell, ref: str):
    """Once; the reversal itself is not reversed; not before the original's date."""
    pay(shell, "100", "--key", "支A")
    early = shell.ask("reverse", ref, "--date", "2020-02-28", exit=3)
    assert early["code"] == "DATE.BEFORE_ORIGINAL"
    receipt = shell.ask("reverse", ref, "--date", "2020-03-02")
    assert (receipt["amount_fen"], receipt["available_fen"]) == (-100_00, 1000_00)
    assert shell.ask("reverse", ref, "--date", "2020-03-02", exit=3)["code"] == "ENTRY.REVERSED"
    assert shell.ask("reverse", "6", "--date", "2020-03-02", exit=3)["code"] == "ENTRY.KIND"
    assert shell.ask("show", "5")["later"] == [6]


def test_reverse_undoes_any_one_money_entry(shell: Shell):
    """Every money kind, and the book is as it was; a project registration is no money entry."""
    other = LINE.replace("P02", "P01")
    money: list[tuple[str, ...]] = [
        ("appropriate", "--line", other, "--amount", "3"),
        ("supplement", "--line", LINE, "--amount", "3", "--doc", "追1"),
        ("carry-in", "--line", LINE.replace(":2020", ":2019"), "--amount", "3"),
        ("cut", "--line", LINE, "--amount", "3", "--doc", "减1"),
        ("withdraw", "--line", LINE, "--amount", "3"),
        ("adjust-opening", "--line", LINE.replace(":2020", ":2019"), "--amount", "3",
         "--adjustment", "consolidation-in", "--doc", "调1"),
        ("recover", "--line", LINE, "--amount", "3", "--doc", "收1"),
        ("reallocate", "--from", f"{LINE}=3", "--to", f"{other}=3", "--doc", "调1",
         "--authority", "finance"),
        ("income", "--func", "2080105", "--econ", "other", "--amount", "3"),
        ("pay", "--line", LINE, "--econ", "30201", "--amount", "3", "--payee", "x"),
    ]  # fmt: skip
    before = shell.ask("balance")["totals"]
    for arguments in money:
        entry = shell.ask(*arguments, "--date", "2020-03-01")["entry"]
        shell("reverse", str(entry), "--date", "2020-03-01")
        assert before == shell.ask("balance")["totals"], arguments
    assert shell.ask("carryover")["income_fen"] == 1000_00
    for number in ("1", "2"):
        refused = shell.ask("reverse", number, "--date", "2020-03-01", exit=3)
        assert refused["code"] == "ENTRY.KIND"


def test_a_partly_refunded_payment_cannot_be_reversed(shell: Shell):
    """Until its refund is reversed."""
    pay(shell, "100")
    shell("refund", "5", "--amount", "1", "--date", "2020-03-02")
    refused = shell.ask("reverse", "5", "--date", "2020-03-02", exit=3)
    assert (refused["code"], refused["facts"]["refunded_fen"]) == ("ENTRY.REFUNDED", 1_00)
    shell("reverse", "6", "--date", "2020-03-02")
    assert shell.ask("reverse", "5", "--date", "2020-03-02")["available_fen"] == 1000_00


@pytest.mark.parametrize("ref", ["5", "支A"])
def test_correct(shell: Shell, ref: str):
    """A negative copy and a right entry, both or neither; the original stays as it is."""
    pay(shell, "100", "--key", "支A", "--doc", "支1")
    original = shell.ask("show", "5")
    refused = shell.ask("correct", ref, "--amount", "1000.01", "--date", "2020-03-02", exit=3)
    assert (refused["code"], shell.entries()) == ("R1.AVAILABLE", 5)
    receipt = shell.ask("correct", ref, "--amount", "90", "--econ", "30202", "--date", "2020-03-02")
    assert (receipt["entries"], receipt["available_fen"]) == ([6, 7], 910_00)
    shown = [shell.ask("show", str(number)) for number in (5, 6, 7)]
    assert {**original, "later": [6]} == {**shown[0], "head": original["head"]}
    assert tuple(shown[1][n] for n in ("kind", "amount_fen", "original")) == ("reverse", -100_00, 5)
    assert tuple(shown[2][name] for name in ("kind", "amount_fen", "econ", "payee", "doc")) == (
        "pay",
        90_00,
        "30202",
        "某店",
        "支1",
    )


def test_a_reference_to_nothing(shell: Shell):
    for command in (("refund", "--amount", "1"), ("reverse",), ("correct", "--amount", "1")):
        for ref in ("99", "#99", "没有这个"):
            refused = shell.ask(command[0], ref, *command[1:], "--date", "2020-03-01", exit=3)
            assert refused["code"] == "ENTRY.MISSING"


# §3 Income and cash.


def test_income_by_basis(tmp_path: Path):
    """`fiscal` only under `recorded`; the other classes only for non-fiscal money."""
    take = ("income", "--func", "2080105", "--amount", "1", "--date", "2020-03-01", "--econ")
    for basis in ("indicator", "payment", "recorded"):
        shell = Shell(tmp_path / f"{basis}.db").open(basis=basis)
        for source in ("service", "business", "superior", "affiliate", "other"):
            assert shell.ask(*take, source)["line"] == "nonfiscal:2080105:basic:-:-:2020"
        if basis == "recorded":
            assert shell.ask(*take, "fiscal")["line"] == "general:2080105:basic:-:-:2020"
        else:
            assert shell.ask(*take, "fiscal", exit=3)["code"] == "INCOME.CLASS"
        assert shell.ask(*take, "service", "--fund", "general", exit=3)["code"] == "INCOME.CLASS"
        assert shell.ask(*take, "grant", exit=2)["facts"]["field"] == "econ"


def test_nonfiscal_money_needs_a_line_and_cash(shell: Shell):
    """A line like any other, and payments may not exceed what came in and over."""
    spend = ("pay", "--fund", "nonfiscal", "--econ", "30201", "--payee", "x", "--date",
             "2020-03-01", "--amount")  # fmt: skip
    line = ("--fund", "nonfiscal", "--func", "2080105")
    shell("income", *line, "--econ", "other", "--amount", "50", "--date", "2020-03-01")
    assert shell.ask(*spend, "1", exit=3)["code"] == "R1.NO_LINE"
    shell("supplement", *line, "--amount", "100", "--doc", "追1", "--date", "2020-03-01")
    refused = shell.ask(*spend, "50.01", exit=3)
    assert (refused["code"], refused["facts"]["cash_fen"]) == ("R1.CASH", 50_00)
    shell("carry-in", *line, "--origin", "2019", "--amount", "5", "--date", "2020-03-01")
    assert shell.ask(*spend, "55", "--origin", "2020")["available_fen"] == 45_00
