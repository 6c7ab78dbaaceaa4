"""非财政拨款结余: how much of a pool may be used, what may be distributed and when, by whom.

Each rule at its limit: exactly what there is, and a fen more.
"""

from datetime import date

import pytest

from ledger.decisions.budget import appropriate, supplement
from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import pay
from ledger.decisions.opening import carry_in
from ledger.decisions.surplus import (
    adjust_surplus,
    distribute,
    suggested,
    surplus_in,
    use_surplus,
)
from ledger.line import LinePattern
from ledger.refusals import Refusal
from tests.harness import scenario
from tests.harness.plain import typed
from tests.harness.scenario import (
    CASH,
    LINE,
    OWN,
    YEAR_END,
    appropriated,
    carried_in,
    distributed,
    line,
    opened,
    paid,
    received,
    reversed_,
    surplus_adjusted,
    used,
    with_project,
)

SPENT = line("fund=nonfiscal project=- econ=30201")
SIDELINE = line("fund=nonfiscal spending=business project=- econ=-")
OLD_OWN = line("fund=nonfiscal project=- econ=- origin=2019")
KINDS = ("remit-superior", "business", "affiliate-subsidy")


def given(*events, kind="institution"):
    """A book of an 事业单位, or another unit, that knows project P02."""
    return scenario.given(opened(unit_kind=kind), with_project("P02"), *events)


def left(book):
    """(unrestricted, special, cash), fen."""
    pools = book.state.pools
    return pools.get("unrestricted", 0), pools.get("special", 0), book.state.cash_fen


# The pools.


def test_a_pool_is_loaded_in_parts():
    book = given(scenario.surplus_in(3_00)).when(surplus_in, amount_fen=4_00).allowed()
    assert left(book) == (7_00, 0, 0)
    book = given().when(surplus_in, pool="special", amount_fen=5_00).allowed()
    assert left(book) == (0, 5_00, 0)


@pytest.mark.parametrize("pool", ["unrestricted", "special"])
def test_exactly_the_pool_is_used_and_not_a_fen_more(pool):
    """The other pool does not help."""
    there = given(scenario.surplus_in(5_00, pool), scenario.surplus_in(1_00, OTHER[pool]))
    there.when(use_surplus, pool=pool, amount_fen=5_01).refused(
        Refusal.OVER_POOL, pool_left_fen=5_00, amount_fen=5_01, short_fen=1
    )
    book = there.when(use_surplus, pool=pool, amount_fen=5_00).then(used(5_00, pool=pool))
    assert left(book)[2] == 5_00
    there.when(use_surplus, pool=pool, amount_fen=1).refused(Refusal.OVER_POOL, pool_left_fen=0)


OTHER = {"unrestricted": "special", "special": "unrestricted"}


@pytest.mark.parametrize("adjustment", ["error-correction", "closing-revised"])
def test_a_pool_is_adjusted_up_and_down(adjustment):
    """By document (R11), down to what is left in it and not a fen more; the other pool does not
    help. No cash moves: it is what earlier years left."""
    there = given(
        scenario.surplus_in(5_00), scenario.surplus_in(9_00, "special"), appropriated(9_00, SPENT)
    )
    more = there.when(adjust_surplus, adjustment=adjustment, amount_fen=2_00)
    book = more.then(surplus_adjusted(2_00, adjustment=adjustment))
    assert left(book) == (7_00, 9_00, 0)
    spent = given(scenario.surplus_in(5_00), appropriated(9_00, SPENT), used(2_00))
    down = {"adjustment": adjustment, "decrease": True}
    refused = spent.when(adjust_surplus, amount_fen=3_01, **down).refused(
        Refusal.OVER_POOL, pool_left_fen=3_00, amount_fen=3_01, short_fen=1
    )
    assert typed(refused.ways_out) == ["--amount 3.00"]
    book = spent.when(adjust_surplus, amount_fen=3_00, **down).then(surplus_adjusted(3_00, **down))
    assert left(book) == (0, 0, 2_00)


def test_a_pool_that_is_used_up_leads_to_what_used_it():
    there = given(scenario.surplus_in(5_00), used(5_00))
    refused = there.when(adjust_surplus, amount_fen=1, decrease=True).refused(Refusal.OVER_POOL)
    assert typed(refused.ways_out) == ["yusuan log --kind use-surplus"]


def test_an_adjustment_of_a_pool_needs_a_document_and_a_unit_that_has_one():
    given().when(adjust_surplus, amount_fen=1, doc="").refused(Refusal.DOC_REQUIRED)
    given(kind="admin").when(adjust_surplus, amount_fen=1).refused(Refusal.UNIT_KIND)
    given(kind="public-admin").when(adjust_surplus, amount_fen=1).allowed()


