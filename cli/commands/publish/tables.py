"""The published tables: `table`, `tables`."""

from pathlib import Path
from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.asking import cells_of
from cli.terminal.options import CutOptions, RollUp, verb
from cli.text.columns import terminal
from ledger import parse
from ledger.errors import Malformed, Unreadable
from projections.report.grid import Grid

FORMATS = ("text", "csv", "md", "xlsx")


_SUFFIXES = {".csv": "csv", ".md": "md", ".xlsx": "xlsx"}


@verb("table")
def table(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    number: Annotated[str, typer.Argument(metavar="N", help="表号 1–9。 Table number.")],
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help="格式，默认按文件后缀，否则 text。 By the file's suffix, else text.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="写入文件。 Write to a file."),
    ] = None,
) -> None:
    from cli.documents.saved import SavedTable, save
    from projections.report.tables import grid
    from projections.report.tables import table as one

    wanted = parse.count(number, field="table")
    file = None if output is None else _file(output)
    chosen = _format(format, file, as_json=session.json)
    with cells_of(session, cut, rolled) as cells:
        header, department = cells.source.header(), cells.source.name
        answer, form = one(cells, wanted), cells.forms[wanted]

    def drawn(across: int | None = None) -> bytes:
        return _contents(chosen, grid(header, answer, form, department), across)

    if file is None:
        # print ends the last line itself
        if chosen == "text":
            session.answer(lambda *_: drawn(terminal()).decode().removesuffix("\n"), header, answer)
        else:
            session.hand_out(drawn().decode().removesuffix("\n"))
        return
    save(file, drawn(), db=session.db)
    session.answer(
        lambda _, saved: f"已写入 {saved.file}（表{saved.table}，{saved.format}）",
        header,
        SavedTable(str(file), wanted, chosen),
    )


@verb("tables")
def tables(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE.xlsx", help="工作簿文件。 The workbook.")
    ],
) -> None:
    from cli.documents.saved import SavedTables, save
    from cli.documents.xlsx_tables import workbook
    from projections.report.tables import grid
    from projections.report.tables import table as one

    file = _file(output)
    with cells_of(session, cut, rolled) as cells:
        header = cells.source.header()
        grids = [
            grid(header, one(cells, number), form, cells.source.name)
            for number, form in cells.forms.items()
        ]
    save(file, workbook(grids), db=session.db)
    session.answer(
        lambda _, saved: f"已写入 {saved.file}，共 {len(saved.tables)} 张表",
        header,
        SavedTables(str(file), list(cells.forms)),
    )


def _file(output: str) -> Path:
    typed = parse.text(output, field="output", limit=1000)
    if not typed:
        raise Malformed(Unreadable.FIELD_REQUIRED, field="output", value="", expected="文件名")
    return Path(typed)


def _format(typed: str | None, file: Path | None, *, as_json: bool) -> str:
    """The format that is meant: the one typed, else that of the file's suffix, else text."""
    if typed is None:
        return _SUFFIXES.get(file.suffix.lower(), "text") if file else "text"
    chosen = parse.word(typed, FORMATS, field="format")
    if file is None and as_json:
        expected = "不写（--json 已是一种格式；与 -o 同用时 --json 只管回执）"
        raise Malformed(Unreadable.FORMAT_WITH_JSON, field="format", value=typed, expected=expected)
    if file is None and chosen == "xlsx":
        expected = "文件名（--format xlsx 须用 -o 写入文件）"
        raise Malformed(Unreadable.FIELD_REQUIRED, field="output", value="", expected=expected)
    return chosen


def _contents(chosen: str, drawn: Grid, across: int | None = None) -> bytes:
    """The bytes of a table in one of FORMATS; `across`: the columns of a terminal."""
    match chosen:
        case "csv":
            from cli.documents import csv_table

            return csv_table.table(drawn).encode()
        case "md":
            from cli.documents import md_table

            return md_table.table(drawn).encode()
        case "xlsx":
            from cli.documents.xlsx_tables import workbook

            return workbook([drawn])
        case _:
            from cli.text.publish import table as text_table

            return text_table.table(drawn, across).encode()
