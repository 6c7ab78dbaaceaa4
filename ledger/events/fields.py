"""What every stored fact is made of: its fields' types, and what all facts have in common. Part of
the storage format (the package)."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from ledger.book import UNIT
from ledger.money import AMOUNT_MAX_FEN, TOTAL_MAX_FEN

AmountFen = Annotated[int, msgspec.Meta(gt=0, le=AMOUNT_MAX_FEN)]
TotalFen = Annotated[int, msgspec.Meta(ge=0, le=TOTAL_MAX_FEN)]
SumFen = Annotated[int, msgspec.Meta(ge=-TOTAL_MAX_FEN, le=TOTAL_MAX_FEN)]
EntryNumber = Annotated[int, msgspec.Meta(ge=1, lt=2**53)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Month = Annotated[int, msgspec.Meta(ge=1, le=12)]
TEXT_MAX, LONG_TEXT_MAX = 500, 20_000
Text = Annotated[str, msgspec.Meta(max_length=TEXT_MAX)]
LongText = Annotated[str, msgspec.Meta(min_length=1, max_length=LONG_TEXT_MAX)]
"""A text of several paragraphs: the one type that may hold line feeds."""
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern="^(?!#[0-9]+$)")]
"""Any text but `#7`, which is entry 7."""
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
"""A SHA-256."""
Sha256 = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]
"""The same, or nothing."""
ProjectCode = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Unit = Annotated[str, msgspec.Meta(pattern=f"^{UNIT}$")]
Number = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z_-]{1,40}\Z")]
"""What people number: contracts, key work, targets. In the alphabet of a project code."""
TARGET = r"[0-9][0-9A-Za-z_-]{0,39}"
TargetNumber = Annotated[str, msgspec.Meta(pattern=rf"^{TARGET}\Z")]
PLACE = r"[\w.@()（）-]{1,80}"
Place = Annotated[str, msgspec.Meta(pattern=rf"^{PLACE}\Z")]
"""A place of a report: a cell, a slot, an item."""
CATEGORY = r"[\w()（）-]{1,40}"
Category = Annotated[str, msgspec.Meta(pattern=rf"^({CATEGORY})?\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, lt=10**9)]
Some = Annotated[int, msgspec.Meta(ge=1, lt=10**9)]
"""A number of things of which there is at least one."""
Hundredths = Annotated[int, msgspec.Meta(ge=0, le=100_00)]
"""A weight or a score, in hundredths of a point."""


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="kind",
    forbid_unknown_fields=True,  # a newer book must not be misread
    omit_defaults=True,  # a field added later leaves old bytes canonical
    gc=False,  # no cycles: a million of them cost the collector nothing
):
    """A fact. `occurred_on` is the business date (业务日期), `doc` the 文号 or voucher number."""

    occurred_on: date
    doc: Text = ""
    reason: Text = ""
