"""Forms on the command line: those of the package, and one's own from a folder."""

import shutil
import zipfile
from pathlib import Path

import pytest

from tests.harness.shell import Shell, in_process

FOREIGN = Path(__file__).parents[2] / "golden" / "editions"
LINE = ("--func", "2080105", "--econ", "30201")
BOOK = ("--unit", "420103", "--year", "2024")
SETTINGS = Path("yusuan.toml")
OPEN = ("open-book", *BOOK, "--name", "示例局", "--kind", "admin", "--basis", "indicator")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the forms of 2024, in a folder of editions."""
    folder = tmp_path / "表样" / "本省2024"
    folder.parent.mkdir()
    told = in_process("edition", "new", str(folder), "--from", "2024")
    assert told.exit == 0, told.said
    return folder


@pytest.fixture
def shell(tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A book in those forms that has paid 100.00."""
    monkeypatch.chdir(tmp_path)
    SETTINGS.write_text('editions = "表样"\n', encoding="utf-8")
    made = Shell(tmp_path / "a.db", unit="420103", year=2024)
    made(*OPEN, "--edition", "本省2024")
    made("appropriate", *LINE, "--amount", "1000000", "--date", "2024-01-10")
    made("pay", *LINE, "--amount", "123456.78", "--payee", "某店", "--date", "2024-02-01")
    return made


def test_a_book_is_printed_in_forms_of_its_own(shell: Shell) -> None:
    table = shell.ask("table", "公开09表")
    assert (table["edition"], table["table"]) == ("本省2024", 7)
    assert shell.ask("get", "T3.合计.1", "--unit", "wan")["value"] == "12.35"
    assert shell.ask("check")["findings"] == []
    assert "2024" in shell("table", "1").out


@pytest.mark.parametrize(("name", "tables"), [("twelve", 12), ("fifteen", 15)])
def test_all_tables_of_a_foreign_edition_are_a_workbook(
    shell: Shell, tmp_path: Path, name: str, tables: int
) -> None:
    """A sheet each, in the order of print, with the figures that the table prints."""
    file = tmp_path / f"{name}.xlsx"
    shell("tables", "-o", str(file), "--edition", str(FOREIGN / name))
    with zipfile.ZipFile(file) as book:
        sheets = [each for each in book.namelist() if each.startswith("xl/worksheets/sheet")]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == tables
    for number in range(1, tables + 1):
        assert f"公开{number:02d}表" in texts
    assert "项目支出决算表" in texts


def test_a_table_that_lacks_money_says_so(shell: Shell, tmp_path: Path) -> None:
    """A class without a row in the form: what is printed adds up and is wrong; whoever prints or
    writes it is told, before the check is asked."""
    debt = ("--func", "2310301", "--spending", "project", "--project", "P1", "--econ", "30701")
    shell("project", "P1", "--name", "还本", "--date", "2024-01-01")
    shell("supplement", *debt, "--amount", "10000", "--doc", "追1", "--date", "2024-03-01")
    shell("pay", *debt, "--amount", "10000", "--payee", "某行", "--date", "2024-03-02")
    for asked in (("table", "1"), ("tables", "-o", str(tmp_path / "a.xlsx"))):
        told = shell(*asked).err
        assert "公开前先看 yusuan check" in told, asked
    assert shell("table", "1", "--edition", "2024-26").err == ""


def test_without_their_folder_nothing_is_missing_but_the_forms(shell: Shell, own: Path) -> None:
    """Money, audit and what is recorded never need it; `--edition` shows the book in another."""
    SETTINGS.unlink()
    for asked in (("balance",), ("audit",), ("carryover",), ("log",)):
        shell(*asked)
    shell("pay", *LINE, "--amount", "5", "--payee", "另店", "--date", "2024-02-02")
    for of_forms in (("table", "3"), ("check",), ("explain", "T3.合计.1"), ("three-public",)):
        told = shell(*of_forms, exit=5)
        assert "EDITION.ABSENT" in told.err
        assert "YUSUAN_EDITIONS" in told.err
    assert shell.ask("table", "3", "--edition", "2024")["edition"] == "2024"
    assert shell.ask("table", "3", "--edition", str(own))["edition"] == "本省2024"
    assert shell.ask("three-public", "--edition", "2022")["actual"]["total_fen"] == 0


