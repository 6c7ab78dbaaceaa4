"""Tables of contracts, assets and quoted figures on the command line: in every format, of a
department, beside last year's, and adopted by a book."""

import csv
import zipfile
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.harness.shell import Shell, in_process

EDITIONS = Path(__file__).parents[2] / "golden" / "editions"
QUOTING = ("--edition", str(EDITIONS / "quoting"))
LINE = ("--func", "2010101", "--econ", "302")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def opened(db: Path, unit: str, year: int = 2020) -> Shell:
    """A unit that keeps a contract, has paid of it, and has counted its vehicles."""
    made = Shell(db, unit=unit, year=year)
    on = ("--unit", unit, "--year", str(year), "--date", f"{year}-03-01")
    made("open-book", *on[:4], "--name", f"{unit} 局", "--kind", "admin", "--edition", "2020",
         "--basis", "indicator")  # fmt: skip
    made("appropriate", *LINE, "--amount", "50万", *on)
    made("contract", *on, "--no", "HT-1", "--type", "goods", "--amount", "123456.78",
         "--supplier", "2020", "--size", "small")  # fmt: skip
    made("pay", "--func", "2010101", "--econ", "30201", "--amount", "10万", "--payee", "某店",
         "--contract", "HT-1", *on)  # fmt: skip
    made("asset", *on, "--item", "vehicles.other", "--count", "1234")
    return made


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return opened(tmp_path / "a.db", "420103")


def test_every_format_prints_what_the_cells_are(shell: Shell, tmp_path: Path) -> None:
    """A supplier that is called like a number stays text; counts and amounts are numbers."""
    text = shell("table", "10", "--format", "csv", *QUOTING).out.removeprefix("\ufeff")
    assert list(csv.reader(StringIO(text)))[1:3] == [
        ["", "", "合计", "", "", "", "12.35", "10.00", "2.35"],
        ["1", "HT-1", "2020", "货物", "2020-03-01", "", "12.35", "10.00", "2.35"],
    ]
    assert (
        "| 公务用车（辆） | 4 | — | 1,234 |"
        in shell(*("table", "12", "--format", "md", *QUOTING)).out
    )
    assert "【缺】" in shell("table", "12", *QUOTING).out.replace("\n", "")
    told = shell("table", "11", "--ids", *QUOTING).out
    assert "vehicles.other" in told
    assert "vehicles.other" not in shell("table", "11", *QUOTING).out
    file = tmp_path / "all.xlsx"
    shell("tables", "-o", str(file), *QUOTING)
    with zipfile.ZipFile(file) as book:
        read = (book.read(f"xl/worksheets/sheet{number}.xml") for number in (10, 11))
        sheets = [*map(ElementTree.fromstring, read)]
        texts = book.read("xl/sharedStrings.xml").decode()
    numbers = [
        [
            cell.findtext(f"{MAIN}v")
            for cell in sheet.iter(f"{MAIN}c")
            if cell.get("t") != "s" and cell.findtext(f"{MAIN}v")
        ]
        for sheet in sheets
    ]
    assert numbers == [["12.35", "10.00", "2.35"] * 2, ["1234", "1234"]]
    assert ">2020<" in texts


def test_a_cell_is_got_explained_and_found_again(shell: Shell) -> None:
    got = shell.ask("get", "T12.4.2", *QUOTING)
    assert (got["kind"], got["value"]) == ("count", 1234)
    assert (got["printed"], got["unit"]) == ("1,234", "辆")
    assert shell("get", "T10.HT-1.1", *QUOTING).out.strip() == "货物"
    told = shell("explain", "T10.HT-1.6", *QUOTING).out
    assert "P.contract.HT-1.paid" in told
    assert "23,456.78" in told
    missing = shell.ask("table", "12", *QUOTING)["cells"]
    lacking = next(cell for cell in missing if cell["id"] == "T12.12.3")
    assert lacking["value"] is None
    assert "2019 年的机关运行经费" in lacking["missing"][0]
    used = {each["cell"] for each in shell.ask("where-used", "3", *QUOTING)["cells"]}
    assert {"T10.HT-1.1", "T10.合计.4", "T12.14.3", "T13.2"} <= used
    assert shell("check", *QUOTING, exit=1).out.count("X60") == 1


def test_what_was_printed_may_be_counted(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "printed.csv"
    file.write_text("id,printed\nT12.4.2,1234辆\nT10.HT-1.1,服务\n", encoding="utf-8")
    found = shell.ask("check", "--against", str(file), *QUOTING, exit=1)["findings"]
    differs = [each for each in found if each["code"] == "AGAINST.DIFFERS"]
    assert [(each["cells"], each["derived"]) for each in differs] == [(["T10.HT-1.1"], "货物")]


def test_units_are_added_up_and_last_year_stands_beside(shell: Shell) -> None:
    for unit in ("420104", "420105"):
        opened(shell.db, unit)
    opened(shell.db, "420103", 2019)
    rolled = ("--units", "all", "--year", "2020", *QUOTING)
    cells = {each["id"]: each for each in shell.ask("table", "12", *rolled)["cells"]}
    assert cells["T12.4.2"]["value"] == 3 * 1234
    assert cells["T12.14.3"]["fen"] == 3 * 123_456_78
    entries = shell.ask("explain", "T12.4.2", *rolled)["entries"]
    assert sum(each["count"] for each in entries) == 3 * 1234
    alone = ("--unit", "420103", "--year", "2020", *QUOTING)
    assert {each["id"]: each for each in shell.ask("table", "12", *alone)["cells"]}["T12.12.3"][
        "value"
    ] == "持平"  # of last year's book, which is opened for it
    beside = shell.ask("table", "11", "--vs-last-year", *alone)["cells"]
    counted = next(each for each in beside if each["id"] == "T11.vehicles.2")
    assert (counted["last_year_value"], counted["change_value"]) == (1234, 0)
    shell("table", "10", "--vs-last-year", *alone)


def test_a_book_adopts_such_forms(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("yusuan.toml").write_text(f'editions = "{EDITIONS}"\n', encoding="utf-8")
    shell("amend-book", "--edition", "quoting", "--date", "2020-12-31")
    assert shell.ask("table", "公开10表")["edition"] == "quoting"
    narrative = {each["id"]: each for each in shell.ask("narrative")["figures"]}
    assert narrative["N.own.vehicles"]["value"] == 1234


def test_a_quote_of_nothing_is_bad_input(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for file in (EDITIONS / "quoting").iterdir():
        text = file.read_text(encoding="utf-8").replace("N.s10.run", "N.s10.walk")
        folder.joinpath(file.name).write_text(text, encoding="utf-8")
    told = in_process("edition", "check", str(folder))
    assert told.exit == 2
    assert "table12.toml 第 24 行" in told.said
    assert "N.s10.walk" in told.said
