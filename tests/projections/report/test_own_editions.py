"""An edition of one's own: read strictly from its folder, every fault with file, line, value and
what would be right."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.errors import Lacking, Malformed, OtherEdition, WrongCells
from projections.report import editions
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.edition_copy import files
from projections.report.edition_folder import read
from projections.report.editions import edition, found, of_book
from projections.report.explain import explain
from projections.report.figure import Report
from projections.views.reading import Reading
from tests.harness.plain import plain
from tests.harness.small_year import Year, appropriate, carry_in, income, line, pay, supplement

OWN = Path(__file__).parents[2] / "golden" / "editions"


class Fault(NamedTuple):
    """A file with one thing changed, and what is told of it."""

    file: str
    before: str
    after: str
    value: str
    expected: str
    at: str = ""
    """What stands in the line that is told; the changed text if nothing is said."""


SUMS = 'plus = ["25", "26", "27"] }'
BROKEN: dict[str, Fault] = {
    "no TOML": Fault("table2.toml", 'layout = "tree"', 'layout = "tree', 'layout = "tree', "TOML"),
    "a key twice": Fault(
        "table2.toml", "number = 2", "number = 2\nnumber = 2", "number = 2", "TOML", "number = 2"
    ),
    "no UTF-8": Fault("table8.toml", "年初结转", "\udcc4\udcea", "第 ", "UTF-8", "\udcc4"),
    "an unknown key": Fault("table2.toml", "note =", "notes =", "notes", "可用的键：number、title"),
    "an unknown key deep down": Fault(
        "table1.toml", 'source = ["superior"]', 'from = ["superior"]', "from", "measure、fund"
    ),
    "a missing key": Fault(
        "table2.toml", 'title = "{year}年度收入决算表"', "", "缺少 title", "写明 title 的一行", "#"
    ),
    "a key of the sheet missing": Fault(
        "edition.toml", "tables = [1, 2, 3, 4, 5, 6, 8, 9, 7]", "", "缺少 tables", "tables", "#"
    ),
    "a number where text belongs": Fault(
        "table3.toml", 'note = "反映部门本年度各项支出。"', "note = 3", "3", "文字"
    ),
    "text where a number belongs": Fault(
        "table3.toml", "number = 3", 'number = "三"', "三", "整数"
    ),
    "a table number out of range": Fault(
        "edition.toml", "6, 8, 9, 7]", "6, 8, 9, 7, 100]", "100", "<= 99", "tables ="
    ),
    "no tables at all": Fault(
        "edition.toml", "tables = [1, 2, 3, 4, 5, 6, 8, 9, 7]", "tables = []", "一组值", "至少"
    ),
    "an unknown layout": Fault(
        "table2.toml", 'layout = "tree"', 'layout = "树"', "树", "sides、tree、blocks、line、list"
    ),
    "an unknown rounding": Fault(
        "edition.toml", 'rounding = "exact"', 'rounding = "up"', "up", "exact、stacked"
    ),
    "another nil": Fault("edition.toml", 'nil = ""', 'nil = "-"', "-", "0.00"),
    "an unknown measure": Fault(
        "table3.toml", 'measure = "expenditure"', 'measure = "spent"', "spent", "initial、"
    ),
    "an unknown fund": Fault(
        "table5.toml", 'fund = ["general"]', 'fund = ["一般"]', "一般", "general、govfund"
    ),
    "a code of four digits": Fault(
        "table1.toml", 'func = ["201"]', 'func = ["2010"]', "2010", "3、5 或 7 位数字"
    ),
    "an economic code of seven digits": Fault(
        "table7.toml", 'econ = ["30212"]', 'econ = ["3021201"]', "3021201", "3 或 5 位数字"
    ),
    "no measure": Fault(
        "table3.toml", 'leaf = { measure = "expenditure" }', "", "没有 measure", "写明", 'no = "2"'
    ),
    "a row number twice": Fault(
        "table1.toml", "{ no = 9,", "{ no = 8,", "8", "每个编号一次", 'no = 8, label = ""'
    ),
    "a column twice": Fault(
        "table2.toml", '{ no = "3", label = "上级', '{ no = "2", label = "上级', "2", "每个编号一次"
    ),
    "a sum of a row that is not there": Fault(
        "table1.toml", 'plus = ["1..8"]', 'plus = ["1..8", "99"]', "99", "已有的行"
    ),
    "a sum of a column that is not there": Fault(
        "table2.toml", '"6", "7"]', '"6", "8"]', "8", "已有的行、栏", "across"
    ),
    "a range that is none": Fault(
        "table1.toml", 'plus = ["1..8"]', 'plus = ["1..x"]', "1..x", "已有的行"
    ),
    "a sum of itself": Fault(
        "table1.toml", SUMS, 'plus = ["25", "26", "28"] }', "28→28", "不含自身"
    ),
    "a circle of sums": Fault(
        "table7.toml", 'plus = ["7", "9"]', 'plus = ["7", "1"]', "1→", "不含自身"
    ),
    "a row that is two things": Fault(
        "table1.toml",
        'label = "使用非财政拨款结余（含专用结余）", leaf',
        'label = "使用非财政拨款结余（含专用结余）", plus = ["1"], leaf',
        "26",
        "leaf、plus 或 figure 之一",
    ),
    "figures in a column that is not there": Fault(
        "table1.toml",
        'label = "使用非财政拨款结余（含专用结余）",',
        'label = "使用非财政拨款结余（含专用结余）", in = ["5"],',
        "5 栏",
        "已有的行、栏",
    ),
    "a total of a class that is not there": Fault(
        "table6.toml", 'plus = ["302", "310"]', 'plus = ["302", "312"]', "312", "科目"
    ),
    "a 款 without its 类": Fault(
        "table6.toml",
        '    { code = "303", label = "对个人和家庭的补助" },\n',
        "",
        "303",
        "科目",
        'code = "30301"',
    ),
    "a file of another number": Fault(
        "table8.toml", "number = 8", "number = 7", "7", "8（同文件名"
    ),
    "a table without a file": Fault(
        "edition.toml", "6, 8, 9, 7]", "6, 8, 9, 7, 12]", "12", "有 table12.toml 的表号", "tables ="
    ),
    "a table twice": Fault(
        "edition.toml", "6, 8, 9, 7]", "6, 8, 9, 9]", "9", "每个表号一次", "tables ="
    ),
    "a file that no table is": Fault(
        "edition.toml", "6, 8, 9, 7]", "6, 8, 9]", "table7.toml", "tables 所列表号", "#"
    ),
    "a title of a table that is not there": Fault(
        "edition.toml", "[titles]", '[titles]\n12 = "x"', "12", "tables 所列的表号", '12 = "x"'
    ),
    "an unknown base": Fault(
        "edition.toml", "tables =", 'based_on = "2019"\ntables =', "2019", "2020、2022"
    ),
    "a title that cannot be filled": Fault(
        "table2.toml", "{year}年度收入决算表", "{年度}收入决算表", "{年度}收入决算表", "{year}"
    ),
    "a title that asks for more": Fault(
        "table2.toml", "{year}年度收入决算表", "{year.real}{name[0]}", "{year.real}", "{year}"
    ),
    "a named cell that is not there": Fault(
        "edition.toml", 'closing = "T1.55"', 'closing = "T1.77"', "T1.77", "各表中有的单元格"
    ),
    "a named cell of a row without its code": Fault(
        "edition.toml", 'spent = "T3.@.1"', 'spent = "T3.合计.1"', "T3.合计.1", "含一个 @"
    ),
    "a relation to a cell that is not there": Fault(
        "checks.toml", '"T2.合计.1"', '"T2.合计.9"', "T2.合计.9", "各表中有的单元格"
    ),
    "a relation for each class without a code": Fault(
        "checks.toml", 'each = "class"\n', "", "T1.@", "未写 each", 'left = ["T1.@"]'
    ),
    "a relation with nothing on one side": Fault(
        "checks.toml", 'right = ["T2.合计.1"]', "right = []", "", "各至少一个单元格", "[[relation]]"
    ),
    "an unknown operator": Fault("checks.toml", 'op = "<="', 'op = "<"', "<", "<=、="),
    "a code that is none of ours": Fault(
        "checks.toml", 'code = "X01"', 'code = "省01"', "省01", "X 加两位数字"
    ),
    "points that do not come to a hundred": Fault(
        "performance.toml", "execution = 20", "execution = 10", "10", "合计 100（现为 90）"
    ),
    "more points than there are": Fault(
        "performance.toml", "execution = 20", "execution = 120", "120", "<= 100"
    ),
    "a section twice": Fault(
        "performance.toml", 'also = ["满意度指标"]', 'also = ["产出"]', "产出", "每个名称一次"
    ),
    "a grade twice": Fault("performance.toml", 'grade = "not"', 'grade = "met"', "met", "每档一次"),
    "a grade that is none": Fault(
        "performance.toml", 'grade = "not"', 'grade = "none"', "none", "met、not、partly"
    ),
    "a tier upside down": Fault(
        "performance.toml", "least = 50", "least = 90", "90", "不大于 most（79）"
    ),
    "a default out of its tier": Fault(
        "performance.toml", "default = 100", "default = 70", "70", "80 至 100"
    ),
    "two grades of one score": Fault(
        "performance.toml",
        'name = "良"\nleast = 80',
        'name = "良"\nleast = 90',
        "90",
        "每档一次",
        "least = 90",
    ),
    "a character that nobody sees": Fault(
        "table2.toml", "收入决算表", "收入\u200b决算表", "title", "不可见字符"
    ),
}


def begun(folder: Path) -> Path:
    """A copy of the forms of 2024."""
    folder.mkdir()
    for name, text in files(edition("2024")):
        folder.joinpath(name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_edition_is_refused_with_file_line_value_and_reason(
    tmp_path: Path, fault: Fault
) -> None:
    folder = begun(tmp_path / "mine")
    file = folder / fault.file
    text = file.read_text(encoding="utf-8")
    assert fault.before in text
    text = text.replace(fault.before, fault.after, 1)
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(WrongCells) as raised:
        read(folder)
    told = raised.value.cells[0]
    if fault.value == "table7.toml":
        assert told.file.endswith("table7.toml")
    else:
        assert told.file == str(file)
        lines = text.split("\n")
        assert (fault.at or fault.after.split("\n")[0]) in lines[told.row - 1]
    assert fault.value in told.value
    assert fault.expected in told.expected
    assert (told.code, raised.value.code) == ("EDITION.MALFORMED", "EDITION.MALFORMED")


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    folder = begun(tmp_path / "mine")
    for name in ("table2.toml", "table3.toml", "checks.toml"):
        file = folder / name
        file.write_text(file.read_text(encoding="utf-8") + "\n[more]\n", encoding="utf-8")
    with pytest.raises(WrongCells) as raised:
        read(folder)
    assert [Path(cell.file).name for cell in raised.value.cells] == [
        "table2.toml",
        "table3.toml",
        "checks.toml",
    ]


@pytest.mark.parametrize("make", ["notes.txt", "table0.toml", "table100.toml", "sub"])
def test_what_is_no_part_of_an_edition_is_not_in_its_folder(tmp_path: Path, make: str) -> None:
    folder = begun(tmp_path / "mine")
    folder.joinpath(make).mkdir() if make == "sub" else folder.joinpath(make).write_text("")
    folder.joinpath(".DS_Store").write_text("of a file manager, which does not count")
    with pytest.raises(WrongCells) as raised:
        read(folder)
    assert [cell.value for cell in raised.value.cells] == [make]


@pytest.mark.parametrize("name", editions.names())
def test_a_copy_to_begin_with_prints_what_it_is_a_copy_of(tmp_path: Path, name: str) -> None:
    """Whatever an edition takes from another stands in the copy, which needs none."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for file, text in files(edition(name)):
        folder.joinpath(file).write_text(text, encoding="utf-8")
    copied, ours = read(folder), edition(name)
    assert (copied.name, copied.based_on) == ("mine", None)
    assert copied.forms == ours.forms
    assert list(copied.forms) == list(ours.forms)
    assert (copied.cells, copied.printing) == (ours.cells, ours.printing)
    assert (copied.relations, copied.title) == (ours.relations, ours.title)
    assert copied.three_public_funds == ours.three_public_funds
    assert copied.scoring == ours.scoring


