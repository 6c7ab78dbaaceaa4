"""What codes are called in a book that is being written: by the lists that it has adopted."""

from collections.abc import Callable

from ledger.codes import CodeNames, Lists, packaged_names
from ledger.events import AnyEvent, CodeSetAdopted
from ledger.kinds import CodeSet


class NamesInUse:
    """The names of codes as the book goes on. Its lists are read when they are first asked for, and
    again where another is adopted."""

    def __init__(self, year: int) -> None:
        self._year = year
        self._by: dict[CodeSet, int] = {}
        self._names = packaged_names(year)

    def of(self, adopted: dict[CodeSet, int], event: Callable[[int], AnyEvent]) -> CodeNames:
        """The names by the lists of these entries, whose events `event` fetches."""
        if adopted != self._by:
            own: Lists = {
                each.code_set: {row.code: row.name for row in each.rows}
                for each in map(event, adopted.values())
                if isinstance(each, CodeSetAdopted)
            }
            self._by, self._names = dict(adopted), CodeNames(self._year, own)
        return self._names
