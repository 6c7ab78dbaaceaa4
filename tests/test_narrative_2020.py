"""Every figure that the sentences of the published 2020 report print, beside what the demonstration
says: it is derived as printed, or was recorded as a fact, or is a known finding.

`tests/golden/jianghan_2020/narrative.csv` has a row for each of the 163: what it was printed as,
the figure here, and what becomes of it.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from cli.commands.keep.demo import BOOK, EXPLAINED
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.explain import explain
from projections.report.figure import Figure, Report
from projections.views.reading import reading
from tests.harness.plain import plain
from tests.harness.shell import Answer, Shell, process

GOLDEN = Path(__file__).parent / "golden" / "jianghan_2020"
FINDINGS = {
    "N.s5b.201_share": "4.8%",  # G09: shares were forced to add up to 100
    "N.s5c.final": "5,791.89",  # G04: the income was printed
    "N.s5c.rate": "113.5%",
    "N.s5c.project": "4,611.47",
    "N.s5c.P04.result.2": "2,360",  # G24: another number than the form has
    "N.s5c.211_rate": "",  # G08: nothing was budgeted, so there is no rate
    "N.s13a.share": "95.8%",  # G16: of another scope than the amount
    "N.s13b.funds": "8,434.89",  # G25: without what was carried in
}
"""What stands there instead."""


def _rows() -> list[dict[str, str]]:
    with (GOLDEN / "narrative.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


ROWS = _rows()


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shell, Answer]:
    """The demonstration, recorded by a real process."""
    folder = tmp_path_factory.mktemp("narrative")
    answer = process("--db", "demo.db", "demo", cwd=folder)
    assert answer.exit == 0, answer.said
    return Shell(folder / "demo.db"), answer


@pytest.fixture(scope="module")
def shell(demonstrated: tuple[Shell, Answer]) -> Shell:
    return demonstrated[0]


@pytest.fixture(scope="module")
def report(shell: Shell) -> Iterator[Report]:
    with reading(SqlitePlace(shell.db), BOOK) as opened:
        yield Report(Cells(opened))


def _number(printed: str) -> Decimal | None:
    return Decimal(printed.replace(",", "").rstrip("%")) if printed else None


def _becomes(figure: Figure, row: dict[str, str]) -> str:
    """What becomes of a printed figure; a finding where another number comes out."""
    assert figure.kind == row["kind"]
    if _number(figure.printed) != _number(row["printed"]):
        return "finding"
    recorded = figure.source == "particular" and len(figure.own) == 1
    return "recorded" if recorded else "derived"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["printed_as"])
def test_a_printed_figure_comes_out_or_was_recorded_or_is_a_finding(
    report: Report, row: dict[str, str]
) -> None:
    figure = report.figure(row["figure"])
    becomes = _becomes(figure, row)
    assert becomes == (row["becomes"] if row["becomes"][0] != "G" else "finding")
    if becomes == "finding":
        assert figure.printed == FINDINGS[figure.id]


def test_the_three_are_all_there_are() -> None:
    becomes = Counter("finding" if row["becomes"][0] == "G" else row["becomes"] for row in ROWS)
    assert becomes == {"derived": 124, "recorded": 31, "finding": 8}
    assert becomes.total() == 163
    assert {row["figure"] for row in ROWS if row["becomes"][0] == "G"} == FINDINGS.keys()


def test_every_figure_of_the_narrative_leads_to_entries(report: Report) -> None:
    """But for what the edition fixes, and for what is nil."""
    without = {
        name for name in report.ids if name.startswith("N.") and not explain(report, name).entries
    }
    assert {name for name in without if report.figure(name).value not in (0, None)} == {
        "N.s12.threshold.equipment-general",
        "N.s12.threshold.equipment-special",
    }


@pytest.mark.parametrize(
    ("figure", "adds"),
    [
        ("N.s5c.P04.result.5", {}),  # a word
        ("N.s5c.P04.result.103", {}),  # a percent that was reported
        ("N.s5c.P04.result.1", {"count": 2366}),
        ("N.s5c.P04.result.101", {"fen": 10_738_500_000}),
        ("N.staff.admin", {"count": 12}),
    ],
)
def test_a_recorded_figure_is_explained_by_the_entry_that_says_it(
    report: Report, figure: str, adds: dict[str, int]
) -> None:
    """With what it adds up to, where it is a sum."""
    (entry,) = plain(explain(report, figure))["entries"]
    assert {name: entry[name] for name in ("fen", "count") if name in entry} == adds


def test_the_names_of_units_and_codes_lead_to_their_entries(report: Report) -> None:
    assert [entry.kind for entry in explain(report, "N.units").entries] == ["open-book"]
    codes = explain(report, "N.glossary.codes")
    assert {"pay", "appropriate"} <= {entry.kind for entry in codes.entries}
    assert "T3.2119901.1" in {part.cell for part in codes.parts}


def test_nothing_is_missing(shell: Shell) -> None:
    assert shell.ask("narrative", "--missing")["missing"] == []


def test_the_demonstration_shows_two_figures_of_sentences(
    demonstrated: tuple[Shell, Answer],
) -> None:
    """Each with all that it is made of, as `explain` tells it."""
    shell, answer = demonstrated
    for name in EXPLAINED:
        told = shell("explain", name).out.split("\n\n", 1)[1]
        assert "\n".join(f"  {line}" for line in told.splitlines()) in answer.out
