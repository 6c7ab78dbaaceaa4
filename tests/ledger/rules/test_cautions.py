"""What is recorded all the same, but should be looked at; and what gives no remark."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args

import pytest

from ledger.codes import (
    ITEM_OF_ECON,
    THREE_PUBLIC,
    CodeNames,
    gov_econ_of,
    gov_economic,
    packaged_in,
    packaged_names,
)
from ledger.events import RequestApproved
from ledger.kinds import THREE_PUBLIC_NAMES, UnitKind
from ledger.rules.cautions import cautions, clock_behind, clock_strange, lacking
from tests.harness.scenario import (
    DAY,
    LINE,
    YEAR_END,
    appropriated,
    closing,
    cut_by,
    given,
    line,
    listed,
    paid,
    reallocated,
    received,
    reversed_,
    supplemented,
    vouched,
    with_project,
)

ORDINARY = line("econ=30201")
NAMES = packaged_names(2020)


def codes(event, today=DAY):
    return [caution.code for caution in cautions(event, today, NAMES)]


@pytest.mark.parametrize(
    "event",
    [
        appropriated(1, ORDINARY),
        paid(1, ORDINARY, "30201", purpose="印刷"),
        appropriated(1, line("project=- econ=30101 func=2080101")),
        received(1),
        with_project("P02"),
    ],
)
def test_an_ordinary_entry_gives_no_remark(event):
    assert codes(event) == []


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (appropriated(1, line("func=2089876")), "CODE.FUNC_UNKNOWN"),
        (appropriated(1, line("econ=30298")), "CODE.ECON_UNKNOWN"),
        (appropriated(1, line("econ=30101")), "R2.PERSONNEL"),
        (appropriated(1, line("econ=303")), "R2.PERSONNEL"),
        (appropriated(1, line("func=2080101 econ=30201")), "X14.BASIC_ITEM"),
        (appropriated(1, line("func=2080102 econ=30201 project=-")), "X14.PROJECT_ITEM"),
        (appropriated(1, line("func=2340199 econ=30201")), "X15.FUND"),
        (paid(1, ORDINARY, "30201"), "R16.PURPOSE"),
        (paid(1, LINE.at_econ("-"), "30101", purpose="x"), "R2.PERSONNEL"),
    ],
)
def test_an_odd_entry_is_remarked_upon(event, code):
    assert code in codes(event)


BASIC = line("project=- econ=30101 func=2080101")


@pytest.mark.parametrize(
    ("event", "found"),
    [
        (supplemented(1, line("func=2310301 econ=30701")), ["R6.DEBT"]),
        (reallocated(ORDINARY, line("func=2320301 econ=30701"), 1), ["R6.DEBT"]),
        (reallocated(line("func=2320301 econ=30701"), ORDINARY, 1), []),
        (appropriated(1, line("func=2310301 econ=30701")), []),
        (supplemented(1, ORDINARY), []),
        (cut_by(1, BASIC), ["R6.PROTECTED"]),
        (cut_by(1, BASIC.at_econ("302")), []),
        (cut_by(1, line("econ=30101")), []),
        (supplemented(1, BASIC), []),
    ],
)
def test_what_the_congress_may_have_to_approve(event, found):
    """R6: a rise of debt, a cut of what is protected; not the year's first budget."""
    assert [code for code in codes(event) if code.startswith("R6")] == found


@pytest.mark.parametrize(
    ("kind", "source", "found"),
    [
        ("admin", "service", ["UNIT.INCOME"]),
        ("admin", "other", []),
        ("institution", "service", []),
    ],
)
def test_income_that_the_unit_should_not_have(kind, source, found):
    event = received(1, source=source)
    assert [c.code for c in cautions(event, DAY, NAMES, kind) if c.code == "UNIT.INCOME"] == found


def test_a_date_after_today_is_remarked_upon_from_the_next_day_on():
    event = appropriated(1, ORDINARY, occurred_on=date(2020, 7, 1))
    assert codes(event, date(2020, 6, 30)) == ["DATE.FUTURE"]
    assert codes(event, date(2020, 7, 1)) == []


def test_a_closing_before_the_year_is_over_says_what_that_means():
    """It is dated on the last day whatever today is: both its request and its approval say so."""
    asked = closing()
    signature = RequestApproved(original=2, approved=asked.proposed, occurred_on=YEAR_END)
    for event in (asked, signature):
        assert codes(event, date(2020, 12, 30)) == ["YEAR.NOT_OVER"]
        assert codes(event, date(2020, 12, 31)) == []


def test_both_sides_of_a_reallocation_are_looked_at():
    assert codes(reallocated(ORDINARY, line("econ=30298"), 1)) == ["CODE.ECON_UNKNOWN"]


def test_a_reversal_repeats_no_remark_of_what_it_undoes():
    odd = appropriated(1, line("econ=30298"))
    book = given(odd).book
    assert codes(reversed_(odd)(book)) == []


