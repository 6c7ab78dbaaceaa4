"""更正: what is typed twice, what does not differ, and what a refusal says of it."""

import shlex

import pytest

from tests.harness.import_files import rejected, report, row, wide
from tests.harness.shell import LINE, Shell

WHOLE = {"func": "2080105", "spending": "project", "project": "P02", "econ": "30201"}
PAID = ("--amount", "50", "--payee", "某店", "--econ", "30201")
ON = ("--date", "2020-03-01")


@pytest.fixture
def paid(shell: Shell) -> Shell:
    """Entry 5: 50.00 of 1,000.00."""
    shell("pay", "--line", LINE, *PAID, *ON)
    return shell


def test_what_does_not_differ_is_refused(paid: Shell):
    """By a command and by a row of a file, before and after a correction; nothing is recorded."""
    for said in (("--amount", "50"), ("--payee", "某店"), ("--econ", "30201"), ()):
        told = paid.ask("correct", "5", *said, *ON, exit=3)
        assert (told["code"], told["facts"]["entry"]) == ("ENTRY.SAME", 5)
        assert told["try"] == ["yusuan show 5"]
    paid("correct", "5", "--amount", "60", *ON)
    again = paid.ask("correct", "5", "--amount", "60", *ON, exit=3)
    assert (again["code"], again["facts"]["entry"]) == ("ENTRY.SAME", 6)
    same = {"kind": "correct", "ref": "5", "payee": "某店", "date": "2020-03-01", **WHOLE}
    answer = report(paid, wide(paid, row(id="K", amount="60", **same)), exit=3)
    assert rejected(answer, "row", "column", "code") == [(2, "ref", "ENTRY.SAME")]
    assert paid.entries() == 6
    assert report(paid, wide(paid, row(id="K", amount="61", **same)))["recorded"] == 1


def test_a_day_that_is_said_is_a_difference(paid: Shell):
    assert paid.ask("correct", "5", "--date", "2020-03-02")["entry"] == 6
    assert paid.ask("correct", "5", "--date", "2020-03-02", exit=3)["code"] == "ENTRY.SAME"


def test_what_is_refused_says_whose_amount_its_figures_are_without(paid: Shell):
    """`balance` says 950.00."""
    told = paid.ask("correct", "5", "--amount", "1000.01", *ON, exit=3)
    assert told["code"] == "R1.AVAILABLE"
    assert told["message"].startswith("冲销第 5 笔 50.00 元之后，")
    figures = {"undone": 5, "undone_amount_fen": 50_00, "available_fen": 1000_00, "short_fen": 1}
    assert figures.items() <= told["facts"].items()


def test_a_payment_from_a_reservation_is_reversed_and_paid_anew_as_it_says(shell: Shell):
    shell("reserve", "--line", LINE, "--amount", "80", "--doc", "合", *ON)
    shell("pay", "--reserve", "5", *PAID, *ON)
    told = shell.ask("correct", "6", "--amount", "60", *ON, exit=3)
    assert (told["code"], told["try"]) == ("ENTRY.KIND", ["yusuan reverse 6"])
    assert "请先冲销，再对第 5 笔重新记录" in told["message"]
    shell("reverse", "6", *ON)
    assert shell.ask("correct", "6", "--amount", "60", *ON, exit=3)["try"] == ["yusuan show 7"]
    shell("pay", "--reserve", "5", "--amount", "60", "--payee", "某店", "--econ", "30201", *ON)


ROW = {"id": "Z2", "kind": "pay", "date": "2020-03-01", "amount": "50", "payee": "某店",
       "purpose": "纸", "doc": "支1", **WHOLE}  # fmt: skip
EDITED = {
    "date": ({"date": "2020-03-09"}, {"occurred_on": ("2020-03-05", "2020-03-09")}),
    "amount": ({"amount": "70"}, {"amount_fen": ("60.00", "70.00")}),
    "payee": ({"payee": "另一家"}, {"payee": ("某店", "另一家")}),
    "purpose": ({"purpose": "办公用纸"}, {"purpose": ("纸", "办公用纸")}),
    "document": ({"doc": "支2"}, {"doc": ("支1", "支2")}),
    "econ": ({"econ": "30202"}, {"econ": ("30201", "30202")}),
    "项": ({"func": "2080106"}, {"line": (LINE, "general:2080106:project:P02:30201:2020")}),
    "procurement": ({"procurement": "是"}, {"procurement": ("否", "是")}),
    "method": ({"pay_type": "direct"}, {"pay_type": ("", "direct")}),
    "several": (
        {"payee": "另一家", "amount": "70"},
        {"amount_fen": ("60.00", "70.00"), "payee": ("某店", "另一家")},
    ),
}


