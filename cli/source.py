"""What a query asks: the book that is meant, or the books of many units as a department (汇总)."""

from collections.abc import Iterator
from contextlib import contextmanager

from cli import parse
from cli.options import CutOptions, RollUp
from cli.session import Session
from ledger.errors import Malformed
from ledger.line import parse_unit
from projections.measures import Source
from projections.reading import reading

ALL_UNITS = "all"


@contextmanager
def source(session: Session, cut: CutOptions, rolled: RollUp) -> Iterator[Source]:
    """The book of `--unit` and `--year`; with `--units`, those books of the year together."""
    if rolled.units is None:
        with reading(session.db, session.book(), cut.cut(), session.waiting) as opened:
            yield opened
        return
    from projections.rollup import department

    if session.year is None:
        expected = "汇总的年度（--year），如 2020"
        raise Malformed("FIELD.REQUIRED", field="year", value="", expected=expected)
    named = [] if rolled.units == ALL_UNITS else [*map(parse_unit, _listed(rolled.units))]
    name = parse.text(rolled.department or "", field="department")
    whole = department(
        session.db, session.year, units=named, name=name, cut=cut.cut(), waiting=session.waiting
    )
    with whole as opened_whole:
        yield opened_whole


def _listed(units: str) -> list[str]:
    return [unit.strip() for unit in parse.required(units, field="units").split(",")]
