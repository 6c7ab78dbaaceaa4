"""What is recorded all the same, but should be looked at; and what gives no remark."""

from datetime import date

import pytest

from ledger.cautions import cautions
from ledger.codes import ITEM_OF_ECON, THREE_PUBLIC, THREE_PUBLIC_NAMES, economic, functional
from tests.scenario import (
    DAY,
    LINE,
    appropriated,
    given,
    line,
    paid,
    reallocated,
    received,
    reversed_,
    with_project,
)

ORDINARY = line("econ=30201")


def codes(event, today=DAY):
    return [caution.code for caution in cautions(event, today)]


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


def test_a_date_after_today_is_remarked_upon_from_the_next_day_on():
    event = appropriated(1, ORDINARY, occurred_on=date(2020, 7, 1))
    assert codes(event, date(2020, 6, 30)) == ["DATE.FUTURE"]
    assert codes(event, date(2020, 7, 1)) == []


def test_both_sides_of_a_reallocation_are_looked_at():
    assert codes(reallocated(ORDINARY, line("econ=30298"), 1)) == ["CODE.ECON_UNKNOWN"]


def test_a_reversal_repeats_no_remark_of_what_it_undoes():
    odd = appropriated(1, line("econ=30298"))
    book = given(odd).book
    assert codes(reversed_(odd)(book)) == []


def test_the_code_sets_name_what_the_rules_speak_of():
    """三公 items, capital construction and the items that X14 knows by name."""
    assert set(ITEM_OF_ECON) <= set(economic())
    assert set(THREE_PUBLIC) == set(THREE_PUBLIC_NAMES)
    assert economic()["30217"] == "公务接待费"
    assert functional()["2080101"] == "行政运行"
    assert {"301", "302", "303", "309", "310"} <= set(economic())
    assert all(len(code) in (3, 5, 7) for code in functional())
    assert all(len(code) in (3, 5) for code in economic())