def test_an_edition_scores_as_it_says_else_as_its_base(tmp_path: Path) -> None:
    """A province that scores the execution rate by tiers changes one file."""
    folder = tmp_path / "mine"
    folder.mkdir()
    sheet = 'title = "本省"\nbased_on = "2024"\ntables = [1, 2, 3, 4, 5, 6, 7, 8, 9]\n'
    folder.joinpath("edition.toml").write_text(sheet, encoding="utf-8")
    assert read(folder).scoring == edition("2020").scoring
    said = edition("2020").folder.joinpath("performance.toml").read_text(encoding="utf-8")
    tiers = "\n[[execution]]\nleast = 95\nshare = 90\n"
    folder.joinpath("performance.toml").write_text(said + tiers, encoding="utf-8")
    scoring = read(folder).scoring
    assert scoring is not None
    assert [(tier.least, tier.share) for tier in scoring.execution] == [(95, 90)]
    assert edition("budget-2024").scoring is None, "a budget is no account"


def test_the_digest_is_of_names_and_bytes_in_their_order(tmp_path: Path) -> None:
    """As another program can work it out: sorted names, each before ␟ and its bytes."""
    folder = begun(tmp_path / "mine")
    made = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        made.update(file.name.encode() + b"\x1f" + file.read_bytes())
    assert read(folder).sha256 == made.hexdigest()
    assert edition("2024").sha256 == ""


