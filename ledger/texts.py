"""Which characters a text may hold, and how one is shown that holds others.

Everything here is said by code points written out, never by a table of the interpreter: a book must
read the same, and a decision give the same, whichever Python it is that asks (L61).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

Ranges = tuple[tuple[int, int], ...]
"""Code points, each range from its first to its last."""

NEVER: Ranges = (
    (0x0000, 0x001F),  # C0 controls
    (0x007F, 0x009F),  # DEL, C1 controls
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x115F, 0x1160),  # Hangul fillers
    (0x180E, 0x180E),  # Mongolian vowel separator
    (0x200B, 0x200F),  # zero width, direction marks
    (0x2028, 0x202E),  # separators of lines and paragraphs, direction of what follows
    (0x2060, 0x206F),  # word joiner, invisible operators, isolates
    (0x2800, 0x2800),  # Braille pattern blank
    (0x3164, 0x3164),  # Hangul filler
    (0xD800, 0xDFFF),  # surrogates
    (0xFDD0, 0xFDEF),  # no characters, like the last two of every plane
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFA0, 0xFFA0),  # half-width Hangul filler
    *((plane | 0xFFFE, plane | 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
)
"""What no stored text holds: it moves a cursor, turns the order of what is read, adds a line, or
makes two texts of what looks like one. Part of the storage format."""

BESIDE: Ranges = (
    (0x00A0, 0x00A0),  # blanks that are no U+0020 and no U+3000
    (0x00AD, 0x00AD),  # soft hyphen
    (0x061C, 0x061C),  # Arabic letter mark
    (0x1680, 0x1680),
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian variation selectors
    (0x2000, 0x200A),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0xE000, 0xF8FF),  # private use: what one font shows, another does not
    (0xFFF0, 0xFFFB),  # annotations
    (0x1BCA0, 0x1BCA3),  # controls of shorthand and of musical notation
    (0x1D173, 0x1D17A),
    (0xE0000, 0x10FFFF),  # tags, more variation selectors, private use
)
"""What no door lets in besides: it cannot be seen, or not be told from something else."""

BLANKS: Ranges = (
    (0x0009, 0x000D),
    (0x0020, 0x0020),
    (0x0085, 0x0085),
    (0x00A0, 0x00A0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
)
"""What is seen as a gap. Two texts that differ in blanks and in width alone are one to a person."""
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""The full-width forms of U+0021 to U+007E, each with its own."""

_FOLDED = WIDE | dict.fromkeys(code for first, last in BLANKS for code in range(first, last + 1))

_NOWHERE = (*NEVER, *BESIDE)
_SEEN = bytes(range(0x20, 0x7F))
"""What ASCII has beside its controls."""
_IN_JSON = _SEEN.replace(b"\\", b"")
"""What of it begins no escape."""


@cache
def _suspects() -> re.Pattern[str]:
    """Finds every character of both lists, and some that are in neither: one class with one range
    above U+FFFD is searched five times faster than the lists. For what is read by the thousand;
    made when first asked for, since that takes longer than a short command should."""
    ranges = [(first, last) for first, last in (*NEVER, *BESIDE) if last < 0xFFFE]
    ranges += [(ord("\\"), ord("\\")), (0xFFFE, 0x10FFFF)]
    return re.compile(f"[{''.join(f'{chr(a)}-{chr(z)}' for a, z in ranges)}]".replace("\\", r"\\"))


@cache
def _edges(ranges: Ranges) -> list[int]:
    """Where ranges begin and end, by turns."""
    edges: list[int] = []
    for first, last in sorted(ranges):
        if edges and first <= edges[-1]:
            edges[-1] = max(edges[-1], last + 1)
        else:
            edges += [first, last + 1]
    return edges


def _of(ranges: Ranges, characters: Iterable[str]) -> Iterator[str]:
    """Those characters that lie in some ranges."""
    edges = _edges(ranges)
    return (each for each in characters if bisect_right(edges, ord(each)) % 2)


def unfit(text: str) -> str | None:
    """The first character that no door lets in; None if the text may come in."""
    if (text.isascii() and text.isprintable()) or _suspects().search(text) is None:
        return None
    return next(_of(_NOWHERE, text), None)


def check_stored(stored: bytes, *, line_feeds: int = 0) -> None:
    """Proves that the JSON of an entry holds no text with a character that is never stored, but so
    many line feeds as its long text may have. Raises `ValueError`.

    Canonical bytes escape a quote, a backslash and C0 controls and nothing else, so that an escape
    of any other kind is one of these or no canonical form. Every entry that is read comes through
    here: most are done with one search in what they have beside ASCII.
    """
    beside = stored.translate(None, _IN_JSON).decode()
    if _suspects().search(beside) is None:
        return
    escapes = stored.replace(rb"\\", b"").replace(rb"\"", b"")
    if line_feeds and escapes.count(rb"\n") == line_feeds:
        escapes = escapes.replace(rb"\n", b"")
    if b"\\" in escapes:
        raise ValueError("文字含有控制字符，或不是规范的转义")
    found = next(_of(NEVER, beside), None)
    if found is not None:
        raise ValueError(f"文字含有不可见的字符 U+{ord(found):04X}")


