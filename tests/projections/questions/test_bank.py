"""与银行对账: which line is which entry, what stays, and that both sides add up."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.events import StatementTies, Tie
from projections.questions.reconciling.bank import BankRow, BankStatement, Wanted, bank_reconciled
from tests.harness.small_year import (
    CARRIED,
    CASH,
    LINE,
    Year,
    adjust,
    appropriate,
    carry_in,
    day,
    income,
    pay,
    refund,
    request,
    reverse,
    supplement,
    voucher,
)


def row(number: int, on: str, fen: int, doc: str = "", payee: str = "") -> BankRow:
    return BankRow(number, day(on), fen, frozenset(filter(None, [doc])), doc, payee, "")


def ask(year: Year, *rows: BankRow, credits: bool = False, **more: Any) -> dict[str, Any]:
    """The comparison; every line and every entry is said once in it, and the sums add up."""
    cut = {name: more.pop(name) for name in ("as_of", "known_at") if name in more}
    said = BankStatement("ab" * 32, rows, credits, "mixed", None)
    answer: dict[str, Any] = year.ask(bank_reconciled, said, Wanted(**more), **cut)
    in_ties = [number for tie in answer["ties"] for number in tie["rows"]]
    alone = [one["row"] for one in answer["bank_only"]]
    assert sorted([*in_ties, *alone]) == sorted(each.row for each in rows)
    entries = [number for tie in answer["ties"] for number in tie["entries"]]
    entries += [one["entry"] for one in answer["book_only"]]
    assert len(set(entries)) == len(entries)
    assert answer["statement_fen"] == sum(each.fen for each in rows)
    assert (
        answer["book_fen"] + answer["outside_fen"] + answer["bank_only_fen"]
        - answer["book_only_fen"] == answer["statement_fen"]
    )  # fmt: skip
    return answer


def tied(answer: dict[str, Any]) -> list[tuple[list[int], list[int], str]]:
    return [(tie["rows"], tie["entries"], tie["by"]) for tie in answer["ties"]]


def alone(answer: dict[str, Any]) -> tuple[list[int], list[int]]:
    """The lines and the entries that stay."""
    return (
        [one["row"] for one in answer["bank_only"]],
        [one["entry"] for one in answer["book_only"]],
    )


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """5,000.00 to pay from; payments begin with entry 5."""
    return Year(tmp_path).record(appropriate(5000_00, doc="批1"))


def test_by_document_then_by_amount(year: Year):
    """Width and blanks of a 凭证号 make no difference, nor does the order of the lines; what has a
    document is tied however far its day lies."""
    year.record(
        pay(100_00, "03-04", doc="００ ０１", payee="甲店"),
        pay(50_00, "03-10", doc="0002", payee="乙店"),
        pay(50_00, "05-10", doc="0003", payee="乙店"),
    )
    answer = ask(
        year,
        row(2, "06-30", 50_00, "0003"),
        row(3, "03-12", 50_00, "99981", "乙店"),
        row(4, "03-05", 100_00, "0001", "甲店"),
    )
    assert tied(answer) == [([2], [7], "doc"), ([3], [6], "amount"), ([4], [5], "doc")]
    assert [tie["days"] for tie in answer["ties"]] == [51, 2, 1]
    assert [tie["differs"] for tie in answer["ties"]] == [[], ["doc"], []]
    assert answer["agreed"] and answer["book_only"] == answer["bank_only"] == []


@pytest.mark.parametrize(
    ("on", "days", "found"),
    [("03-15", 5, True), ("03-16", 5, False), ("03-05", 5, True), ("03-04", 5, False),
     ("03-10", 0, True), ("03-11", 0, False), ("04-09", 30, True)],
)  # fmt: skip
def test_the_amount_alone_counts_within_some_days(year: Year, on: str, days: int, found: bool):
    year.record(pay(50_00, "03-10", doc="1"))
    answer = ask(year, row(2, on, 50_00), days=days)
    assert answer["agreed"] is found
    if not found:
        (one,) = answer["bank_only"]
        (near,) = one["candidates"]
        assert near["entry"] == 5 and "超出容许的天数" in near["why"]


def test_two_equal_entries_are_listed_and_not_guessed(year: Year):
    """The payee tells them apart, else the day; else both are candidates."""
    year.record(
        pay(50_00, "03-10", doc="1", payee="甲店"),
        pay(50_00, "03-10", doc="2", payee="乙店"),
        pay(50_00, "03-12", doc="3", payee="甲店"),
    )
    assert tied(ask(year, row(2, "03-11", 50_00, payee="乙店"))) == [([2], [6], "amount")]
    assert tied(ask(year, row(2, "03-12", 50_00))) == [([2], [7], "amount")]
    answer = ask(year, row(2, "03-10", 50_00))
    assert alone(answer) == ([2], [5, 6, 7])
    (one,) = answer["bank_only"]
    assert [each["entry"] for each in one["candidates"]] == [5, 6, 7]
    assert "未作认定" in one["suggestion"]


def test_as_many_equal_lines_as_entries_are_one_tie(year: Year):
    year.record(*(pay(50_00, "03-10", doc=f"工{n}", payee=f"职工{n}") for n in range(3)))
    rows = [row(n, "03-11", 50_00) for n in (2, 3, 4)]
    assert tied(ask(year, *rows)) == [([2, 3, 4], [5, 6, 7], "amount")]
    assert alone(ask(year, *rows[:2])) == ([2, 3], [5, 6, 7])


def test_a_voucher_of_many_lines_is_one_line_of_the_bank(year: Year):
    """And one 凭证号 may be several payments of the book, or several of the bank."""
    year.record(voucher((LINE, "30101", 30_00), (LINE, "30108", 40_00), doc="工资3"))
    assert tied(ask(year, row(2, "03-08", 70_00))) == [([2], [5], "amount")]
    halves = (row(2, "03-08", 30_00, "工资3"), row(3, "03-08", 40_00, "工资3"))
    assert tied(ask(year, *halves)) == [([2, 3], [5], "doc")]
    year.record(pay(1_00, doc="合1"), pay(2_00, doc="合1"))
    found = tied(ask(year, *halves, row(4, "03-08", 3_00, "合1")))
    assert found == [([2, 3], [5], "doc"), ([4], [6, 7], "doc")]


def test_the_same_document_with_another_amount_is_no_other_payment(year: Year):
    """110.00 was typed for 100.00: another payment of 100.00 does not take its line."""
    year.record(pay(110_00, doc="7", payee="甲店"), pay(100_00, doc="8", payee="甲店"))
    answer = ask(year, row(2, "03-05", 100_00, "7", "甲店"))
    assert alone(answer) == ([2], [5, 6])
    first, second = answer["bank_only"][0]["candidates"]
    assert (first["entry"], first["why"]) == (5, "凭证号相同，金额不同")
    assert (second["entry"], second["why"]) == (6, "金额相同，日期相差 0 天")


def test_refunds_tie_to_refunds(year: Year):
    year.record(pay(100_00, doc="1"), pay(80_00, doc="2"), refund(5, 20_00, "03-20", doc="退1"))
    rows = (row(2, "03-05", 100_00), row(3, "03-05", 80_00), row(4, "03-21", -20_00, "88"))
    assert tied(ask(year, *rows))[2] == ([4], [7], "amount")
    assert not ask(year, *rows[:2], row(4, "03-21", 20_00))["agreed"]


def test_a_refund_that_the_book_lacks_is_offered_its_payments(year: Year):
    """Those of the payee with so much left, first the one of which nothing else would stay; the
    command can be typed."""
    year.record(
        pay(900_00, doc="1", payee="某某科技有限公司"),
        pay(320_00, doc="2", payee="某某科技有限公司"),
        pay(400_00, doc="3", payee="某某科技有限公司"),
        pay(320_00, doc="4", payee="别的店"),
        refund(7, 100_00, "03-08", doc="退"),
    )
    back = row(2, "03-20", -320_00, "T9", "某某科技")
    (one,) = ask(year, back)["bank_only"]
    assert [each["entry"] for each in one["candidates"]] == [6, 5]
    assert one["candidates"][0]["try"] == [
        "yusuan refund 6 --amount 320.00 --doc T9 --date 2020-03-20"
    ]
    year.record(reverse(9, "03-09", doc="冲退"))  # 400.00 can come back of entry 7 again
    (one,) = ask(year, back)["bank_only"]
    assert [each["entry"] for each in one["candidates"]] == [6, 7, 5]
    (one,) = ask(year, row(2, "03-20", -320_00, "T9"))["bank_only"]
    assert one["candidates"] == [] and "补记收入" in one["suggestion"]


def test_what_only_the_bank_paid_says_what_is_known(year: Year):
    (one,) = ask(year, row(2, "03-20", 12_30, "T9", "某店"))["bank_only"]
    assert one["try"] == [
        "补记支付（pay），须再写明预算线和经济科目；已知："
        "日期 2020-03-20，金额 12.30，凭证号 T9，收款人 某店"
    ]


def test_a_reversal_cancels_what_it_undoes(year: Year):
    """Neither is at the bank: both are gone. The bank has the payment alone: the reversal stays."""
    year.record(pay(100_00, doc="1"), reverse(5, "03-06", doc="冲1"))
    year.record(pay(100_00, doc="1再", payee="甲店"))
    answer = ask(year, row(2, "03-05", 100_00))
    assert tied(answer) == [([2], [7], "amount")]
    assert answer["cancelled"] == [{"entry": 5, "reversed_by": 6}]
    assert answer["agreed"]
    answer = ask(year, row(2, "03-05", 100_00, "1"))
    assert tied(answer) == [([2], [5], "doc")]
    assert alone(answer) == ([], [6, 7])
    assert "没有冲回" in answer["book_only"][0]["suggestion"]
    both = (row(2, "03-05", 100_00, "1"), row(3, "03-06", -100_00), row(4, "03-07", 100_00))
    assert ask(year, *both)["agreed"]


def test_a_reversed_refund(year: Year):
    year.record(pay(100_00, doc="1"), refund(5, 20_00, "03-20", doc="退1"))
    year.record(reverse(6, "03-21", doc="冲退"))
    answer = ask(year, row(2, "03-05", 100_00))
    assert answer["agreed"]
    assert answer["cancelled"] == [{"entry": 6, "reversed_by": 7}]


def test_income_where_the_statement_shows_it(tmp_path: Path):
    """And money of last year that came back; 余额调剂 and budgets are nothing to a bank."""
    year = Year(tmp_path).record(
        carry_in(50_00, at=CARRIED, doc="转"),  # 4
        supplement(90_00, "02-01", at=CASH, doc="追"),  # 5
        income(40_00, on="02-02", source="other", doc="收1"),  # 6
        pay(9_00, at=CASH, doc="支1"),  # 7
        adjust(7_00, "prior-year-recovery", "03-05", doc="收回1"),  # 8
    )
    rows = (row(2, "02-03", -40_00), row(3, "03-05", 9_00), row(4, "03-05", -7_00))
    assert tied(ask(year, *rows, credits=True)) == [
        ([2], [6], "amount"), ([3], [7], "amount"), ([4], [8], "amount"),
    ]  # fmt: skip
    assert ask(year, rows[1])["agreed"]
    assert alone(ask(year, rows[1], credits=True)) == ([], [6, 8])
    assert alone(ask(year, *rows, credits=True, funds=("nonfiscal",))) == ([4], [])
    assert alone(ask(year, rows[1], funds=("general", "govfund"))) == ([3], [])


def test_the_days_that_are_compared(year: Year):
    """A few days before and after are looked at, but what stays there is not missing."""
    year.record(
        pay(1_00, "02-26", doc="a"), pay(2_00, "02-28", doc="b"), pay(3_00, "03-31", doc="c"),
        pay(4_00, "04-02", doc="d"), pay(5_00, "04-03", doc="e"), pay(6_00, "04-20", doc="f"),
    )  # fmt: skip
    rows = (row(2, "03-02", 2_00), row(3, "03-31", 4_00))
    answer = ask(year, *rows, since=day("03-01"), as_of="03-31")
    assert alone(answer) == ([], [7])
    assert (answer["book_fen"], answer["outside_fen"]) == (3_00, 6_00)
    assert alone(ask(year, *rows)) == ([], [5, 7, 9, 10])


def test_what_an_earlier_statement_was_tied_to_is_left_out(year: Year):
    """Not where the same file is compared again, nor where all is asked for anew."""
    year.record(pay(50_00, "03-10", doc="1"), pay(50_00, "03-12", doc="2"))
    ties = StatementTies((Tie((2,), (5,)),), (), ())
    sums: dict[str, Any] = {"paid_fen": 50_00, "statement_fen": 50_00, "differences": 0}
    for sha256 in ("cd" * 32, "ab" * 32):
        on = {**sums, "statement": sha256, "tied": ties, "doc": sha256[:2]}
        year.record(request("reconcile", "03-31", **on))
        answer = ask(year, row(2, "03-11", 50_00))
        assert tied(answer) == [([2], [6], "amount")]
        assert answer["tied_before"] == 1
    assert alone(ask(year, row(2, "03-11", 50_00), anew=True)) == ([2], [5, 6])


_docs = st.sampled_from(["", "", "支1", "支2", "支3", "退1", "x"])
_payees = st.sampled_from(["", "甲店", "乙店"])
_rows = st.lists(
    st.tuples(
        st.integers(1, 20), st.sampled_from([10_00, 20_00, 30_00, -10_00, 7_00]), _docs, _payees
    ),
    max_size=9,
)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Equal amounts, equal days, refunds and reversals."""
    year = Year(tmp_path_factory.mktemp("busy")).record(appropriate(5000_00, doc="批1"))
    for number, (on, fen) in enumerate([(1, 10), (1, 10), (3, 20), (9, 20), (9, 30), (12, 10)]):
        payee = "乙店" if number % 2 else "甲店"
        year.record(pay(fen * 100, f"03-{on:02}", doc=f"支{number}", payee=payee))
    year.record(refund(7, 10_00, "03-14", doc="退1"), reverse(9, "03-15", doc="冲1"))
    return year


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(found=_rows, days=st.integers(0, 9), data=st.data())
def test_any_statement_adds_up_in_any_order(busy: Year, found: Any, days: int, data: Any):
    """`ask` proves the sums and that nothing is said twice; the order of the lines changes
    nothing."""
    rows = [
        row(number, f"03-{on:02}", fen, doc, payee)
        for number, (on, fen, doc, payee) in enumerate(found, 2)
    ]
    answer = ask(busy, *rows, days=days)
    assert answer["agreed"] == (alone(answer) == ([], []))
    for tie in answer["ties"]:
        assert len(tie["rows"]) == len(tie["entries"]) or tie["by"] == "doc"
        assert tie["by"] == "doc" or tie["days"] <= days
    shuffled = ask(busy, *data.draw(st.permutations(rows)), days=days)
    assert shuffled == answer


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(late=st.lists(st.integers(0, 5), min_size=5, max_size=5), data=st.data())
def test_a_statement_of_what_was_paid_agrees(busy: Year, late: list[int], data: Any):
    """However late the bank is, within the days, and in whatever order it lists."""
    paid = [(1, 10, "支0"), (1, 10, "支1"), (3, 20, "支2"), (9, 20, "支3"), (12, 10, "支5")]
    rows = [
        row(number, f"03-{on + more:02}", fen * 100, doc)
        for number, ((on, fen, doc), more) in enumerate(zip(paid, late, strict=True), 2)
    ]
    rows.append(row(99, "03-14", -10_00))
    answer = ask(busy, *data.draw(st.permutations(rows)))
    assert answer["agreed"], answer
