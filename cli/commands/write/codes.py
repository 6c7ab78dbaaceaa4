"""科目: `codes import`."""

from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.options import Document, Text, verb
from cli.terminal.recording import completed
from cli.text.write.codes import Adoption, adoption
from ledger import parse
from ledger.decisions.registry import CODES
from ledger.kinds import CODE_SET_NAMES
from ledger.receipt import receipt
from ledger.requests import Request


@verb("codes import")
def import_codes(
    session: Session,
    document: Document,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE.csv|FILE.xlsx",
            help="科目表：科目编码、科目名称两栏，或 类、款、项、科目名称。 code and name.",
        ),
    ],
    code_set: Annotated[
        Text,
        typer.Option(
            "--set",
            help="functional（支出功能分类）|economic（部门支出经济分类）。 Which list.",
            show_default=False,
        ),
    ] = None,
    edition: Annotated[
        Text,
        typer.Option("--edition", help="科目表的版本，如 2024年。 Its name.", show_default=False),
    ] = None,
    sheet: Annotated[
        Text, typer.Option("--sheet", help="工作表，只有一张时可省略。 Worksheet.")
    ] = None,
) -> None:
    from cli.intake.code_list import code_list  # reads workbooks; no other command of names does

    wanted = parse.word(code_set or "", CODE_SET_NAMES, field="set")
    called = parse.required(edition, field="edition")
    found = code_list(parse.path(file, field="FILE"), wanted, sheet)
    request = Request.of(CODES)(
        code_set=wanted, edition=called, sha256=found.sha256, rows=found.rows
    )
    request = completed(request, document).with_default_key()
    with session.books() as books:
        recorded = books.transact(
            session.book(), request, actor=session.actor, dry_run=document.dry_run
        )
    adopted = Adoption(wanted, called, found.sha256, len(found.rows))
    session.answer(adoption, receipt(recorded, dry_run=document.dry_run), adopted)
