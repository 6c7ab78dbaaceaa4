"""What the product says of the facts of the report, against the model."""

from collections.abc import Callable
from typing import Any

from ledger.events.particulars import AnyParticular
from ledger.state import BookState
from projections.questions.particulars import contracts, facts, last_said, said, tied_below
from projections.views.reading import Reading
from scripts.proofs.simulate.words import BOOK, Plain, agree, request_of
from tests.harness.plain import plain as as_plain
from tests.model import facts as model
from tests.model.rules import Book

_KINDS: dict[str, type[AnyParticular]] = {
    kind.__struct_config__.tag: kind for kind in AnyParticular.__args__
}


def same_contracts(book: Book, state: BookState) -> None:
    """The contracts of the state, and what was said of payments."""
    expected = {
        each["no"]: (each["entry"], each["amount_fen"], each["held_fen"], each["paid_fen"])
        for each in model.contracts(book)
    }
    found = {
        no: (each.entry, each.amount_fen, each.held_fen, each.paid_fen)
        for no, each in state.contracts.items()
    }
    agree(expected, found, "contracts")
    for no, each in state.contracts.items():
        assert each.held_fen >= 0 <= each.paid_fen, (no, each)
    agree(model.tied(book), state.tied, "tied")


def asked(opened: Reading, cut: Plain, book: Book) -> list[object]:
    """Which facts stand and what they say; the last of each place; every contract."""
    answers: list[object] = []
    for word, kind in _KINDS.items():
        expected = {e["number"]: _says(e) for e in model.standing(book, word, **cut)}
        found = {each.entry: _words(each.event) for each in said(opened, kind)}
        assert [*expected] == [*found], (cut, word)
        agree(expected, found, (cut, word))
        answers.append(found)
        if word in model.PLACE:
            place_of, counts = _place_of(word), last_said(opened, kind)
            last = {place: e["number"] for place, e in model.last(book, word, **cut).items()}
            assert len(last) == len(counts), (cut, word)
            agree(last, {place_of(each.event): each.entry for each in counts}, (cut, word))
    found_contracts = [
        {name: row[name] for name in (*_OF_CONTRACT,)} for row in as_plain(contracts(opened))
    ]
    expected_contracts = model.contracts(book, **cut)
    assert expected_contracts == found_contracts, (cut, expected_contracts, found_contracts)
    found_below = {
        (each.entry, econ): (each.tied_fen, each.stands_fen)
        for each in tied_below(opened)
        for kind, econ in model.TRAVEL.items()
        if kind in {book.entries[number - 1]["kind"] for number in each.facts}
    }
    agree(model.below(book, **cut), found_below, cut)
    told = as_plain(facts(opened, ()))["particulars"]
    everything = [e["number"] for word in _KINDS for e in model.standing(book, word, **cut)]
    assert everything == [row["entry"] for row in told], cut
    assert {str(BOOK)} >= {row["book"] for row in told}
    return [*answers, found_contracts]


_OF_CONTRACT = ("entry", "no", "amount_fen", "paid_fen", "held_fen", "left_fen", "overdue")


def _says(entry: dict[str, Any]) -> dict[str, Any]:
    """What a fact must say, by the words in which it was asked for."""
    given = dict(request_of({**entry["request"], "key": None}).given)
    if "payments" in given:
        given["payments"] = tuple(entry["tied"])
    return given


def _words(event: AnyParticular) -> dict[str, Any]:
    words = {name: getattr(event, name) for name in event.__struct_fields__}
    if "payments" in words:
        words["payments"] = tuple((tied.entry, tied.fen) for tied in words["payments"])
    return words


def _place_of(word: str) -> Callable[[AnyParticular], tuple[object, ...]]:
    names = model.PLACE[word]
    return lambda event: tuple(getattr(event, name) for name in names)


CONTRACT: Plain = {
    "kind": "contract",
    "procurement_type": "goods",
    "supplier": "供货商",
    "size": "small",
    "reserved": "none",
    "signed": None,
    "due": None,
}
"""Any contract, but for its number and amount."""