@pytest.mark.parametrize(("edited", "differs"), EDITED.values(), ids=EDITED)
def test_a_row_is_compared_with_what_stands_and_the_way_out_puts_that_right(
    shell: Shell, edited: dict[str, str], differs: dict[str, tuple[str, str]]
):
    """50.00 of 1 March became 60.00 of 5 March; the row says so, but for what was edited. What is
    offered makes it what the row says, and nothing else of it."""
    shell("appropriate", "--line", LINE.replace("05:", "06:"), "--amount", "99", *ON)
    report(shell, wide(shell, row(**ROW)))
    shell("correct", "Z2", "--amount", "60", "--date", "2020-03-05")
    source = wide(shell, row(**{**ROW, "amount": "60", **edited}))
    (bad,) = report(shell, source, exit=3)["rejected"]
    assert (bad["code"], bad["facts"]["entry"]) == ("KEY.CONFLICT", 6)
    assert "第 6 笔已更正为第 7 笔，内容不同（" in bad["message"]
    told = {one["field"]: (one["recorded"], one["given"]) for one in bad["facts"]["differs"]}
    assert told == differs
    shell(*shlex.split(bad["try"][0])[1:])
    before, after = (shell.ask("show", n)["stored"]["event"]["right"] for n in ("7", "8"))
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed == set(differs)
    assert report(shell, source)["already"] == 1


def test_a_correction_back_to_an_earlier_value_is_another_one(paid: Shell):
    """50.00, 60.00, 70.00 and 60.00 again, all under one document: the same command twice in a row
    is one correction, by whatever name of the entry; after another one it is none of the first."""

    def to(yuan: str, ref: str = "5") -> tuple[int, bool]:
        told = paid.ask("correct", ref, "--amount", yuan, "--doc", "更1", *ON)
        return told["entry"], told["already"]

    asked = [("60", "5"), ("60", "5"), ("60", "6"), ("70", "5"), ("70", "5"), ("60", "5")]
    asked += [("60", "5"), ("60", "8"), ("50", "6"), ("50", "5"), ("60", "5")]
    assert [to(*each) for each in asked] == [
        *((6, False), (6, True), (6, True), (7, False), (7, True), (8, False)),
        *((8, True), (8, True), (9, False), (9, True), (10, False)),
    ]
    paid("reverse", "5", *ON)
    undone = paid.ask("correct", "5", "--amount", "60", "--doc", "更1", *ON)
    assert (undone["already"], undone["entry"], undone["reversed_by"]) == (True, 10, 11)


def test_a_correction_that_waits_is_asked_for_once(shell: Shell):
    """And once more after it was rejected and another was approved."""
    moved = ("--line", LINE, "--amount", "5", "--to-project", "P01", "--authority", "finance")
    shell("reallocate", *moved, "--doc", "调1", *ON)

    def ask(doc: str, exit: int = 6) -> tuple[int, bool]:
        told = shell.ask("correct", "5", "--doc", doc, "--reason", "录错", *ON, exit=exit)
        return told["entry"], told["already"]

    assert [ask("调2"), ask("调2")] == [(6, False), (6, True)]
    shell("reject", "6", "--reason", "不改", *ON, "--actor", "科长")
    assert ask("调2", exit=1) == (6, True)
    assert ask("调3") == (8, False)
    shell("approve", "8", "--authority", "finance", *ON, "--actor", "科长")
    assert ask("调3", exit=0) == (8, True)
    assert ask("调2") == (10, False)


def test_the_key_of_a_correction_is_compared_with_what_became_of_that(paid: Shell):
    """A row `correct` that was corrected since."""
    same = {
        "id": "K",
        "kind": "correct",
        "ref": "5",
        "payee": "某店",
        "date": "2020-03-01",
        **WHOLE,
    }
    report(paid, wide(paid, row(**same, amount="60")))
    paid("correct", "5", "--amount", "70", *ON)
    (bad,) = report(paid, wide(paid, row(**same, amount="80")), exit=3)["rejected"]
    assert bad["facts"]["differs"] == [
        {"field": "amount_fen", "recorded": "70.00", "given": "80.00"}
    ]
    assert bad["try"] == ["yusuan correct 7 --amount 80.00 --date 2020-03-01"]
    assert report(paid, wide(paid, row(**same, amount="70")))["already"] == 1


