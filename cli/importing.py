"""批量导入: `import FILE.csv`, the canonical format of contract §3.

Every row is one request. All rows are one transaction: with one bad row nothing is recorded, and
all bad rows are reported; `--keep-going` records the good ones. The id of a row is its
idempotency key, so the same file twice records nothing new. A row that waits for approval is
recorded, and counted as pending as long as it waits.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from cli import parse
from cli.canonical import ALIASES, BadRow, Row, opened_rows, request_of
from cli.encoding import CHUNK
from cli.options import verb
from cli.recording import WAITING
from cli.session import Session, leave, tell, way_out
from ledger.errors import Malformed
from ledger.refusals import Refused
from ledger.requests import Request
from ledger.store import Books
from ledger.writing import Writing

_PROGRESS_EVERY = 1000


class Rejected(NamedTuple):
    """Why a row was not recorded; `exit_code` is 2 for bad input and 3 for a rule."""

    row: int
    column: str
    value: str
    code: str
    message: str
    ways_out: list[str]
    exit_code: int

    def json(self) -> dict[str, Any]:
        """The row as contract §3 reports it."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.message,
            "try": self.ways_out,
        }


@verb("import")
def import_file(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="CSV 文件。 The file.")],
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="记录正确的行，报告其余。 Record the good rows.")
    ] = False,
    register: Annotated[
        bool, typer.Option("--register", help="自动登记未知项目。 Register unknown projects.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不记录。")] = False,
) -> None:
    path = Path(parse.text(file, field="FILE", limit=1000))
    book = session.book()
    outcome = Outcome(path)
    with (
        Books(session.db, waiting=session.waiting) as books,
        books.writing(book, actor=session.actor, dry_run=dry_run) as writing,
    ):
        try:
            with opened_rows(path) as rows:
                shown = progress(rows, path)
                record_rows(writing, shown, outcome, year=book.year, register=register)
        except Malformed as unreadable:
            outcome.reject(unreadable, row=1)
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
    session.answer(answer, lambda a: _rendered(a, path))
    if outcome.rejected:
        if not session.json:
            _complain(outcome, path)
        leave(1 if keep_going else min(rejected.exit_code for rejected in outcome.rejected))
    if outcome.pending:
        leave(WAITING)


class Outcome:
    """What became of the rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self.recorded = 0
        self.already = 0
        self.pending = 0
        self.rejected: list[Rejected] = []
        self.warnings: Counter[tuple[str, str]] = Counter()
        self.head: dict[str, Any] = {}

    def reject(self, wrong: Malformed, row: int) -> None:
        """Notes input that cannot be read."""
        self.rejected.append(Rejected(row, wrong.field, wrong.value, wrong.code, str(wrong), [], 2))

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
            column = _column_of(refused, row.cells)
            outcome.rejected.append(
                Rejected(
                    row.number,
                    column,
                    row.cells.get(column, ""),
                    refused.code,
                    str(refused),
                    refused.ways_out,
                    3,
                )
            )
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


def progress(rows: Iterator[Row | BadRow], path: Path) -> Iterator[Row | BadRow]:
    """The same rows, with a bar on stderr when that is a terminal."""
    if not sys.stderr.isatty():
        yield from rows
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with path.open("rb") as stream:
        total = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(CHUNK), b"")) - 1
    columns = (TextColumn("导入"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=max(total, 1))
        for done, row in enumerate(rows, 1):
            yield row
            if done % _PROGRESS_EVERY == 0:
                bar.update(task, completed=done)


def _rendered(answer: dict[str, Any], path: Path) -> str:
    shown = [
        f"{path}：共 {answer['rows']} 行，记录 {answer['recorded']} 行，"
        f"此前已记录 {answer['already']} 行，有误 {len(answer['rejected'])} 行"
    ]
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


def _complain(outcome: Outcome, path: Path) -> None:
    for rejected in outcome.rejected:
        column = rejected.column
        where = "" if column == "FILE" else f" 第 {rejected.row} 行"
        if column in ALIASES:
            where += f" {column}（{ALIASES[column][0]}）"
        tell(f"{path}{where}：{rejected.code} {rejected.message.removeprefix(f'{column}：')}")
        for way in rejected.ways_out:
            tell(f"  可以：{_in_the_row(way)}" if way.startswith("--") else way_out(way))


def _in_the_row(options: str) -> str:
    """A remedy that changes the command, for the row of a file: `--doc 文号` is its column."""
    changes = re.findall(r"--([a-z]+) (\S+)", options)
    return "，".join(f"{'id' if name == 'key' else name} 栏改为 {value}" for name, value in changes)
