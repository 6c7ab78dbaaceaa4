"""What texts of the report cite: results that are there, that are not, and what is none."""

from pathlib import Path

import pytest

from tests.harness.report_year import Unit, recorded
from tests.harness.shell import Shell

OF = ("--unit", "A", "--year", "2020")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Two units whose projects P01 and P02 have results 1 to 4, and that need reasons."""
    recorded(tmp_path, [Unit("A", "admin"), Unit("B", "admin")], 2019)
    year = recorded(tmp_path, [Unit("A", "admin"), Unit("B", "admin")], 2020, k=2)
    return Shell(year.db)


def said(shell: Shell, *typed: str, unit: str = "A") -> list[str]:
    """What was recorded, and the cautions with it."""
    of = ("--unit", unit, "--year", "2020", "--date", "2020-12-31")
    return [each["code"] for each in shell.ask(*typed, *of)["warnings"]]


def cited(shell: Shell, *of: str) -> list[str]:
    """What `check` finds of citations."""
    found = shell.ask("check", *of, exit=1)["findings"]
    return [each["message"] for each in found if each["code"] == "CITED.UNKNOWN"]


def test_a_result_that_is_not_there_is_missing_until_it_is_reported(shell: Shell) -> None:
    assert said(shell, "reason", "做成{P01.2}和{P01.9}", "--slot", "N.s1.change") == []
    answer = shell.ask("narrative", *OF, "--section", "一")
    (paragraph,) = answer["sections"][0]["paragraphs"]
    assert "做成111和【缺：N.s1.change 引用的绩效结果 {P01.9}" in paragraph["text"]
    assert paragraph["kind"] == "missing"
    (missing,) = answer["missing"]
    assert (missing["slot"], missing["needs"]) == ("N.s5c.P01.result.9", "fact")
    assert missing["try"] == [
        "yusuan result --project P01 --no 9 --actual 实际完成值",
        "yusuan reason 文字 --slot N.s1.change",
    ]
    assert len(cited(shell, *OF)) == 1
    said(shell, "result", "--project", "P01", "--no", "9", "--actual", "7件")
    assert "做成111和7。" in shell("narrative", *OF, "--section", "一").out
    assert cited(shell, *OF) == []


@pytest.mark.parametrize("words", ["{99}", "{P01.甲}", "{甲}", "{.1}"])
def test_what_can_be_no_result_is_told_when_it_is_recorded(shell: Shell, words: str) -> None:
    assert said(shell, "reason", f"因{words}件", "--slot", "N.s1.change") == ["TEXT.CITES"]
    assert said(shell, "text", f"履行{words}、{words}。", "--slot", "functions") == ["TEXT.CITES"]
    missing = shell.ask("narrative", *OF, "--missing", exit=1)["missing"]
    ours = [each for each in missing if words in each["message"]]
    assert [(each["slot"], each["needs"]) for each in ours] == [
        ("functions", "text"), ("N.s1.change", "reason")
    ]  # fmt: skip
    shown = shell("narrative", *OF).out
    assert shown.count(f"中的 {words} 不是绩效结果的编号】") == 2
    assert "、【缺：见前】。" in shown
    assert len(cited(shell, *OF)) == 2


def test_a_project_that_the_book_has_not_is_no_way_out(shell: Shell) -> None:
    said(shell, "reason", "因{P9.1}件", "--slot", "N.s1.change")
    (missing,) = shell.ask("narrative", *OF, "--section", "一")["missing"]
    assert missing["try"] == ["yusuan reason 文字 --slot N.s1.change"]


def test_the_results_of_a_project_are_cited_by_their_number(shell: Shell) -> None:
    assert said(shell, "reason", "做成{2}件、{8}件", "--slot", "N.s5c.P01.results") == []
    shown = shell("narrative", *OF).out
    assert "做成111件、【缺：N.s5c.P01.results 引用的绩效结果 {8}" in shown


def test_key_work_and_terms_cite_as_other_texts(shell: Shell) -> None:
    work = ("key-work", "--no", "1", "--item", "办件", "--goal", "办成{P01.2}件")
    assert said(shell, *work, "--done", "办成{P01.8}件") == []
    assert said(shell, "text", "指{P01.2}件。", "--slot", "glossary.2010101") == []
    answer = shell.ask("narrative", *OF)
    told = [each for section in answer["sections"] for each in section["paragraphs"]]
    (work_told,) = [each for each in told if "办件" in each["text"]]
    assert "办成111件" in work_told["text"]
    assert "【缺：key-work.1 引用的绩效结果 {P01.8}" in work_told["text"]
    assert work_told["figures"] == ["N.s5c.P01.result.2"]
    (term,) = [each for each in told if "指111件" in each["text"]]
    assert term["figures"] == ["N.s5c.P01.result.2"]


def test_a_result_that_key_work_cites_is_no_row(shell: Shell) -> None:
    said(shell, "key-work", "--no", "1", "--item", "办件", "--done", "办成{P01.7}件")
    said(shell, "result", "--project", "P01", "--no", "7", "--actual", "7件")
    (form,) = shell.ask("performance", *OF, "--project", "P01")["forms"]
    assert [row["no"] for row in form["indicators"]] == ["1", "2", "3", "4"]


def test_a_goal_cites_nothing(shell: Shell) -> None:
    typed = ("goal", "--project", "P01", "--expected", "办成{2}件", "--actual", "已办成")
    assert said(shell, *typed) == ["TEXT.CITES"]
    found = [f for f in shell.ask("check", *OF, exit=1)["findings"] if "总体目标" in f["message"]]
    assert [(each["code"], each["try"]) for each in found] == [
        ("CITED.UNKNOWN", ["yusuan goal --project P01 --expected 预期目标 --actual 实际完成"])
    ]


def test_a_department_is_told_in_whose_book(shell: Shell) -> None:
    said(shell, "key-work", "--no", "1", "--item", "甲事", unit="A")
    said(shell, "key-work", "--no", "1", "--item", "乙事{P01.8}", unit="B")
    whole = ("--units", "all", "--year", "2020")
    missing = shell.ask("narrative", *whole, "--missing", exit=1)["missing"]
    (ours,) = [each for each in missing if "P01.8" in each["message"]]
    assert ours["try"][1] == (
        "yusuan key-work --no 1 --item 事项 --goal 目标 --done 完成情况 --unit B --year 2020"
    )
    assert len(cited(shell, *whole)) == 1


def test_the_execution_rate_is_cited_as_it_is_worked_out(shell: Shell) -> None:
    said(shell, "result", "--project", "P01", "--no", "5", "--actual", "@execution")
    said(shell, "project", "--code", "P03", "--name", "新项目")
    said(shell, "result", "--project", "P03", "--no", "1", "--actual", "@execution")
    said(shell, "reason", "执行率{5}", "--slot", "N.s5c.P01.results")
    assert "主要成效是执行率68.0%。" in shell("narrative", *OF).out
    figure = shell.ask("get", "N.s5c.P01.result.5", *OF)
    assert (figure["kind"], figure["value"], figure["printed"]) == ("percent", "68.0", "68.0%")
    tree = shell.ask("explain", "N.s5c.P01.result.5", *OF)["tree"]
    assert [part["cell"] for part in tree["parts"]] == ["E.P01.funds.total.rate"]
    nothing = shell.ask("get", "N.s5c.P03.result.1", *OF)
    assert (nothing["kind"], nothing["value"]) == ("percent", None)
    said(shell, "reason", "执行率{P03.1}", "--slot", "N.s1.change")
    shown = shell("narrative", *OF, "--section", "一").out
    assert "执行率【缺：N.s1.change 引用的执行率 {P03.1}（项目 P03 没有全年预算）】。" in shown


def test_a_result_that_says_more_than_a_number_is_cited_as_it_was_written(shell: Shell) -> None:
    said(shell, "result", "--project", "P01", "--no", "2", "--actual", "超过100件")
    said(shell, "reason", "办理{2}", "--slot", "N.s5c.P01.results")
    assert "主要成效是办理超过100件。" in shell("narrative", *OF).out
