"""Editions are data: a second one changes the tables, the cells and the checks without code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cli.commands.keep.demo import BOOK, record_year
from cli.text.publish.explanation import explanation
from ledger.errors import Malformed
from ledger.store.sqlite.place import SqlitePlace
from projections.report import editions
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.explain import Branch, explain
from projections.report.figure import Report
from projections.views.reading import Reading, reading
from tests.harness.plain import plain
from tests.harness.published import PUBLISHED
from tests.harness.small_year import BOOK as SMALL
from tests.harness.small_year import Year, appropriate, carry_in, income, line, pay, supplement

BASIC = line("30201", project="-", func="2080101")
STAFF = line("301", project="-", func="2080101")
UNSPLIT = line(project="-", func="2080501")
BUILDING = line("31002", project="P01", func="2100410")
FUND = line(project="P02", func="2120801", fund="govfund")
OLD_FUND = line(project="P02", func="2120801", fund="govfund", origin=2019)
CAPITAL = line(project="P02", func="2230105", fund="statecapital")
OWN = line(project="P01", func="2080105", fund="nonfiscal")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """A small year with all four funds, in the forms of 2022. Fen: 1 万元 is 1_000_000."""
    year = Year(tmp_path_factory.mktemp("editions"), edition="2022")
    year.record(
        carry_in(40_000_000, at=OLD_FUND),
        appropriate(10_000_000, at=BASIC),
        appropriate(30_000_000, at=STAFF),
        appropriate(5_000_000, at=UNSPLIT),
        appropriate(20_000_000, at=BUILDING),
        supplement(7_000_000, at=FUND),
        supplement(3_000_000, at=CAPITAL),
        appropriate(6_000_000, at=OWN),
        income(8_000_000, at=OWN, source="service"),
        income(1_000_000, at=OWN, source="other"),
        pay(9_000_000, at=BASIC, econ="30201"),
        pay(25_000_000, at=STAFF, econ="30101"),
        pay(4_000_000, at=UNSPLIT, econ="30302"),
        pay(15_000_000, at=BUILDING, econ="31002"),
        pay(33_000_000, at=OLD_FUND, econ="30905"),
        pay(2_000_000, at=CAPITAL, econ="31204"),
        pay(5_000_000, at=OWN, econ="30299"),
    )
    with reading(SqlitePlace(year.db), SMALL) as opened:
        yield opened


EXPECTED = {
    # 收入：年初预算数、全年预算数、决算数
    "1": ("65.00", "65.00", "65.00"),
    "2": ("", "7.00", "7.00"),
    "3": ("", "3.00", "3.00"),
    "5": ("", "", "8.00"),
    "8": ("6.00", "6.00", "1.00"),
    "27": ("71.00", "81.00", "84.00"),
    "29": ("", "40.00", "40.00"),
    "31": ("71.00", "121.00", "124.00"),
    # 支出按功能分类
    "39": ("51.00", "51.00", "43.00"),
    "40": ("20.00", "20.00", "15.00"),
    "42": ("", "47.00", "33.00"),
    "52": ("", "3.00", "2.00"),
    # 支出按性质和经济分类
    "58": ("45.00", "45.00", "38.00"),
    "59": ("30.00", "30.00", "29.00"),
    "60": ("10.00", "10.00", "9.00"),
    "61": ("26.00", "76.00", "55.00"),
    "62": ("", "", "33.00"),
    "68": ("—", "—", "93.00"),
    "69": ("—", "—", "25.00"),
    "70": ("—", "—", "14.00"),
    "71": ("—", "—", "4.00"),
    "73": ("—", "—", "33.00"),
    "74": ("—", "—", "15.00"),
    "76": ("—", "—", "2.00"),
    "84": ("71.00", "121.00", "93.00"),
    "86": ("", "", "31.00"),
    "88": ("71.00", "121.00", "124.00"),
    **dict.fromkeys(("72", "75", "77", "78"), ("—", "—", "")),
}
"""Row → its three printed figures, added up by hand from the requests above."""


def test_the_general_table_of_2022_by_hand(mixed: Reading) -> None:
    """财决01: budgets and actuals on both sides; every other cell prints nothing."""
    cells = Cells(mixed)
    printed: dict[str, list[str]] = {}
    for cell in cells.table(1):
        printed.setdefault(cell.row, []).append(cells.printed(cell.id))
    assert {row: tuple(three) for row, three in printed.items() if any(three)} == EXPECTED


def test_every_cell_of_every_table_explains_itself(mixed: Reading) -> None:
    """By its entries, and branch by branch, where a sum and what is left of it cancel out too (年末
    is 总计 less 支出); on a screen as well."""
    cells = Cells(mixed)
    for name in cells.all:
        answer = explain(Report(cells), name)
        entries = plain(answer)["entries"]
        assert sum(entry["fen"] for entry in entries) == cells.fen(name)
        for branch in every_branch(answer.tree):
            below = [part.fen or 0 for part in branch.parts]
            below += [move.fen or 0 for move in branch.entries]
            assert not below or sum(below) == branch.fen, branch.cell
        assert explanation(mixed.header(), answer, most=2)


def every_branch(branch: Branch) -> Iterator[Branch]:
    """A branch and all under it."""
    yield branch
    for part in branch.parts:
        yield from every_branch(part)


def test_what_the_budget_did_not_split_is_said_and_nothing_else(mixed: Reading) -> None:
    """5.00 万元 of basic budget has no econ: 58 is more than 59 and 60; no relation is broken."""
    findings = plain(check(Report(Cells(mixed))))["findings"]
    assert [f for f in findings if f["tier"] == "error"] == []
    unsplit = [f for f in findings if f["code"] == "X02"]
    assert [(f["left_fen"], f["right_fen"]) for f in unsplit] == [(45_000_000, 40_000_000)] * 2


def test_the_tables_that_2022_keeps_are_those_of_2020(mixed: Reading) -> None:
    """The other eight forms are not written twice."""
    old, new = editions.edition("2020").forms, editions.edition("2022").forms
    assert [n for n in new if replace(new[n], rounding=old[n].rounding) != old[n]] == [1, 7]
    assert Cells(mixed).printed("T8.合计.6") == "14.00"


def test_the_2020_year_in_the_forms_of_2022(tmp_path: Path) -> None:
    """The published figures stand where the other form has them."""
    db = tmp_path / "demo.db"
    record_year(SqlitePlace(db), actor="测试")
    with reading(SqlitePlace(db), BOOK) as opened:
        cells = Cells(opened._replace(edition="2022"))
        for row in range(31, 57):  # the classes stand one row further down
            assert cells.printed(f"T1.{row + 1}.6") == PUBLISHED[f"T1.{row}"], row
        same = {"27.3": "27", "29.3": "29", "31.3": "30", "84.9": "57", "86.9": "59", "88.9": "60"}
        for there, here in same.items():
            assert cells.printed(f"T1.{there}") == PUBLISHED[f"T1.{here}"], there
        # 年初预算 5,101.98 and the 8,434.89 that were there to spend, from the report's text.
        assert (cells.printed("T1.27.1"), cells.printed("T1.31.2")) == ("5,101.98", "8,434.89")
        assert (cells.printed("T1.84.7"), cells.printed("T1.84.8")) == ("5,101.98", "8,434.89")


@pytest.mark.parametrize("name", editions.names())
def test_an_edition_holds_together(mixed: Reading, name: str) -> None:
    """Every part of every formula is a cell, no name is given twice, every relation finds its
    cells, and the folder of an edition holds nothing but data."""
    cells = Cells(mixed._replace(edition=name))
    every = [cell for form in cells.forms.values() for cell in cells.of(form)]
    assert len(every) == len(cells.all)
    parts = {part for cell in every for _, part in cell.spec.parts}
    assert parts <= cells.all.keys()
    for relation in cells.edition.relations:
        for side in (*relation.left, *relation.right):
            assert "@" in side or side in cells.all, (relation.says, side)
    folder = Path(editions.__file__).parent / "forms" / name
    assert {file.suffix for file in folder.iterdir()} == {".toml"}


def test_an_unknown_edition_names_those_there_are() -> None:
    with pytest.raises(Malformed) as raised:
        editions.edition("1999")
    assert "2020、2022、2024、2024-26" in str(raised.value)
