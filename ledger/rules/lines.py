"""Which line was meant? The one of the book that fits what a person said of it, or a refusal that
lists those that do.

A finder answers for one kind of request: it takes what was given and returns the parts of it that
name something of the book, as the book has them. A decision sees lines and never patterns.
"""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict, cast

from ledger.events import (
    DisbursementRecorded,
    ItemCapped,
    OfManyLines,
    Reversible,
    Share,
    SurplusAdjusted,
    SurplusLoaded,
    VoucherItem,
)
from ledger.events.particulars import Particular
from ledger.kinds import Adjustment, Cause, Distribution, IncomeSource, Pool, ThreePublicItem
from ledger.line import (
    NO_ECON,
    NO_PROJECT,
    SPENDING_NAMES,
    BudgetLine,
    Fund,
    LinePattern,
    Spending,
    draws_on,
    econs_drawn_on,
    is_econ_item,
    is_func_item,
)
from ledger.postings import lines_of, lowers
from ledger.refusals import Instead, Refusal, Refused
from ledger.rules import ways
from ledger.rules.occasion import OfPayment, WantedLine
from ledger.rules.originals import Original
from ledger.state import BookState

_LISTED = 8


class FoundLines(TypedDict, total=False):
    """What a finder puts in the place of what was given."""

    line: BudgetLine
    to_line: BudgetLine
    econ: str
    items: tuple[VoucherItem, ...]
    sources: tuple[Share, ...]
    targets: tuple[Share, ...]
    changes: dict[str, Any]
    reason: str


class Changes(OfPayment, total=False):
    """What a correction changes of an entry: its `line`, or `parts` of it one by one; fen. The
    `whole` of what is right says all: what is left out is not so."""

    whole: bool

    parts: LinePattern
    line: WantedLine
    econ: str
    amount_fen: int
    payee: str
    purpose: str
    again: bool
    pending: bool
    month: int
    adjustment: Adjustment
    cause: Cause
    decrease: bool
    source: IncomeSource
    pool: Pool
    distribution: Distribution
    item: ThreePublicItem


class _OfLine(TypedDict):
    line: WantedLine


class _Spends(_OfLine):
    amount_fen: int


class _Pays(_Spends):
    econ: str


class _PaysItems(TypedDict):
    items: Sequence[tuple[BudgetLine, str, int]]


class _Adjusts(_OfLine):
    adjustment: Adjustment
    decrease: NotRequired[bool]


class _Transfers(_OfLine):
    incoming: NotRequired[bool]


class _Moves(TypedDict):
    sources: Sequence[tuple[WantedLine, int]]
    targets: Sequence[tuple[WantedLine, int]]


class _Reuses(_OfLine):
    to_line: WantedLine


class _Corrects(TypedDict):
    changes: Changes


def existing(state: BookState, given: _OfLine, _: Original | None) -> FoundLines:
    """A line of the book."""
    return {"line": _existing(state, given["line"])}


def raised(state: BookState, given: _OfLine, _: Original | None) -> FoundLines:
    """A line that more money is for: whole, it need not be there yet; by its parts, one of this
    year's that is."""
    wanted = given["line"]
    if isinstance(wanted, LinePattern):
        year = state.year if wanted.origin is None else wanted.origin
        wanted = _existing(state, wanted._replace(origin=year))
    return {"line": wanted}


def spent(state: BookState, given: _Spends, _: Original | None) -> FoundLines:
    """A line of the book that money is wanted from; where there is none, so much would open one."""
    return {"line": _existing(state, given["line"], given["amount_fen"])}


def paid(state: BookState, given: _Pays, original: Original | None) -> FoundLines:
    """A line of the purpose that is paid for; from a reservation, the reservation's."""
    if original is None:
        fen = given["amount_fen"]
        return {"line": _of_payment(state, given["line"], given["econ"], fen)}
    line = _of_reservation(state, given["line"], given["econ"], original)
    return {"line": line, "econ": line.econ if given["econ"] == NO_ECON else given["econ"]}


