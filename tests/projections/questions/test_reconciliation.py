"""与财政部门对账: what the book says was paid, and what each 文号 approved."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from projections.questions.reconciling.reconciliation import Key, Statement, reconciled
from tests.harness.small_year import (
    CARRIED,
    CASH,
    LINE,
    Year,
    adjust,
    appropriate,
    carry_in,
    cut,
    income,
    line,
    pay,
    pay_from,
    reallocate,
    recover,
    refund,
    request,
    reserve,
    reverse,
    supplement,
)

OTHER = line("30201", func="2080106", project="P01")
P02 = Key("general", "2080105", "P02")


def documented(key: Key, doc: str) -> Key:
    return key._replace(doc=doc)


def ask(
    year: Year,
    paid: Mapping[Key, int] | None = None,
    budget: Mapping[Key, int] | None = None,
    *,
    by_origin: bool = False,
    **cut_: Any,
) -> dict[str, Any]:
    said = Statement("00" * 32, paid, budget, by_origin)
    answer: dict[str, Any] = year.ask(reconciled, said, **cut_)
    return answer


def approved(year: Year, **cut_: Any) -> dict[str, int]:
    """What a statement of nothing differs by: document and item → fen."""
    found = ask(year, budget={}, **cut_)["differences"]
    return {f"{each['doc']} {each['project']}": each["book_fen"] for each in found}


def test_what_is_paid_is_net_of_refunds_and_reversals(tmp_path: Path):
    """From a reservation or not, of this year's money and of last year's: one key without origin,
    two with. Other funds and the unit's own are apart."""
    year = Year(tmp_path).record(
        appropriate(100_00),
        carry_in(20_00),
        supplement(9_00, "01-03", at=CASH),
        income(9_00, "01-03"),
        reserve(30_00, "02-01", key="合同"),
        pay_from("合同", 10_00),
        pay(40_00),
        pay(5_00, at=CARRIED),
        pay(3_00, at=CASH),
        pay(7_00),
    )
    year.record(refund(10, 15_00), reverse(13))
    assert ask(year, {P02: 40_00})["agreed"]
    apart = {P02._replace(origin=2020): 35_00, P02._replace(origin=2019): 5_00}
    answer = ask(year, apart, by_origin=True)
    assert (answer["agreed"], answer["compared"]) == (True, {"paid": 2, "budget": None})
    assert (answer["paid_fen"], answer["statement_paid_fen"]) == (40_00, 40_00)


def test_every_document_that_approved_anything(tmp_path: Path):
    """Carried in, appropriated, supplemented, cut, adjusted, recovered, moved. What was handed back
    stays approved; a move between economic classes changes nothing that the bureau sees."""
    year = Year(tmp_path).record(
        carry_in(20_00, doc="结1"),
        appropriate(100_00, doc="批1"),
        supplement(30_00, doc="追1"),
        cut(4_00, doc="减1"),
        adjust(2_00, "consolidation-in", doc="归1"),
        adjust(1_00, "remitted", doc="缴1"),
        recover(3_00, at=LINE, doc="收1"),
        recover(3_00, doc="收2"),
        reallocate(6_00, LINE, line("30299"), doc="调1"),
        reallocate(8_00, LINE, OTHER, doc="调2"),
        supplement(1_00, at=CASH, doc="追9"),
        carry_in(5_00, doc=""),
        pay(1_00, "07-01", doc="支1"),
    )
    assert approved(year) == {
        "结1 P02": 20_00,
        "批1 P02": 100_00,
        "追1 P02": 30_00,
        "减1 P02": -4_00,
        "归1 P02": 2_00,
        "收1 P02": -3_00,
        "调2 P02": -8_00,
        "调2 P01": 8_00,
    }
    assert approved(year, as_of="02-10") == {"结1 P02": 20_00, "批1 P02": 100_00, "归1 P02": 2_00}


def test_a_reversal_counts_under_the_document_of_what_it_undoes(tmp_path: Path):
    """Also of what was approved on request, which counts when it is approved."""
    year = Year(tmp_path).record(
        appropriate(100_00, doc="批1"),
        supplement(30_00, doc="追1"),
        reallocate(8_00, LINE, OTHER, doc="调1", authority=None),
    )
    year.record(reverse(5, doc="冲1"))
    assert approved(year) == {"批1 P02": 100_00}
    granted = request("approve", "07-01", 6, authority="finance", doc="")
    year.record(granted, by="科长")
    assert approved(year) == {"批1 P02": 100_00, "调1 P02": -8_00, "调1 P01": 8_00}
    year.record(reverse(8, "07-02", doc="冲2"))  # which waits, as what it undoes did
    assert approved(year)["调1 P01"] == 8_00
    year.record(request("approve", "07-03", 9, authority="finance", doc="批冲"), by="科长")
    assert approved(year) == {"批1 P02": 100_00}
    assert approved(year, known_at=year.times[-2])["调1 P01"] == 8_00


def test_what_is_on_one_side_only(tmp_path: Path):
    """A key with nothing on it is none; the statement may list it with nothing."""
    year = Year(tmp_path).record(appropriate(100_00, doc="批1"), pay(10_00))
    year.record(reverse(5))
    assert ask(year, {})["agreed"]
    other = P02._replace(func="2080199")
    year.record(pay(9_00, "07-01"))
    paid = {other: 9_00, P02._replace(project="P01"): 0}
    found = [(each["func"], each["only"]) for each in ask(year, paid)["differences"]]
    assert found == [("2080105", "book"), ("2080199", "statement")]
    budget = {documented(P02, "批1"): 100_00, documented(P02, "批2"): 5_00}
    (one,) = ask(year, {P02: 9_00}, budget)["differences"]
    assert (one["measure"], one["doc"], one["only"]) == ("budget", "批2", "statement")


@pytest.mark.parametrize(
    ("fen", "how", "difference"), [(10_01, "账上少", -1), (9_99, "账上多", 1), (0, "账上多", 10_00)]
)
def test_the_direction_is_the_books(tmp_path: Path, fen: int, how: str, difference: int):
    year = Year(tmp_path).record(appropriate(100_00), pay(10_00))
    (one,) = ask(year, {P02: fen}, as_of="12-31")["differences"]
    assert (one["difference_fen"], one["suggestion"][:3]) == (difference, how)
    assert one["try"] == [
        "yusuan log --paid --fund general --func 2080105 --project P02 --as-of 2020-12-31"
    ]


def test_what_was_paid_after_the_day_is_one_difference(tmp_path: Path):
    """As known then it was not there yet."""
    year = Year(tmp_path).record(appropriate(100_00), pay(10_00, "03-05"))
    year.record(pay(1_00, "07-01"))
    answer = ask(year, {P02: 10_00}, as_of="06-30")
    assert [each["measure"] for each in answer["differences"]] == ["later"]
    assert (answer["paid_fen"], answer["paid_later_fen"]) == (11_00, 1_00)
    assert ask(year, {P02: 10_00}, as_of="06-30", known_at=year.times[1])["agreed"]
    assert ask(year, {P02: 11_00}, as_of="07-01")["agreed"]
