"""审批 at the command line: what waits ends with 6, another person approves, a retry is told."""

from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import LINE, Shell, in_process, process

OTHER = LINE.replace("P02", "P01")
DATE = ("--date", "2020-03-01")
FINANCE = ("--authority", "finance")


def ask_for(shell: Shell, amount: str, *more: str, exit: int = 6) -> Any:
    """Asks for money to another project, without authority, as 王."""
    return shell.ask(
        *("reallocate", "--from", f"{LINE}={amount}", "--to", f"{OTHER}={amount}", "--doc"),
        *(f"调{amount}", *DATE, "--actor", "王", *more),
        exit=exit,
    )


def approve(shell: Shell, *arguments: str, actor: str = "李", exit: int = 0) -> Any:
    return shell.ask("approve", *arguments, *DATE, "--actor", actor, exit=exit)


def waiting(shell: Shell, *cut: str) -> list[int]:
    return [request["entry"] for request in shell.ask("pending", *cut)["requests"]]


def test_a_request_ends_with_6_and_says_how_it_is_approved(shell: Shell):
    receipt = ask_for(shell, "100")
    assert {
        "ok": True,
        "entry": 5,
        "kind": "submit",
        "pending": True,
        "needed": "finance",
        "settled": None,
        "try": ["yusuan approve 5 --authority finance --actor 批准人"],
        "amount_fen": 100_00,
        "available_fen": 1000_00,
        "lines": [LINE, OTHER],
        "already": False,
    }.items() <= receipt.items()
    assert {name: shell.balance(LINE)[f"{name}_fen"] for name in ("paid", "available")} == {
        "paid": 0,
        "available": 1000_00,
    }
    text = shell("reallocate", "--line", LINE, "--to-project", "P01", "--amount", "1", "--doc",
                 "调", *DATE, exit=6).out  # fmt: skip
    assert "待审批  须由财政部门批准，批准前不动用资金" in text
    assert "可以：yusuan approve 6 --authority finance --actor 批准人" in text


def test_every_receipt_says_that_nothing_waits(shell: Shell):
    """A script need not know which commands may wait."""
    receipt = shell.ask("cut", "--line", LINE, "--amount", "1", "--doc", "减1", *DATE)
    assert tuple(receipt[name] for name in ("pending", "needed", "settled", "try")) == (
        False,
        None,
        None,
        [],
    )


def test_what_would_wait_is_tried_first(shell: Shell):
    """A dry run records nothing and ends as the command would; there is nothing to approve yet."""
    before = shell.head()
    receipt = ask_for(shell, "100", "--dry-run")
    assert (receipt["pending"], receipt["dry_run"], receipt["try"]) == (True, True, [])
    ask_for(shell, "100")
    receipt = approve(shell, "5", *FINANCE, "--dry-run")
    assert (receipt["available_fen"], receipt["entries"]) == (900_00, [6])
    assert receipt["head"]["entries"] == before["entries"] + 1
    assert waiting(shell) == [5]


@pytest.mark.parametrize(
    ("maker", "checker"),
    [
        ("甲", "甲."),
        ("甲", "“甲”"),
        ("王 小明", "王小明"),
        ("root", "Ｒｏｏｔ"),
        ("café", "cafe\u0301"),
        ("Ёлка", "ёлка"),
        ("STRASSE", "straße"),
        ("ハナコ", "ﾊﾅｺ"),
        ("会计①", "会计1"),
    ],
)
def test_a_name_that_looks_the_same_is_the_same_person(shell: Shell, maker: str, checker: str):
    """Whatever the letters are made of. Someone else still may."""
    reallocation = ("reallocate", "--line", LINE, "--to-project", "P01", "--amount", "1")
    shell.ask(*reallocation, "--doc", "调", *DATE, "--actor", maker, exit=6)
    refused = approve(shell, "5", *FINANCE, actor=checker, exit=3)
    assert (refused["code"], refused["facts"]["actor"]) == ("APPROVAL.SAME_ACTOR", maker)
    assert waiting(shell) == [5]
    approve(shell, "5", *FINANCE, actor=f"{maker}二")


