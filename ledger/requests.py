"""What one wants recorded, before the book is known: a kind, what was given, and a key.

`decide` finds the line that was meant in the state of the book and calls the decision. The digest
covers the request as given, so that a repeated key can be told from a conflicting one (contract
§3).
"""

from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from ledger.decisions import DECISIONS, WHO_MATTERS, remedies
from ledger.decisions.correction import Original
from ledger.decisions.opening import ClosedBook, open_from
from ledger.events import (
    AnyEvent,
    BudgetReallocated,
    DisbursementRecorded,
    Entry,
    MoneyEvent,
    Share,
    SurplusLoaded,
    VoucherItem,
    VoucherPaid,
)
from ledger.line import (
    NO_ECON,
    NO_PROJECT,
    SPENDING_NAMES,
    BudgetLine,
    Fund,
    LinePattern,
    Spending,
    econ_class,
)
from ledger.postings import lines_of, lowers
from ledger.refusals import Refusal, Refused, not_opened
from ledger.state import BookState

_LISTED = 8
_FUNC_DIGITS = 7
_ENCODER = msgspec.json.Encoder(enc_hook=str, order="sorted")


class Request(NamedTuple):
    """`given` are the decision's keyword arguments as a person gave them; a line may be a
    `LinePattern`, and `occurred_on` None (today). `ref` names an earlier entry."""

    kind: str
    given: dict[str, Any]
    ref: str | None = None
    key: str | None = None

    def digest(self) -> str:
        """SHA-256 of the request as given, without its key."""
        return sha256(_ENCODER.encode((self.kind, self.ref, self.given))).hexdigest()

    def with_default_key(self) -> "Request":
        """The same request with a key derived from its 文号 and content; without a 文号, none."""
        if self.key is not None or not self.given.get("doc"):
            return self
        return self._replace(key=f"doc:{self.digest()[:32]}")


def decide(
    state: BookState,
    request: Request,
    original: Original | None,
    *,
    actor: str,
    closed: ClosedBook | None = None,
) -> tuple[AnyEvent, ...]:
    """The events that answer `actor`'s request on this state; `closed` is the book that a new one
    is opened from. Raises `Refused`."""
    given = dict(request.given)
    if state.facts is None and request.kind != "open-book":
        raise not_opened(state.book)
    if closed is not None:
        del given["previous"]
        return open_from(state, closed=closed, **given)
    if request.kind == "pay" and original is not None:
        given["line"] = _reserved_line(state, given["line"], given["econ"], original)
        if given["econ"] == NO_ECON:
            given["econ"] = given["line"].econ
    elif request.kind == "pay":
        given["line"] = paid_line(state, given["line"], given["econ"], given["amount_fen"])
    elif request.kind == "voucher":
        items = (VoucherItem(*item) for item in given["items"])
        given["items"] = tuple(_payable(state, n, item) for n, item in enumerate(items, 1))
    elif request.kind in ("fund-plan", "reserve"):
        given["line"] = existing_line(state, given["line"], given["amount_fen"])
    elif request.kind in ("cut", "release", "withdraw", "recover"):
        given["line"] = existing_line(state, given["line"])
    elif request.kind == "adjust-opening":
        down = lowers(given["adjustment"], decrease=given.get("decrease", False))
        if down or isinstance(given["line"], LinePattern):
            given["line"] = carried_line(state, given["line"])
    elif request.kind in ("use-surplus", "distribute"):
        given["line"] = nonfiscal_purpose(state, given["line"])
    elif request.kind == "transfer" and not given.get("incoming"):
        given["line"] = carried_line(state, given["line"])
    elif request.kind == "reallocate":
        given["sources"] = tuple(
            Share(existing_line(state, line), fen) for line, fen in given["sources"]
        )
        given["targets"] = tuple(
            Share(_target_line(line, given["sources"][0].line), fen)
            for line, fen in given["targets"]
        )
    if original is not None:
        given["original"] = original
    if request.kind == "correct" and original is not None:
        given["changes"] = _changes(original.entry, given["changes"])
    if request.kind in WHO_MATTERS:
        given["actor"] = actor
    return DECISIONS[request.kind](state, **given)


def _changes(wrong: Entry, changes: dict[str, Any]) -> dict[str, Any]:
    """What a correction changes, with the parts of a line put into the original's line."""
    changes = dict(changes)
    parts: LinePattern | None = changes.pop("parts", None)
    event = wrong.event
    if parts is None or not isinstance(event, MoneyEvent):
        return changes
    if isinstance(event, BudgetReallocated | VoucherPaid):
        return changes
    if isinstance(event, SurplusLoaded):
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


def existing_line(
    state: BookState, wanted: BudgetLine | LinePattern, spent_fen: int = 0
) -> BudgetLine:
    """The one line of the book that is meant. Refused when there is none, or more than one.
    `spent_fen` is what a request wants to spend of it: a supplement of so much would open one."""
    if isinstance(wanted, BudgetLine):
        if wanted not in state.lines:
            raise _missing(state, wanted, spent_fen)
        return wanted
    found = [line for line in state.lines if wanted.matches(line)]
    return _single(state, wanted, found, spent_fen)