def test_forms_that_were_changed_are_adopted_again(shell: Shell, own: Path) -> None:
    """Both digests are told; the way out is typed, and the tables are there again."""
    sheet = own / "edition.toml"
    sheet.write_text(sheet.read_text().replace('nil = ""', 'nil = "0.00"'), encoding="utf-8")
    told = shell("--json", "table", "3", exit=3).json
    facts = told["facts"]
    assert told["code"] == "EDITION.OTHER"
    assert facts["recorded"] != facts["found"]
    assert len(facts["recorded"]) == len(facts["found"]) == 64
    assert told["try"] == ["yusuan amend-book --edition '本省2024'"]
    shell("amend-book", "--edition", "本省2024", "--date", "2024-03-01")
    cells = {cell["id"]: cell["printed"] for cell in shell.ask("table", "3")["cells"]}
    assert cells["T3.合计.3"] == "0.00"


def test_how_a_book_is_shown_changes_after_money_and_after_the_closing(shell: Shell) -> None:
    """Without a date on its last day, in the year after; its kind and basis no more."""
    shell("amend-book", "--name", "新名局", "--edition", "2022")
    shown = shell.ask("show", "4")["stored"]["event"]
    assert (shown["occurred_on"], shown["edition"]) == ("2024-12-31", "2022")
    assert "edition_sha256" not in shown
    assert shell.ask("table", "1")["edition"] == "2022"
    told = shell("amend-book", "--kind", "institution", exit=3)
    assert "BOOK.HAS_MONEY" in told.err
    shell("amend-book", "--kind", "admin", "--name", "又名局")
    assert shell.ask("show", "5")["stored"]["event"]["name"] == "又名局"


def test_an_edition_that_there_is_not_is_told_with_those_there_are(shell: Shell) -> None:
    for asked in (("table", "1"), ("check",), ("amend-book",), ("tables", "-o", "x.xlsx")):
        told = shell("--json", *asked, "--edition", "2019", exit=2).json
        assert told["code"] == "EDITION.UNKNOWN"
        assert "2020、2022、2024、2024-26" in told["facts"]["expected"]
        assert "本省2024" in told["facts"]["expected"]


def test_a_broken_edition_is_refused_before_anything_is_recorded(shell: Shell, own: Path) -> None:
    table = own / "table3.toml"
    table.write_text(table.read_text().replace("expenditure", "支出"), encoding="utf-8")
    for asked in (("edition", "check", str(own)), ("amend-book", "--edition", "本省2024")):
        told = shell("--json", *asked, exit=2).json
        (wrong,) = told["facts"]["rejected"]
        assert wrong["file"].endswith("本省2024/table3.toml")
        assert (wrong["row"], wrong["value"]) == (23, "支出")
        assert "expenditure" in wrong["expected"]
    assert len(shell.ask("log")["entries"]) == 3


@pytest.mark.parametrize(
    ("typed", "field", "expected"),
    [
        (("edition", "new", "2024"), "edition", "不同的文件夹名"),
        (("edition", "show"), "edition", "填写"),
        (("edition", "list", "2024"), "edition", "不写"),
        (("edition", "show", "2024", "--from", "2022"), "from", "不写"),
        (("edition", "print", "2024"), "action", "list（列出） | show（查看）"),
    ],
)
def test_what_is_asked_wrongly_of_editions(
    typed: tuple[str, ...], field: str, expected: str
) -> None:
    told = in_process("--json", *typed).json
    assert told["facts"]["field"] == field
    assert expected in told["facts"]["expected"] + told["message"]


def test_nothing_that_is_there_is_begun_anew(own: Path) -> None:
    told = in_process("--json", "edition", "new", str(own)).json
    assert told["code"] == "OUTPUT.EXISTS"


def test_editions_are_listed_and_shown(own: Path) -> None:
    """Ours, and those of the folder that the environment or yusuan.toml names."""
    env = {"YUSUAN_EDITIONS": str(own.parent)}
    listed = in_process("--json", "edition", env=env).json
    names = [each["edition"] for each in listed["editions"]]
    assert names == ["2020", "2022", "2024", "2024-26", "budget-2024", "本省2024"]
    shown = in_process("--json", "edition", "show", "2024").json
    assert [table["form_number"] for table in shown["tables"]][-1] == "公开09表"
    assert [table["table"] for table in shown["tables"]] == [1, 2, 3, 4, 5, 6, 8, 9, 7]
    text = in_process("edition", "show", "本省2024", env=env).out
    assert "公开09表  T7" in text
    assert "SHA-256：" in text


