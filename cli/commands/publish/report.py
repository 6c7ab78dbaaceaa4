"""The whole 部门决算 as a file: `report`."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.session import Session, leave, tell
from cli.terminal.asking import report_of
from cli.terminal.options import CutOptions, Force, RollUp, ShownIn, verb
from cli.text import ways
from cli.text.parts import absent
from ledger import parse
from ledger.errors import Malformed, Unreadable
from projections.answers import Header

if TYPE_CHECKING:
    from cli.documents.report.receipt import SavedReport
    from projections.report.document.parts import ReportDocument

SUFFIXES = (".html", ".docx", ".xlsx", ".pdf")


@verb("report")
def report(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    output: Annotated[
        list[str],
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help=f"写入文件，后缀 {'、'.join(SUFFIXES)} 定格式；可多次。 Files; repeatable.",
        ),
    ],
    edition: ShownIn = None,
    force: Force = False,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="内部使用：写出各笔的收款人和用途。 With payees; not for the public.",
        ),
    ] = False,
    unmask: Annotated[
        bool,
        typer.Option("--unmask", help="不遮盖证件号、电话号码。 Print numbers of persons."),
    ] = False,
) -> None:
    from cli.documents.report.receipt import SavedReport
    from cli.documents.saved import replaced
    from projections.report.document.composition import document

    files = _files(session, output)
    with ExitStack() as all_or_none:
        fresh = [
            all_or_none.enter_context(replaced(file, db=session.db, field="output", force=force))
            for file in files
        ]
        with report_of(session, cut, rolled, edition) as found:
            made = document(found, unmask=unmask, internal=internal)
        for file, new in zip(files, fresh, strict=True):
            new.write_bytes(_written(file, made))
    for each in made.missing:
        tell(
            "\n".join([f"【缺：{each.message}】", *(f"    {ways.told(way)}" for way in each.try_)])
        )
    saved = SavedReport([str(file) for file in files], list(made.missing))
    session.answer(_told, made.header, saved)
    if made.missing:
        leave(1)


def _told(header: Header, saved: "SavedReport") -> str:
    lacking = f"，还缺 {len(saved.missing)} 处（印为【缺：…】）" if saved.missing else ""
    return "\n".join([f"已写入 {'、'.join(saved.files)}{lacking}", *absent(header)])


def _files(session: Session, output: list[str]) -> list[Path]:
    """The files that are meant, each once. Raises `Malformed`."""
    from cli.documents.saved import no_database

    files = [*dict.fromkeys(parse.path(each, field="output") for each in output)]
    for file in files:
        no_database(file, db=session.db, field="output")
        if file.suffix.lower() not in SUFFIXES:
            raise Malformed(
                Unreadable.FORMAT_UNKNOWN,
                field="output",
                value=str(file),
                expected=f"以 {'、'.join(SUFFIXES)} 结尾的文件名",
            )
    return files


def _written(file: Path, made: "ReportDocument") -> bytes:
    """The bytes of a document in the format that a file's name says."""
    match file.suffix.lower():
        case ".html":
            from cli.documents.report import html

            return html.report(made)
        case ".docx":
            from cli.documents.report import docx

            return docx.report(made)
        case ".xlsx":
            from cli.documents.report import xlsx

            return xlsx.report(made)
        case _:
            from cli.documents.report import pdf

            return pdf.report(made)
