"""Since when something has changed: an entry, a moment, a seal, or the last publication."""

import re
from datetime import datetime
from typing import NamedTuple

from ledger import parse
from ledger.book import BookId
from ledger.errors import Corrupt, Damage, Malformed, Unreadable
from ledger.proofs.seal import Seal
from ledger.store.log import Place, Waiting, silently
from projections.report.published.changed import Since
from projections.report.published.publications import Heads, heads_after, heads_of, last
from projections.views.reading import Cut, reading

PUBLISHED = "published"
_ENTRY = r"#?[0-9]{1,15}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?"


class Beginning(NamedTuple):
    """What a comparison begins with, as it is told; and how every book stood then."""

    told: Since
    heads: Heads


def since(place: Place, book: BookId, said: str, waiting: Waiting = silently) -> Beginning:
    """What is meant by a number, a moment, a seal or `published`. Raises `Malformed`, `Refused`
    where there is no such entry, `Corrupt` where the book does not begin as the seal says."""
    if said.strip() in (PUBLISHED, "公开"):
        return _published(place, book, waiting)
    if re.fullmatch(_ENTRY, said.strip()):
        return _after(place, book, parse.entry_number(said), waiting)
    if re.fullmatch(_DAY, said.strip()):
        moment = parse.moment(said, field="since")
        with reading(place, book, Cut(known_at=moment), waiting) as opened:
            entry = opened.upto
        if not entry:
            expected = f"{book} 第 1 笔记录以后的时间"
            raise Malformed(Unreadable.TIME_MALFORMED, field="since", value=said, expected=expected)
        return _after(place, book, entry, waiting)
    if "-" in said:
        return _sealed(place, book, Seal.parse(said), waiting)
    raise Malformed(
        Unreadable.SINCE_UNKNOWN,
        field="since",
        value=said,
        expected="记录编号、时间（如 2021-08-20）、封签，或 published（最近一次公开）",
    )


def _published(place: Place, book: BookId, waiting: Waiting) -> Beginning:
    with reading(place, book, waiting=waiting) as opened:
        entry, event = last(opened)[1:]
    heads = heads_of(event)
    began = _after(place, book, heads[str(book)], waiting)
    told = Since(str(book), heads[str(book)], began.told.recorded_at, entry, event.published_on)
    return Beginning(told, heads)


def _sealed(place: Place, book: BookId, seal: Seal, waiting: Waiting) -> Beginning:
    with reading(place, book, waiting=waiting) as opened:
        whole = opened.head.entries
    if 1 <= seal.entries <= whole:
        with reading(place, book, Cut(upto=seal.entries), waiting) as opened:
            if Seal.of(opened.stands) == seal:
                return _after(place, book, seal.entries, waiting)
    raise Corrupt(
        Damage.SEAL_OTHER, f"{book} 的前 {seal.entries} 笔与封签不符（账中现有 {whole} 笔）"
    )


def _after(place: Place, book: BookId, entry: int, waiting: Waiting) -> Beginning:
    heads = heads_after(place, book, entry, waiting)
    with reading(place, book, Cut(upto=entry), waiting) as opened:
        recorded_at = opened.listed(entry).recorded_at
    return Beginning(
        Since(str(book), entry, datetime.fromisoformat(recorded_at).isoformat()), heads
    )
