"""`where-used`: every entry of every kind is answered, what it moved, what it fills, what it says
is nothing; and every figure is explained."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.commands.keep.demo import BOOK as DEMO
from cli.commands.keep.demo import record_year
from cli.text.publish.explanation import cells_of_entry, explanation
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.explain import explain, where_used
from projections.report.figure import Report
from projections.views.reading import reading
from tests.harness.report_year import OF_EVERY_KIND, Unit, recorded
from tests.harness.shell import Shell
from tests.harness.small_year import Year, pay, request, reverse
from tests.harness.small_year import line as line_of

AT = line_of(func="2010102", project="P01")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """An agency with facts of every kind, some of which say that there is nothing."""
    made = recorded(tmp_path_factory.mktemp("used"), [Unit("A", "admin")], 2020)
    facts = [
        pay(5_000_00, at=AT, econ="30227", contract="A0"),
        request("contract", "12-31", no="A9", procurement_type="goods", amount_fen=2_000_00,
                size="micro", reserved="none", supplier="某公司"),
        request("prior", "12-31", cell="N.s7b.final", amount_fen=0),
        request("prior", "12-31", cell="T1.30", amount_fen=7_00),
        request("headcount", "12-31", item="retired_cadre", count=0),
        request("reason", "12-31", slot="N.s1.change", text="原因"),
        request("text", "12-31", slot="glossary.2010102", text="含义"),
        request("key-work", "12-31", no="1", item="事项", goal="目标", done="完成"),
        request("goal", "12-31", project="P01", expected="目标", actual="完成"),
        request("score-override", "12-31", project="P01", no="1", score_hundredths=2000,
                reason="复核"),
        request("target", "12-31", project="P01", no="9", level1="产出", level3="合规",
                value="合规", constraint=True, deduct_hundredths=100, weight_hundredths=0),
        request("reason", "12-31", slot="N.s4.change", text="先写的原因"),
        request("reason", "12-31", slot="N.s4.change", text="后写的原因"),
    ]  # fmt: skip
    return made.record(*facts)


def reports(year: Year) -> Iterator[Report]:
    with reading(SqlitePlace(year.db), year.book) as opened:
        yield Report(Cells(opened))


def entries(report: Report) -> list[tuple[int, str]]:
    (one,) = report.source.members()
    found = one.views.execute(
        "SELECT entry, kind FROM entries WHERE book_id = ? ORDER BY entry", (one.book_id,)
    )
    return list(found)


def used(report: Report, number: int) -> tuple[dict[str, int], list[str]]:
    answer = where_used(report, number)
    cells = {each.cell: each.fen or 0 for each in answer.cells}
    return cells, [each.slot for each in answer.fills or ()]


def every_entry(report: Report) -> None:
    for number, _ in entries(report):
        assert cells_of_entry(report.source.header(), where_used(report, number))


def test_every_entry_and_figure_of_a_year_of_every_kind_is_answered(year: Year) -> None:
    for report in reports(year):
        every_entry(report)
        for name in (*report.ids, *report.cells.all):
            assert explanation(report.source.header(), explain(report, name), 5)


def test_every_entry_of_the_demo_is_answered(tmp_path: Path) -> None:
    db = SqlitePlace(tmp_path / "demo.db")
    record_year(db, actor="测试")
    with reading(db, DEMO) as opened:
        every_entry(Report(Cells(opened)))


def of_kind(report: Report, kind: str, at: int = -1) -> int:
    return [number for number, each in entries(report) if each == kind][at]


def test_facts_are_found_in_their_own_figures(year: Year) -> None:
    shell = Shell(year.db, unit="A")
    for report in reports(year):
        trip, contract = of_kind(report, "trip"), of_kind(report, "contract")
        tied = of_kind(report, "pay")
        cells, _ = used(report, trip)
        assert {"P.trip.amount", "P.trip.groups", "N.s7b.trip", "N.s7b.trip_groups"} <= {*cells}
        cells, _ = used(report, contract)
        assert cells["P.contract.A9.left"] == cells["N.s11.micro"] == 2_000_00
        cells, _ = used(report, tied)
        assert (cells["P.contract.A0.paid"], cells["P.contract.A0.left"]) == (5_000_00, -5_000_00)
    for number in (trip, contract, tied):
        assert "事项" in shell("where-used", str(number)).out


@pytest.mark.parametrize(
    ("kind", "at", "slots"),
    [
        ("prior", -1, ["T1.30"]),
        ("prior", -2, ["N.s7b.final"]),
        ("text", -1, ["glossary.2010102"]),
        ("key-work", -1, ["key-work.1"]),
        ("goal", -1, ["E.P01"]),
        ("reason", -1, ["N.s4.change"]),
        ("reason", -2, []),
        ("reason", -3, ["N.s1.change"]),
    ],
)
def test_what_is_said_in_words_fills_a_place(
    year: Year, kind: str, at: int, slots: list[str]
) -> None:
    shell = Shell(year.db, unit="A")
    for report in reports(year):
        number = of_kind(report, kind, at)
        assert used(report, number)[1] == slots
    shown = shell("where-used", str(number)).out
    assert all(f"填写　{slot}" in shown for slot in slots)
    assert ("没有填写任何一处" in shown) is not bool(slots)


def test_what_is_stated_of_last_year_is_found_where_it_is_compared(year: Year) -> None:
    for report in reports(year):
        cells, _ = used(report, of_kind(report, "prior"))
        assert cells["N.s1.change"] == -7_00
        assert {"N.s1.change_rate", "N.s1.direction"} <= {*cells}


def test_what_says_that_there_is_nothing_is_explained(year: Year) -> None:
    """上年数 0, 离休 0: the entry is there, with nothing."""
    for report in reports(year):
        prior = of_kind(report, "prior", -2)
        assert {"N.s7b.change", "N.s7b.direction"} <= {*used(report, prior)[0]}
        last = explain(report, "N.s7b.final@2019")
        assert [(each.entry, each.fen) for each in last.entries] == [(prior, 0)]
        assert prior in {each.entry for each in explain(report, "N.s7b.change").entries}
        counted = explain(report, "N.staff.retired_cadre")
        assert [(each.kind, each.count) for each in counted.entries] == [("headcount", 0)]
        assert counted.entries[0].entry in {
            each.entry for each in explain(report, "N.staff.retired_all").entries
        }
        assert "记录：1 笔" in explanation(report.source.header(), last, 5)


def test_what_was_taken_back_fills_nothing(tmp_path: Path) -> None:
    made = recorded(tmp_path, [Unit("A", "admin")], 2020)
    made.record(request("reason", "12-31", slot="N.s1.change", text="原因", key="R"))
    made.record(reverse("R", "12-31"))
    for report in reports(made):
        assert used(report, of_kind(report, "reason")) == ({}, [])


def test_in_a_department_a_place_is_filled_by_what_is_said_for_it(tmp_path: Path) -> None:
    made = recorded(tmp_path, OF_EVERY_KIND, 2020)
    for whole in (False, True):
        said = {"slot": "N.s1.change", "text": "原因", "department": whole}
        made.record(request("reason", "12-31", **said))
    shell = Shell(made.db)
    for report in reports(made):
        numbers = [of_kind(report, "reason", at) for at in (-2, -1)]
    of = ("--unit", "A", "--year", "2020")
    asked = [of, (*of, "--units", "all")]
    found = [
        [bool(shell.ask("where-used", str(number), *each).get("fills")) for each in asked]
        for number in numbers
    ]
    assert found == [[True, False], [False, True]]


def test_an_unknown_id_names_examples_of_every_sort(year: Year) -> None:
    shell = Shell(year.db, unit="A")
    message = shell.ask("get", "什么", exit=2)["facts"]["expected"]
    assert all(f"{sort}." in message for sort in "NPE")
