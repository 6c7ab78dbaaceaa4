"""An edition of one's own that prints otherwise: nil as 0.00, no separators, 行次, other tables in
another order under other titles; in every format, found by the numbers that it prints."""

import zipfile
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from tests.harness.shell import Shell

OWN = """
title = "某县2024年度部门决算公开表"
based_on = "2024"
tables = [4, 1, 9, 7, 5]

[print]
nil = "0.00"
separators = false
row_numbers = true

[titles]
7 = "{year}年度{name}“三公”经费支出决算表"
"""
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class County(NamedTuple):
    """A book and an edition of one's own in a folder."""

    shell: Shell
    folder: Path

    def table(self, which: str, *more: str, own: bool = True) -> str:
        """A table as it is printed."""
        edition = ("--edition", str(self.folder)) if own else ()
        return self.shell("table", which, *edition, *more).out

    def workbook(self, which: str, into: Path, *, own: bool = True) -> dict[str, tuple[str, str]]:
        """The cells of its workbook: what is in each, and how a number is shown."""
        file = into / f"{own}.xlsx"
        self.table(which, "-o", str(file), own=own)
        with zipfile.ZipFile(file) as archive:
            parts = [ElementTree.fromstring(archive.read(f"xl/{part}.xml")) for part in PARTS]
        texts, styles, sheet = parts
        shared = ["".join(part.text or "" for part in si.iter(f"{MAIN}t")) for si in texts]
        codes = {each.get("numFmtId"): each.get("formatCode") for each in styles.iter(_NUM_FMT)}
        (formats,) = styles.iter(f"{MAIN}cellXfs")
        shown = [codes.get(each.get("numFmtId"), "") or "" for each in formats]
        found = {}
        for cell in sheet.iter(f"{MAIN}c"):
            value = cell.findtext(f"{MAIN}v")
            if value is not None:
                text = shared[int(value)] if cell.get("t") == "s" else value
                found[str(cell.get("r"))] = (text, shown[int(cell.get("s") or 0)])
        return found


PARTS = ("sharedStrings", "styles", "worksheets/sheet1")
_NUM_FMT = f"{MAIN}numFmt"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """2,345.60 万元 approved, 1,234.56 paid, 0.30 of it for reception of 0.50."""
    root = tmp_path_factory.mktemp("county")
    folder = root / "某县"
    folder.mkdir()
    folder.joinpath("edition.toml").write_text(OWN, encoding="utf-8")
    shell = Shell(root / "a.db", year=2024)
    shell(
        *("open-book", "--unit", "420103", "--year", "2024", "--name", "示例局"),
        *("--kind", "institution", "--edition", "2024", "--basis", "indicator"),
    )
    office, guests = "general:2010150:basic:-:-:2024", "general:2010150:basic:-:30217:2024"
    paid = ("--payee", "某店", "--date", "2024-03-05", "--doc")
    for line, amount in ((office, "23451000.00"), (guests, "5000.00")):
        approved = ("--amount", amount, "--doc", "批1", "--date", "2024-01-02")
        shell("appropriate", "--line", line, *approved)
    for line, econ, amount in (
        (office, "30201", "12342600.00"),
        (guests, "30217", "3000.00"),
    ):
        shell("pay", "--line", line, "--econ", econ, "--amount", amount, *paid, econ)
    return County(shell, folder)


def test_the_text(county: County) -> None:
    """Rows have their numbers, rows without a name no figure, nil is 0.00; all else as in 2024."""
    own = [line.split() for line in county.table("1").splitlines()]
    assert ["账套：420103/2024", "公开02表"] in own
    assert ["项目", "行次", "决算数", "项目", "行次", "决算数"] in own
    for row in (
        "一、一般公共预算财政拨款收入 1 2345.60 一、一般公共服务支出 29 1234.56",
        "二、政府性基金预算财政拨款收入 2 0.00 二、外交支出 30 0.00",
        "9 九、卫生健康支出 37 0.00",
        "总计 28 2345.60 总计 56 2345.60",
    ):
        assert row.split() in own
    packaged = [line.split() for line in county.table("1", own=False).splitlines()]
    assert ["账套：420103/2024", "公开01表"] in packaged
    first = ["一、一般公共预算财政拨款收入", "2,345.60", "一、一般公共服务支出", "1,234.56"]
    assert first in packaged
    assert ["二、政府性基金预算财政拨款收入", "二、外交支出"] in packaged


