"""One table of the published accounts: its cells with their exact fen and what they print."""

from typing import Any

from ledger.errors import Malformed, Unreadable
from projections.report.cells import Cells
from projections.report.editions import Form

UNIT = "万元"


def table(cells: Cells, number: int) -> dict[str, Any]:
    """Table `number` of the book's edition. Raises `Malformed` for a number it does not have."""
    form = form_of(cells, number)
    found = cells.table(number)
    empty = not any(cells.fen(cell.id) for cell in found)
    return {
        "table": number,
        "edition": cells.source.edition,
        "title": filled(cells, form.title),
        "unit": UNIT,
        "note": form.note,
        "formulas": form.formulas,
        "statement": filled(cells, form.empty) if form.empty and empty else None,
        "cells": [
            {
                "id": cell.id,
                "row": cell.row,
                "label": cell.label,
                "column": cell.column,
                "fen": cells.fen(cell.id),
                "printed": cells.printed(cell.id),
            }
            for cell in found
        ],
    }


def form_of(cells: Cells, number: int) -> Form:
    """The form of a table."""
    if number not in cells.forms:
        numbers = "、".join(map(str, cells.forms))
        expected = f"{cells.source.edition} 表样的表号：{numbers}"
        raise Malformed(
            Unreadable.TABLE_UNKNOWN, field="table", value=str(number), expected=expected
        )
    return cells.forms[number]


def filled(cells: Cells, text: str) -> str:
    """A title or sentence with the book's year and the unit's name."""
    return text.format(year=cells.source.year, name=cells.source.name)
