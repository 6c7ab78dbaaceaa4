"""Relations ask nothing but figures: whoever has ids, fen and print can be checked."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import pytest

from cli.commands.keep.demo import BOOK, record_year
from ledger.codes import CodeNames, packaged_names
from ledger.money import hundredths_of
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.editions import Edition, names
from projections.report.editions import edition as edition_of
from projections.report.figures import FigureKind
from projections.report.relations import broken
from projections.views.reading import Reading, reading
from tests.harness.plain import plain


class Paper(NamedTuple):
    """Figures that somebody typed from paper; what is not typed in fen is as exact as its print."""

    edition: Edition
    texts: dict[str, str]
    exact: dict[str, int] = {}  # noqa: RUF012 - never changed

    @property
    def ids(self) -> Collection[str]:
        """What was typed."""
        return self.texts.keys()

    @property
    def names(self) -> CodeNames:
        """By the packaged lists."""
        return packaged_names(2020)

    def kind(self, cell_id: str, /) -> FigureKind:
        """Amounts, all of them."""
        assert cell_id in self.texts
        return "amount"

    def number(self, cell_id: str, /) -> int:
        """10,000 fen are 0.01 万元."""
        return self.exact.get(cell_id, 10_000 * hundredths_of(self.texts[cell_id]))

    def printed(self, cell_id: str, /) -> str:
        """As it was typed."""
        return self.texts[cell_id]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """The published year."""
    db = tmp_path_factory.mktemp("relations") / "demo.db"
    record_year(SqlitePlace(db), actor="测试")
    with reading(SqlitePlace(db), BOOK) as opened:
        yield opened


def test_a_few_figures_are_enough() -> None:
    """What is not there is asked of nothing: here 5 of 6 relations of one code have no cells."""
    paper = Paper(
        edition_of("2020"),
        {"T1.27": "1,200.00", "T2.合计.1": "1,199.90", "T1.28": "", "T1.29": "—"},
    )
    found = [each for each in broken(paper) if each.message.startswith("表1本年收入合计")]
    assert [(each.code, each.tier, each.cells) for each in found] == [
        ("X01", "error", ["T1.27", "T2.合计.1"])
    ]
    assert (found[0].left_fen, found[0].right_fen) == (1_200_000_000, 1_199_900_000)


def test_a_class_is_found_by_its_row() -> None:
    """@ is 208 in a tree and row 38 in the general table of 2020; in that of 2022 it is row 39."""
    for edition, row in (("2020", "T1.38"), ("2022", "T1.39.6")):
        paper = Paper(edition_of(edition), {row: "2.00", "T3.208.1": "1.00"})
        (finding,) = (each for each in broken(paper) if each.cells == [row, "T3.208.1"])
        assert "208 社会保障和就业支出" in finding.message


@pytest.mark.parametrize("edition", names())
def test_the_same_figures_have_the_same_findings_whoever_made_them(
    demo: Reading, edition: str
) -> None:
    """The envelope of rounding too: how many figures are behind a stacked sum follows from the
    form and the rows that there are."""
    cells = Cells(demo._replace(edition=edition))
    texts = {name: cells.printed(name) for name in cells.ids}
    exact = {name: cells.fen(name) for name in cells.ids}
    found = plain(list(broken(cells)))
    assert found == plain(list(broken(Paper(cells.edition, texts, exact))))
    assert found


@pytest.mark.parametrize("edition", names())
def test_the_named_cells_of_an_edition_are_cells(demo: Reading, edition: str) -> None:
    cells, named = Cells(demo._replace(edition=edition)), plain(edition_of(edition).cells)
    every = [each for value in named.values() if value for each in _texts(value)]
    assert len(every) > 5
    assert {name for name in every if "@" not in name} <= set(cells.ids)
    by_code = {name.replace("@", "2080101") for name in every if name.startswith("T3.")}
    assert by_code <= set(cells.ids)


def _texts(value: str | dict[str, str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value.values())
