"""事项: stored facts of the report that move no money (particulars). Part of the storage format
(the package): never rename, retype, reorder or reuse.

Counts, scores and amounts are what a person has read off a document; what may be named in a place
(a cell, a slot, an item of a form) is the edition's, and no rule of a book (L78).
"""

from datetime import date
from typing import Annotated, get_args

import msgspec

from ledger.events.fields import (
    TARGET,
    AmountFen,
    Category,
    Count,
    EntryNumber,
    Event,
    Hundredths,
    LongText,
    Name,
    Number,
    Place,
    Some,
    TargetNumber,
    Text,
    TotalFen,
)
from ledger.kinds import (
    KIND_NAMES,
    Direction,
    Grade,
    Guests,
    ProcurementType,
    Reserved,
    SupplierSize,
)

EXECUTION = "execution"
"""Stands for the row of the execution rate where the number of a target would."""
Scope = Annotated[str, msgspec.Meta(max_length=40)]
"""The code of a project; empty for the whole unit."""


class Particular(Event, frozen=True, kw_only=True):
    """A fact that moves no account. A closed year still takes it."""


class Tied(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """So many fen of what happened were paid by a payment: its entry, and if that was corrected the
    one that was recorded first (L77)."""

    entry: EntryNumber
    fen: AmountFen


Payments = Annotated[tuple[Tied, ...], msgspec.Meta(max_length=100)]


class ReceptionHeld(Particular, frozen=True, kw_only=True, tag="reception"):
    """公务接待: batches and persons received, `companions` of them our own (陪同). `guest` is who
    came, `category` a word of the unit's own, by which the report tells receptions apart."""

    amount_fen: AmountFen
    batches: Some
    persons: Some
    companions: Count = 0
    guests: Guests = "domestic"
    guest: Text = ""
    purpose: Text = ""
    category: Category = ""
    payments: Payments = ()


class TripMade(Particular, frozen=True, kw_only=True, tag="trip"):
    """因公出国（境）: groups (团组) and persons that went abroad."""

    amount_fen: AmountFen
    groups: Some
    persons: Some
    destination: Text = ""
    purpose: Text = ""
    payments: Payments = ()


class ContractSigned(Particular, frozen=True, kw_only=True, tag="contract"):
    """政府采购合同, once per number. `signed`: of an earlier year, whose procurement it is. `due`
    is when it is to be paid in full."""

    no: Number
    procurement_type: ProcurementType
    amount_fen: AmountFen
    supplier: Name
    size: SupplierSize
    reserved: Reserved = "none"
    signed: date | None = None
    due: date | None = None


class AssetCounted(Particular, frozen=True, kw_only=True, tag="asset"):
    """资产年末数 of an item of the edition: how many there are, and what they are worth, if that is
    said. The last one of an item counts."""

    item: Place
    count: Count
    amount_fen: TotalFen = 0


class HeadcountCounted(Particular, frozen=True, kw_only=True, tag="headcount"):
    """人员 of an item of the edition. The last one of an item counts."""

    item: Place
    count: Count


class PriorStated(Particular, frozen=True, kw_only=True, tag="prior"):
    """上年数: a figure of last year's report that no book of the file can say, either an amount or
    a count. The last one of a cell counts."""

    cell: Place
    amount_fen: TotalFen | None = None
    count: Count | None = None


class OfDepartment(Particular, frozen=True, kw_only=True):
    """What may be said of a whole department, in the book of one of its units (`department`)."""

    department: bool = False


class ReasonGiven(OfDepartment, frozen=True, kw_only=True, tag="reason"):
    """原因 of what a generated paragraph says. The last one of a slot counts."""

    slot: Place
    text: Annotated[Text, msgspec.Meta(min_length=1)]


class TextWritten(OfDepartment, frozen=True, kw_only=True, tag="text"):
    """概况文字: free text, printed in its place; paragraphs are parted by a blank line. The last
    one of a slot counts."""

    slot: Place
    text: LongText


class KeyWorkListed(OfDepartment, frozen=True, kw_only=True, tag="key-work"):
    """重点工作: what was to be done, and what was. The last one of a number counts."""

    no: Number
    item: Name
    goal: Text = ""
    done: Text = ""


class GoalSet(OfDepartment, frozen=True, kw_only=True, tag="goal"):
    """绩效总体目标 of a project, or of the whole unit: what was expected, and what was reached. The
    last one counts."""

    project: Scope
    expected: Text
    actual: Text = ""


class TargetSet(OfDepartment, frozen=True, kw_only=True, tag="target"):
    """绩效指标: a row of a form, with the value that is to be reached as it is written, and its
    weight. Targets of one `code` in several forms are one. A constraint (约束性指标) has no weight
    and deducts. The last one of a number counts."""

    project: Scope
    no: TargetNumber
    level1: Name
    level2: Text = ""
    level3: Name
    value: Text = ""
    weight_hundredths: Hundredths = 0
    direction: Direction | None = None
    code: Annotated[str, msgspec.Meta(max_length=40)] = ""
    constraint: bool = False
    deduct_hundredths: Hundredths = 0


class ResultReported(OfDepartment, frozen=True, kw_only=True, tag="result"):
    """绩效结果 of a row: what was reached, as it is written. Of what is no number the grade, and
    `percent` of its weight. The last one of a number counts."""

    project: Scope
    no: TargetNumber
    actual: Annotated[Text, msgspec.Meta(min_length=1)]
    grade: Grade | None = None
    percent: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    deviation: Text = ""


class ScoreOverridden(OfDepartment, frozen=True, kw_only=True, tag="score-override"):
    """得分调整 of a row, or of the execution rate (`execution`), by a person, for a reason: shown
    beside the rule's score. The last one of a number counts."""

    project: Scope
    no: Annotated[str, msgspec.Meta(pattern=rf"^({EXECUTION}|{TARGET})\Z")]
    score_hundredths: Hundredths


AnyParticular = (
    ReceptionHeld
    | TripMade
    | ContractSigned
    | AssetCounted
    | HeadcountCounted
    | PriorStated
    | ReasonGiven
    | TextWritten
    | KeyWorkListed
    | GoalSet
    | TargetSet
    | ResultReported
    | ScoreOverridden
)
"""Every kind of them."""

FACT_NAMES: dict[str, str] = {
    word: KIND_NAMES[word]
    for word in (str(kind.__struct_config__.tag) for kind in get_args(AnyParticular))
}
"""What a person types and reads for each of them."""

OfPayments = ReceptionHeld | TripMade
"""What payments were made for."""
