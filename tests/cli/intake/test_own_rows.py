"""The rows of a file among themselves, and what has become of those that were recorded before."""

import shlex
from typing import Any

import pytest

from tests.harness.import_files import entries, rejected, report, row, wide
from tests.harness.shell import LINE, Shell

PAY = "{id},2020-03-01,pay,2080105,P02,30201,{amount},某印刷厂"

OF_P02 = {"date": "2020-03-01", "func": "2080105", "project": "P02", "econ": "30201"}
REFUND = {"date": "2020-03-02", "kind": "refund"}


@pytest.mark.parametrize("how", [(), ("--dry-run",), ("--keep-going",)])
@pytest.mark.parametrize(("second", "says"), [("10", "编号相同；"), ("11", "金额记录为 10.00")])
def test_a_row_that_repeats_another_of_its_file_is_told_so(
    shell: Shell, how: tuple[str, ...], second: str, says: str
):
    path = shell.csv(PAY.format(id="10", amount="10"), PAY.format(id="10", amount=second))
    answer = report(shell, path, *how, exit=1 if "--keep-going" in how else 3)
    (bad,) = answer["rejected"]
    assert (bad["row"], bad["column"], bad["code"]) == (3, "id", "KEY.CONFLICT")
    assert "“10”与本文件第 2 行编号相同" in bad["message"]
    assert says in bad["message"]
    assert bad["facts"]["row"] == 2
    assert "entry" not in bad["facts"]
    assert [each["given"] for each in bad["facts"]["differs"]] == (
        ["11.00"] if says[0] == "金" else []
    )
    assert not any("show" in way or "新编号" in way for way in bad["try"])
    assert answer["already"] == 0
    told = shell("import", str(path), *how, exit=1 if "--keep-going" in how else 3)
    assert "第 5 笔" not in told.err


def test_it_is_a_repetition_whatever_became_of_the_first(shell: Shell):
    """Recorded before, refused, unreadable."""
    good, again = PAY.format(id="A", amount="1"), PAY.format(id="A", amount="2")
    report(shell, shell.csv(good))
    for rows in (
        (good, good),
        (good, again),
        (PAY.format(id="B", amount="9999"), PAY.format(id="B", amount="1")),
        (PAY.format(id="C", amount="x"), PAY.format(id="C", amount="1")),
    ):
        answer = report(shell, shell.csv(*rows), "--keep-going", exit=1)
        assert rejected(answer, "row", "code")[-1] == (3, "KEY.CONFLICT")
        assert "本文件第 2 行" in answer["rejected"][-1]["message"]
    assert shell.entries() == 5


def test_no_refusal_names_an_entry_that_is_not_there(shell: Shell):
    """What would be entry 5 is row 2, in the sentence, the facts and the ways out."""
    path = wide(
        shell,
        row(id="A", kind="pay", amount="5", payee="x", **OF_P02),
        row(id="B", ref="A", amount="6", **REFUND),
        row(id="C", ref="A", date="2020-02-01", kind="reverse"),
        row(id="D", ref="A", date="2020-03-02", kind="reverse"),
        row(id="E", ref="A", date="2020-03-02", kind="reverse"),
    )
    answer = report(shell, path, exit=3)
    assert rejected(answer, "row", "code") == [
        (3, "R15.REFUND"),
        (4, "DATE.BEFORE_ORIGINAL"),
        (6, "ENTRY.REVERSED"),
    ]
    for bad in answer["rejected"]:
        assert "本文件第 2 行" in bad["message"]
        assert "笔" not in bad["message"].replace("笔支付", "")
        assert bad["facts"] == {"row": 2}
        assert not any(word in " ".join(bad["try"]) for word in ("show", "refund"))
    assert "本文件第 5 行" in answer["rejected"][-1]["message"]
    assert answer["rejected"][0]["try"] == ["--amount 5.00"]


def changed(shell: Shell, **cells: str) -> dict[str, Any]:
    """A row that was recorded, edited and imported again."""
    said = {"kind": "pay", "amount": "5", "payee": "某店", "purpose": "纸", **OF_P02}
    report(shell, wide(shell, row(id="Z2", **said)))
    bad: dict[str, Any]
    (bad,) = report(shell, wide(shell, row(id="Z2", **{**said, **cells})), exit=3)["rejected"]
    return bad


