"""`doctor`: is this machine, what keeps the log, and the log sound?"""

import platform
import sys
from collections import namedtuple
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version

from cli import VERSION
from cli.commands.keep.audit import INTEGRITY
from cli.session import Session, leave
from cli.terminal.options import verb
from cli.text.keep.doctor import Condition, Damaged, Host, condition
from ledger.errors import Corrupt
from ledger.rules.cautions import clock_behind
from ledger.store.fold import stored_entry
from ledger.store.log import Log, NoLog, NotOurs, Place
from projections.audit.file import notes_path
from projections.audit.notes import unfit
from projections.views.feed import look_for_log, none_is_gone
from projections.views.owned import ours

_PACKAGES = ("eventsourcing", "msgspec", "sqlite-utils", "typer", "rich")
FINDINGS = 1


def _clock(log: Log, book: str, entries: int, now: datetime) -> list[str]:
    """Whether the last entry was recorded later than it is now. Raises `Corrupt`."""
    if not entries:
        return []
    last = stored_entry(log, book, entries)
    return [each.message for each in clock_behind(book, last.number, last.recorded_at, now)]


def _beside_log(place: Place) -> Iterator[str]:
    """What stands in the way of the views and of the notes of an audit."""
    try:
        ours(place.views)
    except (NotOurs, Corrupt, OSError) as error:
        yield f"查询不能用，记账不受影响：{error}"
    if said := unfit(notes_path(place)):
        yield said


@verb("doctor", of_a_log=False)
def doctor(session: Session) -> None:
    place = session.db.described()
    problems = list(place.remarks)
    damaged = False
    books: dict[str, int] = {}
    if place.exists:
        try:
            with session.db.reading(session.waiting, anyhow=True) as log:
                for book in log.books():
                    head = log.head(book)
                    books[book] = head.entries if head else 0
                none_is_gone(session.db, books)
                unsound = [each.message for each in log.examine() if each.sound is False]
                if unsound:
                    damaged = True
                    problems.append("账文件损坏：" + "；".join(unsound))
                else:
                    for book, entries in books.items():
                        problems += _clock(log, book, entries, session.db.now())
        except Corrupt as corrupt:
            damaged = True
            problems.append(str(corrupt))
        except NoLog:
            problems.append("文件是空的，还没有建账")
    try:
        look_for_log(session.db)
    except Corrupt as lost:
        damaged = True
        problems.append(f"{lost}。{lost.way_out}")
    except (NotOurs, OSError):  # told with what lies beside the log
        pass
    problems += [*_beside_log(session.db), *place.shortages]
    packages = {"yusuan": VERSION, **{name: version(name) for name in _PACKAGES}}
    machine = Host(not problems, sys.version.split()[0], platform.platform(), packages)
    # The answer calls the release by the name of what keeps the log.
    keeper = namedtuple("keeper", [place.keeper])(place.release)
    found = Condition(
        journal_mode=place.journal_mode,
        synchronous=place.synchronous,
        why=place.why,
        file=place.file,
        exists=place.exists,
        size_bytes=place.size_bytes,
        views_bytes=place.views_bytes,
        books=books,
        disk_free_bytes=place.disk_free_bytes,
        problems=problems,
        damaged=damaged,
    )
    damage = [Damaged("FILE.DAMAGED", "；".join(problems))] if damaged else []
    session.answer(
        lambda *_: condition(machine, place.release, found), machine, keeper, found, *damage
    )
    if problems:
        leave(INTEGRITY if damaged else FINDINGS)