def paid_by_items(state: BookState, given: _PaysItems, _: Original | None) -> FoundLines:
    """The items of a voucher, each of a purpose that the book has."""
    items = (VoucherItem(*item) for item in given["items"])
    return {"items": tuple(_payable(state, n, item) for n, item in enumerate(items, 1))}


def adjusted(state: BookState, given: _Adjusts, _: Original | None) -> FoundLines:
    """A line of an earlier year; only an increase may name one that the book has not."""
    line = given["line"]
    down = lowers(given["adjustment"], decrease=given.get("decrease", False))
    return {"line": _carried(state, line) if down or isinstance(line, LinePattern) else line}


def transferred(state: BookState, given: _Transfers, _: Original | None) -> FoundLines:
    """A line of an earlier year; what arrives from another book names it itself."""
    line = given["line"]
    if given.get("incoming") and isinstance(line, BudgetLine):
        return {"line": line}
    return {"line": _carried(state, line)}


def nonfiscal(state: BookState, given: _OfLine, _: Original | None) -> FoundLines:
    """A purpose of non-fiscal money."""
    return {"line": _nonfiscal_purpose(state, given["line"])}


def moved(state: BookState, given: _Moves, _: Original | None) -> FoundLines:
    """The lines that give, and those that receive: parts that are left out are the giver's."""
    sources = tuple(Share(_existing(state, line), fen) for line, fen in given["sources"])
    targets = (Share(target(line, sources[0].line), fen) for line, fen in given["targets"])
    return {"sources": sources, "targets": tuple(targets)}


def reused(state: BookState, given: _Reuses, _: Original | None) -> FoundLines:
    """The line whose 结余 is reused, and the one that receives it, as of a reallocation."""
    giver = _existing(state, given["line"])
    return {"line": giver, "to_line": target(given["to_line"], giver)}


def corrected(state: BookState, given: _Corrects, original: Original | None) -> FoundLines:
    """What a correction changes, with the parts of a line put into the original's line."""
    assert original is not None  # a correction cannot be asked for without its ref
    wrong, said = original.meant, given["changes"]
    whole = wrong is not None and said.get("whole")
    changes = _changes(wrong, _whole_of(wrong, said) if wrong and whole else said)
    line, econ = changes.get("line"), changes.get("econ")
    if isinstance(wrong, DisbursementRecorded) and isinstance(line, BudgetLine):
        drawn = draws_on(state.lines, line, econ or wrong.econ)
        if drawn is not None:
            _as_written(state, line, econ or wrong.econ, drawn)
    found: FoundLines = {"changes": changes}
    if whole and "purpose" in said and not hasattr(wrong, "purpose"):
        found["reason"] = said["purpose"]  # the column says why
    return found


def _existing(state: BookState, wanted: WantedLine, spent_fen: int = 0) -> BudgetLine:
    """The one line of the book that is meant. Refused when there is none, or more than one (L20).
    `spent_fen` is what a request wants to spend of it: a supplement of so much would open one."""
    if isinstance(wanted, BudgetLine):
        if wanted not in state.lines:
            raise _missing(state, wanted, spent_fen)
        return wanted
    found = [line for line in state.lines if wanted.matches(line)]
    return _single(state, wanted, found, spent_fen)


def _carried(state: BookState, wanted: WantedLine) -> BudgetLine:
    """The same among the lines of earlier years: no other has an opening (R7, L21)."""
    if isinstance(wanted, BudgetLine):
        return _existing(state, wanted)
    carried = (line for line in state.lines if line.origin < state.year)
    return _single(state, wanted, [line for line in carried if wanted.matches(line)])


def _nonfiscal_purpose(state: BookState, wanted: WantedLine) -> BudgetLine:
    """The purpose of non-fiscal money that is meant: a whole line says it, else the one that the
    book has."""
    if isinstance(wanted, BudgetLine):
        return wanted
    purposes = {line.at_econ(NO_ECON) for line in (*state.lines, *state.received)}
    return _single(state, wanted, [line for line in purposes if wanted.matches(line)])


