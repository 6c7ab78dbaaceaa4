"""A request whose key was used before: is it the one that was answered then?

Typed alike, its digest says so. One fact can be told in several ways, a line whole or by its parts,
by a command or by a row of a file: then what the request says is compared with what is stored,
field by field. What it leaves out is not compared, and nothing of it is looked up in the book but
the entry that it names (L58).
"""

from collections.abc import Collection
from datetime import date
from itertools import zip_longest
from typing import Any

from msgspec.structs import replace

from ledger.events import (
    ApprovalRequested,
    BookOpened,
    BudgetReallocated,
    CashApproved,
    DisbursementRecorded,
    EntryCorrected,
    EntryReversed,
    IncomeRecognised,
    LineClosed,
    Meant,
    NonFiscalSurplusUsed,
    PoolApproved,
    RequestApproved,
    Share,
    SurplusDistributed,
    SurplusReused,
    VoucherItem,
    kind_of,
)
from ledger.events.particulars import AssetCounted, PriorStated
from ledger.kinds import KIND_NAMES
from ledger.line import NO_ECON, BudgetLine, LinePattern
from ledger.money import plain_yuan
from ledger.postings import amount_of, earlier, lines_of
from ledger.refusals import Contradiction
from ledger.requests import Request
from ledger.rules.authority import granted
from ledger.rules.lines import target
from ledger.rules.originals import of_line
from ledger.texts import folded

_OF_PURPOSE = (DisbursementRecorded, IncomeRecognised, NonFiscalSurplusUsed, SurplusDistributed)
"""What is asked of a line's purpose: the econ of the line that it is stored on is not the one that
was said."""


def contradictions(
    request: Request, event: Meant, *, refs: Collection[int] | None
) -> list[Contradiction]:
    """Where a request does not say what is stored. `refs` are the entry that it names, if there is
    one of that name, and those that were recorded in its place; None where that is not asked."""
    meant = event.proposed if isinstance(event, ApprovalRequested) else event
    said = dict(request.given)
    if request.kind != kind_of(meant):
        return [Contradiction("kind", KIND_NAMES[kind_of(meant)], KIND_NAMES[request.kind])]
    about = earlier(meant)
    if isinstance(meant, EntryCorrected):
        said |= said.pop("changes")
    if isinstance(meant, BudgetReallocated) and "targets" in said:
        giver = meant.sources[0].line
        said["targets"] = [(target(line, giver), fen) for line, fen in said["targets"]]
    if isinstance(meant, SurplusReused) and "to_line" in said:
        said["to_line"] = target(said["to_line"], meant.line)

    def agrees(name: str, value: Any) -> bool:
        if isinstance(meant, EntryCorrected) and name not in _OF_CORRECTION:
            if name in ("line", "parts"):
                return _is_line(value, meant.right)
            if name == "whole" or (name in _ONE_WORD and not hasattr(meant.right, name)):
                return True
            if name == "purpose" and not hasattr(meant.right, name):
                return _agrees("reason", value, meant, meant)
            return _agrees(name, value, meant.right, meant.right)
        return _agrees(name, value, event, meant)

    found = [
        _contradiction(name, value, event, meant)
        for name, value in said.items()
        if value is not None and value != "" and not agrees(name, value)
    ]
    if request.ref is not None and refs is not None and about not in refs:
        found.insert(0, Contradiction("ref", "" if about is None else f"#{about}", request.ref))
    return found


_OF_CORRECTION = frozenset({"occurred_on", "doc", "reason", "authority"})
"""What a correction says of itself; the rest is of what is right."""


_ONE_WORD = ("source", "pool", "distribution", "item")
"""What one column of a file says, by the kind of its row."""


def dated(event: Meant, occurred_on: date) -> Meant:
    """What is right, on the day of what was wrong: who repeats a row has its day."""
    return replace(event, occurred_on=occurred_on)


def _agrees(name: str, said: Any, event: Meant, meant: Meant) -> bool:
    """Whether one thing that was said is what is stored."""
    match name:
        case "line":
            undone = _undone(meant)
            if isinstance(said, LinePattern):
                return of_line(said, undone)
            of_purpose = isinstance(undone, _OF_PURPOSE)
            return any(
                line == said or (of_purpose and line.purpose == said.purpose)
                for line in lines_of(undone)
            )
        case "econ" if said == NO_ECON and getattr(meant, "reserve", None) is not None:
            return True  # then it is the reservation's
        case "authority" if isinstance(event, ApprovalRequested):
            return not granted(said, event.needed)  # too little was brought
        case "fund_basis":
            return set(said) <= set(_stored(name, meant))
        case "doc" | "payee" | "purpose" | "reason" | "name":
            return folded(str(_stored(name, meant))) == folded(said)
        case "payments":
            tied = {each.entry for each in _stored(name, meant)}
            return bool(tied) and tied <= {*said}  # of which the last ones paid nothing of it
        case "items" | "sources" | "targets" | "lines" | "cash" | "pools":
            return _unlike(_stored(name, meant), said) is None
        case _:
            return bool(_stored(name, meant) == said)


