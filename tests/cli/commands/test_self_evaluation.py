"""`performance`: the forms as they are typed, shown, asked for and checked."""

import pytest

from cli.text.columns import width
from ledger.kinds import GRADE_NAMES, Grade
from tests.harness.shell import Shell, in_process

_OF = ("--project", "P02", "--date", "2020-12-31")


@pytest.fixture
def evaluated(shell: Shell) -> Shell:
    """P02 with 1,000 yuan, 800 of them paid, and three rows."""
    pay = ("pay", "--project", "P02", "--payee", "某店", "--date", "2020-03-01")
    shell(*pay, "--econ", "30201", "--amount", "800", "--doc", "甲")
    for no, level1, value, weight in (
        ("1", "产出指标", "3850人", "50"),
        ("2", "效益指标", "可持续", "30"),
        ("3", "满意度指标", "≥95%", "10"),
    ):
        named = ("--no", no, "--level1", level1, "--level3", f"指标{no}")
        shell("target", *_OF, *named, "--value", value, "--weight", weight)
    shell("result", *_OF, "--no", "1", "--actual", "1663", "--deviation", "受疫情影响")
    shell("result", *_OF, "--no", "2", "--actual", "可持续", "--grade", "met")
    shell("result", *_OF, "--no", "3", "--actual", "96%")
    return shell


def test_a_form_is_shown_as_it_is_printed(evaluated: Shell) -> None:
    shown = evaluated("performance").out.splitlines()
    assert "项目支出绩效自评表　P02 项目（P02）" in shown
    money = next(each for each in shown if each.startswith("年度资金总额"))
    assert money.split() == ["年度资金总额", "0.10", "0.10", "0.08", "80.00%", "10", "8.00"]
    row = next(each for each in shown if each.startswith("1 "))
    assert row.split() == ["1", "产出指标", "指标1", "3850人", "1663", "50", "21.60"]
    assert "规则得分合计 69.60　总分 69.60　等次 中" in shown
    assert "  1 指标1：受疫情影响" in shown


def test_what_a_person_gave_is_marked_and_told_with_its_reason(evaluated: Shell) -> None:
    evaluated("score-override", *_OF, "--no", "1", "--score", "25", "--reason", "上级核定")
    shown = evaluated("绩效", "--project", "P02").out
    assert "25.00*" in shown
    assert "* 1 指标1：规则得分 21.60，调整为 25.00（上级核定）" in shown
    assert "规则得分合计 69.60　总分 73.00" in shown
    assert "E.ABOVE" in shown


def test_json_has_points_as_decimals(evaluated: Shell) -> None:
    told = evaluated.ask("performance", "--project", "P02")
    assert told["book"] == "420103/2020"
    (form,) = told["forms"]
    assert (form["project"], form["rule_total"], form["total"], form["complete"]) == (
        *("P02", "69.60", "69.60", True),
    )
    assert form["funds"][0] == {
        "code": "total",
        "name": "年度资金总额",
        "initial_fen": 1000_00,
        "annual_budget_fen": 1000_00,
        "executed_fen": 800_00,
        "rate": "0.8000",
        "weight": "10.00",
        "score": "8.00",
        "rule_score": "8.00",
        "override_reason": None,
    }
    row = form["indicators"][0]
    assert {name: row[name] for name in ("no", "ratio", "rule_score", "score", "deviation")} == {
        "no": "1",
        "ratio": "0.4319",
        "rule_score": "21.60",
        "score": "21.60",
        "deviation": "受疫情影响",
    }
    assert told["findings"] == []


def test_the_scores_are_figures_like_all_others(evaluated: Shell) -> None:
    assert evaluated("get", "E.P02.total").out == "69.60\n"
    told = evaluated.ask("get", "E.P02.1.score")
    assert (told["kind"], told["value"], told["printed"], told["unit"]) == (
        *("score", "21.60", "21.60", "分"),
    )
    tree = evaluated("explain", "E.P02.1.score").out
    assert "分值 50 × 43.19%（1663 ÷ 3850人，不超过 100%）" in tree
    assert "绩效结果" in tree
    used = {each["cell"] for each in evaluated.ask("where-used", "9")["cells"]}
    assert {name for name in used if name.startswith("E.")} == {
        "E.P02.1.rule_score",
        "E.P02.1.score",
        "E.P02.rule_total",
        "E.P02.total",
    }
    assert "绩效" in evaluated("where-used", "9").out


def test_what_is_wrong_is_found_by_check_too(evaluated: Shell) -> None:
    other = ("--no", "4", "--level1", "产出", "--level3", "另一项", "--value", "10件")
    evaluated("target", *_OF, *other, "--weight", "5")
    found = evaluated.ask("check", exit=1)
    codes = {each["code"]: each["tier"] for each in found["findings"]}
    assert (codes["E.WEIGHTS"], codes["E.NO_ACTUAL"]) == ("error", "error")
    assert evaluated("performance").out.count("E.WEIGHTS") == 1


