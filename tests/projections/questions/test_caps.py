"""三公限额 in 表7, three-public and the way back: the first is the budget of its item."""

from pathlib import Path

from ledger.line import Fund
from projections.questions.three_public import three_public
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.explain import explain, where_used
from projections.report.figure import Report
from tests.harness.small_year import (
    Year,
    appropriate,
    line,
    pay,
    request,
    reverse,
)

FREE, OWN = line(func="2080199"), line("30217")


def cap(fen: int, on: str = "01-15", item: str = "reception", **more):
    return request("cap", on, item=item, amount_fen=fen, **more)


def capped(folder: Path) -> Year:
    """表7: 300.00 of the line of 公务接待 lie inside 500.00; entries 4 to 7."""
    return Year(folder).record(
        appropriate(9_000_00, at=FREE),
        appropriate(300_00, at=OWN),
        cap(500_00),
        pay(350_00, at=FREE, econ="30217"),
    )


def budget(year: Year, **cut) -> dict[str, int]:
    figures = year.ask(three_public, [Fund.GENERAL], **cut)["budget"]
    return {name: fen for name, fen in figures.items() if fen}


def cell(year: Year, name: str, **cut) -> int:
    return int(year.ask(lambda opened: Cells(opened).fen(name), **cut))


def test_the_first_cap_is_the_budget_and_lines_lie_inside_it(tmp_path: Path) -> None:
    year = capped(tmp_path)
    assert budget(year) == {"total_fen": 500_00, "reception_fen": 500_00}
    assert budget(year, as_of="01-14") == {"total_fen": 300_00, "reception_fen": 300_00}
    assert (cell(year, "T7.6"), cell(year, "T7.1"), cell(year, "T7.12")) == (
        500_00, 500_00, 350_00
    )  # fmt: skip
    year.record(cap(800_00, "06-30"), cap(40_00, "06-30", "vehicle-operation"))
    assert budget(year)["reception_fen"] == 500_00
    assert (cell(year, "T7.6"), cell(year, "T7.5"), cell(year, "T7.1")) == (
        500_00, 40_00, 540_00
    )  # fmt: skip


def test_the_budget_cell_leads_to_the_cap(tmp_path: Path) -> None:
    year = capped(tmp_path)
    for name in ("T7.6", "T7.1"):
        answer = year.ask(lambda opened, name=name: explain(Report(Cells(opened)), name))
        assert [(e["entry"], e["kind"], e["fen"]) for e in answer["entries"]] == [
            (6, "cap", 500_00)
        ]
    used = year.ask(lambda opened: where_used(Report(Cells(opened)), 6))["cells"]
    tables = [(each["cell"], each["fen"]) for each in used if each["cell"].startswith("T")]
    assert tables == [("T7.1", 500_00), ("T7.6", 500_00)]
    line_used = year.ask(lambda opened: where_used(Report(Cells(opened)), 5))["cells"]
    assert not any(each.get("table") == 7 for each in line_used)


def test_what_was_reversed_is_no_budget_and_what_was_corrected_is_the_right_one(
    tmp_path: Path,
) -> None:
    year = capped(tmp_path).record(cap(800_00, "06-30"))
    year.record(request("correct", "07-01", 6, changes={"amount_fen": 450_00}))
    assert budget(year)["reception_fen"] == 450_00
    answer = year.ask(lambda opened: explain(Report(Cells(opened)), "T7.6"))
    assert [(e["entry"], e["kind"]) for e in answer["entries"]] == [(9, "correct")]
    year.record(reverse(9, on="07-02"))
    assert budget(year)["reception_fen"] == 800_00


def test_the_checks_agree_on_a_book_with_caps(tmp_path: Path) -> None:
    findings = capped(tmp_path).ask(lambda opened: check(Report(Cells(opened))))["findings"]
    assert not [each for each in findings if each["tier"] == "error"]


def test_the_last_cap_is_what_may_be_spent(tmp_path: Path) -> None:
    """全年预算 and what is left of it; R3 counts all 财政拨款, so that a fund that the forms do not
    count takes of what is left, too."""
    funded = line(func="2120801", fund="govfund")
    year = capped(tmp_path).record(
        appropriate(100_00, at=funded), pay(20_00, at=funded, econ="30217")
    )
    answer = year.ask(three_public, [Fund.GENERAL])
    columns = ("budget", "annual_budget", "actual", "left", "other_funds")
    assert [answer[name]["reception_fen"] for name in columns] == [
        *(500_00, 500_00, 350_00, 130_00, 20_00),
    ]
    year.record(cap(800_00, "06-30"))
    answer = year.ask(three_public, [Fund.GENERAL])
    assert [answer[name]["total_fen"] for name in columns] == [
        *(500_00, 800_00, 350_00, 430_00, 20_00),
    ]
    assert (answer["rate"]["reception"], answer["rate"]["overseas"]) == ("0.4375", None)
    both = year.ask(three_public, [Fund.GENERAL, Fund.GOVFUND])
    assert [both[name]["total_fen"] for name in columns] == [500_00, 800_00, 370_00, 430_00, 0]
