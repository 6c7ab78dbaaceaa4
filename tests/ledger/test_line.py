"""Budget lines: their text is their identity; which one a payment draws on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.book import BookId
from ledger.errors import Malformed
from ledger.line import (
    ANY_LINE,
    FUND_NAMES,
    BudgetLine,
    Fund,
    LinePattern,
    Spending,
    draws_on,
    econ_class,
    func_levels,
    fund_word,
    parse_func_prefix,
    parse_fund,
    parse_project_code,
)
from tests.harness.strategies import econs, lines

TEXT = "general:2080105:project:P02:30299:2020"


def test_a_line_is_its_text():
    line = BudgetLine.parse(TEXT)
    assert (
        line.fund,
        line.func,
        line.spending,
        line.project,
        line.econ,
        line.origin,
    ) == (Fund.GENERAL, "2080105", Spending.PROJECT, "P02", "30299", 2020)
    assert TEXT == line == str(line) == f"{line}"
    assert {line: 1} == {TEXT: 1}


@pytest.mark.parametrize(
    ("fund", "names"),
    [
        ("general", "general 一般公共预算 一般公共预算财政拨款 公共财政预算 一般公共预算资金"),
        ("govfund", "govfund 政府性基金预算 政府性基金 基金 基金预算 政府性基金预算财政拨款"),
        ("statecapital", "statecapital 国有资本经营预算 国有资本经营 国资 国资预算 国有资本"),
        ("nonfiscal", "nonfiscal 单位资金（非财政拨款） 单位资金 ｎｏｎｆｉｓｃａｌ"),
    ],
)
def test_a_fund_by_any_of_its_names(fund: str, names: str):
    """H08: the usual short names too, however wide and blank they are written."""
    for name in names.split():
        assert (parse_fund(name), fund_word(name)) == (fund, fund), name
        assert parse_fund(f" {name[:2]}　{name[2:]}") == fund
    for name in ("", "财政", "预算", "其他", "General"):
        with pytest.raises(Malformed):
            parse_fund(name)


def test_every_name_that_is_shown_can_be_typed():
    assert {fund: parse_fund(name) for fund, name in FUND_NAMES.items()} == {f: f for f in Fund}


@given(lines)
def test_parts_and_text_say_the_same(line):
    assert line == BudgetLine.parse(str(line))
    assert line == BudgetLine.make(
        line.fund, line.func, line.spending, line.project, line.econ, line.origin
    )
    assert (line.project == "-") == (line.spending is not Spending.PROJECT)


@given(lines, econs)
def test_another_econ_is_the_same_purpose(line, econ):
    other = line.at_econ(econ)
    assert (econ, line.purpose) == (other.econ, other.purpose)
    assert line == other.at_econ(line.econ)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "LINE.MALFORMED"),
        ("general:2080105:project:P02:30299", "LINE.MALFORMED"),
        (f"{TEXT}:x", "LINE.MALFORMED"),
        ("General:2080105:project:P02:30299:2020", "LINE.FUND"),
        (":2080105:project:P02:30299:2020", "LINE.FUND"),
        ("general:208010:project:P02:30299:2020", "LINE.FUNC"),
        ("general:20801051:project:P02:30299:2020", "LINE.FUNC"),
        ("general:２０８０１０５:project:P02:30299:2020", "LINE.FUNC"),
        ("general:208010a:project:P02:30299:2020", "LINE.FUNC"),
        ("general:2080105:personnel:P02:30299:2020", "LINE.SPENDING"),
        ("general:2080105:project::30299:2020", "LINE.PROJECT"),
        ("general:2080105:project:P 2:30299:2020", "LINE.PROJECT"),
        (f"general:2080105:project:{'P' * 41}:30299:2020", "LINE.PROJECT"),
        ("general:2080105:project:项目:30299:2020", "LINE.PROJECT"),
        ("general:2080105:project:P02:3029:2020", "LINE.ECON"),
        ("general:2080105:project:P02::2020", "LINE.ECON"),
        ("general:2080105:project:P02:30299:20", "LINE.ORIGIN"),
        ("general:2080105:project:P02:30299:2100", "LINE.ORIGIN"),
        ("general:2080105:project:P02:30299:1899", "LINE.ORIGIN"),
        ("general:2080105:project:-:30299:2020", "LINE.MALFORMED"),
        ("general:2080105:basic:P02:30299:2020", "LINE.MALFORMED"),
        (f"{TEXT} ", "LINE.ORIGIN"),
        (f"{TEXT}\n", "LINE.ORIGIN"),
        (f" {TEXT}", "LINE.FUND"),
    ],
)
def test_what_is_no_line_is_refused_by_its_part(text, code):
    with pytest.raises(Malformed) as refused:
        BudgetLine.parse(text)
    assert code == refused.value.code


@pytest.mark.parametrize("year", ["1900", "1999", "2000", "2099"])
def test_the_outermost_years_are_years(year):
    assert int(year) == BudgetLine.parse(f"general:2080105:basic:-:-:{year}").origin


def test_a_project_code_is_not_a_dash_alone_but_may_begin_with_one():
    with pytest.raises(Malformed):
        parse_project_code("-")
    assert tuple(map(parse_project_code, ("-1", "--", "P" * 40))) == ("-1", "--", "P" * 40)


PURPOSE = "general:2080105:project:P02"


@pytest.mark.parametrize(
    ("there", "drawn"),
    [
        (["30299", "302", "-"], "30299"),
        (["302", "-"], "302"),
        (["-"], "-"),
        (["30201", "303", "30"], None),
        ([], None),
    ],
)
def test_a_payment_draws_on_its_item_else_its_class_else_no_econ(there, drawn):
    found = draws_on([f"{PURPOSE}:{econ}:2020" for econ in there], BudgetLine.parse(TEXT), "30299")
    assert (None if drawn is None else f"{PURPOSE}:{drawn}:2020") == found


@given(lines, st.sets(econs, max_size=4))
def test_a_payment_never_draws_on_another_purpose(wanted, others):
    """Whatever else there is, the line found differs from the wanted one in its econ at most."""
    there = [wanted.at_econ(econ) for econ in others]
    strangers = [
        BudgetLine.make(
            wanted.fund, wanted.func, wanted.spending, wanted.project, econ, wanted.origin + step
        )
        for econ in (wanted.econ, econ_class(wanted.econ), "-")
        for step in (1, -1)
        if 1900 <= wanted.origin + step <= 2099
    ]
    found = draws_on([*there, *strangers], wanted, wanted.econ)
    assert found is None or (found in there and found.purpose == wanted.purpose)
    if wanted in there:
        assert wanted == found


def test_levels_are_prefixes_by_position_and_not_by_spelling():
    """2080105 belongs to 20801 and 208; it has nothing to do with 20810 or 2080."""
    assert func_levels("2080105") == ("208", "20801", "2080105")
    line = BudgetLine.parse(TEXT)
    assert all(LinePattern(func=func).matches(line) for func in ("208", "20801", "2080105"))
    assert not any(LinePattern(func=func).matches(line) for func in ("20810", "2080106", "201"))
    assert all(LinePattern(econ=econ).matches(line) for econ in ("302", "30299"))
    assert not any(LinePattern(econ=econ).matches(line) for econ in ("-", "303", "30201"))
    for unreadable in ("2", "2080", "208010", "20801055"):
        with pytest.raises(Malformed):
            parse_func_prefix(unreadable)


@given(lines, st.sets(st.sampled_from(LinePattern._fields)))
def test_a_pattern_matches_by_what_it_says(line, said):
    pattern = LinePattern(**{part: getattr(line, part) for part in said})
    assert pattern.matches(line)
    for part in said:
        other: Any = {"fund": "x", "func": "x", "spending": "x", "project": "·", "econ": "x"}.get(
            part, 1
        )
        change: Any = {part: other}
        assert not pattern._replace(**change).matches(line)
    assert ANY_LINE.matches(line)


def test_a_pattern_shows_what_is_left_out_as_a_star():
    assert str(LinePattern(func="2080105", econ="302", origin=2020)) == "*:2080105:*:*:302:2020"


@pytest.mark.parametrize(
    ("text", "unit", "year"),
    [("jianghan/2020", "jianghan", 2020), ("4.2_0-1/1999", "4.2_0-1", 1999)],
)
def test_a_book_is_unit_and_year(text, unit, year):
    assert (unit, year) == BookId.parse(text)
    assert text == str(BookId(unit, year))


@pytest.mark.parametrize(
    "text", ["", "/2020", "u/", "u", "u/20", "u/2020/x", "-u/2020", "u v/2020", "江汉/2020",
             "u" * 41 + "/2020", "a/b/2020"],
)  # fmt: skip
def test_what_is_no_book_is_refused(text):
    with pytest.raises(Malformed):
        BookId.parse(text)
