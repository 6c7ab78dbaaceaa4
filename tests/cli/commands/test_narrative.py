"""`narrative`: its JSON, what is missing and how that is said, sections, masking, departments."""

import shlex
from pathlib import Path

import pytest

from tests.harness.report_year import OF_EVERY_KIND, Unit, recorded
from tests.harness.shell import Shell

PHONE = "13812345678"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """An agency with last year's book, and another unit without."""
    folder = tmp_path_factory.mktemp("narrative")
    recorded(folder, [Unit("A", "admin")], 2019)
    year = recorded(folder, [Unit("A", "admin"), Unit("B", "institution")], 2020, k=2)
    made = Shell(year.db)
    made.unit, made.year = "A", 2020
    return made


def test_the_json_has_sections_figures_and_what_is_missing(shell: Shell) -> None:
    answer = shell.ask("narrative", "--unit", "A", "--year", "2020")
    assert answer["edition"] == "2020"
    assert [each["id"] for each in answer["sections"]][:5] == [
        *("概况一", "概况二", "概况三", "一", "二")
    ]
    (first,) = next(s["paragraphs"] for s in answer["sections"] if s["id"] == "一")
    assert first["figures"] == ["N.s1.total", "N.s1.direction", "N.s1.change", "N.s1.change_rate"]
    assert first["kind"] == "missing"
    figures = {each["id"]: each for each in answer["figures"]}
    change = figures["N.s1.change"]
    assert (change["kind"], change["unit"], change["source"]) == (
        *("amount", "万元", "last-year-book"),
    )
    assert change["printed"] in first["text"]
    assert figures["N.s1.direction"]["value"] == "增加"
    assert figures["N.s1.change_rate"]["value"] == "100.0"
    assert "fen" not in figures["N.s1.change_rate"]
    assert figures["N.s6.personnel_items"]["value"] == ["基本工资", "离休费"]
    assert figures["N.staff.admin"]["value"] == 24
    missing = {each["slot"]: each for each in answer["missing"]}
    assert missing["N.s1.change"]["needs"] == "reason"
    assert missing["N.s1.change"]["try"] == ["yusuan reason 文字 --slot N.s1.change"]
    assert missing["functions"]["needs"] == "text"


def test_what_is_missing_is_an_exit_code_until_it_is_said(shell: Shell) -> None:
    """Each way out works as it is typed; then the narrative is whole."""
    of = ("--unit", "B", "--year", "2020")
    for _ in range(2):
        answer = shell.ask("narrative", *of, "--missing", exit=1)
        for each in answer["missing"]:
            for way in each["try"]:
                words = shlex.split(way.replace("金额", "12.50").replace("数量", "0"))[1:]
                shell(*words, *of, "--date", "2020-12-31")
    assert shell.ask("narrative", *of, "--missing")["missing"] == []
    assert "【缺" not in shell("narrative", *of).out


def test_one_section(shell: Shell) -> None:
    of = ("--unit", "A", "--year", "2020", "--section")
    answer = shell.ask("narrative", *of, "十")
    assert [each["id"] for each in answer["sections"]] == ["十"]
    assert {each["id"] for each in answer["figures"]} == {
        *("N.s10.run", "N.s10.change", "N.s10.change_rate", "N.s10.direction")
    }
    assert shell("narrative", *of, "十").out.startswith("十、机关运行经费支出情况")
    wrong = shell.ask("narrative", *of, "二十", exit=2)
    assert wrong["code"] == "SECTION.UNKNOWN"


def test_numbers_of_persons_are_masked(shell: Shell) -> None:
    of = ("--unit", "A", "--year", "2020")
    shell("text", f"联系电话{PHONE}", "--slot", "functions", *of, "--date", "2020-12-31")
    section = (*of, "--section", "概况一")
    assert "138****5678" in shell("narrative", *section).out
    assert PHONE not in shell("narrative", *section, "--json").out
    assert PHONE in shell("narrative", *section, "--unmask").out