def folded(text: str) -> str:
    """A text however blank and wide it was typed."""
    return text.translate(_FOLDED)


def escaped(text: str) -> str:
    """A text as it goes to a screen, over several lines or one: what no door lets in is written
    out, `\\x1b`, `\\u202e`. Only line feeds stay what they are."""
    return _written(text, _SEEN + b"\n", _for_people)


def one_line(text: str) -> str:
    """A text of somebody else's in the midst of a sentence: it does not begin a new line either."""
    return _written(text, _SEEN, _for_people)


def json_escaped(encoded: str) -> str:
    """JSON that says the same in characters that a terminal takes for nothing else. The C0 controls
    of its texts are escaped already; beyond ASCII it has characters in texts alone, where an escape
    can stand."""
    return _written(encoded, _SEEN + b"\n", _for_json)


def _written(text: str, seen: bytes, written: Callable[[str], str]) -> str:
    """A text with all that no door lets in, but for what is `seen`, in another form."""
    beside = text.encode("utf-8", "surrogatepass").translate(None, seen)
    found = [*_of(_NOWHERE, set(beside.decode("utf-8", "surrogatepass")))]
    return text.translate({ord(each): written(each) for each in found}) if found else text


def _for_people(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _for_json(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


_FORMULAS = frozenset("=+-@\t\r＝＋－＠")


def formulas(cells: Iterable[str]) -> int:
    """How many cells of a row a spreadsheet that opens the CSV file would calculate. A sign alone,
    as `-` for none, is calculated by none."""
    beginning = [cell for cell in cells if cell[:1] in _FORMULAS and len(cell) > 1]
    return len(beginning)


def defused(cell: str) -> str:
    """A cell of words that every spreadsheet shows as words. A `'` before what begins like a
    formula is the one prefix that Excel, LibreOffice and WPS all leave unexecuted and a person can
    read."""
    return f"'{cell}" if formulas((cell,)) else cell


_PERSONAL = (
    r"(?<![0-9A-Za-z_-])(?:"
    r"(?P<identity>[0-9]{6} ?[0-9]{8} ?[0-9]{3}[0-9Xx])"
    r"|(?P<country>\+?86[ -]?)?(?P<mobile>1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4})"
    r")(?![0-9A-Za-z_-]|\.[0-9]|万?元)"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_BORN = (
    "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{4}"
    "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
)
"""A province, a place in it, and a day."""


class _Personal(NamedTuple):
    """Where a number of a person stands, how many of its digits stay at the beginning, and whether
    it is one for certain."""

    start: int
    end: int
    first: int
    certain: bool


def personal_numbers(text: str) -> list[str]:
    """What looks like numbers of persons in a text: those that are masked, and 18 digits with a
    province and a date of birth, where somebody may have mistyped one."""
    return [text[each.start : each.end] for each in _personal(text)]


def masked(text: str) -> str:
    """A text with the numbers of persons made unreadable: `138****5678`. They are 身份证号, 18
    digits with a right check digit, and mobile telephones, 11 digits that begin 13–19; none a part
    of a longer number such as that of a contract. A landline is that of an office."""
    return _hidden(text, (each for each in _personal(text) if each.certain))


def told_masked(number: str) -> str:
    """What looks like a number of a person, as a warning may show it."""
    return _hidden(number, _personal(number))


def _hidden(text: str, found: Iterable[_Personal]) -> str:
    shown = [*text]
    for each in found:
        digits = [at for at in range(each.start, each.end) if text[at] not in _BETWEEN_DIGITS]
        for at in digits[each.first : -_LAST]:
            shown[at] = "*"
    return "".join(shown)


_BETWEEN_DIGITS = "+＋ -—–－\u3000"
_LAST = 4
"""Digits at the end that stay."""


def _personal(text: str) -> Iterator[_Personal]:
    """The numbers of persons. Digits may be full-width."""
    for found in re.finditer(_PERSONAL, text.translate(WIDE)):
        if found["mobile"]:
            yield _Personal(found.start("mobile"), found.end(), 3, certain=True)
            continue
        digits = found["identity"].replace(" ", "")
        certain = _checks(digits)
        if certain or re.match(_BORN, digits):
            yield _Personal(found.start(), found.end(), 6, certain)


def _checks(digits: str) -> bool:
    """Whether the last digit of an 身份证号 is that of the others."""
    checked = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECKS[checked % 11] == digits[-1].upper()
