"""Forms of a small book, and of a department: what a person gave, what is deducted, what is
lacking, and what a person should see of it."""

from pathlib import Path
from typing import Any

import pytest

from ledger.book import BookId
from ledger.errors import Malformed
from ledger.requests import Request
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.editions import edition
from projections.report.explain import explain
from projections.report.figure import Figure, Report
from projections.report.performance.forms import Forms
from projections.report.performance.told import performance
from projections.views.source import department
from tests.harness.plain import plain
from tests.harness.small_year import (
    BOOK,
    Year,
    appropriate,
    carry_in,
    income,
    line,
    pay,
    project,
    request,
    supplement,
)

P01 = line(project="P01")
OTHER = BookId("420104", 2020)


def target(no: str, value: str, weight: int, **more: Any) -> Request:
    """A row of P01, or of `project`, of the section 产出."""
    given = {"project": "P01", "level1": "产出指标", "level2": "数量指标", "level3": f"指标{no}"}
    return request(
        "target",
        more.pop("on", "03-01"),
        no=no,
        value=value,
        weight_hundredths=weight * 100,
        **{**given, **more},
    )


def result(no: str, actual: str, **more: Any) -> Request:
    given = {"project": "P01", **more}
    return request("result", given.pop("on", "12-31"), no=no, actual=actual, **given)


def override(no: str, hundredths: int, why: str = "上级核定", **more: Any) -> Request:
    given = {"project": "P01", "score_hundredths": hundredths, **more}
    return request("score-override", "12-31", no=no, reason=why, **given)


def budget(year: Year, initial: int = 100_00, paid: int = 80_00) -> Year:
    return year.record(
        appropriate(initial, at=P01), pay(paid, "06-30", at=line("30201", project="P01"))
    )


def form_of(year: Year, key: str = "P01", **cut: Any) -> dict[str, Any]:
    told = year.ask(lambda reading: performance(Forms(Cells(reading))), **cut)
    found: dict[str, Any] = next(f for f in told["forms"] if (f["project"] or "whole") == key)
    return found


def findings_of(year: Year) -> dict[str, list[dict[str, Any]]]:
    told = year.ask(lambda reading: performance(Forms(Cells(reading))))
    by_code: dict[str, list[dict[str, Any]]] = {}
    for finding in told["findings"]:
        by_code.setdefault(finding["code"], []).append(finding)
    return by_code


def row_of(form: dict[str, Any], no: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in form["indicators"] if row["no"] == no)
    return found


