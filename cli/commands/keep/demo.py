"""`demo`: the real 2020 year of one bureau, recorded, queried and audited in a minute."""

from pathlib import Path

import cli
from cli.intake.recording import Outcome, record_rows
from cli.intake.rows import canonical_rows
from cli.session import Session, leave
from cli.terminal.options import verb
from cli.text.keep.demo import Demonstrated, figures
from ledger.book import BookId
from ledger.decisions.registry import OPEN_BOOK
from ledger.errors import Malformed, Unreadable
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.log import Place
from ledger.store.writing import Durable
from projections.audit.book import audit
from projections.questions.carryover import carryover
from projections.questions.execution import execution
from projections.questions.three_public import three_public
from projections.report.editions import edition
from projections.views.reading import reading

YEAR = Path(cli.__file__).with_name("demo") / "jianghan-2020.csv"
BOOK = BookId("420103", 2020)
OPENING = Request.of(OPEN_BOOK)(
    name="武汉市江汉区人力资源局",
    unit_kind="admin",
    edition="2020",
    basis="indicator",
    occurred_on=None,
)


@verb("demo")
def demo(session: Session) -> None:
    if session.db.described().exists:
        expected = "还不存在的文件（演示不会写入已有的账），如 --db demo.db"
        raise Malformed(Unreadable.DB_EXISTS, field="db", value=str(session.db), expected=expected)
    recorded = record_year(session.db, actor=session.actor, kept=session.kept)
    with reading(session.db, BOOK, waiting=session.waiting) as opened:
        counted = edition(opened.edition).three_public_funds
        walk, public = carryover(opened), three_public(opened, counted)
        current, whole = execution(opened, "current"), execution(opened, "all")
    outcome = audit(session.db, BOOK, waiting=session.waiting)
    answer = Demonstrated(walk, current, whole, public, outcome, recorded, str(session.db))
    session.answer(lambda _, answer: figures(answer, opened.name), opened.header(), answer)
    if not outcome.ok:
        leave(4)


def record_year(db: Place, *, actor: str, kept: list[Durable] | None = None) -> int:
    """Records the year into a new file, through the import that everyone uses; its rows."""
    with Books(db, kept=kept) as books:
        books.transact(BOOK, OPENING, actor=actor)
        with canonical_rows(YEAR) as rows, books.writing(BOOK, actor=actor) as writing:
            outcome = Outcome(YEAR)
            record_rows(writing, rows, outcome, year=BOOK.year, register=False, ids=frozenset)
            assert not outcome.rejected, outcome.rejected  # our own file, as every test of it says
    return outcome.recorded
