"""事项: facts of the report that move no money: what was received, signed, counted, aimed at and
reached. A closed year takes them: a report is written in spring.

What may be named in a place (a cell, a slot, an item) the edition says, at the door.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NotRequired, Unpack

from ledger.codes import THREE_PUBLIC
from ledger.effects import Decided
from ledger.events import DisbursementRecorded, VoucherPaid
from ledger.events.particulars import (
    AssetCounted,
    ContractSigned,
    GoalSet,
    HeadcountCounted,
    KeyWorkListed,
    PriorStated,
    ReasonGiven,
    ReceptionHeld,
    ResultReported,
    ScoreOverridden,
    TargetSet,
    TextWritten,
    Tied,
    TripMade,
)
from ledger.kinds import (
    Direction,
    Grade,
    Guests,
    ProcurementType,
    Reserved,
    SupplierSize,
)
from ledger.postings import first_of
from ledger.refusals import Instead, Refusal, Refused, Way
from ledger.rules import ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.originals import Original, standing, wrong_kind
from ledger.rules.preconditions import admit
from ledger.state import BookState

(RECEPTION_ECON,), (TRIP_ECON,) = THREE_PUBLIC["reception"], THREE_PUBLIC["overseas"]
"""The 款 of 公务接待费, and of 因公出国（境）费用: what a payment is made for."""


class Reception(Asked):
    """公务接待, fen. `payments` are the entries of the payments that were made for it."""

    amount_fen: int
    batches: int
    persons: int
    companions: NotRequired[int]
    guests: NotRequired[Guests]
    guest: NotRequired[str]
    purpose: NotRequired[str]
    category: NotRequired[str]
    payments: NotRequired[Sequence[str]]


def reception(
    state: BookState,
    *,
    amount_fen: int,
    batches: int,
    persons: int,
    companions: int = 0,
    guests: Guests = "domestic",
    guest: str = "",
    purpose: str = "",
    category: str = "",
    payments: Sequence[Original] = (),
    **occasion: Unpack[Occasion],
) -> tuple[Decided[ReceptionHeld]]:
    """公务接待 of at least one batch; of the persons some may be our own (陪同). Raises
    `Refused`."""
    admitted(state, occasion)
    _some(batches, "batches", "批次")
    _some(persons, "persons", "人次")
    if companions > persons:
        raise Refused(
            Refusal.RECEPTION_COMPANIONS,
            companions=companions,
            persons=persons,
            ways_out=[Instead(persons=persons + companions)],
        )
    event = ReceptionHeld(
        **occasion,
        amount_fen=amount_fen,
        batches=batches,
        persons=persons,
        companions=companions,
        guests=guests,
        guest=guest,
        purpose=purpose,
        category=category,
        payments=_tied(state, payments, RECEPTION_ECON, amount_fen),
    )
    return (Decided(event),)


class Trip(Asked):
    """因公出国（境）, fen. `payments` are the entries of the payments that were made for it."""

    amount_fen: int
    groups: int
    persons: int
    destination: NotRequired[str]
    purpose: NotRequired[str]
    payments: NotRequired[Sequence[str]]


def trip(
    state: BookState,
    *,
    amount_fen: int,
    groups: int,
    persons: int,
    destination: str = "",
    purpose: str = "",
    payments: Sequence[Original] = (),
    **occasion: Unpack[Occasion],
) -> tuple[Decided[TripMade]]:
    """因公出国（境） of at least one group. Raises `Refused`."""
    admitted(state, occasion)
    _some(groups, "groups", "团组")
    _some(persons, "persons", "人次")
    event = TripMade(
        **occasion,
        amount_fen=amount_fen,
        groups=groups,
        persons=persons,
        destination=destination,
        purpose=purpose,
        payments=_tied(state, payments, TRIP_ECON, amount_fen),
    )
    return (Decided(event),)


def admitted(state: BookState, occasion: Occasion) -> None:
    """The book is there, and the date lies in its year, closed or not; once its report is public,
    what changes it has a reason. Raises `Refused`."""
    admit(state, occasion["occurred_on"], money=False, closed=True)
    if state.published and not occasion.get("reason"):
        raise Refused(
            Refusal.PUBLISH_REASON,
            entry=max(state.published.values()),
            ways_out=[Instead(reason=ways.REASON)],
        )


def _some(count: int, about: str, what: str) -> None:
    if count < 1:
        raise Refused(
            Refusal.PARTICULAR_NONE, what=what, count=count, about=about,
            ways_out=[Instead(**{about: 1})],
        )  # fmt: skip


def _tied(
    state: BookState, payments: Sequence[Original], econ: str, amount_fen: int
) -> tuple[Tied, ...]:
    """What of the amount each payment paid, in the order in which they were named: of none more
    than what of that 款 stands and nothing else was said to be paid by. Raises `Refused`."""
    left_fen, tied = amount_fen, list[Tied]()
    stands_fen = said_fen = 0
    for payment in payments:
        number = payment.entry.number
        paid = payment.meant
        if not isinstance(paid, DisbursementRecorded | VoucherPaid):
            raise wrong_kind(payment.entry, "只有支付可以对应", ways.show(number))
        standing(payment)
        own_fen = _of_econ(payment, econ)
        if own_fen is None:
            raise Refused(
                Refusal.TIED_ECON,
                entry=number,
                econ=econ,
                own="、".join(sorted(_econs(paid))),
                ways_out=[Way("log", kind="pay", econ=econ)],
            )
        first = first_of(number, payment.entry.event)
        if first in {each.entry for each in tied}:
            continue
        already_fen = state.tied.get(first, 0)
        stands_fen += own_fen
        said_fen += already_fen
        fen = min(left_fen, max(own_fen - already_fen, 0))
        if fen:
            tied.append(Tied(first, fen))
            left_fen -= fen
    if payments and left_fen:
        raise Refused(
            Refusal.TIED_EXCEEDS,
            entries="、".join(f"第 {each.entry.number} 笔" for each in payments),
            stands_fen=stands_fen,
            said_fen=said_fen,
            amount_fen=amount_fen,
            ways_out=ways.for_tied(payments[0].entry.number, max(amount_fen - left_fen, 0)),
        )
    return tuple(tied)


def _econs(paid: DisbursementRecorded | VoucherPaid) -> set[str]:
    """The 款 of what was paid."""
    if isinstance(paid, DisbursementRecorded):
        return {paid.econ}
    return {item.econ for item in paid.items}


def _of_econ(payment: Original, econ: str) -> int | None:
    """What of a payment's 款 stands, less what came back, fen; None where it has none of it."""
    paid = payment.meant
    if isinstance(paid, DisbursementRecorded):
        return paid.amount_fen - payment.settled_fen if paid.econ == econ else None
    if not isinstance(paid, VoucherPaid) or econ not in _econs(paid):
        return None
    return sum(
        item.amount_fen - payment.refunded.get(position, 0)
        for position, item in enumerate(paid.items, 1)
        if item.econ == econ
    )