def test_a_form_has_its_money_its_rows_in_order_and_a_total(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(
        carry_in(20_00, at=line(project="P01", origin=2019)),
        *(target(no, "10件", 10) for no in ("10", "9", "2-1", "2")),
        *(result(no, "5件") for no in ("10", "9", "2-1", "2")),
        request("goal", "03-01", project="P01", expected="完成四项", actual="完成一半"),
    )
    form = form_of(year)
    assert [row["no"] for row in form["indicators"]] == ["2", "2-1", "9", "10"]
    assert (form["name"], form["title"]) == ("P01 项目", "项目支出绩效自评表")
    assert form["goal"] == {"expected": "完成四项", "actual": "完成一半"}
    funds = {row["code"]: row for row in form["funds"]}
    total = funds["total"]
    assert (total["initial_fen"], total["annual_budget_fen"], total["executed_fen"]) == (
        *(100_00, 120_00, 80_00),
    )
    assert (total["rate"], total["weight"], total["score"]) == ("0.6667", "10.00", "6.67")
    assert funds["carryover"]["annual_budget_fen"] == 20_00
    assert funds["carryover"]["weight"] is None
    assert (form["rule_total"], form["total"], form["grade"]) == ("26.67", "26.67", "差")
    row = row_of(form, "2")
    assert (row["ratio"], row["rule_score"], row["score"]) == ("0.5000", "5.00", "5.00")
    assert (row["target"], row["actual"], row["direction"]) == ("10件", "5件", "up")


def test_money_of_other_sources_has_its_own_row(tmp_path: Path) -> None:
    other = line(fund="nonfiscal", project="P01")
    year = Year(tmp_path).record(
        income(50_00, at=line(fund="nonfiscal", project="P01")),
        appropriate(40_00, at=other),
        pay(30_00, "06-30", at=line("30201", fund="nonfiscal", project="P01")),
        target("1", "10件", 50),
    )
    funds = {row["code"]: row for row in form_of(year)["funds"]}
    assert funds["other"]["executed_fen"] == funds["total"]["executed_fen"] == 30_00
    assert funds["current"]["annual_budget_fen"] == 0
    assert funds["current"]["rate"] is None


def test_the_form_of_the_whole_unit_has_all_its_money(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(
        appropriate(100_00, at=line(project="-")), target("1", "10件", 40, project="")
    )
    form = form_of(year, "whole")
    assert (form["project"], form["title"]) == (None, "部门整体支出绩效自评表")
    assert form["funds"][0]["annual_budget_fen"] == 200_00
    assert (form["funds"][0]["weight"], form["funds"][0]["score"]) == ("20.00", "8.00")


def test_the_last_word_counts_and_taking_it_back_brings_the_one_before(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(target("1", "10件", 10), result("1", "5件"))
    year.record(request("result", "12-31", project="P01", no="1", actual="8件", key="late"))
    assert row_of(form_of(year), "1")["rule_score"] == "8.00"
    year.record(request("reverse", "12-31", "late"))
    assert row_of(form_of(year), "1")["rule_score"] == "5.00"
    assert form_of(year, as_of="2020-06-30")["indicators"][0]["actual"] == ""


def test_a_person_gives_another_score_beside_that_of_the_rule(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(
        target("1", "10件", 10),
        target("2", "可持续", 10),
        result("1", "5件"),
        override("1", 700, "疫情影响"),
        override("2", 900, "专家评议"),
        override("execution", 850, "财政核定"),
    )
    form = form_of(year)
    one, two = row_of(form, "1"), row_of(form, "2")
    assert (one["rule_score"], one["score"], one["override_reason"]) == ("5.00", "7.00", "疫情影响")
    assert (two["rule_score"], two["score"]) == (None, "9.00")
    total = form["funds"][0]
    assert (total["rule_score"], total["score"]) == ("8.00", "8.50")
    assert (form["rule_total"], form["total"]) == ("13.00", "24.50")
    assert form["complete"] is False
    found = findings_of(year)
    above = {cell for finding in found["E.ABOVE"] for cell in finding["cells"]}
    assert above == {"E.P01.1.score", "E.P01.execution.score"}
    assert "得分 7，高于规则得分 5（权重 10）" in found["E.ABOVE"][0]["message"]
    assert "疫情影响" in found["E.ABOVE"][0]["message"]


@pytest.mark.parametrize(
    ("no", "rows", "given", "says"),
    [
        ("1", ("10件", "5件"), 500, None),
        ("1", ("10件", "5件"), 501, ("warn", "5.01，高于规则得分 5（权重 10）")),
        ("1", ("10件", "5件"), 1000, ("warn", "10，高于规则得分 5")),
        ("1", ("10件", "5件"), 1001, ("error", "10.01，高于权重 10（规则得分 5）")),
        ("1", ("可持续", "可持续"), 1000, None),  # no rule says one
        ("1", ("可持续", "可持续"), 1001, ("error", "10.01，高于权重 10，")),
        ("execution", ("10件", "5件"), 1000, ("warn", "10，高于规则得分 8（权重 10）")),
        ("execution", ("10件", "5件"), 1100, ("error", "11，高于权重 10（规则得分 8）")),
    ],
)
def test_a_reason_lets_a_score_exceed_its_rule_and_never_its_weight(
    tmp_path: Path, no: str, rows: tuple[str, str], given: int, says: tuple[str, str] | None
) -> None:
    year = budget(Year(tmp_path)).record(
        target("1", rows[0], 10), result("1", rows[1]), override(no, given)
    )
    found = findings_of(year).get("E.ABOVE", [])
    assert [each["tier"] for each in found] == ([says[0]] if says else [])
    assert all(says and says[1] in each["message"] for each in found)


def test_without_a_budget_only_the_weight_bounds_what_the_execution_rate_is_given(
    tmp_path: Path,
) -> None:
    year = Year(tmp_path).record(target("1", "10件", 50), override("execution", 1000))
    assert "E.ABOVE" not in findings_of(year)


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ([], ["没有绩效指标"]),
        ([target("1", "", 10)], ["没有绩效指标"]),
        ([target("1", "10件", 10)], ["指标 1 没有完成值"]),
        ([target("1", "10件", 10), target("2", "8件", 10)], ["各项指标都没有完成值"]),
        (
            [
                *(target("1", "10件", 10), target("2", "8件", 10), result("2", "8件")),
                *(target("3", "可持续", 10), result("3", "好"), result("4", "3件")),
            ],
            ["指标 1 没有完成值", "指标 3 按定性评价，没有档次", "指标 4 有完成值而没有目标值"],
        ),
    ],
)
def test_what_is_not_complete_has_no_grade_and_says_why(
    tmp_path: Path, given: list[Request], lacking: list[str]
) -> None:
    """Full marks for the rest of it do not make it one."""
    goal = request("goal", "03-01", project="P01", expected="完成", actual="")
    year = budget(Year(tmp_path)).record(goal, *given)
    form = form_of(year)
    assert (form["complete"], form["grade"], form["lacking"]) == (False, None, lacking)
    year.record(
        *(target(no, "10件", 50) for no in ("1", "3", "4")),
        *(result(no, "10件") for no in ("1", "2", "3", "4")),
        *((target("2", "10件", 0),) if len(lacking) < 2 else ()),
    )
    form = form_of(year)
    assert (form["complete"], form["lacking"]) == (True, [])
    assert form["grade"] is not None


def test_a_score_that_changes_nothing_is_found(tmp_path: Path) -> None:
    """The rule's own score, one of a row that is none, one of the execution rate."""
    year = budget(Year(tmp_path)).record(
        target("1", "10件", 10),
        result("1", "5件"),
        override("1", 500),
        target("2", "", 0),
        override("2", 300),
        override("execution", 800),
    )
    found = findings_of(year)["E.OVERRIDE"]
    assert {cell for each in found for cell in each["cells"]} == {
        *("E.P01.1.score", "E.P01.total", "E.P01.execution.score")
    }
    assert all(each["tier"] == "warn" for each in found)


def test_constraints_deduct_and_a_serious_one_caps_the_total(tmp_path: Path) -> None:
    full = [target("1", "10件", 50), result("1", "10件")]
    full += [target("2", "10件", 30, level1="效益指标"), result("2", "10件")]
    full += [target("3", "10件", 10, level1="满意度"), result("3", "10件")]
    year = budget(Year(tmp_path)).record(
        *full, target("9", "", 0, level1="约束性指标", constraint=True, deduct_hundredths=250)
    )
    form = form_of(year)
    assert (form["rule_total"], form["total"]) == ("95.50", "95.50")
    assert [each["deducted"] for each in form["constraints"]] == ["2.50"]
    assert form["cap"] is None
    assert "9" not in {row["no"] for row in form["indicators"]}
    assert "E.WEIGHTS" not in findings_of(year)
    year.record(result("9", "审计披露问题", grade="not", percent=0))
    form = form_of(year)
    assert (form["cap"], form["rule_total"], form["total"], form["grade"]) == (
        *("70.00", "70.00", "70.00", "中"),
    )


def test_a_total_says_that_it_is_never_below_nothing(tmp_path: Path) -> None:
    binding = target("9", "", 0, level1="约束性指标", constraint=True, deduct_hundredths=9000)
    year = budget(Year(tmp_path)).record(target("1", "10件", 50), result("1", "10件"), binding)

    def figure(name: str) -> Figure:
        made: Figure = year.ask(lambda read: Report(Cells(read, edition("2020"))).figure(name))
        return made

    assert figure("E.P01.rule_total").value == 0
    assert figure("E.P01.rule_total").formula == (
        "E.P01.execution.rule_score ＋ E.P01.1.rule_score － 约束性指标扣分 90，不低于 0"
    )
    year.record(override("1", 9000))
    assert figure("E.P01.total").number > 0
    assert figure("E.P01.total").formula.endswith("约束性指标扣分 90")
    assert figure("E.P01.rule_total").formula.endswith("不低于 0")


def test_rows_whose_numbers_count_alike_stand_in_one_order(tmp_path: Path) -> None:
    rows = [target(no, "10件", 5) for no in ("1", "01", "001", "1-1", "2", "10")]
    year = budget(Year(tmp_path)).record(*rows)
    assert [row["no"] for row in form_of(year)["indicators"]] == [
        *("001", "01", "1", "1-1", "2", "10")
    ]


def test_what_was_to_be_passed_and_was_only_reached_is_told(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(target("1", "大于95%", 50), result("1", "95%"))
    (found,) = findings_of(year)["E.STRICT"]
    assert (found["tier"], found["cells"]) == ("warn", ["E.P01.1.score"])
    assert "完成值 95% 等于而没有越过目标值 大于95%" in found["message"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("产出指标", 50), ("效益指标", 30), ("满意度指标", 10)], []),
        ([("产出", 50), ("效益", 30), ("满意度", 10)], []),
        (
            [("产出指标", 50), ("效益指标", 20), ("满意度指标", 10)],
            ["效益指标权重合计 20，应为 30"],
        ),
        ([("产出指标", 60), ("效益指标", 30)], []),
        ([("产出指标", 50), ("效益指标", 30)], ["其余指标权重合计 80，应为 90"]),
        ([("产出指标", 50), ("满意度指标", 10)], ["效益指标权重合计 0，应为 30"]),
        (
            [("产出指标", 50), ("效益指标", 30), ("满意度指标", 10), ("管理指标", 5)],
            ["一级指标不是本表所列"],
        ),
    ],
)
def test_weights_come_to_what_the_form_asks_for(
    tmp_path: Path, rows: list[tuple[str, int]], says: list[str]
) -> None:
    year = budget(Year(tmp_path))
    for no, (level1, weight) in enumerate(rows, 1):
        year.record(target(str(no), "10件", weight, level1=level1), result(str(no), "10件"))
    found = findings_of(year).get("E.WEIGHTS", [])
    assert len(found) == len(says)
    for finding, part in zip(found, says, strict=True):
        assert part in finding["message"]
        assert (finding["tier"], finding["cells"]) == ("error", ["E.P01.total"])