@pytest.mark.parametrize("mark", list("\ufe00\u034f\u3164\u2800\u200b\U000e0100\xad"))
def test_a_mark_that_nobody_sees_is_in_no_name_and_no_key(shell: Shell, mark: str):
    pay = ("pay", "--line", LINE, "--econ", "30299", "--amount", "1", *DATE)
    for named in (("--actor", f"甲{mark}"), ("--key", f"K1{mark}"), ("--payee", f"某{mark}店")):
        wrong = shell.ask(*pay, *named, exit=2)
        assert (wrong["code"], wrong["facts"]["field"]) == ("TEXT.UNREADABLE", named[0][2:])
        assert mark not in wrong["message"]
        assert f"U+{ord(mark):04X}" in wrong["facts"]["expected"]


def test_nobody_is_no_actor(shell: Shell):
    assert shell.ask("cut", "--line", LINE, "--amount", "1", "--actor", "  ", exit=2)["code"] == (
        "FIELD.REQUIRED"
    )


def test_a_session_of_two_people(tmp_path: Path, made: Shell):
    """By real processes: 王 asks twice, may not approve, 李 approves both at once."""
    db = tmp_path / "b.db"
    db.write_bytes(made.db.read_bytes())

    def told(*words: str, actor: str) -> Any:
        return process("--db", str(db), *words, "--actor", actor, "--json", cwd=tmp_path)

    moves = ("reallocate", "--line", LINE, "--to-project", "P01", *DATE)
    for amount in ("1", "2"):
        asked = told(*moves, "--amount", amount, "--doc", f"调{amount}", actor="王")
        assert (asked.exit, asked.json["pending"]) == (6, True)
    own = told("approve", "5", *FINANCE, *DATE, actor="王")
    assert (own.exit, own.json["code"]) == (3, "APPROVAL.SAME_ACTOR")
    both = told("approve", "5", "6", *FINANCE, *DATE, "--doc", "批1", actor="李")
    assert (both.exit, both.json["entry"], both.json["available_fen"]) == (0, 8, 997_00)
    assert [
        (each["entry"], each["original"], each["available_fen"]) for each in both.json["receipts"]
    ] == [(7, 5, 999_00), (8, 6, 997_00)]
    again = told("approve", "5", "6", *FINANCE, *DATE, "--doc", "批1", actor="李")
    assert (again.exit, [each["already"] for each in again.json["receipts"]]) == (0, [True, True])
    shown = told("show", "7", actor="王").json
    assert (shown["actor"], shown["doc"], shown["original"]) == ("李", "批1", 5)
    assert told("audit", actor="王").exit == 0


def test_a_batch_is_approved_as_a_whole(shell: Shell):
    """With 1,000 yuan for three requests of 400 none is approved; two of them are."""
    for amount in ("400", "400.01", "400.02"):
        ask_for(shell, amount)
    before = shell.head()
    for words in (("5", "6", "7"), ("--all",)):
        refused = approve(shell, *words, *FINANCE, exit=3)
        assert (refused["code"], refused["facts"]["ref"]) == ("R1.AVAILABLE", "#7")
    assert before == shell.head()
    answer = in_process("--db", str(shell.db), "approve", "--all", *FINANCE, *DATE)
    assert "#7 未通过，3 笔都没有记录" in answer.err
    receipts = approve(shell, "5", "6", *FINANCE)["receipts"]
    assert [receipt["available_fen"] for receipt in receipts] == [600_00, 199_99]
    assert [receipt["head"]["entries"] for receipt in receipts] == [8, 9]
    assert waiting(shell) == [7]
    assert approve(shell, "7", *FINANCE, exit=3)["facts"]["short_fen"] == 200_03


def test_all_is_every_request_that_waits(shell: Shell):
    """Of none there is nothing to do; of one's own none is approved."""
    nothing = approve(shell, "--all", *FINANCE)
    assert (nothing["ok"], nothing["receipts"], nothing["head"]["entries"]) == (True, [], 4)
    assert "没有待审批的申请" in shell("approve", "--all", *DATE).out
    ask_for(shell, "1")
    ask_for(shell, "2")
    assert approve(shell, "--all", *FINANCE, actor="王", exit=3)["code"] == "APPROVAL.SAME_ACTOR"
    assert [each["original"] for each in approve(shell, "--all", *FINANCE)["receipts"]] == [5, 6]
    assert waiting(shell) == []


