"""与财政部门对账 (R12): where do the book and the 对账单 of the finance bureau differ?

What was paid is compared per fund, func and project, what was approved per 文号 too; both by the
origin of the money where the statement says it. Only fiscal money: what a unit has of its own is
no business of the bureau (P13).

Paid 120.00 in the book and 120.01 on the statement is a difference of −0.01.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

import msgspec

from ledger.line import FISCAL_FUNDS, BudgetLine
from ledger.refusals import Way
from projections.views.reading import Reading
from projections.views.schema import gained

# Every approval is looked for once, from the moves: few of them are approvals. `u` is what a
# reversal or correction undoes. What is taken back stands under the document of what is undone.
_APPROVED = (
    "SELECT l.line, CASE WHEN m.amount_fen > 0 THEN e.doc ELSE u.doc END AS document, "
    f"-SUM({gained('AUTH')}) FROM moves m "
    "CROSS JOIN entries e ON e.book_id = m.book_id AND e.entry = m.entry "
    "LEFT JOIN entries u ON u.book_id = e.book_id AND u.entry = e.undoes "
    "JOIN lines l ON l.id = m.line_id "
    "WHERE m.book_id = ? AND 'AUTH' IN (m.source, m.target) AND m.entry <= ? "
    "AND m.occurred_on <= ? GROUP BY m.line_id, document"
)


class Key(NamedTuple):
    """What one figure of a statement is about. `project` is `-` for basic money; `origin` and `doc`
    are None where they make no difference."""

    fund: str
    func: str
    project: str
    origin: int | None = None
    doc: str | None = None


class Statement(NamedTuple):
    """对账单, added up, fen: what was paid, and what was approved by 文号; None where it does not
    say. `sha256` is that of its file."""

    sha256: str
    paid: Mapping[Key, int] | None
    budget: Mapping[Key, int] | None
    by_origin: bool

    @property
    def paid_fen(self) -> int | None:
        """What it says was paid in all."""
        return None if self.paid is None else sum(self.paid.values())


Compared = Literal["paid", "budget", "later"]


class Discrepancy(msgspec.Struct, frozen=True):
    """What the book says otherwise than the statement, fen; `only` says who has it at all where one
    has not. Its parts are null where they make no difference."""

    measure: Compared
    fund: str | None
    func: str | None
    project: str | None
    origin: int | None
    doc: str | None
    book_fen: int
    statement_fen: int
    difference_fen: int
    only: Literal["book", "statement"] | None
    suggestion: str
    try_: list[Way] = msgspec.field(name="try")


class Counts(msgspec.Struct, frozen=True):
    """How many items were compared; null where the statement does not say."""

    paid: int | None
    budget: int | None


class Reconciled(msgspec.Struct, frozen=True):
    """The book beside the statement, fen, and every difference."""

    agreed: bool
    statement: str
    paid_fen: int
    paid_later_fen: int
    statement_paid_fen: int | None
    compared: Counts
    differences: list[Discrepancy]


class Kept(msgspec.Struct, frozen=True):
    """Whether a comparison was recorded."""

    recorded: bool


def reconciled(reading: Reading, statement: Statement) -> Reconciled:
    """Every key on which book and statement differ, and the sums of both, fen.

    `paid_fen` is all that the book has paid, also after the day of the cut: what came later is a
    difference like others, since the statement cannot have it (P14).
    """
    as_of = reading.cut.as_of
    paid = _paid(reading, by_origin=statement.by_origin)
    whole = reading._replace(cut=reading.cut._replace(as_of=None))
    in_all = _paid(whole, by_origin=statement.by_origin)
    paid_fen = sum(in_all.values())
    later = Counter(in_all)
    later.subtract(paid)
    later_fen = sum(later.values())
    differences: list[Discrepancy] = []
    if statement.paid is not None:
        differences = _differing("paid", paid, statement.paid, as_of)
        if later_fen:
            differences.append(_later(later, as_of))
    if statement.budget is not None:
        approved = _approved(reading, by_origin=statement.by_origin)
        differences += _differing("budget", approved, statement.budget, as_of)
    return Reconciled(
        agreed=not differences,
        statement=statement.sha256,
        paid_fen=paid_fen,
        paid_later_fen=later_fen,
        statement_paid_fen=statement.paid_fen,
        compared=Counts(
            paid=None if statement.paid is None else len({*paid, *statement.paid}),
            budget=None if statement.budget is None else len({*approved, *statement.budget}),
        ),
        differences=differences,
    )


def _paid(reading: Reading, *, by_origin: bool) -> Counter[Key]:
    """Payments less refunds."""
    found: Counter[Key] = Counter()
    for line, account, _, _, fen in reading.sums():
        if account == "PAID" and line.fund in FISCAL_FUNDS:
            found[_key(line, by_origin=by_origin)] += fen
    return found


def _approved(reading: Reading, *, by_origin: bool) -> Counter[Key]:
    """What entries with a 文号 approved. A reversal counts under the document of what it undoes
    (P15)."""
    as_of = reading.cut.until.isoformat()
    found: Counter[Key] = Counter()
    for text, doc, fen in reading.views.execute(_APPROVED, (reading.book_id, reading.upto, as_of)):
        line = BudgetLine.parse(text)
        if doc and line.fund in FISCAL_FUNDS:
            found[_key(line, by_origin=by_origin)._replace(doc=doc)] += fen
    return found


def _key(line: BudgetLine, *, by_origin: bool) -> Key:
    return Key(str(line.fund), line.func, line.project, line.origin if by_origin else None)


def _differing(
    measure: Compared, book: Mapping[Key, int], statement: Mapping[Key, int], as_of: date | None
) -> list[Discrepancy]:
    return [
        _difference(measure, key, book.get(key, 0), statement.get(key), as_of)
        for key in sorted({*book, *statement})
        if book.get(key, 0) != statement.get(key, 0)
    ]


_SUGGESTIONS = {
    ("paid", "statement"): "对账单已支付，账上没有：补记支付，或核对账上是否记错资金、科目、项目",
    ("paid", "book"): "账上已支付，对账单没有：核对未达账项，或账上是否记错资金、科目、项目",
    ("paid", "less"): "账上少：补记漏记的支付，或冲销多记的退款",
    ("paid", "more"): "账上多：核对未达账项，补记漏记的退款，或冲销重复的支付",
    ("budget", "statement"): "对账单有此文号，账上没有：按文件补记，或核对账上的文号",
    ("budget", "book"): "账上有此文号，对账单没有：核对文号，或冲销没有文件的记录",
    ("budget", "less"): "账上少：按文件补记",
    ("budget", "more"): "账上多：按文件追减，或冲销重复的记录",
}
"""What to look for, by what is compared and how it differs."""


def _difference(
    measure: Compared, key: Key, book_fen: int, statement_fen: int | None, as_of: date | None
) -> Discrepancy:
    only: Literal["book", "statement"] | None = None
    if statement_fen is None or not book_fen:
        only = "book" if statement_fen is None else "statement"
    difference_fen = book_fen - (statement_fen or 0)
    how = only or ("less" if difference_fen < 0 else "more")
    return Discrepancy(
        measure,
        *key,
        book_fen=book_fen,
        statement_fen=statement_fen or 0,
        difference_fen=difference_fen,
        only=only,
        suggestion=_SUGGESTIONS[measure, how],
        try_=[_look(measure, key, as_of, documented=only != "statement")],
    )


def _look(measure: str, key: Key, as_of: date | None, *, documented: bool) -> Way:
    """The entries to look at: of what was paid exactly those that its figure counts; of what was
    approved those of the document, else all of the purpose."""
    until = {} if as_of is None else {"as_of": as_of.isoformat()}
    origin = {} if key.origin is None else {"origin": key.origin}
    where = {"fund": key.fund, "func": key.func, "project": key.project}
    if measure == "budget":
        doc = {"doc": key.doc or ""} if documented else {}
        return Way("log", **doc, **where, **origin, **until)
    return Way("log", paid=True, **where, **origin, **until)


def _later(later: Mapping[Key, int], as_of: date | None) -> Discrepancy:
    """What was paid after the day of the statement, as one difference."""
    fen = sum(later.values())
    since = {} if as_of is None else {"since": (as_of + timedelta(days=1)).isoformat()}
    funds = sorted({key.fund for key, of_key in later.items() if of_key})
    return Discrepancy(
        "later",
        *(None, None, None, None, None),
        book_fen=fen,
        statement_fen=0,
        difference_fen=fen,
        only="book",
        suggestion="对账日之后的支付，对账单还没有：写明事由，以后再核对",
        try_=[Way("log", paid=True, fund=fund, **since) for fund in funds],
    )
