"""流水: which entries are there, and one of them in full, with its postings and what came of it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.line import LinePattern
from ledger.refusals import Refusal, Refused
from projections.questions.entries import EntryFilter, entries, entry
from projections.views.reading import Reading
from tests.harness.plain import plain
from tests.harness.small_year import (
    CARRIED,
    CASH,
    LINE,
    Year,
    appropriate,
    carry_in,
    cut,
    income,
    line,
    pay,
    reallocate,
    refund,
    release,
    request,
    reverse,
    supplement,
    voucher,
    withdraw,
)


def listed(
    reading: Reading, wanted: EntryFilter | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = plain(list(entries(reading, wanted, limit)))
    return found


def numbers(
    year: Year, limit: int | None = None, *, cut: dict[str, Any] | None = None, **wanted: Any
) -> list[int]:
    found = year.ask(listed, EntryFilter(**wanted), limit, **(cut or {}))
    return [row["entry"] for row in found]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Entries 4 to 12, recorded in three goes."""
    return (
        Year(tmp_path_factory.mktemp("entries"))
        .record(
            appropriate(100_00, "01-02", doc="预〔2020〕1号"),  # 4
            carry_in(30_00, "01-03", doc=""),  # 5
            pay(10_00, "03-05", payee="印刷厂", purpose="宣传册", doc="支1", key="甲"),  # 6
        )
        .record(
            pay(10_00, "02-05", at=CARRIED, payee="100% 好店", doc="支_2"),  # 7
            refund(6, 4_00, "03-06", doc="退1"),  # 8
            reverse(7, "03-07", doc="", reason="重复支付"),  # 9
        )
        .record(
            reallocate(20_00, LINE, line("30299"), doc="调1"),  # 10
            income(7_00, source="other", doc="收1"),  # 11
            request("lock-month", "03-31", month=1),  # 12
        )
    )


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, list(range(1, 13))),
        ({"kinds": ("pay",)}, [6, 7]),
        ({"kinds": ("transfer",)}, []),
        ({"line": LinePattern(origin=2019)}, [5, 7, 9]),
        ({"line": LinePattern(econ="30299")}, [10]),
        ({"line": LinePattern(func="2080105", origin=2020)}, [4, 6, 8, 10, 11]),
        ({"line": LinePattern(fund="nonfiscal")}, [11]),
        ({"line": LinePattern(project="NONE")}, []),
        ({"doc": "支"}, [6, 7]),
        ({"doc": "_"}, [7]),
        ({"payee": "%"}, [7, 9]),
        ({"payee": "\\"}, []),
        ({"text": "甲"}, [6]),
        ({"text": "重复"}, [9]),
        ({"text": "P01"}, [2]),
        ({"amount_fen": 10_00}, [6, 7, 9]),
        ({"amount_fen": 10_01}, []),
        ({"original": 6}, [8]),
        ({"original": 7}, [9]),
        ({"number": 8}, [8]),
        ({"number": 13}, []),
        ({"since": date(2020, 3, 6)}, [8, 9, 10, 12]),
        ({"until": date(2020, 1, 2)}, [1, 2, 3, 4]),
        ({"since": date(2020, 3, 5), "until": date(2020, 3, 5)}, [6, 11]),
        ({"since": date(2020, 3, 6), "until": date(2020, 3, 5)}, []),
        ({"kinds": ("pay",), "doc": "支", "payee": "印", "amount_fen": 10_00}, [6]),
    ],
    ids=lambda value: str(value)[:50],
)
def test_filters(year: Year, wanted: dict[str, Any], expected: list[int]):
    """Each alone, and together they narrow; wildcards of SQL are plain characters."""
    assert expected == numbers(year, **wanted)


def test_the_limit_keeps_the_last(year: Year):
    assert numbers(year, 3) == [10, 11, 12]
    assert numbers(year, 0) == []
    assert numbers(year, 99) == list(range(1, 13))
    assert numbers(year, 1, kinds=("pay",)) == [7]


def test_cuts(year: Year):
    """Both, and narrower of as-of and until."""
    assert numbers(year, cut={"as_of": "01-02"}) == [1, 2, 3, 4]
    assert numbers(year, cut={"known_at": year.times[1]}) == [1, 2, 3, 4, 5, 6]
    assert numbers(year, cut={"known_at": year.times[0]}) == [1, 2, 3]
    both = {"as_of": "02-28", "known_at": year.times[2]}
    assert numbers(year, cut=both) == [1, 2, 3, 4, 5, 7]
    assert numbers(year, cut={"as_of": "02-28"}, until=date(2020, 1, 31)) == [1, 2, 3, 4, 5]
    assert numbers(year, cut={"as_of": "01-02"}, until=date(2020, 12, 31)) == [1, 2, 3, 4]


