"""A year 2024 of an 事业单位, in 万元: all four funds, carry-over of each, supplements and cuts,
spending of all five kinds, 三公经费 of three funds, surplus used and distributed."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledger.book import BookId
from ledger.line import BudgetLine
from ledger.requests import Request
from projections.report.cells import Cells
from projections.report.explain import explain
from projections.report.figure import Report
from tests.harness import small_year
from tests.harness.plain import plain
from tests.harness.small_year import (
    Year,
    appropriate,
    carry_in,
    cut,
    distribute,
    income,
    pay,
    project,
    refund,
    request,
    supplement,
    surplus_in,
    use_surplus,
)

BOOK = BookId("420103", 2024)


def line(fund: str, func: str, project: str = "-", econ: str = "-", **parts: Any) -> BudgetLine:
    """A line of 2024; basic without a project."""
    given = {"origin": 2024, "fund": fund, "func": func, "project": project, **parts}
    return small_year.line(econ, **given)


def fen(wan: str) -> int:
    """万元 as written."""
    return int(Decimal(wan) * 1_000_000)


STAFF = line("general", "2070109", econ="301")
OFFICE = line("general", "2070109")
GUESTS = line("general", "2070109", econ="30217")
CAR = line("general", "2070109", econ="30231")
ABROAD = line("general", "2070109", econ="30212")
PENSION = line("general", "2080505", econ="30108")
HEALTH = line("general", "2101102")
HOUSING = line("general", "2210201", econ="30113")
SHOW = line("general", "2070199", "P01")
VAN = line("general", "2070199", "P01", "31013")
OLD_SHOW = line("general", "2070199", "P01", origin=2023)
RELICS = [line("general", func, "P02") for func in ("2070204", "2070205", "2070206")]
LOTTERY = line("govfund", "2296003", "P02")
LOTTERY_GUESTS = line("govfund", "2296003", "P02", "30217")
OLD_LOTTERY = line("govfund", "2296003", "P02", origin=2023)
LAND = line("govfund", "2120899", "P02")
LAND_OFFICE = line("govfund", "2120899")
CAPITAL = line("statecapital", "2230105", "P03")
OLD_CAPITAL = line("statecapital", "2230105", "P03", origin=2023)
CAPITAL_OFFICE = line("statecapital", "2230199")
OWN = line("nonfiscal", "2070109")
COURSE = line("nonfiscal", "2070199", "P02")
OLD_COURSE = line("nonfiscal", "2070199", "P02", origin=2023)
SHOP = line("nonfiscal", "2070199", spending="business")
REMITTED = line("nonfiscal", "2070109", spending="remit-superior")
AFFILIATE = line("nonfiscal", "2070109", spending="affiliate-subsidy")


def of_2024(asked: Request) -> Request:
    """A request of the harness, whose days are of another year, in 2024."""
    on = asked.given["occurred_on"].replace(year=2024)
    return asked._replace(given={**asked.given, "occurred_on": on})


def spend(wan: str, at: BudgetLine, econ: str, **more: Any) -> Request:
    return pay(fen(wan), "10-15", at=at, econ=econ, **more)


def recorded(folder: Path, *more: Request) -> Year:
    """The year, in 万元; carry-over, appropriations and the cap in January, all else later."""
    year = Year(folder, edition="2024", book=BOOK)
    year.now = datetime(2025, 1, 6, tzinfo=UTC)
    requests = (
        project("P03", "P03 项目"),
        # January
        carry_in(fen("15.25"), at=OLD_SHOW),
        carry_in(fen("8"), at=OLD_LOTTERY),
        carry_in(fen("3"), at=OLD_CAPITAL),
        carry_in(fen("2"), at=OLD_COURSE),
        surplus_in(fen("10")),
        surplus_in(fen("5"), "special"),
        appropriate(fen("200"), at=STAFF),
        appropriate(fen("48.9"), at=OFFICE),
        appropriate(fen("1.5"), at=GUESTS),
        appropriate(fen("3.1"), at=CAR),
        appropriate(fen("4"), at=ABROAD),
        appropriate(fen("30"), at=PENSION),
        appropriate(fen("12"), at=HEALTH),
        appropriate(fen("18"), at=HOUSING),
        appropriate(fen("80"), at=SHOW),
        appropriate(fen("18"), at=VAN),
        appropriate(fen("25"), at=LOTTERY),
        appropriate(fen("0.5"), at=LOTTERY_GUESTS),
        appropriate(fen("4"), at=LAND_OFFICE),
        appropriate(fen("10"), at=CAPITAL),
        appropriate(fen("60"), at=OWN),
        appropriate(fen("9"), at=COURSE),
        appropriate(fen("20"), at=SHOP),
        appropriate(fen("3"), at=REMITTED),
        appropriate(fen("4"), at=AFFILIATE),
        request("cap", "01-15", item="vehicle-operation", amount_fen=fen("3.2")),
        # what came and went during the year
        income(fen("9"), at=COURSE, source="superior"),
        income(fen("50"), at=OWN, source="service"),
        income(fen("22"), at=SHOP, source="business"),
        income(fen("6"), at=OWN, source="affiliate"),
        income(fen("2.005"), at=OWN, source="other"),
        supplement(fen("3"), at=OFFICE),
        supplement(fen("20.5"), at=SHOW),
        cut(fen("10"), at=SHOW),
        *(supplement(fen("0.01"), at=relic) for relic in RELICS),
        supplement(fen("4"), at=LOTTERY),
        cut(fen("1.5"), at=LOTTERY),
        supplement(fen("6.5"), at=LAND),
        cut(fen("2"), at=CAPITAL),
        supplement(fen("1.5"), at=CAPITAL_OFFICE),
        use_surplus(fen("3"), at=OWN),
        use_surplus(fen("1"), "special", at=OWN),
        # general money
        spend("120.004", STAFF, "30101"),
        spend("70", STAFF, "30107"),
        spend("20.004", OFFICE, "30201"),
        spend("10.5", OFFICE, "30211"),
        spend("6.4", OFFICE, "31002"),
        spend("0.8", GUESTS, "30217"),
        spend("3", CAR, "30231"),
        spend("3.5", ABROAD, "30212"),
        spend("28.5", PENSION, "30108"),
        spend("11.25", HEALTH, "30110"),
        spend("18", HOUSING, "30113"),
        spend("45.2", SHOW, "30227"),
        spend("0.4", SHOW, "30217"),
        spend("30", SHOW, "30299", key="灯光"),
        refund("灯光", fen("1.2"), "11-20"),
        spend("17.68", VAN, "31013"),
        spend("12", OLD_SHOW, "30227"),
        *(spend("0.004", relic, "30213") for relic in RELICS),
        # the other funds
        spend("18", LOTTERY, "30299"),
        spend("5", LOTTERY, "31003"),
        spend("0.45", LOTTERY_GUESTS, "30217"),
        spend("8", OLD_LOTTERY, "30299"),
        spend("6", LAND, "31005"),
        spend("3.6", LAND_OFFICE, "30201"),
        spend("7", CAPITAL, "31204"),
        spend("1", OLD_CAPITAL, "31204"),
        spend("1.5", CAPITAL_OFFICE, "30201"),
        # the unit's own money
        spend("20", OWN, "30199"),
        spend("25", OWN, "30201"),
        spend("0.3", OWN, "30217"),
        spend("8", COURSE, "30299"),
        spend("2", OLD_COURSE, "30299"),
        spend("15", SHOP, "30218"),
        spend("3", REMITTED, "39999"),
        spend("4", AFFILIATE, "39999"),
        distribute(fen("0.5"), "tax", at=SHOP),
        distribute(fen("1.5"), "special", at=SHOP),
        distribute(fen("2"), "unrestricted", at=OWN),
        *more,
    )
    return year.record(*map(of_2024, requests))


LOAN = line("general", "2310301", "P01")
INTEREST = line("general", "2320301", "P01")
LAND_INTEREST = line("govfund", "2320411", "P02")
DEBT = (
    supplement(fen("7"), at=LOAN),
    supplement(fen("2"), at=INTEREST),
    supplement(fen("1.2"), at=LAND_INTEREST),
    spend("6.25", LOAN, "39999"),
    spend("1.5", INTEREST, "30701"),
    spend("1.2", LAND_INTEREST, "30701"),
)
"""What only the edition of 26 classes has rows for: classes 231 and 232."""

Rows = dict[str, tuple[str, ...]]
"""Row → what its columns print."""


def single(rows: dict[str, str]) -> Rows:
    """The rows of a table with one column."""
    return {row: (text,) for row, text in rows.items()}


def printed(cells: Cells, number: int) -> Rows:
    """Row → what its columns print, for every row that prints anything."""
    rows: dict[str, list[str]] = {}
    for cell in cells.table(number):
        rows.setdefault(cell.row, []).append(cells.printed(cell.id))
    return {row: tuple(texts) for row, texts in rows.items() if any(texts)}


def explained(cells: Cells) -> int:
    """That the entries of every cell add up to it, and its parts; how many are not nil."""
    for name in cells.all:
        answer = plain(explain(Report(cells), name))
        assert cells.fen(name) == sum(entry["fen"] for entry in answer["entries"]), name
        parts = answer["parts"]
        assert not parts or cells.fen(name) == sum(part["fen"] for part in parts), name
    return sum(cells.fen(name) != 0 for name in cells.all)
