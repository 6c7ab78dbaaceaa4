"""What an entry has to do with another unit: of the payment or income that stands."""

from datetime import date
from typing import Any

import pytest

from ledger.dealings import dealings
from ledger.events import (
    DisbursementRecorded,
    DisbursementRefunded,
    EntryCorrected,
    EntryReversed,
    IncomeRecognised,
    Meant,
    RequestApproved,
    VoucherItem,
    VoucherPaid,
)
from ledger.line import BudgetLine

LINE = BudgetLine.parse("nonfiscal:2080105:affiliate-subsidy:-:-:2025")
BASIC = BudgetLine.parse("nonfiscal:2080105:basic:-:-:2025")
DAY: dict[str, Any] = {"occurred_on": date(2025, 3, 5)}
PAID = DisbursementRecorded(
    **DAY, line=LINE, econ="30299", amount_fen=100_00, payee="二院", counterpart="002"
)
BACK = DisbursementRefunded(
    **DAY, original=7, line=LINE, econ="30299", amount_fen=20_00, payee="二院", counterpart="002"
)
CAME = IncomeRecognised(**DAY, line=BASIC, source="superior", amount_fen=100_00, counterpart="001")
VOUCHER = VoucherPaid(
    **DAY,
    items=(VoucherItem(LINE, "30299", 60_00), VoucherItem(BASIC, "30201", 40_00)),
    payee="二院",
    counterpart="002",
)
OTHERS = DisbursementRecorded(**DAY, line=LINE, econ="30299", amount_fen=1_00, payee="某店")
ELSEWHERE = DisbursementRecorded(
    **DAY, line=LINE, econ="30299", amount_fen=90_00, payee="三院", counterpart="003"
)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (OTHERS, []),
        (PAID, [(9, "002", LINE, "30299", "", 100_00)]),
        (VOUCHER, [(9, "002", LINE, "30299", "", 60_00), (9, "002", BASIC, "30201", "", 40_00)]),
        (CAME, [(9, "001", BASIC, "-", "superior", 100_00)]),
        (BACK, [(7, "002", LINE, "30299", "", -20_00)]),
        (RequestApproved(**DAY, original=8, approved=PAID), [(9, "002", LINE, "30299", "", 10000)]),
        (
            EntryReversed(**DAY, original=7, reversed=PAID),
            [(7, "002", LINE, "30299", "", -100_00)],
        ),
        (
            EntryReversed(**DAY, original=8, reversed=BACK),
            [(7, "002", LINE, "30299", "", 20_00)],
        ),
        (
            EntryCorrected(**DAY, original=7, reversed=PAID, right=ELSEWHERE),
            [(7, "002", LINE, "30299", "", -100_00), (9, "003", LINE, "30299", "", 90_00)],
        ),
        (
            EntryCorrected(**DAY, original=7, reversed=PAID, right=OTHERS),
            [(7, "002", LINE, "30299", "", -100_00)],
        ),
        (
            EntryCorrected(**DAY, original=7, reversed=OTHERS, right=PAID),
            [(9, "002", LINE, "30299", "", 100_00)],
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_dealings_are_of_the_entry_that_stands(event: Meant, expected: list[Any]) -> None:
    assert [tuple(each) for each in dealings(9, event)] == expected