class SignContract(Asked):
    """政府采购合同, fen."""

    no: str
    procurement_type: ProcurementType
    amount_fen: int
    supplier: str
    size: SupplierSize
    reserved: NotRequired[Reserved]
    signed: NotRequired[date | None]
    due: NotRequired[date | None]


def contract(
    state: BookState,
    *,
    no: str,
    procurement_type: ProcurementType,
    amount_fen: int,
    supplier: str,
    size: SupplierSize,
    reserved: Reserved = "none",
    signed: date | None = None,
    due: date | None = None,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[ContractSigned]]:
    """政府采购合同, its number once in a book; `signed` is said of one of an earlier year alone.
    Raises `Refused`."""
    admitted(state, occasion)
    known = state.contracts.get(no)
    if known is not None:
        raise Refused(
            Refusal.CONTRACT_TWICE, no=no, entry=known.entry,
            ways_out=[ways.show(known.entry), Way("reverse", known.entry)],
        )  # fmt: skip
    if signed is not None and signed.year >= state.year:
        raise Refused(
            Refusal.CONTRACT_SIGNED, signed=signed.isoformat(), year=state.year,
            ways_out=[Instead(signed="", date=signed.isoformat())]
            if signed.year == state.year
            else [Instead(signed="")],
        )  # fmt: skip
    event = ContractSigned(
        **occasion,
        no=no,
        procurement_type=procurement_type,
        amount_fen=amount_fen,
        supplier=supplier,
        size=size,
        reserved=reserved,
        signed=signed,
        due=due,
    )
    return (Decided(event),)


class CountAsset(Asked):
    """资产年末数 of an item; the amount in fen, 0 where it is not said."""

    item: str
    count: int
    amount_fen: NotRequired[int]


