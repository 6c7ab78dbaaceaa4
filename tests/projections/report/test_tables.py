"""The nine tables of the published 2020 report, cell by cell, and the way back from every cell."""

import csv
import operator
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.commands.keep.demo import BOOK, record_year
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.explain import explain, where_used
from projections.report.figure import Report
from projections.report.tables import table
from projections.views.reading import reading
from tests.harness.plain import plain
from tests.harness.published import GOLDEN, PUBLISHED
from tests.harness.small_year import BOOK as SMALL
from tests.harness.small_year import Year, appropriate, line, pay

STACKED = {"T3.208.1", "T3.210.1", "T5.208.1", "T5.210.1", "T6.公用经费合计"}
"""Where the report prints the sum of rounded items, which is not the rounded sum."""


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    """The cells of the demo year."""
    db = tmp_path_factory.mktemp("tables") / "demo.db"
    record_year(SqlitePlace(db), actor="测试")
    with reading(SqlitePlace(db), BOOK) as opened:
        yield Cells(opened)


def test_every_published_cell_is_printed_the_same(cells: Cells) -> None:
    """All cells of tables 1–9, and no cell more or less than the report has."""
    printed = {name: cells.printed(name) for name in cells.all}
    assert printed == {name: "" if text == "0.00" else text for name, text in PUBLISHED.items()}


def test_exact_rounding_differs_in_the_five_stacked_cells(cells: Cells) -> None:
    """Without stacking exactly five cells would print 0.01 more or less."""
    exact = {name for name in cells.all if cells.hundredths(name) != _rounded(cells.fen(name))}
    assert exact == STACKED


def _rounded(fen: int) -> int:
    return (fen + 5_000) // 10_000


def test_every_relation_between_published_figures_holds_or_fails_as_it_does_there(
    cells: Cells,
) -> None:
    """All relations inside and between the tables, on printed figures: those that the report's
    rounding breaks break in ours too; in fen every one of them holds."""
    file = GOLDEN.parent / "relations.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        relations = list(csv.DictReader(lines))
    assert len(relations) == 488
    for relation in relations:
        compare = {"=": operator.eq, ">=": operator.ge, "<=": operator.le}[relation["op"]]
        shown, exact = (
            compare(_sum(relation["left"], value), _sum(relation["right"], value))
            for value in (cells.hundredths, cells.fen)
        )
        assert exact, relation
        assert shown == (relation["holds"] == "yes"), relation


def _sum(expression: str, value: Callable[[str], int]) -> int:
    """`T1.27-T1.57`: the cells added up with their signs."""
    terms = expression.replace("-", "+-").split("+")
    return sum(-value(t[1:]) if t.startswith("-") else value(t) for t in terms)


def test_every_cell_explains_itself(cells: Cells) -> None:
    """The entries of every cell that is not zero, and its parts, add up to its exact fen."""
    tried = 0
    for name in cells.all:
        if cells.fen(name):
            answer = plain(explain(Report(cells), name))
            assert sum(entry["fen"] for entry in answer["entries"]) == cells.fen(name)
            if answer["parts"]:
                assert sum(part["fen"] for part in answer["parts"]) == cells.fen(name)
            tried += 1
    assert tried > 300


def test_where_used_is_the_other_way_round(cells: Cells) -> None:
    """An entry is in exactly the cells whose explanation names it, with the same fen."""
    report = Report(cells)
    for number in (15, 40, 63, 110):
        used = {
            cell["cell"]: cell.get("fen") for cell in plain(where_used(report, number))["cells"]
        }
        explained = {}
        for name in (*cells.all, *report.ids):
            answer = plain(explain(report, name))
            for entry in answer["entries"]:
                if entry["entry"] == number:
                    explained[name] = entry["fen"] if answer["kind"] == "amount" else None
        assert used == explained


def test_the_note_of_table_4_names_row_59(cells: Cells) -> None:
    """The report misprints 57 for 59, the row of 本年支出合计."""
    assert "59行＝（33＋34＋…＋58）行" in cells.forms[4].formulas
    assert cells.all["T4.59.2"].label == "本年支出合计"


def test_a_kind_of_spending_that_the_form_lacks_gets_a_row(tmp_path: Path) -> None:
    """39999 is not among the printed rows of 表6; its money is in its class and in the total."""
    basic = line(project="-", func="2080101")
    year = Year(tmp_path).record(
        appropriate(9_000_000, at=basic),
        pay(2_000_000, at=basic, econ="39999"),
        pay(1_000_000, at=basic, econ="39908"),
    )
    with reading(SqlitePlace(year.db), SMALL) as opened:
        cells = Cells(opened)
        shown = ("T6.399", "T6.39908", "T6.39999", "T6.公用经费合计", "T6.人员经费合计")
        assert [cells.printed(name) for name in shown] == ["3.00", "1.00", "2.00", "3.00", "0.00"]
        assert cells.all["T6.39999"].label == "其他支出"
        assert [
            f["code"] for f in plain(check(Report(cells)))["findings"] if f["tier"] == "error"
        ] == []


def test_an_empty_fund_table_is_published_with_a_sentence(cells: Cells, tmp_path: Path):
    """R18: not dropped. A table with a single fen says nothing of the kind."""
    for number, said in (
        (8, "武汉市江汉区人力资源局2020年度没有政府性基金预算财政拨款收支。"),
        (9, "武汉市江汉区人力资源局2020年度没有国有资本经营预算财政拨款支出。"),
    ):
        answer = plain(table(cells, number))
        assert answer["statement"] == said
        assert answer["cells"]
    at = line(fund="govfund")
    year = Year(tmp_path).record(appropriate(1, at=at), pay(1, at=at))
    assert year.ask(lambda opened: table(Cells(opened), 8))["statement"] is None
