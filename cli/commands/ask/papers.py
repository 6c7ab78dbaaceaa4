"""签字单据: `paper` writes what is recorded, or waits, as a paper to be signed."""

from typing import Annotated

import msgspec
import typer

from cli.session import Session
from cli.terminal.options import CutOptions, Force, complete, verb
from ledger import parse
from ledger.errors import Malformed, Unreadable
from projections.answers import Header


class SavedPaper(msgspec.Struct, frozen=True):
    """The receipt of a paper in a file: of which entry, and what it is called."""

    file: str
    entry: int
    paper: str


@verb("paper")
def paper(
    session: Session,
    cut: CutOptions,
    number: Annotated[
        str,
        typer.Argument(
            metavar="ENTRY", help="记录编号。 Entry number.", autocompletion=complete("entry")
        ),
    ],
    output: Annotated[
        str,
        typer.Option("-o", "--output", metavar="FILE", help="写入 .docx 文件。 A Word file."),
    ],
    force: Force = False,
) -> None:
    from cli.documents.report import docx
    from cli.documents.saved import no_database, save
    from cli.text.ask.paper import written
    from projections.questions import papers
    from projections.views.reading import reading

    file = parse.path(output, field="output")
    no_database(file, db=session.db, field="output")
    if file.suffix.lower() != ".docx":
        raise Malformed(
            Unreadable.FORMAT_UNKNOWN,
            field="output",
            value=str(file),
            expected="以 .docx 结尾的文件名",
        )
    entry = parse.entry_number(number)
    with reading(session.db, session.book(), cut.cut(), session.waiting) as opened:
        made = written(papers.paper(opened, entry))
    save(file, docx.paper(made), db=session.db, field="output", force=force)
    session.answer(_told, made.header, SavedPaper(str(file), entry, made.title))


def _told(_: Header, saved: SavedPaper) -> str:
    return f"已写入 {saved.file}（第 {saved.entry} 笔的{saved.paper}）"
