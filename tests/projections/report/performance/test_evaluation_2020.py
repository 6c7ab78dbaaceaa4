"""The eight forms that one bureau published for 2020: targets and results as printed, scores as the
rules give them, each down to its entries."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.commands.keep.demo import BOOK, record_year
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.explain import explain
from projections.report.figure import Report
from projections.report.narrative.answer import narrative
from projections.report.performance.forms import Forms
from projections.report.performance.told import Performance, ToldForm, performance
from projections.views.reading import Reading, reading

GIVEN = Path(__file__).parents[3] / "golden" / "performance"


def rows(name: str) -> list[dict[str, str]]:
    with (GIVEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """The published year; its targets and results are the demonstration's."""
    place = SqlitePlace(tmp_path_factory.mktemp("evaluation") / "demo.db")
    record_year(place, actor="测试")
    with reading(place, BOOK) as opened:
        yield opened


@pytest.fixture(scope="module")
def evaluated(demo: Reading) -> Performance:
    return performance(Forms(Cells(demo)))


def by_key(answer: Performance) -> dict[str, ToldForm]:
    return {form.project or "whole": form for form in answer.forms}


@pytest.mark.parametrize(
    ("form", "rule_total", "complete", "grade"),
    [
        ("whole", "83.79", True, "良"),
        ("P03", "94.04", True, "优"),
        ("P04", "99.70", True, "优"),
        ("P02", "99.96", True, "优"),
        ("P05", "98.64", True, "优"),
        ("P01", "99.58", True, "优"),
        ("P06", "99.76", True, "优"),
        ("P08", "72.65", False, None),
    ],
)
def test_the_rules_give_these_totals(
    evaluated: Performance, form: str, rule_total: str, complete: bool, grade: str | None
) -> None:
    told = by_key(evaluated)[form]
    assert (told.rule_total, told.total) == (rule_total, rule_total)
    assert (told.complete, told.grade) == (complete, grade)


@pytest.mark.parametrize(
    ("form", "rate", "score"),
    [
        ("whole", "0.6867", "13.73"),
        ("P03", "0.8324", "8.32"),
        ("P04", "0.9699", "9.70"),
        ("P02", "0.9960", "9.96"),
        ("P05", "0.9176", "9.18"),
        ("P01", "1.0000", "10.00"),
        ("P06", "0.9755", "9.76"),
        ("P08", "0.0202", "0.20"),
    ],
)
def test_the_execution_rate_earns_its_share(
    evaluated: Performance, form: str, rate: str, score: str
) -> None:
    total = by_key(evaluated)[form].funds[0]
    assert (total.code, total.rate, total.rule_score) == ("total", rate, score)


def test_every_row_earns_what_the_rules_give(evaluated: Performance) -> None:
    """A row with neither a target nor a result is none; one without a target has no score."""
    given = {(row["form"], row["no"]): row["rule_score"] or None for row in rows("scores")}
    found = {
        (key, row.no): row.rule_score
        for key, form in by_key(evaluated).items()
        for row in form.indicators
    }
    assert {of: score for of, score in given.items() if of not in found} == {("P03", "30"): None}
    assert found == {of: score for of, score in given.items() if of in found}
    assert len(found) == 189


def test_the_money_is_that_of_the_book(evaluated: Performance) -> None:
    """仲裁: 87.20 of the 233.60 came over from last year."""
    money = {each.code: each for each in by_key(evaluated)["P04"].funds}
    amounts = {
        code: (each.initial_fen, each.annual_budget_fen, each.executed_fen)
        for code, each in money.items()
    }
    assert amounts == {
        "total": (88_300_000, 233_600_000, 226_571_500),
        "current": (88_300_000, 146_400_000, 139_371_500),
        "carryover": (0, 87_200_000, 87_200_000),
        "other": (0, 0, 0),
    }
    assert [each.weight for each in money.values()] == ["10.00", None, None, None]


def test_what_a_person_should_see_is_found(evaluated: Performance) -> None:
    codes = Counter(finding.code for finding in evaluated.findings)
    assert codes == {"E.NO_ACTUAL": 3, "E.TARGETS": 4, "E.WEIGHTS": 2, "E.OVERSHOOT": 16}
    weights = [each for each in evaluated.findings if each.code == "E.WEIGHTS"]
    assert [(each.cells, each.tier) for each in weights] == [
        (["E.whole.total"], "error"),
        (["E.P03.total"], "error"),
    ]
    assert "权重合计 33，应为 40" in weights[0].message
    assert "权重合计 110" in weights[1].message
    both = [each.message for each in evaluated.findings if each.code == "E.TARGETS"]
    for one, other in (("3850", "2950"), ("14000", "8400"), ("19000", "20000"), ("3.20", "3.60")):
        assert any(one in message and other in message for message in both)


def test_every_figure_explains_itself_down_to_entries(demo: Reading) -> None:
    """A score to its target and result, that of the execution rate to payments and budgets; what
    adds up adds up, or explaining is refused."""
    report = Report(Cells(demo))
    ids = [name for name in report.ids if name.startswith("E.")]
    assert len(ids) == 8 * (4 * 4 + 2 + 2) + 2 * 189
    for name in ids:
        explained = explain(report, name)
        kinds = {entry.kind for entry in explained.entries}
        if name.endswith(("execution.score", "execution.rule_score")):
            assert {"pay", "appropriate"} & kinds or {"pay", "supplement"} & kinds, name
        elif name.endswith((".score", ".rule_score")):
            assert {"target", "result"} <= kinds, name
        elif name.endswith("total"):
            assert {"target", "result", "pay"} <= kinds, name


def test_the_narrative_quotes_the_score_of_the_whole_unit(demo: Reading) -> None:
    report = Report(Cells(demo))
    figure = report.figure("N.s13b.score")
    assert (figure.kind, figure.printed, figure.parts) == (
        "score",
        "83.79",
        ((1, "E.whole.total"),),
    )
    said = [p.text for s in narrative(report).sections for p in s.paragraphs]
    assert any("自评得分83.79分" in text for text in said)


def test_a_row_about_the_execution_rate_explains_itself_by_payments(demo: Reading) -> None:
    explained = explain(Report(Cells(demo)), "E.P03.22.score")
    assert (explained.kind, explained.printed) == ("score", "4.29")
    assert {entry.kind for entry in explained.entries} == {
        *("target", "result", "pay", "appropriate", "cut")
    }