def test_a_retry_is_told_what_became_of_the_request(shell: Shell):
    """The same receipt and 6 as long as it waits; 0 once it is approved, 1 if it was rejected."""
    first, second = ask_for(shell, "100", "--key", "甲"), ask_for(shell, "200", "--key", "乙")
    same = ("entry", "kind", "pending", "needed", "try", "head", "available_fen")
    again = ask_for(shell, "100", "--key", "甲")
    assert again["already"]
    assert [first[name] for name in same] == [again[name] for name in same]
    approve(shell, "甲", *FINANCE)
    shell("reject", str(second["entry"]), "--reason", "不急", *DATE, "--actor", "李")
    done = ask_for(shell, "100", "--key", "甲", exit=0)
    assert (done["entry"], done["pending"], done["try"]) == (5, False, [])
    assert done["settled"] == {"entry": 7, "kind": "approve", "actor": "李"}
    gone = ask_for(shell, "200", "--key", "乙", exit=1)
    assert gone["settled"] == {"entry": 8, "kind": "reject", "actor": "李"}
    assert shell.entries() == 8
    text = in_process("--db", str(shell.db), "reallocate", "--from", f"{LINE}=200", "--to",
                      f"{OTHER}=200", "--doc", "调200", *DATE, "--key", "乙")  # fmt: skip
    assert (text.exit, "审批结果  否决，第 8 笔，李" in text.out) == (1, True)


@pytest.mark.parametrize("actor", ["王", "李"])
def test_a_request_is_rejected_or_withdrawn(shell: Shell, actor: str):
    """By anybody, its maker too; with a reason; several together."""
    ask_for(shell, "1"), ask_for(shell, "2")
    words = ("reject", "5", "#6", *DATE, "--actor", actor)
    assert shell.ask(*words, exit=3)["code"] == "APPROVAL.REASON"
    receipts = shell.ask(*words, "--reason", "不急")["receipts"]
    assert [(r["kind"], r["original"]) for r in receipts] == [("reject", 5), ("reject", 6)]
    assert waiting(shell) == []
    assert shell.ask("show", "5")["later"] == [7]
    refused = approve(shell, "5", *FINANCE, exit=3)
    assert (refused["code"], refused["facts"]["settled_by"]) == ("APPROVAL.SETTLED", 7)


def test_an_approval_brings_the_authority(shell: Shell):
    ask_for(shell, "1")
    for words in ((), ("--authority", "department")):
        refused = approve(shell, "5", *words, exit=3)
        assert (refused["code"], refused["try"]) == ("R5.AUTHORITY", ["--authority finance"])
    assert approve(shell, "5", "--authority", "mayor", exit=2)["code"] == "AUTHORITY.UNKNOWN"
    assert approve(shell, "5", "--authority", "财政部门")["kind"] == "approve"


def test_an_approval_is_reversed_by_its_number(shell: Shell):
    ask_for(shell, "100", "--key", "甲")
    approve(shell, "5", *FINANCE, "--key", "批")
    assert shell.ask("reverse", "甲", *DATE, exit=3)["code"] == "ENTRY.KIND"
    receipt = shell.ask("reverse", "批", *FINANCE, *DATE)
    assert (receipt["amount_fen"], receipt["original"]) == (-100_00, 6)
    assert shell.balance(LINE)["available_fen"] == 1000_00


def test_what_was_approved_is_not_undone_by_its_maker_alone(shell: Shell):
    """The reversal waits as the request did; both are told wherever an entry is, and the audit, a
    file of rows and a restored copy agree."""
    ask_for(shell, "100", "--key", "甲")
    approve(shell, "5", *FINANCE)
    asked = shell.ask("reverse", "6", *DATE, "--actor", "王", "--doc", "撤1", exit=6)
    assert {"entry": 7, "kind": "submit", "needed": "finance", "original": 6,
            "amount_fen": -100_00, "available_fen": 900_00}.items() <= asked.items()  # fmt: skip
    assert asked["try"] == ["yusuan approve 7 --authority finance --actor 批准人"]
    (request,) = shell.ask("pending")["requests"]
    assert (request["kind"], request["needed"]) == ("reverse", "finance")
    assert request["why"] == "冲销经财政部门审批的业务"
    assert request["lines"] == [
        {"line": LINE, "amount_fen": 100_00},
        {"line": OTHER, "amount_fen": -100_00},
    ]
    assert approve(shell, "7", *FINANCE, actor="王", exit=3)["code"] == "APPROVAL.SAME_ACTOR"
    assert approve(shell, "7", "--authority", "department", exit=3)["code"] == "R5.AUTHORITY"
    assert shell.ask("show", "6")["later"] == [7]
    assert "须由" in shell("show", "7").out
    assert approve(shell, "7", *FINANCE)["original"] == 7
    assert shell.balance(LINE)["available_fen"] == 1000_00
    assert "审批层级  财政部门" in shell("show", "8").out
    again = shell.ask("reverse", "6", *FINANCE, *DATE, exit=3)
    assert (again["code"], again["facts"]["reversed_by"]) == ("ENTRY.REVERSED", 8)
    assert shell.ask("reverse", "8", *FINANCE, *DATE, exit=3)["code"] == "ENTRY.KIND"
    retried = shell.ask("reverse", "6", *DATE, "--actor", "王", "--doc", "撤1")
    assert (retried["already"], retried["settled"]["entry"]) == (True, 8)
    assert shell.ask("audit")["ok"]


