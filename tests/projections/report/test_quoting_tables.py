"""Tables that have rows for contracts and assets, and cells that quote figures beside them: of a
book, of a department, beside last year's; and what is wrong with such an edition."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ledger.book import BookId
from ledger.errors import WrongCells
from ledger.line import BudgetLine
from ledger.requests import Request
from ledger.store.sqlite.place import SqlitePlace
from projections.report.against.against import against
from projections.report.against.said import printed
from projections.report.beside import beside, drawn, in_columns
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.edition_copy import files
from projections.report.edition_folder import read
from projections.report.editions import Edition, edition
from projections.report.explain import explain, where_used
from projections.report.figure import Report
from projections.report.one_figure import Unit, figure
from projections.report.tables import grid, table
from projections.views.last_year import compared, with_last_year
from projections.views.reading import Reading, reading
from projections.views.source import of_units
from tests.harness.plain import plain
from tests.harness.small_year import Year, appropriate, line, pay, project, request

QUOTING = Path(__file__).parents[2] / "golden" / "editions" / "quoting"
RUNNING, GUESTS = (line(econ, project="-", func="2010101") for econ in ("302", "30217"))
WAN = 1_000_000


@pytest.fixture(scope="module")
def forms() -> Edition:
    return read(QUOTING)


def contract(no: str, fen: int, supplier: str, on: str = "01-03", **more: Any) -> Request:
    given = {"procurement_type": "goods", "size": "small", **more}
    return request("contract", on, no=no, amount_fen=fen, supplier=supplier, **given)


def vehicles(count: int, item: str = "vehicles.other", on: str = "12-31", fen: int = 0) -> Request:
    return request("asset", on, item=item, count=count, amount_fen=fen)


def filled(year: Year) -> Year:
    """Two contracts of the year and one of before; receptions; vehicles and equipment."""
    return year.record(
        appropriate(100 * WAN, at=RUNNING),
        appropriate(2 * WAN, at=GUESTS),
        appropriate(50 * WAN),
        contract("HT-2", 6 * WAN, "乙公司", due=request("x", "12-01").given["occurred_on"]),
        contract("HT-1", 20 * WAN + 4_900, "123", procurement_type="services"),
        contract("HT-0", 9 * WAN, "丙公司", signed=request("x", "2019-11-30").given["occurred_on"]),
        pay(5 * WAN, "03-05", at=RUNNING, econ="30201", contract="HT-1"),
        pay(2 * WAN, "03-06", at=RUNNING, econ="30201", contract="HT-0"),
        pay(1 * WAN, "04-01", at=GUESTS, econ="30217"),
        pay(30 * WAN, "04-02", econ="30299"),
        request("reception", "04-01", amount_fen=1 * WAN, batches=3, persons=1_200, companions=2),
        vehicles(2, fen=30 * WAN),
        vehicles(1, "vehicles.law"),
        vehicles(4, "vehicles-kept"),
        vehicles(0, "equipment-general"),
    )


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return filled(Year(tmp_path_factory.mktemp("quoting"), unit_kind="admin"))


@pytest.fixture
def report(year: Year, forms: Edition) -> Iterator[Report]:
    with reading(SqlitePlace(year.db), year.book) as opened:
        yield Report(Cells(opened, forms))


def rows(report: Report, number: int) -> list[list[str]]:
    """What a table prints."""
    answer = table(report.cells, number)
    return grid(report.source.header(), answer, report.edition, "某局").rows


def test_contracts_are_listed_in_their_order(report: Report) -> None:
    """Of before too; amounts have 合计, words none."""
    assert rows(report, 10) == [
        ["", "", "合计", "", "", "", "35.00", "7.00", "28.00"],
        ["1", "HT-0", "丙公司", "货物", "2019-11-30", "", "9.00", "2.00", "7.00"],
        ["2", "HT-1", "123", "服务", "2020-01-03", "", "20.00", "5.00", "15.00"],
        ["3", "HT-2", "乙公司", "货物", "2020-01-03", "2020-12-01", "6.00", "", "6.00"],
    ]
    kinds = [column.kind for column in _grid(report, 10).columns]
    assert kinds == ["mark", "word", "word", "word", "word", "word", *["figure"] * 3]
    assert report.figure("T10.合计.6").fen == 28 * WAN + 4_900
    assert "T10.合计.1" not in report.cells.all


def _grid(report: Report, number: int) -> Any:
    answer = table(report.cells, number)
    return grid(report.source.header(), answer, report.edition, "某局")


def test_assets_are_listed_as_the_edition_has_them(report: Report) -> None:
    """Those that were counted and the sums of such, none of them added to another."""
    assert rows(report, 11) == [
        ["1", "执法执勤用车", "辆", "1", ""],
        ["2", "其他用车", "辆", "2", "30.00"],
        ["3", "公务用车", "辆", "3", "30.00"],
        ["4", "公务用车保有量", "辆", "4", ""],
        ["5", "通用设备", "台（套）", "0", ""],
    ]
    assert not [name for name in report.cells.all if name.startswith("T11.合计")]
    with_ids = report.edition.with_ids()
    drawn_ids = grid(report.source.header(), table(report.cells, 11), with_ids, "某局")
    assert [row[1] for row in drawn_ids.rows][:2] == ["vehicles.law", "vehicles.other"]


def test_a_table_of_fixed_rows_quotes_whatever_there_is(report: Report) -> None:
    """Amounts as the form prints them, counts with separators, percents, words."""
    told = {row[0]: row[2:4] for row in rows(report, 12)}
    assert told["公务接待费"] == ["2.00", "1.00"]
    assert told["国内公务接待批次（批）"] == ["—", "3"]
    assert told["国内公务接待人次（人）"] == ["—", "1,200"]
    assert told["公务用车（辆）"] == ["—", "3"]
    assert told["公务用车两数合计（辆）"] == ["—", "7"]
    assert told["通用设备单价起点（万元）"] == ["—", "50"]
    assert told["三公经费完成预算"] == ["—", "50.0%"]
    right = {row[4]: row[6] for row in rows(report, 12)}
    assert right["机关运行经费"] == "8.00"
    assert (right["货物"], right["工程"], right["服务"]) == ("6.00", "", "20.00")
    assert right["政府采购支出合计"] == "26.00"
    assert rows(report, 13)[0] == ["26.00", "6.00", "20.00", "123", "5.00"]
    assert rows(report, 14)[1] == ["1", "P02", "P02 项目", "50.00", "30.00", "60.0%", ""]


def test_what_is_no_amount_is_told_as_its_figure_is(report: Report) -> None:
    """In JSON a kind and a value in the place of fen; amounts as ever."""
    cells = {cell["id"]: cell for cell in plain(table(report.cells, 12))["cells"]}
    assert cells["T12.4.2"] == {
        "id": "T12.4.2", "row": "4", "label": "公务用车（辆）", "column": "2", "printed": "3",
        "kind": "count", "value": 3, "unit": "辆",
    }  # fmt: skip
    assert cells["T12.11.3"].keys() == {"id", "row", "label", "column", "fen", "printed"}
    assert (cells["T12.6.2"]["kind"], cells["T12.6.2"]["value"]) == ("percent", "50.0")
    got = plain(figure(report, "T12.3.2", Unit.YUAN))
    assert (got["kind"], got["value"], got["unit"]) == ("count", 1_200, "人次")
    assert plain(figure(report, "T10.HT-1.4", Unit.YUAN))["value"] == "200049.00"
    assert "fen" not in cells["T12.12.3"]


def test_every_cell_is_followed_to_entries_that_add_up(report: Report) -> None:
    """The sum is proved for amounts and counts; what a word rests on has its entries, too."""
    for name in report.cells.all:
        told = plain(explain(report, name))
        if told["kind"] == "amount":
            assert sum(each["fen"] for each in told["entries"]) == told["fen"], name
        if told["kind"] == "count" and name != "T12.7.2":  # which the edition sets
            assert sum(each["count"] for each in told["entries"]) == told["value"], name
    told = plain(explain(report, "T10.HT-1.2"))
    assert [(part["cell"], part["value"]) for part in told["parts"]] == [
        ("P.contract.HT-1.signed", "2020-01-03")
    ]
    assert [each["kind"] for each in told["entries"]] == ["contract"]
    paid = plain(explain(report, "T10.合计.5"))["entries"]
    assert [(each["kind"], each["fen"]) for each in paid] == [("pay", 5 * WAN), ("pay", 2 * WAN)]
    used = {each["cell"]: each for each in plain(where_used(report, paid[0]["entry"]))["cells"]}
    assert {"T10.HT-1.5", "T10.HT-1.6", "T10.合计.5", "T13.5", "T12.11.3"} <= used.keys()
    assert used["T10.HT-1.6"]["fen"] == -5 * WAN


def test_a_relation_between_counts_is_told_in_counts(report: Report) -> None:
    found = [each for each in check(report).findings if each.code in ("X60", "X61")]
    (only,) = found
    assert only.message == "公务用车等于保有量：3 与 4 不符"
    assert (only.cells, only.left_fen) == (["T12.4.2", "T12.5.2"], None)


def test_what_was_printed_is_held_against_quoted_cells(report: Report) -> None:
    """As numbers of their kind; one that is printed wrong is an error."""
    asked = {"T12.4.2": "3", "T12.3.2": "1200", "T12.2.2": "5", "T10.HT-2.3": "2020-12-01",
             "T12.8.2": "7", "T14.P02.3": "60%", "T10.合计.4": "35.00"}  # fmt: skip
    found, unsaid = against(report, [printed(report, *each) for each in asked.items()])
    assert [(each.code, each.cells) for each in found] == [("AGAINST.DIFFERS", ["T12.2.2"])]
    assert unsaid == []


def test_sentences_may_quote_a_cell_that_quotes(report: Report) -> None:
    vehicles = report.figure("N.own.vehicles")
    assert (vehicles.kind, vehicles.value, vehicles.printed) == ("count", 3, "3")
    assert report.figure("N.own.bought").parts == ((1, "T13.1"), (1, "T3.合计.1"))


def test_lists_are_of_a_day(year: Year, forms: Edition) -> None:
    """What was not yet said is in no row."""

    def asked(opened: Reading) -> Any:
        cells = Cells(opened, forms)
        return [cell.row for cell in table(cells, 11).cells], cells.printed("T10.合计.5")

    assert year.ask(asked, as_of="03-05") == ([], "5.00")


class Units(NamedTuple):
    """Three units of a department."""

    place: SqlitePlace


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Units:
    folder = tmp_path_factory.mktemp("units")
    a = filled(Year(folder, book=BookId("A", 2020), unit_kind="admin"))
    b = Year(folder, book=BookId("B", 2020), name="乙单位")
    b.record(
        appropriate(10 * WAN, at=RUNNING),
        contract("HT-1", 3 * WAN, "丁公司", procurement_type="works"),
        pay(1 * WAN, "05-05", at=RUNNING, econ="30201", contract="HT-1"),
        vehicles(5),
    )
    Year(folder, book=BookId("C", 2020), name="丙单位").record(
        appropriate(10 * WAN, at=RUNNING), vehicles(0), vehicles(0, "equipment-special")
    )
    return Units(SqlitePlace(a.db))


def test_a_department_adds_up_what_its_units_say(units: Units, forms: Edition) -> None:
    """Of one contract number in two books amounts are added and words said side by side; what a
    unit has yet to say is missing, and marked."""
    with with_last_year(units.place, of_units(units.place, 2020)) as (now, before):
        report = Report(Cells(now, forms), Report(Cells(before, forms)))
        assert rows(report, 10)[2] == [
            *("2", "HT-1", "123、丁公司", "服务、工程", "2020-01-03", ""),
            *("23.00", "6.00", "17.00"),
        ]
        counted = {row[1]: row[2:] for row in rows(report, 11)}
        assert counted["公务用车"] == ["辆", "8", "30.00"]
        assert counted["通用设备"] == ["台（套）", "【缺】", ""]
        answer = table(report.cells, 11)
        cell = next(each for each in answer.cells if each.id == "T11.equipment-general.2")
        assert (cell.value, cell.printed) == (None, "")
        notes = grid(report.source.header(), answer, forms, "某局").notes
        assert "缺：B 的通用设备（N.s12.equipment-general），没有的登记 0" in notes
        assert report.cells.printed("T12.4.2") == "8"
        for name in report.cells.all:
            told = plain(explain(report, name))
            if told["kind"] == "amount":
                assert sum(each["fen"] for each in told["entries"]) == told["fen"], name
        entries = plain(explain(report, "T12.4.2"))["entries"]
        assert [(each["book"], each["count"]) for each in entries] == [
            ("A/2020", 2), ("A/2020", 1), ("B/2020", 5), ("C/2020", 0),
        ]  # fmt: skip


def of_before(**parts: str) -> BudgetLine:
    return line("302", 2019, project="-", func="2010101", **parts)


def test_last_year_stands_beside_whatever_a_cell_is(tmp_path: Path, forms: Edition) -> None:
    """Rows of either year; amounts and counts with their change, words without."""
    Year(tmp_path, book=BookId("420103", 2019), unit_kind="admin").record(
        appropriate(9 * WAN, "2019-01-02", at=of_before()),
        contract("HT-9", 2 * WAN, "戊公司", "2019-02-02"),
        pay(2 * WAN, "2019-03-05", at=of_before(), econ="30201", contract="HT-9"),
        vehicles(7, on="2019-12-31"),
        vehicles(1, "equipment-special", on="2019-12-31"),
    )
    year = filled(Year(tmp_path, unit_kind="admin"))
    place = SqlitePlace(year.db)
    with with_last_year(place, of_units(place, 2020)) as (now, before):
        report = Report(Cells(now, forms), Report(Cells(before, forms)))
        then = report.before.cells if report.before else None
        assert then is not None
        contracts = {each.id: each for each in beside(report.cells, then, 10).cells}
        assert [each for each in contracts if each.endswith(".5")] == [
            f"T10.{row}.5" for row in ("合计", "HT-0", "HT-1", "HT-2", "HT-9")
        ]
        total, gone = contracts["T10.合计.5"], contracts["T10.HT-9.1"]
        assert (total.last_year_fen, total.change_fen, total.change_rate) == (
            *(2 * WAN, 5 * WAN, "2.5000"),
        )
        assert (gone.value, gone.last_year_value, gone.label) == (None, "货物", "戊公司")
        assert contracts["T10.HT-9.4"].fen == 0
        both = beside(report.cells, then, 11)
        assets = {each.id: each for each in both.cells}
        car = assets["T11.vehicles.2"]
        assert (car.value, car.last_year_value, car.change_value, car.change_rate) == (
            *(3, 7, -4, "-0.5714"),
        )
        assert assets["T11.equipment-special.2"].value == 0
        told = drawn(now.header(), both, forms, "某局", compared(before))
        laid = in_columns(told).rows
        names = [row[1] for row in laid]
        assert names[2:] == [
            "公务用车",
            "公务用车保有量",
            "通用设备",
            "专用设备",
        ]
        assert laid[2][2:7] == ["辆", "3", "7", "-4", "-57.14%"]
        assert report.figure("T12.12.3").value == "增加"
        last = report.figure("T12.11.3@2019")
        assert (last.fen, last.parts) == (2 * WAN, ((1, "N.s10.run@2019"),))
        entries = plain(explain(report, "T12.11.3@2019"))["entries"]
        assert sum(each["fen"] for each in entries) == 2 * WAN


def test_what_was_said_of_last_year_is_that_of_a_quoted_figure(
    tmp_path: Path, forms: Edition
) -> None:
    year = filled(Year(tmp_path, unit_kind="admin"))
    year.record(request("prior", "12-31", cell="N.s10.run", amount_fen=9 * WAN))
    with reading(SqlitePlace(year.db), year.book) as opened:
        report = Report(Cells(opened, forms))
        assert report.figure("T12.11.3@2019").fen == 9 * WAN
        assert report.figure("T12.12.3").value == "减少"
        total = report.figure("T12.13.3@2019")
        assert (total.value, len(total.needed)) == (None, 3)
    goods = ("goods", "works", "services")
    year.record(
        *(request("prior", "12-31", cell=f"N.s11.{of}", amount_fen=WAN) for of in goods),
    )
    with reading(SqlitePlace(year.db), year.book) as opened:
        report = Report(Cells(opened, forms))
        assert report.figure("T12.13.3@2019").fen == 3 * WAN
        entries = plain(explain(report, "T12.13.3@2019"))["entries"]
        assert [each["kind"] for each in entries] == ["prior"] * 3


def test_a_book_without_facts_has_tables_without_rows(tmp_path: Path, forms: Edition) -> None:
    year = Year(tmp_path).record(appropriate(9_00), project("P03", "新项目"))
    with reading(SqlitePlace(year.db), year.book) as opened:
        report = Report(Cells(opened, forms))
        assert rows(report, 10) == [["", "", "合计", "", "", "", "", "", ""]]
        assert table(report.cells, 10).statement == "示例局2020年度没有政府采购合同。"
        assert rows(report, 11) == []
        assert rows(report, 12)[3][3] == "【缺】"
        assert rows(report, 13)[0] == ["", "", "", "", ""]
        assert report.figure("T13.4").value is None


@pytest.mark.parametrize("base", ["2022", "2024", "2024-26"])
def test_editions_of_other_years_quote_the_same(tmp_path: Path, year: Year, base: str) -> None:
    """Without separators, nil as 0.00."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for file in QUOTING.iterdir():
        folder.joinpath(file.name).write_bytes(file.read_bytes())
    sheet = folder.joinpath("edition.toml")
    plainly = '\n[print]\nnil = "0.00"\nseparators = false\n'
    sheet.write_text(sheet.read_text().replace('"2020"', f'"{base}"') + plainly, encoding="utf-8")
    made = read(folder)
    with reading(SqlitePlace(year.db), year.book) as opened:
        report = Report(Cells(opened, made))
        assert rows(report, 10)[3][6:] == ["6.00", "0.00", "6.00"]
        assert report.cells.printed("T12.3.2") == "1200"
        assert report.cells.printed("T12.15.3") == "0.00"


