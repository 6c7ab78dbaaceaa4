"""The published tables: `table`, `tables`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.session import Session, tell
from cli.terminal.asking import books_before, cells_of
from cli.terminal.options import CutOptions, Force, RollUp, ShownIn, VsLastYear, verb
from cli.text.columns import terminal
from cli.text.parts import absent
from ledger import parse
from ledger.errors import Malformed, Unreadable
from projections.answers import Compared, Header
from projections.report.grid import Grid

if TYPE_CHECKING:
    from projections.report.beside import TableBeside
    from projections.report.cells import Cells
    from projections.report.findings import Finding
    from projections.report.tables import Restacked

FORMATS = ("text", "csv", "md", "xlsx")


_SUFFIXES = {"": "text", ".txt": "text", ".csv": "csv", ".md": "md", ".xlsx": "xlsx"}


@verb("table")
def table(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    number: Annotated[
        str,
        typer.Argument(metavar="N", help="表号，如 1；或表头上的编号，如 公开01表。 Number."),
    ],
    edition: ShownIn = None,
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
    ids: Annotated[
        bool,
        typer.Option(
            "--ids", help="印出行次、栏次，即单元格编号的各段（表样不印时也印）。 Cell ids."
        ),
    ] = False,
    force: Force = False,
    vs_last_year: VsLastYear = False,
) -> None:
    from cli.documents.saved import SavedTable, save
    from projections.report.beside import drawn as drawn_beside
    from projections.report.beside import in_columns, in_named_rows, in_rows
    from projections.report.checks import unsound
    from projections.report.editions import table_of
    from projections.report.tables import grid, meant, restacked
    from projections.report.tables import table as one

    file = None if output is None else _file(session, output)
    chosen = _format(format, file, as_json=session.json)
    with cells_of(session, cut, rolled, edition) as cells:
        header, department = cells.source.header(), cells.source.name
        wanted, forms = meant(cells, number), cells.edition
        if ids:
            forms = forms.with_ids()
        answer = one(cells, wanted)
        before = restacked(cells, wanted)
        seen = file is not None or chosen == "text"  # a file on stdout is handed out without talk
        errors = unsound(cells) if seen else []
        wrong = [each for each in errors if wanted in map(table_of, each.cells)]
    page = grid(header, answer, forms, department)
    parts: tuple[Any, ...] = (header, answer)
    if vs_last_year:
        found, compared = _beside(session, cells, [wanted])
        both = drawn_beside(header, found[0], forms, department, compared)
        laid = {"text": in_rows, "md": in_named_rows}.get(chosen, in_columns)
        page = laid(both)
        parts = (header, found[0], compared)

    def drawn(across: int | None = None) -> bytes:
        return _contents(chosen, page, across)

    if file is None:
        # print ends the last line itself
        if chosen == "text":
            session.answer(lambda *_: drawn(terminal()).decode().removesuffix("\n"), *parts)
            if before and not session.json:
                tell(_restacked(before))
            _tell_unsound(wrong)
        else:
            for told in absent(header) if chosen == "csv" else ():
                tell(told)  # a CSV file holds the table and nothing else
            session.hand_out(drawn().decode().removesuffix("\n"))
        return
    save(file, drawn(), db=session.db, field="output", force=force)
    _tell_unsound(wrong)
    session.answer(
        lambda _, saved: _saved(header, f"{saved.file}（表{saved.table}，{saved.format}）"),
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
    edition: ShownIn = None,
    force: Force = False,
    vs_last_year: VsLastYear = False,
) -> None:
    from cli.documents.saved import SavedTables, save
    from cli.documents.xlsx.tables import workbook
    from projections.report.beside import drawn as drawn_beside
    from projections.report.beside import in_columns
    from projections.report.checks import unsound
    from projections.report.tables import grid
    from projections.report.tables import table as one

    file = _file(session, output)
    if file.suffix.lower() not in ("", ".xlsx"):
        raise _suffix(file, "以 .xlsx 结尾的文件名（全套表是一个 Excel 工作簿）")
    with cells_of(session, cut, rolled, edition) as cells:
        header, forms, department = cells.source.header(), cells.edition, cells.source.name
        wrong = unsound(cells)
        grids = [grid(header, one(cells, number), forms, department) for number in cells.forms]
    if vs_last_year:
        found, compared = _beside(session, cells, [*cells.forms])
        grids = [
            in_columns(drawn_beside(header, each, forms, department, compared)) for each in found
        ]
    save(file, workbook(grids), db=session.db, field="output", force=force)
    _tell_unsound(wrong)
    session.answer(
        lambda _, saved: _saved(header, f"{saved.file}，共 {len(saved.tables)} 张表"),
        header,
        SavedTables(str(file), list(cells.forms)),
    )


def _beside(
    session: Session, cells: "Cells", numbers: Sequence[int]
) -> "tuple[list[TableBeside], Compared]":
    """Tables beside last year's, in the same edition, and which books those are from. Raises
    `Malformed` where there is none."""
    from projections.report.beside import beside
    from projections.report.cells import Cells
    from projections.views.last_year import compared

    with books_before(session, cells.source) as before:
        then = Cells(before, cells.edition)
        return [beside(cells, then, number) for number in numbers], compared(before)


def _tell_unsound(wrong: "Sequence[Finding]") -> None:
    """What is printed and should not be published as it is."""
    for finding in wrong[:_TOLD]:
        tell(f"注意：{finding.message}")
    if wrong:
        tell(f"共 {len(wrong)} 项错误，公开前先看 yusuan check")


def _restacked(cells: "list[Restacked]") -> str:
    some = "、".join(f"{one.id} {one.printed}（{one.stacked}）" for one in cells[:_TOLD])
    more = f" 等 {len(cells)} 格" if len(cells) > _TOLD else ""
    return f"逐格由元舍入，与逐级相加的打印数（括号内）不同：{some}{more}"


_TOLD = 5


def _saved(header: Header, what: str) -> str:
    """The receipt of what was written, and which units it lacks."""
    return "\n".join([f"已写入 {what}", *absent(header)])


def _file(session: Session, output: str) -> Path:
    """The file that is meant; what is wrong with it before what is wrong with its name."""
    from cli.documents.saved import no_database

    file = parse.path(output, field="output")
    no_database(file, db=session.db, field="output")
    return file


def _suffix(file: Path, expected: str) -> Malformed:
    """The complaint about a name that promises another format than can be meant."""
    value = str(file)
    return Malformed(Unreadable.FORMAT_UNKNOWN, field="output", value=value, expected=expected)


def _format(typed: str | None, file: Path | None, *, as_json: bool) -> str:
    """The format that is meant: the one typed, else that of the file's suffix; text where there is
    none. A suffix that is no format's is refused: the file would hold what it does not say."""
    if typed is None:
        suffix = file.suffix.lower() if file else ""
        if file and suffix not in _SUFFIXES:
            known = "、".join(filter(None, _SUFFIXES))
            raise _suffix(file, f"以 {known} 结尾的文件名，或用 --format 写明格式")
        return _SUFFIXES[suffix]
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
            from cli.documents.xlsx.tables import workbook

            return workbook([drawn])
        case _:
            from cli.text.publish import table as text_table

            return text_table.table(drawn, across).encode()