def _of_payment(state: BookState, wanted: WantedLine, econ: str, spent_fen: int = 0) -> BudgetLine:
    """A line of the purpose that a payment is meant for; its econ decides which one it draws on,
    which must be the one that is written in full (L69)."""
    if isinstance(wanted, BudgetLine):
        drawn = draws_on(state.lines, wanted, econ)
        if drawn is None:
            opened = wanted if wanted.econ in econs_drawn_on(econ) else wanted.at_econ(econ)
            raise _missing(state, opened, spent_fen)
        _as_written(state, wanted, econ, drawn)
        return wanted
    by_purpose = {
        line.purpose: line
        for line in sorted(state.lines)
        if line.econ in econs_drawn_on(econ) and wanted.matches(line)
    }
    return _single(state, wanted._replace(econ=econ), [*by_purpose.values()], spent_fen)


def _as_written(state: BookState, wanted: BudgetLine, econ: str, drawn: BudgetLine) -> None:
    """A payment draws on the line that was written in full. One that is written with the payment's
    own 款 says no more than that (contract §2). Raises `Refused`."""
    if drawn == wanted or wanted.econ == econ:
        return
    ways_out = [Instead(line=drawn)]
    if wanted in state.lines and is_econ_item(wanted.econ):
        ways_out.append(Instead(econ=wanted.econ))
    raise Refused(Refusal.LINE_DRAWN, line=wanted, econ=econ, drawn=drawn, ways_out=ways_out)


def _payable(state: BookState, position: int, item: VoucherItem) -> VoucherItem:
    """An item of a voucher whose purpose the book has."""
    try:
        _of_payment(state, item.line, item.econ, item.amount_fen)
    except Refused as refused:
        raise refused.at(position, ways.for_item(refused.ways_out, item)) from refused
    return item


def _of_reservation(
    state: BookState, wanted: WantedLine, econ: str, original: Original
) -> BudgetLine:
    """The line of a payment from a reservation: the reservation's, unless another is said (L22)."""
    reserved = lines_of(original.entry.event)
    if isinstance(wanted, BudgetLine):
        drawn = draws_on(state.lines, wanted, wanted.econ if econ == NO_ECON else econ)
        if drawn in reserved:
            _as_written(state, wanted, econ, drawn)
        return wanted  # the decision compares it
    for line in reserved:
        if wanted.matches(line):
            return line
    return _of_payment(state, wanted, econ)


def target(wanted: WantedLine, source: BudgetLine) -> BudgetLine:
    """What receives: parts that are left out are those of the first line that gives."""
    if isinstance(wanted, BudgetLine):
        return wanted
    project = source.project if wanted.project is None else wanted.project
    spending = wanted.spending or (Spending.BASIC if project == "-" else Spending.PROJECT)
    return BudgetLine.make(
        wanted.fund or source.fund,
        wanted.func or source.func,
        spending,
        project,
        wanted.econ or source.econ,
        wanted.origin or source.origin,
    )


def _single(
    state: BookState, wanted: LinePattern, found: list[BudgetLine], spent_fen: int = 0
) -> BudgetLine:
    if not found:
        raise _missing(state, wanted, spent_fen)
    if len(found) == 1:
        return found[0]
    found = sorted(found)
    listed = "、".join(found[:_LISTED]) + ("……" if len(found) > _LISTED else "")
    raise Refused(
        Refusal.LINE_AMBIGUOUS,
        count=len(found),
        lines=listed,
        ways_out=[_told_apart(line, found, wanted) for line in found[:_LISTED]],
    )


def _told_apart(line: BudgetLine, found: list[BudgetLine], wanted: LinePattern) -> Instead:
    """The parts that single out a line among those found, to be added to what was said. The econ
    that a payment names is its own, not its line's."""
    names = [
        name
        for name in LinePattern._fields
        if getattr(wanted, name) is None and len({getattr(each, name) for each in found}) > 1
    ]
    parts = {name: getattr(line, name) for name in names}
    return Instead(**parts) if parts else Instead(line=line)


