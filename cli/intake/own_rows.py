"""The rows of one file among themselves: which of them an entry is of, and which ids they have.

An id that a file has twice is a fault of the file, whether the book knows it already or not.
Whoever wrote the file is told of its rows: the entries that they would become have no numbers yet,
and where nothing is recorded they never will.
"""

from array import array
from collections.abc import Callable, Collection
from functools import cached_property

from ledger.errors import Malformed, Unreadable
from ledger.refusals import Advice, Fact, Refusal, Refused
from ledger.requests import Request
from ledger.store.writing import Writing

_TWICE = (
    "编号“{key}”与本文件第 {row} 行编号相同，内容不同（{differs}）；同一编号不能记录两件事",
    "编号“{key}”与本文件第 {row} 行编号相同；同一编号不能记录两件事",
)
_ONE_OF_THEM = Advice("若是同一笔，删去其中一行；若是两笔，各用各的编号")


class OwnRows:
    """The rows of a file that were read so far. `ids` are those of all its rows which are digits,
    asked for where a `ref` of digits may be one of them."""

    def __init__(self, writing: Writing, ids: Callable[[], Collection[str]]) -> None:
        self._writing = writing
        self._began = writing.head.entries
        self._row_of = array("q")  # by entry, as many as the book has: 0 of none
        self._refused: dict[str, int] = {}
        self._ids = ids

    @cached_property
    def _all_ids(self) -> Collection[str]:
        return self._ids()

    def refuse(self, id_: str, row: int) -> None:
        """Notes a row that became no entry."""
        if id_:
            self._refused.setdefault(id_, row)

    def once(self, id_: str | None) -> None:
        """Raises `Refused` where a row of this id was refused before."""
        if id_ in self._refused:
            raise _twice(id_, self._refused[id_], [])

    def answered(self, id_: str | None, entry: int, row: int) -> None:
        """Notes the entry that holds a row. Raises `Refused` where it holds another one."""
        if len(self._row_of) <= entry:
            self._row_of.extend([0] * (entry + 1 - len(self._row_of)))
        before = self._row_of[entry]
        if before and id_ is not None:
            raise _twice(id_, before, [])
        self._row_of[entry] = row

    def told(self, refused: Refused) -> Refused:
        """A refusal of a row, with the rows of this file in the place of entries that are none
        yet."""
        entry = refused.facts.get("entry")
        if refused.refusal is Refusal.KEY_CONFLICT and isinstance(entry, int):
            row = self._of(entry)
            if row is not None:
                return _twice(refused.facts["key"], row, refused.facts["differs"])
        return refused.in_file(lambda entry: self._of(entry) if entry > self._began else None)

    def meant(self, request: Request) -> Request:
        """A `ref` of digits is the id that it is, or the entry of that number where neither a row
        of this file nor an entry has it as its id. Raises `Malformed` where it can be both."""
        ref = request.ref
        if ref is None or not ref.isascii() or not ref.isdigit() or len(ref) > _DIGITS_MAX:
            return request
        if request.key is not None and self._writing.number_of_key(request.key) is not None:
            return request  # answered before anything is looked up
        number = int(ref)
        named = self._writing.number_of_key(ref)
        if named is None and ref not in self._all_ids:
            return request._replace(ref=f"#{number}") if number <= self._began else request
        if named == number or number > self._began:
            return request
        if self._writing.could_be_about(request.kind, number):
            expected = f"#{number}（第 {number} 笔），或不是数字的编号（账中或本文件有编号 {ref}）"
            raise Malformed(Unreadable.REF_AMBIGUOUS, field="ref", value=ref, expected=expected)
        return request

    def _of(self, entry: int) -> int | None:
        return (self._row_of[entry] or None) if entry < len(self._row_of) else None


_DIGITS_MAX = 15


def _twice(id_: Fact, row: int, differs: Fact) -> Refused:
    return Refused(
        Refusal.KEY_CONFLICT,
        _TWICE[not differs],
        key=id_,
        row=row,
        differs=differs,
        ways_out=[_ONE_OF_THEM],
    )
