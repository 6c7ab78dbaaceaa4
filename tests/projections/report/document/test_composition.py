"""The whole report as one document: every number that is printed is a figure, prints what that
prints, and is made of what the document says that it is made of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.commands.keep.demo import BOOK
from projections.report.document.composition import document, printed_in
from projections.report.document.parts import (
    Block,
    Chart,
    Prose,
    ReportDocument,
    Summary,
    TableBlock,
)
from projections.report.document.traced import ENTRIES_MAX, Trace
from projections.report.edition_folder import read
from projections.report.narrative.marks import plain
from tests.harness.report_year import OF_EVERY_KIND, Unit, recorded
from tests.harness.reported import reported
from tests.harness.shell import Shell
from tests.harness.small_year import Year, appropriate, pay

QUOTING = Path(__file__).parents[3] / "golden" / "editions" / "quoting"
EDITIONS = ("2020", "2022", "2024", "2024-26")


def composed(folder: Path, name: str) -> Iterator[ReportDocument]:
    """A unit alone, and a department of units of every kind; each beside last year."""
    for units in ((Unit("A", "admin"),), OF_EVERY_KIND):
        made = folder / f"{name}-{len(units)}"
        made.mkdir()
        recorded(made, units, 2019, k=1, edition=name)
        year = recorded(made, units, 2020, k=2, edition=name)
        books = (year.book,) if len(units) == 1 else ()
        with reported(year.db, *books) as report:
            yield document(report)


@pytest.fixture(scope="module", params=EDITIONS)
def documents(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[ReportDocument]:
    return list(composed(tmp_path_factory.mktemp("composed"), request.param))


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> ReportDocument:
    """The published report of 2020."""
    db = tmp_path_factory.mktemp("demo") / "demo.db"
    Shell(db)("demo")
    with reported(db, BOOK) as report:
        return document(report)


def blocks(found: ReportDocument) -> Iterator[Block]:
    for part in found.parts:
        for section in part.sections:
            yield from section.blocks


def printed(block: Block) -> Iterator[tuple[str, str]]:
    """(figure, what is printed) of a block."""
    match block:
        case Prose(line=line):
            yield from ((mark.figure, mark.text) for mark in line if mark.figure)
        case Summary(lines=lines):
            yield from (
                (mark.figure, mark.text) for _, line in lines for mark in line if mark.figure
            )
        case Chart(points=points):
            yield from ((each.figure, each.printed) for point in points for each in point.values)
        case TableBlock(grid=grid, figures=figures):
            rows = [*grid.rows, *([grid.totals()] if grid.foot else [])]
            assert [len(row) for row in rows] == [len(row) for row in figures]
            for texts, names in zip(rows, figures, strict=True):
                for text, name in zip(texts, names, strict=True):
                    if name:
                        yield name, text


def adds_up(found: ReportDocument, each: Trace) -> bool:
    """Whether an amount or a count is what its parts and entries come to."""
    parts = 0
    for sign, name in each.parts:
        part = found.traces[name]
        parts += sign * (part.fen if part.fen is not None else int(str(part.value or 0)))
    mine = each.fen if each.kind == "amount" else int(str(each.value))
    return mine == parts + sum(entry.much for entry in each.entries) + each.rest


def sound(found: ReportDocument) -> None:
    """What must hold of every document."""
    seen = 0
    for block in blocks(found):
        for name, text in printed(block):
            if name:
                seen += 1
                trace = found.traces[name]
                none = "【缺】" if trace.lacking else "—"
                assert text.removesuffix("*") in (trace.printed, trace.printed or none), name
    assert seen > 500
    assert {*printed_in(found.parts)} <= found.traces.keys()
    for each in found.traces.values():
        assert len(each.entries) <= ENTRIES_MAX <= max(each.counted, ENTRIES_MAX)
        assert each.counted >= len(each.entries)
        assert all(part in found.traces for _, part in each.parts)
        assert all(one.entry in found.entries for one in each.entries)
        assert not each.before or each.before in found.traces
        constant = not (each.parts or each.counted)
        if each.kind in ("amount", "count") and (each.fen or each.value) and not constant:
            assert adds_up(found, each), each.id


def test_every_number_of_the_published_report_is_a_figure_that_adds_up(
    demonstrated: ReportDocument,
):
    sound(demonstrated)
    assert demonstrated.missing == ()
    assert [part.title for part in demonstrated.parts][1].startswith("第一部分")
    assert [chart.anchor for chart in blocks(demonstrated) if isinstance(chart, Chart)] == [
        *("项目", "结转", "三公", "月", "图1", "图2", "图3", "图4")
    ]


def test_of_every_edition_of_a_unit_and_of_a_department(documents: list[ReportDocument]):
    for found in documents:
        sound(found)
        tables = next(part for part in found.parts if part.anchor == "决算表")
        assert len(tables.sections) == 9
        assert [each.kind for each in blocks(found) if isinstance(each, Prose)].count("missing")
        assert found.missing


def test_last_year_leads_to_the_entries_of_last_year(documents: list[ReportDocument]):
    for found in documents:
        total = found.traces["N.s1.total"]
        assert total.before == "N.s1.total@2019"
        below, names = set[str](), [total.before]
        while names:
            each = found.traces[names.pop()]
            below |= {one.entry for one in each.entries}
            names += [part for _, part in each.parts]
        assert below and all(found.entries[key].book.endswith("/2019") for key in below)


def test_every_section_has_an_anchor_of_its_own(documents: list[ReportDocument]):
    for found in documents:
        anchors = [part.anchor for part in found.parts]
        anchors += [
            section.anchor for part in found.parts for section in part.sections if section.title
        ]
        assert len(anchors) == len({*anchors})


def test_of_many_entries_the_largest_are_named_and_the_others_counted(tmp_path: Path):
    year = Year(tmp_path)
    year.record(appropriate(1_000_000_00, "01-02"))
    year.record(*(pay(100 + n, "03-05") for n in range(80)))
    with reported(year.db, year.book) as report:
        found = document(report)
    many = [each for each in found.traces.values() if each.counted > ENTRIES_MAX]
    assert many
    for each in many:
        assert len(each.entries) == ENTRIES_MAX
        assert adds_up(found, each)
    spent = [each for each in many if each.counted == 80]
    assert {each.rest for each in spent} == {sum(100 + n for n in range(80 - ENTRIES_MAX))}


def test_payees_and_purposes_are_told_within_the_house_alone(tmp_path: Path):
    year = Year(tmp_path)
    year.record(appropriate(1_000_000_00, "01-02"), pay(100, "03-05", payee="某供应商"))
    with reported(year.db, year.book) as report:
        public, internal = document(report), document(report, internal=True)
    assert not any(each.payee or each.purpose for each in public.entries.values())
    assert "某供应商" in {each.payee for each in internal.entries.values()}


def test_what_is_missing_is_marked(tmp_path: Path):
    year = Year(tmp_path)
    with reported(year.db, year.book) as report:
        found = document(report)
    gaps = [plain(each.line) for each in blocks(found) if isinstance(each, Prose)]
    assert sum("【缺：" in gap for gap in gaps) >= 3
    assert {each.slot for each in found.missing} >= {"functions", "key-work"}


def test_an_edition_of_ones_own_is_composed_without_code(tmp_path: Path):
    """One outside the package, with more tables than ours and cells that quote what is beside
    them."""
    recorded(tmp_path, OF_EVERY_KIND, 2020, k=2, edition="2024")
    db = next(tmp_path.glob("*.db"))
    with reported(db, shown_in=read(QUOTING)) as report:
        found = document(report)
    sound(found)
    tables = next(part for part in found.parts if part.anchor == "决算表")
    assert len(tables.sections) == len(report.cells.forms) > 12
    assert {found.traces[name].kind for name in found.traces} >= {"amount", "count", "word"}