def corrected(shell: Shell, number: int, *said: str) -> Any:
    """A correction of an approved reallocation, which waits."""
    return shell.ask("correct", str(number), *said, *DATE, "--actor", "王", exit=6)


def test_a_correction_that_waits_takes_effect_when_it_is_approved(shell: Shell):
    """The receipts name the entry that is corrected and the one that stands in its place, before
    and after; the correction keeps the 文号 that it puts right, and the approval has its own."""
    ask_for(shell, "100")
    approve(shell, "5", *FINANCE, "--doc", "批1")
    asked = corrected(shell, 6, "--doc", "调2")
    assert (asked["entry"], asked["original"], asked["undoes"]) == (7, 6, 6)
    again = shell("correct", "6", "--doc", "调2", *DATE, "--actor", "王", exit=6).out
    assert "更正第 6 笔  原记 100.00 元，批准后才一并冲销；在此之前仍以第 6 笔为准" in again
    words = ("approve", "7", *FINANCE, "--doc", "批2", *DATE, "--actor", "李")
    assert "更正第 6 笔  原记 100.00 元，将一并冲销" in shell(*words, "--dry-run").out
    assert "更正第 6 笔  原记 100.00 元，已一并冲销；以第 8 笔为准" in shell(*words).out
    receipt = shell.ask(*words)
    assert (receipt["entry"], receipt["original"], receipt["undoes"]) == (8, 7, 6)
    shown = shell.ask("show", "8")
    assert (shown["doc"], shown["approval_doc"], shown["undoes"]) == ("调2", "批2", 6)
    text = shell("show", "8").out
    assert all(told in text for told in ("文号      调2", "批准文号  批2", "冲销的原笔"))
    for doc in ("调2", "批2"):
        assert 8 in [each["entry"] for each in shell.ask("log", "--doc", doc)["entries"]]
    log = shell("log", "--doc", "批2").out
    assert "冲销第 6 笔" in log and "批2" in log and "调2" in log
    assert "批准后冲销第 6 笔" in shell("log", "--kind", "submit").out
    assert shell.ask("audit")["ok"]


def test_a_correction_that_was_rejected_undid_nothing(shell: Shell):
    ask_for(shell, "100", *FINANCE, exit=0)
    corrected(shell, 5, "--doc", "调2", "--key", "改")
    shell("reject", "6", "--reason", "不改", *DATE, "--actor", "李")
    told = shell("correct", "5", "--doc", "调2", *DATE, "--actor", "王", "--key", "改", exit=1).out
    assert "原记 100.00 元，没有冲销" in told


@pytest.mark.parametrize("meanwhile", ["reverse", "correct"])
def test_what_was_undone_meanwhile_is_named_and_the_request_is_withdrawn(
    shell: Shell, meanwhile: str
):
    ask_for(shell, "100", *FINANCE, exit=0)
    corrected(shell, 5, "--doc", "调2")
    said = ("--doc", "调3") if meanwhile == "correct" else ()
    shell(meanwhile, "5", *said, *FINANCE, *DATE)
    refused = approve(shell, "6", *FINANCE, exit=3)
    how = {"reverse": "冲销", "correct": "更正"}[meanwhile]
    assert (refused["code"], refused["facts"]["how"]) == ("ENTRY.REVERSED", how)
    assert f"第 5 笔已由第 7 笔{how}" in refused["message"]
    assert refused["try"] == ["yusuan reject 6 --reason 撤回", "yusuan show 7"]
    shell("reject", "6", "--reason", "撤回", *DATE, "--actor", "王")
    assert waiting(shell) == []