def _is_line(said: BudgetLine | LinePattern, meant: Meant) -> bool:
    """Whether a correction that puts this line, or these parts, in the place of others has given
    what is stored: of a payment the line that it draws on, or the one of its own 款."""
    lines = lines_of(meant)
    if isinstance(meant, DisbursementRecorded):
        lines = (meant.line, meant.line.at_econ(meant.econ))
    if isinstance(said, BudgetLine):
        return said in lines
    parts = {name: part for name, part in said._asdict().items() if part is not None}
    return all(getattr(lines[-1], name) == part for name, part in parts.items())


def _stored(name: str, meant: Meant) -> Any:
    """What is stored of one thing that a request says."""
    match name:
        case "amount_fen" if isinstance(meant, AssetCounted | PriorStated):
            return meant.amount_fen  # which may be nothing
        case "amount_fen":
            return amount_of(_undone(meant))
        case "authority":
            made = meant.approved if isinstance(meant, RequestApproved) else meant
            return getattr(made, "authority", None)
        case "previous" if isinstance(meant, BookOpened):
            return meant.previous and meant.previous.book
        case "line" | "parts":
            return lines_of(_undone(meant))
        case _:
            return getattr(_right(name, meant), name, None)


def _right(name: str, meant: Meant) -> Meant:
    """Of a correction what is right, but for what it says of itself."""
    if isinstance(meant, EntryCorrected) and name not in _OF_CORRECTION:
        return meant.right
    return meant


def _undone(meant: Meant) -> Meant:
    """A reversal repeats the line and amount of what it undoes."""
    return meant.reversed if isinstance(meant, EntryReversed) else meant


def _unlike(stored: Any, said: Any) -> tuple[Any, Any] | None:
    """The first of many parts that is not stored as it was said, in whatever order."""
    left, unknown = [*(stored or ())], []
    for other in said:
        one = next((each for each in left if _alike(each, other)), None)
        if one is None:
            unknown.append(other)
        else:
            left.remove(one)
    return next(zip_longest(left, unknown), None)


def _alike(stored: Share | VoucherItem | LineClosed, said: Any) -> bool:
    match stored, said:
        case Share(line=line, amount_fen=fen), (wanted, wanted_fen):
            matches = wanted.matches(line) if isinstance(wanted, LinePattern) else wanted == line
            return bool(matches) and fen == wanted_fen
        case VoucherItem(line=line, econ=econ, amount_fen=fen), (wanted, *of_item):
            return bool(line.purpose == wanted.purpose) and [econ, fen] == of_item
        case _:
            return bool(stored == said)


def _contradiction(name: str, said: Any, event: Meant, meant: Meant) -> Contradiction:
    brought = name != "authority" or not isinstance(event, ApprovalRequested)
    stored = _stored(name, meant) if brought else None  # what is needed is not what was brought
    if name in ("items", "sources", "targets", "lines", "cash", "pools"):
        stored, said = _unlike(stored, said) or (None, None)
    money = name.endswith("_fen")
    return Contradiction(name, _told(stored, money), _told(said, money))


def _told(value: Any, money: bool = False) -> str:
    """A value as a person types it."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case int() if money:
            return plain_yuan(value)
        case Share(line=line, amount_fen=fen) | (BudgetLine() | LinePattern() as line, int(fen)):
            return f"{line}={plain_yuan(fen)}"
        case VoucherItem(line=line, econ=econ, amount_fen=fen) | (
            BudgetLine() as line,
            str(econ),
            int(fen),
        ):
            return f"{line},econ={econ}={plain_yuan(fen)}"
        case CashApproved(line=line, amount_fen=fen):
            return f"{line}={plain_yuan(fen)}"
        case PoolApproved(pool=pool, amount_fen=fen):
            return f"{pool}={plain_yuan(fen)}"
        case LineClosed(line=line, choice=choice, amount_fen=fen):
            return f"{line} {choice} {plain_yuan(fen)}"
        case LinePattern():
            return str(value)
        case tuple() | list():
            return "、".join(map(_told, value))
        case _:
            return str(value)