def test_an_adjustment_of_a_pool_is_undone_and_put_right():
    """Exactly; what it brought and is used by now is not taken back."""
    event = surplus_adjusted(5_00)
    book = given(event).when(reverse, original=event).then(reversed_(event))
    assert left(book) == (0, 0, 0)
    event = surplus_adjusted(5_00)
    book = given(event).when(correct, original=event, changes={"amount_fen": 4_00}).allowed()
    assert left(book) == (4_00, 0, 0)
    event = surplus_adjusted(5_00)
    given(event).when(correct, original=event, changes={"adjustment": "remitted"}).refused(
        Refusal.ENTRY_KIND, why="非财政拨款结余没有归集上缴"
    )
    event = surplus_adjusted(5_00)
    given(event, used(1)).when(reverse, original=event).refused(Refusal.OVER_POOL)


def test_used_surplus_can_be_spent():
    """It is cash like income, and not a fen more than was used."""
    there = given(scenario.surplus_in(9_00), appropriated(9_00, SPENT), used(5_00))
    there.when(pay, line=SPENT, econ="30201", amount_fen=5_01).refused(
        Refusal.OVER_CASH, cash_fen=5_00, short_fen=1
    )
    there.when(pay, line=SPENT, econ="30201", amount_fen=5_00).allowed()


def test_surplus_is_used_for_a_purpose_and_not_for_an_econ():
    given(scenario.surplus_in(5_00)).when(use_surplus, line=SPENT, amount_fen=1).then(used(1))


def test_what_brings_a_pool_below_zero_is_not_undone():
    """A loading whose money was used; exactly what is left may go."""
    first, second = scenario.surplus_in(3_00), scenario.surplus_in(2_00)
    there = given(first, second, used(3_00))
    there.when(reverse, original=first).refused(
        Refusal.OVER_POOL, pool_left_fen=2_00, amount_fen=3_00, short_fen=1_00
    )
    assert left(there.when(reverse, original=second).allowed()) == (0, 0, 3_00)


def test_a_use_is_undone_while_its_money_is_in_hand():
    use = used(5_00)
    there = given(scenario.surplus_in(5_00), appropriated(9_00, SPENT), use)
    assert left(there.when(reverse, original=use).allowed()) == (5_00, 0, 0)
    use = used(5_00)
    spent = given(
        scenario.surplus_in(5_00), appropriated(9_00, SPENT), use, paid(1, SPENT, "30201")
    )
    spent.when(reverse, original=use).refused(Refusal.OVER_CASH, cash_fen=4_99, short_fen=1)


def test_a_use_is_corrected_up_to_the_pool():
    use = used(4_00)
    there = given(scenario.surplus_in(5_00), use)
    there.when(correct, original=use, changes={"amount_fen": 5_01}).refused(Refusal.OVER_POOL)
    book = there.when(correct, original=use, changes={"amount_fen": 5_00}).allowed()
    assert left(book) == (0, 0, 5_00)


# Distribution.


def test_exactly_what_is_left_is_distributed_and_not_a_fen_more():
    """Received 9.00, carried in 2.00, used 1.00, paid 4.00: 8.00. The project's 6.00 is none of
    it, nor what is still in the pool."""
    there = given(
        carried_in(2_00, OLD_OWN),
        scenario.surplus_in(3_00),
        used(1_00),
        received(6_00),
        received(9_00, OWN),
        appropriated(5_00, SPENT),
        paid(4_00, SPENT, "30201"),
    )
    there.when(distribute, amount_fen=8_01).refused(
        Refusal.OVER_DISTRIBUTABLE, distributable_fen=8_00, amount_fen=8_01, short_fen=1
    )
    assert suggested(there.book.state) == (OWN, 8_00)
    book = there.when(distribute, amount_fen=8_00).then(distributed(8_00))
    assert left(book) == (2_00 + 8_00, 0, 6_00)
    assert suggested(book.state) is None


def test_projects_that_spent_more_than_theirs_leave_less_to_distribute():
    """9.00 came in for no project, and one spent 4.00 of it: 5.00 are in hand."""
    over = line("fund=nonfiscal econ=30201")
    there = given(received(9_00, OWN), appropriated(4_00, over), paid(4_00, over, "30201"))
    there.when(distribute, amount_fen=5_01).refused(
        Refusal.OVER_DISTRIBUTABLE, distributable_fen=5_00
    )
    assert left(there.when(distribute, amount_fen=5_00).allowed()) == (5_00, 0, 0)


