"""What has to do with another unit becomes rows, also where the entry itself names none."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ledger.events import (
    AnyEvent,
    DisbursementRecorded,
    Entry,
    EntryCorrected,
    EntryReversed,
    RequestApproved,
)
from ledger.line import BudgetLine
from projections.views.rows import BookRows

LINE = BudgetLine.parse("nonfiscal:2080105:affiliate-subsidy:-:-:2025")
DAY: dict[str, Any] = {"occurred_on": date(2025, 3, 5)}
PAY: dict[str, Any] = {**DAY, "line": LINE, "econ": "30299", "amount_fen": 100_00, "payee": "二院"}
NAMED, UNNAMED = DisbursementRecorded(**PAY, counterpart="002"), DisbursementRecorded(**PAY)
CORRECTED = EntryCorrected(**DAY, original=7, reversed=NAMED, right=UNNAMED)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (UNNAMED, []),
        (NAMED, [(9, "002", 100_00)]),
        (EntryReversed(**DAY, original=7, reversed=NAMED), [(7, "002", -100_00)]),
        (CORRECTED, [(7, "002", -100_00)]),
        (RequestApproved(**DAY, original=8, approved=CORRECTED), [(7, "002", -100_00)]),
    ],
    ids=["none", "named", "reversed", "corrected", "corrected with approval"],
)
def test_rows_are_of_what_stands(event: AnyEvent, expected: list[tuple[int, str, int]]) -> None:
    moment = datetime(2025, 3, 5, tzinfo=UTC)
    entry = Entry(book="001/2025", number=9, recorded_at=moment, actor="出纳", event=event)
    rows = BookRows(1, {str(LINE): 3, LINE: 3})
    found = rows.add(entry).dealings
    assert [(row[3], row[4], row[-1]) for row in found] == expected
