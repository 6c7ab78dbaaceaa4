"""Two units as a department (`--units`), at the end of a random year: in a copy of the file the
other one tells what it has, and receives what this one paid it."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Protocol

from ledger.book import BookId
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.sqlite.place import SqlitePlace
from ledger.store.writing import Recorded
from projections.views.source import department
from scripts.proofs.simulate.published import same_figures
from scripts.proofs.simulate.words import BOOK, FUNCS, OTHER, YEAR, Plain
from tests.model.department import Department, Paid
from tests.model.figures import FISCAL, meaning
from tests.model.rules import Book

_LAST_DAY = date(YEAR, 12, 31)
_ACTOR = "对方"
_IN_ONE: Plain = {"department": False}
_ROW: Plain = {"project": "P1", "no": "201", "department": False}
_TOLD: tuple[Plain, ...] = (
    {"kind": "headcount", "item": "admin", "count": 5},
    {"kind": "asset", "item": "vehicles.special", "count": 2, "fen": 0},
    {"kind": "asset", "item": "equipment", "count": 1, "fen": 0},
    {"kind": "asset", "item": "vehicles-kept", "count": 3, "fen": 0},
    {"kind": "prior", "cell": "N.s1.total", "fen": 7_000, "count": None},
    {"kind": "prior", "cell": "N.s13a.projects", "fen": None, "count": 1},
    {"kind": "reception", "fen": 300, "payments": (), "batches": 1, "persons": 4, "companions": 1,
     "guests": "domestic", "guest": "", "purpose": "", "category": "招商"},
    {"kind": "trip", "fen": 500, "payments": (), "groups": 1, "persons": 2, "destination": "",
     "purpose": ""},
    {"kind": "contract", "no": "HT-9", "procurement_type": "goods", "fen": 9_000, "size": "small",
     "supplier": "供货商", "reserved": "sme", "signed": None, "due": None},
    {"kind": "target", **_ROW, "level1": "产出指标", "level2": "", "level3": "指标",
     "weight": 1_000, "value": "≥10件", "direction": None, "code": "", "constraint": False,
     "deduct": 0},
    {"kind": "result", **_ROW, "actual": "9件", "grade": None, "percent": None, "deviation": ""},
    {"kind": "score-override", **_ROW, "score": 850, "reason": "复核"},
    {"kind": "goal", "project": "P1", "expected": "完成任务", "actual": "", **_IN_ONE},
)  # fmt: skip
"""What the other unit may tell: of forms rows that only it has."""

_INTO = f"nonfiscal:{FUNCS[0]}:basic:-:-:{YEAR}"
_FROM = f"nonfiscal:{FUNCS[0]}:basic:-:30299:{YEAR}"
_PAYS: tuple[Plain, ...] = (
    {"kind": "income", "line": _INTO, "source": "other", "fen": 7_777},
    {"kind": "supplement", "line": _FROM, "fen": 7_777, "pending": False},
    {"kind": "pay", "line": _FROM, "econ": "30299", "fen": 7_777, "payee": "对方单位",
     "counterpart": OTHER.unit, "contract": "", "procurement_type": None},
)  # fmt: skip
"""What the other unit is paid in any case, unless the month is locked."""


class Asks(Protocol):
    """Who asks the product and the model."""

    chance: Random
    now: Any
    forms: str

    def answer(
        self, plain: Plain, book: Book, ask: Callable[[Request], Recorded], actor: str
    ) -> Recorded | None:
        """What both say of one request."""


def same_together(asks: Asks, path: Path, model: Book) -> None:
    """Every figure of the two books as one is what the model says; both stay as they were."""
    copied = path.with_name("together.db")
    shutil.copy(path, copied)
    place = SqlitePlace(copied, lambda: asks.now)
    book = model.copy()
    assert book.beside is not None
    other = book.beside
    with Books(place) as books:

        def told(of: BookId, plain: Plain) -> Recorded | None:
            said = {"date": _LAST_DAY, "doc": "文", "key": None, **plain}
            ask = partial(books.transact, of, actor=_ACTOR)
            return asks.answer(said, book if of == BOOK else other, ask, _ACTOR)

        for plain in _PAYS:
            told(BOOK, plain)
        for plain in asks.chance.sample(_TOLD, asks.chance.randint(0, len(_TOLD))):
            told(OTHER, plain)
        eliminated = [each for each in _paid(asks.chance, book) if told(OTHER, _received(each))]
    with department(place, YEAR, units=(BOOK.unit, OTHER.unit)) as opened:
        whole = Department((other, book), eliminated)  # in the order of their codes
        same_figures(opened, {}, whole, asks.forms, explained=True)
    copied.unlink()
    place.views.unlink(missing_ok=True)


def _received(paid: Paid) -> Plain:
    return {"kind": "income", "line": paid.income_line, "source": paid.source, "fen": paid.fen,
            "counterpart": BOOK.unit}  # fmt: skip


def _paid(chance: Random, book: Book) -> list[Paid]:
    """What stands of some payments to the other unit of non-fiscal money, each of an amount that no
    other has: then there is no doubt which income is which payment."""
    stands = []
    for entry in book.entries:
        if meaning(entry) != "pay" or entry["undoes"] or book.undone(entry["number"]):
            continue
        ((line, econ, _),) = book.parts_paid(entry)
        fen = book.left(entry["number"])
        to = entry["request"].get("counterpart")
        if to == OTHER.unit and line.split(":")[0] not in FISCAL and fen:
            stands.append((line, econ, fen))
    many = Counter(fen for *_, fen in stands)
    return [
        Paid(line, econ, _INTO, "other", fen)
        for line, econ, fen in stands
        if many[fen] == 1 and chance.random() < 0.7
    ]
