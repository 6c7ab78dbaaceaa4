"""What is printed of an entry to be signed (签字单据): 支付申请单 of a payment, 调剂审批表 of a
调剂, 结账表 of a closing; of what was recorded, and of what waits for approval.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from ledger.errors import Malformed, Unreadable
from ledger.events import (
    BudgetReallocated,
    DisbursementRecorded,
    DisbursementRefunded,
    EntryCorrected,
    Meant,
    RequestApproved,
    RequestRejected,
    VoucherPaid,
    YearClosed,
    meant_by,
)
from ledger.kinds import Choice
from ledger.line import NO_ECON, NO_PROJECT, BudgetLine, LinePattern
from ledger.rules.authority import required
from projections.answers import BookHeader
from projections.questions.approval import decides
from projections.questions.balances import line_balances
from projections.questions.carryover import WALK, Walk, carryover
from projections.questions.entries import EntryInFull, entry
from projections.views.names import BookNames
from projections.views.reading import Reading, as_it_was
from projections.views.undone import event_of, undone

PaperMeant = DisbursementRecorded | VoucherPaid | BudgetReallocated | YearClosed
"""What is signed on paper."""
Became = Literal[
    "submitted", "waiting", "approved", "rejected", "refunded", "reversed", "corrected"
]


class NamedLine(NamedTuple):
    """A line, and what its codes are called; "" for what has no name."""

    line: BudgetLine
    func: str
    project: str
    econ: str


class PaperLine(NamedTuple):
    """What a paper does on a line, fen: paid on it of `econ`, or moved to it (out of it: negative);
    what may be spent there before and after."""

    line: NamedLine
    econ: str
    econ_name: str
    fen: int
    before_fen: int
    after_fen: int


class Fate(NamedTuple):
    """What led to an entry or became of it, by which entry of whom; a request that waits has none
    yet. Of a refund, the fen that came back."""

    became: Became
    entry: int | None = None
    actor: str = ""
    date: str = ""
    fen: int = 0


class PaperDecision(NamedTuple):
    """What becomes of a line at the end of its year, fen, and by which 文号; `choice` is None for
    money in hand."""

    line: NamedLine
    choice: Choice | None
    fen: int
    doc: str


class FundWalk(NamedTuple):
    """The walk of a fund from opening to closing, fen."""

    fund: str
    walk: Walk


class Paper(NamedTuple):
    """A paper: the entry, what it means, its lines, what became of it, and why somebody has to
    approve it. `corrects` is the entry in the place of which it stands. Of a closing, the walk of
    each fund and what becomes of every line."""

    header: BookHeader
    unit: str
    year: int
    entry: EntryInFull
    meant: PaperMeant
    lines: tuple[PaperLine, ...]
    fates: tuple[Fate, ...]
    why: str
    corrects: int | None
    funds: tuple[FundWalk, ...] = ()
    decisions: tuple[PaperDecision, ...] = ()


def paper(reading: Reading, number: int) -> Paper:
    """The paper of an entry. Raises `Refused` where there is none, `Malformed` where its kind is
    signed on no paper."""
    found = entry(reading, number)
    event = event_of(reading, number)
    asked = meant_by(event)
    meant: Meant = asked.right if isinstance(asked, EntryCorrected) else asked
    if not isinstance(meant, PaperMeant):
        raise Malformed(
            Unreadable.PAPER_NONE,
            field="entry",
            value=str(number),
            expected="支付、支付凭证、调剂或结账的一笔，或对它的申请、批准、更正",
        )
    fates = (*_fates(reading, found),)
    stands = _stands(reading, found, fates)
    needed = required(meant) if isinstance(meant, BudgetReallocated | YearClosed) else None
    made = Paper(
        header=reading.header(),
        unit=reading.name,
        year=reading.year,
        entry=found,
        meant=meant,
        lines=(*_lines(stands, meant),),
        fates=fates,
        why="" if needed is None else needed[1],
        corrects=asked.original if isinstance(asked, EntryCorrected) else None,
    )
    if not isinstance(meant, YearClosed):
        return made
    names = reading.names()
    told = decides(meant)
    return made._replace(
        funds=(*_walks(stands.reading),),
        decisions=tuple(
            PaperDecision(
                _named(BudgetLine.parse(each.line), names), each.choice, each.amount_fen, each.doc
            )
            for each in ([] if told is None else told.decisions)
        ),
    )


def _named(line: BudgetLine, names: BookNames) -> NamedLine:
    project = "" if line.project == NO_PROJECT else names.project(line.project)
    econ = "" if line.econ == NO_ECON else names.economic(line.econ)
    return NamedLine(line, names.functional(line.func), project, econ)


def _fates(reading: Reading, found: EntryInFull) -> Iterator[Fate]:
    """What became of an entry, and of the approval of a request."""
    number = found.entry
    if found.kind == "submit":
        settled = [(each, event_of(reading, each)) for each in found.later]
        approved = [each for each, event in settled if isinstance(event, RequestApproved)]
        rejected = [each for each, event in settled if isinstance(event, RequestRejected)]
        if not approved:
            yield from (_by(reading, "rejected", each) for each in rejected)
            if not rejected:
                yield Fate("waiting")
            return
        (number,) = approved
        yield _by(reading, "approved", number)
    elif found.kind == "approve" and found.original is not None:
        yield _by(reading, "submitted", found.original)
        yield _by(reading, "approved", number)
    gone = undone(reading, [number, *found.later])
    for each in found.later:
        refund = event_of(reading, each)
        if isinstance(refund, DisbursementRefunded) and each not in gone:
            yield _by(reading, "refunded", each)._replace(fen=refund.amount_fen)
    by = gone.get(number)
    if by is not None:
        yield _by(reading, "corrected" if by.corrected else "reversed", by.by)


class _Stands(NamedTuple):
    """The book after what a paper tells was `done`, or as whoever signs has to imagine it: as it is
    while that waits, and as it was when that was rejected."""

    reading: Reading
    done: bool


def _stands(reading: Reading, found: EntryInFull, fates: Iterable[Fate]) -> _Stands:
    if found.kind != "submit":
        return _Stands(as_it_was(reading, found.entry), done=True)
    settled = {each.became: each.entry or 0 for each in fates}
    if "approved" in settled:
        return _Stands(as_it_was(reading, settled["approved"]), done=True)
    if "rejected" in settled:
        return _Stands(as_it_was(reading, settled["rejected"]), done=False)
    return _Stands(reading, done=False)


def _by(reading: Reading, became: Became, number: int) -> Fate:
    by = entry(reading, number)
    return Fate(became, number, by.actor, by.date)


def _lines(stands: _Stands, meant: PaperMeant) -> Iterator[PaperLine]:
    """The lines of a paper, each item after the one before it. What a correction takes back is not
    among what was there before."""
    match meant:
        case DisbursementRecorded(line=line, econ=econ, amount_fen=fen):
            kept = meant.reserve is not None  # paid of what is no longer available
            moved = [(line, econ, fen, 0 if kept else -fen)]
        case VoucherPaid(items=items):
            moved = [(each.line, each.econ, each.amount_fen, -each.amount_fen) for each in items]
        case BudgetReallocated(sources=sources, targets=targets):
            moved = [(each.line, "", -each.amount_fen, -each.amount_fen) for each in sources]
            moved += [(each.line, "", each.amount_fen, each.amount_fen) for each in targets]
        case _:
            return
    change: Counter[BudgetLine] = Counter()
    for line, _, _, by in moved:
        change[line] += by
    names = stands.reading.names()
    left = {
        line: _available(stands.reading, line) - (by if stands.done else 0)
        for line, by in change.items()
    }
    for line, econ, fen, by in moved:
        had = left[line]
        left[line] += by
        econ_name = names.economic(econ) if econ else ""
        yield PaperLine(_named(line, names), econ, econ_name, fen, had, left[line])


def _available(reading: Reading, line: BudgetLine) -> int:
    wanted = LinePattern(*(getattr(line, part) for part in LinePattern._fields))
    return line_balances(reading, wanted).totals.available_fen


def _walks(reading: Reading) -> Iterator[FundWalk]:
    """The walk of every fund that has any, in the order of the items."""
    funds: dict[str, Counter[str]] = {}
    for item in carryover(reading).items:
        of_fund = funds.setdefault(item.fund, Counter())
        for name in WALK:
            of_fund[name] += getattr(item, name)
    for fund, sums in funds.items():
        yield FundWalk(fund, Walk(**{name: sums[name] for name in WALK}))
