"""不相容岗位 at the door: names that only look different are one person's.

The decision compares names by a fold of its own (rules/persons.py), so that an audit depends on no
table. Here Unicode's tables are asked as well, once, when an approval is recorded: composed and
decomposed letters, compatibility forms, the case of every alphabet, every mark and sign.
"""

from unicodedata import category, digit, normalize

from ledger.decisions.approval import same_actor
from ledger.rules.originals import Original
from ledger.rules.persons import folded

_NO_LETTERS = ("C", "Lm", "M", "P", "S", "Z")
"""Categories of what tells no person from another: controls, marks on letters and by themselves,
punctuation, signs, blanks."""


def by_another(original: Original, actor: str) -> None:
    """The checker does not bear a name that looks like the maker's. Raises `Refused`."""
    if _looks(original.entry.actor) == _looks(actor):
        raise same_actor(original)


def _looks(name: str) -> str:
    """What is seen of a name, whichever characters make it."""
    apart = normalize("NFKD", normalize("NFKC", name).casefold())
    kept = (c for c in apart if not category(c).startswith(_NO_LETTERS))
    return folded("".join(str(digit(c, c)) for c in kept))
