"""Pages that are dear to make, as they were made at a head: an answer depends on the entries alone,
so at the same heads it is the same.
"""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from ledger.proofs.head import Head
from ledger.store.log import NoLog, Place
from projections.audit.file import notes_path

_MOST = 64
_LARGEST = 1 << 20


class Moment(NamedTuple):
    """What pages are made from: the heads of all books, and when an audit noted something last."""

    heads: tuple[tuple[str, Head | None], ...]
    noted: int


def moment_of(place: Place) -> Moment | None:
    """The moment of a file; None where there is no log. Raises `Corrupt`."""
    try:
        with place.reading() as log, log.one_moment():
            heads = tuple((book, log.head(book)) for book in log.books())
    except NoLog:
        return None
    notes = notes_path(place)
    return Moment(heads, notes.stat().st_mtime_ns if notes.is_file() else 0)


class PagesKept:
    """The last pages, by their address and moment."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, Moment], bytes] = OrderedDict()
        self._one_at_a_time = Lock()

    def get(self, address: str, moment: Moment) -> bytes | None:
        """A page as it was made at a moment."""
        with self._one_at_a_time:
            page = self._pages.get((address, moment))
            if page is not None:
                self._pages.move_to_end((address, moment))
            return page

    def put(self, address: str, moment: Moment, page: bytes) -> None:
        """Keeps a page; the one that was asked for longest ago goes."""
        if len(page) > _LARGEST:
            return
        with self._one_at_a_time:
            self._pages[address, moment] = page
            while len(self._pages) > _MOST:
                self._pages.popitem(last=False)
