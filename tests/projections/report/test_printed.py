"""What a cell prints is printed everywhere: by its table, by `get` and by `explain`."""

from collections.abc import Iterator

import pytest

from cli.commands.keep.demo import BOOK, record_year
from cli.text.publish.explanation import explanation
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.explain import explain
from projections.report.figure import Report
from projections.report.one_figure import Unit, figure
from projections.report.tables import table
from projections.views.reading import Reading, reading
from tests.harness.shell import Shell


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """The published year."""
    db = tmp_path_factory.mktemp("printed") / "demo.db"
    record_year(SqlitePlace(db), actor="测试")
    with reading(SqlitePlace(db), BOOK) as opened:
        yield opened


@pytest.mark.parametrize("edition", ["2020", "2022"])
def test_every_cell_is_the_same_wherever_it_is_printed(demo: Reading, edition: str) -> None:
    """Where the form prints nothing for nil, or a mark, `get` and `explain` say 0.00."""
    cells = Cells(demo._replace(edition=edition))
    tables, got, explained = {}, {}, {}
    for number in cells.forms:
        for cell in table(cells, number).cells:
            name = cell.id
            tables[name] = "0.00" if cell.printed in ("", "—") else cell.printed
            got[name] = figure(Report(cells), name, Unit.WAN).value
            answer = explain(Report(cells), name)
            assert answer.printed == cell.printed
            head = explanation(demo.header(), answer, 0).splitlines()[0]
            explained[name] = head.rpartition(" 万元（")[0].split()[-1]
    assert tables.keys() == cells.all.keys()
    assert got == {name: printed.replace(",", "") for name, printed in tables.items()}
    assert explained == tables


def test_a_sum_of_rounded_items_is_typed_as_it_is_printed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """表5's 社会保障和就业支出: 5,147.785… 万元, printed as the sum of its printed items."""
    shell = Shell(tmp_path_factory.mktemp("stacked") / "demo.db")
    shell("demo")
    assert " 5,147.78 万元（51,477,8" in shell("explain", "T5.208.1").out
    assert shell("get", "T5.208.1", "--unit", "wan").out == "5147.78\n"
    assert shell.ask("get", "T5.208.1", "--unit", "wan")["value"] == "5147.78"
    assert "5,147.78" in shell("table", "5").out
