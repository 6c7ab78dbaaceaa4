"""批量导入: `import FILE.csv`, the canonical format of contract §3, or through a mapping the export
of another system.

Every row is one request. All rows are one transaction: with one bad row nothing is recorded, and
all bad rows are reported; `--keep-going` records the good ones. The id of a row is its
idempotency key, so the same file twice records nothing new. A row that waits for approval is
recorded, and counted as pending as long as it waits.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from cli import parse
from cli.canonical import ALIASES, BadRow, Row, opened_rows, request_of
from cli.options import verb
from cli.progress import lines_below_the_header, progress
from cli.recording import WAITING
from cli.session import Session, leave, tell, way_out
from ledger.errors import Malformed
from ledger.money import yuan
from ledger.refusals import Refused
from ledger.requests import Request
from ledger.store import Books
from ledger.writing import Writing

if TYPE_CHECKING:
    from cli.plan import Plan


class Rejected(NamedTuple):
    """Why a row was not recorded; `exit_code` is 2 for bad input and 3 for a rule. `cell` is where
    it stands in a workbook."""

    row: int
    column: str
    value: str
    code: str
    message: str
    ways_out: list[str]
    exit_code: int
    cell: str | None = None

    def json(self) -> dict[str, Any]:
        """The row as contract §3 reports it."""
        return {
            "row": self.row,
            "column": self.column,
            **({"cell": self.cell} if self.cell else {}),
            "value": self.value,
            "code": self.code,
            "message": self.message,
            "try": self.ways_out,
        }


@verb("import")
def import_file(
    session: Session,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE.csv|FILE.xlsx",
            help="CSV 文件；有 --map 时也可为 Excel 工作簿。 The file.",
        ),
    ],
    map_: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="NAME|FILE.toml",
            help="其他系统的导出：BA_BGT_INFO（一体化指标）、PAY_VOUCHER（一体化支付）、"
            "TREASURY（国库或银行对账单），或自己的映射文件。 Another system's export.",
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="工作表名称（--map）。 Which worksheet.")
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="记录正确的行，报告其余。 Record the good rows.")
    ] = False,
    register: Annotated[
        bool, typer.Option("--register", help="自动登记未知项目。 Register unknown projects.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="只检查，不记录；有 --map 时打印映射后的行。 Preview."),
    ] = False,
) -> None:
    path = Path(parse.text(file, field="FILE", limit=1000))
    if map_ is None:
        if sheet is not None:
            expected = "空，或与 --map 同用（没有映射的文件是 CSV）"
            raise Malformed("SHEET.UNKNOWN", field="sheet", value=sheet, expected=expected)
        outcome = Outcome(path)
        _import(session, opened_rows(path), outcome, keep_going, register, dry_run)
        return
    from cli.mapping import mapping
    from cli.plan import planned
    from cli.recorded import Recorded

    chosen = mapping(parse.text(map_, field="map", limit=1000))
    with ExitStack() as stack:
        with Recorded(session) as recorded:  # closed before the book is locked
            plan = stack.enter_context(planned(path, chosen, sheet, recorded))
        if dry_run and plan.failure is None and not session.json:
            _print_canonical(plan)
        outcome = Outcome(path, plan)
        _import(session, plan.opened(), outcome, keep_going, register, dry_run)


def _import(
    session: Session,
    opening: AbstractContextManager[Iterator[Row | BadRow]],
    outcome: "Outcome",
    keep_going: bool,
    register: bool,
    dry_run: bool,
) -> None:
    """Records rows, whatever they were read from, and answers."""
    book, path = session.book(), outcome.path
    with (
        Books(session.db, waiting=session.waiting) as books,
        books.writing(book, actor=session.actor, dry_run=dry_run) as writing,
    ):
        try:
            with opening as rows:
                shown = progress(rows, "导入", outcome.expected)
                record_rows(writing, shown, outcome, year=book.year, register=register)
        except Malformed as unreadable:
            outcome.reject(unreadable, row=outcome.failed_at)
            keep_going = False
        if outcome.rejected and not keep_going:
            writing.abandon()
    outcome.head = writing.head.json()
    answer = {
        "ok": not outcome.rejected,
        "book": str(book),
        "as_of": None,
        "known_at": None,
        **outcome.json(dry_run=dry_run, kept=keep_going),
    }
    if dry_run and outcome.plan is not None and not session.json:
        tell(_rendered(answer, path))  # stdout has the rows
    else:
        session.answer(answer, lambda a: _rendered(a, path))
    if outcome.rejected:
        if not session.json:
            _complain(outcome, path)
        leave(1 if keep_going else min(rejected.exit_code for rejected in outcome.rejected))
    if outcome.pending:
        leave(WAITING)


def _print_canonical(plan: "Plan") -> None:
    """What every row would become, as a file that can be imported itself."""
    columns = plan.columns
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    with plan.opened() as rows:
        writer.writerows(row.cells for row in rows if isinstance(row, Row))


class Outcome:
    """What became of the rows."""

    def __init__(self, path: Path, plan: "Plan | None" = None) -> None:
        self.path = path
        self.plan = plan
        self.rows = 0
        self.recorded = 0
        self.already = 0
        self.pending = 0
        self.rejected: list[Rejected] = []
        self.warnings: Counter[tuple[str, str]] = Counter()
        self.head: dict[str, Any] = {}

    def expected(self) -> int:
        """How many rows there are, about."""
        return self.plan.count if self.plan is not None else lines_below_the_header(self.path)

    @property
    def failed_at(self) -> int:
        """The row in which a file turned out to be unreadable."""
        return 1 if self.plan is None or self.plan.failure is None else self.plan.failure.row

    def reject(self, wrong: Malformed, row: int) -> None:
        """Notes input that cannot be read."""
        self._reject(row, wrong.field, wrong.value, wrong.code, str(wrong), [], 2)

    def refuse(self, refused: Refused, row: Row) -> None:
        """Notes a row that a rule forbids."""
        column = _column_of(refused, row.cells)
        value = row.cells.get(column, "")
        self._reject(row.number, column, value, refused.code, str(refused), refused.ways_out, 3)

    def _reject(
        self, row: int, column: str, value: str, code: str, message: str, ways: list[str], exit: int
    ) -> None:
        """A mapped row is told as its source has it: by its own header, and where it stands."""
        cell = None
        if self.plan is not None:
            name, letters = self.plan.place(column)
            message = message.replace(f"{column}：", f"{name}：", 1)
            column, cell = name, f"{letters}{row}" if letters else None
        self.rejected.append(Rejected(row, column, value, code, message, ways, exit, cell))

    def json(self, *, dry_run: bool, kept: bool) -> dict[str, Any]:
        """The answer of contract §3."""
        abandoned = bool(self.rejected) and not kept
        first = self.rejected[0] if self.rejected else None
        return {
            **({"code": first.code, "message": first.message} if first else {}),
            "rows": self.rows,
            "recorded": 0 if abandoned or dry_run else self.recorded,
            "would_record": self.recorded,
            "already": self.already,
            "pending": 0 if abandoned else self.pending,
            "dry_run": dry_run,
            **(self.plan.json() if self.plan is not None else {}),
            "rejected": [rejected.json() for rejected in self.rejected],
            "warnings": [
                {"code": code, "message": message, "rows": rows}
                for (code, message), rows in self.warnings.most_common()
            ],
            "head": self.head,
        }


def record_rows(
    writing: Writing,
    rows: Iterator[Row | BadRow],
    outcome: Outcome,
    *,
    year: int,
    register: bool,
) -> None:
    """Records the rows one after another in one transaction; bad ones are noted, not raised."""
    for row in rows:
        outcome.rows += 1
        try:
            if isinstance(row, BadRow):
                raise row.wrong
            request = request_of(row.cells, year=year)
            code = row.cells.get("project", "")
            if register and code and code not in writing.state.projects and code != "-":
                name = row.cells.get("name") or code
                given = {**request.given, "code": parse.project_code(code), "name": name}
                only = {k: given[k] for k in ("code", "name", "occurred_on")}
                if request.kind != "project":
                    writing.record(Request("project", {**only, "doc": "", "reason": ""}))
            recorded = writing.record(request)
        except Malformed as wrong:
            outcome.reject(wrong, row.number if isinstance(row, Row) else row.row)
        except Refused as refused:
            assert isinstance(row, Row)
            outcome.refuse(refused, row)
        else:
            outcome.pending += recorded.waits
            if recorded.already:
                outcome.already += 1
            else:
                outcome.recorded += 1
                outcome.warnings.update(recorded.cautions)


_COLUMN_OF_CODE = {
    "KEY.CONFLICT": "id",
    "DATE": "date",
    "MONTH": "date",
    "PROJECT": "project",
    "ENTRY": "ref",
    "RESERVE": "ref",
    "RESERVE.EXCEEDED": "amount",
    "DOC": "doc",
    "R16.PAYEE": "payee",
    "R16.ECON": "econ",
    "R2.SPENDING": "spending",
    "R2": "econ",
    "R7": "origin",
    "LINE": "func",
    "R1.NO_LINE": "func",
    "INCOME": "econ",
}


def _column_of(refused: Refused, cells: dict[str, str]) -> str:
    """The column that a refusal is about; most are about the amount."""
    code = refused.code
    return _COLUMN_OF_CODE.get(code) or _COLUMN_OF_CODE.get(code.split(".")[0]) or "amount"


def _rendered(answer: dict[str, Any], path: Path) -> str:
    shown = [
        f"{path}：共 {answer['rows']} 行，记录 {answer['recorded']} 行，"
        f"此前已记录 {answer['already']} 行，有误 {len(answer['rejected'])} 行"
    ]
    if "sheet" in answer:
        shown += _mapped(answer)
    if answer["pending"]:
        shown.append(f"其中 {answer['pending']} 行待审批，批准前不动用资金；见 yusuan pending")
    if answer["dry_run"]:
        shown.append(f"只检查，未记录；可以记录 {answer['would_record']} 行")
    elif answer["rejected"] and not answer["rows"]:
        shown.append("没有记录任何内容")
    elif answer["rejected"] and not answer["recorded"]:
        shown.append("没有记录任何一行；改正后重新导入，或用 --keep-going 先记录正确的行")
    elif not answer["recorded"] and answer["already"]:
        shown.append("没有新的内容，全部已在账中")
    shown += [f"提醒 {w['code']}：{w['message']}（{w['rows']} 行）" for w in answer["warnings"]]
    shown.append(f"账套 {answer['book']}，共 {answer['head']['entries']} 笔")
    return "\n".join(shown)


def _mapped(answer: dict[str, Any]) -> Iterator[str]:
    """What became of the rows of the source that are no entries."""
    for left in answer["left_out"]:
        yield f"未导入 {left['rows']} 行：{left['why']}"
    total = answer["total"]
    if total is not None and not answer["rejected"]:
        yield f"第 {total['row']} 行合计 {yuan(total['amount_fen'])} 元，与各行之和相符"


def _complain(outcome: Outcome, path: Path) -> None:
    sheet = outcome.plan.sheet if outcome.plan is not None else None
    for rejected in outcome.rejected:
        column = rejected.column
        where = f" 工作表“{sheet}”" if sheet else ""
        where += "" if column in ("FILE", "sheet") else f" 第 {rejected.row} 行"
        if rejected.cell:
            where += f" {rejected.cell.rstrip('0123456789')} 列"
        if column in ALIASES:
            where += f" {column}（{ALIASES[column][0]}）"
        elif outcome.plan is not None and column not in ("FILE", "sheet", "行"):
            where += f" {column}"
        tell(f"{path}{where}：{rejected.code} {rejected.message.removeprefix(f'{column}：')}")
        for way in rejected.ways_out:
            tell(f"  可以：{_in_the_row(way)}" if way.startswith("--") else way_out(way))


def _in_the_row(options: str) -> str:
    """A remedy that changes the command, for the row of a file: `--doc 文号` is its column."""
    changes = re.findall(r"--([a-z]+) (\S+)", options)
    return "，".join(f"{'id' if name == 'key' else name} 栏改为 {value}" for name, value in changes)