def asset(
    state: BookState, *, item: str, count: int, amount_fen: int = 0, **occasion: Unpack[Occasion]
) -> tuple[Decided[AssetCounted]]:
    """资产年末数. Raises `Refused`."""
    admitted(state, occasion)
    return (Decided(AssetCounted(**occasion, item=item, count=count, amount_fen=amount_fen)),)


class CountHeads(Asked):
    """人员 of an item."""

    item: str
    count: int


def headcount(
    state: BookState, *, item: str, count: int, **occasion: Unpack[Occasion]
) -> tuple[Decided[HeadcountCounted]]:
    """人员. Raises `Refused`."""
    admitted(state, occasion)
    return (Decided(HeadcountCounted(**occasion, item=item, count=count)),)


class Prior(Asked):
    """上年数 of a cell: an amount in fen, or a count."""

    cell: str
    amount_fen: NotRequired[int | None]
    count: NotRequired[int | None]


def prior(
    state: BookState,
    *,
    cell: str,
    amount_fen: int | None = None,
    count: int | None = None,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[PriorStated]]:
    """上年数. Raises `Refused`."""
    admitted(state, occasion)
    event = PriorStated(**occasion, cell=cell, amount_fen=amount_fen, count=count)
    return (Decided(event),)


class AskedOfDepartment(Asked):
    """What may be said of a whole department."""

    department: NotRequired[bool]


class Reason(AskedOfDepartment):
    """原因 for a slot."""

    slot: str
    text: str


def reason(
    state: BookState,
    *,
    slot: str,
    text: str,
    department: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[ReasonGiven]]:
    """原因说明. Raises `Refused`."""
    admitted(state, occasion)
    return (Decided(ReasonGiven(**occasion, slot=slot, text=text, department=department)),)


class WriteText(AskedOfDepartment):
    """概况文字 for a slot; paragraphs are parted by a blank line."""

    slot: str
    text: str


def text(
    state: BookState,
    *,
    slot: str,
    text: str,
    department: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[TextWritten]]:
    """概况文字. Raises `Refused`."""
    admitted(state, occasion)
    return (Decided(TextWritten(**occasion, slot=slot, text=text, department=department)),)


class KeyWork(AskedOfDepartment):
    """重点工作 by its number."""

    no: str
    item: str
    goal: NotRequired[str]
    done: NotRequired[str]


def key_work(
    state: BookState,
    *,
    no: str,
    item: str,
    goal: str = "",
    done: str = "",
    department: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[KeyWorkListed]]:
    """重点工作. Raises `Refused`."""
    admitted(state, occasion)
    event = KeyWorkListed(**occasion, no=no, item=item, goal=goal, done=done, department=department)
    return (Decided(event),)


class OfForm(AskedOfDepartment):
    """What stands in the form of a project, or of the whole unit (empty)."""

    project: str


class Goal(OfForm):
    """绩效总体目标."""

    expected: str
    actual: NotRequired[str]


def goal(
    state: BookState,
    *,
    project: str,
    expected: str,
    actual: str = "",
    department: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[GoalSet]]:
    """绩效总体目标. Raises `Refused`."""
    _of_form(state, project, occasion)
    event = GoalSet(
        **occasion, project=project, expected=expected, actual=actual, department=department
    )
    return (Decided(event),)


class Target(OfForm):
    """绩效指标 of a form; weights in hundredths of a point."""

    no: str
    level1: str
    level2: NotRequired[str]
    level3: str
    value: NotRequired[str]
    weight_hundredths: NotRequired[int]
    direction: NotRequired[Direction | None]
    code: NotRequired[str]
    constraint: NotRequired[bool]
    deduct_hundredths: NotRequired[int]


def target(
    state: BookState,
    *,
    project: str,
    no: str,
    level1: str,
    level2: str = "",
    level3: str,
    value: str = "",
    weight_hundredths: int = 0,
    direction: Direction | None = None,
    code: str = "",
    constraint: bool = False,
    deduct_hundredths: int = 0,
    department: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[TargetSet]]:
    """绩效指标: what has a weight does not deduct, and a constraint has none. Raises `Refused`."""
    _of_form(state, project, occasion)
    if constraint and weight_hundredths:
        raise Refused(Refusal.TARGET_CONSTRAINT, no=no, ways_out=[Instead(weight="0")])
    if deduct_hundredths and not constraint:
        raise Refused(Refusal.TARGET_DEDUCT, no=no, ways_out=[Instead(constraint=True)])
    event = TargetSet(
        **occasion,
        project=project,
        no=no,
        level1=level1,
        level2=level2,
        level3=level3,
        value=value,
        weight_hundredths=weight_hundredths,
        direction=direction,
        code=code,
        constraint=constraint,
        deduct_hundredths=deduct_hundredths,
        department=department,
    )
    return (Decided(event),)


