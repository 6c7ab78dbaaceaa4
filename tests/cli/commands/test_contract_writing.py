"""What others rely on: money that comes and goes, books and receipts, sentence by sentence.

The conventions of every command stand in test_contract.py.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.harness.contract import HEX64, OPEN, RECEIPT, pay, shaped
from tests.harness.shell import LINE, Shell, in_process

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
    "reclassify": ("--func", "2080105", "--amount", "1", "--cause", "done", "--doc", "d"),
    "reuse": ("--func", "2080105", "--amount", "1", "--to-line", LINE, "--doc", "d"),
    "cap": ("--item", "reception", "--amount", "1", "--doc", "d"),
    "pay": ("--func", "2080105", "--econ", "30201", "--amount", "1", "--payee", "x"),
    "refund": ("1", "--amount", "1"),
    "reverse": ("1",),
    "correct": ("1", "--amount", "1"),
    "income": ("--func", "2080105", "--econ", "service", "--amount", "1"),
    "adjust-surplus": ("--adjustment", "closing-revised", "--amount", "1", "--doc", "d"),
    "approve": ("1",),
    "reject": ("1", "--reason", "x"),
    "lock-month": ("3",),
    "unlock-month": ("3", "--reason", "x"),
    "final-approval": ("--doc", "d"),
    "publish": (__file__,),
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


_SHORT = LINE.replace("2080105", "99")


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        (("reuse", "--line", LINE, "--to-line", "zz", "--amount", "1"), "to-line", "zz"),
        (("reuse", "--line", LINE, "--to-line", _SHORT, "--amount", "1"), "to-line", _SHORT),
        (("reuse", "--line", "zz", "--to-line", LINE, "--amount", "1"), "line", "zz"),
        (("reallocate", "--from", "zz=1", "--to", f"{LINE}=1"), "from", "zz"),
        (("reallocate", "--from", f"{LINE}=1", "--to", f"{_SHORT}=1"), "to", _SHORT),
        (("reallocate", "--func", "99x", "--to-func", "2080105", "--amount", "1"), "func", "99x"),
        *(
            (("reallocate", "--func", "2080105", f"--to-{part}", "!", "--amount", "1"),
             f"to-{part}", "!")
            for part in ("fund", "func", "spending", "project", "econ", "origin")
        ),
        (("voucher", "--item", f"{_SHORT}=1", "--payee", "某人"), "item", _SHORT),
    ],
)  # fmt: skip
def test_of_two_lines_the_one_that_is_wrong_is_named(
    shell: Shell, typed: tuple[str, ...], field: str, value: str
):
    """By the option that it was typed in, not by the part of a line that both have."""
    facts = shell.ask(*typed, exit=2)["facts"]
    assert (facts["field"], facts["value"]) == (field, value)


@pytest.mark.parametrize("kind", ["reallocate", "reuse"])
@pytest.mark.parametrize("part", ["func", "spending", "project", "econ", "origin"])
def test_of_two_lines_of_a_row_the_one_that_is_wrong_is_named(shell: Shell, kind: str, part: str):
    header = f"id,date,kind,func,project,to_{part},amount,doc"
    file = shell.csv(f"A1,2020-03-01,{kind},2080105,P02,!,1,调1", header=header)
    (rejected,) = shell.ask("import", str(file), exit=2)["rejected"]
    assert rejected["column"] == f"to_{part}"


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
        ("reclassify", "--line", LINE, "--amount", "3", "--cause", "done", "--doc", "结1"),
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
        by = ("--authority", "finance") if arguments[0] == "reallocate" else ()
        shell("reverse", str(entry), "--date", "2020-03-01", *by)
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
    """A negative copy and what is right in one entry, decided by what both do; the original stays
    as it is, and each names the other."""
    pay(shell, "100", "--key", "支A", "--doc", "支1")
    original = shell.ask("show", "5")
    refused = shell.ask("correct", ref, "--amount", "1000.01", "--date", "2020-03-02", exit=3)
    assert (refused["code"], shell.entries()) == ("R1.AVAILABLE", 5)
    receipt = shell.ask("correct", ref, "--amount", "90", "--econ", "30202", "--date", "2020-03-02")
    assert (receipt["entries"], receipt["available_fen"]) == ([6], 910_00)
    before, after = (shell.ask("show", number) for number in "56")
    assert {**original, "later": [6]} == {**before, "head": original["head"]}
    said = {"kind": "correct", "original": 5, "undone_fen": -100_00, "amount_fen": 90_00}
    said |= {"econ": "30202", "payee": "某店", "doc": "支1"}
    assert said.items() <= after.items()
    paid = [(p["econ"], p["amount_fen"]) for p in after["postings"] if p["account"] == "PAID"]
    assert paid == [("30201", -100_00), ("30202", 90_00)]


def test_the_log_says_what_each_entry_did_to_what_is_paid_and_reserved(shell: Shell):
    """With its sign: a refund takes off, what is paid from a reservation is no longer kept; a
    correction stands on two lines, a refund under its payee, and each kind has its total."""
    pay(shell, "100", "--doc", "支1")  # 5
    day = ("--date", "2020-03-05")
    shell("correct", "5", "--amount", "90", *day)  # 6
    shell("refund", "5", "--amount", "20", *day)  # 7
    shell("reserve", "--line", LINE, "--amount", "50", "--payee", "甲", *day)  # 8
    shell("pay", "--reserve", "8", "--amount", "30", "--econ", "30201", "--payee", "甲", *day)  # 9
    answer = shell.ask("log")
    moved = [(e["entry"], e["paid_fen"], e["held_fen"]) for e in answer["entries"][3:]]
    assert moved == [
        (4, None, None),
        (5, 100_00, None),
        (6, -10_00, None),
        (7, -20_00, None),
        (8, None, 50_00),
        (9, 30_00, -30_00),
    ]
    totals = {each.pop("kind"): each for each in answer["totals"]}
    assert list(totals["correct"].values()) == [1, -10_00, -10_00, 0]
    assert list(totals["pay"].values()) == [2, 130_00, 130_00, -30_00]
    assert sum(each["paid_fen"] for each in totals.values()) == shell.balance(LINE)["paid_fen"]
    assert sum(each["held_fen"] for each in totals.values()) == shell.balance(LINE)["held_fen"]
    assert [e["entry"] for e in shell.ask("log", "--payee", "某店")["entries"]] == [5, 6, 7]
    lines = [line.split() for line in shell("log", "--paid").out.splitlines()]
    assert ["6", "2020-03-05", "更正", "冲销第", "5", "笔", "-100.00", "-100.00"] in lines
    assert [LINE, "支1", "某店", "90.00", "90.00"] in lines
    assert ["合计", "4", "100.00", "-30.00"] in lines


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
