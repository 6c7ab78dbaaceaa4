"""TIED.BELOW: a payment of which less stands than receptions say, at the cut."""

from projections.report.cells import Cells
from projections.report.checked.tied import tied
from tests.harness.small_year import Year, appropriate, line, pay, refund, request

DINNERS = line("30217")


def of_payments(year, as_of=None):
    findings = year.ask(lambda opened: list(tied(Cells(opened))), as_of=as_of)
    return [(each["left_fen"], each["right_fen"]) for each in findings]


def test_what_came_back_counts_from_its_day(tmp_path):
    held = {"batches": 1, "persons": 5, "amount_fen": 5_00, "payments": ("#5",)}
    year = Year(tmp_path).record(
        appropriate(1_000_00, at=DINNERS),
        pay(5_00, at=DINNERS, econ="30217", on="03-01"),
        request("reception", "03-02", None, **held),
        refund(5, 1_00, on="11-30"),
    )
    assert of_payments(year, as_of="2020-11-29") == []
    assert of_payments(year) == [(5_00, 4_00)]
