"""`demo`: the real 2020 year of one bureau, recorded, queried and audited in a minute."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import cli
from cli.intake.of_kind import rows_of_kind
from cli.intake.recording import Outcome, record_rows
from cli.intake.rows import BadRow, CanonicalRow, canonical_rows
from cli.session import Session, leave, tell
from cli.terminal.options import verb
from cli.text.keep.demo import Demonstrated, figures
from ledger.book import BookId
from ledger.decisions.registry import OPEN_BOOK
from ledger.errors import Lacking, Malformed, Occupied, Unreadable
from ledger.events.particulars import FACT_NAMES
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.log import Place
from ledger.store.writing import Durable, Writing
from projections.audit.book import audit
from projections.questions.carryover import carryover
from projections.questions.execution import execution
from projections.questions.three_public import three_public
from projections.report.cells import Cells
from projections.report.editions import edition
from projections.report.explain import explain
from projections.report.figure import Report
from projections.views.reading import reading

FOLDER = Path(cli.__file__).with_name("demo")
YEAR = FOLDER / "jianghan-2020.csv"
PARTICULARS = FOLDER / "particulars"
"""A file of each kind of fact, by the name of the kind."""
EXPLAINED = ("N.s7b.reception_change_rate", "N.s11.sme_share")
"""Figures of sentences that are shown with what they are made of."""
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
        report = Report(Cells(opened))
        explained = [explain(report, name) for name in EXPLAINED]
        written = _written(session, report)
    outcome = audit(session.db, BOOK, waiting=session.waiting)
    answer = Demonstrated(
        *(walk, current, whole, public, explained, outcome),
        recorded=recorded.money + recorded.facts,
        particulars=recorded.facts,
        db=str(session.db),
        report=written,
    )
    session.answer(lambda _, answer: figures(answer, opened.name), opened.header(), answer)
    if not outcome.ok:
        leave(4)


def _written(session: Session, report: Report) -> str | None:
    """Writes the report beside the book; None, and why is told, where it cannot be written."""
    from cli.documents.report import html
    from cli.documents.saved import save
    from projections.report.document.composition import document

    file = Path(str(session.db)).with_suffix(".html")
    try:
        save(file, html.report(document(report)), db=session.db, field="db", force=False)
    except (Lacking, Occupied) as error:
        tell(f"没有写部门决算：{error}")
        return None
    return str(file)


class YearRecorded(NamedTuple):
    """How many rows were recorded."""

    money: int
    facts: int


def record_year(db: Place, *, actor: str, kept: list[Durable] | None = None) -> YearRecorded:
    """Records the year into a new file, money first, then the facts of its report, through the
    import that everyone uses."""
    with Books(db, kept=kept) as books:
        books.transact(BOOK, OPENING, actor=actor)
        with books.writing(BOOK, actor=actor) as writing:
            money = _import(writing, YEAR, canonical_rows(YEAR))
            facts = sum(
                _import(writing, file, rows_of_kind(file, kind, None))
                for kind in FACT_NAMES
                if (file := PARTICULARS / f"{kind}.csv").exists()
            )
    return YearRecorded(money, facts)


def _import(
    writing: Writing, file: Path, opened: AbstractContextManager[Iterator[CanonicalRow | BadRow]]
) -> int:
    outcome = Outcome(file)
    with opened as rows:
        record_rows(writing, rows, outcome, year=BOOK.year, register=False, ids=frozenset)
    assert not outcome.rejected, outcome.rejected  # our own file, as every test of it says
    return outcome.recorded