def test_what_was_approved_and_corrected_is_compared_as_it_stands(shell: Shell):
    """What a request asked for was brought into effect by its approval, and corrected after."""
    row_of = {"id": "T", "kind": "reallocate", "amount": "5", "to_project": "P01", **WHOLE}
    row_of |= {"econ": "", "date": "2020-03-01"}
    report(shell, wide(shell, row(**row_of, doc="调1")), exit=6)
    shell("approve", "5", "--authority", "finance", *ON, "--actor", "科长")
    told = shell.ask("correct", "6", "--doc", "调2", "--authority", "finance", *ON)
    assert told["entry"] == 7
    assert report(shell, wide(shell, row(**row_of, doc="调2")))["already"] == 1
    (bad,) = report(shell, wide(shell, row(**row_of, doc="调3")), exit=3)["rejected"]
    assert bad["facts"]["differs"] == [{"field": "doc", "recorded": "调2", "given": "调3"}]
    assert bad["try"] == ["yusuan correct 7 --doc '调3' --date 2020-03-01"]


NOT_CORRECTED = {
    "reversed": (("reverse", "5", *ON), "yusuan show 5"),
    "refunded": (("refund", "5", "--amount", "1", *ON), "yusuan show 5"),
}


@pytest.mark.parametrize(("then", "way"), NOT_CORRECTED.values(), ids=NOT_CORRECTED)
def test_no_correction_is_offered_that_would_be_refused(
    shell: Shell, then: tuple[str, ...], way: str
):
    shell("pay", "--line", LINE, *PAID, *ON, "--key", "Z")
    shell(*then)
    more = ("--amount", "51", "--payee", "某店", "--econ", "30201")
    told = shell.ask("pay", "--line", LINE, *more, *ON, "--key", "Z", exit=3)
    assert (told["code"], told["try"]) == ("KEY.CONFLICT", [way])


def test_a_correction_that_is_offered_is_dated_in_an_open_month(shell: Shell):
    """An earlier day, or one in a locked month, is no day of a correction."""
    shell("pay", "--line", LINE, *PAID, *ON, "--key", "Z")
    for month in range(1, 4):
        shell("lock-month", str(month), "--date", f"2020-{month:02}-{(31, 29, 31)[month - 1]}")

    def offered(amount: str, day: str) -> list[str]:
        said = ("--amount", amount, "--payee", "某店", "--econ", "30201", "--date", day)
        tried: list[str] = shell.ask("pay", "--line", LINE, *said, "--key", "Z", exit=3)["try"]
        return tried

    assert offered("51", "2020-03-01") == ["yusuan correct 5 --amount 51.00 --date 2020-04-01"]
    assert offered("50", "2020-02-01") == offered("50", "2020-03-05") == ["yusuan show 5"]
    (way,) = offered("50", "2020-04-05")
    assert way == "yusuan correct 5 --date 2020-04-05"
    shell(*shlex.split(way)[1:])


def test_a_refund_of_an_item_like_another_is_told_from_a_retry_by_a_key(shell: Shell):
    """Two wages of 30.00; the second refund is the first's retry, and says what it is otherwise."""
    items = ("--item", f"{LINE},econ=30201=30", "--item", f"{LINE},econ=30201=30")
    shell("voucher", *items, "--payee", "职工", *ON)
    back = ("refund", "5", "--amount", "30", "--doc", "退1", *ON)
    first, again = shell.ask(*back), shell.ask(*back)
    assert (first["already"], first["warnings"]) == (False, [])
    assert (again["already"], again["entry"]) == (True, 6)
    assert [each["code"] for each in again["warnings"]] == ["REFUND.ALIKE"]
    assert "第 6 笔" in again["warnings"][0]["message"]
    assert not shell.ask(*back, "--key", "退二")["already"]
    assert [shell.ask(*each)["warnings"] for each in (back, (*back, "--key", "退二"))] == [[], []]
