"""The inside of the transaction that puts exported books back (jsonl.py): what recording writes for
an entry is written again, and nothing is decided (L47).

Nothing here begins or commits; books.py does.
"""

from collections.abc import Iterable
from itertools import groupby

from ledger.proofs.head import Head
from ledger.refusals import Instead, Refusal, Refused, Way, Word
from ledger.store import fold
from ledger.store.fold import freeze_snapshot
from ledger.store.jsonl import Verified
from ledger.store.log import Log, Transaction
from ledger.store.past import Past


def absent(log: Log, books: Iterable[str]) -> None:
    """None of these books is in the log: what is restored is never added to one. Raises
    `Refused`."""
    for book in books:
        if log.head(book) is not None:
            raise Refused(
                Refusal.BOOK_ALREADY_OPENED,
                book=book,
                ways_out=[Instead(db=Word("另一个文件")), Way("audit")],
            )


def restore(transaction: Transaction, entries: Iterable[Verified]) -> None:
    """Writes the entries of one book after another, their settlements, heads and snapshots."""
    for book, of_book in groupby(entries, key=lambda verified: verified.book):
        past = Past(book, transaction, 0)
        for last in of_book:
            past.add(last.row, last.entry)
            if past.full:
                past.write()
        past.write()
        head = Head(last.row.number, last.row.hash)
        if head.entries >= fold.SNAPSHOT_INTERVAL:
            transaction.keep(book, head.entries, freeze_snapshot(last.state, head))