def test_of_the_whole_unit_satisfaction_is_a_benefit(tmp_path: Path) -> None:
    year = budget(Year(tmp_path))
    weighed = (("产出指标", 40), ("效益指标", 30), ("满意度指标", 10))
    for no, (level1, weight) in enumerate(weighed, 1):
        year.record(target(str(no), "10件", weight, level1=level1, project=""))
    assert "E.WEIGHTS" not in findings_of(year)


def test_a_row_with_neither_target_nor_result_is_none(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(
        target("1", "10件", 50),
        target("2", "10件", 30, level1="效益指标"),
        target("3", "10件", 10, level1="满意度指标"),
        target("4", "", 10, level1="效益指标", level3="无生态效益"),
        target("5", "", 0, level1="效益指标", level3="无经济效益"),
    )
    assert {row["no"] for row in form_of(year)["indicators"]} == {"1", "2", "3"}
    (found,) = findings_of(year)["E.WEIGHTS"]
    assert "无生态效益" in found["message"]
    assert "权重合计 110" in found["message"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([target("1", "", 10), result("1", "21")], "没有目标值"),
        ([result("1", "21")], "没有目标值"),
        ([result("1", "21人"), target("1", "10件", 10)], "单位不同"),
        ([target("1", "可持续", 10), result("1", "可持续")], "没有档次"),
        ([target("1", "1000件", 10), result("1", "基本完成")], "没有档次"),
        ([target("1", "10件", 10)], "没有完成值"),
    ],
)
def test_a_row_that_cannot_be_scored_says_why(
    tmp_path: Path, given: list[Request], says: str
) -> None:
    """Another row has a result, so that the form is begun."""
    year = budget(Year(tmp_path)).record(target("2", "10件", 40), result("2", "10件"), *given)
    (found,) = findings_of(year)["E.NO_ACTUAL"]
    assert says in found["message"]
    assert (found["tier"], found["cells"]) == ("error", ["E.P01.1.score"])
    form = form_of(year)
    assert row_of(form, "1")["score"] is None
    assert form["complete"] is False


