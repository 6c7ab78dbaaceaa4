"""One published figure by its id, in the unit that is asked for."""

from enum import StrEnum

import msgspec

from ledger.money import plain_yuan, printed_wan
from projections.report.cells import Cells
from projections.report.explain import known


class Unit(StrEnum):
    """What a figure is counted in."""

    YUAN = "yuan"
    WAN = "wan"
    FEN = "fen"


UNIT_NAMES = {Unit.YUAN: "元", Unit.WAN: "万元", Unit.FEN: "分"}


class Figure(msgspec.Struct, frozen=True):
    """A cell: its exact fen, and its value in a unit, without separators."""

    cell: str
    fen: int
    value: str
    unit: str


def figure(cells: Cells, cell_id: str, unit: Unit) -> Figure:
    """A cell in yuan or fen as it is, in 万元 as it is printed (`0.00` where the form prints
    nothing). Raises `Malformed` for a cell that the book does not have."""
    known(cells, cell_id)
    fen = cells.fen(cell_id)
    match unit:
        case Unit.YUAN:
            value = plain_yuan(fen)
        case Unit.WAN:
            value = printed_wan(cells.hundredths(cell_id)).replace(",", "")
        case Unit.FEN:
            value = str(fen)
    return Figure(cell_id, fen, value, UNIT_NAMES[unit])
