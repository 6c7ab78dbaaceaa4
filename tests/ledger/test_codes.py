"""What codes are called: by the lists of a book, else by the packaged ones of its year."""

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from ledger.codes import (
    CodeNames,
    Evidence,
    is_code_of,
    packaged,
    packaged_in,
    packaged_names,
)
from ledger.kinds import CODE_SET_NAMES, CodeSet
from ledger.texts import unfit

FOLDER = Path(__file__).parents[2] / "ledger" / "code_sets"
SETS: tuple[CodeSet, ...] = ("functional", "economic")


@pytest.mark.parametrize("code_set", SETS)
def test_a_packaged_list_is_in_order_and_every_code_stands_below_its_class(code_set):
    rows = packaged(code_set)
    assert [*rows] == sorted(rows, key=lambda r: (r.code[:3], r.code[:5], r.code, r.edition))
    codes = {row.code for row in rows}
    assert all(is_code_of(code_set, code) for code in codes)
    assert all(len(code) == 3 or code[:-2] in codes for code in codes)
    assert Counter((row.code, row.edition) for row in rows).most_common(1)[0][1] == 1
    assert {row.source for row in rows} <= set(get_args(Evidence))
    assert all(unfit(row.name) is None and row.name == row.name.strip() for row in rows)
    assert all(2018 <= row.edition <= 2025 for row in rows)


@pytest.mark.parametrize("code_set", SETS)
def test_a_name_that_is_repeated_by_a_later_edition_is_said_once(code_set):
    """A row of a later edition is there because the name changed."""
    for before, row in zip(packaged(code_set), packaged(code_set)[1:], strict=False):
        assert before.code != row.code or before.name != row.name


def test_what_is_printed_in_the_report_of_2020_is_told_so():
    """The evidence: 61 and 72 codes of the seed."""
    count = {each: Counter(row.source for row in packaged(each)) for each in SETS}
    assert count["functional"]["printed-2020"] == 61
    assert count["economic"]["printed-2020"] == 72


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("21305", 2020, "扶贫"),
        ("21305", 2021, "巩固脱贫衔接乡村振兴"),
        ("21305", 2024, "巩固脱贫攻坚成果衔接乡村振兴"),
        ("21305", 2031, "巩固脱贫攻坚成果衔接乡村振兴"),
        ("2296011", 2020, "用于扶贫的彩票公益金支出"),
        ("2296011", 2024, "用于巩固脱贫攻坚成果衔接乡村振兴的彩票公益金支出"),
        ("2296002", 2024, "用于社会福利的彩票公益金支出"),
        ("2014004", 2020, "信访业务"),  # a code that came later has the name that it came with
        ("2089901", 2020, "其他社会保障和就业支出"),
        ("2089999", 2021, "其他社会保障和就业支出"),
        ("2109999", 2021, "其他卫生健康支出"),
        ("2119999", 2021, "其他节能环保支出"),
        ("2089998", 2021, ""),
    ],
)
def test_a_code_is_called_as_the_edition_of_the_year_calls_it(code, year, name):
    assert packaged_names(year).functional(code) == name


def test_every_item_of_the_lottery_fund_and_every_class_of_a_department_is_there():
    known = packaged_in("functional", 2024)
    lottery = {code[-2:] for code in known if code.startswith("22960") and len(code) == 7}
    assert lottery == {"01", "02", "03", "04", "05", "06", "10", "11", "12", "13", "99"}
    classes = {code for code in known if len(code) == 3}
    assert {str(code) for code in range(201, 218)} <= classes
    assert {"219", "220", "221", "222", "223", "224", "227", "229"} <= classes
    assert {"230", "231", "232", "233", "234"} <= classes
    for of_class in sorted(classes - {"209", "227"}):
        assert any(code.startswith(of_class) and len(code) == 5 for code in known), of_class


def test_the_book_s_own_name_counts_and_ours_where_it_has_none():
    names = CodeNames(2020, {"functional": {"2080105": "监察"}})
    assert names.functional("2080105") == "监察"
    assert names.functional("2080101") == "行政运行"
    assert names.economic("30217") == "公务接待费"
    assert names.own("functional", "2080105") == "监察"
    assert names.own("functional", "2080101") == ""
    assert names.own("economic", "30217") == ""


@pytest.mark.parametrize(
    ("code_set", "code", "can_be"),
    [
        ("functional", "208", True),
        ("functional", "20801", True),
        ("functional", "2080101", True),
        ("functional", "2080", False),
        ("functional", "208010101", False),
        ("economic", "302", True),
        ("economic", "30201", True),
        ("economic", "3020101", False),
        ("economic", "３０２", False),
        ("economic", "30a", False),
        ("economic", "20801", False),
        ("economic", "50101", False),
        ("functional", "30201", False),
        ("functional", "101", False),
    ],
)
def test_which_digits_can_be_a_code_of_a_list(code_set, code, can_be):
    assert is_code_of(code_set, code) is can_be


def test_both_lists_have_a_name_that_people_read():
    assert set(CODE_SET_NAMES) == set(get_args(CodeSet)) == set(SETS)
    assert all(FOLDER.joinpath(f"{code_set}.csv").is_file() for code_set in SETS)
