"""The demonstration's figures, as text."""

import msgspec

from cli.text.columns import table
from cli.text.publish.explanation import tree
from ledger.money import percent, wan
from projections.audit.book import Audited
from projections.questions.carryover import Carryover
from projections.questions.execution import Execution
from projections.questions.three_public import ThreePublic
from projections.report.explain import Explanation

_SHOWN = 5
"""Entries that a figure lists."""


class Demonstrated(msgspec.Struct, frozen=True):
    """What the demonstration shows: four questions of the year, two figures of the sentences of its
    report, its audit, and how many rows were recorded in which file, of them `particulars`.
    `report` is the file that its whole report was written to, if it was."""

    carryover: Carryover
    execution: Execution
    execution_all: Execution
    three_public: ThreePublic
    explained: list[Explanation]
    audit: Audited
    recorded: int
    particulars: int
    db: str
    report: str | None


def figures(answer: Demonstrated, name: str) -> str:
    """What a newcomer should see of the year of the unit of that name."""
    walk, public = answer.carryover, answer.three_public
    both = {p.project: p for p in answer.execution_all.projects}
    rows = [
        (
            p.project,
            p.name,
            wan(p.annual_budget_fen),
            wan(p.executed_fen),
            percent(p.rate),
            percent(both[p.project].rate),
        )
        for p in answer.execution.projects
        if p.annual_budget_fen
    ]
    head = ("项目", "名称", "全年预算", "执行数", "执行率", "含上年结转")
    db = answer.db
    steps = [
        f"yusuan --db {db} balance --project P04",
        f"yusuan --db {db} carryover",
        f"yusuan --db {db} execution --scope all",
        f"yusuan --db {db} statement general:2080199:project:P05:30217:2020",
        f"yusuan --db {db} pay --project P02 --econ 30217 --amount 1 --payee 某某 "
        "--date 2020-12-31   （会被拒绝，并给出办法）",
        f"yusuan --db {db} narrative --section 五",
        f"yusuan --db {db} explain N.s5a.change_rate",
        f"yusuan --db {db} performance --project P04",
        f"yusuan --db {db} seal",
        f"yusuan --db {db} audit",
    ]
    return "\n".join(
        [
            f"{name} 2020 年度，依公开的部门决算还原：",
            f"记录 {answer.recorded} 笔到 {db}，其中报告事项 {answer.particulars} 笔",
            "（月度日期、收款人、合同和项目支出的经济科目报告未列，为示例）",
            "",
            "收支（万元）",
            f"  年初结转和结余  {wan(walk.opening_fen):>10}",
            f"  本年收入        {wan(walk.income_fen):>10}",
            f"  本年支出        {wan(walk.expenditure_fen):>10}",
            f"  年末结转和结余  {wan(walk.closing_fen):>10}",
            "",
            "项目执行（万元，本年预算）",
            table(head, rows, left=2),
            "",
            f"三公经费（万元）  预算 {wan(public.budget.total_fen)}  "
            f"决算 {wan(public.actual.total_fen)}",
            "",
            "决算情况说明的数也由账得出，如：",
            *(
                line and f"  {line}"
                for each in answer.explained
                for line in (*tree(each, _SHOWN), "")
            ),
            f"审计：重放 {answer.audit.entries} 笔，"
            f"{sum(c.tried for c in answer.audit.checks):,} 次核对，"
            + ("全部相符" if answer.audit.ok else "有不符"),
            *(
                [f"部门决算：{answer.report}（用浏览器打开，点任一数字看来历）"]
                if answer.report
                else []
            ),
            "",
            "接下来可以试：",
            *(f"  {step}" for step in steps),
        ]
    )