def test_a_form_that_is_not_complete_is_not_graded(evaluated: Shell) -> None:
    """Asked for by its project, nothing said of it yet; or with a row that has no result."""
    shown = evaluated("performance", "--whole").out
    assert "总分 16.00　等次 —\n" in shown
    assert "评价不完整，得分不是最后结果，不定等次：没有绩效指标" in shown
    other = ("--no", "4", "--level1", "产出", "--level3", "另一项", "--value", "10件")
    evaluated("target", *_OF, *other, "--weight", "5")
    shown = evaluated("performance").out
    assert "总分 69.60　等次 —\n" in shown
    assert "不定等次：指标 4 没有完成值" in shown
    assert evaluated.ask("performance")["forms"][0]["grade"] is None


def test_what_to_do_is_said_once_for_all_of_a_kind(evaluated: Shell) -> None:
    for no in ("4", "5", "6"):
        other = ("--no", no, "--level1", "产出", "--level3", "另一项", "--value", "10件")
        evaluated("target", *_OF, *other, "--weight", "5")
    evaluated("result", *_OF, "--no", "5", "--actual", "好")  # of the kind, to be mended otherwise
    for command, code in (("performance", 0), ("check", 1)):
        shown = evaluated(command, exit=code).out
        assert shown.count("错误 E.NO_ACTUAL") == 3
        assert shown.count("说明建议：用 yusuan result 填报完成值。") == 1
        assert shown.index("第 6 项") < shown.index("说明建议：用 yusuan result 填报完成值。")


@pytest.mark.parametrize(
    ("word", "grade"), [(w, g) for g, n in GRADE_NAMES.items() for w in (g, n)]
)
def test_help_refusal_and_error_name_the_words_of_a_grade_that_may_be_typed(
    evaluated: Shell, word: str, grade: Grade
) -> None:
    said = ("result", *_OF, "--no", "2", "--actual", "可持续")
    helped = evaluated("result", "--help").out
    refused = evaluated(*said, "--grade", "met", "--percent", "10", exit=3).said
    unread = evaluated(*said, "--grade", "优", exit=2).said
    for told in (helped, refused, unread):
        assert f"{grade}（{GRADE_NAMES[grade]}）" in told
    least = {"met": "80", "partly": "50", "not": "0"}[grade]
    evaluated(*said, "--grade", word, "--percent", least)


def test_a_book_without_targets_says_how_to_begin(shell: Shell) -> None:
    assert "yusuan target" in shell("performance").out
    assert shell.ask("performance")["forms"] == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("--project", "P02", "--whole"), "project"),
        (("--project", "P99"), "project"),
        (("--edition", "budget-2024"), "edition"),
    ],
)
def test_what_cannot_be_meant_is_bad_input(
    evaluated: Shell, typed: tuple[str, ...], field: str
) -> None:
    told = evaluated.ask("performance", *typed, exit=2)
    assert told["facts"]["field"] == field


def test_a_department_adds_up(evaluated: Shell) -> None:
    told = evaluated.ask("performance", "--units", "420103,420199", "--year", "2020")
    assert told["absent"] == ["420199"]
    assert told["forms"][0]["total"] == "69.60"


@pytest.fixture
def of_two(evaluated: Shell) -> Shell:
    """P02 of a second unit, too, with the same first row."""
    Shell(evaluated.db, unit="420104").open()
    book = ("--unit", "420104", "--year", "2020")
    evaluated("project", "P02", "--name", "P02 项目", "--date", "2020-01-01", *book)
    said = (*_OF, "--no", "1", *book)
    named = ("--level1", "产出指标", "--level3", "指标1")
    evaluated("target", *said, *named, "--value", "3850人", "--weight", "50")
    evaluated("result", *said, "--actual", "1663")
    return evaluated


def test_a_department_names_its_units_and_says_how_they_are_together(of_two: Shell) -> None:
    shown = of_two("performance", "--units", "all", "--year", "2020").out
    assert "汇总单位：示例局（420103）、示例局（420104）" in shown
    row = next(each for each in shown.splitlines() if each.startswith("1 "))
    assert row.split() == ["1", "产出指标", "指标1", "7700人", "3326人", "50", "21.60"]
    assert (
        "各单位合并\n  1 指标1：各单位相加：示例局（420103）目标值 3850人、完成值 1663；" in shown
    )


def test_a_long_formula_does_not_carry_all_figures_away(of_two: Shell) -> None:
    told = of_two("explain", "E.P02.1.score", "--units", "all", "--year", "2020").out.splitlines()
    tree = told[told.index("") + 1 :]
    assert "各单位相加：" in tree[1]
    assert tree[1].endswith("）  21.60分")
    assert tree[0].endswith("得分  21.60分") or width(tree[0]) <= 110


def test_long_texts_are_wrapped_and_nothing_of_them_is_lost(evaluated: Shell) -> None:
    aimed, reached = "建立" * 30, "已完成3850件" * 8
    other = ("--no", "4", "--level1", "产出指标", "--level3", "另一项", "--value", aimed)
    evaluated("target", *_OF, *other, "--weight", "0")
    evaluated("result", *_OF, "--no", "4", "--actual", reached, "--grade", "met")
    assert aimed in evaluated("performance").out, "what goes to a file is whole"
    asked = ("--db", str(evaluated.db), "performance")
    shown = in_process(*asked, env={"COLUMNS": "100"}).out.splitlines()
    assert max(map(width, shown)) <= 100
    start = next(at for at, line in enumerate(shown) if line.startswith("4 "))
    form = "".join(shown[start : shown.index("", start)])
    assert (form.count("建"), form.count("3850"), form.count("件")) == (30, 8, 8)
