"""不相容岗位: whether two names are one person's (L10, L62).

An actor is a stated name, so a second person is one whose name another person would not take for
the first's. What is compared is folded by code points written out here: an audit gives the same
with every Python. What needs Unicode's own tables is asked once, at the door (doors/persons.py).
"""

from ledger.texts import BESIDE, BLANKS, NEVER, WIDE, Ranges

_PUNCTUATION: Ranges = (
    (0x0021, 0x002F),
    (0x003A, 0x0040),
    (0x005B, 0x0060),
    (0x007B, 0x007E),
    (0x00A1, 0x00A9),
    (0x00AB, 0x00B1),
    (0x00B4, 0x00B4),
    (0x00B6, 0x00B8),
    (0x00BB, 0x00BB),
    (0x00BF, 0x00BF),
    (0x00D7, 0x00D7),
    (0x00F7, 0x00F7),
    (0x02B9, 0x02DF),  # letters that are marks: primes, quotes, accents by themselves
    (0x2010, 0x2027),
    (0x2030, 0x205E),
    (0x3001, 0x3003),
    (0x3008, 0x3020),
    (0x3030, 0x3030),
    (0x303D, 0x303D),
    (0x30A0, 0x30A0),
    (0x30FB, 0x30FB),
    (0xFE10, 0xFE19),
    (0xFE30, 0xFE6B),
    (0xFF5F, 0xFF65),
    (0xFFE0, 0xFFEE),
)
_LEFT_OUT = (*BLANKS, *_PUNCTUATION, *NEVER, *BESIDE)
_CAPITALS = range(ord("A"), ord("Z") + 1)
_TO_SMALL = ord("a") - ord("A")


def folded(name: str) -> str:
    """What of a name tells its person from another: letters and digits, full width as ASCII, ASCII
    in small letters."""
    kept = []
    for character in name:
        code = WIDE.get(ord(character), ord(character))
        if code in _CAPITALS:
            code += _TO_SMALL
        if not any(first <= code <= last for first, last in _LEFT_OUT):
            kept.append(chr(code))
    return "".join(kept)


def same(maker: str, checker: str) -> bool:
    """Whether two actors are one person, as far as their names can say."""
    return folded(maker) == folded(checker)
