"""审核: every check can fail, and then says both figures, its cells and what to do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.commands.keep.demo import BOOK as DEMO
from cli.commands.keep.demo import record_year
from ledger.book import BookId
from ledger.line import BudgetLine, Fund
from ledger.store.sqlite.place import SqlitePlace
from projections.questions.opening import Closing, last_closing
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.editions import edition as edition_of
from projections.report.editions import names
from projections.report.figure import Report
from projections.report.relations import codes, resolved
from projections.views.reading import Reading, reading
from tests.harness.plain import plain
from tests.harness.small_year import (
    BOOK,
    Year,
    appropriate,
    carry_in,
    income,
    line,
    pay,
    supplement,
    surplus_in,
    use_surplus,
)

BASIC = line("30201", project="-", func="2080101")
RECEPTION = line("30217", project="-", func="2080101")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """The published year."""
    db = tmp_path_factory.mktemp("checks") / "demo.db"
    record_year(SqlitePlace(db), actor="测试")
    with reading(SqlitePlace(db), DEMO) as opened:
        yield opened


def found(year: Year, code: str) -> list[dict[str, Any]]:
    """The findings of one code in a small book."""
    return [f for f in year.ask(lambda r: check(Report(Cells(r))))["findings"] if f["code"] == code]


def every_relation() -> Iterator[tuple[str, int]]:
    for edition in names():
        for number in range(len(edition_of(edition).relations)):
            yield edition, number


@pytest.mark.parametrize(("edition", "number"), list(every_relation()))
def test_every_relation_of_an_edition_can_fail(demo: Reading, edition: str, number: int) -> None:
    """One cell is a fen too much: the relation says so with both figures and the cells."""
    cells = Cells(demo._replace(edition=edition))
    relation = edition_of(edition).relations[number]
    sides = (
        (resolved(cells, relation.left, code), resolved(cells, relation.right, code))
        for code in codes(cells, relation)
    )
    left, right = next(both for both in sides if all(both))
    assert left
    assert right
    right_fen = sum(map(cells.fen, right))
    less_fen = sum(map(cells.fen, left[1:]))
    cells._values[left[0]] = right_fen - less_fen + 1
    told = [
        f for f in plain(check(Report(cells)))["findings"] if f["message"].startswith(relation.says)
    ]
    assert [(f["code"], f["tier"]) for f in told[:1]] == [(relation.code, relation.tier)]
    assert (told[0]["left_fen"], told[0]["right_fen"]) == (right_fen + 1, right_fen)
    assert set(told[0]["cells"]) == {*left, *right}
    assert told[0]["suggestion"]


def test_the_tables_of_the_published_year_have_no_error_and_their_rounding_is_said(
    demo: Reading,
) -> None:
    """What is wrong is in its self-evaluation."""
    answer = plain(check(Report(Cells(demo))))
    tiers = [f["tier"] for f in answer["findings"]]
    errors = {f["code"] for f in answer["findings"] if f["tier"] == "error"}
    assert errors == {"E.NO_ACTUAL", "E.TARGETS", "E.WEIGHTS"}
    assert tiers == sorted(tiers, key=["error", "warn", "info"].index), "the gravest first"
    (rounded,) = (f for f in answer["findings"] if f["code"] == "ROUNDING")
    assert rounded["tier"] == "info"
    assert rounded["message"].startswith("因四舍五入，4 处打印数之和与合计数相差")
    assert {"T1.38", "T3.208.1", "T1.39", "T3.210.1"} <= set(rounded["cells"])
    assert all(f["suggestion"] for f in answer["findings"])
    assert [skipped["code"] for skipped in answer["not_run"]] == ["X11"]


def test_a_printed_difference_beyond_the_rounding_is_an_error(demo: Reading) -> None:
    """Half a unit for every figure is rounding; a whole unit more is a mistake of ours."""
    cells = Cells(demo)
    cells._printed["T1.57"] = cells.hundredths("T1.57") + 100
    findings = plain(check(Report(cells)))["findings"]
    told = [f for f in findings if f["message"].startswith("表1本年支出合计")]
    assert [f["tier"] for f in told] == ["error"]


def test_money_that_no_row_of_table_6_holds(tmp_path: Path) -> None:
    """X05: 31101 is of a class that the form of basic spending does not have."""
    year = Year(tmp_path).record(
        appropriate(9_00, at=line("-", project="-", func="2080101")),
        pay(5_00, at=line("-", project="-", func="2080101"), econ="31101"),
    )
    own = [f for f in found(year, "X05") if "31101" in f["message"]]
    assert [(f["left_fen"], f["right_fen"], f["cells"]) for f in own] == [(5_00, 0, ["T5.合计.2"])]


def test_three_public_over_its_budget_is_pointed_out(tmp_path: Path) -> None:
    """X10: 只减不增; a supplement may have made it lawful (R3), the public still asks."""
    year = Year(tmp_path).record(
        appropriate(5_00, at=RECEPTION),
        supplement(2_00, at=RECEPTION),
        pay(5_00, at=RECEPTION, econ="30217"),
    )
    assert found(year, "X10") == []
    year.record(pay(1, at=RECEPTION, econ="30217"))
    assert [(f["tier"], f["left_fen"]) for f in found(year, "X10")] == [("warn", 5_01)]


def test_three_public_above_last_year_is_pointed_out(tmp_path: Path) -> None:
    """X10: 只减不增 against last year's 决算数; a typed total of last year does not have it."""
    year = Year(tmp_path).record(
        appropriate(5_00, at=RECEPTION), pay(5_00, at=RECEPTION, econ="30217")
    )

    def told(last_fen: int | None) -> list[tuple[str, int, int]]:
        paid = None if last_fen is None else {Fund.GENERAL: last_fen, Fund.GOVFUND: 9_00}
        last = Closing("book", 0, three_public=paid)
        answer = year.ask(lambda r: check(Report(Cells(r)), last))
        x10 = [f for f in answer["findings"] if f["code"] == "X10"]
        return [(f["tier"], f["left_fen"], f["right_fen"]) for f in x10]

    assert told(None) == told(5_00) == []
    assert told(4_99) == [("warn", 5_00, 4_99)]