def test_those_that_are_right_are_listed_beside_the_broken(own: Path, tmp_path: Path) -> None:
    """A broken folder is marked with what to type, one that is called like one of ours as such."""
    for name in ("坏\x1b的", "2024"):
        folder = own.with_name(name)
        shutil.copytree(own, folder)
    own.with_name("坏\x1b的").joinpath("edition.toml").write_text("x", encoding="utf-8")
    env = {"YUSUAN_EDITIONS": str(own.parent)}
    told = in_process("--json", "edition", env=env)
    assert told.exit == 1
    assert [each["edition"] for each in told.json["editions"]].count("2024") == 1
    assert "本省2024" in [each["edition"] for each in told.json["editions"]]
    assert [(each["edition"], each["shadowed"]) for each in told.json["unusable"]] == [
        ("2024", True),
        ("坏\x1b的", False),
    ]
    text = in_process("edition", "list", env=env)
    assert text.exit == 1
    assert "名称与自带版本相同" in text.out
    assert "坏：yusuan edition check" in text.out
    assert "\x1b" not in text.out


@pytest.mark.parametrize("typed", ["a\x1b[2J", "a\nb", "./a\x1b[2J/", "./a\nb/"])
def test_a_path_with_control_characters_is_told_escaped(
    tmp_path: Path, own: Path, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(own, tmp_path / typed)
    tmp_path.joinpath(typed, "edition.toml").write_text("x", encoding="utf-8")
    told = in_process("edition", "check", typed)
    assert told.exit == 2
    assert "\x1b" not in told.err
    assert "a\nb" not in told.err


def test_nobody_has_such_a_home(tmp_path: Path) -> None:
    for asked in (("check", "~nobody-of-that-name/x"), ("new", "~nobody-of-that-name/x")):
        told = in_process("--json", "edition", *asked)
        assert (told.exit, told.json["facts"]["field"]) == (2, "edition")
    env = {"YUSUAN_EDITIONS": "~nobody-of-that-name/x"}
    assert in_process("--json", "edition", "list", env=env).json["code"] == "EDITION.UNKNOWN"


def test_a_book_that_will_not_find_its_forms_is_told_the_line(shell: Shell, own: Path) -> None:
    """As the folder is set it finds them and nothing is said; what is told then works."""
    again = shell("amend-book", "--edition", f"{own}/", exit=3)
    assert ("BOOK.SAME" in again.err, "editions =" in again.err) == (True, False)
    assert "editions =" not in shell("amend-book", "--edition", f"{own}/", "--name", "新局").err
    elsewhere = own.parents[1] / "别处" / "外省"
    shutil.copytree(own, elsewhere)
    assert "editions =" not in shell("amend-book", "--edition", f"{elsewhere}", "--dry-run").err
    line = shell("amend-book", "--edition", "别处/外省").err.splitlines()[-1]
    assert line == f'editions = "{elsewhere.parent}"'
    assert 'editions = "' in shell("table", "1", exit=5).err
    SETTINGS.write_text(line + "\n", encoding="utf-8")
    assert shell.ask("table", "1")["edition"] == "外省"


def test_another_folder_of_the_name_is_no_way_to_find_it(shell: Shell, own: Path) -> None:
    other = own.parents[1] / "别处" / own.name
    shutil.copytree(own, other)
    other.joinpath("edition.toml").write_bytes(own.joinpath("edition.toml").read_bytes() + b"\n")
    told = shell("amend-book", "--edition", str(other)).err
    assert told.splitlines()[-1] == f'editions = "{other.parent}"'
    opened = shell("open-book", "--unit", "9", *OPEN[3:], "--edition", str(other)).err
    assert opened.splitlines()[-1] == f'editions = "{other.parent}"'


def test_an_entry_tells_the_digest_of_its_forms(shell: Shell) -> None:
    sha256 = shell.ask("edition", "show", "本省2024")["sha256"]
    text = shell("show", "1").out
    assert "表样版本  本省2024" in text
    assert sha256 in text
    shell("amend-book", "--edition", "2022")
    assert "SHA-256" not in shell("show", "4").out