def test_purposes_that_spent_more_than_theirs_leave_less_to_distribute():
    """The sum of all purposes but for projects counts: 经营 lost 3.00 of what 事业 earned."""
    there = given(
        received(9_00, OWN),
        appropriated(3_00, SIDELINE),
        paid(3_00, SIDELINE, "30227"),
        received(8_00),
    )
    there.when(distribute, amount_fen=6_01).refused(
        Refusal.OVER_DISTRIBUTABLE, distributable_fen=6_00
    )
    there.when(distribute, amount_fen=6_00).allowed()


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [("tax", (0, 0, 0)), ("special", (0, 5_00, 0)), ("unrestricted", (5_00, 0, 0))],
)
def test_where_what_is_distributed_goes(distribution, expected):
    """The tax goes into no pool: it leaves the unit."""
    there = given(received(5_00, OWN))
    book = there.when(distribute, distribution=distribution, amount_fen=5_00).allowed()
    assert left(book) == expected


def test_what_was_distributed_cannot_be_spent():
    there = given(received(5_00, OWN), appropriated(9_00, SPENT), distributed(2_00))
    again = {"line": SPENT, "econ": "30201", "occurred_on": YEAR_END}
    there.when(pay, amount_fen=3_01, **again).refused(Refusal.OVER_CASH, cash_fen=3_00)
    there.when(pay, amount_fen=3_00, **again).allowed()


@pytest.mark.parametrize("day", [date(2020, 12, 30), date(2020, 1, 1), date(2020, 11, 30)])
def test_distribution_is_the_last_thing_of_a_year(day):
    there = given(received(5_00, OWN))
    refused = there.when(distribute, amount_fen=1, occurred_on=day).refused(
        Refusal.DISTRIBUTION_DATE, date=day.isoformat()
    )
    assert typed(refused.ways_out) == ["--date 2020-12-31"]
    there.when(distribute, amount_fen=1, occurred_on=YEAR_END).allowed()


def test_money_for_a_project_is_only_carried_over():
    wanted = {"line": CASH.at_econ("30201"), "distribution": "tax", "amount_fen": 3_00}
    refused = (
        given(received(5_00), received(2_00, OWN))
        .when(distribute, **wanted)
        .refused(Refusal.DISTRIBUTION_RESTRICTED, line=str(CASH.at_econ("-")))
    )
    assert typed(refused.ways_out) == [
        f"yusuan distribute --line {OWN} --to tax --amount 2.00 --date 2020-12-31"
    ]
    nothing = given(received(5_00)).when(distribute, **wanted)
    assert typed(nothing.refused(Refusal.DISTRIBUTION_RESTRICTED).ways_out) == ["yusuan carryover"]


def test_a_distribution_whose_money_was_used_again_is_not_undone():
    """4.00 of the 5.00 were used: what is left in the pool is not enough to give back."""
    kept = distributed(5_00)
    there = given(received(5_00, OWN), kept, used(4_00, occurred_on=YEAR_END))
    asked = {"original": kept, "occurred_on": YEAR_END}
    there.when(reverse, **asked).refused(
        Refusal.OVER_POOL, pool_left_fen=1_00, amount_fen=5_00, short_fen=4_00
    )
    use = used(4_00, occurred_on=YEAR_END)
    kept = distributed(5_00)
    asked = {"original": kept, "occurred_on": YEAR_END}
    there = given(received(5_00, OWN), kept, use, reversed_(use, occurred_on=YEAR_END))
    assert left(there.when(reverse, **asked).allowed()) == (0, 0, 5_00)


def test_a_tax_is_undone_whatever_the_pools_hold():
    tax = distributed(5_00, "tax")
    there = given(received(5_00, OWN), tax)
    asked = there.when(reverse, original=tax, occurred_on=YEAR_END)
    assert left(asked.allowed()) == (0, 0, 5_00)


def test_income_that_was_distributed_is_not_undone():
    there = given(earned := received(5_00, OWN), distributed(1))
    there.when(reverse, original=earned, occurred_on=YEAR_END).refused(
        Refusal.OVER_CASH, cash_fen=4_99, short_fen=1
    )


def test_a_distribution_is_corrected_up_to_what_there_is():
    """What it took itself counts as there again."""
    kept = distributed(5_00)
    there = given(received(7_00, OWN), kept)
    asked = {"original": kept, "occurred_on": YEAR_END}
    there.when(correct, **asked, changes={"amount_fen": 7_01}).refused(
        Refusal.OVER_DISTRIBUTABLE, distributable_fen=7_00
    )
    book = there.when(correct, **asked, changes={"distribution": "tax", "amount_fen": 7_00})
    assert left(book.allowed()) == (0, 0, 0)


