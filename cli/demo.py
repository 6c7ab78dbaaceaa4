"""`demo`: the real 2020 year of one bureau, recorded, queried and audited in a minute."""

from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from cli import importing
from cli.canonical import opened_rows
from cli.columns import table
from cli.options import verb
from cli.session import Session, leave
from ledger.errors import Malformed
from ledger.line import BookId
from ledger.money import percent, wan
from ledger.requests import Request
from ledger.store import Books
from projections.audit import audit
from projections.carryover import carryover
from projections.execution import execution
from projections.reading import Reading, reading
from projections.three_public import three_public

BOOK = BookId("420103", 2020)
OPENING = {
    "name": "武汉市江汉区人力资源局",
    "unit_kind": "admin",
    "edition": "2020",
    "basis": "indicator",
    "occurred_on": None,
}


@verb("demo")
def demo(session: Session) -> None:
    if session.db.exists():
        expected = "还不存在的文件（演示不会写入已有的账），如 --db demo.db"
        raise Malformed("DB.EXISTS", field="db", value=str(session.db), expected=expected)
    recorded = record_year(session.db, actor=session.actor)
    with reading(session.db, BOOK, waiting=session.waiting) as opened:
        answer = {**opened.header(), **_figures(opened)}
    answer["audit"] = audit(session.db, BOOK, waiting=session.waiting)
    answer["recorded"] = recorded
    answer["db"] = str(session.db)
    session.answer(answer, _rendered)
    if not answer["audit"]["ok"]:
        leave(4)


def record_year(db: Path, *, actor: str) -> int:
    """Records the year into a new file, through the import that everyone uses; its rows."""
    with Books(db) as books:
        books.transact(BOOK, Request("open-book", OPENING), actor=actor)
        with (
            as_file(files("cli").joinpath("demo", "jianghan-2020.csv")) as path,
            opened_rows(path) as rows,
            books.writing(BOOK, actor=actor) as writing,
        ):
            outcome = importing.Outcome(path)
            importing.record_rows(writing, rows, outcome, year=BOOK.year, register=False)
            assert not outcome.rejected, outcome.rejected
    return outcome.recorded


def _figures(opened: Reading) -> dict[str, Any]:
    ask: dict[str, Callable[[Reading], dict[str, Any]]] = {
        "carryover": carryover,
        "execution": lambda r: execution(r, "current"),
        "execution_all": lambda r: execution(r, "all"),
        "three_public": three_public,
    }
    return {name: question(opened) for name, question in ask.items()}


def _rendered(answer: dict[str, Any]) -> str:
    walk, public = answer["carryover"], answer["three_public"]
    both = {p["project"]: p for p in answer["execution_all"]["projects"]}
    rows = [
        (
            p["project"],
            p["name"],
            wan(p["annual_budget_fen"]),
            wan(p["executed_fen"]),
            percent(p["rate"]),
            percent(both[p["project"]]["rate"]),
        )
        for p in answer["execution"]["projects"]
        if p["annual_budget_fen"]
    ]
    head = ("项目", "名称", "全年预算", "执行数", "执行率", "含上年结转")
    db = answer["db"]
    steps = [
        f"yusuan --db {db} balance --project P04",
        f"yusuan --db {db} carryover",
        f"yusuan --db {db} execution --scope all",
        f"yusuan --db {db} statement general:2080199:project:P05:30217:2020",
        f"yusuan --db {db} pay --project P02 --econ 30217 --amount 1 --payee 某某 "
        "--date 2020-12-31   （会被拒绝，并给出办法）",
        f"yusuan --db {db} seal",
        f"yusuan --db {db} audit",
    ]
    return "\n".join(
        [
            f"{OPENING['name']} 2020 年度，依公开的部门决算还原：",
            f"记录 {answer['recorded']} 笔到 {db}",
            "（月度日期、收款人和项目支出的经济科目报告未列，为示例）",
            "",
            "收支（万元）",
            f"  年初结转和结余  {wan(walk['opening_fen']):>10}",
            f"  本年收入        {wan(walk['income_fen']):>10}",
            f"  本年支出        {wan(walk['expenditure_fen']):>10}",
            f"  年末结转和结余  {wan(walk['closing_fen']):>10}",
            "",
            "项目执行（万元，本年预算）",
            table(head, rows, left=2),
            "",
            f"三公经费（万元）  预算 {wan(public['budget']['total_fen'])}  "
            f"决算 {wan(public['actual']['total_fen'])}",
            "",
            f"审计：重放 {answer['audit']['entries']} 笔，"
            f"{sum(c['tried'] for c in answer['audit']['checks']):,} 次核对，"
            + ("全部相符" if answer["audit"]["ok"] else "有不符"),
            "",
            "接下来可以试：",
            *(f"  {step}" for step in steps),
        ]
    )
