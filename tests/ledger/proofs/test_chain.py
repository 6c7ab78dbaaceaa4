"""The hash chain and the seal that is written down from it."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.errors import Malformed
from ledger.proofs.chain import link
from ledger.proofs.head import EMPTY, GENESIS, Head
from ledger.proofs.seal import Seal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TYPED = ALPHABET + "ILOU*~$=- abcxyz"
HEADS = st.builds(Head, st.integers(0, 10**6), st.binary(min_size=32, max_size=32))


def parsed(text):
    try:
        return Seal.parse(text)
    except Malformed:
        return None


def test_link_is_the_documented_formula():
    """SHA-256 of the previous hash, then `book ␟ number ␟ tag ␟`, then the stored bytes: a second
    implementation of design §3, and one value known by heart."""
    previous = bytes(range(32))
    by_hand = hashlib.sha256(
        previous + "江汉/2020".encode() + b"\x1f17\x1fpay\x1f" + b'{"a":1}'
    ).digest()
    assert by_hand == link(previous, "江汉/2020", 17, "pay", b'{"a":1}')
    assert bytes(32) == GENESIS
    assert (
        link(GENESIS, "U/2020", 1, "open-book", b"{}").hex()
        == "f55cb455397fb34ac029cb509e627d8325a9e234990cafb45951a419e5e3970b"
    )


@given(
    st.lists(st.binary(max_size=20), min_size=2, max_size=6, unique=True),
    st.data(),
)
def test_any_change_of_any_entry_changes_the_last_hash(stored, data):
    """Editing, swapping, dropping or repeating an entry is seen at the end of the chain."""

    def last(entries):
        head = GENESIS
        for number, each in enumerate(entries, 1):
            head = link(head, "U/2020", number, "pay", each)
        return head

    at = data.draw(st.integers(0, len(stored) - 2))
    swapped = [*stored]
    swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    others = [
        swapped,
        stored[:at] + stored[at + 1 :],
        [*stored[: at + 1], *stored[at:]],
        [*stored[:at], stored[at] + b"x", *stored[at + 1 :]],
    ]
    assert last(stored) not in [last(other) for other in others]


@pytest.mark.parametrize(
    ("book", "number", "tag"), [("U/2021", 1, "pay"), ("U/2020", 2, "pay"), ("U/2020", 1, "cut")]
)
def test_book_number_and_tag_are_part_of_the_hash(book, number, tag):
    """The same bytes elsewhere in the file, or under another kind, have another hash."""
    assert link(GENESIS, "U/2020", 1, "pay", b"{}") != link(GENESIS, book, number, tag, b"{}")


def test_the_seal_of_a_known_head():
    """100 bits in Crockford's digits, and the check symbol: value mod 37 by hand."""
    head = Head(133, bytes.fromhex("00443214c74254b635cf84653" + "0" * 39))
    digits = "0123456789ABCDEFGHJK"
    assert (133, digits) == Seal.of(head)
    value = 133
    for digit in digits:
        value = value * 32 + ALPHABET.index(digit)
    assert f"133-0123-4567-89AB-CDEF-GHJK-{(ALPHABET + '*~$=U')[value % 37]}" == str(Seal.of(head))


@given(HEADS)
@example(EMPTY)
def test_a_seal_reads_back_however_it_is_typed(head):
    """Lower case, spaces, missing hyphens, and the letters O, I and L for 0 and 1 are the same
    seal, the check symbol's included."""
    seal = Seal.of(head)
    text = str(seal)
    entries, _, rest = text.partition("-")
    assert seal == Seal.parse(text)
    assert seal == Seal.parse(f"  {text.lower()} ")
    assert seal == Seal.parse(f"{entries}-{rest.replace('-', '')}")
    assert seal == Seal.parse(f"{entries}-{rest.replace('-', ' ')}")
    for look_alike in ("O", "o"):
        assert seal == Seal.parse(f"{entries}-{rest.replace('0', look_alike)}")
    for look_alike in ("I", "L", "i", "l"):
        assert seal == Seal.parse(f"{entries}-{rest.replace('1', look_alike)}")


def typos(text):
    """Every text with one character replaced, or with two neighbours swapped."""
    for at, right in enumerate(text):
        for wrong in TYPED:
            if wrong != right and (at or wrong != " "):  # a blank before it all is a digit lost
                yield text[:at] + wrong + text[at + 1 :]
        if at and text[at - 1] != right:
            yield text[: at - 1] + right + text[at - 1] + text[at + 1 :]


@settings(max_examples=20)
@given(HEADS)
@example(EMPTY)
@example(Head(133, b"\x11" * 32))
@example(Head(1000, b"\xff" * 32))
@example(Head(111, bytes(32)))
def test_no_wrong_character_and_no_swap_makes_another_valid_seal(head):
    """Not "most": none. 32 and 10 have no common factor with 37, so every wrong digit, and every
    swap of unequal neighbours, changes the check symbol. What is still read is the same seal: a
    lost hyphen, a letter for a look-alike digit."""
    seal = Seal.of(head)
    assert {parsed(typo) for typo in typos(str(seal))} <= {seal, None}


def test_a_digit_too_many_or_too_few():
    """In the hash the length gives it away. In the count of entries only the check symbol does:
    fewer than one in 37 such errors read as another valid seal, but some do."""
    prefix = "0123456789ABCDEFGHJK"
    tried = passed = 0
    for entries in range(10, 600):
        text = str(Seal(entries, prefix))
        count = text.index("-")
        for at, digit in enumerate(text):
            for typo in (text[:at] + text[at + 1 :], text[:at] + digit + text[at:]):
                read = parsed(typo)
                if at < count:
                    tried += 1
                    passed += read is not None
                else:
                    assert read in (None, Seal(entries, prefix))
    assert 0 < passed / tried < 1 / 37


def test_two_typing_errors_may_pass_one_time_in_37():
    """What the check symbol does not promise: of all pairs of wrong digits about 1 in 37 is
    another valid seal. The 100 bits behind it are then simply not the book's."""
    text = str(Seal.of(Head(133, bytes(range(32)))))
    places = [at for at in range(4, len(text) - 2) if text[at] != "-"]
    tried = passed = 0
    for first, second in pairwise(places):
        for a in ALPHABET:
            for b in ALPHABET:
                if a != text[first] and b != text[second]:
                    typed = [*text]
                    typed[first], typed[second] = a, b
                    tried += 1
                    passed += parsed("".join(typed)) is not None
    assert 1 / 40 < passed / tried < 1 / 34


@pytest.mark.parametrize(
    "text",
    [
        "",
        "133",
        "133-",
        "-0123-4567-89AB-CDEF-GHJK-0",
        "1e3-0123-4567-89AB-CDEF-GHJK-0",
        "１３３-0123-4567-89AB-CDEF-GHJK-0",
        "²-0123-4567-89AB-CDEF-GHJK-0",
        "133-0123-4567-89AB-CDEF-GHJK",
        "133-0123-4567-89AB-CDEF-GHJU-0",
        "9" * 400 + "-0123-4567-89AB-CDEF-GHJK-0",
        "133-" + "0" * 10_000,
    ],
)
def test_what_is_no_seal_is_refused_in_words(text):
    with pytest.raises(Malformed) as refused:
        Seal.parse(text)
    assert refused.value.field == "seal"
    assert "封签" in str(refused.value)
