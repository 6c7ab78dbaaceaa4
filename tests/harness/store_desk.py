"""A log file and someone who records in it, for the tests of the store."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.book import BookId
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.fold import read_state
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.scenario import DAY, DEFAULTS

BOOK = BookId.parse("jianghan/2020")
OTHER_BOOK = BookId.parse("jianghan/2021")
NEIGHBOUR = BookId.parse("hanyang/2020")
NOON = datetime(2020, 6, 30, 12, tzinfo=UTC)


class StoreDesk:
    """A log file, a clock that stands still until it is set, and someone who records."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = NOON

    def ask(self, kind, *, book=BOOK, key=None, ref=None, dry_run=False, **said):
        """One request, as one command: opened, recorded, closed."""
        given = {**DEFAULTS.get(kind, {}), "occurred_on": DAY, **said}
        request = Request(kind, given, ref, key)
        with Books(SqlitePlace(self.path, lambda: self.now)) as books:
            return books.transact(book, request, actor="出纳", dry_run=dry_run)

    def refused(self, refusal: Refusal, *args, **kwargs) -> Refused:
        with pytest.raises(Refused) as refused:
            self.ask(*args, **kwargs)
        assert refusal == refused.value.refusal
        return refused.value

    def opened(self) -> "StoreDesk":
        self.ask("open-book")
        self.ask("project", code="P02")
        return self

    def stored(self, book=BOOK) -> list[bytes]:
        with SqlitePlace(self.path).reading() as there:
            return [row.stored for row in there.rows(str(book))]

    def state(self, book=BOOK):
        with SqlitePlace(self.path).reading() as there:
            return read_state(there, str(book))

    def fingerprint(self) -> dict[str, str]:
        """Every file that lies there, by its bytes."""
        return {
            path.name: sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.path.parent.iterdir())
        }
