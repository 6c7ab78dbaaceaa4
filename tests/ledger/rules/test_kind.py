"""What a request gives is what its decision takes: the `TypedDict` beside each decision says
neither more nor less, and neither otherwise."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NotRequired, get_type_hints

import pytest

from ledger.decisions import KINDS
from ledger.decisions.commitment import RESERVE
from ledger.decisions.disbursement import PAY, REFUND, Pay
from ledger.decisions.indicator import RELEASE, release
from ledger.line import BudgetLine
from ledger.requests import Request
from ledger.rules.kind import AnyKind, Kind
from ledger.rules.lines import FoundLines
from ledger.rules.occasion import Occasion, OnLine

ROOT = Path(__file__).parents[3]
OURS = {"open-book": {"rules"}}
"""What the program says and nobody gives."""
TOLD_APART = {("open-book", "previous"), ("reception", "payments"), ("trip", "payments")} | {
    ("open-book", name) for name in ("name", "unit_kind", "edition", "basis")
}
"""What ledger/doors/last_year.py, or of payments the store, puts in the place of what a person
said."""


def taken(kind: AnyKind) -> dict[str, tuple[Any, bool]]:
    """What the decision takes of a request: each name's type, and whether it has no default."""
    hints = get_type_hints(kind.decision)
    found: dict[str, tuple[Any, bool]] = {}
    for name, parameter in inspect.signature(kind.decision).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            of_occasion = get_type_hints(Occasion)
            found |= {n: (of_occasion[n], n in Occasion.__required_keys__) for n in of_occasion}
        else:
            found[name] = (hints[name], parameter.default is inspect.Parameter.empty)
    beside = {"state", "original", *kind.asks, *OURS.get(kind.word, ())}
    return {name: about for name, about in found.items() if name not in beside}


def differences(kind: AnyKind) -> Iterator[str]:
    """Where the request and the decision do not say the same."""
    gives: Any = kind.gives
    given, wanted = get_type_hints(gives), taken(kind)
    yield from (f"{name}: nobody gives it" for name in wanted.keys() - given.keys())
    yield from (f"{name}: no decision takes it" for name in given.keys() - wanted.keys())
    for name in (given.keys() & wanted.keys()) - {"occurred_on"}:
        hint, needed = wanted[name]
        if needed != (name in gives.__required_keys__):
            yield f"{name}: needed or not"
        put = kind.finds is not None and name in FoundLines.__annotations__
        if not put and (kind.word, name) not in TOLD_APART and hint != given[name]:
            yield f"{name}: {given[name]} is no {hint}"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_request_gives_what_its_decision_takes(kind):
    assert list(differences(kind)) == []


class _Less(OnLine):
    contract: NotRequired[str]


class _More(OnLine):
    payee: NotRequired[str]
    purpose: NotRequired[str]
    contract: NotRequired[str]
    pyaee: NotRequired[str]


class _Other(OnLine):
    payee: NotRequired[int]
    purpose: str
    contract: NotRequired[str]


@pytest.mark.parametrize(
    ("gives", "found"),
    [
        (_Less, {"payee: nobody gives it", "purpose: nobody gives it"}),
        (_More, {"pyaee: no decision takes it"}),
        (_Other, {"payee: <class 'int'> is no <class 'str'>", "purpose: needed or not"}),
    ],
)
def test_a_request_that_gives_otherwise_is_found(gives, found):
    """Positive control."""
    assert found == set(differences(RESERVE._replace(gives=gives)))


def test_a_request_says_its_kind_and_what_was_given():
    made = Request.of(REFUND)(amount_fen=100)
    assert made == ("refund", {"amount_fen": 100}, None, None, False)


DOORS = {"ledger/requests.py", "ledger/canonical/asked.py"}
"""Who makes requests of what is not typed by its kind: `Request.of`, and rows by their table."""


def untyped(path: str, source: str) -> list[str]:
    """Requests that are made without the kind that types what is given."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [
        f"{path}:{call.lineno}"
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "Request" and path not in DOORS
    ]


def test_every_request_of_the_program_is_typed():
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for package in ("ledger", "projections", "cli")
        for path in (ROOT / package).rglob("*.py")
    }
    assert sources.keys() >= DOORS
    assert [place for path, source in sources.items() for place in untyped(path, source)] == []


def test_a_request_that_is_not_typed_is_found():
    """Positive control."""
    made = 'a = Request("pay", {"amount": 1})\nb = Request.of(PAY)(amount_fen=1)'
    assert untyped("cli/commands/write/disbursement.py", made) == [
        "cli/commands/write/disbursement.py:1"
    ]


def refused_by_mypy(line: BudgetLine) -> None:
    """Never called. Were one of these lines lawful, its `type: ignore` would be an error."""
    Request.of(REFUND)()  # type: ignore[call-arg]
    Request.of(REFUND)(amount_fen=100, payees="甲")  # type: ignore[call-arg]
    Request.of(REFUND)(amount_fen="100")  # type: ignore[arg-type]
    Request.of(RELEASE)(lines=line, amount_fen=1)  # type: ignore[call-arg]
    Request.of(PAY)(line=line, econ=30201, amount_fen=1, payee="甲")  # type: ignore[arg-type]
    said: Pay = {"line": line, "econ": "30201", "amount_fen": 1}  # type: ignore[typeddict-item]
    Request.of(RELEASE)(**said)  # type: ignore[misc]
    Kind("release", release, OnLine, finds=PAY.finds)  # type: ignore[arg-type]