def test_a_department_says_its_own_reasons(tmp_path: Path) -> None:
    recorded(tmp_path, OF_EVERY_KIND, 2019)
    year = recorded(tmp_path, OF_EVERY_KIND, 2020, k=2)
    shell = Shell(year.db)
    of = ("--unit", "A", "--year", "2020", "--date", "2020-12-31")
    shell("reason", "单位的原因", "--slot", "N.s1.change", *of)
    shell("reason", "部门的原因", "--slot", "N.s1.change", "--department", *of)
    whole = ("--units", "all", "--year", "2020", "--section")
    assert "部门的原因" in shell("narrative", *whole, "一").out
    assert "单位的原因" in shell("narrative", "--unit", "A", "--year", "2020").out
    assert "A局、B局、C局" in shell("narrative", *whole, "概况二").out
    figures = {each["id"]: each for each in shell.ask("narrative", *whole, "概况三")["figures"]}
    assert figures["N.staff.admin"]["value"] == 3 * 24
    answer = shell.ask("explain", "N.staff.admin", "--units", "all", "--year", "2020")
    assert [(each["book"], each["count"]) for each in answer["entries"]] == [
        *(("A/2020", 24), ("B/2020", 24), ("C/2020", 24))
    ]


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        (("headcount", "--item", "admins", "--count", "1"), "item", "admins"),
        (("headcount", "--item", "在职", "--count", "1"), "item", "在职"),  # a sum
        (("asset", "--item", "admin", "--count", "1"), "item", "admin"),
        (("reason", "文字", "--slot", "N.s2.income"), "slot", "N.s2.income"),
        (("text", "文字", "--slot", "N.s1.change"), "slot", "N.s1.change"),
        (("prior", "--cell", "N.s2.fiscal_share", "--amount", "1"), "cell", "N.s2.fiscal_share"),
    ],
)
def test_a_place_that_the_edition_does_not_have_is_bad_input(
    shell: Shell, typed: tuple[str, ...], field: str, value: str
) -> None:
    of = ("--unit", "B", "--year", "2020", "--date", "2020-12-31")
    answer = shell.ask(*typed, *of, exit=2)
    assert answer["code"] == "SLOT.UNKNOWN"
    assert (answer["facts"]["field"], answer["facts"]["value"]) == (field, value)


def test_the_word_of_an_item_is_the_item(shell: Shell) -> None:
    of = ("--unit", "B", "--year", "2020")
    shell("headcount", "--item", "行政编制", "--count", "5", *of, "--date", "2020-12-31")
    assert shell.ask("get", "N.staff.quota_admin", *of)["value"] == 5


def test_a_figure_that_last_years_book_says_is_not_stated(shell: Shell) -> None:
    of = ("--unit", "A", "--year", "2020", "--date", "2020-12-31")
    answer = shell.ask("prior", "--cell", "T1.30", "--amount", "5", *of, exit=3)
    assert answer["code"] == "PRIOR.IN_BOOK"
    said = shell.ask("get", "T1.30", "--unit", "A", "--year", "2019")["value"]
    assert f"{float(said):,.2f} 元" in answer["message"]
    assert "5.00 元" in answer["message"]
    assert answer["try"] == ["yusuan explain T1.30 --unit A --year 2019"]


def test_a_file_of_facts_is_asked_the_same(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "人员.csv"
    file.write_text("id,date,kind,item,count\nH1,2020-12-31,headcount,行政,5\n"
                    "H2,2020-12-31,headcount,无此项,5\n", encoding="utf-8")  # fmt: skip
    of = ("--unit", "B", "--year", "2020")
    answer = shell.ask("import", str(file), *of, exit=2)
    (wrong,) = answer["rejected"]
    assert (wrong["row"], wrong["column"], wrong["value"]) == (3, "item", "无此项")


def test_an_edition_without_sentences_is_told_which_have_some(shell: Shell) -> None:
    of = ("--unit", "A", "--year", "2020", "--edition", "budget-2024")
    for more in ((), ("--missing",), ("--section", "一")):
        wrong = shell.ask("narrative", *of, *more, exit=2)
        assert wrong["code"] == "EDITION.UNKNOWN"
        assert wrong["facts"]["expected"] == ("有决算情况说明的表样版本：2020、2022、2024、2024-26")
    wrong = shell.ask("performance", *of, exit=2)
    assert wrong["facts"]["expected"] == "有绩效自评计分规则的表样版本：2020、2022、2024、2024-26"


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("E.P01.77.score", "E.P01.1.score"),
        ("E.P01.totl", "E.P01.total"),
        ("E.P09.total", "E.P01.total"),
        ("N.s1.totl", "N.s1.total"),
        ("N.s5c.P01.result.88", "N.s5c.P01.result.1"),
        ("P.reception.amt", "P.reception.amount"),
        ("T1.99", "T1.9"),
    ],
)
def test_a_figure_that_there_is_not_is_told_which_are_like_it(
    shell: Shell, typed: str, near: str
) -> None:
    for command in ("get", "explain"):
        wrong = shell.ask(command, typed, "--unit", "A", "--year", "2020", exit=2)
        assert wrong["code"] == "CELL.UNKNOWN"
        assert near in wrong["facts"]["expected"].partition("相近的有 ")[2].split("（")[0].split(
            "、"
        )


def test_what_begins_like_no_figure_is_told_some(shell: Shell) -> None:
    wrong = shell.ask("get", "收入合计", "--unit", "A", "--year", "2020", exit=2)
    assert "N.units" in wrong["facts"]["expected"]