def _missing(state: BookState, wanted: WantedLine, spent_fen: int = 0) -> Refused:
    pattern = (
        LinePattern(wanted.fund, wanted.func, wanted.spending, wanted.project, None, wanted.origin)
        if isinstance(wanted, BudgetLine)
        else wanted
    )
    line = _whole(wanted, state.year) if spent_fen else None
    opened = [] if line is None else [ways.supplement(line, spent_fen)]
    loose = pattern._replace(spending=None, project=None, econ=None)
    others = sorted({line.spending for line in state.lines if loose.matches(line)})
    if pattern.spending is not None and others and pattern.spending not in others:
        return Refused(
            Refusal.SPENDING_DIFFERS,
            wanted=SPENDING_NAMES[Spending(pattern.spending)],
            have="只有" + "、".join(SPENDING_NAMES[kind] for kind in others),
            line=str(wanted),
            ways_out=[*opened, ways.balance(pattern.func)],
        )
    look = ways.balance(pattern.func, pattern.project)
    return Refused(Refusal.LINE_MISSING, line=str(wanted), ways_out=[*opened, look])


def _whole(wanted: WantedLine, year: int) -> BudgetLine | None:
    """The line of this year that is meant, where enough is said to open it."""
    if isinstance(wanted, BudgetLine):
        return wanted if wanted.origin == year else None
    project = wanted.project or NO_PROJECT
    implied = Spending.BASIC if project == NO_PROJECT else Spending.PROJECT
    spending = wanted.spending or implied
    alike = (spending == Spending.PROJECT) == (implied is Spending.PROJECT)
    func = wanted.func or ""
    if not is_func_item(func) or not alike or wanted.origin not in (None, year):
        return None
    econ = wanted.econ or NO_ECON
    return BudgetLine.make(wanted.fund or Fund.GENERAL, func, spending, project, econ, year)


def _whole_of(wrong: Reversible, said: Changes) -> Changes:
    """The whole of what is right: what it could say and does not, it is not; one word of the column
    `econ` is what the kind of entry has."""
    own = set(wrong.__struct_fields__)
    right: dict[str, Any] = {name: value for name, value in said.items() if name != "whole"}
    for words in ("source", "pool", "distribution", "item"):
        if words not in own:
            right.pop(words, None)
    if "purpose" not in own:
        right.pop("purpose", None)
    for name, nothing in _UNSAID.items():
        if name in own:
            right.setdefault(name, nothing)
    return cast(Changes, right)


_UNSAID = {
    "purpose": "",
    "pay_type": None,
    "procurement": False,
    "direct_funds": False,
    "counterpart": None,
    "contract": "",
    "procurement_type": None,
    "again": False,
    "pending": False,
}


def _changes(event: Reversible | None, said: Changes) -> dict[str, Any]:
    """What a correction changes, with the parts of a line put into the original's line."""
    changes: dict[str, Any] = {**said}
    if changes.get("procurement") is False and isinstance(event, DisbursementRecorded):
        changes = {"contract": "", "procurement_type": None, **changes}  # nothing was bought
    parts: LinePattern | None = changes.pop("parts", None)
    if parts is None or event is None:
        return changes
    if isinstance(event, OfManyLines):
        return {**changes, "line": parts}  # of several: the decision says so
    if isinstance(event, SurplusLoaded | SurplusAdjusted | ItemCapped | Particular):
        return {**changes, "line": parts}  # which it has not: the decision says so
    paid = isinstance(event, DisbursementRecorded)
    old = event.line.at_econ(event.econ) if isinstance(event, DisbursementRecorded) else event.line
    new = BudgetLine.make(
        parts.fund or old.fund,
        parts.func or old.func,
        parts.spending or old.spending,
        parts.project or old.project,
        parts.econ or old.econ,
        parts.origin or old.origin,
    )
    return {**changes, "line": new, **({"econ": new.econ} if paid else {})}