def test_what_a_row_says(year: Year):
    """Of a payment, of its refund, of the reversal of another, and of income."""
    by_number = {row["entry"]: row for row in year.ask(listed)}
    paid = by_number[6]
    assert (paid["date"], paid["line"], paid["econ"], paid["amount_fen"]) == (
        "2020-03-05",
        LINE,
        "30201",
        10_00,
    )
    assert (paid["payee"], paid["purpose"], paid["key"]) == ("印刷厂", "宣传册", "甲")
    refunded, reversed_, received = by_number[8], by_number[9], by_number[11]
    assert (refunded["amount_fen"], refunded["original"], refunded["econ"]) == (4_00, 6, "30201")
    assert (reversed_["amount_fen"], reversed_["original"], reversed_["line"]) == (
        -10_00,
        7,
        CARRIED,
    )
    assert reversed_["reason"] == "重复支付"
    assert (received["amount_fen"], received["line"]) == (7_00, CASH)
    assert [by_number[n]["amount_fen"] for n in (1, 2, 12)] == [None, None, None]
    assert by_number[2]["name"] == "P01 项目"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (carry_in(7_00), {("AUTH", -7_00), ("EXEC", 7_00)}),
        (carry_in(7_00, pending=True), {("AUTH", -7_00), ("PENDING", 7_00)}),
        (supplement(7_00), {("AUTH", -7_00), ("EXEC", 7_00)}),
        (supplement(7_00, pending=True), {("AUTH", -7_00), ("PENDING", 7_00)}),
        (cut(25_00), {("PENDING", -20_00), ("AUTH", 20_00), ("EXEC", -5_00), ("AUTH", 5_00)}),
        (release(7_00), {("PENDING", -7_00), ("EXEC", 7_00)}),
        (withdraw(7_00), {("EXEC", -7_00), ("PENDING", 7_00)}),
        (pay(7_00), {("EXEC", -7_00), ("PAID", 7_00)}),
        (refund(6, 3_00), {("PAID", -3_00), ("EXEC", 3_00)}),
        (reallocate(7_00, LINE, line("30299")), {("EXEC", -7_00), ("AUTH", 7_00),
                                                 ("AUTH", -7_00), ("EXEC", 7_00)}),
        (income(7_00), set()),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)  # fmt: skip
def test_one_entry_and_its_reversal(tmp_path: Path, request_: Any, expected: set[tuple[str, int]]):
    """The postings of each kind, signed; the reversal has each of them with the other sign, and
    the two name each other."""
    book = Year(tmp_path).record(
        appropriate(100_00),
        supplement(20_00, "02-01", pending=True),
        pay(9_00),
        request_,
        reverse(7, authority="finance"),
    )

    def postings(number: int) -> list[tuple[str, int]]:
        shown = book.ask(entry, number)
        return [(posting["account"], posting["amount_fen"]) for posting in shown["postings"]]

    assert expected == set(postings(7))
    assert sum(fen for _, fen in postings(7)) == 0
    assert [(account, -fen) for account, fen in postings(7)] == postings(8)
    original, reversal = book.ask(entry, 7), book.ask(entry, 8)
    assert (original["later"], reversal["original"]) == ([8], 7)
    assert original["hash"] == reversal["previous_hash"]
    assert reversal["stored"]["event"]["reversed"] == original["stored"]["event"]


def test_later_entries_are_those_of_the_cut(year: Year):
    assert year.ask(entry, 6)["later"] == [8]
    assert year.ask(entry, 6, as_of="03-05")["later"] == []
    assert year.ask(entry, 6, known_at=year.times[1])["later"] == []


@pytest.mark.parametrize(
    ("number", "cut_"),
    [
        (0, {}),
        (13, {}),
        (2**40, {}),
        (6, {"as_of": "03-04"}),
        (9, {"as_of": "03-06"}),
        (9, {"known_at": "1"}),
    ],
)
def test_an_entry_that_is_not_there(year: Year, number: int, cut_: dict[str, Any]):
    """Beyond the book or beyond the cut: refused, and never another entry in its place."""
    cut_ = {name: year.times[1] if name == "known_at" else value for name, value in cut_.items()}
    with pytest.raises(Refused) as refused:
        year.ask(entry, number, **cut_)
    assert refused.value.refusal is Refusal.ENTRY_MISSING


def test_a_voucher_is_one_entry_of_many_postings(tmp_path: Path):
    """Found by every line that it pays from; each posting with the 款 of its item and the
    government's class of that; a reversal says of itself what it undoes."""
    other = line("30108", func="2080505", project="-")
    year = Year(tmp_path, unit_kind="public-admin").record(
        appropriate(100_00),
        appropriate(50_00, at=other),
        voucher((LINE, "30101", 3_00), (other, "30108", 4_00), pay_type="direct"),  # 6
        reverse(6),  # 7
    )
    assert numbers(year, line=LinePattern(func="2080505"), kinds=("voucher",)) == [6]
    assert numbers(year, pay_type="direct") == [6, 7]
    assert numbers(year, procurement=False) == [6, 7]
    assert numbers(year, direct_funds=True) == []
    shown = year.ask(entry, 6)
    assert (shown["amount_fen"], shown["payee"], shown["econ"]) == (7_00, "职工", None)
    assert [
        (p["line"], p["account"], p["cause"], p["econ"], p["gov_econ"], p["amount_fen"])
        for p in shown["postings"]
    ] == [
        (str(LINE), "EXEC", "pay", "30101", "50101", -3_00),
        (str(LINE), "PAID", "pay", "30101", "50101", 3_00),
        (str(other), "EXEC", "pay", "30108", "50102", -4_00),
        (str(other), "PAID", "pay", "30108", "50102", 4_00),
    ]
    assert year.ask(entry, 7)["amount_fen"] == -7_00
