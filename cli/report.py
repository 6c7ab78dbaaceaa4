"""决算公开: `table`, `tables`, `explain`, `where-used`, `get`, `check`."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import parse, report_text
from cli.columns import terminal
from cli.options import ONE_BOOK, CutOptions, RollUp, verb
from cli.report_grid import Grid, grid
from cli.session import Session, leave
from cli.source import source
from ledger.errors import Malformed
from ledger.money import plain_yuan, wan
from projections.cells import Cells


@contextmanager
def _cells(session: Session, cut: CutOptions, rolled: RollUp = ONE_BOOK) -> Iterator[Cells]:
    with source(session, cut, rolled) as opened:
        yield Cells(opened)


def _answer(
    session: Session,
    cut: CutOptions,
    ask: Callable[[Cells], dict[str, Any]],
    show: Callable[[dict[str, Any]], str],
) -> None:
    with _cells(session, cut) as cells:
        answer = {**cells.source.header(), **ask(cells)}
    session.answer(answer, show)


FORMATS = ("text", "csv", "md", "xlsx")
_ENTRIES_SHOWN = 10
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
    from cli.report_file import save
    from projections.tables import table as one

    wanted = parse.count(number, field="table")
    file = None if output is None else _file(output)
    chosen = _format(format, file, as_json=session.json)
    with _cells(session, cut, rolled) as cells:
        header = cells.source.header()
        answer = {**header, **one(cells, wanted)}
        drawn = _grid(cells, answer)
    if file is not None:
        save(file, _contents(chosen, drawn), db=session.db)
        receipt = {**header, "file": str(file), "table": wanted, "format": chosen}
        session.answer(receipt, lambda a: f"已写入 {a['file']}（表{a['table']}，{a['format']}）")
    elif session.json:
        session.answer(answer, str)
    else:
        print(_contents(chosen, drawn, terminal()).decode(), end="")


@verb("tables")
def tables(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE.xlsx", help="工作簿文件。 The workbook.")
    ],
) -> None:
    from cli.report_file import save
    from cli.report_xlsx import workbook
    from projections.tables import table as one

    file = _file(output)
    with _cells(session, cut, rolled) as cells:
        header = cells.source.header()
        grids = [_grid(cells, {**header, **one(cells, number)}) for number in cells.forms]
    save(file, workbook(grids), db=session.db)
    receipt = {**header, "file": str(file), "tables": [grid.number for grid in grids]}
    session.answer(receipt, lambda a: f"已写入 {a['file']}，共 {len(a['tables'])} 张表")


def _file(output: str) -> Path:
    typed = parse.text(output, field="output", limit=1000)
    if not typed:
        raise Malformed("FIELD.REQUIRED", field="output", value="", expected="文件名")
    return Path(typed)


def _format(typed: str | None, file: Path | None, *, as_json: bool) -> str:
    """The format that is meant: the one typed, else that of the file's suffix, else text."""
    if typed is None:
        return _SUFFIXES.get(file.suffix.lower(), "text") if file else "text"
    chosen = parse.word(typed, FORMATS, field="format")
    if file is None and as_json:
        expected = "不写（--json 已是一种格式；与 -o 同用时 --json 只管回执）"
        raise Malformed("FORMAT.WITH_JSON", field="format", value=typed, expected=expected)
    if file is None and chosen == "xlsx":
        expected = "文件名（--format xlsx 须用 -o 写入文件）"
        raise Malformed("FIELD.REQUIRED", field="output", value="", expected=expected)
    return chosen


def _grid(cells: Cells, answer: dict[str, Any]) -> Grid:
    return grid(answer, cells.forms[answer["table"]], cells.source.name)


def _contents(chosen: str, drawn: Grid, across: int | None = None) -> bytes:
    """The bytes of a table in one of FORMATS; `across`: the columns of a terminal."""
    match chosen:
        case "csv":
            from cli import report_csv

            return report_csv.table(drawn).encode()
        case "md":
            from cli import report_md

            return report_md.table(drawn).encode()
        case "xlsx":
            from cli.report_xlsx import workbook

            return workbook([drawn])
        case _:
            return report_text.table(drawn, across).encode()


@verb("explain")
def explain(
    session: Session,
    cut: CutOptions,
    cell: Annotated[str, typer.Argument(metavar="CELL", help="单元格编号，如 T1.57。 Cell id.")],
    limit: Annotated[
        str | None,
        typer.Option(
            "--limit", help="每个单元格最多列几笔，默认 10；--json 总是全列。 Entries per cell."
        ),
    ] = None,
) -> None:
    from projections.explain import explain as answer

    wanted = parse.required(cell, field="cell")
    most = _ENTRIES_SHOWN if limit is None else parse.count(limit, field="limit")
    show = partial(report_text.explanation, most=most)
    _answer(session, cut, lambda cells: answer(cells, wanted), show)


@verb("where-used")
def where_used(
    session: Session,
    cut: CutOptions,
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="记录编号。 Entry number.")],
) -> None:
    from projections.entries import entry as shown
    from projections.explain import where_used as answer

    number = parse.entry_number(entry)

    def ask(cells: Cells) -> dict[str, Any]:
        shown(cells.reading, number)  # refused when there is no such entry
        return {"entry": number, "cells": answer(cells, number)}

    _answer(session, cut, ask, report_text.cells_of_entry)


_UNITS = {"yuan": "元", "wan": "万元", "fen": "分"}


@verb("get")
def get(
    session: Session,
    cut: CutOptions,
    cell: Annotated[str, typer.Argument(metavar="CELL", help="单元格编号，如 T1.57。 Cell id.")],
) -> None:
    from projections.explain import known

    # Here --unit is the unit of the figure, so the book's unit comes from the environment.
    shown_in = session.unit if session.unit in _UNITS else "yuan"
    if session.unit in _UNITS:
        session = session._replace(unit=os.environ.get("YUSUAN_UNIT"))
    wanted = parse.required(cell, field="cell")

    def ask(cells: Cells) -> dict[str, Any]:
        known(cells, wanted)
        fen = cells.fen(wanted)
        text = {"yuan": plain_yuan(fen), "wan": wan(fen).replace(",", ""), "fen": str(fen)}
        return {"cell": wanted, "fen": fen, "value": text[shown_in], "unit": _UNITS[shown_in]}

    _answer(session, cut, ask, lambda answer: str(answer["value"]))


@verb("check")
def check(session: Session, cut: CutOptions, rolled: RollUp) -> None:
    from projections.checks import check as answer
    from projections.opening import last_closing

    last = None
    if rolled.units is None:
        book, known_at = session.book(), cut.cut().known_at
        last = last_closing(session.db, book, known_at, session.waiting)
    with _cells(session, cut, rolled) as cells:
        found = {**cells.source.header(), **answer(cells, last)}
    session.answer(found, report_text.findings)
    if any(finding["tier"] == "error" for finding in found["findings"]):
        leave(1)