def carried_line(state: BookState, wanted: BudgetLine | LinePattern) -> BudgetLine:
    """The same among the lines of earlier years: no other has an opening (R7)."""
    if isinstance(wanted, BudgetLine):
        return existing_line(state, wanted)
    carried = (line for line in state.lines if line.origin < state.year)
    return _single(state, wanted, [line for line in carried if wanted.matches(line)])


def nonfiscal_purpose(state: BookState, wanted: BudgetLine | LinePattern) -> BudgetLine:
    """The purpose of non-fiscal money that is meant: a whole line says it, else the one that the
    book has."""
    if isinstance(wanted, BudgetLine):
        return wanted
    purposes = {line.at_econ(NO_ECON) for line in (*state.lines, *state.received)}
    return _single(state, wanted, [line for line in purposes if wanted.matches(line)])


def paid_line(
    state: BookState, wanted: BudgetLine | LinePattern, econ: str, spent_fen: int = 0
) -> BudgetLine:
    """A line of the purpose that a payment is meant for; its econ decides which one it draws on."""
    if isinstance(wanted, BudgetLine):
        if not any(wanted.at_econ(e) in state.lines for e in _econs(econ)):
            raise _missing(state, wanted.at_econ(econ), spent_fen)
        return wanted
    by_purpose = {
        line.purpose: line
        for line in sorted(state.lines)
        if line.econ in _econs(econ) and wanted.matches(line)
    }
    return _single(state, wanted._replace(econ=econ), [*by_purpose.values()], spent_fen)


def _payable(state: BookState, position: int, item: VoucherItem) -> VoucherItem:
    """An item of a voucher whose purpose the book has."""
    try:
        paid_line(state, item.line, item.econ, item.amount_fen)
    except Refused as refused:
        raise refused.at(position, refused.ways_out) from refused
    return item


def _reserved_line(
    state: BookState, wanted: BudgetLine | LinePattern, econ: str, original: Original
) -> BudgetLine:
    """The line of a payment from a reservation: the reservation's, unless another is said."""
    if isinstance(wanted, BudgetLine):
        return wanted  # the decision compares it
    for line in lines_of(original.entry.event):
        if wanted.matches(line):
            return line
    return paid_line(state, wanted, econ)


def _econs(econ: str) -> tuple[str, str, str]:
    return (econ, econ_class(econ), NO_ECON)


def _target_line(wanted: BudgetLine | LinePattern, source: BudgetLine) -> BudgetLine:
    """A reallocation's target: parts that are left out are the source's."""
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


def _told_apart(line: BudgetLine, found: list[BudgetLine], wanted: LinePattern) -> str:
    """The parts that single out a line among those found, to be added to what was said. The econ
    that a payment names is its own, not its line's."""
    names = [
        name
        for name in LinePattern._fields
        if getattr(wanted, name) is None and len({getattr(each, name) for each in found}) > 1
    ]
    return " ".join(f"--{name} {getattr(line, name)}" for name in names) or f"--line {line}"


def _missing(state: BookState, wanted: BudgetLine | LinePattern, spent_fen: int = 0) -> Refused:
    pattern = wanted
    if isinstance(wanted, BudgetLine):
        pattern = LinePattern(
            wanted.fund, wanted.func, wanted.spending, wanted.project, None, wanted.origin
        )
    assert isinstance(pattern, LinePattern)
    line = _whole(wanted, state.year) if spent_fen else None
    opened = [] if line is None else [remedies.supplement(line, spent_fen)]
    loose = pattern._replace(spending=None, project=None, econ=None)
    others = sorted({line.spending for line in state.lines if loose.matches(line)})
    if pattern.spending is not None and others and pattern.spending not in others:
        return Refused(
            Refusal.SPENDING_DIFFERS,
            wanted=SPENDING_NAMES[Spending(pattern.spending)],
            have="只有" + "、".join(SPENDING_NAMES[kind] for kind in others),
            line=str(wanted),
            ways_out=[
                *opened,
                f"yusuan balance --func {pattern.func}" if pattern.func else "yusuan balance",
            ],
        )
    filters = "".join(
        f" --{name} {value}"
        for name, value in (("func", pattern.func), ("project", pattern.project))
        if value not in (None, "-")
    )
    ways = [*opened, f"yusuan balance{filters}"]
    return Refused(Refusal.LINE_MISSING, line=str(wanted), ways_out=ways)


def _whole(wanted: BudgetLine | LinePattern, year: int) -> BudgetLine | None:
    """The line of this year that is meant, where enough is said to open it."""
    if isinstance(wanted, BudgetLine):
        return wanted if wanted.origin == year else None
    project = wanted.project or NO_PROJECT
    implied = Spending.BASIC if project == NO_PROJECT else Spending.PROJECT
    spending = wanted.spending or implied
    alike = (spending == Spending.PROJECT) == (implied is Spending.PROJECT)
    func = wanted.func or ""
    if len(func) != _FUNC_DIGITS or not alike or wanted.origin not in (None, year):
        return None
    econ = wanted.econ or NO_ECON
    return BudgetLine.make(wanted.fund or Fund.GENERAL, func, spending, project, econ, year)
