"""The entries of a figure, page by page, are those that `explain` lists whole."""

from collections.abc import Iterator

import pytest

from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.document.counting import PagedEntry, page
from projections.report.explain import explain
from projections.report.figure import Figure, Report
from projections.views.reading import readings
from projections.views.source import books_of
from tests.harness.shell import Shell


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    shell = Shell(tmp_path_factory.mktemp("counting") / "demo.db")
    shell("demo")
    place = SqlitePlace(shell.db)
    with readings(place, books_of(place)) as (opened,):
        yield Report(Cells(opened))


def turned(report: Report, figure: Figure, most: int) -> list[PagedEntry]:
    found: list[PagedEntry] = []
    after = None
    while True:
        one = page(report, figure, after, most)
        assert len(one.entries) <= most
        found += one.entries
        if not one.more:
            return found
        after = one.entries[-1].book, one.entries[-1].entry


def test_pages_of_figures_are_their_entries(report: Report):
    """Of every kind: tables, sentences, facts, self-evaluation, last year's among them."""
    every = [each for each in report.every() if each.kind in ("amount", "count") and each.value]
    chosen = [each for at, each in enumerate(every) if at % 9 == 0 or "change" in each.id]
    assert {each.id[0] for each in chosen} >= {"T", "N"}
    for figure in chosen:
        told = explain(report, figure.id).entries
        much = [(each.entry, each.fen if figure.kind == "amount" else each.count) for each in told]
        found = turned(report, figure, 7)
        assert sorted((each.entry, each.much) for each in found) == [
            each for each in much if each[1]
        ]
        assert [each.date for each in found] == sorted(each.date for each in found)


def test_what_is_no_sum_has_no_entries_of_its_own(report: Report):
    assert page(report, report.figure("N.s1.change_rate"), None, 7).entries == []