def test_the_last_year_of_the_file_is_asked_for_its_three_public(tmp_path: Path) -> None:
    before = Year(tmp_path, book=BookId(BOOK.unit, BOOK.year - 1))
    at = BudgetLine.make("general", "2080101", "basic", "-", "30217", BOOK.year - 1)
    before.record(
        appropriate(5_00, "2019-01-02", at=at), pay(3_00, "2019-03-05", at=at, econ="30217")
    )
    Year(tmp_path)
    last = last_closing(SqlitePlace(before.db), BOOK)
    assert last is not None
    assert last.three_public == {Fund.GENERAL: 3_00}


def test_an_item_that_closes_below_zero(tmp_path: Path) -> None:
    """X12: under `recorded` more may be spent than was ever received."""
    year = Year(tmp_path, basis="recorded").record(appropriate(9_00), pay(4_00))
    (finding,) = found(year, "X12")
    assert (finding["left_fen"], finding["cells"]) == (-4_00, ["T1.59"])
    year.record(income(4_00, at=line(), source="fiscal"))
    assert found(year, "X12") == []


def test_a_donation_that_closes_below_zero(tmp_path: Path) -> None:
    """X12 (N04): 97.00 paid from a donation of 95.00, the rest from the interest of others."""
    donated, own = line(fund="nonfiscal"), line("-", fund="nonfiscal", project="-")
    year = Year(tmp_path).record(
        appropriate(200_00, at=donated),
        income(95_00, at=donated),
        income(10_00, at=own),
        pay(97_00, at=donated),
    )
    (finding,) = found(year, "X12")
    assert (finding["tier"], finding["left_fen"]) == ("error", -2_00)
    assert "P02" in finding["message"]
    year.record(surplus_in(5_00), use_surplus(2_00, at=donated))
    assert found(year, "X12") == []


def test_the_way_out_of_a_negative_closing_names_the_cell_of_the_edition(tmp_path: Path) -> None:
    """X12: in the general table of 2022 年末结转和结余 stands in another row."""
    year = Year(tmp_path, basis="recorded", edition="2022").record(appropriate(9_00), pay(4_00))
    (finding,) = found(year, "X12")
    assert finding["cells"] == ["T1.86.9"]
    assert "yusuan explain T1.86.9 " in finding["suggestion"]


def test_items_against_their_definition_and_with_the_wrong_fund(tmp_path: Path) -> None:
    """X14: 行政运行 as a project, 一般行政管理事务 as basic; X15: 223 from the general fund."""
    run = line(func="2080101")
    manage = line("-", project="-", func="2080102")
    capital = line(func="2230105")
    year = Year(tmp_path).record(
        *(appropriate(9_00, at=each) for each in (run, manage, capital)),
        *(pay(3_00, at=each) for each in (run, manage, capital)),
    )
    assert [f["cells"] for f in found(year, "X14")] == [["T3.2080101.3"], ["T3.2080102.2"]]
    assert [f["cells"] for f in found(year, "X15")] == [["T3.2230105.3"]]


def test_an_unusual_kind_of_spending_is_a_hint(tmp_path: Path) -> None:
    """X16: of what 机关养老保险 usually carries 4.00, and 1.00 that it does not."""
    pension = line("-", project="-", func="2080505")
    medical = line("-", project="-", func="2101101")
    year = Year(tmp_path).record(
        appropriate(9_00, at=pension),
        appropriate(9_00, at=medical),
        pay(4_00, at=pension, econ="30108"),
        pay(1_00, at=pension, econ="30109"),
        pay(2_00, at=medical, econ="30110"),
    )
    (finding,) = found(year, "X16")
    assert (finding["left_fen"], finding["right_fen"], finding["tier"]) == (1_00, 4_00, "info")


def test_a_code_without_a_name_is_pointed_out_with_its_money(tmp_path: Path) -> None:
    """X18, at every level: our lists are not complete, so it is no error."""
    unknown = line(func="2089876")
    year = Year(tmp_path).record(appropriate(9_00, at=unknown), pay(4_00, at=unknown, econ="30298"))
    told = [(f["tier"], f["left_fen"], f["cells"]) for f in found(year, "X18")]
    cells: tuple[list[str], ...] = (["T3.20898.1"], ["T3.2089876.1"], [])
    assert told == [("warn", 4_00, cell) for cell in cells]


def test_a_quiet_book_has_no_findings(tmp_path: Path) -> None:
    year = Year(tmp_path).record(
        appropriate(9_00, at=BASIC), carry_in(2_00), pay(3_00, at=BASIC, econ="30201")
    )
    assert year.ask(lambda r: check(Report(Cells(r))))["findings"] == []
