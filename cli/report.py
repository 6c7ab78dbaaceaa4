"""决算公开: `table`, `tables`, `explain`, `where-used`, `get`, `check`."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import parse, report_text
from cli.options import CutOptions, verb
from cli.session import Session, leave
from ledger.money import plain_yuan, wan
from projections.cells import Cells
from projections.reading import reading


@contextmanager
def _cells(session: Session, cut: CutOptions) -> Iterator[Cells]:
    with reading(session.db, session.book(), cut.cut(), session.waiting) as opened:
        yield Cells(opened)


def _answer(
    session: Session,
    cut: CutOptions,
    ask: Callable[[Cells], dict[str, Any]],
    show: Callable[[dict[str, Any]], str],
) -> None:
    with _cells(session, cut) as cells:
        answer = {**cells.reading.header(), **ask(cells)}
    session.answer(answer, show)


@verb("table")
def table(
    session: Session,
    cut: CutOptions,
    number: Annotated[str, typer.Argument(metavar="N", help="表号 1–9。 Table number.")],
) -> None:
    from projections.tables import table as answer

    wanted = parse.count(number, field="table")
    _answer(session, cut, lambda cells: answer(cells, wanted), report_text.table)


@verb("tables")
def tables(
    session: Session,
    cut: CutOptions,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE.xlsx", help="工作簿文件。 The workbook.")
    ],
) -> None:
    from cli.report_xlsx import workbook
    from projections.tables import table as one

    path = Path(parse.text(output, field="output", limit=1000))
    with _cells(session, cut) as cells:
        contents = workbook([one(cells, number) for number in cells.forms], cells.reading.name)
        answer = {**cells.reading.header(), "file": str(path), "tables": list(cells.forms)}
    path.write_bytes(contents)
    session.answer(answer, lambda a: f"已写入 {a['file']}，共 {len(a['tables'])} 张表")


@verb("explain")
def explain(
    session: Session,
    cut: CutOptions,
    cell: Annotated[str, typer.Argument(metavar="CELL", help="单元格编号，如 T1.57。 Cell id.")],
) -> None:
    from projections.explain import explain as answer

    wanted = parse.required(cell, field="cell")
    _answer(session, cut, lambda cells: answer(cells, wanted), report_text.explanation)


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
def check(session: Session, cut: CutOptions) -> None:
    from projections.checks import check as answer
    from projections.opening import last_closing

    book, known_at = session.book(), cut.cut().known_at
    last = last_closing(session.db, book, known_at, session.waiting)
    with _cells(session, cut) as cells:
        found = {**cells.reading.header(), **answer(cells, last)}
    session.answer(found, report_text.findings)
    if any(finding["tier"] == "error" for finding in found["findings"]):
        leave(1)