def test_a_copy_of_such_an_edition_is_the_same(tmp_path: Path, forms: Edition) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, text in files(forms):
        folder.joinpath(name).write_text(text, encoding="utf-8")
    copied = read(folder)
    assert copied.forms == forms.forms
    assert copied.relations == forms.relations


class Spoilt(NamedTuple):
    """A file of the edition with one thing changed, and what is told of it."""

    file: str
    before: str
    after: str
    value: str
    expected: str


WRONG: dict[str, Spoilt] = {
    "a figure that there is not": Spoilt(
        "table12.toml",
        '"N.s10.run"',
        '"N.s10.runs"',
        "N.s10.runs",
        "表外的数，如 N.s11.goods",
    ),
    "a cell that there is not": Spoilt(
        "table12.toml",
        '"T7.6"',
        '"T7.60"',
        "T7.60",
        "各表中有的单元格",
    ),
    "an asset that there is not": Spoilt(
        "table12.toml",
        "N.s12.vehicles-kept",
        "P.asset.cars.count",
        "P.asset.cars.count",
        "表外的数",
    ),
    "no id at all": Spoilt(
        "table12.toml",
        '"N.s10.run"',
        '"机关运行经费"',
        "机关运行经费",
        "数的编号",
    ),
    "no id in one of the columns": Spoilt(
        "table12.toml",
        '"2" = "T7.12"',
        '"2" = "接待费"',
        "接待费",
        "数的编号",
    ),
    "a number in the place of an id": Spoilt(
        "table12.toml",
        '"N.s10.run"',
        "10",
        "10",
        "文字",
    ),
    "a word of a contract that there is not": Spoilt(
        "table10.toml",
        "P.contract.@.due",
        "P.contract.@.dues",
        "P.contract.@.dues",
        "合同的数",
    ),
    "what is of no contract": Spoilt(
        "table10.toml",
        "P.contract.@.due",
        "N.s13c.@.rate",
        "N.s13c.@.rate",
        "合同的数",
    ),
    "what not every item has": Spoilt(
        "table11.toml",
        "N.s12.@",
        "N.staff.@",
        "N.staff.@",
        "每个资产项目都有的数",
    ),
    "what is of no project": Spoilt(
        "table14.toml",
        "N.s13c.@.rate",
        "N.s5c.@_rate",
        "N.s5c.@_rate",
        "各项目的数",
    ),
    "a row of none": Spoilt(
        "table10.toml",
        "P.contract.@.due",
        "N.s10.run",
        "N.s10.run",
        "含一个 @",
    ),
    "each of nothing": Spoilt(
        "table12.toml",
        "N.s10.run",
        "N.s13c.@.rate",
        "N.s13c.@.rate",
        "不含 @",
    ),
    "itself": Spoilt(
        "table12.toml",
        '"T7.6"',
        '"T12.1.1"',
        "T12.1.1→T12.1.1",
        "不由本单元格得出",
    ),
    "a sentence of itself": Spoilt(
        "table12.toml",
        '"N.s12.vehicles"',
        '"N.own.vehicles"',
        "T12.4.2→N.own.vehicles",
        "得出的数",
    ),
    "a sum of counts and words": Spoilt(
        "table12.toml",
        'plus = ["14..16"]',
        'plus = ["12", "14..16"]',
        "T12.13.3",
        "单位相同的个数",
    ),
    "a sum of two units": Spoilt(
        "table12.toml",
        'plus = ["4", "5"]',
        'plus = ["3", "4"]',
        "T12.8.2",
        "单位相同的个数",
    ),
    "a sum of words": Spoilt(
        "table10.toml",
        'across = ["4"], less = ["5"]',
        'across = ["1", "2"]',
        "T10.",
        "单位相同的个数",
    ),
    "money of contracts": Spoilt(
        "table10.toml",
        'figure = "P.contract.@.amount"',
        'leaf = { measure = "budget" }',
        "4",
        'by = "contract" 的表不由 leaf 取数',
    ),
    "no money of projects": Spoilt(
        "table14.toml",
        'leaf = { measure = "budget" }',
        'figure = "N.s13c.@.budget"',
        "没有 leaf",
        "至少一栏有 leaf",
    ),
    "two things at once": Spoilt(
        "table13.toml",
        'figure = "N.s11.goods"',
        'figure = "N.s11.goods", plus = ["3"]',
        "2",
        "之一",
    ),
    "one figure in two columns": Spoilt(
        "table12.toml",
        'figure = "P.reception.batches", in = ["2"]',
        'figure = "P.reception.batches"',
        "P.reception.batches",
        "分栏写明",
    ),
    "a figure of no column": Spoilt(
        "table12.toml",
        '"2" = "T7.12"',
        '"3" = "T7.12"',
        "3",
        "本行有数的栏",
    ),
    "a figure of a whole side": Spoilt(
        "table12.toml",
        '{ no = "2", label',
        '{ no = "2", figure = "N.s10.run", label',
        "2",
        "写在各行",
    ),
    "a relation of a count and an amount": Spoilt(
        "checks.toml",
        'right = ["T12.5.2"]',
        'right = ["T12.11.3"]',
        "公务用车等于保有量",
        "单位相同",
    ),
    "a rule about a count": Spoilt(
        "edition.toml",
        'based_on = "2020"',
        'based_on = "2020"\ncells = { closing = "T12.4.2" }',
        "T12.4.2",
        "金额的单元格",
    ),
    "a sum of assets of itself": Spoilt(
        "narrative.toml",
        "figures = [",
        'assets.vehicles-kept = { name = "车", group = "车", unit = "辆", plus = ["vehicles"] }\n'
        'assets.vehicles = { name = "车", group = "车", unit = "辆", plus = ["vehicles-kept"] }\n'
        "figures = [",
        "vehicles",
        "不含自身的和",
    ),
}


@pytest.mark.parametrize("spoilt", WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_with_a_quote_is_told_with_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for file in QUOTING.iterdir():
        folder.joinpath(file.name).write_bytes(file.read_bytes())
    text = folder.joinpath(spoilt.file).read_text(encoding="utf-8")
    assert spoilt.before in text
    text = text.replace(spoilt.before, spoilt.after, 1)
    folder.joinpath(spoilt.file).write_text(text, encoding="utf-8")
    with pytest.raises(WrongCells) as raised:
        read(folder)
    told = raised.value.cells[0]
    assert told.file.endswith(spoilt.file)
    assert spoilt.value in told.value
    assert spoilt.expected in told.expected
    assert told.row >= 1


def test_none_of_ours_quotes_yet() -> None:
    """Else what is told of last year's books is opened for each of its tables."""
    assert not edition("2024").quotes
