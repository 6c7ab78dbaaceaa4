"""A key that is used again: the same thing said in another way is answered, another thing is told
apart, field by field. What is left out is not compared."""

from datetime import timedelta

import pytest

from ledger.line import LinePattern
from ledger.refusals import Contradiction, Refusal, Refused
from tests.harness.scenario import CARRIED, LINE, line

OTHER = line("econ=30201")
PARTS = LinePattern(func="2080105", project="P02", econ="30299")

SAME = {
    "a line whole, and by its parts": ("pay", {"line": LINE}, {"line": PARTS}),
    "by its parts, and whole": ("pay", {"line": PARTS._replace(econ=None)}, {"line": LINE}),
    "a 款 of its own": ("pay", {"line": LINE}, {"line": LINE.at_econ("30299")}),
    "wide and blank": (
        "pay",
        {"payee": "某公司(武汉)", "doc": "支 1"},
        {"payee": "某公司（武汉）", "doc": "支1"},
    ),
    "without a purpose": ("pay", {"purpose": "纸"}, {"purpose": ""}),
    "without a day": ("pay", {}, {"occurred_on": None}),
    "without a document": ("pay", {"doc": "支1"}, {"doc": ""}),
    "new money": ("supplement", {"pending": False, "doc": "追"}, {"doc": "追"}),
    "a reservation": ("reserve", {"line": PARTS, "payee": "甲"}, {"line": LINE}),
    "a voucher": (
        "voucher",
        {"items": [(LINE, "30299", 5)]},
        {"items": [(LINE.at_econ("-"), "30299", 5)]},
    ),
    "a prior of nothing": (
        "prior",
        {"cell": "N.s1.total", "amount_fen": 0},
        {"cell": "N.s1.total", "amount_fen": 0, "count": None},
    ),
    "a movement": (
        "reallocate",
        {"sources": [(PARTS, 5)], "targets": [(LinePattern(econ="30201"), 5)]},
        {"sources": [(LINE, 5)], "targets": [(OTHER, 5)]},
    ),
    "a movement that waits": (
        "reallocate",
        {"sources": [(LINE, 5)], "targets": [(line("project=-"), 5)], "authority": None},
        {"sources": [(PARTS, 5)], "targets": [(line("project=-"), 5)], "authority": "department"},
    ),
}


@pytest.mark.parametrize(("kind", "first", "again"), SAME.values(), ids=SAME)
def test_one_thing_said_in_two_ways_is_recorded_once(desk, kind, first, again):
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("appropriate", line=OTHER, amount_fen=500_00)
    desk.ask("appropriate", line=line("project=-"), amount_fen=500_00)
    amount = {} if kind in ("voucher", "reallocate") else {"amount_fen": 5}
    recorded = desk.ask(kind, key="K", **{"doc": "文", **amount, **first})
    before = desk.stored()
    answer = desk.ask(kind, key="K", **{"doc": "文", **amount, **again})
    assert answer.already
    assert answer.entries[-1].number == recorded.entries[-1].number
    assert desk.stored() == before


OTHERWISE = {
    "amount": ("pay", {"amount_fen": 12_34}, Contradiction("amount_fen", "1.00", "12.34")),
    "payee": ("pay", {"payee": "乙"}, Contradiction("payee", "甲", "乙")),
    "purpose": ("pay", {"purpose": "别的"}, Contradiction("purpose", "", "别的")),
    "line": ("pay", {"line": CARRIED}, Contradiction("line", LINE, CARRIED)),
    "parts": (
        "pay",
        {"line": LinePattern(project="P03")},
        Contradiction("line", LINE, "*:*:*:P03:*:*"),
    ),
    "econ": ("pay", {"econ": "30201"}, Contradiction("econ", "30299", "30201")),
    "procurement": ("pay", {"procurement": True}, Contradiction("procurement", "否", "是")),
    "document": ("pay", {"doc": "支2"}, Contradiction("doc", "支1", "支2")),
    "kind": ("reserve", {}, Contradiction("kind", "支付", "占用")),
}


@pytest.mark.parametrize(("kind", "said", "differs"), OTHERWISE.values(), ids=OTHERWISE)
def test_another_thing_is_told_by_what_differs(desk, kind, said, differs):
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("pay", key="K", line=LINE, amount_fen=1_00, payee="甲", doc="支1")
    given = {"line": LINE, "amount_fen": 1_00, "payee": "甲", "doc": "支1", **said}
    refused = desk.refused(Refusal.KEY_CONFLICT, kind, key="K", **given)
    assert refused.facts["entry"] == 4
    assert refused.facts["differs"] == [differs]
    assert str(differs) in str(refused)


