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