@pytest.mark.parametrize(
    ("cells", "differs", "ways"),
    [
        (
            {"purpose": "办公用纸"},
            [("purpose", "纸", "办公用纸")],
            ["yusuan correct 5 --purpose '办公用纸' --date 2020-03-01",
             "只有用途的文字不同，也可以不改：账上已有这一笔"],
        ),
        (
            {"amount": "6", "date": "2020-03-04"},
            [("occurred_on", "2020-03-01", "2020-03-04"), ("amount_fen", "5.00", "6.00")],
            ["yusuan correct 5 --amount 6.00 --date 2020-03-04"],
        ),
        ({"payee": "别店"}, [("payee", "某店", "别店")],
         ["yusuan correct 5 --payee '别店' --date 2020-03-01"]),
        ({"kind": "reserve", "payee": ""}, [("kind", "支付", "占用")], ["yusuan show 5"]),
    ],
    ids=["purpose", "amount and date", "payee", "kind"],
)  # fmt: skip
def test_a_row_that_was_edited_is_put_right_and_never_paid_again(
    shell: Shell, cells: dict[str, str], differs: list[tuple[str, str, str]], ways: list[str]
):
    bad = changed(shell, **cells)
    assert bad["code"] == "KEY.CONFLICT"
    assert bad["facts"]["entry"] == 5
    said = [(each["field"], each["recorded"], each["given"]) for each in bad["facts"]["differs"]]
    assert said == differs
    for _, recorded, given in said:
        assert f"记录为 {recorded}，这次为 {given}" in bad["message"]
    assert bad["try"] == ways
    way = shlex.split(ways[0])[1:]
    paid = shell.balance(LINE)["paid_fen"]
    shell(*way)
    after = 6_00 if "amount" in cells else paid
    assert shell.balance(LINE)["paid_fen"] == after


def test_a_command_that_was_changed_is_put_right(shell: Shell):
    pay = ("pay", "--line", LINE, "--econ", "30201", "--payee", "x", "--date", "2020-03-01")
    shell(*pay, "--amount", "5", "--key", "K")
    refused = shell.ask(*pay, "--amount", "6", "--key", "K", exit=3)
    assert refused["try"] == ["yusuan correct 5 --amount 6.00 --date 2020-03-01"]
    assert refused["facts"]["differs"] == [
        {"field": "amount_fen", "recorded": "5.00", "given": "6.00"}
    ]


def test_a_row_whose_entry_was_reversed_is_told_so(shell: Shell):
    path = shell.csv(PAY.format(id="Z1", amount="100"), PAY.format(id="Z2", amount="100"))
    report(shell, path)
    shell("reverse", "5", "--date", "2020-03-02")
    answer = report(shell, path)
    assert (answer["recorded"], answer["already"]) == (0, 2)
    assert answer["warnings"] == [
        {
            "code": "ROW.REVERSED",
            "message": "第 2 行：第 5 笔已由第 7 笔冲销；这次没有重新记录",
            "rows": 1,
            "row": 2,
            "facts": {"entry": 5, "reversed_by": 7, "row": 2},
        }
    ]
    told = shell("import", str(path)).out
    assert "提醒 ROW.REVERSED：第 2 行：第 5 笔已由第 7 笔冲销" in told
    assert "没有新的内容，其中 1 行的记录已被冲销" in told
    assert "全部已在账中" not in told
    assert len(entries(shell, "--kind", "pay")) == 2


def test_a_command_typed_again_after_its_reversal_is_told_so(shell: Shell):
    pay = ("pay", "--line", LINE, "--econ", "30201", "--payee", "x", "--date", "2020-03-01",
           "--amount", "5", "--key", "K")  # fmt: skip
    assert shell.ask(*pay)["reversed_by"] is None
    assert shell.ask(*pay)["warnings"] == []
    shell("reverse", "K", "--date", "2020-03-02")
    again = shell.ask(*pay)
    assert (again["already"], again["entry"], again["reversed_by"]) == (True, 5, 6)
    assert [each["facts"] for each in again["warnings"] if each["code"] == "ROW.REVERSED"] == [
        {"entry": 5, "reversed_by": 6}
    ]
    assert "此前已记录，已由第 6 笔冲销（未重新记录） 第 5 笔" in shell(*pay).out


def test_an_approved_request_whose_approval_was_reversed_is_told_so(shell: Shell):
    move = ("reallocate", "--line", LINE, "--to-econ", "31002", "--amount", "5", "--doc", "调1",
            "--date", "2020-03-01", "--actor", "甲", "--key", "K")  # fmt: skip
    shell(*move, exit=6)
    shell("approve", "5", "--authority", "finance", "--actor", "乙", "--date", "2020-03-01")
    assert shell.ask(*move)["reversed_by"] is None
    undo = ("reverse", "6", "--date", "2020-03-02", "--authority", "finance", "--actor", "丙")
    shell(*undo)
    again = shell.ask(*move)
    assert again["settled"]["entry"] == 6
    assert again["warnings"][-1]["facts"] == {"entry": 6, "reversed_by": 7}