# Who has any, and which money it is.


@pytest.mark.parametrize(
    ("kind", "loads", "uses", "distributes"),
    [
        ("admin", False, False, False),
        ("public-admin", True, True, False),
        ("institution", True, True, True),
    ],
)
def test_which_units_have_a_surplus(kind, loads, uses, distributes):
    """An 行政单位 carries over what is left; a 参公 unit may use what it has from earlier years."""
    there = given(received(5_00, OWN), *([scenario.surplus_in(5_00)] if loads else []), kind=kind)
    for decision, lawful in (
        (surplus_in, loads), (use_surplus, uses), (distribute, distributes)
    ):  # fmt: skip
        asked = there.when(decision, amount_fen=1)
        if lawful:
            asked.answer()
        else:
            asked.refused(Refusal.UNIT_KIND)


@pytest.mark.parametrize("spending", KINDS)
@pytest.mark.parametrize("kind", ["admin", "public-admin", "institution"])
def test_which_units_spend_what_table_3_shows_in_its_columns_4_to_6(kind, spending):
    at = line(f"fund=nonfiscal spending={spending} project=- econ=-")
    asked = given(kind=kind).when(appropriate, line=at, amount_fen=1)
    if kind != "admin":
        asked.allowed()
        return
    refused = asked.refused(Refusal.UNIT_KIND, kind="行政单位")
    assert typed(refused.ways_out) == ["--spending basic", "yusuan amend-book --kind institution"]
    received_before = given(received(1, OWN), kind=kind).when(appropriate, line=at, amount_fen=1)
    assert typed(received_before.refused(Refusal.UNIT_KIND).ways_out) == ["--spending basic"]


@pytest.mark.parametrize("spending", KINDS)
@pytest.mark.parametrize("fund", ["general", "govfund", "statecapital"])
def test_fiscal_money_is_never_spent_so(fund, spending):
    at = line(f"fund={fund} spending={spending} project=- econ=-")
    for decision, more in ((appropriate, {}), (supplement, {})):
        given().when(decision, line=at, amount_fen=1, **more).refused(Refusal.SPENDING_FUND)
    old = line(f"fund={fund} spending={spending} project=- econ=- origin=2019")
    given().when(carry_in, line=old, amount_fen=1).refused(Refusal.SPENDING_FUND)


def test_fiscal_money_has_no_surplus():
    there = given(scenario.surplus_in(5_00), received(5_00, OWN))
    basic = line("project=- econ=-")
    for decision in (use_surplus, distribute):
        there.when(decision, line=basic, amount_fen=1).refused(Refusal.INCOME_CLASS)


def test_money_of_a_later_year_has_none_either():
    """The next year could not carry it in."""
    there = given(scenario.surplus_in(5_00), received(5_00, OWN))
    later = line("fund=nonfiscal project=- econ=- origin=2021")
    for decision in (use_surplus, distribute):
        refused = there.when(decision, line=later, amount_fen=1).refused(
            Refusal.ORIGIN_NOT_CURRENT, origin=2021
        )
        assert typed(refused.ways_out) == ["--origin 2020"]


def test_the_only_purpose_of_the_units_own_money_is_found():
    """Of lines and of income alike; several are listed."""
    own = LinePattern(fund="nonfiscal")
    there = given(scenario.surplus_in(5_00), appropriated(1_00, LINE), received(1_00, OWN))
    there.asked("use-surplus", line=own, amount_fen=1).then(used(1))
    there = given(scenario.surplus_in(5_00), received(1_00, OWN), appropriated(1_00, SIDELINE))
    refused = there.asked("use-surplus", line=own, amount_fen=1).refused(Refusal.LINE_AMBIGUOUS)
    assert sorted(typed(refused.ways_out)) == ["--spending basic", "--spending business"]
    given(scenario.surplus_in(5_00)).asked("use-surplus", line=own, amount_fen=1).refused(
        Refusal.LINE_MISSING
    )


def test_what_only_the_project_has_is_not_lent_to_distribution():
    """Nothing but a project's money: there is nothing to distribute, and no way to make it so."""
    there = given(received(9_00))
    refused = there.when(distribute, amount_fen=1).refused(
        Refusal.OVER_DISTRIBUTABLE, distributable_fen=0
    )
    assert typed(refused.ways_out) == ["yusuan carryover"]
    assert suggested(there.book.state) is None
