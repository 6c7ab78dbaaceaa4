"""批量导入: `import FILE.csv`, the canonical format of contract §3, or through a mapping the export
of another system.

Every row is one request. All rows are one transaction: with one bad row nothing is recorded, and
all bad rows are reported; `--keep-going` records the good ones. The id of a row is its
idempotency key, so the same file twice records nothing new. A row that waits for approval is
recorded, and counted as pending as long as it waits.
"""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.intake.recording import Outcome, in_row, record_rows
from cli.intake.rows import BadRow, CanonicalRow, Row, canonical_rows
from cli.session import Session, leave, tell
from cli.terminal.bar import progress
from cli.terminal.options import verb
from cli.terminal.recording import WAITING
from cli.text import ways
from cli.text.parts import as_they_are
from cli.text.write.importing import outcome as outcome_text
from ledger import parse
from ledger.canonical.asked import unbroken
from ledger.canonical.columns import ALIASES
from ledger.errors import Malformed, Unreadable
from ledger.events.particulars import FACT_NAMES
from ledger.refusals import Instead
from ledger.texts import formulas, one_line, unfit

if TYPE_CHECKING:
    from cli.intake.mapped.plan import Conversion


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
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            metavar="KIND",
            help="一种报告事项的文件（CSV 或工作簿，没有 kind 一栏），如 reception。 Of one kind.",
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="工作表名称（--map、--of）。 Which worksheet.")
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
    path = parse.path(file, field="FILE")
    if of is not None:
        from cli.intake.of_kind import rows_of_kind  # reads workbooks; most files are CSV

        if map_ is not None:
            expected = "空（已用 --of 写明文件的业务种类）"
            raise Malformed(Unreadable.FIELD_NOT_USED, field="map", value=map_, expected=expected)
        kind = parse.word(of, FACT_NAMES, field="of")
        opened = partial(rows_of_kind, path, kind, sheet)
        _import(session, opened, Outcome(path), keep_going, register, dry_run)
        return
    if map_ is None:
        if sheet is not None:
            expected = "空，或与 --map 同用（没有映射的文件是 CSV）"
            raise Malformed(Unreadable.SHEET_UNKNOWN, field="sheet", value=sheet, expected=expected)
        outcome = Outcome(path)
        _import(session, lambda: canonical_rows(path), outcome, keep_going, register, dry_run)
        return
    from cli.intake.mapped.mapping import mapping
    from cli.intake.mapped.plan import planned
    from projections.questions.payments import RecordedPayments

    chosen = mapping(str(parse.path(map_, field="map")))
    with ExitStack() as stack:
        with RecordedPayments(
            session.db, session.book(), session.waiting
        ) as recorded:  # closed before the book is locked
            plan = stack.enter_context(planned(path, chosen, sheet, recorded, progress))
        if dry_run and plan.failure is None and not session.json:
            _print_canonical(plan)
        outcome = Outcome(path, plan)
        _import(session, plan.opened, outcome, keep_going, register, dry_run)


def _import(
    session: Session,
    opened: Callable[[], AbstractContextManager[Iterator[CanonicalRow | BadRow]]],
    outcome: "Outcome",
    keep_going: bool,
    register: bool,
    dry_run: bool,
) -> None:
    """Records rows, whatever they were read from, and answers."""
    book, path = session.book(), outcome.path
    if dry_run:
        outcome.ahead = Counter()
    with (
        session.books() as books,
        books.writing(book, actor=session.actor, dry_run=dry_run) as writing,
    ):
        try:
            with opened() as rows:
                shown = progress(rows, "导入", outcome.expected)
                record_rows(
                    writing,
                    shown,
                    outcome,
                    year=book.year,
                    register=register,
                    ids=lambda: _numbers(opened),
                )
        except Malformed as unreadable:
            outcome.reject(unreadable, row=outcome.failed_at)
            keep_going = False
        if outcome.rejected and not keep_going:
            writing.abandon()
    if outcome.takes and (keep_going or not outcome.rejected):
        from cli.terminal.covering import uncovered_of  # nearly never, and with the views

        upto = writing.head.entries
        found = uncovered_of(session, book, outcome.takes.values(), upto=upto, ahead=outcome.ahead)
        for told in found:
            outcome.remark((told.remark,), told.row, rows=told.rows)
    answer = outcome.told(book, writing.head, dry_run=dry_run, kept=keep_going)
    if dry_run and outcome.plan is not None and not session.json:
        tell(outcome_text(answer, path))  # stdout has the rows
    else:
        session.answer(lambda told: outcome_text(told, path), answer)
    if outcome.rejected:
        if not session.json:
            _complain(outcome, path)
        leave(1 if keep_going else min(rejected.exit_code for rejected in outcome.rejected))
    if outcome.pending:
        leave(WAITING)


def _numbers(
    opened: Callable[[], AbstractContextManager[Iterator[CanonicalRow | BadRow]]],
) -> set[str]:
    """The ids of a file that could be numbers of entries."""
    with opened() as rows:
        return {row.cells.id for row in rows if isinstance(row, Row) and row.cells.id.isdigit()}


def _print_canonical(plan: "Conversion") -> None:
    """What every row would become, as a file that can be imported itself. A row with a cell that no
    import takes is not in it: a terminal might obey it."""
    columns = plan.columns
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    left_out = calculated = 0
    with plan.opened() as rows:
        for cells in (row.cells for row in rows if isinstance(row, Row)):
            filled = cells._replace(purpose=unbroken(cells.purpose)).filled()
            if any(map(unfit, filled.values())):
                left_out += 1
            else:
                calculated += formulas(filled.values())
                writer.writerow(filled)
    if left_out:
        tell(f"{left_out} 行含有控制字符或不可见字符，没有打印")
    if calculated:
        tell(as_they_are(calculated))


def _complain(outcome: Outcome, path: Path) -> None:
    sheet = outcome.plan.sheet if outcome.plan is not None else None
    for rejected in outcome.rejected:
        column = rejected.column
        where = f" 工作表“{one_line(sheet)}”" if sheet else ""
        where += "" if column in ("FILE", "sheet") else f" 第 {rejected.row} 行"
        if rejected.cell:
            where += f" {rejected.cell.rstrip('0123456789')} 列"
        if column in ALIASES:
            where += f" {column}（{ALIASES[column][0]}）"
        elif outcome.plan is not None and column not in ("FILE", "sheet", "行"):
            where += f" {one_line(column)}"
        tell(f"{path}{where}：{rejected.code} {rejected.complaint}")
        for way in rejected.ways_out:
            tell(f"  可以：{in_row(way)}" if isinstance(way, Instead) else ways.told(way))
