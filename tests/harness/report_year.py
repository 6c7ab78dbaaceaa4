"""A year whose report says everything, or next to nothing: one unit, with money of every kind,
三公经费, receptions, trips, contracts, people, assets and targets, all of it times `k`.

    units = [Unit("A", "admin"), Unit("C", "institution")]
    recorded(folder, units, 2020, k=2)
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ledger.book import BookId
from ledger.line import BudgetLine
from ledger.requests import Request
from tests.harness.small_year import Year, appropriate, carry_in, income, pay, request, supplement


class Unit(NamedTuple):
    """A unit, and its kind."""

    code: str
    kind: str


OF_EVERY_KIND = (Unit("A", "admin"), Unit("B", "public-admin"), Unit("C", "institution"))
SOURCES = ("service", "business", "superior", "affiliate", "other")
VEHICLES = ("deputy", "leader", "confidential", "emergency", "law", "special", "retired", "other")


def recorded(
    folder: Path,
    units: Sequence[Unit],
    year: int,
    *,
    k: int = 1,
    edition: str = "2020",
    planned: bool = True,
    spent: bool = True,
    facts: bool = True,
) -> Year:
    """Books of a year; `k` 0: opened, and nothing happens. Where it is not `planned` all money is
    added during the year (追加); where it is not `spent` nothing is paid for 三公经费 or of other
    funds, and no contract is for small enterprises. Without `facts` nothing is said that moves no
    money."""
    made = []
    for unit in units:
        book = BookId(unit.code, year)
        said = {"unit_kind": unit.kind, "name": f"{unit.code}局"}
        opened = Year(folder, edition=edition, book=book, **said)
        if k:
            opened.record(*_money(unit, year, k, planned=planned, spent=spent))
        if facts:
            opened.record(*_facts(unit, year, k, spent=spent))
        made.append(opened)
    return made[0]


def _money(unit: Unit, year: int, k: int, *, planned: bool, spent: bool) -> Iterator[Request]:
    def on(day: str) -> str:
        return f"{year}-{day}"

    def line(func: str, project: str = "-", econ: str = "-", **more: Any) -> BudgetLine:
        fund = more.get("fund", "general")
        spending = more.get("spending", "basic" if project == "-" else "project")
        return BudgetLine.make(fund, func, spending, project, econ, more.get("origin", year))

    def money(at: BudgetLine, fen: int, *paid: tuple[str, int]) -> Iterator[Request]:
        give = appropriate if planned else supplement
        yield give(fen * k, on("01-02"), at=at)
        for econ, paid_fen in paid:
            yield pay(paid_fen * k, on("03-05"), at=at, econ=econ)

    basic = ("30101", 300_000_00), ("30201", 60_000_00), ("31002", 40_000_00)
    yield from money(line("2010101"), 500_000_00, *basic)
    yield from money(line("2080101"), 100_000_00, ("30301", 90_000_00))
    yield from money(line("2010102", "P01"), 200_000_00, ("30299", 150_000_00))
    for econ, fen in (("30212", 30_000_00), ("30217", 20_000_00), ("30231", 15_000_00)):
        yield from money(line("2010101", econ=econ), fen, *([(econ, fen)] if spent else []))
    if spent:
        yield from money(line("2010101", econ="31013"), 120_000_00, ("31013", 120_000_00))
    yield from money(line("2130101"), 10_000_00, ("30101", 10_000_00))
    carried = line("2010102", "P01", origin=year - 1)
    yield carry_in(50_000_00 * k, on("01-02"), at=carried)
    yield pay(20_000_00 * k, on("04-05"), at=carried, econ="30299")
    gov = line("2120803", "P02", fund="govfund")
    yield from money(gov, 80_000_00, *([("30299", 70_000_00)] if spent else []))
    capital = line("2230105", "P02", fund="statecapital")
    yield from money(capital, 60_000_00, *([("31299", 60_000_00)] if spent else []))
    if unit.kind == "institution":
        own = line("2010150", fund="nonfiscal")
        for source in SOURCES:
            yield income(10_000_00 * k, on("02-05"), at=own, source=source)
        for spending in ("basic", "business", "remit-superior", "affiliate-subsidy"):
            at = line("2010150", fund="nonfiscal", spending=spending)
            yield from money(at, 5_000_00, ("30299", 5_000_00))


def _facts(unit: Unit, year: int, k: int, *, spent: bool) -> Iterator[Request]:
    def fact(kind: str, **said: Any) -> Request:
        return request(kind, f"{year}-12-31", **said)

    for item, count in (("admin", 12), ("institution", 23), ("institution_civil", 15)):
        yield fact("headcount", item=item, count=count * k)
    yield fact("headcount", item="retired", count=7 * k)
    yield fact("headcount", item="quota_admin", count=14 * k)
    for n, kind in enumerate(VEHICLES, 1):
        yield fact("asset", item=f"vehicles.{kind}", count=n * k)
    for item in ("vehicles-bought", "vehicles-kept", "equipment-general", "equipment-special"):
        yield fact("asset", item=item, count=3 * k)
    yield fact("asset", item="equipment", count=2 * k)
    if not k:
        return
    if spent:
        yield from _three_public(fact, k)
    signed = (
        ("goods", "large", "none"),
        ("works", "medium", "sme"),
        ("services", "micro", "micro"),
    )
    for n, (kind, size, reserved) in enumerate(signed if spent else signed[:1]):
        yield fact("contract", no=f"{unit.code}{n}", procurement_type=kind, supplier="某公司",
                   size=size, reserved=reserved, amount_fen=10_000_00 * k * (n + 1))  # fmt: skip
    for whole in (False, True):
        yield from _performance(fact, department=whole)


def _three_public(fact: Callable[..., Request], k: int) -> Iterator[Request]:
    yield fact("trip", amount_fen=30_000_00 * k, groups=1, persons=4)
    yield fact("reception", amount_fen=15_000_00 * k, batches=2, persons=9, companions=2,
               category="外省市")  # fmt: skip
    yield fact("reception", amount_fen=5_000_00 * k, batches=1, persons=3, guests="foreign")


def _performance(fact: Callable[..., Request], *, department: bool) -> Iterator[Request]:
    """Two projects that are evaluated, one of which has no general money, and the whole unit."""
    rows = (("1", "≥95%", "96%"), ("2", "100件", "111件"), ("3", "1500万元", "1544万元"))
    for project in ("P01", "P02", ""):
        for no, value, actual in (*rows, ("4", "良好", "良好")):
            of = {"project": project, "no": no, "department": department}
            said = {"level1": "产出", "level3": f"指标{no}", "value": value}
            yield fact("target", **of, **said, weight_hundredths=2500)
            yield fact("result", **of, actual=actual)
