"""The one encoder: answers are structs, their JSON is what `json.dumps` would print of them."""

import json
import re
from datetime import date
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec import UNSET, UnsetType

from cli.exits import Failed
from cli.text import ways
from ledger.line import BudgetLine
from ledger.refusals import Instead, Way, WayOut
from ledger.texts import escaped
from projections.encoder import encoded


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """Fields of every sort that answers have."""

    name: str
    code: str | UnsetType = UNSET
    fen: int
    rate: str | None = None
    lines: list[str] = []
    books: dict[str, int] = {}
    try_: list[WayOut] = msgspec.field(name="try", default_factory=list)


class Right(msgspec.Struct, frozen=True):
    """The rest of an answer."""

    day: date
    agreed: bool


TEXTS = [
    "",
    "某局",
    "a/b",
    '"\\',
    "\x00\x1f\x7f",
    "\u2028\u2029",
    "\b\t\n",
    "😀",
    "\udc80",
    "z\ud800",
]
"""Texts that JSON writes in a way of its own; the last are no Unicode, as a file's name may be."""


def printed_by_python(value: dict[str, Any]) -> str:
    """JSON by Python's own encoder, what a terminal would obey escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


@pytest.mark.parametrize("text", TEXTS)
def test_json_is_what_python_prints(text: str):
    """Every part's fields, in their order, on one line; what is unset is not there. What a terminal
    would obey is escaped as `json.dumps` may have it."""
    left = Left(name=text, fen=-1, lines=[text, text], books={text: 2**62})
    expected = {
        "name": text,
        "fen": -1,
        "rate": None,
        "lines": [text, text],
        "books": {text: 2**62},
        "try": [],
        "day": "0001-01-01",
        "agreed": True,
    }
    printed = encoded(left, Right(date.min, True))
    assert printed == printed_by_python(expected)
    assert json.loads(printed) == expected
    assert escaped(printed) == printed
    printed = encoded(Left(name="x", code=text, fen=0))
    assert list(json.loads(printed))[:3] == ["name", "code", "fen"]


class Stands(NamedTuple):
    """How far something goes, as a part that needs no msgspec."""

    entries: int
    try_: list[WayOut]


class Said(NamedTuple):
    """The same inside of another."""

    name: str
    head: Stands
    days: tuple[int, ...]


@pytest.mark.parametrize("text", TEXTS)
def test_named_tuples_are_written_as_structs_are(text: str):
    """A plain tuple stays a list; `try_` is called as it should be."""
    said = Said(text, Stands(3, [Way("log")]), (1, 2))
    assert encoded(said, Stands(4, []), hook=ways.encoded) == printed_by_python(
        {
            "name": text,
            "head": {"entries": 3, "try": ["yusuan log"]},
            "days": [1, 2],
            "entries": 4,
            "try": [],
        }
    )


def test_parts_without_fields_leave_no_trace():
    class Nothing(msgspec.Struct, frozen=True):
        pass

    assert encoded() == encoded(Nothing()) == "{}"
    assert encoded(Nothing(), Right(date(2020, 3, 1), False), Nothing()) == (
        '{"day": "2020-03-01", "agreed": false}'
    )


def test_a_way_out_is_what_can_be_typed():
    answer = Left(name="", fen=0, try_=[Way("log", kind="pay"), Instead(doc="a b")])
    printed = json.loads(encoded(answer, hook=ways.encoded))
    assert printed["try"] == ["yusuan log --kind pay", "--doc 'a b'"]
    with pytest.raises(TypeError):
        encoded(Left(name="", fen=0, lines=[object()]), hook=ways.encoded)  # type: ignore[list-item]


def test_a_failure_is_told_whatever_its_figures_are():
    line = BudgetLine.parse("general:2080105:project:P02:-:2020")
    facts: dict[str, Any] = {"rule": "R1", "line": line, "fen": 3, "day": date(2020, 1, 2)}
    failed = Failed(False, "R1.CASH", "不足", {**facts, "left": slice(4)}, [Way("doctor")])
    printed = json.loads(encoded(failed, hook=ways.said))
    assert list(printed) == ["ok", "code", "message", "facts", "try"]
    assert list(printed["facts"]) == ["rule", "line", "fen", "day", "left"]
    expected = [str(line), "2020-01-02", "slice(None, 4, None)"]
    assert [printed["facts"][name] for name in ("line", "day", "left")] == expected
    assert printed["try"] == ["yusuan doctor"]
