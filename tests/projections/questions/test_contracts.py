"""采购合同: what was paid of each, is kept for it and is left."""

from projections.questions.particulars import contracts
from tests.harness.small_year import Year, appropriate, pay, request

SIGNED = {
    "procurement_type": "goods",
    "amount_fen": 20_00,
    "supplier": "供货商",
    "size": "small",
}


def signed(no: str, **more):
    return request("contract", "03-01", **{**SIGNED, "no": no, **more})


def of_contracts(year, **cut):
    return {row["no"]: (row["paid_fen"], row["left_fen"]) for row in year.ask(contracts, **cut)}


def test_a_payment_that_was_for_no_contract_after_all_is_paid_of_none(tmp_path):
    """A correction takes away what the wrong entry paid, also where the right one says none."""
    year = Year(tmp_path).record(
        appropriate(1_000_00),
        signed("HT-1"),
        pay(5_00, contract="HT-1", on="04-01"),
        request("correct", "06-30", 6, changes={"contract": ""}),
    )
    assert of_contracts(year, as_of="2020-05-01") == {"HT-1": (5_00, 15_00)}
    assert of_contracts(year) == {"HT-1": (0, 20_00)}