def test_every_item_of_a_voucher_is_looked_at():
    odd = vouched((ORDINARY, "30299", 1), (ORDINARY, "30298", 1), purpose="材料费")
    assert codes(odd) == ["CODE.ECON_UNKNOWN"]
    assert codes(vouched((ORDINARY, "30299", 1))) == ["R16.PURPOSE"]


@pytest.mark.parametrize(
    ("unit_kind", "econ", "gov_econ"),
    [
        ("admin", "30101", "50101"),
        ("public-admin", "30103", "50101"),
        ("institution", "30101", "50501"),
        ("admin", "30112", "50102"),
        ("admin", "30201", "50201"),
        ("institution", "30217", "50502"),
        ("institution", "31002", "50601"),
        ("institution", "30901", "50602"),
        ("admin", "30302", "50905"),
        ("institution", "30302", "50905"),
        ("admin", "30107", None),  # 绩效工资 is paid by 事业单位
        ("admin", "30298", None),
        ("admin", "302", None),
        ("institution", "-", None),
    ],
)
def test_the_government_class_follows_from_the_kind_of_unit_and_the_item(unit_kind, econ, gov_econ):
    assert gov_econ_of(unit_kind, econ) == gov_econ


def test_the_two_sets_of_economic_codes_correspond_by_codes_that_are_known():
    """Every item that the list knows leads to at most one 款 that has a name."""
    for unit_kind in get_args(UnitKind):
        found = {gov_econ_of(unit_kind, econ) for econ in packaged_in("economic", 2020)} - {None}
        assert found <= set(gov_economic())
        assert {"50101", "50501"} & found
    assert all(len(code) in (3, 5) for code in gov_economic())


def test_the_code_sets_name_what_the_rules_speak_of():
    """三公 items, capital construction and the items that X14 knows by name."""
    economic, functional = packaged_in("economic", 2020), packaged_in("functional", 2020)
    assert set(ITEM_OF_ECON) <= set(economic)
    assert set(THREE_PUBLIC) == set(THREE_PUBLIC_NAMES)
    assert economic["30217"].name == "公务接待费"
    assert functional["2080101"].name == "行政运行"
    assert {"301", "302", "303", "309", "310"} <= set(economic)


NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "told"),
    [(-timedelta(days=400), False), (timedelta(0), False), (timedelta(minutes=1), False),
     (timedelta(minutes=1, microseconds=1), True), (timedelta(days=74 * 365), True)],
)  # fmt: skip
def test_a_last_entry_that_is_later_than_now_is_told(ahead, told):
    """A minute is what two clocks may differ by. Both times stand in the zone of this machine."""
    here = NOW.astimezone(timezone(timedelta(hours=8)))
    found = clock_behind("420103/2025", 7, NOW + ahead, here)
    assert [each.code for each in found] == ["CLOCK.BEHIND"] * told
    for each in found:
        assert "420103/2025 第 7 笔" in each.message
        assert "2025-06-30 20:00:00+08:00" in each.message
    assert clock_behind("420103/2025", 0, None, here) == ()


@pytest.mark.parametrize(
    ("year", "told"),
    [(2025, False), (2026, False), (2027, True), (2020, False), (1995, False), (1994, True)],
)
def test_a_clock_that_nobody_records_that_year_by_is_told(year, told):
    """Dead batteries say 1970; a year long over may be recorded all the same."""
    assert [each.code for each in clock_strange(year, NOW)] == ["CLOCK.STRANGE"] * told


def test_a_code_that_the_book_s_own_list_names_is_no_remark_any_more():
    odd = appropriated(1, line("func=2089876"))
    own = CodeNames(2020, {"functional": {"2089876": "新项"}})
    assert [c.code for c in cautions(odd, DAY, own)] == []
    assert [c.code for c in cautions(odd, DAY, CodeNames(2020, {}))] == ["CODE.FUNC_UNKNOWN"]


def test_what_an_item_may_be_used_for_is_told_by_the_book_s_own_name_for_it():
    """X14 goes by names: 2080198 is 行政运行 where the book's list says so."""
    odd = appropriated(1, line("func=2080198 econ=30201"))
    own = CodeNames(2020, {"functional": {"2080198": "行政运行"}})
    assert "X14.BASIC_ITEM" in [c.code for c in cautions(odd, DAY, own)]


def test_a_list_that_lacks_a_code_in_use_is_remarked_upon():
    """Of its own set alone, and of the lines that there are."""
    state = given(appropriated(1, line("func=2080105 econ=30201"))).book.state
    assert [*lacking(listed(("2080105", "监察"), ("2080199", "其他")), state)] == []
    (told,) = lacking(listed(("208", "类")), state)
    assert (told.code, "2080105" in told.message) == ("CODES.LACKING", True)
    (told,) = lacking(listed(("302", "类"), code_set="economic"), state)
    assert "30201" in told.message
    assert "支付所用的另请核对" in told.message
    assert [*lacking(appropriated(1), state)] == []