def test_an_edition_is_meant_by_name_or_by_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word is one of ours, else a folder among one's own; with a `/` it is a path."""
    begun(tmp_path / "mine")
    begun(tmp_path / "2022")
    monkeypatch.setenv("YUSUAN_EDITIONS", str(tmp_path))
    assert found("mine").sha256
    assert found("2022").sha256 == ""
    assert found(f"{tmp_path}/mine").name == "mine"
    monkeypatch.delenv("YUSUAN_EDITIONS")
    for said in ("mine", "", "../nowhere", f"{tmp_path}/none"):
        with pytest.raises(Malformed) as raised:
            found(said)
        assert raised.value.code == "EDITION.UNKNOWN"


def test_a_book_keeps_to_the_files_that_it_was_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begun(tmp_path / "mine")
    sha256 = read(folder).sha256
    with pytest.raises(Lacking) as lacking:
        of_book("mine", sha256)
    assert lacking.value.code == "EDITION.ABSENT"
    monkeypatch.setenv("YUSUAN_EDITIONS", str(tmp_path))
    assert of_book("mine", sha256).sha256 == sha256
    sheet = folder / "edition.toml"
    sheet.write_text(sheet.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(OtherEdition) as other:
        of_book("mine", sha256)
    assert (other.value.recorded, other.value.found) == (sha256, read(folder).sha256)


def huge(sheet: Path) -> None:
    sheet.write_bytes(b"#" * ((1 << 20) + 1))


def a_pipe(sheet: Path) -> None:
    sheet.unlink()
    os.mkfifo(sheet)


def crowded(sheet: Path) -> None:
    for number in range(200):
        sheet.with_name(f"a{number:03d}.txt").touch()


@pytest.mark.parametrize(
    "spoil",
    [
        huge,
        lambda sheet: (sheet.unlink(), sheet.mkdir()),
        lambda sheet: (sheet.unlink(), sheet.symlink_to("nowhere")),
        lambda sheet: (sheet.unlink(), sheet.symlink_to(sheet.name)),
        a_pipe,
    ],
)
@pytest.mark.parametrize("name", ["edition.toml", "checks.toml", "performance.toml", "table3.toml"])
def test_a_file_that_cannot_be_read_is_a_fault(
    tmp_path: Path, spoil: Callable[[Path], object], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder, a link to nowhere or in a circle, a pipe, a file without end; nothing waits."""
    folder = begun(tmp_path / "mine")
    spoil(folder / name)
    with pytest.raises(WrongCells) as raised:
        read(folder)
    assert name in {cell.value for cell in raised.value.cells}
    monkeypatch.setenv("YUSUAN_EDITIONS", str(tmp_path))
    with pytest.raises(WrongCells):
        found("mine")


def test_a_crowd_of_other_files_hides_none_that_counts(tmp_path: Path) -> None:
    folder = begun(tmp_path / "mine")
    crowded(folder / "edition.toml")
    with pytest.raises(WrongCells) as raised:
        read(folder)
    assert {cell.value[0] for cell in raised.value.cells} == {"a"}
    assert len(raised.value.cells) == 120


def test_an_edition_is_called_as_its_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a link it is found under the name of the link; `.` and `..` are the folders they are."""
    real = begun(tmp_path / "real")
    own = tmp_path / "own"
    own.mkdir()
    own.joinpath("prov").symlink_to("../real")
    monkeypatch.setenv("YUSUAN_EDITIONS", str(own))
    prov = found("prov")
    assert prov.name == "prov"
    assert of_book(prov.name, prov.sha256).name == "prov"
    assert found(f"{own}/prov/").name == "prov"
    monkeypatch.chdir(real)
    assert found("./").name == "real"
    real.joinpath("deep").mkdir()
    monkeypatch.chdir(real / "deep")
    with pytest.raises(WrongCells):
        found("../")


def test_a_home_that_nobody_has_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Malformed) as raised:
        found("~nobody-of-that-name/x")
    assert (raised.value.code, raised.value.field) == ("EDITION.UNKNOWN", "edition")
    monkeypatch.setenv("YUSUAN_EDITIONS", "~nobody-of-that-name/x")
    with pytest.raises(Malformed) as raised:
        found("mine")
    assert raised.value.field == "YUSUAN_EDITIONS"


P01, P02 = line(project="P01"), line(project="P02")
FUND = line(project="P02", func="2120801", fund="govfund")
OWN_MONEY = line(project="P01", fund="nonfiscal")


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """Two projects, one of them with money of three kinds. Fen: 1 万元 is 1_000_000."""
    return Year(tmp_path).record(
        carry_in(4_000_000, at=line(project="P02", origin=2019)),
        appropriate(10_000_000, at=P01),
        appropriate(5_000_000, at=P02),
        supplement(7_000_000, at=FUND),
        income(3_000_000, at=OWN_MONEY, source="service"),
        appropriate(3_000_000, at=OWN_MONEY),
        pay(6_000_000, at=P01, econ="30201"),
        pay(2_500_000, at=FUND, econ="30905"),
        pay(1_500_000, at=P02, econ="30216"),
        pay(1_000_000, at=OWN_MONEY, econ="30216"),
    )


@pytest.mark.parametrize(("name", "tables"), [("twelve", 12), ("fifteen", 15)])
def test_a_foreign_edition_prints_checks_and_explains(year: Year, name: str, tables: int) -> None:
    forms = read(OWN / name)
    nil = forms.printing.nil
    rows = {  # 年初预算、全年预算、决算、财政拨款、其他资金，万元
        "合计": ("18.00", "29.00", "11.00", "10.00", "1.00"),
        "P01": ("13.00", "13.00", "7.00", "6.00", "1.00"),
        "P02": ("5.00", "16.00", "4.00", "4.00", nil),
    }

    def asked(reading: Reading) -> None:
        cells = Cells(reading, forms)
        assert len(cells.forms) == tables
        assert len({forms.form_number(number) for number in forms.forms}) == tables
        for row, printed in rows.items():
            told = tuple(cells.printed(f"T10.{row}.{no}") for no in range(1, 6))
            assert told == printed, row
        assert [f for f in plain(check(Report(cells)))["findings"] if f["tier"] == "error"] == []
        for cell in cells.all:
            entries = plain(explain(Report(cells), cell))["entries"]
            assert sum(entry["fen"] for entry in entries) == cells.fen(cell), cell
        assert cells.printed("T12.支出合计") == "11.00"
        if name == "fifteen":
            assert cells.printed("T15.3") == "1.50"
            assert cells.printed("T13.P02.2") == "2.50"

    year.ask(asked)


@pytest.mark.parametrize(
    "leave_out",
    [
        lambda text: text.replace('opening = "T1.27"\n', "").replace('closing = "T1.55"\n', ""),
        lambda text: text.partition("\n[cells.budget]")[0],
    ],
)
def test_a_rule_whose_cells_an_edition_lacks_is_not_asked(
    tmp_path: Path, year: Year, leave_out: Callable[[str], str]
) -> None:
    folder = begun(tmp_path / "mine")
    sheet = folder / "edition.toml"
    sheet.write_text(leave_out(sheet.read_text(encoding="utf-8")), encoding="utf-8")
    forms = read(folder)
    found = year.ask(lambda reading: check(Report(Cells(reading, forms))))["findings"]
    assert {f["code"] for f in found if f["tier"] == "error"} == set()


MORE: dict[str, tuple[str, str, str, str]] = {
    "a column's own 项 where rows have theirs": (
        "table3.toml", 'spending = ["basic"] }', 'spending = ["basic"], func = ["208"] }', "func",
    ),
    "三公 by 项": ("table3.toml", '"expenditure"', '"three-public"', "三公预算以外"),
    "less of nothing": (
        "table8.toml", 'across = ["1", "2"], less', 'leaf = { measure = "opening" }, less',
        "across",
    ),
    "a leaf and a sum": (
        "table8.toml", 'across = ["4", "5"] ', 'across = ["4", "5"], leaf = { econ = ["301"] } ',
        "之一",
    ),
    "nothing of a fund": ("table8.toml", 'fund = ["govfund"]', "fund = []", "至少"),
    "a range that is empty": ("table1.toml", '["1..8"]', '["8..1"]', "由小到大"),
    "a range without end": ("table1.toml", '["1..8"]', '["1..300000000"]', "已有的行"),
    "a row twice in a sum": ("table1.toml", '["1..8"]', '["1", "1"]', "每项一次"),
    "a column of the other side": (
        "table4.toml", 'across = ["3", "4", "5"]', 'across = ["3", "4", "1"]', "本侧",
    ),
    "figures in a column of the other side": (
        "table4.toml", 'label = "本年支出合计",', 'label = "本年支出合计", in = ["1"],', "本侧的栏",
    ),
    "a total that is called like a code": (
        "table6.toml", 'id = "人员经费合计"', 'id = "30201"', "不以数字开头",
    ),
    "a 款 in another block": (
        "table6.toml", '    { code = "303", label', '    { code = "30299", label = "x" },\n'
        '    { code = "303", label', "同在一块",
    ),
    "a title that looks inside": ("table2.toml", "{year}", "{name.__class__}", "占位"),
    "a title that is padded": ("table2.toml", "{year}", "{year:>30}", "占位"),
    "a control character by escape": ("table2.toml", "收入决算表", "收入\\u001b决算表", "控制字符"),
    "a number that ends its line": ("table2.toml", 'no = "1"', 'no = "1\\n"', "编号"),
    "a named cell of one code": (
        "edition.toml", 'closing = "T1.55"', 'closing = "T3.2010101.1"', "任何账套",
    ),
    "no fund of 三公": (
        "edition.toml", '["general", "govfund", "statecapital"]', "[]", "至少",
    ),
    "what was spent, by project": (
        "edition.toml", 'spent = "T3.@.1"', 'spent = "T6.@"', "按功能科目的支出表",
    ),
}  # fmt: skip


@pytest.mark.parametrize("broken", MORE.values(), ids=MORE.keys())
def test_what_would_print_nonsense_is_no_edition(
    tmp_path: Path, broken: tuple[str, str, str, str]
) -> None:
    name, before, after, expected = broken
    folder = begun(tmp_path / "mine")
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(WrongCells) as raised:
        read(folder)
    assert any(expected in cell.expected for cell in raised.value.cells), raised.value.cells


def numbered(folder: Path, rows: list[str]) -> Path:
    """An edition of one table whose rows these are."""
    folder.mkdir()
    folder.joinpath("edition.toml").write_text('title = "x"\ntables = [1]\n', encoding="utf-8")
    head = 'number = 1\ntitle = "x"\nlayout = "sides"\nnote = ""\n[[side]]\nname = "x"\n'
    body = 'columns = [{ no = "1", label = "x" }]\nrows = [\n' + "".join(rows) + "]\n"
    folder.joinpath("table1.toml").write_text(head + body, encoding="utf-8")
    return folder


LEAF = '{ no = 1, label = "x", leaf = { measure = "income" } },\n'


@pytest.mark.parametrize(
    "rows",
    [
        [LEAF, *(f'{{ no = {n}, label = "x", plus = ["{n - 1}"] }},\n' for n in range(2, 900))],
        [
            LEAF,
            '{ no = 2, label = "x", plus = ["1"] },\n',
            *(
                f'{{ no = {n}, label = "x", plus = ["{n - 1}", "{n - 2}"] }},\n'
                for n in range(3, 39)
            ),
        ],
    ],
    ids=["deep", "wide"],
)
def test_sums_that_nobody_could_follow_are_refused(tmp_path: Path, rows: list[str]) -> None:
    """Else `explain` would follow them for ever, or not at all."""
    with pytest.raises(WrongCells) as raised:
        read(numbered(tmp_path / "mine", rows))
    assert "层" in raised.value.cells[0].expected


def test_what_is_kept_of_a_base_is_what_is_there(tmp_path: Path, year: Year) -> None:
    """Relations and named cells of tables that an edition leaves out are not asked; all others are,
    unless it says which."""
    folder = tmp_path / "mine"
    folder.mkdir()
    sheet = folder / "edition.toml"
    sheet.write_text('title = "x"\ntables = [1, 2, 3]\nbased_on = "2024"\n', encoding="utf-8")
    forms = read(folder)
    assert {each.code for each in forms.relations} == {"X01", "X02"}
    assert (forms.cells.opening, forms.cells.budget) == ("T1.27", None)
    assert year.ask(lambda reading: check(Report(Cells(reading, forms))))["findings"]
    sheet.write_text('title = "x"\ntables = [1, 2, 3, 4, 5, 6, 8, 9, 7]\nbased_on = "2024"\n')
    assert read(folder).relations == edition("2024").relations
    folder.joinpath("checks.toml").write_text('keeps = ["X05"]\n', encoding="utf-8")
    assert {each.code for each in read(folder).relations} == {"X05"}


def test_a_column_of_its_table_s_measure_brings_its_rows(tmp_path: Path, year: Year) -> None:
    """It says nothing of its own, and counts all that the table does."""
    folder = begun(tmp_path / "mine")
    table = folder / "table3.toml"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace('across = ["2", "3", "4", "5", "6"]', "").replace(
        'label = "本年支出\\n合计",  }', 'label = "本年支出\\n合计" }'
    ).replace(", }", " }"), encoding="utf-8")  # fmt: skip
    forms = read(folder)
    printed = year.ask(lambda reading: {"all": Cells(reading, forms).printed("T3.合计.1")})
    assert printed == {"all": "11.00"}


def test_codes_in_codes_count_once(tmp_path: Path, year: Year) -> None:
    folder = begun(tmp_path / "mine")
    table = folder / "table1.toml"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace('["208"]', '["208", "20801", "208"]'), encoding="utf-8")
    forms = read(folder)

    def asked(reading: Reading) -> None:
        cells = Cells(reading, forms)
        (row,) = (cell.id for cell in cells.table(1) if cell.label.startswith("八、社会"))
        assert cells.fen(row) == 8_500_000
        assert plain(explain(Report(cells), row))["fen"] == 8_500_000

    year.ask(asked)
