"""One published figure by its id, in the unit that is asked for."""

from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from ledger.money import hundredths_of, plain_yuan, printed_wan
from projections.report.figure import Figure, Report, ToldValue, told, told_fen
from projections.report.figures import FigureKind


class Unit(StrEnum):
    """What a figure is counted in."""

    YUAN = "yuan"
    WAN = "wan"
    FEN = "fen"


UNIT_NAMES = {Unit.YUAN: "元", Unit.WAN: "万元", Unit.FEN: "分"}


class FigureValue(msgspec.Struct, frozen=True, kw_only=True):
    """A figure: of an amount its exact fen, and its `value` in the unit that is asked for, without
    separators; of any other its value."""

    cell: str
    kind: FigureKind
    fen: int | UnsetType | None = UNSET
    value: ToldValue | UnsetType
    printed: str
    unit: str

    @property
    def alone(self) -> str:
        """What a script is handed: nothing of what has no value."""
        return self.value if isinstance(self.value, str) and self.kind == "amount" else self.printed


def figure(report: Report, name: str, unit: Unit) -> FigureValue:
    """A figure; an amount in yuan or fen as it is, in 万元 as it is printed (`0.00` where the form
    prints nothing). Raises `Malformed` for one that the book does not have."""
    found = report.known(name)
    value = told(found)
    if found.kind == "amount":
        value = None if found.value is None else _in_unit(found, unit)
    return FigureValue(
        cell=found.id,
        kind=found.kind,
        fen=told_fen(found),
        value=value,
        printed=found.printed,
        unit=UNIT_NAMES[unit] if found.kind == "amount" else found.unit,
    )


def _in_unit(found: Figure, unit: Unit) -> str:
    match unit:
        case Unit.YUAN:
            return plain_yuan(found.fen)
        case Unit.WAN:
            return printed_wan(hundredths_of(found.printed)).replace(",", "")
        case Unit.FEN:
            return str(found.fen)
