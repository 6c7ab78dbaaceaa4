"""What `narrative` says: of projects of other funds, of what did not change, of texts as people
write them, of what a department and its units said."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from projections.report.narrative.sentences import ended, plainly
from tests.harness.report_year import OF_EVERY_KIND, Unit, recorded
from tests.harness.shell import Shell
from tests.harness.small_year import Year, request

ALONE = (Unit("A", "admin"),)
OF = ("--unit", "A", "--year", "2020")
WHOLE = ("--units", "all", "--year", "2020")


def paragraphs(answer: Any, section: str) -> list[str]:
    (found,) = (each for each in answer["sections"] if each["id"] == section)
    return [each["text"] for each in found["paragraphs"]]


def figures(answer: Any) -> dict[str, Any]:
    return {each["id"]: each for each in answer["figures"]}


# ---- money of all funds


@pytest.mark.parametrize("of", [OF, WHOLE], ids=["book", "department"])
def test_the_money_of_a_project_is_that_of_all_funds(tmp_path: Path, of: tuple[str, ...]) -> None:
    """What `performance` and `execution` say: P02 has money of other funds only."""
    year = recorded(tmp_path, OF_EVERY_KIND, 2020)
    shell = Shell(year.db)
    on = ("--amount", "300", "--year", "2020", "--date", "2020-06-01", "--doc", "文")  # C pays A
    own = ("--fund", "nonfiscal", "--func", "2010150", *on)
    line = ("--spending", "project", "--project", "P01", *own)
    shell("supplement", *line, "--origin", "2020", "--unit", "C")
    paid = ("--econ", "30299", "--payee", "A局", "--counterpart", "A")
    shell("pay", *paid, *line, "--origin", "2020", "--unit", "C")
    came = ("--econ", "other", "--spending", "basic", "--counterpart", "C")
    shell("income", *came, *own, "--unit", "A")
    taken_out = shell.ask("explain", "N.s3.project", *of)["entries"]
    assert any("against" in each for each in taken_out) == (of == WHOLE)
    told = figures(shell.ask("narrative", *of))
    executed = {
        each["project"]: each for each in shell.ask("execution", "--scope", "all", *of)["projects"]
    }
    for project in ("P01", "P02"):
        for column, fen in (("budget", "annual_budget"), ("executed", "executed")):
            mine = told[f"N.s13c.{project}.{column}"]["fen"]
            assert mine == executed[project][f"{fen}_fen"] > 0
            form = shell.ask("get", f"E.{project}.funds.total.{fen}", *of)
            assert mine == form["fen"]
    whole = shell.ask("get", "E.whole.funds.total.annual_budget", *of)["fen"]
    assert told["N.s13b.funds"]["fen"] == whole > told["N.s13b.general"]["fen"]


def test_projects_without_general_money_are_told_beside(tmp_path: Path) -> None:
    year = recorded(tmp_path, ALONE, 2020)
    shell = Shell(year.db)
    answer = shell.ask("narrative", *OF)
    first, whole, *_ = [text for text in paragraphs(answer, "十三") if "涉及" in text]
    assert "对1个有一般公共预算资金的项目开展了绩效自评，涉及一般公共预算资金25.00万元" in first
    assert "另对1个没有一般公共预算资金的项目开展了绩效自评，涉及其他资金14.00万元" in first
    assert "全部资金" in whole
    assert "其中一般公共预算资金" in whole
    assert figures(answer)["N.s13a.share"]["printed"] == "100.0%"
    assert "P02 项目：全年预算14.00万元，执行13.00万元" in "".join(paragraphs(answer, "十三"))


def test_one_fund_is_called_by_its_name(tmp_path: Path) -> None:
    year = Year(tmp_path)
    shell = Shell(year.db)
    said = "".join(paragraphs(shell.ask("narrative"), "十三"))
    assert "整体支出涉及一般公共预算资金0.00万元" in said


# ---- no change, no reason


@pytest.mark.parametrize("edition", ["2020", "2022", "2024", "2024-26"])
@pytest.mark.parametrize(("then", "now"), [(1, 1), (0, 0)])
def test_what_did_not_change_needs_no_reason(
    tmp_path: Path, edition: str, then: int, now: int
) -> None:
    recorded(tmp_path, ALONE, 2019, k=then, edition=edition)
    year = recorded(tmp_path, ALONE, 2020, k=now, edition=edition)
    missing = Shell(year.db).ask("narrative", *OF, "--missing", exit=1)["missing"]
    assert [each["slot"] for each in missing if each["slot"].endswith("change")] == []


def test_nothing_against_a_prior_of_nothing_needs_no_reason(tmp_path: Path) -> None:
    year = recorded(tmp_path, ALONE, 2020, k=0)
    priors = ("N.s7b.final", "N.s7b.reception", "N.s1.total")
    year.record(*(request("prior", "12-31", cell=cell, amount_fen=0) for cell in priors))
    answer = Shell(year.db).ask("narrative", *OF, "--missing", exit=1)
    slots = {each["slot"] for each in answer["missing"]}
    assert not slots & {"N.s7b.change", "N.s7b.reception_change", "N.s1.change", *priors}


def test_something_against_nothing_needs_a_reason(tmp_path: Path) -> None:
    year = recorded(tmp_path, ALONE, 2020)
    year.record(request("prior", "12-31", cell="N.s7b.final", amount_fen=0))
    answer = Shell(year.db).ask("narrative", *OF, "--missing", exit=1)
    assert "N.s7b.change" in {each["slot"] for each in answer["missing"]}


# ---- texts as people write them


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("主要原因是人员增加。", "人员增加"),
        ("主要原因：人员增加", "人员增加"),
        ("主要原因是：人员增加", "人员增加"),
        ("主要原因在于人员增加", "人员增加"),
        ("主要原因不明", "主要原因不明"),
        ("人员增加，主要原因是扩编", "人员增加，主要原因是扩编"),
    ],
)
def test_a_reason_does_not_double_the_words_of_its_sentence(typed: str, said: str) -> None:
    assert plainly(typed, "主要原因是") == said


def test_texts_fit_their_sentences(tmp_path: Path) -> None:
    year = recorded(tmp_path, ALONE, 2020, k=1)
    shell = Shell(year.db)
    for command in (
        ("prior", "--cell", "N.s1.total", "--amount", "1"),
        ("reason", "主要原因是人员增加。", "--slot", "N.s1.change"),
        ("text", "城乡社区规划（2120803）：指规划支出。", "--slot", "glossary.2120803"),
        ("text", "基本支出是指日常的支出。", "--slot", "glossary.基本支出"),
        ("text", "职能一\n\n职能二。", "--slot", "functions"),
        ("key-work", "--no", "1", "--item", "事项。", "--goal", "目标。", "--done", "完成。"),
    ):
        shell(*command, *OF, "--date", "2020-12-31")
    answer = shell.ask("narrative", *OF)
    assert "主要原因是人员增加。" in paragraphs(answer, "一")[0]
    assert "主要原因是主要原因" not in paragraphs(answer, "一")[0]
    assert paragraphs(answer, "概况一") == ["职能一。", "职能二。"]
    terms = paragraphs(answer, "名词解释")
    assert [each for each in terms if "。。" in each] == []
    assert any(each.endswith("．基本支出：日常的支出。") for each in terms)
    assert "1．事项。目标：目标。完成情况：完成。" in paragraphs(answer, "重点工作")
    assert ended("如下：") == "如下："


def test_what_is_missing_names_the_figure(tmp_path: Path) -> None:
    year = recorded(tmp_path, ALONE, 2020)
    missing = Shell(year.db).ask("narrative", *OF, "--missing", exit=1)["missing"]
    messages = {each["slot"]: each["message"] for each in missing if each["needs"] == "reason"}
    (rate,) = [slot for slot in messages if slot == "N.s5c.201_rate"]
    assert messages[rate] == "一般公共服务支出完成年初预算：主要原因（N.s5c.201_rate）"
    assert all(not message.startswith("：") for message in messages.values())


# ---- the glossary


@pytest.mark.parametrize("edition", ["2020", "2022", "2024", "2024-26"])
def test_terms_are_told_and_do_not_repeat_themselves(tmp_path: Path, edition: str) -> None:
    year = recorded(tmp_path, ALONE, 2020, edition=edition)
    answer = Shell(year.db).ask("narrative", *OF)
    terms = dict(each.split("．", 1)[1].split("：", 1) for each in paragraphs(answer, "名词解释"))
    assert {"年末结转和结余", "政府性基金"} <= {*terms}
    for term, means in terms.items():
        assert not means.startswith((term, f"用于{term.split('（')[0]}的支出"))
        assert "支出的支出" not in means
        assert "支出的各项支出" not in means
    vehicles = "公务用车购置及运行费" if edition in ("2020", "2022") else "公务用车购置及运行维护费"
    assert vehicles in terms["“三公”经费"]
    said = "".join(text for s in answer["sections"] for text in paragraphs(answer, s["id"]))
    assert said.count("公务用车购置及运行") == said.count(vehicles)


# ---- receptions that are more than what was paid


def test_of_too_many_receptions_one_is_taken_back(tmp_path: Path) -> None:
    year = recorded(tmp_path, ALONE, 2020)
    year.record(request("reception", "12-31", amount_fen=9_00, batches=1, persons=1))
    year.record(request("trip", "12-31", amount_fen=8_00, groups=1, persons=1))
    shell = Shell(year.db)
    missing = shell.ask("narrative", *OF, "--missing", exit=1)["missing"]
    ways = {each["slot"]: each["try"] for each in missing if each["needs"] == "fact"}
    assert ways["N.s7b.rec"] == ["yusuan particulars reception", "yusuan reverse 编号"]
    assert ways["N.s7b.trip"] == ["yusuan particulars trip", "yusuan reverse 编号"]


def test_of_too_few_receptions_one_is_recorded(tmp_path: Path) -> None:
    """In a department it says in which book."""
    year = recorded(tmp_path, OF_EVERY_KIND, 2020)
    shell = Shell(year.db)
    one = shell.ask("particulars", "reception", *OF)["particulars"][0]["entry"]
    shell("reverse", str(one), *OF, "--date", "2020-12-31")
    (way,) = [
        each["try"]
        for each in shell.ask("narrative", *WHOLE, "--missing", exit=1)["missing"]
        if each["slot"] == "N.s7b.rec"
    ]
    assert len(way) == 1
    assert way[0].startswith("yusuan reception")
    assert way[0].endswith("--unit A --year 2020")


# ---- a department


def of_units(folder: Path) -> Shell:
    """Two units that said what they did, each in its own book; nothing was said for both."""
    units = (Unit("A", "admin"), Unit("B", "institution"))
    made = {unit.code: recorded(folder, [unit], 2020, facts=False) for unit in units}
    for code, year in made.items():
        said: dict[str, Any] = {"level1": "产出", "level3": "指标", "value": "≥95%"}
        year.record(
            request("target", "12-31", project="P01", no="1", weight_hundredths=9000, **said),
            request("result", "12-31", project="P01", no="1", actual="96%"),
            request("key-work", "12-31", no="1", item=f"{code}的事项", goal="目标", done="完成"),
        )
    return Shell(made["A"].db)


def test_what_units_said_counts_in_their_department(tmp_path: Path) -> None:
    shell = of_units(tmp_path)
    answer = shell.ask("narrative", *WHOLE)
    forms = shell.ask("performance", *WHOLE)["forms"]
    told = figures(answer)
    assert told["N.s13a.projects"]["value"] == len([f for f in forms if f["project"]]) == 1
    assert told["N.s5c.P01.result.1"]["value"] == "96.0"
    assert not [text for text in paragraphs(answer, "十三") if "没有" in text]
    assert paragraphs(answer, "重点工作") == [
        "1．A的事项。目标：目标。完成情况：完成。",
        "2．B的事项。目标：目标。完成情况：完成。",
    ]
    assert "key-work" not in {each["slot"] for each in answer["missing"]}
    counted = shell.ask("explain", "N.s13a.projects", *WHOLE)
    assert [each["kind"] for each in counted["entries"]] == ["target"]


def test_what_is_said_for_a_department_stands_for_its_units(tmp_path: Path) -> None:
    shell = of_units(tmp_path)
    said = ("--no", "1", "--item", "部门的事项", "--goal", "目标", "--done", "完成")
    shell("key-work", *said, "--department", *OF, "--date", "2020-12-31")
    assert paragraphs(shell.ask("narrative", *WHOLE), "重点工作") == [
        "1．部门的事项。目标：目标。完成情况：完成。"
    ]
    assert paragraphs(shell.ask("narrative", *OF), "重点工作") == [
        "1．A的事项。目标：目标。完成情况：完成。"
    ]


def test_the_ways_out_of_a_department_work_as_they_are_typed(tmp_path: Path) -> None:
    recorded(tmp_path, OF_EVERY_KIND, 2019, facts=False)
    year = recorded(tmp_path, OF_EVERY_KIND, 2020, k=2)
    shell = Shell(year.db)
    for each in shell.ask("narrative", *WHOLE, "--missing", exit=1)["missing"]:
        for way in each["try"]:
            words = shlex.split(way)[1:]
            assert words[-5:] == ["--department", "--unit", "A", "--year", "2020"]
            shell(*words, "--date", "2020-12-31")
    assert shell.ask("narrative", *WHOLE, "--missing")["missing"] == []


def test_the_people_of_a_unit_without_any_are_told(tmp_path: Path) -> None:
    shell = Shell(recorded(tmp_path, [Unit("A", "admin")], 2020, k=0).db)
    assert paragraphs(shell.ask("narrative", *OF), "概况三") == [
        "年末没有在职人员；没有离退休人员。"
    ]


def test_what_is_missing_leaves_no_hole_and_no_comma_out(tmp_path: Path) -> None:
    """A reason that is missing stands where it will be said; what two words of a sentence need is
    missing in both."""
    recorded(tmp_path, [Unit("A", "admin")], 2019)
    shell = Shell(recorded(tmp_path, [Unit("A", "admin")], 2020, k=2).db)
    told = shell.ask("narrative", *OF)
    (first,) = paragraphs(told, "一")
    assert (
        "增长100.0%，主要原因是【缺：收、支总计比上年增减额：主要原因（N.s1.change）】。" in first
    )
    for section in told["sections"]:
        for each in section["paragraphs"]:
            assert "%【缺" not in each["text"]
            assert "数【缺" not in each["text"]
    recorded(tmp_path, [Unit("B", "admin")], 2020, facts=False)
    nobody = shell.ask("narrative", "--unit", "B", "--year", "2020")
    (staff,) = paragraphs(nobody, "概况三")
    assert "人员人" not in staff
    (bought,) = [each for each in paragraphs(nobody, "七") if "公务用车购置及运行费" in each]
    assert "本年购置公务用车【缺：" in bought


def test_what_is_missing_between_two_sentences_is_parted_from_both(tmp_path: Path) -> None:
    year = recorded(tmp_path, [Unit("A", "admin")], 2020)
    year.record(request("reception", "12-31", amount_fen=1, batches=1, persons=1, category="其他"))
    for edition in ("2020", "2022"):
        told = Shell(year.db).ask("narrative", *OF, "--edition", edition)
        (said,) = [each for each in paragraphs(told, "七") if each.startswith("3．公务接待费")]
        assert "【缺：公务接待费：决算 20,000.00 元，登记合计 20,000.01 元" in said
        assert "】；其他0.00万元" in said or "】。其他0.00万元" in said