@pytest.mark.parametrize(
    ("slot", "text", "rows"),
    [
        ("N.s5c.P01.results", "立案{101}件", ["1"]),
        ("N.s5c.208_rate", "立案{P01.101}件", ["1"]),
        ("N.s5c.P02.results", "立案{101}件", ["1", "101"]),  # of another project
        ("N.s5c.P01.results", "立案101件", ["1", "101"]),
        ("N.s5c.P01.results", "办结{1}件，立案{101}件", ["1"]),  # a row stays one
    ],
)
def test_a_result_that_only_a_sentence_cites_is_no_row(
    tmp_path: Path, slot: str, text: str, rows: list[str]
) -> None:
    year = budget(Year(tmp_path)).record(
        target("1", "10件", 10), result("1", "10件"), result("101", "111件")
    )
    year.record(request("reason", "12-31", slot=slot, text=text))
    assert [row["no"] for row in form_of(year)["indicators"]] == rows
    assert ("E.NO_ACTUAL" in findings_of(year)) == (rows != ["1"])
    late = request("reason", "12-31", slot=slot, text="工作正常")
    year.record(late)  # the last word counts
    assert [row["no"] for row in form_of(year)["indicators"]] == ["1", "101"]


def test_while_nothing_is_reported_lacking_results_are_no_error(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(target("1", "10件", 50))
    assert [each["tier"] for each in findings_of(year)["E.NO_ACTUAL"]] == ["warn"]


def test_the_execution_rate_is_worked_out_where_a_result_says_so(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(
        target("1", "97%≤执行率≤100%", 10), result("1", "@execution")
    )
    row = row_of(form_of(year), "1")
    assert (row["actual"], row["rule_score"]) == ("80.00%", "8.25")
    year.record(pay(20_00, "07-01", at=line("30201", project="P01"), doc="文2"))
    assert row_of(form_of(year), "1")["rule_score"] == "10.00"


def test_without_a_budget_there_is_no_execution_rate(tmp_path: Path) -> None:
    year = Year(tmp_path).record(target("1", "97%≤执行率≤100%", 10), result("1", "@execution"))
    form = form_of(year)
    assert (form["funds"][0]["rate"], form["funds"][0]["score"]) == (None, None)
    assert form["complete"] is False
    assert [each["cells"] for each in findings_of(year)["E.NO_ACTUAL"]] == [
        ["E.P01.1.score"],
        ["E.P01.execution.score"],
    ]


def test_far_more_than_was_aimed_at_is_told(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(
        target("1", "100件", 10), result("1", "130件"), target("2", "100件", 10)
    )
    assert "E.OVERSHOOT" not in findings_of(year)
    year.record(result("2", "131件"))
    (found,) = findings_of(year)["E.OVERSHOOT"]
    assert (found["tier"], found["cells"]) == ("warn", ["E.P01.2.score"])


def test_one_indicator_has_one_target(tmp_path: Path) -> None:
    """Written another way it is the same; by name alone nothing is guessed."""
    year = budget(Year(tmp_path)).record(
        target("1", "3850人", 10, code="jobs"),
        target("1", "3,850", 10, code="jobs", project=""),
        target("2", "95%", 10, code="rate"),
        target("2", "≥95%", 10, code="rate", project=""),
        target("3", "10件", 10),
        target("3", "20件", 10, project=""),
        target("4", "2950人", 10, code="jobs", project="P02"),
    )
    (found,) = findings_of(year)["E.TARGETS"]
    assert "3850人" in found["message"]
    assert "2950人" in found["message"]
    assert set(found["cells"]) == {"E.P01.1.score", "E.whole.1.score", "E.P02.4.score"}


def test_the_form_of_one_project_or_of_the_whole_may_be_asked_for(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(
        target("1", "10件", 10), target("1", "10件", 10, project="")
    )

    def asked(scope: str) -> dict[str, Any]:
        told: dict[str, Any] = year.ask(lambda r: performance(Forms(Cells(r)), scope))
        return told

    assert [form["project"] for form in asked("P01")["forms"]] == ["P01"]
    assert all("E.P01." in str(each["cells"]) for each in asked("P01")["findings"])
    assert [form["project"] for form in asked("")["forms"]] == [None]
    empty = asked("P02")
    assert (empty["forms"][0]["indicators"], empty["findings"]) == ([], [])
    with pytest.raises(Malformed) as raised:
        asked("P99")
    assert (raised.value.code, raised.value.field) == ("LINE.PROJECT", "project")
    with pytest.raises(Malformed) as raised:
        year.ask(lambda r: performance(Forms(Cells(r, edition("budget-2024")))))
    assert (raised.value.code, raised.value.field) == ("EDITION.UNKNOWN", "edition")


@pytest.mark.parametrize("name", ["2020", "2022", "2024", "2024-26"])
def test_every_edition_of_accounts_scores(tmp_path: Path, name: str) -> None:
    year = budget(Year(tmp_path, edition=name)).record(target("1", "10件", 50), result("1", "10件"))
    assert form_of(year)["rule_total"] == "58.00"


def test_a_score_that_a_person_gave_explains_itself(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(
        target("1", "10件", 10), result("1", "5件"), override("1", 700, "疫情影响")
    )
    told = year.ask(lambda r: explain(Report(Cells(r)), "E.P01.1.score"))
    assert (told["value"], told["kind"], told["unit"]) == ("7.00", "score", "分")
    assert "疫情影响" in told["formula"]
    assert [part["cell"] for part in told["parts"]] == ["E.P01.1.rule_score"]
    assert [entry["kind"] for entry in told["entries"]] == ["target", "result", "score-override"]


def two_units(folder: Path, *, money: tuple[int, int] = (100_00, 300_00)) -> tuple[Year, Year]:
    years = Year(folder), Year(folder, book=OTHER)
    for year, fen in zip(years, money, strict=True):
        budget(year, fen, fen // 2)
    return years


def of_department(folder: Path) -> dict[str, Any]:
    place = SqlitePlace(folder / "indicator.db")
    with department(place, BOOK.year, name="示例部门") as whole:
        told: dict[str, Any] = plain(performance(Forms(Cells(whole))))
    return told


def row_of_department(folder: Path, no: str = "1") -> dict[str, Any]:
    (form,) = of_department(folder)["forms"]
    return row_of(form, no)


def test_absolute_targets_of_units_add_up(tmp_path: Path) -> None:
    one, other = two_units(tmp_path)
    one.record(target("1", "100件", 10), result("1", "50件"))
    other.record(target("1", "300件", 10), result("1", "350件"))
    row = row_of_department(tmp_path)
    assert (row["target"], row["actual"], row["rule_score"]) == ("400件", "400件", "10.00")
    assert row_of(form_of(one), "1")["rule_score"] == "5.00"


@pytest.mark.parametrize(
    ("targets", "actuals", "shown", "points"),
    [
        (("≥100盏", "≥100盏"), ("60盏", "61盏"), ("≥200盏", "121盏"), "6.05"),
        (("≥100盏", "≥100盏"), ("60盏", "60盏"), ("≥200盏", "120盏"), "6.00"),
        (("100", "100"), ("60", "60"), ("200", "120"), "6.00"),
        (("100盏以上", "≥0.01万盏"), ("60盏", "60盏"), ("≥200盏", "120盏"), "6.00"),
        (("≤10万元", "10万元以内"), ("20万元", "20万元"), ("≤20万元", "40万元"), "5.00"),
        (("10—20件", "10—20件"), ("8件", "8件"), ("20—40件", "16件"), "8.00"),
        (("10—20件", "30—40件"), ("8件", "32件"), ("40—60件", "40件"), "10.00"),
        (("约100人", "约100人"), ("90人", "90人"), ("200人左右", "180人"), "9.00"),
        (("≥95%", "≥95%"), ("60%", "60%"), ("≥95%", "60%"), "6.32"),
        (
            ("97%≤执行率≤100%", "97%≤执行率≤100%"),
            *(("90%", "98%"), ("97%≤执行率≤100%", "96%"), "9.90"),
        ),
        (("≥80%", "≥100%"), ("40%", "60%"), ("≥95%", "55%"), "5.79"),
        (("5件/人", "5件/人"), ("4件/人", "4件/人"), ("5件/人", "4件/人"), "8.00"),
        (("可持续", "可持续"), ("好", "好"), ("可持续", "好"), "10.00"),
    ],
)
def test_units_never_collapse_to_one(
    tmp_path: Path,
    targets: tuple[str, str],
    actuals: tuple[str, str],
    shown: tuple[str, str],
    points: str,
) -> None:
    """What stands in the form is what is judged, whether units wrote the same or not."""
    for year, aimed, reached in zip(two_units(tmp_path), targets, actuals, strict=True):
        words = {"grade": "met"} if aimed == "可持续" else {}
        year.record(target("1", aimed, 10), result("1", reached, **words))
    row = row_of_department(tmp_path)
    assert (row["target"], row["actual"], row["rule_score"]) == (*shown, points)
    relative = any(sign in targets[0] for sign in "%/")
    way = "weighted" if relative else "apart" if "可持续" in targets else "added"
    assert row["combined"] == way
    assert [(u["book"], u["target"], u["actual"]) for u in row["units"]] == [
        ("420103/2020", targets[0], actuals[0]),
        ("420104/2020", targets[1], actuals[1]),
    ]


def explained(folder: Path, name: str = "E.P01.1.rule_score") -> str:
    with department(SqlitePlace(folder / "indicator.db"), BOOK.year) as whole:
        return explain(Report(Cells(whole)), name).formula


def test_a_score_of_several_units_is_explained_by_what_was_judged(tmp_path: Path) -> None:
    one, other = two_units(tmp_path)
    for year, actual, share in ((one, "60盏", "100%"), (other, "61盏", "60%")):
        year.record(
            *(target("1", "≥100盏", 10), result("1", actual)),
            *(target("2", "100%", 10), result("2", share)),
            *(target("3", "≤100盏", 10), result("3", "200盏")),
            target("4", "100件", 10, direction="up" if year is one else "down"),
            result("4", "50件" if year is one else "200件"),
        )
    added = explained(tmp_path)
    assert "60.50%（121盏 ÷ ≥200盏，不超过 100%；各单位相加：" in added
    assert "目标值 ≥100盏、完成值 60盏；" in added
    assert "70.00%（70% ÷ 100%，不超过 100%；各单位按全年预算加权：" in explained(
        tmp_path, "E.P01.2.rule_score"
    )
    assert "全年预算 300.00 元、目标值 100%、完成值 60%" in explained(
        tmp_path, "E.P01.2.rule_score"
    )
    assert "50.00%（≤200盏 ÷ 400盏，" in explained(tmp_path, "E.P01.3.rule_score")
    apart = explained(tmp_path, "E.P01.4.rule_score")
    assert "50.00%（各单位分别计分，按全年预算加权：" in apart
    assert "全年预算 300.00 元、得权重的 50.00%" in apart
    assert row_of_department(tmp_path, "4")["target"] == "100件；100件"


def test_one_book_is_together_with_none(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(target("1", "≥100盏", 10), result("1", "60盏"))
    row = row_of(form_of(year), "1")
    assert (row["combined"], row["units"], row["direction"]) == (None, [], "up")
    assert row_of_department(tmp_path)["target"] == "≥100盏"


def test_relative_targets_of_units_are_weighed_by_their_money(tmp_path: Path) -> None:
    one, other = two_units(tmp_path)
    one.record(target("1", "100%", 10), result("1", "100%"))
    other.record(target("1", "100%", 10), result("1", "60%"))
    row = row_of_department(tmp_path)
    assert (row["target"], row["actual"], row["rule_score"]) == ("100%", "70%", "7.00")


def test_grades_of_units_are_weighed_by_their_money(tmp_path: Path) -> None:
    one, other = two_units(tmp_path)
    one.record(target("1", "可持续", 10), result("1", "可持续", grade="met"))
    other.record(target("1", "可持续", 10), result("1", "一般", grade="partly", percent=60))
    row = row_of_department(tmp_path)
    assert (row["target"], row["actual"]) == ("可持续", "可持续；一般")
    assert (row["ratio"], row["rule_score"]) == ("0.7000", "7.00")


def test_what_one_unit_lacks_its_department_lacks(tmp_path: Path) -> None:
    one, other = two_units(tmp_path)
    one.record(target("1", "10件", 10), result("1", "10件"))
    other.record(target("1", "10件", 10))
    told = of_department(tmp_path)
    assert told["forms"][0]["complete"] is False
    (found,) = [each for each in told["findings"] if each["code"] == "E.NO_ACTUAL"]
    assert "（420104）没有完成值（目标值 20件，完成值 10件）" in found["message"]


def test_the_money_of_a_department_is_that_of_its_units(tmp_path: Path) -> None:
    one, other = two_units(tmp_path)
    one.record(target("1", "97%≤执行率≤100%", 10), result("1", "@execution"))
    other.record(target("1", "97%≤执行率≤100%", 10), result("1", "@execution"))
    (form,) = of_department(tmp_path)["forms"]
    assert (form["funds"][0]["annual_budget_fen"], form["funds"][0]["rate"]) == (400_00, "0.5000")
    assert row_of(form, "1")["actual"] == "50.00%"


def test_what_is_said_for_the_department_stands_for_its_units(tmp_path: Path) -> None:
    """In whichever book; of a unit by itself it is none."""
    one, other = two_units(tmp_path)
    one.record(target("1", "100件", 10), result("1", "50件"))
    other.record(target("1", "300件", 10), result("1", "350件"))
    one.record(target("1", "500件", 20, department=True))
    row = row_of_department(tmp_path)
    assert (row["target"], row["actual"], row["weight"]) == ("500件", "400件", "20.00")
    assert row["rule_score"] == "16.00"
    other.record(result("1", "250件", department=True))
    assert row_of_department(tmp_path)["rule_score"] == "10.00"
    assert row_of(form_of(one), "1")["target"] == "100件"
    other.record(target("1", "600件", 20, department=True))
    told = of_department(tmp_path)
    twice = [each for each in told["findings"] if each["code"] == "E.TARGETS"]
    assert "420103/2020、420104/2020" in twice[0]["message"]


def test_a_result_of_the_department_is_held_against_what_its_units_aimed_at(
    tmp_path: Path,
) -> None:
    one, other = two_units(tmp_path)
    one.record(target("1", "100件", 10), result("1", "80件", department=True))
    other.record(target("1", "300件", 10))
    row = row_of_department(tmp_path)
    assert (row["target"], row["actual"], row["rule_score"]) == ("400件", "80件", "2.00")


def test_words_of_units_are_judged_by_what_the_department_aims_at(tmp_path: Path) -> None:
    one, other = two_units(tmp_path)
    one.record(target("1", "可持续", 10, department=True), result("1", "好", grade="met"))
    other.record(result("1", "一般", grade="partly", percent=60))
    row = row_of_department(tmp_path)
    assert (row["target"], row["actual"], row["rule_score"]) == ("可持续", "好；一般", "7.00")
    assert row["combined"] == "apart"
    assert [each["ratio"] for each in row["units"]] == ["1.0000", "0.6000"]


def test_the_score_that_one_unit_was_given_is_none_of_the_department(tmp_path: Path) -> None:
    one, other = two_units(tmp_path)
    one.record(target("1", "10件", 10), result("1", "5件"), override("1", 900))
    assert row_of_department(tmp_path)["score"] == "9.00", "it alone has the row"
    other.record(target("1", "10件", 10), result("1", "5件"))
    assert row_of_department(tmp_path)["score"] == "5.00"
    other.record(override("1", 700, department=True))
    assert row_of_department(tmp_path)["score"] == "7.00"


def test_units_that_weigh_or_name_a_thing_differently_are_found(tmp_path: Path) -> None:
    one, other = two_units(tmp_path)
    one.record(target("1", "10件", 10), result("1", "10件"))
    other.record(target("1", "10件", 20), result("1", "10件"), project("P01", "另一项目"))
    found = of_department(tmp_path)["findings"]
    messages = {
        code: [f["message"] for f in found if f["code"] == code]
        for code in ("E.WEIGHTS", "E.TARGETS")
    }
    assert any("420103/2020 10、420104/2020 20" in each for each in messages["E.WEIGHTS"])
    assert any("名称不同" in each for each in messages["E.TARGETS"])


def test_what_units_paid_each_other_each_of_them_executed(tmp_path: Path) -> None:
    """As in 预算执行; explained, what the tables take out is put back."""
    one, other = two_units(tmp_path)
    cash = line(fund="nonfiscal", project="P01")
    one.record(
        income(50_00, at=cash),
        appropriate(40_00, at=cash),
        pay(
            30_00, "07-01", at=line("30201", fund="nonfiscal", project="P01"), counterpart="420104"
        ),
        target("1", "10件", 10),
    )
    other.record(
        income(30_00, "07-02", at=line(fund="nonfiscal", project="-"), counterpart="420103")
    )
    (form,) = of_department(tmp_path)["forms"]
    assert {row["code"]: row["executed_fen"] for row in form["funds"]} == {
        "total": 230_00,
        "current": 200_00,
        "carryover": 0,
        "other": 30_00,
    }
    place = SqlitePlace(tmp_path / "indicator.db")
    with department(place, BOOK.year) as whole:
        told = explain(Report(Cells(whole)), "E.P01.funds.other.executed")
    assert told.fen == 30_00
    assert [bool(entry.against) for entry in told.entries] == [False]


def test_a_supplement_changes_the_rate(tmp_path: Path) -> None:
    year = budget(Year(tmp_path)).record(
        supplement(60_00, at=P01), target("1", "10件", 10), result("1", "10件")
    )
    assert form_of(year)["funds"][0]["score"] == "5.00"
