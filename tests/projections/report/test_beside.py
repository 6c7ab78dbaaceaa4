"""Tables beside last year's: every cell of either year, in columns and in rows of the same form."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.book import BookId
from ledger.line import BudgetLine
from ledger.store.sqlite.place import SqlitePlace
from projections.answers import Compared
from projections.report import editions
from projections.report.beside import (
    BESIDE,
    TableBeside,
    beside,
    drawn,
    in_columns,
    in_named_rows,
    in_rows,
)
from projections.report.cells import Cells
from projections.report.grid import Grid
from projections.report.tables import table
from projections.views.last_year import compared, last_year
from projections.views.reading import reading
from tests.harness.small_year import (
    BOOK,
    YEAR,
    Year,
    appropriate,
    line,
    pay,
    project,
)

BEFORE = BookId(BOOK.unit, YEAR - 1)


class Both(NamedTuple):
    """The cells of two years in one edition, and how they are told."""

    now: Cells
    then: Cells
    told: Compared


WAN = 1_000_000


def of_before(**parts: str) -> BudgetLine:
    return line("-", YEAR - 1, **parts)


def basic_line(econ: str, year: int = YEAR) -> BudgetLine:
    return line(econ, year, project="-", func="2080101")


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both years spend on 劳动保障监察; on 就业 and 基金 only one of them each."""
    folder = tmp_path_factory.mktemp("years")
    Year(folder, book=BEFORE).record(
        appropriate(100 * WAN, "2019-01-02", at=of_before()),
        appropriate(40 * WAN, "2019-01-02", at=of_before(func="2080199")),
        appropriate(9_000 * WAN, "2019-01-02", at=basic_line("302", YEAR - 1)),
        appropriate(50 * WAN, "2019-01-02", at=basic_line("30217", YEAR - 1)),
        pay(60 * WAN, "2019-03-05", at=of_before(), econ="30201"),
        pay(30 * WAN, "2019-03-05", at=of_before(func="2080199"), econ="30201"),
        pay(7_000 * WAN, "2019-03-05", at=basic_line("302", YEAR - 1), econ="30201"),
        pay(20 * WAN, "2019-03-05", at=basic_line("30217", YEAR - 1), econ="30217"),
    )
    fund = line(func="2120899", fund="govfund")
    year = Year(folder).record(
        project("P03", "新项目"),
        appropriate(200 * WAN),
        appropriate(80 * WAN, at=fund),
        appropriate(8_000 * WAN, at=basic_line("302")),
        appropriate(30 * WAN, at=basic_line("30217")),
        pay(90 * WAN, econ="30202"),
        pay(70 * WAN, at=fund, econ="30201"),
        pay(8_000 * WAN, at=basic_line("302"), econ="30299"),
        pay(25 * WAN, at=basic_line("30217"), econ="30217"),
    )
    return year.db


@pytest.fixture(scope="module", params=editions.names())
def both(years: Path, request: pytest.FixtureRequest) -> Both:
    place, edition = SqlitePlace(years), editions.edition(request.param)
    with reading(place, BOOK) as opened:
        now = Cells(opened, edition)
        assert now.all
    with last_year(place, now.source) as before:
        then = Cells(before, edition)
        assert then.all
        return Both(now, then, compared(before))


def tables(both: Both) -> Iterator[TableBeside]:
    for number in both.now.forms:
        yield beside(both.now, both.then, number)


def grids(both: Both) -> Iterator[tuple[Grid, Grid, Grid]]:
    for each in tables(both):
        every = drawn(both.now.source.header(), each, both.now.edition, "某局", both.told)
        yield in_columns(every), in_rows(every), in_named_rows(every)


def test_every_cell_of_either_year(both: Both):
    """This year's as its table has them, last year's as its own has; what is only of one is nil in
    the other."""
    for each in tables(both):
        now = {cell.id: cell for cell in table(both.now, each.table).cells}
        then = {cell.id: cell for cell in table(both.then, each.table).cells}
        assert {cell.id for cell in each.cells} == now.keys() | then.keys()
        for cell in each.cells:
            own, last = now.get(cell.id), then.get(cell.id)
            assert cell.fen == (own.fen if own else 0)
            assert cell.last_year_fen == (last.fen if last else 0)
            assert own is None or (cell.printed, cell.label) == (own.printed, own.label)
            assert last is None or cell.last_year_printed == last.printed
            assert isinstance(cell.fen, int)
            assert isinstance(cell.last_year_fen, int)
            assert cell.change_fen == cell.fen - cell.last_year_fen
            assert (cell.change_rate is None) == (cell.last_year_fen == 0)


def test_the_header_tiles_in_both_shapes(both: Both):
    for shapes in grids(both):
        for found in shapes:
            covered = [
                (row, column)
                for box in found.boxes
                for row in range(box.row, box.row + box.down)
                for column in range(box.column, box.column + box.across)
            ]
            whole = [(row, c) for row in range(found.head) for c in range(len(found.columns))]
            assert sorted(covered) == whole
            assert {len(row) for row in found.rows} == {len(found.columns)}
            assert len(found.totals()) in (0, len(found.columns))
        assert len(set(shapes[0].names())) == len(shapes[0].columns)


def test_no_figure_is_lost(both: Both):
    """As many of each printed figure in columns as in the cells; in rows those that are not nil."""
    for each, (columns, rows, named) in zip(tables(both), grids(both), strict=True):
        own = sorted(cell.printed for cell in each.cells if cell.fen)
        last = sorted(cell.last_year_printed for cell in each.cells if cell.last_year_fen)
        texts = [text for row in (*columns.rows, columns.totals()) for text in row]
        for wanted in (own, last):
            for text in set(wanted):
                assert texts.count(text) >= wanted.count(text)
                assert sum(row.count(text) for row in rows.rows) >= wanted.count(text)
        if any(cell.fen or cell.last_year_fen for cell in each.cells):
            beneath = {row[c].strip() for row in named.rows for c in range(len(row))}
            assert {*BESIDE[1:]} <= beneath
            assert "（与上年比较）" in columns.title
        assert any("420103/2019" in note for note in columns.notes)


def test_by_hand(years: Path):
    """行政运行 spent 8,025.00 万元, 7,020.00 the year before."""
    place = SqlitePlace(years)
    with reading(place, BOOK) as opened:
        now = Cells(opened)
        assert now.all
    with last_year(place, now.source) as before:
        found = {cell.id: cell for cell in beside(now, Cells(before, now.edition), 3).cells}
    cell = found["T3.2080101.2"]
    assert (cell.fen, cell.last_year_fen, cell.change_fen, cell.change_rate) == (
        *(8_025 * WAN, 7_020 * WAN, 1_005 * WAN, "0.1432"),
    )
    assert (cell.printed, cell.last_year_printed) == ("8,025.00", "7,020.00")
    gone, new = found["T3.2080199.1"], found["T3.2120899.1"]
    assert (gone.fen, gone.change_rate, gone.label) == (
        0,
        "-1.0000",
        "其他人力资源和社会保障管理事务支出",
    )
    assert (new.last_year_fen, new.change_rate) == (0, None)