def test_a_correction_is_a_correction_of_what_it_says(desk):
    """A line whole is that line, parts are those parts, and a payment after a reversal corrects
    nothing."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("appropriate", line=OTHER, amount_fen=500_00)
    desk.ask("pay", key="支1", amount_fen=1_00)
    desk.ask("correct", ref="支1", key="更", changes={"line": OTHER, "econ": "30201"})
    assert desk.ask("correct", ref="#5", key="更", changes={"line": OTHER}).already
    for changes in (
        {"line": LINE, "econ": "30201"},
        {"parts": LinePattern(econ="302")},
        {"parts": LinePattern(func="208")},
    ):
        desk.refused(Refusal.KEY_CONFLICT, "correct", ref="#5", key="更", changes=changes)
    desk.now += timedelta(seconds=1)
    desk.ask("pay", amount_fen=2_00)
    desk.now += timedelta(seconds=1)
    desk.ask("reverse", ref="#7")
    desk.now += timedelta(seconds=1)
    desk.ask("pay", key="支4", amount_fen=3_00)
    other = desk.refused(
        Refusal.KEY_CONFLICT, "correct", ref="#8", key="支4", changes={"amount_fen": 3_00}
    )
    assert other.facts["differs"] == [Contradiction("kind", "支付", "更正")]


def test_what_waits_was_asked_without_the_authority_that_is_said_now(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("appropriate", line=line("project=-"), amount_fen=500_00)
    moved = {"sources": [(LINE, 5)], "targets": [(line("project=-"), 5)], "doc": "调", "key": "K"}
    assert desk.ask("reallocate", authority=None, **moved).waits
    refused = desk.refused(Refusal.KEY_CONFLICT, "reallocate", authority="finance", **moved)
    assert refused.facts["differs"] == [Contradiction("authority", "", "finance")]


def test_parts_may_be_said_in_another_order(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("appropriate", line=OTHER, amount_fen=500_00)
    items = [(LINE, "30299", 5), (OTHER, "30201", 6)]
    desk.ask("voucher", items=items, doc="文", key="K")
    assert desk.ask("voucher", items=items[::-1], doc="文", key="K").already
    refused = desk.refused(Refusal.KEY_CONFLICT, "voucher", items=items[:1], doc="文", key="K")
    assert refused.facts["differs"] == [Contradiction("items", f"{OTHER},econ=30201=0.06", "")]


def test_where_money_was_moved_to_is_compared_part_by_part(desk):
    """What is left out of a target is the giver's, and no part that anything would fit."""
    desk.opened().ask("project", code="P03")
    there = line("project=P03 econ=30201")
    for each in (LINE, OTHER, there):
        desk.ask("appropriate", line=each, amount_fen=500_00)
    asked = {"sources": [(LINE, 5)], "doc": "调1", "key": "K"}
    desk.ask("reallocate", targets=[(there, 5)], **asked)
    assert desk.ask("reallocate", targets=[(LinePattern(project="P03", econ="30201"), 5)], **asked)
    same_project = [(LinePattern(econ="30201"), 5)]
    refused = desk.refused(Refusal.KEY_CONFLICT, "reallocate", targets=same_project, **asked)
    assert refused.facts["differs"] == [Contradiction("targets", f"{there}=0.05", f"{OTHER}=0.05")]


def test_an_entry_that_is_named_is_compared_by_its_number(desk):
    """Whether it was named by its number or by its id."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("pay", key="支1", amount_fen=100_00)
    desk.ask("pay", key="支2", amount_fen=100_00)
    desk.ask("refund", ref="#4", key="退", amount_fen=1_00)
    assert desk.ask("refund", ref="支1", key="退", amount_fen=1_00).already
    assert desk.ask("refund", ref="支1", key="退", amount_fen=1_00, line=PARTS).already
    for ref in ("支2", "#5", "支9"):
        refused = desk.refused(Refusal.KEY_CONFLICT, "refund", ref=ref, key="退", amount_fen=1_00)
        assert refused.facts["differs"] == [Contradiction("ref", "#4", ref)]
    desk.ask("reverse", ref="支2", key="冲")
    assert desk.ask("reverse", ref="#5", key="冲", amount_fen=100_00).already
    refused = desk.refused(Refusal.KEY_CONFLICT, "reverse", ref="#5", key="冲", amount_fen=99_99)
    assert refused.facts["differs"] == [Contradiction("amount_fen", "100.00", "99.99")]


def test_a_correction_is_compared_with_what_it_changed(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("pay", key="支1", amount_fen=100_00)
    desk.ask("correct", ref="#4", key="更", changes={"amount_fen": 99_00, "payee": "乙"})
    assert desk.ask("correct", ref="支1", key="更", changes={"amount_fen": 99_00}).already
    refused = desk.refused(
        Refusal.KEY_CONFLICT, "correct", ref="#4", key="更", changes={"amount_fen": 98_00}
    )
    assert refused.facts["differs"] == [Contradiction("amount_fen", "99.00", "98.00")]
    other = desk.refused(Refusal.KEY_CONFLICT, "correct", ref="#3", key="更", changes={})
    assert other.facts["differs"] == [Contradiction("ref", "#4", "#3")]


def test_what_paid_for_a_reception_is_compared_with_those_that_paid_of_it(desk):
    """Of two payments that were named the first paid all of it; another is not what was told."""
    desk.opened().ask("appropriate", line=line("econ=30217"), amount_fen=500_00)
    for key in ("一", "二"):
        desk.ask("pay", line=line("econ=30217"), econ="30217", amount_fen=5_00, key=key)
    said = {"amount_fen": 5_00, "batches": 1, "persons": 2, "key": "K"}
    told = desk.ask("reception", **said, payments=("一", "二"))
    number = told.entries[-1].number
    again = desk.ask("reception", **said, payments=(f"#{number - 2}", f"#{number - 1}"))
    assert again.already
    with pytest.raises(Refused) as refused:
        desk.ask("reception", **said, payments=("二",))
    assert refused.value.refusal is Refusal.KEY_CONFLICT
