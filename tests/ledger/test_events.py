"""The storage format: years of books depend on every byte of it.

`tests/golden/events/` holds one sample of every kind of entry that was ever stored, and of every
optional field. A sample is added with a new kind or field; none is ever changed or removed, because
somebody's book holds those bytes. If a test here fails, the program is wrong and not the sample.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given

from ledger.events import (
    TWO_SIGNATURES,
    BookOpened,
    BudgetReallocated,
    DisbursementRecorded,
    EntryReversed,
    decode,
    encode,
    kind_of,
)
from ledger.kinds import KIND_NAMES
from ledger.line import BudgetLine
from ledger.money import AMOUNT_MAX_FEN
from tests.harness.strategies import EVENT_KINDS, entries

SAMPLES = {
    path.stem: path.read_bytes()
    for path in sorted(Path(__file__).parents[1].joinpath("golden", "events").glob("*.json"))
}
PAY = json.loads(SAMPLES["pay"])


def stored(text: object) -> bytes:
    return json.dumps(text, ensure_ascii=False, separators=(",", ":")).encode()


def with_event(sample: str, /, **fields: object) -> bytes:
    """A sample with fields of its event changed; None leaves one out."""
    entry = json.loads(SAMPLES[sample])
    entry["event"] = {k: v for k, v in {**entry["event"], **fields}.items() if v is not None}
    return stored(entry)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_was_ever_stored_still_reads_and_writes_the_same_bytes(name):
    entry = decode(SAMPLES[name])
    assert SAMPLES[name] == encode(entry)
    assert name.split(".")[0] == kind_of(entry.event)


def test_every_kind_has_a_sample_a_name_and_a_class():
    """A kind without a sample may change its bytes unseen."""
    sampled = {name.split(".")[0] for name in SAMPLES}
    assert sampled == {kind.__struct_config__.tag for kind in EVENT_KINDS}
    # The closing of a year, and what takes a closing back, are stored in an approval alone.
    assert sampled | {kind.__struct_config__.tag for kind in TWO_SIGNATURES} == set(KIND_NAMES)


def test_every_optional_field_has_a_sample():
    """What is only written when it is not the default is in some sample, so that it stays so."""
    seen: dict[str, set[str]] = {}

    def note(event: dict[str, Any]) -> None:
        seen.setdefault(event["kind"], set()).update(event)
        for inner in ("reversed", "right", "proposed", "approved", "reopened"):
            if inner in event:
                note(event[inner])

    for sample in SAMPLES.values():
        note(json.loads(sample)["event"])
    common = {"doc", "reason"}  # the same field in every kind
    for kind in (*EVENT_KINDS, *TWO_SIGNATURES):
        assert set(kind.__struct_fields__) - seen[kind.__struct_config__.tag] <= common
    assert common <= set().union(*seen.values())
    assert all(
        any(f'"{name}":'.encode() in s for s in SAMPLES.values()) for name in ("key", "digest")
    )


def test_samples_mean_what_they_say():
    """Spot checks against the text of the samples, so that both sides cannot drift together."""
    pay = decode(SAMPLES["pay"])
    assert isinstance(pay.event, DisbursementRecorded)
    assert (
        pay.book,
        pay.number,
        pay.actor,
        pay.key,
    ) == ("jianghan/2020", 16, "出纳", "JH2020-016")
    assert pay.recorded_at.isoformat() == "2020-12-31T08:15:30.000016+00:00"
    assert (
        pay.event.amount_fen,
        pay.event.econ,
        pay.event.payee,
    ) == (1_200_50, "30217", "武汉某酒店")
    assert isinstance(pay.event.line, BudgetLine)
    assert pay.event.line == "general:2080199:basic:-:-:2020"
    undone = decode(SAMPLES["reverse"]).event
    assert isinstance(undone, EntryReversed)
    assert undone.reversed == pay.event
    moved = decode(SAMPLES["reallocate"]).event
    assert isinstance(moved, BudgetReallocated)
    assert [share.amount_fen for share in moved.sources] == [200_00, 100_00]
    opened = [decode(SAMPLES[name]).event for name in ("open-book", "open-book.rules-2")]
    assert [event.rules for event in opened if isinstance(event, BookOpened)] == [1, 2]


@given(entries)
def test_any_entry_reads_back_as_it_was_written(entry):
    """Decode, encode: the same bytes; the same entry; the instant in UTC or not."""
    once = encode(entry)
    again = decode(once)
    assert entry == again
    assert once == encode(again)
    assert kind_of(entry.event) == json.loads(once)["event"]["kind"]


def test_defaults_are_not_written_so_that_a_new_field_leaves_old_bytes_alone():
    assert b"pending" not in SAMPLES["carry-in"]
    assert b"rules" not in SAMPLES["open-book"]
    explicit = with_event("carry-in", pending=False)
    assert encode(decode(explicit)) == SAMPLES["carry-in"] != explicit


@pytest.mark.parametrize(
    "bytes_",
    [
        SAMPLES["pay"] + b"\n",
        b" " + SAMPLES["pay"],
        SAMPLES["pay"].replace(b":", b": ", 1),
        stored(dict(reversed(PAY.items()))),
        json.dumps(PAY, separators=(",", ":")).encode(),
        SAMPLES["pay"]
        .replace(b"{", b'{"actor":"\xe6\x9f\x90","actor":', 1)
        .replace(b'"actor":"book"', b'"book"', 1),
        SAMPLES["pay"].replace(b"2020-12-31T08:15:30.000016Z", b"2020-12-31T08:15:30.000016+00:00"),
    ],
    ids=["newline", "blank", "blank inside", "order", "escapes", "twice", "zone"],
)
def test_the_same_entry_in_other_bytes_is_not_canonical(bytes_):
    """The audit compares bytes: what only means the same was not written by us."""
    try:
        again = encode(decode(bytes_))
    except ValueError:
        return
    assert again != bytes_


AMOUNTS = {
    "float": 1.0,
    "float with fen": 120050.5,
    "text": "120050",
    "true": True,
    "nothing": [],
    "zero": 0,
    "negative": -1,
    "one too many": AMOUNT_MAX_FEN + 1,
    "2^63": 2**63,
    "2^64": 2**64,
    "2^200": 2**200,
}


@pytest.mark.parametrize("amount", AMOUNTS.values(), ids=AMOUNTS)
@pytest.mark.parametrize("kind", ["pay", "appropriate", "cut", "income", "refund", "release"])
def test_money_is_a_bounded_whole_number_of_fen(kind, amount):
    with pytest.raises(msgspec.ValidationError):
        decode(with_event(kind, amount_fen=amount))


@pytest.mark.parametrize(
    "literal", [b"NaN", b"Infinity", b"-Infinity", b"1e2", b"1E5", b"01", b"null"]
)
def test_money_is_no_other_notation(literal):
    with pytest.raises(msgspec.DecodeError):
        decode(SAMPLES["pay"].replace(b"120050", literal))


def test_the_largest_and_the_smallest_amount_are_money():
    for fen in (1, AMOUNT_MAX_FEN):
        event: Any = decode(with_event("pay", amount_fen=fen)).event
        assert fen == event.amount_fen


REALLOCATED = json.loads(SAMPLES["reallocate"])["event"]
WRONG = {
    "unknown kind": with_event("pay", kind="disburse"),
    "kind of another case": with_event("pay", kind="PAY"),
    "no kind": with_event("pay", kind=None),
    "unknown field of the event": with_event("pay", note="x"),
    "unknown field of the envelope": stored({**PAY, "note": "x"}),
    "field of another kind": with_event("pay", authority="finance"),
    "missing amount": with_event("pay", amount_fen=None),
    "missing book": stored({k: v for k, v in PAY.items() if k != "book"}),
    "no payee": with_event("pay", payee=""),
    "payee too long": with_event("pay", payee="某" * 201),
    "document too long": with_event("pay", doc="某" * 501),
    "malformed line": with_event("pay", line="general:2080105"),
    "line that is a number": with_event("pay", line=5),
    "no date": with_event("pay", occurred_on="2020-02-30"),
    "instant as date": with_event("pay", occurred_on="2020-03-17T00:00:00"),
    "instant without a zone": SAMPLES["pay"].replace(b".000016Z", b".000016"),
    "entry number 0": stored({**PAY, "number": 0}),
    "entry number as text": stored({**PAY, "number": "16"}),
    "entry number too large": stored({**PAY, "number": 2**53}),
    "empty key": stored({**PAY, "key": ""}),
    "empty actor": stored({**PAY, "actor": ""}),
    "month 13": with_event("lock-month", month=13),
    "month 0": with_event("lock-month", month=0),
    "unknown source": with_event("income", source="gift"),
    "unknown authority": with_event("reallocate", authority="mayor"),
    "nobody gives": with_event("reallocate", sources=[]),
    "share with more": with_event("reallocate", sources=[[*REALLOCATED["sources"][0], 1]]),
    "share with less": with_event("reallocate", sources=[REALLOCATED["sources"][0][:1]]),
    "share as float": with_event("reallocate", sources=[[REALLOCATED["sources"][0][0], 5.0]]),
    "pending as number": with_event("carry-in.pending", pending=1),
    "rules 0": with_event("open-book.rules-2", rules=0),
    "unknown basis": with_event("open-book", basis="accrual"),
    "a reversal of a reversal": with_event(
        "reverse", reversed=json.loads(SAMPLES["reverse"])["event"]
    ),
    "a reversal of a name": with_event("reverse", reversed=json.loads(SAMPLES["project"])["event"]),
    "unknown field inside a reversal": with_event(
        "reverse", reversed={**PAY["event"], "note": "x"}
    ),
    "nothing": b"",
    "no object": b"[]",
    "half": SAMPLES["pay"][:-1],
    "two": SAMPLES["pay"] * 2,
    "broken text": SAMPLES["pay"].replace("出纳".encode(), b"\xff\xfe"),
    "half a surrogate": SAMPLES["pay"].replace("出纳".encode(), b"\\ud83d"),
}


@pytest.mark.parametrize("bytes_", WRONG.values(), ids=WRONG)
def test_what_a_newer_or_a_foreign_program_wrote_is_refused_and_never_misread(bytes_):
    """An unknown kind, field or value fails the decoding; nothing is ignored or guessed."""
    with pytest.raises(ValueError):
        decode(bytes_)