class Result(OfForm):
    """绩效结果 of a row; `percent` of its weight, where a grade is given."""

    no: str
    actual: str
    grade: NotRequired[Grade | None]
    percent: NotRequired[int | None]
    deviation: NotRequired[str]


GRADES: Final[dict[Grade, tuple[int, int]]] = {"met": (80, 100), "partly": (50, 79), "not": (0, 49)}
"""The percents of its weight that what is no number may get, by its grade (domain §5.2)."""


def result(
    state: BookState,
    *,
    project: str,
    no: str,
    actual: str,
    grade: Grade | None = None,
    percent: int | None = None,
    deviation: str = "",
    department: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[ResultReported]]:
    """绩效结果. A grade that is not `met` says how many percent, in its range. Raises `Refused`."""
    _of_form(state, project, occasion)
    _graded(grade, percent)
    event = ResultReported(
        **occasion,
        project=project,
        no=no,
        actual=actual,
        grade=grade,
        percent=percent,
        deviation=deviation,
        department=department,
    )
    return (Decided(event),)


def _graded(grade: Grade | None, percent: int | None) -> None:
    if grade is None:
        if percent is not None:
            said = next(word for word, (low, _) in GRADES.items() if percent >= low)
            raise Refused(
                Refusal.RESULT_GRADE, grade="", percent=percent, ways_out=[Instead(grade=said)]
            )
        return
    low, high = GRADES[grade]
    if (grade != "met" and percent is None) or not (percent is None or low <= percent <= high):
        told = "" if percent is None else percent
        raise Refused(
            Refusal.RESULT_GRADE,
            grade=grade,
            percent=told,
            about="percent",
            ways_out=[Instead(percent=low)],
        )


class OverrideScore(OfForm):
    """得分调整 of a row or of `execution`, in hundredths of a point."""

    no: str
    score_hundredths: int


def score_override(
    state: BookState,
    *,
    project: str,
    no: str,
    score_hundredths: int,
    department: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[ScoreOverridden]]:
    """得分调整, for a reason. Raises `Refused`."""
    _of_form(state, project, occasion)
    if not occasion.get("reason"):
        raise Refused(Refusal.OVERRIDE_REASON, no=no, ways_out=[Instead(reason=ways.REASON)])
    event = ScoreOverridden(
        **occasion,
        project=project,
        no=no,
        score_hundredths=score_hundredths,
        department=department,
    )
    return (Decided(event),)


def _of_form(state: BookState, project: str, occasion: Occasion) -> None:
    """A form is of a project that is registered, or of the whole unit. Raises `Refused`."""
    admitted(state, occasion)
    if project and project not in state.projects:
        raise Refused(Refusal.PROJECT_UNKNOWN, project=project, ways_out=[ways.register(project)])


RECEPTION = Kind("reception", reception, Reception)
TRIP = Kind("trip", trip, Trip)
CONTRACT = Kind("contract", contract, SignContract)
ASSET = Kind("asset", asset, CountAsset)
HEADCOUNT = Kind("headcount", headcount, CountHeads)
PRIOR = Kind("prior", prior, Prior)
REASON = Kind("reason", reason, Reason)
TEXT = Kind("text", text, WriteText)
KEY_WORK = Kind("key-work", key_work, KeyWork)
GOAL = Kind("goal", goal, Goal)
TARGET = Kind("target", target, Target)
RESULT = Kind("result", result, Result)
SCORE_OVERRIDE = Kind("score-override", score_override, OverrideScore)
KINDS = (
    RECEPTION,
    TRIP,
    CONTRACT,
    ASSET,
    HEADCOUNT,
    PRIOR,
    REASON,
    TEXT,
    KEY_WORK,
    GOAL,
    TARGET,
    RESULT,
    SCORE_OVERRIDE,
)
