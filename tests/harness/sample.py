"""A book of every kind of entry, and everything that it answers."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ledger.book import BookId
from ledger.events import CodeName
from ledger.kinds import KIND_NAMES
from ledger.line import FISCAL_FUNDS, BudgetLine, LinePattern
from ledger.proofs.head import EMPTY
from ledger.refusals import Refused
from ledger.requests import Request
from ledger.state import freeze, initial
from ledger.store.books import Books
from ledger.store.sqlite.place import SqlitePlace
from ledger.store.writing import Writing
from projections.audit.book import audit
from projections.questions.ageing import ageing
from projections.questions.approval import pending
from projections.questions.balances import line_balances
from projections.questions.carryover import carryover
from projections.questions.entries import LogEntry, entries, entry
from projections.questions.execution import execution
from projections.questions.progress import progress
from projections.questions.statement import statement
from projections.questions.three_public import three_public
from projections.report.cells import Cells
from projections.views.reading import Cut, reading
from tests.harness.plain import plain

BOOK = BookId("420103", 2020)
OTHER = BookId("420104", 2020)
"""The book at the other end of a transfer, which lies in another file by now."""
ACTOR = "出纳"
_START = datetime(2020, 3, 2, 1, 0, tzinfo=UTC)


class Sample(NamedTuple):
    """A book of every kind of entry, the requests that have keys, and what it answers."""

    path: Path
    keyed: list[Request]
    answers: dict[str, Any]


_MAIN = BudgetLine.parse("general:2080105:project:P01:30299:2020")
_WIDE = BudgetLine.parse("general:2080105:project:P02:-:2020")
_CAR = BudgetLine.parse("general:2080101:basic:-:30231:2020")
_STAFF = BudgetLine.parse("general:2080101:basic:-:301:2020")
_OLD = BudgetLine.parse("general:2080105:project:P01:30299:2019")
_OWN = BudgetLine.parse("nonfiscal:2080105:project:P02:30201:2020")
_FREE = BudgetLine.parse("nonfiscal:2080105:basic:-:-:2020")
_PAID = [(_MAIN, "30299"), (_WIDE, "30201"), (_CAR, "30231"), (_STAFF, "30101")]
_PAID += [(_OLD, "30299"), (_OWN, "30201")]
_P01, _P02 = "P01", "P02"
_YUAN = 100


def make_book(path: Path, *, seed: int = 1, entries: int = 203) -> list[Request]:
    """Records a year of every kind of entry: several lines, keys, refunds, reversals, a snapshot
    with entries after it; the requests that had keys. The same seed makes the same entries."""
    rng = random.Random(seed)
    moment = _START

    def clock() -> datetime:
        nonlocal moment
        moment += timedelta(minutes=rng.randrange(1, 600))
        return moment

    keyed: list[Request] = []
    payments: list[int] = []
    reserves: list[int] = []
    waiting: list[int] = []
    with Books(SqlitePlace(path, clock)) as books:
        for request in _opening():
            books.transact(BOOK, request, actor=ACTOR)
        with books.writing(BOOK, actor=ACTOR) as writing:
            writing.beside = _elsewhere(clock())
            for request in (*_adjustments(), *_facts()):
                writing.record(request)
        for actor, request in _approvals():
            books.transact(BOOK, request, actor=actor)
        for number in range(1, 10 * entries):
            request = _next(rng, number, payments, reserves, waiting)
            try:
                recorded = books.transact(BOOK, request, actor=f"{ACTOR}{number % 3}")
            except Refused:
                continue  # the draw was not lawful; the next one may be
            if request.kind == "pay":
                payments.append(recorded.entries[-1].number)
            if request.kind == "reserve":
                reserves.append(recorded.entries[-1].number)
            waiting = list(recorded.state.open_requests)
            if request.key is not None:
                keyed.append(request)
            if recorded.head.entries >= entries:
                break
    return keyed


def _opening() -> Iterator[Request]:
    facts = {
        "name": "人力资源局",
        "unit_kind": "institution",
        "edition": "2020",
        "basis": "indicator",
    }
    day = date(2020, 1, 2)
    yield Request("open-book", {**facts, "occurred_on": None})
    yield Request("amend-book", {**facts, "name": "江汉区人力资源局", "occurred_on": day})
    for code, name in ((_P01, "劳动保障监察"), (_P02, "就业服务"), (_P01, "劳动保障监察执法")):
        yield Request("project", {"code": code, "name": name, "occurred_on": day})
    listed = {"code_set": "economic", "edition": "2020年", "sha256": "c0" * 32, "occurred_on": day}
    for name in ("其他费用", "其他商品和服务支出"):
        rows = (CodeName("30299", name), CodeName("302", "商品和服务支出"))
        yield Request("codes", {**listed, "rows": rows})
    for line, fen in ((_MAIN, 900_000), (_WIDE, 700_000), (_CAR, 60_000), (_STAFF, 5_000_000)):
        given = {"line": line, "amount_fen": fen * _YUAN, "occurred_on": day, "doc": "批复1号"}
        yield Request("appropriate", given)
    given = {"line": _MAIN, "amount_fen": 500_000 * _YUAN, "occurred_on": day, "doc": "计划1号"}
    yield Request("fund-plan", {**given, "month": 1})
    given = {"amount_fen": 9_000 * _YUAN, "occurred_on": day, "doc": "合同1号"}
    yield Request("reserve", {**given, "line": _MAIN, "payee": "乙方"}, None, "contract-1")
    yield Request("unreserve", {**given, "amount_fen": 1_000 * _YUAN}, "contract-1")
    paid = {"line": LinePattern(), "econ": "30299", "payee": "乙方"}
    yield Request("pay", {**given, **paid, "amount_fen": 2_000 * _YUAN}, "contract-1")
    sums = {"paid_fen": 2_000 * _YUAN, "statement_fen": 1_999 * _YUAN, "differences": 1}
    said = {"statement": "c4" * 32, "reason": "年末在途", "occurred_on": day}
    yield Request("reconcile", {**sums, **said}, None, "statement-1")
    items = [(_MAIN, "30299", 700 * _YUAN), (_WIDE, "30201", 300 * _YUAN)]
    wages = {"items": items, "payee": "职工", "purpose": "工资", "pay_type": "direct"}
    yield Request("voucher", {**wages, "occurred_on": day, "doc": "工资1号"}, None, "wages-1")
    given = {"line": _OLD, "amount_fen": 120_000 * _YUAN, "occurred_on": day, "doc": "结转"}
    yield Request("carry-in", given)
    given = {"line": _OWN, "amount_fen": 80_000 * _YUAN, "occurred_on": day, "pending": True}
    yield Request("appropriate", given)
    given = {"line": _OWN, "amount_fen": 50_000 * _YUAN, "occurred_on": day, "source": "service"}
    yield Request("income", {**given, "counterpart": OTHER.unit}, None, "income-1")
    yield Request("surplus-in", {"pool": "special", "amount_fen": 9 * _YUAN, "occurred_on": day})
    adjusted = {
        "pool": "special",
        "adjustment": "closing-revised",
        "occurred_on": day,
        "doc": "复1",
    }
    yield Request("adjust-surplus", {**adjusted, "amount_fen": 3 * _YUAN})
    yield Request("adjust-surplus", {**adjusted, "amount_fen": 2 * _YUAN, "decrease": True})
    used = {"line": _FREE, "pool": "special", "amount_fen": 7 * _YUAN, "occurred_on": day}
    yield Request("use-surplus", used, None, "surplus-1")
    given = {"line": _FREE, "distribution": "special", "amount_fen": 2 * _YUAN, "doc": "分配1号"}
    yield Request("distribute", {**given, "occurred_on": date(2020, 12, 31)})
    given = {"line": _OWN, "amount_fen": 40_000 * _YUAN, "occurred_on": day}
    yield Request("release", given)
    given = {"line": _OWN, "amount_fen": 5_000 * _YUAN, "occurred_on": day}
    yield Request("withdraw", given)
    given = {"line": _MAIN, "amount_fen": 1 * _YUAN, "occurred_on": day}
    capped = {"item": "vehicle-purchase", "amount_fen": 9_000 * _YUAN, "occurred_on": day}
    yield Request("cap", {**capped, "doc": "限额1号"})
    yield Request("reclassify", {**given, "cause": "done", "doc": "结余1号"})
    yield Request("reuse", {**given, "to_line": _MAIN.at_econ("30201"), "doc": "调剂1号"})


def _facts() -> Iterator[Request]:
    """Facts of the report of every kind, two of some, and what is tied to them."""
    on: dict[str, Any] = {"occurred_on": date(2020, 2, 1)}
    signed = {"procurement_type": "services", "supplier": "乙方", "size": "small", **on}
    yield Request("contract", {**signed, "no": "HT-1", "amount_fen": 900 * _YUAN}, None, "ht-1")
    held = {"line": _MAIN, "amount_fen": 300 * _YUAN, "payee": "乙方", "contract": "HT-1", **on}
    yield Request("reserve", {**held, "doc": "合同2号"}, None, "held-1")
    paid = {
        "line": LinePattern(),
        "econ": "30299",
        "amount_fen": 200 * _YUAN,
        "payee": "乙方",
        **on,
    }
    yield Request("pay", {**paid, "payee": "乙方"}, "held-1")
    dinner = {"line": _MAIN, "econ": "30299", "amount_fen": 70 * _YUAN, "payee": "乙方", **on}
    yield Request("pay", {**dinner, "procurement_type": "goods"})
    yield Request("cap", {"item": "overseas", "amount_fen": 900 * _YUAN, "doc": "限额2号", **on})
    abroad = {"line": _WIDE, "econ": "30212", "amount_fen": 800 * _YUAN, "payee": "旅行社", **on}
    yield Request("pay", abroad, None, "abroad-1")
    went = {"amount_fen": 500 * _YUAN, "groups": 1, "persons": 3, "payments": ("abroad-1",), **on}
    yield Request("trip", went, None, "trip-1")
    came = {"amount_fen": 300 * _YUAN, "batches": 1, "persons": 9, "companions": 2, **on}
    yield Request("reception", came)
    for count in (3, 4):
        yield Request("asset", {"item": "vehicles.other", "count": count, **on})
        yield Request("headcount", {"item": "admin", "count": count, **on})
    yield Request("prior", {"cell": "N.s1.total", "amount_fen": 5 * _YUAN, **on})
    yield Request("reason", {"slot": "s1.change", "text": "增加专项", **on}, None, "why-1")
    yield Request("text", {"slot": "duties", "text": "一、甲。\n\n二、“乙”。", **on})
    yield Request("key-work", {"no": "1", "item": "稳就业", **on})
    yield Request("goal", {"project": _P01, "expected": "办结 555 件", **on})
    form = {"project": _P01, "no": "1", **on}
    yield Request("target", {**form, "level1": "产出", "level3": "办结", "weight_hundredths": 5_00})
    yield Request("result", {**form, "actual": "699件"})
    yield Request("score-override", {**form, "score_hundredths": 4_00, "reason": "评议"})
    yield Request("reverse", {"line": None, **on}, "why-1")


def _elsewhere(now: datetime) -> Writing:
    """The other book, which takes part in the transfer and is not kept in this file."""
    other = Writing(str(OTHER), initial(str(OTHER)), EMPTY, actor=ACTOR, now=now)
    facts = {"name": "就业局", "unit_kind": "admin", "edition": "2020", "basis": "indicator"}
    other.record(Request("open-book", {**facts, "occurred_on": None}))
    given = {"code": _P01, "name": "劳动保障监察", "occurred_on": date(2020, 1, 2)}
    other.record(Request("project", given))
    return other


def _adjustments() -> Iterator[Request]:
    """Of every kind, up and down, within what was carried in."""
    given: dict[str, Any] = {"line": _OLD, "occurred_on": date(2020, 1, 20), "doc": "更正1号"}
    more: dict[str, Any]
    for fen, more in (
        (300 * _YUAN, {"adjustment": "error-correction"}),
        (200 * _YUAN, {"adjustment": "error-correction", "decrease": True}),
        (5_000 * _YUAN, {"adjustment": "prior-year-recovery"}),
        (700 * _YUAN, {"adjustment": "remitted"}),
    ):
        yield Request("adjust-opening", {**given, "amount_fen": fen, **more}, None, f"adj-{fen}")
    for line in (_OLD, _MAIN):
        yield Request("recover", {**given, "line": line, "amount_fen": 900 * _YUAN})
    sent = {"amount_fen": 1_000 * _YUAN, "counterpart": str(OTHER)}
    yield Request("transfer", {**given, **sent}, None, "sent-1")


def _approvals() -> Iterator[tuple[str, Request]]:
    """Two requests that wait for the finance bureau; one is withdrawn, the other approved."""
    given: dict[str, Any] = {"occurred_on": date(2020, 2, 3), "doc": "调剂1号", "reason": "暂缓"}
    for fen in (600 * _YUAN, 800 * _YUAN):
        target = _MAIN.at_econ("30202")
        shares = {"sources": [(_MAIN, fen)], "targets": [(target, fen)], "authority": None}
        yield ACTOR, Request("reallocate", {**given, **shares}, None, f"asked-{fen}")
    yield ACTOR, Request("reject", given, f"asked-{600 * _YUAN}")
    yield (
        f"{ACTOR}长",
        Request("approve", {**given, "authority": "finance"}, f"asked-{800 * _YUAN}"),
    )


def _next(
    rng: random.Random, number: int, payments: list[int], reserves: list[int], waiting: list[int]
) -> Request:
    day = date(2020, min(12, 2 + number // 25), rng.randrange(1, 29))
    line, econ = rng.choice(_PAID)
    fen = rng.randrange(1, 500_000)
    given: dict[str, Any] = {"occurred_on": day, "doc": f"支{number:04d}", "reason": ""}
    key = f"k-{number}" if number % 3 else None
    draw = rng.random()
    if number == 60:
        return Request("lock-month", {**given, "month": 1, "occurred_on": date(2020, 5, 1)})
    if draw < 0.08:
        return Request("supplement", {**given, "line": line, "amount_fen": fen}, None, key)
    if draw < 0.12:
        pending = {"pending": True} if draw < 0.10 else {}
        return Request("supplement", {**given, **pending, "line": line, "amount_fen": fen})
    if draw < 0.17:
        return Request("cut", {**given, "line": line, "amount_fen": fen})
    if draw < 0.22:
        target = _MAIN.at_econ(rng.choice(["30201", "30202", "30211"]))
        shares = {"sources": [(_MAIN, fen)], "targets": [(target, fen)]}
        authority = "finance" if draw < 0.19 else None  # none: it waits
        return Request("reallocate", {**given, **shares, "authority": authority}, None, key)
    if draw < 0.34 and payments:
        ref = f"#{rng.choice(payments)}"
        return Request("refund", {**given, "amount_fen": 1 + fen // 1000, "line": None}, ref, key)
    if draw < 0.42 and payments:
        return Request("reverse", {**given, "line": None}, f"#{rng.randrange(1, number)}", key)
    if draw < 0.47 and payments:
        ref = f"#{rng.choice(payments)}"
        return Request("correct", {**given, "changes": {"payee": "更正后"}}, ref, key)
    if draw < 0.50:
        income = {"line": _OWN, "amount_fen": fen, "source": "other"}
        return Request("income", {**given, **income}, None, key)
    if draw < 0.55 and waiting:
        approval = {**given, "doc": "", "authority": "finance"}
        return Request("approve", approval, f"#{rng.choice(waiting)}", key)
    if draw < 0.57 and waiting:
        return Request("reject", {**given, "reason": "暂缓"}, f"#{rng.choice(waiting)}", key)
    if draw < 0.65:
        return _committed(rng, given, key, reserves)
    paid = {"line": line, "econ": econ, "amount_fen": fen, "payee": f"收款人{number % 7}"}
    return Request("pay", {**given, **paid, "purpose": rng.choice(["", "办公用品"])}, None, key)


def _committed(
    rng: random.Random, given: dict[str, Any], key: str | None, reserves: list[int]
) -> Request:
    """在途 and 用款计划: kept, given back, paid from, planned."""
    line, econ = rng.choice(_PAID)
    fen = rng.randrange(1, 200_000)
    draw = rng.random()
    if draw < 0.3 or not reserves:
        return Request("reserve", {**given, "line": line, "amount_fen": fen}, None, key)
    if draw < 0.4:
        plan = {"line": _MAIN, "amount_fen": fen, "month": given["occurred_on"].month}
        return Request("fund-plan", {**given, **plan}, None, key)
    ref = f"#{rng.choice(reserves)}"
    if draw < 0.55:
        return Request("unreserve", {**given, "amount_fen": 1 + fen // 100}, ref, key)
    paid = {"line": LinePattern(), "econ": econ, "amount_fen": 1 + fen // 10, "payee": "乙方"}
    return Request("pay", {**given, **paid}, ref, key)


def answers(path: Path, keyed: Sequence[Request]) -> dict[str, Any]:
    """What the book says, by every query and to a writer who repeats `keyed`."""
    found: dict[str, Any] = {}
    with reading(SqlitePlace(path), BOOK) as opened:
        found["header"] = plain(opened.header())
        found["balance"] = line_balances(opened)
        found["carryover"] = carryover(opened)
        found["carry-ageing"] = ageing(opened)
        found["execution"] = [execution(opened, "current"), execution(opened, "all")]
        found["progress"] = progress(opened)
        found["three-public"] = three_public(opened, FISCAL_FUNDS)
        found["pending"] = pending(opened)
        found["log"] = list(entries(opened))
        found["statement"] = [
            statement(opened, BudgetLine.parse(line.line)) for line in found["balance"].lines
        ]
        cells = Cells(opened)
        found["tables"] = {name: (cells.fen(name), cells.printed(name)) for name in cells.all}
        found["show"] = [entry(opened, n) for n in range(1, opened.head.entries + 1)]
    for cut in (
        Cut(as_of=date(2020, 6, 15)),
        Cut(known_at=_START + timedelta(days=20)),
        Cut(as_of=date(2020, 9, 3), known_at=_START + timedelta(days=35)),
    ):
        with reading(SqlitePlace(path), BOOK, cut) as opened:
            found[f"cut {cut}"] = [
                plain(opened.header()),
                line_balances(opened),
                carryover(opened),
                progress(opened),
                pending(opened),
            ]
    found["writer"] = _as_a_writer_sees_it(path, keyed, found["log"])
    return found


def _as_a_writer_sees_it(
    path: Path, keyed: Sequence[Request], recorded: list[LogEntry]
) -> dict[str, Any]:
    """The state that decisions are taken on, and what a retry, a refund and a reversal meet."""
    seen: dict[str, Any] = {}
    with Books(SqlitePlace(path, lambda: datetime(2021, 1, 5, tzinfo=UTC))) as books:
        with books.writing(BOOK, actor=ACTOR, dry_run=True) as writing:
            seen["state"], seen["head"] = freeze(writing.state), writing.head
            for request in keyed[:: max(1, len(keyed) // 6)]:
                seen[f"retry {request.key}"] = _tried(writing.record, request)
            for row in recorded:
                ref = f"#{row.entry}"
                if row.key is not None:
                    conflicting = Request("lock-month", {"occurred_on": None}, None, row.key)
                    seen[f"conflict {ref}"] = _tried(writing.record, conflicting)
                about = {"pay": "refund", "reserve": "unreserve"}.get(row.kind)
                if about is not None:
                    day = date(2020, 12, 31)
                    given = {"occurred_on": day, "amount_fen": 10**13, "line": None}
                    seen[f"{about} {ref}"] = _tried(writing.record, Request(about, given, ref))
                if row.kind == "submit":
                    reject = Request("reject", {"occurred_on": date(2020, 12, 31)}, ref)
                    seen[f"reject {ref}"] = _tried(writing.record, reject)
        with books.writing(BOOK, actor=ACTOR, dry_run=True) as writing:
            given = {"line": _STAFF, "econ": "30101", "amount_fen": 1, "payee": "甲"}
            request = Request("pay", {**given, "occurred_on": date(2020, 12, 30)}, None, "new-key")
            made = writing.record(request)
            seen["next"] = (made.entries[-1].number, made.head, freeze(made.state))
    return seen


def _tried(record: Callable[[Request], Any], request: Request) -> Any:
    try:
        return record(request)
    except Refused as refused:
        return refused.code, refused.facts


def sample(folder: Path, *, seed: int = 1) -> Sample:
    """Makes the book and notes what it answers."""
    path = folder / "sample.db"
    keyed = make_book(path, seed=seed)
    found = answers(path, keyed)
    # A closing, and what takes one back, is stored inside its approval; nothing moves after it.
    ends = {"unlock-month", "close-year", "reopen-year", "final-approval", "publish"}
    missing = set(KIND_NAMES) - ends - {row.kind for row in found["log"]}
    assert not missing, f"the sample lacks {missing}"
    outcome = audit(SqlitePlace(path), BOOK)
    assert outcome.ok, outcome.findings
    return Sample(path, keyed, found)
