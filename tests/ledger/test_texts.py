"""Which characters a text may hold: one list, said by code points, and nothing else."""

import json
import re
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import texts
from ledger.errors import Malformed
from ledger.events import Entry, decode, encode
from ledger.parse import text

LISTED = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0x34F,
    *(0x115F, 0x1160, 0x180E),
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    *(0x2800, 0x3164),
    *range(0xFE00, 0xFE10),
    *(0xFEFF, 0xFFA0),
    *range(0xD800, 0xE000),
    *range(0xFDD0, 0xFDF0),
    *(0x10000 * plane + last for plane in range(17) for last in (0xFFFE, 0xFFFF)),
)
"""The list once more, as the storage format has it."""
SAMPLES = Path(__file__).parents[1].joinpath("golden", "events")
PAY = SAMPLES.joinpath("pay.json").read_bytes()
DOOR = st.characters(codec="utf-8")


def at_the_door(character: str) -> bool:
    """Whether a text with this character comes in."""
    try:
        return text(f"某{character}店", field="payee") == f"某{character}店"
    except Malformed:
        return False


def stored(name: str, value: str) -> bytes:
    """The canonical bytes of an entry that says `value` in one place."""
    entry = json.loads(PAY)
    place = entry if name in entry else entry["event"]
    place[name] = value
    raw = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
    return raw.encode("utf-8", "surrogatepass")


def is_read(raw: bytes) -> bool:
    """Whether the decoder takes an entry."""
    try:
        decode(raw)
    except ValueError:
        return False
    return True


def test_the_decoder_refuses_the_list_and_nothing_else():
    """Every code point there is: those in the list one by one, the others by the hundred."""
    assert sorted(LISTED) == [
        c for first, last in sorted(texts.NEVER) for c in range(first, last + 1)
    ]
    others = sorted(set(range(0x110000)) - set(LISTED))
    for start in range(0, len(others), 150):
        block = others[start : start + 150]
        assert is_read(stored("payee", "".join(map(chr, block)))), hex(block[0])
    for code in LISTED:
        assert not is_read(stored("payee", f"某{chr(code)}店")), hex(code)


def test_no_door_lets_in_what_is_never_stored():
    assert not [hex(code) for code in LISTED if at_the_door(chr(code))]


def test_no_door_lets_in_what_cannot_be_seen():
    """Controls, marks of format, private use and odd blanks of this Python's Unicode, but for marks
    that are drawn."""
    drawn = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    drawn |= set(range(0x13430, 0x13440))
    let_in = {
        code
        for code in range(0x110000)
        if category(chr(code)) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs")
        and at_the_door(chr(code))
    }
    assert let_in - drawn == {0x20, 0x3000}


@pytest.mark.parametrize(
    "character", ["\u0378", "\u2fe0", "\U0003fffd", "\u9fff", "\u3000", "é", "𠮷", "😀", "\\", '"']
)
def test_what_a_door_lets_in_does_not_depend_on_what_this_python_knows(character: str):
    """A character that the next Unicode may have is let in now, and read."""
    assert at_the_door(character)
    assert is_read(encode(decode(stored("payee", f"某{character}店"))))


@pytest.mark.parametrize("name", ["actor", "key", "book", "doc", "reason", "payee", "purpose"])
@pytest.mark.parametrize("character", ["\x1b", "\n", "\u202e", "\x9b", "\ufe00", "\U0001fffe"])
def test_no_field_of_an_entry_is_let_out(name: str, character: str):
    assert not is_read(stored(name, f"某{character}店"))


def test_nor_what_is_inside_of_another_event():
    sample = json.loads(
        Path(__file__).parents[1].joinpath("golden/events/reverse.json").read_bytes()
    )
    assert is_read(json.dumps(sample, ensure_ascii=False).encode())
    sample["event"]["reversed"]["payee"] = "某\u200b店"
    assert not is_read(json.dumps(sample, ensure_ascii=False).encode())


@pytest.mark.parametrize("escape", [r"\u202e", r"\u001b", r"\ud800", r"\u4e2d", r"\/", r"\n"])
def test_nor_what_is_written_as_an_escape(escape: str):
    """Whatever it means: no canonical bytes have one. An escaped backslash is a backslash."""
    raw = stored("payee", "某店")
    assert not is_read(raw.replace("某店".encode(), escape.encode()))
    assert is_read(raw.replace("某店".encode(), (r"\\" + escape[1:]).encode()))
    assert is_read(raw.replace("某店".encode(), rb"\\\"\\"))
    assert not is_read(raw.replace("某店".encode(), rb"\\\"\\" + escape.encode()))


@given(st.text(DOOR, min_size=1, max_size=40))
def test_what_comes_in_can_be_stored(typed: str):
    try:
        said = text(typed, field="payee")
    except Malformed:
        return
    entry = decode(stored("payee", said or "x"))
    assert isinstance(entry, Entry)
    assert encode(decode(encode(entry))) == encode(entry)


@given(st.text(max_size=40))
def test_what_is_shown_obeys_nothing_and_says_everything(typed: str):
    """Line feeds stay; what is in the list is written out; everything else is as it was."""
    shown = texts.escaped(typed)
    assert not [c for c in shown if ord(c) in set(LISTED) - {0x0A}]
    assert shown == "".join(
        c if c == "\n" or texts.unfit(c) is None else texts.escaped(c) for c in typed
    )
    assert "\n" not in texts.one_line(typed)
    assert texts.escaped(shown) == shown
    if typed.isascii() and not re.search(r"[\x00-\x1f\x7f]", typed):
        assert typed == shown


@pytest.mark.parametrize(
    ("character", "shown"),
    [("\x1b", r"\x1b"), ("\u202e", r"\u202e"), ("\r", r"\x0d"), ("\U000e0041", r"\U000e0041"),
     ("\udcff", r"\udcff"), ("\x9b", r"\x9b"), ("某", "某"), ("\\", "\\")],
)  # fmt: skip
def test_how_it_is_written_out(character: str, shown: str):
    assert texts.escaped(f"a{character}b") == f"a{shown}b"


@pytest.mark.parametrize("sign", "=+-@＝＋－＠\t\r")
def test_what_begins_like_a_formula_is_shown_as_words(sign: str):
    """A sign alone is no formula, and in the middle it is none either."""
    assert texts.defused(f"{sign}1") == f"'{sign}1"
    assert texts.formulas([f"{sign}1", sign, f"1{sign}", ""]) == 1
    assert texts.defused(sign) == sign
    assert texts.defused(f"1{sign}") == f"1{sign}"