def test_csv_and_markdown(county: County) -> None:
    rows = county.table("公开05表", "--format", "csv").splitlines()
    assert rows[1] == ",合计,1234.56,1234.56,0.00"
    assert rows[-1] == "2010150,事业运行,1234.56,1234.56,0.00"
    shown = county.table("公开05表", "--format", "md")
    assert "公开05表" in shown and "| 合计 | 1234.56 | 1234.56 | 0.00 |" in shown
    sides = county.table("公开01表", "--format", "csv").splitlines()
    assert sides[0].removeprefix("\ufeff") == (
        "收入-项目,收入-行次,收入-决算数（1栏）,支出-项目,支出-行次,支出-合计（2栏）,"
        "支出-一般公共预算财政拨款（3栏）,支出-政府性基金预算财政拨款（4栏）,"
        "支出-国有资本经营预算财政拨款（5栏）"
    )
    assert sides[1].endswith("1,2345.60,一、一般公共服务支出,31,1234.56,1234.56,0.00,0.00")
    assert sides[-1] == "总计,30,2345.60,总计,60,2345.60,2345.60,0.00,0.00"


def test_the_workbook(county: County, tmp_path: Path) -> None:
    """Figures are numbers, and are shown with separators only where the edition has them."""
    own = county.workbook("公开05表", tmp_path)
    assert own["E2"][0] == "公开05表"
    assert [own[f"{column}7"] for column in "CDE"] == [
        ("1234.56", "0.00_ "), ("1234.56", "0.00_ "), ("0.00", "0.00_ "),
    ]  # fmt: skip
    packaged = county.workbook("5", tmp_path, own=False)
    assert [packaged[f"{column}7"] for column in "CD"] == [("1234.56", "#,##0.00_ ")] * 2
    assert packaged["E7"][0] == ""


@pytest.mark.parametrize(
    ("number", "table", "title"),
    [
        ("公开01表", 4, "2024年度财政拨款收入支出决算总表"),
        ("公开02表", 1, "2024年度收入支出决算总表"),
        ("公开03表", 9, "2024年度国有资本经营预算财政拨款收入支出决算表"),
        ("公开04表", 7, "2024年度示例局“三公”经费支出决算表"),
        ("公开05表", 5, "2024年度一般公共预算财政拨款支出决算表"),
    ],
)
def test_a_table_is_found_by_the_number_that_it_prints(
    county: County, number: str, table: int, title: str
) -> None:
    """And by the one of its cells, whatever the order."""
    edition = ("--edition", str(county.folder))
    for which in (number, str(table)):
        answer = county.shell.ask("table", which, *edition)
        assert (answer["table"], answer["title"]) == (table, title)


@pytest.mark.parametrize(
    ("number", "table"), [("公开07表", 8), ("公开08表", 9), ("公开09表", 7), ("公开06表", 6)]
)
def test_the_last_of_2024_is_that_of_three_public(county: County, number: str, table: int) -> None:
    assert county.shell.ask("table", number)["table"] == table


def test_a_table_that_an_edition_does_not_have_is_not_found(county: County) -> None:
    for which in ("公开06表", "6"):
        edition = ("--edition", str(county.folder))
        assert county.shell.ask("table", which, *edition, exit=2)["code"] == "TABLE.UNKNOWN"


def test_figures_are_cells_of_the_edition_that_prints_them(county: County) -> None:
    """表7 prints the budget and the payments of reception; nothing of the other items."""
    assert county.table("公开04表", "--format", "csv").splitlines()[1] == ",".join(
        ("0.50", "0.30", *["0.00"] * 8, "0.50", "0.30")
    )


def test_an_edition_begins_with_the_accounts_of_the_latest_year(
    county: County, tmp_path: Path
) -> None:
    """Not with a plan, whatever it is called."""
    told = county.shell.ask("edition", "new", str(tmp_path / "本县"))
    assert told["tables"][0]["title"] == "{year}年度收入支出决算总表"
