"""Figures beside the tables: what they are, and that each is followed to its entries, those of last
year's book too."""

import csv
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.commands.keep.demo import BOOK as DEMO
from cli.commands.keep.demo import record_year
from ledger.book import BookId
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.explain import explain, where_used
from projections.report.figure import Ratio, Report
from projections.report.one_figure import Unit, figure
from projections.views.last_year import with_last_year
from projections.views.reading import ALL, Reading, reading
from projections.views.source import Meant, of_units
from tests.harness.plain import plain
from tests.harness.small_year import Year, appropriate, carry_in, line, pay, request

GOLDEN = Path(__file__).parents[2] / "golden" / "jianghan_2020" / "narrative.csv"


def _printed_in_2020() -> set[str]:
    """The figures that the published report prints in its sentences."""
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        return {row["figure"] for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    db = SqlitePlace(tmp_path_factory.mktemp("figures") / "demo.db")
    record_year(db, actor="测试")
    with reading(db, DEMO) as opened:
        yield opened


@pytest.fixture(scope="module")
def published(demo: Reading) -> Report:
    return Report(Cells(demo))


def test_the_lists_of_the_published_report(published: Report) -> None:
    """It lists 福利费, of which there is none, and leaves 医疗费补助 out."""
    personnel = published.figure("N.s6.personnel_items").value
    public = published.figure("N.s6.public_items").value
    assert isinstance(personnel, tuple)
    assert isinstance(public, tuple)
    assert "医疗费补助" in personnel
    assert "福利费" not in public
    assert (len(personnel), len(public)) == (15, 15)
    codes = published.figure("N.glossary.codes").value
    assert isinstance(codes, tuple)
    assert {"2100410", "2101103", "2101199", "2119901"} <= {*codes}
    assert not [code for code in codes if str(code).startswith("20807")]


@pytest.mark.parametrize("edition", ["2020", "2022", "2024", "2024-26"])
def test_every_edition_has_the_same_figures_and_each_explains_itself(
    demo: Reading, edition: str
) -> None:
    report = Report(Cells(demo._replace(edition=edition)))
    assert _printed_in_2020() <= {*report.ids}
    for name in report.ids:
        explain(report, name)  # whatever does not add up is refused
    exact = report.figure("N.s3.basic_share").value
    assert exact == Ratio(1_180_421_000, 5_791_891_000)


def test_a_plan_has_no_narrative(demo: Reading) -> None:
    report = Report(Cells(demo._replace(edition="budget-2024")))
    assert not [name for name in report.ids if name.startswith("N.")]


@given(
    st.integers(min_value=-(10**14), max_value=10**14),
    st.integers(min_value=-(10**14), max_value=10**14).filter(bool),
    st.sampled_from([0, 1, 2]),
)
def test_a_percent_is_rounded_once_half_up(of: int, base: int, decimals: int) -> None:
    exact = Fraction(of * 100 * 10**decimals, base)
    nearest = int(abs(exact) + Fraction(1, 2)) * (-1 if exact < 0 else 1)
    shown = Ratio(of, base).rounded(decimals).replace(",", "")
    assert Fraction(shown) * 10**decimals == nearest


def test_what_get_says_of_each_kind(published: Report) -> None:
    share = plain(figure(published, "N.s3.basic_share", Unit.YUAN))
    assert share == {"cell": "N.s3.basic_share", "kind": "percent", "value": "20.4",
                     "printed": "20.4%", "unit": "%"}  # fmt: skip
    total = plain(figure(published, "N.s1.total", Unit.WAN))
    assert total == {"cell": "N.s1.total", "kind": "amount", "fen": 8_434_893_200,
                     "value": "8434.89", "printed": "8,434.89", "unit": "万元"}  # fmt: skip


def test_what_get_says_where_last_year_is_not_known(tmp_path: Path) -> None:
    year = Year(tmp_path).record(appropriate(9_00))
    with reading(SqlitePlace(year.db), year.book) as opened:
        report = Report(Cells(opened))
        needed = plain(figure(report, "N.s1.change", Unit.YUAN))
        assert (needed["fen"], needed["value"], needed["printed"]) == (None, None, "")
        wanted = report.figure("N.s1.change").needed
    assert [each[:2] for each in wanted] == [("N.s1.total", "prior")]


def test_a_share_is_explained_by_the_entries_of_both_its_parts(published: Report) -> None:
    answer = plain(explain(published, "N.s3.basic_share"))
    assert answer["parts"] == [
        {"cell": "N.s3.basic", "fen": 1_180_421_000},
        {"cell": "N.s3.spend", "fen": 5_791_891_000},
    ]
    assert answer["value"] == "20.4"
    assert [part["cell"] for part in answer["tree"]["parts"]] == ["N.s3.basic", "N.s3.spend"]
    assert sum(entry["fen"] for entry in answer["entries"]) == 5_791_891_000


# ---- last year's book


def year_of(folder: Path, year: int, paid: int, **facts: Any) -> Year:
    made = Year(folder, book=BookId("A", year), **facts)
    at = line(func="2010101", project="-", origin=year)
    made.record(appropriate(1000_00, f"{year}-01-02", at=at))
    if paid:
        made.record(pay(paid, f"{year}-03-05", at=at))
    return made


def both(db: Path, unit: str = "A") -> Iterator[Report]:
    with with_last_year(SqlitePlace(db), Meant((BookId(unit, 2020),), ALL)) as (now, before):
        cells = Cells(now)
        yield Report(cells, Report(Cells(before, cells.edition)) if before.books else None)


@pytest.mark.parametrize(
    ("then", "now", "change", "rate", "word", "signs"),
    [
        (100_00, 250_00, 150_00, "150.0%", "增加", [250_00, -100_00]),
        (300_00, 200_00, 100_00, "33.3%", "减少", [-200_00, 300_00]),
        (200_00, 200_00, 0, "0.0%", "持平", [200_00, -200_00]),
        (0, 50_00, 50_00, "", "增加", [50_00, 0]),
        (50_00, 0, 50_00, "100.0%", "减少", [0, 50_00]),
    ],
)
def test_change_against_last_years_book(
    tmp_path: Path, then: int, now: int, change: int, rate: str, word: str, signs: list[int]
) -> None:
    year_of(tmp_path, 2019, then)
    year = year_of(tmp_path, 2020, now)
    for report in both(year.db):
        found = report.figure("N.s5a.change")
        assert (found.value, found.source) == (change, "last-year-book")
        assert report.figure("N.s5a.change_rate").printed == rate
        assert report.figure("N.s5a.direction").value == word
        answer = plain(explain(report, "N.s5a.change"))
        assert [part["fen"] for part in answer["parts"]] == signs
        assert [part["cell"] for part in answer["parts"]] == ["N.s5a.spend", "N.s5a.spend@2019"]
        assert sum(entry["fen"] for entry in answer["entries"]) == change
        assert {entry.get("book") for entry in answer["entries"]} <= {None, "A/2019"}
        assert ("A/2019" in {each.get("book") for each in answer["entries"]}) == (then > 0)


def test_last_years_change_leads_on_to_the_year_before(tmp_path: Path) -> None:
    """Of which no book of the file says anything."""
    year_of(tmp_path, 2019, 300_00)
    year = year_of(tmp_path, 2020, 200_00)
    for report in both(year.db):
        answer = plain(explain(report, "N.s5a.change@2019"))
        assert {part["cell"] for part in answer["parts"]} == {
            "N.s5a.spend@2019",
            "N.s5a.spend@2018@2019",
        }
        assert report.figure("N.s5a.spend@2018@2019").value is None


def test_an_entry_of_this_year_is_used_by_what_is_compared_with_last_year(tmp_path: Path) -> None:
    year_of(tmp_path, 2019, 300_00)
    year = year_of(tmp_path, 2020, 200_00)
    for report in both(year.db):
        used = {each["cell"]: each.get("fen") for each in plain(where_used(report, 5))["cells"]}
        assert used["N.s5a.change"] == -200_00
        assert used["N.s5a.change_rate"] is None
        assert "N.s2.fiscal" not in used


def test_a_department_of_which_one_unit_has_no_book_of_last_year(tmp_path: Path) -> None:
    year_of(tmp_path, 2019, 300_00)
    year_of(tmp_path, 2020, 200_00)
    other = Year(tmp_path, book=BookId("B", 2020))
    place = SqlitePlace(other.db)
    with with_last_year(place, of_units(place, 2020)) as (now, before):
        cells = Cells(now)
        report = Report(cells, Report(Cells(before, cells.edition)))
        (needed,) = report.figure("N.s5a.change").needed
        assert needed.slot == "N.s5a.spend"
        assert "B 2019 年" in needed.message


# ---- 机关运行经费


@pytest.mark.parametrize(
    ("kinds", "running"),
    [
        (("admin", "institution"), 100_00),
        (("admin", "public-admin"), 200_00),
        (("institution", "institution"), None),
    ],
)
def test_running_expenses_are_those_of_agencies(
    tmp_path: Path, kinds: tuple[str, str], running: int | None
) -> None:
    for unit, kind in zip("AB", kinds, strict=True):
        year = Year(tmp_path, book=BookId(unit, 2020), unit_kind=kind)
        at = line(func="2010101", project="-")
        year.record(appropriate(500_00, at=at), pay(100_00, at=at), pay(70_00, at=at, econ="30101"))
    place = SqlitePlace(year.db)
    with with_last_year(place, of_units(place, 2020)) as (now, _):
        report = Report(Cells(now))
        assert report.figure("N.s10.run").value == (running or 0)
        findings = check(report)
        assert not [each for each in findings.findings if each.code == "X13"]
        assert bool([each for each in findings.not_run if each.code == "X13"]) == (running is None)


def test_the_published_running_expenses_differ_by_rounding(published: Report) -> None:
    (found,) = [each for each in check(published).findings if each.code == "X13"]
    assert (found.tier, found.cells) == ("info", ["N.s10.run", "T6.公用经费合计"])
    assert "178.82" in found.message
    assert "178.81" in found.message


def test_running_expenses_that_table_6_has_no_row_for(tmp_path: Path) -> None:
    """30701 is in table 6 of 2020 and not in that of 2024."""
    year = Year(tmp_path, unit_kind="admin", edition="2024")
    at = line(func="2010101", project="-")
    year.record(appropriate(500_00, at=at), pay(100_00, at=at, econ="30701"))
    found = year.ask(lambda opened: check(Report(Cells(opened))))["findings"]
    own = [(f["tier"], f["left_fen"], f["right_fen"]) for f in found if f["code"] == "X13"]
    assert own == [("error", 100_00, 0)]


def test_carry_over_is_told_from_money_of_the_year(tmp_path: Path) -> None:
    """The dimension `origin` of a selection, on both ways: adding up, and following entries."""
    from projections.questions.measures import Measure
    from projections.report.followed import WantedLeaf, moved
    from projections.report.selection import Selection

    year = Year(tmp_path).record(
        appropriate(500_00), carry_in(50_00), pay(100_00), pay(20_00, at=line(origin=2019))
    )

    def asked(opened: Reading) -> None:
        cells = Cells(opened)
        for origin, fen in (("current", 100_00), ("carryover", 20_00)):
            wanted = Selection(((Measure.EXPENDITURE, 1),), origin=(origin,))
            assert cells.facts.total(wanted) == fen
            (entries,) = moved(opened, [WantedLeaf("x", wanted)]).values()
            assert sum(entries.values()) == fen

    year.ask(asked)


# ---- facts


def test_the_figures_of_facts(tmp_path: Path) -> None:
    """A contract with what was paid of it; receptions and trips."""
    at = line(func="2010101", project="-")
    year = Year(tmp_path).record(
        appropriate(500_00, at=at),
        request("contract", "01-03", no="HT-1", procurement_type="goods", amount_fen=200_00,
                supplier="某公司", size="small"),
        pay(70_00, at=at, contract="HT-1"),
        request("reception", "05-01", amount_fen=9_00, batches=2, persons=5, companions=1),
        request("trip", "06-01", amount_fen=30_00, groups=1, persons=3),
    )  # fmt: skip

    def asked(opened: Reading) -> None:
        report = Report(Cells(opened))
        values = {name: report.figure(name).value for name in report.ids if name[0] == "P"}
        assert values == {
            "P.reception.amount": 9_00, "P.reception.batches": 2, "P.reception.persons": 5,
            "P.reception.companions": 1, "P.trip.amount": 30_00, "P.trip.groups": 1,
            "P.trip.persons": 3, "P.contract.HT-1.amount": 200_00, "P.contract.HT-1.paid": 70_00,
            "P.contract.HT-1.left": 130_00, "P.contract.HT-1.supplier": "某公司",
            "P.contract.HT-1.type": "货物", "P.contract.HT-1.size": "小型企业",
            "P.contract.HT-1.reserved": "未预留", "P.contract.HT-1.signed": "2020-01-03",
            "P.contract.HT-1.due": None,
        }  # fmt: skip
        left = plain(explain(report, "P.contract.HT-1.left"))
        assert [(e["entry"], e["fen"]) for e in left["entries"]] == [(5, 200_00), (6, -70_00)]
        used = {each["cell"] for each in plain(where_used(report, 6))["cells"]}
        assert {"P.contract.HT-1.paid", "P.contract.HT-1.left", "T1.57"} <= used

    year.ask(asked)


def test_what_a_figure_lacks_is_told_with_it(tmp_path: Path) -> None:
    year = Year(tmp_path).record(appropriate(9_00))
    with reading(SqlitePlace(year.db), year.book) as opened:
        answer = plain(explain(Report(Cells(opened)), "N.s1.change"))
    assert answer["fen"] is None
    assert answer["missing"] == [
        f"2019 年的收、支总计（N.s1.total），本文件中没有 {year.book.unit} 2019 年的账套"
    ]


def test_a_place_that_two_units_fill_is_found(tmp_path: Path) -> None:
    for unit in "AB":
        year = Year(tmp_path, book=BookId(unit, 2020))
        year.record(
            request("reason", "12-31", slot="N.s1.change", text=unit, department=True),
            request("reason", "12-31", slot="N.s4.change", text=unit),
        )
    place = SqlitePlace(year.db)
    with with_last_year(place, of_units(place, 2020)) as (now, _):
        found = [each for each in check(Report(Cells(now))).findings if each.code == "SLOT.TWICE"]
        (twice,) = found
        assert twice.tier == "warn"
        assert (
            twice.message == "部门的原因 N.s1.change 由几个账套写明：A/2020 第 4 笔、B/2020 第 4 笔"
        )
        assert len(twice.try_ or ()) == 2


def test_last_year_of_a_department_is_books_and_what_was_said_together(tmp_path: Path) -> None:
    """Unit A has a book of last year, unit B says what it had; the entries of both count."""
    year_of(tmp_path, 2019, 300_00)
    year_of(tmp_path, 2020, 200_00)
    other = Year(tmp_path, book=BookId("B", 2020))
    other.record(request("prior", "12-31", cell="T5.合计.1", amount_fen=70_00))
    place = SqlitePlace(other.db)
    with with_last_year(place, of_units(place, 2020)) as (now, before):
        cells = Cells(now)
        report = Report(cells, Report(Cells(before, cells.edition)))
        last = report.last_year("N.s5a.spend")
        assert (last.value, last.source, last.needed) == (370_00, "prior", ())
        answer = plain(explain(report, "N.s5a.change"))
        assert (answer["fen"], report.figure("N.s5a.direction").value) == (170_00, "减少")
        assert [(e["book"], e["kind"], e["fen"]) for e in answer["entries"]] == [
            ("A/2019", "pay", 300_00),
            ("A/2020", "pay", -200_00),
            ("B/2020", "prior", 70_00),
        ]