def test_rows_of_a_file_bring_the_authority_of_a_reversal_or_wait(shell: Shell, tmp_path: Path):
    ask_for(shell, "100", *FINANCE, exit=0)
    ask_for(shell, "50", *FINANCE, exit=0)
    file = tmp_path / "冲销.csv"
    file.write_text(
        "id,date,kind,ref,authority,doc\na,2020-03-02,reverse,#5,,撤1\n"
        "b,2020-03-02,reverse,#6,finance,撤2\n",
        encoding="utf-8",
    )
    told = shell.ask("import", str(file), exit=6)
    assert (told["recorded"], told["pending"]) == (2, 1)
    assert waiting(shell) == [7]
    assert shell.balance(LINE)["available_fen"] == 900_00


def test_pending_lists_what_waits_and_what_to_do(shell: Shell):
    """By date and by what was known; in text with both lines of a reallocation."""
    assert shell.ask("pending")["requests"] == []
    assert "没有待审批的申请" in shell("pending").out
    ask_for(shell, "100", "--reason", "项目调整")
    answer = shell.ask("pending", "--as-of", "2020-03-01")
    assert (
        answer["book"],
        answer["as_of"],
        answer["known_at"],
        answer["head"]["entries"],
    ) == ("420103/2020", "2020-03-01", None, 5)
    (request,) = answer["requests"]
    assert request == {
        "entry": 5,
        "date": "2020-03-01",
        "actor": "王",
        "kind": "reallocate",
        "amount_fen": 100_00,
        "lines": [
            {"line": LINE, "amount_fen": -100_00},
            {"line": OTHER, "amount_fen": 100_00},
        ],
        "needed": "finance",
        "why": "跨项目",
        "doc": "调100",
        "reason": "项目调整",
        "decides": {
            "decisions": [],
            "sums": [],
            "sources": [{"line": LINE, "amount_fen": 100_00}],
            "targets": [{"line": OTHER, "amount_fen": 100_00}],
            "needed": "finance",
            "why": "跨项目",
        },
    }
    text = shell("pending").out.splitlines()
    (first,) = [line for line in text if line.startswith("5 ")]
    assert first.split() == ["5", "2020-03-01", "王", "调剂", "财政部门", "调100", "项目调整", LINE,
                             "-100.00"]  # fmt: skip
    assert text[text.index(first) + 1].split() == [OTHER, "100.00"]
    assert waiting(shell, "--as-of", "2020-02-28") == []
    assert waiting(shell, "--known-at", "2019-12-31T00:00:00+08:00") == []


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        (("approve",), "FIELD.REQUIRED", "ref"),
        (("reject", "--reason", "x"), "FIELD.REQUIRED", "ref"),
        (("approve", "5", "--all"), "REF.TWICE", "ref"),
        (("approve", "5", "6", "--key", "甲"), "KEY.SEVERAL", "key"),
        (("approve", "--all", "--key", "甲"), "KEY.SEVERAL", "key"),
        (("reject", "5", "6", "--key", "甲", "--reason", "x"), "KEY.SEVERAL", "key"),
    ],
)
def test_what_cannot_be_meant_is_bad_input(
    shell: Shell, words: tuple[str, ...], code: str, field: str
):
    """One key is one entry, so it cannot stand for several."""
    ask_for(shell, "1"), ask_for(shell, "2")
    wrong = shell.ask(*words, *DATE, exit=2)
    assert (code, field) == (wrong["code"], wrong["facts"]["field"])
    assert waiting(shell) == [5, 6]


def test_one_request_named_twice_is_one(shell: Shell):
    """By its number in two ways; its id beside is another word for it, and refused as settled."""
    ask_for(shell, "1", "--key", "甲")
    refused = approve(shell, "5", "甲", *FINANCE, exit=3)
    assert refused["code"] == "APPROVAL.SETTLED"
    assert waiting(shell) == [5]
    assert len(approve(shell, "5", "#5", *FINANCE)["receipts"]) == 1


def test_nothing_waits_in_a_book_that_was_not_opened(shell: Shell):
    named = ("--unit", "420103", "--year", "2021")
    for words in (("approve", "--all"), ("approve", "5"), ("reject", "5", "--reason", "x"),
                  ("pending",)):  # fmt: skip
        dated = () if words[0] == "pending" else ("--date", "2021-03-01")
        assert shell.ask(*words, *dated, *named, exit=3)["code"] == "BOOK.NOT_OPENED"
